/* The second factor: given at the door, and set up, moved and taken away on one's own account. */
#include <string.h>

#include "base/text.h"
#include "registry/registry_room.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/show.h"

enum { GROUP_CHARACTERS = 4 };

/* --- an offered secret, as people and authenticators take it */

static const char *in_groups(struct ctx *ctx, const char *text)
{
    struct buffer groups = buffer_new(ctx->arena, strlen(text) * 2);
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (i > 0 && i % GROUP_CHARACTERS == 0)
            buffer_add_char(&groups, ' ');
        buffer_add_char(&groups, text[i]);
    }
    return groups.bytes;
}

/* The key URI that authenticators read; the account is named by its login, never by a number. */
static const char *key_uri(struct ctx *ctx, const struct actor *actor, const char *secret)
{
    struct account account = {0};
    bool has_login = sql_account_by_id(ctx, actor->account, &account) && account.login != NULL;
    const char *issuer = words(ctx, "web.product");
    struct buffer uri = buffer_new(ctx->arena, 256);
    buffer_add(&uri, "otpauth://totp/");
    buffer_add_url(&uri, issuer);
    buffer_add(&uri, ":");
    buffer_add_url(&uri, has_login ? account.login : actor->name);
    buffer_printf(&uri, "?secret=%s&issuer=", secret);
    buffer_add_url(&uri, issuer);
    buffer_printf(&uri, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_SECONDS);
    return uri.bytes;
}

struct offered {
    bool is_there;
    const char *secret, *uri, *qr;
    int64_t qr_width;
};

static struct offered offered_to(struct ctx *ctx, const struct second_factor *factor,
                                 const struct actor *actor)
{
    struct offered offered = {.is_there = registry__is_offered(factor, actor)};
    if (!offered.is_there)
        return offered;
    const char *secret = registry__base32(ctx, factor->offered);
    offered.secret = in_groups(ctx, secret);
    offered.uri = key_uri(ctx, actor, secret);
    offered.qr = show_qr(ctx, offered.uri, &offered.qr_width);
    return offered;
}

/* --- what was sent */

struct code_form {
    struct factor_form values;
    struct field_faults faults;
    bool is_complete;
    struct code_given given;
};

static struct code_form *read_form(struct ctx *ctx)
{
    struct code_form *form = arena_one(ctx->arena, struct code_form);
    form->is_complete = entity_read(ctx, &factor_form_entity, form_source, NULL, NULL,
                                    &form->values, &form->faults);
    form->given =
        (struct code_given){.code = form->values.one_time_code, .address = request_address(ctx)};
    return form;
}

/* Nothing that was typed comes back: a code is used up, or wrong. */
static struct form form_of(const struct code_form *sent)
{
    return (struct form){.entity = &factor_form_entity,
                         .faults = sent == NULL ? NULL : &sent->faults};
}

static struct reply answer_with(struct ctx *ctx, const struct outcome_info *info,
                                const char *location, const struct factor_given *given)
{
    const struct argument arguments[] = {
        {"minutes", show_integer(ctx, REGISTRY_LOCKED_MINUTES)},
        {"left", show_integer(ctx, given->recovery_left)},
    };
    struct reply reply =
        reply_outcome_with(ctx, info, location, arguments, sizeof arguments / sizeof arguments[0]);
    reply.session_token = given->token;
    reply.commits = true; /* a wrong code is counted */
    return reply;
}

/* New recovery codes are seen on this answer, and never again. */
static struct reply codes_reply(struct ctx *ctx, const struct outcome_info *info,
                                const struct factor_given *given, const char *next_path)
{
    struct recovery_codes_page_model *model =
        arena_one(ctx->arena, struct recovery_codes_page_model);
    model->note = words(ctx, info->code);
    model->next_path = next_path;
    model->codes.count = RECOVERY_CODES;
    model->codes.items = arena_array(ctx->arena, RECOVERY_CODES, struct recovery_codes_page_code);
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        model->codes.items[i].recovery_code = given->recovery_codes[i];
    struct reply reply = reply_page(&recovery_codes_page_page, model, info->status);
    reply.session_token = given->token;
    return reply;
}

/* --- at the door */

static struct reply code_reply(struct ctx *ctx, const struct actor *awaiting,
                               const struct code_form *sent, const char *problem, int status)
{
    struct second_factor factor;
    bool is_set_up = registry__factor(ctx, awaiting->account, &factor);
    struct offered offered = offered_to(ctx, &factor, awaiting);
    if (!is_set_up && !offered.is_there)
        return reply_redirect("/sign-in");
    struct factor_page_model *model = arena_one(ctx->arena, struct factor_page_model);
    const char *wish =
        request_is_post(ctx) ? request_form(ctx, "next") : request_query(ctx, "next");
    *model = (struct factor_page_model){
        .next = registry__next_path(wish),
        .problem = problem,
        .is_offered = !is_set_up,
        .secret = is_set_up ? NULL : offered.secret,
        .uri = is_set_up ? NULL : offered.uri,
        .qr = is_set_up ? NULL : offered.qr,
        .qr_width = offered.qr_width,
        .form = form_of(sent),
    };
    return reply_page(&factor_page_page, model, status);
}

struct reply registry__show_code(struct ctx *ctx)
{
    struct actor awaiting;
    if (ctx->actor != NULL)
        return reply_redirect(
            registry__way_on(ctx, ctx->actor, registry__next_path(request_query(ctx, "next"))));
    if (!registry__awaiting(ctx, request_session(ctx), &awaiting))
        return reply_redirect("/sign-in");
    return code_reply(ctx, &awaiting, NULL, NULL, 200);
}

struct reply registry__post_code(struct ctx *ctx)
{
    struct actor *awaiting = arena_one(ctx->arena, struct actor);
    struct factor_given given = {0};
    const char *wish = registry__next_path(request_form(ctx, "next"));
    if (ctx->actor != NULL)
        return reply_redirect(registry__way_on(ctx, ctx->actor, wish));
    if (!registry__awaiting(ctx, request_session(ctx), awaiting))
        return answer_with(ctx, factor_give_info(FACTOR_GIVE_OVER), "/sign-in", &given);
    struct code_form *sent = read_form(ctx);
    if (!sent->is_complete)
        return code_reply(ctx, awaiting, sent, NULL, 422);
    enum factor_give answer = registry__factor_give(ctx, awaiting, &sent->given, &given);
    const char *way_on =
        answer == FACTOR_GIVE_OVER ? "/sign-in" : registry__way_on(ctx, awaiting, wish);
    if (answer == FACTOR_GIVE_SET_UP)
        return codes_reply(ctx, factor_give_info(answer), &given, way_on);
    struct reply reply = answer_with(ctx, factor_give_info(answer), way_on, &given);
    if (reply.status < 400 || request_wants_json(ctx))
        return reply;
    reply = code_reply(ctx, awaiting, NULL, words_with(ctx, &reply.message), reply.status);
    reply.commits = true;
    return reply;
}

/* --- on the own account */

static struct reply factor_reply(struct ctx *ctx, const struct code_form *sent, const char *problem,
                                 int status)
{
    struct second_factor factor;
    bool is_on = registry__factor(ctx, ctx->actor->account, &factor);
    struct offered offered = offered_to(ctx, &factor, ctx->actor);
    struct account_factor_page_model *model =
        arena_one(ctx->arena, struct account_factor_page_model);
    *model = (struct account_factor_page_model){
        .problem = problem,
        .is_on = is_on,
        .is_needed = ctx->actor->needing_posts > 0,
        .is_offered = offered.is_there,
        .since = factor.since,
        .left = registry__recovery_left(ctx, ctx->actor->account),
        .secret = offered.secret,
        .uri = offered.uri,
        .qr = offered.qr,
        .qr_width = offered.qr_width,
        .form = form_of(sent),
    };
    return reply_page(&account_factor_page_page, model, status);
}

struct reply registry__show_factor(struct ctx *ctx)
{
    return factor_reply(ctx, NULL, NULL, 200);
}

static struct reply change_reply(struct ctx *ctx, enum factor_change answer)
{
    const struct factor_given nothing = {0};
    struct reply reply = answer_with(ctx, factor_change_info(answer), "/account/factor", &nothing);
    if (answer != FACTOR_CHANGE_DONE && !request_wants_json(ctx))
        reply = factor_reply(ctx, NULL, words_with(ctx, &reply.message), reply.status);
    reply.commits = true;
    return reply;
}

struct reply registry__post_factor_offer(struct ctx *ctx)
{
    struct second_factor factor;
    struct code_form *sent = read_form(ctx);
    if (registry__factor(ctx, ctx->actor->account, &factor) && !sent->is_complete)
        return factor_reply(ctx, sent, NULL, 422);
    enum factor_change answer = registry__factor_offer(ctx, &sent->given);
    return answer == FACTOR_CHANGE_DONE && !request_wants_json(ctx)
               ? reply_redirect("/account/factor")
               : change_reply(ctx, answer);
}

struct reply registry__post_factor_confirm(struct ctx *ctx)
{
    struct factor_given given;
    struct code_form *sent = read_form(ctx);
    if (!sent->is_complete)
        return factor_reply(ctx, sent, NULL, 422);
    enum factor_change answer = registry__factor_confirm(ctx, &sent->given, &given);
    if (answer != FACTOR_CHANGE_DONE)
        return change_reply(ctx, answer);
    return codes_reply(ctx, factor_give_info(FACTOR_GIVE_SET_UP), &given, "/account/factor");
}

struct reply registry__post_factor_codes(struct ctx *ctx)
{
    struct factor_given given;
    struct code_form *sent = read_form(ctx);
    if (!sent->is_complete)
        return factor_reply(ctx, sent, NULL, 422);
    enum factor_change answer = registry__recovery_renew(ctx, &sent->given, &given);
    if (answer != FACTOR_CHANGE_DONE)
        return change_reply(ctx, answer);
    return codes_reply(ctx, factor_change_info(answer), &given, "/account/factor");
}

struct reply registry__post_factor_remove(struct ctx *ctx)
{
    struct code_form *sent = read_form(ctx);
    if (!sent->is_complete)
        return factor_reply(ctx, sent, NULL, 422);
    return change_reply(ctx, registry__factor_remove(ctx, &sent->given));
}
