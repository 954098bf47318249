/* Numbers as the digits that stand in the file: exponents are worked out on the text. */
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "sheet/sheet.h"

enum { DIGITS_MOST = 400 };

/* digits × 10^(point - count): "45.6E+1" is 456 with point 3. */
struct decimal {
    bool is_negative;
    char digits[DIGITS_MOST];
    int count;
    int point; /* digits before the decimal point; may be below 0 or above count */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The exponent after e or E: at most three digits are of any use. */
static bool read_exponent(const char *at, int *ret)
{
    bool is_negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    if (!is_digit(*at))
        return false;
    int value = 0;
    for (; is_digit(*at); at++) {
        if (value > 99)
            return false;
        value = value * 10 + (*at - '0');
    }
    *ret = is_negative ? -value : value;
    return *at == '\0';
}

static bool read_decimal(const char *at, struct decimal *ret)
{
    *ret = (struct decimal){.is_negative = *at == '-'};
    bool has_point = false, has_digit = false;
    for (at += *at == '-' || *at == '+'; is_digit(*at) || (*at == '.' && !has_point); at++) {
        if (*at == '.') {
            has_point = true;
            continue;
        }
        has_digit = true;
        if (ret->count == 0 && *at == '0') {
            ret->point -= has_point; /* no leading zeros */
            continue;
        }
        if (ret->count == DIGITS_MOST)
            return false;
        ret->digits[ret->count++] = *at;
        ret->point += !has_point;
    }
    if (!has_digit)
        return false;
    while (ret->count > 0 && ret->digits[ret->count - 1] == '0')
        ret->count--;
    int exponent = 0;
    if (*at == 'e' || *at == 'E') {
        if (!read_exponent(at + 1, &exponent))
            return false;
    } else if (*at != '\0') {
        return false;
    }
    ret->point = ret->count == 0 ? 0 : ret->point + exponent;
    return ret->point <= DIGITS_MOST && ret->count - ret->point <= DIGITS_MOST;
}

/* The i-th digit before or after the point, counted from the first. */
static char digit_at(const struct decimal *number, int i)
{
    return i >= 0 && i < number->count ? number->digits[i] : '0';
}

const char *sheet_number_plain(struct arena *arena, const char *literal)
{
    struct decimal number;
    if (!read_decimal(literal, &number))
        return NULL;
    struct buffer out = buffer_new(arena, 32);
    if (number.is_negative && number.count > 0)
        buffer_add_char(&out, '-');
    if (number.point <= 0)
        buffer_add_char(&out, '0');
    for (int i = 0; i < number.point; i++)
        buffer_add_char(&out, digit_at(&number, i));
    if (number.count > number.point) {
        buffer_add_char(&out, '.');
        for (int i = number.point; i < number.count; i++)
            buffer_add_char(&out, digit_at(&number, i));
    }
    return out.bytes;
}

bool sheet_serial_day(const char *literal, bool is_1904, struct day *ret)
{
    struct decimal number;
    if (!read_decimal(literal, &number) || number.is_negative || number.point > 7)
        return false;
    int32_t serial = 0;
    for (int i = 0; i < number.point; i++)
        serial = serial * 10 + (digit_at(&number, i) - '0');
    struct day start, last;
    if (!day_of_civil((struct civil){.year = 1904, .month = 1, .day = 1}, &start) ||
        !day_of_civil((struct civil){.year = 2999, .month = 12, .day = 31}, &last))
        return false;
    if (!is_1904) {
        /* Day 1 is 1900-01-01; day 60 is a 29 February that there never was, and shifts the rest.
         */
        if (serial == 0 || serial == 60)
            return false;
        start = day_plus(start, serial < 60 ? -1461 : -1462);
    }
    *ret = day_plus(start, serial);
    return day_compare(*ret, last) <= 0;
}
