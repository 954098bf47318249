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

static void fill_trainings(struct ctx *ctx, struct my_record_model *model)
{
    struct enrolment_list enrolments = training_enrolments_of_person(ctx, ctx->actor->person);
    model->trainings.count = enrolments.count;
    model->trainings.items = arena_array(ctx->arena, enrolments.count, struct my_record_training);
    for (size_t i = 0; i < enrolments.count; i++) {
        struct training_class class = {0};
        struct exam_result result = {.score = INT64_MIN};
        struct certificate certificate = {0};
        struct claim_line line = {.amount_fen = {INT64_MIN}}; /* raw: no amount */
        struct payment payment = {0};
        training_class_get(ctx, enrolments.items[i].class, &class);
        evaluation_result(ctx, enrolments.items[i].id, &result);
        evaluation_certificate_of(ctx, enrolments.items[i].id, &certificate);
        if (subsidy_line_of(ctx, enrolments.items[i].id, &line))
            fund_payment_of(ctx, "claim_line", line.id.v, &payment);
        model->trainings.items[i] = (struct my_record_training){
            .name = class.name,
            .starts_on = class.starts_on,
            .ends_on = class.ends_on,
            .state = enrolments.items[i].state,
            .score = result.score,
            .certificate_no = certificate.certificate_no,
            .lesson_hours = class.lesson_hours,
            .attended = attended(ctx, &enrolments.items[i]),
            .subsidy = line.state,
            .amount_fen = line.amount_fen,
            .bank_note = payment.bank_note,
        };
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
