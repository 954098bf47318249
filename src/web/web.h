/*
 * HTTP: bytes in, a route's handler, a reply out as HTML or, by `Accept`, as JSON (RFC 9457 for
 * refusals).
 *
 * A room lists its routes in one table. A GET's handler runs in a read transaction, a POST's in a
 * write transaction: what it replies decides whether that commits (status below 400) or rolls back.
 * What is slow and needs no transaction (reading a spreadsheet, hashing a password, drawing a PDF)
 * belongs in the route's `prepare`, which runs before it. Handlers read the request, call one rule,
 * fill one model; they never write HTML, never decide rights (the route names its permission) and
 * never touch the socket.
 *
 *     static const struct route routes[] = {
 *         {GET, "/class/:class_id", PERMISSION_CLASS_VIEW, .handle = show},
 *         {POST, "/class/:class_id/submit", PERMISSION_CLASS_SUBMIT, .handle = submit},
 *     };
 *
 * To add a page: a line here, a handler, pages/<name>.html, words in both languages.
 */
#ifndef DIANJI_WEB_WEB_H
#define DIANJI_WEB_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/message.h"
#include "base/text.h"
#include "permissions.h" /* generated */

struct store;

enum method { GET = 1, POST };

/* Where a handler runs, so that a slow report never holds up a check-in. */
enum lane {
    LANE_FAST,     /* default: on SQLite a GET runs in the thread that read it */
    LANE_HEAVY,    /* spreadsheets, PDF: few threads, long queue */
    LANE_PASSWORD, /* weighing one, which is slow on purpose: what finds no place is refused at once
                    */
    LANE_CALL,     /* waiting for a service of others (web/web_call.h) */
};

/* What a request did, for whoever keeps the record of it (web_options.witness). */
enum deed_kind {
    DEED_NONE, /* nothing that is kept */
    DEED_SIGN_IN,
    DEED_REFUSED, /* 401, 403, and what is not there for this actor */
    DEED_SAW,
    DEED_REVEALED,
    DEED_EXPORTED,
    DEED_CHANGED,
};

struct reply; /* made by the functions below and by the generated page_<name>() */

struct route {
    enum method method;
    const char *path;           /* ":name" parts are given by request_part() */
    enum permission permission; /* PERMISSION_PUBLIC must be written; 0 does not start */
    struct reply (*handle)(struct ctx *ctx);
    void (*prepare)(struct ctx *ctx); /* optional; keeps what it made with request_keep() */
    enum lane lane;
    size_t body_max; /* bytes; 0: 64 KiB. Uploads say more */
    /* What its answers show whole records of, "person"; the handler names each with
     * request_shows(). NULL: of nothing that the record is kept for. */
    const char *shows;
    enum deed_kind deed; /* what the method does not tell: DEED_SIGN_IN, DEED_REVEALED */
    /* A GET in a write transaction: where browsers come back from another site. It must prove by
     * itself that this browser set out. */
    bool writes;
};

/* --- the request --- */

/* Values are valid UTF-8 and cleaned (text_clean); NULL where absent. */
const char *request_part(const struct ctx *ctx, const char *name); /* of the path; never NULL */
/* Where the browser reached us: "https://host". What the client says: to be shown to it alone. */
const char *request_origin(struct ctx *ctx);
const char *request_query(const struct ctx *ctx, const char *name); /* of the URL */
const char *
request_form(const struct ctx *ctx,
             const char *name); /* of a POST: form fields, or the members of a JSON object */
const char *request_path(const struct ctx *ctx);
bool request_is_post(const struct ctx *ctx);
bool request_is_json(const struct ctx *ctx); /* its body was a JSON object */
bool request_id(const struct ctx *ctx, const char *part, int64_t *ret)
    __attribute__((warn_unused_result));

struct upload {
    const char *file_name; /* as the browser sent it, cleaned, without folders */
    const void *bytes;
    size_t length;
};
const struct upload *request_upload(const struct ctx *ctx,
                                    const char *name); /* NULL where absent */
const char *request_address(const struct ctx *ctx);    /* of the client, for throttling */
/* What an earlier reply gave this browser to carry, where that is not over; or NULL. */
const char *request_carried(const struct ctx *ctx);
const char *request_session(const struct ctx *ctx); /* the session's token, or NULL */
/* Who acts under a session that the handler has just begun, as the server was told to find out. */
bool request_identify(struct ctx *ctx, const char *token);
bool request_wants_json(const struct ctx *ctx);
/* A read transaction for a `prepare`; false where the database failed. */
bool request_read(struct ctx *ctx, bool (*work)(struct ctx *ctx, void *argument), void *argument);
/*
 * Work for a write transaction of its own, behind the request's and ahead of its reply: what a page
 * that only reads has to note. It changes nothing about the reply, also where it fails; of several
 * the last one is done.
 */
void request_after(struct ctx *ctx, bool (*work)(struct ctx *ctx, void *argument), void *argument);
/* What `prepare` hands to `handle`. */
void request_keep(struct ctx *ctx, void *thing);
void *request_kept(const struct ctx *ctx);

/* --- what the request did, beside what its route, its actor and its reply tell --- */

/* The reply shows this one; only on a route that says what it shows. */
void request_shows(struct ctx *ctx, int64_t id);
/* What it is about, where the first id of the path does not tell. */
void request_about(struct ctx *ctx, const char *kind, int64_t id);
/* Why, as the actor gave it: a code with words, and a text or NULL. */
void request_reason(struct ctx *ctx, const char *code, const char *text);
/* How many rows the file has that goes out. */
void request_exports(struct ctx *ctx, int64_t rows);

struct deed {
    enum deed_kind kind;
    bool is_committed;        /* with the request's own transaction, which is open */
    const char *route;        /* "GET /desk/person/:person" */
    const char *address;      /* of the client */
    bool is_program;          /* it asked for JSON */
    const char *request;      /* its name in the log, and on the page of a refusal */
    int status;               /* 401 also where a visitor is led to the door */
    const char *outcome;      /* the code of its words, or NULL */
    const char *subject_kind; /* "class"; NULL: about nothing in particular */
    int64_t subject;
    const char *reason, *note; /* NULL: none was asked */
    int64_t rows;              /* INT64_MIN: not told */
    const char *filter; /* of a list: its parameters, without what was searched for; or NULL */
    const char *shows;  /* of what `shown` are */
    const int64_t *shown;
    size_t shown_count;
};

/* --- the reply --- */

/* Generated for each page: writes its model. */
struct page {
    const char *name;       /* "training/class_show" */
    const char *main_class; /* of <main>: "narrow", "narrow paper"; or NULL */
    void (*html)(struct buffer *out, struct ctx *ctx, const void *model);
    void (*title)(struct buffer *out, struct ctx *ctx, const void *model);
    void (*json)(struct buffer *out, struct ctx *ctx, const void *model);
    /* The faults of its forms as a JSON array; NULL where it has no form. */
    void (*errors)(struct buffer *out, struct ctx *ctx, const void *model);
};
/* A page with its model, for a template to stand around. */
struct page_shown {
    const struct page *page;
    const void *model;
};

enum reply_kind { REPLY_PAGE, REPLY_REDIRECT, REPLY_OUTCOME, REPLY_FILE };

struct reply {
    enum reply_kind kind;
    int status;
    const struct page *page;
    const void *model;
    const char *location;   /* redirects */
    struct message message; /* what to say: a refusal, or the note above the next page */
    const char *clause;     /* of a refusal */
    const void *bytes;      /* files */
    size_t length;
    const char *content_type;
    const char *file_name; /* NULL: shown, else downloaded under this name */
    bool commits;          /* also with a status of 400 or more: the refusal itself is recorded */
    const char *session_token; /* sets the session's cookie; "" ends it */
    /* A text that only this browser brings back, unseen and unchanged, for some minutes; "" ends
     * it, NULL leaves it. */
    const char *carried;
    int refresh_seconds; /* of a page that tells of work under way: asks for itself again; 0: no */
};

struct reply reply_page(const struct page *page, const void *model, int status);
/*
 * After a POST: an outcome below 400 goes on to `location` (303; JSON clients get 200 with the
 * outcome and the location) and its words are shown there once; any other becomes a problem page
 * with its words, what to do next, and its clause.
 */
struct reply reply_outcome(struct ctx *ctx, const struct outcome_info *info, const char *location);
/* The same with values for the words' placeholders. */
struct reply reply_outcome_with(struct ctx *ctx, const struct outcome_info *info,
                                const char *location, const struct argument *arguments,
                                size_t count);
struct reply reply_redirect(const char *location);
struct reply reply_not_found(struct ctx *ctx);
struct reply reply_file(const char *content_type, const char *file_name, const void *bytes,
                        size_t length);

/* --- words --- */

/* The words of `key` in the ctx's language; a key without words is a bug that script/house finds,
 * and gives the key. */
const char *words(const struct ctx *ctx, const char *key);
/* With the placeholders filled. */
const char *words_with(struct ctx *ctx, const struct message *message);

/* --- the server --- */

struct navigation_entry {
    const char *path;
    const char *key; /* words */
    bool current;
    int64_t count; /* waiting there; 0: none */
};

/* What the frame around each page shows; filled by the top of the house once per page. */
struct frame {
    const char *actor_name; /* NULL: signed out */
    const char *actor_role; /* in words */
    const struct navigation_entry *navigation;
    size_t navigation_count;
    const struct navigation_entry *rooms; /* a second row, of the face that is open */
    size_t room_count;
};

struct web_options {
    const char *listen; /* "127.0.0.1:8080", "[::1]:8080"; port 0: one that is free */
    struct store *store;
    const struct pack *pack;
    struct vault *vault;
    struct id_source *ids;
    const struct route *const *routes; /* the rooms' tables, each ending in {0} */
    size_t route_tables;
    /* Who acts: fills ctx->actor from the session's token; false where the session is unknown or
     * over. True with no actor is a session that is not open yet: a visitor everywhere, whose token
     * request_session() still gives. Runs inside the route's transaction. */
    bool (*identify)(struct ctx *ctx, const char *token);
    /* Whether ctx->actor (NULL: the public) holds the permission at all; the rules check its scope.
     */
    bool (*permits)(const struct ctx *ctx, enum permission permission);
    /* The path of what ctx->actor, who is there, does before any other page that is not for
     * everyone opens; NULL: nothing. No function: nobody owes anything. */
    const char *(*owed)(const struct ctx *ctx);
    void (*frame)(struct ctx *ctx, struct frame *ret);
    /* Whose requests are counted together: the account of ctx->actor, which is there. */
    int64_t (*account)(const struct ctx *ctx);
    /*
     * Keeps the record of what was done; NULL: nobody does. A deed that is committed is written in
     * the transaction that it belongs to, and again where that is run again. Any other comes when
     * the request's transaction is over, ahead of the answer: false withholds it (503).
     */
    bool (*witness)(struct ctx *ctx, const struct deed *deed, void *argument);
    void *witness_argument;
    int threads;          /* 0: one a core */
    int patience_seconds; /* for a client that sends or takes almost nothing; 0: 60 */
    /* Requests a minute, the files of the pages not counted; 0: any number. */
    int address_requests;
    int account_requests;
    const char *secret;          /* 32 bytes: keys the CSRF tokens */
    const char *tls_certificate; /* PEM files of the chain and its key; NULL: no TLS here */
    const char *tls_key;
    const struct services *services;
    /* Writes the origins beside ours that forms may lead on to, each behind a space; or NULL. */
    void (*form_targets)(const struct services *services, char *ret, size_t size);
    bool secure_cookies;     /* served over TLS only */
    bool behind_proxy;       /* which adds the client's address to X-Forwarded-For */
    bool log_requests;       /* each one; answers of 500 and above are always logged */
    int64_t clock_offset_ms; /* added to the clock: demonstrations and tests stand in another day */
};

struct web;
struct web *web_start(const struct web_options *options, struct arena *arena,
                      struct message *ret_fault);
void web_stop(struct web *web); /* finishes what is under way */
/* Takes in a new certificate; one thread at a time. False, and goes on with the one before, where
 * it is none. */
bool web_reload(struct web *web, struct message *ret_fault);
int web_port(const struct web *web);
/* Every route with its permission, for `dianji routes` and the rights matrix. */
void web_print_routes(const struct route *const *tables, size_t count, struct buffer *out);
/* The routes that show records, and of what. */
void web_print_shown(const struct route *const *tables, size_t count, struct buffer *out);

#endif
