/* What the dictionary's own files share. */
#ifndef DIANJI_DICTIONARY_DICTIONARY_ROOM_H
#define DIANJI_DICTIONARY_DICTIONARY_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dictionary/dictionary.h"
#include "sheet/sheet.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* --- numbers.c: what spreadsheets do to long numbers --- */

/* Past the apostrophe that tells a spreadsheet that digits are text. */
const char *number__without_apostrophe(const char *text);
/* 5.33001E+17, as spreadsheets write it: one digit before the point, two of exponent at most. */
bool number__is_scientific(const char *text);
/* All digits equal, or each one more (or less) than the one before: typed to get past a form. */
bool number__is_placeholder(const char *digits);

/* --- name.c --- */

void name__add_point(struct buffer *out, uint32_t point);

/* --- field_read.c --- */

/* Makes it hold what one holds that was not given. */
void field__forget(const struct field *field, void *ret_struct);
struct field_fault *field__fault(struct ctx *ctx, const struct field *field, const char *code,
                                 const char *given);

/* --- field_show.c --- */

/* The text as others than its owner may see it, by the field's type. */
const char *field__masked(struct ctx *ctx, const struct field *field, const char *text);
/* As field_show(); of a code list the label. */
const char *field__shown(struct ctx *ctx, const struct field *field, const void *a_struct,
                         const struct code_list *lists, bool reveals);
const struct code_list *field__list(const struct field *field, const struct code_list *lists);
/* The words of the field's hint, or NULL. */
const char *field__hint(struct ctx *ctx, const struct field *field);

/* --- table.c --- */

/* What `after` the next page of a list with a key asks for; NULL where there is none. */
struct table_view;
const char *table__next_after(struct ctx *ctx, const struct table_view *view);

/* The row goes out: tells the record whom it shows. */
struct table;
void table__tell(struct ctx *ctx, const struct table *table, const void *row);

/* --- template.c --- */

enum sheet_column_kind field__column_kind(const struct field *field);

#endif
