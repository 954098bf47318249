/* One request on its connection: between libmicrohttpd, the lanes and the rooms. */
#ifndef DIANJI_WEB_WEB_VISIT_H
#define DIANJI_WEB_WEB_VISIT_H

#include "web/web_room.h"

struct visit {
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
};

/* Its connection sleeps until visit_serve() is done. */
void visit_suspend(struct visit *visit);

#endif
