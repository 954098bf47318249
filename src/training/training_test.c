/* Opening, submitting and reviewing a class: what is refused, and what stands then. */
#include "training/training.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/ledger.h"
#include "policy/policy.h"
#include "training/training_fixture.h"
#include "training_sql.h"

static struct ctx *ctx_of(void **state)
{
    struct store_fixture *house = *state;
    return &house->ctx;
}

static enum class_apply apply(struct ctx *ctx, const struct class_application *form)
{
    training_class_id id;
    struct training_trouble trouble;
    struct class_opening opening = {form, training_fixture_school(ctx)};
    return training_class_apply(ctx, &opening, &id, &trouble);
}

/* --- opening */

static void apply_lays_out_a_timetable(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    form.lesson_hours = 60;
    training_class_id id;
    struct training_trouble trouble;
    struct class_opening opening = {&form, ctx->actor->organisation};
    assert_int_equal(training_class_apply(ctx, &opening, &id, &trouble), CLASS_APPLY_DONE);
    struct training_class class = training_fixture_class(ctx, id);
    assert_int_equal(class.state, CLASS_STATE_DRAFT);
    assert_int_equal(class.version, 1);
    assert_int_equal(class.item, 1);
    assert_string_equal(class.clause, "意见 二.1");
    assert_int_equal(day_minus(class.ends_on, class.starts_on), 7);
    struct session_list sessions = training_sessions(ctx, id);
    assert_int_equal(sessions.count, 8);
    int64_t hours = 0;
    for (size_t i = 0; i < sessions.count; i++)
        hours += sessions.items[i].lesson_hours;
    assert_int_equal(hours, 60);
    assert_int_equal(sessions.items[7].lesson_hours, 4);
    assert_int_equal(sessions.items[0].starts_at.v, day_at(form.starts_on, 9 * 60).v);
    /* Eight lessons of 45 minutes. */
    assert_int_equal(sessions.items[0].ends_at.v, day_at(form.starts_on, 15 * 60).v);
    assert_int_equal(ledger_traces(ctx, "training_class", id.v).count, 1);
}

static void apply_is_the_own_institutions(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    training_fixture_act(ctx, "rival");
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_NOT_YOUR_INSTITUTION);
    training_fixture_act(ctx, "county");
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_NOT_YOUR_INSTITUTION);
    ctx->actor = NULL;
    struct training_trouble trouble;
    training_class_id id;
    struct class_opening opening = {&form, {0}};
    assert_int_equal(training_class_apply(ctx, &opening, &id, &trouble),
                     CLASS_APPLY_NOT_YOUR_INSTITUTION);
}

static void apply_needs_an_active_institution(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    organisation_id school = ctx->actor->organisation;
    training_fixture_act(ctx, "county");
    assert_int_equal(
        registry_organisation_turn(ctx, school, ORGANISATION_STATE_SUSPENDED, "抽查不合格"),
        ORGANISATION_STATE_CHANGE_DONE);
    training_fixture_act(ctx, "school");
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_INSTITUTION_SUSPENDED);
}

static void apply_keeps_to_the_packs_programmes(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    form.programme = "T99-NOTHING";
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_PROGRAMME_UNKNOWN);
    form.programme = "T01-WELDER";
    form.occupation = "6-18-02-04";
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_PROGRAMME_NOT_IN_SCOPE);
    form.programme = "T01-COOK";
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_OCCUPATION_NOT_TAUGHT);
    form.occupation = "4-03-02-01";
    form.level = SKILL_LEVEL_SENIOR_TECHNICIAN;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_LEVEL_NOT_TAUGHT);
}

static void apply_names_an_occupation_where_one_is_taught(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    form.occupation = NULL;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_OCCUPATION_MISSING);
    form.occupation = "4-03-02-01";
    form.level = SKILL_LEVEL_NONE;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_LEVEL_MISSING);
}

/* The course on business ideas teaches no occupation, and so no level. */
static void apply_names_none_where_none_is_taught(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id;
    struct training_trouble trouble;
    struct class_opening opening = {&form, ctx->actor->organisation};
    form.programme = "T06-GYB";
    form.lesson_hours = pack_programme(ctx->pack, form.programme)->lessons_least;
    form.level = SKILL_LEVEL_NONE;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_OCCUPATION_NOT_TAUGHT);
    form.occupation = NULL;
    form.level = SKILL_LEVEL_JUNIOR;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_LEVEL_NOT_TAUGHT);
    form.level = SKILL_LEVEL_NONE;
    assert_int_equal(training_class_apply(ctx, &opening, &id, &trouble), CLASS_APPLY_DONE);
    struct training_class class = training_fixture_class(ctx, id);
    assert_null(class.occupation);
    assert_string_equal(training_taught(&class), "T06-GYB");
}

/* What is wrong is said in the order of the outcomes, whatever else is wrong. */
static void apply_says_the_first_thing_first(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    const struct class_application good = form;
    form.occupation = "6-31-01-03";
    form.level = SKILL_LEVEL_SENIOR_TECHNICIAN;
    form.region = "530000";
    form.lesson_hours = 55;
    form.capacity = 500;
    form.starts_on = day_plus(ctx->today, -1);
    form.starts_at = "25:00";
    form.daily_hours = 12;
    form.teacher_no = "530129197503150010";
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_OCCUPATION_NOT_TAUGHT);
    form.occupation = good.occupation;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_LEVEL_NOT_TAUGHT);
    form.level = good.level;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_REGION_UNKNOWN);
    form.region = good.region;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_HOURS_TOO_FEW);
    form.lesson_hours = 161;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_HOURS_TOO_MANY);
    form.lesson_hours = good.lesson_hours;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_CAPACITY_OVER_LIMIT);
    form.capacity = good.capacity;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_STARTS_IN_THE_PAST);
    form.starts_on = day_plus(ctx->pack->last_day, 1);
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_OUTSIDE_THE_PLAN);
    form.starts_on = good.starts_on;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_TIME_UNREADABLE);
    form.starts_at = good.starts_at;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_DAY_TOO_LONG);
    form.daily_hours = good.daily_hours;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_TEACHER_UNREADABLE);
}

static void apply_keeps_to_the_packs_limits(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    struct training_trouble trouble;
    training_class_id id;
    struct class_opening opening = {&form, ctx->actor->organisation};
    form.lesson_hours = 55;
    assert_int_equal(training_class_apply(ctx, &opening, &id, &trouble), CLASS_APPLY_HOURS_TOO_FEW);
    assert_int_equal(trouble.found, 55);
    assert_int_equal(trouble.limit, 56);
    form.lesson_hours = 161;
    assert_int_equal(training_class_apply(ctx, &opening, &id, &trouble),
                     CLASS_APPLY_HOURS_TOO_MANY);
    assert_int_equal(trouble.found, 161);
    assert_int_equal(trouble.limit, 160);
    form.lesson_hours = 56;
    form.capacity = 51;
    assert_int_equal(training_class_apply(ctx, &opening, &id, &trouble),
                     CLASS_APPLY_CAPACITY_OVER_LIMIT);
    assert_int_equal(trouble.found, 51);
    assert_int_equal(trouble.limit, 50);
    form.capacity = 50;
    form.daily_hours = 9;
    assert_int_equal(training_class_apply(ctx, &opening, &id, &trouble), CLASS_APPLY_DAY_TOO_LONG);
    assert_int_equal(trouble.found, 9);
    assert_int_equal(trouble.limit, 8);
    form.daily_hours = 8;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_DONE);
}

static void apply_knows_its_day_hour_and_place(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    form.starts_on = day_plus(ctx->today, -1);
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_STARTS_IN_THE_PAST);
    form.starts_on = ctx->today;
    static const char *const regions[] = {"530100", "530000", "999999"};
    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        form.region = regions[i];
        assert_int_equal(apply(ctx, &form), CLASS_APPLY_REGION_UNKNOWN);
    }
    form.region = "530129";
    static const char *const hours[] = {"9点", "24:00", "08:60", "8:3x", "-1:00"};
    for (size_t i = 0; i < sizeof hours / sizeof hours[0]; i++) {
        form.starts_at = hours[i];
        assert_int_equal(apply(ctx, &form), CLASS_APPLY_TIME_UNREADABLE);
    }
    form.starts_at = "8:30";
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_DONE);
}

/* The plan ends on 31 December 2025: a class has to be over by then. */
static void apply_ends_within_the_plan(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    form.starts_on = day_plus(ctx->pack->last_day, -5);
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_OUTSIDE_THE_PLAN);
    form.starts_on = day_plus(ctx->pack->last_day, -6);
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_DONE);
}

/* A skill level is recognised by another organisation than the one that trains. */
static void apply_names_who_examines(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    struct organisation evaluator, school;
    const char *code = form.evaluator_code;
    assert_true(registry_organisation_by_code(ctx, code, &evaluator));
    assert_true(registry_organisation(ctx, training_fixture_school(ctx), &school));
    form.evaluator_code = NULL;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_EVALUATOR_MISSING);
    form.evaluator_code = "91350100M000100Y43";
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_EVALUATOR_UNKNOWN);
    form.evaluator_code = school.credit_code; /* which is not filed for evaluations */
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_EVALUATOR_UNKNOWN);
    training_fixture_act(ctx, "county");
    struct organisation_amendment filed = {.name = school.name,
                                           .kind = ORGANISATION_KIND_TECHNICAL_SCHOOL,
                                           .region = school.region,
                                           .evaluator_code = "0456"};
    assert_int_equal(registry_organisation_amend(ctx, school.id, school.version, &filed),
                     ORGANISATION_AMEND_DONE);
    training_fixture_act(ctx, "school");
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_EVALUATOR_IS_TRAINER);
    form.evaluator_code = code;
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_DONE);
    training_fixture_act(ctx, "faraway");
    assert_int_equal(registry_organisation_forbid(ctx, evaluator.id, form.programme),
                     ORGANISATION_SCOPE_CHANGE_DONE);
    training_fixture_act(ctx, "school");
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_EVALUATOR_NOT_IN_SCOPE);
    training_fixture_act(ctx, "faraway");
    assert_int_equal(
        registry_organisation_turn(ctx, evaluator.id, ORGANISATION_STATE_SUSPENDED, "考务违规"),
        ORGANISATION_STATE_CHANGE_DONE);
    training_fixture_act(ctx, "school");
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_EVALUATOR_UNKNOWN);
}

static void apply_needs_a_readable_teacher(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    form.teacher_no = "530129197503150010";
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_TEACHER_UNREADABLE);
    form.teacher_no = training_fixture_number(ctx, "19750315", 7);
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_DONE);
    form.teacher_name = "赵老师"; /* another name under a known number */
    assert_int_equal(apply(ctx, &form), CLASS_APPLY_TEACHER_UNREADABLE);
}

/* --- submitting */

static void submit_hands_a_draft_to_the_county(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_ready(ctx, &form);
    assert_int_equal(training_class_submit(ctx, id, 9, &trouble), CLASS_SUBMIT_STALE);
    assert_int_equal(training_fixture_class(ctx, id).state, CLASS_STATE_DRAFT);
    assert_int_equal(training_class_submit(ctx, id, 2, &trouble), CLASS_SUBMIT_DONE);
    assert_int_equal(training_fixture_class(ctx, id).state, CLASS_STATE_SUBMITTED);
    assert_int_equal(training_fixture_class(ctx, id).version, 3);
    assert_int_equal(training_class_submit(ctx, id, 3, &trouble), CLASS_SUBMIT_WRONG_STATE);
    training_fixture_act(ctx, "county");
    assert_int_equal(training_waiting(ctx), 1);
    training_fixture_act(ctx, "faraway");
    assert_int_equal(training_waiting(ctx), 0);
}

static void submit_is_the_own_institutions_and_in_time(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_ready(ctx, &form);
    assert_int_equal(training_class_submit(ctx, (training_class_id){12345}, 1, &trouble),
                     CLASS_SUBMIT_NOT_FOUND);
    training_fixture_act(ctx, "rival");
    assert_int_equal(training_class_submit(ctx, id, 2, &trouble),
                     CLASS_SUBMIT_NOT_YOUR_INSTITUTION);
    training_fixture_act(ctx, "school");
    training_fixture_at(ctx, day_at(day_plus(form.starts_on, 1), 0));
    assert_int_equal(training_class_submit(ctx, id, 2, &trouble), CLASS_SUBMIT_STARTS_IN_THE_PAST);
}

static void submit_names_the_class_it_clashes_with(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application first = training_fixture_form(ctx, 1);
    struct class_application second = training_fixture_form(ctx, 2);
    training_class_id other = training_fixture_submitted(ctx, &first);
    second.starts_on = day_plus(first.starts_on, 6); /* one day in common */
    second.teacher_no = first.teacher_no;
    training_class_id id = training_fixture_ready(ctx, &second);
    assert_int_equal(training_class_submit(ctx, id, 2, &trouble), CLASS_SUBMIT_TEACHER_CLASH);
    assert_int_equal(trouble.clash.class.v, other.v);
    assert_string_equal(trouble.clash.name, first.name);
    assert_int_equal(trouble.clash.starts_at.v, day_at(second.starts_on, 9 * 60).v);

    second.teacher_no = training_fixture_number(ctx, "19750315", 2);
    second.place = first.place;
    id = training_fixture_ready(ctx, &second);
    assert_int_equal(training_class_submit(ctx, id, 2, &trouble), CLASS_SUBMIT_PLACE_CLASH);
    assert_string_equal(trouble.clash.name, first.name);
}

/* A room and a teacher are free again the minute the other class is over. */
static void submit_lets_classes_follow_each_other(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application first = training_fixture_form(ctx, 1);
    struct class_application second = training_fixture_form(ctx, 2);
    training_fixture_submitted(ctx, &first);
    second.place = first.place;
    second.teacher_no = first.teacher_no;
    second.starts_at = "15:00";
    training_class_id id = training_fixture_ready(ctx, &second);
    assert_int_equal(training_class_submit(ctx, id, 2, &trouble), CLASS_SUBMIT_DONE);
    second.starts_at = "14:59";
    id = training_fixture_ready(ctx, &second);
    assert_int_equal(training_class_submit(ctx, id, 2, &trouble), CLASS_SUBMIT_TEACHER_CLASH);
}

/* --- the county's review */

static enum class_review review(struct ctx *ctx, training_class_id id, enum class_decision decision)
{
    struct training_trouble trouble;
    struct class_verdict verdict = {.id = id,
                                    .version = training_fixture_class(ctx, id).version,
                                    .decision = decision,
                                    .note = "请补充师资材料"};
    return training_class_review(ctx, &verdict, &trouble);
}

static void review_approves_once(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_submitted(ctx, &form);
    training_fixture_act(ctx, "county");
    training_fixture_look(ctx, id, CHECK_FINDING_PASSED);
    assert_int_equal(review(ctx, id, CLASS_DECISION_APPROVE), CLASS_REVIEW_DONE);
    struct training_class class = training_fixture_class(ctx, id);
    assert_int_equal(class.state, CLASS_STATE_APPROVED);
    assert_int_equal(class.reviewed_by.v, ctx->actor->account.v);
    assert_int_equal(review(ctx, id, CLASS_DECISION_REJECT), CLASS_REVIEW_WRONG_STATE);
    assert_int_equal(training_fixture_class(ctx, id).state, CLASS_STATE_APPROVED);
}

static void review_returns_and_the_school_tries_again(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_submitted(ctx, &form);
    training_fixture_act(ctx, "county");
    struct class_verdict verdict = {.id = id, .version = 3, .decision = CLASS_DECISION_RETURN};
    assert_int_equal(training_class_review(ctx, &verdict, &trouble), CLASS_REVIEW_NOTE_MISSING);
    verdict.decision = CLASS_DECISION_REJECT;
    verdict.note = "";
    assert_int_equal(training_class_review(ctx, &verdict, &trouble), CLASS_REVIEW_NOTE_MISSING);
    assert_int_equal(review(ctx, id, CLASS_DECISION_RETURN), CLASS_REVIEW_DONE);
    assert_int_equal(training_fixture_class(ctx, id).state, CLASS_STATE_RETURNED);
    training_fixture_act(ctx, "school");
    assert_int_equal(training_class_submit(ctx, id, 4, &trouble), CLASS_SUBMIT_DONE);
    training_fixture_act(ctx, "county");
    assert_int_equal(review(ctx, id, CLASS_DECISION_REJECT), CLASS_REVIEW_DONE);
    assert_int_equal(training_fixture_class(ctx, id).state, CLASS_STATE_REJECTED);
    training_fixture_act(ctx, "school");
    assert_int_equal(training_class_submit(ctx, id, 6, &trouble), CLASS_SUBMIT_WRONG_STATE);
}

static void review_is_anothers_and_of_the_region(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_submitted(ctx, &form);
    struct class_verdict verdict = {
        .id = {12345}, .version = 3, .decision = CLASS_DECISION_APPROVE};
    training_fixture_act(ctx, "county");
    training_fixture_look(ctx, id, CHECK_FINDING_PASSED);
    assert_int_equal(training_class_review(ctx, &verdict, &trouble), CLASS_REVIEW_NOT_FOUND);
    verdict.id = id;
    verdict.version = 1;
    assert_int_equal(training_class_review(ctx, &verdict, &trouble), CLASS_REVIEW_STALE);
    training_fixture_act(ctx, "faraway");
    assert_int_equal(review(ctx, id, CLASS_DECISION_APPROVE), CLASS_REVIEW_NOT_YOUR_REGION);
    training_fixture_act(ctx, "school");
    assert_int_equal(review(ctx, id, CLASS_DECISION_APPROVE), CLASS_REVIEW_OWN_SUBMISSION);
    assert_int_equal(training_fixture_class(ctx, id).state, CLASS_STATE_SUBMITTED);
}

/* Who drew up the class does not review it, even when a colleague submits it. */
static void review_is_not_the_drafters_either(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_ready(ctx, &form);
    training_fixture_act(ctx, "head");
    assert_int_equal(training_class_submit(ctx, id, 2, &trouble), CLASS_SUBMIT_DONE);
    training_fixture_act(ctx, "school");
    assert_int_equal(review(ctx, id, CLASS_DECISION_APPROVE), CLASS_REVIEW_OWN_SUBMISSION);
    training_fixture_act(ctx, "head");
    assert_int_equal(review(ctx, id, CLASS_DECISION_APPROVE), CLASS_REVIEW_OWN_SUBMISSION);
}

/* Two submissions at once do not see each other: whoever reviews the second one does. */
static training_class_id submitted_unseen(struct ctx *ctx, const struct class_application *form)
{
    training_class_id id = training_fixture_ready(ctx, form);
    assert_int_equal(sql_class_submit_step(ctx, id, 2, ctx->actor->account, ctx->now), 1);
    return id;
}

static void review_looks_for_clashes_again(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application first = training_fixture_form(ctx, 1);
    struct class_application second = training_fixture_form(ctx, 2);
    struct class_application third = training_fixture_form(ctx, 3);
    training_fixture_approved(ctx, &first);
    second.teacher_no = first.teacher_no;
    third.place = first.place;
    struct class_verdict verdict = {
        .id = submitted_unseen(ctx, &second), .version = 3, .decision = CLASS_DECISION_APPROVE};
    struct class_verdict another = {
        .id = submitted_unseen(ctx, &third), .version = 3, .decision = CLASS_DECISION_APPROVE};
    training_fixture_act(ctx, "county");
    training_fixture_look(ctx, verdict.id, CHECK_FINDING_PASSED);
    training_fixture_look(ctx, another.id, CHECK_FINDING_PASSED);
    assert_int_equal(training_class_review(ctx, &verdict, &trouble), CLASS_REVIEW_TEACHER_CLASH);
    assert_string_equal(trouble.clash.name, first.name);
    assert_int_equal(training_class_review(ctx, &another, &trouble), CLASS_REVIEW_PLACE_CLASH);
    assert_string_equal(trouble.clash.name, first.name);
    /* What clashes may still be sent back. */
    assert_int_equal(review(ctx, another.id, CLASS_DECISION_RETURN), CLASS_REVIEW_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRAINING_FIXTURE_TEST(apply_lays_out_a_timetable),
        TRAINING_FIXTURE_TEST(apply_is_the_own_institutions),
        TRAINING_FIXTURE_TEST(apply_needs_an_active_institution),
        TRAINING_FIXTURE_TEST(apply_keeps_to_the_packs_programmes),
        TRAINING_FIXTURE_TEST(apply_names_an_occupation_where_one_is_taught),
        TRAINING_FIXTURE_TEST(apply_names_none_where_none_is_taught),
        TRAINING_FIXTURE_TEST(apply_says_the_first_thing_first),
        TRAINING_FIXTURE_TEST(apply_keeps_to_the_packs_limits),
        TRAINING_FIXTURE_TEST(apply_knows_its_day_hour_and_place),
        TRAINING_FIXTURE_TEST(apply_ends_within_the_plan),
        TRAINING_FIXTURE_TEST(apply_names_who_examines),
        TRAINING_FIXTURE_TEST(apply_needs_a_readable_teacher),
        TRAINING_FIXTURE_TEST(submit_hands_a_draft_to_the_county),
        TRAINING_FIXTURE_TEST(submit_is_the_own_institutions_and_in_time),
        TRAINING_FIXTURE_TEST(submit_names_the_class_it_clashes_with),
        TRAINING_FIXTURE_TEST(submit_lets_classes_follow_each_other),
        TRAINING_FIXTURE_TEST(review_approves_once),
        TRAINING_FIXTURE_TEST(review_returns_and_the_school_tries_again),
        TRAINING_FIXTURE_TEST(review_is_anothers_and_of_the_region),
        TRAINING_FIXTURE_TEST(review_is_not_the_drafters_either),
        TRAINING_FIXTURE_TEST(review_looks_for_clashes_again),
    };
    training_fixture_load(DIANJI_SOURCE_DIR "/policies/yunnan-2021-28");
    return cmocka_run_group_tests(tests, NULL, training_fixture_unload);
}
