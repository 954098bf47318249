/* Calls by libcurl; the contract is in web_call.h. */
#include "web/web_call.h"

#include <arpa/inet.h>
#include <assert.h>
#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

enum { CONNECT_SECONDS = 3, MILLISECONDS = 1000 };

const char *const web_call_files[] = {"/etc/resolv.conf",
                                      "/etc/hosts",
                                      "/etc/host.conf",
                                      "/etc/gai.conf",
                                      "/etc/nsswitch.conf",
                                      "/etc/services",
                                      "/run/systemd/resolve",
                                      "/etc/ssl/certs",
                                      "/usr/share/ca-certificates",
                                      "/usr/local/share/ca-certificates",
                                      "/etc/ssl/openssl.cnf",
                                      NULL};

const char *call_result_name(enum call_result result)
{
    switch (result) {
    case CALL_ANSWERED:
        return "answered";
    case CALL_ADDRESS_REFUSED:
        return "address refused: https, or http to this machine";
    case CALL_UNREACHABLE:
        return "unreachable";
    case CALL_UNTRUSTED:
        return "its certificate is not trusted";
    case CALL_TOO_SLOW:
        return "too slow";
    case CALL_TOO_LARGE:
        return "its answer is too large";
    case CALL_BROKEN:
        return "its answer is broken";
    }
    return "";
}

bool web_call_start(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

/* One call under way. */
struct line {
    CURL *curl;
    struct curl_slist *headers;
    struct buffer body;
    size_t body_max;
    bool is_plain; /* http: to this machine alone */
    bool is_too_large, is_elsewhere;
};

static void hang_up(void *thing)
{
    struct line *line = thing;
    curl_slist_free_all(line->headers);
    curl_easy_cleanup(line->curl);
}

/* The room was made before: nothing may unwind through the library. */
static size_t take(char *bytes, size_t size, size_t count, void *thing)
{
    struct line *line = thing;
    size_t length = size * count;
    if (length > line->body_max - line->body.length) {
        line->is_too_large = true;
        return 0;
    }
    memcpy(line->body.bytes + line->body.length, bytes, length);
    line->body.length += length;
    line->body.bytes[line->body.length] = '\0';
    return length;
}

static bool is_this_machine(const struct sockaddr *address)
{
    static const unsigned char loopback6[16] = {[15] = 1};
    if (address->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24 ==
               IN_LOOPBACKNET;
    return address->sa_family == AF_INET6 &&
           memcmp(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, loopback6,
                  sizeof loopback6) == 0;
}

/* Asked with the address itself, whatever a name was resolved to. */
static curl_socket_t open_socket(void *thing, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct line *line = thing;
    (void)purpose;
    line->is_elsewhere = line->is_plain && !is_this_machine(&address->addr);
    if (line->is_elsewhere)
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* False where nothing may be sent there. */
static bool read_address(struct line *line, const char *url)
{
    char *scheme = NULL, *user = NULL;
    CURLU *parts = curl_url();
    bool is_read = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                   curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK;
    bool has_user = is_read && curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_OK;
    line->is_plain = is_read && strcmp(scheme, "http") == 0;
    bool is_allowed = is_read && !has_user && (line->is_plain || strcmp(scheme, "https") == 0);
    curl_free(scheme);
    curl_free(user);
    curl_url_cleanup(parts);
    return is_allowed;
}

/* False where a setting is not taken: a build of the library without it is none for us. */
static bool set_bounds(struct line *line, const struct call *call)
{
    CURL *curl = line->curl;
    long ms = (call->seconds == 0 ? CALL_SECONDS : call->seconds) * (long)MILLISECONDS;
    return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, ms) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           (call->authorities == NULL ||
            curl_easy_setopt(curl, CURLOPT_CAINFO, call->authorities) == CURLE_OK) &&
           curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, line) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, line) == CURLE_OK;
}

static bool set_headers(struct line *line, const struct call *call)
{
    static const char *const own[] = {"Expect:", "User-Agent: dianji", NULL};
    for (size_t i = 0; i < CALL_HEADERS_MAX + 2; i++) {
        const char *header = i < 2 ? own[i] : call->headers[i - 2];
        if (header == NULL)
            break;
        struct curl_slist *longer = curl_slist_append(line->headers, header);
        if (longer == NULL)
            return false;
        line->headers = longer;
    }
    return curl_easy_setopt(line->curl, CURLOPT_HTTPHEADER, line->headers) == CURLE_OK;
}

static bool set_request(struct line *line, const struct call *call)
{
    CURL *curl = line->curl;
    if (curl_easy_setopt(curl, CURLOPT_URL, call->url) != CURLE_OK || !set_headers(line, call))
        return false;
    if (call->user != NULL &&
        (curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) != CURLE_OK ||
         curl_easy_setopt(curl, CURLOPT_USERNAME, call->user) != CURLE_OK ||
         curl_easy_setopt(curl, CURLOPT_PASSWORD, call->password) != CURLE_OK))
        return false;
    if (call->method == GET)
        return true;
    const void *body = call->body.data == NULL ? "" : call->body.data;
    return curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.length) ==
               CURLE_OK;
}

static enum call_result result_of(const struct line *line, CURLcode code)
{
    if (line->is_too_large)
        return CALL_TOO_LARGE;
    if (line->is_elsewhere)
        return CALL_ADDRESS_REFUSED;
    switch ((int)code) {
    case CURLE_OK:
        return CALL_ANSWERED;
    case CURLE_OPERATION_TIMEDOUT:
        return CALL_TOO_SLOW;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ISSUER_ERROR:
        return CALL_UNTRUSTED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
        return CALL_UNREACHABLE;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return CALL_ADDRESS_REFUSED;
    }
    return CALL_BROKEN;
}

static struct call_answer answer_of(struct ctx *ctx, struct line *line, CURLcode code)
{
    long status = 0;
    const char *type = NULL;
    struct call_answer answer = {.result = result_of(line, code), .content_type = ""};
    if (answer.result != CALL_ANSWERED)
        return answer;
    curl_easy_getinfo(line->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(line->curl, CURLINFO_CONTENT_TYPE, &type);
    answer.status = (int)status;
    answer.content_type = type == NULL ? "" : arena_text(ctx->arena, type);
    answer.body = (struct bytes){line->body.bytes, line->body.length};
    return answer;
}

struct call_answer web_call(struct ctx *ctx, const struct call *call)
{
    assert(ctx->db == NULL); /* whoever holds a transaction makes others wait */
    struct line *line = arena_one(ctx->arena, struct line);
    struct call_answer answer = {.result = CALL_ADDRESS_REFUSED, .content_type = ""};
    if (!read_address(line, call->url))
        return answer;
    line->body_max = call->answer_max == 0 ? CALL_ANSWER_BYTES : call->answer_max;
    line->body = buffer_new(ctx->arena, line->body_max + 1);
    arena_defer(ctx->arena, hang_up, line);
    line->curl = curl_easy_init();
    bool is_ready = line->curl != NULL && set_bounds(line, call) && set_request(line, call);
    if (is_ready)
        answer = answer_of(ctx, line, curl_easy_perform(line->curl));
    arena_close(ctx->arena, line);
    if (!is_ready)
        fault_raise(ctx->arena, FAULT_MEMORY);
    return answer;
}
