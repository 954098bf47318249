/* One request on its connection: between libmicrohttpd, the lanes and the rooms. */
#ifndef DIANJI_WEB_WEB_VISIT_H
#define DIANJI_WEB_WEB_VISIT_H

#include "web/web_room.h"

struct visit {
    int wake; /* eventfd of the loop that reads and sends it */
    struct visits *visits;
    struct peer *peer;
    struct MHD_Connection *connection;
    struct arena *arena;
    const char *uri; /* as it came */
    struct ctx ctx;
    struct request request;
    struct response response;
    struct buffer body;
    size_t body_max;   /* what is kept; the rest is read and forgotten */
    size_t body_taken; /* of the uploads' budget */
    size_t received;
    bool is_begun; /* its headers are read */
    bool is_head;
    bool needs_host;
    bool is_answered;
    bool is_turned_away;
    bool is_last;       /* what follows on the connection is not to be read */
    struct visit *next; /* in its lane */
    int64_t due_us;     /* refused then, by the monotonic clock */
    struct refusal refused;
};

/* --- web_visit_read.c */
/* NULL where absent, or no text. */
const char *visit_header(struct visit *visit, const char *name);
/* The path as it came, and the query's fields; false where they are malformed. */
bool visit_read_uri(struct visit *visit, const char **ret_path);
void visit_read_headers(struct visit *visit);
/* Where two programs on the way could read different requests from the same bytes, neither shall.
 */
bool visit_is_unambiguous(struct visit *visit);
/* SIZE_MAX where it is not said. */
size_t visit_body_length(struct visit *visit);

/* --- web_visit_send.c: false where there is no memory for it */
bool visit_send(struct visit *visit);

/* Its connection sleeps until visit_serve() is done. */
void visit_suspend(struct visit *visit);

#endif
