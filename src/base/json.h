/*
 * A strict reader of JSON texts (RFC 8259): nothing that the grammar does not allow, no duplicate
 * names, bounded depth. Numbers stay the text that was written, so that no digit is lost.
 */
#ifndef DIANJI_BASE_JSON_H
#define DIANJI_BASE_JSON_H

#include <stddef.h>

struct arena;

enum json_type {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_TEXT,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json {
    enum json_type type;
    const char *name;   /* of an object's member */
    const char *text;   /* of text, number, "true", "false" */
    struct json *first; /* of an array or object */
    struct json *next;
};

/* NULL where the bytes are no JSON text, are deeper than 64, or hold U+0000. */
const struct json *json_read(struct arena *arena, const char *bytes, size_t length);
/* A member by its name; NULL where there is none, or this is no object. */
const struct json *json_member(const struct json *object, const char *name);

#endif
