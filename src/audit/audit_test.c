/* What is kept of deeds, what is not, and what happens when the database cannot follow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "audit/audit_room.h"
#include "audit_sql.h"
#include "registry/registry_fixture.h"
#include "store/store_fixture.h"

#define PACK DIANJI_SOURCE_DIR "/tests/pack/minimal"

/* --- the people of the tests: an officer, who acts, and two residents */

struct scene {
    struct store_fixture *house;
    struct ctx *ctx;
    struct audit *audit;
    person_id one, other;
};

static struct scene begin(void **state)
{
    struct scene scene = {.house = *state};
    struct ctx *ctx = registry_fixture_begin(scene.house, PACK);
    organisation_id office =
        registry_fixture_organisation(ctx, 1, ORGANISATION_KIND_HRSS_DEPARTMENT, FIXTURE_COUNTY);
    scene.one = registry_fixture_person(ctx, 1, "示例一", FIXTURE_COUNTY);
    scene.other = registry_fixture_person(ctx, 3, "示例二", FIXTURE_COUNTY);
    registry_fixture_account(ctx, &(struct fixture_account){.login = "officer",
                                                            .role = ROLE_COUNTY_OFFICER,
                                                            .organisation = office});
    registry_fixture_act(ctx, "officer");
    store_fixture_commit(scene.house);
    scene.ctx = &scene.house->ctx;
    scene.audit = audit_start(
        &(struct audit_options){.store = scene.house->store, .ids = scene.house->ctx.ids},
        scene.house->arena);
    assert_non_null(scene.audit);
    return scene;
}

static struct deed deed_of(enum deed_kind kind, const int64_t *shown, size_t count)
{
    return (struct deed){.kind = kind,
                         .route = "GET /desk/person/:person",
                         .address = "192.0.2.1",
                         .request = "R1",
                         .status = 200,
                         .rows = INT64_MIN,
                         .shows = "person",
                         .shown = shown,
                         .shown_count = count};
}

/* How many lines of this action there are. */
static int64_t count(struct scene *scene, enum audit_action action)
{
    struct ctx *ctx = store_fixture_begin(scene->house);
    int64_t n = sql_audit_entry_count(ctx, &(struct sql_audit_entry_count){.since = INSTANT_NONE,
                                                                           .until = INSTANT_NONE,
                                                                           .action = action,
                                                                           .region_prefix = "",
                                                                           .nowhere = "",
                                                                           .most = 1000});
    store_fixture_rollback(scene->house);
    return n;
}

static int64_t count_about(struct scene *scene, person_id person)
{
    struct ctx *ctx = store_fixture_begin(scene->house);
    int64_t n = sql_audit_entry_count_about(
        ctx, &(struct sql_audit_entry_count_about){.person = person,
                                                   .since = INSTANT_NONE,
                                                   .until = INSTANT_NONE,
                                                   .region_prefix = "",
                                                   .nowhere = "",
                                                   .most = 1000});
    store_fixture_rollback(scene->house);
    return n;
}

static void keeps_whom_a_page_showed(void **state)
{
    struct scene scene = begin(state);
    const int64_t shown[] = {scene.one.v, scene.other.v, scene.one.v};
    struct deed deed = deed_of(DEED_SAW, shown, 3);
    assert_true(audit_witness(scene.ctx, &deed, scene.audit));
    audit_settle(scene.audit);
    assert_int_equal(count(&scene, AUDIT_ACTION_SAW), 1);
    assert_int_equal(count_about(&scene, scene.one), 1);
    assert_int_equal(count_about(&scene, scene.other), 1);
    audit_stop(scene.audit);
}

static void keeps_nothing_of_a_look_at_oneself(void **state)
{
    struct scene scene = begin(state);
    struct actor self = *scene.ctx->actor;
    self.person = scene.one;
    scene.ctx->actor = &self;
    const int64_t shown[] = {scene.one.v};
    struct deed deed = deed_of(DEED_SAW, shown, 1);
    assert_true(audit_witness(scene.ctx, &deed, scene.audit));
    deed.shows = "class"; /* whoever's id that is */
    assert_true(audit_witness(scene.ctx, &deed, scene.audit));
    audit_stop(scene.audit);
    assert_int_equal(count(&scene, AUDIT_ACTION_NONE), 0);
}

static void keeps_who_tried_the_door(void **state)
{
    struct scene scene = begin(state);
    struct deed deed = deed_of(DEED_SIGN_IN, NULL, 0);
    const struct actor *actor = scene.ctx->actor;
    account_id account = actor->account;
    scene.ctx->actor = NULL;
    deed.status = 401;
    deed.subject_kind = "account";
    deed.subject = account.v;
    assert_true(audit_witness(scene.ctx, &deed, scene.audit));
    assert_int_equal(count(&scene, AUDIT_ACTION_SIGN_IN_FAILED), 1);
    deed.status = 303;
    assert_true(audit_witness(scene.ctx, &deed, scene.audit));
    assert_int_equal(count(&scene, AUDIT_ACTION_SIGN_IN_BEGUN), 1);
    scene.ctx->actor = actor;
    assert_true(audit_witness(scene.ctx, &deed, scene.audit));
    assert_int_equal(count(&scene, AUDIT_ACTION_SIGNED_IN), 1);
    audit_stop(scene.audit);
}

/* A change belongs to its transaction: rolled back, it was not done. */
static void keeps_a_change_with_its_transaction(void **state)
{
    struct scene scene = begin(state);
    const struct actor *actor = scene.ctx->actor;
    struct deed deed = deed_of(DEED_CHANGED, NULL, 0);
    deed.is_committed = true;
    deed.subject_kind = "person";
    deed.subject = scene.one.v;
    struct ctx *ctx = store_fixture_begin(scene.house);
    ctx->actor = actor;
    assert_true(audit_witness(ctx, &deed, scene.audit));
    store_fixture_rollback(scene.house);
    assert_int_equal(count(&scene, AUDIT_ACTION_CHANGED), 0);
    ctx = store_fixture_begin(scene.house);
    ctx->actor = actor;
    assert_true(audit_witness(ctx, &deed, scene.audit));
    store_fixture_commit(scene.house);
    assert_int_equal(count(&scene, AUDIT_ACTION_CHANGED), 1);
    assert_int_equal(count_about(&scene, scene.one), 1);
    audit_stop(scene.audit);
}

/* An export that cannot be recorded does not go out; a view is kept until it can be written. */
static void withholds_what_cannot_be_recorded(void **state)
{
    struct scene scene = begin(state);
    const int64_t shown[] = {scene.one.v};
    struct deed export = deed_of(DEED_EXPORTED, NULL, 0), saw = deed_of(DEED_SAW, shown, 1);
    store_test_fail_after(scene.house->store, 0);
    assert_false(audit_witness(scene.ctx, &export, scene.audit));
    assert_true(audit_witness(scene.ctx, &saw, scene.audit));
    store_test_fail_after(scene.house->store, -1);
    assert_true(audit_witness(scene.ctx, &export, scene.audit));
    assert_int_equal(count(&scene, AUDIT_ACTION_EXPORTED), 1);
    audit_settle(scene.audit);
    assert_int_equal(count(&scene, AUDIT_ACTION_SAW), 1);
    audit_stop(scene.audit);
}

static void loses_nothing_at_the_end(void **state)
{
    enum { MANY = 3000 }; /* more than both batches hold */
    struct scene scene = begin(state);
    const int64_t shown[] = {scene.one.v};
    struct deed deed = deed_of(DEED_SAW, shown, 1);
    for (int i = 0; i < MANY; i++)
        assert_true(audit_witness(scene.ctx, &deed, scene.audit));
    audit_stop(scene.audit);
    struct ctx *ctx = store_fixture_begin(scene.house);
    int64_t n =
        sql_audit_entry_count(ctx, &(struct sql_audit_entry_count){.since = INSTANT_NONE,
                                                                   .until = INSTANT_NONE,
                                                                   .action = AUDIT_ACTION_SAW,
                                                                   .region_prefix = FIXTURE_COUNTY,
                                                                   .nowhere = "-",
                                                                   .most = MANY + 1});
    assert_int_equal(n, MANY);
    store_fixture_rollback(scene.house);
}

/* Each kind has a time of its own: the others stay, and whom they are about with them. */
static void erases_what_is_past_its_time(void **state)
{
    struct scene scene = begin(state);
    const int64_t shown[] = {scene.one.v};
    struct deed saw = deed_of(DEED_SAW, shown, 1), refused = deed_of(DEED_REFUSED, NULL, 0);
    struct instant before = {scene.ctx->now.v + 1};
    refused.status = 403;
    assert_true(audit_witness(scene.ctx, &saw, scene.audit));
    assert_true(audit_witness(scene.ctx, &refused, scene.audit));
    audit_stop(scene.audit);
    struct ctx *ctx = store_fixture_begin(scene.house);
    assert_int_equal(audit_past(ctx, AUDIT_KEPT_LOG, scene.ctx->now), 0);
    assert_int_equal(audit_past(ctx, AUDIT_KEPT_LOG, before), 1);
    assert_int_equal(audit_past(ctx, AUDIT_KEPT_CHANGE, before), 0);
    assert_int_equal(audit_erase_past(ctx, AUDIT_KEPT_LOG, before), 1);
    assert_int_equal(audit_erase_past(ctx, AUDIT_KEPT_LOG, before), 0);
    store_fixture_commit(scene.house);
    assert_int_equal(count(&scene, AUDIT_ACTION_REFUSED), 0);
    assert_int_equal(count_about(&scene, scene.one), 1);
    ctx = store_fixture_begin(scene.house);
    assert_int_equal(instant_compare(audit_newest(ctx), scene.ctx->now), 0);
    assert_int_equal(audit_erase_past(ctx, AUDIT_KEPT_VIEW, before), 1);
    assert_true(instant_is_none(audit_newest(ctx)));
    store_fixture_commit(scene.house);
    assert_int_equal(count_about(&scene, scene.one), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(keeps_whom_a_page_showed),
        STORE_FIXTURE_TEST(keeps_nothing_of_a_look_at_oneself),
        STORE_FIXTURE_TEST(keeps_who_tried_the_door),
        STORE_FIXTURE_TEST(keeps_a_change_with_its_transaction),
        STORE_FIXTURE_TEST(withholds_what_cannot_be_recorded),
        STORE_FIXTURE_TEST(loses_nothing_at_the_end),
        STORE_FIXTURE_TEST(erases_what_is_past_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
