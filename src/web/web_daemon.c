/*
 * libmicrohttpd underneath: as many daemons as cores, each with its own epoll thread and its own
 * socket on the one port (SO_REUSEPORT). Its own pool of threads would pile connections on one of
 * them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/web_room.h"

struct daemons {
    struct visits *visits;
    struct sockaddr_storage address;
    socklen_t length;
    size_t count;
    struct MHD_Daemon *items[WEB_DAEMONS_MAX];
};

/* 127.0.0.1:8080 or [::1]:8080. */
static bool read_listen(const char *listen, struct sockaddr_storage *ret, socklen_t *ret_length)
{
    const char *colon = strrchr(listen, ':');
    int64_t port;
    char host[64] = "";
    if (colon == NULL || !text_integer(colon + 1, &port) || port < 0 || port > 65535 ||
        (size_t)(colon - listen) >= sizeof host)
        return false;
    memcpy(host, listen, (size_t)(colon - listen));
    struct sockaddr_in *four = (struct sockaddr_in *)ret;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)ret;
    if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        *ret_length = sizeof *four;
        return true;
    }
    size_t length = strlen(host);
    if (host[0] != '[' || host[length - 1] != ']')
        return false;
    host[length - 1] = '\0';
    six->sin6_family = AF_INET6;
    six->sin6_port = htons((uint16_t)port);
    *ret_length = sizeof *six;
    return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1;
}

/* The address keeps the port that the first socket was given. */
static int listen_on(struct sockaddr_storage *address, socklen_t *length)
{
    int one = 1;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    if (bind(fd, (const struct sockaddr *)address, *length) == 0 && listen(fd, SOMAXCONN) == 0 &&
        getsockname(fd, (struct sockaddr *)address, length) == 0)
        return fd;
    close(fd);
    return -1;
}

/* A connection is a descriptor; a shell gives a program 1,024 of them. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static size_t core_count(const struct web_options *options)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    size_t cores = options->threads > 0 ? (size_t)options->threads
                   : online < 1         ? 1
                                        : (size_t)online;
    return cores > WEB_DAEMONS_MAX ? WEB_DAEMONS_MAX : cores;
}

bool daemons_start(struct web *web, struct arena *arena, struct message *ret_fault)
{
    struct daemons *daemons = arena_one(arena, struct daemons);
    const char *listen = web->options.listen;
    if (!read_listen(listen, &daemons->address, &daemons->length)) {
        *ret_fault = (struct message){"web.listen_unreadable", {{"listen", listen}}};
        return false;
    }
    size_t cores = core_count(&web->options);
    raise_descriptors();
    daemons->visits = visits_new(web, arena, cores);
    for (; daemons->count < cores; daemons->count++) {
        int fd = listen_on(&daemons->address, &daemons->length);
        struct MHD_Daemon *daemon =
            fd < 0 ? NULL : visits_daemon(daemons->visits, fd, WEB_CONNECTIONS_MAX / cores);
        if (daemon == NULL) {
            const char *why = arena_text(arena, strerror(errno));
            if (fd >= 0)
                close(fd);
            daemons_stop(daemons);
            *ret_fault = (struct message){"web.listen_failed", {{"listen", listen}, {"why", why}}};
            return false;
        }
        daemons->items[daemons->count] = daemon;
    }
    web->daemons = daemons;
    return true;
}

/* Accepts nobody new, finishes what is under way, then closes. */
void daemons_stop(struct daemons *daemons)
{
    for (size_t i = 0; i < daemons->count; i++) {
        int fd = MHD_quiesce_daemon(daemons->items[i]);
        if (fd >= 0)
            close(fd);
    }
    visits_drain(daemons->visits);
    for (size_t i = 0; i < daemons->count; i++)
        MHD_stop_daemon(daemons->items[i]);
    visits_end(daemons->visits);
}

int daemons_port(const struct daemons *daemons)
{
    bool is_six = daemons->address.ss_family == AF_INET6;
    return ntohs(is_six ? ((const struct sockaddr_in6 *)&daemons->address)->sin6_port
                        : ((const struct sockaddr_in *)&daemons->address)->sin_port);
}
