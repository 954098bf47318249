/*
 * One request from its route to its response: who acts, may they, one transaction, the handler, the
 * frame. Whatever ends the work early (memory, the database) is turned into an answer here, and
 * nowhere else.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/web_room.h"

struct work {
    struct request *request;
    struct reply reply;
    bool is_check; /* only who acts and whether they may, ahead of the route's prepare */
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
    if (request->origin == NULL || request->host == NULL)
        return true; /* no browser: it has no cookies that a page could misuse */
    const char *authority = strstr(request->origin, "://");
    return authority != NULL && strcmp(authority + 3, request->host) == 0;
}

static bool has_csrf(const struct ctx *ctx, const struct request *request)
{
    const char *given = request_form(ctx, "csrf");
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
    return reply_redirect(location.bytes);
}

/* False, with the reply, where this request goes no further. */
static bool admit(struct ctx *ctx, struct request *request, struct reply *ret)
{
    const struct web_options *options = &request->web->options;
    if (request->session_token != NULL && !options->identify(ctx, request->session_token))
        request->session_token = NULL;
    request->csrf = web_sign(ctx, request->web, "csrf",
                             request->session_token == NULL ? "" : request->session_token);
    enum permission needed = request->route->permission;
    if (needed != PERMISSION_PUBLIC && !is_signed_in(ctx)) {
        *ret = ask_to_sign_in(ctx, request);
        return false;
    }
    if (needed != PERMISSION_PUBLIC && needed != PERMISSION_SIGNED_IN &&
        !options->permits(ctx, needed)) {
        *ret = reply_problem(ctx, 403, "web.not_permitted");
        return false;
    }
    bool is_forged = request->method == POST &&
                     (!is_same_origin(request) || (is_signed_in(ctx) && !has_csrf(ctx, request)));
    if (is_forged)
        *ret = reply_problem(ctx, 403, "web.forged");
    return !is_forged;
}

static bool run(struct ctx *ctx, void *argument)
{
    struct work *work = argument;
    ctx->actor = NULL;
    work->reply = (struct reply){0};
    if (!admit(ctx, work->request, &work->reply)) {
        work->request->web->options.frame(ctx, &work->request->frame);
        return false;
    }
    if (work->is_check)
        return true;
    work->reply = work->request->route->handle(ctx);
    if (!work->request->wants_json)
        work->request->web->options.frame(ctx, &work->request->frame);
    return work->reply.status < 400 || work->reply.commits;
}

/* Tests ask for the outcomes that were answered, to find those that no test produced. */
static void record_outcome(const struct reply *reply)
{
    const char *path = getenv("DIANJI_OUTCOME_LOG");
    if (path == NULL || reply->kind != REPLY_OUTCOME)
        return;
    FILE *file = fopen(path, "a");
    if (file == NULL)
        return;
    fprintf(file, "%s\n", reply->message.key);
    fclose(file);
}

static enum store_result transact(struct ctx *ctx, struct work *work)
{
    struct store *store = work->request->web->options.store;
    bool writes = work->request->method == POST && !work->is_check;
    return writes ? store_write(store, ctx, run, work) : store_read(store, ctx, run, work);
}

static struct reply handle(struct ctx *ctx, struct request *request)
{
    struct work work = {.request = request};
    if (request->route->prepare != NULL) {
        work.is_check = true;
        enum store_result checked = transact(ctx, &work);
        if (checked == STORE_REFUSED)
            return work.reply;
        if (checked == STORE_DONE)
            request->route->prepare(ctx);
        work.is_check = false;
    }
    switch (transact(ctx, &work)) {
    case STORE_DONE:
    case STORE_REFUSED:
        return work.reply;
    case STORE_MEMORY:
        return reply_problem(ctx, 413, "web.too_large");
    case STORE_FAILED:
        break;
    }
    return reply_problem(ctx, 503, "web.store_failed");
}

static void last_words(struct response *ret, int status)
{
    *ret =
        (struct response){.status = status, .content_type = "text/plain", .body = "", .length = 0};
}

void request_serve(struct ctx *ctx, struct request *request, struct response *ret)
{
    struct guard guard;
    if (GUARDED(ctx->arena, &guard) != FAULT_NONE) {
        /* The arena is used up: what little is said must need none of it. */
        last_words(ret, guard.fault == FAULT_MEMORY ? 413 : 503);
        return;
    }
    struct reply reply = handle(ctx, request);
    record_outcome(&reply);
    response_render(ctx, request, &reply, ret);
    guard_leave(ctx->arena, &guard);
}
