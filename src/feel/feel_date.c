/* The calendar, and values of its kinds. */
#include "feel/feel_date.h"

#include "base/arena.h"
#include "feel/feel_number.h"

enum { YEAR_MOST = 999999999, MONTHS = 12 };

/* --- the calendar --- */

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int feel__month_days(int32_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

bool feel__date_of(int64_t year, int64_t month, int64_t day, struct feel_date *ret)
{
    if (year > YEAR_MOST || year < -YEAR_MOST || month < 1 || month > MONTHS || day < 1 ||
        day > feel__month_days((int32_t)year, (int)month))
        return false;
    *ret = (struct feel_date){(int32_t)year, (uint8_t)month, (uint8_t)day};
    return true;
}

/* The quotient rounded down, also of negative numbers. */
static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years are counted from 1 March here, so that the leap day is the last of its year; 400 of them
 * have 146097 days. */
enum { ERA_YEARS = 400, ERA_DAYS = 146097, DAYS_TO_1970 = 719468 };

int64_t feel__days(struct feel_date date)
{
    int64_t year = (int64_t)date.year - (date.month <= 2);
    int64_t era = floor_divide(year, ERA_YEARS);
    int64_t year_of_era = year - era * ERA_YEARS;
    int64_t month = (date.month + 9) % MONTHS; /* 0 is March */
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - DAYS_TO_1970;
}

bool feel__date_of_days(int64_t days, struct feel_date *ret)
{
    if (days > (int64_t)YEAR_MOST * 366 || days < -(int64_t)YEAR_MOST * 366)
        return false;
    days += DAYS_TO_1970;
    int64_t era = floor_divide(days, ERA_DAYS);
    int64_t day = days - era * ERA_DAYS;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* 0 is March */
    int64_t day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    return feel__date_of(era * ERA_YEARS + year + (month <= 2), month, day_of_month, ret);
}

bool feel__date_plus_months(struct feel_date date, int64_t months, struct feel_date *ret)
{
    int64_t total;
    if (__builtin_add_overflow((int64_t)date.year * MONTHS + date.month - 1, months, &total))
        return false;
    int64_t year = floor_divide(total, MONTHS);
    int month = (int)(total - year * MONTHS) + 1;
    if (year > YEAR_MOST || year < -YEAR_MOST)
        return false;
    int last = feel__month_days((int32_t)year, month);
    return feel__date_of(year, month, date.day < last ? date.day : last, ret);
}

int feel__weekday(struct feel_date date)
{
    int64_t days = feel__days(date) + 3; /* 1970-01-01 was a Thursday */
    return (int)(days - floor_divide(days, 7) * 7) + 1;
}

int feel__day_of_year(struct feel_date date)
{
    return (int)(feel__days(date) - feel__days((struct feel_date){date.year, 1, 1})) + 1;
}

/* The first week is the one with 4 January in it. */
static int64_t first_monday(int32_t year)
{
    struct feel_date fourth = {year, 1, 4};
    return feel__days(fourth) - (feel__weekday(fourth) - 1);
}

int feel__week_of_year(struct feel_date date)
{
    int64_t days = feel__days(date);
    int64_t monday = first_monday(date.year);
    if (days < monday)
        monday = first_monday(date.year - 1);
    else if (days >= first_monday(date.year + 1))
        monday = first_monday(date.year + 1);
    return (int)((days - monday) / 7) + 1;
}

/* --- values --- */

struct feel_value feel__moment_value(struct arena *arena, enum feel_kind kind,
                                     const struct feel_moment *moment)
{
    struct feel_moment *copy = arena_one(arena, struct feel_moment);
    *copy = *moment;
    return (struct feel_value){.kind = kind, .moment = copy};
}

struct feel_span feel__span(int64_t seconds, int64_t nanos)
{
    int64_t carried = floor_divide(nanos, FEEL__SECOND_NANOS);
    return (struct feel_span){.seconds = seconds + carried,
                              .nanos = (int32_t)(nanos - carried * FEEL__SECOND_NANOS)};
}

struct feel_value feel__span_value(struct feel_span span)
{
    return (struct feel_value){.kind = FEEL_SPAN, .span = span};
}

struct feel_value feel__months_value(int64_t months)
{
    return (struct feel_value){.kind = FEEL_MONTHS, .months = months};
}

int feel__span_compare(struct feel_span a, struct feel_span b)
{
    if (a.seconds != b.seconds)
        return a.seconds < b.seconds ? -1 : 1;
    return (a.nanos > b.nanos) - (a.nanos < b.nanos);
}

struct feel_number feel__span_number(struct feel_span span)
{
    struct feel_number fraction = {0}, sum = {0};
    bool is_number =
        feel__divide(feel__number_of(span.nanos), feel__number_of(FEEL__SECOND_NANOS), &fraction) &&
        feel__add(feel__number_of(span.seconds), fraction, &sum);
    return is_number ? sum : feel__number_of(0); /* 28 digits at most: always one */
}

bool feel__span_of_number(struct feel_number seconds, struct feel_span *ret)
{
    enum { NANO_DIGITS = 9 };
    struct feel_number rounded, whole, fraction, nanos;
    int64_t whole_seconds, whole_nanos;
    if (!feel__round(seconds, NANO_DIGITS, FEEL__ROUND_HALF_EVEN, &rounded) ||
        !feel__round(rounded, 0, FEEL__ROUND_FLOOR, &whole) ||
        !feel__subtract(rounded, whole, &fraction) ||
        !feel__multiply(fraction, feel__number_of(FEEL__SECOND_NANOS), &nanos) ||
        !feel_number_integer(whole, &whole_seconds) || !feel_number_integer(nanos, &whole_nanos))
        return false;
    *ret = feel__span(whole_seconds, whole_nanos);
    return true;
}
