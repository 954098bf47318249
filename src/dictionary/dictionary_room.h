/* What the dictionary's own files share. */
#ifndef DIANJI_DICTIONARY_DICTIONARY_ROOM_H
#define DIANJI_DICTIONARY_DICTIONARY_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dictionary/dictionary.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* --- numbers.c: what spreadsheets do to long numbers --- */

/* Past the apostrophe that tells a spreadsheet that digits are text. */
const char *number__without_apostrophe(const char *text);
/* 5.33001E+17 */
bool number__is_scientific(const char *text);
/* All digits equal, or each one more (or less) than the one before: typed to get past a form. */
bool number__is_placeholder(const char *digits);

/* --- name.c --- */

void name__add_point(struct buffer *out, uint32_t point);

/* --- field_read.c --- */

struct field_fault *field__fault(struct ctx *ctx, const struct field *field, const char *code,
                                 const char *given);

/* --- field_show.c --- */

/* The text as others than its owner may see it, by the field's type. */
const char *field__masked(struct ctx *ctx, const struct field *field, const char *text);
/* The words of the field's hint, or NULL. */
const char *field__hint(struct ctx *ctx, const struct field *field);

#endif
