/* Organisations, accounts and posts: who gives which rights to whom, and who may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry_fixture.h"

#define PACK DIANJI_SOURCE_DIR "/tests/pack/minimal"

static struct ctx *begin(void **state)
{
    return registry_fixture_begin(*state, PACK);
}

static organisation_id office(struct ctx *ctx, int n, const char *region)
{
    return registry_fixture_organisation(ctx, n, ORGANISATION_KIND_HRSS_DEPARTMENT, region);
}

static void add_officer(struct ctx *ctx, int n, const char *login, enum role role,
                        const char *region)
{
    registry_fixture_account(
        ctx, &(struct fixture_account){
                 .login = login, .role = role, .organisation = office(ctx, n, region)});
}

/* --- organisations */

static enum organisation_add add_school(struct ctx *ctx, const char *code, const char *region,
                                        organisation_id *ret)
{
    struct organisation_args args = {.credit_code = code,
                                     .name = "示例职业培训学校",
                                     .kind = ORGANISATION_KIND_TRAINING_INSTITUTION,
                                     .region = region};
    return registry_organisation_add(ctx, &args, ret);
}

static void an_organisation_is_registered_once(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id first, again;
    struct organisation school;
    assert_int_equal(add_school(ctx, "91350100M000100Y43", FIXTURE_COUNTY, &first),
                     ORGANISATION_ADD_DONE);
    assert_true(registry_organisation(ctx, first, &school));
    assert_false(school.is_code_doubted);
    assert_true(registry_organisation_is_active(ctx, first));
    assert_int_equal(add_school(ctx, " 91350100m000100y43 ", FIXTURE_COUNTY, &again),
                     ORGANISATION_ADD_KNOWN);
    assert_int_equal(again.v, first.v);
    assert_true(registry_organisation_by_code(ctx, "91350100m000100y43", &school));
    assert_int_equal(school.id.v, first.v);
    assert_false(registry_organisation_by_code(ctx, "no code", &school));
}

/* Some genuine early codes have a wrong check character: a doubt, no refusal. */
static void a_wrong_check_character_is_recorded(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id id;
    struct organisation school;
    assert_int_equal(add_school(ctx, "91350100M000100Y44", FIXTURE_COUNTY, &id),
                     ORGANISATION_ADD_DONE);
    assert_true(registry_organisation(ctx, id, &school));
    assert_true(school.is_code_doubted);
}

static void what_is_no_organisation_is_refused(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id id;
    assert_int_equal(add_school(ctx, "91350100M000100Y4", FIXTURE_COUNTY, &id),
                     ORGANISATION_ADD_CODE_INVALID);
    assert_int_equal(add_school(ctx, "91350100M000100YI3", FIXTURE_COUNTY, &id),
                     ORGANISATION_ADD_CODE_INVALID);
    assert_int_equal(add_school(ctx, "91350100M000100Y43", "999999", &id),
                     ORGANISATION_ADD_REGION_UNKNOWN);
    assert_int_equal(add_school(ctx, "91350100M000100Y43", "530102003000", &id),
                     ORGANISATION_ADD_REGION_UNKNOWN); /* a town */
    ctx->actor = NULL;
    assert_int_equal(add_school(ctx, "91350100M000100Y43", FIXTURE_COUNTY, &id),
                     ORGANISATION_ADD_NOT_YOUR_REGION);
    assert_int_equal(id.v, 0);
}

static void officers_register_in_their_own_region(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id id;
    add_officer(ctx, 1, "county", ROLE_COUNTY_OFFICER, FIXTURE_COUNTY);
    add_officer(ctx, 2, "prefecture", ROLE_PREFECTURE_OFFICER, FIXTURE_PREFECTURE);
    add_officer(ctx, 3, "chief", ROLE_COUNTY_CHIEF, FIXTURE_COUNTY);
    registry_fixture_act(ctx, "county");
    assert_int_equal(add_school(ctx, "91350100M000100Y43", FIXTURE_OTHER_COUNTY, &id),
                     ORGANISATION_ADD_NOT_YOUR_REGION);
    assert_int_equal(add_school(ctx, "91350100M000100Y43", FIXTURE_PREFECTURE, &id),
                     ORGANISATION_ADD_NOT_YOUR_REGION);
    registry_fixture_act(ctx, "chief"); /* who only reviews */
    assert_int_equal(add_school(ctx, "91350100M000100Y43", FIXTURE_COUNTY, &id),
                     ORGANISATION_ADD_NOT_YOUR_REGION);
    registry_fixture_act(ctx, "prefecture");
    assert_int_equal(add_school(ctx, "91350100M000100Y43", FIXTURE_COUNTY, &id),
                     ORGANISATION_ADD_DONE);
}

/* The ministry's number of an evaluation organisation is one organisation's, but for 0000. */
static void an_evaluation_organisation_has_a_number(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id id;
    struct organisation_args args = {.credit_code = "91350100M000100Y43",
                                     .name = "示例评价中心",
                                     .kind = ORGANISATION_KIND_EVALUATION_ORG,
                                     .region = FIXTURE_COUNTY};
    static const char *const unfit[] = {NULL, "", "123", "12345", "12a4", "１２３４"};
    for (size_t i = 0; i < sizeof unfit / sizeof unfit[0]; i++) {
        args.evaluator_code = unfit[i];
        assert_int_equal(registry_organisation_add(ctx, &args, &id),
                         ORGANISATION_ADD_EVALUATOR_CODE_INVALID);
    }
    registry_fixture_organisation(ctx, 21, ORGANISATION_KIND_EVALUATION_ORG, FIXTURE_COUNTY);
    args.evaluator_code = "0021";
    assert_int_equal(registry_organisation_add(ctx, &args, &id),
                     ORGANISATION_ADD_EVALUATOR_CODE_TAKEN);
    args.evaluator_code = "0000";
    assert_int_equal(registry_organisation_add(ctx, &args, &id), ORGANISATION_ADD_DONE);
    struct organisation_amendment form = {
        .name = args.name, .kind = args.kind, .region = args.region, .evaluator_code = "x"};
    assert_int_equal(registry_organisation_amend(ctx, id, 1, &form),
                     ORGANISATION_AMEND_EVALUATOR_CODE_INVALID);
    form.evaluator_code = "0021";
    assert_int_equal(registry_organisation_amend(ctx, id, 1, &form),
                     ORGANISATION_AMEND_EVALUATOR_CODE_TAKEN);
    form.evaluator_code = "0022";
    assert_int_equal(registry_organisation_amend(ctx, id, 1, &form), ORGANISATION_AMEND_DONE);
    form.evaluator_code = NULL; /* as it was */
    assert_int_equal(registry_organisation_amend(ctx, id, 2, &form), ORGANISATION_AMEND_DONE);
    struct organisation known;
    assert_true(registry_organisation(ctx, id, &known));
    assert_string_equal(known.evaluator_code, "0022");
    /* A school that is filed for no evaluations does not become an evaluation organisation. */
    organisation_id school = registry_fixture_organisation(
        ctx, 22, ORGANISATION_KIND_TRAINING_INSTITUTION, FIXTURE_COUNTY);
    assert_int_equal(registry_organisation_amend(ctx, school, 1, &form),
                     ORGANISATION_AMEND_EVALUATOR_CODE_INVALID);
}

static void an_organisation_is_amended(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id id = registry_fixture_organisation(
        ctx, 9, ORGANISATION_KIND_TRAINING_INSTITUTION, FIXTURE_COUNTY);
    add_officer(ctx, 1, "county", ROLE_COUNTY_OFFICER, FIXTURE_COUNTY);
    add_officer(ctx, 2, "elsewhere", ROLE_COUNTY_OFFICER, FIXTURE_OTHER_COUNTY);
    struct organisation_amendment form = {.name = "改名职业培训学校",
                                          .kind = ORGANISATION_KIND_TECHNICAL_SCHOOL,
                                          .region = FIXTURE_COUNTY,
                                          .bank_account = "6222020000000001"};
    registry_fixture_act(ctx, "elsewhere");
    assert_int_equal(registry_organisation_amend(ctx, id, 1, &form),
                     ORGANISATION_AMEND_NOT_YOUR_REGION);
    registry_fixture_act(ctx, "county");
    assert_int_equal(registry_organisation_amend(ctx, id, 1, &form), ORGANISATION_AMEND_DONE);
    assert_int_equal(registry_organisation_amend(ctx, id, 1, &form), ORGANISATION_AMEND_STALE);
    struct organisation school;
    assert_true(registry_organisation(ctx, id, &school));
    assert_string_equal(school.name, "改名职业培训学校");
    assert_string_equal(school.bank_account, "6222020000000001");
    form.bank_account = NULL;
    assert_int_equal(registry_organisation_amend(ctx, id, 2, &form), ORGANISATION_AMEND_DONE);
    assert_true(registry_organisation(ctx, id, &school));
    assert_string_equal(school.bank_account, "6222020000000001");
    form.region = FIXTURE_OTHER_COUNTY;
    assert_int_equal(registry_organisation_amend(ctx, id, 3, &form),
                     ORGANISATION_AMEND_NOT_YOUR_REGION);
    form.region = "999999";
    assert_int_equal(registry_organisation_amend(ctx, id, 3, &form),
                     ORGANISATION_AMEND_REGION_UNKNOWN);
    id.v++;
    assert_int_equal(registry_organisation_amend(ctx, id, 3, &form), ORGANISATION_AMEND_NOT_FOUND);
}

static void an_organisation_is_suspended_and_resumed(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id id = registry_fixture_organisation(
        ctx, 9, ORGANISATION_KIND_TRAINING_INSTITUTION, FIXTURE_COUNTY);
    add_officer(ctx, 2, "elsewhere", ROLE_COUNTY_OFFICER, FIXTURE_OTHER_COUNTY);
    enum organisation_state off = ORGANISATION_STATE_SUSPENDED, on = ORGANISATION_STATE_ACTIVE;
    assert_int_equal(registry_organisation_turn(ctx, id, on, "误停"),
                     ORGANISATION_STATE_CHANGE_WRONG_STATE);
    assert_int_equal(registry_organisation_turn(ctx, id, off, ""),
                     ORGANISATION_STATE_CHANGE_NOTE_MISSING);
    assert_int_equal(registry_organisation_turn(ctx, id, off, "检查中"),
                     ORGANISATION_STATE_CHANGE_DONE);
    assert_false(registry_organisation_is_active(ctx, id));
    assert_int_equal(registry_organisation_turn(ctx, id, off, "检查中"),
                     ORGANISATION_STATE_CHANGE_WRONG_STATE);
    struct trace_entry_list traces = ledger_traces(ctx, "organisation", id.v);
    bool is_told = false;
    for (size_t i = 0; i < traces.count; i++)
        is_told = is_told || (strcmp(traces.items[i].action, "organisation_suspend") == 0 &&
                              strcmp(traces.items[i].note, "检查中") == 0);
    assert_true(is_told);
    assert_int_equal(registry_organisation_turn(ctx, id, on, "整改完成"),
                     ORGANISATION_STATE_CHANGE_DONE);
    assert_true(registry_organisation_is_active(ctx, id));
    registry_fixture_act(ctx, "elsewhere");
    assert_int_equal(registry_organisation_turn(ctx, id, off, "检查中"),
                     ORGANISATION_STATE_CHANGE_NOT_YOUR_REGION);
    id.v++;
    assert_int_equal(registry_organisation_turn(ctx, id, off, "检查中"),
                     ORGANISATION_STATE_CHANGE_NOT_FOUND);
}

static void the_catalogue_says_who_may_teach_what(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id id = registry_fixture_organisation(
        ctx, 9, ORGANISATION_KIND_TRAINING_INSTITUTION, FIXTURE_COUNTY);
    add_officer(ctx, 2, "elsewhere", ROLE_COUNTY_OFFICER, FIXTURE_OTHER_COUNTY);
    const char *programme = ctx->pack->programmes.items[0].code;
    assert_false(registry_organisation_may_teach(ctx, id, programme));
    assert_int_equal(registry_organisation_allow(ctx, id, programme),
                     ORGANISATION_SCOPE_CHANGE_DONE);
    assert_true(registry_organisation_may_teach(ctx, id, programme));
    assert_int_equal(registry_organisation_allow(ctx, id, programme),
                     ORGANISATION_SCOPE_CHANGE_AS_IT_WAS);
    assert_int_equal(registry_organisation_allow(ctx, id, "NONE"),
                     ORGANISATION_SCOPE_CHANGE_PROGRAMME_UNKNOWN);
    registry_fixture_act(ctx, "elsewhere");
    assert_int_equal(registry_organisation_forbid(ctx, id, programme),
                     ORGANISATION_SCOPE_CHANGE_NOT_YOUR_REGION);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_organisation_forbid(ctx, id, programme),
                     ORGANISATION_SCOPE_CHANGE_DONE);
    assert_false(registry_organisation_may_teach(ctx, id, programme));
    assert_int_equal(registry_organisation_forbid(ctx, id, programme),
                     ORGANISATION_SCOPE_CHANGE_AS_IT_WAS);
    id.v++;
    assert_int_equal(registry_organisation_forbid(ctx, id, programme),
                     ORGANISATION_SCOPE_CHANGE_NOT_FOUND);
}

/* --- accounts */

static enum account_add add_account(struct ctx *ctx, const char *login, person_id person)
{
    account_id id;
    struct account_args args = {.login = login,
                                .password_hash = registry__nobodys_hash,
                                .name = "示例账号",
                                .person = person};
    return registry_account_add(ctx, &args, &id);
}

static void the_first_administrator_comes_once(void **state)
{
    struct ctx *ctx = begin(state);
    struct first_administrator_args args = {
        .login = "second", .password_hash = registry__nobodys_hash, .name = "第二个"};
    assert_int_equal(registry_create_first_administrator(ctx, &args), FIRST_ADMINISTRATOR_EXISTS);
    assert_int_equal(ctx->actor->role, ROLE_ADMINISTRATOR);
    assert_string_equal(ctx->actor->region, FIXTURE_PROVINCE);
}

static void the_first_administrator_has_a_login(void **state)
{
    struct store_fixture *house = *state;
    struct ctx *ctx = store_fixture_begin(house);
    struct first_administrator_args args = {
        .login = "A!", .password_hash = registry__nobodys_hash, .name = "管理员"};
    assert_int_equal(registry_create_first_administrator(ctx, &args),
                     FIRST_ADMINISTRATOR_LOGIN_INVALID);
    args.login = NULL;
    assert_int_equal(registry_create_first_administrator(ctx, &args),
                     FIRST_ADMINISTRATOR_LOGIN_INVALID);
}

static void logins_are_plain_and_taken_once(void **state)
{
    struct ctx *ctx = begin(state);
    person_id nobody = {0};
    assert_int_equal(add_account(ctx, "wang.laoshi", nobody), ACCOUNT_ADD_DONE);
    assert_int_equal(add_account(ctx, "  Wang.LaoShi ", nobody), ACCOUNT_ADD_LOGIN_TAKEN);
    assert_int_equal(add_account(ctx, "五华区经办", nobody), ACCOUNT_ADD_DONE);
    static const char *const wrong[] = {"",
                                        "ab",
                                        "a'b'c",
                                        "<script>",
                                        "a/b/c",
                                        "账号；",
                                        "0123456789012345678901234567890123456789x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(add_account(ctx, wrong[i], nobody), ACCOUNT_ADD_LOGIN_INVALID);
    /* Nobody sits on another's number. */
    assert_int_equal(add_account(ctx, "53010219491231082X", nobody), ACCOUNT_ADD_LOGIN_INVALID);
    assert_int_equal(add_account(ctx, NULL, nobody), ACCOUNT_ADD_LOGIN_INVALID);
    account_id id;
    struct account_args nameless = {.login = "nameless", .password_hash = "x", .name = ""};
    assert_int_equal(registry_account_add(ctx, &nameless, &id), ACCOUNT_ADD_NAME_INVALID);
}

static void a_person_has_one_account(void **state)
{
    struct ctx *ctx = begin(state);
    person_id person = registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY);
    assert_int_equal(add_account(ctx, NULL, (person_id){person.v + 1}), ACCOUNT_ADD_PERSON_UNKNOWN);
    assert_int_equal(add_account(ctx, NULL, person), ACCOUNT_ADD_DONE);
    assert_int_equal(add_account(ctx, "zhangsan", person), ACCOUNT_ADD_PERSON_HAS_ACCOUNT);
}

/* --- posts */

static enum post_add give(struct ctx *ctx, struct post_args args)
{
    post_id id;
    return registry_post_add(ctx, &args, &id);
}

static account_id account_of(struct ctx *ctx, const char *login, person_id person)
{
    account_id id;
    struct account_args args = {.login = login,
                                .password_hash = registry__nobodys_hash,
                                .name = "示例账号",
                                .person = person};
    assert_int_equal(registry_account_add(ctx, &args, &id), ACCOUNT_ADD_DONE);
    return id;
}

static void a_post_fits_its_organisation(void **state)
{
    struct ctx *ctx = begin(state);
    account_id account = account_of(ctx, "clerk", (person_id){0});
    organisation_id county = office(ctx, 1, FIXTURE_COUNTY);
    organisation_id school = registry_fixture_organisation(
        ctx, 2, ORGANISATION_KIND_TRAINING_INSTITUTION, FIXTURE_COUNTY);
    assert_int_equal(give(ctx, (struct post_args){account, ROLE_COUNTY_OFFICER, {0}, NULL}),
                     POST_ADD_ORGANISATION_NEEDED);
    assert_int_equal(give(ctx, (struct post_args){account, ROLE_COUNTY_OFFICER, school, NULL}),
                     POST_ADD_ORGANISATION_UNFIT);
    assert_int_equal(give(ctx, (struct post_args){account, ROLE_INSTITUTION_CLERK, county, NULL}),
                     POST_ADD_ORGANISATION_UNFIT);
    assert_int_equal(give(ctx, (struct post_args){account, ROLE_AUDITOR, {school.v + 1000}, NULL}),
                     POST_ADD_ORGANISATION_UNFIT);
    assert_int_equal(give(ctx, (struct post_args){account, ROLE_TEACHER, school, NULL}),
                     POST_ADD_PERSON_NEEDED);
    assert_int_equal(give(ctx, (struct post_args){account, ROLE_WORKER, {0}, FIXTURE_COUNTY}),
                     POST_ADD_PERSON_NEEDED);
    assert_int_equal(give(ctx, (struct post_args){account, ROLE_INSTITUTION_CLERK, school, NULL}),
                     POST_ADD_DONE);
    assert_int_equal(give(ctx, (struct post_args){account, ROLE_INSTITUTION_CLERK, school, NULL}),
                     POST_ADD_KNOWN);
    assert_int_equal(
        give(ctx, (struct post_args){{account.v + 1000}, ROLE_INSTITUTION_CLERK, school, NULL}),
        POST_ADD_NOT_FOUND);
}

static void a_post_fits_its_region(void **state)
{
    struct ctx *ctx = begin(state);
    account_id account = account_of(ctx, "officer", (person_id){0});
    organisation_id prefecture = office(ctx, 1, FIXTURE_PREFECTURE);
    organisation_id county = office(ctx, 2, FIXTURE_COUNTY);
    struct post_args post = {account, ROLE_COUNTY_OFFICER, prefecture, NULL};
    assert_int_equal(give(ctx, post), POST_ADD_REGION_UNFIT); /* a prefecture is no county */
    post = (struct post_args){account, ROLE_COUNTY_OFFICER, county, FIXTURE_OTHER_COUNTY};
    assert_int_equal(give(ctx, post), POST_ADD_REGION_UNFIT); /* not the office's */
    post = (struct post_args){account, ROLE_PROVINCE_OFFICER, county, FIXTURE_PROVINCE};
    assert_int_equal(give(ctx, post), POST_ADD_REGION_UNFIT); /* above the office */
    post = (struct post_args){account, ROLE_COUNTY_OFFICER, county, "999999"};
    assert_int_equal(give(ctx, post), POST_ADD_REGION_UNFIT);
    post = (struct post_args){account, ROLE_COUNTY_OFFICER, prefecture, FIXTURE_COUNTY};
    assert_int_equal(give(ctx, post), POST_ADD_DONE); /* of the prefecture's office, for a county */
    account_id second = account_of(ctx, "second", (person_id){0});
    post = (struct post_args){second, ROLE_PREFECTURE_OFFICER, prefecture, NULL};
    assert_int_equal(give(ctx, post), POST_ADD_DONE);
}

/* Every pair that the table of registry.dict names, and some that it leaves free. */
static void incompatible_posts_are_refused(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id hrss = office(ctx, 1, FIXTURE_COUNTY);
    organisation_id school =
        registry_fixture_organisation(ctx, 2, ORGANISATION_KIND_TECHNICAL_SCHOOL, FIXTURE_COUNTY);
    static const struct {
        enum role one, other;
        bool of_school; /* the first one */
        bool goes;
    } PAIRS[] = {
        {ROLE_COUNTY_OFFICER, ROLE_COUNTY_CHIEF, false, false},
        {ROLE_COUNTY_CHIEF, ROLE_FINANCE_CLERK, false, false},
        {ROLE_FINANCE_CLERK, ROLE_FINANCE_CHIEF, false, false},
        {ROLE_COUNTY_OFFICER, ROLE_AUDITOR, false, false},
        {ROLE_INSTITUTION_CLERK, ROLE_COUNTY_OFFICER, true, false},
        {ROLE_INSTITUTION_HEAD, ROLE_FINANCE_CHIEF, true, false},
        {ROLE_EVALUATOR, ROLE_COUNTY_CHIEF, true, false},
        {ROLE_TEACHER, ROLE_COUNTY_OFFICER, true, false},
        {ROLE_WORKER, ROLE_COUNTY_OFFICER, false, true},
    };
    for (size_t i = 0; i < sizeof PAIRS / sizeof PAIRS[0]; i++) {
        account_id account =
            account_of(ctx, arena_printf(ctx->arena, "account%zu", i),
                       registry_fixture_person(ctx, 10 + (int)i, "张三", FIXTURE_COUNTY));
        organisation_id none = {0};
        struct post_args one = {.account = account, .role = PAIRS[i].one};
        one.organisation = PAIRS[i].one == ROLE_WORKER ? none : PAIRS[i].of_school ? school : hrss;
        assert_int_equal(give(ctx, one), POST_ADD_DONE);
        struct post_args other = {account, PAIRS[i].other, hrss, NULL};
        assert_int_equal(give(ctx, other), PAIRS[i].goes ? POST_ADD_DONE : POST_ADD_INCOMPATIBLE);
    }
}

static void a_post_is_confirmed_by_others_of_its_region(void **state)
{
    struct ctx *ctx = begin(state);
    add_officer(ctx, 1, "county", ROLE_COUNTY_OFFICER, FIXTURE_COUNTY);
    add_officer(ctx, 2, "chief", ROLE_COUNTY_CHIEF, FIXTURE_COUNTY);
    add_officer(ctx, 3, "elsewhere", ROLE_COUNTY_CHIEF, FIXTURE_OTHER_COUNTY);
    registry_fixture_act(ctx, "county");
    post_id officers = ctx->actor->post;
    account_id officer = ctx->actor->account;
    registry_fixture_act(ctx, "elsewhere");
    assert_int_equal(registry_post_confirm(ctx, officers), POST_CONFIRM_NOT_YOUR_REGION);
    registry_fixture_act(ctx, "chief");
    assert_int_equal(registry_post_confirm(ctx, ctx->actor->post), POST_CONFIRM_OWN_ACCOUNT);
    assert_int_equal(registry_post_confirm(ctx, officers), POST_CONFIRM_DONE);
    assert_int_equal(registry_post_end(ctx, officer, officers), POST_END_DONE);
    assert_int_equal(registry_post_confirm(ctx, officers), POST_CONFIRM_NOT_FOUND);
}

static void a_worker_becomes_a_teacher(void **state)
{
    struct ctx *ctx = begin(state);
    account_id joined;
    organisation_id school = registry_fixture_organisation(
        ctx, 2, ORGANISATION_KIND_TRAINING_INSTITUTION, FIXTURE_COUNTY);
    person_id person = registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY);
    assert_int_equal(registry_account_join(ctx, person, "teacher.zhang", &joined),
                     ACCOUNT_ADD_PERSON_UNKNOWN);
    account_id worker = account_of(ctx, NULL, person);
    account_of(ctx, "taken", (person_id){0});
    assert_int_equal(registry_account_join(ctx, person, "a b/", &joined),
                     ACCOUNT_ADD_LOGIN_INVALID);
    assert_int_equal(registry_account_join(ctx, person, "Taken", &joined), ACCOUNT_ADD_LOGIN_TAKEN);
    assert_int_equal(registry_account_join(ctx, person, "Teacher.Zhang", &joined),
                     ACCOUNT_ADD_JOINED);
    assert_int_equal(joined.v, worker.v);
    assert_int_equal(give(ctx, (struct post_args){worker, ROLE_WORKER, {0}, NULL}), POST_ADD_DONE);
    assert_int_equal(give(ctx, (struct post_args){worker, ROLE_TEACHER, school, NULL}),
                     POST_ADD_DONE);
    assert_int_equal(registry_account_join(ctx, person, "again", &joined),
                     ACCOUNT_ADD_PERSON_HAS_ACCOUNT);
    struct account by_login, by_number;
    assert_true(registry__account_find(ctx, "teacher.zhang", &by_login));
    assert_true(
        registry__account_find(ctx, registry_fixture_number(ctx, "19900307", 1), &by_number));
    assert_int_equal(by_login.id.v, by_number.id.v);
}

static void nobody_gives_rights_to_oneself_or_beyond(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id near = office(ctx, 1, FIXTURE_PREFECTURE);
    organisation_id far = office(ctx, 2, FIXTURE_OTHER_COUNTY);
    account_id local = account_of(ctx, "local", (person_id){0});
    account_id clerk = account_of(ctx, "clerk", (person_id){0});
    struct post_args rights = {local, ROLE_ADMINISTRATOR, near, NULL};
    assert_int_equal(give(ctx, rights), POST_ADD_DONE);
    registry_fixture_act(ctx, "local");
    rights = (struct post_args){local, ROLE_ADMINISTRATOR, {0}, FIXTURE_PROVINCE};
    assert_int_equal(give(ctx, rights), POST_ADD_OWN_ACCOUNT);
    rights = (struct post_args){clerk, ROLE_COUNTY_OFFICER, far, NULL};
    assert_int_equal(give(ctx, rights), POST_ADD_NOT_YOUR_REGION);
    rights = (struct post_args){clerk, ROLE_ADMINISTRATOR, {0}, FIXTURE_PROVINCE};
    assert_int_equal(give(ctx, rights), POST_ADD_NOT_YOUR_REGION);
    rights = (struct post_args){clerk, ROLE_PREFECTURE_OFFICER, near, NULL};
    assert_int_equal(give(ctx, rights), POST_ADD_DONE);
    registry_fixture_act(ctx, "clerk");
    ctx->actor = NULL;
    rights = (struct post_args){clerk, ROLE_COUNTY_OFFICER, far, NULL};
    assert_int_equal(give(ctx, rights), POST_ADD_NOT_YOUR_REGION);
}

static void an_administrator_holds_no_other_post(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id county = office(ctx, 1, FIXTURE_COUNTY);
    account_id both = account_of(ctx, "both", (person_id){0});
    account_id officer = account_of(ctx, "officer", (person_id){0});
    struct post_args rights = {both, ROLE_ADMINISTRATOR, {0}, FIXTURE_COUNTY};
    assert_int_equal(give(ctx, rights), POST_ADD_DONE);
    rights = (struct post_args){both, ROLE_COUNTY_OFFICER, county, NULL};
    assert_int_equal(give(ctx, rights), POST_ADD_ADMINISTRATOR_ALONE);
    rights = (struct post_args){officer, ROLE_COUNTY_OFFICER, county, NULL};
    assert_int_equal(give(ctx, rights), POST_ADD_DONE);
    rights = (struct post_args){officer, ROLE_ADMINISTRATOR, {0}, FIXTURE_COUNTY};
    assert_int_equal(give(ctx, rights), POST_ADD_ADMINISTRATOR_ALONE);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_false(registry_permits(ctx, PERMISSION_PERSON_SEARCH));
    assert_false(registry_permits(ctx, PERMISSION_PERSON_AMEND));
    assert_true(registry_permits(ctx, PERMISSION_ACCOUNT_ADMINISTER));
}

static void a_post_ends(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id county = office(ctx, 1, FIXTURE_COUNTY);
    account_id account = account_of(ctx, "officer", (person_id){0});
    account_id elsewhere = account_of(ctx, "elsewhere", (person_id){0});
    post_id post, other, own = ctx->actor->post;
    struct post_args rights = {account, ROLE_COUNTY_OFFICER, county, NULL};
    assert_int_equal(registry_post_add(ctx, &rights, &post), POST_ADD_DONE);
    rights = (struct post_args){elsewhere, ROLE_ADMINISTRATOR, {0}, FIXTURE_OTHER_COUNTY};
    assert_int_equal(registry_post_add(ctx, &rights, &other), POST_ADD_DONE);
    assert_int_equal(registry_post_end(ctx, ctx->actor->account, own), POST_END_OWN_ACCOUNT);
    assert_int_equal(registry_post_end(ctx, elsewhere, post), POST_END_NOT_FOUND);
    registry_fixture_act(ctx, "elsewhere");
    assert_int_equal(registry_post_end(ctx, account, post), POST_END_NOT_YOUR_REGION);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_post_end(ctx, account, post), POST_END_DONE);
    assert_int_equal(registry_post_end(ctx, account, post), POST_END_NOT_FOUND);
    assert_false(registry_act_as(ctx, "officer"));
    /* What has ended can be given again. */
    rights = (struct post_args){account, ROLE_COUNTY_OFFICER, county, NULL};
    assert_int_equal(registry_post_add(ctx, &rights, &post), POST_ADD_DONE);
    assert_true(registry_act_as(ctx, "officer"));
}

static void an_account_is_suspended_and_resumed(void **state)
{
    const char *code;
    struct ctx *ctx = begin(state);
    account_id account = registry_fixture_account(
        ctx, &(struct fixture_account){.login = "officer",
                                       .role = ROLE_COUNTY_OFFICER,
                                       .organisation = office(ctx, 1, FIXTURE_COUNTY)});
    registry_fixture_account(ctx, &(struct fixture_account){.login = "elsewhere",
                                                            .role = ROLE_ADMINISTRATOR,
                                                            .region = FIXTURE_OTHER_COUNTY});
    enum account_state off = ACCOUNT_STATE_SUSPENDED, on = ACCOUNT_STATE_ACTIVE;
    assert_int_equal(registry_account_turn(ctx, ctx->actor->account, off, NULL),
                     ACCOUNT_STATE_CHANGE_OWN_ACCOUNT);
    assert_int_equal(registry_account_turn(ctx, account, on, NULL),
                     ACCOUNT_STATE_CHANGE_WRONG_STATE);
    assert_int_equal(registry_account_turn(ctx, account, off, "调离"), ACCOUNT_STATE_CHANGE_DONE);
    assert_false(registry_act_as(ctx, "officer"));
    assert_int_equal(registry_account_turn(ctx, (account_id){account.v + 1000}, off, NULL),
                     ACCOUNT_STATE_CHANGE_NOT_FOUND);
    registry_fixture_act(ctx, "elsewhere");
    assert_int_equal(registry_account_turn(ctx, account, on, NULL),
                     ACCOUNT_STATE_CHANGE_NOT_YOUR_REGION);
    assert_int_equal(registry_password_reset(ctx, account, &code), PASSWORD_RESET_NOT_YOUR_REGION);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_account_turn(ctx, account, on, NULL), ACCOUNT_STATE_CHANGE_DONE);
    assert_true(registry_act_as(ctx, "officer"));
}

static void a_password_is_set_anew_by_another(void **state)
{
    const char *code;
    struct ctx *ctx = begin(state);
    account_id account = registry_fixture_account(
        ctx, &(struct fixture_account){.login = "officer",
                                       .role = ROLE_COUNTY_OFFICER,
                                       .organisation = office(ctx, 1, FIXTURE_COUNTY)});
    assert_int_equal(registry_password_reset(ctx, ctx->actor->account, &code),
                     PASSWORD_RESET_OWN_ACCOUNT);
    assert_int_equal(registry_password_reset(ctx, (account_id){account.v + 1000}, &code),
                     PASSWORD_RESET_NOT_FOUND);
    assert_int_equal(registry_password_reset(ctx, account, &code), PASSWORD_RESET_DONE);
    registry_fixture_act(ctx, "officer");
    assert_true(ctx->actor->is_password_initial);
}

/* --- workers */

static void an_officer_opens_a_workers_account(void **state)
{
    const char *code;
    struct ctx *ctx = begin(state);
    add_officer(ctx, 1, "here", ROLE_COUNTY_OFFICER, FIXTURE_COUNTY);
    add_officer(ctx, 2, "there", ROLE_COUNTY_OFFICER, FIXTURE_OTHER_COUNTY);
    person_id person = registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY);
    assert_int_equal(registry_worker_account_open(ctx, person, &code),
                     WORKER_ACCOUNT_OPEN_NOT_YOUR_REGION); /* the administrator */
    registry_fixture_act(ctx, "there");
    assert_int_equal(registry_worker_account_open(ctx, person, &code),
                     WORKER_ACCOUNT_OPEN_NOT_YOUR_REGION);
    registry_fixture_act(ctx, "here");
    assert_int_equal(registry_worker_account_open(ctx, (person_id){person.v + 1000}, &code),
                     WORKER_ACCOUNT_OPEN_NOT_FOUND);
    assert_int_equal(registry_worker_account_open(ctx, person, &code), WORKER_ACCOUNT_OPEN_DONE);
    assert_int_equal(registry_worker_account_open(ctx, person, &code), WORKER_ACCOUNT_OPEN_RESET);
    registry_fixture_act(ctx, registry_fixture_number(ctx, "19900307", 1));
    assert_int_equal(ctx->actor->role, ROLE_WORKER);
    assert_int_equal(ctx->actor->person.v, person.v);
    assert_true(ctx->actor->is_password_initial);
    assert_false(registry_actor_covers_region(ctx, FIXTURE_COUNTY));
    account_id worker = ctx->actor->account;
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_account_turn(ctx, worker, ACCOUNT_STATE_SUSPENDED, NULL),
                     ACCOUNT_STATE_CHANGE_DONE);
    registry_fixture_act(ctx, "here");
    assert_int_equal(registry_worker_account_open(ctx, person, &code),
                     WORKER_ACCOUNT_OPEN_SUSPENDED);
}

/* Else an officer could take over whoever teaches, or a colleague. */
static void an_officer_resets_no_account_of_an_organisation(void **state)
{
    const char *code;
    struct ctx *ctx = begin(state);
    add_officer(ctx, 1, "here", ROLE_COUNTY_OFFICER, FIXTURE_COUNTY);
    person_id person = registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY);
    organisation_id school = registry_fixture_organisation(
        ctx, 2, ORGANISATION_KIND_TRAINING_INSTITUTION, FIXTURE_COUNTY);
    registry_fixture_account(
        ctx,
        &(struct fixture_account){.role = ROLE_TEACHER, .organisation = school, .person = person});
    registry_fixture_act(ctx, "here");
    assert_int_equal(registry_worker_account_open(ctx, person, &code),
                     WORKER_ACCOUNT_OPEN_OFFICE_ACCOUNT);
}

/* --- scope */

static void regions_are_covered_by_subtree(void **state)
{
    struct ctx *ctx = begin(state);
    add_officer(ctx, 1, "county", ROLE_COUNTY_OFFICER, FIXTURE_COUNTY);
    add_officer(ctx, 2, "prefecture", ROLE_PREFECTURE_OFFICER, FIXTURE_PREFECTURE);
    assert_string_equal(registry_actor_region_prefix(ctx), "53");
    assert_true(registry_actor_covers_region(ctx, FIXTURE_OTHER_COUNTY));
    assert_false(registry_actor_covers_region(ctx, "110101"));
    assert_false(registry_actor_covers_region(ctx, NULL));
    registry_fixture_act(ctx, "prefecture");
    assert_string_equal(registry_actor_region_prefix(ctx), "5301");
    assert_true(registry_actor_covers_region(ctx, FIXTURE_COUNTY));
    assert_false(registry_actor_covers_region(ctx, FIXTURE_OTHER_COUNTY));
    assert_false(registry_actor_covers_region(ctx, FIXTURE_PROVINCE));
    registry_fixture_act(ctx, "county");
    assert_string_equal(registry_actor_region_prefix(ctx), FIXTURE_COUNTY);
    assert_true(registry_actor_covers_region(ctx, "530102003000"));
    assert_true(registry_actor_covers_region(ctx, "530102003"));
    assert_false(registry_actor_covers_region(ctx, FIXTURE_PREFECTURE));
}

static void institutions_cover_no_region(void **state)
{
    struct ctx *ctx = begin(state);
    organisation_id school = registry_fixture_organisation(
        ctx, 1, ORGANISATION_KIND_TRAINING_INSTITUTION, FIXTURE_COUNTY);
    registry_fixture_account(ctx, &(struct fixture_account){.login = "clerk",
                                                            .role = ROLE_INSTITUTION_CLERK,
                                                            .organisation = school});
    registry_fixture_act(ctx, "clerk");
    assert_false(registry_actor_covers_region(ctx, FIXTURE_COUNTY));
    assert_true(registry_actor_is_of(ctx, school));
    assert_false(registry_actor_is_of(ctx, (organisation_id){school.v + 1}));
    assert_false(registry_actor_is_of(ctx, (organisation_id){0}));
}

static void the_public_may_what_is_public(void **state)
{
    struct ctx *ctx = begin(state);
    ctx->actor = NULL;
    for (int permission = PERMISSION_SIGNED_IN; permission < PERMISSION_COUNT; permission++)
        assert_false(registry_permits(ctx, (enum permission)permission));
    assert_true(registry_permits(ctx, PERMISSION_PUBLIC));
    assert_false(registry_actor_covers_region(ctx, FIXTURE_COUNTY));
    assert_false(registry_actor_is_of(ctx, (organisation_id){1}));
}

/* --- code lists */

static const struct code_list *list_named(const char *name)
{
    for (size_t i = 0; registry_lists[i].name != NULL; i++)
        if (strcmp(registry_lists[i].name, name) == 0)
            return &registry_lists[i];
    fail_msg("no list %s", name);
    return NULL;
}

static void each_list_has_what_it_offers(void **state)
{
    static const struct {
        const char *name;
        size_t count;
        const char *not_in_it;
    } expected[] = {{"counties", 2, FIXTURE_PREFECTURE},
                    {"regions", 5, "530102003000"},
                    {"ethnic_groups", 2, "99"},
                    {"education", 2, "99"},
                    {"sexes", 2, "other"},
                    {"office_roles", ROLE_COUNT - 2, "worker"}};
    struct ctx *ctx = begin(state);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const struct code_list *list = list_named(expected[i].name);
        const char *code, *label;
        size_t count = 0;
        for (; list->at(ctx, count, &code, &label); count++) {
            assert_true(list->has(ctx, code));
            assert_true(*label != '\0');
        }
        assert_int_equal(count, expected[i].count);
        assert_false(list->has(ctx, expected[i].not_in_it));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(an_organisation_is_registered_once),
        STORE_FIXTURE_TEST(a_wrong_check_character_is_recorded),
        STORE_FIXTURE_TEST(what_is_no_organisation_is_refused),
        STORE_FIXTURE_TEST(officers_register_in_their_own_region),
        STORE_FIXTURE_TEST(an_evaluation_organisation_has_a_number),
        STORE_FIXTURE_TEST(an_organisation_is_amended),
        STORE_FIXTURE_TEST(an_organisation_is_suspended_and_resumed),
        STORE_FIXTURE_TEST(the_catalogue_says_who_may_teach_what),
        STORE_FIXTURE_TEST(the_first_administrator_comes_once),
        STORE_FIXTURE_TEST(the_first_administrator_has_a_login),
        STORE_FIXTURE_TEST(logins_are_plain_and_taken_once),
        STORE_FIXTURE_TEST(a_person_has_one_account),
        STORE_FIXTURE_TEST(incompatible_posts_are_refused),
        STORE_FIXTURE_TEST(a_post_is_confirmed_by_others_of_its_region),
        STORE_FIXTURE_TEST(a_worker_becomes_a_teacher),
        STORE_FIXTURE_TEST(a_post_fits_its_organisation),
        STORE_FIXTURE_TEST(a_post_fits_its_region),
        STORE_FIXTURE_TEST(nobody_gives_rights_to_oneself_or_beyond),
        STORE_FIXTURE_TEST(an_administrator_holds_no_other_post),
        STORE_FIXTURE_TEST(a_post_ends),
        STORE_FIXTURE_TEST(an_account_is_suspended_and_resumed),
        STORE_FIXTURE_TEST(a_password_is_set_anew_by_another),
        STORE_FIXTURE_TEST(an_officer_opens_a_workers_account),
        STORE_FIXTURE_TEST(an_officer_resets_no_account_of_an_organisation),
        STORE_FIXTURE_TEST(regions_are_covered_by_subtree),
        STORE_FIXTURE_TEST(institutions_cover_no_region),
        STORE_FIXTURE_TEST(the_public_may_what_is_public),
        STORE_FIXTURE_TEST(each_list_has_what_it_offers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
