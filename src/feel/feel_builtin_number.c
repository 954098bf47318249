/* Functions of numbers. */
#include "base/text.h"
#include "feel/feel_builtin.h"
#include "feel/feel_date.h"
#include "feel/feel_number.h"

static struct feel_value number_or_null(struct feel_run *run, bool is_number,
                                        struct feel_number number, const char *about)
{
    return is_number ? feel_number(number) : feel__fault(run, FEEL_FAULT_NO_NUMBER, about);
}

static struct feel_value rounded(struct feel_run *run, const struct feel_value *values,
                                 enum feel__rounding rounding)
{
    int64_t scale;
    struct feel_number number;
    if (!feel__number_truncated(values[1].number, &scale) || scale < FEEL__SCALE_LEAST ||
        scale > FEEL__SCALE_MOST)
        return feel__bad_value(run, values[1]);
    bool is_number = feel__round(values[0].number, scale, rounding, &number);
    return number_or_null(run, is_number, number, "round");
}

static struct feel_value to_whole(struct feel_run *run, struct feel_value value,
                                  enum feel__rounding rounding)
{
    struct feel_value with_scale[] = {value, feel_integer(0)};
    return rounded(run, with_scale, rounding);
}

struct feel_value feel__decimal(struct feel_run *run, const struct feel_value *values)
{
    return rounded(run, values, FEEL__ROUND_HALF_EVEN);
}

struct feel_value feel__floor(struct feel_run *run, const struct feel_value *values)
{
    return to_whole(run, values[0], FEEL__ROUND_FLOOR);
}

struct feel_value feel__floor_to(struct feel_run *run, const struct feel_value *values)
{
    return rounded(run, values, FEEL__ROUND_FLOOR);
}

struct feel_value feel__ceiling(struct feel_run *run, const struct feel_value *values)
{
    return to_whole(run, values[0], FEEL__ROUND_CEILING);
}

struct feel_value feel__ceiling_to(struct feel_run *run, const struct feel_value *values)
{
    return rounded(run, values, FEEL__ROUND_CEILING);
}

struct feel_value feel__round_up(struct feel_run *run, const struct feel_value *values)
{
    return rounded(run, values, FEEL__ROUND_UP);
}

struct feel_value feel__round_down(struct feel_run *run, const struct feel_value *values)
{
    return rounded(run, values, FEEL__ROUND_DOWN);
}

struct feel_value feel__round_half_up(struct feel_run *run, const struct feel_value *values)
{
    return rounded(run, values, FEEL__ROUND_HALF_UP);
}

struct feel_value feel__round_half_down(struct feel_run *run, const struct feel_value *values)
{
    return rounded(run, values, FEEL__ROUND_HALF_DOWN);
}

struct feel_value feel__abs(struct feel_run *run, const struct feel_value *values)
{
    struct feel_value value = values[0];
    if (value.kind == FEEL_LIST && value.list.count == 1)
        value = value.list.items[0];
    if (value.kind == FEEL_NUMBER)
        return feel_number(feel__magnitude(value.number));
    bool is_negative = (value.kind == FEEL_MONTHS && value.months < 0) ||
                       (value.kind == FEEL_SPAN && value.span.seconds < 0);
    if (is_negative)
        return feel__negative(run, value);
    if (value.kind == FEEL_MONTHS || value.kind == FEEL_SPAN)
        return value;
    return feel__bad_value(run, value);
}

struct feel_value feel__modulo_of(struct feel_run *run, const struct feel_value *values)
{
    struct feel_number number;
    bool is_number = feel__modulo(values[0].number, values[1].number, &number);
    return number_or_null(run, is_number, number, "modulo");
}

struct feel_value feel__sqrt(struct feel_run *run, const struct feel_value *values)
{
    struct feel_number number;
    bool is_number = feel__square_root(values[0].number, &number);
    return number_or_null(run, is_number, number, "sqrt");
}

struct feel_value feel__log(struct feel_run *run, const struct feel_value *values)
{
    struct feel_number number;
    bool is_number = feel__logarithm(values[0].number, &number);
    return number_or_null(run, is_number, number, "log");
}

struct feel_value feel__exp(struct feel_run *run, const struct feel_value *values)
{
    struct feel_number number;
    bool is_number = feel__exponential(values[0].number, &number);
    return number_or_null(run, is_number, number, "exp");
}

/* What is left of the number over the next lower multiple of two; false where that is no 0 or 1. */
static struct feel_value has_parity(struct feel_value value, int64_t wanted)
{
    struct feel_number rest;
    int64_t integer;
    bool is_whole = feel__modulo(value.number, feel__number_of(2), &rest) &&
                    feel_number_integer(rest, &integer);
    return feel_boolean(is_whole && integer == wanted);
}

struct feel_value feel__odd(struct feel_run *run, const struct feel_value *values)
{
    (void)run;
    return has_parity(values[0], 1);
}

struct feel_value feel__even(struct feel_run *run, const struct feel_value *values)
{
    (void)run;
    return has_parity(values[0], 0);
}

/* "" where none is given; false where it is none that the specification has. */
static bool separator(struct feel_value value, const char *allowed, char *ret)
{
    *ret = '\0';
    if (value.kind == FEEL_NULL)
        return true;
    if (value.text.length != 1)
        return false;
    *ret = value.text.bytes[0];
    for (; *allowed != '\0'; allowed++)
        if (*allowed == *ret)
            return true;
    return false;
}

/* number("1.234,56", ".", ",") */
struct feel_value feel__number_from(struct feel_run *run, const struct feel_value *values)
{
    char grouping, point;
    if (!separator(values[1], " ,.", &grouping) || !separator(values[2], ",.", &point) ||
        (grouping != '\0' && grouping == point))
        return feel__bad_value(run, values[1]);
    struct feel_text text = values[0].text;
    struct buffer plain = buffer_new(run->arena, text.length);
    if (point == '\0')
        point = '.';
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        if (c == grouping && c != '\0')
            continue;
        /* A point that is not the one that was named does not become one. */
        buffer_add_char(&plain, c == point ? '.' : (c == '.' ? '?' : c));
    }
    struct feel_number number;
    if (!feel_number_parse((struct feel_text){plain.bytes, plain.length}, &number))
        return feel__bad_value(run, values[0]);
    return feel_number(number);
}
