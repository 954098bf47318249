/*
 * libmicrohttpd underneath: as many daemons as cores, each with its own epoll thread and its own
 * socket on the one port (SO_REUSEPORT). Its own pool of threads would pile connections on one of
 * them.
 *
 * The waiting is ours as well. The library's own thread (0.9.75, MHD_epoll) asks for a second batch
 * of events with the full time-out before it serves a first that was exactly full: 128 connections
 * that speak at once on a server that is otherwise quiet would hang for half a minute. MHD_run()
 * never waits.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/web_room.h"

enum phase { RUNNING, QUIET, ENDING };

/* One daemon and the thread that runs it; nobody else touches the daemon while the thread lives. */
struct loop {
    struct MHD_Daemon *daemon;
    int events; /* the library's epoll descriptor: readable when there is something to do */
    int wake;   /* eventfd: the phase has changed, or a worker has resumed a visit */
    _Atomic enum phase phase;
    pthread_t thread;
};

struct daemons {
    struct visits *visits;
    struct sockaddr_storage address;
    socklen_t length;
    size_t count;
    struct loop items[WEB_DAEMONS_MAX];
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

/* Milliseconds until the library wants to run by itself; -1: not before something happens. */
static int patience_of(struct MHD_Daemon *daemon)
{
    MHD_UNSIGNED_LONG_LONG wait;
    if (MHD_get_timeout(daemon, &wait) != MHD_YES)
        return -1;
    return wait > INT_MAX ? INT_MAX : (int)wait;
}

static void *run(void *argument)
{
    struct loop *loop = argument;
    enum phase phase = RUNNING;
    while (phase != ENDING) {
        struct pollfd waited[] = {{.fd = loop->events, .events = POLLIN},
                                  {.fd = loop->wake, .events = POLLIN}};
        poll(waited, 2, patience_of(loop->daemon));
        eventfd_t count;
        if (waited[1].revents != 0)
            eventfd_read(loop->wake, &count);
        enum phase wanted = atomic_load(&loop->phase);
        if (phase == RUNNING && wanted != RUNNING) {
            int fd = MHD_quiesce_daemon(loop->daemon);
            if (fd >= 0)
                close(fd);
        }
        phase = wanted;
        MHD_run(loop->daemon);
    }
    return NULL;
}

static void enter(struct loop *loop, enum phase phase)
{
    atomic_store(&loop->phase, phase);
    eventfd_write(loop->wake, 1);
}

static bool start_loop(struct daemons *daemons, struct loop *loop)
{
    int fd = listen_on(&daemons->address, &daemons->length);
    loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    loop->daemon = fd < 0 || loop->wake < 0 ? NULL : visits_daemon(daemons->visits, fd, loop->wake);
    if (loop->daemon != NULL) {
        loop->events = MHD_get_daemon_info(loop->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
        if (pthread_create(&loop->thread, NULL, run, loop) == 0)
            return true;
        MHD_stop_daemon(loop->daemon); /* closes its socket */
    } else if (fd >= 0) {
        close(fd);
    }
    if (loop->wake >= 0)
        close(loop->wake);
    return false;
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
        if (start_loop(daemons, &daemons->items[daemons->count]))
            continue;
        const char *why = arena_text(arena, strerror(errno));
        daemons_stop(daemons);
        *ret_fault = (struct message){"web.listen_failed", {{"listen", listen}, {"why", why}}};
        return false;
    }
    web->daemons = daemons;
    return true;
}

/* Accepts nobody new, finishes what is under way, then closes. */
void daemons_stop(struct daemons *daemons)
{
    for (size_t i = 0; i < daemons->count; i++)
        enter(&daemons->items[i], QUIET);
    visits_drain(daemons->visits);
    for (size_t i = 0; i < daemons->count; i++) {
        struct loop *loop = &daemons->items[i];
        enter(loop, ENDING);
        pthread_join(loop->thread, NULL);
        MHD_stop_daemon(loop->daemon);
        close(loop->wake);
    }
    visits_end(daemons->visits);
}

int daemons_port(const struct daemons *daemons)
{
    bool is_six = daemons->address.ss_family == AF_INET6;
    return ntohs(is_six ? ((const struct sockaddr_in6 *)&daemons->address)->sin6_port
                        : ((const struct sockaddr_in *)&daemons->address)->sin_port);
}
