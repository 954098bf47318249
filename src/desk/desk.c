/* The first pages and the frame's navigation. */
#include "desk/desk_room.h"

#include <string.h>

#include "base/text.h"
#include "desk_html.h"
#include "fund/fund.h"
#include "notice/notice.h"
#include "plan/plan.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "subsidy/subsidy.h"
#include "training/training.h"
#include "web/show.h"

/* What the navigation offers, and to whom. */
struct entry {
    const char *path;
    const char *key;
    enum permission permission;
};
static const struct entry FACES[] = {
    {"/", "desk.home", PERMISSION_PUBLIC},
    {"/classes", "training.classes", PERMISSION_PUBLIC},
    {"/progress", "plan.progress", PERMISSION_PUBLIC},
    {"/me", "desk.my_record", PERMISSION_RECORD_OWN},
    {"/desk", "desk.title", PERMISSION_CLASS_VIEW},
    {"/desk", "desk.title", PERMISSION_ACCOUNT_ADMINISTER}, /* who sees no class */
};
static const struct entry ROOMS[] = {
    {"/desk/classes", "training.classes", PERMISSION_CLASS_VIEW},
    {"/desk/claims", "subsidy.claims", PERMISSION_CLAIM_VIEW},
    {"/desk/objections", "notice.objections", PERMISSION_OBJECTION_SETTLE},
    {"/desk/payments", "subsidy.payments", PERMISSION_PAYMENT_VIEW},
    {"/desk/certificates", "evaluation.certificates", PERMISSION_CERTIFICATE_VIEW},
    {"/desk/people", "registry.people", PERMISSION_PERSON_SEARCH},
    {"/desk/corrections", "registry.corrections", PERMISSION_CORRECTION_VIEW},
    {"/desk/organisations", "registry.organisations", PERMISSION_ORGANISATION_VIEW},
    {"/desk/accounts", "registry.accounts", PERMISSION_ACCOUNT_ADMINISTER},
    {"/desk/posts", "registry.posts_review", PERMISSION_POST_REVIEW},
    {"/desk/staff", "registry.staff", PERMISSION_STAFF_MANAGE},
    {"/desk/audit", "audit.title", PERMISSION_AUDIT_VIEW},
};
enum {
    FACES_COUNT = sizeof FACES / sizeof FACES[0],
    ROOMS_COUNT = sizeof ROOMS / sizeof ROOMS[0],
};

static int64_t to_examine(struct ctx *ctx)
{
    return ctx->actor->role == ROLE_EVALUATOR ? training_to_examine(ctx) : 0;
}

static int64_t payable(struct ctx *ctx)
{
    return fund_payable(ctx).n;
}

/* What can wait for somebody: where it is done, and how much there is. Each is one count over an
 * index that leads with the state, so that every page of the desk can show it. */
static const struct waiting {
    const char *room;
    const char *path;
    const char *key;
    enum permission permission;
    int64_t (*count)(struct ctx *ctx);
} WAITING[] = {
    {"/desk/classes", "/desk/classes?state=returned", "desk.classes_returned",
     PERMISSION_CLASS_APPLY, training_returned},
    {"/desk/classes", "/desk/classes?state=submitted", "desk.classes_waiting",
     PERMISSION_CLASS_REVIEW, training_waiting},
    {"/desk/classes", "/desk/classes?state=training_done", "desk.to_examine",
     PERMISSION_RESULTS_RECORD, to_examine},
    {"/desk/claims", "/desk/claims?state=first_review", "desk.claims_first",
     PERMISSION_CLAIM_FIRST_REVIEW, subsidy_waiting},
    {"/desk/claims", "/desk/claims?state=second_review", "desk.claims_second",
     PERMISSION_CLAIM_SECOND_REVIEW, subsidy_waiting},
    {"/desk/objections", "/desk/objections", "notice.objections", PERMISSION_OBJECTION_SETTLE,
     notice_objections_waiting},
    {"/desk/corrections", "/desk/corrections?state=open", "registry.corrections_waiting",
     PERMISSION_CORRECTION_DECIDE, registry_corrections_waiting},
    {"/desk/payments", "/desk/payments", "desk.payable", PERMISSION_PAYMENT_MAKE, payable},
    {"/desk/payments", "/desk/payments?state=made", "desk.batches_waiting",
     PERMISSION_PAYMENT_APPROVE, fund_batches_waiting},
};
enum { WAITING_COUNT = sizeof WAITING / sizeof WAITING[0] };

static bool is_under(const char *path, const char *entry)
{
    size_t length = strlen(entry);
    if (length == 1)
        return strcmp(path, entry) == 0;
    return strncmp(path, entry, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* What is shown on pages of its own, and the list that it belongs to. */
static const struct {
    const char *page, *list;
} ONES[] = {
    {"/class", "/classes"},
    {"/desk/class", "/desk/classes"},
    {"/desk/session", "/desk/classes"},
    {"/desk/roster", "/desk/classes"},
    {"/desk/claim", "/desk/claims"},
    {"/desk/batch", "/desk/payments"},
    {"/desk/person", "/desk/people"},
    {"/desk/correction", "/desk/corrections"},
    {"/desk/organisation", "/desk/organisations"},
    {"/desk/account", "/desk/accounts"},
    {"/desk/post", "/desk/posts"},
};

static bool is_of(const char *path, const char *entry)
{
    for (size_t i = 0; i < sizeof ONES / sizeof ONES[0]; i++)
        if (strcmp(ONES[i].list, entry) == 0 && is_under(path, ONES[i].page))
            return true;
    return is_under(path, entry);
}

static int64_t waiting_in(const char *room, const int64_t *waiting)
{
    int64_t sum = 0;
    for (size_t i = 0; i < WAITING_COUNT; i++)
        if (strcmp(WAITING[i].room, room) == 0)
            sum += waiting[i];
    return sum;
}

static int64_t *count_waiting(struct ctx *ctx)
{
    int64_t *waiting = arena_array(ctx->arena, WAITING_COUNT, int64_t);
    for (size_t i = 0; ctx->actor != NULL && i < WAITING_COUNT; i++)
        if (registry_permits(ctx, WAITING[i].permission))
            waiting[i] = WAITING[i].count(ctx);
    return waiting;
}

static void fill_rooms(struct ctx *ctx, const int64_t *waiting, struct frame *ret)
{
    struct navigation_entry *rooms = arena_array(ctx->arena, ROOMS_COUNT, struct navigation_entry);
    for (size_t i = 0; i < ROOMS_COUNT; i++)
        if (registry_permits(ctx, ROOMS[i].permission))
            rooms[ret->room_count++] = (struct navigation_entry){
                .path = ROOMS[i].path,
                .key = ROOMS[i].key,
                .current = is_of(request_path(ctx), ROOMS[i].path),
                .count = waiting_in(ROOMS[i].path, waiting),
            };
    ret->rooms = rooms;
}

void desk_frame(struct ctx *ctx, struct frame *ret)
{
    struct navigation_entry *faces = arena_array(ctx->arena, FACES_COUNT, struct navigation_entry);
    int64_t *waiting = count_waiting(ctx);
    int64_t all = 0;
    for (size_t i = 0; i < WAITING_COUNT; i++)
        all += waiting[i];
    *ret = (struct frame){.navigation = faces};
    for (size_t i = 0; i < FACES_COUNT; i++) {
        bool is_desk = strcmp(FACES[i].path, "/desk") == 0;
        bool stands = ret->navigation_count > 0 &&
                      strcmp(faces[ret->navigation_count - 1].path, FACES[i].path) == 0;
        if (stands || !registry_permits(ctx, FACES[i].permission))
            continue;
        faces[ret->navigation_count++] = (struct navigation_entry){
            .path = FACES[i].path,
            .key = FACES[i].key,
            .current = is_of(request_path(ctx), FACES[i].path),
            .count = is_desk ? all : 0,
        };
    }
    if (ctx->actor == NULL)
        return;
    ret->actor_name = ctx->actor->name;
    ret->actor_role = show_enum(ctx, "role", role_code(ctx->actor->role));
    if (is_under(request_path(ctx), "/desk"))
        fill_rooms(ctx, waiting, ret);
}

static struct reply show_home(struct ctx *ctx)
{
    struct plan_headline_list headlines = plan_headlines(ctx);
    struct home_model *model = arena_one(ctx->arena, struct home_model);
    model->plan_name = pack_say(ctx->pack->name, ctx->language);
    model->headlines.count = headlines.count;
    model->headlines.items = arena_array(ctx->arena, headlines.count, struct home_headline);
    for (size_t i = 0; i < headlines.count; i++) {
        const struct plan_headline *line = &headlines.items[i];
        struct plan_share share = plan_share(ctx, line->actual, line->target);
        model->headlines.items[i] = (struct home_headline){
            .id = line->metric->id,
            .name = pack_say(line->metric->name, ctx->language),
            .unit = pack_say(line->metric->unit, ctx->language),
            .actual = line->actual,
            .target = line->target,
            .share = share.text,
            .bar = share.bar,
        };
    }
    return page_home(ctx, model);
}

/* Who stays away is seen while it can still be mended. */
static void fill_behind(struct ctx *ctx, struct desk_home_model *model)
{
    if (!registry_permits(ctx, PERMISSION_CLASS_VIEW))
        return;
    struct falling_behind_list list = training_falling_behind(ctx);
    model->looked_at = list.has_more ? (int64_t)list.looked_at : 0;
    model->behind.count = list.count;
    model->behind.items = arena_array(ctx->arena, list.count, struct desk_home_behind);
    for (size_t i = 0; i < list.count; i++)
        model->behind.items[i] = (struct desk_home_behind){list.items[i].class, list.items[i].name,
                                                           list.items[i].trainee_count};
}

static struct reply show_desk(struct ctx *ctx)
{
    struct desk_home_model *model = arena_one(ctx->arena, struct desk_home_model);
    const int64_t *waiting = count_waiting(ctx);
    model->name = ctx->actor->name;
    model->organisation = ctx->actor->organisation_name;
    model->entries.items = arena_array(ctx->arena, WAITING_COUNT, struct desk_home_entry);
    for (size_t i = 0; i < WAITING_COUNT; i++)
        if (waiting[i] > 0)
            model->entries.items[model->entries.count++] =
                (struct desk_home_entry){WAITING[i].path, words(ctx, WAITING[i].key), waiting[i]};
    fill_behind(ctx, model);
    return page_desk_home(ctx, model);
}

const struct route desk_routes[] = {
    {GET, "/", PERMISSION_PUBLIC, .handle = show_home},
    {GET, "/desk", PERMISSION_SIGNED_IN, .handle = show_desk},
    {GET, "/me", PERMISSION_RECORD_OWN, .handle = desk__show_my_record},
    {POST, "/me/data/erase", PERMISSION_RECORD_OWN, .handle = desk__post_erase},
    {GET, "/me/data", PERMISSION_RECORD_OWN, .handle = desk__show_own_data},
    {0},
};
