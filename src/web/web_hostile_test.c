/* What nobody means well by: broken bytes, slow and large clients, work that uses everything up.
 * After each the server still answers. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "web/web_fixture.h"

static bool has(const char *text, const char *wanted)
{
    return strstr(text, wanted) != NULL;
}

static void broken_requests_are_refused(void **state)
{
    static const char *const requests[] = {
        "GET /t/page/%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /t/page/%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /t/page/%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /t/page/a?b=%f HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /t/page/a?b=%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET t/page/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://b/t/page/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /t/page/a HTTP/1.1\r\n\r\n", /* no Host */
        "GET /t/page/a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST /t/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "POST /t/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\n",
        "POST /t/echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "POST /t/echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /t/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /t/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: "
        "application/x-www-form-urlencoded\r\n\r\nzz\r\n",
    };
    struct web_fixture *fixture = *state;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        struct web_answer answer = web_ask(fixture, requests[i]);
        if (answer.status < 400 || answer.status >= 500)
            fail_msg("%d for %s", answer.status, requests[i]);
    }
    assert_true(web_lives(fixture));
}

static void broken_bodies_are_refused(void **state)
{
    struct web_fixture *fixture = *state;
    assert_int_equal(web_post(fixture, "/t/echo", "", "name=%ff").status, 400);
    assert_int_equal(web_post(fixture, "/t/echo", "", "name=%").status, 400);
    struct web_answer json =
        web_ask(fixture, "POST /t/echo HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n"
                         "Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"a\":1,}");
    assert_int_equal(json.status, 400);
    assert_true(has(json.body, "\"type\":\"/problems/web.malformed\""));
    assert_int_equal(web_ask(fixture, "POST /t/echo HTTP/1.1\r\nHost: a\r\nContent-Type: "
                                      "text/xml\r\nContent-Length: 4\r\n\r\n<a/>")
                         .status,
                     415);
    /* The body of a GET is nobody's; the next request must not begin inside it. */
    int socket = web_connect(fixture);
    const char *bytes = "GET /t/page/a HTTP/1.1\r\nHost: a\r\nContent-Length: 37\r\n\r\n"
                        "GET /t/memory HTTP/1.1\r\nHost: a\r\n\r\n\r\n"
                        "GET /t/inside HTTP/1.1\r\nHost: a\r\n\r\n";
    web_send(socket, bytes, strlen(bytes));
    assert_int_equal(web_receive(fixture, socket).status, 200);
    assert_string_equal(web_receive(fixture, socket).body, "abc");
    close(socket);
}

static void bodies_have_their_route_s_limit(void **state)
{
    struct web_fixture *fixture = *state;
    char *body = arena_alloc(fixture->arena, 64 * 1024 + 2);
    memset(body, 'a', 64 * 1024);
    memcpy(body, "name=", 5);
    assert_int_equal(web_post(fixture, "/t/echo", "", body).status, 200);
    body[64 * 1024] = 'a';
    struct web_answer large = web_post(fixture, "/t/echo", "Accept: application/json\r\n", body);
    assert_int_equal(large.status, 413);
    assert_true(has(large.body, "web.too_large"));
    /* Without its length, and to a route that takes none. */
    int socket = web_connect(fixture);
    const char *head = "POST /t/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                       "Content-Type: application/x-www-form-urlencoded\r\n\r\n";
    web_send(socket, head, strlen(head));
    for (int i = 0; i < 20; i++) {
        web_send(socket, "2000\r\n", 6);
        web_send(socket, body, 0x2000);
        web_send(socket, "\r\n", 2);
    }
    web_send(socket, "0\r\n\r\n", 5);
    assert_int_equal(web_receive(fixture, socket).status, 413);
    close(socket);
    assert_int_equal(web_post(fixture, "/t/nothing", "", body).status, 404);
}

static void who_asks_first_is_told_at_once(void **state)
{
    struct web_fixture *fixture = *state;
    struct web_answer answer =
        web_ask(fixture, "POST /t/upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; "
                         "boundary=XX\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n\r\n");
    assert_int_equal(answer.status, 413);
    answer =
        web_ask(fixture, "POST /t/upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; "
                         "boundary=XX\r\nContent-Length: 90000000000\r\n\r\n");
    assert_int_equal(answer.status, 413);
}

static struct web_answer upload(struct web_fixture *fixture, const char *path, size_t length)
{
    struct buffer body = buffer_new(fixture->arena, length + 1024);
    buffer_add(&body, "--XX\r\nContent-Disposition: form-data; name=\"file\"; "
                      "filename=\"a.csv\"\r\n\r\n");
    memset(buffer_reserve(&body, length), '1', length);
    body.length += length;
    buffer_add(&body, "\r\n--XX--\r\n");
    const char *head = arena_printf(
        fixture->arena,
        "POST %s HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n"
        "Content-Type: multipart/form-data; boundary=XX\r\nContent-Length: %zu\r\n\r\n",
        path, body.length);
    int socket = web_connect(fixture);
    web_send(socket, head, strlen(head));
    web_send(socket, body.bytes, body.length);
    struct web_answer answer = web_receive(fixture, socket);
    close(socket);
    return answer;
}

static void uploads_arrive_whole(void **state)
{
    struct web_fixture *fixture = *state;
    struct web_answer answer = upload(fixture, "/t/upload", 1000000);
    assert_int_equal(answer.status, 200);
    assert_true(has(answer.body, "\"code\":\"a.csv\"") && has(answer.body, "\"1000000\""));
    assert_int_equal(upload(fixture, "/t/upload", 1024 * 1024).status, 413);
    assert_int_equal(upload(fixture, "/t/private", 1000000).status, 401);
    assert_int_equal(upload(fixture, "/t/echo", 1000000).status, 413);
    assert_true(web_lives(fixture));
}

static void headers_have_a_limit(void **state)
{
    struct web_fixture *fixture = *state;
    struct buffer path = buffer_new(fixture->arena, 64 * 1024), many = path;
    buffer_add(&path, "/t/page/");
    for (int i = 0; i < 60 * 1024; i++)
        buffer_add_char(&path, 'a');
    assert_true(web_get(fixture, path.bytes, "").status / 100 != 2);
    many = buffer_new(fixture->arena, 64 * 1024);
    for (int i = 0; i < 5000; i++)
        buffer_printf(&many, "X-%d: 1\r\n", i);
    assert_true(web_get(fixture, "/t/page/a", many.bytes).status / 100 != 2);
    assert_true(web_lives(fixture));
}

static void work_that_uses_everything_up_ends_alone(void **state)
{
    struct web_fixture *fixture = *state;
    for (int i = 0; i < 3; i++) {
        struct web_answer page = web_get(fixture, "/t/memory", "");
        assert_int_equal(page.status, 413);
        assert_true(has(page.body, "<h1>"));
        assert_int_equal(web_post(fixture, "/t/memory", "", "").status, 413);
        assert_int_equal(web_post(fixture, "/t/prepared", "", "").status, 413);
        struct web_answer store = web_get(fixture, "/t/store", "Accept: application/json\r\n");
        assert_int_equal(store.status, 503);
        assert_true(has(store.body, "web.store_failed") && has(store.body, "urn:dianji:request:"));
        assert_non_null(web_header(fixture, store, "Retry-After"));
    }
    assert_true(web_lives(fixture));
}

static void a_dead_database_is_said_and_passes(void **state)
{
    struct web_fixture *fixture = *state;
    store_test_fail_after(fixture->house->store, 0);
    struct web_answer done = web_post(fixture, "/t/done", "", "");
    struct web_answer page = web_get(fixture, "/healthz", "");
    store_test_fail_after(fixture->house->store, -1);
    assert_int_equal(done.status, 503);
    assert_true(page.status == 200 || page.status == 503);
    assert_int_equal(web_post(fixture, "/t/done", "", "").status, 303);
    assert_true(web_lives(fixture));
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Sends the bytes one by one, ten a second; how long the server bore it. */
static int64_t trickle(struct web_fixture *fixture, const char *bytes)
{
    struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
    int socket = web_connect(fixture);
    int64_t began = milliseconds();
    for (; *bytes != '\0' && send(socket, bytes, 1, MSG_NOSIGNAL) == 1; bytes++)
        nanosleep(&pause, NULL);
    close(socket);
    return milliseconds() - began;
}

static void slow_clients_are_not_waited_for(void **state)
{
    (void)state;
    struct web_fixture *fixture =
        web_fixture_open_with((struct web_options){.patience_seconds = 1});
    const char *xs =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    const char *head = "POST /t/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n";
    assert_true(trickle(fixture, arena_printf(fixture->arena, "GET /%s", xs)) < 4000);
    int socket = web_connect(fixture);
    web_send(socket, head, strlen(head));
    int64_t began = milliseconds();
    assert_int_equal(web_receive(fixture, socket).status, 0);
    assert_true(milliseconds() - began < 4000);
    close(socket);
    assert_true(web_lives(fixture));
    web_fixture_close(fixture);
}

/* The server reads connections in an order of its own: the lane is full when one was turned away.
 */
static void wait_for_an_answer(const int *sockets, int count)
{
    struct pollfd polled[1100] = {{0}};
    assert_in_range(count, 1, sizeof polled / sizeof *polled);
    for (int i = 0; i < count; i++)
        polled[i] = (struct pollfd){.fd = sockets[i], .events = POLLIN};
    assert_true(poll(polled, (nfds_t)count, 20000) > 0);
}

static void a_full_lane_turns_away_and_the_other_goes_on(void **state)
{
    enum { WAITING = 1100 };
    struct web_fixture *fixture = *state;
    static int sockets[WAITING];
    const char *post = "POST /t/wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    for (int i = 0; i < WAITING; i++) {
        sockets[i] = web_connect(fixture);
        web_send(sockets[i], post, strlen(post));
    }
    assert_int_equal(web_post(fixture, "/t/done", "", "").status, 303); /* the other lane */
    assert_true(web_lives(fixture));
    wait_for_an_answer(sockets, WAITING);
    struct web_answer busy = web_ask(fixture, post);
    assert_int_equal(busy.status, 503);
    assert_non_null(web_header(fixture, busy, "Retry-After"));
    web_fixture_release();
    int done = 0, turned_away = 0;
    for (int i = 0; i < WAITING; i++) {
        int status = web_receive(fixture, sockets[i]).status;
        done += status == 303;
        turned_away += status == 503;
        close(sockets[i]);
    }
    assert_int_equal(done + turned_away, WAITING);
    assert_true(done >= 1024);
}

/* Who guesses passwords by the hundred is neither served for long nor refused at once. */
static void a_crowd_at_the_door_keeps_nobody_waiting(void **state)
{
    enum { WAITING = 200, PLACES_LEAST = 64 };
    struct web_fixture *fixture = *state;
    static int sockets[WAITING];
    const char *post = "POST /t/weigh HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    for (int i = 0; i < WAITING; i++) {
        sockets[i] = web_connect(fixture);
        web_send(sockets[i], post, strlen(post));
    }
    int64_t began = milliseconds();
    wait_for_an_answer(sockets, WAITING);
    assert_in_range(milliseconds() - began, 500, 5000);                 /* of 1000 */
    assert_int_equal(web_post(fixture, "/t/done", "", "").status, 303); /* the other lanes */
    web_fixture_release();
    int done = 0, turned_away = 0;
    for (int i = 0; i < WAITING; i++) {
        struct web_answer answer = web_receive(fixture, sockets[i]);
        done += answer.status == 303;
        turned_away += answer.status == 503;
        if (answer.status == 503)
            assert_non_null(web_header(fixture, answer, "Retry-After"));
        close(sockets[i]);
    }
    assert_int_equal(done + turned_away, WAITING);
    assert_in_range(done, PLACES_LEAST, WAITING - 1);
}

static void a_thousand_connections_are_kept(void **state)
{
    enum { CONNECTIONS = 1000, ROUNDS = 3 };
    struct web_fixture *fixture = *state;
    static int sockets[CONNECTIONS];
    const char *get = "GET /t/page/a?format=json HTTP/1.1\r\nHost: a\r\n\r\n";
    for (int i = 0; i < CONNECTIONS; i++)
        sockets[i] = web_connect(fixture);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < CONNECTIONS; i++)
            web_send(sockets[i], get, strlen(get));
        for (int i = 0; i < CONNECTIONS; i++)
            assert_int_equal(web_receive(fixture, sockets[i]).status, 200);
    }
    for (int i = 0; i < CONNECTIONS; i++)
        close(sockets[i]);
}

/* libmicrohttpd's own loop sleeps on a batch that is exactly full: see web_daemon.c. */
static void a_full_batch_of_events_is_served(void **state)
{
    enum { BATCH = 128 };
    struct web_fixture *fixture = web_fixture_open_with((struct web_options){.threads = 1});
    const char *get = "GET /t/page/a?format=json HTTP/1.1\r\nHost: a\r\n\r\n";
    const char *gate = "GET /t/gate HTTP/1.1\r\nHost: a\r\n\r\n";
    struct timespec pause = {.tv_nsec = 200 * 1000 * 1000};
    int sockets[BATCH], held = web_connect(fixture);
    (void)state;
    for (int i = 0; i < BATCH; i++) {
        sockets[i] = web_connect(fixture);
        web_send(sockets[i], get, strlen(get));
        assert_int_equal(web_receive(fixture, sockets[i]).status, 200);
    }
    /* While its thread is held, the server's next batch fills up. */
    web_send(held, gate, strlen(gate));
    nanosleep(&pause, NULL);
    for (int i = 0; i < BATCH; i++)
        web_send(sockets[i], get, strlen(get));
    int64_t began = milliseconds();
    web_fixture_release();
    for (int i = 0; i < BATCH; i++) {
        assert_int_equal(web_receive(fixture, sockets[i]).status, 200);
        close(sockets[i]);
    }
    assert_true(milliseconds() - began < 5000);
    close(held);
    web_fixture_close(fixture);
}

static void *release_soon(void *argument)
{
    (void)argument;
    struct timespec pause = {.tv_nsec = 300 * 1000 * 1000};
    nanosleep(&pause, NULL);
    web_fixture_release();
    return NULL;
}

static void stopping_finishes_what_is_under_way(void **state)
{
    enum { WAITING = 20 };
    struct web_fixture *fixture = *state;
    int sockets[WAITING];
    pthread_t helper;
    const char *post = "POST /t/wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    for (int i = 0; i < WAITING; i++) {
        sockets[i] = web_connect(fixture);
        web_send(sockets[i], post, strlen(post));
    }
    struct timespec pause = {.tv_nsec = 200 * 1000 * 1000};
    nanosleep(&pause, NULL);
    assert_int_equal(pthread_create(&helper, NULL, release_soon, NULL), 0);
    web_stop(fixture->web);
    fixture->web = NULL;
    pthread_join(helper, NULL);
    for (int i = 0; i < WAITING; i++) {
        struct web_answer answer = web_receive(fixture, sockets[i]);
        assert_int_equal(answer.status, 303);
        assert_string_equal(web_header(fixture, answer, "Connection"), "close");
        close(sockets[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WEB_FIXTURE_TEST(broken_requests_are_refused),
        WEB_FIXTURE_TEST(broken_bodies_are_refused),
        WEB_FIXTURE_TEST(bodies_have_their_route_s_limit),
        WEB_FIXTURE_TEST(who_asks_first_is_told_at_once),
        WEB_FIXTURE_TEST(uploads_arrive_whole),
        WEB_FIXTURE_TEST(headers_have_a_limit),
        WEB_FIXTURE_TEST(work_that_uses_everything_up_ends_alone),
        WEB_FIXTURE_TEST(a_dead_database_is_said_and_passes),
        cmocka_unit_test(slow_clients_are_not_waited_for),
        WEB_FIXTURE_TEST(a_full_lane_turns_away_and_the_other_goes_on),
        WEB_FIXTURE_TEST(a_crowd_at_the_door_keeps_nobody_waiting),
        WEB_FIXTURE_TEST(a_thousand_connections_are_kept),
        WEB_FIXTURE_TEST(a_full_batch_of_events_is_served),
        WEB_FIXTURE_TEST(stopping_finishes_what_is_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
