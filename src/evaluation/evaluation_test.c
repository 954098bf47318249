/* Results, certificates and the facts that they leave. */
#include "evaluation/evaluation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training_fixture.h"

enum { TRAINEES = 4 };

/* A class whose lessons are over: three trainees were there throughout, the last in five of seven
 * sessions (40 of 56 lessons, below the share). */
struct hall {
    struct ctx *ctx;
    training_class_id class;
    struct person people[TRAINEES];
    struct result_line lines[TRAINEES];
};

static struct hall hall_of(struct ctx *ctx, const struct class_application *form, int order)
{
    struct hall hall = {.ctx = ctx, .class = training_fixture_approved(ctx, form)};
    for (int i = 0; i < TRAINEES; i++) {
        hall.people[i] = training_fixture_person(ctx, "19900101", order + i);
        hall.lines[i].enrolment = training_fixture_enrol(ctx, hall.class, &hall.people[i]);
        hall.lines[i].score = 80;
    }
    for (int i = 0; i < TRAINEES; i++)
        training_fixture_attend(ctx, hall.lines[i].enrolment, i == TRAINEES - 1 ? 5 : 7);
    training_fixture_finish(ctx, hall.class);
    training_fixture_act(ctx, "evaluator");
    return hall;
}

static struct hall cooks(void **state)
{
    struct store_fixture *house = *state;
    struct class_application form = training_fixture_form(&house->ctx, 1);
    return hall_of(&house->ctx, &form, 1);
}

static enum results_record record(const struct hall *hall)
{
    return evaluation_record(hall->ctx, hall->class, hall->lines, TRAINEES);
}

static void results_close_the_class(void **state)
{
    struct hall hall = cooks(state);
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
    assert_int_equal(training_fixture_class(hall.ctx, hall.class).state, CLASS_STATE_CLOSED);
    assert_int_equal(record(&hall), RESULTS_RECORD_WRONG_STATE);
    assert_int_equal(evaluation_certificates_of_person(hall.ctx, hall.people[0].id).count, 1);
}

static void results_wait_for_the_exam(void **state)
{
    struct store_fixture *house = *state;
    struct class_application form = training_fixture_form(&house->ctx, 1);
    form.exam_on = day_plus(form.starts_on, 20);
    struct hall hall = hall_of(&house->ctx, &form, 1);
    assert_int_equal(record(&hall), RESULTS_RECORD_EXAM_NOT_HELD);
    training_fixture_at(hall.ctx, day_at(form.exam_on, 0));
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
}

/* Who trains does not evaluate; who evaluates is the organisation that the class names. */
static void results_are_the_named_evaluators(void **state)
{
    struct hall hall = cooks(state);
    struct ctx *ctx = hall.ctx;
    assert_int_equal(evaluation_record(ctx, (training_class_id){12345}, hall.lines, TRAINEES),
                     RESULTS_RECORD_NOT_FOUND);
    static const char *const trainers[] = {"school", "head"}, *const strangers[] = {"rival",
                                                                                    "county"};
    for (size_t i = 0; i < 2; i++) {
        training_fixture_act(ctx, trainers[i]);
        assert_int_equal(record(&hall), RESULTS_RECORD_OWN_TRAINEES);
        training_fixture_act(ctx, strangers[i]);
        assert_int_equal(record(&hall), RESULTS_RECORD_NOT_THE_EVALUATOR);
    }
    training_fixture_act(ctx, "evaluator");
    struct actor clerk = *ctx->actor, teacher = *ctx->actor;
    clerk.role = ROLE_INSTITUTION_CLERK; /* of the same house, but no evaluator */
    teacher.person = training_fixture_class(ctx, hall.class).teacher;
    ctx->actor = &clerk;
    assert_int_equal(record(&hall), RESULTS_RECORD_NOT_THE_EVALUATOR);
    ctx->actor = &teacher;
    assert_int_equal(record(&hall), RESULTS_RECORD_OWN_TRAINEES);
    training_fixture_act(ctx, "faraway");
    assert_int_equal(registry_organisation_turn(ctx, clerk.organisation,
                                                ORGANISATION_STATE_SUSPENDED, "考务违规"),
                     ORGANISATION_STATE_CHANGE_DONE);
    training_fixture_act(ctx, "evaluator");
    assert_int_equal(record(&hall), RESULTS_RECORD_EVALUATOR_SUSPENDED);
    struct exam_result result;
    assert_false(evaluation_result(ctx, hall.lines[0].enrolment, &result));
}

static void results_wait_for_the_end_of_the_lessons(void **state)
{
    struct hall hall = cooks(state);
    struct class_application form = training_fixture_form(hall.ctx, 2);
    hall.class = training_fixture_approved(hall.ctx, &form);
    training_fixture_act(hall.ctx, "evaluator");
    assert_int_equal(record(&hall), RESULTS_RECORD_WRONG_STATE);
}

static struct hall founders(void **state, const char *evaluator_code)
{
    struct store_fixture *house = *state;
    struct class_application form = training_fixture_form(&house->ctx, 1);
    form.programme = "T06-GYB";
    form.occupation = NULL;
    form.level = SKILL_LEVEL_NONE;
    form.lesson_hours = pack_programme(house->ctx.pack, form.programme)->lessons_least;
    form.evaluator_code = evaluator_code;
    return hall_of(&house->ctx, &form, 1);
}

/* The pack lets the trainer examine for a completion certificate, unless the class names another.
 */
static void the_trainer_examines_where_the_pack_says_so(void **state)
{
    struct hall hall = founders(state, NULL);
    struct certificate certificate;
    training_fixture_act(hall.ctx, "evaluator");
    assert_int_equal(record(&hall), RESULTS_RECORD_NOT_YOUR_INSTITUTION);
    training_fixture_act(hall.ctx, "school");
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
    assert_true(evaluation_certificate_of(hall.ctx, hall.lines[0].enrolment, &certificate));
    assert_string_equal(certificate.certificate_no, "PX2025530129000001");
    assert_string_equal(certificate.issuer, "示例职业培训学校");
}

static void who_names_an_evaluator_does_not_examine(void **state)
{
    struct store_fixture *house = *state;
    struct hall hall = founders(state, training_fixture_form(&house->ctx, 1).evaluator_code);
    training_fixture_act(hall.ctx, "school");
    assert_int_equal(record(&hall), RESULTS_RECORD_OWN_TRAINEES);
    training_fixture_act(hall.ctx, "evaluator");
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
}

/* One line that cannot be taken, and nothing of the list is. */
static void results_are_taken_whole_or_not_at_all(void **state)
{
    struct hall hall = cooks(state);
    struct exam_result result;
    static const int64_t unreadable[] = {-1, 101, INT64_MAX};
    for (size_t i = 0; i < sizeof unreadable / sizeof unreadable[0]; i++) {
        hall.lines[2].score = unreadable[i];
        assert_int_equal(record(&hall), RESULTS_RECORD_SCORE_UNREADABLE);
    }
    hall.lines[2].score = INT64_MIN;
    assert_int_equal(record(&hall), RESULTS_RECORD_SCORE_MISSING);
    hall.lines[2].score = 80;
    assert_int_equal(evaluation_record(hall.ctx, hall.class, hall.lines, TRAINEES - 1),
                     RESULTS_RECORD_SCORE_MISSING);
    assert_false(evaluation_result(hall.ctx, hall.lines[0].enrolment, &result));
    assert_int_equal(ledger_facts_of_person(hall.ctx, hall.people[0].id, 10).count, 0);
    assert_int_equal(training_fixture_class(hall.ctx, hall.class).state, CLASS_STATE_TRAINING_DONE);
    hall.lines[0].score = 0;
    hall.lines[1].score = 100;
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
}

/* 60 of 100, and eight tenths of the lessons. */
static void a_pass_needs_the_mark_and_the_lessons(void **state)
{
    struct hall hall = cooks(state);
    static const int64_t scores[TRAINEES] = {60, 59, 100, 100};
    static const bool is_passed[TRAINEES] = {true, false, true, false};
    for (int i = 0; i < TRAINEES; i++)
        hall.lines[i].score = scores[i];
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
    for (int i = 0; i < TRAINEES; i++) {
        struct exam_result result;
        struct enrolment enrolment;
        struct certificate certificate;
        enrolment_id id = hall.lines[i].enrolment;
        assert_true(evaluation_result(hall.ctx, id, &result));
        assert_int_equal(result.score, scores[i]);
        assert_int_equal(result.attended, i == TRAINEES - 1 ? 40 : 56);
        assert_int_equal(result.is_passed, is_passed[i]);
        assert_true(training_enrolment(hall.ctx, id, &enrolment));
        assert_int_equal(enrolment.state,
                         is_passed[i] ? ENROLMENT_STATE_COMPLETED : ENROLMENT_STATE_FAILED);
        assert_int_equal(evaluation_certificate_of(hall.ctx, id, &certificate), is_passed[i]);
        assert_int_equal(ledger_facts_of_person(hall.ctx, hall.people[i].id, 10).count,
                         is_passed[i] ? 2 : 0);
    }
}

static void who_withdrew_needs_no_result(void **state)
{
    struct hall hall = cooks(state);
    struct exam_result result;
    training_fixture_act(hall.ctx, "school");
    assert_int_equal(training_withdraw(hall.ctx, hall.lines[3].enrolment, NULL),
                     CLASS_WITHDRAW_DONE);
    training_fixture_act(hall.ctx, "evaluator");
    assert_int_equal(evaluation_record(hall.ctx, hall.class, hall.lines, TRAINEES - 1),
                     RESULTS_RECORD_DONE);
    assert_false(evaluation_result(hall.ctx, hall.lines[3].enrolment, &result));
}

/* --- certificates */

/* S, four of the organisation, 53, six of the site, 25, 5 for junior, the serial. */
static void skill_certificates_have_22_characters_and_their_own_number(void **state)
{
    struct hall hall = cooks(state);
    struct certificate first, second, found;
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
    assert_true(evaluation_certificate_of(hall.ctx, hall.lines[0].enrolment, &first));
    assert_true(evaluation_certificate_of(hall.ctx, hall.lines[1].enrolment, &second));
    assert_string_equal(first.certificate_no, "S012353530102255000001");
    assert_string_equal(second.certificate_no, "S012353530102255000002");
    assert_int_equal(strlen(first.certificate_no), 22);
    assert_int_equal(first.level, SKILL_LEVEL_JUNIOR);
    assert_int_equal(first.state, CERTIFICATE_STATE_VALID);
    assert_string_equal(first.person_name, hall.people[0].name);
    assert_string_equal(first.issuer, "示例技能评价中心");
    assert_true(evaluation_certificate(hall.ctx, second.certificate_no, &found));
    assert_int_equal(found.id.v, second.id.v);
    assert_false(evaluation_certificate(hall.ctx, "S012353530102255000999", &found));
}

/* The next class goes on where the last one ended; another level counts for itself. */
/* An enterprise that is filed as an evaluator: Y, and 0000 until the ministry has given a number.
 */
static void employers_certificates_begin_with_another_letter(void **state)
{
    struct store_fixture *house = *state;
    struct ctx *ctx = &house->ctx;
    organisation_id mill;
    struct certificate certificate;
    training_fixture_act(ctx, "admin");
    struct organisation_args args = {.credit_code = "91350100M000100Y43",
                                     .name = "示例企业",
                                     .kind = ORGANISATION_KIND_ENTERPRISE,
                                     .region = "530302",
                                     .evaluator_code = "0000"};
    assert_int_equal(registry_organisation_add(ctx, &args, &mill), ORGANISATION_ADD_DONE);
    assert_int_equal(registry_organisation_allow(ctx, mill, "T01-COOK"),
                     ORGANISATION_SCOPE_CHANGE_DONE);
    struct class_application form = training_fixture_form(ctx, 1);
    form.evaluator_code = args.credit_code;
    struct hall hall = hall_of(ctx, &form, 1);
    struct actor evaluator = *ctx->actor;
    evaluator.organisation = mill;
    ctx->actor = &evaluator;
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
    assert_true(evaluation_certificate_of(ctx, hall.lines[0].enrolment, &certificate));
    assert_string_equal(certificate.certificate_no, "Y000053530302255000001");
}

static void serials_go_on_from_class_to_class(void **state)
{
    struct hall hall = cooks(state);
    struct certificate certificate;
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
    struct class_application form = training_fixture_form(hall.ctx, 2);
    struct hall next = hall_of(hall.ctx, &form, 101);
    assert_int_equal(record(&next), RESULTS_RECORD_DONE);
    assert_true(evaluation_certificate_of(next.ctx, next.lines[0].enrolment, &certificate));
    assert_string_equal(certificate.certificate_no, "S012353530102255000004");
    form = training_fixture_form(hall.ctx, 3);
    form.level = SKILL_LEVEL_SENIOR;
    next = hall_of(hall.ctx, &form, 201);
    assert_int_equal(record(&next), RESULTS_RECORD_DONE);
    assert_true(evaluation_certificate_of(next.ctx, next.lines[0].enrolment, &certificate));
    assert_string_equal(certificate.certificate_no, "S012353530102253000001");
}

/* --- facts and their counts */

static const struct ledger_metric COUNTED[] = {
    {.id = "T01.training",
     .counts = METRIC_QUANTITY,
     .kind = FACT_TRAINING_COMPLETED,
     .item = 1,
     .first = {0},
     .last = {INT32_MAX}},
    {.id = "H.skilled_stock",
     .counts = METRIC_PEOPLE,
     .kind = FACT_CERTIFICATE_ISSUED,
     .item = INT64_MIN,
     .level_least = SKILL_LEVEL_JUNIOR,
     .first = {0},
     .last = {INT32_MAX}},
};
static const struct ledger_metrics METRICS = {COUNTED, sizeof COUNTED / sizeof COUNTED[0]};

static int64_t counted(struct ctx *ctx, const char *metric)
{
    return ledger_count(ctx, metric, (struct ledger_scope){"5301", 202101, 202512}).n;
}

static void a_pass_leaves_two_facts_that_count(void **state)
{
    struct hall hall = cooks(state);
    struct certificate certificate;
    struct ctx *ctx = hall.ctx;
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
    struct fact_list facts = ledger_facts_of_person(ctx, hall.people[0].id, 10);
    assert_int_equal(facts.count, 2);
    assert_string_equal(facts.items[0].kind, FACT_CERTIFICATE_ISSUED);
    assert_string_equal(facts.items[1].kind, FACT_TRAINING_COMPLETED);
    assert_true(evaluation_certificate_of(ctx, hall.lines[0].enrolment, &certificate));
    assert_int_equal(facts.items[0].subject_id, certificate.id.v);
    assert_int_equal(facts.items[0].level, SKILL_LEVEL_JUNIOR);
    assert_string_equal(facts.items[0].clause, "意见 二.1");
    assert_int_equal(day_compare(facts.items[0].held_on, ctx->today), 0);

    assert_true(ledger_fold(ctx, &METRICS));
    assert_int_equal(counted(ctx, "T01.training"), 3);
    assert_int_equal(counted(ctx, "H.skilled_stock"), 3);
    assert_int_equal(ledger_recount(ctx, &METRICS).count, 0);
}

/* A certificate that was issued wrongly is taken back by another fact, once; the training stands.
 */
static void a_certificates_fact_is_reversed_once(void **state)
{
    struct hall hall = cooks(state);
    struct ctx *ctx = hall.ctx;
    fact_id reversal, again;
    assert_int_equal(record(&hall), RESULTS_RECORD_DONE);
    fact_id issued = ledger_facts_of_person(ctx, hall.people[0].id, 10).items[0].id;
    account_id actor = ctx->actor->account;
    assert_int_equal(ledger_reverse(ctx, issued, actor, "成绩更正", &reversal), FACT_REVERSE_DONE);
    assert_int_equal(ledger_reverse(ctx, issued, actor, "成绩更正", &again),
                     FACT_REVERSE_ALREADY_REVERSED);
    assert_int_equal(ledger_reverse(ctx, reversal, actor, "成绩更正", &again),
                     FACT_REVERSE_IS_REVERSAL);
    assert_true(ledger_fold(ctx, &METRICS));
    assert_int_equal(counted(ctx, "H.skilled_stock"), 2);
    assert_int_equal(counted(ctx, "T01.training"), 3);
    assert_int_equal(ledger_recount(ctx, &METRICS).count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRAINING_FIXTURE_TEST(results_close_the_class),
        TRAINING_FIXTURE_TEST(results_wait_for_the_exam),
        TRAINING_FIXTURE_TEST(results_are_the_named_evaluators),
        TRAINING_FIXTURE_TEST(results_wait_for_the_end_of_the_lessons),
        TRAINING_FIXTURE_TEST(the_trainer_examines_where_the_pack_says_so),
        TRAINING_FIXTURE_TEST(who_names_an_evaluator_does_not_examine),
        TRAINING_FIXTURE_TEST(employers_certificates_begin_with_another_letter),
        TRAINING_FIXTURE_TEST(results_are_taken_whole_or_not_at_all),
        TRAINING_FIXTURE_TEST(a_pass_needs_the_mark_and_the_lessons),
        TRAINING_FIXTURE_TEST(who_withdrew_needs_no_result),
        TRAINING_FIXTURE_TEST(skill_certificates_have_22_characters_and_their_own_number),
        TRAINING_FIXTURE_TEST(serials_go_on_from_class_to_class),
        TRAINING_FIXTURE_TEST(a_pass_leaves_two_facts_that_count),
        TRAINING_FIXTURE_TEST(a_certificates_fact_is_reversed_once),
    };
    training_fixture_load(DIANJI_SOURCE_DIR "/policies/yunnan-2021-28");
    return cmocka_run_group_tests(tests, NULL, training_fixture_unload);
}
