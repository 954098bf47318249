/* What handlers may ask about the request; the contract is in web.h. */
#include <assert.h>
#include <string.h>

#include "web/web_room.h"

/* The request belongs to this ctx alone; it is const for everyone but the web. */
static struct request *own(const struct ctx *ctx)
{
    return (struct request *)(uintptr_t)ctx->request;
}

const char *request_part(const struct ctx *ctx, const char *name)
{
    for (size_t i = 0; i < WEB_PARTS_MAX && ctx->request->parts[i].name != NULL; i++)
        if (strcmp(ctx->request->parts[i].name, name) == 0)
            return ctx->request->parts[i].value;
    assert(!"the route has no such part");
    return "";
}

const char *request_query(const struct ctx *ctx, const char *name)
{
    return pairs_find(&ctx->request->query, name);
}

const char *request_form(const struct ctx *ctx, const char *name)
{
    return pairs_find(&ctx->request->form, name);
}

const char *request_origin(struct ctx *ctx)
{
    const struct request *request = ctx->request;
    bool is_secure = request->web != NULL && request->web->options.secure_cookies;
    return arena_printf(ctx->arena, "%s://%s", is_secure ? "https" : "http",
                        request->host == NULL ? "" : request->host);
}

const char *request_path(const struct ctx *ctx)
{
    return ctx->request->path;
}

bool request_is_post(const struct ctx *ctx)
{
    return ctx->request->method == POST;
}

bool request_is_json(const struct ctx *ctx)
{
    const char *type = ctx->request->content_type;
    return type != NULL && text_starts(type, "application/json");
}

bool request_id(const struct ctx *ctx, const char *part, int64_t *ret)
{
    return id_parse(request_part(ctx, part), ret);
}

const struct upload *request_upload(const struct ctx *ctx, const char *name)
{
    const struct request *request = ctx->request;
    for (size_t i = 0; i < request->upload_count; i++)
        if (strcmp(request->uploads[i].name, name) == 0)
            return &request->uploads[i].upload;
    return NULL;
}

void request_keep(struct ctx *ctx, void *thing)
{
    own(ctx)->kept = thing;
}

void *request_kept(const struct ctx *ctx)
{
    return ctx->request->kept;
}

const char *request_address(const struct ctx *ctx)
{
    return ctx->request->address;
}

const char *request_session(const struct ctx *ctx)
{
    return ctx->request->session_token;
}

const char *request_carried(const struct ctx *ctx)
{
    return ctx->request->carried;
}

bool request_identify(struct ctx *ctx, const char *token)
{
    return ctx->request->web->options.identify(ctx, token);
}

bool request_wants_json(const struct ctx *ctx)
{
    return ctx->request->wants_json;
}

bool request_read(struct ctx *ctx, bool (*work)(struct ctx *ctx, void *argument), void *argument)
{
    return store_read(ctx->request->web->options.store, ctx, work, argument) == STORE_DONE;
}

void request_after(struct ctx *ctx, bool (*work)(struct ctx *ctx, void *argument), void *argument)
{
    own(ctx)->after = work;
    own(ctx)->after_argument = argument;
}
