/* The door and one's own account; and the room's routes. */
#include <string.h>

#include "base/text.h"
#include "registry/registry_room.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/show.h"

/* --- signing in */

static const char PASSWORD_PATH[] = "/account/password";

const char *registry_owed(const struct ctx *ctx)
{
    return ctx->actor != NULL && ctx->actor->is_password_initial ? PASSWORD_PATH : NULL;
}

struct door {
    struct sign_in_form values;
    struct field_faults faults;
    bool is_complete;
    struct sign_in_attempt attempt;
};

static bool look_at_door(struct ctx *ctx, void *argument)
{
    registry__sign_in_look(ctx, &((struct door *)argument)->attempt);
    return true;
}

/* Ahead of the transaction: reads what is needed, then spends the password's time. */
static void prepare_sign_in(struct ctx *ctx)
{
    struct door *door = arena_one(ctx->arena, struct door);
    request_keep(ctx, door);
    door->is_complete = entity_read(ctx, &sign_in_form_entity, form_source, NULL, NULL,
                                    &door->values, &door->faults);
    door->attempt = (struct sign_in_attempt){.login = door->values.login,
                                             .password = door->values.password,
                                             .address = request_address(ctx),
                                             .old_token = request_session(ctx),
                                             .identify = request_identify};
    if (!door->is_complete)
        return;
    /* Where the database fails here, the decision fails, too. */
    if (!request_read(ctx, look_at_door, door))
        door->attempt.is_locked = true;
    registry__sign_in_weigh(ctx, &door->attempt);
}

/* Only a path of this site may follow, in plain characters: browsers drop tabs and line breaks. */
const char *registry__next_path(const char *wish)
{
    if (wish == NULL || wish[0] != '/' || wish[1] == '/' || strchr(wish, '\\') != NULL)
        return "";
    for (const char *at = wish; *at != '\0'; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7F)
            return "";
    return wish;
}

const char *registry__home_of(enum role role)
{
    return role == ROLE_WORKER ? "/me" : "/desk";
}

static struct reply door_reply(struct ctx *ctx, const struct door *door, const char *problem,
                               int status)
{
    bool is_post = request_is_post(ctx);
    const char *wish = is_post ? request_form(ctx, "next") : request_query(ctx, "next");
    struct reply reply = registry__door(ctx, registry__next_path(wish), problem, status);
    struct sign_in_page_model *model = (struct sign_in_page_model *)(uintptr_t)reply.model;
    model->form.faults = door == NULL ? NULL : &door->faults;
    model->form.is_echo = is_post;
    return reply;
}

struct reply registry__door(struct ctx *ctx, const char *next, const char *problem, int status)
{
    struct sign_in_page_model *model = arena_one(ctx->arena, struct sign_in_page_model);
    *model = (struct sign_in_page_model){
        .next = next,
        .problem = problem,
        .single_name = registry__single_name(ctx),
        .form = {.entity = &sign_in_form_entity},
    };
    return reply_page(&sign_in_page_page, model, status);
}

const char *registry__code_path(struct ctx *ctx, const char *wish)
{
    struct buffer path = buffer_new(ctx->arena, 64);
    buffer_add(&path, "/sign-in/code");
    if (*wish != '\0') {
        buffer_add(&path, "?next=");
        buffer_add_url(&path, wish);
    }
    return path.bytes;
}

/* A session that still owes its second factor goes on where that is given; unless it has none to
 * give: it came by a post that needs one, and signing in anew offers it. */
static struct reply show_sign_in(struct ctx *ctx)
{
    struct actor awaiting;
    struct second_factor factor;
    if (ctx->actor != NULL)
        return reply_redirect(registry__home_of(ctx->actor->role));
    if (registry__awaiting(ctx, request_session(ctx), &awaiting) &&
        (registry__factor(ctx, awaiting.account, &factor) ||
         registry__is_offered(&factor, &awaiting)))
        return reply_redirect(
            registry__code_path(ctx, registry__next_path(request_query(ctx, "next"))));
    return door_reply(ctx, NULL, NULL, 200);
}

const char *registry__way_on(struct ctx *ctx, const struct actor *actor, const char *wish)
{
    if (actor->is_password_initial)
        return PASSWORD_PATH;
    if (registry__has_notices(ctx, actor->account))
        return "/account#notices";
    return *wish != '\0' ? wish : registry__home_of(actor->role);
}

static struct reply post_sign_in(struct ctx *ctx)
{
    const struct door *door = request_kept(ctx);
    const char *token, *location = NULL;
    if (!door->is_complete)
        return door_reply(ctx, door, NULL, 422);
    enum sign_in answer = registry__sign_in(ctx, &door->attempt, &token);
    const char *wish = registry__next_path(request_form(ctx, "next"));
    if (token != NULL)
        location = ctx->actor == NULL ? registry__code_path(ctx, wish)
                                      : registry__way_on(ctx, ctx->actor, wish);
    const struct argument minutes = {"minutes", show_integer(ctx, REGISTRY_LOCKED_MINUTES)};
    struct reply reply = reply_outcome_with(ctx, sign_in_info(answer), location, &minutes, 1);
    if (token == NULL && !request_wants_json(ctx))
        reply = door_reply(ctx, door, words_with(ctx, &reply.message), reply.status);
    reply.message.key = sign_in_info(answer)->code; /* for the record; the page says it by itself */
    request_about(ctx, "account", door->attempt.account.id.v);
    reply.session_token = token;
    reply.commits = true; /* a failed attempt is counted */
    return reply;
}

/* --- the own account */

static void fill_notices(struct ctx *ctx, struct account_page_model *model)
{
    struct account_notice_list notices = registry__notices(ctx, ctx->actor->account);
    model->notices.count = notices.count;
    model->notices.items = arena_array(ctx->arena, notices.count, struct account_page_notice);
    for (size_t i = 0; i < notices.count; i++) {
        bool is_new = notices.items[i].seen_at.v == INSTANT_NONE.v;
        model->has_new_notices |= is_new;
        model->notices.items[i] =
            (struct account_page_notice){.kind = notices.items[i].kind,
                                         .noted_at = notices.items[i].noted_at,
                                         .by_name = notices.items[i].by_name,
                                         .is_new = is_new};
    }
}

static struct reply show_account(struct ctx *ctx)
{
    struct account_page_model *model = arena_one(ctx->arena, struct account_page_model);
    struct post_list posts = sql_posts_of(ctx, ctx->actor->account);
    struct own_session_list sessions = sql_sign_ins_of(ctx, ctx->actor->account);
    model->name = ctx->actor->name;
    model->is_password_initial = ctx->actor->is_password_initial;
    model->has_others = sessions.count > 1;
    struct single_link link;
    model->single_name = registry__single_name(ctx);
    model->is_linked = sql_account_link_of(ctx, ctx->actor->account, &link);
    model->linked_at = model->is_linked ? link.linked_at : INSTANT_NONE;
    model->linked_by = model->is_linked ? link.by_name : NULL;
    model->posts.count = posts.count;
    model->posts.items = arena_array(ctx->arena, posts.count, struct account_page_post);
    for (size_t i = 0; i < posts.count; i++)
        model->posts.items[i] = (struct account_page_post){
            .id = posts.items[i].id,
            .role = posts.items[i].role,
            .organisation_name = posts.items[i].organisation_name,
            .region_name = registry__region_name(ctx, posts.items[i].region),
            .is_current = posts.items[i].id.v == ctx->actor->post.v,
        };
    model->sessions.count = sessions.count;
    model->sessions.items = arena_array(ctx->arena, sessions.count, struct account_page_session);
    for (size_t i = 0; i < sessions.count; i++)
        model->sessions.items[i] = (struct account_page_session){
            .id = sessions.items[i].id,
            .role = sessions.items[i].role,
            .address = sessions.items[i].address,
            .began_at = sessions.items[i].began_at,
            .seen_at = sessions.items[i].seen_at,
            .is_current = sessions.items[i].id.v == ctx->actor->sign_in.v,
        };
    fill_notices(ctx, model);
    return page_account_page(ctx, model);
}

static struct reply post_notices(struct ctx *ctx)
{
    registry__notices_see(ctx);
    return reply_outcome(ctx, notices_see_info(NOTICES_SEE_DONE), "/account");
}

static struct reply post_switch_post(struct ctx *ctx)
{
    post_id post;
    enum post_switch answer =
        request_id(ctx, "post", &post.v) ? registry__post_switch(ctx, post) : POST_SWITCH_NOT_YOURS;
    return reply_outcome(ctx, post_switch_info(answer), "/account");
}

static struct reply post_session_end(struct ctx *ctx)
{
    sign_in_id session;
    enum session_end answer = request_id(ctx, "session", &session.v)
                                  ? registry__session_end(ctx, session)
                                  : SESSION_END_NOT_FOUND;
    return reply_outcome(ctx, session_end_info(answer), "/account");
}

static struct reply post_sessions_end(struct ctx *ctx)
{
    registry__sessions_end_others(ctx);
    return reply_outcome(ctx, session_end_info(SESSION_END_DONE), "/account");
}

/* --- the own password */

struct new_lock {
    struct password_form values;
    struct field_faults faults;
    bool is_complete;
    struct password_attempt attempt;
};

static bool look_at_lock(struct ctx *ctx, void *argument)
{
    registry__password_look(ctx, &((struct new_lock *)argument)->attempt);
    return true;
}

static void add_fault(struct new_lock *lock, const char *field, const char *key)
{
    if (lock->faults.count == FIELD_FAULTS_MAX)
        return;
    lock->faults.items[lock->faults.count++] =
        (struct field_fault){.field = entity_field(&password_form_entity, field),
                             .code = "password",
                             .message = {.key = key},
                             .given = ""};
}

static void prepare_password(struct ctx *ctx)
{
    struct new_lock *lock = arena_one(ctx->arena, struct new_lock);
    request_keep(ctx, lock);
    lock->is_complete = entity_read(ctx, &password_form_entity, form_source, NULL, NULL,
                                    &lock->values, &lock->faults);
    if (lock->is_complete && !text_equal(lock->values.new_password, lock->values.repeated)) {
        add_fault(lock, "repeated", "registry.repeated_differs");
        lock->is_complete = false;
    }
    if (!lock->is_complete)
        return;
    lock->attempt = (struct password_attempt){.old = lock->values.password,
                                              .new = lock->values.new_password,
                                              .address = request_address(ctx)};
    if (!request_read(ctx, look_at_lock, lock))
        lock->attempt.is_locked = true;
    registry__password_weigh(ctx, &lock->attempt);
}

static struct reply lock_reply(struct ctx *ctx, const struct new_lock *lock, const char *problem,
                               int status)
{
    struct password_page_model *model = arena_one(ctx->arena, struct password_page_model);
    *model = (struct password_page_model){
        .problem = problem,
        .is_password_initial = ctx->actor->is_password_initial,
        .form = {.entity = &password_form_entity, .faults = lock == NULL ? NULL : &lock->faults},
    };
    return reply_page(&password_page_page, model, status);
}

static struct reply show_password(struct ctx *ctx)
{
    return lock_reply(ctx, NULL, NULL, 200);
}

static struct reply post_password(struct ctx *ctx)
{
    const struct new_lock *lock = request_kept(ctx);
    if (!lock->is_complete)
        return lock_reply(ctx, lock, NULL, 422);
    enum password_change answer = registry__password_change(ctx, &lock->attempt);
    const struct argument minutes = {"minutes", show_integer(ctx, REGISTRY_LOCKED_MINUTES)};
    const char *home = registry__home_of(ctx->actor->role);
    struct reply reply = reply_outcome_with(ctx, password_change_info(answer), home, &minutes, 1);
    if (answer != PASSWORD_CHANGE_DONE && !request_wants_json(ctx))
        reply = lock_reply(ctx, lock, words_with(ctx, &reply.message), reply.status);
    reply.commits = true; /* a wrong guess is counted */
    return reply;
}

/* --- all routes of the room */

const struct route registry_routes[] = {
    {GET, "/sign-in", PERMISSION_PUBLIC, .handle = show_sign_in},
    {POST, "/sign-in", PERMISSION_PUBLIC, .handle = post_sign_in, .prepare = prepare_sign_in,
     .lane = LANE_PASSWORD, .deed = DEED_SIGN_IN},
    {GET, "/sign-in/code", PERMISSION_PUBLIC, .handle = registry__show_code},
    {POST, "/sign-in/code", PERMISSION_PUBLIC, .handle = registry__post_code, .deed = DEED_SIGN_IN},
    {POST, "/sign-out", PERMISSION_PUBLIC, .handle = registry__post_sign_out,
     .prepare = registry__prepare_sign_out, .lane = LANE_CALL},
    {GET, "/sign-in/single", PERMISSION_PUBLIC, .handle = registry__show_single,
     .prepare = registry__prepare_single, .lane = LANE_CALL},
    {GET, "/sign-in/single/return", PERMISSION_PUBLIC, .handle = registry__show_single_return,
     .prepare = registry__prepare_single_return, .lane = LANE_CALL, .deed = DEED_SIGN_IN,
     .writes = true},
    {POST, "/sign-in/single/logout", PERMISSION_PUBLIC, .handle = registry__post_provider_logout,
     .prepare = registry__prepare_provider_logout, .lane = LANE_CALL},
    {GET, "/account", PERMISSION_SIGNED_IN, .handle = show_account},
    {POST, "/account/post/:post", PERMISSION_SIGNED_IN, .handle = post_switch_post},
    {POST, "/account/session/:session/end", PERMISSION_SIGNED_IN, .handle = post_session_end},
    {POST, "/account/sessions/end", PERMISSION_SIGNED_IN, .handle = post_sessions_end},
    {POST, "/account/single/link", PERMISSION_SIGNED_IN, .handle = registry__post_single_link,
     .prepare = registry__prepare_single, .lane = LANE_CALL},
    {POST, "/account/single/unlink", PERMISSION_SIGNED_IN, .handle = registry__post_single_unlink},
    {POST, "/account/notices", PERMISSION_SIGNED_IN, .handle = post_notices},
    {GET, "/account/password", PERMISSION_SIGNED_IN, .handle = show_password},
    {POST, "/account/password", PERMISSION_SIGNED_IN, .handle = post_password,
     .prepare = prepare_password, .lane = LANE_PASSWORD},
    {GET, "/account/factor", PERMISSION_SIGNED_IN, .handle = registry__show_factor},
    {POST, "/account/factor/offer", PERMISSION_SIGNED_IN, .handle = registry__post_factor_offer},
    {POST, "/account/factor/confirm", PERMISSION_SIGNED_IN,
     .handle = registry__post_factor_confirm},
    {POST, "/account/factor/codes", PERMISSION_SIGNED_IN, .handle = registry__post_factor_codes},
    {POST, "/account/factor/remove", PERMISSION_SIGNED_IN, .handle = registry__post_factor_remove},

    {GET, "/activate", PERMISSION_PUBLIC, .handle = registry__show_activation},
    {POST, "/activate", PERMISSION_PUBLIC, .handle = registry__post_activation,
     .prepare = registry__prepare_activation, .lane = LANE_PASSWORD},
    {GET, "/desk/staff", PERMISSION_STAFF_MANAGE, .handle = registry__show_staff},
    {POST, "/desk/staff", PERMISSION_STAFF_MANAGE, .handle = registry__post_staff},
    {POST, "/desk/staff/:post/end", PERMISSION_STAFF_MANAGE, .handle = registry__post_staff_end},

    {GET, "/desk/organisations", PERMISSION_ORGANISATION_VIEW,
     .handle = registry__show_organisations},
    {GET, "/desk/organisation/new", PERMISSION_ORGANISATION_ADMINISTER,
     .handle = registry__show_organisation_new},
    {POST, "/desk/organisation/new", PERMISSION_ORGANISATION_ADMINISTER,
     .handle = registry__post_organisation_new},
    {GET, "/desk/organisation/:organisation", PERMISSION_ORGANISATION_VIEW,
     .handle = registry__show_organisation},
    {GET, "/desk/organisation/:organisation/edit", PERMISSION_ORGANISATION_ADMINISTER,
     .handle = registry__show_organisation_edit},
    {POST, "/desk/organisation/:organisation/edit", PERMISSION_ORGANISATION_ADMINISTER,
     .handle = registry__post_organisation_edit},
    {POST, "/desk/organisation/:organisation/state/:state", PERMISSION_ORGANISATION_ADMINISTER,
     .handle = registry__post_organisation_state},
    {POST, "/desk/organisation/:organisation/programmes", PERMISSION_ORGANISATION_ADMINISTER,
     .handle = registry__post_organisation_programmes},

    {GET, "/desk/posts", PERMISSION_POST_REVIEW, .handle = registry__show_posts},
    {GET, "/desk/post/:post", PERMISSION_POST_REVIEW, .handle = registry__show_post},
    {POST, "/desk/post/:post/confirm", PERMISSION_POST_REVIEW,
     .handle = registry__post_post_confirm},
    {POST, "/desk/post/:post/end", PERMISSION_POST_REVIEW, .handle = registry__post_post_end},

    {GET, "/desk/accounts", PERMISSION_ACCOUNT_ADMINISTER, .handle = registry__show_accounts},
    {GET, "/desk/account/new", PERMISSION_ACCOUNT_ADMINISTER, .handle = registry__show_account_new},
    {POST, "/desk/account/new", PERMISSION_ACCOUNT_ADMINISTER,
     .handle = registry__post_account_new},
    {GET, "/desk/account/:account", PERMISSION_ACCOUNT_ADMINISTER,
     .handle = registry__show_account},
    {POST, "/desk/account/:account/password", PERMISSION_ACCOUNT_ADMINISTER,
     .handle = registry__post_account_password},
    {POST, "/desk/account/:account/factor/reset", PERMISSION_ACCOUNT_ADMINISTER,
     .handle = registry__post_account_factor_reset},
    {POST, "/desk/account/:account/link", PERMISSION_ACCOUNT_ADMINISTER,
     .handle = registry__post_account_link},
    {POST, "/desk/account/:account/unlink", PERMISSION_ACCOUNT_ADMINISTER,
     .handle = registry__post_account_unlink},
    {POST, "/desk/account/:account/state/:state", PERMISSION_ACCOUNT_ADMINISTER,
     .handle = registry__post_account_state},
    {POST, "/desk/account/:account/post", PERMISSION_ACCOUNT_ADMINISTER,
     .handle = registry__post_account_post},
    {POST, "/desk/account/:account/post/:post/end", PERMISSION_ACCOUNT_ADMINISTER,
     .handle = registry__post_account_post_end},

    {GET, "/desk/people", PERMISSION_PERSON_SEARCH, .handle = registry__show_people,
     .shows = "person"},
    {POST, "/desk/people", PERMISSION_PERSON_SEARCH, .handle = registry__post_people,
     .shows = "person"},
    {GET, "/desk/person/new", PERMISSION_PERSON_REGISTER, .handle = registry__show_person_new},
    {POST, "/desk/person/new", PERMISSION_PERSON_REGISTER, .handle = registry__post_person_new},
    {GET, "/desk/person/:person", PERMISSION_PERSON_SEARCH, .handle = registry__show_person,
     .shows = "person"},
    {GET, "/desk/person/:person/edit", PERMISSION_PERSON_AMEND,
     .handle = registry__show_person_edit, .shows = "person"},
    {POST, "/desk/person/:person/edit", PERMISSION_PERSON_AMEND,
     .handle = registry__post_person_edit, .shows = "person"},
    {POST, "/desk/person/:person/account", PERMISSION_WORKER_ACCOUNT_OPEN,
     .handle = registry__post_worker_account},

    {GET, "/desk/corrections", PERMISSION_CORRECTION_VIEW, .handle = registry__show_corrections,
     .shows = "person"},
    {GET, "/desk/correction/:correction", PERMISSION_CORRECTION_VIEW,
     .handle = registry__show_correction, .shows = "person"},
    {POST, "/desk/correction/:correction", PERMISSION_CORRECTION_DECIDE,
     .handle = registry__post_correction, .shows = "person"},
    {GET, "/me/corrections", PERMISSION_CORRECTION_ASK, .handle = registry__show_own_corrections},
    {POST, "/me/corrections", PERMISSION_CORRECTION_ASK, .handle = registry__post_own_correction},
    {POST, "/me/correction/:correction/withdraw", PERMISSION_CORRECTION_ASK,
     .handle = registry__post_correction_withdraw},
    {0},
};
