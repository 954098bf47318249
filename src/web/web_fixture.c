/* See web_fixture.h. */
#include "web/web_fixture.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "web_html.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, PATIENCE_SECONDS = 10 };

/* allowed: a test's own, which its requests wait at */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t opened;
    bool is_open;
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};

/* --- routes */

static struct reply show_code(struct ctx *ctx, const char *code, const char *text)
{
    struct problem_type_model *model = arena_one(ctx->arena, struct problem_type_model);
    *model = (struct problem_type_model){.code = code, .message = text};
    return page_problem_type(ctx, model);
}

static struct reply show_page(struct ctx *ctx)
{
    return show_code(ctx, request_part(ctx, "code"), request_query(ctx, "text"));
}

static struct reply show_signed(struct ctx *ctx)
{
    return show_code(ctx, "signed", "");
}

static struct reply show_address(struct ctx *ctx)
{
    return show_code(ctx, request_address(ctx), "");
}

static void use_up(struct ctx *ctx)
{
    for (;;)
        arena_alloc(ctx->arena, 1024 * 1024);
}

static struct reply take_memory(struct ctx *ctx)
{
    use_up(ctx);
    return reply_not_found(ctx);
}

static struct reply lose_store(struct ctx *ctx)
{
    fault_raise(ctx->arena, FAULT_STORE);
}

static struct reply post_done(struct ctx *ctx)
{
    static const struct outcome_info done = {"web.yes", 200, NULL};
    return reply_outcome(ctx, &done, "/t/page/after");
}

static struct reply post_refuse(struct ctx *ctx)
{
    static const struct outcome_info refused = {"web.no", 409, "Clause 7"};
    return reply_outcome(ctx, &refused, "/t/page/before");
}

static struct reply post_echo(struct ctx *ctx)
{
    const char *name = request_form(ctx, "name");
    return show_code(ctx, name == NULL ? "absent" : name, "");
}

static struct reply post_upload(struct ctx *ctx)
{
    const struct upload *file = request_upload(ctx, "file");
    if (file == NULL)
        return show_code(ctx, "absent", "");
    return show_code(ctx, file->file_name, arena_printf(ctx->arena, "%zu", file->length));
}

static void wait_for_gate(struct ctx *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&gate.lock);
    while (!gate.is_open)
        pthread_cond_wait(&gate.opened, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

static struct reply show_file(struct ctx *ctx)
{
    (void)ctx;
    return reply_file("text/plain; charset=utf-8", "名单.txt", "abc", 3);
}

static const struct route routes[] = {
    {GET, "/t/page/:code", PERMISSION_PUBLIC, .handle = show_page},
    {GET, "/t/signed", PERMISSION_SIGNED_IN, .handle = show_signed},
    {GET, "/t/class", PERMISSION_SIGNED_IN + 1, .handle = show_signed},
    {GET, "/t/address", PERMISSION_PUBLIC, .handle = show_address},
    {GET, "/t/memory", PERMISSION_PUBLIC, .handle = take_memory},
    {POST, "/t/memory", PERMISSION_PUBLIC, .handle = take_memory},
    {GET, "/t/store", PERMISSION_PUBLIC, .handle = lose_store},
    {POST, "/t/done", PERMISSION_PUBLIC, .handle = post_done},
    {POST, "/t/refuse", PERMISSION_PUBLIC, .handle = post_refuse},
    {POST, "/t/echo", PERMISSION_PUBLIC, .handle = post_echo},
    {POST, "/t/upload", PERMISSION_PUBLIC, .handle = post_upload, .body_max = 1024 * 1024},
    {POST, "/t/private", PERMISSION_SIGNED_IN, .handle = post_upload, .body_max = 1024 * 1024},
    {POST, "/t/wait", PERMISSION_PUBLIC, .handle = post_done, .prepare = wait_for_gate,
     .lane = LANE_HEAVY},
    {POST, "/t/weigh", PERMISSION_PUBLIC, .handle = post_done, .prepare = wait_for_gate,
     .lane = LANE_PASSWORD},
    {POST, "/t/prepared", PERMISSION_PUBLIC, .handle = post_done, .prepare = use_up},
    {GET, "/t/inside", PERMISSION_PUBLIC, .handle = show_file},
    {GET, "/t/gate", PERMISSION_PUBLIC, .handle = show_file, .prepare = wait_for_gate},
    {0},
};

static bool identify(struct ctx *ctx, const char *token)
{
    static const char someone;
    bool is_known = strcmp(token, "good") == 0;
    ctx->actor = is_known ? (const struct actor *)&someone : NULL;
    return is_known;
}

static bool permits(const struct ctx *ctx, enum permission permission)
{
    return permission == PERMISSION_PUBLIC ||
           (ctx->actor != NULL && permission == PERMISSION_SIGNED_IN);
}

static void fill_frame(struct ctx *ctx, struct frame *ret)
{
    *ret = (struct frame){.actor_name = ctx->actor == NULL ? NULL : "张三"};
}

/* --- the server */

struct web_fixture *web_fixture_open_with(struct web_options options)
{
    static const struct route *const tables[] = {routes};
    struct arena *arena = arena_new(ARENA_BYTES);
    struct web_fixture *fixture = arena_one(arena, struct web_fixture);
    struct message fault = {0};
    gate.is_open = false;
    fixture->arena = arena;
    fixture->house = store_fixture_open_shared();
    options.listen = "127.0.0.1:0";
    options.store = fixture->house->store;
    options.ids = fixture->house->ctx.ids;
    options.routes = tables;
    options.route_tables = 1;
    options.identify = identify;
    options.permits = permits;
    options.frame = fill_frame;
    options.secret = "0123456789abcdef0123456789abcdef";
    fixture->web = web_start(&options, arena, &fault);
    if (fixture->web == NULL) {
        fprintf(stderr, "web_fixture: %s\n", fault.key);
        exit(1);
    }
    fixture->port = web_port(fixture->web);
    return fixture;
}

struct web_fixture *web_fixture_open(void)
{
    return web_fixture_open_with((struct web_options){0});
}

void web_fixture_close(struct web_fixture *fixture)
{
    web_fixture_release();
    if (fixture->web != NULL)
        web_stop(fixture->web);
    store_fixture_close(fixture->house);
    arena_free(fixture->arena);
}

void web_fixture_release(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.is_open = true;
    pthread_cond_broadcast(&gate.opened);
    pthread_mutex_unlock(&gate.lock);
}

int web_fixture_setup(void **state)
{
    *state = web_fixture_open();
    return 0;
}

int web_fixture_teardown(void **state)
{
    web_fixture_close(*state);
    return 0;
}

/* --- the client */

int web_connect(const struct web_fixture *fixture)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)fixture->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        perror("web_fixture: connect");
        exit(1);
    }
    return fd;
}

void web_send(int socket, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(socket, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* closed on us: what it says before shows in the answer */
        bytes += sent;
        length -= (size_t)sent;
    }
}

/* Reads up to the end of the head. */
static bool receive_head(int socket, struct buffer *out)
{
    char byte;
    while (strstr(out->bytes, "\r\n\r\n") == NULL) {
        if (recv(socket, &byte, 1, 0) != 1)
            return false;
        buffer_add_char(out, byte);
    }
    return true;
}

const char *web_header(struct web_fixture *fixture, struct web_answer answer, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = strstr(answer.head, "\r\n"); line != NULL;
         line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':')
            return arena_text_n(fixture->arena, line + length + 2,
                                strcspn(line + length + 2, "\r"));
    }
    return NULL;
}

struct web_answer web_receive(struct web_fixture *fixture, int socket)
{
    struct buffer head = buffer_new(fixture->arena, 1024);
    struct web_answer answer = {.head = "", .body = ""};
    int64_t length = 0, status;
    if (!receive_head(socket, &head))
        return answer;
    answer.head = head.bytes;
    const char *space = strchr(head.bytes, ' ');
    if (space == NULL || !text_integer(arena_text_n(fixture->arena, space + 1, 3), &status))
        return answer;
    answer.status = (int)status;
    const char *text = web_header(fixture, answer, "Content-Length");
    bool has_body = answer.status != 304 && answer.status != 100;
    if (!has_body || text == NULL || !text_integer(text, &length))
        return answer;
    char *body = arena_alloc(fixture->arena, (size_t)length + 1);
    while (answer.length < (size_t)length) {
        ssize_t got = recv(socket, body + answer.length, (size_t)length - answer.length, 0);
        if (got <= 0)
            break;
        answer.length += (size_t)got;
    }
    answer.body = body;
    return answer;
}

struct web_answer web_ask(struct web_fixture *fixture, const char *bytes)
{
    int socket = web_connect(fixture);
    web_send(socket, bytes, strlen(bytes));
    struct web_answer answer = web_receive(fixture, socket);
    close(socket);
    return answer;
}

struct web_answer web_get(struct web_fixture *fixture, const char *path, const char *headers)
{
    return web_ask(fixture, arena_printf(fixture->arena, "GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n",
                                         path, headers));
}

struct web_answer web_post(struct web_fixture *fixture, const char *path, const char *headers,
                           const char *body)
{
    return web_ask(fixture, arena_printf(fixture->arena,
                                         "POST %s HTTP/1.1\r\nHost: a\r\n"
                                         "Content-Type: application/x-www-form-urlencoded\r\n"
                                         "Content-Length: %zu\r\n%s\r\n%s",
                                         path, strlen(body), headers, body));
}

bool web_lives(struct web_fixture *fixture)
{
    return web_get(fixture, "/healthz", "").status == 200;
}
