/* The administrator's desk: accounts and their posts. A code of invitation is shown once. */
#include <string.h>

#include "base/text.h"
#include "dictionary/table.h"
#include "ledger/ledger.h"
#include "registry/registry_room.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/show.h"

/* --- the list */

static const struct table_column COLUMNS[] = {{"name", .leads = true},
                                              {.field = "login"},
                                              {"state", .may_filter = true},
                                              {.field = "signed_in_on"},
                                              {0}};

static enum account_state wanted_state(const struct table_query *query)
{
    const char *code = table_wanted(query, &account_line_entity, "state");
    enum account_state state;
    return code != NULL && account_state_parse(code, &state) ? state : ACCOUNT_STATE_NONE;
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    (void)argument;
    return sql_accounts_in_region(
        ctx, &(struct sql_accounts_in_region){.region_prefix = registry_actor_region_prefix(ctx),
                                              .state = wanted_state(query),
                                              .wanted = query->q,
                                              .after = {query->after},
                                              .most = query->most});
}

static struct day day_of(struct instant instant)
{
    return instant_is_none(instant) ? DAY_NONE : instant_day(instant);
}

static bool next_row(struct ctx *ctx, void *argument, void *ret)
{
    (void)ctx;
    struct account account;
    if (!sql_account_next(argument, &account))
        return false;
    *(struct account_line *)ret = (struct account_line){
        .name = account.name,
        .login = account.login,
        .state = account.state,
        .signed_in_on = day_of(account.signed_in_at),
        .account = account.id,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    (void)argument;
    return sql_accounts_in_region_count(ctx, &(struct sql_accounts_in_region_count){
                                                 .region_prefix = registry_actor_region_prefix(ctx),
                                                 .state = wanted_state(query),
                                                 .wanted = query->q,
                                                 .most = most});
}

const char *registry__account_path(struct ctx *ctx, account_id id)
{
    return arena_printf(ctx->arena, "/desk/account/%s", show_id(ctx, id.v));
}

static const char *row_path(struct ctx *ctx, const void *row)
{
    return registry__account_path(ctx, ((const struct account_line *)row)->account);
}

struct reply registry__show_accounts(struct ctx *ctx)
{
    struct table table = {.entity = &account_line_entity,
                          .path = "/desk/accounts",
                          .keyed_by = "account",
                          .columns = COLUMNS,
                          .may_search = true,
                          .lists = registry_lists,
                          .source = {NULL, open_rows, next_row, count_rows, row_path}};
    return table_reply(ctx, &table,
                       &(struct table_head){.title = "registry.accounts",
                                            .up = "registry.desk",
                                            .up_path = "/desk",
                                            .act = "registry.account_new",
                                            .act_path = "/desk/account/new"});
}

/* --- a new account */

static struct reply new_reply(struct ctx *ctx, const struct field_faults *faults,
                              const char *problem, int status)
{
    struct account_new_page_model *model = arena_one(ctx->arena, struct account_new_page_model);
    *model = (struct account_new_page_model){.problem = problem,
                                             .form = {.entity = &account_form_entity,
                                                      .faults = faults,
                                                      .lists = registry_lists,
                                                      .is_echo = request_is_post(ctx)}};
    return reply_page(&account_new_page_page, model, status);
}

struct reply registry__show_account_new(struct ctx *ctx)
{
    return new_reply(ctx, NULL, NULL, 200);
}

/* What the form says of a post; an unknown organisation is found unfit by the rule. */
static struct post_args post_of(struct ctx *ctx, account_id account, const struct post_form *form)
{
    struct organisation organisation;
    struct post_args args = {.account = account, .region = form->region};
    if (!role_parse(form->role, &args.role))
        args.role = ROLE_NONE; /* cannot be: the form's list has roles only */
    bool is_named = form->organisation_code != NULL;
    if (is_named && registry_organisation_by_code(ctx, form->organisation_code, &organisation))
        args.organisation = organisation.id;
    else if (is_named)
        args.organisation = (organisation_id){INT64_MAX};
    return args;
}

/* Whom the number names; an unknown one is refused by the rule. */
static person_id person_of(struct ctx *ctx, const char *identity_no)
{
    struct person person;
    if (identity_no == NULL)
        return (person_id){0};
    bool is_known = registry_person_by_number(ctx, identity_no, &person);
    return is_known ? person.id : (person_id){INT64_MAX};
}

/* The account with its first post: both or none. */
static const struct outcome_info *add_both(struct ctx *ctx, const struct account_form *form,
                                           account_id *ret)
{
    post_id post;
    struct account_args args = {.login = form->login,
                                .password_hash = registry__nobodys_hash,
                                .is_password_initial = true,
                                .name = form->name,
                                .person = person_of(ctx, form->identity_no)};
    enum account_add added = registry_account_add(ctx, &args, ret);
    if (added == ACCOUNT_ADD_PERSON_HAS_ACCOUNT)
        added = registry_account_join(ctx, args.person, form->login, ret);
    if (added != ACCOUNT_ADD_DONE && added != ACCOUNT_ADD_JOINED)
        return account_add_info(added);
    struct post_form rights = {form->role, form->organisation_code, form->region};
    struct post_args wanted = post_of(ctx, *ret, &rights);
    enum post_add answer = registry_post_add(ctx, &wanted, &post);
    return answer == POST_ADD_DONE ? account_add_info(added) : post_add_info(answer);
}

struct reply registry__post_account_new(struct ctx *ctx)
{
    struct account_form form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    account_id id;
    if (!entity_read(ctx, &account_form_entity, form_source, NULL, registry_lists, &form, faults))
        return new_reply(ctx, faults, NULL, 422);
    const struct outcome_info *info = add_both(ctx, &form, &id);
    if (info == account_add_info(ACCOUNT_ADD_JOINED))
        return reply_outcome(ctx, info, registry__account_path(ctx, id));
    if (info->status < 400)
        return registry__invited(ctx, info,
                                 &(struct invited){.name = form.name,
                                                   .login = registry__login(ctx, form.login),
                                                   .code = registry__invite(ctx, id),
                                                   .back_path = registry__account_path(ctx, id)});
    if (request_wants_json(ctx))
        return reply_outcome(ctx, info, NULL);
    return new_reply(ctx, NULL, words(ctx, info->code), info->status);
}

/* --- one account */

/* The office account that the path names, where one of its posts is the actor's to look after. */
bool registry__account_asked(struct ctx *ctx, struct account *ret)
{
    account_id id;
    return request_id(ctx, "account", &id.v) && sql_account_by_id(ctx, id, ret) &&
           ret->login != NULL && sql_posts_inside(ctx, id, registry_actor_region_prefix(ctx)) > 0;
}

static void fill_posts(struct ctx *ctx, const struct account *account,
                       struct account_desk_page_model *model)
{
    struct post_list posts = sql_posts_of(ctx, account->id);
    model->posts.count = posts.count;
    model->posts.items = arena_array(ctx->arena, posts.count, struct account_desk_page_post);
    for (size_t i = 0; i < posts.count; i++)
        model->posts.items[i] = (struct account_desk_page_post){
            .post = posts.items[i].id,
            .role = posts.items[i].role,
            .organisation_name = posts.items[i].organisation_name,
            .region_name = registry__region_name(ctx, posts.items[i].region),
            .began_at = posts.items[i].began_at,
        };
}

/* "teacher 530129", as posts stand in the trace, in words; any other note as it is. */
static const char *note_words(struct ctx *ctx, const char *note)
{
    const char *space = note == NULL ? NULL : strchr(note, ' ');
    enum role role;
    if (space == NULL || !role_parse(arena_text_n(ctx->arena, note, (size_t)(space - note)), &role))
        return note;
    return arena_printf(ctx->arena, "%s %s", show_enum(ctx, "role", role_code(role)),
                        registry__region_name(ctx, space + 1));
}

static void fill_acts(struct ctx *ctx, const struct account *account,
                      struct account_desk_page_model *model)
{
    struct trace_entry_list traces = ledger_traces(ctx, "account", account->id.v);
    model->acts.count = traces.count;
    model->acts.items = arena_array(ctx->arena, traces.count, struct account_desk_page_act);
    for (size_t i = 0; i < traces.count; i++)
        model->acts.items[i] = (struct account_desk_page_act){
            .done_at = traces.items[i].done_at,
            .actor_name = traces.items[i].actor_name,
            .action = traces.items[i].action,
            .note = note_words(ctx, traces.items[i].note),
        };
}

static struct reply account_reply(struct ctx *ctx, const struct account *account,
                                  const struct field_faults *faults, const char *problem,
                                  int status)
{
    bool is_own = account->id.v == ctx->actor->account.v;
    bool is_active = account->state == ACCOUNT_STATE_ACTIVE;
    struct second_factor factor;
    bool has_factor = registry__factor(ctx, account->id, &factor);
    struct single_link link;
    bool is_linked = sql_account_link_of(ctx, account->id, &link);
    struct account_desk_page_model *model = arena_one(ctx->arena, struct account_desk_page_model);
    *model = (struct account_desk_page_model){
        .id = account->id,
        .name = account->name,
        .login = account->login,
        .state = account->state,
        .signed_in_at = account->signed_in_at,
        .factor_since = factor.since,
        .single_name = registry__single_name(ctx),
        .is_linked = is_linked,
        .linked_at = is_linked ? link.linked_at : INSTANT_NONE,
        .linked_by = is_linked ? link.by_name : NULL,
        .link = {.entity = &link_form_entity},
        .may_change = !is_own,
        .may_reset_factor = !is_own && has_factor,
        .may_suspend = !is_own && is_active,
        .may_resume = !is_own && !is_active,
        .problem = problem,
        .form = {.entity = &post_form_entity,
                 .faults = faults,
                 .lists = registry_lists,
                 .is_echo = request_is_post(ctx)},
    };
    fill_posts(ctx, account, model);
    fill_acts(ctx, account, model);
    return reply_page(&account_desk_page_page, model, status);
}

struct reply registry__account_with_link(struct ctx *ctx, const struct account *account,
                                         const struct field_faults *faults)
{
    struct reply reply = account_reply(ctx, account, NULL, NULL, 422);
    struct account_desk_page_model *model =
        (struct account_desk_page_model *)(uintptr_t)reply.model;
    model->form.is_echo = false;
    model->link.faults = faults;
    model->link.is_echo = true;
    return reply;
}

struct reply registry__show_account(struct ctx *ctx)
{
    struct account account;
    return registry__account_asked(ctx, &account) ? account_reply(ctx, &account, NULL, NULL, 200)
                                                  : reply_not_found(ctx);
}

struct reply registry__post_account_password(struct ctx *ctx)
{
    struct account account;
    const char *code;
    if (!registry__account_asked(ctx, &account))
        return reply_not_found(ctx);
    enum password_reset answer = registry_password_reset(ctx, account.id, &code);
    const struct outcome_info *info = password_reset_info(answer);
    const struct invited invited = {.name = account.name,
                                    .login = account.login,
                                    .code = code,
                                    .back_path = registry__account_path(ctx, account.id)};
    return answer == PASSWORD_RESET_DONE ? registry__invited(ctx, info, &invited)
                                         : reply_outcome(ctx, info, NULL);
}

struct reply registry__post_account_factor_reset(struct ctx *ctx)
{
    struct account account;
    if (!registry__account_asked(ctx, &account))
        return reply_not_found(ctx);
    enum factor_reset answer = registry_factor_reset(ctx, account.id);
    return reply_outcome(ctx, factor_reset_info(answer), registry__account_path(ctx, account.id));
}

struct reply registry__post_account_state(struct ctx *ctx)
{
    struct account account;
    enum account_state next;
    if (!registry__account_asked(ctx, &account) ||
        !account_state_parse(request_part(ctx, "state"), &next))
        return reply_not_found(ctx);
    enum account_state_change answer =
        registry_account_turn(ctx, account.id, next, request_form(ctx, "note"));
    return reply_outcome(ctx, account_state_change_info(answer),
                         registry__account_path(ctx, account.id));
}

struct reply registry__post_account_post(struct ctx *ctx)
{
    struct account account;
    struct post_form form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    post_id post;
    if (!registry__account_asked(ctx, &account))
        return reply_not_found(ctx);
    if (!entity_read(ctx, &post_form_entity, form_source, NULL, registry_lists, &form, faults))
        return account_reply(ctx, &account, faults, NULL, 422);
    struct post_args args = post_of(ctx, account.id, &form);
    enum post_add answer = registry_post_add(ctx, &args, &post);
    const struct outcome_info *info = post_add_info(answer);
    if (answer == POST_ADD_DONE || request_wants_json(ctx))
        return reply_outcome(ctx, info, registry__account_path(ctx, account.id));
    return account_reply(ctx, &account, NULL, words(ctx, info->code), info->status);
}

struct reply registry__post_account_post_end(struct ctx *ctx)
{
    struct account account;
    post_id post;
    if (!registry__account_asked(ctx, &account) || !request_id(ctx, "post", &post.v))
        return reply_not_found(ctx);
    enum post_end answer = registry_post_end(ctx, account.id, post);
    return reply_outcome(ctx, post_end_info(answer), registry__account_path(ctx, account.id));
}

/* --- a worker's, at the window */

struct reply registry__post_worker_account(struct ctx *ctx)
{
    struct person person;
    person_id id;
    const char *code;
    if (!request_id(ctx, "person", &id.v) || !registry_person(ctx, id, &person))
        return reply_not_found(ctx);
    enum worker_account_open answer = registry_worker_account_open(ctx, id, &code);
    const struct outcome_info *info = worker_account_open_info(answer);
    const struct invited invited = {
        .name = person.name,
        .code = code, /* without a login: with the identity number */
        .back_path = arena_printf(ctx->arena, "/desk/person/%s", show_id(ctx, id.v))};
    return info->status < 400 ? registry__invited(ctx, info, &invited)
                              : reply_outcome(ctx, info, NULL);
}
