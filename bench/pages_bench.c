/*
 * What bench/pages.py holds the server against: libmicrohttpd with nothing on it, as many daemons
 * as the server has, each answering with the given number of bytes until its standard input ends.
 *
 *     pages_bench PORT BYTES DAEMONS
 */
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"

enum { BYTES_MAX = 1024 * 1024, DAEMONS_MAX = 64 };

struct answer {
    size_t length;
    char bytes[BYTES_MAX];
};

static enum MHD_Result on_request(void *closure, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    (void)url, (void)method, (void)version, (void)data;
    struct answer *answer = closure;
    if (*state == NULL) {
        *state = answer; /* the headers; the rest comes with the next call */
        return MHD_YES;
    }
    *size = 0;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->length, answer->bytes, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "text/html; charset=utf-8");
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

static int listen_on(uint16_t port)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    bool is_open = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                   listen(fd, SOMAXCONN) == 0;
    return is_open ? fd : -1;
}

int main(int count, char **words)
{
    static struct answer answer;
    int64_t port, bytes, daemons;
    if (count != 4 || !text_integer(words[1], &port) || !text_integer(words[2], &bytes) ||
        !text_integer(words[3], &daemons) || bytes > BYTES_MAX || daemons > DAEMONS_MAX) {
        fputs("usage: pages_bench PORT BYTES DAEMONS\n", stderr);
        return 2;
    }
    answer.length = (size_t)bytes;
    memset(answer.bytes, 'a', answer.length);
    for (int64_t i = 0; i < daemons; i++) {
        int fd = listen_on((uint16_t)port);
        struct MHD_Daemon *daemon =
            fd < 0 ? NULL
                   : MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request,
                                      &answer, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_END);
        if (daemon == NULL) {
            fputs("pages_bench: cannot listen\n", stderr);
            return 1;
        }
    }
    while (getchar() != EOF)
        continue;
    return 0;
}
