/*
 * What people and organisations are known by: identity numbers, credit codes, bank accounts, phones
 * and names. Each is read here from what a clerk typed or a spreadsheet left of it, to one form
 * that is stored and compared; and masked here for everyone whom it does not concern.
 *
 * A `text` is as text_compact() leaves it (a name's: as text_clean() does). What is returned holds
 * only with …_OK, or with an enumerator that is called a doubt: the value is taken, somebody should
 * look.
 */
#ifndef DIANJI_DICTIONARY_NUMBERS_H
#define DIANJI_DICTIONARY_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/day.h"
#include "dictionary_dict.h" /* enum document_kind */

struct arena;

/* --- identity numbers --- */

enum sex { SEX_UNKNOWN, SEX_MALE, SEX_FEMALE };

enum identity_check {
    IDENTITY_OK,
    IDENTITY_LENGTH,     /* as many characters as no document has */
    IDENTITY_CHARACTER,  /* something that cannot stand there, as an X that is not last */
    IDENTITY_MASKED,     /* stars: copied from a list that hides the number */
    IDENTITY_SCIENTIFIC, /* 5.33001E+17: a spreadsheet's number, its last digits are lost */
    IDENTITY_TAIL_LOST,  /* ends in the 000 that spreadsheets leave of an 18-digit number */
    IDENTITY_REGION,     /* its first digits are no province */
    IDENTITY_BIRTH_DATE, /* its birth date is no date, in the future, or before 1880 */
    IDENTITY_CHECKSUM,   /* the last character does not fit the others */
    IDENTITY_DOCUMENT,   /* no number of the kind of document that was stated */
};

struct identity {
    enum document_kind kind;
    char number[19];    /* without spaces or dashes, letters in upper case */
    char modern[19];    /* the 18 characters that a number of 15 became; else as `number` */
    struct day born_on; /* DAY_NONE where the number does not tell */
    enum sex sex;
    char region_code[7]; /* of birth or issue, never today's residence; "" where not told */
};

/*
 * The number of a document of the kind, or, where that is DOCUMENT_KIND_NONE, of the kind that its
 * form tells: residents' numbers (GB 11643-1999, ISO 7064 MOD 11-2; 15 digits until 1999), the
 * residence permits of Hong Kong, Macao (81, 82) and Taiwan (83) and the foreigner's permanent
 * residence card (9, since 2023), which are built alike; the older card (three letters, 12 digits);
 * H or M with 8 or 10 digits; a passport of one or two letters and seven or eight digits.
 */
enum identity_check document_read(enum document_kind kind, const char *text, struct day today,
                                  struct identity *ret);
/* As document_read(), of whatever kind. */
enum identity_check identity_read(const char *text, struct day today, struct identity *ret);
const char *identity_check_code(enum identity_check check); /* "id-checksum"; NULL for OK */
/* The last of 18 characters, from the 17 digits before it. */
char identity_check_character(const char *digits);

/* --- unified social credit codes (GB 32100-2015) --- */

enum credit_code_check {
    CREDIT_CODE_OK,
    CREDIT_CODE_CHECKSUM, /* a doubt: some genuine early codes have a wrong check character */
    CREDIT_CODE_LENGTH,
    CREDIT_CODE_CHARACTER,
    CREDIT_CODE_MASKED,
    CREDIT_CODE_NUMBER, /* what a spreadsheet makes of a code of digits alone */
};
enum credit_code_check credit_code_read(const char *text, char ret[19]);
const char *credit_code_check_code(enum credit_code_check check); /* NULL for OK */
/* The last of 18 characters, from the 17 before it. */
char credit_code_check_character(const char *body);
/* Characters 9–17 are the organisation's older code with its own check (GB 11714-1997); where that
 * fits and the whole does not, the code is more likely genuine than mistyped. */
bool credit_code_organisation_fits(const char *credit_code);

/* --- bank accounts and cards --- */

enum bank_account_check {
    BANK_ACCOUNT_OK,
    BANK_ACCOUNT_LUHN,   /* a doubt: 16–19 digits as of a card, whose last does not fit */
    BANK_ACCOUNT_LENGTH, /* 8–30 digits */
    BANK_ACCOUNT_CHARACTER,
    BANK_ACCOUNT_MASKED,
    BANK_ACCOUNT_PLACEHOLDER, /* 11111111, 12345678: typed to get past a form */
    BANK_ACCOUNT_SCIENTIFIC,
    BANK_ACCOUNT_TAIL_LOST, /* nothing but zeros, three or more, after 15 digits */
};
enum bank_account_check bank_account_read(const char *text, char ret[31]);
const char *bank_account_check_code(enum bank_account_check check); /* NULL for OK */

/* --- phones of the mainland --- */

enum phone_check {
    PHONE_OK,
    PHONE_FORM, /* neither 11 digits of a mobile nor a landline with its area code */
    PHONE_MASKED,
    PHONE_PLACEHOLDER,
};
/* "13908712345", "0871-63334444", "0871-63334444-8001". */
enum phone_check phone_read(const char *text, char ret[24]);
const char *phone_check_code(enum phone_check check); /* NULL for OK */

/* --- names of people --- */

enum name_check {
    NAME_OK,
    NAME_PLACEHOLDER, /* 测试, 暂无, test */
    NAME_MASKED,      /* 张* */
    NAME_DIGIT,
    NAME_PRIVATE_USE, /* a character that one computer's font made up; nobody else can read it */
    NAME_MIXED,       /* Chinese characters and Latin letters in one name */
    NAME_CHARACTER,   /* anything else that no name has */
};
/*
 * A name in the one form that is stored: without the spaces that align columns (欧阳　明 and 张
 * 三), without variation selectors, any middle dot as “·”, Latin letters in upper case with single
 * spaces; the radicals that PDF files put for characters, the compatibility ideographs and the
 * private code points of GBK's time, as the characters that they mean. ret_character is the first
 * offender, where there is one.
 */
enum name_check name_read(struct arena *arena, const char *text, const char **ret,
                          uint32_t *ret_character);
const char *name_check_code(enum name_check check); /* NULL for OK */

/* --- masks: enough to recognise one's own, too little to find another's --- */

/* 张*, 欧阳** (a family name of two characters is kept), 阿***·***, J*** S****. */
const char *mask_name(struct arena *arena, const char *name);
/* 53*************123. Four characters or more are hidden in each of these. */
const char *mask_identity_no(struct arena *arena, const char *identity_no);
const char *mask_phone(struct arena *arena, const char *phone);          /* 139****2345 */
const char *mask_bank_account(struct arena *arena, const char *account); /* 6222***********1234 */
/* Anything else that is private: its first character. */
const char *mask_text(struct arena *arena, const char *text);

#endif
