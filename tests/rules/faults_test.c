/*
 * The way from the class to the paid yuan, while the database fails at the first, the second, the
 * third … statement or commit of each step, and while memory ends a little later each time. What
 * failed must leave nothing: so the step, done again, answers as if it had never been tried, and
 * every counter is what a recount says.
 */
#include "story.h"

enum {
    MEMORY_STEP = 256,
    MEMORY_ENOUGH = 1 << 30,
};

struct walk {
    struct story *story;
    training_class_id class;
    subsidy_claim_id claim;
    payment_batch_id batch;
    int64_t failures;
};

/* --- the steps, each one transaction */

static bool open_class(struct ctx *ctx, void *argument)
{
    (void)ctx;
    struct walk *walk = argument;
    walk->class = story_approved(walk->story, "A1");
    return true;
}

static bool enrol(struct ctx *ctx, void *argument)
{
    struct walk *walk = argument;
    assert_int_equal(training_enrolments(ctx, walk->class).count, 0);
    story_enrol(walk->story, walk->class);
    story_enrol(walk->story, walk->class);
    return true;
}

static bool attend(struct ctx *ctx, void *argument)
{
    (void)ctx;
    struct walk *walk = argument;
    story_attend(walk->story, walk->class);
    return true;
}

static bool finish(struct ctx *ctx, void *argument)
{
    struct walk *walk = argument;
    story_act(walk->story, "school");
    assert_int_equal(
        training_class_finish(ctx, walk->class, story_version(walk->story, walk->class)),
        CLASS_FINISH_DONE);
    return true;
}

static bool examine(struct ctx *ctx, void *argument)
{
    (void)ctx;
    struct walk *walk = argument;
    story_examine(walk->story, walk->class, 90);
    return true;
}

static bool claim(struct ctx *ctx, void *argument)
{
    struct walk *walk = argument;
    struct claim_trouble trouble;
    story_act(walk->story, "school");
    assert_int_equal(subsidy_claim_make(ctx, walk->class, &walk->claim, &trouble), CLAIM_MAKE_DONE);
    return true;
}

static bool review(struct ctx *ctx, void *argument)
{
    (void)ctx;
    struct walk *walk = argument;
    story_published(walk->story, walk->claim);
    return true;
}

static bool release(struct ctx *ctx, void *argument)
{
    struct walk *walk = argument;
    assert_int_equal(subsidy_release(ctx, walk->claim), CLAIM_RELEASE_DONE);
    return true;
}

static bool make_batch(struct ctx *ctx, void *argument)
{
    struct walk *walk = argument;
    story_act(walk->story, "cashier");
    assert_int_equal(fund_batch_make(ctx, &walk->batch), BATCH_MAKE_DONE);
    story_act(walk->story, "treasurer");
    assert_int_equal(fund_batch_approve(ctx, walk->batch), BATCH_APPROVE_DONE);
    return true;
}

static bool settle(struct ctx *ctx, void *argument)
{
    struct walk *walk = argument;
    story_act(walk->story, "cashier");
    struct payment_list payments = fund_payments(ctx, walk->batch);
    struct bank_result *lines = arena_array(ctx->arena, payments.count, struct bank_result);
    int64_t settled;
    for (size_t i = 0; i < payments.count; i++)
        lines[i] = (struct bank_result){.payment = payments.items[i].id,
                                        .amount_fen = payments.items[i].amount_fen,
                                        .is_paid = true};
    struct bank_file file = {walk->batch, lines, payments.count};
    assert_int_equal(fund_batch_result(ctx, &file, subsidy_settled, &settled), BATCH_RESULT_DONE);
    assert_int_equal(settled, 2);
    return true;
}

/* --- each step, failing later and later */

static bool nothing(struct ctx *ctx, void *argument)
{
    (void)ctx;
    (void)argument;
    return true;
}

static bool recount(struct ctx *ctx, void *argument)
{
    const struct walk *walk = argument;
    assert_int_equal(ledger_recount(ctx, walk->story->metrics).count, 0);
    return true;
}

static enum store_result try_once(struct walk *walk, store_work *step)
{
    struct ctx *ctx = walk->story->ctx;
    struct instant now = ctx->now;
    enum store_result result = store_write(walk->story->house->store, ctx, step, walk);
    ctx->now = now;
    return result;
}

typedef enum store_result failing(struct walk *walk, store_work *step, int64_t n);

static enum store_result with_failing_database(struct walk *walk, store_work *step, int64_t n)
{
    struct store *store = walk->story->house->store;
    store_test_fail_after(store, n);
    enum store_result result = try_once(walk, step);
    store_test_fail_after(store, -1);
    return result;
}

static enum store_result with_ending_memory(struct walk *walk, store_work *step, int64_t n)
{
    struct arena *arena = walk->story->ctx->arena;
    arena_set_limit(arena, arena_used(arena) + (size_t)n * MEMORY_STEP);
    enum store_result result = try_once(walk, step);
    arena_set_limit(arena, MEMORY_ENOUGH);
    return result;
}

static void play(struct walk *walk, store_work *step, failing *fails)
{
    struct story *story = walk->story;
    enum store_result result = STORE_FAILED;
    for (int64_t n = 0; result != STORE_DONE; n++) {
        result = fails(walk, step, n);
        assert_true(result == STORE_DONE || result == STORE_FAILED || result == STORE_MEMORY);
        walk->failures += result != STORE_DONE;
    }
    /* On PostgreSQL the fold that follows a commit may have failed: the next write catches up. */
    assert_int_equal(store_write(story->house->store, story->ctx, nothing, walk), STORE_DONE);
    assert_int_equal(store_read(story->house->store, story->ctx, recount, walk), STORE_DONE);
}

static void play_through(void **state, failing *fails)
{
    struct walk walk = {.story = story_begin(*state)};
    struct story *story = walk.story;
    store_fixture_commit(story->house);
    ledger_start(story->house->store, story->metrics);
    play(&walk, open_class, fails);
    play(&walk, enrol, fails);
    store_fixture_day(story->house, day_plus(story->ctx->today, 7));
    play(&walk, attend, fails);
    store_fixture_day(story->house, day_plus(story->ctx->today, 15));
    play(&walk, finish, fails);
    play(&walk, examine, fails);
    play(&walk, claim, fails);
    play(&walk, review, fails);
    store_fixture_day(story->house, day_plus(story->ctx->today, 20));
    play(&walk, release, fails);
    play(&walk, make_batch, fails);
    play(&walk, settle, fails);
    assert_true(walk.failures > 100);
}

static void a_failing_database_leaves_nothing_half_saved(void **state)
{
    play_through(state, with_failing_database);
}

static void ending_memory_leaves_nothing_half_saved(void **state)
{
    play_through(state, with_ending_memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(a_failing_database_leaves_nothing_half_saved),
        STORE_FIXTURE_TEST(ending_memory_leaves_nothing_half_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
