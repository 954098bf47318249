/* What the web's own files share: a request being served, and its way from bytes to a response. */
#ifndef DIANJI_WEB_WEB_ROOM_H
#define DIANJI_WEB_WEB_ROOM_H

#include <stdatomic.h>
#include <stdio.h>

#include "store/store.h"
#include "web/web.h"

enum {
    WEB_PAIRS_MAX = 2000, /* fields of one form: a sheet of a whole class and more */
    WEB_PARTS_MAX = 4,    /* ":name" parts of a path */
    WEB_UPLOADS_MAX = 4,
    WEB_BODY_DEFAULT = 64 * 1024,
    WEB_ARENA_BYTES = 32 * 1024 * 1024,
    WEB_LAST_WORDS_BYTES = 1024 * 1024, /* beyond an arena's limit, to say that it was reached */
    WEB_CSRF_LENGTH = 64,
    WEB_COOKIES_MAX = 6,
    WEB_DAEMONS_MAX = 64,
    WEB_CONNECTIONS_MAX = 8192, /* over all daemons */
    WEB_ADDRESS_CONNECTIONS_MAX = 2048,
};

struct pair {
    const char *name;
    const char *value;
};
struct pairs {
    size_t count, capacity;
    struct pair *items;
};

struct upload_part {
    const char *name;
    struct upload upload;
};

/* A refusal that stands before any handler is asked: unknown page, malformed body, too large. */
struct refusal {
    int status; /* 0: none */
    const char *key;
    const char *allow; /* of a 405 */
    int retry_seconds; /* of a 429 */
};

struct request {
    struct web *web;
    const struct route *route;
    enum method method;
    const char *path;       /* decoded */
    const char *query_text; /* as it came, "" without one */
    struct pair parts[WEB_PARTS_MAX];
    struct pairs query;
    struct pairs form;
    size_t upload_count;
    struct upload_part uploads[WEB_UPLOADS_MAX];
    struct refusal refusal;
    bool wants_json;
    bool accepts_gzip;
    const char *content_type;
    const char *session_token; /* of the cookie, or NULL */
    const char *csrf;          /* the token of this session's forms */
    const char *known_tags;    /* If-None-Match */
    const char *csrf_given;    /* by a program, in a header; forms have a field */
    const char *note;          /* shown once, from the cookie */
    const char *carried;
    const char *elder; /* NULL, "1" or "huge" */
    bool sets_language, sets_elder;
    const char *sec_fetch_site, *origin, *host;
    const char *address; /* of the client */
    bool is_counted;     /* among its account's */
    int retry_seconds;   /* where that has had enough */
    const char *id;      /* for the log and for the person who asks what happened */
    void *kept;
    bool (*after)(struct ctx *ctx, void *argument); /* or NULL */
    void *after_argument;
    struct deed deed; /* what handlers told of it */
    int64_t *shown;   /* deed.shown, which is const for everyone else */
    size_t shown_capacity;
    struct arena *deed_arena; /* the request's own: rows of a file are drawn in another */
    bool has_frame; /* false: answered without asking the database, so nothing is known of who asks
                     */
    struct frame frame;
};

/* What goes out. */
struct response {
    int status;
    const char *content_type;
    const void *body;
    size_t length;
    bool is_packed;
    bool is_public;  /* the same for everyone, under a name that changes with its content */
    bool is_shared;  /* the same for all visitors without a session, but asked for each time */
    const char *tag; /* entity tag, with its quotation marks */
    const char *location;
    const char *file_name;
    const char *allow;
    const char *csrf;    /* for programs; pages carry it in their forms */
    int refresh_seconds; /* 0: no */
    int retry_seconds;   /* when to come again; 0: what the status suggests */
    size_t cookie_count;
    const char *cookies[WEB_COOKIES_MAX];
};

/* --- web_route.c */
struct router;
/* NULL with a message where a route names no permission, or two answer to the same paths. */
struct router *router_new(struct arena *arena, const struct route *const *tables, size_t count,
                          struct message *ret_fault);
enum route_match { ROUTE_FOUND, ROUTE_UNKNOWN, ROUTE_METHOD };
/* `path` still has its escapes: a part may hold an escaped "/". */
enum route_match router_find(const struct router *router, struct ctx *ctx, struct request *request,
                             const char *path, const char **ret_allow);

/* --- web_headers.c: what the client prefers */
/* How much it wants the media type, 0–1000; a missing or empty header wants anything. */
int accept_quality(const char *header, const char *type);
bool accepts_gzip(const char *header);
enum language accept_language(const char *header);

/* --- web_body.c: false where the text is malformed */
bool text_unescape(struct ctx *ctx, const char *text, size_t length, const char **ret);
bool pairs_add(struct ctx *ctx, struct pairs *pairs, const char *name, struct bytes value);
const char *pairs_find(const struct pairs *pairs, const char *name);
bool body_read_query(struct ctx *ctx, const char *text, struct pairs *pairs);
bool body_read(struct ctx *ctx, struct request *request, const char *bytes, size_t length,
               struct refusal *ret);

/* --- web_multipart.c */
bool multipart_read(struct ctx *ctx, struct request *request, const char *bytes, size_t length);

/* --- web_reply.c */
struct reply reply_problem(struct ctx *ctx, int status, const char *key);

/* --- web_deed.c: what a request did */
void deed_begin(struct ctx *ctx,
                struct request *request); /* ahead of the handler, each time that it runs */
/* Completes the deed from the reply; false where it is nothing that is kept. */
bool deed_complete(struct ctx *ctx, struct request *request, const struct reply *reply,
                   bool is_admitted);

/* --- web_cookie.c: cookies, and what proves that they are ours */
const char *web_sign(struct ctx *ctx, const struct web *web, const char *purpose, const char *text);
/* The text of a note's cookie, or NULL where it is not ours. */
const char *web_read_note(struct ctx *ctx, const struct web *web, const char *cookie);
/* The text that a browser was given to carry, or NULL where it is over or not ours. */
const char *web_read_carried(struct ctx *ctx, const struct web *web, const char *cookie);
const char *carried_cookie_name(const struct web *web);
void add_note(struct ctx *ctx, const struct request *request, const char *text,
              struct response *ret);
void add_cookies(struct ctx *ctx, const struct request *request, const struct reply *reply,
                 struct response *ret);
const char *session_cookie_name(const struct web *web);

/* --- web_face.c: a reply in the face that the client asked for */
void response_render(struct ctx *ctx, struct request *request, const struct reply *reply,
                     struct response *ret);

/* --- web_pack.c */
struct packers;
struct packers *packers_new(struct arena *arena);
void packers_end(struct packers *packers);
/* gzip, where the client takes it and it is worth it. */
void response_pack(struct ctx *ctx, const struct request *request, struct response *ret);

/* --- web_serve.c: routes, rights and transactions around a handler */
void request_serve(struct ctx *ctx, struct request *request, struct response *ret);
/* A problem said without the database: when there is no room to ask it. */
void request_turn_away(struct ctx *ctx, struct request *request, int status, const char *key,
                       struct response *ret);

/* --- web_queue.c */
int64_t web_clock_us(void); /* of the monotonic clock */

/* --- web_rate.c: how often one address, or one account, may ask */
struct rates;
struct rates *rates_new(struct arena *arena);
struct rate_subject {
    const unsigned char *bytes;
    size_t length;
    int a_minute; /* at once, and again each minute; 0: any number */
};
/* 0, and one is taken; or the seconds after which there will be one. Time in microseconds. */
int rates_take(struct rates *rates, struct rate_subject subject, int64_t now_us);
int rates_take_address(struct rates *rates, const char *address, int a_minute, int64_t now_us);
int rates_take_account(struct rates *rates, int64_t account, int a_minute, int64_t now_us);

/* --- web_pages.c: the server's own routes and files */
extern const struct route web_routes[];
extern const struct route web_refused_route;
bool file_answer(const char *path, bool wants_packed, const char *known_tag, struct response *ret);
/* With its tag set: nothing but "as before", where that is one of those that the client knows. */
void response_if_new(const char *known_tags, struct response *ret);

/* --- web_visit.c: a request on its connection */
struct visits;
struct MHD_Daemon;
struct visits *visits_new(struct web *web, struct arena *arena, size_t cores);
/* On a listening socket; a worker that is done with a visit writes to the eventfd `wake`. */
struct MHD_Daemon *visits_daemon(struct visits *visits, int fd, int wake);
void visits_drain(struct visits *visits); /* waits until what is under way is answered */
void visits_end(struct visits *visits);   /* when no daemon uses it any more */

/* --- web_queue.c: workers for what may wait, a queue a lane */
struct visit;
struct lanes;
struct lanes_options {
    size_t cores;
    void (*serve)(struct visit *);
    void (*refuse)(struct visit *);
};
struct lanes *lanes_new(struct arena *arena, const struct lanes_options *options);
/* False where the lane's queue is full, or closing; else `visit` belongs to another thread, which
 * serves it, or refuses it in a while where the lane does that instead. */
bool lanes_add(struct lanes *lanes, enum lane lane, struct visit *visit);
/* What is refused too quickly comes back too quickly; false where it cannot wait. */
bool lanes_refuse_later(struct lanes *lanes, struct visit *visit);
void lanes_end(struct lanes *lanes); /* finishes what is queued */

/* --- web_peer.c: connections, each with a time by which it must have got on */
struct peers;
struct peer;
struct peers *peers_new(struct arena *arena, int patience_seconds);
void peers_end(struct peers *peers);
struct peer *peer_add(struct peers *peers, int fd);
void peer_remove(struct peer *peer); /* accepts NULL, as the others do */
/* From now the client has a fixed time, and more for each byte that is to move. */
void peer_expect(struct peer *peer, size_t bytes);
void peer_wait(struct peer *peer); /* it is our turn: no limit */

/* --- web_tls.c */
struct MHD_OptionItem;
/* The certificate and its key, from now on; false, and as before, where they cannot be read. */
bool tls_read(const struct web *web, struct message *ret_fault);
const struct MHD_OptionItem *tls_options(const struct web *web); /* none, where there is no TLS */

/* --- web_daemon.c */
struct daemons;
bool daemons_start(struct web *web, struct arena *arena, struct message *ret_fault);
int daemons_port(const struct daemons *daemons);
void daemons_stop(struct daemons *daemons);

struct web {
    struct arena *arena;
    struct web_options options;
    struct router *router;
    struct packers *packers;
    struct rates *rates;
    struct daemons *daemons;
    FILE *outcome_log; /* of DIANJI_OUTCOME_LOG, or NULL */
    atomic_bool is_stopping;
};

#endif
