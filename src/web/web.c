/* Starting and stopping; the road of a request is web_daemon.c → web_serve.c → a room's handler →
 * web_reply.c. */
#include "web/web_room.h"

struct web *web_start(const struct web_options *options, struct arena *arena,
                      struct message *ret_fault)
{
    struct web *web = arena_one(arena, struct web);
    web->options = *options;
    web->router = router_new(arena, options->routes, options->route_tables, ret_fault);
    if (web->router == NULL || !daemons_start(web, arena, ret_fault))
        return NULL;
    return web;
}

void web_stop(struct web *web)
{
    daemons_stop(web->daemons);
}
