/* UTF-8 text: checks, cleaning, and the buffer that HTML, JSON and files are written to. */
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

bool text_equal(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

bool text_empty(const char *text)
{
    return text == NULL || *text == '\0';
}

bool text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Length of the sequence that `lead` opens and the least code point it may encode; 0 if none. */
static int sequence_length(unsigned char lead, uint32_t *ret_least)
{
    if (lead < 0x80)
        return *ret_least = 0, 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return *ret_least = 0x80, 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return *ret_least = 0x800, 3;
    if (lead >= 0xf0 && lead <= 0xf4)
        return *ret_least = 0x10000, 4;
    return 0;
}

bool text_valid(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    const unsigned char *end = at + length;
    while (at < end) {
        uint32_t least;
        int need = sequence_length(*at, &least);
        if (need == 0 || end - at < need || *at == 0)
            return false;
        uint32_t point = need == 1 ? *at : *at & (0xff >> (need + 1));
        for (int i = 1; i < need; i++) {
            if ((at[i] & 0xc0) != 0x80)
                return false;
            point = point << 6 | (at[i] & 0x3f);
        }
        if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
            return false;
        at += need;
    }
    return true;
}

size_t text_characters(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

uint32_t text_next(const char **at)
{
    uint32_t least;
    const unsigned char *bytes = (const unsigned char *)*at;
    int need = sequence_length(*bytes, &least);
    uint32_t point = need <= 1 ? *bytes : *bytes & (0xff >> (need + 1));
    for (int i = 1; i < need; i++)
        point = point << 6 | (bytes[i] & 0x3f);
    *at += need == 0 ? 1 : need;
    return point;
}

static bool is_space(uint32_t point)
{
    return point == ' ' || point == '\t' || point == '\n' || point == '\r' || point == 0x00a0 ||
           point == 0x3000 || (point >= 0x2000 && point <= 0x200a) || point == 0x202f ||
           point == 0x205f;
}

static bool is_invisible(uint32_t point)
{
    return point < 0x20 || point == 0x7f || (point >= 0x200b && point <= 0x200f) || point == 0xad ||
           point == 0x34f || point == 0xfeff || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x2069);
}

static const char *clean(struct arena *arena, const char *text, bool keep_inner_space)
{
    char *out = arena_alloc(arena, strlen(text) + 1);
    size_t length = 0;
    bool pending_space = false;
    while (*text != '\0') {
        const char *start = text;
        uint32_t point = text_next(&text);
        if (is_space(point)) {
            pending_space = length > 0 && keep_inner_space;
            continue;
        }
        if (is_invisible(point))
            continue;
        if (pending_space)
            out[length++] = ' ';
        pending_space = false;
        if (point >= 0xff01 && point <= 0xff5e) {
            out[length++] = (char)(point - 0xff01 + '!');
        } else {
            memcpy(out + length, start, (size_t)(text - start));
            length += (size_t)(text - start);
        }
    }
    out[length] = '\0';
    return out;
}

const char *text_clean(struct arena *arena, const char *text)
{
    return clean(arena, text, /* keep_inner_space= */ true);
}

const char *text_compact(struct arena *arena, const char *text)
{
    return clean(arena, text, /* keep_inner_space= */ false);
}

bool text_integer(const char *text, int64_t *ret)
{
    const char *digits = *text == '-' ? text + 1 : text;
    if (*digits == '\0' || strspn(digits, "0123456789") != strlen(digits))
        return false;
    errno = 0;
    int64_t value = strtoll(text, NULL, 10);
    if (errno != 0)
        return false;
    *ret = value;
    return true;
}

struct buffer buffer_new(struct arena *arena, size_t first_capacity)
{
    size_t capacity = first_capacity < 64 ? 64 : first_capacity;
    return (struct buffer){
        .arena = arena, .bytes = arena_alloc(arena, capacity), .capacity = capacity};
}

char *buffer_reserve(struct buffer *buffer, size_t length)
{
    size_t need = buffer->length + length + 1;
    if (need < length)
        fault_raise(buffer->arena, FAULT_MEMORY);
    if (need > buffer->capacity) {
        size_t capacity = buffer->capacity * 2 > need ? buffer->capacity * 2 : need;
        buffer->bytes = arena_grow(buffer->arena, buffer->bytes, buffer->capacity, capacity);
        buffer->capacity = capacity;
    }
    return buffer->bytes + buffer->length;
}

void buffer_add_n(struct buffer *buffer, const void *bytes, size_t length)
{
    memcpy(buffer_reserve(buffer, length), bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_add(struct buffer *buffer, const char *text)
{
    buffer_add_n(buffer, text, strlen(text));
}

void buffer_add_char(struct buffer *buffer, char c)
{
    buffer_add_n(buffer, &c, 1);
}

void buffer_add_integer(struct buffer *buffer, int64_t value)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, value);
    buffer_add_n(buffer, digits, (size_t)length);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *at = buffer_reserve(buffer, (size_t)length);
    vsnprintf(at, (size_t)length + 1, format, again);
    va_end(again);
    buffer->length += (size_t)length;
}

void buffer_add_html(struct buffer *buffer, const char *text)
{
    for (;;) {
        size_t plain = strcspn(text, "&<>\"'");
        buffer_add_n(buffer, text, plain);
        text += plain;
        switch (*text) {
        case '&':
            buffer_add(buffer, "&amp;");
            break;
        case '<':
            buffer_add(buffer, "&lt;");
            break;
        case '>':
            buffer_add(buffer, "&gt;");
            break;
        case '"':
            buffer_add(buffer, "&quot;");
            break;
        case '\'':
            buffer_add(buffer, "&#39;");
            break;
        case '\0':
            return;
        }
        text++;
    }
}

void buffer_add_url(struct buffer *buffer, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            buffer_add_char(buffer, (char)c);
        } else {
            char escaped[] = {'%', hex[c >> 4], hex[c & 15]};
            buffer_add_n(buffer, escaped, sizeof escaped);
        }
    }
}

void buffer_add_json(struct buffer *buffer, const char *text)
{
    buffer_add_char(buffer, '"');
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            buffer_add_char(buffer, '\\');
            buffer_add_char(buffer, (char)c);
        } else if (c < 0x20 || c == '<' || c == 0x7f) {
            buffer_printf(buffer, "\\u%04x", c);
        } else {
            buffer_add_char(buffer, (char)c);
        }
    }
    buffer_add_char(buffer, '"');
}
