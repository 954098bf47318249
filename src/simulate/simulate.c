/*
 * The province's year: most classes go the whole way, all over the province. The last ones are all
 * in the first county, each at another point of its way on the day that the simulation ends, so
 * that each desk there has something to do. What happens is played in the order of its days.
 */
#include "simulate/simulate.h"

#include <inttypes.h>
#include <stdlib.h>

#include "policy/policy.h"
#include "registry/registry.h"
#include "simulate/simulate_room.h"
#include "simulate_sql.h"

enum {
    NINE_O_CLOCK = 9 * 60,
    FIRST_PROGRAMMES = 4,
    STEP_ARENA_BYTES = 256 * 1024 * 1024,
    WHOLE_WAY_DAYS = 50, /* from a class's first day until its money is paid, and some */
};

bool simulate__refuse(struct scene *scene, const char *code)
{
    scene->refusal = code;
    return false;
}

bool simulate__act(struct scene *scene, const char *kind, int place)
{
    const char *login = arena_printf(scene->ctx->arena, "%s%d", kind, place + 1);
    return registry_act_as(scene->ctx, login) || simulate__refuse(scene, login);
}

struct step {
    int after; /* days after the first lesson; negative: before */
    store_work *work;
};

/* A class's whole way: ten days of lessons at most, and what follows. */
enum way {
    WAY_DRAFT = 1,
    WAY_SUBMITTED,
    WAY_APPROVED,
    WAY_ENROLLED,
    WAY_ATTENDED,
    WAY_FINISHED,
    WAY_EXAMINED,
    WAY_CLAIMED,
    WAY_REVIEWED_ONCE,
    WAY_ON_VIEW,
    WAY_PAYABLE,
    WAY_BATCHED,
    WAY_AT_THE_BANK,
    WAY_PAID,
};
static const struct step WAY[WAY_PAID] = {
    {-12, simulate__apply},        {-12, simulate__submit},     {-9, simulate__approve},
    {-5, simulate__enrol},         {11, simulate__attend},      {12, simulate__finish},
    {13, simulate__examine},       {15, simulate__claim},       {16, simulate__first_review},
    {17, simulate__second_review}, {32, simulate__release},     {33, simulate__make_batch},
    {33, simulate__approve_batch}, {35, simulate__read_result},
};

/* How far a class has come when the simulation ends, and what happened otherwise than usual. */
struct ending {
    enum way way;
    int since;        /* days from its first lesson to the end; negative: still to come */
    struct step turn; /* played after the way, or none */
};

static const struct ending WHOLE_WAY = {.way = WAY_PAID};

/* The open classes of the first county; in a small province the first of these. */
static const struct ending OPEN_ENDINGS[] = {
    {.way = WAY_SUBMITTED, .since = -10},
    {.way = WAY_ENROLLED, .since = 3, .turn = {3, simulate__teach}}, /* in its lessons */
    {.way = WAY_ENROLLED, .since = -4},
    {.way = WAY_FINISHED, .since = 13},
    {.way = WAY_CLAIMED, .since = 15},
    {.way = WAY_REVIEWED_ONCE, .since = 16},
    {.way = WAY_ON_VIEW, .since = 21},
    {.way = WAY_PAYABLE, .since = 34},
    {.way = WAY_ON_VIEW, .since = 20, .turn = {19, simulate__object}},
    {.way = WAY_ON_VIEW, .since = 33}, /* the list's days are over: it is due to be released */
    {.way = WAY_AT_THE_BANK, .since = 37},
    {.way = WAY_AT_THE_BANK, .since = 45, .turn = {35, simulate__read_bounced_result}},
    {.way = WAY_EXAMINED, .since = 14},
    {.way = WAY_DRAFT, .since = -11},
    {.way = WAY_SUBMITTED, .since = -6, .turn = {-8, simulate__return}},
    {.way = WAY_SUBMITTED, .since = -5, .turn = {-8, simulate__reject}},
    {.way = WAY_CLAIMED, .since = 30, .turn = {18, simulate__refuse_claim}},
    {.way = WAY_BATCHED, .since = 40},  /* waits for the second person */
    {.way = WAY_SUBMITTED, .since = 2}, /* nobody answered, and the first day has passed */
    {.way = WAY_CLAIMED, .since = 44},  /* nobody looked at it for weeks */
};
enum { OPEN_CLASSES = sizeof OPEN_ENDINGS / sizeof OPEN_ENDINGS[0] };

/* The simulated people are 22 to 40. */
static bool suits_ages(const struct pack_programme *programme)
{
    return programme->age_least <= 22 &&
           (programme->age_most == PACK_NUMBER_NONE || programme->age_most >= 40);
}

/*
 * The programmes that a class of the simulation may be of, in turn; each place begins with one of
 * the plan's first, so that the first number to look at has moved everywhere.
 */
static const struct pack_programme *pick_programme(const struct pack *pack,
                                                   const struct played_class *class)
{
    const struct pack_programme_list *programmes = &pack->programmes;
    int64_t turn = class->number < PLACES ? class->number % FIRST_PROGRAMMES : class->number;
    for (uint64_t i = 0; i < programmes->count; i++) {
        const struct pack_programme *programme =
            &programmes->items[((uint64_t)turn + i) % programmes->count];
        bool is_short = programme->lessons_least > 0 && programme->lessons_least <= 80;
        if (programme->is_subsidised && is_short &&
            pack_programme_runs(programme, class->first_day) && suits_ages(programme) &&
            pack_class_size_most(pack, programme, class->first_day) >= SIMULATE_CAPACITY)
            return programme;
    }
    return NULL;
}

/* --- what happens, and in which order */

struct event {
    struct instant at;
    struct played_class *class;
    store_work *work;
};

struct story {
    struct played_class *classes;
    struct event *events;
    size_t event_count;
};

static void add_event(struct story *story, struct played_class *class, const struct step *step,
                      int order)
{
    story->events[story->event_count++] =
        (struct event){.at = day_at(day_plus(class->first_day, step->after), NINE_O_CLOCK + order),
                       .class = class,
                       .work = step->work};
}

static bool add_class(struct story *story, const struct pack *pack, struct played_class *class)
{
    const struct ending *ending = class->ending;
    class->programme = pick_programme(pack, class);
    for (int i = 0; i < (int)ending->way; i++)
        add_event(story, class, &WAY[i], i);
    if (ending->turn.work != NULL)
        add_event(story, class, &ending->turn, (int)ending->way);
    return class->programme != NULL;
}

/* By time; what happens in one minute, by the class. */
static int compare_events(const void *left, const void *right)
{
    const struct event *a = left, *b = right;
    if (a->at.v != b->at.v)
        return a->at.v < b->at.v ? -1 : 1;
    return (a->class->number > b->class->number) - (a->class->number < b->class->number);
}

/* Which class is where, when, and how far it gets. */
static bool write_story(struct scene *scene, struct arena *arena, struct story *story)
{
    struct day first, last;
    struct instant end;
    if (!day_parse("2025-02-10", &first) || !instant_parse(SIMULATE_ENDS, &end))
        return simulate__refuse(scene, "calendar");
    last = instant_day(end);
    int64_t classes = scene->simulation->classes;
    int64_t open = classes / 2 < OPEN_CLASSES ? classes / 2 : OPEN_CLASSES;
    int64_t closed = classes - open;
    int32_t span = day_minus(last, first) - WHOLE_WAY_DAYS;
    story->classes = arena_array(arena, classes, struct played_class);
    story->events = arena_array(arena, classes * WAY_PAID, struct event);
    for (int64_t i = 0; i < classes; i++) {
        struct played_class *class = &story->classes[i];
        bool is_open = i >= closed;
        const struct ending *ending = is_open ? &OPEN_ENDINGS[i - closed] : &WHOLE_WAY;
        *class = (struct played_class){.number = i,
                                       .place = is_open ? 0 : (int)(i % PLACES),
                                       .first_day =
                                           is_open ? day_plus(last, -ending->since)
                                                   : day_plus(first, (int32_t)(i * span / closed)),
                                       .ending = ending};
        if (!add_class(story, scene->ctx->pack, class))
            return simulate__refuse(scene, "programme");
    }
    qsort(story->events, story->event_count, sizeof *story->events, compare_events);
    return true;
}

/* One step of the story: at its day and hour, by an account, in a transaction of its own. */
static bool play(struct scene *scene, struct instant at, store_work *work)
{
    scene->ctx->now = at;
    scene->ctx->today = instant_day(at);
    enum store_result result = store_write(scene->store, scene->ctx, work, scene);
    if (result != STORE_DONE && scene->refusal == NULL)
        scene->refusal = "store";
    if (result != STORE_DONE)
        return false;
    arena_reset(scene->ctx->arena);
    scene->ctx->actor = NULL; /* was in that memory */
    return true;
}

static bool play_story(struct scene *scene, const struct story *story)
{
    for (size_t i = 0; i < story->event_count; i++) {
        const struct event *event = &story->events[i];
        scene->class = event->class;
        if (!play(scene, event->at, event->work)) {
            scene->refusal = arena_printf(scene->ctx->arena, "class %" PRId64 ": %s",
                                          event->class->number + 1, scene->refusal);
            return false;
        }
    }
    return true;
}

bool simulate_province(struct store *store, struct ctx *ctx, const struct simulation *simulation,
                       const char **ret_refusal)
{
    /* What a step allocates goes with it. */
    struct ctx own = *ctx;
    own.arena = arena_new(STEP_ARENA_BYTES);
    struct scene scene = {.store = store,
                          .ctx = &own,
                          .simulation = simulation,
                          .password_hash = registry_hash_password(ctx, SIMULATE_PASSWORD),
                          .dice = {(uint64_t)simulation->seed}};
    struct story story = {0};
    struct day first;
    bool is_done = day_parse("2025-01-06", &first) && write_story(&scene, ctx->arena, &story) &&
                   play(&scene, day_at(first, NINE_O_CLOCK), simulate__add_house) &&
                   play_story(&scene, &story);
    *ret_refusal = is_done ? NULL : arena_text(ctx->arena, scene.refusal);
    arena_free(own.arena);
    return is_done;
}

bool simulate_is_demonstration(struct ctx *ctx)
{
    return sql_demonstration_count(ctx) > 0;
}

void simulate_describe(struct buffer *out)
{
    buffer_add(
        out, "demo sign-ins, password " SIMULATE_PASSWORD ":\n"
             "  school1     培训机构经办 institution clerk    head1      培训机构负责人 its head\n"
             "  teacher1    授课教师 teacher                  worker1    劳动者 worker\n"
             "  county1     县级经办 county officer           chief1     县级复核 county chief\n"
             "  cashier1    财务经办 finance clerk            treasurer1 财务复核 finance chief\n"
             "  evaluator1  考评人员 evaluator                prefecture1 州市级 prefecture\n"
             "  province    省级 province    auditor 审计    admin 管理员\n");
}
