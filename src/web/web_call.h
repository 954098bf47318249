/*
 * Calls to services of others over HTTP: a province's single sign-on, a gateway for short messages,
 * a register that knows names. A call has bounds on everything and never raises anything but what
 * its answer says; who calls decides what to tell people.
 *
 * Only https, with the server's certificate verified; http to this machine alone, for gateways that
 * run beside the server and for tests. No redirect is followed, no proxy of the environment taken,
 * no cookie kept.
 *
 * A call waits for others, so it never runs inside a transaction (asserted): it belongs in the
 * `prepare` of a route on LANE_CALL. The server opens connections only where the operator
 * configured a service (confine_calls); elsewhere each call is CALL_UNREACHABLE.
 */
#ifndef DIANJI_WEB_WEB_CALL_H
#define DIANJI_WEB_WEB_CALL_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/text.h"
#include "web/web.h"

enum call_result {
    CALL_ANSWERED,        /* with whatever status */
    CALL_ADDRESS_REFUSED, /* no https address, and no http one of this machine */
    CALL_UNREACHABLE,
    CALL_UNTRUSTED, /* its certificate is not what it should be */
    CALL_TOO_SLOW,
    CALL_TOO_LARGE,
    CALL_BROKEN, /* what came is no HTTP, or stopped in the middle */
};
enum { CALL_HEADERS_MAX = 8, CALL_SECONDS = 5, CALL_ANSWER_BYTES = 256 * 1024 };

struct call {
    enum method method;
    const char *url;
    const char *headers[CALL_HEADERS_MAX]; /* "Accept: application/json"; up to the first NULL */
    const char *user, *password;           /* HTTP Basic; NULL: none */
    struct bytes body;                     /* of a POST, with its Content-Type among the headers */
    const char *authorities;               /* PEM file of those to trust; NULL: the system's */
    int seconds;                           /* all in all; 0: CALL_SECONDS */
    size_t answer_max;                     /* bytes; 0: CALL_ANSWER_BYTES */
};
struct call_answer {
    enum call_result result;
    int status;
    const char *content_type; /* "" where it was not said */
    struct bytes body;        /* followed by a NUL; in the arena */
};
struct call_answer web_call(struct ctx *ctx, const struct call *call);
/* "unreachable", for the operator's log. */
const char *call_result_name(enum call_result result);

/* Once, at the start, before there are threads and before the process gives anything up; false
 * where the library does not start. */
bool web_call_start(void);
/* What a process that calls goes on reading: names of hosts, and whom to trust. Ends in NULL. */
extern const char *const web_call_files[];

#endif
