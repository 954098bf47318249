/*
 * PostgreSQL's transactions: a connection from the pool, the work, the commit; again where the
 * server says that two works got into each other's way, or where the connection was lost before the
 * commit was sent.
 */
#include <time.h>

#include "store/store_engine.h"

enum {
    ATTEMPTS_MAX = 10,
    READ_ATTEMPTS_MAX = 3,
    ALONE_FROM = 3, /* failed attempts after which a write is run alone in this process */
    PAUSE_MS_MAX = 64,
    AFTERWORK_ARENA_BYTES = 64 * 1024 * 1024,
};

enum attempt { ATTEMPT_DONE, ATTEMPT_REFUSED, ATTEMPT_FAILED, ATTEMPT_MEMORY, ATTEMPT_AGAIN };

struct task {
    struct ctx *ctx;
    store_work *work;
    void *argument;
    enum store__mode mode;
};

/* Whoever wants to be alone goes before those that have not begun: else there would always be one
 * more. */
void store__postgres_open(struct store *store)
{
    pthread_rwlockattr_t alone_first;
    pthread_rwlockattr_init(&alone_first);
    pthread_rwlockattr_setkind_np(&alone_first, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&store->field, &alone_first);
    pthread_rwlockattr_destroy(&alone_first);
    pthread_mutex_init(&store->follow.lock, NULL);
}

void store__postgres_close(struct store *store)
{
    pthread_rwlock_destroy(&store->field);
    pthread_mutex_destroy(&store->follow.lock);
}

/* The conflicting works must not meet again in step: up to 2, 4, 8 … ms, by the clock's last
 * digits. */
static void pause_before(int attempt)
{
    struct timespec clock;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    int64_t most_ns = (attempt < 6 ? 1 << attempt : PAUSE_MS_MAX) * 1000000L;
    struct timespec pause = {.tv_nsec = (clock.tv_nsec * 2654435761L) % most_ns};
    nanosleep(&pause, NULL);
}

static enum attempt end_of(enum fault fault)
{
    switch (fault) {
    case FAULT_NONE:
        break;
    case FAULT_MEMORY:
        return ATTEMPT_MEMORY;
    case FAULT_STORE:
        return ATTEMPT_FAILED;
    case FAULT_RETRY:
        return ATTEMPT_AGAIN;
    }
    return ATTEMPT_DONE;
}

static enum attempt run_begun(struct db *db, const struct task *task)
{
    const struct engine *engine = db->store->engine;
    bool agreed = false;
    enum fault fault = store__run(db, task->work, task->argument, &agreed);
    if (fault != FAULT_NONE || !agreed || !db->writes) {
        engine->rollback(db->connection);
        return fault == FAULT_NONE && !agreed ? ATTEMPT_REFUSED : end_of(fault);
    }
    switch (engine->commit(db->connection)) {
    case STORE__COMMITTED:
        return ATTEMPT_DONE;
    case STORE__CONFLICT:
        return ATTEMPT_AGAIN;
    case STORE__ROLLED_BACK:
        break;
    case STORE__UNKNOWN:
        store__log("the connection was lost during a commit: nobody can tell whether it was made");
        break;
    }
    return ATTEMPT_FAILED;
}

static enum attempt attempt_once(struct store *store, const struct task *task)
{
    struct slot *slot = store__pool_take(store, &store->pool);
    if (slot == NULL)
        return ATTEMPT_FAILED;
    struct db db = {.store = store,
                    .connection = slot->connection,
                    .ctx = task->ctx,
                    .writes = task->mode != STORE__READ};
    enum attempt attempt = ATTEMPT_AGAIN;
    if (store->engine->begin(slot->connection, task->mode))
        attempt = run_begun(&db, task);
    store__pool_give(&store->pool, slot);
    return attempt;
}

/* Who keeps failing on others gets the field alone: they wait for the end of its attempt, and it
 * for theirs. */
static enum attempt attempt_among_others(struct store *store, const struct task *task, int failed)
{
    if (task->mode == STORE__READ)
        return attempt_once(store, task);
    if (failed >= ALONE_FROM)
        pthread_rwlock_wrlock(&store->field);
    else
        pthread_rwlock_rdlock(&store->field);
    enum attempt attempt = attempt_once(store, task);
    pthread_rwlock_unlock(&store->field);
    return attempt;
}

static enum attempt run_task(struct store *store, const struct task *task, int attempts_max)
{
    enum attempt attempt = attempt_among_others(store, task, 0);
    for (int failed = 1; attempt == ATTEMPT_AGAIN && failed < attempts_max; failed++) {
        pause_before(failed);
        attempt = attempt_among_others(store, task, failed);
    }
    if (attempt == ATTEMPT_AGAIN)
        store__log("given up after %d attempts", attempts_max);
    return attempt;
}

static enum store_result result_of(enum attempt attempt)
{
    switch (attempt) {
    case ATTEMPT_DONE:
        return STORE_DONE;
    case ATTEMPT_REFUSED:
        return STORE_REFUSED;
    case ATTEMPT_MEMORY:
        return STORE_MEMORY;
    case ATTEMPT_FAILED:
    case ATTEMPT_AGAIN:
        break;
    }
    return STORE_FAILED;
}

/* Returns when a run of the afterwork has ended that began after this write's commit. */
static void follow(struct store *store, const struct ctx *write)
{
    struct follow *follow = &store->follow;
    int64_t mine = atomic_fetch_add(&follow->committed, 1) + 1;
    pthread_mutex_lock(&follow->lock);
    if (follow->followed < mine) {
        int64_t committed = atomic_load(&follow->committed);
        struct arena *arena = arena_new(AFTERWORK_ARENA_BYTES);
        struct ctx ctx = store__afterwork_ctx(write, arena);
        struct task task = {&ctx, store->afterwork, store->afterwork_argument, STORE__AFTERWORK};
        if (run_task(store, &task, ATTEMPTS_MAX) == ATTEMPT_DONE)
            follow->followed = committed;
        else
            store__log("what follows each write failed; the next write's will catch up");
        arena_free(arena);
    }
    pthread_mutex_unlock(&follow->lock);
}

enum store_result store__postgres_read(struct store *store, struct ctx *ctx, store_work *work,
                                       void *argument)
{
    struct task task = {ctx, work, argument, STORE__READ};
    return result_of(run_task(store, &task, READ_ATTEMPTS_MAX));
}

enum store_result store__postgres_write(struct store *store, struct ctx *ctx, store_work *work,
                                        void *argument)
{
    struct task task = {ctx, work, argument, STORE__WRITE};
    enum attempt attempt = run_task(store, &task, ATTEMPTS_MAX);
    if (attempt == ATTEMPT_DONE && store->afterwork != NULL)
        follow(store, ctx);
    return result_of(attempt);
}
