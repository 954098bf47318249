/* A worker's own record: the trainings from the enrolment to the paid yuan, and the facts. */
#include "base/text.h"
#include "desk/desk_room.h"
#include "desk_html.h"
#include "evaluation/evaluation.h"
#include "fund/fund.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "subsidy/subsidy.h"
#include "training/training.h"
#include "web/show.h"

enum { FACTS_SHOWN = 100 };

/* Lessons of one trainee that count so far. */
static int64_t attended(struct ctx *ctx, const struct enrolment *enrolment)
{
    struct attendance_list all = training_attendance(ctx, enrolment->class);
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].enrolment.v == enrolment->id.v)
            return all.items[i].lesson_hours;
    return 0;
}

/* --- the subsidy, in plain words --- */

/* The key of the words for where the claim is. */
static const char *key_of_claim(enum claim_state state)
{
    switch (state) {
    case CLAIM_STATE_FIRST_REVIEW:
        return "desk.money_first";
    case CLAIM_STATE_SECOND_REVIEW:
        return "desk.money_second";
    case CLAIM_STATE_PUBLICITY:
        return "desk.money_publicity";
    case CLAIM_STATE_NONE:
    case CLAIM_STATE_PAYABLE:
    case CLAIM_STATE_SETTLED:
    case CLAIM_STATE_RETURNED:
    case CLAIM_STATE_REJECTED:
        break;
    }
    return "desk.money_review";
}

/* Where the money is, and what comes next. */
static const char *key_of_money(const struct subsidy_course *course)
{
    switch (course->line.state) {
    case CLAIM_LINE_STATE_HELD:
        return "desk.money_held";
    case CLAIM_LINE_STATE_OWED:
        return course->has_payment && course->payment.state == PAYMENT_STATE_BATCHED
                   ? "desk.money_bank"
                   : "desk.money_owed";
    case CLAIM_LINE_STATE_PAID:
        return "desk.money_paid";
    case CLAIM_LINE_STATE_BOUNCED:
        return "desk.money_bounced";
    case CLAIM_LINE_STATE_REFUSED:
        return "desk.money_refused";
    case CLAIM_LINE_STATE_CLAIMED:
    case CLAIM_LINE_STATE_NONE:
        break;
    }
    return key_of_claim(course->claim);
}

static void fill_money(struct ctx *ctx, enrolment_id enrolment, struct my_record_training *ret)
{
    struct subsidy_course course;
    ret->amount_fen = (struct fen){INT64_MIN}; /* raw: no amount */
    ret->paid_on = DAY_NONE;
    if (!subsidy_course_of(ctx, enrolment, &course))
        return;
    bool is_settled = course.has_payment && !instant_is_none(course.payment.settled_at);
    bool is_paid = is_settled && course.line.state == CLAIM_LINE_STATE_PAID;
    if (is_paid)
        ret->paid_on = instant_day(course.payment.settled_at);
    struct day day = is_paid ? ret->paid_on : course.until_day;
    ret->amount_fen = course.line.amount_fen;
    ret->subsidy = course.line.state;
    ret->money =
        words_with(ctx, &(struct message){key_of_money(&course),
                                          {{"day", show_day(ctx, day)},
                                           {"payee", show_text(course.payment.payee)},
                                           {"note", show_text(course.payment.bank_note)}}});
}

/* --- the trainings --- */

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
            .lesson_hours = class.lesson_hours,
            .attended = attended(ctx, &enrolments.items[i]),
        };
        fill_money(ctx, enrolments.items[i].id, &model->trainings.items[i]);
    }
}

struct reply desk__show_my_record(struct ctx *ctx)
{
    struct my_record_model *model = arena_one(ctx->arena, struct my_record_model);
    struct person person;
    if (!registry_person(ctx, ctx->actor->person, &person))
        return reply_not_found(ctx);
    model->name = person.name;
    model->identity_no = mask_identity_no(ctx->arena, person.identity_no);
    model->open_corrections = registry_corrections_open(ctx, person.id);
    fill_trainings(ctx, model);
    struct fact_list facts = ledger_facts_of_person(ctx, person.id, FACTS_SHOWN);
    model->entries.count = facts.count;
    model->entries.items = arena_array(ctx->arena, facts.count, struct my_record_entry);
    for (size_t i = 0; i < facts.count; i++) {
        const struct pack_fact *kind = pack_fact(ctx->pack, facts.items[i].kind);
        model->entries.items[i] = (struct my_record_entry){
            .held_on = facts.items[i].held_on,
            .what = kind == NULL ? facts.items[i].kind : pack_say(kind->name, ctx->language),
            .clause = pack_clause_words(ctx, facts.items[i].clause),
        };
    }
    return page_my_record(ctx, model);
}
