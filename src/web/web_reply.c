/* From a handler's reply to the bytes and headers of a response, in the face that the client asked
 * for. */
#include <sodium.h>
#include <string.h>
#include <zlib.h>

#include "web/show.h"
#include "web/web_room.h"
#include "web_html.h"

enum {
    PACK_FROM = 1024, /* smaller pages are not worth packing */
    PACK_LEVEL = 4,
    SIGNATURE_BYTES = 32,
    NOTE_BYTES_MAX = 1500,
};

struct reply reply_page(const struct page *page, const void *model, int status)
{
    return (struct reply){.kind = REPLY_PAGE, .status = status, .page = page, .model = model};
}

struct reply reply_redirect(const char *location)
{
    return (struct reply){.kind = REPLY_REDIRECT, .status = 303, .location = location};
}

struct reply reply_outcome_with(struct ctx *ctx, const struct outcome_info *info,
                                const char *location, const struct argument *arguments,
                                size_t count)
{
    struct reply reply = {.kind = REPLY_OUTCOME,
                          .status = info->status,
                          .location = location,
                          .message = {.key = info->code},
                          .clause = info->clause};
    for (size_t i = 0; i < count && i < MESSAGE_ARGUMENTS_MAX; i++)
        reply.message.arguments[i] = (struct argument){
            arguments[i].name, arena_text(ctx->arena, show_text(arguments[i].value))};
    return reply;
}

struct reply reply_outcome(struct ctx *ctx, const struct outcome_info *info, const char *location)
{
    return reply_outcome_with(ctx, info, location, NULL, 0);
}

struct reply reply_problem(struct ctx *ctx, int status, const char *key)
{
    (void)ctx;
    return (struct reply){.kind = REPLY_OUTCOME, .status = status, .message = {.key = key}};
}

struct reply reply_not_found(struct ctx *ctx)
{
    return reply_problem(ctx, 404, "web.not_found");
}

struct reply reply_file(const char *content_type, const char *file_name, const void *bytes,
                        size_t length)
{
    return (struct reply){.kind = REPLY_FILE,
                          .status = 200,
                          .bytes = bytes,
                          .length = length,
                          .content_type = content_type,
                          .file_name = file_name};
}

/* A keyed hash in hexadecimal; `purpose` keeps tokens of one use from serving another. */
const char *web_sign(struct ctx *ctx, const struct web *web, const char *purpose, const char *text)
{
    unsigned char digest[SIGNATURE_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, (const unsigned char *)web->options.secret, SIGNATURE_BYTES,
                            sizeof digest);
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
    crypto_generichash_final(&state, digest, sizeof digest);
    char *hex = arena_alloc(ctx->arena, sizeof digest * 2 + 1);
    return sodium_bin2hex(hex, sizeof digest * 2 + 1, digest, sizeof digest);
}

const char *web_read_note(struct ctx *ctx, const struct web *web, const char *cookie)
{
    enum { HEX = SIGNATURE_BYTES * 2 };
    if (cookie == NULL || strlen(cookie) <= HEX + 1 || cookie[HEX] != '.')
        return NULL;
    struct pairs pairs = {0};
    const char *packed = arena_printf(ctx->arena, "note=%s", cookie + HEX + 1);
    if (!body_read_query(ctx, packed, &pairs) || pairs.count != 1)
        return NULL;
    const char *wanted = web_sign(ctx, web, "note", cookie + HEX + 1);
    return sodium_memcmp(wanted, cookie, HEX) == 0 ? pairs.items[0].value : NULL;
}

static void add_cookie(struct ctx *ctx, const struct request *request, struct response *ret,
                       const char *name, const char *value, const char *age)
{
    ret->cookies[ret->cookie_count++] =
        arena_printf(ctx->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", name, value, age,
                     request->web->options.secure_cookies ? "; Secure" : "");
}

static void set_note(struct ctx *ctx, const struct request *request, const char *text,
                     struct response *ret)
{
    struct buffer packed = buffer_new(ctx->arena, strlen(text) * 3);
    buffer_add_url(&packed, text);
    if (packed.length > NOTE_BYTES_MAX)
        return;
    const char *value = arena_printf(
        ctx->arena, "%s.%s", web_sign(ctx, request->web, "note", packed.bytes), packed.bytes);
    add_cookie(ctx, request, ret, "note", value, "; Max-Age=60");
}

static void write_frame_top(struct buffer *out, struct ctx *ctx, const struct request *request)
{
    const struct frame *frame = &request->frame;
    bool is_chinese = ctx->language == LANGUAGE_ZH;
    struct frame_top_model model = {
        .actor_name = frame->actor_name,
        .actor_role = frame->actor_role,
        .inbox_count = frame->inbox_count,
        .other_language = is_chinese ? "en" : "zh",
        .other_language_tag = is_chinese ? "en" : "zh-CN",
        .other_language_name = words(ctx, "web.other_language"),
        .is_elder = request->elder != NULL,
        .note = request->note,
    };
    model.navigation.count = frame->navigation_count;
    model.navigation.items =
        arena_array(ctx->arena, frame->navigation_count, struct frame_top_entry);
    for (size_t i = 0; i < frame->navigation_count; i++)
        model.navigation.items[i] = (struct frame_top_entry){
            .entry_path = frame->navigation[i].path,
            .name = words(ctx, frame->navigation[i].key),
            .is_current = frame->navigation[i].current,
            .count = frame->navigation[i].count,
        };
    part_frame_top(out, ctx, &model);
}

static void write_html(struct ctx *ctx, struct request *request, const struct page *page,
                       const void *model, struct response *ret)
{
    struct buffer out = buffer_new(ctx->arena, 16 * 1024);
    bool is_huge = text_equal(request->elder, "huge");
    part_frame_head(
        &out, ctx,
        &(struct frame_head_model){.html_language = ctx->language == LANGUAGE_ZH ? "zh-CN" : "en",
                                   .is_elder = request->elder != NULL,
                                   .is_huge = is_huge});
    page->title(&out, ctx, model);
    write_frame_top(&out, ctx, request);
    page->html(&out, ctx, model);
    part_frame_bottom(&out, ctx, &(struct frame_bottom_model){.request_id = request->id});
    ret->content_type = "text/html; charset=utf-8";
    ret->body = out.bytes;
    ret->length = out.length;
    if (request->note != NULL)
        add_cookie(ctx, request, ret, "note", "", "; Max-Age=0");
}

static void write_page(struct ctx *ctx, struct request *request, const struct reply *reply,
                       struct response *ret)
{
    if (!request->wants_json) {
        write_html(ctx, request, reply->page, reply->model, ret);
        return;
    }
    struct buffer out = buffer_new(ctx->arena, 4096);
    reply->page->json(&out, ctx, reply->model);
    ret->content_type = "application/json";
    ret->body = out.bytes;
    ret->length = out.length;
}

static void add_member(struct buffer *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buffer_add(out, out->length == 1 ? "\"" : ",\"");
    buffer_add(out, name);
    buffer_add(out, "\":");
    buffer_add_json(out, value);
}

/* RFC 9457. The type is the outcome's code: programs switch on it, its words are for people. */
static void write_problem(struct ctx *ctx, struct request *request, const struct reply *reply,
                          struct response *ret)
{
    const char *text = words_with(ctx, (struct message *)(uintptr_t)&reply->message);
    if (!request->wants_json) {
        struct problem_model model = {
            .code = reply->message.key,
            .problem_status = reply->status,
            .message = text,
            .clause = reply->clause,
            .reference = reply->status >= 500 ? request->id : NULL,
            .back_path = reply->location,
        };
        write_html(ctx, request, &problem_page, &model, ret);
        return;
    }
    struct buffer out = buffer_new(ctx->arena, 512);
    buffer_add_char(&out, '{');
    add_member(&out, "type", arena_printf(ctx->arena, "/problems/%s", reply->message.key));
    add_member(&out, "title", text);
    buffer_printf(&out, ",\"status\":%d", reply->status);
    add_member(&out, "clause", reply->clause);
    add_member(&out, "instance", arena_printf(ctx->arena, "urn:request:%s", request->id));
    buffer_add_char(&out, '}');
    ret->content_type = "application/problem+json";
    ret->body = out.bytes;
    ret->length = out.length;
}

/* What a POST did: browsers go on to the thing's page and find the words there, programs get them
 * at once. */
static void write_done(struct ctx *ctx, struct request *request, const struct reply *reply,
                       struct response *ret)
{
    const char *text = words_with(ctx, (struct message *)(uintptr_t)&reply->message);
    if (!request->wants_json) {
        ret->status = 303;
        ret->location = reply->location;
        set_note(ctx, request, text, ret);
        return;
    }
    struct buffer out = buffer_new(ctx->arena, 256);
    buffer_add_char(&out, '{');
    add_member(&out, "outcome", reply->message.key);
    add_member(&out, "message", text);
    add_member(&out, "location", reply->location);
    buffer_add_char(&out, '}');
    ret->content_type = "application/json";
    ret->body = out.bytes;
    ret->length = out.length;
}

static void pack(struct ctx *ctx, struct response *ret)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, PACK_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    size_t most = deflateBound(&stream, ret->length);
    unsigned char *packed = arena_alloc(ctx->arena, most);
    stream.next_in = (unsigned char *)(uintptr_t)ret->body;
    stream.avail_in = (unsigned)ret->length;
    stream.next_out = packed;
    stream.avail_out = (unsigned)most;
    if (deflate(&stream, Z_FINISH) == Z_STREAM_END) {
        ret->body = packed;
        ret->length = stream.total_out;
        ret->is_packed = true;
    }
    deflateEnd(&stream);
}

static void set_cookies(struct ctx *ctx, const struct request *request, const struct reply *reply,
                        struct response *ret)
{
    static const char year[] = "; Max-Age=31536000";
    if (reply->session_token != NULL)
        add_cookie(ctx, request, ret, "session", reply->session_token,
                   *reply->session_token == '\0' ? "; Max-Age=0" : "");
    if (request->sets_language)
        add_cookie(ctx, request, ret, "lang", ctx->language == LANGUAGE_ZH ? "zh" : "en", year);
    if (request->sets_elder)
        add_cookie(ctx, request, ret, "elder", request->elder == NULL ? "0" : request->elder, year);
}

void response_render(struct ctx *ctx, struct request *request, const struct reply *reply,
                     struct response *ret)
{
    *ret = (struct response){.status = reply->status, .content_type = "text/plain", .body = ""};
    switch (reply->kind) {
    case REPLY_PAGE:
        write_page(ctx, request, reply, ret);
        break;
    case REPLY_REDIRECT:
        ret->location = reply->location;
        break;
    case REPLY_OUTCOME:
        if (reply->status < 400)
            write_done(ctx, request, reply, ret);
        else
            write_problem(ctx, request, reply, ret);
        break;
    case REPLY_FILE:
        ret->content_type = reply->content_type;
        ret->body = reply->bytes;
        ret->length = reply->length;
        ret->file_name = reply->file_name;
        break;
    }
    set_cookies(ctx, request, reply, ret);
    bool is_text =
        text_starts(ret->content_type, "text/") || strstr(ret->content_type, "json") != NULL;
    if (is_text && request->accepts_gzip && ret->length >= PACK_FROM)
        pack(ctx, ret);
}
