/* What the web's own files share: a request being served, and its way from bytes to a response. */
#ifndef DIANJI_WEB_WEB_ROOM_H
#define DIANJI_WEB_WEB_ROOM_H

#include "store/store.h"
#include "web/web.h"

enum {
    WEB_PAIRS_MAX = 256, /* fields of one form */
    WEB_PARTS_MAX = 4,   /* ":name" parts of a path */
    WEB_UPLOADS_MAX = 4,
    WEB_BODY_DEFAULT = 64 * 1024,
    WEB_CSRF_LENGTH = 64,
};

struct pair {
    const char *name;
    const char *value;
};
struct pairs {
    size_t count;
    struct pair items[WEB_PAIRS_MAX];
};

struct upload_part {
    const char *name;
    struct upload upload;
};

struct request {
    struct web *web;
    const struct route *route;
    enum method method;
    const char *path;
    struct pair parts[WEB_PARTS_MAX];
    struct pairs query;
    struct pairs form;
    size_t upload_count;
    struct upload_part uploads[WEB_UPLOADS_MAX];
    bool wants_json;
    bool accepts_gzip;
    const char *content_type;
    const char *session_token; /* of the cookie, or NULL */
    const char *csrf;
    const char *note;  /* shown once, from the cookie */
    const char *elder; /* NULL, "1" or "huge" */
    bool sets_language, sets_elder;
    const char *sec_fetch_site, *origin, *host;
    const char *address; /* of the client */
    const char *id;      /* for the log and for the person who asks what happened */
    void *kept;
    struct frame frame;
};

/* What goes out. */
struct response {
    int status;
    const char *content_type;
    const void *body;
    size_t length;
    bool is_packed;
    bool is_public; /* may be cached for ever: its name changes with its content */
    const char *location;
    const char *file_name;
    const char *allow;
    size_t cookie_count;
    const char *cookies[4];
};

/* --- web_route.c */
struct daemons;
struct router;
struct router *router_new(struct arena *arena, const struct route *const *tables, size_t count,
                          struct message *ret_fault);
enum route_match { ROUTE_FOUND, ROUTE_UNKNOWN, ROUTE_METHOD };
enum route_match router_find(const struct router *router, struct ctx *ctx, struct request *request,
                             const char **ret_allow);

/* --- web_body.c: false where the text is malformed */
bool body_read_query(struct ctx *ctx, const char *text, struct pairs *pairs);
bool body_read(struct ctx *ctx, struct request *request, const char *bytes, size_t length);
const char *pairs_find(const struct pairs *pairs, const char *name);

/* --- web_reply.c */
void response_render(struct ctx *ctx, struct request *request, const struct reply *reply,
                     struct response *ret);
struct reply reply_problem(struct ctx *ctx, int status, const char *key);
const char *web_sign(struct ctx *ctx, const struct web *web, const char *purpose, const char *text);
/* The text of a note's cookie, or NULL where it is not ours. */
const char *web_read_note(struct ctx *ctx, const struct web *web, const char *cookie);

/* --- web_daemon.c */
bool daemons_start(struct web *web, struct arena *arena, struct message *ret_fault);
void daemons_stop(struct daemons *daemons);

/* --- web_serve.c: routes, rights and transactions around a handler */
void request_serve(struct ctx *ctx, struct request *request, struct response *ret);

struct web {
    struct web_options options;
    struct router *router;
    struct daemons *daemons;
};

#endif
