/* Who may sit in a class, and who leaves it again. */
#include "training/training.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "ledger/ledger.h"
#include "training/training_fixture.h"

static struct ctx *ctx_of(void **state)
{
    struct store_fixture *house = *state;
    return &house->ctx;
}

static training_class_id approved(struct ctx *ctx, int n)
{
    struct class_application form = training_fixture_form(ctx, n);
    return training_fixture_approved(ctx, &form);
}

/* The answer, which a roster's preview must give alike beforehand. */
static enum class_enrol enrol(struct ctx *ctx, training_class_id class, const struct person *person,
                              struct training_trouble *ret_trouble)
{
    enrolment_id id;
    struct enrolling enrolling = training_fixture_enrolling(class, person);
    enum class_enrol foreseen = training_enrol_check(ctx, &enrolling, ret_trouble);
    enum class_enrol answer = training_enrol(ctx, &enrolling, &id, ret_trouble);
    assert_int_equal(foreseen, answer);
    return answer;
}

static void enrol_takes_a_person_once(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    training_class_id class = approved(ctx, 1);
    struct person person = training_fixture_person(ctx, "19900101", 1);
    assert_int_equal(enrol(ctx, class, &person, &trouble), CLASS_ENROL_DONE);
    assert_int_equal(enrol(ctx, class, &person, &trouble), CLASS_ENROL_ALREADY);
    struct enrolment_list trainees = training_enrolments(ctx, class);
    assert_int_equal(trainees.count, 1);
    assert_int_equal(trainees.items[0].person.v, person.id.v);
    assert_int_equal(trainees.items[0].state, ENROLMENT_STATE_ENROLLED);
    assert_int_equal(training_enrolments_of_person(ctx, person.id).count, 1);
}

static void enrol_needs_an_approved_class(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 1);
    struct person person = training_fixture_person(ctx, "19900101", 1);
    training_class_id class = training_fixture_submitted(ctx, &form);
    assert_int_equal(enrol(ctx, (training_class_id){12345}, &person, &trouble),
                     CLASS_ENROL_NOT_FOUND);
    assert_int_equal(enrol(ctx, class, &person, &trouble), CLASS_ENROL_WRONG_STATE);
    assert_int_equal(training_enrolments(ctx, class).count, 0);
}

static void enrol_stops_at_the_capacity(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 1);
    form.capacity = 2;
    training_class_id class = training_fixture_approved(ctx, &form);
    struct person people[3];
    for (int i = 0; i < 3; i++)
        people[i] = training_fixture_person(ctx, "19900101", i + 1);
    enrolment_id first = training_fixture_enrol(ctx, class, &people[0]);
    training_fixture_enrol(ctx, class, &people[1]);
    assert_int_equal(enrol(ctx, class, &people[2], &trouble), CLASS_ENROL_FULL);
    assert_int_equal(trouble.limit, 2);
    assert_int_equal(trouble.found, 2);
    /* Who leaves makes room. */
    assert_int_equal(training_withdraw(ctx, first, "外出务工"), CLASS_WITHDRAW_DONE);
    assert_int_equal(enrol(ctx, class, &people[2], &trouble), CLASS_ENROL_DONE);
}

static void enrol_refuses_the_teacher(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct person teacher;
    training_class_id class = approved(ctx, 1);
    assert_true(registry_person(ctx, training_fixture_class(ctx, class).teacher, &teacher));
    assert_int_equal(enrol(ctx, class, &teacher, &trouble), CLASS_ENROL_IS_TEACHER);
}

/* The age counts on the first day of the class: 10 March 2025. */
static void enrol_keeps_to_the_age_limits(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    training_class_id class = approved(ctx, 1);
    struct person person = training_fixture_person(ctx, "20090311", 1); /* 16 a day later */
    assert_int_equal(enrol(ctx, class, &person, &trouble), CLASS_ENROL_TOO_YOUNG);
    assert_int_equal(trouble.found, 15);
    assert_int_equal(trouble.limit, 16);
    person = training_fixture_person(ctx, "20090310", 1); /* 16 on the day */
    assert_int_equal(enrol(ctx, class, &person, &trouble), CLASS_ENROL_DONE);

    static const int orders[] = {1, 2}; /* a man, a woman */
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        person = training_fixture_person(ctx, "19640310", orders[i]); /* 61 on the day */
        assert_int_equal(enrol(ctx, class, &person, &trouble), CLASS_ENROL_TOO_OLD);
        assert_int_equal(trouble.found, 61);
        assert_int_equal(trouble.limit, 60);
        person = training_fixture_person(ctx, "19640311", orders[i]); /* 60 still */
        assert_int_equal(enrol(ctx, class, &person, &trouble), CLASS_ENROL_DONE);
    }
    person = training_fixture_person(ctx, "19900101", 1);
    person.born_on = DAY_NONE; /* a passport does not tell */
    assert_int_equal(enrol(ctx, class, &person, &trouble), CLASS_ENROL_DONE);
}

static void enrol_names_the_class_it_clashes_with(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application second = training_fixture_form(ctx, 2);
    training_class_id first = approved(ctx, 1);
    second.occupation = "4-03-02-08";
    second.starts_at = "14:00";
    training_class_id other = training_fixture_approved(ctx, &second);
    struct person person = training_fixture_person(ctx, "19900101", 1);
    enrolment_id id = training_fixture_enrol(ctx, first, &person);
    assert_int_equal(enrol(ctx, other, &person, &trouble), CLASS_ENROL_PERSON_CLASH);
    assert_int_equal(trouble.clash.class.v, first.v);
    assert_string_equal(trouble.clash.name, training_fixture_class(ctx, first).name);
    assert_int_equal(trouble.clash.starts_at.v, day_at(second.starts_on, 9 * 60).v);

    /* Nor does anyone sit in one class and teach another. */
    struct person teacher;
    assert_true(registry_person(ctx, training_fixture_class(ctx, first).teacher, &teacher));
    assert_int_equal(enrol(ctx, other, &teacher, &trouble), CLASS_ENROL_PERSON_CLASH);

    assert_int_equal(training_withdraw(ctx, id, NULL), CLASS_WITHDRAW_DONE);
    assert_int_equal(enrol(ctx, other, &person, &trouble), CLASS_ENROL_DONE);
}

static void enrol_refuses_the_same_training_again(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    training_class_id first = approved(ctx, 1);
    struct class_application again = training_fixture_form(ctx, 2);
    again.starts_on = day_plus(again.starts_on, 30);
    training_class_id second = training_fixture_approved(ctx, &again);
    again = training_fixture_form(ctx, 3);
    again.starts_on = day_plus(again.starts_on, 60);
    again.level = SKILL_LEVEL_INTERMEDIATE;
    training_class_id higher = training_fixture_approved(ctx, &again);
    struct person person = training_fixture_person(ctx, "19900101", 1);
    enrolment_id id = training_fixture_enrol(ctx, first, &person);
    assert_int_equal(enrol(ctx, second, &person, &trouble), CLASS_ENROL_SAME_TRAINING);
    assert_int_equal(trouble.clash.class.v, first.v);
    assert_int_equal(enrol(ctx, higher, &person, &trouble), CLASS_ENROL_DONE);

    /* Who failed may try again; who completed may not. */
    struct person failed = training_fixture_person(ctx, "19910101", 1);
    enrolment_id failing = training_fixture_enrol(ctx, first, &failed);
    training_fixture_attend(ctx, id, 7);
    training_fixture_finish(ctx, first);
    assert_true(training_enrolment_end(ctx, id, /* is_completed= */ true, ctx->today));
    assert_true(training_enrolment_end(ctx, failing, /* is_completed= */ false, ctx->today));
    assert_int_equal(enrol(ctx, second, &person, &trouble), CLASS_ENROL_SAME_TRAINING);
    assert_int_equal(enrol(ctx, second, &failed, &trouble), CLASS_ENROL_DONE);
}

static training_class_id rangers(struct ctx *ctx, int n)
{
    struct class_application form = training_fixture_form(ctx, n);
    form.programme = "T04-RANGER";
    form.occupation = "5-02-03-01";
    form.lesson_hours = 24;
    return training_fixture_approved(ctx, &form);
}

/* Forest rangers are trained as such: registered so, or declared so now. */
static void enrol_admits_the_programmes_groups(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    enrolment_id id;
    struct enrolment enrolment;
    training_class_id class = rangers(ctx, 1);
    struct person person = training_fixture_person(ctx, "19900101", 1);
    struct enrolling enrolling = training_fixture_enrolling(class, &person);
    static const char *const strangers[] = {NULL, "", "、", "veteran", "退役军人、脱贫劳动力"};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        enrolling.groups = strangers[i];
        assert_int_equal(training_enrol(ctx, &enrolling, &id, &trouble),
                         CLASS_ENROL_GROUP_NOT_ADMITTED);
        assert_string_equal(trouble.groups, "生态护林员");
    }
    enrolling.groups = "生态护林员，村干部";
    assert_int_equal(training_enrol(ctx, &enrolling, &id, &trouble), CLASS_ENROL_GROUP_UNKNOWN);
    assert_string_equal(trouble.groups, "村干部");
    enrolling.groups = "退役军人；生态护林员 ";
    assert_int_equal(training_enrol_check(ctx, &enrolling, &trouble), CLASS_ENROL_DONE);
    assert_int_equal(training_enrol(ctx, &enrolling, &id, &trouble), CLASS_ENROL_DONE);
    assert_true(training_enrolment(ctx, id, &enrolment));
    assert_string_equal(enrolment.tags, "|veteran|forest_ranger|");
    /* Another is registered as a ranger and need not say so. */
    struct person ranger = training_fixture_person(ctx, "19910101", 1);
    enrolling = training_fixture_enrolling(class, &ranger);
    enrolling.tags = "|forest_ranger|";
    assert_int_equal(training_enrol(ctx, &enrolling, &id, &trouble), CLASS_ENROL_DONE);
}

static void groups_are_read_by_name_and_code(void **state)
{
    struct ctx *ctx = ctx_of(state);
    const char *tags;
    assert_true(training_read_groups(ctx, NULL, &tags));
    assert_string_equal(tags, "|");
    assert_true(training_read_groups(ctx, "Veteran, 脱贫劳动力/veteran", &tags));
    assert_string_equal(tags, "|veteran|lifted_poverty_worker|");
    /* A tag of classes or places is no group of people. */
    assert_false(training_read_groups(ctx, "border_area", &tags));
    assert_string_equal(tags, "border_area");
}

/* Three trainings that start in one year are paid; a fourth is refused. */
static void enrol_keeps_to_the_yearly_cap(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    static const enum skill_level levels[] = {SKILL_LEVEL_JUNIOR, SKILL_LEVEL_INTERMEDIATE,
                                              SKILL_LEVEL_SENIOR, SKILL_LEVEL_JUNIOR};
    struct person person = training_fixture_person(ctx, "19900101", 1);
    enrolment_id last = {0};
    training_class_id classes[4];
    for (int i = 0; i < 4; i++) {
        struct class_application form = training_fixture_form(ctx, i + 1);
        form.starts_on = day_plus(form.starts_on, 20 * i);
        form.level = levels[i];
        form.occupation = i == 3 ? "4-03-02-08" : form.occupation;
        classes[i] = training_fixture_approved(ctx, &form);
        if (i < 3)
            last = training_fixture_enrol(ctx, classes[i], &person);
    }
    assert_int_equal(enrol(ctx, classes[3], &person, &trouble), CLASS_ENROL_YEARLY_CAP);
    assert_int_equal(trouble.limit, 3);
    assert_int_equal(trouble.found, 3);
    assert_int_equal(training_withdraw(ctx, last, NULL), CLASS_WITHDRAW_DONE);
    assert_int_equal(enrol(ctx, classes[3], &person, &trouble), CLASS_ENROL_DONE);
}

static void withdraw_ends_a_place_once(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    training_class_id class = approved(ctx, 1);
    struct person person = training_fixture_person(ctx, "19900101", 1);
    enrolment_id id = training_fixture_enrol(ctx, class, &person);
    assert_int_equal(training_withdraw(ctx, (enrolment_id){12345}, NULL), CLASS_WITHDRAW_NOT_FOUND);
    training_fixture_act(ctx, "rival");
    assert_int_equal(training_withdraw(ctx, id, NULL), CLASS_WITHDRAW_NOT_YOUR_INSTITUTION);
    training_fixture_act(ctx, "head");
    assert_int_equal(training_withdraw(ctx, id, "生病"), CLASS_WITHDRAW_DONE);
    assert_int_equal(training_withdraw(ctx, id, "生病"), CLASS_WITHDRAW_WRONG_STATE);
    assert_int_equal(training_enrolments(ctx, class).count, 0);
    assert_string_equal(ledger_traces(ctx, "enrolment", id.v).items[0].note, "生病");
    /* Whoever left may come back, to a place of its own. */
    assert_int_equal(enrol(ctx, class, &person, &trouble), CLASS_ENROL_DONE);
}

/* --- the end of a trainee's way: a fact, and its count */

static const struct ledger_metric COOKS_TRAINED = {.id = "T01.training",
                                                   .counts = METRIC_QUANTITY,
                                                   .kind = FACT_TRAINING_COMPLETED,
                                                   .item = 1,
                                                   .first = {0},
                                                   .last = {INT32_MAX}};
static const struct ledger_metrics METRICS = {&COOKS_TRAINED, 1};

static int64_t counted(struct ctx *ctx)
{
    return ledger_count(ctx, "T01.training", (struct ledger_scope){"530129", 202101, 202512}).n;
}

static void completing_is_a_fact_that_counts_and_can_be_reversed(void **state)
{
    struct ctx *ctx = ctx_of(state);
    fact_id reversal;
    training_class_id class = approved(ctx, 1);
    struct person person = training_fixture_person(ctx, "19900101", 1);
    person.tags = "|registered_unemployed|";
    struct person failing = training_fixture_person(ctx, "19910101", 1);
    enrolment_id id = training_fixture_enrol(ctx, class, &person);
    enrolment_id failed = training_fixture_enrol(ctx, class, &failing);
    assert_false(training_enrolment_end(ctx, id, /* is_completed= */ true, ctx->today));
    training_fixture_attend(ctx, id, 7);
    training_fixture_finish(ctx, class);
    assert_true(training_enrolment_end(ctx, id, /* is_completed= */ true, ctx->today));
    assert_true(training_enrolment_end(ctx, failed, /* is_completed= */ false, ctx->today));
    assert_false(training_enrolment_end(ctx, id, /* is_completed= */ true, ctx->today));

    assert_int_equal(ledger_facts_of_person(ctx, failing.id, 10).count, 0);
    struct fact_list facts = ledger_facts_of_person(ctx, person.id, 10);
    assert_int_equal(facts.count, 1);
    const struct fact *fact = &facts.items[0];
    assert_string_equal(fact->kind, FACT_TRAINING_COMPLETED);
    assert_string_equal(fact->region, "530129");
    assert_string_equal(fact->clause, "意见 二.1");
    assert_string_equal(fact->subject_kind, "enrolment");
    assert_int_equal(fact->subject_id, id.v);
    assert_int_equal(fact->quantity, 1);
    assert_true(ledger_has_tag(fact->tags, "registered_unemployed"));

    assert_true(ledger_fold(ctx, &METRICS));
    assert_int_equal(counted(ctx), 1);
    assert_int_equal(ledger_reverse(ctx, fact->id, ctx->actor->account, "登记有误", &reversal),
                     FACT_REVERSE_DONE);
    assert_true(ledger_fold(ctx, &METRICS));
    assert_int_equal(counted(ctx), 0);
    assert_int_equal(ledger_facts_of_person(ctx, person.id, 10).count, 2);
    struct recount_report recount = ledger_recount(ctx, &METRICS);
    assert_int_equal(recount.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRAINING_FIXTURE_TEST(enrol_takes_a_person_once),
        TRAINING_FIXTURE_TEST(enrol_needs_an_approved_class),
        TRAINING_FIXTURE_TEST(enrol_stops_at_the_capacity),
        TRAINING_FIXTURE_TEST(enrol_refuses_the_teacher),
        TRAINING_FIXTURE_TEST(enrol_keeps_to_the_age_limits),
        TRAINING_FIXTURE_TEST(enrol_names_the_class_it_clashes_with),
        TRAINING_FIXTURE_TEST(enrol_refuses_the_same_training_again),
        TRAINING_FIXTURE_TEST(enrol_admits_the_programmes_groups),
        TRAINING_FIXTURE_TEST(groups_are_read_by_name_and_code),
        TRAINING_FIXTURE_TEST(enrol_keeps_to_the_yearly_cap),
        TRAINING_FIXTURE_TEST(withdraw_ends_a_place_once),
        TRAINING_FIXTURE_TEST(completing_is_a_fact_that_counts_and_can_be_reversed),
    };
    training_fixture_load(DIANJI_SOURCE_DIR "/policies/yunnan-2021-28");
    return cmocka_run_group_tests(tests, NULL, training_fixture_unload);
}
