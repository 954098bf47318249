/*
 * Text is UTF-8, ends in NUL, and lives in an arena. This header has the growing buffer that
 * writers use, and the cleaning that every text from outside goes through.
 */
#ifndef DIANJI_BASE_TEXT_H
#define DIANJI_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Bytes that are no text; data NULL where there are none. */
struct bytes {
    const void *data;
    size_t length;
};

bool text_equal(const char *a, const char *b); /* NULL equals only NULL */
bool text_empty(const char *text);             /* NULL or "" */
bool text_starts(const char *text, const char *prefix);
/* Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF, no NUL inside. */
bool text_valid(const char *bytes, size_t length);
size_t text_characters(const char *text); /* code points */
/* Next code point; advances *at. The text must be valid and not at its end. */
uint32_t text_next(const char **at);

/*
 * What a clerk meant: full-width letters, digits and punctuation in ASCII's range become ASCII, the
 * ideographic and no-break spaces become spaces, zero-width characters go, spaces at both ends go,
 * inner runs become one space. Chinese characters and the middle dot of names stay as they are.
 */
const char *text_clean(struct arena *arena, const char *text);
/* As text_clean, without any space: for numbers and codes. */
const char *text_compact(struct arena *arena, const char *text);

/* Decimal digits with optional minus, all of the text, within int64. */
bool text_integer(const char *text, int64_t *ret) __attribute__((warn_unused_result));

/* A growing text; bytes[length] is always NUL. */
struct buffer {
    struct arena *arena;
    char *bytes;
    size_t length;
    size_t capacity;
};
struct buffer buffer_new(struct arena *arena, size_t first_capacity);
void buffer_add(struct buffer *buffer, const char *text);
void buffer_add_n(struct buffer *buffer, const void *bytes, size_t length);
void buffer_add_char(struct buffer *buffer, char c);
void buffer_add_integer(struct buffer *buffer, int64_t value);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Room for `length` more bytes, to be written by the caller and then added to buffer->length. */
char *buffer_reserve(struct buffer *buffer, size_t length);

/* HTML text and attribute values: & < > " ' are escaped. */
void buffer_add_html(struct buffer *buffer, const char *text);
/* A component of a URL (RFC 3986 unreserved characters stay). */
void buffer_add_url(struct buffer *buffer, const char *text);
/* A JSON string with its quotation marks (RFC 8259; also safe inside a script element). */
void buffer_add_json(struct buffer *buffer, const char *text);

#endif
