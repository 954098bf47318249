/* Decimals: what FEEL asks of numbers, in the words of Intel's library. */
#include "feel/feel_number.h"

/* As Debian built libbidgcc000: everything passed by value, no hidden state. */
#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>

#include <bid_functions.h>

#include <stdlib.h>
#include <string.h>

/* The longest text that is still a number: more digits than any decimal128 can tell apart. */
enum { NUMBER_TEXT_MOST = 7000, DIGITS = 34, PLAIN_ZEROS_MOST = 40 };

static BID_UINT128 bid(struct feel_number number)
{
    BID_UINT128 ret;
    ret.w[0] = number.low;
    ret.w[1] = number.high;
    return ret;
}

static struct feel_number of_bid(BID_UINT128 value)
{
    return (struct feel_number){.low = value.w[0], .high = value.w[1]};
}

/* Only finite numbers leave this file, and no negative zero. */
static bool is_finite(BID_UINT128 value, struct feel_number *ret)
{
    if (!bid128_isFinite(value))
        return false;
    *ret = of_bid(bid128_isZero(value) ? bid128_abs(value) : value);
    return true;
}

struct feel_number feel__number_of(int64_t integer)
{
    return of_bid(bid128_from_int64(integer));
}

static size_t digits_at(struct feel_text text, size_t at)
{
    size_t count = 0;
    while (at + count < text.length && text.bytes[at + count] >= '0' &&
           text.bytes[at + count] <= '9')
        count++;
    return count;
}

/* The grammar of FEEL's numeric literal, with a sign before it. */
static bool is_number(struct feel_text text)
{
    size_t at = text.length > 0 && (text.bytes[0] == '-' || text.bytes[0] == '+');
    size_t whole = digits_at(text, at), fraction = 0;
    at += whole;
    if (at < text.length && text.bytes[at] == '.') {
        fraction = digits_at(text, at + 1);
        at += 1 + fraction;
        if (fraction == 0)
            return false;
    }
    if (whole + fraction == 0)
        return false;
    if (at < text.length && (text.bytes[at] == 'e' || text.bytes[at] == 'E')) {
        at++;
        at += at < text.length && (text.bytes[at] == '-' || text.bytes[at] == '+');
        size_t exponent = digits_at(text, at);
        if (exponent == 0 || exponent > 6)
            return false;
        at += exponent;
    }
    return at == text.length;
}

bool feel_number_parse(struct feel_text text, struct feel_number *ret)
{
    char copy[NUMBER_TEXT_MOST + 1];
    if (text.length > NUMBER_TEXT_MOST || !is_number(text))
        return false;
    memcpy(copy, text.bytes, text.length);
    copy[text.length] = '\0';
    _IDEC_flags flags = 0;
    return is_finite(bid128_from_string(copy, BID_ROUNDING_TO_NEAREST, &flags), ret);
}

bool feel__add(struct feel_number a, struct feel_number b, struct feel_number *ret)
{
    _IDEC_flags flags = 0;
    return is_finite(bid128_add(bid(a), bid(b), BID_ROUNDING_TO_NEAREST, &flags), ret);
}

bool feel__subtract(struct feel_number a, struct feel_number b, struct feel_number *ret)
{
    _IDEC_flags flags = 0;
    return is_finite(bid128_sub(bid(a), bid(b), BID_ROUNDING_TO_NEAREST, &flags), ret);
}

bool feel__multiply(struct feel_number a, struct feel_number b, struct feel_number *ret)
{
    _IDEC_flags flags = 0;
    return is_finite(bid128_mul(bid(a), bid(b), BID_ROUNDING_TO_NEAREST, &flags), ret);
}

bool feel__divide(struct feel_number a, struct feel_number b, struct feel_number *ret)
{
    _IDEC_flags flags = 0;
    return is_finite(bid128_div(bid(a), bid(b), BID_ROUNDING_TO_NEAREST, &flags), ret);
}

bool feel__modulo(struct feel_number a, struct feel_number b, struct feel_number *ret)
{
    _IDEC_flags flags = 0;
    BID_UINT128 rest = bid128_fmod(bid(a), bid(b), &flags);
    if (bid128_isFinite(rest) && !bid128_isZero(rest) &&
        bid128_isSigned(rest) != bid128_isSigned(bid(b)))
        rest = bid128_add(rest, bid(b), BID_ROUNDING_TO_NEAREST, &flags);
    return is_finite(rest, ret);
}

/* By squaring; the loop's length is that of the exponent in bits. */
static BID_UINT128 whole_power(BID_UINT128 base, uint64_t exponent)
{
    _IDEC_flags flags = 0;
    BID_UINT128 power = bid128_from_int32(1);
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            power = bid128_mul(power, base, BID_ROUNDING_TO_NEAREST, &flags);
        if (exponent > 1)
            base = bid128_mul(base, base, BID_ROUNDING_TO_NEAREST, &flags);
    }
    return power;
}

bool feel__power(struct feel_number base, struct feel_number exponent, struct feel_number *ret)
{
    enum { WHOLE_MOST = 1000000 };
    _IDEC_flags flags = 0;
    int64_t whole;
    if (!feel_number_integer(exponent, &whole) || whole > WHOLE_MOST || whole < -WHOLE_MOST)
        return is_finite(bid128_pow(bid(base), bid(exponent), BID_ROUNDING_TO_NEAREST, &flags),
                         ret);
    BID_UINT128 power = whole_power(bid(base), (uint64_t)(whole < 0 ? -whole : whole));
    if (whole < 0)
        power = bid128_div(bid128_from_int32(1), power, BID_ROUNDING_TO_NEAREST, &flags);
    return is_finite(power, ret);
}

bool feel__square_root(struct feel_number a, struct feel_number *ret)
{
    _IDEC_flags flags = 0;
    return is_finite(bid128_sqrt(bid(a), BID_ROUNDING_TO_NEAREST, &flags), ret);
}

bool feel__exponential(struct feel_number a, struct feel_number *ret)
{
    _IDEC_flags flags = 0;
    return is_finite(bid128_exp(bid(a), BID_ROUNDING_TO_NEAREST, &flags), ret);
}

bool feel__logarithm(struct feel_number a, struct feel_number *ret)
{
    _IDEC_flags flags = 0;
    return is_finite(bid128_log(bid(a), BID_ROUNDING_TO_NEAREST, &flags), ret);
}

struct feel_number feel__negate(struct feel_number a)
{
    return bid128_isZero(bid(a)) ? a : of_bid(bid128_negate(bid(a)));
}

struct feel_number feel__magnitude(struct feel_number a)
{
    return of_bid(bid128_abs(bid(a)));
}

static unsigned rounding_mode(enum feel__rounding rounding, bool is_negative)
{
    switch (rounding) {
    case FEEL__ROUND_HALF_EVEN:
    case FEEL__ROUND_HALF_DOWN:
        return BID_ROUNDING_TO_NEAREST;
    case FEEL__ROUND_FLOOR:
        return BID_ROUNDING_DOWN;
    case FEEL__ROUND_CEILING:
        return BID_ROUNDING_UP;
    case FEEL__ROUND_DOWN:
        return BID_ROUNDING_TO_ZERO;
    case FEEL__ROUND_UP:
        return is_negative ? BID_ROUNDING_DOWN : BID_ROUNDING_UP;
    case FEEL__ROUND_HALF_UP:
        return BID_ROUNDING_TIES_AWAY;
    }
    return BID_ROUNDING_TO_NEAREST;
}

bool feel__round(struct feel_number a, int64_t scale, enum feel__rounding rounding,
                 struct feel_number *ret)
{
    if (scale < FEEL__SCALE_LEAST || scale > FEEL__SCALE_MOST)
        return false;
    _IDEC_flags flags = 0;
    BID_UINT128 value = bid(a);
    if (bid128_quantexp(value, &flags) >= -(int)scale)
        return is_finite(value, ret);
    BID_UINT128 unit =
        bid128_scalbn(bid128_from_int32(1), -(int)scale, BID_ROUNDING_TO_NEAREST, &flags);
    BID_UINT128 rounded =
        bid128_quantize(value, unit, rounding_mode(rounding, bid128_isSigned(value)), &flags);
    if (rounding == FEEL__ROUND_HALF_DOWN) {
        /* No mode of the library: towards zero, unless more than half a unit is lost by that. */
        BID_UINT128 down = bid128_quantize(value, unit, BID_ROUNDING_TO_ZERO, &flags);
        BID_UINT128 lost = bid128_abs(bid128_sub(value, down, BID_ROUNDING_TO_NEAREST, &flags));
        BID_UINT128 twice = bid128_add(lost, lost, BID_ROUNDING_TO_NEAREST, &flags);
        rounded = bid128_quiet_greater(twice, unit, &flags)
                      ? bid128_quantize(value, unit, BID_ROUNDING_TIES_AWAY, &flags)
                      : down;
    }
    return is_finite(rounded, ret);
}

int feel__number_compare(struct feel_number a, struct feel_number b)
{
    /* Most numbers of a table are written alike, and then their bits tell. */
    if (a.low == b.low && a.high == b.high)
        return 0;
    _IDEC_flags flags = 0;
    if (bid128_quiet_equal(bid(a), bid(b), &flags))
        return 0;
    return bid128_quiet_less(bid(a), bid(b), &flags) ? -1 : 1;
}

int feel__number_sign(struct feel_number a)
{
    if (bid128_isZero(bid(a)))
        return 0;
    return bid128_isSigned(bid(a)) ? -1 : 1;
}

bool feel_number_integer(struct feel_number number, int64_t *ret)
{
    _IDEC_flags flags = 0;
    int64_t integer = bid128_to_int64_xint(bid(number), &flags);
    if (flags & (BID_INVALID_EXCEPTION | BID_INEXACT_EXCEPTION))
        return false;
    *ret = integer;
    return true;
}

bool feel__number_truncated(struct feel_number number, int64_t *ret)
{
    _IDEC_flags flags = 0;
    int64_t integer = bid128_to_int64_int(bid(number), &flags);
    if (flags & BID_INVALID_EXCEPTION)
        return false;
    *ret = integer;
    return true;
}

static void add_zeros(struct buffer *buffer, int count)
{
    for (; count > 0; count--)
        buffer_add_char(buffer, '0');
}

/* digits × 10^exponent, without the sign. */
static void print_digits(struct buffer *buffer, const char *digits, int count, int exponent)
{
    int before_point = count + exponent;
    if (before_point > DIGITS + PLAIN_ZEROS_MOST || before_point < -PLAIN_ZEROS_MOST) {
        buffer_add_n(buffer, digits, 1);
        if (count > 1)
            buffer_add_char(buffer, '.');
        buffer_add_n(buffer, digits + 1, (size_t)(count - 1));
        buffer_printf(buffer, "E%+d", before_point - 1);
    } else if (exponent >= 0) {
        buffer_add_n(buffer, digits, (size_t)count);
        add_zeros(buffer, exponent);
    } else if (before_point > 0) {
        buffer_add_n(buffer, digits, (size_t)before_point);
        buffer_add_char(buffer, '.');
        buffer_add_n(buffer, digits + before_point, (size_t)(count - before_point));
    } else {
        buffer_add(buffer, "0.");
        add_zeros(buffer, -before_point);
        buffer_add_n(buffer, digits, (size_t)count);
    }
}

void feel__number_print(struct buffer *buffer, struct feel_number number)
{
    char text[64]; /* as the library writes it: "-1234E-2" */
    _IDEC_flags flags = 0;
    bid128_to_string(text, bid(number), &flags);
    const char *digits = text + 1;
    int count = (int)strspn(digits, "0123456789");
    int exponent = (int)strtol(digits + count + 1, NULL, 10);
    while (count > 1 && digits[count - 1] == '0') {
        count--;
        exponent++;
    }
    if (digits[0] == '0') {
        buffer_add_char(buffer, '0');
        return;
    }
    if (text[0] == '-')
        buffer_add_char(buffer, '-');
    print_digits(buffer, digits, count, exponent);
}
