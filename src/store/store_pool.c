/*
 * A fixed number of slots for connections that are made when first needed. A thread comes back to
 * the slot that it had last, whose caches know its statements: while that is free, nothing is
 * shared with other threads but the slot's own flag. Only who finds all slots taken waits, and only
 * then is a lock taken.
 */
#include <errno.h>
#include <time.h>

#include "store/store_engine.h"

enum { WAIT_SECONDS = 30 };

static _Thread_local int last_slot; /* allowed: a hint; any value serves any store */

void store__pool_open(struct pool *pool, struct arena *arena, int count)
{
    pthread_condattr_t monotonic;
    pool->count = count;
    /* An arena aligns for any type, not for a cache line: one more slot gives room to move up to
     * it. */
    uintptr_t raw = (uintptr_t)arena_array(arena, (size_t)count + 1, struct slot);
    uintptr_t line = _Alignof(struct slot);
    pool->slots = (struct slot *)((raw + line - 1) / line * line);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->given, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

/* The first free slot from the thread's last one on; NULL where all are taken. */
static struct slot *find_free(struct pool *pool)
{
    int first = last_slot % pool->count;
    for (int i = 0; i < pool->count; i++) {
        int at = (first + i) % pool->count;
        if (!atomic_flag_test_and_set(&pool->slots[at].taken)) {
            last_slot = at;
            return &pool->slots[at];
        }
    }
    return NULL;
}

/*
 * Nobody is forgotten: who waits says so before the search, who gives looks for waiters after the
 * slot is free, and both in one order for all threads (sequential consistency).
 */
static struct slot *wait_for_free(struct pool *pool)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_SECONDS;
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add(&pool->waiting, 1);
    struct slot *slot = find_free(pool);
    int code = 0;
    while (slot == NULL && code != ETIMEDOUT) {
        code = pthread_cond_timedwait(&pool->given, &pool->lock, &until);
        slot = find_free(pool);
    }
    atomic_fetch_sub(&pool->waiting, 1);
    pthread_mutex_unlock(&pool->lock);
    return slot;
}

struct slot *store__pool_take(struct store *store, struct pool *pool)
{
    struct slot *slot = find_free(pool);
    if (slot == NULL)
        slot = wait_for_free(pool);
    if (slot == NULL) {
        store__log("all %d connections were busy for %d s", pool->count, WAIT_SECONDS);
        return NULL;
    }
    if (slot->connection != NULL && !store->engine->usable(slot->connection))
        store__pool_drop(store, slot);
    if (slot->connection == NULL) {
        struct why why;
        slot->connection = store->engine->connect(store, /* writer= */ false, &why);
        if (slot->connection == NULL) {
            store__log("no connection: %s", why.text);
            store__pool_give(pool, slot);
            return NULL;
        }
    }
    return slot;
}

void store__pool_give(struct pool *pool, struct slot *slot)
{
    atomic_flag_clear(&slot->taken);
    if (atomic_load(&pool->waiting) > 0) {
        pthread_mutex_lock(&pool->lock);
        pthread_cond_signal(&pool->given);
        pthread_mutex_unlock(&pool->lock);
    }
}

void store__pool_drop(struct store *store, struct slot *slot)
{
    store->engine->disconnect(slot->connection);
    slot->connection = NULL;
}

void store__pool_close(struct store *store, struct pool *pool)
{
    for (int i = 0; i < pool->count; i++) {
        struct slot *slot = find_free(pool);
        while (slot == NULL)
            slot = wait_for_free(pool);
        if (slot->connection != NULL)
            store__pool_drop(store, slot);
    }
    pthread_cond_destroy(&pool->given);
    pthread_mutex_destroy(&pool->lock);
}
