/* Calls to other servers: what is brought back, and what is never asked, taken or trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/web_call.h"
#include "web/web_fixture.h"

static struct ctx ctx_of(struct web_fixture *fixture)
{
    return (struct ctx){.arena = fixture->arena};
}

static const char *address(struct web_fixture *fixture, const char *path)
{
    return arena_printf(fixture->arena, "http://127.0.0.1:%d%s", fixture->port, path);
}

static void an_answer_comes_back(void **state)
{
    struct web_fixture *fixture = *state;
    struct ctx ctx = ctx_of(fixture);
    struct call_answer answer =
        web_call(&ctx, &(struct call){.method = GET,
                                      .url = address(fixture, "/t/page/abc"),
                                      .headers = {"Accept: application/json"}});
    assert_int_equal(answer.result, CALL_ANSWERED);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.content_type, "json"));
    assert_non_null(strstr(answer.body.data, "\"abc\""));
    assert_int_equal(strlen(answer.body.data), answer.body.length);
    answer =
        web_call(&ctx, &(struct call){.method = GET, .url = address(fixture, "/no-such-page")});
    assert_int_equal(answer.result, CALL_ANSWERED);
    assert_int_equal(answer.status, 404);
}

static void a_body_goes_out(void **state)
{
    struct web_fixture *fixture = *state;
    struct ctx ctx = ctx_of(fixture);
    static const char body[] = "name=%E7%8E%8B";
    struct call call = {
        .method = POST,
        .url = address(fixture, "/t/echo"),
        .headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"},
        .body = {body, sizeof body - 1}};
    struct call_answer answer = web_call(&ctx, &call);
    assert_int_equal(answer.result, CALL_ANSWERED);
    assert_non_null(strstr(answer.body.data, "王"));
}

static void a_redirect_is_not_followed(void **state)
{
    struct web_fixture *fixture = *state;
    struct ctx ctx = ctx_of(fixture);
    struct call_answer answer =
        web_call(&ctx, &(struct call){.method = GET, .url = address(fixture, "/t/signed")});
    assert_int_equal(answer.result, CALL_ANSWERED);
    assert_int_equal(answer.status, 303);
}

static void what_is_too_large_is_not_taken(void **state)
{
    struct web_fixture *fixture = *state;
    struct ctx ctx = ctx_of(fixture);
    struct call call = {.method = GET, .url = address(fixture, "/t/inside"), .answer_max = 3};
    assert_int_equal(web_call(&ctx, &call).result, CALL_ANSWERED); /* three bytes */
    call.answer_max = 2;
    struct call_answer answer = web_call(&ctx, &call);
    assert_int_equal(answer.result, CALL_TOO_LARGE);
    assert_null(answer.body.data);
}

static void only_https_or_this_machine(void **state)
{
    static const char *const refused[] = {
        "http://192.0.2.1/",
        "http://localhost.example/../",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "https://user:word@127.0.0.1/",
        "/etc/passwd",
        "127.0.0.1",
        "http://",
        "",
    };
    struct web_fixture *fixture = *state;
    struct ctx ctx = ctx_of(fixture);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        enum call_result result =
            web_call(&ctx, &(struct call){.method = GET, .url = refused[i], .seconds = 1}).result;
        if (result == CALL_UNREACHABLE && strstr(refused[i], ".example") != NULL)
            continue; /* no such name: nothing was asked either */
        if (result != CALL_ADDRESS_REFUSED)
            fail_msg("%s: %s", refused[i], call_result_name(result));
    }
}

/* --- a server that does not behave */

struct rogue {
    int listening;
    int port;
    const char *says; /* and then closes; NULL: stays silent */
    pthread_t thread;
};

static void *misbehave(void *thing)
{
    struct rogue *rogue = thing;
    char asked[4096];
    int client = accept(rogue->listening, NULL, NULL);
    if (client < 0)
        return NULL;
    ssize_t got = read(client, asked, sizeof asked);
    if (rogue->says != NULL && got > 0)
        got = write(client, rogue->says, strlen(rogue->says));
    while (rogue->says == NULL && got > 0)
        got = read(client, asked, sizeof asked);
    close(client);
    return NULL;
}

static void rogue_start(struct rogue *rogue)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof here;
    rogue->listening = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(rogue->listening, (struct sockaddr *)&here, length), 0);
    assert_int_equal(listen(rogue->listening, 1), 0);
    assert_int_equal(getsockname(rogue->listening, (struct sockaddr *)&here, &length), 0);
    rogue->port = ntohs(here.sin_port);
    assert_int_equal(pthread_create(&rogue->thread, NULL, misbehave, rogue), 0);
}

static void rogue_end(struct rogue *rogue)
{
    pthread_join(rogue->thread, NULL);
    close(rogue->listening);
}

static enum call_result ask_rogue(struct web_fixture *fixture, const char *scheme, const char *says)
{
    struct ctx ctx = ctx_of(fixture);
    struct rogue rogue = {.says = says};
    rogue_start(&rogue);
    struct call call = {.method = GET,
                        .url =
                            arena_printf(fixture->arena, "%s://127.0.0.1:%d/", scheme, rogue.port),
                        .seconds = 1};
    enum call_result result = web_call(&ctx, &call).result;
    rogue_end(&rogue);
    return result;
}

static void what_misbehaves_is_told_apart(void **state)
{
    struct web_fixture *fixture = *state;
    struct ctx ctx = ctx_of(fixture);
    assert_int_equal(ask_rogue(fixture, "http", NULL), CALL_TOO_SLOW);
    assert_int_equal(ask_rogue(fixture, "http", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
                     CALL_BROKEN);
    assert_int_equal(ask_rogue(fixture, "http", ""), CALL_BROKEN);
    assert_int_equal(ask_rogue(fixture, "https", "HTTP/1.1 200 OK\r\n\r\n"), CALL_UNTRUSTED);
    struct call nobody = {.method = GET, .url = "http://127.0.0.1:1/"};
    assert_int_equal(web_call(&ctx, &nobody).result, CALL_UNREACHABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WEB_FIXTURE_TEST(an_answer_comes_back),
        WEB_FIXTURE_TEST(a_body_goes_out),
        WEB_FIXTURE_TEST(a_redirect_is_not_followed),
        WEB_FIXTURE_TEST(what_is_too_large_is_not_taken),
        WEB_FIXTURE_TEST(only_https_or_this_machine),
        WEB_FIXTURE_TEST(what_misbehaves_is_told_apart),
    };
    return web_call_start() ? cmocka_run_group_tests_name("web calls", tests, NULL, NULL) : 1;
}
