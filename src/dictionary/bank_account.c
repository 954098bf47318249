/* Bank accounts and cards. Their formats are the banks' own; what can be told is what they are not.
 */
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "dictionary/numbers.h"

enum {
    ACCOUNT_LEAST = 8,
    ACCOUNT_MOST = 30,
    CARD_LEAST = 16,
    CARD_MOST = 19,
    KEPT_DIGITS = 15, /* of a number in a spreadsheet */
    ZEROS_OF_LOSS = 3,
};

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

enum bank_account_check bank_account_read(const char *text, char ret[31])
{
    size_t length = 0;
    text = number__without_apostrophe(text);
    if (strchr(text, '*') != NULL)
        return BANK_ACCOUNT_MASKED;
    if (number__is_scientific(text))
        return BANK_ACCOUNT_SCIENTIFIC;
    for (; *text != '\0'; text++) {
        if (*text == '-')
            continue;
        if (strchr(DIGITS, *text) == NULL)
            return BANK_ACCOUNT_CHARACTER;
        if (length == ACCOUNT_MOST)
            return BANK_ACCOUNT_LENGTH;
        ret[length++] = *text;
    }
    ret[length] = '\0';
    if (number__is_placeholder(ret))
        return BANK_ACCOUNT_PLACEHOLDER;
    if (length < ACCOUNT_LEAST)
        return BANK_ACCOUNT_LENGTH;
    if (length < CARD_LEAST || length > CARD_MOST || fits_luhn(ret, length))
        return BANK_ACCOUNT_OK;
    /* One or two zeros at the end are usual; three and more, a spreadsheet's. */
    bool has_lost_tail = length - KEPT_DIGITS >= ZEROS_OF_LOSS &&
                         strspn(ret + KEPT_DIGITS, "0") == length - KEPT_DIGITS;
    return has_lost_tail ? BANK_ACCOUNT_TAIL_LOST : BANK_ACCOUNT_LUHN;
}

const char *bank_account_check_code(enum bank_account_check check)
{
    switch (check) {
    case BANK_ACCOUNT_OK:
        return NULL;
    case BANK_ACCOUNT_LUHN:
        return "bank-account-checksum";
    case BANK_ACCOUNT_LENGTH:
        return "bank-account-length";
    case BANK_ACCOUNT_CHARACTER:
        return "bank-account-character";
    case BANK_ACCOUNT_MASKED:
        return "masked";
    case BANK_ACCOUNT_PLACEHOLDER:
        return "bank-account-placeholder";
    case BANK_ACCOUNT_SCIENTIFIC:
        return "bank-account-scientific";
    case BANK_ACCOUNT_TAIL_LOST:
        return "bank-account-tail-lost";
    }
    return NULL;
}
