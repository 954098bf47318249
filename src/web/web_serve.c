/*
 * One request from its route to its response: who acts, may they, one transaction, the handler, the
 * frame. Whatever ends the work early (memory, the database) is turned into an answer here, and
 * nowhere else.
 */
#include <sodium.h>
#include <string.h>

#include "web/web_room.h"

struct work {
    struct request *request;
    struct reply reply;
    bool is_check; /* only who acts and whether they may, ahead of the route's prepare */
    bool is_admitted;
    bool is_witnessed; /* inside the transaction */
};

static bool is_signed_in(const struct ctx *ctx)
{
    return ctx->actor != NULL;
}

/* Requests that change something must come from our own pages (RFC 6265bis: SameSite alone does not
 * cover every browser). */
static bool is_same_origin(const struct request *request)
{
    if (request->sec_fetch_site != NULL)
        return strcmp(request->sec_fetch_site, "same-origin") == 0 ||
               strcmp(request->sec_fetch_site, "none") == 0;
    if (request->origin == NULL)
        return true; /* no browser: it has no cookies that a page could misuse */
    const char *authority = strstr(request->origin, "://");
    return authority != NULL && text_equal(authority + 3, request->host);
}

static bool has_csrf(const struct ctx *ctx, const struct request *request)
{
    const char *field = request_form(ctx, "csrf");
    const char *given = field != NULL ? field : request->csrf_given;
    return given != NULL && strlen(given) == WEB_CSRF_LENGTH &&
           sodium_memcmp(given, request->csrf, WEB_CSRF_LENGTH) == 0;
}

static struct reply ask_to_sign_in(struct ctx *ctx, const struct request *request)
{
    if (request->wants_json || request->method == POST)
        return reply_problem(ctx, 401, "web.sign_in_first");
    struct buffer location = buffer_new(ctx->arena, 128);
    buffer_add(&location, "/sign-in?next=");
    buffer_add_url(&location, request->path);
    if (*request->query_text != '\0') {
        buffer_add(&location, "%3F");
        buffer_add_url(&location, request->query_text);
    }
    return reply_redirect(location.bytes);
}

/* Once a request, however often its transaction is run. */
static bool asks_too_often(struct ctx *ctx, struct request *request)
{
    const struct web_options *options = &request->web->options;
    if (!is_signed_in(ctx) || options->account == NULL || request->is_counted)
        return request->retry_seconds > 0;
    request->is_counted = true;
    request->retry_seconds = rates_take_account(request->web->rates, options->account(ctx),
                                                options->account_requests, web_clock_us());
    return request->retry_seconds > 0;
}

static void sign_forms(struct ctx *ctx, struct request *request, const char *session_token)
{
    request->csrf = web_sign(ctx, request->web, "csrf", session_token == NULL ? "" : session_token);
}

/* A path of what is to be done first; NULL: this request may go on. */
static const char *owed_first(const struct ctx *ctx, const struct request *request)
{
    const struct web_options *options = &request->web->options;
    if (options->owed == NULL || request->route->permission == PERMISSION_PUBLIC)
        return NULL;
    const char *path = options->owed(ctx);
    return path != NULL && strcmp(path, request->route->path) != 0 ? path : NULL;
}

/* False, with the reply, where this request goes no further. */
static bool admit(struct ctx *ctx, struct request *request, struct reply *ret)
{
    const struct web_options *options = &request->web->options;
    if (request->session_token != NULL && !options->identify(ctx, request->session_token))
        request->session_token = NULL;
    sign_forms(ctx, request, request->session_token);
    if (asks_too_often(ctx, request)) {
        *ret = reply_problem(ctx, 429, "web.too_many");
        return false;
    }
    enum permission needed = request->route->permission;
    if (needed != PERMISSION_PUBLIC && !is_signed_in(ctx)) {
        *ret = ask_to_sign_in(ctx, request);
        return false;
    }
    const char *first = owed_first(ctx, request);
    if (first != NULL) {
        bool is_look = request->method != POST && !request->wants_json;
        *ret = is_look ? reply_redirect(first) : reply_problem(ctx, 403, "web.owed");
        return false;
    }
    if (needed != PERMISSION_PUBLIC && needed != PERMISSION_SIGNED_IN &&
        !options->permits(ctx, needed)) {
        *ret = reply_problem(ctx, 403, "web.not_permitted");
        return false;
    }
    bool is_forged =
        request->method == POST && request->route != &web_refused_route &&
        (!is_same_origin(request) || (request->session_token != NULL && !has_csrf(ctx, request)));
    if (is_forged)
        *ret = reply_problem(ctx, 403, "web.forged");
    return !is_forged;
}

/* Redirects, files and JSON stand alone. */
static bool needs_frame(const struct request *request, const struct reply *reply)
{
    bool is_page =
        reply->kind == REPLY_PAGE || (reply->kind == REPLY_OUTCOME && reply->status >= 400);
    return is_page && !request->wants_json;
}

static bool writes(const struct work *work)
{
    const struct request *request = work->request;
    return (request->method == POST || request->route->writes) && !work->is_check &&
           request->route != &web_refused_route;
}

/* The record of a deed; false where it cannot be kept. */
static bool witness(struct ctx *ctx, struct work *work, bool is_committed)
{
    struct request *request = work->request;
    const struct web_options *options = &request->web->options;
    if (options->witness == NULL || !deed_complete(ctx, request, &work->reply, work->is_admitted))
        return true;
    request->deed.is_committed = is_committed;
    return options->witness(ctx, &request->deed, options->witness_argument);
}

static bool run(struct ctx *ctx, void *argument)
{
    struct work *work = argument;
    struct request *request = work->request;
    ctx->actor = NULL;
    work->reply = (struct reply){0};
    work->is_witnessed = false;
    request->after = NULL;
    deed_begin(ctx, request);
    work->is_admitted = admit(ctx, request, &work->reply);
    if (work->is_admitted && work->is_check)
        return true;
    if (work->is_admitted)
        work->reply = request->route->handle(ctx);
    if (work->reply.session_token != NULL) /* the forms of this very page belong to the new one */
        sign_forms(ctx, request, work->reply.session_token);
    if (needs_frame(request, &work->reply)) {
        request->web->options.frame(ctx, &request->frame);
        request->has_frame = true;
    }
    bool agrees = work->is_admitted && (work->reply.status < 400 || work->reply.commits);
    if (agrees && writes(work))
        work->is_witnessed = witness(ctx, work, /* is_committed= */ true);
    return agrees;
}

static void record_outcome(const struct web *web, const struct reply *reply)
{
    if (web->outcome_log == NULL || reply->kind != REPLY_OUTCOME)
        return;
    fprintf(web->outcome_log, "%s\n", reply->message.key);
    fflush(web->outcome_log);
}

static enum store_result transact(struct ctx *ctx, struct work *work)
{
    struct store *store = work->request->web->options.store;
    return writes(work) ? store_write(store, ctx, run, work) : store_read(store, ctx, run, work);
}

/* What ahead of its transaction only checks whether it may be, and then prepares. */
static enum store_result prepare(struct ctx *ctx, struct work *work)
{
    work->is_check = true;
    enum store_result checked = transact(ctx, work);
    if (checked == STORE_DONE)
        work->request->route->prepare(ctx);
    work->is_check = false;
    return checked;
}

static struct reply handle(struct ctx *ctx, struct request *request)
{
    struct work work = {.request = request};
    enum store_result result = request->route->prepare == NULL ? STORE_DONE : prepare(ctx, &work);
    if (result == STORE_DONE)
        result = transact(ctx, &work);
    if (request->after != NULL && (result == STORE_DONE || result == STORE_REFUSED))
        store_write(request->web->options.store, ctx, request->after, request->after_argument);
    switch (result) {
    case STORE_DONE:
    case STORE_REFUSED:
        if (!work.is_witnessed && !witness(ctx, &work, /* is_committed= */ false))
            break;
        return work.reply;
    case STORE_MEMORY:
        fault_raise(ctx->arena, FAULT_MEMORY);
    case STORE_FAILED:
        break;
    }
    return reply_problem(ctx, 503, "web.store_failed");
}

/* What a full arena and a dead database leave room for. */
void request_turn_away(struct ctx *ctx, struct request *request, int status, const char *key,
                       struct response *ret)
{
    struct guard guard;
    arena_set_limit(ctx->arena, arena_used(ctx->arena) + WEB_LAST_WORDS_BYTES);
    request->has_frame = false;
    if (GUARDED(ctx->arena, &guard) != FAULT_NONE) {
        *ret = (struct response){.status = status, .content_type = "text/plain", .body = ""};
        return;
    }
    struct reply reply = reply_problem(ctx, status, key);
    record_outcome(request->web, &reply);
    response_render(ctx, request, &reply, ret);
    guard_leave(ctx->arena, &guard);
}

/* What a visitor without session sees may stay in the browser, so that "back" needs no network, and
 * is not sent again while it is the same. */
static bool is_shared(const struct request *request, const struct response *ret)
{
    return request->method == GET && ret->status == 200 && ret->file_name == NULL &&
           request->session_token == NULL && ret->cookie_count == 0 &&
           request->route->permission == PERMISSION_PUBLIC;
}

static void tag_page(struct ctx *ctx, const struct request *request, struct response *ret)
{
    unsigned char digest[crypto_shorthash_BYTES];
    char hex[crypto_shorthash_BYTES * 2 + 1];
    crypto_shorthash(digest, ret->body, ret->length,
                     (const unsigned char *)request->web->options.secret);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    ret->tag = arena_printf(ctx->arena, "\"%s\"", hex);
    ret->is_shared = true;
    response_if_new(request->known_tags, ret);
}

void request_serve(struct ctx *ctx, struct request *request, struct response *ret)
{
    struct guard guard;
    switch (GUARDED(ctx->arena, &guard)) {
    case FAULT_NONE:
        break;
    case FAULT_MEMORY:
        request_turn_away(ctx, request, 413, "web.too_large", ret);
        return;
    case FAULT_STORE:
    case FAULT_RETRY:
        request_turn_away(ctx, request, 503, "web.store_failed", ret);
        return;
    }
    struct reply reply = handle(ctx, request);
    record_outcome(request->web, &reply);
    response_render(ctx, request, &reply, ret);
    ret->retry_seconds = request->retry_seconds;
    if (request->wants_json && (is_signed_in(ctx) || request->session_token != NULL))
        ret->csrf = request->csrf;
    response_pack(ctx, request, ret);
    if (is_shared(request, ret))
        tag_page(ctx, request, ret);
    guard_leave(ctx->arena, &guard);
}
