/* Corrections: who opens them, who decides them, and what becomes of a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include "ledger/ledger.h"
#include "registry/registry_fixture.h"
#include "registry_sql.h"

#define PACK DIANJI_SOURCE_DIR "/tests/pack/minimal"

/* Two officers and the chief of the person's county, one of another, a school's clerk; and a worker
 * with the number of order 12. */
struct county {
    struct ctx *ctx;
    person_id person;
    const char *number;
};

static struct county begin(void **state)
{
    struct ctx *ctx = registry_fixture_begin(*state, PACK);
    assert_true(day_parse("2021-03-01", &ctx->today)); /* a Monday of the small pack's calendar */
    organisation_id office =
        registry_fixture_organisation(ctx, 1, ORGANISATION_KIND_HRSS_DEPARTMENT, FIXTURE_COUNTY);
    organisation_id other = registry_fixture_organisation(ctx, 2, ORGANISATION_KIND_HRSS_DEPARTMENT,
                                                          FIXTURE_OTHER_COUNTY);
    organisation_id school = registry_fixture_organisation(
        ctx, 3, ORGANISATION_KIND_TRAINING_INSTITUTION, FIXTURE_COUNTY);
    const struct fixture_account accounts[] = {
        {.login = "officer",
         .role = ROLE_COUNTY_OFFICER,
         .organisation = office,
         .region = FIXTURE_COUNTY},
        {.login = "chief",
         .role = ROLE_COUNTY_CHIEF,
         .organisation = office,
         .region = FIXTURE_COUNTY},
        {.login = "elsewhere",
         .role = ROLE_COUNTY_OFFICER,
         .organisation = other,
         .region = FIXTURE_OTHER_COUNTY},
        {.login = "school",
         .role = ROLE_INSTITUTION_CLERK,
         .organisation = school,
         .region = FIXTURE_COUNTY},
    };
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++)
        registry_fixture_account(ctx, &accounts[i]);
    struct county county = {.ctx = ctx,
                            .person = registry_fixture_person(ctx, 12, "张三", FIXTURE_COUNTY),
                            .number = registry_fixture_number(ctx, "19900307", 12)};
    registry_fixture_account(ctx, &(struct fixture_account){.login = "worker",
                                                            .role = ROLE_WORKER,
                                                            .region = FIXTURE_COUNTY,
                                                            .person = county.person});
    return county;
}

static enum correction_open open_as(const struct county *county, const char *login,
                                    const char *told_name, name_correction_id *ret)
{
    bool is_worker = strcmp(login, "worker") == 0;
    struct correction_opening opening = {.person = county->person,
                                         .told_name = told_name,
                                         .origin = is_worker ? CORRECTION_ORIGIN_WORKER
                                                             : CORRECTION_ORIGIN_ROSTER,
                                         .reason = "电工班 · 名单.xlsx · 5",
                                         .region = FIXTURE_COUNTY};
    registry_fixture_act(county->ctx, login);
    return registry_correction_open(county->ctx, &opening, ret);
}

static struct name_correction correction_of(const struct county *county, name_correction_id id)
{
    struct name_correction correction;
    assert_true(registry_correction(county->ctx, id, &correction));
    return correction;
}

static enum correction_decide decide_as(const struct county *county, const char *login,
                                        name_correction_id id, enum correction_verdict verdict)
{
    struct correction_decision decision = {.id = id,
                                           .person_version =
                                               correction_of(county, id).person_version,
                                           .verdict = verdict,
                                           .answer = "已核对身份证原件"};
    registry_fixture_act(county->ctx, login);
    return registry_correction_decide(county->ctx, &decision);
}

static enum person_register register_as(const struct county *county, const char *name)
{
    person_id id;
    enum person_register answer = registry_person_register(
        county->ctx, &(struct person_args){.identity_no = county->number, .name = name}, &id);
    assert_int_equal(id.v, county->person.v);
    return answer;
}

static const char *name_of(const struct county *county)
{
    struct person person;
    assert_true(registry_person(county->ctx, county->person, &person));
    return person.name;
}

static bool has_trace(struct ctx *ctx, const char *kind, int64_t id, const char *action,
                      const char *note)
{
    struct trace_entry_list traces = ledger_traces(ctx, kind, id);
    for (size_t i = 0; i < traces.count; i++)
        if (strcmp(traces.items[i].action, action) == 0 &&
            (note == NULL || strcmp(traces.items[i].note, note) == 0))
            return true;
    return false;
}

/* --- opening */

static void a_case_has_an_owner_and_a_clock(void **state)
{
    struct county county = begin(state);
    name_correction_id id;
    assert_int_equal(open_as(&county, "school", "张　珊", &id), CORRECTION_OPEN_DONE);
    struct name_correction correction = correction_of(&county, id);
    assert_string_equal(correction.told_name, "张珊");
    assert_string_equal(correction.known_name, "张三");
    assert_string_equal(correction.region, FIXTURE_COUNTY);
    assert_string_equal(correction.organisation_name, "第3示例单位");
    assert_int_equal(correction.state, CORRECTION_STATE_OPEN);
    /* Five working days after a Monday. */
    assert_string_equal(day_text(county.ctx->arena, correction.due_on), "2021-03-08");
    assert_true(has_trace(county.ctx, "name_correction", id.v, "correction_open", NULL));
    assert_string_equal(name_of(&county), "张三");
    assert_int_equal(register_as(&county, "张珊"), PERSON_REGISTER_NAME_DIFFERS);
    assert_false(registry__correction_is_overdue(county.ctx, &correction));
    county.ctx->today = day_plus(correction.due_on, 1);
    assert_true(registry__correction_is_overdue(county.ctx, &correction));
}

static void a_told_name_has_one_open_case(void **state)
{
    struct county county = begin(state);
    name_correction_id first, again, other;
    assert_int_equal(open_as(&county, "school", "张珊", &first), CORRECTION_OPEN_DONE);
    assert_int_equal(open_as(&county, "school", "张 珊", &again), CORRECTION_OPEN_ALREADY);
    assert_int_equal(again.v, first.v);
    assert_int_equal(open_as(&county, "worker", "张珊", &again), CORRECTION_OPEN_ALREADY);
    assert_int_equal(again.v, first.v);
    assert_int_equal(open_as(&county, "school", "章三", &other), CORRECTION_OPEN_DONE);
    assert_int_not_equal(other.v, first.v);
}

static void what_is_no_case_is_refused(void **state)
{
    struct county county = begin(state);
    name_correction_id id;
    assert_int_equal(open_as(&county, "school", "张\xf3\xa0\x84\x81三", &id),
                     CORRECTION_OPEN_SAME_NAME);
    assert_int_equal(open_as(&county, "school", "测试", &id), CORRECTION_OPEN_NAME_INVALID);
    assert_int_equal(open_as(&county, "school", "张3", &id), CORRECTION_OPEN_NAME_INVALID);
    assert_int_equal(id.v, 0);
    struct correction_opening opening = {
        .person = county.person, .told_name = "张珊", .origin = CORRECTION_ORIGIN_FORM};
    assert_int_equal(registry_correction_open(county.ctx, &opening, &id),
                     CORRECTION_OPEN_REASON_MISSING);
    opening.reason = "证件上是这个名字";
    opening.person = (person_id){county.person.v + 1};
    assert_int_equal(registry_correction_open(county.ctx, &opening, &id),
                     CORRECTION_OPEN_NOT_FOUND);
    opening.person = county.person;
    assert_true(day_parse("2099-12-31", &county.ctx->today));
    assert_int_equal(registry_correction_open(county.ctx, &opening, &id),
                     CORRECTION_OPEN_BEYOND_CALENDAR);
}

static void a_worker_asks_for_the_own_name_one_at_a_time(void **state)
{
    struct county county = begin(state);
    struct ctx *ctx = county.ctx;
    name_correction_id id, second;
    person_id stranger = registry_fixture_person(ctx, 14, "李四", FIXTURE_COUNTY);
    assert_int_equal(open_as(&county, "worker", "张珊", &id), CORRECTION_OPEN_DONE);
    assert_int_equal(open_as(&county, "worker", "章三", &second), CORRECTION_OPEN_ANOTHER_OPEN);
    struct correction_opening opening = {.person = stranger,
                                         .told_name = "李肆",
                                         .origin = CORRECTION_ORIGIN_WORKER,
                                         .reason = "我说的"};
    assert_int_equal(registry_correction_open(ctx, &opening, &second), CORRECTION_OPEN_NOT_FOUND);
    assert_int_equal(registry_correction_withdraw(ctx, id), CORRECTION_WITHDRAW_DONE);
    assert_int_equal(registry_correction_withdraw(ctx, id), CORRECTION_WITHDRAW_SETTLED);
    assert_int_equal(correction_of(&county, id).state, CORRECTION_STATE_WITHDRAWN);
    assert_true(has_trace(ctx, "name_correction", id.v, "correction_withdraw", NULL));
    assert_int_equal(decide_as(&county, "officer", id, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_SETTLED);
    assert_int_equal(open_as(&county, "worker", "张珊", &second), CORRECTION_OPEN_DONE);
}

static void only_who_asked_withdraws(void **state)
{
    struct county county = begin(state);
    name_correction_id id;
    assert_int_equal(open_as(&county, "school", "张珊", &id), CORRECTION_OPEN_DONE);
    registry_fixture_act(county.ctx, "worker");
    assert_int_equal(registry_correction_withdraw(county.ctx, id), CORRECTION_WITHDRAW_NOT_FOUND);
    registry_fixture_act(county.ctx, "school");
    assert_int_equal(registry_correction_withdraw(county.ctx, id), CORRECTION_WITHDRAW_NOT_FOUND);
    assert_int_equal(
        registry_correction_withdraw(county.ctx, (name_correction_id){county.person.v}),
        CORRECTION_WITHDRAW_NOT_FOUND);
}

/* --- deciding */

static void a_new_name_keeps_the_old_one(void **state)
{
    struct county county = begin(state);
    struct ctx *ctx = county.ctx;
    name_correction_id id, back;
    assert_int_equal(open_as(&county, "worker", "张珊", &id), CORRECTION_OPEN_DONE);
    assert_int_equal(decide_as(&county, "officer", id, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_DONE);
    assert_string_equal(name_of(&county), "张珊");
    struct person_other_name_list names = registry_names_of(ctx, county.person);
    assert_int_equal(names.count, 1);
    assert_string_equal(names.items[0].name, "张三");
    assert_int_equal(names.items[0].kind, PERSON_NAME_KIND_FORMER);
    struct name_correction correction = correction_of(&county, id);
    assert_int_equal(correction.state, CORRECTION_STATE_NEW_NAME);
    assert_string_equal(correction.known_name, "张三");
    assert_true(has_trace(ctx, "person", county.person.v, "correction_new_name", "张三 → 张珊"));
    assert_true(has_trace(ctx, "name_correction", id.v, "correction_new_name", NULL));
    /* Both names are the person's now. */
    assert_int_equal(register_as(&county, "张珊"), PERSON_REGISTER_KNOWN);
    assert_int_equal(register_as(&county, "张三"), PERSON_REGISTER_KNOWN);
    assert_int_equal(register_as(&county, "章三"), PERSON_REGISTER_NAME_DIFFERS);
    assert_int_equal(open_as(&county, "school", "张三", &back), CORRECTION_OPEN_SAME_NAME);
    /* Back again: what is registered is no former name any more. */
    assert_int_equal(open_as(&county, "worker", "张三", &back), CORRECTION_OPEN_DONE);
    assert_int_equal(decide_as(&county, "chief", back, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_DONE);
    assert_string_equal(name_of(&county), "张三");
    names = registry_names_of(ctx, county.person);
    assert_int_equal(names.count, 1);
    assert_string_equal(names.items[0].name, "张珊");
}

static void a_declared_spelling_counts_as_the_same(void **state)
{
    struct county county = begin(state);
    struct ctx *ctx = county.ctx;
    name_correction_id variant, alias;
    assert_int_equal(open_as(&county, "school", "張三", &variant), CORRECTION_OPEN_DONE);
    assert_int_equal(open_as(&county, "school", "ZHANG SAN", &alias), CORRECTION_OPEN_DONE);
    assert_int_equal(decide_as(&county, "officer", variant, CORRECTION_VERDICT_VARIANT),
                     CORRECTION_DECIDE_DONE);
    assert_int_equal(decide_as(&county, "officer", alias, CORRECTION_VERDICT_BANK_ALIAS),
                     CORRECTION_DECIDE_DONE);
    assert_string_equal(name_of(&county), "张三");
    assert_int_equal(correction_of(&county, variant).state, CORRECTION_STATE_VARIANT);
    assert_int_equal(correction_of(&county, alias).state, CORRECTION_STATE_BANK_ALIAS);
    assert_int_equal(register_as(&county, "張 三"), PERSON_REGISTER_KNOWN);
    assert_int_equal(register_as(&county, "Zhang  San"), PERSON_REGISTER_KNOWN);
    struct person_found found[3];
    const struct person_asked asked[] = {
        {county.number, "張三"}, {county.number, "ZHANG SAN"}, {county.number, "李四"}};
    registry_people_find(ctx, asked, 3, found);
    assert_false(found[0].name_differs);
    assert_false(found[1].name_differs);
    assert_true(found[2].name_differs);
    assert_true(has_trace(ctx, "person", county.person.v, "correction_variant", "张三 → 張三"));
    /* A spelling of one is nobody else's. */
    const char *other = registry_fixture_number(ctx, "19900307", 14);
    registry_fixture_person(ctx, 14, "李四", FIXTURE_COUNTY);
    registry_people_find(ctx, &(struct person_asked){other, "張三"}, 1, found);
    assert_true(found[0].name_differs);
}

static void a_refusal_says_why_and_holds(void **state)
{
    struct county county = begin(state);
    name_correction_id id, again;
    assert_int_equal(open_as(&county, "school", "张珊", &id), CORRECTION_OPEN_DONE);
    registry_fixture_act(county.ctx, "officer");
    struct correction_decision decision = {.id = id};
    assert_int_equal(registry_correction_decide(county.ctx, &decision),
                     CORRECTION_DECIDE_VERDICT_MISSING);
    decision.verdict = CORRECTION_VERDICT_REFUSE;
    assert_int_equal(registry_correction_decide(county.ctx, &decision),
                     CORRECTION_DECIDE_ANSWER_MISSING);
    assert_int_equal(correction_of(&county, id).state, CORRECTION_STATE_OPEN);
    assert_int_equal(decide_as(&county, "officer", id, CORRECTION_VERDICT_REFUSE),
                     CORRECTION_DECIDE_DONE);
    assert_int_equal(decide_as(&county, "chief", id, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_SETTLED);
    assert_string_equal(name_of(&county), "张三");
    assert_int_equal(registry_names_of(county.ctx, county.person).count, 0);
    assert_string_equal(correction_of(&county, id).answer, "已核对身份证原件");
    assert_int_equal(open_as(&county, "school", "张珊", &again), CORRECTION_OPEN_REFUSED_BEFORE);
    assert_int_equal(open_as(&county, "worker", "张珊", &again), CORRECTION_OPEN_DONE);
}

static void nobody_decides_an_own_case(void **state)
{
    struct county county = begin(state);
    struct ctx *ctx = county.ctx;
    name_correction_id id, own;
    assert_int_equal(open_as(&county, "officer", "张珊", &id), CORRECTION_OPEN_DONE);
    assert_int_equal(registry_corrections_waiting(ctx), 0);
    assert_int_equal(decide_as(&county, "officer", id, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_OWN_CASE);
    struct name_correction correction = correction_of(&county, id);
    assert_false(registry__actor_may_decide(ctx, &correction));
    /* The statement itself keeps them out. */
    assert_int_equal(
        sql_name_correction_decide_step(
            ctx, &(struct sql_name_correction_decide_step){.id = id,
                                                           .decided_by = ctx->actor->account,
                                                           .next = CORRECTION_STATE_VARIANT,
                                                           .known_name = "张三",
                                                           .decided_at = ctx->now}),
        0);
    registry_fixture_act(ctx, "chief");
    assert_int_equal(registry_corrections_waiting(ctx), 1);
    assert_true(registry__actor_may_decide(ctx, &correction));
    /* An officer who is the person. */
    person_id officer = registry_fixture_person(ctx, 15, "王五", FIXTURE_COUNTY);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    registry_fixture_account(
        ctx,
        &(struct fixture_account){.login = "officer2",
                                  .role = ROLE_COUNTY_OFFICER,
                                  .organisation = registry_fixture_organisation(
                                      ctx, 4, ORGANISATION_KIND_HRSS_DEPARTMENT, FIXTURE_COUNTY),
                                  .region = FIXTURE_COUNTY,
                                  .person = officer});
    struct county theirs = {ctx, officer, NULL};
    assert_int_equal(open_as(&theirs, "school", "王伍", &own), CORRECTION_OPEN_DONE);
    assert_int_equal(decide_as(&theirs, "officer2", own, CORRECTION_VERDICT_VARIANT),
                     CORRECTION_DECIDE_OWN_CASE);
    assert_int_equal(decide_as(&theirs, "officer", own, CORRECTION_VERDICT_VARIANT),
                     CORRECTION_DECIDE_DONE);
}

static void the_persons_county_decides(void **state)
{
    struct county county = begin(state);
    struct ctx *ctx = county.ctx;
    name_correction_id id, unknown;
    assert_int_equal(open_as(&county, "school", "张珊", &id), CORRECTION_OPEN_DONE);
    registry_fixture_act(ctx, "elsewhere");
    assert_int_equal(registry_corrections_waiting(ctx), 0);
    assert_int_equal(decide_as(&county, "elsewhere", id, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_NOT_YOUR_REGION);
    assert_int_equal(decide_as(&county, "school", id, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_NOT_YOUR_REGION);
    assert_int_equal(decide_as(&county, "worker", id, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_NOT_YOUR_REGION);
    /* Whoever moves takes the case along. */
    struct person person;
    registry_fixture_act(ctx, "officer");
    assert_true(registry_person(ctx, county.person, &person));
    struct person_amendment move = {
        .person = person.id, .version = person.version, .region = FIXTURE_OTHER_COUNTY};
    assert_int_equal(registry_person_amend(ctx, &move), PERSON_AMEND_DONE);
    assert_int_equal(decide_as(&county, "officer", id, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_NOT_YOUR_REGION);
    assert_int_equal(decide_as(&county, "elsewhere", id, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_DONE);
    /* Nobody knows where the person lives: the region where it came up. */
    struct county nowhere = {.ctx = ctx, .person = registry_fixture_person(ctx, 16, "赵六", NULL)};
    assert_int_equal(open_as(&nowhere, "school", "赵陆", &unknown), CORRECTION_OPEN_DONE);
    assert_string_equal(correction_of(&nowhere, unknown).region, FIXTURE_COUNTY);
    registry_fixture_act(ctx, "chief");
    assert_int_equal(registry_corrections_waiting(ctx), 1);
}

static void what_changed_meanwhile_is_looked_at_again(void **state)
{
    struct county county = begin(state);
    name_correction_id first, second;
    assert_int_equal(open_as(&county, "school", "张珊", &first), CORRECTION_OPEN_DONE);
    assert_int_equal(open_as(&county, "school", "章三", &second), CORRECTION_OPEN_DONE);
    struct correction_decision late = {.id = second,
                                       .person_version =
                                           correction_of(&county, second).person_version,
                                       .verdict = CORRECTION_VERDICT_NEW_NAME};
    assert_int_equal(decide_as(&county, "officer", first, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_DONE);
    assert_int_equal(registry_correction_decide(county.ctx, &late), CORRECTION_DECIDE_STALE);
    assert_string_equal(name_of(&county), "张珊");
    assert_int_equal(correction_of(&county, second).state, CORRECTION_STATE_OPEN);
    late.id = (name_correction_id){county.person.v};
    assert_int_equal(registry_correction_decide(county.ctx, &late), CORRECTION_DECIDE_NOT_FOUND);
}

static void the_account_and_the_search_follow_the_name(void **state)
{
    const char *code;
    struct county county = begin(state);
    struct ctx *ctx = county.ctx;
    name_correction_id id;
    person_id person = registry_fixture_person(ctx, 18, "钱七七", FIXTURE_COUNTY);
    registry_fixture_act(ctx, "officer");
    assert_int_equal(registry_worker_account_open(ctx, person, &code), WORKER_ACCOUNT_OPEN_DONE);
    struct county theirs = {ctx, person, registry_fixture_number(ctx, "19900307", 18)};
    assert_int_equal(open_as(&theirs, "school", "钱柒柒", &id), CORRECTION_OPEN_DONE);
    assert_int_equal(decide_as(&theirs, "officer", id, CORRECTION_VERDICT_NEW_NAME),
                     CORRECTION_DECIDE_DONE);
    struct account account;
    assert_true(registry__account_find(ctx, theirs.number, &account));
    assert_string_equal(account.name, "钱柒柒");
    static const struct sql_people_of_name searches[] = {
        {.head = "钱七", .beginning = "钱七七", .region_prefix = "53", .most = 5},
        {.head = "钱柒", .beginning = "钱柒", .region_prefix = "53", .most = 5}};
    for (size_t i = 0; i < 2; i++) {
        struct person_list found = sql_people_of_name(ctx, &searches[i]);
        assert_int_equal(found.count, 1);
        assert_int_equal(found.items[0].id.v, person.v);
    }
}

/* --- at once */

struct rival {
    struct store *store;
    const struct ctx *of; /* whose time, pack, keys and actor they share */
    struct correction_opening opening;
    struct correction_decision decision; /* id 0: opens */
    name_correction_id id;
    enum correction_open opened;
    enum correction_decide decided;
};

static bool act_as_rival(struct ctx *ctx, void *argument)
{
    struct rival *rival = argument;
    if (rival->decision.id.v == 0) {
        rival->opened = registry_correction_open(ctx, &rival->opening, &rival->id);
        return rival->opened <= CORRECTION_OPEN_ALREADY;
    }
    rival->decided = registry_correction_decide(ctx, &rival->decision);
    return rival->decided == CORRECTION_DECIDE_DONE;
}

static void *race(void *argument)
{
    struct rival *rival = argument;
    struct ctx ctx = *rival->of;
    ctx.arena = arena_new((size_t)16 << 20);
    store_write(rival->store, &ctx, act_as_rival, rival);
    arena_free(ctx.arena);
    return NULL;
}

enum { RIVALS = 6 };

static void run_race(struct rival *rivals)
{
    pthread_t threads[RIVALS];
    for (int i = 0; i < RIVALS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, race, &rivals[i]), 0);
    for (int i = 0; i < RIVALS; i++)
        pthread_join(threads[i], NULL);
}

static void of_many_at_once_one_opens_and_one_decides(void **state)
{
    struct store_fixture *house = *state;
    struct county county = begin(state);
    struct rival rivals[RIVALS];
    int opened = 0, decided = 0;
    struct ctx shared = *county.ctx;
    shared.db = NULL;
    registry_fixture_act(county.ctx, "school");
    shared.actor = county.ctx->actor;
    store_fixture_commit(house);
    for (int i = 0; i < RIVALS; i++)
        rivals[i] = (struct rival){.store = house->store,
                                   .of = &shared,
                                   .opening = {.person = county.person,
                                               .told_name = "张珊",
                                               .origin = CORRECTION_ORIGIN_ROSTER,
                                               .reason = "名单",
                                               .region = FIXTURE_COUNTY}};
    run_race(rivals);
    for (int i = 0; i < RIVALS; i++) {
        opened += rivals[i].opened == CORRECTION_OPEN_DONE;
        assert_int_equal(rivals[i].id.v, rivals[0].id.v);
    }
    assert_int_equal(opened, 1);
    store_fixture_begin(house);
    registry_fixture_act(&house->ctx, "officer");
    shared.actor = house->ctx.actor;
    store_fixture_commit(house);
    for (int i = 0; i < RIVALS; i++)
        rivals[i].decision = (struct correction_decision){
            .id = rivals[0].id,
            .person_version = 1,
            .verdict = i % 2 == 0 ? CORRECTION_VERDICT_NEW_NAME : CORRECTION_VERDICT_VARIANT};
    run_race(rivals);
    for (int i = 0; i < RIVALS; i++) {
        decided += rivals[i].decided == CORRECTION_DECIDE_DONE;
        assert_true(rivals[i].decided == CORRECTION_DECIDE_DONE ||
                    rivals[i].decided == CORRECTION_DECIDE_SETTLED);
    }
    assert_int_equal(decided, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(a_case_has_an_owner_and_a_clock),
        STORE_FIXTURE_TEST(a_told_name_has_one_open_case),
        STORE_FIXTURE_TEST(what_is_no_case_is_refused),
        STORE_FIXTURE_TEST(a_worker_asks_for_the_own_name_one_at_a_time),
        STORE_FIXTURE_TEST(only_who_asked_withdraws),
        STORE_FIXTURE_TEST(a_new_name_keeps_the_old_one),
        STORE_FIXTURE_TEST(a_declared_spelling_counts_as_the_same),
        STORE_FIXTURE_TEST(a_refusal_says_why_and_holds),
        STORE_FIXTURE_TEST(nobody_decides_an_own_case),
        STORE_FIXTURE_TEST(the_persons_county_decides),
        STORE_FIXTURE_TEST(what_changed_meanwhile_is_looked_at_again),
        STORE_FIXTURE_TEST(the_account_and_the_search_follow_the_name),
        STORE_FIXTURE_TEST(of_many_at_once_one_opens_and_one_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
