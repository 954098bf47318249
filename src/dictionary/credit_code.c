/*
 * GB 32100-2015: a department and a kind of body, six digits of the place of registration, nine
 * characters of the older organisation code (GB 11714-1997), and a check character modulo 31.
 */
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "dictionary/numbers.h"

enum { CREDIT_LENGTH = 18, CREDIT_BASE = 31, ORGANISATION_AT = 8, ORGANISATION_LENGTH = 9 };

/* No I, O, Z, S, V: they are too easily misread. */
static const char CREDIT_ALPHABET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

char credit_code_check_character(const char *body)
{
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    for (int i = 0; i < CREDIT_LENGTH - 1; i++)
        sum += (int)(strchr(CREDIT_ALPHABET, body[i]) - CREDIT_ALPHABET) * weights[i];
    return CREDIT_ALPHABET[(CREDIT_BASE - sum % CREDIT_BASE) % CREDIT_BASE];
}

bool credit_code_organisation_fits(const char *credit_code)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    const char *code = credit_code + ORGANISATION_AT;
    int sum = 0;
    for (int i = 0; i < ORGANISATION_LENGTH - 1; i++) {
        /* The older alphabet is whole: A is 10 … Z is 35. */
        int value = code[i] <= '9' ? code[i] - '0' : code[i] - 'A' + 10;
        sum += value * weights[i];
    }
    return "0X987654321"[sum % 11] == code[ORGANISATION_LENGTH - 1];
}

enum credit_code_check credit_code_read(const char *text, char ret[19])
{
    size_t length = 0;
    text = number__without_apostrophe(text);
    if (strchr(text, '*') != NULL)
        return CREDIT_CODE_MASKED;
    if (number__is_scientific(text))
        return CREDIT_CODE_NUMBER;
    for (; *text != '\0'; text++) {
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 32) : *text;
        if (c == '-')
            continue;
        if (strchr(CREDIT_ALPHABET, c) == NULL)
            return CREDIT_CODE_CHARACTER;
        if (length == CREDIT_LENGTH)
            return CREDIT_CODE_LENGTH;
        ret[length++] = c;
    }
    ret[length] = '\0';
    if (length != CREDIT_LENGTH)
        return CREDIT_CODE_LENGTH;
    if (credit_code_check_character(ret) == ret[CREDIT_LENGTH - 1])
        return CREDIT_CODE_OK;
    bool is_digits = strspn(ret, DIGITS) == CREDIT_LENGTH;
    return is_digits && strcmp(ret + 15, "000") == 0 ? CREDIT_CODE_NUMBER : CREDIT_CODE_CHECKSUM;
}

const char *credit_code_check_code(enum credit_code_check check)
{
    switch (check) {
    case CREDIT_CODE_OK:
        return NULL;
    case CREDIT_CODE_CHECKSUM:
        return "credit-code-checksum";
    case CREDIT_CODE_LENGTH:
        return "credit-code-length";
    case CREDIT_CODE_CHARACTER:
        return "credit-code-character";
    case CREDIT_CODE_MASKED:
        return "masked";
    case CREDIT_CODE_NUMBER:
        return "credit-code-number";
    }
    return NULL;
}
