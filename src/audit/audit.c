/*
 * The record of deeds, and the thread that writes those that may gather: while one batch is being
 * written the next one fills. Both are bounded; who finds them full waits.
 */
#include "audit/audit.h"

#include <pthread.h>
#include <time.h>

#include "audit/audit_room.h"
#include "base/log.h"
#include "store/store.h"

enum {
    NOTES_MAX = 1024,  /* of a batch */
    PEOPLE_MAX = 4096, /* of a note that may gather: who shows more waits for the disk */
    BATCH_BYTES = 2 * NOTES_MAX * (PEOPLE_MAX * 8 + 4096),
    WORK_BYTES = 64 * 1024 * 1024,
    GATHER_MS = 100,
    AGAIN_MS = 1000,    /* after a failure of the database */
    PATIENCE_MS = 5000, /* that a request waits for room */
    LAST_TRIES = 5,
    NS_A_MS = 1000 * 1000,
    NS_A_SECOND = 1000 * NS_A_MS,
};

struct batch {
    struct arena *arena;
    size_t count;
    struct audit_note notes[NOTES_MAX];
};

struct audit {
    struct audit_options options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct batch batches[2];
    struct batch *filling;
    bool is_writing; /* the other batch */
    bool is_ending;
    struct arena *arena; /* of the writer */
};

static struct timespec after_ms(long ms)
{
    struct timespec when;
    clock_gettime(CLOCK_MONOTONIC, &when);
    when.tv_nsec += ms % 1000 * NS_A_MS;
    when.tv_sec += ms / 1000 + when.tv_nsec / NS_A_SECOND;
    when.tv_nsec %= NS_A_SECOND;
    return when;
}

/* --- the writer --- */

static bool write_batch(struct ctx *ctx, void *argument)
{
    const struct batch *batch = argument;
    for (size_t i = 0; i < batch->count; i++)
        audit__write(ctx, &batch->notes[i]);
    return true;
}

static bool try_batch(struct audit *audit, struct batch *batch)
{
    struct instant now = {clock_now().v + audit->options.clock_offset_ms};
    struct ctx ctx = {
        .arena = audit->arena, .now = now, .today = instant_day(now), .ids = audit->options.ids};
    enum store_result result = store_write(audit->options.store, &ctx, write_batch, batch);
    arena_reset(audit->arena);
    return result == STORE_DONE;
}

/* Until it is written; a house that closes has only so many tries. The lock is held. */
static void write_out(struct audit *audit, struct batch *batch)
{
    int tries = 0;
    bool is_written = false;
    audit->is_writing = true;
    pthread_mutex_unlock(&audit->lock);
    while (!is_written) {
        is_written = try_batch(audit, batch);
        pthread_mutex_lock(&audit->lock);
        bool gives_up = audit->is_ending && ++tries >= LAST_TRIES;
        struct timespec again = after_ms(AGAIN_MS);
        if (!is_written && !gives_up)
            pthread_cond_timedwait(&audit->changed, &audit->lock, &again);
        pthread_mutex_unlock(&audit->lock);
        if (gives_up && !is_written) {
            log_line("audit: %zu entries could not be written", batch->count);
            break;
        }
    }
    arena_reset(batch->arena);
    pthread_mutex_lock(&audit->lock);
    batch->count = 0;
    audit->is_writing = false;
    pthread_cond_broadcast(&audit->changed);
}

static void *run(void *argument)
{
    struct audit *audit = argument;
    pthread_mutex_lock(&audit->lock);
    while (!audit->is_ending || audit->filling->count > 0) {
        if (audit->filling->count == 0) {
            pthread_cond_wait(&audit->changed, &audit->lock);
            continue;
        }
        struct batch *batch = audit->filling;
        audit->filling = &audit->batches[batch == audit->batches];
        write_out(audit, batch);
        struct timespec next = after_ms(GATHER_MS);
        while (!audit->is_ending && audit->filling->count < NOTES_MAX / 2 &&
               pthread_cond_timedwait(&audit->changed, &audit->lock, &next) == 0)
            ;
    }
    pthread_mutex_unlock(&audit->lock);
    return NULL;
}

/* --- who brings something --- */

/* False where there was no room for long. */
static bool gather(struct audit *audit, const struct audit_note *note)
{
    struct timespec until = after_ms(PATIENCE_MS);
    int waited = 0;
    pthread_mutex_lock(&audit->lock);
    while (audit->filling->count == NOTES_MAX && waited == 0)
        waited = pthread_cond_timedwait(&audit->changed, &audit->lock, &until);
    bool has_room = audit->filling->count < NOTES_MAX;
    if (has_room) {
        struct batch *batch = audit->filling;
        batch->notes[batch->count] = audit__copy(batch->arena, note);
        batch->count++;
        pthread_cond_broadcast(&audit->changed);
    }
    pthread_mutex_unlock(&audit->lock);
    return has_room;
}

static bool write_note(struct ctx *ctx, void *argument)
{
    audit__write(ctx, argument);
    return true;
}

bool audit_witness(struct ctx *ctx, const struct deed *deed, void *argument)
{
    struct audit *audit = argument;
    struct audit_note note;
    if (!audit__note(ctx, deed, &note))
        return true;
    if (deed->is_committed) {
        audit__write(ctx, &note);
        return true;
    }
    bool may_gather =
        (deed->kind == DEED_SAW || deed->kind == DEED_REFUSED) && note.person_count <= PEOPLE_MAX;
    return may_gather ? gather(audit, &note)
                      : store_write(audit->options.store, ctx, write_note, &note) == STORE_DONE;
}

void audit_settle(struct audit *audit)
{
    pthread_mutex_lock(&audit->lock);
    while (audit->filling->count > 0 || audit->is_writing)
        pthread_cond_wait(&audit->changed, &audit->lock);
    pthread_mutex_unlock(&audit->lock);
}

/* --- beginning and end --- */

struct audit *audit_start(const struct audit_options *options, struct arena *arena)
{
    struct audit *audit = arena_one(arena, struct audit);
    pthread_condattr_t attributes;
    audit->options = *options;
    audit->filling = audit->batches;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&audit->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&audit->lock, NULL);
    audit->arena = arena_new(WORK_BYTES);
    for (int i = 0; i < 2; i++)
        audit->batches[i].arena = arena_new(BATCH_BYTES);
    if (pthread_create(&audit->thread, NULL, run, audit) == 0)
        return audit;
    arena_free(audit->arena);
    for (int i = 0; i < 2; i++)
        arena_free(audit->batches[i].arena);
    return NULL;
}

void audit_stop(struct audit *audit)
{
    pthread_mutex_lock(&audit->lock);
    audit->is_ending = true;
    pthread_cond_broadcast(&audit->changed);
    pthread_mutex_unlock(&audit->lock);
    pthread_join(audit->thread, NULL);
    arena_free(audit->arena);
    for (int i = 0; i < 2; i++)
        arena_free(audit->batches[i].arena);
}
