/*
 * libmicrohttpd underneath: as many daemons as cores, each with its own epoll thread, sharing the
 * port. A GET on SQLite is answered in the thread that read it; everything that may wait (writes,
 * PostgreSQL, heavy work) is suspended, queued for a worker, and resumed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "web/assets.h"
#include "web/web_room.h"

enum {
    DAEMONS_MAX = 64,
    WORKERS_PER_CORE = 4,
    QUEUE_MAX = 1024,
    IDLE_ARENAS_MAX = 64,
    CONNECTION_SECONDS = 30,
    ARENA_BYTES = 32 * 1024 * 1024,
    PATH_BYTES_MAX = 2048,
};

/* One request on its connection. */
struct visit {
    struct daemons *daemons;
    struct MHD_Connection *connection;
    struct arena *arena;
    struct ctx ctx;
    struct request request;
    struct response response;
    struct buffer body;
    size_t body_max;
    bool is_head;
    bool is_routed;
    bool is_answered;
    struct instant began;
    struct visit *next;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct visit *first, *last;
    size_t count;
    bool is_closing;
};

struct daemons {
    struct web *web;
    struct MHD_Daemon *items[DAEMONS_MAX];
    size_t count;
    struct queue queues[2]; /* by lane */
    pthread_t workers[DAEMONS_MAX * WORKERS_PER_CORE];
    size_t worker_count;
    pthread_mutex_t arenas_lock;
    struct arena *arenas[IDLE_ARENAS_MAX];
    size_t arena_count;
};

static struct arena *take_arena(struct daemons *daemons)
{
    struct arena *arena = NULL;
    pthread_mutex_lock(&daemons->arenas_lock);
    if (daemons->arena_count > 0)
        arena = daemons->arenas[--daemons->arena_count];
    pthread_mutex_unlock(&daemons->arenas_lock);
    return arena != NULL ? arena : arena_new(ARENA_BYTES);
}

static void give_arena(struct daemons *daemons, struct arena *arena, size_t body_max)
{
    if (body_max > WEB_BODY_DEFAULT) {
        arena_free(arena);
        return;
    }
    arena_reset(arena);
    pthread_mutex_lock(&daemons->arenas_lock);
    if (daemons->arena_count < IDLE_ARENAS_MAX) {
        daemons->arenas[daemons->arena_count++] = arena;
        arena = NULL;
    }
    pthread_mutex_unlock(&daemons->arenas_lock);
    arena_free(arena);
}

static const char *header(struct visit *visit, const char *name)
{
    const char *value = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, name);
    return value == NULL ? NULL : arena_text(visit->arena, value);
}

static const char *cookie(struct visit *visit, const char *name)
{
    const char *value = MHD_lookup_connection_value(visit->connection, MHD_COOKIE_KIND, name);
    return value == NULL ? NULL : arena_text(visit->arena, value);
}

static enum language language_of(const char *wish, const char *accepted)
{
    if (wish != NULL)
        return text_starts(wish, "en") ? LANGUAGE_EN : LANGUAGE_ZH;
    const char *zh = accepted == NULL ? NULL : strstr(accepted, "zh");
    const char *en = accepted == NULL ? NULL : strstr(accepted, "en");
    return en != NULL && (zh == NULL || en < zh) ? LANGUAGE_EN : LANGUAGE_ZH;
}

static void read_preferences(struct visit *visit)
{
    struct request *request = &visit->request;
    const char *lang = pairs_find(&request->query, "lang");
    request->sets_language = lang != NULL;
    visit->ctx.language =
        language_of(lang != NULL ? lang : cookie(visit, "lang"), header(visit, "Accept-Language"));
    const char *elder = pairs_find(&request->query, "elder");
    request->sets_elder = elder != NULL;
    elder = elder != NULL ? elder : cookie(visit, "elder");
    bool is_huge = text_equal(elder, "huge");
    request->elder = is_huge ? "huge" : text_equal(elder, "1") ? "1" : NULL;
}

static const char *address_of(struct visit *visit)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (info != NULL && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)info->client_addr)->sin_addr, text,
                  sizeof text);
    else if (info != NULL && info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)info->client_addr)->sin6_addr, text,
                  sizeof text);
    return arena_text(visit->arena, text);
}

static void read_headers(struct visit *visit)
{
    struct request *request = &visit->request;
    const char *accept = header(visit, "Accept");
    const char *format = pairs_find(&request->query, "format");
    bool accepts_json = accept != NULL && strstr(accept, "json") != NULL;
    bool accepts_html = accept != NULL && strstr(accept, "text/html") != NULL;
    request->wants_json = text_equal(format, "json") || (accepts_json && !accepts_html);
    const char *encoding = header(visit, "Accept-Encoding");
    request->accepts_gzip = encoding != NULL && strstr(encoding, "gzip") != NULL;
    request->content_type = header(visit, "Content-Type");
    request->sec_fetch_site = header(visit, "Sec-Fetch-Site");
    request->origin = header(visit, "Origin");
    request->host = header(visit, "Host");
    request->session_token = cookie(visit, "session");
    if (text_empty(request->session_token))
        request->session_token = NULL;
    request->address = address_of(visit);
    request->note = web_read_note(&visit->ctx, request->web, cookie(visit, "note"));
    read_preferences(visit);
}

/* The URL's own query string, undecoded: libmicrohttpd splits and decodes leniently, we refuse what
 * is malformed. */
static enum MHD_Result add_query(void *closure, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    struct visit *visit = closure;
    struct pairs *pairs = &visit->request.query;
    (void)kind;
    value = value == NULL ? "" : value;
    if (pairs->count < WEB_PAIRS_MAX && text_valid(value, strlen(value)) &&
        text_valid(name, strlen(name)))
        pairs->items[pairs->count++] =
            (struct pair){arena_text(visit->arena, name),
                          text_clean(visit->arena, arena_text(visit->arena, value))};
    return MHD_YES;
}

static const struct asset *find_asset(const char *path)
{
    for (const struct asset *asset = assets; asset->name != NULL; asset++)
        if (strcmp(asset->path, path) == 0)
            return asset;
    return NULL;
}

static void answer_asset(struct visit *visit, const struct asset *asset)
{
    const char *encoding =
        MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, "Accept-Encoding");
    bool packed = encoding != NULL && strstr(encoding, "gzip") != NULL;
    visit->response = (struct response){.status = 200,
                                        .content_type = asset->content_type,
                                        .body = packed ? asset->packed : asset->bytes,
                                        .length = packed ? asset->packed_length : asset->length,
                                        .is_packed = packed,
                                        .is_public = true};
    visit->is_answered = true;
}

static void answer_text(struct visit *visit, int status, const char *text)
{
    visit->response = (struct response){.status = status,
                                        .content_type = "text/plain; charset=utf-8",
                                        .body = text,
                                        .length = strlen(text)};
    visit->is_answered = true;
}

static void answer_problem(struct visit *visit, int status, const char *key)
{
    struct reply reply = reply_problem(&visit->ctx, status, key);
    const char *allow = visit->response.allow;
    visit->request.csrf = "";
    response_render(&visit->ctx, &visit->request, &reply, &visit->response);
    visit->response.allow = allow;
    visit->is_answered = true;
}

static void allow_body(struct visit *visit, size_t most)
{
    visit->body_max = most == 0 ? WEB_BODY_DEFAULT : most;
    /* A body is held once more while its buffer grows. */
    if (most > WEB_BODY_DEFAULT)
        arena_set_limit(visit->arena, ARENA_BYTES + 3 * most);
}

/* Finds the route, or answers at once. */
static void route(struct visit *visit, const char *method)
{
    struct request *request = &visit->request;
    const char *allow = NULL;
    visit->is_head = strcmp(method, "HEAD") == 0;
    bool is_get = visit->is_head || strcmp(method, "GET") == 0;
    request->method = is_get ? GET : POST;
    const struct asset *asset = is_get ? find_asset(request->path) : NULL;
    if (asset != NULL) {
        answer_asset(visit, asset);
    } else if (is_get && strcmp(request->path, "/healthz") == 0) {
        answer_text(visit, 200, "ok\n");
    } else if (strlen(request->path) > PATH_BYTES_MAX ||
               !text_valid(request->path, strlen(request->path))) {
        answer_problem(visit, 400, "web.malformed");
    } else if (!is_get && strcmp(method, "POST") != 0) {
        visit->response.allow = "GET, HEAD, POST";
        answer_problem(visit, 405, "web.method");
    } else {
        switch (router_find(request->web->router, &visit->ctx, request, &allow)) {
        case ROUTE_FOUND:
            allow_body(visit, request->route->body_max);
            break;
        case ROUTE_METHOD:
            visit->response.allow = allow;
            answer_problem(visit, 405, "web.method");
            break;
        case ROUTE_UNKNOWN:
            answer_problem(visit, 404, "web.not_found");
            break;
        }
    }
}

static void serve(struct visit *visit)
{
    request_serve(&visit->ctx, &visit->request, &visit->response);
    visit->is_answered = true;
}

static bool enqueue(struct queue *queue, struct visit *visit)
{
    pthread_mutex_lock(&queue->lock);
    bool has_room = queue->count < QUEUE_MAX && !queue->is_closing;
    if (has_room) {
        MHD_suspend_connection(visit->connection);
        visit->next = NULL;
        if (queue->last == NULL)
            queue->first = visit;
        else
            queue->last->next = visit;
        queue->last = visit;
        queue->count++;
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    return has_room;
}

static struct visit *dequeue(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->first == NULL && !queue->is_closing)
        pthread_cond_wait(&queue->filled, &queue->lock);
    struct visit *visit = queue->first;
    if (visit != NULL) {
        queue->first = visit->next;
        if (queue->first == NULL)
            queue->last = NULL;
        queue->count--;
    }
    pthread_mutex_unlock(&queue->lock);
    return visit;
}

static void *work(void *argument)
{
    struct queue *queue = argument;
    for (struct visit *visit = dequeue(queue); visit != NULL; visit = dequeue(queue)) {
        struct MHD_Connection *connection = visit->connection;
        serve(visit);
        MHD_resume_connection(connection);
    }
    return NULL;
}

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    MHD_add_response_header(response, name, value);
}

static void add_headers(struct visit *visit, struct MHD_Response *response)
{
    const struct response *out = &visit->response;
    add(response, "Content-Type", out->content_type);
    if (out->is_packed)
        add(response, "Content-Encoding", "gzip");
    add(response, "Vary", "Accept, Accept-Encoding, Accept-Language, Cookie");
    add(response, "Cache-Control",
        out->is_public ? "public, max-age=31536000, immutable" : "no-store");
    add(response, "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; "
        "form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'");
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Referrer-Policy", "same-origin");
    if (visit->request.web->options.secure_cookies)
        add(response, "Strict-Transport-Security", "max-age=31536000");
    if (out->location != NULL)
        add(response, "Location", out->location);
    if (out->allow != NULL)
        add(response, "Allow", out->allow);
    if (out->status == 503)
        add(response, "Retry-After", "2");
    if (visit->request.id != NULL)
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

static enum MHD_Result respond(struct visit *visit)
{
    const struct response *out = &visit->response;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        out->length, (void *)(uintptr_t)out->body, MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return MHD_NO;
    add_headers(visit, response);
    enum MHD_Result result = MHD_queue_response(visit->connection, (unsigned)out->status, response);
    MHD_destroy_response(response);
    return result;
}

/* The body is whole: answers here where that is quick; false where a worker must. */
static bool answer_here(struct visit *visit)
{
    struct request *request = &visit->request;
    if (!body_read(&visit->ctx, request, visit->body.bytes, visit->body.length)) {
        answer_problem(visit, 400, "web.malformed");
        return true;
    }
    bool is_quick = request->route->lane == LANE_FAST && request->method == GET &&
                    store_engine(request->web->options.store) == STORE_SQLITE;
    if (is_quick)
        serve(visit);
    return is_quick;
}

static enum MHD_Result answer_busy(struct visit *visit)
{
    struct guard guard;
    if (GUARDED(visit->arena, &guard) != FAULT_NONE) {
        answer_text(visit, 503, "");
        return respond(visit);
    }
    answer_problem(visit, 503, "web.busy");
    guard_leave(visit->arena, &guard);
    return respond(visit);
}

static struct visit *new_visit(struct daemons *daemons, struct MHD_Connection *connection,
                               const char *url)
{
    struct arena *arena = take_arena(daemons);
    struct visit *visit = arena_one(arena, struct visit);
    const struct web_options *options = &daemons->web->options;
    struct instant now = clock_now();
    visit->daemons = daemons;
    visit->connection = connection;
    visit->arena = arena;
    visit->began = now;
    visit->ctx = (struct ctx){.arena = arena,
                              .now = now,
                              .today = instant_day(now),
                              .ids = options->ids,
                              .pack = options->pack,
                              .request = &visit->request};
    visit->request.web = daemons->web;
    visit->request.path = arena_text(arena, url);
    char id[ID_TEXT_LENGTH + 1];
    id_format(id_next(options->ids, now), id);
    visit->request.id = arena_text(arena, id);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_query, visit);
    read_headers(visit);
    return visit;
}

static enum MHD_Result take_body(struct visit *visit, const char *data, size_t *size)
{
    if (!visit->is_answered && visit->body.length + *size > visit->body_max)
        answer_problem(visit, 413, "web.too_large");
    if (!visit->is_answered) {
        if (visit->body.arena == NULL)
            visit->body = buffer_new(visit->arena, *size);
        buffer_add_n(&visit->body, data, *size);
    }
    *size = 0;
    return MHD_YES;
}

static enum MHD_Result on_request(void *closure, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    (void)version;
    struct visit *visit = *state;
    if (visit == NULL) {
        visit = new_visit(closure, connection, url);
        *state = visit;
        route(visit, method);
        return MHD_YES;
    }
    struct guard guard;
    if (GUARDED(visit->arena, &guard) != FAULT_NONE) {
        *size = 0;
        answer_text(visit, 413, "");
        return respond(visit);
    }
    enum MHD_Result result = MHD_YES;
    bool is_for_worker = false;
    if (*size > 0)
        result = take_body(visit, data, size);
    else if (visit->is_answered || answer_here(visit))
        result = respond(visit);
    else
        is_for_worker = true;
    guard_leave(visit->arena, &guard);
    if (!is_for_worker)
        return result;
    /* An arena belongs to one thread: once the visit is queued, its worker may already be at it. */
    return enqueue(&visit->daemons->queues[visit->request.route->lane], visit) ? MHD_YES
                                                                               : answer_busy(visit);
}

static void on_completed(void *closure, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct visit *visit = *state;
    if (visit == NULL)
        return;
    if (visit->request.route != NULL && visit->response.status >= 500)
        log_line("web: %s %s %d %s", visit->request.method == GET ? "GET" : "POST",
                 visit->request.route->path, visit->response.status, visit->request.id);
    *state = NULL;
    give_arena(closure, visit->arena, visit->body_max);
}

/* 127.0.0.1:8080 or [::1]:8080. */
static bool read_listen(const char *listen, struct sockaddr_storage *ret, socklen_t *ret_length)
{
    const char *colon = strrchr(listen, ':');
    int64_t port;
    char host[64] = "";
    if (colon == NULL || !text_integer(colon + 1, &port) || port < 1 || port > 65535 ||
        (size_t)(colon - listen) >= sizeof host)
        return false;
    memcpy(host, listen, (size_t)(colon - listen));
    struct sockaddr_in *four = (struct sockaddr_in *)ret;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)ret;
    if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        *ret_length = sizeof *four;
        return true;
    }
    size_t length = strlen(host);
    if (host[0] != '[' || host[length - 1] != ']')
        return false;
    host[length - 1] = '\0';
    six->sin6_family = AF_INET6;
    six->sin6_port = htons((uint16_t)port);
    *ret_length = sizeof *six;
    return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1;
}

static int listen_on(const struct sockaddr_storage *address, socklen_t length)
{
    int one = 1;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    if (bind(fd, (const struct sockaddr *)address, length) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    close(fd);
    return -1;
}

static struct MHD_Daemon *start_daemon(struct daemons *daemons, int fd)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request,
        daemons, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED, on_completed, daemons,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_SECONDS, MHD_OPTION_CONNECTION_LIMIT,
        4096u, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 * 1024, MHD_OPTION_END);
}

static void start_workers(struct daemons *daemons, size_t cores)
{
    for (size_t lane = 0; lane < 2; lane++) {
        struct queue *queue = &daemons->queues[lane];
        pthread_mutex_init(&queue->lock, NULL);
        pthread_cond_init(&queue->filled, NULL);
        size_t count = lane == LANE_FAST ? cores * (WORKERS_PER_CORE - 1) : cores;
        for (size_t i = 0; i < count; i++)
            if (pthread_create(&daemons->workers[daemons->worker_count], NULL, work, queue) == 0)
                daemons->worker_count++;
    }
}

bool daemons_start(struct web *web, struct arena *arena, struct message *ret_fault)
{
    struct sockaddr_storage address = {0};
    socklen_t length;
    struct daemons *daemons = arena_one(arena, struct daemons);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    size_t cores =
        web->options.threads > 0 ? (size_t)web->options.threads : (size_t)(online < 1 ? 1 : online);
    cores = cores > DAEMONS_MAX ? DAEMONS_MAX : cores;
    web->daemons = daemons;
    daemons->web = web;
    pthread_mutex_init(&daemons->arenas_lock, NULL);
    if (!read_listen(web->options.listen, &address, &length)) {
        *ret_fault = (struct message){"web.listen_unreadable", {{"listen", web->options.listen}}};
        return false;
    }
    start_workers(daemons, cores);
    for (size_t i = 0; i < cores; i++) {
        int fd = listen_on(&address, length);
        struct MHD_Daemon *daemon = fd < 0 ? NULL : start_daemon(daemons, fd);
        if (daemon == NULL) {
            *ret_fault = (struct message){
                "web.listen_failed",
                {{"listen", web->options.listen}, {"why", arena_text(arena, strerror(errno))}}};
            return false;
        }
        daemons->items[daemons->count++] = daemon;
    }
    return true;
}

/* Accepts nobody new, finishes what is queued, then closes. */
void daemons_stop(struct daemons *daemons)
{
    for (size_t i = 0; i < daemons->count; i++) {
        int fd = MHD_quiesce_daemon(daemons->items[i]);
        if (fd >= 0)
            close(fd);
    }
    for (size_t lane = 0; lane < 2; lane++) {
        pthread_mutex_lock(&daemons->queues[lane].lock);
        daemons->queues[lane].is_closing = true;
        pthread_cond_broadcast(&daemons->queues[lane].filled);
        pthread_mutex_unlock(&daemons->queues[lane].lock);
    }
    for (size_t i = 0; i < daemons->worker_count; i++)
        pthread_join(daemons->workers[i], NULL);
    for (size_t i = 0; i < daemons->count; i++)
        MHD_stop_daemon(daemons->items[i]);
    for (size_t i = 0; i < daemons->arena_count; i++)
        arena_free(daemons->arenas[i]);
}
