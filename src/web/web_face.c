/*
 * A handler's reply as bytes, in the face that the client asked for: a page in its frame or JSON;
 * for refusals a problem page or problem details (RFC 9457). Both are written from the same model.
 */
#include <string.h>

#include "web/show.h"
#include "web/web_room.h"
#include "web_html.h"

enum { PAGE_BYTES = 16 * 1024 /* most pages */ };

/* This page's address with one of its parameters set: what else was asked stays. */
static const char *path_with(struct ctx *ctx, const struct request *request, const char *name,
                             const char *value)
{
    struct buffer out = buffer_new(ctx->arena, 64);
    buffer_add_char(&out, '?');
    for (size_t i = 0; request->method == GET && i < request->query.count; i++) {
        const struct pair *pair = &request->query.items[i];
        if (strcmp(pair->name, name) == 0)
            continue;
        buffer_add_url(&out, pair->name);
        buffer_add_char(&out, '=');
        buffer_add_url(&out, pair->value);
        buffer_add_char(&out, '&');
    }
    buffer_printf(&out, "%s=%s", name, value);
    return out.bytes;
}

static void write_frame(struct buffer *out, struct ctx *ctx, const struct request *request,
                        struct page_shown shown)
{
    const struct frame *frame = &request->frame;
    bool is_chinese = ctx->language == LANGUAGE_ZH;
    struct frame_model model = {
        .shown = shown,
        .language_tag = is_chinese ? "zh-CN" : "en",
        .is_elder = request->elder != NULL,
        .is_huge = text_equal(request->elder, "huge"),
        .is_asked = request->has_frame,
        .actor_name = frame->actor_name,
        .actor_role = frame->actor_role,
        .other_language_tag = is_chinese ? "en" : "zh-CN",
        .other_language_path = path_with(ctx, request, "lang", is_chinese ? "en" : "zh"),
        .elder_path = path_with(ctx, request, "elder", request->elder == NULL ? "1" : "0"),
        .larger_path =
            path_with(ctx, request, "elder", text_equal(request->elder, "huge") ? "1" : "huge"),
        .note = request->note,
    };
    model.navigation.count = frame->navigation_count;
    model.navigation.items = arena_array(ctx->arena, frame->navigation_count, struct frame_entry);
    for (size_t i = 0; i < frame->navigation_count; i++)
        model.navigation.items[i] = (struct frame_entry){
            .entry_path = frame->navigation[i].path,
            .name = words(ctx, frame->navigation[i].key),
            .is_current = frame->navigation[i].current,
            .count = frame->navigation[i].count,
        };
    model.rooms.count = frame->room_count;
    model.rooms.items = arena_array(ctx->arena, frame->room_count, struct frame_room);
    for (size_t i = 0; i < frame->room_count; i++)
        model.rooms.items[i] = (struct frame_room){
            .room_path = frame->rooms[i].path,
            .name = words(ctx, frame->rooms[i].key),
            .is_current = frame->rooms[i].current,
            .count = frame->rooms[i].count,
        };
    part_frame(out, ctx, &model);
}

static void write_html(struct ctx *ctx, const struct request *request, struct page_shown shown,
                       struct response *ret)
{
    struct buffer out = buffer_new(ctx->arena, PAGE_BYTES);
    write_frame(&out, ctx, request, shown);
    ret->content_type = "text/html; charset=utf-8";
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

static void end_json(struct buffer *out, const char *content_type, struct response *ret)
{
    buffer_add_char(out, '}');
    ret->content_type = content_type;
    ret->body = out->bytes;
    ret->length = out->length;
}

/* The members that every problem has; the type is a code: programs switch on it, its words are for
 * people. */
static struct buffer begin_problem(struct ctx *ctx, const struct request *request,
                                   const struct reply *reply, const char *key)
{
    struct message message = reply->message;
    message.key = key;
    struct buffer out = buffer_new(ctx->arena, 512);
    buffer_add_char(&out, '{');
    add_member(&out, "type", arena_printf(ctx->arena, "/problems/%s", key));
    add_member(&out, "title", words_with(ctx, &message));
    buffer_printf(&out, ",\"status\":%d", reply->status);
    add_member(&out, "clause", reply->clause);
    add_member(&out, "instance", arena_printf(ctx->arena, "urn:dianji:request:%s", request->id));
    return out;
}

/* A page that refuses (a form with faults, a number that no one has): its model's members stand
 * beside the problem's own. */
static void write_refusing_page(struct ctx *ctx, const struct request *request,
                                const struct reply *reply, struct response *ret)
{
    const struct page *page = reply->page;
    bool is_unknown = reply->status == 404;
    const char *key = page->errors != NULL ? "web.form_faults"
                      : is_unknown         ? "web.not_found"
                                           : "web.problem";
    struct buffer model = buffer_new(ctx->arena, 1024);
    struct buffer out = begin_problem(ctx, request, reply, key);
    page->json(&model, ctx, reply->model);
    if (page->errors != NULL) {
        buffer_add(&out, ",\"errors\":");
        page->errors(&out, ctx, reply->model);
    }
    if (model.length > 2) {
        buffer_add_char(&out, ',');
        buffer_add_n(&out, model.bytes + 1, model.length - 2);
    }
    end_json(&out, "application/problem+json", ret);
}

static void write_page(struct ctx *ctx, const struct request *request, const struct reply *reply,
                       struct response *ret)
{
    if (!request->wants_json) {
        write_html(ctx, request, (struct page_shown){reply->page, reply->model}, ret);
        return;
    }
    if (reply->status >= 400) {
        write_refusing_page(ctx, request, reply, ret);
        return;
    }
    struct buffer out = buffer_new(ctx->arena, PAGE_BYTES);
    reply->page->json(&out, ctx, reply->model);
    ret->content_type = "application/json";
    ret->body = out.bytes;
    ret->length = out.length;
}

static void write_problem(struct ctx *ctx, const struct request *request, const struct reply *reply,
                          struct response *ret)
{
    if (request->wants_json) {
        struct buffer out = begin_problem(ctx, request, reply, reply->message.key);
        end_json(&out, "application/problem+json", ret);
        return;
    }
    struct problem_model model = {
        .problem_status = reply->status,
        .message = words_with(ctx, &reply->message),
        .clause = reply->clause,
        .reference = request->id,
        .back_path = reply->location,
        .asks_sign_in = reply->status == 401,
    };
    write_html(ctx, request, (struct page_shown){&problem_page, &model}, ret);
}

/* What a POST did: browsers go on to the thing's page and find the words there, programs get them
 * at once. */
static void write_done(struct ctx *ctx, const struct request *request, const struct reply *reply,
                       struct response *ret)
{
    const char *text = words_with(ctx, &reply->message);
    if (!request->wants_json) {
        ret->status = 303;
        ret->location = reply->location;
        add_note(ctx, request, text, ret);
        return;
    }
    struct buffer out = buffer_new(ctx->arena, 256);
    buffer_add_char(&out, '{');
    add_member(&out, "outcome", reply->message.key);
    add_member(&out, "message", text);
    add_member(&out, "location", reply->location);
    end_json(&out, "application/json", ret);
}

void response_render(struct ctx *ctx, struct request *request, const struct reply *reply,
                     struct response *ret)
{
    *ret = (struct response){.status = reply->status,
                             .content_type = "text/plain",
                             .body = "",
                             .allow = reply->status == 405 ? request->refusal.allow : NULL};
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
    ret->refresh_seconds = reply->refresh_seconds;
    add_cookies(ctx, request, reply, ret);
}
