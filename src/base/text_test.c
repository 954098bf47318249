/* Text: strict UTF-8, what a clerk meant, and escapes that hold in HTML, URLs and JSON. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void only_strict_utf8_is_valid(void **state)
{
    (void)state;
    const char *const right[] = {
        "", "abc", "滇技", "é", "\xf0\x9f\x98\x80", "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_true(text_valid(right[i], strlen(right[i])));
    const char *const wrong[] = {
        "\xc0\x80",                 /* overlong NUL */
        "\xc1\xbf",                 /* overlong */
        "\xe0\x9f\xbf",             /* overlong */
        "\xf0\x8f\xbf\xbf",         /* overlong */
        "\xed\xa0\x80",             /* a surrogate */
        "\xf4\x90\x80\x80",         /* above U+10FFFF */
        "\xf5\x80\x80\x80", "\x80", /* a tail alone */
        "\xe6\xbb",                 /* cut short */
        "\xe6\x41\x87",     "\xff",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(text_valid(wrong[i], strlen(wrong[i])));
    assert_false(text_valid("a\0b", 3));
}

static void cleaning_keeps_what_was_meant(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    assert_string_equal(text_clean(arena, "　　王　 小明 \t\n"), "王 小明");
    assert_string_equal(text_clean(arena, "Ａ１（ｘ）"), "A1(x)");
    assert_string_equal(text_clean(arena, "阿依·古丽\xe2\x80\x8b"), "阿依·古丽");
    assert_string_equal(text_clean(arena, "\xef\xbb\xbf姓名"), "姓名");
    assert_string_equal(text_clean(arena, "\xe2\x80\xae"
                                          "abc"),
                        "abc"); /* no text that runs backwards */
    assert_string_equal(text_clean(arena, " \xc2\xa0 "), "");
    assert_string_equal(text_compact(arena, "５３０１ 0219 9001\xc2\xa0"
                                            "01 123ｘ"),
                        "53010219900101123x");
    arena_free(arena);
}

static void characters_are_counted_and_walked(void **state)
{
    (void)state;
    const char *text = "a滇\xf0\x9f\x98\x80";
    assert_int_equal(text_characters(text), 3);
    assert_int_equal(text_next(&text), 'a');
    assert_int_equal(text_next(&text), 0x6ec7);
    assert_int_equal(text_next(&text), 0x1f600);
    assert_int_equal(*text, '\0');
}

static void integers_are_whole_or_refused(void **state)
{
    (void)state;
    int64_t ret;
    assert_true(text_integer("-9223372036854775808", &ret));
    assert_true(ret == INT64_MIN);
    assert_true(text_integer("9223372036854775807", &ret));
    const char *const wrong[] = {"",   "-", "9223372036854775808", "1.0", "1e3", " 1", "1 ", "0x1",
                                 "+1", "一"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (text_integer(wrong[i], &ret))
            fail_msg("'%s' was taken for a whole number", wrong[i]);
}

static void comparing_knows_null(void **state)
{
    (void)state;
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_true(text_empty(NULL) && text_empty("") && !text_empty(" "));
    assert_true(text_starts("530102", "5301") && !text_starts("53", "5301"));
}

static void escapes_hold(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    struct buffer html = buffer_new(arena, 0), url = buffer_new(arena, 0),
                  json = buffer_new(arena, 0);
    buffer_add_html(&html, "<a href='x'>\"&滇");
    assert_string_equal(html.bytes, "&lt;a href=&#39;x&#39;&gt;&quot;&amp;滇");
    buffer_add_url(&url, "a b/滇?&~");
    assert_string_equal(url.bytes, "a%20b%2F%E6%BB%87%3F%26~");
    buffer_add_json(&json, "\"\\\n\x7f</script>滇");
    assert_string_equal(json.bytes, "\"\\\"\\\\\\u000a\\u007f\\u003c/script>滇\"");
    arena_free(arena);
}

static void a_buffer_grows_within_its_arena(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct buffer buffer = buffer_new(arena, 0);
    for (int i = 0; i < 10000; i++) {
        buffer_add_integer(&buffer, i % 10);
        arena_alloc(arena, 1); /* so that it cannot grow in place */
    }
    buffer_printf(&buffer, "%05d", 42);
    buffer_add_char(&buffer, '.');
    assert_int_equal(buffer.length, 10006);
    assert_int_equal(strlen(buffer.bytes), buffer.length);
    assert_string_equal(buffer.bytes + 9998, "8900042.");
    struct guard guard;
    if (GUARDED(arena, &guard) == FAULT_NONE) {
        for (;;)
            buffer_add(&buffer, "0123456789");
    }
    assert_int_equal(guard.fault, FAULT_MEMORY);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_strict_utf8_is_valid),
        cmocka_unit_test(cleaning_keeps_what_was_meant),
        cmocka_unit_test(characters_are_counted_and_walked),
        cmocka_unit_test(integers_are_whole_or_refused),
        cmocka_unit_test(comparing_knows_null),
        cmocka_unit_test(escapes_hold),
        cmocka_unit_test(a_buffer_grows_within_its_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
