/*
 * Which route a path belongs to. The rooms' tables become one tree at start, a level for each part
 * of a path, so that finding a route costs the length of the path and not the number of routes.
 * Where a part fits both a word and a ":name", the word comes first: /class/new is not a class.
 */
#include <string.h>

#include "web/web_room.h"

struct node {
    const char *word; /* NULL: any part */
    size_t length;
    struct node *words; /* the next level's, in the order of the tables */
    struct node *any;
    struct node *next;                    /* beside this one */
    const struct route *routes[POST + 1]; /* that end here, by method */
};

struct router {
    struct node root;
};

static bool fail(struct arena *arena, const char *key, const struct route *route,
                 struct message *ret_fault)
{
    *ret_fault = (struct message){key, {{"route", arena_text(arena, route->path)}}};
    return false;
}

static struct node *child(struct arena *arena, struct node *node, const char *part, size_t length)
{
    bool is_any = *part == ':';
    for (struct node *at = is_any ? node->any : node->words; at != NULL; at = at->next)
        if (is_any || (at->length == length && memcmp(at->word, part, length) == 0))
            return at;
    struct node *made = arena_one(arena, struct node);
    if (is_any) {
        node->any = made;
        return made;
    }
    made->word = part;
    made->length = length;
    made->next = node->words;
    node->words = made;
    return made;
}

static bool add(struct arena *arena, struct router *router, const struct route *route,
                struct message *ret_fault)
{
    bool is_sound = route->permission != 0 && route->handle != NULL && route->path[0] == '/' &&
                    (route->method == GET || route->method == POST);
    if (!is_sound)
        return fail(arena, "web.route_unsound", route, ret_fault);
    struct node *node = &router->root;
    size_t names = 0;
    for (const char *part = route->path; *part == '/'; part += strcspn(part, "/")) {
        part++;
        names += *part == ':';
        node = child(arena, node, part, strcspn(part, "/"));
    }
    if (names > WEB_PARTS_MAX)
        return fail(arena, "web.route_unsound", route, ret_fault);
    if (node->routes[route->method] != NULL)
        return fail(arena, "web.route_twice", route, ret_fault);
    node->routes[route->method] = route;
    return true;
}

struct router *router_new(struct arena *arena, const struct route *const *tables, size_t count,
                          struct message *ret_fault)
{
    struct router *router = arena_one(arena, struct router);
    for (size_t i = 0; i < count; i++)
        for (const struct route *route = tables[i]; route->path != NULL; route++)
            if (!add(arena, router, route, ret_fault))
                return NULL;
    return router;
}

/* The node at the end of the path, or NULL; a wrong turn into a word is taken back. */
static const struct node *walk(const struct node *node, const char *path)
{
    if (*path == '\0')
        return node->routes[GET] != NULL || node->routes[POST] != NULL ? node : NULL;
    const char *part = path + 1; /* over the '/' */
    size_t length = strcspn(part, "/");
    for (const struct node *at = node->words; at != NULL; at = at->next)
        if (at->length == length && memcmp(at->word, part, length) == 0) {
            const struct node *found = walk(at, part + length);
            if (found != NULL)
                return found;
        }
    return node->any == NULL || length == 0 ? NULL : walk(node->any, part + length);
}

/* The values of the route's ":name" parts; false where one is malformed. */
static bool read_parts(struct ctx *ctx, struct request *request, const char *path)
{
    size_t count = 0;
    const char *pattern = request->route->path;
    while (*pattern == '/') {
        pattern++;
        path++;
        size_t wanted = strcspn(pattern, "/"), length = strcspn(path, "/");
        if (*pattern == ':') {
            struct pair *pair = &request->parts[count++];
            pair->name = arena_text_n(ctx->arena, pattern + 1, wanted - 1);
            if (!text_unescape(ctx, path, length, &pair->value))
                return false;
            pair->value = text_clean(ctx->arena, pair->value);
        }
        pattern += wanted;
        path += length;
    }
    return true;
}

enum route_match router_find(const struct router *router, struct ctx *ctx, struct request *request,
                             const char *path, const char **ret_allow)
{
    const struct node *node = *path == '/' ? walk(&router->root, path) : NULL;
    if (node == NULL)
        return ROUTE_UNKNOWN;
    *ret_allow = node->routes[GET] == NULL    ? "POST"
                 : node->routes[POST] == NULL ? "GET, HEAD"
                                              : "GET, HEAD, POST";
    if (request->method == 0 || node->routes[request->method] == NULL)
        return ROUTE_METHOD;
    request->route = node->routes[request->method];
    return read_parts(ctx, request, path) ? ROUTE_FOUND : ROUTE_UNKNOWN;
}

static void print_table(const struct route *table, struct buffer *out)
{
    for (const struct route *route = table; route->path != NULL; route++)
        buffer_printf(out, "%-4s %-44s %s\n", route->method == GET ? "GET" : "POST", route->path,
                      permission_name(route->permission));
}

void web_print_routes(const struct route *const *tables, size_t count, struct buffer *out)
{
    print_table(web_routes, out);
    for (size_t i = 0; i < count; i++)
        print_table(tables[i], out);
}

static void print_shown(const struct route *table, struct buffer *out)
{
    for (const struct route *route = table; route->path != NULL; route++)
        if (route->shows != NULL)
            buffer_printf(out, "%-4s %-44s %s\n", route->method == GET ? "GET" : "POST",
                          route->path, route->shows);
}

void web_print_shown(const struct route *const *tables, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++)
        print_shown(tables[i], out);
}
