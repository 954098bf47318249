/*
 * SQLite's one writer, shared by flat combining.
 *
 * A thread that wants to write queues its work. Where nobody leads, it becomes the leader: it takes
 * the queued works one after another, each in a savepoint of one transaction, commits once, and
 * only then wakes their threads. So many requests share one fsync, and a lone one pays no switch of
 * threads. While the commit waits for the disk, the next group gathers.
 *
 * Whoever refuses or faults is rolled back to its savepoint; the others are committed. Refusals
 * wait for the commit as well: what they saw may have been a neighbour's change.
 */
#include <assert.h>
#include <errno.h>
#include <sched.h>

#include "store/store_engine.h"

enum {
    GROUP_JOBS_MAX = 256,
    GROUP_MS_MAX = 10,
    LEAD_MS_MAX = 5, /* the leader's own caller waits while it leads for others */
    AFTERWORK_ARENA_BYTES = 64 * 1024 * 1024,
};

/* Lives on the stack of the thread that waits for it. */
struct job {
    struct job *next;
    struct ctx *ctx;
    store_work *work;
    void *argument;
    bool writes;
    bool wants_writer; /* no work: its thread wants to lead, and then uses the writer itself */
    bool leads;        /* woken to lead, not because it is done */
    enum store_result result;
    sem_t wake;
};

/* --- the queue ---------------------------------------------------------------------------- */

/* Queues the job and waits until it is done, or its thread is the leader: then true. */
static bool wait_or_lead(struct group *group, struct job *job)
{
    sem_init(&job->wake, /* pshared= */ 0, 0);
    pthread_mutex_lock(&group->lock);
    *group->last = job;
    group->last = &job->next;
    bool leads = !group->led;
    group->led = true;
    pthread_mutex_unlock(&group->lock);
    if (!leads) {
        while (sem_wait(&job->wake) != 0)
            assert(errno == EINTR);
        leads = job->leads;
    }
    sem_destroy(&job->wake);
    return leads;
}

/* The oldest job; NULL where there is none, or where the oldest wants the writer for itself. */
static struct job *next_job(struct group *group)
{
    pthread_mutex_lock(&group->lock);
    struct job *job = group->first;
    if (job != NULL && job->wants_writer)
        job = NULL;
    if (job != NULL) {
        group->first = job->next;
        if (group->first == NULL)
            group->last = &group->first;
        job->next = NULL;
    }
    pthread_mutex_unlock(&group->lock);
    return job;
}

/* Ends leading: the oldest that waits leads on. It stays in the queue, as the first of its own
 * group. */
static void hand_over(struct group *group)
{
    pthread_mutex_lock(&group->lock);
    struct job *heir = group->first;
    group->led = heir != NULL;
    pthread_mutex_unlock(&group->lock);
    if (heir != NULL) {
        heir->leads = true;
        sem_post(&heir->wake);
    }
}

static bool has_next(struct group *group)
{
    pthread_mutex_lock(&group->lock);
    bool has = group->first != NULL && !group->first->wants_writer;
    pthread_mutex_unlock(&group->lock);
    return has;
}

/* --- the writer --------------------------------------------------------------------------- */

static bool open_writer(struct store *store, struct why *ret_why)
{
    struct group *group = &store->group;
    if (group->writer != NULL)
        return true;
    if (!store__in_memory(store) && group->lock_file == NULL) {
        group->lock_file = store__lock_take(store->location, store->arena, ret_why);
        if (group->lock_file == NULL)
            return false;
    }
    group->writer = store->engine->connect(store, /* writer= */ true, ret_why);
    return group->writer != NULL;
}

/* One job in its savepoint. A write that could not be rolled back alone breaks the whole
 * transaction. */
static void run_job(struct store *store, struct job *job)
{
    struct connection *writer = store->group.writer;
    struct db db = {.store = store, .connection = writer, .ctx = job->ctx, .writes = job->writes};
    bool agreed = false;
    job->result = STORE_FAILED;
    if (!store__sqlite_savepoint(writer, job->writes ? STORE__WRITE : STORE__READ))
        return;
    enum fault fault = store__run(&db, job->work, job->argument, &agreed);
    if (fault != FAULT_NONE)
        job->result = store__result_of(fault);
    else if (!agreed)
        job->result = STORE_REFUSED;
    else if (store__sqlite_release(writer))
        job->result = STORE_DONE;
    if (job->result != STORE_DONE && store__sqlite_intact(writer) &&
        !store__sqlite_rollback_to(writer))
        store->engine->rollback(writer);
}

static bool run_afterwork(struct store *store, const struct ctx *write)
{
    struct group *group = &store->group;
    if (store->afterwork == NULL)
        return true;
    struct ctx ctx = store__afterwork_ctx(write, group->arena);
    struct db db = {.store = store, .connection = group->writer, .ctx = &ctx, .writes = true};
    bool agreed = false;
    enum fault fault = store__run(&db, store->afterwork, store->afterwork_argument, &agreed);
    arena_reset(group->arena);
    if (fault != FAULT_NONE || !agreed)
        store__log("what follows each write failed; its group is rolled back");
    return fault == FAULT_NONE && agreed;
}

enum ending { ENDED_WELL, ENDED_WRONG, ENDED_BROKEN };

/*
 * Ends the transaction of these jobs. ENDED_BROKEN: it was rolled back for a reason that may lie
 * with one of them. ENDED_WRONG: the commit failed, and may have for any of them.
 */
static enum ending end_group(struct store *store, const struct job *jobs)
{
    struct connection *writer = store->group.writer;
    const struct job *written = jobs;
    while (written != NULL && !(written->writes && written->result == STORE_DONE))
        written = written->next;
    bool intact = store__sqlite_intact(writer);
    if (intact && written == NULL) {
        store->engine->rollback(writer);
        return ENDED_WELL;
    }
    if (!intact || !run_afterwork(store, written->ctx)) {
        store->engine->rollback(writer);
        return ENDED_BROKEN;
    }
    return store->engine->commit(writer) == STORE__COMMITTED ? ENDED_WELL : ENDED_WRONG;
}

static void fail_all(struct job *jobs)
{
    for (struct job *job = jobs; job != NULL; job = job->next)
        job->result = STORE_FAILED;
}

/* After a group that broke: each job that had answered gets a transaction of its own. */
static void run_alone(struct store *store, struct job *job)
{
    struct job *next = job->next;
    job->next = NULL;
    job->result = STORE_FAILED;
    if (store->engine->begin(store->group.writer, STORE__WRITE)) {
        run_job(store, job);
        if (end_group(store, job) != ENDED_WELL)
            job->result = STORE_FAILED;
    }
    job->next = next;
}

/* The works of one transaction: what is queued, and what comes while they run, within bounds. */
static struct job *run_queued(struct store *store)
{
    struct job *jobs = NULL;
    struct job **last = &jobs;
    int64_t until = store__clock_ms() + GROUP_MS_MAX;
    struct job *job;
    for (int count = 0; count < GROUP_JOBS_MAX && (job = next_job(&store->group)); count++) {
        *last = job;
        last = &job->next;
        run_job(store, job);
        if (!store__sqlite_intact(store->group.writer) || store__clock_ms() > until)
            break;
    }
    return jobs;
}

static struct job *run_group(struct store *store)
{
    struct why why;
    bool begun = open_writer(store, &why);
    if (!begun)
        store__log("cannot write: %s", why.text);
    else
        begun = store->engine->begin(store->group.writer, STORE__WRITE);
    if (!begun) {
        struct job *job = next_job(&store->group);
        fail_all(job);
        return job;
    }
    struct job *jobs = run_queued(store);
    enum ending ending = end_group(store, jobs);
    if (ending == ENDED_WRONG)
        fail_all(jobs);
    for (struct job *job = jobs; job != NULL && ending == ENDED_BROKEN; job = job->next) {
        if (job->result == STORE_DONE || job->result == STORE_REFUSED)
            run_alone(store, job);
    }
    return jobs;
}

/* A job is its thread's again, and may be gone, once that thread is woken. */
static void wake_all(struct job *jobs, const struct job *own)
{
    for (struct job *job = jobs, *next; job != NULL; job = next) {
        next = job->next;
        if (job != own)
            sem_post(&job->wake);
    }
}

enum store_result store__group_run(struct store *store, struct ctx *ctx, bool writes,
                                   store_work *work, void *argument)
{
    struct group *group = &store->group;
    struct job own = {.ctx = ctx, .work = work, .argument = argument, .writes = writes};
    if (!wait_or_lead(group, &own))
        return own.result;
    int64_t until = store__clock_ms() + LEAD_MS_MAX;
    do {
        wake_all(run_group(store), &own);
        sched_yield(); /* those just answered may have more: one commit less */
    } while (has_next(group) && store__clock_ms() < until);
    hand_over(group);
    return own.result;
}

/* --- alone -------------------------------------------------------------------------------- */

struct connection *store__writer_take(struct store *store, struct why *ret_why)
{
    struct group *group = &store->group;
    struct job own = {.wants_writer = true};
    bool leads = wait_or_lead(group, &own);
    assert(leads);
    pthread_mutex_lock(&group->lock);
    assert(group->first == &own);
    group->first = own.next;
    if (group->first == NULL)
        group->last = &group->first;
    pthread_mutex_unlock(&group->lock);
    if (open_writer(store, ret_why))
        return group->writer;
    hand_over(group);
    return NULL;
}

void store__writer_give(struct store *store)
{
    hand_over(&store->group);
}

void store__group_open(struct group *group)
{
    pthread_mutex_init(&group->lock, NULL);
    group->last = &group->first;
    group->arena = arena_new(AFTERWORK_ARENA_BYTES);
}

void store__group_close(struct store *store)
{
    struct group *group = &store->group;
    if (group->writer != NULL)
        store->engine->disconnect(group->writer);
    store__lock_give(group->lock_file);
    arena_free(group->arena);
    pthread_mutex_destroy(&group->lock);
}
