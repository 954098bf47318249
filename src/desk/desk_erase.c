/*
 * A worker's request to have data erased (Personal Information Protection Law, article 47), decided
 * by what must be kept: what is under way needs its data, a valid certificate its holder, and the
 * records of training and money stay for the pack's years.
 */
#include "base/text.h"
#include "desk/desk_room.h"
#include "evaluation/evaluation.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "subsidy/subsidy.h"
#include "training/training.h"
#include "web/show.h"

/* What a person's trainings ask for. */
struct holding {
    bool is_under_way;
    bool has_certificate;
    struct day kept_until; /* DAY_NONE: nothing is kept */
};

static bool is_open(enum claim_line_state state)
{
    return state == CLAIM_LINE_STATE_CLAIMED || state == CLAIM_LINE_STATE_HELD ||
           state == CLAIM_LINE_STATE_OWED || state == CLAIM_LINE_STATE_BOUNCED;
}

/* The same day, `years` later; of 29 February the day after the 28th. */
static struct day years_after(struct day day, int64_t years)
{
    struct day later;
    struct civil civil = day_civil(day);
    civil.year += (int)years;
    if (day_of_civil(civil, &later))
        return later;
    civil.day--;
    return day_of_civil(civil, &later) ? day_plus(later, 1) : day;
}

static void look_at_training(struct ctx *ctx, const struct enrolment *enrolment,
                             struct holding *holding)
{
    struct claim_line line;
    struct training_class class;
    bool is_claimed = subsidy_line_of(ctx, enrolment->id, &line) && is_open(line.state);
    holding->is_under_way =
        holding->is_under_way || is_claimed || enrolment->state == ENROLMENT_STATE_ENROLLED;
    if (!training_class_get(ctx, enrolment->class, &class))
        return;
    int64_t years = pack_parameter(ctx->pack, PARAMETER_RECORD_YEARS, ctx->today);
    struct day until = years_after(class.ends_on, years);
    if (day_is_none(holding->kept_until) || day_compare(until, holding->kept_until) > 0)
        holding->kept_until = until;
}

static struct holding holding_of(struct ctx *ctx, person_id person)
{
    struct holding holding = {.kept_until = DAY_NONE};
    struct enrolment_list enrolments = training_enrolments_of_person(ctx, person);
    struct certificate_list certificates = evaluation_certificates_of_person(ctx, person);
    for (size_t i = 0; i < enrolments.count; i++)
        look_at_training(ctx, &enrolments.items[i], &holding);
    for (size_t i = 0; i < certificates.count; i++)
        holding.has_certificate =
            holding.has_certificate || certificates.items[i].state == CERTIFICATE_STATE_VALID;
    return holding;
}

static enum own_data_erase decide(struct ctx *ctx, enum erasure_kind kind,
                                  const struct holding *holding)
{
    if (holding->is_under_way)
        return OWN_DATA_ERASE_UNDER_WAY;
    if (kind == ERASURE_KIND_CONTACT)
        return OWN_DATA_ERASE_CONTACT_DONE;
    if (holding->has_certificate)
        return OWN_DATA_ERASE_CERTIFICATE;
    bool is_kept =
        !day_is_none(holding->kept_until) && day_compare(holding->kept_until, ctx->today) >= 0;
    return is_kept ? OWN_DATA_ERASE_KEPT : OWN_DATA_ERASE_EVERYTHING_DONE;
}

struct reply desk__post_erase(struct ctx *ctx)
{
    enum erasure_kind kind = ERASURE_KIND_NONE;
    const char *asked = request_form(ctx, "kind");
    person_id person = ctx->actor->person;
    if (asked == NULL || !erasure_kind_parse(asked, &kind))
        return reply_outcome(ctx, own_data_erase_info(OWN_DATA_ERASE_NOT_CHOSEN), "/me/data");
    struct holding holding = holding_of(ctx, person);
    enum own_data_erase answer = decide(ctx, kind, &holding);
    if (answer == OWN_DATA_ERASE_CONTACT_DONE)
        registry_person_erase_contact(ctx, person);
    if (answer == OWN_DATA_ERASE_EVERYTHING_DONE)
        registry_person_erase(ctx, person);
    bool is_gone = answer == OWN_DATA_ERASE_EVERYTHING_DONE;
    const struct argument until = {"day", day_text(ctx->arena, holding.kept_until)};
    struct reply reply =
        reply_outcome_with(ctx, own_data_erase_info(answer), is_gone ? "/" : "/me/data", &until, 1);
    if (is_gone)
        reply.session_token = "";
    return reply;
}
