/* Classes, trainees, attendance and results: every answer that the rules can give. */
#include "story.h"

/* What the last rule said beside its answer. */
static struct training_trouble trouble; /* allowed: a test looks at it in the next line */

static enum class_apply apply_with(struct story *story, struct class_application form)
{
    training_class_id id;
    struct class_opening opening = {&form, story->school};
    return training_class_apply(story->ctx, &opening, &id, &trouble);
}

static void an_application_is_refused_for_what_is_wrong_with_it(void **state)
{
    struct story *story = story_begin(*state);
    struct day next_week = day_plus(story->ctx->today, 7);
    struct class_application good = story_form(story, "A1", next_week), bad = good;
    assert_int_equal(apply_with(story, good), CLASS_APPLY_DONE);
    bad.programme = "nothing";
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_PROGRAMME_UNKNOWN);
    bad.programme = story->pack->programmes.items[0].code;
    if (story->pack->programmes.items[0].code == story->programme->code)
        bad.programme = story->pack->programmes.items[1].code;
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_PROGRAMME_NOT_IN_SCOPE);
    bad = good;
    bad.occupation = "0-00-00-00";
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_OCCUPATION_NOT_TAUGHT);
    bad = good;
    bad.level = SKILL_LEVEL_CHIEF_TECHNICIAN;
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_LEVEL_NOT_TAUGHT);
    bad = good;
    bad.region = "530000";
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_REGION_UNKNOWN);
    bad = good;
    bad.lesson_hours = 1;
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_HOURS_TOO_FEW);
    assert_int_equal(trouble.limit, story->programme->lessons_least);
    bad = good;
    bad.capacity = 500;
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_CAPACITY_OVER_LIMIT);
    bad = good;
    bad.starts_on = day_plus(story->ctx->today, -1);
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_STARTS_IN_THE_PAST);
    bad = good;
    bad.starts_on = day_plus(story->pack->last_day, 1);
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_OUTSIDE_THE_PLAN);
    bad = good;
    bad.starts_at = "25:00";
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_TIME_UNREADABLE);
    bad = good;
    bad.daily_hours = 12;
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_DAY_TOO_LONG);
    bad = good;
    bad.teacher_no = "530129199001010000";
    assert_int_equal(apply_with(story, bad), CLASS_APPLY_TEACHER_UNREADABLE);
    story_act(story, "other");
    assert_int_equal(apply_with(story, good), CLASS_APPLY_NOT_YOUR_INSTITUTION);
    story_act(story, "school");
    story_act(story, "admin");
    assert_int_equal(registry_organisation_turn(story->ctx, story->school,
                                                ORGANISATION_STATE_SUSPENDED, "抽查不合格"),
                     ORGANISATION_STATE_CHANGE_DONE);
    story_act(story, "school");
    assert_int_equal(apply_with(story, good), CLASS_APPLY_INSTITUTION_SUSPENDED);
}

static enum class_submit submit(struct story *story, training_class_id id)
{
    return training_class_submit(story->ctx, id, story_version(story, id), &trouble);
}

static void a_teacher_and_a_room_are_in_one_place(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id nowhere = {42}, id, rival;
    struct day next_week = day_plus(ctx->today, 7);
    assert_int_equal(training_class_submit(ctx, nowhere, 1, &trouble), CLASS_SUBMIT_NOT_FOUND);
    struct class_application form = story_form(story, "A1", next_week);
    struct class_opening opening = {&form, story->school};
    assert_int_equal(training_class_apply(ctx, &opening, &id, &trouble), CLASS_APPLY_DONE);
    assert_int_equal(submit(story, id), CLASS_SUBMIT_PLAN_MISSING);
    assert_int_equal(simulate__plan(ctx, id), CLASS_PLAN_DONE);
    assert_int_equal(training_class_submit(ctx, id, 9, &trouble), CLASS_SUBMIT_STALE);
    story_act(story, "other");
    assert_int_equal(submit(story, id), CLASS_SUBMIT_NOT_YOUR_INSTITUTION);
    story_act(story, "school");
    assert_int_equal(submit(story, id), CLASS_SUBMIT_DONE);
    assert_int_equal(submit(story, id), CLASS_SUBMIT_WRONG_STATE);
    form.place = "A2";
    assert_int_equal(training_class_apply(ctx, &opening, &rival, &trouble), CLASS_APPLY_DONE);
    assert_int_equal(simulate__plan(ctx, rival), CLASS_PLAN_DONE);
    assert_int_equal(submit(story, rival), CLASS_SUBMIT_TEACHER_CLASH);
    assert_int_equal(trouble.clash.class.v, id.v);
    struct class_application other_teacher = story_form(story, "A1", next_week);
    opening.form = &other_teacher;
    assert_int_equal(training_class_apply(ctx, &opening, &rival, &trouble), CLASS_APPLY_DONE);
    assert_int_equal(simulate__plan(ctx, rival), CLASS_PLAN_DONE);
    assert_int_equal(submit(story, rival), CLASS_SUBMIT_PLACE_CLASH);
    training_class_id late = story_draft(story, "A3", next_week);
    store_fixture_day(story->house, day_plus(next_week, 1));
    assert_int_equal(submit(story, late), CLASS_SUBMIT_STARTS_IN_THE_PAST);
}

/* A room is one room however it is typed, and a teacher is nowhere else as a trainee. */
static void no_other_spelling_and_no_other_seat_helps(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id first = story_approved(story, "A1"), id;
    struct day day = day_plus(ctx->today, 7);
    struct class_application form = story_form(story, "Ａ 1", day);
    struct class_opening opening = {&form, story->school};
    assert_int_equal(training_class_apply(ctx, &opening, &id, &trouble), CLASS_APPLY_DONE);
    assert_int_equal(simulate__plan(ctx, id), CLASS_PLAN_DONE);
    assert_int_equal(submit(story, id), CLASS_SUBMIT_PLACE_CLASH);
    form = story_form(story, "A2", day);
    struct enrolling enrolling = {.class = first, .import_id = INT64_MIN, .born_on = DAY_NONE};
    assert_true(registry_teacher(ctx, form.teacher_no, form.teacher_name, &enrolling.person));
    enrolment_id seat;
    assert_int_equal(training_enrol(ctx, &enrolling, &seat, &trouble), CLASS_ENROL_DONE);
    assert_int_equal(training_class_apply(ctx, &opening, &id, &trouble), CLASS_APPLY_DONE);
    assert_int_equal(simulate__plan(ctx, id), CLASS_PLAN_DONE);
    assert_int_equal(submit(story, id), CLASS_SUBMIT_TEACHER_CLASH);
    assert_int_equal(trouble.clash.class.v, first.v);
}

static enum class_review review(struct story *story, training_class_id id,
                                enum class_decision decision, const char *note)
{
    struct class_verdict verdict = {id, story_version(story, id), decision, note};
    return training_class_review(story->ctx, &verdict, &trouble);
}

static void a_review_takes_a_second_person_of_the_region(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    struct day next_week = day_plus(ctx->today, 7);
    training_class_id id = story_draft(story, "A1", next_week), nowhere = {42};
    struct class_verdict lost = {nowhere, 1, CLASS_DECISION_APPROVE, NULL};
    assert_int_equal(training_class_review(ctx, &lost, &trouble), CLASS_REVIEW_NOT_FOUND);
    story_act(story, "county");
    assert_int_equal(review(story, id, CLASS_DECISION_APPROVE, NULL), CLASS_REVIEW_WRONG_STATE);
    story_act(story, "school");
    assert_int_equal(submit(story, id), CLASS_SUBMIT_DONE);
    assert_int_equal(review(story, id, CLASS_DECISION_APPROVE, NULL), CLASS_REVIEW_OWN_SUBMISSION);
    story_act(story, "stranger");
    assert_int_equal(review(story, id, CLASS_DECISION_APPROVE, NULL), CLASS_REVIEW_NOT_YOUR_REGION);
    story_act(story, "county");
    assert_int_equal(simulate__look(ctx, id), SITE_CHECK_DONE);
    struct class_verdict stale = {id, 9, CLASS_DECISION_APPROVE, NULL};
    assert_int_equal(training_class_review(ctx, &stale, &trouble), CLASS_REVIEW_STALE);
    assert_int_equal(review(story, id, CLASS_DECISION_RETURN, ""), CLASS_REVIEW_NOTE_MISSING);
    assert_int_equal(review(story, id, CLASS_DECISION_RETURN, "请补充"), CLASS_REVIEW_DONE);
    story_act(story, "school");
    assert_int_equal(submit(story, id), CLASS_SUBMIT_DONE);
    story_act(story, "county");
    assert_int_equal(review(story, id, CLASS_DECISION_REJECT, "不符合"), CLASS_REVIEW_DONE);
}

static void the_review_looks_for_clashes_again(void **state)
{
    /* Two classes that did not clash when they were sent in cannot both be approved: the first to
     * be sent holds the hour. */
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    struct day next_week = day_plus(ctx->today, 7);
    struct class_application form = story_form(story, "A1", next_week);
    struct class_opening opening = {&form, story->school};
    training_class_id first, second;
    assert_int_equal(training_class_apply(ctx, &opening, &first, &trouble), CLASS_APPLY_DONE);
    assert_int_equal(training_class_apply(ctx, &opening, &second, &trouble), CLASS_APPLY_DONE);
    assert_int_equal(simulate__plan(ctx, first), CLASS_PLAN_DONE);
    assert_int_equal(simulate__plan(ctx, second), CLASS_PLAN_DONE);
    assert_int_equal(submit(story, first), CLASS_SUBMIT_DONE);
    assert_int_equal(submit(story, second), CLASS_SUBMIT_TEACHER_CLASH);
}

static void nobody_sits_in_two_places_or_too_often(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    enrolment_id id;
    training_class_id class = story_approved(story, "A1"),
                      draft = story_draft(story, "A9", day_plus(ctx->today, 60));
    struct enrolling person = story_person(story, class), lost = person;
    lost.class = (training_class_id){42};
    assert_int_equal(training_enrol(ctx, &lost, &id, &trouble), CLASS_ENROL_NOT_FOUND);
    lost.class = draft;
    assert_int_equal(training_enrol(ctx, &lost, &id, &trouble), CLASS_ENROL_WRONG_STATE);
    assert_int_equal(training_enrol(ctx, &person, &id, &trouble), CLASS_ENROL_DONE);
    assert_int_equal(training_enrol(ctx, &person, &id, &trouble), CLASS_ENROL_ALREADY);
    struct enrolling young = story_person(story, class), old = story_person(story, class);
    young.born_on = day_plus(ctx->today, -10 * 365);
    assert_int_equal(training_enrol(ctx, &young, &id, &trouble), CLASS_ENROL_TOO_YOUNG);
    old.born_on = day_plus(ctx->today, -90 * 366);
    assert_int_equal(training_enrol(ctx, &old, &id, &trouble), CLASS_ENROL_TOO_OLD);
    training_class_id same_hours = story_approved(story, "A2");
    struct enrolling elsewhere = person;
    elsewhere.class = same_hours;
    assert_int_equal(training_enrol(ctx, &elsewhere, &id, &trouble), CLASS_ENROL_PERSON_CLASH);
    assert_int_equal(trouble.clash.class.v, class.v);
    store_fixture_day(story->house, day_plus(ctx->today, 30));
    training_class_id later = story_approved(story, "A3");
    elsewhere.class = later;
    assert_int_equal(training_enrol(ctx, &elsewhere, &id, &trouble), CLASS_ENROL_SAME_TRAINING);
    struct training_class taught;
    assert_true(training_class_get(ctx, class, &taught));
    struct enrolling teacher = {
        .class = class, .person = taught.teacher, .born_on = DAY_NONE, .import_id = INT64_MIN};
    assert_int_equal(training_enrol(ctx, &teacher, &id, &trouble), CLASS_ENROL_IS_TEACHER);
}

static void a_full_class_takes_nobody(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    enrolment_id id;
    training_class_id class = story_approved(story, "A1");
    for (int i = 0; i < 20; i++)
        story_enrol(story, class);
    struct enrolling person = story_person(story, class);
    assert_int_equal(training_enrol(ctx, &person, &id, &trouble), CLASS_ENROL_FULL);
    assert_int_equal(trouble.limit, 20);
}

static void the_year_has_its_cap(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    int64_t cap = pack_parameter(story->pack, PARAMETER_SUBSIDISED_PER_YEAR_MOST, ctx->today);
    struct enrolling person = {0};
    const struct pack_programme *first = story->programme;
    enum class_enrol answer = CLASS_ENROL_DONE;
    for (size_t i = 0, taken = 0; i < story->pack->programmes.count && taken <= (size_t)cap; i++) {
        const struct pack_programme *programme = &story->pack->programmes.items[i];
        bool is_fit = programme->is_subsidised && programme->teaches.count > 0 &&
                      programme->lessons_least > 0 && programme->lessons_least <= 80 &&
                      (programme->age_most == PACK_NUMBER_NONE || programme->age_most >= 45);
        if (!is_fit || (taken > 0 && programme->teaches.items[0].occupation ==
                                         story->programme->teaches.items[0].occupation))
            continue;
        story_allow(story, programme);
        story->programme = programme;
        training_class_id class = story_approved(story, "A1");
        if (person.person.v == 0)
            person = story_person(story, class);
        person.class = class;
        if (programme->target_group_count > 0)
            person.groups = programme->target_groups[0]->code;
        enrolment_id id;
        answer = training_enrol(ctx, &person, &id, &trouble);
        if (answer == CLASS_ENROL_SAME_TRAINING)
            continue;
        taken++;
        store_fixture_day(story->house, day_plus(ctx->today, 25));
    }
    story->programme = first;
    assert_int_equal(answer, CLASS_ENROL_YEARLY_CAP);
    assert_int_equal(trouble.limit, cap);
}

static void who_leaves_leaves_once(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    enrolment_id nobody = {42};
    training_class_id class = story_approved(story, "A1");
    enrolment_id id = story_enrol(story, class);
    assert_int_equal(training_withdraw(ctx, nobody, NULL), CLASS_WITHDRAW_NOT_FOUND);
    story_act(story, "other");
    assert_int_equal(training_withdraw(ctx, id, NULL), CLASS_WITHDRAW_NOT_YOUR_INSTITUTION);
    story_act(story, "school");
    assert_int_equal(training_withdraw(ctx, id, "搬家"), CLASS_WITHDRAW_DONE);
    assert_int_equal(training_withdraw(ctx, id, NULL), CLASS_WITHDRAW_WRONG_STATE);
}

static enum class_punch punch(struct story *story, session_id session, enrolment_id enrolment,
                              enum punch_kind kind, struct instant at)
{
    struct punching punching = {session, enrolment, kind, PUNCH_METHOD_TEACHER_LIST, NULL, at};
    return training_punch(story->ctx, &punching, &trouble);
}

static void a_punch_is_of_its_hour(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_approved(story, "A1");
    enrolment_id id = story_enrol(story, class);
    struct session session = training_sessions(ctx, class).items[0];
    session_id nowhere = {42};
    struct instant start = session.starts_at, day_before = {start.v - 86400000},
                   day_after = {start.v + 2 * 86400000};
    ctx->now = start;
    assert_int_equal(punch(story, nowhere, id, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_NOT_FOUND);
    assert_int_equal(punch(story, session.id, id, PUNCH_KIND_CHECK_IN, day_before),
                     CLASS_PUNCH_TOO_EARLY);
    assert_int_equal(punch(story, session.id, id, PUNCH_KIND_CHECK_IN, day_after),
                     CLASS_PUNCH_TOO_LATE);
    assert_int_equal(punch(story, session.id, id, PUNCH_KIND_CHECK_OUT, start),
                     CLASS_PUNCH_NOT_CHECKED_IN);
    assert_int_equal(punch(story, session.id, id, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_DONE);
    assert_int_equal(punch(story, session.id, id, PUNCH_KIND_CHECK_IN, start), CLASS_PUNCH_ALREADY);
    story_act(story, "other");
    assert_int_equal(punch(story, session.id, id, PUNCH_KIND_CHECK_OUT, session.ends_at),
                     CLASS_PUNCH_NOT_YOURS);
    story_act(story, "school");
    assert_int_equal(training_withdraw(ctx, id, NULL), CLASS_WITHDRAW_DONE);
    assert_int_equal(punch(story, session.id, id, PUNCH_KIND_CHECK_OUT, session.ends_at),
                     CLASS_PUNCH_WRONG_STATE);
}

static void one_phone_is_in_one_class(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id first = story_approved(story, "A1"), second = story_approved(story, "A2");
    const training_class_id classes[] = {first, second};
    enum class_punch answers[2];
    for (int i = 0; i < 2; i++) {
        struct actor worker = *ctx->actor;
        enrolment_id id = story_enrol(story, classes[i]);
        struct enrolment enrolment;
        assert_true(training_enrolment(ctx, id, &enrolment));
        struct session session = training_sessions(ctx, classes[i]).items[0];
        struct punching punching = {session.id,          id,
                                    PUNCH_KIND_CHECK_IN, PUNCH_METHOD_OWN_PHONE,
                                    "phone-1",           session.starts_at};
        worker.person = enrolment.person;
        ctx->actor = &worker;
        ctx->now = session.starts_at;
        answers[i] = training_punch(ctx, &punching, &trouble);
        story_act(story, "school");
    }
    assert_int_equal(answers[0], CLASS_PUNCH_DONE);
    assert_int_equal(answers[1], CLASS_PUNCH_DEVICE_CLASH);
    assert_int_equal(trouble.clash.class.v, first.v);
}

static enum class_finish finish(struct story *story, training_class_id id)
{
    return training_class_finish(story->ctx, id, story_version(story, id));
}

static void a_class_is_finished_when_it_was_taught(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_approved(story, "A1"), nowhere = {42};
    enrolment_id id = story_enrol(story, class);
    assert_int_equal(training_class_finish(ctx, nowhere, 1), CLASS_FINISH_NOT_FOUND);
    assert_int_equal(finish(story, class), CLASS_FINISH_WRONG_STATE);
    story_attend(story, class);
    assert_int_equal(finish(story, class), CLASS_FINISH_SESSIONS_LEFT);
    store_fixture_day(story->house, day_plus(ctx->today, 40));
    story_act(story, "other");
    assert_int_equal(finish(story, class), CLASS_FINISH_NOT_YOUR_INSTITUTION);
    story_act(story, "school");
    assert_int_equal(training_class_finish(ctx, class, 99), CLASS_FINISH_STALE);
    assert_int_equal(training_withdraw(ctx, id, NULL), CLASS_WITHDRAW_DONE);
    assert_int_equal(finish(story, class), CLASS_FINISH_NOBODY_ENROLLED);
    training_class_id taught = story_taught(story, "A2");
    assert_int_equal(finish(story, taught), CLASS_FINISH_WRONG_STATE);
}

static void results_are_complete_or_not_at_all(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id nowhere = {42}, early = story_approved(story, "A1"),
                      class = story_taught(story, "A2");
    struct enrolment_list trainees = training_enrolments(ctx, class);
    struct result_line lines[] = {{trainees.items[0].id, 90}, {trainees.items[1].id, INT64_MIN}};
    story_act(story, "evaluator");
    assert_int_equal(evaluation_record(ctx, nowhere, lines, 2), RESULTS_RECORD_NOT_FOUND);
    assert_int_equal(evaluation_record(ctx, early, lines, 2), RESULTS_RECORD_WRONG_STATE);
    assert_int_equal(evaluation_record(ctx, class, lines, 2), RESULTS_RECORD_SCORE_MISSING);
    lines[1].score = 101;
    assert_int_equal(evaluation_record(ctx, class, lines, 2), RESULTS_RECORD_SCORE_UNREADABLE);
    story_act(story, "other");
    lines[1].score = 0;
    assert_int_equal(evaluation_record(ctx, class, lines, 2), RESULTS_RECORD_NOT_THE_EVALUATOR);
    story_act(story, "school");
    assert_int_equal(evaluation_record(ctx, class, lines, 2), RESULTS_RECORD_OWN_TRAINEES);
    story_act(story, "evaluator");
    assert_int_equal(evaluation_record(ctx, class, lines, 2), RESULTS_RECORD_DONE);
    struct certificate certificate;
    assert_true(evaluation_certificate_of(ctx, lines[0].enrolment, &certificate));
    assert_false(evaluation_certificate_of(ctx, lines[1].enrolment, &certificate));
    size_t length = strlen(certificate.certificate_no);
    assert_true(length == 22 || length == 18);
    struct certificate found;
    assert_true(evaluation_certificate(ctx, certificate.certificate_no, &found));
}

static void a_fact_is_reversed_once(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_taught(story, "A1");
    story_examine(story, class, 90);
    assert_true(ledger_fold(ctx, story->metrics));
    const struct pack_metric *metric = &story->programme->item->metrics.items[0];
    assert_int_equal(plan_actual(ctx, metric, ""), 2);
    struct enrolment_list trainees = training_enrolments(ctx, class);
    struct fact_list facts = ledger_facts_of_person(ctx, trainees.items[0].person, 10);
    fact_id completed = {0}, reversal, again, nothing = {42};
    for (size_t i = 0; i < facts.count; i++)
        if (strcmp(facts.items[i].kind, FACT_TRAINING_COMPLETED) == 0)
            completed = facts.items[i].id;
    assert_int_equal(ledger_reverse(ctx, nothing, ctx->actor->account, "x", &again),
                     FACT_REVERSE_NOT_FOUND);
    assert_int_equal(ledger_reverse(ctx, completed, ctx->actor->account, "未到课", &reversal),
                     FACT_REVERSE_DONE);
    assert_int_equal(ledger_reverse(ctx, completed, ctx->actor->account, "x", &again),
                     FACT_REVERSE_ALREADY_REVERSED);
    assert_int_equal(ledger_reverse(ctx, reversal, ctx->actor->account, "x", &again),
                     FACT_REVERSE_IS_REVERSAL);
    assert_true(ledger_fold(ctx, story->metrics));
    assert_int_equal(plan_actual(ctx, metric, ""), 1);
    assert_int_equal(ledger_recount(ctx, story->metrics).count, 0);
}

static void a_number_belongs_to_one_name(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    struct made_person made = simulate__person(ctx, 3, 1, COUNTY);
    person_id id, same;
    struct person_args args = {.identity_no = made.identity_no, .name = "阿依·古丽"};
    assert_int_equal(registry_person_register(ctx, &args, &id), PERSON_REGISTER_DONE);
    args.name = "阿依•古丽";
    assert_int_equal(registry_person_register(ctx, &args, &same), PERSON_REGISTER_KNOWN);
    assert_int_equal(id.v, same.v);
    args.name = "阿依";
    assert_int_equal(registry_person_register(ctx, &args, &same), PERSON_REGISTER_NAME_DIFFERS);
    args.identity_no = "530129199001010000";
    assert_int_equal(registry_person_register(ctx, &args, &same), PERSON_REGISTER_NUMBER_INVALID);
}

static enum class_apply amend(struct story *story, training_class_id id, int64_t version,
                              const struct class_application *form)
{
    struct class_amendment amendment = {id, version, {form, story->school}};
    return training_class_amend(story->ctx, &amendment, &trouble);
}

static void what_nobody_approved_is_written_anew(void **state)
{
    struct story *story = story_begin(*state);
    struct day next_week = day_plus(story->ctx->today, 7);
    training_class_id id = story_draft(story, "A1", next_week), nowhere = {42};
    struct class_application form = story_form(story, "B2", day_plus(next_week, 1)), bad = form;
    bad.lesson_hours = 1;
    form.lesson_hours += 8;
    form.exam_on = bad.exam_on = day_plus(form.exam_on, 1);
    size_t before = training_sessions(story->ctx, id).count;
    assert_int_equal(amend(story, nowhere, 1, &form), CLASS_APPLY_NOT_FOUND);
    assert_int_equal(amend(story, id, 7, &form), CLASS_APPLY_STALE);
    assert_int_equal(amend(story, id, 2, &bad), CLASS_APPLY_HOURS_TOO_FEW);
    story_act(story, "other");
    assert_int_equal(amend(story, id, 2, &form), CLASS_APPLY_NOT_YOUR_INSTITUTION);
    story_act(story, "school");
    assert_int_equal(amend(story, id, 2, &form), CLASS_APPLY_DONE);
    assert_int_equal(training_sessions(story->ctx, id).count, before + 1);
    assert_int_equal(simulate__plan(story->ctx, id), CLASS_PLAN_DONE);
    assert_int_equal(training_class_submit(story->ctx, id, 4, &trouble), CLASS_SUBMIT_DONE);
    assert_int_equal(amend(story, id, 5, &form), CLASS_APPLY_WRONG_STATE);
    story_act(story, "county");
    struct class_verdict back = {id, 5, CLASS_DECISION_RETURN, "请换教室"};
    assert_int_equal(training_class_review(story->ctx, &back, &trouble), CLASS_REVIEW_DONE);
    story_act(story, "school");
    form.place = "C3";
    assert_int_equal(amend(story, id, 6, &form), CLASS_APPLY_DONE);
    struct training_class class;
    assert_true(training_class_get(story->ctx, id, &class));
    assert_string_equal(class.place, "C3");
    assert_int_equal(class.state, CLASS_STATE_RETURNED);
    assert_int_equal(training_class_submit(story->ctx, id, 7, &trouble), CLASS_SUBMIT_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(an_application_is_refused_for_what_is_wrong_with_it),
        STORE_FIXTURE_TEST(a_teacher_and_a_room_are_in_one_place),
        STORE_FIXTURE_TEST(no_other_spelling_and_no_other_seat_helps),
        STORE_FIXTURE_TEST(a_review_takes_a_second_person_of_the_region),
        STORE_FIXTURE_TEST(the_review_looks_for_clashes_again),
        STORE_FIXTURE_TEST(nobody_sits_in_two_places_or_too_often),
        STORE_FIXTURE_TEST(a_full_class_takes_nobody),
        STORE_FIXTURE_TEST(the_year_has_its_cap),
        STORE_FIXTURE_TEST(who_leaves_leaves_once),
        STORE_FIXTURE_TEST(a_punch_is_of_its_hour),
        STORE_FIXTURE_TEST(one_phone_is_in_one_class),
        STORE_FIXTURE_TEST(a_class_is_finished_when_it_was_taught),
        STORE_FIXTURE_TEST(results_are_complete_or_not_at_all),
        STORE_FIXTURE_TEST(a_fact_is_reversed_once),
        STORE_FIXTURE_TEST(a_number_belongs_to_one_name),
        STORE_FIXTURE_TEST(what_nobody_approved_is_written_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
