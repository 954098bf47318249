/* What spreadsheets and hurried people do to long numbers. */
#include "dictionary/numbers.h"

#include <string.h>

#include "base/text.h"
#include "dictionary/dictionary_room.h"

const char *number__without_apostrophe(const char *text)
{
    static const char *const apostrophes[] = {"'", "‘", "’", "`"};
    for (size_t i = 0; i < sizeof apostrophes / sizeof apostrophes[0]; i++)
        if (text_starts(text, apostrophes[i]))
            return text + strlen(apostrophes[i]);
    return text;
}

bool number__is_scientific(const char *text)
{
    if (*text == '\0' || strchr(DIGITS, *text) == NULL)
        return false;
    const char *at = text + 1;
    if (*at == '.')
        at += 1 + strspn(at + 1, DIGITS);
    if (*at != 'E' && *at != 'e')
        return false;
    at += at[1] == '+' ? 2 : 1;
    size_t exponent = strspn(at, DIGITS);
    return exponent >= 1 && exponent <= 2 && at[exponent] == '\0';
}

bool number__is_placeholder(const char *digits)
{
    bool is_equal = true, is_rising = true, is_falling = true;
    for (size_t i = 1; digits[0] != '\0' && digits[i] != '\0'; i++) {
        int step = (digits[i] - digits[i - 1] + 10) % 10;
        is_equal = is_equal && step == 0;
        is_rising = is_rising && step == 1;
        is_falling = is_falling && step == 9;
    }
    return is_equal || is_rising || is_falling;
}
