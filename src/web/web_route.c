/* Which route a path belongs to. The table is small (some hundred routes): sorted by its first
 * part, tried in order. */
#include <stdlib.h>
#include <string.h>

#include "web/web_room.h"

struct router {
    size_t count;
    const struct route **routes;
};

static bool same_path(const struct route *a, const struct route *b)
{
    return a->method == b->method && strcmp(a->path, b->path) == 0;
}

static bool is_sound(const struct route *route, struct arena *arena, struct message *ret_fault)
{
    if (route->permission != 0 && route->handle != NULL && route->path[0] == '/')
        return true;
    *ret_fault = (struct message){"web.route_unsound", {{"route", arena_text(arena, route->path)}}};
    return false;
}

static int by_path(const void *a, const void *b)
{
    const struct route *const *left = a, *const *right = b;
    return strcmp((*left)->path, (*right)->path);
}

struct router *router_new(struct arena *arena, const struct route *const *tables, size_t count,
                          struct message *ret_fault)
{
    struct router *router = arena_one(arena, struct router);
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        for (const struct route *route = tables[i]; route->path != NULL; route++)
            total++;
    router->routes = arena_array(arena, total, const struct route *);
    for (size_t i = 0; i < count; i++)
        for (const struct route *route = tables[i]; route->path != NULL; route++) {
            if (!is_sound(route, arena, ret_fault))
                return NULL;
            router->routes[router->count++] = route;
        }
    qsort(router->routes, router->count, sizeof router->routes[0], by_path);
    for (size_t i = 1; i < router->count; i++)
        if (same_path(router->routes[i - 1], router->routes[i])) {
            *ret_fault = (struct message){"web.route_twice",
                                          {{"route", arena_text(arena, router->routes[i]->path)}}};
            return NULL;
        }
    return router;
}

/* How well the path fits: -1 not at all, else the number of parts that are words of the pattern. */
static int fit(struct ctx *ctx, const char *pattern, const char *path, struct pair *parts)
{
    int words_matched = 0;
    size_t part = 0;
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        size_t want = strcspn(pattern, "/"), have = strcspn(path, "/");
        if (*pattern == ':') {
            if (have == 0 || part == WEB_PARTS_MAX)
                return -1;
            parts[part++] = (struct pair){arena_text_n(ctx->arena, pattern + 1, want - 1),
                                          arena_text_n(ctx->arena, path, have)};
        } else if (want != have || memcmp(pattern, path, have) != 0) {
            return -1;
        } else {
            words_matched++;
        }
        pattern += want;
        path += have;
    }
    return *pattern == '\0' && *path == '\0' ? words_matched : -1;
}

enum route_match router_find(const struct router *router, struct ctx *ctx, struct request *request,
                             const char **ret_allow)
{
    int best = -1;
    bool knows_path = false;
    for (size_t i = 0; i < router->count; i++) {
        const struct route *route = router->routes[i];
        struct pair parts[WEB_PARTS_MAX] = {0};
        int words_matched = fit(ctx, route->path, request->path, parts);
        if (words_matched < 0)
            continue;
        knows_path = true;
        *ret_allow = route->method == GET ? "GET, HEAD" : "POST";
        if (route->method == request->method && words_matched > best) {
            best = words_matched;
            request->route = route;
            memcpy(request->parts, parts, sizeof parts);
        }
    }
    return best >= 0 ? ROUTE_FOUND : knows_path ? ROUTE_METHOD : ROUTE_UNKNOWN;
}

void web_print_routes(const struct route *const *tables, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++)
        for (const struct route *route = tables[i]; route->path != NULL; route++)
            buffer_printf(out, "%-4s %-44s %s\n", route->method == GET ? "GET" : "POST",
                          route->path, permission_name(route->permission));
}
