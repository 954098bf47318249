/*
 * Reading what a client sends: query strings, forms, JSON objects; uploads are in web_multipart.c.
 * All of it is hostile until read: bounded counts, valid UTF-8 only, and a malformed body is
 * refused whole, so that nothing is done with half of what someone meant.
 */
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "web/web_room.h"

const char *pairs_find(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            return pairs->items[i].value;
    return NULL;
}

bool pairs_add(struct ctx *ctx, struct pairs *pairs, const char *name, struct bytes value)
{
    enum { FIRST = 16 };
    if (pairs->count == WEB_PAIRS_MAX || !text_valid(value.data, value.length) ||
        !text_valid(name, strlen(name)))
        return false;
    if (pairs->count == pairs->capacity) {
        size_t grown = pairs->capacity == 0 ? FIRST : 2 * pairs->capacity;
        pairs->items = arena_grow(ctx->arena, pairs->items, pairs->capacity * sizeof(struct pair),
                                  grown * sizeof(struct pair));
        pairs->capacity = grown;
    }
    const char *text = arena_text_n(ctx->arena, value.data, value.length);
    pairs->items[pairs->count++] = (struct pair){name, text_clean(ctx->arena, text)};
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes %XX, and in forms '+'; false on a broken escape or what is no text then. */
static bool decode(struct ctx *ctx, struct bytes given, char plus, const char **ret)
{
    const char *text = given.data;
    char *out = arena_alloc(ctx->arena, given.length + 1);
    size_t n = 0;
    for (size_t i = 0; i < given.length; i++) {
        if (text[i] == '%') {
            int high = i + 2 < given.length ? hex_value(text[i + 1]) : -1;
            int low = i + 2 < given.length ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            out[n++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[n++] = text[i] == '+' ? plus : text[i];
        }
    }
    *ret = out;
    return text_valid(out, n);
}

bool text_unescape(struct ctx *ctx, const char *text, size_t length, const char **ret)
{
    return decode(ctx, (struct bytes){text, length}, '+', ret);
}

bool body_read_query(struct ctx *ctx, const char *text, struct pairs *pairs)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "&");
        const char *equals = memchr(text, '=', length);
        size_t name_length = equals == NULL ? length : (size_t)(equals - text);
        const char *name, *value = "";
        if (!decode(ctx, (struct bytes){text, name_length}, ' ', &name))
            return false;
        if (equals != NULL &&
            !decode(ctx, (struct bytes){equals + 1, length - name_length - 1}, ' ', &value))
            return false;
        if (*name != '\0' && !pairs_add(ctx, pairs, name, (struct bytes){value, strlen(value)}))
            return false;
        text += length + (text[length] == '&');
    }
    return true;
}

/* An object of plain values; null is as if the member were not there. */
static bool read_json(struct ctx *ctx, struct request *request, const char *bytes, size_t length)
{
    const struct json *object = json_read(ctx->arena, bytes, length);
    if (object == NULL || object->type != JSON_OBJECT)
        return false;
    for (const struct json *member = object->first; member != NULL; member = member->next) {
        if (member->type == JSON_NULL)
            continue;
        if (member->type == JSON_ARRAY || member->type == JSON_OBJECT ||
            !pairs_add(ctx, &request->form, member->name,
                       (struct bytes){member->text, strlen(member->text)}))
            return false;
    }
    return true;
}

/* Whether a Content-Type names this media type, with or without parameters. */
static bool is_type(const char *header, const char *type)
{
    size_t length = strlen(type);
    return header != NULL && strncasecmp(header, type, length) == 0 &&
           strchr("; \t", header[length]) != NULL;
}

bool body_read(struct ctx *ctx, struct request *request, const char *bytes, size_t length,
               struct refusal *ret)
{
    const char *type = request->content_type;
    bool is_read;
    if (length == 0)
        return true;
    if (is_type(type, "application/x-www-form-urlencoded")) {
        is_read = strlen(bytes) == length && body_read_query(ctx, bytes, &request->form);
    } else if (is_type(type, "application/json")) {
        is_read = read_json(ctx, request, bytes, length);
    } else if (is_type(type, "multipart/form-data")) {
        is_read = multipart_read(ctx, request, bytes, length);
    } else {
        *ret = (struct refusal){.status = 415, .key = "web.media_type"};
        return false;
    }
    if (!is_read)
        *ret = (struct refusal){.status = 400, .key = "web.malformed"};
    return is_read;
}
