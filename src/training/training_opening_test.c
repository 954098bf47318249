/* What a class needs beside its form: a course plan, an exam scheme, and a place that was seen. */
#include "training/training.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "policy/policy.h"
#include "training/training_fixture.h"

static struct ctx *ctx_of(void **state)
{
    struct store_fixture *house = *state;
    return &house->ctx;
}

/* A draft of 56 lessons in seven days, and a plan of it that nothing speaks against. */
struct course {
    struct ctx *ctx;
    struct planning planning;
    struct training_trouble trouble;
};

static struct course course_of(void **state)
{
    struct course course = {.ctx = ctx_of(state)};
    struct ctx *ctx = course.ctx;
    struct class_application form = training_fixture_form(ctx, 1);
    course.planning.class = training_fixture_draft(ctx, &form);
    course.planning.version = 1;
    course.planning.count = 7;
    course.planning.lessons = arena_array(ctx->arena, 7, struct planned_lesson);
    for (size_t i = 0; i < 7; i++)
        course.planning.lessons[i] = (struct planned_lesson){
            .held_on = day_plus(ctx->today, 7 + (int32_t)i),
            .starts_at = 9 * 60,
            .lesson_hours = 8,
            .kind = i == 0 ? LESSON_KIND_THEORY : LESSON_KIND_PRACTICE,
            .subject = "刀工",
            .line = (int64_t)i + 1,
        };
    return course;
}

static enum class_plan plan(struct course *course)
{
    return training_plan(course->ctx, &course->planning, &course->trouble);
}

static void a_plan_takes_the_timetables_place(void **state)
{
    struct course course = course_of(state);
    course.planning.lessons[6].held_on = day_plus(course.ctx->today, 12); /* in any order … */
    course.planning.lessons[5].held_on = day_plus(course.ctx->today, 13);
    course.planning.lessons[2].lesson_hours = 4; /* … and twice a day */
    course.planning.lessons[3].lesson_hours = 4;
    course.planning.lessons[3].held_on = course.planning.lessons[2].held_on;
    course.planning.lessons[3].starts_at = 14 * 60;
    course.planning.lessons[4].held_on = day_plus(course.ctx->today, 10);
    course.planning.count = 8;
    struct planned_lesson *more = arena_array(course.ctx->arena, 8, struct planned_lesson);
    memcpy(more, course.planning.lessons, 7 * sizeof *more);
    more[7] = more[4];
    more[7].held_on = day_plus(course.ctx->today, 11);
    course.planning.lessons = more;
    assert_int_equal(plan(&course), CLASS_PLAN_DONE);
    struct session_list sessions = training_sessions(course.ctx, course.planning.class);
    assert_int_equal(sessions.count, 8);
    for (size_t i = 0; i < sessions.count; i++) {
        assert_int_equal(sessions.items[i].number, i + 1);
        assert_string_equal(sessions.items[i].subject, "刀工");
        if (i > 0)
            assert_true(sessions.items[i - 1].ends_at.v <= sessions.items[i].starts_at.v);
    }
    struct training_class class = training_fixture_class(course.ctx, course.planning.class);
    assert_int_equal(class.version, 2);
    assert_int_equal(day_compare(class.ends_on, day_plus(course.ctx->today, 13)), 0);
}

static void a_lesson_says_what_is_wrong_with_it(void **state)
{
    struct course course = course_of(state);
    struct planned_lesson *third = &course.planning.lessons[2];
    const struct planned_lesson right = *third;
    third->starts_at = -1;
    assert_int_equal(plan(&course), CLASS_PLAN_LESSON_UNREADABLE);
    assert_int_equal(course.trouble.line, 3);
    *third = right;
    third->held_on = DAY_NONE;
    assert_int_equal(plan(&course), CLASS_PLAN_LESSON_UNREADABLE);
    *third = right;
    third->lesson_hours = INT64_MAX;
    assert_int_equal(plan(&course), CLASS_PLAN_LESSON_UNREADABLE);
    *third = right;
    third->starts_at = 23 * 60; /* beyond midnight */
    assert_int_equal(plan(&course), CLASS_PLAN_LESSON_UNREADABLE);
    *third = right;
    third->subject = "";
    assert_int_equal(plan(&course), CLASS_PLAN_SUBJECT_MISSING);
    *third = right;
    third->kind = LESSON_KIND_NONE;
    assert_int_equal(plan(&course), CLASS_PLAN_SUBJECT_MISSING);
    *third = right;
    third->held_on = course.planning.lessons[1].held_on;
    third->starts_at += 60;
    assert_int_equal(plan(&course), CLASS_PLAN_LESSONS_OVERLAP);
    assert_int_equal(course.trouble.line, 3);
    *third = right;
    third->lesson_hours = 9;
    assert_int_equal(plan(&course), CLASS_PLAN_DAY_TOO_LONG);
    assert_int_equal(course.trouble.limit, 8);
    assert_int_equal(course.trouble.found, 9);
}

static void lessons_together_are_the_classs(void **state)
{
    struct course course = course_of(state);
    struct planning *planning = &course.planning;
    planning->count = 6;
    assert_int_equal(plan(&course), CLASS_PLAN_HOURS_DIFFER);
    assert_int_equal(course.trouble.found, 48);
    assert_int_equal(course.trouble.limit, 56);
    planning->count = 0;
    assert_int_equal(plan(&course), CLASS_PLAN_HOURS_DIFFER);
    planning->count = 7;
    planning->lessons[6].held_on = day_plus(course.ctx->today, -1);
    assert_int_equal(plan(&course), CLASS_PLAN_STARTS_IN_THE_PAST);
    planning->lessons[0].held_on = day_plus(course.ctx->pack->last_day, 1); /* it was put first */
    assert_int_equal(plan(&course), CLASS_PLAN_OUTSIDE_THE_PLAN);
}

static void the_exam_is_behind_the_lessons(void **state)
{
    struct course course = course_of(state);
    course.planning.lessons[6].held_on = day_plus(course.ctx->today, 14);
    assert_int_equal(plan(&course), CLASS_PLAN_EXAM_BEFORE_LESSONS_END);
    struct class_application form = training_fixture_form(course.ctx, 2);
    struct class_opening opening = {&form, training_fixture_school(course.ctx)};
    training_class_id id;
    form.exam_on = day_plus(form.starts_on, 5);
    assert_int_equal(training_class_apply(course.ctx, &opening, &id, &course.trouble),
                     CLASS_APPLY_EXAM_BEFORE_LESSONS_END);
}

static void a_plan_is_the_institutions_and_a_drafts(void **state)
{
    struct course course = course_of(state);
    struct ctx *ctx = course.ctx;
    training_fixture_act(ctx, "rival");
    assert_int_equal(plan(&course), CLASS_PLAN_NOT_YOUR_INSTITUTION);
    training_fixture_act(ctx, "school");
    course.planning.version = 2;
    assert_int_equal(plan(&course), CLASS_PLAN_STALE);
    course.planning.version = 1;
    training_class_id own = course.planning.class;
    course.planning.class = (training_class_id){12345};
    assert_int_equal(plan(&course), CLASS_PLAN_NOT_FOUND);
    course.planning.class = own;
    assert_int_equal(plan(&course), CLASS_PLAN_DONE);
    assert_int_equal(training_class_submit(ctx, own, 2, &course.trouble), CLASS_SUBMIT_DONE);
    course.planning.version = 3;
    assert_int_equal(plan(&course), CLASS_PLAN_WRONG_STATE);
}

static void nothing_is_submitted_half_filled_in(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_draft(ctx, &form);
    assert_int_equal(training_class_submit(ctx, id, 1, &trouble), CLASS_SUBMIT_PLAN_MISSING);
    form = training_fixture_form(ctx, 2);
    form.exam_place = NULL;
    id = training_fixture_draft(ctx, &form);
    training_fixture_plan(ctx, id);
    assert_int_equal(training_class_submit(ctx, id, 2, &trouble), CLASS_SUBMIT_EXAM_SCHEME_MISSING);
}

static void a_plan_outlives_what_is_not_about_time(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_draft(ctx, &form);
    training_fixture_plan(ctx, id);
    struct class_amendment amendment = {id, 2, {&form, training_fixture_school(ctx)}};
    form.name = "中式烹调师改名班";
    assert_int_equal(training_class_amend(ctx, &amendment, &trouble), CLASS_APPLY_DONE);
    assert_non_null(training_sessions(ctx, id).items[0].subject);
    amendment.version = 3;
    form.starts_at = "10:00";
    assert_int_equal(training_class_amend(ctx, &amendment, &trouble), CLASS_APPLY_DONE);
    assert_null(training_sessions(ctx, id).items[0].subject);
}

/* --- the site check */

struct visit {
    struct ctx *ctx;
    struct site_checking checking;
    struct site_finding_given *findings;
    struct training_trouble trouble;
};

static struct visit visit_of(struct ctx *ctx, training_class_id id)
{
    const struct pack_site_item_list *items = &ctx->pack->site_items;
    struct visit visit = {.ctx = ctx};
    visit.findings = arena_array(ctx->arena, items->count, struct site_finding_given);
    for (size_t i = 0; i < items->count; i++)
        visit.findings[i] =
            (struct site_finding_given){items->items[i].key, CHECK_FINDING_PASSED, NULL};
    visit.checking = (struct site_checking){id, ctx->today, visit.findings, items->count};
    return visit;
}

static enum site_check look(struct visit *visit)
{
    return training_site_check(visit->ctx, &visit->checking, &visit->trouble);
}

static enum class_review approve(struct ctx *ctx, training_class_id id)
{
    struct training_trouble trouble;
    int64_t version = training_fixture_class(ctx, id).version;
    struct class_verdict verdict = {id, version, CLASS_DECISION_APPROVE, NULL};
    return training_class_review(ctx, &verdict, &trouble);
}

static void a_place_is_seen_before_its_class_is_approved(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_submitted(ctx, &form);
    training_fixture_act(ctx, "county");
    assert_int_equal(approve(ctx, id), CLASS_REVIEW_SITE_CHECK_MISSING);
    struct visit visit = visit_of(ctx, id);
    visit.findings[1].finding = CHECK_FINDING_FAILED;
    assert_int_equal(look(&visit), SITE_CHECK_REMARK_MISSING);
    assert_string_equal(visit.trouble.item, ctx->pack->site_items.items[1].name.zh);
    visit.findings[1].remark = "安全出口被锁";
    assert_int_equal(look(&visit), SITE_CHECK_DONE);
    assert_int_equal(approve(ctx, id), CLASS_REVIEW_SITE_CHECK_FAILED);
    visit = visit_of(ctx, id); /* mended, seen again */
    visit.findings[2].finding = CHECK_FINDING_NOT_APPLICABLE;
    assert_int_equal(look(&visit), SITE_CHECK_DONE);
    assert_int_equal(approve(ctx, id), CLASS_REVIEW_DONE);
}

static void a_place_is_not_seen_again_within_its_year(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    training_fixture_approved(ctx, &form);
    struct class_application again = training_fixture_form(ctx, 2);
    again.place = " 实训楼1号教室"; /* the same room, as somebody else types it */
    again.starts_on = day_plus(form.starts_on, 20);
    again.exam_on = day_plus(again.starts_on, 20);
    training_class_id id = training_fixture_submitted(ctx, &again);
    training_fixture_act(ctx, "county");
    int64_t year = pack_parameter(ctx->pack, PARAMETER_SITE_CHECK_VALID_DAYS, ctx->today);
    struct day today = ctx->today;
    ctx->today = day_plus(today, (int32_t)year + 1);
    assert_int_equal(approve(ctx, id), CLASS_REVIEW_SITE_CHECK_MISSING);
    ctx->today = day_plus(today, (int32_t)year);
    assert_int_equal(approve(ctx, id), CLASS_REVIEW_DONE);
}

static void a_check_is_the_countys_own_and_complete(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_submitted(ctx, &form);
    struct visit visit = visit_of(ctx, id);
    assert_int_equal(look(&visit), SITE_CHECK_OWN_SUBMISSION);
    training_fixture_act(ctx, "faraway");
    assert_int_equal(look(&visit), SITE_CHECK_NOT_YOUR_REGION);
    training_fixture_act(ctx, "county");
    visit.findings[0].finding = CHECK_FINDING_NONE;
    assert_int_equal(look(&visit), SITE_CHECK_FINDING_MISSING);
    visit = visit_of(ctx, id);
    visit.checking.count--;
    assert_int_equal(look(&visit), SITE_CHECK_FINDING_MISSING);
    visit = visit_of(ctx, id);
    visit.checking.checked_on = day_plus(ctx->today, 1);
    assert_int_equal(look(&visit), SITE_CHECK_CHECKED_IN_THE_FUTURE);
    visit = visit_of(ctx, (training_class_id){12345});
    assert_int_equal(look(&visit), SITE_CHECK_NOT_FOUND);
    visit = visit_of(ctx, id);
    assert_int_equal(look(&visit), SITE_CHECK_DONE);
    assert_int_equal(approve(ctx, id), CLASS_REVIEW_DONE);
    assert_int_equal(look(&visit), SITE_CHECK_WRONG_STATE);
}

static void a_review_says_what_was_decided(void **state)
{
    struct ctx *ctx = ctx_of(state);
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 1);
    training_class_id id = training_fixture_submitted(ctx, &form);
    training_fixture_act(ctx, "county");
    struct class_verdict verdict = {.id = id, .version = training_fixture_class(ctx, id).version};
    assert_int_equal(training_class_review(ctx, &verdict, &trouble), CLASS_REVIEW_DECISION_MISSING);
}

int main(void)
{
    training_fixture_load(DIANJI_SOURCE_DIR "/policies/yunnan-2021-28");
    const struct CMUnitTest tests[] = {
        TRAINING_FIXTURE_TEST(a_plan_takes_the_timetables_place),
        TRAINING_FIXTURE_TEST(a_lesson_says_what_is_wrong_with_it),
        TRAINING_FIXTURE_TEST(lessons_together_are_the_classs),
        TRAINING_FIXTURE_TEST(the_exam_is_behind_the_lessons),
        TRAINING_FIXTURE_TEST(a_plan_is_the_institutions_and_a_drafts),
        TRAINING_FIXTURE_TEST(nothing_is_submitted_half_filled_in),
        TRAINING_FIXTURE_TEST(a_plan_outlives_what_is_not_about_time),
        TRAINING_FIXTURE_TEST(a_place_is_seen_before_its_class_is_approved),
        TRAINING_FIXTURE_TEST(a_place_is_not_seen_again_within_its_year),
        TRAINING_FIXTURE_TEST(a_check_is_the_countys_own_and_complete),
        TRAINING_FIXTURE_TEST(a_review_says_what_was_decided),
    };
    return cmocka_run_group_tests(tests, NULL, training_fixture_unload);
}
