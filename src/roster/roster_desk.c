/* The rest of long files, read behind the pages: a portion a transaction, so that nobody who writes
 * beside it waits for more than a portion, and nothing that was staged is read into the database
 * again. */
#include <pthread.h>
#include <time.h>

#include "roster/roster_room.h"
#include "roster_sql.h"
#include "store/store.h"

enum {
    DESK_ARENA_BYTES = 512 * 1024 * 1024, /* a file of a million rows, and its numbers */
    LOOK_EVERY_MS = 250,
    NS_A_MS = 1000 * 1000,
    NS_A_SECOND = 1000 * NS_A_MS,
};

struct roster_desk {
    struct roster_desk_options options;
    struct arena *arena; /* of the file that is being read */
    int64_t passed;      /* what the database failed at waits until all others were tried */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ending;
    bool is_ending;
};

/* One file. */
struct work {
    int64_t after; /* its number is above this one */
    struct roster_import import;
    struct bytes content;
    struct roster_portion portion;
};

static bool find_waiting(struct ctx *ctx, void *argument)
{
    struct work *work = argument;
    struct roster_content content;
    if (!sql_import_waiting(ctx, work->after, &work->import) ||
        !sql_content_of(ctx, work->import.id, &content))
        return false;
    work->content = content.content;
    return true;
}

static bool stage(struct ctx *ctx, void *argument)
{
    struct work *work = argument;
    struct roster_continuation continuation = {work->import.id, work->import.read_to,
                                               &work->portion};
    return roster_stage_more(ctx, &continuation);
}

static bool is_ending(struct roster_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    bool is_ending = desk->is_ending;
    pthread_mutex_unlock(&desk->lock);
    return is_ending;
}

static struct ctx new_ctx(const struct roster_desk *desk)
{
    struct instant now = {clock_now().v + desk->options.clock_offset_ms};
    return (struct ctx){.arena = desk->arena,
                        .now = now,
                        .today = instant_day(now),
                        .ids = desk->options.ids,
                        .pack = desk->options.pack,
                        .vault = desk->options.vault};
}

/* What was staged before stays as it is: a portion may begin within another one's rows. */
static void leave_out_staged(struct roster_portion *portion, int64_t read_to)
{
    while (portion->count > 0 && portion->lines[0].row <= read_to) {
        portion->lines++;
        portion->count--;
    }
}

static enum store_result stage_apart(struct roster_desk *desk, struct ctx *ctx, struct work *work)
{
    struct arena_mark mark = arena_mark(ctx->arena);
    enum store_result result = store_write(desk->options.store, ctx, stage, work);
    arena_release(ctx->arena, mark);
    if (work->portion.count > 0)
        work->import.read_to = work->portion.lines[work->portion.count - 1].row;
    return result;
}

static enum store_result read_on(struct roster_desk *desk, struct ctx *ctx, struct work *work)
{
    struct roster_header header;
    enum store_result result = STORE_DONE;
    struct roster_reader *reader = roster_reader_open(ctx, work->content, &header);
    work->portion = (struct roster_portion){
        .is_last = reader == NULL, .outcome = header.outcome, .detail = header.detail};
    if (reader == NULL)
        return stage_apart(desk, ctx, work);
    while (result == STORE_DONE && !work->portion.is_last && !is_ending(desk)) {
        roster_reader_next(reader, &work->portion);
        leave_out_staged(&work->portion, work->import.read_to);
        if (work->portion.count > 0 || work->portion.is_last)
            result = stage_apart(desk, ctx, work);
    }
    return result;
}

/* A file that needs more memory than there is would be begun again for ever. */
static void give_up(struct roster_desk *desk, struct work *work)
{
    arena_reset(desk->arena);
    struct ctx ctx = new_ctx(desk);
    ctx.language = (enum language)work->import.language;
    work->portion = (struct roster_portion){.is_last = true,
                                            .outcome = ROSTER_UPLOAD_UNREADABLE,
                                            .detail = words(&ctx, "roster.too_much")};
    if (store_write(desk->options.store, &ctx, stage, work) != STORE_DONE)
        desk->passed = work->import.id.v;
}

/* One file, as far as it goes; false where none waits. */
static bool work_on(struct roster_desk *desk)
{
    struct guard guard;
    struct work work = {.after = desk->passed};
    volatile bool has_work = false;
    arena_reset(desk->arena);
    if (GUARDED(desk->arena, &guard) == FAULT_NONE) {
        struct ctx ctx = new_ctx(desk);
        has_work = store_read(desk->options.store, &ctx, find_waiting, &work) == STORE_DONE;
        ctx.language = (enum language)work.import.language;
        enum store_result result = has_work ? read_on(desk, &ctx, &work) : STORE_DONE;
        if (result == STORE_MEMORY)
            fault_raise(desk->arena, FAULT_MEMORY);
        if (result == STORE_FAILED)
            desk->passed = work.import.id.v;
        guard_leave(desk->arena, &guard);
    } else if (has_work) {
        give_up(desk, &work);
    }
    if (!has_work)
        desk->passed = 0;
    return has_work;
}

static void wait(struct roster_desk *desk)
{
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    next.tv_nsec += (long)LOOK_EVERY_MS * NS_A_MS;
    next.tv_sec += next.tv_nsec / NS_A_SECOND;
    next.tv_nsec %= NS_A_SECOND;
    pthread_mutex_lock(&desk->lock);
    if (!desk->is_ending)
        pthread_cond_timedwait(&desk->ending, &desk->lock, &next);
    pthread_mutex_unlock(&desk->lock);
}

static void *run(void *argument)
{
    struct roster_desk *desk = argument;
    while (!is_ending(desk))
        if (!work_on(desk))
            wait(desk);
    return NULL;
}

struct roster_desk *roster_desk_start(const struct roster_desk_options *options,
                                      struct arena *arena)
{
    struct roster_desk *desk = arena_one(arena, struct roster_desk);
    desk->options = *options;
    desk->arena = arena_new(DESK_ARENA_BYTES);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&desk->ending, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&desk->lock, NULL);
    if (pthread_create(&desk->thread, NULL, run, desk) == 0)
        return desk;
    arena_free(desk->arena);
    return NULL;
}

void roster_desk_stop(struct roster_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    desk->is_ending = true;
    pthread_cond_signal(&desk->ending);
    pthread_mutex_unlock(&desk->lock);
    pthread_join(desk->thread, NULL);
    arena_free(desk->arena);
}
