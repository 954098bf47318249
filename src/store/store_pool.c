/*
 * A fixed number of slots for connections that are made when first needed. A thread comes back to
 * the slot that it had last, whose caches know its statements; nothing is shared in that case but
 * one flag and one semaphore, neither of which enters the kernel while a slot is free.
 */
#include <errno.h>
#include <time.h>

#include "store/store_engine.h"

enum { WAIT_SECONDS = 30 };

/* allowed: a hint only; any value serves any store. */
static _Thread_local int last_slot;

void store__pool_open(struct pool *pool, struct arena *arena, int count)
{
    pool->count = count;
    /* An arena aligns for any type, not for a cache line: one more slot gives room to move up to
     * it. */
    uintptr_t raw = (uintptr_t)arena_array(arena, (size_t)count + 1, struct slot);
    uintptr_t line = _Alignof(struct slot);
    pool->slots = (struct slot *)((raw + line - 1) / line * line);
    sem_init(&pool->free, /* pshared= */ 0, (unsigned)count);
}

static bool wait_for_free(struct pool *pool)
{
    struct timespec until;
    if (sem_trywait(&pool->free) == 0)
        return true;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_SECONDS;
    while (sem_clockwait(&pool->free, CLOCK_MONOTONIC, &until) != 0) {
        if (errno != EINTR)
            return false;
    }
    return true;
}

static struct slot *take_slot(struct pool *pool)
{
    /* The semaphore says that there is one: the search ends. */
    for (int at = last_slot % pool->count;; at = (at + 1) % pool->count) {
        struct slot *slot = &pool->slots[at];
        if (!atomic_flag_test_and_set_explicit(&slot->taken, memory_order_acquire)) {
            last_slot = at;
            return slot;
        }
    }
}

struct slot *store__pool_take(struct store *store, struct pool *pool)
{
    if (!wait_for_free(pool)) {
        store__log("all %d connections were busy for %d s", pool->count, WAIT_SECONDS);
        return NULL;
    }
    struct slot *slot = take_slot(pool);
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
    atomic_flag_clear_explicit(&slot->taken, memory_order_release);
    sem_post(&pool->free);
}

void store__pool_drop(struct store *store, struct slot *slot)
{
    store->engine->disconnect(slot->connection);
    slot->connection = NULL;
}

void store__pool_close(struct store *store, struct pool *pool)
{
    for (int i = 0; i < pool->count; i++) {
        while (sem_wait(&pool->free) != 0)
            continue;
    }
    for (int i = 0; i < pool->count; i++) {
        if (pool->slots[i].connection != NULL)
            store__pool_drop(store, &pool->slots[i]);
    }
    sem_destroy(&pool->free);
}
