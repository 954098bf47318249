/* What a request asks: its URI, its headers, and where its body ends. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <string.h>
#include <strings.h>

#include "web/web_visit.h"

const char *visit_header(struct visit *visit, const char *name)
{
    const char *value = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, name);
    return value == NULL || !text_valid(value, strlen(value)) ? NULL
                                                              : arena_text(visit->arena, value);
}

static const char *cookie(struct visit *visit, const char *name)
{
    const char *value = MHD_lookup_connection_value(visit->connection, MHD_COOKIE_KIND, name);
    return text_empty(value) || !text_valid(value, strlen(value)) ? NULL
                                                                  : arena_text(visit->arena, value);
}

static void read_preferences(struct visit *visit)
{
    struct request *request = &visit->request;
    const char *wish = pairs_find(&request->query, "lang");
    request->sets_language = wish != NULL;
    wish = wish != NULL ? wish : cookie(visit, "lang");
    if (wish != NULL)
        visit->ctx.language = text_starts(wish, "en") ? LANGUAGE_EN : LANGUAGE_ZH;
    else
        visit->ctx.language = accept_language(visit_header(visit, "Accept-Language"));
    const char *elder = pairs_find(&request->query, "elder");
    request->sets_elder = elder != NULL;
    elder = elder != NULL ? elder : cookie(visit, "elder");
    bool is_huge = text_equal(elder, "huge");
    request->elder = is_huge ? "huge" : text_equal(elder, "1") ? "1" : NULL;
}

static enum MHD_Result keep_forwarded(void *closure, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    const char **last = closure;
    (void)kind;
    if (strcasecmp(name, "X-Forwarded-For") == 0 && value != NULL)
        *last = value;
    return MHD_YES;
}

/* Behind a proxy, the last address that it added; what stands before it anyone may have written. */
static const char *forwarded_address(struct visit *visit)
{
    const char *list = NULL;
    struct in6_addr read;
    if (!visit->request.web->options.behind_proxy)
        return NULL;
    MHD_get_connection_values(visit->connection, MHD_HEADER_KIND, keep_forwarded, &list);
    if (list == NULL || !text_valid(list, strlen(list)))
        return NULL;
    const char *comma = strrchr(list, ',');
    const char *last = text_clean(visit->arena, comma == NULL ? list : comma + 1);
    bool is_address = inet_pton(AF_INET, last, &read) == 1 || inet_pton(AF_INET6, last, &read) == 1;
    return is_address ? last : NULL;
}

static const char *address_of(struct visit *visit)
{
    char text[INET6_ADDRSTRLEN] = "";
    const char *forwarded = forwarded_address(visit);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (forwarded != NULL || info == NULL)
        return forwarded != NULL ? forwarded : "";
    if (info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)info->client_addr)->sin_addr, text,
                  sizeof text);
    else if (info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)info->client_addr)->sin6_addr, text,
                  sizeof text);
    return arena_text(visit->arena, text);
}

void visit_read_headers(struct visit *visit)
{
    struct request *request = &visit->request;
    const char *accept = visit_header(visit, "Accept");
    request->wants_json =
        text_equal(pairs_find(&request->query, "format"), "json") ||
        accept_quality(accept, "application/json") > accept_quality(accept, "text/html");
    request->accepts_gzip = accepts_gzip(visit_header(visit, "Accept-Encoding"));
    request->content_type = visit_header(visit, "Content-Type");
    request->sec_fetch_site = visit_header(visit, "Sec-Fetch-Site");
    request->origin = visit_header(visit, "Origin");
    request->host = visit_header(visit, "Host");
    request->known_tags = visit_header(visit, "If-None-Match");
    request->csrf_given = visit_header(visit, "X-CSRF-Token");
    request->session_token = cookie(visit, session_cookie_name(request->web));
    request->address = address_of(visit);
    request->note = web_read_note(&visit->ctx, request->web, cookie(visit, "note"));
    request->carried = web_read_carried(&visit->ctx, request->web,
                                        cookie(visit, carried_cookie_name(request->web)));
    read_preferences(visit);
}

bool visit_read_uri(struct visit *visit, const char **ret_path)
{
    struct request *request = &visit->request;
    size_t length = strcspn(visit->uri, "?#");
    *ret_path = arena_text_n(visit->arena, visit->uri, length);
    const char *decoded;
    request->query_text = visit->uri[length] == '?' ? visit->uri + length + 1 : "";
    bool is_sound = *visit->uri == '/' && text_unescape(&visit->ctx, visit->uri, length, &decoded);
    request->path = is_sound ? decoded : "/";
    return is_sound && body_read_query(&visit->ctx, request->query_text, &request->query);
}

struct framing {
    int hosts;
    int ends; /* what says where the body ends */
};

static enum MHD_Result count_framing(void *closure, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    struct framing *framing = closure;
    (void)kind;
    (void)value;
    framing->hosts += strcasecmp(name, "Host") == 0;
    framing->ends +=
        strcasecmp(name, "Content-Length") == 0 || strcasecmp(name, "Transfer-Encoding") == 0;
    return MHD_YES;
}

/* Where two programs on the way could read different requests from the same bytes, neither shall.
 */
bool visit_is_unambiguous(struct visit *visit)
{
    struct framing framing = {0};
    MHD_get_connection_values(visit->connection, MHD_HEADER_KIND, count_framing, &framing);
    return framing.ends <= 1 && (framing.hosts == 1 || (framing.hosts == 0 && !visit->needs_host));
}

size_t visit_body_length(struct visit *visit)
{
    int64_t length;
    const char *text = visit_header(visit, "Content-Length");
    if (text == NULL)
        return visit_header(visit, "Transfer-Encoding") == NULL ? 0 : SIZE_MAX;
    return text_integer(text, &length) && length >= 0 ? (size_t)length : SIZE_MAX;
}
