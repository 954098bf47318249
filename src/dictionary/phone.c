/* Phones of the mainland: mobiles of 11 digits, landlines with their area code. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "dictionary/dictionary_room.h"
#include "dictionary/numbers.h"

enum { MOBILE_LENGTH = 11, DIGITS_MOST = 18, EXTENSION_MOST = 5, PHONE_SIZE = 24 };

static const char *without_country(const char *text)
{
    static const char *const countries[] = {"+86", "0086", "(+86)", "(86)", "86-"};
    for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++)
        if (text_starts(text, countries[i]))
            return text + strlen(countries[i]);
    bool is_bare = text_starts(text, "86") && strlen(text) == 2 + MOBILE_LENGTH;
    return is_bare ? text + 2 : text;
}

/* The digits alone, and how many follow the last mark between them; false where anything but the
 * usual marks stands there, or where there are too many. */
static bool read_digits(const char *text, char ret[DIGITS_MOST + 1], size_t *ret_last)
{
    size_t length = 0, before = 0;
    for (; *text != '\0'; text++) {
        if (strchr("-()", *text) != NULL) {
            before = length;
            continue;
        }
        if (strchr(DIGITS, *text) == NULL || length == DIGITS_MOST)
            return false;
        ret[length++] = *text;
    }
    ret[length] = '\0';
    *ret_last = length - before;
    return true;
}

/* 010 and 02x have three digits and eight after them; the others four, and seven or eight. */
static enum phone_check read_landline(const char *digits, size_t extension, char ret[PHONE_SIZE])
{
    size_t length = strlen(digits);
    size_t area = digits[1] == '1' || digits[1] == '2' ? 3 : 4;
    if (length < area + extension)
        return PHONE_FORM;
    size_t own = length - area - extension;
    bool fits = digits[1] != '0' && (own == 8 || (own == 7 && area == 4)) && length > area &&
                digits[area] > '1';
    if (!fits)
        return PHONE_FORM;
    char number[9] = "";
    memcpy(number, digits + area, own);
    if (number__is_placeholder(number))
        return PHONE_PLACEHOLDER;
    snprintf(ret, PHONE_SIZE, "%.*s-%s%s%s", (int)area, digits, number, extension > 0 ? "-" : "",
             digits + area + own);
    return PHONE_OK;
}

/* 13333333333, 13800000000, 13812345678, and the number that advertisements show. */
static bool is_made_up(const char *mobile)
{
    return number__is_placeholder(mobile + 3) || strcmp(mobile, "13800138000") == 0;
}

enum phone_check phone_read(const char *text, char ret[24])
{
    char digits[DIGITS_MOST + 1] = "";
    size_t last;
    text = number__without_apostrophe(text);
    if (strchr(text, '*') != NULL)
        return PHONE_MASKED;
    if (!read_digits(without_country(text), digits, &last))
        return PHONE_FORM;
    size_t length = strlen(digits);
    if (length >= 6 && number__is_placeholder(digits))
        return PHONE_PLACEHOLDER;
    if (length == MOBILE_LENGTH && digits[0] == '1' && digits[1] >= '3') {
        memcpy(ret, digits, length + 1);
        return is_made_up(digits) ? PHONE_PLACEHOLDER : PHONE_OK;
    }
    if (digits[0] != '0')
        return PHONE_FORM;
    enum phone_check check = read_landline(digits, /* extension= */ 0, ret);
    bool may_extend = check == PHONE_FORM && last < length && last <= EXTENSION_MOST;
    return may_extend ? read_landline(digits, last, ret) : check;
}

const char *phone_check_code(enum phone_check check)
{
    switch (check) {
    case PHONE_OK:
        return NULL;
    case PHONE_FORM:
        return "phone";
    case PHONE_MASKED:
        return "masked";
    case PHONE_PLACEHOLDER:
        return "phone-placeholder";
    }
    return NULL;
}
