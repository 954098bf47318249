/* Punches and what counts of them. */
#include "training/training.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "training/training_fixture.h"
#include "training_sql.h"

enum { MINUTE = 60 * 1000 };

/* One class with one trainee, on the first morning at nine. */
struct morning {
    struct ctx *ctx;
    training_class_id class;
    struct person person;
    enrolment_id enrolment;
    struct session session;
};

static struct morning morning_of(void **state)
{
    struct store_fixture *house = *state;
    struct ctx *ctx = &house->ctx;
    struct class_application form = training_fixture_form(ctx, 1);
    struct morning morning = {.ctx = ctx, .class = training_fixture_approved(ctx, &form)};
    morning.person = training_fixture_person(ctx, "19900101", 1);
    morning.enrolment = training_fixture_enrol(ctx, morning.class, &morning.person);
    morning.session = training_sessions(ctx, morning.class).items[0];
    training_fixture_at(ctx, morning.session.starts_at);
    return morning;
}

static enum class_punch punch_at(const struct morning *morning, enum punch_kind kind, int64_t at)
{
    struct training_trouble trouble;
    struct punching punching = {.session = morning->session.id,
                                .enrolment = morning->enrolment,
                                .kind = kind,
                                .method = PUNCH_METHOD_TEACHER_LIST,
                                .punched_at = {at}};
    return training_punch(morning->ctx, &punching, &trouble);
}

static int64_t hours_of(const struct morning *morning)
{
    return training_attendance(morning->ctx, morning->class).items[0].lesson_hours;
}

static void a_lesson_counts_with_both_punches(void **state)
{
    struct morning morning = morning_of(state);
    int64_t start = morning.session.starts_at.v, end = morning.session.ends_at.v;
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_OUT, end), CLASS_PUNCH_NOT_CHECKED_IN);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_DONE);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start + 1), CLASS_PUNCH_ALREADY);
    assert_int_equal(hours_of(&morning), 0);
    assert_int_equal(training_fixture_class(morning.ctx, morning.class).state,
                     CLASS_STATE_IN_PROGRESS);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_OUT, end), CLASS_PUNCH_DONE);
    assert_int_equal(hours_of(&morning), 8);
}

static void signing_in_and_leaving_counts_nothing(void **state)
{
    struct morning morning = morning_of(state);
    int64_t start = morning.session.starts_at.v;
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_DONE);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_OUT, start), CLASS_PUNCH_DONE);
    assert_int_equal(hours_of(&morning), 0);
}

/* Eight lessons in 360 minutes, of which the pack wants 288 for the whole. */
static void what_counts_is_the_time_between_the_punches(void **state)
{
    static const struct {
        int in, out; /* minutes after the session's beginning */
        int64_t hours;
    } days[] = {{0, 288, 8},  {0, 287, 6},  {72, 360, 8}, {73, 480, 6},
                {-60, 45, 1}, {-60, 44, 0}, {0, 135, 3},  {315, 480, 1}};
    struct morning morning = morning_of(state);
    struct session_list sessions = training_sessions(morning.ctx, morning.class);
    int64_t sum = 0;
    for (size_t i = 0; i < sessions.count && i < sizeof days / sizeof days[0]; i++) {
        morning.session = sessions.items[i];
        int64_t start = morning.session.starts_at.v;
        training_fixture_at(morning.ctx, morning.session.ends_at);
        assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start + days[i].in * MINUTE),
                         CLASS_PUNCH_DONE);
        assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_OUT, start + days[i].out * MINUTE),
                         CLASS_PUNCH_DONE);
        sum += days[i].hours;
        assert_int_equal(hours_of(&morning), sum);
        struct session_presence_list list =
            training_session_presences(morning.ctx, &morning.session);
        assert_int_equal(list.items[0].lesson_hours, days[i].hours);
    }
}

/* A warning while there is time: below eight tenths of the lessons that are over. */
static void who_falls_behind_is_seen(void **state)
{
    struct morning morning = morning_of(state);
    struct ctx *ctx = morning.ctx;
    assert_false(training_attendance(ctx, morning.class).items[0].is_low); /* nothing is over */
    training_fixture_at(ctx, (struct instant){morning.session.ends_at.v + 1});
    struct attendance attendance = training_attendance(ctx, morning.class).items[0];
    assert_true(attendance.is_low);
    assert_int_equal(attendance.held_hours, 8);
    training_fixture_attend(ctx, morning.enrolment, 1);
    training_fixture_at(ctx, (struct instant){morning.session.ends_at.v + 1});
    assert_false(training_attendance(ctx, morning.class).items[0].is_low);
}

static void check_in_opens_an_hour_before_and_ends_with_the_lesson(void **state)
{
    struct morning morning = morning_of(state);
    int64_t start = morning.session.starts_at.v, end = morning.session.ends_at.v;
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start - 60 * MINUTE - 1),
                     CLASS_PUNCH_TOO_EARLY);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, end + 1), CLASS_PUNCH_TOO_LATE);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start - 60 * MINUTE),
                     CLASS_PUNCH_DONE);
}

static void check_out_is_open_two_hours_after_the_lesson(void **state)
{
    struct morning morning = morning_of(state);
    int64_t start = morning.session.starts_at.v, end = morning.session.ends_at.v;
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_DONE);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_OUT, start - 1), CLASS_PUNCH_TOO_EARLY);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_OUT, end + 120 * MINUTE + 1),
                     CLASS_PUNCH_TOO_LATE);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_OUT, end + 120 * MINUTE),
                     CLASS_PUNCH_DONE);
}

/* A list cannot be filled in before the day, whatever hour is claimed. */
static void nobody_punches_ahead_of_the_day(void **state)
{
    struct morning morning = morning_of(state);
    int64_t start = morning.session.starts_at.v;
    training_fixture_at(morning.ctx, (struct instant){start - 24 * 60 * MINUTE});
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_TOO_EARLY);
}

/* A phone that was offline brings its punch later; the hour on the device counts. */
static void a_punch_may_arrive_later(void **state)
{
    struct morning morning = morning_of(state);
    int64_t start = morning.session.starts_at.v;
    training_fixture_at(morning.ctx, (struct instant){start + 48 * 60 * MINUTE});
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_DONE);
}

static void only_trainee_and_institution_punch(void **state)
{
    struct morning morning = morning_of(state);
    struct ctx *ctx = morning.ctx;
    struct training_trouble trouble;
    int64_t start = morning.session.starts_at.v;
    training_fixture_act(ctx, "rival");
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_NOT_YOURS);
    struct punching own = {.session = morning.session.id,
                           .enrolment = morning.enrolment,
                           .kind = PUNCH_KIND_CHECK_IN,
                           .method = PUNCH_METHOD_OWN_PHONE,
                           .punched_at = {start}};
    /* Not even the school punches as the trainee's own phone. */
    training_fixture_act(ctx, "school");
    assert_int_equal(training_punch(ctx, &own, &trouble), CLASS_PUNCH_NOT_YOURS);
    struct person stranger = training_fixture_person(ctx, "19910101", 1);
    struct actor worker = {
        .account = {1}, .name = "李小明", .person = stranger.id, .role = ROLE_WORKER};
    ctx->actor = &worker;
    assert_int_equal(training_punch(ctx, &own, &trouble), CLASS_PUNCH_NOT_YOURS);
    worker.person = morning.person.id;
    assert_int_equal(training_punch(ctx, &own, &trouble), CLASS_PUNCH_DONE);
}

static void a_punch_is_of_a_trainee_of_the_session(void **state)
{
    struct morning morning = morning_of(state);
    struct ctx *ctx = morning.ctx;
    int64_t start = morning.session.starts_at.v;
    struct morning lost = morning;
    lost.session.id.v = 12345;
    assert_int_equal(punch_at(&lost, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_NOT_FOUND);
    lost = morning;
    lost.enrolment.v = 12345;
    assert_int_equal(punch_at(&lost, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_NOT_FOUND);
    struct class_application form = training_fixture_form(ctx, 2);
    training_class_id other = training_fixture_approved(ctx, &form);
    lost = morning;
    lost.session = training_sessions(ctx, other).items[0];
    assert_int_equal(punch_at(&lost, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_NOT_FOUND);
    assert_int_equal(training_withdraw(ctx, morning.enrolment, NULL), CLASS_WITHDRAW_DONE);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_WRONG_STATE);
}

/* One phone cannot be in two classrooms. */
static void a_device_is_in_one_class_at_an_hour(void **state)
{
    struct morning morning = morning_of(state);
    struct ctx *ctx = morning.ctx;
    struct training_trouble trouble;
    struct class_application form = training_fixture_form(ctx, 2);
    form.starts_on = training_fixture_class(ctx, morning.class).starts_on;
    training_class_id other = training_fixture_approved(ctx, &form);
    struct person neighbour = training_fixture_person(ctx, "19910101", 1);
    struct punching theirs = {.session = training_sessions(ctx, other).items[0].id,
                              .enrolment = training_fixture_enrol(ctx, other, &neighbour),
                              .kind = PUNCH_KIND_CHECK_IN,
                              .method = PUNCH_METHOD_OWN_PHONE,
                              .device = "phone-1",
                              .punched_at = morning.session.starts_at};
    struct punching ours = theirs;
    ours.session = morning.session.id;
    ours.enrolment = morning.enrolment;
    struct actor worker = {
        .account = {1}, .name = "李小明", .person = neighbour.id, .role = ROLE_WORKER};
    ctx->actor = &worker;
    assert_int_equal(training_punch(ctx, &theirs, &trouble), CLASS_PUNCH_DONE);
    worker.person = morning.person.id;
    assert_int_equal(training_punch(ctx, &ours, &trouble), CLASS_PUNCH_DEVICE_CLASH);
    assert_int_equal(trouble.clash.class.v, other.v);
    assert_string_equal(trouble.clash.name, form.name);
    ours.device = "phone-2";
    assert_int_equal(training_punch(ctx, &ours, &trouble), CLASS_PUNCH_DONE);
}

/* --- the end of the lessons */

static void finish_closes_the_attendance(void **state)
{
    struct morning morning = morning_of(state);
    struct ctx *ctx = morning.ctx;
    training_class_id id = morning.class;
    assert_int_equal(training_class_finish(ctx, (training_class_id){12345}, 1),
                     CLASS_FINISH_NOT_FOUND);
    assert_int_equal(training_class_finish(ctx, id, 3), CLASS_FINISH_WRONG_STATE);
    training_fixture_attend(ctx, morning.enrolment, 6);
    int64_t version = training_fixture_class(ctx, id).version;
    assert_int_equal(training_class_finish(ctx, id, version), CLASS_FINISH_SESSIONS_LEFT);
    struct day last = training_fixture_class(ctx, id).ends_on;
    training_fixture_at(ctx, day_at(last, 15 * 60));
    training_fixture_act(ctx, "rival");
    assert_int_equal(training_class_finish(ctx, id, version), CLASS_FINISH_NOT_YOUR_INSTITUTION);
    training_fixture_act(ctx, "school");
    assert_int_equal(training_class_finish(ctx, id, version - 1), CLASS_FINISH_STALE);
    assert_int_equal(training_class_finish(ctx, id, version), CLASS_FINISH_DONE);
    assert_int_equal(training_fixture_class(ctx, id).state, CLASS_STATE_TRAINING_DONE);
    assert_int_equal(punch_at(&morning, PUNCH_KIND_CHECK_IN, morning.session.starts_at.v),
                     CLASS_PUNCH_WRONG_STATE);
    assert_int_equal(hours_of(&morning), 48);
}

static enum attendance_correct correct(const struct morning *morning, int64_t hours,
                                       const char *reason)
{
    struct correcting correcting = {morning->enrolment, morning->session.id, hours, reason};
    return training_attendance_correct(morning->ctx, &correcting);
}

/* The roll of a finished class is not edited: the county adds entries beside it. */
static void a_closed_roll_is_corrected_by_counter_entries(void **state)
{
    struct morning morning = morning_of(state);
    struct ctx *ctx = morning.ctx;
    training_fixture_attend(ctx, morning.enrolment, 6);
    training_fixture_act(ctx, "county");
    assert_int_equal(correct(&morning, -1, "早退"), ATTENDANCE_CORRECT_WRONG_STATE);
    training_fixture_act(ctx, "school");
    training_fixture_finish(ctx, morning.class);
    assert_int_equal(correct(&morning, -1, "早退"), ATTENDANCE_CORRECT_NOT_YOUR_REGION);
    training_fixture_act(ctx, "faraway");
    assert_int_equal(correct(&morning, -1, "早退"), ATTENDANCE_CORRECT_NOT_YOUR_REGION);
    training_fixture_act(ctx, "county");
    struct morning lost = morning;
    lost.enrolment.v = 12345;
    assert_int_equal(correct(&lost, -1, "早退"), ATTENDANCE_CORRECT_NOT_FOUND);
    lost = morning;
    lost.session.id.v = 12345;
    assert_int_equal(correct(&lost, -1, "早退"), ATTENDANCE_CORRECT_NOT_FOUND);
    static const int64_t beyond[] = {0, 1, -9, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++)
        assert_int_equal(correct(&morning, beyond[i], "早退"),
                         ATTENDANCE_CORRECT_HOURS_OUT_OF_RANGE);
    assert_int_equal(correct(&morning, -3, ""), ATTENDANCE_CORRECT_REASON_MISSING);
    assert_int_equal(correct(&morning, -3, "巡查时不在教室"), ATTENDANCE_CORRECT_DONE);
    assert_int_equal(hours_of(&morning), 45);
    assert_int_equal(correct(&morning, 4, "多了"), ATTENDANCE_CORRECT_HOURS_OUT_OF_RANGE);
    assert_int_equal(correct(&morning, 1, "纸质签到表为准"), ATTENDANCE_CORRECT_DONE);
    assert_int_equal(hours_of(&morning), 46);
    /* Both entries stand, with who made them and why. */
    struct attendance_correction_list entries = sql_corrections_of_session(ctx, morning.session.id);
    assert_int_equal(entries.count, 2);
    assert_int_equal(entries.items[0].lesson_hours, -3);
    assert_string_equal(entries.items[0].reason, "巡查时不在教室");
    assert_string_equal(entries.items[0].actor_name, "county");
    assert_int_equal(training_session_presences(ctx, &morning.session).items[0].lesson_hours, 6);
}

/* The desk of whom it concerns names the class while it runs. */
static void who_stays_away_is_seen_at_the_desk(void **state)
{
    struct morning morning = morning_of(state);
    struct ctx *ctx = morning.ctx;
    training_fixture_attend(ctx, morning.enrolment, 1);
    assert_int_equal(training_falling_behind(ctx).count, 0);
    training_fixture_at(ctx, day_at(training_fixture_class(ctx, morning.class).ends_on, 20 * 60));
    static const char *const concerned[] = {"school", "county"}, *const others[] = {"rival",
                                                                                    "faraway"};
    for (size_t i = 0; i < 2; i++) {
        training_fixture_act(ctx, concerned[i]);
        struct falling_behind_list behind = training_falling_behind(ctx);
        assert_int_equal(behind.count, 1);
        assert_int_equal(behind.items[0].class.v, morning.class.v);
        assert_int_equal(behind.items[0].trainee_count, 1);
        assert_false(behind.has_more);
        training_fixture_act(ctx, others[i]);
        assert_int_equal(training_falling_behind(ctx).count, 0);
    }
    training_fixture_act(ctx, "school");
    training_fixture_finish(ctx, morning.class);
    assert_int_equal(training_falling_behind(ctx).count, 0);
}

static void finish_needs_a_trainee(void **state)
{
    struct morning morning = morning_of(state);
    struct ctx *ctx = morning.ctx;
    training_fixture_attend(ctx, morning.enrolment, 1);
    assert_int_equal(training_withdraw(ctx, morning.enrolment, NULL), CLASS_WITHDRAW_DONE);
    struct training_class class = training_fixture_class(ctx, morning.class);
    training_fixture_at(ctx, day_at(day_plus(class.ends_on, 1), 0));
    assert_int_equal(training_class_finish(ctx, class.id, class.version),
                     CLASS_FINISH_NOBODY_ENROLLED);
}

/* Eight tenths of 56 lessons are 44.8. */
static void enough_is_the_packs_share(void **state)
{
    struct morning morning = morning_of(state);
    struct training_class class = training_fixture_class(morning.ctx, morning.class);
    assert_false(training_attended_enough(morning.ctx, &class, 44));
    assert_true(training_attended_enough(morning.ctx, &class, 45));
    class.lesson_hours = 50;
    assert_false(training_attended_enough(morning.ctx, &class, 39));
    assert_true(training_attended_enough(morning.ctx, &class, 40));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRAINING_FIXTURE_TEST(a_lesson_counts_with_both_punches),
        TRAINING_FIXTURE_TEST(signing_in_and_leaving_counts_nothing),
        TRAINING_FIXTURE_TEST(what_counts_is_the_time_between_the_punches),
        TRAINING_FIXTURE_TEST(who_falls_behind_is_seen),
        TRAINING_FIXTURE_TEST(who_stays_away_is_seen_at_the_desk),
        TRAINING_FIXTURE_TEST(a_closed_roll_is_corrected_by_counter_entries),
        TRAINING_FIXTURE_TEST(check_in_opens_an_hour_before_and_ends_with_the_lesson),
        TRAINING_FIXTURE_TEST(check_out_is_open_two_hours_after_the_lesson),
        TRAINING_FIXTURE_TEST(nobody_punches_ahead_of_the_day),
        TRAINING_FIXTURE_TEST(a_punch_may_arrive_later),
        TRAINING_FIXTURE_TEST(only_trainee_and_institution_punch),
        TRAINING_FIXTURE_TEST(a_punch_is_of_a_trainee_of_the_session),
        TRAINING_FIXTURE_TEST(a_device_is_in_one_class_at_an_hour),
        TRAINING_FIXTURE_TEST(finish_closes_the_attendance),
        TRAINING_FIXTURE_TEST(finish_needs_a_trainee),
        TRAINING_FIXTURE_TEST(enough_is_the_packs_share),
    };
    training_fixture_load(DIANJI_SOURCE_DIR "/policies/yunnan-2021-28");
    return cmocka_run_group_tests(tests, NULL, training_fixture_unload);
}
