/* Claims, publicity, payments: every answer that the rules can give, on a class that was really
 * taught. */
#include "story.h"
#include "subsidy_sql.h"

/* What the last rule said beside its answer. */
static struct claim_trouble trouble; /* allowed: a test looks at it in the next line */

static void a_claim_is_made_once_and_only_for_what_is_due(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    subsidy_claim_id claim;
    training_class_id nowhere = {42};
    assert_int_equal(subsidy_claim_make(ctx, nowhere, &claim, &trouble), CLAIM_MAKE_NOT_FOUND);
    training_class_id class = story_taught(story, "A101");
    assert_int_equal(subsidy_claim_make(ctx, class, &claim, &trouble), CLAIM_MAKE_WRONG_STATE);
    story_examine(story, class, 90);
    story_act(story, "other");
    assert_int_equal(subsidy_claim_make(ctx, class, &claim, &trouble),
                     CLAIM_MAKE_NOT_YOUR_INSTITUTION);
    story_act(story, "school");
    struct day ended = ctx->today;
    store_fixture_day(story->house, day_plus(ended, 300));
    assert_int_equal(subsidy_claim_make(ctx, class, &claim, &trouble), CLAIM_MAKE_TOO_LATE);
    store_fixture_day(story->house, ended);
    assert_int_equal(subsidy_claim_make(ctx, class, &claim, &trouble), CLAIM_MAKE_DONE);
    assert_int_equal(subsidy_claim_make(ctx, class, &claim, &trouble), CLAIM_MAKE_ALREADY);
}

/* Enrolment refuses a repeated training; should a line have come in by another way, the claim does.
 */
static void nobody_is_paid_twice_for_one_training(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    subsidy_claim_id first = story_claimed(story, "A111"), claim;
    training_class_id class = story_taught(story, "A112");
    story_examine(story, class, 90);
    struct enrolment enrolment = training_enrolments(ctx, class).items[1];
    struct training_class known;
    struct person person;
    assert_true(training_class_get(ctx, class, &known));
    assert_true(registry_person(ctx, enrolment.person, &person));
    struct sql_claim_line_insert line = {
        .id = {id_next(ctx->ids, ctx->now)},
        .claim = first,
        .enrolment = training_enrolments_of_person(ctx, enrolment.person).items[0].id,
        .person = enrolment.person,
        .taught = training_taught(&known),
        .level = skill_level_code(known.level),
        .amount_fen = fen_of_yuan(1),
        .rule = "x"};
    assert_int_equal(sql_claim_line_insert(ctx, &line), 1);
    assert_int_equal(subsidy_claim_make(ctx, class, &claim, &trouble), CLAIM_MAKE_PAID_BEFORE);
    assert_string_equal(trouble.person, person.name);
    /* Nothing of it was begun. */
    struct subsidy_claim none;
    assert_false(subsidy_claim_of_class(ctx, class, &none));
}

/* Two trainees who name one bank account are looked into before anybody is paid. */
static void one_account_is_one_persons(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    subsidy_claim_id claim;
    training_class_id class = story_taught(story, "A115");
    struct enrolment_list trainees = training_enrolments(ctx, class);
    struct person people[2];
    story_examine(story, class, 90);
    for (size_t i = 0; i < 2; i++) {
        person_id id;
        assert_true(registry_person(ctx, trainees.items[i].person, &people[i]));
        struct person_args args = {.identity_no = people[i].identity_no,
                                   .name = people[i].name,
                                   .bank_account = simulate__bank_account(ctx, 991)};
        assert_int_equal(registry_person_register(ctx, &args, &id), PERSON_REGISTER_KNOWN);
    }
    assert_int_equal(subsidy_claim_make(ctx, class, &claim, &trouble), CLAIM_MAKE_ACCOUNT_SHARED);
    assert_string_equal(trouble.person, people[0].name);
    struct person_args own = {.identity_no = people[1].identity_no,
                              .name = people[1].name,
                              .bank_account = simulate__bank_account(ctx, 992)};
    person_id id;
    assert_int_equal(registry_person_register(ctx, &own, &id), PERSON_REGISTER_KNOWN);
    assert_int_equal(subsidy_claim_make(ctx, class, &claim, &trouble), CLAIM_MAKE_DONE);
}

/* A programme without an occupation is opened, taught, certified and paid like any other. */
static void what_teaches_no_occupation_is_paid_by_its_programme(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    story->programme = pack_programme(story->pack, "T06-ONLINE");
    assert_int_equal(story->programme->teaches.count, 0);
    story_allow(story, story->programme);
    training_class_id class = story_taught(story, "A113");
    story_examine(story, class, 90);
    struct enrolment trainee = training_enrolments(ctx, class).items[0];
    struct certificate certificate;
    assert_true(evaluation_certificate_of(ctx, trainee.id, &certificate));
    assert_null(certificate.occupation);
    subsidy_claim_id id;
    struct subsidy_claim claim;
    assert_int_equal(subsidy_claim_make(ctx, class, &id, &trouble), CLAIM_MAKE_DONE);
    assert_true(subsidy_claim_of_class(ctx, class, &claim));
    assert_int_equal(fen_compare(claim.total_fen, fen_of_yuan(2 * 1500)), 0);
    /* The same programme is the same training. */
    training_class_id again = story_approved(story, "A114");
    struct training_trouble why;
    struct enrolling enrolling = {.class = again,
                                  .person = trainee.person,
                                  .import_id = INT64_MIN,
                                  .born_on = DAY_NONE,
                                  .tags = "|"};
    enrolment_id ignored;
    assert_int_equal(training_enrol(ctx, &enrolling, &ignored, &why), CLASS_ENROL_SAME_TRAINING);
}

static void who_fails_is_not_claimed_for(void **state)
{
    struct story *story = story_begin(*state);
    subsidy_claim_id claim;
    training_class_id class = story_taught(story, "A102");
    story_examine(story, class, 0);
    assert_int_equal(subsidy_claim_make(story->ctx, class, &claim, &trouble),
                     CLAIM_MAKE_NOBODY_PASSED);
}

static void what_is_not_subsidised_is_not_claimed(void **state)
{
    struct story *story = story_begin(*state);
    subsidy_claim_id claim;
    const struct pack_programme *unpaid = NULL;
    for (size_t i = 0; i < story->pack->programmes.count && unpaid == NULL; i++) {
        const struct pack_programme *programme = &story->pack->programmes.items[i];
        if (!programme->is_subsidised && programme->teaches.count > 0 &&
            programme->lessons_least <= 80)
            unpaid = programme;
    }
    assert_non_null(unpaid);
    story->programme = unpaid;
    story_allow(story, unpaid);
    training_class_id class = story_taught(story, "A110");
    story_examine(story, class, 90);
    assert_int_equal(subsidy_claim_make(story->ctx, class, &claim, &trouble),
                     CLAIM_MAKE_NOT_SUBSIDISED);
}

static void an_institution_without_account_cannot_claim(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    struct training_trouble why;
    subsidy_claim_id claim;
    story_act(story, "other");
    training_class_id class = story_draft(story, "B1", day_plus(ctx->today, 7));
    assert_int_equal(training_class_submit(ctx, class, 2, &why), CLASS_SUBMIT_DONE);
    story_act(story, "county");
    assert_int_equal(simulate__look(ctx, class), SITE_CHECK_DONE);
    struct class_verdict verdict = {class, 3, CLASS_DECISION_APPROVE, NULL};
    assert_int_equal(training_class_review(ctx, &verdict, &why), CLASS_REVIEW_DONE);
    story_act(story, "other");
    story_enrol(story, class);
    store_fixture_day(story->house, day_plus(ctx->today, 7));
    story_attend(story, class);
    store_fixture_day(story->house, day_plus(ctx->today, 15));
    assert_int_equal(training_class_finish(ctx, class, story_version(story, class)),
                     CLASS_FINISH_DONE);
    story_examine(story, class, 90);
    assert_int_equal(subsidy_claim_make(ctx, class, &claim, &trouble), CLAIM_MAKE_NO_BANK_ACCOUNT);
}

static void two_people_review_and_neither_is_the_maker(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    subsidy_claim_id claim = story_claimed(story, "A103"), nowhere = {42};
    assert_int_equal(story_review(story, "county", nowhere, 1), CLAIM_REVIEW_NOT_FOUND);
    assert_int_equal(story_review(story, "school", claim, 1), CLAIM_REVIEW_OWN_SUBMISSION);
    assert_int_equal(story_review(story, "stranger", claim, 1), CLAIM_REVIEW_NOT_YOUR_REGION);
    assert_int_equal(story_review(story, "chief", claim, 1), CLAIM_REVIEW_WRONG_ROLE);
    assert_int_equal(story_review(story, "county", claim, 7), CLAIM_REVIEW_STALE);
    struct claim_verdict silent = {claim, 1, CLAIM_DECISION_REJECT, NULL};
    assert_int_equal(subsidy_review(ctx, &silent), CLAIM_REVIEW_NOTE_MISSING);
    struct claim_verdict undecided = {.id = claim, .version = 1};
    assert_int_equal(subsidy_review(ctx, &undecided), CLAIM_REVIEW_DECISION_MISSING);
    assert_int_equal(story_review(story, "county", claim, 1), CLAIM_REVIEW_DONE);
    assert_int_equal(story_review(story, "county", claim, 2), CLAIM_REVIEW_SAME_REVIEWER);
    assert_int_equal(subsidy_release(ctx, claim), CLAIM_RELEASE_WRONG_STATE);
    assert_int_equal(story_review(story, "chief", claim, 2), CLAIM_REVIEW_DONE);
    assert_int_equal(story_review(story, "chief2", claim, 3), CLAIM_REVIEW_WRONG_STATE);
}

static void a_rejected_claim_frees_the_class(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    subsidy_claim_id claim, again;
    training_class_id class = story_taught(story, "A104");
    story_examine(story, class, 90);
    assert_int_equal(subsidy_claim_make(ctx, class, &claim, &trouble), CLAIM_MAKE_DONE);
    story_act(story, "county");
    struct claim_verdict no = {claim, 1, CLAIM_DECISION_REJECT, "材料不全"};
    assert_int_equal(subsidy_review(ctx, &no), CLAIM_REVIEW_DONE);
    struct trace_entry_list traces = ledger_traces(ctx, "subsidy_claim", claim.v);
    assert_int_equal(traces.count, 2);
    assert_string_equal(traces.items[1].note, "材料不全");
    story_act(story, "school");
    assert_int_equal(subsidy_claim_make(ctx, class, &again, &trouble), CLAIM_MAKE_DONE);
}

static void a_notice_beyond_the_calendar_is_not_begun(void **state)
{
    struct story *story = story_begin(*state);
    subsidy_claim_id claim = story_claimed(story, "A105");
    assert_int_equal(story_review(story, "county", claim, 1), CLAIM_REVIEW_DONE);
    story_day(story, 2026, 12, 30);
    assert_int_equal(story_review(story, "chief", claim, 2), CLAIM_REVIEW_BEYOND_CALENDAR);
    struct notice_draft draft = {"x", "y", COUNTY, "test", 1, NULL, 0};
    public_notice_id notice;
    assert_int_equal(notice_publish(story->ctx, &draft, &notice), NOTICE_PUBLISH_BEYOND_CALENDAR);
    story_day(story, 2025, 4, 1);
    assert_int_equal(notice_publish(story->ctx, &draft, &notice), NOTICE_PUBLISH_DONE);
    assert_int_equal(notice_publish(story->ctx, &draft, &notice), NOTICE_PUBLISH_ALREADY);
}

/* The first public notice of a claim, with its lines. */
static struct notice_line_list lines_of(struct story *story, subsidy_claim_id claim,
                                        public_notice_id *ret)
{
    *ret = subsidy_notice(story->ctx, claim);
    return notice_lines(story->ctx, *ret);
}

static void an_objection_holds_its_line_alone(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    subsidy_claim_id claim = story_claimed(story, "A106"), nowhere = {42};
    story_published(story, claim);
    public_notice_id notice;
    struct notice_line_list lines = lines_of(story, claim, &notice);
    assert_int_equal(lines.count, 2);
    assert_null(strstr(lines.items[0].shown_number, "198"));
    notice_line_id no_line = {42};
    assert_int_equal(notice_object(ctx, &(struct objecting){no_line, "x", NULL}),
                     OBJECTION_FILE_NOT_FOUND);
    assert_int_equal(notice_object(ctx, &(struct objecting){lines.items[0].id, "", NULL}),
                     OBJECTION_FILE_REASON_MISSING);
    assert_int_equal(notice_object(ctx, &(struct objecting){lines.items[0].id, "没有上课", NULL}),
                     OBJECTION_FILE_DONE);
    assert_int_equal(subsidy_release(ctx, nowhere), CLAIM_RELEASE_NOT_FOUND);
    assert_int_equal(subsidy_release(ctx, claim), CLAIM_RELEASE_STILL_ON_VIEW);
    store_fixture_day(story->house, day_plus(ctx->today, 20));
    assert_int_equal(notice_object(ctx, &(struct objecting){lines.items[1].id, "太晚", NULL}),
                     OBJECTION_FILE_OVER);
    story_act(story, "stranger");
    assert_int_equal(subsidy_release(ctx, claim), CLAIM_RELEASE_NOT_YOUR_REGION);
    objection_id objection = notice_objection_of(ctx, lines.items[0].id), no_objection = {42};
    struct objection_answer answer = {objection, OBJECTION_VERDICT_UPHOLD, "核实未到课"};
    assert_int_equal(notice_settle(ctx, &answer), OBJECTION_SETTLE_NOT_YOUR_REGION);
    story_act(story, "county");
    assert_int_equal(subsidy_release(ctx, claim), CLAIM_RELEASE_DONE);
    /* Only the other line is owed. */
    assert_int_equal(fund_payable(ctx).n, 1);
    assert_int_equal(subsidy_release(ctx, claim), CLAIM_RELEASE_OBJECTION_OPEN);
    assert_int_equal(notice_objections_waiting(ctx), 1);
    assert_int_equal(
        notice_settle(ctx, &(struct objection_answer){no_objection, OBJECTION_VERDICT_CLEAR, "x"}),
        OBJECTION_SETTLE_NOT_FOUND);
    assert_int_equal(
        notice_settle(ctx, &(struct objection_answer){objection, OBJECTION_VERDICT_CLEAR, ""}),
        OBJECTION_SETTLE_ANSWER_MISSING);
    assert_int_equal(
        notice_settle(ctx, &(struct objection_answer){objection, OBJECTION_VERDICT_NONE, "x"}),
        OBJECTION_SETTLE_VERDICT_MISSING);
    assert_int_equal(notice_settle(ctx, &answer), OBJECTION_SETTLE_DONE);
    assert_int_equal(notice_settle(ctx, &answer), OBJECTION_SETTLE_SETTLED);
    assert_int_equal(subsidy_release(ctx, claim), CLAIM_RELEASE_DONE);
    assert_int_equal(subsidy_release(ctx, claim), CLAIM_RELEASE_WRONG_STATE);
    assert_int_equal(fund_payable(ctx).n, 1);
}

/* The pack's five working days; 2025-10-01 to 08 are the national holidays. */
static void an_objection_is_due_in_working_days(void **state)
{
    struct story *story = story_begin(*state);
    struct day filed, due;
    assert_true(day_of_civil((struct civil){2025, 9, 26}, &filed));
    assert_true(day_of_civil((struct civil){2025, 10, 10}, &due));
    assert_int_equal(notice_objection_due(story->ctx, day_at(filed, 600)).v, due.v);
    assert_true(day_of_civil((struct civil){2099, 9, 26}, &filed));
    assert_true(day_is_none(notice_objection_due(story->ctx, day_at(filed, 600))));
}

/* --- a roll that is corrected after the results --- */

static training_class_id class_of(struct story *story, subsidy_claim_id id)
{
    struct subsidy_claim claim;
    assert_true(sql_claim_by_id(story->ctx, id, &claim));
    return claim.class;
}

static void who_lost_the_lessons_is_left_out_of_a_claim(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_taught(story, "A131");
    story_examine(story, class, 90);
    struct enrolment_list trainees = training_enrolments(ctx, class);
    story_shorten_roll(story, class, trainees.items[0].id);
    subsidy_claim_id id;
    struct claim_line line;
    assert_int_equal(subsidy_claim_make(ctx, class, &id, &trouble), CLAIM_MAKE_DONE);
    assert_false(subsidy_line_of(ctx, trainees.items[0].id, &line));
    assert_true(subsidy_line_of(ctx, trainees.items[1].id, &line));
}

static void a_short_roll_is_not_approved(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    struct subsidy_claim claim;
    subsidy_claim_id id = story_claimed(story, "A132");
    training_class_id class = class_of(story, id);
    struct enrolment trainee = training_enrolments(ctx, class).items[0];
    story_shorten_roll(story, class, trainee.id);
    story_act(story, "county");
    assert_true(subsidy_claim_of_class(ctx, class, &claim));
    struct claim_verdict verdict = {id, claim.version, CLAIM_DECISION_APPROVE, NULL};
    assert_int_equal(subsidy_review(ctx, &verdict), CLAIM_REVIEW_ROLL_SHORT);
    verdict.decision = CLAIM_DECISION_REJECT;
    verdict.note = "一名学员课时不足";
    assert_int_equal(subsidy_review(ctx, &verdict), CLAIM_REVIEW_DONE);
    story_act(story, "school");
    assert_int_equal(subsidy_claim_make(ctx, class, &id, &trouble), CLAIM_MAKE_DONE);
    assert_true(subsidy_claim_of_class(ctx, class, &claim));
    assert_int_equal(claim.line_count, 1);
}

static void a_short_roll_is_not_paid(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    struct claim_line line;
    subsidy_claim_id id = story_claimed(story, "A133");
    training_class_id class = class_of(story, id);
    struct enrolment trainee = training_enrolments(ctx, class).items[0];
    story_published(story, id);
    story_shorten_roll(story, class, trainee.id);
    store_fixture_day(story->house, day_plus(ctx->today, 20));
    story_act(story, "county");
    assert_int_equal(subsidy_release(ctx, id), CLAIM_RELEASE_DONE);
    assert_int_equal(fund_payable(ctx).n, 1);
    assert_true(subsidy_line_of(ctx, trainee.id, &line));
    assert_int_equal(line.state, CLAIM_LINE_STATE_REFUSED);
}

static struct bank_file everything(struct story *story, payment_batch_id batch, bool is_paid)
{
    struct payment_list payments = fund_payments(story->ctx, batch);
    struct bank_result *lines = arena_array(story->ctx->arena, payments.count, struct bank_result);
    for (size_t i = 0; i < payments.count; i++)
        lines[i] =
            (struct bank_result){payments.items[i].id, payments.items[i].amount_fen, is_paid, NULL};
    return (struct bank_file){batch, lines, payments.count};
}

static payment_batch_id batched(struct story *story, const char *place)
{
    payment_batch_id batch;
    subsidy_claim_id claim = story_claimed(story, place);
    story_published(story, claim);
    store_fixture_day(story->house, day_plus(story->ctx->today, 20));
    assert_int_equal(subsidy_release(story->ctx, claim), CLAIM_RELEASE_DONE);
    story_act(story, "cashier");
    assert_int_equal(fund_batch_make(story->ctx, &batch), BATCH_MAKE_DONE);
    return batch;
}

static void money_needs_two_people_and_moves_once(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    payment_batch_id batch = batched(story, "A107"), nowhere = {42}, none;
    int64_t settled;
    assert_int_equal(fund_batch_make(ctx, &none), BATCH_MAKE_NOTHING);
    assert_int_equal(fund_batch_approve(ctx, nowhere), BATCH_APPROVE_NOT_FOUND);
    assert_int_equal(fund_batch_approve(ctx, batch), BATCH_APPROVE_OWN_BATCH);
    struct bank_file file = everything(story, batch, true);
    assert_int_equal(fund_batch_result(ctx, &file, subsidy_settled, &settled),
                     BATCH_RESULT_NOT_APPROVED);
    story_act(story, "far-treasurer");
    assert_int_equal(fund_batch_approve(ctx, batch), BATCH_APPROVE_NOT_YOUR_REGION);
    assert_int_equal(fund_batch_result(ctx, &file, subsidy_settled, &settled),
                     BATCH_RESULT_NOT_YOUR_REGION);
    story_act(story, "treasurer");
    assert_int_equal(fund_batch_approve(ctx, batch), BATCH_APPROVE_DONE);
    assert_int_equal(fund_batch_approve(ctx, batch), BATCH_APPROVE_WRONG_STATE);
    struct bank_file lost = {nowhere, file.lines, file.count};
    assert_int_equal(fund_batch_result(ctx, &lost, subsidy_settled, &settled),
                     BATCH_RESULT_NOT_FOUND);
    struct bank_result strange = {{42}, FEN_ZERO, true, NULL}, wrong = file.lines[0];
    struct bank_file foreign = {batch, &strange, 1};
    assert_int_equal(fund_batch_result(ctx, &foreign, subsidy_settled, &settled),
                     BATCH_RESULT_UNKNOWN_PAYMENT);
    wrong.amount_fen = fen_of_yuan(1);
    struct bank_file altered = {batch, &wrong, 1};
    assert_int_equal(fund_batch_result(ctx, &altered, subsidy_settled, &settled),
                     BATCH_RESULT_AMOUNT_DIFFERS);
    assert_int_equal(fund_batch_result(ctx, &file, subsidy_settled, &settled), BATCH_RESULT_DONE);
    assert_int_equal(settled, 2);
    assert_int_equal(fund_batch_result(ctx, &file, subsidy_settled, &settled),
                     BATCH_RESULT_NOTHING_NEW);
    struct payment_list payments = fund_payments(ctx, batch);
    assert_int_equal(payments.items[0].state, PAYMENT_STATE_PAID);
    /* The same thing is never owed again. */
    payment_id again;
    struct owing owing = {payments.items[0].subject_kind,
                          payments.items[0].subject_id,
                          COUNTY,
                          "x",
                          "12345670",
                          NULL,
                          "x",
                          fen_of_yuan(1)};
    assert_false(fund_owe(ctx, &owing, &again));
}

static void the_target_moves_by_exactly_the_people(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    batched(story, "A108");
    assert_true(ledger_fold(ctx, story->metrics));
    const struct pack_item *item = story->programme->item;
    assert_int_equal(plan_actual(ctx, &item->metrics.items[0], ""), 2);
    assert_int_equal(plan_actual(ctx, &item->metrics.items[0], COUNTY), 2);
    assert_int_equal(plan_actual(ctx, &item->metrics.items[0], ELSEWHERE), 0);
    struct recount_report report = ledger_recount(ctx, story->metrics);
    assert_true(report.counters > 0);
    assert_int_equal(report.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(a_claim_is_made_once_and_only_for_what_is_due),
        STORE_FIXTURE_TEST(nobody_is_paid_twice_for_one_training),
        STORE_FIXTURE_TEST(one_account_is_one_persons),
        STORE_FIXTURE_TEST(what_teaches_no_occupation_is_paid_by_its_programme),
        STORE_FIXTURE_TEST(who_fails_is_not_claimed_for),
        STORE_FIXTURE_TEST(what_is_not_subsidised_is_not_claimed),
        STORE_FIXTURE_TEST(an_institution_without_account_cannot_claim),
        STORE_FIXTURE_TEST(two_people_review_and_neither_is_the_maker),
        STORE_FIXTURE_TEST(a_rejected_claim_frees_the_class),
        STORE_FIXTURE_TEST(a_notice_beyond_the_calendar_is_not_begun),
        STORE_FIXTURE_TEST(an_objection_holds_its_line_alone),
        STORE_FIXTURE_TEST(an_objection_is_due_in_working_days),
        STORE_FIXTURE_TEST(who_lost_the_lessons_is_left_out_of_a_claim),
        STORE_FIXTURE_TEST(a_short_roll_is_not_approved),
        STORE_FIXTURE_TEST(a_short_roll_is_not_paid),
        STORE_FIXTURE_TEST(money_needs_two_people_and_moves_once),
        STORE_FIXTURE_TEST(the_target_moves_by_exactly_the_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
