/* What a browser and a program get from the server, over real connections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "web/assets.h"
#include "web/web_fixture.h"

static bool has(const char *text, const char *wanted)
{
    return strstr(text, wanted) != NULL;
}

static const char *member(struct web_fixture *fixture, struct web_answer answer, const char *name)
{
    const struct json *object = json_read(fixture->arena, answer.body, answer.length);
    assert_non_null(object);
    const struct json *found = json_member(object, name);
    return found == NULL ? NULL : found->text;
}

static void one_model_has_two_faces(void **state)
{
    struct web_fixture *fixture = *state;
    struct web_answer page = web_get(fixture, "/t/page/web.yes?text=%3Cb%3E%22", "");
    assert_int_equal(page.status, 200);
    assert_string_equal(web_header(fixture, page, "Content-Type"), "text/html; charset=utf-8");
    assert_true(has(page.body, "<h1>&lt;b&gt;&quot;</h1>"));
    assert_true(has(page.body, "<main id=\"main\" class=\"narrow\">"));
    struct web_answer data =
        web_get(fixture, "/t/page/web.yes?text=%3Cb%3E%22", "Accept: application/json\r\n");
    assert_int_equal(data.status, 200);
    assert_string_equal(web_header(fixture, data, "Content-Type"), "application/json");
    assert_string_equal(member(fixture, data, "code"), "web.yes");
    assert_string_equal(member(fixture, data, "message"), "<b>\"");
    assert_int_equal(web_get(fixture, "/t/page/a?format=json", "").body[0], '{');
}

static void the_face_follows_the_weights(void **state)
{
    static const struct {
        const char *accept;
        bool is_json;
    } cases[] = {
        {"Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n", false},
        {"Accept: */*\r\n", false},
        {"Accept: application/json;q=0.5, text/html\r\n", false},
        {"Accept: text/html;q=0.2, application/json;q=0.9\r\n", true},
        {"Accept: application/*\r\n", true},
        {"Accept: text/html;q=0, */*\r\n", true},
        {"Accept: nonsense;;q=\r\n", false},
    };
    struct web_fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct web_answer answer = web_get(fixture, "/t/page/a", cases[i].accept);
        assert_int_equal(answer.status, 200);
        assert_int_equal(answer.body[0] == '{', cases[i].is_json);
    }
}

static void refusals_are_problem_details(void **state)
{
    struct web_fixture *fixture = *state;
    struct web_answer data = web_post(fixture, "/t/refuse", "Accept: application/json\r\n", "");
    assert_int_equal(data.status, 409);
    assert_string_equal(web_header(fixture, data, "Content-Type"), "application/problem+json");
    assert_string_equal(member(fixture, data, "type"), "/problems/web.no");
    assert_string_equal(member(fixture, data, "status"), "409");
    assert_string_equal(member(fixture, data, "clause"), "Clause 7");
    assert_string_equal(member(fixture, data, "title"), "否");
    const char *id = web_header(fixture, data, "X-Request-Id");
    assert_true(has(member(fixture, data, "instance"), id));
    struct web_answer page = web_post(fixture, "/t/refuse", "", "");
    assert_int_equal(page.status, 409);
    assert_true(has(page.body, "Clause 7") && has(page.body, "href=\"/t/page/before\""));
    assert_int_equal(web_get(fixture, "/problems/web.no", "").status, 200);
    assert_int_equal(web_get(fixture, "/problems/web.nonsense", "").status, 404);
}

static void what_is_done_is_said_once_on_the_next_page(void **state)
{
    struct web_fixture *fixture = *state;
    struct web_answer done = web_post(fixture, "/t/done", "", "");
    assert_int_equal(done.status, 303);
    assert_string_equal(web_header(fixture, done, "Location"), "/t/page/after");
    const char *cookie = web_header(fixture, done, "Set-Cookie");
    assert_true(has(cookie, "HttpOnly; SameSite=Lax; Max-Age=60"));
    char *note = arena_text_n(fixture->arena, cookie, strcspn(cookie, ";"));
    struct web_answer next =
        web_get(fixture, "/t/page/after", arena_printf(fixture->arena, "Cookie: %s\r\n", note));
    assert_true(has(next.body, "role=\"status\"><p>是</p>"));
    assert_true(has(web_header(fixture, next, "Set-Cookie"), "note=; Path=/"));
    note[strlen("note=")] ^= 1; /* forged */
    struct web_answer forged =
        web_get(fixture, "/t/page/after", arena_printf(fixture->arena, "Cookie: %s\r\n", note));
    assert_int_equal(forged.status, 200);
    assert_false(has(forged.body, "role=\"status\""));
    struct web_answer data = web_post(fixture, "/t/done", "Accept: application/json\r\n", "");
    assert_int_equal(data.status, 200);
    assert_string_equal(member(fixture, data, "location"), "/t/page/after");
}

static void strangers_are_asked_to_sign_in(void **state)
{
    struct web_fixture *fixture = *state;
    struct web_answer page = web_get(fixture, "/t/signed?a=1&b=%E4%BD%A0", "");
    assert_int_equal(page.status, 303);
    assert_string_equal(web_header(fixture, page, "Location"),
                        "/sign-in?next=%2Ft%2Fsigned%3Fa%3D1%26b%3D%25E4%25BD%25A0");
    assert_int_equal(web_get(fixture, "/t/signed?format=json", "").status, 401);
    assert_int_equal(web_get(fixture, "/t/signed", "Cookie: session=old\r\n").status, 303);
    struct web_answer known = web_get(fixture, "/t/signed", "Cookie: session=good\r\n");
    assert_int_equal(known.status, 200);
    assert_true(has(known.body, "张三"));
    assert_int_equal(web_get(fixture, "/t/class", "Cookie: session=good\r\n").status, 403);
    assert_int_equal(web_get(fixture, "/t/class", "").status, 303);
}

/* The token that the page of this session carries. */
static const char *csrf_of(struct web_fixture *fixture)
{
    struct web_answer page = web_get(fixture, "/t/signed", "Cookie: session=good\r\n");
    const char *at = strstr(page.body, "name=\"csrf\" value=\"");
    assert_non_null(at);
    return arena_text_n(fixture->arena, at + strlen("name=\"csrf\" value=\""), 64);
}

static void other_sites_change_nothing(void **state)
{
    struct web_fixture *fixture = *state;
    const char *session = "Cookie: session=good\r\n";
    const char *good = arena_printf(fixture->arena, "csrf=%s", csrf_of(fixture));
    char *wrong = arena_text(fixture->arena, good);
    wrong[10] = wrong[10] == '0' ? '1' : '0';
    assert_int_equal(web_post(fixture, "/t/done", session, good).status, 303);
    assert_int_equal(web_post(fixture, "/t/done", session, "").status, 403);
    assert_int_equal(web_post(fixture, "/t/done", session, wrong).status, 403);
    assert_int_equal(web_post(fixture, "/t/done", session, "csrf=short").status, 403);
    static const char *const elsewhere[] = {
        "Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n", "Origin: https://b\r\n",
        "Origin: null\r\n", "Origin: https://a.b\r\n"};
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
        const char *headers = arena_printf(fixture->arena, "%s%s", session, elsewhere[i]);
        assert_int_equal(web_post(fixture, "/t/done", headers, good).status, 403);
        assert_int_equal(web_post(fixture, "/t/done", elsewhere[i], "").status, 403);
    }
    assert_int_equal(web_post(fixture, "/t/done", "Origin: http://a\r\n", "").status, 303);
    assert_int_equal(web_post(fixture, "/t/done", "Sec-Fetch-Site: same-origin\r\n", "").status,
                     303);
}

static void programs_carry_the_token_in_a_header(void **state)
{
    struct web_fixture *fixture = *state;
    const char *session = "Accept: application/json\r\nCookie: session=good\r\n";
    struct web_answer seen = web_get(fixture, "/t/signed", session);
    const char *token = web_header(fixture, seen, "X-CSRF-Token");
    assert_string_equal(token, csrf_of(fixture));
    const char *headers = arena_printf(fixture->arena, "%sX-CSRF-Token: %s\r\n", session, token);
    assert_int_equal(web_post(fixture, "/t/done", headers, "").status, 200);
    headers = arena_printf(fixture->arena, "%sX-CSRF-Token: x%s\r\n", session, token + 1);
    assert_int_equal(web_post(fixture, "/t/done", headers, "").status, 403);
    assert_null(web_header(fixture, web_get(fixture, "/t/page/a?format=json", ""), "X-CSRF-Token"));
}

static void answered_outcomes_are_recorded_for_tests(void **state)
{
    char path[] = "/tmp/dianji-outcomes-XXXXXX", line[64] = "";
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    setenv("DIANJI_OUTCOME_LOG", path, /* overwrite= */ 1); /* allowed: only tests set it */
    struct web_fixture *fixture = web_fixture_open();
    unsetenv("DIANJI_OUTCOME_LOG");
    web_post(fixture, "/t/refuse", "", "");
    web_get(fixture, "/t/page/a", "");
    assert_int_equal(read(file, line, sizeof line - 1), strlen("web.no\n"));
    assert_string_equal(line, "web.no\n");
    close(file);
    unlink(path);
    web_fixture_close(fixture);
}

static void methods_and_paths_are_told_apart(void **state)
{
    struct web_fixture *fixture = *state;
    assert_int_equal(web_get(fixture, "/t/nothing", "").status, 404);
    assert_int_equal(web_get(fixture, "/t/page/", "").status, 404);
    assert_int_equal(web_get(fixture, "/t/page/a/b", "").status, 404);
    struct web_answer post = web_post(fixture, "/t/page/a", "", "");
    assert_int_equal(post.status, 405);
    assert_string_equal(web_header(fixture, post, "Allow"), "GET, HEAD");
    assert_string_equal(web_header(fixture, web_get(fixture, "/t/done", ""), "Allow"), "POST");
    struct web_answer put = web_ask(fixture, "PUT /t/memory HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(put.status, 405);
    assert_string_equal(web_header(fixture, put, "Allow"), "GET, HEAD, POST");
    assert_int_equal(web_ask(fixture, "DELETE /no HTTP/1.1\r\nHost: a\r\n\r\n").status, 404);
}

static void head_is_get_without_its_body(void **state)
{
    struct web_fixture *fixture = *state;
    struct web_answer get = web_get(fixture, "/t/page/a", "");
    int socket = web_connect(fixture);
    const char *bytes = "HEAD /t/page/a HTTP/1.1\r\nHost: a\r\n\r\n"
                        "GET /t/inside HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    web_send(socket, bytes, strlen(bytes));
    struct buffer all = buffer_new(fixture->arena, 4096);
    char part[1024];
    for (ssize_t got = read(socket, part, sizeof part); got > 0;
         got = read(socket, part, sizeof part))
        buffer_add_n(&all, part, (size_t)got);
    close(socket);
    assert_true(
        has(all.bytes,
            arena_printf(fixture->arena, "Content-Length: %zu\r\n\r\nHTTP/1.1 200", get.length)));
    assert_string_equal(all.bytes + all.length - 3, "abc");
}

static void one_connection_serves_many_requests_in_order(void **state)
{
    struct web_fixture *fixture = *state;
    int socket = web_connect(fixture);
    struct buffer bytes = buffer_new(fixture->arena, 4096);
    for (int i = 0; i < 50; i++) /* both lanes by turns */
        buffer_printf(&bytes,
                      i % 2 == 0 ? "GET /t/page/p%d?format=json HTTP/1.1\r\nHost: a\r\n\r\n"
                                 : "POST /t/echo?format=json HTTP/1.1\r\nHost: a\r\nContent-Type: "
                                   "application/x-www-form-urlencoded\r\nContent-Length: "
                                   "8\r\n\r\nname=p%02d",
                      i);
    web_send(socket, bytes.bytes, bytes.length);
    for (int i = 0; i < 50; i++) {
        struct web_answer answer = web_receive(fixture, socket);
        assert_int_equal(answer.status, 200);
        assert_string_equal(member(fixture, answer, "code"),
                            arena_printf(fixture->arena, i % 2 == 0 ? "p%d" : "p%02d", i));
    }
    close(socket);
}

static void files_are_kept_by_browsers(void **state)
{
    struct web_fixture *fixture = *state;
    const struct asset *asset = assets;
    struct web_answer plain = web_get(fixture, asset->path, "");
    assert_int_equal(plain.status, 200);
    assert_int_equal(plain.length, asset->length);
    assert_true(has(web_header(fixture, plain, "Cache-Control"), "immutable"));
    struct web_answer packed = web_get(fixture, asset->path, "Accept-Encoding: br, gzip\r\n");
    assert_string_equal(web_header(fixture, packed, "Content-Encoding"), "gzip");
    assert_true(packed.length < plain.length);
    assert_string_equal(web_header(fixture, packed, "Vary"), "Accept-Encoding");
    assert_null(web_header(fixture, web_get(fixture, asset->path, "Accept-Encoding: gzip;q=0\r\n"),
                           "Content-Encoding"));
    const char *tag = web_header(fixture, plain, "ETag");
    struct web_answer same = web_get(
        fixture, asset->path, arena_printf(fixture->arena, "If-None-Match: \"x\", %s\r\n", tag));
    assert_int_equal(same.status, 304);
    assert_int_equal(same.length, 0);
    assert_int_equal(web_get(fixture, asset->path, "If-None-Match: \"x\"\r\n").status, 200);
    assert_int_equal(web_get(fixture, "/assets/style.css", "").status, 404);
    assert_int_equal(web_get(fixture, "/robots.txt", "").status, 200);
}

static void pages_are_packed_and_guarded(void **state)
{
    struct web_fixture *fixture = *state;
    struct web_answer page = web_get(fixture, "/empty", "Accept-Encoding: gzip\r\n");
    assert_string_equal(web_header(fixture, page, "Content-Encoding"), "gzip");
    assert_memory_equal(page.body, "\x1f\x8b", 2);
    const char *policy = web_header(fixture, page, "Content-Security-Policy");
    assert_true(has(policy, "default-src 'none'") && has(policy, "frame-ancestors 'none'"));
    assert_false(has(policy, "unsafe"));
    assert_string_equal(web_header(fixture, page, "X-Content-Type-Options"), "nosniff");
    assert_string_equal(web_header(fixture, page, "Referrer-Policy"), "same-origin");
    assert_null(web_header(fixture, page, "Strict-Transport-Security"));
    struct web_answer file = web_get(fixture, "/t/inside", "");
    assert_string_equal(web_header(fixture, file, "Content-Disposition"),
                        "attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95.txt");
}

static void public_pages_are_sent_again_only_when_they_changed(void **state)
{
    struct web_fixture *fixture = *state;
    struct web_answer page = web_get(fixture, "/t/page/a", "");
    assert_string_equal(web_header(fixture, page, "Cache-Control"), "private, no-cache");
    const char *known =
        arena_printf(fixture->arena, "If-None-Match: %s\r\n", web_header(fixture, page, "ETag"));
    assert_int_equal(web_get(fixture, "/t/page/a", known).status, 304);
    assert_int_equal(web_get(fixture, "/t/page/b", known).status, 200);
    const char *english = arena_printf(fixture->arena, "%sCookie: lang=en\r\n", known);
    assert_int_equal(web_get(fixture, "/t/page/a", english).status, 200);
    const char *signed_in = arena_printf(fixture->arena, "%sCookie: session=good\r\n", known);
    struct web_answer own = web_get(fixture, "/t/page/a", signed_in);
    assert_int_equal(own.status, 200);
    assert_string_equal(web_header(fixture, own, "Cache-Control"), "no-store");
    assert_null(web_header(fixture, own, "ETag"));
}

static void language_and_size_of_letters_are_remembered(void **state)
{
    struct web_fixture *fixture = *state;
    assert_true(has(web_get(fixture, "/empty", "").body, "lang=\"zh-CN\""));
    struct web_answer english = web_get(fixture, "/empty?a=1&lang=en", "");
    assert_true(has(english.body, "<html lang=\"en\">"));
    assert_true(has(english.body, "href=\"?a=1&amp;lang=zh\""));
    assert_true(has(web_header(fixture, english, "Set-Cookie"), "lang=en; Path=/"));
    assert_true(has(web_get(fixture, "/empty", "Cookie: lang=en\r\n").body, "<html lang=\"en\""));
    assert_true(has(web_get(fixture, "/empty", "Accept-Language: en-GB,zh;q=0.5\r\n").body,
                    "<html lang=\"en\""));
    assert_true(has(web_get(fixture, "/empty", "Accept-Language: fr,en;q=0.2,zh;q=0.5\r\n").body,
                    "<html lang=\"zh-CN\""));
    struct web_answer elder = web_get(fixture, "/empty?elder=1", "");
    assert_true(has(elder.body, " data-elder>"));
    assert_true(has(web_header(fixture, elder, "Set-Cookie"), "elder=1"));
    assert_true(
        has(web_get(fixture, "/empty", "Cookie: elder=huge\r\n").body, " data-elder=\"huge\">"));
}

static void over_tls_cookies_are_bound_to_the_host(void **state)
{
    (void)state;
    struct web_fixture *fixture =
        web_fixture_open_with((struct web_options){.secure_cookies = true});
    assert_int_equal(web_get(fixture, "/t/signed", "Cookie: session=good\r\n").status, 303);
    struct web_answer known = web_get(fixture, "/t/signed", "Cookie: __Host-session=good\r\n");
    assert_int_equal(known.status, 200);
    assert_non_null(web_header(fixture, known, "Strict-Transport-Security"));
    struct web_answer done = web_post(fixture, "/t/done", "", "");
    assert_true(has(web_header(fixture, done, "Set-Cookie"), "; Secure"));
    web_fixture_close(fixture);
}

static const char *seen_address(struct web_fixture *fixture, const char *forwarded)
{
    const char *headers = arena_printf(fixture->arena, "Accept: application/json\r\n%s", forwarded);
    return member(fixture, web_get(fixture, "/t/address", headers), "code");
}

static void only_a_proxy_of_ours_names_the_client(void **state)
{
    const char *forged = "X-Forwarded-For: 9.9.9.9\r\n";
    assert_string_equal(seen_address(*state, forged), "127.0.0.1");
    struct web_fixture *fixture = web_fixture_open_with((struct web_options){.behind_proxy = true});
    assert_string_equal(seen_address(fixture, ""), "127.0.0.1");
    assert_string_equal(seen_address(fixture, "X-Forwarded-For: 9.9.9.9, 2.2.2.2\r\n"), "2.2.2.2");
    assert_string_equal(seen_address(fixture, "X-Forwarded-For: 9.9.9.9, ::1 \r\n"), "::1");
    assert_string_equal(
        seen_address(fixture, "X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-For: 2.2.2.2\r\n"),
        "2.2.2.2");
    assert_string_equal(seen_address(fixture, "X-Forwarded-For: <b>\r\n"), "127.0.0.1");
    assert_string_equal(seen_address(fixture, "X-Forwarded-For: 2.2.2.2,\r\n"), "127.0.0.1");
    web_fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WEB_FIXTURE_TEST(one_model_has_two_faces),
        WEB_FIXTURE_TEST(the_face_follows_the_weights),
        WEB_FIXTURE_TEST(refusals_are_problem_details),
        WEB_FIXTURE_TEST(what_is_done_is_said_once_on_the_next_page),
        WEB_FIXTURE_TEST(strangers_are_asked_to_sign_in),
        WEB_FIXTURE_TEST(other_sites_change_nothing),
        WEB_FIXTURE_TEST(programs_carry_the_token_in_a_header),
        cmocka_unit_test(answered_outcomes_are_recorded_for_tests),
        WEB_FIXTURE_TEST(methods_and_paths_are_told_apart),
        WEB_FIXTURE_TEST(head_is_get_without_its_body),
        WEB_FIXTURE_TEST(one_connection_serves_many_requests_in_order),
        WEB_FIXTURE_TEST(files_are_kept_by_browsers),
        WEB_FIXTURE_TEST(pages_are_packed_and_guarded),
        WEB_FIXTURE_TEST(public_pages_are_sent_again_only_when_they_changed),
        WEB_FIXTURE_TEST(language_and_size_of_letters_are_remembered),
        WEB_FIXTURE_TEST(only_a_proxy_of_ours_names_the_client),
        cmocka_unit_test(over_tls_cookies_are_bound_to_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
