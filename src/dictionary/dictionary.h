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

enum field_type {
    FIELD_TEXT,
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

/* What is wrong with one field; key and arguments say it in the reader's words, `code` is stable
 * for programs ("id-checksum"). */
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

/* The codes that a `list=` field accepts; supplied by whoever owns the list. */
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
 * it fits, else its fault. */
const struct field_fault *field_read(struct ctx *ctx, const struct field *field, const char *text,
                                     const struct code_list *lists, void *ret_struct);
/* A field's value for people (fen grouped, enum in words, private masked unless `reveal`), and for
 * files (plain). */
const char *field_show(struct ctx *ctx, const struct field *field, const void *a_struct,
                       bool reveal);
const char *field_plain(struct ctx *ctx, const struct field *field, const void *a_struct);
const struct field *entity_field(const struct entity *entity, const char *name);

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

/* --- masking --- */

/* 张*, 欧阳** (the family name is kept); 53*************123; 138****1234;
 * 6222***********1234. */
const char *mask_name(struct arena *arena, const char *name);
const char *mask_identity_no(struct arena *arena, const char *identity_no);
const char *mask_phone(struct arena *arena, const char *phone);
const char *mask_bank_account(struct arena *arena, const char *account);

/* --- spreadsheet columns --- */

/* Finds which column of a header row holds which field, by the accepted titles and the field's own
 * words, blind to spaces, width, punctuation, stars for "required" and units in brackets. */
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

/* --- identity numbers and codes --- */

enum sex { SEX_UNKNOWN, SEX_MALE, SEX_FEMALE };

/* GB 11643-1999. Each value is a field_fault code as well: "identity-length" … */
enum identity_check {
    IDENTITY_OK,
    IDENTITY_OLD_15, /* a well-formed number of 15 digits: an own kind of document, to be renewed */
    IDENTITY_LENGTH, /* neither 15 nor 18 characters */
    IDENTITY_CHARACTER,  /* something that is no digit, or an X that is not last */
    IDENTITY_BIRTH_DATE, /* digits 7–14 are no date, or one in the future, or before 1880 */
    IDENTITY_CHECKSUM,   /* the last character does not fit the others */
    IDENTITY_TAIL_LOST,  /* ends in the 000 that spreadsheets leave of an 18-digit number */
    IDENTITY_REGION,     /* digits 1–2 are no province */
};
struct identity {
    char number[19]; /* 18 characters, upper-case X */
    struct day born_on;
    enum sex sex;
    char region_code[7]; /* of birth or issue; never today's residence */
};
enum identity_check identity_read(const char *compact_text, struct day today, struct identity *ret);
const char *identity_check_code(enum identity_check check); /* "id-checksum" … */

/* GB 32100-2015, 18 characters. A wrong check character is a warning: some genuine early codes have
 * one. */
enum credit_code_check {
    CREDIT_CODE_OK,
    CREDIT_CODE_CHECKSUM,
    CREDIT_CODE_LENGTH,
    CREDIT_CODE_CHARACTER
};
enum credit_code_check credit_code_read(const char *compact_text, char ret[19]);

/* Bank cards and accounts: 8–30 digits; a placeholder (all equal, 123456…) is refused; 16–19 digits
 * are checked by Luhn's digit as a warning. */
enum bank_account_check {
    BANK_ACCOUNT_OK,
    BANK_ACCOUNT_LENGTH,
    BANK_ACCOUNT_CHARACTER,
    BANK_ACCOUNT_PLACEHOLDER,
    BANK_ACCOUNT_TAIL_LOST,
    BANK_ACCOUNT_LUHN
};
enum bank_account_check bank_account_read(const char *compact_text, char ret[31]);

#endif
