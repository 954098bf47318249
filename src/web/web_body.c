/*
 * Reading what a client sends: query strings, forms, JSON objects, multipart uploads. All of it is
 * hostile until read: bounded counts, valid UTF-8 only, and a malformed body is refused whole.
 */
#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "web/web_room.h"

const char *pairs_find(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            return pairs->items[i].value;
    return NULL;
}

static bool add(struct ctx *ctx, struct pairs *pairs, const char *name, const char *value,
                size_t length)
{
    if (pairs->count == WEB_PAIRS_MAX || !text_valid(value, length) ||
        !text_valid(name, strlen(name)))
        return false;
    pairs->items[pairs->count++] =
        (struct pair){name, text_clean(ctx->arena, arena_text_n(ctx->arena, value, length))};
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes %XX and '+'; false on a broken escape. */
static bool decode(struct ctx *ctx, const char *text, size_t length, const char **ret,
                   size_t *ret_length)
{
    char *out = arena_alloc(ctx->arena, length + 1);
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '%') {
            int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
            int low = i + 2 < length ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            out[n++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[n++] = text[i] == '+' ? ' ' : text[i];
        }
    }
    *ret = out;
    *ret_length = n;
    return true;
}

bool body_read_query(struct ctx *ctx, const char *text, struct pairs *pairs)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "&");
        const char *equals = memchr(text, '=', length);
        size_t name_length = equals == NULL ? length : (size_t)(equals - text);
        const char *name, *value = "";
        size_t decoded = 0, value_length = 0;
        if (!decode(ctx, text, name_length, &name, &decoded))
            return false;
        if (equals != NULL &&
            !decode(ctx, equals + 1, length - name_length - 1, &value, &value_length))
            return false;
        if (memchr(name, '\0', decoded) != NULL)
            return false;
        if (decoded > 0 && !add(ctx, pairs, name, value, value_length))
            return false;
        text += length + (text[length] == '&');
    }
    return true;
}

static bool read_json(struct ctx *ctx, struct request *request, const char *bytes, size_t length)
{
    const struct json *object = json_read(ctx->arena, bytes, length);
    if (object == NULL || object->type != JSON_OBJECT)
        return false;
    for (const struct json *member = object->first; member != NULL; member = member->next) {
        bool is_plain = member->type == JSON_TEXT || member->type == JSON_NUMBER ||
                        member->type == JSON_TRUE || member->type == JSON_FALSE;
        if (member->type == JSON_NULL)
            continue;
        if (!is_plain ||
            !add(ctx, &request->form, member->name, member->text, strlen(member->text)))
            return false;
    }
    return true;
}

/* The value of name="…" in a Content-Disposition line, or NULL. */
static const char *disposition(struct ctx *ctx, const char *line, size_t length, const char *name)
{
    size_t wanted = strlen(name);
    for (size_t i = 0; i + wanted + 2 < length; i++) {
        bool starts = line[i] == ' ' || line[i] == ';';
        if (!starts || memcmp(line + i + 1, name, wanted) != 0 || line[i + 1 + wanted] != '=' ||
            line[i + 2 + wanted] != '"')
            continue;
        const char *value = line + i + 3 + wanted;
        const char *end = memchr(value, '"', length - (size_t)(value - line));
        return end == NULL ? NULL : arena_text_n(ctx->arena, value, (size_t)(end - value));
    }
    return NULL;
}

/* The name of a file without the folders that some browsers send. */
static const char *plain_file_name(struct ctx *ctx, const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *backslash = strrchr(name, '\\');
    const char *last = slash > backslash ? slash : backslash;
    return text_clean(ctx->arena, last == NULL ? name : last + 1);
}

static bool add_part(struct ctx *ctx, struct request *request, const char *head, size_t head_length,
                     const char *body, size_t body_length)
{
    const char *name = disposition(ctx, head, head_length, "name");
    const char *file = disposition(ctx, head, head_length, "filename");
    if (name == NULL || !text_valid(name, strlen(name)))
        return false;
    if (file == NULL)
        return add(ctx, &request->form, name, body, body_length);
    if (request->upload_count == WEB_UPLOADS_MAX || !text_valid(file, strlen(file)))
        return false;
    if (*file == '\0' && body_length == 0)
        return true; /* a file input that was left empty */
    request->uploads[request->upload_count++] =
        (struct upload_part){name, {plain_file_name(ctx, file), body, body_length}};
    return true;
}

/* RFC 7578. Parts point into the body: nothing is copied. */
static bool read_multipart(struct ctx *ctx, struct request *request, const char *bytes,
                           size_t length)
{
    assert(request->content_type != NULL);
    const char *at = strstr(request->content_type, "boundary=");
    if (at == NULL)
        return false;
    at += strlen("boundary=");
    bool is_quoted = *at == '"';
    at += is_quoted;
    size_t name_length = strcspn(at, is_quoted ? "\"" : "; \t");
    if (name_length == 0 || name_length > 70)
        return false;
    const char *mark = arena_printf(ctx->arena, "\r\n--%.*s", (int)name_length, at);
    size_t mark_length = strlen(mark);
    if (length < mark_length || memcmp(bytes, mark + 2, mark_length - 2) != 0)
        return false;
    const char *end = bytes + length;
    const char *part = bytes + mark_length - 2;
    while (end - part >= 2 && memcmp(part, "\r\n", 2) == 0) {
        part += 2;
        const char *body = memmem(part, (size_t)(end - part), "\r\n\r\n", 4);
        if (body == NULL)
            return false;
        const char *next = memmem(body + 2, (size_t)(end - body - 2), mark, mark_length);
        if (next == NULL)
            return false;
        const char *start = body + 4 <= next ? body + 4 : next;
        if (!add_part(ctx, request, part, (size_t)(body - part), start, (size_t)(next - start)))
            return false;
        part = next + mark_length;
    }
    return end - part >= 2 && memcmp(part, "--", 2) == 0;
}

bool body_read(struct ctx *ctx, struct request *request, const char *bytes, size_t length)
{
    if (length == 0)
        return true;
    const char *type = request->content_type == NULL ? "" : request->content_type;
    if (text_starts(type, "application/x-www-form-urlencoded"))
        return strlen(bytes) == length && body_read_query(ctx, bytes, &request->form);
    if (text_starts(type, "application/json"))
        return read_json(ctx, request, bytes, length);
    return text_starts(type, "multipart/form-data") && read_multipart(ctx, request, bytes, length);
}
