/*
 * Decimal arithmetic of 34 digits. The work is done by Intel's decimal library: the same that gcc
 * calls for _Decimal128, a type that clang, with which we fuzz, does not have.
 *
 * A result that is no finite number (a division by zero, the logarithm of a negative) is false.
 */
#ifndef DIANJI_FEEL_FEEL_NUMBER_H
#define DIANJI_FEEL_FEEL_NUMBER_H

#include "base/text.h"
#include "feel/feel.h"

enum feel__rounding {
    FEEL__ROUND_HALF_EVEN,
    FEEL__ROUND_FLOOR,
    FEEL__ROUND_CEILING,
    FEEL__ROUND_DOWN, /* to zero */
    FEEL__ROUND_UP,   /* away from zero */
    FEEL__ROUND_HALF_UP,
    FEEL__ROUND_HALF_DOWN,
};

/* The exponents that a decimal128 can have, as a number of digits behind the point. */
enum { FEEL__SCALE_LEAST = -6111, FEEL__SCALE_MOST = 6176 };

struct feel_number feel__number_of(int64_t integer);

bool feel__add(struct feel_number a, struct feel_number b, struct feel_number *ret);
bool feel__subtract(struct feel_number a, struct feel_number b, struct feel_number *ret);
bool feel__multiply(struct feel_number a, struct feel_number b, struct feel_number *ret);
bool feel__divide(struct feel_number a, struct feel_number b, struct feel_number *ret);
/* The remainder of the floored division: it has the sign of b. */
bool feel__modulo(struct feel_number a, struct feel_number b, struct feel_number *ret);
/* Exact for whole exponents, as far as 34 digits go. */
bool feel__power(struct feel_number base, struct feel_number exponent, struct feel_number *ret);
bool feel__square_root(struct feel_number a, struct feel_number *ret);
bool feel__exponential(struct feel_number a, struct feel_number *ret);
bool feel__logarithm(struct feel_number a, struct feel_number *ret); /* natural */
struct feel_number feel__negate(struct feel_number a);
struct feel_number feel__magnitude(struct feel_number a);
/* To `scale` digits behind the point; a number that has fewer stays what it is. */
bool feel__round(struct feel_number a, int64_t scale, enum feel__rounding rounding,
                 struct feel_number *ret);

int feel__number_compare(struct feel_number a, struct feel_number b);
int feel__number_sign(struct feel_number a);
/* The whole part; false where it does not fit. */
bool feel__number_truncated(struct feel_number number, int64_t *ret);
/* Without trailing zeros; "1E+100" where digits alone would be too many to read. */
void feel__number_print(struct buffer *buffer, struct feel_number number);

#endif
