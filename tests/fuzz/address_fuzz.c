/*
 * Addresses from arbitrary bytes, path and query: a route is found or not, and whatever parts and
 * fields there are then, are text without control characters.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "web/web_room.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static struct reply never(struct ctx *ctx)
{
    return reply_not_found(ctx);
}

static const struct route routes[] = {
    {GET, "/", PERMISSION_PUBLIC, .handle = never},
    {GET, "/a", PERMISSION_PUBLIC, .handle = never},
    {POST, "/a/:one", PERMISSION_PUBLIC, .handle = never},
    {GET, "/a/:one/b/:two", PERMISSION_PUBLIC, .handle = never},
    {GET, "/a/new", PERMISSION_PUBLIC, .handle = never},
    {GET, "/:any/c", PERMISSION_PUBLIC, .handle = never},
    {0},
};

static void check_text(const char *text)
{
    size_t length = strlen(text);
    assert(text_valid(text, length));
    for (size_t i = 0; i < length; i++)
        assert((unsigned char)text[i] >= ' ' || text[i] == '\n' || text[i] == '\t');
}

static void check_route(struct ctx *ctx, const struct router *router, const char *path)
{
    const char *allow = NULL;
    struct request request = {.method = path[strlen(path) / 2] % 2 == 0 ? GET : POST};
    switch (router_find(router, ctx, &request, path, &allow)) {
    case ROUTE_FOUND:
        assert(request.route != NULL && request.route->method == request.method);
        for (size_t i = 0; i < WEB_PARTS_MAX && request.parts[i].name != NULL; i++)
            check_text(request.parts[i].value);
        break;
    case ROUTE_METHOD:
        assert(allow != NULL && *allow != '\0');
        break;
    case ROUTE_UNKNOWN:
        break;
    }
}

static void check_query(struct ctx *ctx, const char *query)
{
    struct pairs pairs = {0};
    if (!body_read_query(ctx, query, &pairs))
        return;
    assert(pairs.count <= WEB_PAIRS_MAX);
    for (size_t i = 0; i < pairs.count; i++) {
        assert(text_valid(pairs.items[i].name, strlen(pairs.items[i].name)));
        check_text(pairs.items[i].value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const struct route *const tables[] = {routes};
    struct message fault = {0};
    struct arena *arena = arena_new((size_t)32 * 1024 * 1024);
    struct ctx ctx = {.arena = arena};
    struct router *router = router_new(arena, tables, 1, &fault);
    assert(router != NULL);
    const char *uri = arena_text_n(arena, (const char *)bytes, length);
    size_t path_length = strcspn(uri, "?#");
    const char *path = arena_text_n(arena, uri, path_length), *decoded;
    if (text_unescape(&ctx, path, path_length, &decoded))
        assert(text_valid(decoded, strlen(decoded)));
    if (path_length > 0)
        check_route(&ctx, router, path);
    check_query(&ctx, uri[path_length] == '\0' ? "" : uri + path_length + 1);
    arena_free(arena);
    return 0;
}
