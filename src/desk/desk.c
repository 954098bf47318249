/* The first pages and the frame's navigation. */
#include "desk/desk.h"

#include <string.h>

#include "base/text.h"
#include "desk_html.h"
#include "evaluation/evaluation.h"
#include "fund/fund.h"
#include "ledger/ledger.h"
#include "notice/notice.h"
#include "plan/plan.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "subsidy/subsidy.h"
#include "training/training.h"
#include "web/show.h"

enum { FACTS_SHOWN = 100 };

/* What the navigation offers, and to whom. */
static const struct {
    const char *path;
    const char *key;
    enum permission permission;
} ENTRIES[] = {
    {"/", "desk.home", PERMISSION_PUBLIC},
    {"/classes", "training.classes", PERMISSION_PUBLIC},
    {"/progress", "plan.progress", PERMISSION_PUBLIC},
    {"/me", "desk.my_record", PERMISSION_RECORD_OWN},
    {"/desk", "desk.title", PERMISSION_CLASS_VIEW},
    {"/desk", "desk.title", PERMISSION_ACCOUNT_ADMINISTER}, /* who sees no class */
};

static bool is_under(const char *path, const char *entry)
{
    size_t length = strlen(entry);
    if (length == 1)
        return strcmp(path, entry) == 0;
    return strncmp(path, entry, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

void desk_frame(struct ctx *ctx, struct frame *ret)
{
    size_t most = sizeof ENTRIES / sizeof ENTRIES[0];
    struct navigation_entry *entries = arena_array(ctx->arena, most, struct navigation_entry);
    size_t count = 0;
    for (size_t i = 0; i < most; i++)
        if (registry_permits(ctx, ENTRIES[i].permission))
            entries[count++] = (struct navigation_entry){
                .path = ENTRIES[i].path,
                .key = ENTRIES[i].key,
                .current = is_under(request_path(ctx), ENTRIES[i].path),
            };
    *ret = (struct frame){.navigation = entries, .navigation_count = count, .inbox_count = -1};
    if (ctx->actor != NULL) {
        ret->actor_name = ctx->actor->name;
        ret->actor_role = show_enum(ctx, "role", role_code(ctx->actor->role));
    }
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

/* Where something is looked up or kept, rather than waiting. */
static const struct {
    const char *path;
    const char *key;
    enum permission permission;
} REGISTERS[] = {
    {"/desk/people", "registry.people", PERMISSION_PERSON_SEARCH},
    {"/desk/organisations", "registry.organisations", PERMISSION_ORGANISATION_VIEW},
    {"/desk/accounts", "registry.accounts", PERMISSION_ACCOUNT_ADMINISTER},
};
enum { REGISTERS_COUNT = sizeof REGISTERS / sizeof REGISTERS[0], WAITING_MAX = 8 };

static struct reply show_desk(struct ctx *ctx)
{
    struct desk_home_model *model = arena_one(ctx->arena, struct desk_home_model);
    struct desk_home_entry *entries =
        arena_array(ctx->arena, WAITING_MAX + REGISTERS_COUNT, struct desk_home_entry);
    size_t count = 0;
    if (registry_permits(ctx, PERMISSION_CLASS_REVIEW))
        entries[count++] =
            (struct desk_home_entry){"/desk/classes?state=submitted",
                                     words(ctx, "desk.classes_waiting"), training_waiting(ctx)};
    if (ctx->actor->role == ROLE_EVALUATOR)
        entries[count++] =
            (struct desk_home_entry){"/desk/classes?state=training_done",
                                     words(ctx, "desk.to_examine"), training_to_examine(ctx)};
    if (registry_permits(ctx, PERMISSION_CLAIM_RELEASE))
        entries[count++] = (struct desk_home_entry){
            "/desk/claims", words(ctx, "desk.claims_waiting"), subsidy_waiting(ctx)};
    if (registry_permits(ctx, PERMISSION_OBJECTION_SETTLE))
        entries[count++] = (struct desk_home_entry){
            "/desk/objections", words(ctx, "notice.objections"), notice_objections_waiting(ctx)};
    if (registry_permits(ctx, PERMISSION_PAYMENT_VIEW))
        entries[count++] = (struct desk_home_entry){
            "/desk/payments", words(ctx, "subsidy.payments"), fund_payable(ctx).n};
    if (registry_permits(ctx, PERMISSION_CLASS_VIEW))
        entries[count++] =
            (struct desk_home_entry){"/desk/classes", words(ctx, "training.classes"), 0};
    if (registry_permits(ctx, PERMISSION_CLAIM_MAKE))
        entries[count++] =
            (struct desk_home_entry){"/desk/claims", words(ctx, "subsidy.claims"), 0};
    for (size_t i = 0; i < REGISTERS_COUNT; i++)
        if (registry_permits(ctx, REGISTERS[i].permission))
            entries[count++] =
                (struct desk_home_entry){REGISTERS[i].path, words(ctx, REGISTERS[i].key), 0};
    model->name = ctx->actor->name;
    model->organisation = ctx->actor->organisation_name;
    model->entries.count = count;
    model->entries.items = entries;
    return page_desk_home(ctx, model);
}

static void fill_trainings(struct ctx *ctx, struct my_record_model *model)
{
    struct enrolment_list enrolments = training_enrolments_of_person(ctx, ctx->actor->person);
    model->trainings.count = enrolments.count;
    model->trainings.items = arena_array(ctx->arena, enrolments.count, struct my_record_training);
    for (size_t i = 0; i < enrolments.count; i++) {
        struct training_class class = {0};
        struct exam_result result = {.score = INT64_MIN};
        struct certificate certificate = {0};
        training_class_get(ctx, enrolments.items[i].class, &class);
        evaluation_result(ctx, enrolments.items[i].id, &result);
        evaluation_certificate_of(ctx, enrolments.items[i].id, &certificate);
        model->trainings.items[i] = (struct my_record_training){
            .name = class.name,
            .starts_on = class.starts_on,
            .ends_on = class.ends_on,
            .state = enrolments.items[i].state,
            .score = result.score,
            .certificate_no = certificate.certificate_no,
        };
    }
}

static struct reply show_my_record(struct ctx *ctx)
{
    struct my_record_model *model = arena_one(ctx->arena, struct my_record_model);
    struct person person;
    if (!registry_person(ctx, ctx->actor->person, &person))
        return reply_not_found(ctx);
    model->name = person.name;
    model->identity_no = mask_identity_no(ctx->arena, person.identity_no);
    fill_trainings(ctx, model);
    struct fact_list facts = ledger_facts_of_person(ctx, person.id, FACTS_SHOWN);
    model->entries.count = facts.count;
    model->entries.items = arena_array(ctx->arena, facts.count, struct my_record_entry);
    for (size_t i = 0; i < facts.count; i++) {
        const struct pack_fact *kind = pack_fact(ctx->pack, facts.items[i].kind);
        model->entries.items[i] = (struct my_record_entry){
            .held_on = facts.items[i].held_on,
            .what = kind == NULL ? facts.items[i].kind : pack_say(kind->name, ctx->language),
            .clause = facts.items[i].clause,
        };
    }
    return page_my_record(ctx, model);
}

const struct route desk_routes[] = {
    {GET, "/", PERMISSION_PUBLIC, .handle = show_home},
    {GET, "/desk", PERMISSION_SIGNED_IN, .handle = show_desk},
    {GET, "/me", PERMISSION_RECORD_OWN, .handle = show_my_record},
    {0},
};
