/*
 * A client that sends or takes a byte now and then would hold its connection, and the memory behind
 * it, for ever: libmicrohttpd's timeout asks only that something moves. Here each connection has a
 * time by which it must have got on, as if it moved at a crawl; one thread closes those that did
 * not.
 */
#include <assert.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

#include "web/web_room.h"

enum {
    PATIENCE_SECONDS = 60,
    CRAWL_BYTES_A_MS = 4, /* 4 kB a second: a bad line in the mountains is faster */
    LOOK_MS = 250,
};

struct peer {
    struct peers *peers;
    struct peer *next_free;
    int fd;                /* -1: free */
    _Atomic int64_t until; /* milliseconds of the monotonic clock */
};

struct peers {
    pthread_mutex_t lock; /* held while a descriptor is closed on, so that it is still this one */
    pthread_cond_t ending;
    int64_t patience_ms;
    bool is_ending;
    bool has_thread;
    pthread_t thread;
    struct peer *free;
    struct peer items[WEB_CONNECTIONS_MAX];
};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void close_late(struct peers *peers)
{
    int64_t now = monotonic_ms();
    for (size_t i = 0; i < WEB_CONNECTIONS_MAX; i++) {
        struct peer *peer = &peers->items[i];
        if (peer->fd < 0 || atomic_load(&peer->until) > now)
            continue;
        shutdown(peer->fd, SHUT_RDWR); /* its daemon sees the end and closes it */
        atomic_store(&peer->until, INT64_MAX);
    }
}

static void *watch(void *argument)
{
    struct peers *peers = argument;
    pthread_mutex_lock(&peers->lock);
    while (!peers->is_ending) {
        struct timespec next;
        clock_gettime(CLOCK_MONOTONIC, &next);
        next.tv_nsec += LOOK_MS * 1000000L;
        next.tv_sec += next.tv_nsec / 1000000000;
        next.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&peers->ending, &peers->lock, &next);
        close_late(peers);
    }
    pthread_mutex_unlock(&peers->lock);
    return NULL;
}

struct peers *peers_new(struct arena *arena, int patience_seconds)
{
    struct peers *peers = arena_one(arena, struct peers);
    peers->patience_ms = (patience_seconds == 0 ? PATIENCE_SECONDS : patience_seconds) * 1000L;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&peers->ending, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&peers->lock, NULL);
    for (size_t i = WEB_CONNECTIONS_MAX; i-- > 0;) {
        peers->items[i].peers = peers;
        peers->items[i].fd = -1;
        peers->items[i].next_free = peers->free;
        peers->free = &peers->items[i];
    }
    peers->has_thread = pthread_create(&peers->thread, NULL, watch, peers) == 0;
    return peers;
}

void peers_end(struct peers *peers)
{
    pthread_mutex_lock(&peers->lock);
    peers->is_ending = true;
    pthread_cond_signal(&peers->ending);
    pthread_mutex_unlock(&peers->lock);
    if (peers->has_thread)
        pthread_join(peers->thread, NULL);
}

struct peer *peer_add(struct peers *peers, int fd)
{
    pthread_mutex_lock(&peers->lock);
    struct peer *peer = peers->free;
    if (peer != NULL) {
        peers->free = peer->next_free;
        peer->fd = fd;
        peer_expect(peer, 0);
    }
    pthread_mutex_unlock(&peers->lock);
    return peer;
}

void peer_remove(struct peer *peer)
{
    if (peer == NULL)
        return;
    struct peers *peers = peer->peers;
    pthread_mutex_lock(&peers->lock);
    assert(peer->fd >= 0);
    peer->fd = -1;
    peer->next_free = peers->free;
    peers->free = peer;
    pthread_mutex_unlock(&peers->lock);
}

void peer_expect(struct peer *peer, size_t bytes)
{
    if (peer != NULL)
        atomic_store(&peer->until, monotonic_ms() + peer->peers->patience_ms +
                                       (int64_t)(bytes / CRAWL_BYTES_A_MS));
}

void peer_wait(struct peer *peer)
{
    if (peer != NULL)
        atomic_store(&peer->until, INT64_MAX);
}
