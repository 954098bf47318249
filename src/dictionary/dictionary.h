/*
 * Entities and fields, described once in the rooms' .dict files and read here by everything at the
 * edges: forms, JSON, spreadsheet columns, masking, exports, the generic list and detail pages. The
 * description generates the edges, never the middle: a room's rules work on the typed struct that
 * entity_read() fills.
 */
#ifndef DIANJI_DICTIONARY_DICTIONARY_H
#define DIANJI_DICTIONARY_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/message.h"
#include "base/money.h"
#include "base/text.h"
#include "dictionary/numbers.h"

enum field_type {
    FIELD_TEXT,
    FIELD_PASSWORD, /* as text, but never shown again */
    FIELD_PERSON_NAME,
    FIELD_INTEGER,
    FIELD_FEN,
    FIELD_DAY,
    FIELD_BOOL,
    FIELD_ENUM,
    FIELD_ID,
    FIELD_IDENTITY_NO,
    FIELD_CREDIT_CODE,
    FIELD_PHONE,
    FIELD_BANK_ACCOUNT,
    FIELD_FILE,
};

struct enum_value {
    const char *code;
    int value;
};

/* One field as its .dict line says; generated. */
struct field {
    const char *name; /* "identity_no" */
    const char *key;  /* words: "roster_row.identity_no" */
    enum field_type type;
    size_t offset;       /* in the entity's struct */
    int64_t least, most; /* characters, or the number's range; INT64_MIN, INT64_MAX where open */
    bool is_required;
    bool is_private;                 /* masked outside its owner and reviewer */
    const char *list;                /* name of a code list, or NULL */
    const struct enum_value *values; /* FIELD_ENUM, ends in {NULL} */
    const char *enum_name;
    const char *const *titles; /* accepted column titles, ends in NULL */
};

struct entity {
    const char *name;
    size_t size; /* of its struct */
    const struct field *fields;
    size_t field_count;
};

/*
 * What is wrong with one field. `code` is stable, for programs; the message, "field.<code>", says
 * in the reader's words how to mend it. The codes:
 *
 *     required  too-short  too-long  not-a-number  out-of-range  not-a-date  not-in-list
 *     not-yes-or-no  not-an-id  masked  cell-error  cell-merged
 *     id-length  id-character  id-scientific  id-tail-lost  id-region  id-birth-date  id-checksum
 *     id-document  name-placeholder  name-digit  name-character  name-private-use  name-mixed
 *     phone  phone-placeholder  credit-code-length  credit-code-character  credit-code-number
 *     bank-account-length  bank-account-character  bank-account-placeholder
 *     bank-account-scientific  bank-account-tail-lost  money-format  money-decimals  money-unit
 *     money-range
 *
 * and as doubts, which do not keep the value out: credit-code-checksum  bank-account-checksum
 * id-old
 */
struct field_fault {
    const struct field *field;
    const char *code;
    struct message message;
    const char *given; /* as it was given, shortened and, for private fields, masked */
};

enum { FIELD_FAULTS_MAX = 64 };
struct field_faults {
    size_t count;
    struct field_fault items[FIELD_FAULTS_MAX];
};

/*
 * Where a field's text comes from: a form, a JSON object, a spreadsheet's row. NULL: not given. The
 * text is whatever the person wrote; entity_read() cleans it.
 */
typedef const char *field_source(struct ctx *ctx, const struct field *field, void *source);

/* The codes that a `list=` field accepts; supplied by whoever owns the list. People may write the
 * label for the code. */
struct code_list {
    const char *name;
    bool (*has)(const struct ctx *ctx, const char *code);
    /* For choices in forms: the i-th code and its words; false at the end. */
    bool (*at)(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label);
};

/*
 * Fills `ret` (entity->size bytes) from the source; every fault of every field is collected. True
 * when there was none.
 */
bool entity_read(struct ctx *ctx, const struct entity *entity, field_source *source, void *argument,
                 const struct code_list *lists, void *ret, struct field_faults *ret_faults)
    __attribute__((warn_unused_result));
/* The source of a POST: its form fields or JSON members by the field's name. `argument` is unused.
 */
const char *form_source(struct ctx *ctx, const struct field *field, void *argument);

/* One field's text to its typed place; the single place where a field's rule is applied. NULL where
 * it fits, else its fault, and the field holds what one that was not given does. */
const struct field_fault *field_read(struct ctx *ctx, const struct field *field, const char *text,
                                     const struct code_list *lists, void *ret_struct);
/* What somebody should look at in a value that field_read() took, or NULL. */
const struct field_fault *field_doubt(struct ctx *ctx, const struct field *field,
                                      const void *a_struct);
/* A field's value for people (fen grouped, enum in words, private masked unless `reveal`), and for
 * files (plain). Both "" where not given; a password's always. */
const char *field_show(struct ctx *ctx, const struct field *field, const void *a_struct,
                       bool reveal);
const char *field_plain(struct ctx *ctx, const struct field *field, const void *a_struct);
const struct field *entity_field(const struct entity *entity, const char *name);
/* The whole as a JSON object: names as in the .dict, fen as integers, days ISO, ids as text, enums
 * as codes, null where not given; private fields masked unless `reveal`, passwords left out. */
void entity_json(struct buffer *out, struct ctx *ctx, const struct entity *entity,
                 const void *a_struct, bool reveal);
/* A JSON Schema (2020-12) of what entity_read() takes, in the form that entity_json() gives; titles
 * and hints in the language of ctx. */
void entity_schema(struct buffer *out, struct ctx *ctx, const struct entity *entity);

/* --- forms on pages --- */

/* What a page's {{input form.field}} draws from: the values given last, and their faults. */
struct form {
    const struct entity *entity;
    const void *values;                /* the entity's struct, or NULL for an empty form */
    const struct field_faults *faults; /* or NULL */
    const struct code_list *lists;
    bool is_echo; /* the values as the person typed them are taken from the request */
};
void dictionary_input(struct buffer *out, struct ctx *ctx, const struct form *form,
                      const char *name);
/* The summary of faults above a form, each leading to its field; nothing where there is none. */
void dictionary_fault_summary(struct buffer *out, struct ctx *ctx, const struct form *form);
/*
 * The same for programs, as members of a JSON array: {"field":…,"code":…,"message":…}. True where
 * the array is still empty: `is_first` of the next form on the page.
 */
bool dictionary_errors(struct buffer *out, struct ctx *ctx, const struct form *form, bool is_first);

/* --- spreadsheet columns --- */

struct sheet_cell; /* sheet/sheet.h */

/*
 * Finds which column of a header row holds which field, by the accepted titles and the field's own
 * words, blind to spaces, line breaks, width, punctuation, stars for "required", running numbers
 * and what stands in brackets. Where no column is titled so exactly, 学员姓名/Name and
 * 证件号码（身份证号） are found by their parts, and words as 学员 and 本人 before a title are
 * overlooked.
 */
struct column_match {
    const struct field *field; /* NULL: a column that nothing claims */
};
struct header_match {
    struct column_match *columns; /* by column index */
    size_t column_count;
    size_t required_missing;
    const struct field **missing; /* required fields without a column */
    const struct field *twice;    /* a field that two columns claim, or NULL */
};
/* How many of the entity's fields this row's titles name: the row with the most is the header. */
size_t header_score(struct ctx *ctx, const struct entity *entity, const char *const *titles,
                    size_t count);
struct header_match header_match(struct ctx *ctx, const struct entity *entity,
                                 const char *const *titles, size_t count);

/* A cell of a row below the header, or NULL where it is empty. */
struct field_cell {
    const struct sheet_cell *cell;
    bool is_1904; /* sheet_is_1904() */
};
/* As field_read(): and it knows what a spreadsheet does to numbers of more than 15 digits (they are
 * refused, whatever their digits now say), to days, and to amounts that it worked out. */
const struct field_fault *field_read_cell(struct ctx *ctx, const struct field *field,
                                          const struct field_cell *from,
                                          const struct code_list *lists, void *ret_struct);

/* --- a file to be filled in --- */

struct entity_template {
    const struct entity *entity;
    const struct code_list *lists;
    const char *name;  /* of the tab and the file, in the reader's words */
    const char *notes; /* a line above the titles, or NULL: the dictionary's own */
};
/*
 * An XLSX file with a column for each field: long numbers cannot be spoilt in it (every column is
 * text but figures and amounts), choices are drop-down lists, and each cell's hint says what to
 * write, with an example. No row of it is anybody's: what is filled in is what is read.
 */
struct bytes entity_template(struct ctx *ctx, const struct entity_template *of);

#endif
