/* Recursive descent over RFC 8259, with a bound on the depth. */
#include "base/json.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { DEPTH_MAX = 64 };

struct reader {
    struct arena *arena;
    const char *at;
    const char *end;
    int depth;
};

static struct json *read_value(struct reader *reader);

static void skip_space(struct reader *reader)
{
    while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) != NULL &&
           *reader->at != '\0')
        reader->at++;
}

static bool take(struct reader *reader, char c)
{
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static struct json *new_value(struct reader *reader, enum json_type type)
{
    struct json *value = arena_one(reader->arena, struct json);
    value->type = type;
    return value;
}

static bool read_hex(struct reader *reader, uint32_t *ret)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        if (reader->at == reader->end)
            return false;
        char c = *reader->at++;
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            digit = (uint32_t)((c | 0x20) - 'a') + 10;
        else
            return false;
        value = value << 4 | digit;
    }
    *ret = value;
    return true;
}

static void add_point(struct buffer *out, uint32_t point)
{
    char bytes[4];
    size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (length == 1) {
        bytes[0] = (char)point;
    } else {
        for (size_t i = length - 1; i > 0; i--) {
            bytes[i] = (char)(0x80 | (point & 0x3f));
            point >>= 6;
        }
        bytes[0] = (char)((0xf00u >> length & 0xf0) | point);
    }
    buffer_add_n(out, bytes, length);
}

/* \uXXXX, with the second half of a pair where one is due; lone halves and U+0000 are refused. */
static bool read_escape_u(struct reader *reader, struct buffer *out)
{
    uint32_t point, low;
    if (!read_hex(reader, &point) || point == 0 || (point >= 0xdc00 && point <= 0xdfff))
        return false;
    if (point >= 0xd800 && point <= 0xdbff) {
        if (!take(reader, '\\') || !take(reader, 'u') || !read_hex(reader, &low) || low < 0xdc00 ||
            low > 0xdfff)
            return false;
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    }
    add_point(out, point);
    return true;
}

static bool read_escape(struct reader *reader, struct buffer *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (reader->at == reader->end)
        return false;
    char c = *reader->at++;
    if (c == 'u')
        return read_escape_u(reader, out);
    const char *found = c == '\0' ? NULL : strchr(from, c);
    if (found == NULL)
        return false;
    buffer_add_char(out, to[found - from]);
    return true;
}

static const char *read_text(struct reader *reader)
{
    if (!take(reader, '"'))
        return NULL;
    struct buffer out = buffer_new(reader->arena, 32);
    while (reader->at < reader->end && *reader->at != '"') {
        unsigned char c = (unsigned char)*reader->at++;
        if (c < 0x20)
            return NULL;
        if (c != '\\')
            buffer_add_char(&out, (char)c);
        else if (!read_escape(reader, &out))
            return NULL;
    }
    return take(reader, '"') && text_valid(out.bytes, out.length) ? out.bytes : NULL;
}

static bool read_digits(struct reader *reader)
{
    const char *start = reader->at;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
        reader->at++;
    return reader->at > start;
}

static struct json *read_number(struct reader *reader)
{
    const char *start = reader->at;
    take(reader, '-');
    if (!take(reader, '0') && !read_digits(reader))
        return NULL;
    if (take(reader, '.') && !read_digits(reader))
        return NULL;
    if (take(reader, 'e') || take(reader, 'E')) {
        if (!take(reader, '+'))
            take(reader, '-');
        if (!read_digits(reader))
            return NULL;
    }
    struct json *value = new_value(reader, JSON_NUMBER);
    value->text = arena_text_n(reader->arena, start, (size_t)(reader->at - start));
    return value;
}

static struct json *read_word(struct reader *reader)
{
    static const struct {
        const char *word;
        enum json_type type;
    } known[] = {{"null", JSON_NULL}, {"true", JSON_TRUE}, {"false", JSON_FALSE}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t length = strlen(known[i].word);
        if ((size_t)(reader->end - reader->at) >= length &&
            memcmp(reader->at, known[i].word, length) == 0) {
            reader->at += length;
            struct json *value = new_value(reader, known[i].type);
            value->text = known[i].word;
            return value;
        }
    }
    return NULL;
}

static struct json *read_member(struct reader *reader)
{
    skip_space(reader);
    const char *name = read_text(reader);
    if (name == NULL)
        return NULL;
    skip_space(reader);
    if (!take(reader, ':'))
        return NULL;
    struct json *value = read_value(reader);
    if (value != NULL)
        value->name = name;
    return value;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether two of the object's members have one name; sorted, as a hostile object has thousands. */
static bool has_double(struct reader *reader, const struct json *object, size_t count)
{
    const char **names = arena_array(reader->arena, count, const char *);
    size_t n = 0;
    for (const struct json *member = object->first; member != NULL; member = member->next)
        names[n++] = member->name;
    qsort(names, n, sizeof names[0], by_text);
    for (size_t i = 1; i < n; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            return true;
    return false;
}

static struct json *read_children(struct reader *reader, enum json_type type, char close)
{
    struct json *whole = new_value(reader, type);
    struct json **next = &whole->first;
    size_t count = 0;
    reader->at++;
    skip_space(reader);
    if (take(reader, close))
        return whole;
    do {
        struct json *child = type == JSON_OBJECT ? read_member(reader) : read_value(reader);
        if (child == NULL)
            return NULL;
        *next = child;
        next = &child->next;
        count++;
    } while (take(reader, ','));
    if (type == JSON_OBJECT && has_double(reader, whole, count))
        return NULL;
    return take(reader, close) ? whole : NULL;
}

static struct json *read_value(struct reader *reader)
{
    skip_space(reader);
    if (reader->at == reader->end || reader->depth == DEPTH_MAX)
        return NULL;
    struct json *value = NULL;
    reader->depth++;
    switch (*reader->at) {
    case '{':
        value = read_children(reader, JSON_OBJECT, '}');
        break;
    case '[':
        value = read_children(reader, JSON_ARRAY, ']');
        break;
    case '"': {
        const char *text = read_text(reader);
        value = text == NULL ? NULL : new_value(reader, JSON_TEXT);
        if (value != NULL)
            value->text = text;
        break;
    }
    case 'n':
    case 't':
    case 'f':
        value = read_word(reader);
        break;
    default:
        value = read_number(reader);
    }
    reader->depth--;
    skip_space(reader);
    return value;
}

const struct json *json_read(struct arena *arena, const char *bytes, size_t length)
{
    struct reader reader = {.arena = arena, .at = bytes, .end = bytes + length};
    struct json *value = read_value(&reader);
    return value != NULL && reader.at == reader.end ? value : NULL;
}

const struct json *json_member(const struct json *object, const char *name)
{
    if (object->type != JSON_OBJECT) /* an array's items have no names */
        return NULL;
    for (const struct json *member = object->first; member != NULL; member = member->next)
        if (strcmp(member->name, name) == 0)
            return member;
    return NULL;
}
