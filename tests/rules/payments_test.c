/* From the end of the publicity to the bank's answer: what is paid counts once, what is not paid
 * leaves nothing behind. */
#include "story.h"
#include "subsidy_sql.h"

#include <pthread.h>

static const struct ledger_metric COUNTED[] = {
    {.id = "paid.people",
     .counts = METRIC_PEOPLE,
     .kind = FACT_SUBSIDY_PAID,
     .item = INT64_MIN,
     .first = {0},
     .last = {INT32_MAX}},
    {.id = "paid.amount",
     .counts = METRIC_AMOUNT,
     .kind = FACT_SUBSIDY_PAID,
     .item = INT64_MIN,
     .first = {0},
     .last = {INT32_MAX}},
};
static const struct ledger_metrics METRICS = {COUNTED, sizeof COUNTED / sizeof COUNTED[0]};

enum { TRAINEES = 2 }; /* of story_taught() */

/* A claim behind its days on view; nothing is released. */
struct desk {
    struct story *story;
    struct ctx *ctx;
    training_class_id class;
    subsidy_claim_id claim;
    payment_batch_id batch;
    struct bank_result lines[TRAINEES];
};

static struct desk on_view(void **state)
{
    struct claim_trouble trouble;
    struct desk desk = {.story = story_begin(*state)};
    desk.ctx = desk.story->ctx;
    desk.class = story_taught(desk.story, "A101");
    story_examine(desk.story, desk.class, 90);
    assert_int_equal(subsidy_claim_make(desk.ctx, desk.class, &desk.claim, &trouble),
                     CLAIM_MAKE_DONE);
    story_published(desk.story, desk.claim);
    return desk;
}

static void end_view(struct desk *desk)
{
    store_fixture_day(desk->story->house, day_plus(desk->ctx->today, 20));
}

static void make_batch(struct desk *desk)
{
    story_act(desk->story, "cashier");
    assert_int_equal(fund_batch_make(desk->ctx, &desk->batch), BATCH_MAKE_DONE);
    story_act(desk->story, "treasurer");
    assert_int_equal(fund_batch_approve(desk->ctx, desk->batch), BATCH_APPROVE_DONE);
    story_act(desk->story, "cashier");
}

/* Both payments are with the bank, which will say that they are paid. */
static struct desk at_the_bank(void **state)
{
    struct desk desk = on_view(state);
    end_view(&desk);
    assert_int_equal(subsidy_release(desk.ctx, desk.claim), CLAIM_RELEASE_DONE);
    make_batch(&desk);
    struct payment_list payments = fund_payments(desk.ctx, desk.batch);
    assert_int_equal(payments.count, TRAINEES);
    for (size_t i = 0; i < TRAINEES; i++)
        desk.lines[i] = (struct bank_result){.payment = payments.items[i].id,
                                             .amount_fen = payments.items[i].amount_fen,
                                             .is_paid = true};
    return desk;
}

static enum batch_result read_file(struct desk *desk, size_t count, int64_t *ret_settled)
{
    struct bank_file file = {desk->batch, desk->lines, count};
    return fund_batch_result(desk->ctx, &file, subsidy_settled, ret_settled);
}

static enum batch_state batch_state(struct desk *desk)
{
    struct payment_batch batch;
    assert_true(fund_batch(desk->ctx, desk->batch, &batch));
    return batch.state;
}

static enum claim_state claim_state(struct desk *desk)
{
    struct subsidy_claim claim;
    assert_true(subsidy_claim_of_class(desk->ctx, desk->class, &claim));
    return claim.state;
}

/* Facts about money, of all trainees. */
static size_t paid_facts(struct desk *desk, struct fact *ret_last)
{
    struct enrolment_list trainees = training_enrolments(desk->ctx, desk->class);
    size_t count = 0;
    for (size_t i = 0; i < trainees.count; i++) {
        struct fact_list facts =
            ledger_facts_of_person(desk->ctx, trainees.items[i].person, /* most= */ 20);
        for (size_t k = 0; k < facts.count; k++)
            if (text_equal(facts.items[k].kind, FACT_SUBSIDY_PAID)) {
                *ret_last = facts.items[k];
                count++;
            }
    }
    return count;
}

static struct ledger_count counted(struct desk *desk, const char *metric)
{
    assert_true(ledger_fold(desk->ctx, &METRICS));
    return ledger_count(desk->ctx, metric, (struct ledger_scope){COUNTY, 202101, 202612});
}

static void what_is_paid_is_a_fact_and_counts_once(void **state)
{
    struct desk desk = at_the_bank(state);
    struct fact fact;
    int64_t settled;
    struct fen total = FEN_ZERO;
    assert_int_equal(paid_facts(&desk, &fact), 0);
    assert_int_equal(counted(&desk, "paid.people").n, 0);
    for (size_t i = 0; i < TRAINEES; i++)
        assert_true(fen_add(total, desk.lines[i].amount_fen, &total));
    /* The second reading finds everything as the first one left it. */
    static const enum batch_result answers[] = {BATCH_RESULT_DONE, BATCH_RESULT_NOTHING_NEW};
    for (int reading = 0; reading < 2; reading++) {
        assert_int_equal(read_file(&desk, TRAINEES, &settled), answers[reading]);
        assert_int_equal(settled, reading == 0 ? TRAINEES : 0);
        assert_int_equal(paid_facts(&desk, &fact), TRAINEES);
        assert_int_equal(counted(&desk, "paid.people").n, TRAINEES);
        assert_int_equal(fen_compare(counted(&desk, "paid.amount").amount_fen, total), 0);
        assert_int_equal(batch_state(&desk), BATCH_STATE_CLOSED);
        assert_int_equal(claim_state(&desk), CLAIM_STATE_SETTLED);
    }
    assert_int_equal(fen_compare(fact.amount_fen, desk.lines[0].amount_fen), 0);
    assert_int_equal(fact.organisation.v, desk.story->school.v);
    assert_string_equal(fact.region, COUNTY);
    assert_string_equal(fact.programme, desk.story->programme->code);
    assert_int_equal(fact.recorded_by.v, desk.ctx->actor->account.v);
    assert_int_equal(ledger_recount(desk.ctx, &METRICS).count, 0);
}

static void what_comes_back_leaves_no_fact(void **state)
{
    struct desk desk = at_the_bank(state);
    struct fact fact;
    int64_t settled;
    desk.lines[1].is_paid = false;
    desk.lines[1].note = "户名不符";
    assert_int_equal(read_file(&desk, TRAINEES, &settled), BATCH_RESULT_DONE);
    assert_int_equal(settled, TRAINEES);
    assert_int_equal(paid_facts(&desk, &fact), 1);
    assert_int_equal(counted(&desk, "paid.people").n, 1);
    struct payment_list payments = fund_payments(desk.ctx, desk.batch);
    assert_int_equal(payments.items[0].state, PAYMENT_STATE_PAID);
    assert_int_equal(payments.items[1].state, PAYMENT_STATE_RETURNED);
    assert_string_equal(payments.items[1].bank_note, "户名不符");
    /* Another file cannot make it paid: it was settled. */
    desk.lines[1].is_paid = true;
    assert_int_equal(read_file(&desk, TRAINEES, &settled), BATCH_RESULT_NOTHING_NEW);
    assert_int_equal(paid_facts(&desk, &fact), 1);
}

/* The bank has paid the first line and returned the second. */
static struct desk half_returned(void **state)
{
    struct desk desk = at_the_bank(state);
    int64_t settled;
    desk.lines[1].is_paid = false;
    desk.lines[1].note = "账号不存在";
    assert_int_equal(read_file(&desk, TRAINEES, &settled), BATCH_RESULT_DONE);
    return desk;
}

static claim_line_id line_of(struct desk *desk, size_t i)
{
    struct payment_list payments = fund_payments(desk->ctx, desk->batch);
    return (claim_line_id){payments.items[i].subject_id};
}

static void correct_account(struct desk *desk)
{
    struct organisation school;
    story_act(desk->story, "county");
    assert_true(registry_organisation(desk->ctx, desk->story->school, &school));
    struct organisation_amendment amendment = {.name = school.name,
                                               .kind = school.kind,
                                               .region = school.region,
                                               .bank_account =
                                                   simulate__bank_account(desk->ctx, 77),
                                               .bank_name = school.bank_name};
    assert_int_equal(registry_organisation_amend(desk->ctx, school.id, school.version, &amendment),
                     ORGANISATION_AMEND_DONE);
}

static enum pay_again pay_again(struct desk *desk, claim_line_id line, const char *note)
{
    payment_id payment;
    struct paying_again again = {desk->claim, line, note};
    return subsidy_pay_again(desk->ctx, &again, &payment);
}

static void what_came_back_is_paid_again_and_only_once(void **state)
{
    struct desk desk = half_returned(state);
    struct fact fact;
    int64_t settled;
    claim_line_id paid = line_of(&desk, 0), returned = line_of(&desk, 1);
    payment_batch_id first = desk.batch;
    assert_int_equal(claim_state(&desk), CLAIM_STATE_PAYABLE); /* it is still to be paid */
    assert_int_equal(pay_again(&desk, (claim_line_id){42}, NULL), PAY_AGAIN_NOT_FOUND);
    struct desk elsewhere = desk;
    elsewhere.claim.v++; /* a line is paid again by its own claim's page only */
    assert_int_equal(pay_again(&elsewhere, returned, "x"), PAY_AGAIN_NOT_FOUND);
    story_act(desk.story, "stranger");
    assert_int_equal(pay_again(&desk, returned, NULL), PAY_AGAIN_NOT_YOUR_REGION);
    story_act(desk.story, "county");
    assert_int_equal(pay_again(&desk, paid, "x"), PAY_AGAIN_WRONG_STATE);
    assert_int_equal(pay_again(&desk, returned, ""), PAY_AGAIN_ACCOUNT_UNCHANGED);
    correct_account(&desk);
    assert_int_equal(pay_again(&desk, returned, NULL), PAY_AGAIN_DONE);
    assert_int_equal(pay_again(&desk, returned, "再来一次"), PAY_AGAIN_WRONG_STATE);
    make_batch(&desk);
    struct payment_list payments = fund_payments(desk.ctx, desk.batch);
    assert_int_equal(payments.count, 1);
    assert_int_equal(payments.items[0].subject_id, returned.v);
    assert_string_equal(payments.items[0].account, simulate__bank_account(desk.ctx, 77));
    desk.lines[0] =
        (struct bank_result){payments.items[0].id, payments.items[0].amount_fen, .is_paid = true};
    assert_int_equal(read_file(&desk, 1, &settled), BATCH_RESULT_DONE);
    assert_int_equal(paid_facts(&desk, &fact), TRAINEES);
    assert_int_equal(counted(&desk, "paid.people").n, TRAINEES);
    assert_int_equal(claim_state(&desk), CLAIM_STATE_SETTLED);
    story_act(desk.story, "county");
    assert_int_equal(pay_again(&desk, returned, "再来一次"), PAY_AGAIN_WRONG_STATE);
    /* What was returned stays in its batch as it was. */
    assert_int_equal(fund_payments(desk.ctx, first).items[1].state, PAYMENT_STATE_RETURNED);
}

/* The account was right, and the bank's reason was another: then somebody says so. */
static void the_same_account_takes_a_reason(void **state)
{
    struct desk desk = half_returned(state);
    claim_line_id returned = line_of(&desk, 1);
    story_act(desk.story, "chief");
    assert_int_equal(pay_again(&desk, returned, "银行系统故障，账户无误"), PAY_AGAIN_DONE);
    struct trace_entry_list traces = ledger_traces(desk.ctx, "subsidy_claim", desk.claim.v);
    assert_string_equal(traces.items[traces.count - 1].action, "pay_again");
    assert_string_equal(traces.items[traces.count - 1].note, "银行系统故障，账户无误");
}

/* The database itself refuses a second live payment of a line. */
static void a_line_has_one_live_payment(void **state)
{
    struct desk desk = half_returned(state);
    struct payment_list payments = fund_payments(desk.ctx, desk.batch);
    payment_id again;
    for (size_t i = 0; i < TRAINEES; i++) {
        struct owing owing = {payments.items[i].subject_kind,
                              payments.items[i].subject_id,
                              COUNTY,
                              "x",
                              "12345670",
                              NULL,
                              "x",
                              fen_of_yuan(1)};
        assert_int_equal(fund_owe(desk.ctx, &owing, &again),
                         payments.items[i].state == PAYMENT_STATE_RETURNED);
        assert_false(fund_owe(desk.ctx, &owing, &again));
    }
}

/* --- several at once */

enum { WRITERS = 4 };

struct writer {
    struct desk *desk;
    struct ctx ctx;
    claim_line_id line;
    enum pay_again answer;
};

static bool pay_as_county(struct ctx *ctx, void *argument)
{
    struct writer *writer = argument;
    payment_id payment;
    struct paying_again again = {writer->desk->claim, writer->line, "账户无误"};
    if (!registry_act_as(ctx, "county"))
        return false;
    writer->answer = subsidy_pay_again(ctx, &again, &payment);
    return writer->answer == PAY_AGAIN_DONE;
}

/* Between the bank's return and the next try the county found that she had not been there. */
static void what_came_back_is_not_paid_to_a_short_roll(void **state)
{
    struct desk desk = half_returned(state);
    claim_line_id returned = line_of(&desk, 1);
    struct claim_line line;
    struct subsidy_claim claim;
    assert_true(sql_claim_line_by_id(desk.ctx, returned, &line));
    assert_true(sql_claim_by_id(desk.ctx, desk.claim, &claim));
    story_shorten_roll(desk.story, claim.class, line.enrolment);
    story_act(desk.story, "county");
    assert_int_equal(pay_again(&desk, returned, "再来一次"), PAY_AGAIN_ROLL_SHORT);
}

static void *write_once(void *argument)
{
    struct writer *writer = argument;
    writer->ctx.arena = arena_new(8 * 1024 * 1024);
    store_write(writer->desk->story->house->store, &writer->ctx, pay_as_county, writer);
    arena_free(writer->ctx.arena);
    return NULL;
}

static void of_several_writers_one_pays(void **state)
{
    struct desk desk = half_returned(state);
    struct store_fixture *house = *state;
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    claim_line_id returned = line_of(&desk, 1);
    store_fixture_commit(house);
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.desk = &desk, .ctx = *desk.ctx, .line = returned};
        writers[i].ctx.db = NULL;
        assert_int_equal(pthread_create(&threads[i], NULL, write_once, &writers[i]), 0);
    }
    int done = 0;
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        done += writers[i].answer == PAY_AGAIN_DONE;
        assert_true(writers[i].answer == PAY_AGAIN_DONE ||
                    writers[i].answer == PAY_AGAIN_WRONG_STATE);
    }
    assert_int_equal(done, 1);
    desk.ctx = store_fixture_begin(house);
    story_act(desk.story, "cashier");
    assert_int_equal(fund_payable(desk.ctx).n, 1);
}

static void a_batch_closes_with_its_last_payment(void **state)
{
    struct desk desk = at_the_bank(state);
    int64_t settled;
    assert_int_equal(read_file(&desk, 1, &settled), BATCH_RESULT_DONE);
    assert_int_equal(settled, 1);
    assert_int_equal(batch_state(&desk), BATCH_STATE_APPROVED);
    assert_int_equal(claim_state(&desk), CLAIM_STATE_PAYABLE);
    assert_int_equal(read_file(&desk, TRAINEES, &settled), BATCH_RESULT_DONE);
    assert_int_equal(settled, 1);
    assert_int_equal(batch_state(&desk), BATCH_STATE_CLOSED);
    assert_int_equal(claim_state(&desk), CLAIM_STATE_SETTLED);
}

/* The last line is wrong, and the first is not settled either. */
static void a_banks_file_is_taken_whole_or_not_at_all(void **state)
{
    struct desk desk = at_the_bank(state);
    struct bank_result good = desk.lines[1];
    struct fact fact;
    int64_t settled = 9;
    desk.lines[1].amount_fen.v += 1; /* raw: a fen too much */
    assert_int_equal(read_file(&desk, TRAINEES, &settled), BATCH_RESULT_AMOUNT_DIFFERS);
    assert_int_equal(settled, 0);
    desk.lines[1] = good;
    desk.lines[1].payment.v += 1;
    assert_int_equal(read_file(&desk, TRAINEES, &settled), BATCH_RESULT_UNKNOWN_PAYMENT);
    assert_int_equal(paid_facts(&desk, &fact), 0);
    assert_int_equal(fund_payments(desk.ctx, desk.batch).items[0].state, PAYMENT_STATE_BATCHED);
    assert_int_equal(batch_state(&desk), BATCH_STATE_APPROVED);
}

/* --- batches of the own region alone --- */

static payment_id owe(struct desk *desk, const char *region, int64_t subject)
{
    payment_id id;
    struct owing owing = {.subject_kind = "test",
                          .subject_id = subject,
                          .region = region,
                          .payee = "=示例学校",
                          .account = "6217000000000013",
                          .purpose = "他说\"好\"",
                          .amount_fen = fen_of_yuan(800)};
    assert_true(fund_owe(desk->ctx, &owing, &id));
    assert_false(fund_owe(desk->ctx, &owing, &(payment_id){0}));
    return id;
}

static void a_batch_takes_what_is_payable_in_its_region(void **state)
{
    struct desk desk = {.story = story_begin(*state)};
    desk.ctx = desk.story->ctx;
    struct payment_batch batch;
    payment_id here = owe(&desk, COUNTY, 1), there = owe(&desk, ELSEWHERE, 2);
    make_batch(&desk);
    assert_true(fund_batch(desk.ctx, desk.batch, &batch));
    assert_int_equal(batch.payment_count, 1);
    assert_int_equal(fen_compare(batch.total_fen, fen_of_yuan(800)), 0);
    struct payment_list payments = fund_payments(desk.ctx, desk.batch);
    assert_int_equal(payments.count, 1);
    assert_int_equal(payments.items[0].id.v, here.v);
    story_act(desk.story, "far-treasurer");
    assert_int_equal(fund_payable(desk.ctx).n, 1);
    assert_false(fund_batch(desk.ctx, desk.batch, &batch));
    assert_int_equal(fund_batches(desk.ctx, 10).count, 0);
    /* A payment of nobody's batch is none of this one. */
    story_act(desk.story, "cashier");
    int64_t settled;
    desk.lines[0] = (struct bank_result){there, fen_of_yuan(800), true, NULL};
    assert_int_equal(read_file(&desk, 1, &settled), BATCH_RESULT_UNKNOWN_PAYMENT);
}

static void the_banks_file_is_no_formula(void **state)
{
    struct desk desk = {.story = story_begin(*state)};
    desk.ctx = desk.story->ctx;
    owe(&desk, COUNTY, 1);
    make_batch(&desk);
    struct payment_list payments = fund_payments(desk.ctx, desk.batch);
    struct bytes file = fund_batch_file(desk.ctx, &payments, SHEET_CSV_PLAIN);
    const char *text = arena_text_n(desk.ctx->arena, file.data, file.length);
    assert_non_null(strstr(text, ",'=示例学校,6217000000000013,,800.00,"));
    assert_non_null(strstr(text, "\"他说\"\"好\"\"\""));
    file = fund_batch_file(desk.ctx, &payments, SHEET_XLSX);
    assert_memory_equal(file.data, "PK", 2);
}

/* --- objections --- */

static objection_id object_to(struct desk *desk, size_t line)
{
    struct notice_line_list lines = notice_lines(desk->ctx, subsidy_notice(desk->ctx, desk->claim));
    struct objecting objecting = {lines.items[line].id, "没有上课", NULL};
    assert_int_equal(notice_object(desk->ctx, &objecting), OBJECTION_FILE_DONE);
    return notice_objection_of(desk->ctx, lines.items[line].id);
}

static void settle(struct desk *desk, objection_id id, enum objection_verdict verdict)
{
    struct objection_answer answer = {id, verdict, "已核实"};
    story_act(desk->story, "county");
    assert_int_equal(notice_settle(desk->ctx, &answer), OBJECTION_SETTLE_DONE);
}

/* Held until the last of two objections is cleared; then paid as the others were. */
static void a_cleared_line_is_owed_after_the_others(void **state)
{
    struct desk desk = on_view(state);
    objection_id first = object_to(&desk, 0), second = object_to(&desk, 0);
    assert_int_not_equal(first.v, second.v);
    end_view(&desk);
    story_act(desk.story, "county");
    assert_int_equal(subsidy_release(desk.ctx, desk.claim), CLAIM_RELEASE_DONE);
    make_batch(&desk);
    struct payment_list payments = fund_payments(desk.ctx, desk.batch);
    assert_int_equal(payments.count, 1);
    desk.lines[0] =
        (struct bank_result){payments.items[0].id, payments.items[0].amount_fen, true, NULL};
    int64_t settled;
    assert_int_equal(read_file(&desk, 1, &settled), BATCH_RESULT_DONE);
    /* A line is held: the claim is not through. */
    assert_int_equal(claim_state(&desk), CLAIM_STATE_PAYABLE);
    settle(&desk, first, OBJECTION_VERDICT_CLEAR);
    assert_int_equal(subsidy_release(desk.ctx, desk.claim), CLAIM_RELEASE_OBJECTION_OPEN);
    settle(&desk, second, OBJECTION_VERDICT_CLEAR);
    assert_int_equal(subsidy_release(desk.ctx, desk.claim), CLAIM_RELEASE_DONE);
    assert_int_equal(fund_payable(desk.ctx).n, 1);
    assert_int_equal(subsidy_release(desk.ctx, desk.claim), CLAIM_RELEASE_WRONG_STATE);
    assert_int_equal(claim_state(&desk), CLAIM_STATE_PAYABLE);
}

static void nothing_moves_while_all_lines_are_objected_to(void **state)
{
    struct desk desk = on_view(state);
    objection_id objections[TRAINEES];
    for (size_t i = 0; i < TRAINEES; i++)
        objections[i] = object_to(&desk, i);
    end_view(&desk);
    story_act(desk.story, "county");
    assert_int_equal(subsidy_release(desk.ctx, desk.claim), CLAIM_RELEASE_OBJECTION_OPEN);
    assert_int_equal(claim_state(&desk), CLAIM_STATE_PUBLICITY);
    for (size_t i = 0; i < TRAINEES; i++)
        settle(&desk, objections[i], OBJECTION_VERDICT_UPHOLD);
    /* Nobody is owed anything, and the claim is through. */
    assert_int_equal(subsidy_release(desk.ctx, desk.claim), CLAIM_RELEASE_DONE);
    assert_int_equal(fund_payable(desk.ctx).n, 0);
    assert_int_equal(claim_state(&desk), CLAIM_STATE_SETTLED);
}

/* Who reads the notice learns neither the given name nor the birthday. */
static void a_notice_shows_nobody_whole(void **state)
{
    struct desk desk = on_view(state);
    struct notice_line_list shown = notice_lines(desk.ctx, subsidy_notice(desk.ctx, desk.claim));
    struct enrolment_list trainees = training_enrolments(desk.ctx, desk.class);
    assert_int_equal(shown.count, TRAINEES);
    for (size_t i = 0; i < shown.count; i++)
        for (size_t k = 0; k < trainees.count; k++) {
            struct person person;
            assert_true(registry_person(desk.ctx, trainees.items[k].person, &person));
            const char *birthday = arena_text_n(desk.ctx->arena, person.identity_no + 6, 8);
            assert_string_not_equal(shown.items[i].shown_name, person.name);
            assert_null(strstr(shown.items[i].shown_number, birthday));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(what_is_paid_is_a_fact_and_counts_once),
        STORE_FIXTURE_TEST(what_comes_back_leaves_no_fact),
        STORE_FIXTURE_TEST(what_came_back_is_paid_again_and_only_once),
        STORE_FIXTURE_TEST(what_came_back_is_not_paid_to_a_short_roll),
        STORE_FIXTURE_TEST(the_same_account_takes_a_reason),
        STORE_FIXTURE_TEST(a_line_has_one_live_payment),
        STORE_FIXTURE_TEST(of_several_writers_one_pays),
        STORE_FIXTURE_TEST(a_batch_closes_with_its_last_payment),
        STORE_FIXTURE_TEST(a_banks_file_is_taken_whole_or_not_at_all),
        STORE_FIXTURE_TEST(a_batch_takes_what_is_payable_in_its_region),
        STORE_FIXTURE_TEST(the_banks_file_is_no_formula),
        STORE_FIXTURE_TEST(a_cleared_line_is_owed_after_the_others),
        STORE_FIXTURE_TEST(nothing_moves_while_all_lines_are_objected_to),
        STORE_FIXTURE_TEST(a_notice_shows_nobody_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
