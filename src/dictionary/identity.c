/*
 * GB 11643-1999: six digits of the place of birth or issue, eight of the birth date, three of the
 * order (odd for men), and a check character by ISO 7064 MOD 11-2. Numbers of 15 digits, issued
 * until 1999, lack the century and the check character.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dictionary/dictionary_room.h"
#include "dictionary/numbers.h"

enum { LENGTH_NEW = 18, LENGTH_OLD = 15, FIRST_BIRTH_YEAR = 1880 };

/* The first two digits, GB/T 2260. Hong Kong, Macao and Taiwan (81–83) stand on residence permits.
 */
static const char PROVINCES[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
                                "50 51 52 53 54 61 62 63 64 65 71 ";

char identity_check_character(const char *digits)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < LENGTH_NEW - 1; i++)
        sum += (digits[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

static bool is_province(const char *two_digits)
{
    for (const char *at = PROVINCES; *at != '\0'; at += 3)
        if (strncmp(at, two_digits, 2) == 0)
            return true;
    return false;
}

/* YYYYMMDD. */
static struct civil civil_of(const char *digits)
{
    char text[9] = "";
    memcpy(text, digits, 8);
    long value = strtol(text, NULL, 10);
    return (struct civil){(int)(value / 10000), (int)(value / 100 % 100), (int)(value % 100)};
}

static bool read_birth(const char *digits, struct day today, struct day *ret)
{
    struct civil civil = civil_of(digits);
    return civil.year >= FIRST_BIRTH_YEAR && day_of_civil(civil, ret) &&
           day_compare(*ret, today) <= 0;
}

static enum sex sex_of(char order)
{
    return (order - '0') % 2 == 1 ? SEX_MALE : SEX_FEMALE;
}

/* What the three kinds of 18 characters have in common; the region is its caller's matter. */
static enum identity_check read_18(const char *text, struct day today, struct identity *ret)
{
    if (!read_birth(text + 6, today, &ret->born_on))
        return IDENTITY_BIRTH_DATE;
    /* Spreadsheets keep 15 digits of a number and write zeros for the rest. */
    if (identity_check_character(text) != text[LENGTH_NEW - 1])
        return strcmp(text + 15, "000") == 0 ? IDENTITY_TAIL_LOST : IDENTITY_CHECKSUM;
    ret->sex = sex_of(text[16]);
    memcpy(ret->region_code, text, 6);
    return IDENTITY_OK;
}

static enum identity_check read_resident(const char *text, struct day today, struct identity *ret)
{
    ret->kind = DOCUMENT_KIND_RESIDENT_IDENTITY;
    return is_province(text) ? read_18(text, today, ret) : IDENTITY_REGION;
}

static enum identity_check read_residence_permit(const char *text, struct day today,
                                                 struct identity *ret)
{
    bool is_region = strspn(text + 1, "123") > 0 && strncmp(text + 2, "0000", 4) == 0;
    ret->kind =
        text[1] == '3' ? DOCUMENT_KIND_TAIWAN_RESIDENCE : DOCUMENT_KIND_HONG_KONG_MACAO_RESIDENCE;
    return is_region ? read_18(text, today, ret) : IDENTITY_REGION;
}

/* 9, the province of issue, the country in three digits; then as a resident's. */
static enum identity_check read_foreign(const char *text, struct day today, struct identity *ret)
{
    ret->kind = DOCUMENT_KIND_FOREIGN_PERMIT;
    enum identity_check check = is_province(text + 1) ? read_18(text, today, ret) : IDENTITY_REGION;
    memset(ret->region_code, 0, sizeof ret->region_code);
    return check;
}

/* The orders 996–999 were kept for people older than a hundred years. */
static enum identity_check read_old(const char *text, struct day today, struct identity *ret)
{
    ret->kind = DOCUMENT_KIND_RESIDENT_IDENTITY_15;
    if (!is_province(text))
        return IDENTITY_REGION;
    memcpy(ret->modern, text, 6);
    memcpy(ret->modern + 6, strcmp(text + 12, "996") >= 0 ? "18" : "19", 2);
    memcpy(ret->modern + 8, text + 6, 9);
    ret->modern[17] = identity_check_character(ret->modern);
    return read_18(ret->modern, today, ret);
}

/* The card before 2023: a country in letters, the place of issue, YYMMDD, an order, a check. */
static enum identity_check read_foreign_old(const char *text, struct identity *ret)
{
    struct day day;
    char birth[8] = {'2', '0'}; /* 2000 was a leap year: whether the date can be at all */
    ret->kind = DOCUMENT_KIND_FOREIGN_PERMIT;
    memcpy(birth + 2, text + 7, 6);
    if (!is_province(text + 3))
        return IDENTITY_REGION;
    return day_of_civil(civil_of(birth), &day) ? IDENTITY_OK : IDENTITY_BIRTH_DATE;
}

/* The number's characters: upper case, no dashes; a leading apostrophe is how Excel is told that
 * digits are text; letters and signs that look like an X at the end are one. */
static enum identity_check normalise(const char *text, char ret[LENGTH_NEW + 1])
{
    static const char *const crosses[] = {"×", "Х", "Χ", "Ⅹ"};
    size_t length = 0;
    text = number__without_apostrophe(text);
    if (strpbrk(text, "*") != NULL)
        return IDENTITY_MASKED;
    if (number__is_scientific(text))
        return IDENTITY_SCIENTIFIC;
    while (*text != '\0') {
        size_t taken = 1;
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 32) : *text;
        bool is_foreign = (*text & 0x80) != 0;
        for (size_t i = 0; is_foreign && i < sizeof crosses / sizeof crosses[0]; i++)
            if (strcmp(text, crosses[i]) == 0) {
                taken = strlen(crosses[i]);
                c = 'X';
            }
        text += taken;
        if (c == '-')
            continue;
        if (strchr(DIGITS LETTERS, c) == NULL)
            return IDENTITY_CHARACTER;
        if (length == LENGTH_NEW)
            return IDENTITY_LENGTH;
        ret[length++] = c;
    }
    ret[length] = '\0';
    return IDENTITY_OK;
}

static enum identity_check read_any_18(const char *text, struct day today, struct identity *ret)
{
    if (text[0] == '9')
        return read_foreign(text, today, ret);
    if (text[0] == '8')
        return read_residence_permit(text, today, ret);
    return read_resident(text, today, ret);
}

static enum identity_check read_by_form(const char *text, struct day today, struct identity *ret)
{
    size_t length = strlen(text), digits = strspn(text, DIGITS), letters = strspn(text, LETTERS);
    size_t digits_after = strspn(text + letters, DIGITS);
    bool ends_in_digits = letters + digits_after == length;
    if (length == LENGTH_NEW && digits >= LENGTH_NEW - 1 && (digits == length || text[17] == 'X'))
        return read_any_18(text, today, ret);
    if (length == LENGTH_OLD && digits == length)
        return read_old(text, today, ret);
    if (length == LENGTH_OLD && letters == 3 && ends_in_digits)
        return read_foreign_old(text, ret);
    if (letters == 1 && strchr("HM", text[0]) != NULL && ends_in_digits &&
        (digits_after == 8 || digits_after == 10)) {
        ret->kind = DOCUMENT_KIND_HONG_KONG_MACAO_PERMIT;
        return IDENTITY_OK;
    }
    if ((letters == 1 || letters == 2) && ends_in_digits &&
        (digits_after == 7 || digits_after == 8)) {
        ret->kind = DOCUMENT_KIND_PASSPORT;
        return IDENTITY_OK;
    }
    bool is_number = digits == length || (digits + 1 == length && text[digits] == 'X');
    return length != LENGTH_NEW && is_number ? IDENTITY_LENGTH : IDENTITY_CHARACTER;
}

/* Kinds whose numbers are known only by being told so. */
static bool fits_stated(enum document_kind kind, const char *text)
{
    size_t length = strlen(text), digits = strspn(text, DIGITS);
    if (kind == DOCUMENT_KIND_TAIWAN_PERMIT)
        return length == 8 && digits == length;
    return kind == DOCUMENT_KIND_PASSPORT && length >= 5 && length <= 12 &&
           strpbrk(text, DIGITS) != NULL;
}

enum identity_check document_read(enum document_kind kind, const char *text, struct day today,
                                  struct identity *ret)
{
    *ret = (struct identity){.born_on = DAY_NONE};
    enum identity_check check = normalise(text, ret->number);
    if (check != IDENTITY_OK)
        return check;
    if (ret->number[0] == '\0')
        return IDENTITY_LENGTH;
    if (fits_stated(kind, ret->number))
        ret->kind = kind;
    else
        check = read_by_form(ret->number, today, ret);
    if (kind != DOCUMENT_KIND_NONE && ret->kind != kind)
        return IDENTITY_DOCUMENT;
    if (ret->modern[0] == '\0')
        memcpy(ret->modern, ret->number, sizeof ret->modern);
    return check;
}

enum identity_check identity_read(const char *text, struct day today, struct identity *ret)
{
    return document_read(DOCUMENT_KIND_NONE, text, today, ret);
}

const char *identity_check_code(enum identity_check check)
{
    switch (check) {
    case IDENTITY_OK:
        return NULL;
    case IDENTITY_LENGTH:
        return "id-length";
    case IDENTITY_CHARACTER:
        return "id-character";
    case IDENTITY_MASKED:
        return "masked";
    case IDENTITY_SCIENTIFIC:
        return "id-scientific";
    case IDENTITY_TAIL_LOST:
        return "id-tail-lost";
    case IDENTITY_REGION:
        return "id-region";
    case IDENTITY_BIRTH_DATE:
        return "id-birth-date";
    case IDENTITY_CHECKSUM:
        return "id-checksum";
    case IDENTITY_DOCUMENT:
        return "id-document";
    }
    return NULL;
}
