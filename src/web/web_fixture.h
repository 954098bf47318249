/*
 * A server on a free port of this machine, with routes that do what a test wants to see, and a
 * client that sends bytes as they are. For the tests of the web only: rooms are tested through
 * their rules.
 */
#ifndef DIANJI_WEB_WEB_FIXTURE_H
#define DIANJI_WEB_WEB_FIXTURE_H

#include "store/store_fixture.h"
#include "web/web.h"

struct web_fixture {
    struct store_fixture *house;
    struct web *web;
    struct arena *arena; /* of the test: answers live here */
    int port;
};

/*
 * The routes, all below /t:
 *   GET  /t/page/:code      a page that shows the code           public
 *   GET  /t/signed          the same, code "signed"              for every account
 *   GET  /t/class           the same                             needs a permission that no one has
 *   GET  /t/address         a page that shows the client's address
 *   GET  /t/memory          uses up its arena
 *   POST /t/memory          the same, in a write transaction
 *   GET  /t/store           the database fails
 *   POST /t/done            an outcome of 200; on to /t/page/after
 *   POST /t/refuse          an outcome of 409 with a clause
 *   POST /t/echo            a page that shows the field "name", at once
 *   POST /t/upload          up to 1 MiB: a page that shows the file's name and length
 *   POST /t/wait            heavy: waits until web_fixture_release()
 *   POST /t/weigh           the same, as a password is weighed
 *   POST /t/prepared        its prepare uses up the arena
 *   POST /t/private         as upload, for every account
 *   GET  /t/inside          a file of 3 bytes
 * The session "good" is an account's, any other is over.
 */
struct web_fixture *web_fixture_open(void);
struct web_fixture *web_fixture_open_with(struct web_options options);
void web_fixture_close(struct web_fixture *fixture);
void web_fixture_release(void); /* lets every /t/wait and /t/weigh go, now and later */
int web_fixture_setup(void **state);
int web_fixture_teardown(void **state);
#define WEB_FIXTURE_TEST(test)                                                                     \
    cmocka_unit_test_setup_teardown((test), web_fixture_setup, web_fixture_teardown)

struct web_answer {
    int status;       /* 0: the server closed, or said nothing within ten seconds */
    const char *head; /* the header lines; "" without an answer */
    const char *body;
    size_t length;
};

int web_connect(const struct web_fixture *fixture); /* a socket; never fails */
void web_send(int socket, const char *bytes, size_t length);
/* The next answer on the connection. */
struct web_answer web_receive(struct web_fixture *fixture, int socket);
/* Sends the bytes on a connection of their own, and receives one answer. */
struct web_answer web_ask(struct web_fixture *fixture, const char *bytes);
struct web_answer web_get(struct web_fixture *fixture, const char *path, const char *headers);
struct web_answer web_post(struct web_fixture *fixture, const char *path, const char *headers,
                           const char *body);
/* The value of a header of the answer, or NULL. */
const char *web_header(struct web_fixture *fixture, struct web_answer answer, const char *name);
/* Whether the server still answers. */
bool web_lives(struct web_fixture *fixture);

#endif
