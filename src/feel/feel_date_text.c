/* Dates, times and durations in ISO 8601, as XML Schema restricts and FEEL extends it. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "feel/feel_date.h"

/* What is left to read. */
struct cursor {
    const char *at;
    const char *end;
};

static struct cursor cursor_of(struct feel_text text)
{
    return (struct cursor){text.bytes, text.bytes + text.length};
}

static bool take(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || *cursor->at != c)
        return false;
    cursor->at++;
    return true;
}

/* As many digits as there are, up to `most`; how many. */
static int take_digits(struct cursor *cursor, int most, int64_t *ret)
{
    int count = 0;
    *ret = 0;
    while (cursor->at < cursor->end && count < most && *cursor->at >= '0' && *cursor->at <= '9') {
        *ret = *ret * 10 + (*cursor->at++ - '0');
        count++;
    }
    return count;
}

static bool take_two(struct cursor *cursor, int64_t most, int64_t *ret)
{
    return take_digits(cursor, 2, ret) == 2 && *ret <= most;
}

/* Digits behind the point, as nanoseconds; further ones are dropped. */
static int32_t take_fraction(struct cursor *cursor, int *ret_count)
{
    enum { NANO_DIGITS = 9 };
    int64_t nanos, dropped;
    int count = take_digits(cursor, NANO_DIGITS, &nanos);
    for (int i = count; i < NANO_DIGITS; i++)
        nanos *= 10;
    *ret_count = count;
    if (count == NANO_DIGITS)
        while (take_digits(cursor, 1, &dropped) == 1)
            continue;
    return (int32_t)nanos;
}

static bool take_date(struct cursor *cursor, struct feel_date *ret)
{
    enum { YEAR_DIGITS_MOST = 9 };
    int64_t year, month, day;
    bool is_negative = take(cursor, '-');
    bool has_leading_zero = cursor->at < cursor->end && *cursor->at == '0';
    int digits = take_digits(cursor, YEAR_DIGITS_MOST, &year);
    return digits >= 4 && !(digits > 4 && has_leading_zero) && take(cursor, '-') &&
           take_two(cursor, 12, &month) && take(cursor, '-') && take_two(cursor, 31, &day) &&
           feel__date_of(is_negative ? -year : year, month, day, ret);
}

static bool take_offset(struct cursor *cursor, int sign, int32_t *ret)
{
    enum { OFFSET_HOURS_MOST = 18 };
    int64_t hours, minutes, seconds = 0;
    if (!take_two(cursor, OFFSET_HOURS_MOST, &hours) || !take(cursor, ':') ||
        !take_two(cursor, 59, &minutes) || (take(cursor, ':') && !take_two(cursor, 59, &seconds)))
        return false;
    *ret = sign * (int32_t)(hours * 3600 + minutes * 60 + seconds);
    return hours < OFFSET_HOURS_MOST || (minutes == 0 && seconds == 0);
}

/* "Z", "+08:00", "@Asia/Shanghai", or nothing. */
static bool take_clock(struct cursor *cursor, struct feel_moment *moment)
{
    moment->clock = FEEL_CLOCK_LOCAL;
    if (cursor->at == cursor->end)
        return true;
    moment->clock = FEEL_CLOCK_OFFSET;
    if (take(cursor, 'Z'))
        return true;
    if (take(cursor, '+'))
        return take_offset(cursor, 1, &moment->offset);
    if (take(cursor, '-'))
        return take_offset(cursor, -1, &moment->offset);
    if (!take(cursor, '@'))
        return false;
    moment->clock = FEEL_CLOCK_ZONE;
    moment->zone = (struct feel_text){cursor->at, (size_t)(cursor->end - cursor->at)};
    cursor->at = cursor->end;
    return feel__zone_is_known(moment->zone);
}

/* 24:00:00 is the midnight after: a day more, which a time forgets. */
static bool take_time(struct cursor *cursor, struct feel_moment *moment, bool *ret_is_next_day)
{
    int64_t hour, minute, second;
    int digits;
    if (!take_two(cursor, 24, &hour) || !take(cursor, ':') || !take_two(cursor, 59, &minute) ||
        !take(cursor, ':') || !take_two(cursor, 59, &second))
        return false;
    if (take(cursor, '.')) {
        moment->nano = take_fraction(cursor, &digits);
        if (digits == 0)
            return false;
    }
    *ret_is_next_day = hour == 24;
    if (hour == 24 && (minute > 0 || second > 0 || moment->nano > 0))
        return false;
    moment->second = (int32_t)(hour % 24 * 3600 + minute * 60 + second);
    return take_clock(cursor, moment) && cursor->at == cursor->end;
}

bool feel__date_parse(struct feel_text text, struct feel_date *ret)
{
    struct cursor cursor = cursor_of(text);
    return take_date(&cursor, ret) && cursor.at == cursor.end;
}

bool feel__time_parse(struct feel_text text, struct feel_moment *ret)
{
    struct cursor cursor = cursor_of(text);
    bool is_next_day;
    *ret = (struct feel_moment){0};
    return take_time(&cursor, ret, &is_next_day);
}

bool feel__date_time_parse(struct feel_text text, struct feel_moment *ret)
{
    struct cursor cursor = cursor_of(text);
    bool is_next_day = false;
    *ret = (struct feel_moment){0};
    if (!take_date(&cursor, &ret->date))
        return false;
    if (cursor.at == cursor.end)
        return true;
    if (!take(&cursor, 'T') || !take_time(&cursor, ret, &is_next_day))
        return false;
    return !is_next_day || feel__date_of_days(feel__days(ret->date) + 1, &ret->date);
}

/* --- durations --- */

/* Adds count × unit; false where that is too much. */
static bool add_units(int64_t *total, int64_t count, int64_t unit)
{
    int64_t product;
    return !__builtin_mul_overflow(count, unit, &product) &&
           !__builtin_add_overflow(*total, product, total);
}

struct duration {
    int64_t months;
    int64_t seconds;
    int32_t nanos;
    bool has_months; /* "P0Y" is one of months */
    bool has_time;
};

/* One "12M", "3.5S" behind P or T; the designators come in order, `next` says which are still to.
 */
static bool take_component(struct cursor *cursor, bool is_time, const char **next,
                           struct duration *duration)
{
    enum { DIGITS_MOST = 18 };
    int64_t count;
    int fraction_digits;
    if (take_digits(cursor, DIGITS_MOST, &count) == 0)
        return false;
    bool has_fraction = is_time && take(cursor, '.');
    int32_t nanos = has_fraction ? take_fraction(cursor, &fraction_digits) : 0;
    if (cursor->at == cursor->end)
        return false;
    const char *designator = strchr(*next, *cursor->at);
    if (designator == NULL || *designator == '\0' || (has_fraction && *designator != 'S'))
        return false;
    cursor->at++;
    *next = designator + 1;
    if (is_time) {
        duration->has_time = true;
        duration->nanos = nanos;
        return add_units(&duration->seconds, count,
                         *designator == 'H' ? 3600 : (*designator == 'M' ? 60 : 1));
    }
    if (*designator == 'D') {
        duration->has_time = true;
        return add_units(&duration->seconds, count, FEEL__DAY_SECONDS);
    }
    duration->has_months = true;
    return add_units(&duration->months, count, *designator == 'Y' ? 12 : 1);
}

bool feel__duration_parse(struct feel_text text, struct feel_value *ret)
{
    struct cursor cursor = cursor_of(text);
    struct duration duration = {0};
    const char *days = "YMD", *times = "HMS";
    bool is_negative = take(&cursor, '-');
    if (!take(&cursor, 'P'))
        return false;
    while (cursor.at < cursor.end && *cursor.at != 'T')
        if (!take_component(&cursor, /* is_time= */ false, &days, &duration))
            return false;
    if (take(&cursor, 'T')) {
        do {
            if (!take_component(&cursor, /* is_time= */ true, &times, &duration))
                return false;
        } while (cursor.at < cursor.end);
    }
    if (duration.has_months == duration.has_time)
        return false; /* neither, or no kind that FEEL has */
    int sign = is_negative ? -1 : 1;
    *ret = duration.has_months
               ? feel__months_value(sign * duration.months)
               : feel__span_value(feel__span(sign * duration.seconds, sign * duration.nanos));
    return true;
}

bool feel__temporal_parse(struct arena *arena, struct feel_text text, struct feel_value *ret)
{
    struct feel_date date;
    struct feel_moment moment;
    if (feel__date_parse(text, &date)) {
        *ret = feel_date(date);
        return true;
    }
    bool is_time = feel__time_parse(text, &moment);
    if (is_time || feel__date_time_parse(text, &moment)) {
        *ret = feel__moment_value(arena, is_time ? FEEL_TIME : FEEL_DATE_TIME, &moment);
        return true;
    }
    return feel__duration_parse(text, ret);
}

/* --- writing --- */

static void print_date(struct buffer *buffer, struct feel_date date)
{
    int32_t year = date.year < 0 ? -date.year : date.year;
    buffer_printf(buffer, "%s%04" PRId32 "-%02d-%02d", date.year < 0 ? "-" : "", year, date.month,
                  date.day);
}

/* ".5", and nothing for no nanoseconds. */
static void print_fraction(struct buffer *buffer, int32_t nanos)
{
    if (nanos == 0)
        return;
    buffer_printf(buffer, ".%09" PRId32, nanos);
    while (buffer->bytes[buffer->length - 1] == '0')
        buffer->bytes[--buffer->length] = '\0';
}

static void print_time(struct buffer *buffer, const struct feel_moment *moment)
{
    buffer_printf(buffer, "%02d:%02d:%02d", moment->second / 3600, moment->second / 60 % 60,
                  moment->second % 60);
    print_fraction(buffer, moment->nano);
    if (moment->clock == FEEL_CLOCK_ZONE) {
        buffer_add_char(buffer, '@');
        buffer_add_n(buffer, moment->zone.bytes, moment->zone.length);
    } else if (moment->clock == FEEL_CLOCK_OFFSET && moment->offset == 0) {
        buffer_add_char(buffer, 'Z');
    } else if (moment->clock == FEEL_CLOCK_OFFSET) {
        int32_t offset = moment->offset < 0 ? -moment->offset : moment->offset;
        buffer_printf(buffer, "%c%02d:%02d", moment->offset < 0 ? '-' : '+', offset / 3600,
                      offset / 60 % 60);
        if (offset % 60 != 0)
            buffer_printf(buffer, ":%02d", offset % 60);
    }
}

static void print_months(struct buffer *buffer, int64_t months)
{
    uint64_t size = months < 0 ? -(uint64_t)months : (uint64_t)months;
    buffer_add(buffer, months < 0 ? "-P" : "P");
    if (size >= 12)
        buffer_printf(buffer, "%" PRIu64 "Y", size / 12);
    if (size % 12 != 0 || size == 0)
        buffer_printf(buffer, "%" PRIu64 "M", size % 12);
}

static void print_unit(struct buffer *buffer, uint64_t count, char unit)
{
    if (count > 0)
        buffer_printf(buffer, "%" PRIu64 "%c", count, unit);
}

static void print_span(struct buffer *buffer, struct feel_span span)
{
    bool is_negative = span.seconds < 0;
    uint64_t seconds = (uint64_t)span.seconds;
    int32_t nanos = span.nanos;
    if (is_negative) {
        seconds = -seconds - (nanos > 0);
        nanos = nanos > 0 ? FEEL__SECOND_NANOS - nanos : 0;
    }
    buffer_add(buffer, is_negative ? "-P" : "P");
    print_unit(buffer, seconds / FEEL__DAY_SECONDS, 'D');
    seconds %= FEEL__DAY_SECONDS;
    bool is_zero = span.seconds == 0 && span.nanos == 0;
    if (seconds == 0 && nanos == 0 && !is_zero)
        return;
    buffer_add_char(buffer, 'T');
    print_unit(buffer, seconds / 3600, 'H');
    print_unit(buffer, seconds / 60 % 60, 'M');
    if (seconds % 60 > 0 || nanos > 0 || is_zero) {
        buffer_printf(buffer, "%" PRIu64, seconds % 60);
        print_fraction(buffer, nanos);
        buffer_add_char(buffer, 'S');
    }
}

void feel__temporal_print(struct buffer *buffer, struct feel_value value)
{
    if (value.kind == FEEL_DATE) {
        print_date(buffer, value.date);
    } else if (value.kind == FEEL_TIME) {
        print_time(buffer, value.moment);
    } else if (value.kind == FEEL_DATE_TIME) {
        print_date(buffer, value.moment->date);
        buffer_add_char(buffer, 'T');
        print_time(buffer, value.moment);
    } else if (value.kind == FEEL_MONTHS) {
        print_months(buffer, value.months);
    } else {
        print_span(buffer, value.span);
    }
}
