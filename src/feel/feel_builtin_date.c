/* Functions that make dates, times and durations, and tell of them. */
#include "feel/feel_builtin.h"
#include "feel/feel_date.h"
#include "feel/feel_number.h"

static struct feel_value only_item(struct feel_value value)
{
    return value.kind == FEEL_LIST && value.list.count == 1 ? value.list.items[0] : value;
}

struct feel_value feel__date_from(struct feel_run *run, const struct feel_value *values)
{
    struct feel_value from = only_item(values[0]);
    struct feel_date date;
    if (from.kind == FEEL_DATE)
        return from;
    if (from.kind == FEEL_DATE_TIME)
        return feel_date(from.moment->date);
    if (from.kind == FEEL_STRING && feel__date_parse(from.text, &date))
        return feel_date(date);
    return feel__bad_value(run, from);
}

struct feel_value feel__date_of_parts(struct feel_run *run, const struct feel_value *values)
{
    int64_t year, month, day;
    struct feel_date date;
    if (!feel_number_integer(values[0].number, &year) ||
        !feel_number_integer(values[1].number, &month) ||
        !feel_number_integer(values[2].number, &day) || !feel__date_of(year, month, day, &date))
        return feel__bad_value(run, values[0]);
    return feel_date(date);
}

struct feel_value feel__time_from(struct feel_run *run, const struct feel_value *values)
{
    struct feel_value from = only_item(values[0]);
    struct feel_moment moment;
    if (from.kind == FEEL_TIME)
        return from;
    if (from.kind == FEEL_STRING && feel__time_parse(from.text, &moment))
        return feel__moment_value(run->arena, FEEL_TIME, &moment);
    if (from.kind == FEEL_DATE_TIME) {
        moment = *from.moment;
        moment.date = (struct feel_date){0};
        return feel__moment_value(run->arena, FEEL_TIME, &moment);
    }
    if (from.kind == FEEL_DATE) {
        moment = (struct feel_moment){.clock = FEEL_CLOCK_OFFSET}; /* midnight in UTC */
        return feel__moment_value(run->arena, FEEL_TIME, &moment);
    }
    return feel__bad_value(run, from);
}

/* The second may have a fraction. */
struct feel_value feel__time_of_parts(struct feel_run *run, const struct feel_value *values)
{
    enum { OFFSET_MOST = 18 * 3600 };
    int64_t hour, minute;
    struct feel_span second;
    struct feel_moment moment = {0};
    if (!feel_number_integer(values[0].number, &hour) || hour < 0 || hour > 23 ||
        !feel_number_integer(values[1].number, &minute) || minute < 0 || minute > 59 ||
        !feel__span_of_number(values[2].number, &second) || second.seconds < 0 ||
        second.seconds > 59)
        return feel__bad_value(run, values[0]);
    moment.second = (int32_t)(hour * 3600 + minute * 60 + second.seconds);
    moment.nano = second.nanos;
    if (values[3].kind == FEEL_SPAN) {
        int64_t offset = values[3].span.seconds;
        if (offset > OFFSET_MOST || offset < -OFFSET_MOST || values[3].span.nanos != 0)
            return feel__bad_value(run, values[3]);
        moment.clock = FEEL_CLOCK_OFFSET;
        moment.offset = (int32_t)offset;
    }
    return feel__moment_value(run->arena, FEEL_TIME, &moment);
}

struct feel_value feel__date_time_from(struct feel_run *run, const struct feel_value *values)
{
    struct feel_value from = only_item(values[0]);
    struct feel_moment moment;
    if (from.kind == FEEL_DATE_TIME)
        return from;
    if (from.kind == FEEL_STRING && feel__date_time_parse(from.text, &moment))
        return feel__moment_value(run->arena, FEEL_DATE_TIME, &moment);
    return feel__bad_value(run, from);
}

struct feel_value feel__date_time_of_parts(struct feel_run *run, const struct feel_value *values)
{
    struct feel_value date = only_item(values[0]);
    if (date.kind != FEEL_DATE && date.kind != FEEL_DATE_TIME)
        return feel__bad_value(run, date);
    struct feel_moment moment = *values[1].moment;
    moment.date = date.kind == FEEL_DATE ? date.date : date.moment->date;
    return feel__moment_value(run->arena, FEEL_DATE_TIME, &moment);
}

struct feel_value feel__duration_from(struct feel_run *run, const struct feel_value *values)
{
    struct feel_value duration;
    if (!feel__duration_parse(values[0].text, &duration))
        return feel__bad_value(run, values[0]);
    return duration;
}

/* Whole months from one date to the other; days that make none do not count, nor do times. */
static int64_t months_between(struct feel_date from, struct feel_date to)
{
    int64_t months = ((int64_t)to.year - from.year) * 12 + to.month - from.month;
    if (months > 0 && to.day < from.day)
        return months - 1;
    if (months < 0 && to.day > from.day)
        return months + 1;
    return months;
}

static bool point_of(struct feel_value value, struct feel_moment *ret)
{
    *ret = (struct feel_moment){0};
    if (value.kind == FEEL_DATE)
        ret->date = value.date;
    else if (value.kind == FEEL_DATE_TIME)
        *ret = *value.moment;
    else
        return false;
    return true;
}

struct feel_value feel__months_between(struct feel_run *run, const struct feel_value *values)
{
    struct feel_moment from, to;
    if (!point_of(only_item(values[0]), &from))
        return feel__bad_value(run, values[0]);
    if (!point_of(only_item(values[1]), &to))
        return feel__bad_value(run, values[1]);
    return feel__months_value(months_between(from.date, to.date));
}

struct feel_value feel__now(struct feel_run *run, const struct feel_value *values)
{
    (void)values;
    if (instant_is_none(run->now))
        return feel_null();
    struct civil civil = day_civil(instant_day(run->now));
    int64_t milli = run->now.v % 1000 + (run->now.v % 1000 < 0 ? 1000 : 0);
    int64_t seconds = (run->now.v - milli) / 1000;
    struct feel_moment china = {.clock = FEEL_CLOCK_OFFSET, .offset = 8 * 3600}, moment;
    struct feel_date date;
    if (!feel__date_of(civil.year, civil.month, civil.day, &date) ||
        !feel__moment_at(seconds, (int32_t)milli * 1000000, &china, &moment))
        return feel_null();
    return feel__moment_value(run->arena, FEEL_DATE_TIME, &moment);
}

struct feel_value feel__today(struct feel_run *run, const struct feel_value *values)
{
    (void)values;
    return instant_is_none(run->now) ? feel_null() : feel_day(instant_day(run->now));
}

struct feel_value feel__is(struct feel_run *run, const struct feel_value *values)
{
    return feel_boolean(feel__identical(run, values[0], values[1]));
}

/* --- the calendar --- */

static bool date_in(struct feel_value value, struct feel_date *ret)
{
    struct feel_moment moment;
    bool has_date = point_of(only_item(value), &moment);
    *ret = moment.date;
    return has_date;
}

struct feel_value feel__day_of_year_of(struct feel_run *run, const struct feel_value *values)
{
    struct feel_date date;
    return date_in(values[0], &date) ? feel_integer(feel__day_of_year(date))
                                     : feel__bad_value(run, values[0]);
}

struct feel_value feel__week_of_year_of(struct feel_run *run, const struct feel_value *values)
{
    struct feel_date date;
    return date_in(values[0], &date) ? feel_integer(feel__week_of_year(date))
                                     : feel__bad_value(run, values[0]);
}

struct feel_value feel__day_of_week_of(struct feel_run *run, const struct feel_value *values)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    struct feel_date date;
    return date_in(values[0], &date) ? feel_string(feel_text(names[feel__weekday(date) - 1]))
                                     : feel__bad_value(run, values[0]);
}

struct feel_value feel__month_of_year_of(struct feel_run *run, const struct feel_value *values)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    struct feel_date date;
    return date_in(values[0], &date) ? feel_string(feel_text(names[date.month - 1]))
                                     : feel__bad_value(run, values[0]);
}
