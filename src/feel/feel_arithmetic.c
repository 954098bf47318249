/* + - * / ** (tables 51 to 53 of the specification), on numbers, texts, dates, times, durations. */
#include <string.h>

#include "feel/feel_date.h"
#include "feel/feel_number.h"
#include "feel/feel_run.h"

static const char *sign_of(enum feel__op op)
{
    switch ((int)op) {
    case FEEL__ADD:
        return "+";
    case FEEL__SUBTRACT:
        return "-";
    case FEEL__MULTIPLY:
        return "*";
    case FEEL__DIVIDE:
        return "/";
    }
    return "**";
}

static struct feel_value no_number(struct feel_run *run, const char *about)
{
    return feel__fault(run, FEEL_FAULT_NO_NUMBER, about);
}

static struct feel_value on_numbers(struct feel_run *run, enum feel__op op, struct feel_number a,
                                    struct feel_number b)
{
    struct feel_number number;
    bool is_number = op == FEEL__ADD        ? feel__add(a, b, &number)
                     : op == FEEL__SUBTRACT ? feel__subtract(a, b, &number)
                     : op == FEEL__MULTIPLY ? feel__multiply(a, b, &number)
                     : op == FEEL__DIVIDE   ? feel__divide(a, b, &number)
                                            : feel__power(a, b, &number);
    return is_number ? feel_number(number) : no_number(run, sign_of(op));
}

static struct feel_value joined(struct feel_run *run, struct feel_text a, struct feel_text b)
{
    if (!feel__has_room(run, a.length + b.length))
        return feel_null();
    char *bytes = arena_alloc(run->arena, a.length + b.length + 1);
    memcpy(bytes, a.bytes, a.length);
    memcpy(bytes + a.length, b.bytes, b.length);
    return feel_string((struct feel_text){bytes, a.length + b.length});
}

/* --- durations --- */

static bool span_sum(struct feel_span a, struct feel_span b, int sign, struct feel_span *ret)
{
    int64_t seconds;
    if (sign < 0 ? __builtin_sub_overflow(a.seconds, b.seconds, &seconds)
                 : __builtin_add_overflow(a.seconds, b.seconds, &seconds))
        return false;
    if (seconds == INT64_MAX || seconds == INT64_MIN)
        return false; /* room for what the nanoseconds carry */
    *ret = feel__span(seconds, (int64_t)a.nanos + (int64_t)sign * b.nanos);
    return true;
}

static struct feel_value on_spans(struct feel_run *run, enum feel__op op, struct feel_span a,
                                  struct feel_span b)
{
    struct feel_span span;
    struct feel_number number;
    if (op == FEEL__DIVIDE)
        return feel__divide(feel__span_number(a), feel__span_number(b), &number)
                   ? feel_number(number)
                   : no_number(run, "/");
    return span_sum(a, b, op == FEEL__SUBTRACT ? -1 : 1, &span) ? feel__span_value(span)
                                                                : no_number(run, sign_of(op));
}

static struct feel_value on_months(struct feel_run *run, enum feel__op op, int64_t a, int64_t b)
{
    int64_t months;
    struct feel_number number;
    if (op == FEEL__DIVIDE)
        return feel__divide(feel__number_of(a), feel__number_of(b), &number) ? feel_number(number)
                                                                             : no_number(run, "/");
    if (op == FEEL__SUBTRACT ? __builtin_sub_overflow(a, b, &months)
                             : __builtin_add_overflow(a, b, &months))
        return no_number(run, sign_of(op));
    return feel__months_value(months);
}

/* A duration times or divided by a number; months are cut to whole ones. */
static struct feel_value scaled(struct feel_run *run, enum feel__op op, struct feel_value duration,
                                struct feel_number factor)
{
    struct feel_number size = duration.kind == FEEL_MONTHS ? feel__number_of(duration.months)
                                                           : feel__span_number(duration.span);
    struct feel_number number;
    struct feel_span span;
    int64_t months;
    if (op == FEEL__MULTIPLY ? !feel__multiply(size, factor, &number)
                             : !feel__divide(size, factor, &number))
        return no_number(run, sign_of(op));
    if (duration.kind == FEEL_MONTHS)
        return feel__number_truncated(number, &months) ? feel__months_value(months)
                                                       : no_number(run, sign_of(op));
    return feel__span_of_number(number, &span) ? feel__span_value(span)
                                               : no_number(run, sign_of(op));
}

/* --- points of time --- */

/* False where one clock is somewhere and the other nowhere: nobody knows how far they differ. */
static bool are_comparable(const struct feel_moment *a, const struct feel_moment *b)
{
    return (a->clock == FEEL_CLOCK_LOCAL) == (b->clock == FEEL_CLOCK_LOCAL);
}

/* A date among points of time is its midnight in UTC. */
static struct feel_moment moment_of(struct feel_value value)
{
    if (value.kind == FEEL_DATE)
        return (struct feel_moment){.date = value.date, .clock = FEEL_CLOCK_OFFSET};
    return *value.moment;
}

static struct feel_value difference(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    struct feel_moment left = moment_of(a), right = moment_of(b);
    if (!are_comparable(&left, &right))
        return feel__wrong_kinds(run, a, "-", b);
    enum feel_kind kind = a.kind == FEEL_TIME ? FEEL_TIME : FEEL_DATE_TIME;
    int64_t seconds = feel__utc_seconds(run, kind, &left) - feel__utc_seconds(run, kind, &right);
    return feel__span_value(feel__span(seconds, (int64_t)left.nano - right.nano));
}

static struct feel_value plus_months(struct feel_run *run, struct feel_value point, int64_t months,
                                     int sign)
{
    struct feel_date date = point.kind == FEEL_DATE ? point.date : point.moment->date;
    if (months == INT64_MIN || !feel__date_plus_months(date, sign * months, &date))
        return feel__fault(run, FEEL_FAULT_BAD_VALUE, feel__kind_name(point.kind));
    if (point.kind == FEEL_DATE)
        return feel_date(date);
    struct feel_moment moment = *point.moment;
    moment.date = date;
    return feel__moment_value(run->arena, FEEL_DATE_TIME, &moment);
}

/* The hours of a day come round again. */
static struct feel_value time_plus_span(struct feel_run *run, const struct feel_moment *time,
                                        struct feel_span span, int sign)
{
    struct feel_moment moment = *time;
    struct feel_span sum = feel__span(time->second + sign * (span.seconds % FEEL__DAY_SECONDS),
                                      (int64_t)time->nano + (int64_t)sign * span.nanos);
    moment.second = (int32_t)((sum.seconds + 2 * FEEL__DAY_SECONDS) % FEEL__DAY_SECONDS);
    moment.nano = sum.nanos;
    return feel__moment_value(run->arena, FEEL_TIME, &moment);
}

static struct feel_value plus_span(struct feel_run *run, struct feel_value point,
                                   struct feel_span span, int sign)
{
    if (point.kind == FEEL_TIME)
        return time_plus_span(run, point.moment, span, sign);
    struct feel_moment moment = moment_of(point);
    struct feel_span start = {feel__utc_seconds(run, FEEL_DATE_TIME, &moment), moment.nano};
    struct feel_span sum;
    if (!span_sum(start, span, sign, &sum) ||
        !feel__moment_at(sum.seconds, sum.nanos, &moment, &moment))
        return feel__fault(run, FEEL_FAULT_BAD_VALUE, feel__kind_name(point.kind));
    return point.kind == FEEL_DATE ? feel_date(moment.date)
                                   : feel__moment_value(run->arena, FEEL_DATE_TIME, &moment);
}

static bool is_point(struct feel_value value)
{
    return value.kind == FEEL_DATE || value.kind == FEEL_DATE_TIME || value.kind == FEEL_TIME;
}

/* A point of time and a duration, or two points of time. */
static struct feel_value on_points(struct feel_run *run, enum feel__op op, struct feel_value a,
                                   struct feel_value b)
{
    bool is_sum = op == FEEL__ADD;
    if (is_sum && !is_point(a))
        return on_points(run, op, b, a);
    int sign = is_sum ? 1 : -1;
    if (b.kind == FEEL_SPAN)
        return plus_span(run, a, b.span, sign);
    if (b.kind == FEEL_MONTHS && a.kind != FEEL_TIME)
        return plus_months(run, a, b.months, sign);
    if (!is_sum && is_point(b) && (a.kind == FEEL_TIME) == (b.kind == FEEL_TIME))
        return difference(run, a, b);
    return feel__wrong_kinds(run, a, sign_of(op), b);
}

struct feel_value feel__arithmetic(struct feel_run *run, enum feel__op op, struct feel_value a,
                                   struct feel_value b)
{
    bool is_sum = op == FEEL__ADD || op == FEEL__SUBTRACT;
    bool is_product = op == FEEL__MULTIPLY || op == FEEL__DIVIDE;
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER)
        return on_numbers(run, op, a.number, b.number);
    if (a.kind == FEEL_STRING && b.kind == FEEL_STRING && op == FEEL__ADD)
        return joined(run, a.text, b.text);
    if (is_sum && (is_point(a) || (is_point(b) && op == FEEL__ADD)))
        return on_points(run, op, a, b);
    if (a.kind == FEEL_SPAN && b.kind == FEEL_SPAN && (is_sum || op == FEEL__DIVIDE))
        return on_spans(run, op, a.span, b.span);
    if (a.kind == FEEL_MONTHS && b.kind == FEEL_MONTHS && (is_sum || op == FEEL__DIVIDE))
        return on_months(run, op, a.months, b.months);
    bool is_duration_left = a.kind == FEEL_MONTHS || a.kind == FEEL_SPAN;
    bool is_duration_right = b.kind == FEEL_MONTHS || b.kind == FEEL_SPAN;
    if (is_product && is_duration_left && b.kind == FEEL_NUMBER)
        return scaled(run, op, a, b.number);
    if (op == FEEL__MULTIPLY && a.kind == FEEL_NUMBER && is_duration_right)
        return scaled(run, op, b, a.number);
    return feel__wrong_kinds(run, a, sign_of(op), b);
}

struct feel_value feel__negative(struct feel_run *run, struct feel_value value)
{
    if (value.kind == FEEL_NUMBER)
        return feel_number(feel__negate(value.number));
    if (value.kind == FEEL_MONTHS && value.months != INT64_MIN)
        return feel__months_value(-value.months);
    struct feel_span span;
    if (value.kind == FEEL_SPAN && span_sum((struct feel_span){0}, value.span, -1, &span))
        return feel__span_value(span);
    return feel__fault(run, FEEL_FAULT_WRONG_KIND, feel__kind_name(value.kind));
}
