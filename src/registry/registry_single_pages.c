/*
 * The way to the province's single sign-on and back. What a browser must bring back (state, nonce,
 * verifier, whose account is to be linked) it carries itself, sealed: nothing of it lies in the
 * database, and nobody else's browser can end what this one began.
 */
#include <string.h>

#include "base/text.h"
#include "openid/openid.h"
#include "registry/registry_room.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/show.h"

enum { TRIP_WORDS = 6 };

static const char RETURN_PATH[] = "/sign-in/single/return";
static const char NOBODY[] = "-";

static struct openid *provider(const struct ctx *ctx)
{
    return ctx->services == NULL ? NULL : ctx->services->openid;
}

const char *registry__single_name(const struct ctx *ctx)
{
    if (provider(ctx) == NULL)
        return NULL;
    const struct openid_settings *settings = openid_settings_of(provider(ctx));
    return ctx->language == LANGUAGE_ZH ? settings->name_zh : settings->name_en;
}

static const char *issuer_of(const struct ctx *ctx)
{
    return openid_settings_of(provider(ctx))->issuer;
}

/* --- there */

struct leaving {
    enum openid_result result;
    struct openid_trip trip;
    const char *url;
};

/* Who comes out of a session, over or not, or who links the own account, proves anew who they are:
 * what lies open at the single sign-on is no proof of it. */
void registry__prepare_single(struct ctx *ctx)
{
    struct leaving *leaving = arena_one(ctx->arena, struct leaving);
    request_keep(ctx, leaving);
    if (provider(ctx) == NULL)
        return;
    leaving->trip = openid_trip_new(ctx, /* is_fresh= */ request_session(ctx) != NULL);
    leaving->result = openid_begin(ctx, provider(ctx), &leaving->trip, RETURN_PATH, &leaving->url);
}

/* With the account that is to be linked, or NOBODY. */
static struct reply leave(struct ctx *ctx, const struct leaving *leaving, const char *account,
                          const char *next)
{
    struct reply reply = reply_redirect(leaving->url);
    reply.carried =
        arena_printf(ctx->arena, "%s %s %s %s %s %s", leaving->trip.state, leaving->trip.nonce,
                     leaving->trip.verifier, show_integer_plain(ctx, leaving->trip.fresh_since.v),
                     account, next);
    return reply;
}

struct reply registry__show_single(struct ctx *ctx)
{
    enum { NEXT_BYTES_MAX = 1000 };
    const struct leaving *leaving = request_kept(ctx);
    const char *next = registry__next_path(request_query(ctx, "next"));
    if (provider(ctx) == NULL)
        return reply_redirect("/sign-in");
    if (strlen(next) > NEXT_BYTES_MAX)
        next = "";
    if (leaving->result == OPENID_DONE)
        return leave(ctx, leaving, NOBODY, next);
    const struct outcome_info *info = sign_in_info(SIGN_IN_DOWN);
    return request_wants_json(ctx)
               ? reply_outcome(ctx, info, NULL)
               : registry__door(ctx, next, words(ctx, info->code), info->status);
}

/* --- and back */

struct returning {
    enum openid_result result;
    bool is_expected; /* this browser set out, not too long ago */
    const char *account, *next;
    struct openid_identity identity;
};

/* The words of a trip, as leave() wrote them. */
static bool read_trip(struct ctx *ctx, struct openid_trip *ret_trip, struct returning *ret)
{
    const char *words[TRIP_WORDS], *carried = request_carried(ctx);
    if (carried == NULL)
        return false;
    for (size_t i = 0; i < TRIP_WORDS; i++) {
        size_t length = strcspn(carried, " ");
        words[i] = arena_text_n(ctx->arena, carried, length);
        carried += length + (carried[length] == ' ');
    }
    *ret_trip = (struct openid_trip){.state = words[0], .nonce = words[1], .verifier = words[2]};
    ret->account = words[4];
    ret->next = registry__next_path(words[5]);
    return text_integer(words[3], &ret_trip->fresh_since.v);
}

void registry__prepare_single_return(struct ctx *ctx)
{
    struct openid_trip trip;
    struct returning *returning = arena_one(ctx->arena, struct returning);
    returning->next = "";
    request_keep(ctx, returning);
    if (provider(ctx) == NULL)
        return;
    returning->is_expected = read_trip(ctx, &trip, returning);
    if (!returning->is_expected)
        return;
    const struct openid_return brought = {
        .code = request_query(ctx, "code"),
        .state = request_query(ctx, "state"),
        .error = request_query(ctx, "error"),
        .issuer = request_query(ctx, "iss"),
        .path = RETURN_PATH,
    };
    returning->result = openid_finish(ctx, provider(ctx), &trip, &brought, &returning->identity);
}

static enum sign_in sign_in(struct ctx *ctx, const struct returning *returning,
                            const char **ret_token)
{
    account_id account = {0};
    *ret_token = NULL;
    if (!returning->is_expected)
        return SIGN_IN_EXPIRED;
    switch (returning->result) {
    case OPENID_DONE:
        break;
    case OPENID_DOWN:
        return SIGN_IN_DOWN;
    case OPENID_REFUSED:
        return SIGN_IN_UNPROVEN;
    case OPENID_DENIED:
        return SIGN_IN_DENIED;
    }
    const struct single_attempt attempt = {
        .provider = openid_settings_of(provider(ctx)),
        .identity = returning->identity,
        .address = request_address(ctx),
        .old_token = request_session(ctx),
        .identify = request_identify,
    };
    ctx->actor = NULL; /* whoever it was: somebody signs in */
    enum sign_in answer = registry__single_sign_in(ctx, &attempt, &account, ret_token);
    request_about(ctx, "account", account.v);
    return answer;
}

static struct reply finish_sign_in(struct ctx *ctx, const struct returning *returning)
{
    const char *token, *location = NULL;
    enum sign_in answer = sign_in(ctx, returning, &token);
    if (token != NULL)
        location = ctx->actor == NULL ? registry__code_path(ctx, returning->next)
                                      : registry__way_on(ctx, ctx->actor, returning->next);
    const struct argument minutes = {"minutes", show_integer(ctx, REGISTRY_LOCKED_MINUTES)};
    struct reply reply = reply_outcome_with(ctx, sign_in_info(answer), location, &minutes, 1);
    if (token == NULL && !request_wants_json(ctx))
        reply = registry__door(ctx, returning->next, words_with(ctx, &reply.message), reply.status);
    reply.message.key = sign_in_info(answer)->code; /* for the record; the page says it by itself */
    reply.session_token = token;
    return reply;
}

/* Back in the session that set out, and in no other. */
static struct reply finish_link(struct ctx *ctx, const struct returning *returning)
{
    char own[ID_TEXT_LENGTH + 1] = "";
    if (ctx->actor != NULL)
        id_format(ctx->actor->account.v, own);
    if (!text_equal(own, returning->account))
        return reply_outcome(ctx, sign_in_info(SIGN_IN_EXPIRED), NULL);
    if (returning->result != OPENID_DONE) {
        enum sign_in why = returning->result == OPENID_DOWN     ? SIGN_IN_DOWN
                           : returning->result == OPENID_DENIED ? SIGN_IN_DENIED
                                                                : SIGN_IN_UNPROVEN;
        return reply_outcome(ctx, sign_in_info(why), NULL);
    }
    enum account_link answer = registry__link_own(ctx, issuer_of(ctx), returning->identity.subject);
    return reply_outcome(ctx, account_link_info(answer), "/account");
}

struct reply registry__show_single_return(struct ctx *ctx)
{
    const struct returning *returning = request_kept(ctx);
    if (provider(ctx) == NULL)
        return reply_redirect("/sign-in");
    bool is_link = returning->is_expected && strcmp(returning->account, NOBODY) != 0;
    struct reply reply = is_link ? finish_link(ctx, returning) : finish_sign_in(ctx, returning);
    reply.carried = "";
    return reply;
}

/* --- links */

struct reply registry__post_single_link(struct ctx *ctx)
{
    const struct leaving *leaving = request_kept(ctx);
    char own[ID_TEXT_LENGTH + 1];
    if (provider(ctx) == NULL)
        return reply_outcome(ctx, account_link_info(ACCOUNT_LINK_OFF), NULL);
    if (!registry__is_fresh(ctx, ctx->actor))
        return reply_outcome(ctx, account_link_info(ACCOUNT_LINK_SIGN_IN_AGAIN), NULL);
    if (leaving->result != OPENID_DONE)
        return reply_outcome(ctx, sign_in_info(SIGN_IN_DOWN), NULL);
    id_format(ctx->actor->account.v, own);
    return leave(ctx, leaving, own, "");
}

struct reply registry__post_single_unlink(struct ctx *ctx)
{
    return reply_outcome(ctx, account_unlink_info(registry__unlink_own(ctx)), "/account");
}

struct reply registry__post_account_link(struct ctx *ctx)
{
    struct account account;
    struct link_form form;
    struct field_faults faults;
    if (!registry__account_asked(ctx, &account))
        return reply_not_found(ctx);
    if (provider(ctx) == NULL)
        return reply_outcome(ctx, account_link_info(ACCOUNT_LINK_OFF), NULL);
    if (!entity_read(ctx, &link_form_entity, form_source, NULL, NULL, &form, &faults))
        return registry__account_with_link(ctx, &account, &faults);
    enum account_link answer = registry__link(ctx, account.id, issuer_of(ctx), form.subject);
    return reply_outcome(ctx, account_link_info(answer), registry__account_path(ctx, account.id));
}

struct reply registry__post_account_unlink(struct ctx *ctx)
{
    struct account account;
    if (!registry__account_asked(ctx, &account))
        return reply_not_found(ctx);
    enum account_unlink answer = registry__unlink(ctx, account.id);
    return reply_outcome(ctx, account_unlink_info(answer), registry__account_path(ctx, account.id));
}

/* --- signing out, here and there */

struct farewell {
    const char *id_token, *url;
};

static bool look_at_session(struct ctx *ctx, void *argument)
{
    ((struct farewell *)argument)->id_token = registry__provider_token(ctx, request_session(ctx));
    return true;
}

void registry__prepare_sign_out(struct ctx *ctx)
{
    struct farewell *farewell = arena_one(ctx->arena, struct farewell);
    request_keep(ctx, farewell);
    if (provider(ctx) == NULL || !request_read(ctx, look_at_session, farewell) ||
        farewell->id_token == NULL)
        return;
    farewell->url = openid_farewell(ctx, provider(ctx), farewell->id_token);
}

struct reply registry__post_sign_out(struct ctx *ctx)
{
    const struct farewell *farewell = request_kept(ctx);
    registry__session_end_by_token(ctx, request_session(ctx));
    struct reply reply = reply_redirect(farewell->url == NULL ? "/" : farewell->url);
    reply.session_token = "";
    return reply;
}

struct notice_of_end {
    enum openid_result result;
    struct openid_logout logout;
};

void registry__prepare_provider_logout(struct ctx *ctx)
{
    struct notice_of_end *notice = arena_one(ctx->arena, struct notice_of_end);
    const char *token = request_form(ctx, "logout_token");
    notice->result = OPENID_REFUSED;
    request_keep(ctx, notice);
    if (provider(ctx) != NULL && token != NULL)
        notice->result = openid_logout_read(ctx, provider(ctx), token, &notice->logout);
}

struct reply registry__post_provider_logout(struct ctx *ctx)
{
    const struct notice_of_end *notice = request_kept(ctx);
    if (notice->result != OPENID_DONE)
        return reply_outcome(ctx,
                             provider_logout_info(notice->result == OPENID_DOWN
                                                      ? PROVIDER_LOGOUT_DOWN
                                                      : PROVIDER_LOGOUT_REFUSED),
                             NULL);
    registry__provider_logout(ctx, issuer_of(ctx), &notice->logout);
    return reply_file("text/plain; charset=utf-8", NULL, "ok\n", 3);
}
