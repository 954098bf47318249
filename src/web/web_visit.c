/*
 * One request on its connection: taken from libmicrohttpd's callbacks, answered in the thread that
 * read it where that is quick, by a worker where it may wait.
 */
#include "web/web_visit.h"

#include <assert.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

#include "base/log.h"

enum {
    IDLE_ARENAS_MAX = 64,
    QUIET_SECONDS = 30,              /* libmicrohttpd closes a connection on which nothing moved */
    CONNECTION_BYTES = 32 * 1024,    /* request line and headers; also the size of one read */
    DRAIN_MAX = 64 * 1024 * 1024,    /* a body that is too large is read this far, to be answered */
    UPLOADS_MAX = 512 * 1024 * 1024, /* held at one time, over all requests */
    ENDING_SECONDS = 20,
    SENDING_SECONDS = 2,
};

/* What belongs to one daemon's thread alone: a visit begins and ends there, so nothing is locked.
 */
struct host {
    struct visits *visits;
    int wake; /* eventfd of its loop */
    size_t arena_count;
    struct arena *arenas[IDLE_ARENAS_MAX];
};

struct visits {
    struct web *web;
    struct lanes *lanes;
    struct peers *peers;
    atomic_size_t active;  /* begun and not yet sent */
    atomic_size_t uploads; /* bytes of large bodies */
    size_t cores;
    size_t host_count;
    struct host hosts[WEB_DAEMONS_MAX];
};

static struct arena *take_arena(struct host *host)
{
    return host->arena_count > 0 ? host->arenas[--host->arena_count] : arena_new(WEB_ARENA_BYTES);
}

static void give_arena(struct host *host, struct arena *arena)
{
    if (host->arena_count == IDLE_ARENAS_MAX) {
        arena_free(arena);
        return;
    }
    arena_reset(arena);
    arena_set_limit(arena, WEB_ARENA_BYTES);
    host->arenas[host->arena_count++] = arena;
}

static void refuse(struct visit *visit, struct refusal refusal)
{
    visit->request.route = &web_refused_route;
    visit->request.refusal = refusal;
}

static bool answer_file(struct visit *visit)
{
    const char *known = visit_header(visit, "If-None-Match");
    visit->is_answered =
        file_answer(visit->request.path, visit->request.accepts_gzip, known, &visit->response);
    return visit->is_answered;
}

static void find_route(struct visit *visit, const char *path)
{
    struct request *request = &visit->request;
    const char *allow = NULL;
    switch (router_find(request->web->router, &visit->ctx, request, path, &allow)) {
    case ROUTE_FOUND:
        break;
    case ROUTE_METHOD:
        refuse(visit, (struct refusal){.status = 405, .key = "web.method", .allow = allow});
        break;
    case ROUTE_UNKNOWN:
        refuse(visit, (struct refusal){.status = 404, .key = "web.not_found"});
        break;
    }
}

/* Whether this much more may be held for large bodies; it then is, until the visit ends. */
static bool take_budget(struct visit *visit, size_t bytes)
{
    atomic_size_t *uploads = &visit->visits->uploads;
    if (atomic_fetch_add(uploads, bytes) + bytes > UPLOADS_MAX) {
        atomic_fetch_sub(uploads, bytes);
        return false;
    }
    visit->body_taken = bytes;
    return true;
}

/* What of the body is kept. A stranger's upload is not: the page behind it asks to sign in. */
static void prepare_body(struct visit *visit, size_t announced)
{
    const struct route *route = visit->request.route;
    size_t most = route->body_max == 0 ? WEB_BODY_DEFAULT : route->body_max;
    bool is_stranger =
        route->permission != PERMISSION_PUBLIC && visit->request.session_token == NULL;
    bool is_upload = most > WEB_BODY_DEFAULT && announced > WEB_BODY_DEFAULT;
    if (route == &web_refused_route || (is_upload && is_stranger))
        return;
    if (announced != SIZE_MAX && announced > most) {
        refuse(visit, (struct refusal){.status = 413, .key = "web.too_large"});
        return;
    }
    size_t bytes = announced == SIZE_MAX ? most : announced;
    if (is_upload && !take_budget(visit, bytes)) {
        refuse(visit, (struct refusal){.status = 503, .key = "web.busy"});
        return;
    }
    visit->body_max = most;
    /* Without its length a body is held once more while its buffer grows. */
    if (is_upload)
        arena_set_limit(visit->arena, WEB_ARENA_BYTES + 3 * bytes);
    if (announced > 0 && announced != SIZE_MAX)
        visit->body = buffer_new(visit->arena, announced + 1);
}

/* Who asks first whether to send it, or would send for ever, is told at once. */
static bool is_hopeless(struct visit *visit, size_t announced)
{
    const struct request *request = &visit->request;
    bool is_refused_post = request->refusal.status != 0 && request->method == POST;
    bool asks_first = announced > 0 && visit_header(visit, "Expect") != NULL;
    return is_refused_post && announced != SIZE_MAX && (announced > DRAIN_MAX || asks_first);
}

/* An address that asks too often is answered late and without asking anybody. */
static void count_address(struct visit *visit)
{
    struct web *web = visit->request.web;
    int seconds = rates_take_address(web->rates, visit->request.address,
                                     web->options.address_requests, web_clock_us());
    visit->request.retry_seconds = seconds;
    if (seconds > 0)
        refuse(visit,
               (struct refusal){.status = 429, .key = "web.too_many", .retry_seconds = seconds});
}

/* The headers are here. True where the answer goes out now, ahead of the body. */
static bool begin(struct visit *visit, const char *method)
{
    struct request *request = &visit->request;
    const char *path;
    visit->is_begun = true;
    visit->is_head = strcmp(method, "HEAD") == 0;
    bool is_get = visit->is_head || strcmp(method, "GET") == 0;
    request->method = is_get ? GET : strcmp(method, "POST") == 0 ? POST : 0;
    bool is_clear = visit_is_unambiguous(visit),
         is_sound = visit_read_uri(visit, &path) && is_clear;
    visit_read_headers(visit);
    if (!is_sound)
        refuse(visit, (struct refusal){.status = 400, .key = "web.malformed"});
    else if (!is_get || !answer_file(visit))
        find_route(visit, path);
    if (visit->is_answered)
        return false;
    count_address(visit);
    size_t announced = visit_body_length(visit);
    prepare_body(visit, announced);
    peer_expect(visit->peer, announced == SIZE_MAX ? visit->body_max : announced);
    if (!is_clear || is_hopeless(visit, announced)) {
        request_serve(&visit->ctx, request, &visit->response);
        visit->is_last = true;
        return true;
    }
    return false;
}

static bool take_body(struct visit *visit, const char *data, size_t size)
{
    visit->received += size;
    if (visit->received > DRAIN_MAX && visit->received > visit->body_max)
        return false;
    if (visit->request.route == NULL || visit->body_max == 0)
        return true;
    if (visit->body.length + size > visit->body_max) {
        visit->body_max = 0;
        refuse(visit, (struct refusal){.status = 413, .key = "web.too_large"});
        return true;
    }
    if (visit->body.arena == NULL)
        visit->body = buffer_new(visit->arena, size + 1);
    buffer_add_n(&visit->body, data, size);
    return true;
}

/* The body is whole: answers here where that is quick; false where a worker must. */
static bool answer_here(struct visit *visit)
{
    struct request *request = &visit->request;
    struct refusal refusal = {0};
    bool has_body = request->method == POST && request->refusal.status == 0;
    if (has_body &&
        !body_read(&visit->ctx, request, visit->body.bytes, visit->body.length, &refusal))
        refuse(visit, refusal);
    bool is_read = request->method != POST || request->refusal.status != 0;
    bool is_quick = request->route->lane == LANE_FAST && is_read &&
                    store_engine(request->web->options.store) == STORE_SQLITE;
    if (is_quick)
        request_serve(&visit->ctx, request, &visit->response);
    return is_quick;
}

/* In a worker's thread; nothing of the visit is touched once its connection is awake again. */
static void awake(struct visit *visit)
{
    struct MHD_Connection *connection = visit->connection;
    int wake = visit->wake;
    visit->is_answered = true;
    MHD_resume_connection(connection);
    eventfd_write(wake, 1);
}

static void visit_serve(struct visit *visit)
{
    request_serve(&visit->ctx, &visit->request, &visit->response);
    awake(visit);
}

static void visit_refuse(struct visit *visit)
{
    const struct refusal *refused = &visit->refused;
    visit->is_turned_away = true;
    request_turn_away(&visit->ctx, &visit->request, refused->status, refused->key,
                      &visit->response);
    visit->response.retry_seconds = refused->retry_seconds;
    awake(visit);
}

void visit_suspend(struct visit *visit)
{
    peer_wait(visit->peer);
    MHD_suspend_connection(visit->connection);
}

/* What to do with a visit next. */
enum step {
    STEP_READ,  /* more of it has to come */
    STEP_SEND,  /* it is answered */
    STEP_QUEUE, /* a worker answers it */
    STEP_LATER, /* it is refused in a while */
    STEP_CLOSE, /* it sends more than anyone reads */
};

static enum step advance(struct visit *visit, const char *method, struct bytes data)
{
    if (!visit->is_begun)
        return begin(visit, method) ? STEP_SEND : STEP_READ;
    if (data.length > 0)
        return take_body(visit, data.data, data.length) ? STEP_READ : STEP_CLOSE;
    if (!visit->is_answered && visit->request.refusal.status == 429)
        return STEP_LATER;
    return visit->is_answered || answer_here(visit) ? STEP_SEND : STEP_QUEUE;
}

static enum MHD_Result turn_away(struct visit *visit, int status, const char *key)
{
    visit->is_turned_away = true; /* by the thousand, perhaps: the log would only make it worse */
    request_turn_away(&visit->ctx, &visit->request, status, key, &visit->response);
    return visit_send(visit) ? MHD_YES : MHD_NO;
}

static enum MHD_Result on_request(void *closure, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    (void)closure;
    (void)connection;
    (void)url;
    struct visit *visit = *state;
    struct guard guard;
    if (visit == NULL)
        return MHD_NO; /* there was no memory even to begin */
    struct bytes bytes = {data, *size};
    visit->needs_host = strcmp(version, "HTTP/1.0") != 0;
    *size = 0;
    if (GUARDED(visit->arena, &guard) != FAULT_NONE)
        return turn_away(visit, 413, "web.too_large");
    enum step step = advance(visit, method, bytes);
    guard_leave(visit->arena, &guard);
    switch (step) {
    case STEP_READ:
        return MHD_YES;
    case STEP_SEND:
        return visit_send(visit) ? MHD_YES : MHD_NO;
    case STEP_QUEUE:
        /* An arena belongs to one thread: once queued, the visit may already be a worker's. */
        visit->refused = (struct refusal){.status = 503, .key = "web.busy"};
        return lanes_add(visit->visits->lanes, visit->request.route->lane, visit)
                   ? MHD_YES
                   : turn_away(visit, 503, "web.busy");
    case STEP_LATER:
        visit->refused = visit->request.refusal;
        return lanes_refuse_later(visit->visits->lanes, visit) ? MHD_YES
                                                               : turn_away(visit, 503, "web.busy");
    case STEP_CLOSE:
        break;
    }
    return MHD_NO;
}

static struct visit *new_visit(struct visits *visits, struct arena *arena, const char *uri)
{
    struct visit *visit = arena_one(arena, struct visit);
    const struct web_options *options = &visits->web->options;
    struct instant now = {clock_now().v + options->clock_offset_ms};
    char id[ID_TEXT_LENGTH + 1];
    id_format(id_next(options->ids, now), id);
    visit->visits = visits;
    visit->arena = arena;
    visit->uri = arena_text(arena, uri);
    visit->ctx = (struct ctx){.arena = arena,
                              .now = now,
                              .today = instant_day(now),
                              .ids = options->ids,
                              .pack = options->pack,
                              .vault = options->vault,
                              .services = options->services,
                              .request = &visit->request};
    visit->request.web = visits->web;
    visit->request.id = arena_text(arena, id);
    return visit;
}

/* NULL where there is not even the memory for this. */
static struct visit *try_visit(struct visits *visits, struct arena *arena, const char *uri)
{
    struct guard guard;
    if (GUARDED(arena, &guard) != FAULT_NONE)
        return NULL;
    struct visit *visit = new_visit(visits, arena, uri);
    guard_leave(arena, &guard);
    return visit;
}

/* The first that is known of a request; what it returns is on_request's *state. */
static void *on_uri(void *closure, const char *uri, struct MHD_Connection *connection)
{
    struct host *host = closure;
    struct arena *arena = take_arena(host);
    struct visit *visit = try_visit(host->visits, arena, uri);
    if (visit == NULL) {
        give_arena(host, arena);
        return NULL;
    }
    visit->connection = connection;
    visit->peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    visit->wake = host->wake;
    atomic_fetch_add(&host->visits->active, 1);
    return visit;
}

/* The route's pattern, never the path: what people asked for is nobody's business. */
static void log_visit(const struct visit *visit)
{
    const struct request *request = &visit->request;
    const struct response *out = &visit->response;
    bool is_routed = request->route != NULL && request->route != &web_refused_route;
    int64_t took = clock_now().v + visit->request.web->options.clock_offset_ms - visit->ctx.now.v;
    if ((out->status >= 500 && !visit->is_turned_away) || request->web->options.log_requests)
        log_line("web: %s %s %d %zu B %lld ms %s",
                 visit->is_head           ? "HEAD"
                 : request->method == GET ? "GET"
                                          : "POST",
                 is_routed ? request->route->path : "-", out->status, out->length, (long long)took,
                 request->id);
}

static void on_completed(void *closure, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct host *host = closure;
    struct visits *visits = host->visits;
    struct visit *visit = *state;
    if (visit == NULL)
        return;
    *state = NULL;
    log_visit(visit);
    peer_expect(visit->peer, 0);
    atomic_fetch_sub(&visits->uploads, visit->body_taken);
    give_arena(host, visit->arena);
    atomic_fetch_sub(&visits->active, 1);
}

static void on_connection(void *closure, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct visits *visits = ((struct host *)closure)->visits;
    switch (code) {
    case MHD_CONNECTION_NOTIFY_STARTED:
        *context = peer_add(
            visits->peers,
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
        break;
    case MHD_CONNECTION_NOTIFY_CLOSED:
        peer_remove(*context);
        break;
    }
}

struct visits *visits_new(struct web *web, struct arena *arena, size_t cores)
{
    struct visits *visits = arena_one(arena, struct visits);
    visits->web = web;
    visits->cores = cores;
    visits->peers = peers_new(arena, web->options.patience_seconds);
    visits->lanes = lanes_new(arena, &(struct lanes_options){cores, visit_serve, visit_refuse});
    return visits;
}

/* Behind a proxy all come from one address; how many it lets through is its affair. */
static unsigned address_connections(const struct visits *visits)
{
    bool is_told_apart = !visits->web->options.behind_proxy;
    return is_told_apart ? (unsigned)(WEB_ADDRESS_CONNECTIONS_MAX / visits->cores) + 1 : 0;
}

struct MHD_Daemon *visits_daemon(struct visits *visits, int fd, int wake)
{
    assert(visits->host_count < WEB_DAEMONS_MAX);
    struct host *host = &visits->hosts[visits->host_count++];
    host->visits = visits;
    host->wake = wake;
    const struct web *web = visits->web;
    unsigned tls = web->options.tls_certificate == NULL ? 0 : MHD_USE_TLS;
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | tls, 0, NULL, NULL, on_request, host,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, on_uri, host,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, host, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, host, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)QUIET_SECONDS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)(WEB_CONNECTIONS_MAX / visits->cores),
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, address_connections(visits),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_ARRAY,
        tls_options(web), MHD_OPTION_END);
}

/* Until nothing is under way, or that takes too long. */
static void wait_idle(struct visits *visits, int seconds)
{
    enum { LOOKS_A_SECOND = 100 };
    struct timespec pause = {.tv_nsec = 1000000000 / LOOKS_A_SECOND};
    for (int i = 0; i < seconds * LOOKS_A_SECOND && atomic_load(&visits->active) > 0; i++)
        nanosleep(&pause, NULL);
}

void visits_drain(struct visits *visits)
{
    wait_idle(visits, ENDING_SECONDS);
    lanes_end(visits->lanes); /* what is being worked on is never cut off */
    wait_idle(visits, SENDING_SECONDS);
}

void visits_end(struct visits *visits)
{
    peers_end(visits->peers);
    for (size_t i = 0; i < visits->host_count; i++)
        for (size_t n = 0; n < visits->hosts[i].arena_count; n++)
            arena_free(visits->hosts[i].arenas[n]);
}
