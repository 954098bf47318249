/* The province's year: who there is, and one class after the other. */
#include "simulate/simulate.h"

#include <inttypes.h>
#include <string.h>

#include "evaluation/evaluation.h"
#include "notice/notice.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "simulate/simulate_people.h"
#include "store/store.h"
#include "subsidy/subsidy.h"
#include "training/training.h"

enum {
    COUNTIES = 6,
    CLASS_PEOPLE_MOST = 20,
    DAILY_HOURS = 8,
    STAGES = 9, /* a class ends its way after one of these; most reach the last */
    SCENE_ARENA_BYTES = 256 * 1024 * 1024,
    NINE_O_CLOCK = 9 * 60,
};

/* Where the simulated institutions are. */
static const char *const PLACES[COUNTIES] = {"530129", "530102", "530302",
                                             "530502", "532901", "533301"};
static const char PROVINCE[] = "530000";

struct scene {
    struct store *store;
    struct ctx *ctx;
    const struct simulation *simulation;
    const char *password_hash;
    struct dice dice;
    const char *refusal;
    int64_t next_person;
    /* of the class that is being played */
    int64_t number;
    int place;
    struct day first_day;
    const struct pack_programme *programme;
    training_class_id class;
    subsidy_claim_id claim;
    public_notice_id notice;
};

static bool refuse(struct scene *scene, const char *code)
{
    scene->refusal = code;
    return false;
}

/* One step of the story: at a day and hour, by an account, in a transaction of its own. */
static bool play(struct scene *scene, struct day day, int minutes, store_work *work)
{
    scene->ctx->now = day_at(day, minutes);
    scene->ctx->today = day;
    enum store_result result = store_write(scene->store, scene->ctx, work, scene);
    if (result != STORE_DONE && scene->refusal == NULL)
        scene->refusal = "store";
    return result == STORE_DONE;
}

static bool act(struct scene *scene, const char *kind, int place)
{
    const char *login = arena_printf(scene->ctx->arena, "%s%d", kind, place + 1);
    return registry_act_as(scene->ctx, login) || refuse(scene, login);
}

/* --- who there is */

struct post_plan {
    const char *login;
    const char *name;
    enum role role;
    bool is_school;
};
static const struct post_plan POSTS[] = {
    {"school", "培训学校教务", ROLE_INSTITUTION_CLERK, true},
    {"head", "培训学校校长", ROLE_INSTITUTION_HEAD, true},
    {"county", "县人社局经办", ROLE_COUNTY_OFFICER, false},
    {"chief", "县人社局复核", ROLE_COUNTY_CHIEF, false},
    {"cashier", "财务经办", ROLE_FINANCE_CLERK, false},
    {"treasurer", "财务复核", ROLE_FINANCE_CHIEF, false},
};

static bool add_account(struct scene *scene, const struct account_args *args, struct post_args post)
{
    post_id id;
    enum account_add added = registry_account_add(scene->ctx, args, &post.account);
    if (added != ACCOUNT_ADD_DONE)
        return refuse(scene, account_add_info(added)->code);
    enum post_add given = registry_post_add(scene->ctx, &post, &id);
    return given == POST_ADD_DONE || refuse(scene, post_add_info(given)->code);
}

static bool add_organisation(struct scene *scene, const struct organisation_args *args,
                             organisation_id *ret)
{
    enum organisation_add added = registry_organisation_add(scene->ctx, args, ret);
    return added == ORGANISATION_ADD_DONE || refuse(scene, organisation_add_info(added)->code);
}

static const char *evaluator_credit_code(struct scene *scene, int place)
{
    return simulate__credit_code(scene->ctx, COUNTIES * 2 + 1 + place);
}

static bool allow_all(struct scene *scene, organisation_id school)
{
    const struct pack_programme_list *programmes = &scene->ctx->pack->programmes;
    for (size_t i = 0; i < programmes->count; i++)
        if (registry_organisation_allow(scene->ctx, school, programmes->items[i].code) !=
            ORGANISATION_SCOPE_CHANGE_DONE)
            return refuse(scene, "programme");
    return true;
}

/* Who examines the school's trainees: another organisation, and its evaluator's account. */
static bool add_evaluator(struct scene *scene, int place)
{
    struct ctx *ctx = scene->ctx;
    const char *county = pack_region(ctx->pack, PLACES[place])->name;
    organisation_id evaluator;
    struct organisation_args args = {.credit_code = evaluator_credit_code(scene, place),
                                     .name = arena_printf(ctx->arena, "%s示例技能评价中心", county),
                                     .kind = ORGANISATION_KIND_EVALUATION_ORG,
                                     .region = PLACES[place],
                                     .evaluator_code =
                                         arena_printf(ctx->arena, "%04d", 9001 + place)};
    return add_organisation(scene, &args, &evaluator) && allow_all(scene, evaluator) &&
           add_account(
               scene,
               &(struct account_args){.login = arena_printf(ctx->arena, "evaluator%d", place + 1),
                                      .password_hash = scene->password_hash,
                                      .name = arena_printf(ctx->arena, "%s考评人员", county)},
               (struct post_args){
                   .role = ROLE_EVALUATOR, .organisation = evaluator, .region = PLACES[place]});
}

static bool add_place(struct scene *scene, int place)
{
    struct ctx *ctx = scene->ctx;
    const struct pack_region *county = pack_region(ctx->pack, PLACES[place]);
    organisation_id school, office;
    struct organisation_args args = {
        .credit_code = simulate__credit_code(ctx, place * 2),
        .name = arena_printf(ctx->arena, "%s示例职业培训学校", county->name),
        .kind = place == 1 ? ORGANISATION_KIND_TECHNICAL_SCHOOL
                           : ORGANISATION_KIND_TRAINING_INSTITUTION,
        .region = PLACES[place],
        .bank_account = simulate__bank_account(ctx, place),
        .bank_name = "示例农村商业银行"};
    if (!add_organisation(scene, &args, &school))
        return false;
    args = (struct organisation_args){
        .credit_code = simulate__credit_code(ctx, place * 2 + 1),
        .name = arena_printf(ctx->arena, "%s人力资源和社会保障局", county->name),
        .kind = ORGANISATION_KIND_HRSS_DEPARTMENT,
        .region = PLACES[place]};
    if (!add_organisation(scene, &args, &office) || !allow_all(scene, school))
        return false;
    for (size_t i = 0; i < sizeof POSTS / sizeof POSTS[0]; i++) {
        struct account_args account = {
            .login = arena_printf(ctx->arena, "%s%d", POSTS[i].login, place + 1),
            .password_hash = scene->password_hash,
            .name = arena_printf(ctx->arena, "%s%s", county->name, POSTS[i].name)};
        struct post_args post = {.role = POSTS[i].role,
                                 .organisation = POSTS[i].is_school ? school : office,
                                 .region = PLACES[place]};
        if (!add_account(scene, &account, post))
            return false;
    }
    return add_evaluator(scene, place);
}

/* The administrator comes first: all others are made by that account. */
static bool begin_house(struct scene *scene)
{
    enum first_administrator made = registry_create_first_administrator(
        scene->ctx, &(struct first_administrator_args){.login = "admin",
                                                       .password_hash = scene->password_hash,
                                                       .name = "系统管理员"});
    if (made != FIRST_ADMINISTRATOR_DONE)
        return refuse(scene, first_administrator_info(made)->code);
    return registry_act_as(scene->ctx, "admin") || refuse(scene, "admin");
}

static bool add_offices(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    organisation_id office;
    if (!begin_house(scene))
        return false;
    for (int place = 0; place < COUNTIES; place++)
        if (!add_place(scene, place))
            return false;
    struct organisation_args department = {.credit_code = simulate__credit_code(ctx, COUNTIES * 2),
                                           .name = "示例省人力资源和社会保障厅",
                                           .kind = ORGANISATION_KIND_HRSS_DEPARTMENT,
                                           .region = PROVINCE};
    if (!add_organisation(scene, &department, &office))
        return false;
    static const struct post_plan province[] = {
        {"province", "省人社厅经办", ROLE_PROVINCE_OFFICER, false},
        {"auditor", "审计人员", ROLE_AUDITOR, false},
    };
    for (size_t i = 0; i < sizeof province / sizeof province[0]; i++)
        if (!add_account(scene,
                         &(struct account_args){.login = province[i].login,
                                                .password_hash = scene->password_hash,
                                                .name = province[i].name},
                         (struct post_args){.role = province[i].role, .organisation = office}))
            return false;
    return true;
}

/* The first worker of the first class signs in as "worker1". */
static bool add_worker_account(struct scene *scene, person_id person, const char *name)
{
    const struct actor *enroller = scene->ctx->actor;
    bool is_added = (registry_act_as(scene->ctx, "admin") || refuse(scene, "admin")) &&
                    add_account(scene,
                                &(struct account_args){.login = "worker1",
                                                       .password_hash = scene->password_hash,
                                                       .name = name,
                                                       .person = person},
                                (struct post_args){.role = ROLE_WORKER, .region = PLACES[0]});
    scene->ctx->actor = enroller;
    return is_added;
}

/* --- one class, step by step */

static bool apply(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    struct training_trouble trouble;
    const struct pack_teaches *teaches =
        scene->programme->teaches.count == 0 ? NULL : &scene->programme->teaches.items[0];
    const struct pack_level *level = NULL;
    for (size_t i = 0; teaches != NULL && i < ctx->pack->levels.count && level == NULL; i++)
        if ((teaches->levels >> ctx->pack->levels.items[i].rank & 1) != 0)
            level = &ctx->pack->levels.items[i];
    struct made_person teacher = simulate__person(ctx, scene->simulation->seed,
                                                  9000000 + scene->number, PLACES[scene->place]);
    struct class_application form = {
        .name = arena_printf(ctx->arena, "%s第%" PRId64 "期",
                             pack_say(scene->programme->name, LANGUAGE_ZH), scene->number + 1),
        .programme = scene->programme->code,
        .occupation = teaches == NULL ? NULL : teaches->occupation->code,
        .region = PLACES[scene->place],
        .place = arena_printf(ctx->arena, "实训楼%" PRId64 "教室", 100 + scene->number),
        .teacher_no = teacher.identity_no,
        .teacher_name = teacher.name,
        .starts_on = scene->first_day,
        .starts_at = "09:00",
        .lesson_hours = scene->programme->lessons_least,
        .daily_hours = scene->programme->lessons_least < DAILY_HOURS
                           ? scene->programme->lessons_least
                           : DAILY_HOURS,
        .capacity = CLASS_PEOPLE_MOST,
        .evaluator_code = evaluator_credit_code(scene, scene->place),
    };
    if (level != NULL && !skill_level_parse(level->code, &form.level))
        return refuse(scene, "level");
    if (!act(scene, "school", scene->place))
        return false;
    struct class_opening opening = {.form = &form, .organisation = ctx->actor->organisation};
    enum class_apply applied = training_class_apply(ctx, &opening, &scene->class, &trouble);
    return applied == CLASS_APPLY_DONE || refuse(scene, class_apply_info(applied)->code);
}

static int64_t class_version(struct scene *scene)
{
    struct training_class class = {0};
    training_class_get(scene->ctx, scene->class, &class);
    return class.version;
}

static bool submit(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    struct training_trouble trouble;
    if (!act(scene, "school", scene->place))
        return false;
    enum class_submit answer =
        training_class_submit(ctx, scene->class, class_version(scene), &trouble);
    return answer == CLASS_SUBMIT_DONE || refuse(scene, class_submit_info(answer)->code);
}

static bool approve(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    struct training_trouble trouble;
    if (!act(scene, "county", scene->place))
        return false;
    struct class_verdict verdict = {
        .id = scene->class, .version = class_version(scene), .decision = CLASS_DECISION_APPROVE};
    enum class_review answer = training_class_review(ctx, &verdict, &trouble);
    return answer == CLASS_REVIEW_DONE || refuse(scene, class_review_info(answer)->code);
}

static bool enrol_one(struct scene *scene)
{
    struct ctx *ctx = scene->ctx;
    struct training_trouble trouble;
    struct person person;
    enrolment_id enrolment;
    bool is_first = scene->next_person == 0;
    struct made_person made =
        simulate__person(ctx, scene->simulation->seed, scene->next_person++, PLACES[scene->place]);
    struct enrolling enrolling = {.class = scene->class, .import_id = INT64_MIN};
    const struct pack_programme *programme = scene->programme;
    const char *group = NULL;
    if (programme->target_group_count > 0)
        group =
            programme->target_groups[simulate__roll(&scene->dice, programme->target_group_count)]
                ->code;
    enum person_register registered = registry_person_register(
        ctx,
        &(struct person_args){.identity_no = made.identity_no,
                              .name = made.name,
                              .phone = made.phone,
                              .region = PLACES[scene->place],
                              .bank_account = made.bank_account,
                              .bank_name = "示例农村商业银行",
                              .tags =
                                  group == NULL ? NULL : arena_printf(ctx->arena, "|%s|", group)},
        &enrolling.person);
    if (registered != PERSON_REGISTER_DONE || !registry_person(ctx, enrolling.person, &person))
        return refuse(scene, person_register_info(registered)->code);
    enrolling.born_on = person.born_on;
    enrolling.is_woman = text_equal(person.sex, "female");
    enrolling.tags = person.tags;
    enum class_enrol answer = training_enrol(ctx, &enrolling, &enrolment, &trouble);
    if (answer != CLASS_ENROL_DONE)
        return refuse(scene, class_enrol_info(answer)->code);
    return !is_first || add_worker_account(scene, enrolling.person, made.name);
}

static bool enrol(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    int64_t share = scene->simulation->people /
                    (scene->simulation->classes > 0 ? scene->simulation->classes : 1);
    int64_t count = share < 1 ? 1 : share > CLASS_PEOPLE_MOST ? CLASS_PEOPLE_MOST : share;
    (void)ctx;
    if (!act(scene, "school", scene->place))
        return false;
    for (int64_t i = 0; i < count; i++)
        if (!enrol_one(scene))
            return false;
    return true;
}

static bool punch_all(struct scene *scene, const struct session *session, enum punch_kind kind,
                      struct instant at)
{
    struct training_trouble trouble;
    struct enrolment_list trainees = training_enrolments(scene->ctx, scene->class);
    for (size_t i = 0; i < trainees.count; i++) {
        /* One in forty lessons is missed. */
        if (simulate__roll(&scene->dice, 40) == 0)
            continue;
        struct punching punching = {.session = session->id,
                                    .enrolment = trainees.items[i].id,
                                    .kind = kind,
                                    .method = PUNCH_METHOD_TEACHER_LIST,
                                    .punched_at = at};
        enum class_punch answer = training_punch(scene->ctx, &punching, &trouble);
        if (answer != CLASS_PUNCH_DONE && answer != CLASS_PUNCH_NOT_CHECKED_IN)
            return refuse(scene, class_punch_info(answer)->code);
    }
    return true;
}

static bool attend(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    if (!act(scene, "school", scene->place))
        return false;
    struct session_list sessions = training_sessions(ctx, scene->class);
    for (size_t i = 0; i < sessions.count; i++)
        if (!punch_all(scene, &sessions.items[i], PUNCH_KIND_CHECK_IN,
                       sessions.items[i].starts_at) ||
            !punch_all(scene, &sessions.items[i], PUNCH_KIND_CHECK_OUT, sessions.items[i].ends_at))
            return false;
    return true;
}

static bool finish(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    if (!act(scene, "school", scene->place))
        return false;
    enum class_finish answer = training_class_finish(ctx, scene->class, class_version(scene));
    return answer == CLASS_FINISH_DONE || refuse(scene, class_finish_info(answer)->code);
}

static bool examine(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    if (!act(scene, "evaluator", scene->place))
        return false;
    struct enrolment_list trainees = training_enrolments(ctx, scene->class);
    struct result_line *lines = arena_array(ctx->arena, trainees.count, struct result_line);
    for (size_t i = 0; i < trainees.count; i++)
        lines[i] = (struct result_line){trainees.items[i].id,
                                        52 + (int64_t)simulate__roll(&scene->dice, 48)};
    enum results_record answer = evaluation_record(ctx, scene->class, lines, trainees.count);
    return answer == RESULTS_RECORD_DONE || refuse(scene, results_record_info(answer)->code);
}

static bool claim(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    struct claim_trouble trouble;
    if (!act(scene, "school", scene->place))
        return false;
    enum claim_make answer = subsidy_claim_make(ctx, scene->class, &scene->claim, &trouble);
    return answer == CLAIM_MAKE_DONE || refuse(scene, claim_make_info(answer)->code);
}

static bool review_claim(struct scene *scene, const char *who)
{
    struct subsidy_claim claim;
    if (!act(scene, who, scene->place) || !subsidy_claim_of_class(scene->ctx, scene->class, &claim))
        return refuse(scene, "claim");
    scene->notice = claim.notice;
    struct claim_verdict verdict = {
        .id = claim.id, .version = claim.version, .decision = CLAIM_DECISION_APPROVE};
    enum claim_review answer = subsidy_review(scene->ctx, &verdict);
    return answer == CLAIM_REVIEW_DONE || refuse(scene, claim_review_info(answer)->code);
}

static bool first_review(struct ctx *ctx, void *argument)
{
    (void)ctx;
    return review_claim(argument, "county");
}

static bool second_review(struct ctx *ctx, void *argument)
{
    (void)ctx;
    return review_claim(argument, "chief");
}

static bool release(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    if (!act(scene, "chief", scene->place))
        return false;
    enum claim_release answer = subsidy_release(ctx, scene->claim);
    return answer == CLAIM_RELEASE_DONE || refuse(scene, claim_release_info(answer)->code);
}

static bool pay(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    payment_batch_id batch;
    int64_t settled;
    if (!act(scene, "cashier", scene->place))
        return false;
    enum batch_make made = fund_batch_make(ctx, &batch);
    if (made != BATCH_MAKE_DONE)
        return refuse(scene, batch_make_info(made)->code);
    if (!act(scene, "treasurer", scene->place))
        return false;
    enum batch_approve approved = fund_batch_approve(ctx, batch);
    if (approved != BATCH_APPROVE_DONE || !act(scene, "cashier", scene->place))
        return refuse(scene, batch_approve_info(approved)->code);
    struct payment_list payments = fund_payments(ctx, batch);
    struct bank_result *lines = arena_array(ctx->arena, payments.count, struct bank_result);
    for (size_t i = 0; i < payments.count; i++)
        lines[i] = (struct bank_result){.payment = payments.items[i].id,
                                        .amount_fen = payments.items[i].amount_fen,
                                        .is_paid = true};
    struct bank_file file = {batch, lines, payments.count};
    enum batch_result answer = fund_batch_result(ctx, &file, subsidy_settled, &settled);
    return answer == BATCH_RESULT_DONE || refuse(scene, batch_result_info(answer)->code);
}

/* The simulated people are 22 to 40. */
static bool suits_ages(const struct pack_programme *programme)
{
    return programme->age_least <= 22 &&
           (programme->age_most == PACK_NUMBER_NONE || programme->age_most >= 40);
}

/* The programmes that a class of the simulation may be of. */
static const struct pack_programme *pick_programme(struct scene *scene)
{
    const struct pack_programme_list *programmes = &scene->ctx->pack->programmes;
    for (uint64_t i = 0; i < programmes->count; i++) {
        const struct pack_programme *programme =
            &programmes->items[((uint64_t)scene->number + i) % programmes->count];
        bool is_short = programme->lessons_least > 0 && programme->lessons_least <= 80;
        if (programme->is_subsidised && is_short &&
            pack_programme_runs(programme, scene->first_day) && suits_ages(programme) &&
            pack_class_size_most(scene->ctx->pack, programme, scene->first_day) >=
                CLASS_PEOPLE_MOST)
            return programme;
    }
    return NULL;
}

/* Working days and weekends alike: a class of up to ten days, and what follows it. */
static bool play_class(struct scene *scene, int stages)
{
    static const struct {
        int after; /* days after the first day; negative: before */
        store_work *work;
    } story[] = {{-12, apply},       {-12, submit},       {-9, approve}, {-5, enrol},
                 {11, attend},       {12, finish},        {13, examine}, {15, claim},
                 {16, first_review}, {17, second_review}, {32, release}, {33, pay}};
    static const int last_step[STAGES] = {2, 3, 4, 5, 7, 8, 9, 10, 12};
    for (int i = 0; i < last_step[stages]; i++)
        if (!play(scene, day_plus(scene->first_day, story[i].after), NINE_O_CLOCK + i,
                  story[i].work))
            return false;
    return true;
}

static bool play_all(struct scene *scene)
{
    struct day new_year, last;
    struct instant end;
    if (!day_parse("2025-02-10", &new_year) || !instant_parse(SIMULATE_ENDS, &end))
        return false;
    last = instant_day(end);
    int64_t classes = scene->simulation->classes;
    int32_t span = day_minus(last, new_year) - 50;
    for (scene->number = 0; scene->number < classes; scene->number++) {
        /* The last classes stand at every stage of their way on the day that the simulation ends.
         */
        static const int since_start[STAGES] = {-10, -8, -4, 11, 13, 15, 16, 17, 40};
        int64_t left = classes - 1 - scene->number;
        int stage = left < STAGES - 1 ? (int)left : STAGES - 1;
        scene->place = (int)(scene->number % COUNTIES);
        scene->first_day = stage == STAGES - 1
                               ? day_plus(new_year, (int32_t)(scene->number * span / (classes + 1)))
                               : day_plus(last, -since_start[stage]);
        scene->programme = pick_programme(scene);
        if (scene->programme == NULL)
            return refuse(scene, "programme");
        struct arena *outer = scene->ctx->arena;
        scene->ctx->arena = arena_new(SCENE_ARENA_BYTES);
        bool is_played = play_class(scene, stage);
        if (!is_played)
            scene->refusal =
                arena_printf(outer, "class %" PRId64 ": %s", scene->number + 1, scene->refusal);
        arena_free(scene->ctx->arena);
        scene->ctx->arena = outer;
        if (!is_played)
            return false;
    }
    return true;
}

bool simulate_province(struct store *store, struct ctx *ctx, const struct simulation *simulation,
                       const char **ret_refusal)
{
    struct ctx own = *ctx;
    struct scene scene = {.store = store,
                          .ctx = &own,
                          .simulation = simulation,
                          .password_hash = registry_hash_password(ctx, SIMULATE_PASSWORD),
                          .dice = {(uint64_t)simulation->seed}};
    struct day first;
    bool is_done = day_parse("2025-01-06", &first) &&
                   play(&scene, first, NINE_O_CLOCK, add_offices) && play_all(&scene);
    *ret_refusal = scene.refusal;
    return is_done;
}

void simulate_describe(struct buffer *out)
{
    buffer_add(out, "demo sign-ins (password " SIMULATE_PASSWORD "):\n"
                    "  school1    培训机构经办 institution clerk\n"
                    "  evaluator1 考评人员 evaluator\n"
                    "  county1    县级经办 county officer\n"
                    "  chief1     县级复核 county chief\n"
                    "  cashier1   财务经办 finance clerk\n"
                    "  treasurer1 财务复核 finance chief\n"
                    "  worker1    劳动者 worker\n"
                    "  province   省级 province, auditor 审计, admin 管理员\n");
}
