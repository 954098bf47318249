/* Schools, offices and classes for tests; the contract is in training_fixture.h. */
#include "training/training_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dictionary/numbers.h"
#include "policy/policy.h"
#include "vault/vault.h"

enum { PACK_ARENA_BYTES = 64 * 1024 * 1024 };

static struct arena *pack_arena; /* allowed: of a test program */
static const struct pack *pack;  /* allowed: of a test program */

static void must(bool is_so, const char *what)
{
    if (is_so)
        return;
    fprintf(stderr, "training_fixture: %s\n", what);
    abort();
}

int training_fixture_load(const char *folder)
{
    struct pack_faults faults;
    pack_arena = arena_new(PACK_ARENA_BYTES);
    must(pack_load(pack_arena, folder, &pack, &faults), folder);
    return 0;
}

int training_fixture_unload(void **state)
{
    (void)state;
    arena_free(pack_arena);
    return 0;
}

/* --- who there is */

static const char *credit_code(struct ctx *ctx, int n)
{
    char *code = arena_printf(ctx->arena, "52530129%09d?", n);
    code[17] = credit_code_check_character(code);
    return code;
}

struct office {
    const char *name;
    enum organisation_kind kind;
    const char *region;
};
static const struct office OFFICES[] = {
    {"示例职业培训学校", ORGANISATION_KIND_TRAINING_INSTITUTION, "530129"},
    {"另一职业培训学校", ORGANISATION_KIND_TRAINING_INSTITUTION, "530129"},
    {"示例县人社局", ORGANISATION_KIND_HRSS_DEPARTMENT, "530129"},
    {"外县人社局", ORGANISATION_KIND_HRSS_DEPARTMENT, "530102"},
    {"示例技能评价中心", ORGANISATION_KIND_EVALUATION_ORG, "530102"},
};
enum { OFFICES_COUNT = sizeof OFFICES / sizeof OFFICES[0], SCHOOL = 0, EVALUATOR = 4 };

struct seat {
    const char *login;
    enum role role;
    int office;
};
static const struct seat SEATS[] = {
    {"school", ROLE_INSTITUTION_CLERK, 0}, {"head", ROLE_INSTITUTION_HEAD, 0},
    {"rival", ROLE_INSTITUTION_CLERK, 1},  {"county", ROLE_COUNTY_OFFICER, 2},
    {"faraway", ROLE_COUNTY_OFFICER, 3},   {"evaluator", ROLE_EVALUATOR, EVALUATOR},
};

static void add_administrator(struct ctx *ctx)
{
    struct first_administrator_args args = {
        .login = "admin", .password_hash = "!", .name = "admin"};
    must(registry_create_first_administrator(ctx, &args) == FIRST_ADMINISTRATOR_DONE, "admin");
    training_fixture_act(ctx, "admin");
}

static void add_everyone(struct ctx *ctx)
{
    organisation_id offices[OFFICES_COUNT];
    add_administrator(ctx);
    for (int i = 0; i < OFFICES_COUNT; i++)
        must(registry_organisation_add(
                 ctx,
                 &(struct organisation_args){.credit_code = credit_code(ctx, i + 1),
                                             .name = OFFICES[i].name,
                                             .kind = OFFICES[i].kind,
                                             .region = OFFICES[i].region,
                                             .evaluator_code = i == EVALUATOR ? "0123" : NULL},
                 &offices[i]) == ORGANISATION_ADD_DONE,
             OFFICES[i].name);
    static const char *const taught[] = {"T01-COOK", "T01-ELECTRICIAN", "T04-RANGER", "T06-GYB"};
    for (size_t i = 0; i < sizeof taught / sizeof taught[0]; i++)
        must(registry_organisation_allow(ctx, offices[SCHOOL], taught[i]) ==
                     ORGANISATION_SCOPE_CHANGE_DONE &&
                 registry_organisation_allow(ctx, offices[EVALUATOR], taught[i]) ==
                     ORGANISATION_SCOPE_CHANGE_DONE,
             taught[i]);
    for (size_t i = 0; i < sizeof SEATS / sizeof SEATS[0]; i++) {
        const struct office *office = &OFFICES[SEATS[i].office];
        struct post_args post = {.role = SEATS[i].role,
                                 .organisation = offices[SEATS[i].office],
                                 .region = office->region};
        must(registry_account_add(ctx,
                                  &(struct account_args){.login = SEATS[i].login,
                                                         .password_hash = "!",
                                                         .name = SEATS[i].login},
                                  &post.account) == ACCOUNT_ADD_DONE,
             SEATS[i].login);
        must(registry_post_add(ctx, &post, &(post_id){0}) == POST_ADD_DONE, SEATS[i].login);
    }
}

int training_fixture_setup(void **state)
{
    store_fixture_setup(state);
    struct store_fixture *house = *state;
    house->ctx.pack = pack;
    struct ctx *ctx = store_fixture_begin(house);
    vault_fixture(ctx, house->arena, CIPHER_SUITE_INTL);
    add_everyone(ctx);
    training_fixture_act(&house->ctx, "school");
    return 0;
}

void training_fixture_act(struct ctx *ctx, const char *login)
{
    must(registry_act_as(ctx, login), login);
}

void training_fixture_at(struct ctx *ctx, struct instant now)
{
    ctx->now = now;
    ctx->today = instant_day(now);
}

const char *training_fixture_number(struct ctx *ctx, const char *born, int order)
{
    char *number = arena_printf(ctx->arena, "530129%s%03d?", born, order);
    number[17] = identity_check_character(number);
    return number;
}

struct person training_fixture_person(struct ctx *ctx, const char *born, int order)
{
    struct person person;
    person_id id;
    struct person_args args = {.identity_no = training_fixture_number(ctx, born, order),
                               .name = "李小明"};
    enum person_register answer = registry_person_register(ctx, &args, &id);
    must(answer == PERSON_REGISTER_DONE || answer == PERSON_REGISTER_KNOWN, args.identity_no);
    must(registry_person(ctx, id, &person), args.identity_no);
    return person;
}

organisation_id training_fixture_school(struct ctx *ctx)
{
    const struct actor *before = ctx->actor;
    training_fixture_act(ctx, "school");
    organisation_id school = ctx->actor->organisation;
    ctx->actor = before;
    return school;
}

/* --- classes */

struct class_application training_fixture_form(struct ctx *ctx, int n)
{
    return (struct class_application){
        .name = arena_printf(ctx->arena, "中式烹调师第%d期", n),
        .programme = "T01-COOK",
        .occupation = "4-03-02-01",
        .level = SKILL_LEVEL_JUNIOR,
        .region = "530129",
        .place = arena_printf(ctx->arena, "实训楼%d号教室", n),
        .teacher_no = training_fixture_number(ctx, "19750315", n),
        .teacher_name = "王老师",
        .starts_on = day_plus(ctx->today, 7),
        .starts_at = "09:00",
        .lesson_hours = 56,
        .daily_hours = 8,
        .capacity = 20,
        .evaluator_code = credit_code(ctx, EVALUATOR + 1),
        .exam_kind = EXAM_KIND_BOTH,
        .exam_on = DAY_NONE,
        .exam_place = "示例考核站",
    };
}

training_class_id training_fixture_draft(struct ctx *ctx, const struct class_application *form)
{
    training_class_id id;
    struct training_trouble trouble;
    struct class_application own = *form;
    if (day_is_none(own.exam_on)) {
        int64_t days = (own.lesson_hours + own.daily_hours - 1) / own.daily_hours;
        own.exam_on = day_plus(own.starts_on, (int32_t)days - 1);
    }
    training_fixture_act(ctx, "school");
    struct class_opening opening = {&own, ctx->actor->organisation};
    must(training_class_apply(ctx, &opening, &id, &trouble) == CLASS_APPLY_DONE, form->name);
    return id;
}

/* The timetable laid out, each lesson with a subject. */
void training_fixture_plan(struct ctx *ctx, training_class_id id)
{
    struct training_trouble trouble;
    struct session_list sessions = training_sessions(ctx, id);
    struct planning planning = {
        .class = id, .version = training_fixture_class(ctx, id).version, .count = sessions.count};
    planning.lessons = arena_array(ctx->arena, sessions.count, struct planned_lesson);
    for (size_t i = 0; i < sessions.count; i++)
        planning.lessons[i] = (struct planned_lesson){
            .held_on = instant_day(sessions.items[i].starts_at),
            .starts_at = instant_minutes(sessions.items[i].starts_at),
            .lesson_hours = sessions.items[i].lesson_hours,
            .kind = LESSON_KIND_PRACTICE,
            .subject = "示例内容",
            .line = (int64_t)i + 1,
        };
    must(training_plan(ctx, &planning, &trouble) == CLASS_PLAN_DONE, "plan");
}

void training_fixture_look(struct ctx *ctx, training_class_id id, enum check_finding finding)
{
    struct training_trouble trouble;
    const struct pack_site_item_list *items = &ctx->pack->site_items;
    struct site_finding_given *given =
        arena_array(ctx->arena, items->count, struct site_finding_given);
    for (size_t i = 0; i < items->count; i++)
        given[i] = (struct site_finding_given){items->items[i].key, finding, "示例"};
    struct site_checking checking = {id, ctx->today, given, items->count};
    must(training_site_check(ctx, &checking, &trouble) == SITE_CHECK_DONE, "site check");
}

training_class_id training_fixture_ready(struct ctx *ctx, const struct class_application *form)
{
    training_class_id id = training_fixture_draft(ctx, form);
    training_fixture_plan(ctx, id);
    return id;
}

training_class_id training_fixture_submitted(struct ctx *ctx, const struct class_application *form)
{
    struct training_trouble trouble;
    training_class_id id = training_fixture_ready(ctx, form);
    must(training_class_submit(ctx, id, training_fixture_class(ctx, id).version, &trouble) ==
             CLASS_SUBMIT_DONE,
         form->name);
    return id;
}

training_class_id training_fixture_approved(struct ctx *ctx, const struct class_application *form)
{
    struct training_trouble trouble;
    training_class_id id = training_fixture_submitted(ctx, form);
    struct class_verdict verdict = {.id = id,
                                    .version = training_fixture_class(ctx, id).version,
                                    .decision = CLASS_DECISION_APPROVE};
    training_fixture_act(ctx, "county");
    training_fixture_look(ctx, id, CHECK_FINDING_PASSED);
    must(training_class_review(ctx, &verdict, &trouble) == CLASS_REVIEW_DONE, form->name);
    training_fixture_act(ctx, "school");
    return id;
}

struct training_class training_fixture_class(struct ctx *ctx, training_class_id id)
{
    struct training_class class;
    must(training_class_get(ctx, id, &class), "no such class");
    return class;
}

/* --- trainees */

struct enrolling training_fixture_enrolling(training_class_id class, const struct person *person)
{
    return (struct enrolling){.class = class,
                              .person = person->id,
                              .born_on = person->born_on,
                              .is_woman = text_equal(person->sex, "female"),
                              .tags = person->tags,
                              .import_id = INT64_MIN};
}

enrolment_id training_fixture_enrol(struct ctx *ctx, training_class_id class,
                                    const struct person *person)
{
    enrolment_id id;
    struct training_trouble trouble;
    struct enrolling enrolling = training_fixture_enrolling(class, person);
    must(training_enrol(ctx, &enrolling, &id, &trouble) == CLASS_ENROL_DONE, person->identity_no);
    return id;
}

static void punch(struct ctx *ctx, const struct punching *punching)
{
    struct training_trouble trouble;
    training_fixture_at(ctx, punching->punched_at);
    must(training_punch(ctx, punching, &trouble) == CLASS_PUNCH_DONE, "a punch");
}

void training_fixture_attend(struct ctx *ctx, enrolment_id enrolment, size_t sessions)
{
    struct enrolment known;
    must(training_enrolment(ctx, enrolment, &known), "no such enrolment");
    struct session_list all = training_sessions(ctx, known.class);
    for (size_t i = 0; i < sessions && i < all.count; i++) {
        struct punching punching = {.session = all.items[i].id,
                                    .enrolment = enrolment,
                                    .kind = PUNCH_KIND_CHECK_IN,
                                    .method = PUNCH_METHOD_TEACHER_LIST,
                                    .punched_at = all.items[i].starts_at};
        punch(ctx, &punching);
        punching.kind = PUNCH_KIND_CHECK_OUT;
        punching.punched_at = all.items[i].ends_at;
        punch(ctx, &punching);
    }
}

void training_fixture_finish(struct ctx *ctx, training_class_id class)
{
    struct training_class known = training_fixture_class(ctx, class);
    training_fixture_at(ctx, day_at(day_plus(known.ends_on, 1), 9 * 60));
    must(training_class_finish(ctx, class, known.version) == CLASS_FINISH_DONE, known.name);
}
