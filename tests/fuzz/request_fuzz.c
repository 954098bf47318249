/*
 * A whole request from arbitrary bytes, over a socket to a running server: libmicrohttpd's reading
 * and ours. What it answers is HTTP, with a head without foreign lines, and it goes on answering.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "web/web_fixture.h"
#include "web/web_room.h"

int LLVMFuzzerInitialize(int *count, char ***words);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { ANSWER_MS = 5, LOOK_EVERY = 256, ANSWER_BYTES = 64 * 1024 };

static struct web_fixture *fixture; /* allowed: one server for all inputs */

static void end(void)
{
    web_fixture_close(fixture);
}

/* Leaks are looked for when the server has ended. Before, what it works on is held by memory that
 * libmicrohttpd maps itself, where nobody looks for pointers. */
static void look_at_the_end(int *count, char ***words)
{
    enum { WORDS_MOST = 64 };
    static char flag[] = "-detect_leaks=0";
    static char *all[WORDS_MOST + 1]; /* allowed: argv lives as long as the program */
    int kept = *count < WORDS_MOST - 1 ? *count : WORDS_MOST - 1;
    memcpy(all, *words, (size_t)kept * sizeof *all);
    all[kept] = flag;
    *count = kept + 1;
    *words = all;
}

int LLVMFuzzerInitialize(int *count, char ***words)
{
    look_at_the_end(count, words);
    fixture = web_fixture_open_with((struct web_options){.threads = 1, .behind_proxy = true});
    web_fixture_release();
    atexit(end);
    return 0;
}

/* From another loopback address each time: a port stays taken for a minute after its connection. */
static int connect_from(uint32_t number)
{
    struct sockaddr_in own = {.sin_family = AF_INET}, server = {.sin_family = AF_INET};
    own.sin_addr.s_addr = htonl(0x7f010000 | (number / 1000 & 0xffff));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.sin_port = htons((uint16_t)web_port(fixture->web));
    int line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_bound = bind(line, (const struct sockaddr *)&own, sizeof own) == 0;
    bool is_connected = connect(line, (const struct sockaddr *)&server, sizeof server) == 0;
    if (!is_connected && errno == EINTR) { /* the fuzzer's own clock rang: it goes on by itself */
        struct pollfd wait = {.fd = line, .events = POLLOUT};
        while (poll(&wait, 1, -1) < 0 && errno == EINTR)
            continue;
        is_connected = (wait.revents & (POLLERR | POLLHUP)) == 0;
    }
    assert(is_bound && is_connected);
    return line;
}

/* What there is within a moment: a server may well wait for the rest of what it was told to expect.
 */
static size_t receive(int line, char answer[ANSWER_BYTES])
{
    size_t length = 0;
    for (;;) {
        char spill[4096];
        struct pollfd wait = {.fd = line, .events = POLLIN};
        if (poll(&wait, 1, ANSWER_MS) != 1)
            break;
        bool has_room = length < ANSWER_BYTES - 1;
        ssize_t count = has_room ? recv(line, answer + length, ANSWER_BYTES - 1 - length, 0)
                                 : recv(line, spill, sizeof spill, 0);
        if (count <= 0)
            break;
        length += has_room ? (size_t)count : 0;
    }
    answer[length] = '\0';
    return length;
}

static void check_answer(const char *answer)
{
    const char *end_of_head = strstr(answer, "\r\n\r\n");
    assert(text_starts(answer, "HTTP/1."));
    for (const char *at = answer; end_of_head != NULL && at < end_of_head; at++)
        assert((unsigned char)*at >= ' ' || *at == '\r' || *at == '\n' || *at == '\t');
    assert(strstr(answer, "\r\nX-Foreign") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static char answer[ANSWER_BYTES];
    static uint32_t number;
    if (memmem(bytes, length, "/t/store", strlen("/t/store")) != NULL)
        return 0; /* logs each */
    int line = connect_from(number++);
    for (size_t sent = 0; sent < length;) {
        ssize_t count = send(line, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (count <= 0)
            break;
        sent += (size_t)count;
    }
    if (receive(line, answer) > 0)
        check_answer(answer);
    close(line);
    if (number % LOOK_EVERY == 0) {
        struct arena_mark mark = arena_mark(fixture->arena);
        bool is_alive = web_lives(fixture);
        assert(is_alive);
        arena_release(fixture->arena, mark);
    }
    return 0;
}
