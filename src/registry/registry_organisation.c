/* Organisations and the catalogue of what each may teach. */
#include <string.h>

#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry_room.h"
#include "registry_sql.h"

bool registry_organisation(struct ctx *ctx, organisation_id id, struct organisation *ret)
{
    return sql_organisation_by_id(ctx, id, ret);
}

bool registry_organisation_by_code(struct ctx *ctx, const char *credit_code,
                                   struct organisation *ret)
{
    char code[19];
    switch (credit_code_read(text_compact(ctx->arena, credit_code), code)) {
    case CREDIT_CODE_OK:
    case CREDIT_CODE_CHECKSUM:
        return sql_organisation_by_code(ctx, code, ret);
    case CREDIT_CODE_LENGTH:
    case CREDIT_CODE_CHARACTER:
    case CREDIT_CODE_MASKED:
    case CREDIT_CODE_NUMBER:
        break;
    }
    return false;
}

bool registry_organisation_is_active(struct ctx *ctx, organisation_id id)
{
    struct organisation organisation;
    return sql_organisation_by_id(ctx, id, &organisation) &&
           organisation.state == ORGANISATION_STATE_ACTIVE;
}

bool registry_organisation_may_teach(struct ctx *ctx, organisation_id id, const char *programme)
{
    return sql_organisation_scope_has(ctx, id, programme) > 0;
}

/* Whether the actor may change an organisation there at all. */
static bool administers(const struct ctx *ctx, const char *region)
{
    return registry_permits(ctx, PERMISSION_ORGANISATION_ADMINISTER) &&
           registry_actor_covers_region(ctx, region);
}

/* --- numbers of evaluation organisations */

static const char FIRST_FILED[] = "0000"; /* in a province: any number of organisations has it */

/* Four digits; an evaluation organisation has them. */
static bool is_evaluator_code(enum organisation_kind kind, const char *code)
{
    if (code == NULL)
        return kind != ORGANISATION_KIND_EVALUATION_ORG;
    return strlen(code) == sizeof FIRST_FILED - 1 && strspn(code, "0123456789") == strlen(code);
}

static bool is_evaluator_code_taken(struct ctx *ctx, const char *code, organisation_id except)
{
    return code != NULL && !text_equal(code, FIRST_FILED) &&
           sql_evaluator_code_count(ctx, code, except) > 0;
}

enum organisation_add registry_organisation_add(struct ctx *ctx,
                                                const struct organisation_args *args,
                                                organisation_id *ret)
{
    char code[19];
    struct organisation known;
    *ret = (organisation_id){0};
    enum credit_code_check check =
        credit_code_read(text_compact(ctx->arena, args->credit_code), code);
    if (check != CREDIT_CODE_OK && check != CREDIT_CODE_CHECKSUM)
        return ORGANISATION_ADD_CODE_INVALID;
    if (registry__region(ctx, args->region) == NULL)
        return ORGANISATION_ADD_REGION_UNKNOWN;
    if (!administers(ctx, args->region))
        return ORGANISATION_ADD_NOT_YOUR_REGION;
    if (!is_evaluator_code(args->kind, args->evaluator_code))
        return ORGANISATION_ADD_EVALUATOR_CODE_INVALID;
    if (is_evaluator_code_taken(ctx, args->evaluator_code, (organisation_id){0}))
        return ORGANISATION_ADD_EVALUATOR_CODE_TAKEN;
    organisation_id id = {id_next(ctx->ids, ctx->now)};
    int64_t added = sql_organisation_insert(ctx, &(struct sql_organisation_insert){
                                                     .id = id,
                                                     .credit_code = code,
                                                     .is_code_doubted = check != CREDIT_CODE_OK,
                                                     .name = args->name,
                                                     .kind = args->kind,
                                                     .region = args->region,
                                                     .bank_account = args->bank_account,
                                                     .bank_name = args->bank_name,
                                                     .evaluator_code = args->evaluator_code,
                                                     .created_at = ctx->now,
                                                 });
    if (added == 0) {
        if (sql_organisation_by_code(ctx, code, &known))
            *ret = known.id;
        return ORGANISATION_ADD_KNOWN;
    }
    *ret = id;
    registry_trace(ctx, "organisation", id.v, "organisation_add", NULL);
    return ORGANISATION_ADD_DONE;
}

enum organisation_amend registry_organisation_amend(struct ctx *ctx, organisation_id id,
                                                    int64_t version,
                                                    const struct organisation_amendment *form)
{
    struct organisation known;
    if (!sql_organisation_by_id(ctx, id, &known))
        return ORGANISATION_AMEND_NOT_FOUND;
    if (!administers(ctx, known.region))
        return ORGANISATION_AMEND_NOT_YOUR_REGION;
    if (registry__region(ctx, form->region) == NULL)
        return ORGANISATION_AMEND_REGION_UNKNOWN;
    /* Nobody hands an organisation to a place that is not theirs. */
    if (!administers(ctx, form->region))
        return ORGANISATION_AMEND_NOT_YOUR_REGION;
    const char *code = form->evaluator_code == NULL ? known.evaluator_code : form->evaluator_code;
    if (!is_evaluator_code(form->kind, code))
        return ORGANISATION_AMEND_EVALUATOR_CODE_INVALID;
    if (is_evaluator_code_taken(ctx, code, id))
        return ORGANISATION_AMEND_EVALUATOR_CODE_TAKEN;
    int64_t changed = sql_organisation_amend_step(
        ctx, &(struct sql_organisation_amend_step){.id = id,
                                                   .version = version,
                                                   .name = form->name,
                                                   .kind = form->kind,
                                                   .region = form->region,
                                                   .bank_account = form->bank_account,
                                                   .bank_name = form->bank_name,
                                                   .evaluator_code = form->evaluator_code});
    if (changed == 0)
        return ORGANISATION_AMEND_STALE;
    registry_trace(ctx, "organisation", id.v, "organisation_amend", NULL);
    return ORGANISATION_AMEND_DONE;
}

enum organisation_state_change registry_organisation_turn(struct ctx *ctx, organisation_id id,
                                                          enum organisation_state next,
                                                          const char *note)
{
    struct organisation known;
    bool suspends = next == ORGANISATION_STATE_SUSPENDED;
    if (!sql_organisation_by_id(ctx, id, &known))
        return ORGANISATION_STATE_CHANGE_NOT_FOUND;
    if (!administers(ctx, known.region))
        return ORGANISATION_STATE_CHANGE_NOT_YOUR_REGION;
    if (text_empty(note))
        return ORGANISATION_STATE_CHANGE_NOTE_MISSING;
    enum organisation_state now =
        suspends ? ORGANISATION_STATE_ACTIVE : ORGANISATION_STATE_SUSPENDED;
    if (sql_organisation_state_step(
            ctx, &(struct sql_organisation_state_step){.id = id, .now = now, .next = next}) == 0)
        return ORGANISATION_STATE_CHANGE_WRONG_STATE;
    registry_trace(ctx, "organisation", id.v,
                   suspends ? "organisation_suspend" : "organisation_resume", note);
    return ORGANISATION_STATE_CHANGE_DONE;
}

/* What stands in the way of a change of the catalogue; DONE: nothing. */
static enum organisation_scope_change check_scope_change(struct ctx *ctx, organisation_id id,
                                                         const char *programme)
{
    struct organisation known;
    if (!sql_organisation_by_id(ctx, id, &known))
        return ORGANISATION_SCOPE_CHANGE_NOT_FOUND;
    if (!administers(ctx, known.region))
        return ORGANISATION_SCOPE_CHANGE_NOT_YOUR_REGION;
    if (text_empty(programme) || pack_programme(ctx->pack, programme) == NULL)
        return ORGANISATION_SCOPE_CHANGE_PROGRAMME_UNKNOWN;
    return ORGANISATION_SCOPE_CHANGE_DONE;
}

enum organisation_scope_change registry_organisation_allow(struct ctx *ctx, organisation_id id,
                                                           const char *programme)
{
    enum organisation_scope_change fault = check_scope_change(ctx, id, programme);
    if (fault != ORGANISATION_SCOPE_CHANGE_DONE)
        return fault;
    if (sql_organisation_scope_insert(ctx, id, programme) == 0)
        return ORGANISATION_SCOPE_CHANGE_AS_IT_WAS;
    registry_trace(ctx, "organisation", id.v, "programme_allow", programme);
    return ORGANISATION_SCOPE_CHANGE_DONE;
}

enum organisation_scope_change registry_organisation_forbid(struct ctx *ctx, organisation_id id,
                                                            const char *programme)
{
    enum organisation_scope_change fault = check_scope_change(ctx, id, programme);
    if (fault != ORGANISATION_SCOPE_CHANGE_DONE)
        return fault;
    if (sql_organisation_scope_delete(ctx, id, programme) == 0)
        return ORGANISATION_SCOPE_CHANGE_AS_IT_WAS;
    registry_trace(ctx, "organisation", id.v, "programme_forbid", programme);
    return ORGANISATION_SCOPE_CHANGE_DONE;
}
