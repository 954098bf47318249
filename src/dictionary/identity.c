/*
 * GB 11643-1999: six digits of the place of birth or issue, eight of the birth date, three of the
 * order (odd for men), and a check character by ISO 7064 MOD 11-2. Numbers of 15 digits, issued
 * until 1999, lack the century and the check character.
 */
#include <stdlib.h>
#include <string.h>

#include "dictionary/dictionary.h"

enum { LENGTH_NEW = 18, LENGTH_OLD = 15, FIRST_BIRTH_YEAR = 1880 };

/* The first two digits: GB/T 2260 provinces, and 81–83 of the residence permits of Hong Kong, Macao
 * and Taiwan. */
static const char PROVINCES[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
                                "50 51 52 53 54 61 62 63 64 65 71 81 82 83 91 ";

static char check_character(const char *number)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < LENGTH_NEW - 1; i++)
        sum += (number[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

static bool is_province(const char *number)
{
    for (const char *at = PROVINCES; *at != '\0'; at += 3)
        if (strncmp(at, number, 2) == 0)
            return true;
    return false;
}

static bool read_birth(const char *digits, struct day today, struct day *ret)
{
    char text[9] = "";
    memcpy(text, digits, 8);
    long value = strtol(text, NULL, 10);
    struct civil civil = {(int)(value / 10000), (int)(value / 100 % 100), (int)(value % 100)};
    return civil.year >= FIRST_BIRTH_YEAR && day_of_civil(civil, ret) &&
           day_compare(*ret, today) <= 0;
}

static enum identity_check read_old(const char *text, struct day today, struct identity *ret)
{
    char birth[9] = "19";
    if (strspn(text, "0123456789") != LENGTH_OLD)
        return IDENTITY_CHARACTER;
    if (!is_province(text))
        return IDENTITY_REGION;
    memcpy(birth + 2, text + 6, 6);
    if (!read_birth(birth, today, &ret->born_on))
        return IDENTITY_BIRTH_DATE;
    memcpy(ret->number, text, LENGTH_OLD + 1);
    memcpy(ret->region_code, text, 6);
    ret->sex = (text[14] - '0') % 2 == 1 ? SEX_MALE : SEX_FEMALE;
    return IDENTITY_OLD_15;
}

enum identity_check identity_read(const char *compact_text, struct day today, struct identity *ret)
{
    size_t length = strlen(compact_text);
    *ret = (struct identity){.born_on = DAY_NONE};
    if (length == LENGTH_OLD)
        return read_old(compact_text, today, ret);
    if (length != LENGTH_NEW)
        return IDENTITY_LENGTH;
    size_t digits = strspn(compact_text, "0123456789");
    char last = compact_text[LENGTH_NEW - 1] == 'x' ? 'X' : compact_text[LENGTH_NEW - 1];
    if (digits < LENGTH_NEW - 1 || (digits == LENGTH_NEW - 1 && last != 'X'))
        return IDENTITY_CHARACTER;
    bool fits = check_character(compact_text) == last;
    /* Spreadsheets keep 15 digits of a number and write zeros for the rest. */
    if (!fits && strcmp(compact_text + 15, "000") == 0)
        return IDENTITY_TAIL_LOST;
    if (!is_province(compact_text))
        return IDENTITY_REGION;
    if (!read_birth(compact_text + 6, today, &ret->born_on))
        return IDENTITY_BIRTH_DATE;
    if (!fits)
        return IDENTITY_CHECKSUM;
    memcpy(ret->number, compact_text, LENGTH_NEW);
    ret->number[LENGTH_NEW - 1] = last;
    memcpy(ret->region_code, compact_text, 6);
    ret->sex = (compact_text[16] - '0') % 2 == 1 ? SEX_MALE : SEX_FEMALE;
    return IDENTITY_OK;
}

const char *identity_check_code(enum identity_check check)
{
    switch (check) {
    case IDENTITY_OK:
    case IDENTITY_OLD_15:
        return NULL;
    case IDENTITY_LENGTH:
        return "id-length";
    case IDENTITY_CHARACTER:
        return "id-character";
    case IDENTITY_BIRTH_DATE:
        return "id-birth-date";
    case IDENTITY_CHECKSUM:
        return "id-checksum";
    case IDENTITY_TAIL_LOST:
        return "id-tail-lost";
    case IDENTITY_REGION:
        return "id-region";
    }
    return NULL;
}
