/* What clients send: queries, forms, JSON objects and uploads, whole or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/web_room.h"

struct desk {
    struct arena *arena;
    struct ctx ctx;
    struct request request;
};

static int set_up(void **state)
{
    struct arena *arena = arena_new(64 * 1024 * 1024);
    struct desk *desk = arena_one(arena, struct desk);
    desk->arena = arena;
    desk->ctx = (struct ctx){.arena = arena, .request = &desk->request};
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct desk *)*state)->arena);
    return 0;
}

/* The status of the refusal, or 0 where the body was read. */
static int read_as(struct desk *desk, const char *type, const char *body, size_t length)
{
    struct refusal refusal = {0};
    desk->request = (struct request){.content_type = type};
    bool is_read = body_read(&desk->ctx, &desk->request, body, length, &refusal);
    assert_int_equal(is_read, refusal.status == 0);
    return refusal.status;
}

static int read_form(struct desk *desk, const char *body)
{
    return read_as(desk, "application/x-www-form-urlencoded; charset=utf-8", body, strlen(body));
}

static int read_json(struct desk *desk, const char *body)
{
    return read_as(desk, "Application/JSON", body, strlen(body));
}

static void forms_are_read_and_cleaned(void **state)
{
    struct desk *desk = *state;
    assert_int_equal(read_form(desk, "a=1&b=%E4%BD%A0+%2B&c=&d&=x&&a=2&e=%EF%BC%91"), 0);
    assert_string_equal(request_form(&desk->ctx, "a"), "1");
    assert_string_equal(request_form(&desk->ctx, "b"), "你 +");
    assert_string_equal(request_form(&desk->ctx, "c"), "");
    assert_string_equal(request_form(&desk->ctx, "d"), "");
    assert_string_equal(request_form(&desk->ctx, "e"), "1");
    assert_null(request_form(&desk->ctx, "f"));
    assert_int_equal(desk->request.form.count, 6);
}

static void broken_forms_are_refused_whole(void **state)
{
    static const char *const broken[] = {"a=%",         "a=%4",   "a=%zz",    "a=1&b=%ff",
                                         "%ff=1",       "a=%00",  "%00=a",    "a=%C0%80",
                                         "a=%ED%A0%80", "a=\xff", "a=%E4%BD", "b=1&a=%f5%80%80%80"};
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_int_equal(read_form(desk, broken[i]), 400);
    assert_int_equal(read_as(desk, "application/x-www-form-urlencoded", "a=1\0b=2", 7), 400);
}

static void a_form_has_a_limit(void **state)
{
    struct desk *desk = *state;
    struct buffer body = buffer_new(desk->arena, 16 * 1024);
    for (int i = 0; i < WEB_PAIRS_MAX; i++)
        buffer_add(&body, "a=1&");
    assert_int_equal(read_form(desk, body.bytes), 0);
    assert_int_equal(desk->request.form.count, WEB_PAIRS_MAX);
    buffer_add(&body, "a=1");
    assert_int_equal(read_form(desk, body.bytes), 400);
}

static void objects_are_read(void **state)
{
    struct desk *desk = *state;
    assert_int_equal(read_json(desk, "{\"a\":\"\\u4f60\",\"b\":12.50,\"c\":true,\"d\":null}"), 0);
    assert_string_equal(request_form(&desk->ctx, "a"), "你");
    assert_string_equal(request_form(&desk->ctx, "b"), "12.50");
    assert_string_equal(request_form(&desk->ctx, "c"), "true");
    assert_null(request_form(&desk->ctx, "d"));
    static const char *const broken[] = {"[]",
                                         "\"a\"",
                                         "{\"a\":[1]}",
                                         "{\"a\":{}}",
                                         "{\"a\":1,}",
                                         "{\"a\":1,\"a\":2}",
                                         "{a:1}",
                                         "{\"a\":\"\\u0000\"}",
                                         "{"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_int_equal(read_json(desk, broken[i]), 400);
}

static void unknown_kinds_are_named(void **state)
{
    static const char *const kinds[] = {NULL,
                                        "",
                                        "text/plain",
                                        "application/jsonp",
                                        "application/x-www-form-urlencodedd",
                                        "multipart/mixed"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        assert_int_equal(read_as(*state, kinds[i], "a=1", 3), 415);
    assert_int_equal(read_as(*state, NULL, NULL, 0), 0);
}

static int read_parts(struct desk *desk, const char *body)
{
    return read_as(desk, "multipart/form-data; boundary=BB", body, strlen(body));
}

static void uploads_are_read(void **state)
{
    struct desk *desk = *state;
    const char *body = "--BB\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n你 好 \r\n"
                       "--BB\r\ncontent-disposition: form-data; name=\"empty\"\r\n\r\n\r\n"
                       "--BB\r\nContent-Disposition: form-data; name=\"file\"; "
                       "filename=\"C:\\a/名单 1.csv\"\r\nContent-Type: text/csv\r\n\r\n"
                       "a,b\r\n--X\r\n1,2\r\n\r\n--BB\r\nContent-Disposition: form-data; "
                       "name=\"none\"; filename=\"\"\r\nContent-Type: "
                       "application/octet-stream\r\n\r\n\r\n--BB--\r\n";
    assert_int_equal(read_parts(desk, body), 0);
    assert_string_equal(request_form(&desk->ctx, "note"), "你 好");
    assert_string_equal(request_form(&desk->ctx, "empty"), "");
    const struct upload *file = request_upload(&desk->ctx, "file");
    assert_non_null(file);
    assert_string_equal(file->file_name, "名单 1.csv");
    assert_int_equal(file->length, strlen("a,b\r\n--X\r\n1,2\r\n"));
    assert_memory_equal(file->bytes, "a,b\r\n--X\r\n1,2\r\n", file->length);
    assert_null(request_upload(&desk->ctx, "none"));
    assert_int_equal(read_as(desk, "multipart/form-data; charset=utf-8; boundary=\"X X\"",
                             "--X X--\r\n", strlen("--X X--\r\n")),
                     0);
}

static void broken_uploads_are_refused_whole(void **state)
{
    static const char *const broken[] = {
        "--",
        "--BB",
        "--BB\r\n",
        "--BB\r\n\r\n",
        "--XY--\r\n",
        "junk\r\n--BB--\r\n",
        "--BB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc",
        "--BB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc\r\n--BB",
        "--BB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nabc\r\n--BBX",
        "--BB\r\nContent-Disposition: form-data; name=\"a\"\r\nabc\r\n--BB--",
        "--BB\r\nContent-Disposition: form-data; name=\"a\r\n\r\nabc\r\n--BB--",
        "--BB\r\nContent-Disposition: form-data; name=a\r\n\r\nabc\r\n--BB--",
        "--BB\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--BB--",
        "--BB\r\nContent-Type: text/plain\r\n\r\nabc\r\n--BB--",
        "--BB\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nabc\r\n--BB--",
        "--BB\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nabc\r\n--BB--",
        "--BB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--BB--",
        "--BB\r\nContent-Disposition: form-data; name=\"a\"; filename=\"\xff\"\r\n\r\n1\r\n--BB--",
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_int_equal(read_parts(desk, broken[i]), 400);
    const char *fine = "--BB--\r\n";
    static const char *const types[] = {
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"",
        "multipart/form-data; bound=BB",
        "multipart/form-data; boundary="
        "01234567890123456789012345678901234567890123456789012345678901234567890"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        assert_int_equal(read_as(desk, types[i], fine, strlen(fine)), 400);
}

static void uploads_have_limits(void **state)
{
    struct desk *desk = *state;
    struct buffer body = buffer_new(desk->arena, 1024);
    for (int i = 0; i <= WEB_UPLOADS_MAX; i++)
        buffer_add(&body, "--BB\r\nContent-Disposition: form-data; name=\"a\"; "
                          "filename=\"b\"\r\n\r\n1\r\n");
    buffer_add(&body, "--BB--");
    assert_int_equal(read_parts(desk, body.bytes), 400);
    struct buffer head = buffer_new(desk->arena, 8192);
    buffer_add(&head, "--BB\r\nContent-Disposition: form-data; name=\"a\"\r\nX: ");
    for (int i = 0; i < 5000; i++)
        buffer_add_char(&head, 'x');
    buffer_add(&head, "\r\n\r\n1\r\n--BB--");
    assert_int_equal(read_parts(desk, head.bytes), 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(forms_are_read_and_cleaned, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_forms_are_refused_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_form_has_a_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(objects_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_kinds_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(uploads_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_uploads_are_refused_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(uploads_have_limits, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
