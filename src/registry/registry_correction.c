/* Corrections 更正申请: another name under a known number becomes a case that somebody decides. */
#include <string.h>

#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry_room.h"
#include "registry_sql.h"

enum { REGION_DIGITS = 6, REASON_CHARACTERS_MAX = 500 };

bool registry_correction(struct ctx *ctx, name_correction_id id, struct name_correction *ret)
{
    return sql_name_correction_by_id(ctx, id, ret);
}

bool registry_correction_of(struct ctx *ctx, person_id person, const char *told_name,
                            struct name_correction *ret)
{
    const char *name = registry__stored_name(ctx, told_name);
    return name != NULL && sql_name_correction_of(ctx, person, name, ret);
}

bool registry__correction_is_overdue(const struct ctx *ctx,
                                     const struct name_correction *correction)
{
    return correction->state == CORRECTION_STATE_OPEN &&
           day_compare(ctx->today, correction->due_on) > 0;
}

/* --- opening */

/* Why this person may not be asked about under this name, or CORRECTION_OPEN_DONE. */
static enum correction_open weigh(struct ctx *ctx, const struct correction_opening *opening,
                                  const struct person *person, const char *told_name)
{
    struct name_correction earlier;
    bool is_own = opening->origin == CORRECTION_ORIGIN_WORKER;
    bool came_before = sql_name_correction_of(ctx, person->id, told_name, &earlier);
    if (came_before && earlier.state == CORRECTION_STATE_OPEN)
        return CORRECTION_OPEN_ALREADY;
    if (registry_same_name(ctx, person->name, told_name))
        return CORRECTION_OPEN_SAME_NAME;
    if (!is_own && sql_person_name_has(ctx, person->id, told_name) > 0)
        return CORRECTION_OPEN_SAME_NAME;
    if (!is_own && came_before && earlier.state == CORRECTION_STATE_REFUSED)
        return CORRECTION_OPEN_REFUSED_BEFORE;
    if (is_own && sql_name_correction_count_own(ctx, ctx->actor->account) > 0)
        return CORRECTION_OPEN_ANOTHER_OPEN;
    return CORRECTION_OPEN_DONE;
}

/* Where the person lives is read anew whenever it is asked whose case it is; this is what stands in
 * for it. */
static const char *region_of(struct ctx *ctx, const struct correction_opening *opening)
{
    const char *region = text_empty(opening->region) ? ctx->actor->region : opening->region;
    size_t length = strlen(region);
    return arena_text_n(ctx->arena, region, length < REGION_DIGITS ? length : REGION_DIGITS);
}

static bool insert(struct ctx *ctx, const struct correction_opening *opening,
                   const struct person *person, struct day due_on, name_correction_id id)
{
    return sql_name_correction_insert(
               ctx, &(struct sql_name_correction_insert){
                        .id = id,
                        .person = person->id,
                        .told_name = registry__stored_name(ctx, opening->told_name),
                        .known_name = person->name,
                        .origin = opening->origin,
                        .reason = opening->reason,
                        .region = region_of(ctx, opening),
                        .organisation = ctx->actor->organisation,
                        .opened_by = ctx->actor->account,
                        .opened_at = ctx->now,
                        .due_on = due_on,
                    }) > 0;
}

enum correction_open registry_correction_open(struct ctx *ctx,
                                              const struct correction_opening *opening,
                                              name_correction_id *ret)
{
    struct person person;
    struct name_correction open;
    struct day due_on;
    const char *told_name = registry__stored_name(ctx, opening->told_name);
    bool is_own = opening->origin == CORRECTION_ORIGIN_WORKER;
    *ret = (name_correction_id){0};
    if (!registry_person(ctx, opening->person, &person) ||
        (is_own && ctx->actor->person.v != person.id.v))
        return CORRECTION_OPEN_NOT_FOUND;
    if (told_name == NULL)
        return CORRECTION_OPEN_NAME_INVALID;
    if (text_empty(opening->reason) || text_characters(opening->reason) > REASON_CHARACTERS_MAX)
        return CORRECTION_OPEN_REASON_MISSING;
    enum correction_open answer = weigh(ctx, opening, &person, told_name);
    if (answer == CORRECTION_OPEN_DONE) {
        int64_t days = pack_parameter(ctx->pack, PARAMETER_CORRECTION_WORKING_DAYS, ctx->today);
        if (pack_workday_add(ctx->pack, ctx->today, days, &due_on) != WORKDAY_ADD_DONE)
            return CORRECTION_OPEN_BEYOND_CALENDAR;
        *ret = (name_correction_id){id_next(ctx->ids, ctx->now)};
        if (insert(ctx, opening, &person, due_on, *ret)) {
            registry_trace(ctx, "name_correction", ret->v, "correction_open", opening->reason);
            return CORRECTION_OPEN_DONE;
        }
        answer = CORRECTION_OPEN_ALREADY; /* somebody told the same at the same time */
    }
    if (answer == CORRECTION_OPEN_ALREADY &&
        sql_name_correction_of(ctx, person.id, told_name, &open))
        *ret = open.id;
    return answer;
}

/* --- deciding */

static bool is_own_case(const struct ctx *ctx, const struct name_correction *correction)
{
    return correction->opened_by.v == ctx->actor->account.v ||
           correction->person.v == ctx->actor->person.v;
}

bool registry__actor_may_decide(const struct ctx *ctx, const struct name_correction *correction)
{
    return correction->state == CORRECTION_STATE_OPEN && !is_own_case(ctx, correction) &&
           registry_permits(ctx, PERMISSION_CORRECTION_DECIDE) &&
           registry_actor_covers_region(ctx, correction->region);
}

/* What a verdict makes of the case, and how it is said in the traces. */
static const struct effect {
    enum correction_state next;
    enum person_name_kind kind;
    const char *action;
} EFFECTS[] = {
    [CORRECTION_VERDICT_NEW_NAME] = {CORRECTION_STATE_NEW_NAME, PERSON_NAME_KIND_FORMER,
                                     "correction_new_name"},
    [CORRECTION_VERDICT_VARIANT] = {CORRECTION_STATE_VARIANT, PERSON_NAME_KIND_VARIANT,
                                    "correction_variant"},
    [CORRECTION_VERDICT_BANK_ALIAS] = {CORRECTION_STATE_BANK_ALIAS, PERSON_NAME_KIND_BANK_ALIAS,
                                       "correction_bank_alias"},
    [CORRECTION_VERDICT_REFUSE] = {CORRECTION_STATE_REFUSED, PERSON_NAME_KIND_NONE,
                                   "correction_refuse"},
};

/* The told name becomes one of the person's, or theirs; false where they were changed meanwhile. */
static bool apply(struct ctx *ctx, const struct name_correction *correction,
                  const struct correction_decision *decision)
{
    const struct effect *effect = &EFFECTS[decision->verdict];
    bool is_renamed = effect->kind == PERSON_NAME_KIND_FORMER;
    if (effect->kind == PERSON_NAME_KIND_NONE)
        return true;
    if (is_renamed) {
        if (sql_person_rename_step(ctx, correction->person, decision->person_version,
                                   correction->told_name) == 0)
            return false;
        sql_person_name_forget(ctx, correction->person, correction->told_name);
        sql_account_rename(ctx, correction->person, correction->told_name);
    }
    sql_person_name_insert(ctx,
                           &(struct sql_person_name_insert){
                               .person = correction->person,
                               .name = is_renamed ? correction->person_name : correction->told_name,
                               .kind = effect->kind,
                               .since = ctx->now,
                               .correction = correction->id});
    registry_trace(
        ctx, "person", correction->person.v, effect->action,
        arena_printf(ctx->arena, "%s → %s", correction->person_name, correction->told_name));
    return true;
}

static bool step(struct ctx *ctx, const struct name_correction *correction,
                 const struct correction_decision *decision)
{
    return sql_name_correction_decide_step(
               ctx, &(struct sql_name_correction_decide_step){
                        .id = correction->id,
                        .decided_by = ctx->actor->account,
                        .decider = ctx->actor->person,
                        .next = EFFECTS[decision->verdict].next,
                        .known_name = correction->person_name,
                        .answer = text_empty(decision->answer) ? NULL : decision->answer,
                        .decided_at = ctx->now}) > 0;
}

enum correction_decide registry_correction_decide(struct ctx *ctx,
                                                  const struct correction_decision *decision)
{
    struct name_correction correction;
    if (!registry_correction(ctx, decision->id, &correction))
        return CORRECTION_DECIDE_NOT_FOUND;
    if (!registry_actor_covers_region(ctx, correction.region))
        return CORRECTION_DECIDE_NOT_YOUR_REGION;
    if (is_own_case(ctx, &correction))
        return CORRECTION_DECIDE_OWN_CASE;
    if (correction.state != CORRECTION_STATE_OPEN)
        return CORRECTION_DECIDE_SETTLED;
    if (decision->verdict == CORRECTION_VERDICT_NONE)
        return CORRECTION_DECIDE_VERDICT_MISSING;
    if (decision->verdict == CORRECTION_VERDICT_REFUSE && text_empty(decision->answer))
        return CORRECTION_DECIDE_ANSWER_MISSING;
    if (decision->verdict == CORRECTION_VERDICT_NEW_NAME &&
        decision->person_version != correction.person_version)
        return CORRECTION_DECIDE_STALE;
    if (!step(ctx, &correction, decision))
        return CORRECTION_DECIDE_SETTLED;
    if (!apply(ctx, &correction, decision))
        return CORRECTION_DECIDE_STALE;
    registry_trace(ctx, "name_correction", correction.id.v, EFFECTS[decision->verdict].action,
                   decision->answer);
    return CORRECTION_DECIDE_DONE;
}

/* --- withdrawing */

enum correction_withdraw registry_correction_withdraw(struct ctx *ctx, name_correction_id id)
{
    struct name_correction correction;
    if (!registry_correction(ctx, id, &correction) ||
        correction.opened_by.v != ctx->actor->account.v ||
        correction.origin != CORRECTION_ORIGIN_WORKER)
        return CORRECTION_WITHDRAW_NOT_FOUND;
    if (sql_name_correction_withdraw_step(ctx, id, ctx->actor->account, ctx->now) == 0)
        return CORRECTION_WITHDRAW_SETTLED;
    registry_trace(ctx, "name_correction", id.v, "correction_withdraw", NULL);
    return CORRECTION_WITHDRAW_DONE;
}

int64_t registry_corrections_waiting(struct ctx *ctx)
{
    return sql_name_correction_count_waiting(ctx, registry_actor_region_prefix(ctx),
                                             ctx->actor->account, ctx->actor->person);
}

int64_t registry_corrections_open(struct ctx *ctx, person_id person)
{
    return sql_name_correction_count_open(ctx, person);
}

struct name_correction_list registry_corrections_of_person(struct ctx *ctx, person_id person,
                                                           int64_t most)
{
    return sql_name_corrections_of_person(ctx, person, most);
}
