/*
 * What a request did: signed in, was refused, saw, revealed, exported or changed something. Most of
 * it is in the route and the reply; handlers add what only they know. Whoever keeps the record
 * stands above this room (web_options.witness).
 */
#include <assert.h>
#include <string.h>

#include "web/web_room.h"

/* The request belongs to this ctx alone; it is const for everyone but the web. */
static struct request *own(const struct ctx *ctx)
{
    return (struct request *)(uintptr_t)ctx->request;
}

/* --- what handlers tell; rules that run without a request tell nobody --- */

void request_shows(struct ctx *ctx, int64_t id)
{
    struct request *request = own(ctx);
    if (request == NULL || id == 0)
        return;
    assert(request->route->shows != NULL && "the route must say what it shows");
    if (request->deed.shown_count > 0 && request->shown[request->deed.shown_count - 1] == id)
        return;
    if (request->deed.shown_count == request->shown_capacity) {
        size_t wider = request->shown_capacity == 0 ? 32 : request->shown_capacity * 2;
        request->shown =
            arena_grow(request->deed_arena, request->shown,
                       request->shown_capacity * sizeof(int64_t), wider * sizeof(int64_t));
        request->shown_capacity = wider;
    }
    request->shown[request->deed.shown_count++] = id;
    request->deed.shown = request->shown;
}

void request_about(struct ctx *ctx, const char *kind, int64_t id)
{
    if (ctx->request == NULL)
        return;
    own(ctx)->deed.subject_kind = kind;
    own(ctx)->deed.subject = id;
}

void request_reason(struct ctx *ctx, const char *code, const char *text)
{
    if (ctx->request == NULL)
        return;
    own(ctx)->deed.reason = code;
    own(ctx)->deed.note = text;
}

void request_exports(struct ctx *ctx, int64_t rows)
{
    if (ctx->request != NULL)
        own(ctx)->deed.rows = rows;
}

/* --- the whole of it --- */

void deed_begin(struct ctx *ctx, struct request *request)
{
    request->deed_arena = ctx->arena;
    request->deed = (struct deed){.rows = INT64_MIN};
    request->shown = NULL;
    request->shown_capacity = 0;
}

static bool has_part(const struct request *request)
{
    return request->parts[0].name != NULL;
}

/* A file under a name of its own leaves the house; what everybody may have is no export. */
static bool is_export(const struct request *request, const struct reply *reply)
{
    return reply->kind == REPLY_FILE && reply->file_name != NULL &&
           request->route->permission != PERMISSION_PUBLIC;
}

static bool is_refused(const struct request *request, const struct reply *reply)
{
    bool is_hidden = reply->status == 404 && has_part(request) &&
                     request->route->permission != PERMISSION_PUBLIC;
    return reply->status == 401 || reply->status == 403 || is_hidden;
}

static enum deed_kind kind_of(const struct ctx *ctx, const struct request *request,
                              const struct reply *reply, bool is_admitted)
{
    const struct route *route = request->route;
    if (route == &web_refused_route)
        return DEED_NONE;
    if (!is_admitted)
        return DEED_REFUSED;
    if (route->deed == DEED_SIGN_IN)
        return reply->status == 422 ? DEED_NONE : DEED_SIGN_IN; /* 422: a field was left empty */
    if (is_refused(request, reply))
        return DEED_REFUSED;
    if (route->deed != DEED_NONE && reply->status < 400)
        return route->deed;
    if (is_export(request, reply))
        return DEED_EXPORTED;
    if (request->deed.shown_count > 0)
        return DEED_SAW;
    bool has_changed = request->method == POST && reply->status < 400 && ctx->actor != NULL &&
                       reply->kind != REPLY_PAGE;
    return has_changed ? DEED_CHANGED : DEED_NONE;
}

/* By the name and the value of the path's first part that is an id. */
static void find_subject(const struct request *request, struct deed *deed)
{
    for (size_t i = 0; i < WEB_PARTS_MAX && request->parts[i].name != NULL; i++)
        if (id_parse(request->parts[i].value, &deed->subject)) {
            deed->subject_kind = request->parts[i].name;
            return;
        }
}

/* What was searched for may be somebody's name or number: only that there was something. */
static const char *filter_of(struct ctx *ctx, const struct request *request)
{
    struct buffer out = buffer_new(ctx->arena, 64);
    for (size_t i = 0; i < request->query.count; i++) {
        const struct pair *pair = &request->query.items[i];
        buffer_add(&out, out.length == 0 ? "" : "&");
        buffer_add_url(&out, pair->name);
        buffer_add_char(&out, '=');
        buffer_add_url(&out, strcmp(pair->name, "q") == 0 ? "*" : pair->value);
    }
    return out.length == 0 ? NULL : out.bytes;
}

bool deed_complete(struct ctx *ctx, struct request *request, const struct reply *reply,
                   bool is_admitted)
{
    struct deed *deed = &request->deed;
    deed->kind = kind_of(ctx, request, reply, is_admitted);
    if (deed->kind == DEED_NONE)
        return false;
    deed->route = arena_printf(ctx->arena, "%s %s", request->method == GET ? "GET" : "POST",
                               request->route->path);
    deed->address = request->address;
    deed->is_program = request->wants_json;
    deed->request = request->id;
    bool is_led_away = !is_admitted && reply->status < 400;
    deed->status = is_led_away ? 401 : reply->status;
    if (deed->outcome == NULL)
        deed->outcome = is_led_away ? "web.sign_in_first" : reply->message.key;
    deed->shows = request->route->shows;
    if (deed->subject_kind == NULL)
        find_subject(request, deed);
    if (deed->kind == DEED_EXPORTED)
        deed->filter = filter_of(ctx, request);
    return true;
}
