/* Credit codes (GB 32100-2015) and bank accounts. */
#include <string.h>

#include "dictionary/dictionary.h"

enum { CREDIT_LENGTH = 18, CREDIT_BASE = 31, ACCOUNT_LEAST = 8, ACCOUNT_MOST = 30 };

/* No I, O, Z, S, V: they are too easily misread. */
static const char CREDIT_ALPHABET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

enum credit_code_check credit_code_read(const char *compact_text, char ret[19])
{
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0, last = 0;
    if (strlen(compact_text) != CREDIT_LENGTH)
        return CREDIT_CODE_LENGTH;
    for (int i = 0; i < CREDIT_LENGTH; i++) {
        char c = compact_text[i] >= 'a' && compact_text[i] <= 'z' ? (char)(compact_text[i] - 32)
                                                                  : compact_text[i];
        const char *found = strchr(CREDIT_ALPHABET, c);
        if (found == NULL)
            return CREDIT_CODE_CHARACTER;
        last = (int)(found - CREDIT_ALPHABET);
        ret[i] = c;
        if (i < CREDIT_LENGTH - 1)
            sum += last * weights[i];
    }
    ret[CREDIT_LENGTH] = '\0';
    return (CREDIT_BASE - sum % CREDIT_BASE) % CREDIT_BASE == last ? CREDIT_CODE_OK
                                                                   : CREDIT_CODE_CHECKSUM;
}

/* ISO/IEC 7812-1, annex B. */
static bool fits_luhn(const char *digits, size_t length)
{
    int sum = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = digits[length - 1 - i] - '0';
        if (i % 2 == 1)
            digit = digit > 4 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

/* 11111111, 12345678…: what people type to get past a form. */
static bool is_placeholder(const char *digits, size_t length)
{
    bool is_equal = true, is_counting = true;
    for (size_t i = 1; i < length; i++) {
        is_equal = is_equal && digits[i] == digits[0];
        is_counting = is_counting && (digits[i] - digits[i - 1] + 10) % 10 == 1;
    }
    return is_equal || is_counting;
}

enum bank_account_check bank_account_read(const char *compact_text, char ret[31])
{
    size_t length = strlen(compact_text);
    if (strspn(compact_text, "0123456789") != length)
        return BANK_ACCOUNT_CHARACTER;
    if (length < ACCOUNT_LEAST || length > ACCOUNT_MOST)
        return BANK_ACCOUNT_LENGTH;
    if (is_placeholder(compact_text, length))
        return BANK_ACCOUNT_PLACEHOLDER;
    memcpy(ret, compact_text, length + 1);
    bool is_card = length >= 16 && length <= 19;
    if (!is_card || fits_luhn(compact_text, length))
        return BANK_ACCOUNT_OK;
    bool has_lost_tail = strspn(compact_text + 15, "0") == length - 15;
    return has_lost_tail ? BANK_ACCOUNT_TAIL_LOST : BANK_ACCOUNT_LUHN;
}
