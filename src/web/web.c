/*
 * Starting and stopping. The road of a request: web_visit.c (the connection) → web_route.c →
 * perhaps web_queue.c → web_serve.c (rights, transaction) → a room's handler → web_face.c (HTML or
 * JSON) → web_visit.c.
 */
#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "web/web_room.h"

/* The rooms' tables and the server's own. */
static struct router *all_routes(struct web *web, struct arena *arena, struct message *ret_fault)
{
    size_t count = web->options.route_tables;
    const struct route **tables = arena_array(arena, count + 1, const struct route *);
    for (size_t i = 0; i < count; i++)
        tables[i] = web->options.routes[i];
    tables[count] = web_routes;
    return router_new(arena, tables, count + 1, ret_fault);
}

static void close_file(void *file)
{
    fclose(file);
}

/* Tests ask for the outcomes that were answered, to find those that no test produced. */
static void open_outcome_log(struct web *web, struct arena *arena)
{
    const char *name = getenv("DIANJI_OUTCOME_LOG");
    web->outcome_log = name == NULL ? NULL : fopen(name, "ae");
    if (web->outcome_log != NULL)
        arena_defer(arena, close_file, web->outcome_log);
}

struct web *web_start(const struct web_options *options, struct arena *arena,
                      struct message *ret_fault)
{
    assert(options->secret != NULL && options->identify != NULL && options->permits != NULL &&
           options->frame != NULL);
    if (sodium_init() < 0) {
        *ret_fault = (struct message){"web.no_sodium", {{0}}};
        return NULL;
    }
    struct web *web = arena_one(arena, struct web);
    web->arena = arena;
    web->options = *options;
    if (options->tls_certificate != NULL && !tls_read(web, ret_fault))
        return NULL;
    open_outcome_log(web, arena);
    web->packers = packers_new(arena);
    web->rates = rates_new(arena);
    web->router = all_routes(web, arena, ret_fault);
    if (web->router == NULL || !daemons_start(web, arena, ret_fault))
        return NULL;
    return web;
}

void web_stop(struct web *web)
{
    atomic_store(&web->is_stopping, true);
    daemons_stop(web->daemons);
    packers_end(web->packers);
}

int web_port(const struct web *web)
{
    return daemons_port(web->daemons);
}

bool web_reload(struct web *web, struct message *ret_fault)
{
    return web->options.tls_certificate == NULL || tls_read(web, ret_fault);
}
