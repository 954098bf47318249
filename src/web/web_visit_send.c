/* A response with its headers, given to libmicrohttpd. */
#include <microhttpd.h>

#include <stdio.h>

#include "web/web_visit.h"

enum { FORM_TARGETS_BYTES = 1024 };
enum { RETRY_BUSY_SECONDS = 2, RETRY_ENOUGH_SECONDS = 60 };

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    MHD_add_response_header(response, name, value);
}

/* What a page may load, and where its forms may lead: a redirect that answers one counts, too. */
static void content_policy(struct visit *visit, char *ret, size_t size)
{
    char targets[FORM_TARGETS_BYTES] = "";
    const struct web_options *options = &visit->request.web->options;
    if (options->form_targets != NULL)
        options->form_targets(options->services, targets, sizeof targets);
    snprintf(ret, size,
             "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
             "connect-src 'self'; form-action 'self'%s; manifest-src 'self'; base-uri 'none'; "
             "frame-ancestors 'none'",
             targets);
}

/* What keeps pages from being misused by other sites, frames and guesses at their type. */
static void add_guards(struct visit *visit, struct MHD_Response *response)
{
    char policy[FORM_TARGETS_BYTES + 256];
    content_policy(visit, policy, sizeof policy);
    add(response, "Content-Security-Policy", policy);
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Referrer-Policy", "same-origin");
    add(response, "Cross-Origin-Resource-Policy", "same-origin");
    if (visit->request.web->options.secure_cookies)
        add(response, "Strict-Transport-Security", "max-age=31536000");
}

static void add_headers(struct visit *visit, struct MHD_Response *response)
{
    const struct response *out = &visit->response;
    add(response, "Content-Type", out->content_type);
    if (out->is_packed)
        add(response, "Content-Encoding", "gzip");
    add(response, "Vary",
        out->is_public ? "Accept-Encoding" : "Accept, Accept-Encoding, Accept-Language, Cookie");
    add(response, "Cache-Control",
        out->is_public   ? "public, max-age=31536000, immutable"
        : out->is_shared ? "private, no-cache"
                         : "no-store");
    add_guards(visit, response);
    if (out->tag != NULL)
        add(response, "ETag", out->tag);
    if (out->location != NULL)
        add(response, "Location", out->location);
    if (out->allow != NULL)
        add(response, "Allow", out->allow);
    if (out->csrf != NULL)
        add(response, "X-CSRF-Token", out->csrf);
    if (out->refresh_seconds > 0)
        add(response, "Refresh", arena_printf(visit->arena, "%d", out->refresh_seconds));
    int retry = out->retry_seconds > 0 ? out->retry_seconds
                : out->status == 503   ? RETRY_BUSY_SECONDS
                : out->status == 429   ? RETRY_ENOUGH_SECONDS
                                       : 0;
    if (retry > 0)
        add(response, "Retry-After", arena_printf(visit->arena, "%d", retry));
    if (visit->is_last || atomic_load(&visit->request.web->is_stopping))
        add(response, "Connection", "close");
    add(response, "X-Request-Id", visit->request.id);
    for (size_t i = 0; i < out->cookie_count; i++)
        add(response, "Set-Cookie", out->cookies[i]);
    if (out->file_name != NULL) {
        struct buffer value = buffer_new(visit->arena, 128);
        buffer_add(&value, "attachment; filename*=UTF-8''");
        buffer_add_url(&value, out->file_name);
        add(response, "Content-Disposition", value.bytes);
    }
}

bool visit_send(struct visit *visit)
{
    const struct response *out = &visit->response;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        out->length, (void *)(uintptr_t)out->body, MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return false;
    add_headers(visit, response);
    peer_expect(visit->peer, out->length);
    bool is_queued =
        MHD_queue_response(visit->connection, (unsigned)out->status, response) == MHD_YES;
    MHD_destroy_response(response);
    return is_queued;
}
