/* Claims at the institution's and the county's desk. */
#include "subsidy/subsidy_room.h"

#include "base/text.h"
#include "ledger/ledger.h"
#include "notice/notice.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "subsidy_html.h"
#include "subsidy_sql.h"
#include "training/training.h"
#include "web/show.h"

static const char *claim_path(struct ctx *ctx, subsidy_claim_id id)
{
    return arena_printf(ctx->arena, "/desk/claim/%s", show_id(ctx, id.v));
}

static bool may_see(const struct ctx *ctx, const struct subsidy_claim *claim)
{
    return registry_actor_is_of(ctx, claim->organisation) ||
           (ctx->actor->role >= ROLE_COUNTY_OFFICER &&
            registry_actor_covers_region(ctx, claim->region));
}

/* The rule that a line was worked out by, or NULL where the pack has it no more. */
static const struct pack_subsidy_rule *rule_of(const struct ctx *ctx, const char *id)
{
    for (size_t i = 0; i < ctx->pack->subsidy_rules.count; i++)
        if (text_equal(ctx->pack->subsidy_rules.items[i].id, id))
            return &ctx->pack->subsidy_rules.items[i];
    return NULL;
}

static const char *uplift_name(struct ctx *ctx, const char *id)
{
    for (size_t i = 0; i < ctx->pack->uplifts.count; i++)
        if (text_equal(ctx->pack->uplifts.items[i].id, id))
            return pack_say(ctx->pack->uplifts.items[i].name, ctx->language);
    return id;
}

/* What a rule rests on: its clause, else its source. */
static const char *basis_of(struct ctx *ctx, const struct pack_subsidy_rule *rule)
{
    if (rule == NULL)
        return "";
    if (rule->basis.clause != NULL)
        return pack_clause_words(ctx, rule->basis.clause->id);
    return rule->basis.source == NULL ? "" : pack_say(rule->basis.source->title, ctx->language);
}

/* Trainees who passed and whose roll was corrected below the share since. */
static int64_t left_out(struct ctx *ctx, const struct subsidy_claim *claim,
                        const struct subsidy_rolls *rolls)
{
    int64_t count = 0;
    struct enrolment_list trainees = training_enrolments(ctx, claim->class);
    for (size_t i = 0; i < trainees.count; i++)
        count += trainees.items[i].state == ENROLMENT_STATE_COMPLETED &&
                 subsidy_is_short(ctx, rolls, trainees.items[i].id);
    return count;
}

static void fill_lines(struct ctx *ctx, const struct subsidy_claim *claim,
                       struct claim_show_model *model)
{
    bool may_release = registry_permits(ctx, PERMISSION_CLAIM_RELEASE) &&
                       registry_actor_covers_region(ctx, claim->region);
    struct claim_line_list lines = sql_claim_lines(ctx, claim->id);
    struct subsidy_rolls rolls = subsidy_rolls(ctx, claim->class);
    model->lines.count = lines.count;
    model->lines.items = arena_array(ctx->arena, lines.count, struct claim_show_line);
    for (size_t i = 0; i < lines.count; i++) {
        struct person person = {0};
        struct payment payment = {0};
        const struct pack_subsidy_rule *rule = rule_of(ctx, lines.items[i].rule);
        registry_person(ctx, lines.items[i].person, &person);
        request_shows(ctx, person.id.v);
        fund_payment_of(ctx, "claim_line", lines.items[i].id.v, &payment);
        model->lines.items[i] = (struct claim_show_line){
            .name = person.name,
            .identity_no = mask_identity_no(ctx->arena, person.identity_no),
            .amount_fen = lines.items[i].amount_fen,
            .rule = lines.items[i].rule,
            .rule_name = rule == NULL ? lines.items[i].rule : pack_say(rule->name, ctx->language),
            .uplift = lines.items[i].uplift,
            .uplift_name = uplift_name(ctx, lines.items[i].uplift),
            .basis = basis_of(ctx, rule),
            .state = lines.items[i].state,
            .bank_note = payment.bank_note,
            .line = lines.items[i].id,
            .enrolment = lines.items[i].enrolment,
            .is_short = subsidy_is_short(ctx, &rolls, lines.items[i].enrolment),
            .may_pay_again = may_release && lines.items[i].state == CLAIM_LINE_STATE_BOUNCED,
        };
    }
    model->left_out = left_out(ctx, claim, &rolls);
    struct trace_entry_list traces = ledger_traces(ctx, "subsidy_claim", claim->id.v);
    model->acts.count = traces.count;
    model->acts.items = arena_array(ctx->arena, traces.count, struct claim_show_act);
    for (size_t i = 0; i < traces.count; i++)
        model->acts.items[i] = (struct claim_show_act){.done_at = traces.items[i].done_at,
                                                       .actor_name = traces.items[i].actor_name,
                                                       .action = traces.items[i].action,
                                                       .note = traces.items[i].note};
}

/* The same conditions as the rule's, so that a button appears where it works. */
static bool may_review(const struct ctx *ctx, const struct subsidy_claim *claim)
{
    account_id actor = ctx->actor->account;
    if (!registry_actor_covers_region(ctx, claim->region) || claim->made_by.v == actor.v)
        return false;
    if (claim->state == CLAIM_STATE_FIRST_REVIEW)
        return registry_permits(ctx, PERMISSION_CLAIM_FIRST_REVIEW);
    return claim->state == CLAIM_STATE_SECOND_REVIEW && claim->first_by.v != actor.v &&
           registry_permits(ctx, PERMISSION_CLAIM_SECOND_REVIEW);
}

/* An objection kept a line back when the others were released. */
static bool has_held(const struct claim_show_model *model)
{
    for (size_t i = 0; i < model->lines.count; i++)
        if (model->lines.items[i].state == CLAIM_LINE_STATE_HELD)
            return true;
    return false;
}

static struct reply show_claim(struct ctx *ctx)
{
    subsidy_claim_id id;
    struct subsidy_claim claim;
    if (!request_id(ctx, "claim", &id.v) || !sql_claim_by_id(ctx, id, &claim) ||
        !may_see(ctx, &claim))
        return reply_not_found(ctx);
    struct training_class class = {0};
    struct organisation organisation = {0};
    struct public_notice notice = {.until_day = DAY_NONE};
    training_class_get(ctx, claim.class, &class);
    registry_organisation(ctx, claim.organisation, &organisation);
    bool has_notice = claim.notice.v != 0 && notice_get(ctx, claim.notice, &notice);
    struct claim_show_model *model = arena_one(ctx->arena, struct claim_show_model);
    *model = (struct claim_show_model){
        .id = id,
        .version = claim.version,
        .class = claim.class,
        .class_name = class.name,
        .institution = organisation.name,
        .state = claim.state,
        .line_count = claim.line_count,
        .total_fen = claim.total_fen,
        .notice = claim.notice,
        .until_day = notice.until_day,
        .may_review = may_review(ctx, &claim),
        .may_reveal = registry_permits(ctx, PERMISSION_TRAINEE_REVEAL),
    };
    fill_lines(ctx, &claim, model);
    model->may_release = has_notice && notice_is_over(ctx, &notice) &&
                         (claim.state == CLAIM_STATE_PUBLICITY || has_held(model)) &&
                         registry_permits(ctx, PERMISSION_CLAIM_RELEASE) &&
                         registry_actor_covers_region(ctx, claim.region);
    return page_claim_show(ctx, model);
}

static struct reply post_make(struct ctx *ctx)
{
    training_class_id class;
    subsidy_claim_id id;
    struct claim_trouble trouble;
    if (!request_id(ctx, "class", &class.v))
        return reply_not_found(ctx);
    enum claim_make outcome = subsidy_claim_make(ctx, class, &id, &trouble);
    struct argument arguments[] = {{"person", trouble.person}};
    const char *path = outcome == CLAIM_MAKE_DONE
                           ? claim_path(ctx, id)
                           : arena_printf(ctx->arena, "/desk/class/%s", show_id(ctx, class.v));
    return reply_outcome_with(ctx, claim_make_info(outcome), path, arguments, 1);
}

static struct reply post_review(struct ctx *ctx)
{
    struct claim_verdict verdict = {.version = -1, .note = request_form(ctx, "note")};
    const char *version = request_form(ctx, "version"), *decision = request_form(ctx, "decision");
    if (!request_id(ctx, "claim", &verdict.id.v))
        return reply_not_found(ctx);
    if (decision != NULL && !claim_decision_parse(decision, &verdict.decision))
        verdict.decision = CLAIM_DECISION_NONE;
    if (version != NULL && !text_integer(version, &verdict.version))
        verdict.version = -1;
    return reply_outcome(ctx, claim_review_info(subsidy_review(ctx, &verdict)),
                         claim_path(ctx, verdict.id));
}

static struct reply post_release(struct ctx *ctx)
{
    subsidy_claim_id id;
    if (!request_id(ctx, "claim", &id.v))
        return reply_not_found(ctx);
    return reply_outcome(ctx, claim_release_info(subsidy_release(ctx, id)), claim_path(ctx, id));
}

static struct reply post_pay_again(struct ctx *ctx)
{
    payment_id payment;
    struct paying_again again = {.note =
                                     text_clean(ctx->arena, show_text(request_form(ctx, "note")))};
    const char *line = request_form(ctx, "line");
    if (!request_id(ctx, "claim", &again.claim.v) || line == NULL || !id_parse(line, &again.line.v))
        return reply_not_found(ctx);
    enum pay_again outcome = subsidy_pay_again(ctx, &again, &payment);
    return reply_outcome(ctx, pay_again_info(outcome), claim_path(ctx, again.claim));
}

const struct route subsidy_routes[] = {
    {GET, "/desk/claims", PERMISSION_CLAIM_VIEW, .handle = subsidy__list_claims},
    {GET, "/desk/claim/:claim", PERMISSION_CLAIM_VIEW, .handle = show_claim, .shows = "person"},
    {POST, "/desk/class/:class/claim", PERMISSION_CLAIM_MAKE, .handle = post_make},
    {POST, "/desk/claim/:claim/review", PERMISSION_CLAIM_REVIEW, .handle = post_review},
    {POST, "/desk/claim/:claim/release", PERMISSION_CLAIM_RELEASE, .handle = post_release},
    {POST, "/desk/claim/:claim/pay-again", PERMISSION_CLAIM_RELEASE, .handle = post_pay_again},
    {0},
};
