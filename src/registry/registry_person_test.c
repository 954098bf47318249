/* People: who is registered, under which number, and who may change what of them. */
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

static struct ctx *begin(void **state)
{
    return registry_fixture_begin(*state, PACK);
}

static enum person_register register_as(struct ctx *ctx, const char *number, const char *name,
                                        person_id *ret)
{
    return registry_person_register(ctx, &(struct person_args){.identity_no = number, .name = name},
                                    ret);
}

static struct person person_of(struct ctx *ctx, person_id id)
{
    struct person person;
    assert_true(registry_person(ctx, id, &person));
    return person;
}

/* --- registering */

static void a_resident_is_registered_with_what_the_number_tells(void **state)
{
    struct ctx *ctx = begin(state);
    person_id id;
    const char *number = registry_fixture_number(ctx, "19900307", 12);
    struct person_args args = {.identity_no = number,
                               .name = "张 三",
                               .sex = SEX_FEMALE,
                               .ethnic_group = "07",
                               .education = "70",
                               .phone = "13908710000",
                               .region = FIXTURE_COUNTY,
                               .bank_account = "6222020000000001",
                               .bank_name = "示例银行",
                               .tags = "|retired_fisher|"};
    assert_int_equal(registry_person_register(ctx, &args, &id), PERSON_REGISTER_DONE);
    struct person person = person_of(ctx, id);
    assert_string_equal(person.identity_no, number);
    assert_string_equal(person.name, "张三");
    assert_string_equal(person.sex, "female");
    assert_string_equal(day_text(ctx->arena, person.born_on), "1990-03-07");
    assert_int_equal(person.document_kind, DOCUMENT_KIND_RESIDENT_IDENTITY);
    assert_string_equal(person.ethnic_group, "07");
    assert_string_equal(person.education, "70");
    assert_string_equal(person.tags, "|retired_fisher|");
    assert_int_equal(person.version, 1);
}

static void a_number_is_one_person_in_any_spelling(void **state)
{
    struct ctx *ctx = begin(state);
    person_id first, again;
    assert_int_equal(register_as(ctx, "53010219491231082X", "李四", &first), PERSON_REGISTER_DONE);
    static const char *const spellings[] = {"53010219491231082x", " 530102 19491231 082X",
                                            "５３０１０２１９４９１２３１０８２Ｘ"};
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        assert_int_equal(register_as(ctx, spellings[i], "李四", &again), PERSON_REGISTER_KNOWN);
        assert_int_equal(again.v, first.v);
    }
    struct person person;
    assert_true(registry_person_by_number(ctx, "53010219491231082x", &person));
    assert_int_equal(person.id.v, first.v);
    assert_int_equal(person.version, 1); /* nothing new was told */
}

static void an_old_number_and_its_new_one_are_one_person(void **state)
{
    struct ctx *ctx = begin(state);
    person_id old, new;
    struct person person;
    assert_int_equal(register_as(ctx, "530102491231082", "王五", &old), PERSON_REGISTER_DONE);
    person = person_of(ctx, old);
    assert_int_equal(person.document_kind, DOCUMENT_KIND_RESIDENT_IDENTITY_15);
    assert_string_equal(person.sex, "female");
    assert_true(registry_person_by_number(ctx, "53010219491231082X", &person));
    assert_int_equal(person.id.v, old.v);
    assert_int_equal(register_as(ctx, "53010219491231082X", "王五", &new), PERSON_REGISTER_KNOWN);
    assert_int_equal(new.v, old.v);
    person = person_of(ctx, old);
    assert_int_equal(person.document_kind, DOCUMENT_KIND_RESIDENT_IDENTITY);
    assert_string_equal(person.identity_no, "53010219491231082X");
    /* The old card shown once more changes nothing. */
    assert_int_equal(register_as(ctx, "530102491231082", "王五", &new), PERSON_REGISTER_KNOWN);
    assert_string_equal(person_of(ctx, old).identity_no, "53010219491231082X");
}

static void foreign_documents_are_kinds_of_their_own(void **state)
{
    struct ctx *ctx = begin(state);
    person_id passport, permit;
    struct person_args args = {
        .document_kind = DOCUMENT_KIND_PASSPORT, .identity_no = "H12345678", .name = "JOHN SAMPLE"};
    struct day birthday;
    assert_true(day_parse("1985-05-05", &birthday));
    args.sex = SEX_MALE;
    args.born_on = &birthday;
    assert_int_equal(registry_person_register(ctx, &args, &passport), PERSON_REGISTER_DONE);
    struct person person = person_of(ctx, passport);
    assert_string_equal(person.sex, "male");
    assert_int_equal(day_compare(person.born_on, birthday), 0);
    /* The same characters on another kind of document are another person. */
    args = (struct person_args){.document_kind = DOCUMENT_KIND_HONG_KONG_MACAO_PERMIT,
                                .identity_no = "H12345678",
                                .name = "陈示例"};
    assert_int_equal(registry_person_register(ctx, &args, &permit), PERSON_REGISTER_DONE);
    assert_int_not_equal(permit.v, passport.v);
    assert_null(person_of(ctx, permit).sex);
}

static void what_contradicts_the_number_is_refused(void **state)
{
    struct ctx *ctx = begin(state);
    person_id id;
    struct day birthday;
    assert_true(day_parse("1990-03-08", &birthday));
    const char *number = registry_fixture_number(ctx, "19900307", 12);
    struct person_args args = {.identity_no = number, .name = "张三", .sex = SEX_MALE};
    assert_int_equal(registry_person_register(ctx, &args, &id), PERSON_REGISTER_SEX_DIFFERS);
    args = (struct person_args){.identity_no = number, .name = "张三", .born_on = &birthday};
    assert_int_equal(registry_person_register(ctx, &args, &id), PERSON_REGISTER_BIRTH_DATE_DIFFERS);
    birthday = day_plus(birthday, -1);
    assert_int_equal(registry_person_register(ctx, &args, &id), PERSON_REGISTER_DONE);
}

static void what_is_no_number_or_name_is_refused(void **state)
{
    static const char *const numbers[] = {"",
                                          "530102199003070121", /* its last digit does not fit */
                                          "53010219900230012X",
                                          "5.30102E+17",
                                          "530102199003072000",
                                          "5301021990030712",
                                          "5301**********0016",
                                          "' OR 1=1 --"};
    static const char *const names[] = {"", "测试", "张*", "张3", "暂无", "<b>张三</b>"};
    struct ctx *ctx = begin(state);
    person_id id;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_int_equal(register_as(ctx, numbers[i], "张三", &id), PERSON_REGISTER_NUMBER_INVALID);
        assert_int_equal(id.v, 0);
    }
    const char *number = registry_fixture_number(ctx, "19900307", 12);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(register_as(ctx, number, names[i], &id), PERSON_REGISTER_NAME_INVALID);
    struct person person;
    assert_false(registry_person_by_number(ctx, number, &person));
}

static void another_name_under_a_known_number_changes_nothing(void **state)
{
    struct ctx *ctx = begin(state);
    person_id first, second;
    const char *number = registry_fixture_number(ctx, "19900307", 12);
    assert_int_equal(register_as(ctx, number, "张三", &first), PERSON_REGISTER_DONE);
    struct person_args args = {
        .identity_no = number, .name = "李四", .phone = "13908710001", .tags = "|x|"};
    assert_int_equal(registry_person_register(ctx, &args, &second), PERSON_REGISTER_NAME_DIFFERS);
    assert_int_equal(second.v, first.v); /* so that the clerk can be told whose it is */
    struct person person = person_of(ctx, first);
    assert_string_equal(person.name, "张三");
    assert_null(person.phone);
    assert_string_equal(person.tags, "|");
}

static void names_are_compared_as_they_are_meant(void **state)
{
    struct ctx *ctx = begin(state);
    assert_true(registry_same_name(ctx, "阿依努尔·买买提", "阿依努尔•买买提"));
    assert_true(registry_same_name(ctx, "阿依努尔·买买提", "阿依努尔．买买提"));
    assert_true(registry_same_name(ctx, "张　三", "张三"));
    assert_true(registry_same_name(ctx, "John Sample", "JOHN  SAMPLE"));
    assert_false(registry_same_name(ctx, "阿依努尔·买买提", "阿依努尔买买提"));
    assert_false(registry_same_name(ctx, "张三", "张"));
    assert_false(registry_same_name(ctx, "张三", "张叁"));
    assert_true(registry_same_name(ctx, "𠮷三", "𠮷三")); /* beyond the common plane */
    assert_false(registry_same_name(ctx, "𠮷三", "吉三"));
}

static void news_refresh_and_silence_keeps(void **state)
{
    struct ctx *ctx = begin(state);
    person_id id;
    const char *number = registry_fixture_number(ctx, "19900307", 12);
    struct person_args args = {.identity_no = number,
                               .name = "张三",
                               .phone = "13908710000",
                               .bank_account = "6222020000000001",
                               .tags = "|a|"};
    assert_int_equal(registry_person_register(ctx, &args, &id), PERSON_REGISTER_DONE);
    args = (struct person_args){
        .identity_no = number, .name = "张三", .bank_account = "6217000000000002", .tags = "|b|"};
    assert_int_equal(registry_person_register(ctx, &args, &id), PERSON_REGISTER_KNOWN);
    struct person person = person_of(ctx, id);
    assert_string_equal(person.phone, "13908710000");
    assert_string_equal(person.bank_account, "6217000000000002");
    assert_string_equal(person.tags, "|a|b|");
    assert_int_equal(person.version, 2);
    struct trace_entry_list traces = ledger_traces(ctx, "person", id.v);
    assert_int_equal(traces.count, 1);
    assert_string_equal(traces.items[0].action, "bank_account_change");
    assert_null(strstr(traces.items[0].note, "6217000000000002"));
}

static void tags_are_joined_once(void **state)
{
    struct ctx *ctx = begin(state);
    assert_string_equal(registry_join_tags(ctx, "|a|b|", "|b|c|"), "|a|b|c|");
    assert_string_equal(registry_join_tags(ctx, "|", "|"), "|");
    assert_string_equal(registry_join_tags(ctx, "", "|a|"), "|a|");
}

static void a_teacher_is_found_or_registered(void **state)
{
    struct ctx *ctx = begin(state);
    person_id first, again;
    const char *number = registry_fixture_number(ctx, "19800101", 3);
    assert_true(registry_teacher(ctx, number, "赵示例", &first));
    assert_true(registry_teacher(ctx, number, "赵示例", &again));
    assert_int_equal(first.v, again.v);
    assert_false(registry_teacher(ctx, number, "钱示例", &again));
}

static void a_shared_bank_account_is_seen(void **state)
{
    struct ctx *ctx = begin(state);
    person_id ids[2];
    for (int i = 0; i < 2; i++) {
        struct person_args args = {.identity_no = registry_fixture_number(ctx, "19900307", i),
                                   .name = "张三",
                                   .bank_account = "6222020000000001"};
        assert_int_equal(registry_person_register(ctx, &args, &ids[i]), PERSON_REGISTER_DONE);
    }
    assert_int_equal(registry_others_of_bank_account(ctx, "6222020000000001", ids[0]), 1);
    assert_int_equal(registry_others_of_bank_account(ctx, "6222020000000009", ids[0]), 0);
}

/* --- many at once */

static void many_are_found_at_once(void **state)
{
    enum { ASKED = 700, REGISTERED = 300 };
    struct ctx *ctx = begin(state);
    person_id ids[REGISTERED];
    for (int i = 0; i < REGISTERED; i++)
        ids[i] = registry_fixture_person(ctx, i, i % 2 == 0 ? "张三" : "李四", FIXTURE_COUNTY);
    static struct person_asked asked[ASKED]; /* allowed: too many for the stack */
    static struct person_found found[ASKED]; /* allowed: as well */
    for (int i = 0; i < ASKED; i++)
        asked[i] = (struct person_asked){
            i % 7 == 6 ? "no number" : registry_fixture_number(ctx, "19900307", i), "张三"};
    asked[3].name = NULL;
    registry_people_find(ctx, asked, ASKED, found);
    for (int i = 0; i < ASKED; i++) {
        bool is_known = i < REGISTERED && i % 7 != 6;
        assert_int_equal(found[i].id.v, is_known ? ids[i].v : 0);
        assert_int_equal(found[i].name_differs, is_known && i % 2 == 1 && i != 3);
        assert_int_equal(found[i].name != NULL, is_known);
    }
    registry_people_find(ctx, asked, 0, found); /* none asked, none written */
    assert_int_equal(found[0].id.v, ids[0].v);
}

/* The same number twice in a file: each line finds the person. */
static void a_number_asked_twice_is_found_twice(void **state)
{
    struct ctx *ctx = begin(state);
    person_id id = registry_fixture_person(ctx, 5, "张三", FIXTURE_COUNTY);
    const char *number = registry_fixture_number(ctx, "19900307", 5);
    struct person_asked asked[] = {{number, "张三"}, {number, "李四"}};
    struct person_found found[2];
    registry_people_find(ctx, asked, 2, found);
    assert_int_equal(found[0].id.v, id.v);
    assert_int_equal(found[1].id.v, id.v);
    assert_false(found[0].name_differs);
    assert_true(found[1].name_differs);
}

/* --- amending */

static void officers(struct ctx *ctx)
{
    organisation_id here =
        registry_fixture_organisation(ctx, 1, ORGANISATION_KIND_HRSS_DEPARTMENT, FIXTURE_COUNTY);
    organisation_id there = registry_fixture_organisation(ctx, 2, ORGANISATION_KIND_HRSS_DEPARTMENT,
                                                          FIXTURE_OTHER_COUNTY);
    registry_fixture_account(ctx, &(struct fixture_account){.login = "here",
                                                            .role = ROLE_COUNTY_OFFICER,
                                                            .organisation = here});
    registry_fixture_account(ctx, &(struct fixture_account){.login = "there",
                                                            .role = ROLE_COUNTY_OFFICER,
                                                            .organisation = there});
}

static enum person_amend amend(struct ctx *ctx, person_id id, int64_t version)
{
    struct person_amendment amendment = {.person = id,
                                         .version = version,
                                         .phone = "13908710009",
                                         .bank_account = "6217000000000002"};
    return registry_person_amend(ctx, &amendment);
}

static void an_officer_of_the_county_amends(void **state)
{
    struct ctx *ctx = begin(state);
    officers(ctx);
    person_id id = registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY);
    registry_fixture_act(ctx, "here");
    assert_int_equal(amend(ctx, id, 1), PERSON_AMEND_DONE);
    assert_string_equal(person_of(ctx, id).phone, "13908710009");
    assert_string_equal(person_of(ctx, id).region, FIXTURE_COUNTY);
    assert_int_equal(amend(ctx, id, 1), PERSON_AMEND_STALE);
    assert_int_equal(amend(ctx, (person_id){id.v + 1}, 1), PERSON_AMEND_NOT_FOUND);
    struct person_amendment away = {.person = id, .version = 2, .region = "999999"};
    assert_int_equal(registry_person_amend(ctx, &away), PERSON_AMEND_REGION_UNKNOWN);
    away.region = FIXTURE_OTHER_COUNTY;
    assert_int_equal(registry_person_amend(ctx, &away), PERSON_AMEND_DONE);
    /* Who has moved away is no longer theirs. */
    assert_int_equal(amend(ctx, id, 3), PERSON_AMEND_NOT_YOUR_REGION);
}

static void nobody_else_amends(void **state)
{
    struct ctx *ctx = begin(state);
    officers(ctx);
    person_id id = registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY);
    assert_int_equal(amend(ctx, id, 1), PERSON_AMEND_NOT_YOUR_REGION); /* the administrator */
    registry_fixture_act(ctx, "there");
    assert_int_equal(amend(ctx, id, 1), PERSON_AMEND_NOT_YOUR_REGION);
    ctx->actor = NULL;
    assert_int_equal(amend(ctx, id, 1), PERSON_AMEND_NOT_YOUR_REGION);
}

/* Also where a roster, or the form at the window, brings the change. */
static void the_holder_hears_of_another_phone(void **state)
{
    struct ctx *ctx = begin(state);
    struct account account;
    const char *code;
    person_id again;
    officers(ctx);
    person_id own = registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY);
    registry_fixture_act(ctx, "here");
    assert_int_equal(registry_worker_account_open(ctx, own, &code), WORKER_ACCOUNT_OPEN_DONE);
    struct person_args args = {.identity_no = registry_fixture_number(ctx, "19900307", 1),
                               .name = "张三",
                               .phone = "13908712345",
                               .bank_account = "6222020200112233445"};
    assert_int_equal(registry_person_register(ctx, &args, &again), PERSON_REGISTER_KNOWN);
    assert_true(sql_account_of_person(ctx, own, &account));
    struct account_notice_list told = registry__notices(ctx, account.id);
    assert_int_equal(told.count, 2);
    assert_int_equal(told.items[0].kind, ACCOUNT_NOTICE_KIND_BANK_ACCOUNT_CHANGED);
    assert_int_equal(told.items[1].kind, ACCOUNT_NOTICE_KIND_PHONE_CHANGED);
    assert_string_equal(told.items[1].by_name, ctx->actor->name);
    assert_int_equal(registry_person_register(ctx, &args, &again), PERSON_REGISTER_KNOWN);
    assert_int_equal(registry__notices(ctx, account.id).count, 2); /* no change, no notice */
}

static void people_amend_their_own_record(void **state)
{
    const char *code;
    struct ctx *ctx = begin(state);
    officers(ctx);
    person_id own = registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY);
    person_id other = registry_fixture_person(ctx, 2, "李四", FIXTURE_COUNTY);
    registry_fixture_act(ctx, "here");
    assert_int_equal(registry_worker_account_open(ctx, own, &code), WORKER_ACCOUNT_OPEN_DONE);
    registry_fixture_act(ctx, registry_fixture_number(ctx, "19900307", 1));
    assert_int_equal(amend(ctx, own, 1), PERSON_AMEND_DONE);
    assert_int_equal(amend(ctx, other, 1), PERSON_AMEND_NOT_YOUR_REGION);
}

static void records_are_seen_by_those_whom_they_concern(void **state)
{
    struct ctx *ctx = begin(state);
    officers(ctx);
    struct person here = person_of(ctx, registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY));
    struct person nowhere = person_of(ctx, registry_fixture_person(ctx, 2, "李四", NULL));
    assert_false(registry_actor_covers_person(ctx, &here)); /* the administrator */
    assert_false(registry_actor_covers_person(ctx, &nowhere));
    registry_fixture_act(ctx, "here");
    assert_true(registry_actor_covers_person(ctx, &here));
    assert_true(registry_actor_covers_person(ctx, &nowhere));
    registry_fixture_act(ctx, "there");
    assert_false(registry_actor_covers_person(ctx, &here));
    ctx->actor = NULL;
    assert_false(registry_actor_covers_person(ctx, &here));
}

/* --- two at once */

struct rival {
    struct store *store;
    const struct pack *pack;
    struct vault *vault;
    struct id_source *ids;
    const char *name;
    struct instant now;
    enum person_register answer;
    person_id id;
};

static bool register_rival(struct ctx *ctx, void *argument)
{
    struct rival *rival = argument;
    rival->answer = register_as(ctx, "53010219491231082X", rival->name, &rival->id);
    return true;
}

static void *race(void *argument)
{
    struct rival *rival = argument;
    struct arena *arena = arena_new((size_t)16 << 20);
    struct ctx ctx = {.arena = arena,
                      .now = rival->now,
                      .today = instant_day(rival->now),
                      .ids = rival->ids,
                      .pack = rival->pack,
                      .vault = rival->vault};
    assert_int_equal(store_write(rival->store, &ctx, register_rival, rival), STORE_DONE);
    arena_free(arena);
    return NULL;
}

static void of_two_at_once_one_person_comes(void **state)
{
    enum { RIVALS = 8 };
    struct store_fixture *house = *state;
    begin(state);
    store_fixture_commit(house);
    struct rival rivals[RIVALS];
    pthread_t threads[RIVALS];
    for (int i = 0; i < RIVALS; i++) {
        rivals[i] = (struct rival){house->store,
                                   house->ctx.pack,
                                   house->ctx.vault,
                                   house->ctx.ids,
                                   i % 2 == 0 ? "张三" : "李四",
                                   house->ctx.now,
                                   0,
                                   {0}};
        assert_int_equal(pthread_create(&threads[i], NULL, race, &rivals[i]), 0);
    }
    for (int i = 0; i < RIVALS; i++)
        pthread_join(threads[i], NULL);
    int answers[PERSON_REGISTER_NAME_DIFFERS + 1] = {0};
    for (int i = 0; i < RIVALS; i++) {
        answers[rivals[i].answer]++;
        assert_int_equal(rivals[i].id.v, rivals[0].id.v);
    }
    assert_int_equal(answers[PERSON_REGISTER_DONE], 1);
    assert_int_equal(answers[PERSON_REGISTER_KNOWN], RIVALS / 2 - 1);
    assert_int_equal(answers[PERSON_REGISTER_NAME_DIFFERS], RIVALS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(a_resident_is_registered_with_what_the_number_tells),
        STORE_FIXTURE_TEST(a_number_is_one_person_in_any_spelling),
        STORE_FIXTURE_TEST(an_old_number_and_its_new_one_are_one_person),
        STORE_FIXTURE_TEST(foreign_documents_are_kinds_of_their_own),
        STORE_FIXTURE_TEST(what_contradicts_the_number_is_refused),
        STORE_FIXTURE_TEST(what_is_no_number_or_name_is_refused),
        STORE_FIXTURE_TEST(another_name_under_a_known_number_changes_nothing),
        STORE_FIXTURE_TEST(names_are_compared_as_they_are_meant),
        STORE_FIXTURE_TEST(news_refresh_and_silence_keeps),
        STORE_FIXTURE_TEST(tags_are_joined_once),
        STORE_FIXTURE_TEST(a_teacher_is_found_or_registered),
        STORE_FIXTURE_TEST(a_shared_bank_account_is_seen),
        STORE_FIXTURE_TEST(many_are_found_at_once),
        STORE_FIXTURE_TEST(a_number_asked_twice_is_found_twice),
        STORE_FIXTURE_TEST(an_officer_of_the_county_amends),
        STORE_FIXTURE_TEST(nobody_else_amends),
        STORE_FIXTURE_TEST(the_holder_hears_of_another_phone),
        STORE_FIXTURE_TEST(people_amend_their_own_record),
        STORE_FIXTURE_TEST(records_are_seen_by_those_whom_they_concern),
        STORE_FIXTURE_TEST(of_two_at_once_one_person_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
