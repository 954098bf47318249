/* What the server itself answers: whether it is alive, what a problem's name means, its files, and
 * the page of every refusal that no handler is asked about. */
#include <string.h>

#include "web/assets.h"
#include "web/web_room.h"
#include "web_html.h"

/* In a transaction, so that a database that is gone shows. */
static struct reply show_health(struct ctx *ctx)
{
    if (atomic_load(&ctx->request->web->is_stopping))
        return reply_problem(ctx, 503, "web.busy");
    return reply_file("text/plain; charset=utf-8", NULL, "ok\n", 3);
}

/* A page with nothing in it: what every other one is measured against. */
static struct reply show_empty(struct ctx *ctx)
{
    return page_empty(ctx, arena_one(ctx->arena, struct empty_model));
}

/* Where the "type" of a problem leads (RFC 9457): its words, without the values of a case. */
static struct reply show_problem_type(struct ctx *ctx)
{
    const char *code = request_part(ctx, "code");
    const char *text = words(ctx, code);
    if (text == code || strchr(code, '.') == NULL)
        return reply_not_found(ctx);
    struct problem_type_model *model = arena_one(ctx->arena, struct problem_type_model);
    *model = (struct problem_type_model){.code = code, .message = text};
    return page_problem_type(ctx, model);
}

const struct route web_routes[] = {
    {GET, "/healthz", PERMISSION_PUBLIC, .handle = show_health},
    {GET, "/empty", PERMISSION_PUBLIC, .handle = show_empty},
    {GET, "/problems/:code", PERMISSION_PUBLIC, .handle = show_problem_type},
    {0},
};

static struct reply show_refusal(struct ctx *ctx)
{
    const struct refusal *refusal = &ctx->request->refusal;
    return reply_problem(ctx, refusal->status, refusal->key);
}

/* In no table: a request gets it when nothing else can be done with it. */
const struct route web_refused_route = {GET, "/", PERMISSION_PUBLIC, .handle = show_refusal};

static const struct asset *find_asset(const char *path)
{
    for (const struct asset *asset = assets; asset->name != NULL; asset++)
        if (strcmp(asset->path, path) == 0)
            return asset;
    return NULL;
}

void response_if_new(const char *known_tags, struct response *ret)
{
    if (known_tags == NULL || strstr(known_tags, ret->tag) == NULL)
        return;
    ret->status = 304;
    ret->body = "";
    ret->length = 0;
}

bool file_answer(const char *path, bool wants_packed, const char *known_tag, struct response *ret)
{
    const struct asset *asset = find_asset(path);
    if (asset == NULL)
        return false;
    bool is_packed = wants_packed && asset->packed_length < asset->length;
    *ret = (struct response){.status = 200,
                             .content_type = asset->content_type,
                             .body = is_packed ? asset->packed : asset->bytes,
                             .length = is_packed ? asset->packed_length : asset->length,
                             .is_packed = is_packed,
                             .is_public = asset->is_hashed,
                             .tag = is_packed ? asset->packed_tag : asset->tag};
    response_if_new(known_tag, ret);
    return true;
}
