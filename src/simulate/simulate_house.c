/* Who there is: the offices, schools and evaluation centres of the province, and their accounts. */
#include "policy/policy.h"
#include "registry/registry.h"
#include "simulate/simulate_room.h"
#include "simulate_sql.h"

const char *const SIMULATE__PLACES[PLACES] = {
    "530129", "530102", "530302", "530502", "532901", "533301", "530402", "530602", "530702",
    "530802", "530902", "532301", "532503", "532601", "532801", "533103", "533401"};

/* A place's organisations: its school, its office and its evaluation centre. */
enum { CODES_A_PLACE = 3 };

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
        return simulate__refuse(scene, account_add_info(added)->code);
    enum post_add given = registry_post_add(scene->ctx, &post, &id);
    return given == POST_ADD_DONE || simulate__refuse(scene, post_add_info(given)->code);
}

static bool add_organisation(struct scene *scene, const struct organisation_args *args,
                             organisation_id *ret)
{
    enum organisation_add added = registry_organisation_add(scene->ctx, args, ret);
    return added == ORGANISATION_ADD_DONE ||
           simulate__refuse(scene, organisation_add_info(added)->code);
}

const char *simulate__evaluator_code(struct scene *scene, int place)
{
    return simulate__credit_code(scene->ctx, CODES_A_PLACE * place + 2);
}

static bool allow_all(struct scene *scene, organisation_id school)
{
    const struct pack_programme_list *programmes = &scene->ctx->pack->programmes;
    for (size_t i = 0; i < programmes->count; i++)
        if (registry_organisation_allow(scene->ctx, school, programmes->items[i].code) !=
            ORGANISATION_SCOPE_CHANGE_DONE)
            return simulate__refuse(scene, "programme");
    return true;
}

/* Who examines the school's trainees: another organisation, and its evaluator's account. */
static bool add_evaluator(struct scene *scene, int place)
{
    struct ctx *ctx = scene->ctx;
    const char *county = pack_region(ctx->pack, SIMULATE__PLACES[place])->name;
    organisation_id evaluator;
    struct organisation_args args = {.credit_code = simulate__evaluator_code(scene, place),
                                     .name = arena_printf(ctx->arena, "%s示例技能评价中心", county),
                                     .kind = ORGANISATION_KIND_EVALUATION_ORG,
                                     .region = SIMULATE__PLACES[place],
                                     .evaluator_code =
                                         arena_printf(ctx->arena, "%04d", 9001 + place)};
    return add_organisation(scene, &args, &evaluator) && allow_all(scene, evaluator) &&
           add_account(
               scene,
               &(struct account_args){.login = arena_printf(ctx->arena, "evaluator%d", place + 1),
                                      .password_hash = scene->password_hash,
                                      .name = arena_printf(ctx->arena, "%s考评人员", county)},
               (struct post_args){.role = ROLE_EVALUATOR,
                                  .organisation = evaluator,
                                  .region = SIMULATE__PLACES[place]});
}

static bool add_place(struct scene *scene, int place)
{
    struct ctx *ctx = scene->ctx;
    const struct pack_region *county = pack_region(ctx->pack, SIMULATE__PLACES[place]);
    organisation_id school, office;
    struct organisation_args args = {
        .credit_code = simulate__credit_code(ctx, CODES_A_PLACE * place),
        .name = arena_printf(ctx->arena, "%s示例职业培训学校", county->name),
        .kind = place == 1 ? ORGANISATION_KIND_TECHNICAL_SCHOOL
                           : ORGANISATION_KIND_TRAINING_INSTITUTION,
        .region = SIMULATE__PLACES[place],
        .bank_account = simulate__bank_account(ctx, place),
        .bank_name = "示例农村商业银行"};
    if (!add_organisation(scene, &args, &school))
        return false;
    args = (struct organisation_args){
        .credit_code = simulate__credit_code(ctx, CODES_A_PLACE * place + 1),
        .name = arena_printf(ctx->arena, "%s人力资源和社会保障局", county->name),
        .kind = ORGANISATION_KIND_HRSS_DEPARTMENT,
        .region = SIMULATE__PLACES[place]};
    if (!add_organisation(scene, &args, &office) || !allow_all(scene, school))
        return false;
    for (size_t i = 0; i < sizeof POSTS / sizeof POSTS[0]; i++) {
        struct account_args account = {
            .login = arena_printf(ctx->arena, "%s%d", POSTS[i].login, place + 1),
            .password_hash = scene->password_hash,
            .name = arena_printf(ctx->arena, "%s%s", county->name, POSTS[i].name)};
        struct post_args post = {.role = POSTS[i].role,
                                 .organisation = POSTS[i].is_school ? school : office,
                                 .region = SIMULATE__PLACES[place]};
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
        return simulate__refuse(scene, first_administrator_info(made)->code);
    sql_demonstration_begin(scene->ctx, scene->simulation->seed, scene->ctx->now);
    return registry_act_as(scene->ctx, "admin") || simulate__refuse(scene, "admin");
}

struct office_plan {
    const char *name;
    const char *region;
    struct post_plan posts[3];
};
/* Above the counties: the first one's prefecture, and the province. */
static const struct office_plan UPPER_OFFICES[] = {
    {"昆明市人力资源和社会保障局",
     "530100",
     {{"prefecture1", "市人社局经办", ROLE_PREFECTURE_OFFICER, false}}},
    {"示例省人力资源和社会保障厅",
     "530000",
     {{"province", "省人社厅经办", ROLE_PROVINCE_OFFICER, false},
      {"auditor", "审计人员", ROLE_AUDITOR, false}}},
};
enum { UPPER_OFFICE_COUNT = sizeof UPPER_OFFICES / sizeof UPPER_OFFICES[0] };

static bool add_upper_office(struct scene *scene, int number)
{
    const struct office_plan *plan = &UPPER_OFFICES[number];
    organisation_id office;
    struct organisation_args args = {
        .credit_code = simulate__credit_code(scene->ctx, CODES_A_PLACE * PLACES + number),
        .name = plan->name,
        .kind = ORGANISATION_KIND_HRSS_DEPARTMENT,
        .region = plan->region};
    if (!add_organisation(scene, &args, &office))
        return false;
    for (const struct post_plan *post = plan->posts; post->login != NULL; post++)
        if (!add_account(scene,
                         &(struct account_args){.login = post->login,
                                                .password_hash = scene->password_hash,
                                                .name = post->name},
                         (struct post_args){.role = post->role, .organisation = office}))
            return false;
    return true;
}

bool simulate__add_house(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    (void)ctx;
    if (!begin_house(scene))
        return false;
    for (int place = 0; place < PLACES; place++)
        if (!add_place(scene, place))
            return false;
    for (int number = 0; number < UPPER_OFFICE_COUNT; number++)
        if (!add_upper_office(scene, number))
            return false;
    return true;
}

bool simulate__add_own_account(struct scene *scene, const struct own_account *own)
{
    const struct actor *before = scene->ctx->actor;
    bool is_added =
        (registry_act_as(scene->ctx, "admin") || simulate__refuse(scene, "admin")) &&
        add_account(scene,
                    &(struct account_args){.login = own->login,
                                           .password_hash = scene->password_hash,
                                           .name = own->name,
                                           .person = own->person},
                    (struct post_args){.role = own->role,
                                       .organisation = own->organisation,
                                       .region = SIMULATE__PLACES[scene->class->place]});
    scene->ctx->actor = before;
    return is_added;
}
