/*
 * Everything that is held about oneself (Personal Information Protection Law, article 45): a page
 * to print, the same as JSON, and that JSON as a file. docs/own-data.md tells its shape; one model
 * stands behind all three.
 */
#include "audit/audit.h"
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

enum { ALL = 100000, FILE_BYTES = 64 * 1024 };

static const char *groups_of(const char *tags)
{
    return text_equal(tags, "|") ? NULL : tags;
}

static void fill_names(struct ctx *ctx, struct own_data_model *model)
{
    struct person_other_name_list names = registry_names_of(ctx, ctx->actor->person);
    struct name_correction_list corrections =
        registry_corrections_of_person(ctx, ctx->actor->person, ALL);
    model->other_names.count = names.count;
    model->other_names.items = arena_array(ctx->arena, names.count, struct own_data_other_name);
    for (size_t i = 0; i < names.count; i++)
        model->other_names.items[i] =
            (struct own_data_other_name){names.items[i].name, names.items[i].kind};
    model->corrections.count = corrections.count;
    model->corrections.items =
        arena_array(ctx->arena, corrections.count, struct own_data_correction);
    for (size_t i = 0; i < corrections.count; i++)
        model->corrections.items[i] = (struct own_data_correction){
            .told_name = corrections.items[i].told_name,
            .state = corrections.items[i].state,
            .reason = corrections.items[i].reason,
            .opened_at = corrections.items[i].opened_at,
            .answer = corrections.items[i].answer,
        };
}

static void add_lessons(struct ctx *ctx, const struct enrolment *enrolment,
                        const struct training_class *class, struct own_data_model *model)
{
    struct session_list sessions = training_sessions(ctx, enrolment->class);
    size_t before = model->lessons.count, wider = before + sessions.count;
    model->lessons.items =
        arena_grow(ctx->arena, model->lessons.items, before * sizeof *model->lessons.items,
                   wider * sizeof *model->lessons.items);
    for (size_t i = 0; i < sessions.count; i++) {
        struct session_presence_list all = training_session_presences(ctx, &sessions.items[i]);
        for (size_t k = 0; k < all.count; k++)
            if (all.items[k].presence.enrolment.v == enrolment->id.v)
                model->lessons.items[model->lessons.count++] = (struct own_data_lesson){
                    .class_name = class->name,
                    .starts_at = sessions.items[i].starts_at,
                    .checked_in_at = all.items[k].presence.checked_in_at,
                    .checked_out_at = all.items[k].presence.checked_out_at,
                    .lesson_hours = all.items[k].lesson_hours,
                };
    }
}

static void fill_trainings(struct ctx *ctx, struct own_data_model *model)
{
    struct enrolment_list enrolments = training_enrolments_of_person(ctx, ctx->actor->person);
    model->trainings.count = enrolments.count;
    model->trainings.items = arena_array(ctx->arena, enrolments.count, struct own_data_training);
    for (size_t i = 0; i < enrolments.count; i++) {
        const struct enrolment *enrolment = &enrolments.items[i];
        struct training_class class = {0};
        struct organisation school = {0};
        struct exam_result result = {.score = INT64_MIN};
        struct claim_line line = {.amount_fen = {INT64_MIN}}; /* raw: no amount */
        struct payment payment = {0};
        training_class_get(ctx, enrolment->class, &class);
        registry_organisation(ctx, class.organisation, &school);
        evaluation_result(ctx, enrolment->id, &result);
        if (subsidy_line_of(ctx, enrolment->id, &line))
            fund_payment_of(ctx, "claim_line", line.id.v, &payment);
        model->trainings.items[i] = (struct own_data_training){
            .class_name = class.name,
            .institution = school.name,
            .starts_on = class.starts_on,
            .ends_on = class.ends_on,
            .groups = groups_of(enrolment->tags),
            .state = enrolment->state,
            .score = result.score,
            .subsidy = line.state,
            .amount_fen = line.amount_fen,
            .payment = payment.state,
        };
        add_lessons(ctx, enrolment, &class, model);
    }
}

static void fill_certificates(struct ctx *ctx, struct own_data_model *model)
{
    struct certificate_list all = evaluation_certificates_of_person(ctx, ctx->actor->person);
    model->certificates.count = all.count;
    model->certificates.items = arena_array(ctx->arena, all.count, struct own_data_certificate);
    for (size_t i = 0; i < all.count; i++)
        model->certificates.items[i] = (struct own_data_certificate){
            .certificate_no = all.items[i].certificate_no,
            .issuer = all.items[i].issuer,
            .level = all.items[i].level,
            .issued_on = all.items[i].issued_on,
            .state = all.items[i].state,
        };
}

static void fill_facts(struct ctx *ctx, struct own_data_model *model)
{
    struct fact_list facts = ledger_facts_of_person(ctx, ctx->actor->person, ALL);
    struct trace_entry_list traces = ledger_traces(ctx, "person", ctx->actor->person.v);
    model->entries.count = facts.count;
    model->entries.items = arena_array(ctx->arena, facts.count, struct own_data_entry);
    for (size_t i = 0; i < facts.count; i++) {
        const struct pack_fact *kind = pack_fact(ctx->pack, facts.items[i].kind);
        model->entries.items[i] = (struct own_data_entry){
            .what = kind == NULL ? facts.items[i].kind : pack_say(kind->name, ctx->language),
            .held_on = facts.items[i].held_on,
            .amount_fen = facts.items[i].amount_fen,
            .clause = facts.items[i].clause,
        };
    }
    model->changes.count = traces.count;
    model->changes.items = arena_array(ctx->arena, traces.count, struct own_data_change);
    for (size_t i = 0; i < traces.count; i++)
        model->changes.items[i] = (struct own_data_change){
            traces.items[i].done_at, traces.items[i].action, traces.items[i].note};
}

static void fill_looks(struct ctx *ctx, struct own_data_model *model)
{
    struct disclosure_list looks = audit_disclosures(ctx, ctx->actor->person, ALL);
    struct own_deed_list deeds = audit_own_deeds(ctx, ctx->actor->account, ALL);
    model->looks.count = looks.count;
    model->looks.items = arena_array(ctx->arena, looks.count, struct own_data_look);
    for (size_t i = 0; i < looks.count; i++)
        model->looks.items[i] = (struct own_data_look){
            .on = looks.items[i].on,
            .office = looks.items[i].organisation_name,
            .role = looks.items[i].role,
            .action = looks.items[i].action,
            .reason = looks.items[i].reason == NULL ? NULL : words(ctx, looks.items[i].reason),
            .note = looks.items[i].note,
            .n = looks.items[i].n,
        };
    model->deeds.count = deeds.count;
    model->deeds.items = arena_array(ctx->arena, deeds.count, struct own_data_deed);
    for (size_t i = 0; i < deeds.count; i++)
        model->deeds.items[i] =
            (struct own_data_deed){deeds.items[i].noted_at, deeds.items[i].action,
                                   deeds.items[i].address, deeds.items[i].route};
}

/* The page's JSON as a file, whatever the client asked for. */
static struct reply file_of(struct ctx *ctx, const struct own_data_model *model)
{
    struct buffer out = buffer_new(ctx->arena, FILE_BYTES);
    own_data_page.json(&out, ctx, model);
    request_exports(ctx, 1);
    return reply_file(
        "application/json",
        arena_printf(ctx->arena, "own-data-%s.json", day_text(ctx->arena, ctx->today)), out.bytes,
        out.length);
}

struct reply desk__show_own_data(struct ctx *ctx)
{
    struct own_data_model *model = arena_one(ctx->arena, struct own_data_model);
    struct person person;
    if (!registry_person(ctx, ctx->actor->person, &person))
        return reply_not_found(ctx);
    *model = (struct own_data_model){
        .format = "dianji.own-data.1",
        .made_at = ctx->now,
        .name = person.name,
        .document_kind = person.document_kind,
        .identity_no = person.identity_no,
        .sex = person.sex,
        .born_on = person.born_on,
        .ethnic_group = person.ethnic_group,
        .education = person.education,
        .region = person.region,
        .phone = person.phone,
        .bank_account = person.bank_account,
        .bank_name = person.bank_name,
        .groups = groups_of(person.tags),
    };
    fill_names(ctx, model);
    fill_trainings(ctx, model);
    fill_certificates(ctx, model);
    fill_facts(ctx, model);
    fill_looks(ctx, model);
    return text_equal(request_query(ctx, "as"), "json") ? file_of(ctx, model)
                                                        : page_own_data(ctx, model);
}
