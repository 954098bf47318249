/* Values as people and programs read them. */
#include "web/show.h"

#include <stdlib.h>
#include <string.h>

#include "web/web_room.h"
#include "web/words.h"
#include "web_html.h"

const char *show_text(const char *text)
{
    return text == NULL ? "" : text;
}

/* From the last digit to the first, into the end of a buffer. */
static const char *write_integer(struct ctx *ctx, int64_t value, const char *comma)
{
    enum { LONGEST = 32 };
    char bytes[LONGEST];
    size_t at = LONGEST, digits = 0;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    if (value == INT64_MIN)
        return "";
    do {
        if (*comma != '\0' && digits > 0 && digits % 3 == 0)
            bytes[--at] = *comma;
        bytes[--at] = (char)('0' + rest % 10);
        rest /= 10;
        digits++;
    } while (rest > 0);
    if (value < 0)
        bytes[--at] = '-';
    return arena_text_n(ctx->arena, bytes + at, LONGEST - at);
}

const char *show_integer_plain(struct ctx *ctx, int64_t value)
{
    return write_integer(ctx, value, "");
}

const char *show_integer(struct ctx *ctx, int64_t value)
{
    return write_integer(ctx, value, ",");
}

bool show_fen_is_none(struct fen amount)
{
    return amount.v == INT64_MIN || amount.v == 0; /* raw: only tells whether there is one */
}

const char *show_fen(struct ctx *ctx, struct fen amount)
{
    return amount.v == INT64_MIN ? "" : fen_grouped(ctx->arena, amount); /* raw: absent */
}

const char *show_fen_plain(struct ctx *ctx, struct fen amount)
{
    return amount.v == INT64_MIN ? "" : fen_plain(ctx->arena, amount); /* raw: absent */
}

const char *show_day(struct ctx *ctx, struct day day)
{
    return day_text(ctx->arena, day);
}

const char *show_day_or_null(struct ctx *ctx, struct day day)
{
    return day_is_none(day) ? NULL : day_text(ctx->arena, day);
}

const char *show_instant(struct ctx *ctx, struct instant instant)
{
    if (instant_is_none(instant))
        return "";
    int minutes = instant_minutes(instant);
    return arena_printf(ctx->arena, "%s %02d:%02d", day_text(ctx->arena, instant_day(instant)),
                        minutes / 60, minutes % 60);
}

const char *show_instant_or_null(struct ctx *ctx, struct instant instant)
{
    return instant_is_none(instant) ? NULL : instant_text(ctx->arena, instant);
}

const char *show_id(struct ctx *ctx, int64_t id)
{
    if (id == 0)
        return "";
    char *text = arena_alloc(ctx->arena, ID_TEXT_LENGTH + 1);
    id_format(id, text);
    return text;
}

const char *show_bool(struct ctx *ctx, bool value)
{
    return words(ctx, value ? "web.yes" : "web.no");
}

const char *show_enum(struct ctx *ctx, const char *name, const char *code)
{
    return code == NULL ? "" : words(ctx, arena_printf(ctx->arena, "%s.%s", name, code));
}

void show_word(struct buffer *out, const struct ctx *ctx, const struct word *word)
{
    buffer_add_n(out, word->html[ctx->language], word->html_length[ctx->language]);
}

const char *show_words(struct ctx *ctx, const char *prefix, const char *rest)
{
    return words(ctx, arena_printf(ctx->arena, "%s%s", prefix, show_text(rest)));
}

const char *show_path(const char *path)
{
    bool is_ours = path != NULL && (*path == '?' || *path == '#' ||
                                    (*path == '/' && path[1] != '/' && path[1] != '\\'));
    return is_ours ? path : "/";
}

const char *show_url(const char *url)
{
    bool is_known = url != NULL && (text_starts(url, "https://") || text_starts(url, "http://"));
    return is_known ? url : "/";
}

void show_csrf(struct buffer *out, struct ctx *ctx)
{
    part_csrf_field(out, ctx, &(struct csrf_field_model){.token = ctx->request->csrf});
}

void json_text(struct buffer *out, const char *text)
{
    if (text == NULL)
        buffer_add(out, "null");
    else
        buffer_add_json(out, text);
}

void json_integer(struct buffer *out, int64_t value)
{
    if (value == INT64_MIN)
        buffer_add(out, "null");
    else
        buffer_add_integer(out, value);
}

void json_fen(struct buffer *out, struct fen amount)
{
    json_integer(out, amount.v); /* raw: JSON carries fen as a whole number */
}

void json_id(struct buffer *out, int64_t id)
{
    char text[ID_TEXT_LENGTH + 1];
    id_format(id, text);
    json_text(out, id == 0 ? NULL : text);
}

static int by_key(const void *key, const void *word)
{
    return strcmp(key, (*(const struct word *const *)word)->key);
}

const char *words(const struct ctx *ctx, const char *key)
{
    const struct word *const *word =
        bsearch(key, words_table, words_count, sizeof words_table[0], by_key);
    return word == NULL ? key : (*word)->text[ctx->language];
}

static const char *argument_value(const struct message *message, const char *name, size_t length)
{
    for (size_t i = 0; i < MESSAGE_ARGUMENTS_MAX && message->arguments[i].name != NULL; i++)
        if (strlen(message->arguments[i].name) == length &&
            memcmp(message->arguments[i].name, name, length) == 0)
            return show_text(message->arguments[i].value);
    return NULL;
}

const char *words_with(struct ctx *ctx, const struct message *message)
{
    const char *text = words(ctx, message->key);
    struct buffer out = buffer_new(ctx->arena, strlen(text) + 64);
    while (*text != '\0') {
        size_t plain = strcspn(text, "{");
        buffer_add_n(&out, text, plain);
        text += plain;
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        if (end == NULL) {
            buffer_add(&out, text);
            break;
        }
        const char *value = argument_value(message, text + 1, (size_t)(end - text - 1));
        if (value != NULL)
            buffer_add(&out, value);
        else
            buffer_add_n(&out, text, (size_t)(end + 1 - text));
        text = end + 1;
    }
    return out.bytes;
}
