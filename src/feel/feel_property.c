/* What a path finds: entries of contexts, and the properties of times, durations and ranges. */
#include "feel/feel_date.h"
#include "feel/feel_number.h"
#include "feel/feel_run.h"

static bool is(struct feel_text name, const char *property)
{
    return feel_text_equal(name, feel_text(property));
}

static bool give_integer(int64_t integer, struct feel_value *ret)
{
    *ret = feel_integer(integer);
    return true;
}

static bool date_property(struct feel_date date, struct feel_text name, struct feel_value *ret)
{
    if (is(name, "year"))
        return give_integer(date.year, ret);
    if (is(name, "month"))
        return give_integer(date.month, ret);
    if (is(name, "day"))
        return give_integer(date.day, ret);
    if (is(name, "weekday"))
        return give_integer(feel__weekday(date), ret);
    return false;
}

static bool time_property(struct feel_run *run, struct feel_value value, struct feel_text name,
                          struct feel_value *ret)
{
    const struct feel_moment *moment = value.moment;
    int32_t offset;
    if (is(name, "hour"))
        return give_integer(moment->second / 3600, ret);
    if (is(name, "minute"))
        return give_integer(moment->second / 60 % 60, ret);
    if (is(name, "second"))
        return give_integer(moment->second % 60, ret);
    if (is(name, "time offset")) {
        *ret = feel__clock_offset(run, value.kind, moment, &offset)
                   ? feel__span_value(feel__span(offset, 0))
                   : feel_null();
        return true;
    }
    if (is(name, "timezone")) {
        *ret = moment->clock == FEEL_CLOCK_ZONE ? feel_string(moment->zone) : feel_null();
        return true;
    }
    return false;
}

static bool months_property(int64_t months, struct feel_text name, struct feel_value *ret)
{
    if (is(name, "years"))
        return give_integer(months / 12, ret);
    if (is(name, "months"))
        return give_integer(months % 12, ret);
    return false;
}

/* Each with the sign of the whole. */
static bool span_property(struct feel_span span, struct feel_text name, struct feel_value *ret)
{
    int64_t seconds = span.seconds + (span.seconds < 0 && span.nanos > 0);
    if (is(name, "days"))
        return give_integer(seconds / FEEL__DAY_SECONDS, ret);
    if (is(name, "hours"))
        return give_integer(seconds / 3600 % 24, ret);
    if (is(name, "minutes"))
        return give_integer(seconds / 60 % 60, ret);
    if (is(name, "seconds"))
        return give_integer(seconds % 60, ret);
    return false;
}

static bool range_property(const struct feel_range *range, struct feel_text name,
                           struct feel_value *ret)
{
    if (is(name, "start"))
        *ret = range->low;
    else if (is(name, "end"))
        *ret = range->high;
    else if (is(name, "start included"))
        *ret = feel_boolean(range->low_included);
    else if (is(name, "end included"))
        *ret = feel_boolean(range->high_included);
    else
        return false;
    return true;
}

bool feel__member(struct feel_run *run, struct feel_value value, struct feel_text name,
                  struct feel_value *ret)
{
    switch (value.kind) {
    case FEEL_CONTEXT: {
        const struct feel_value *entry = feel_context_find(value.context, name);
        if (entry != NULL)
            *ret = *entry;
        return entry != NULL;
    }
    case FEEL_DATE:
        return date_property(value.date, name, ret);
    case FEEL_TIME:
        return time_property(run, value, name, ret);
    case FEEL_DATE_TIME:
        return date_property(value.moment->date, name, ret) || time_property(run, value, name, ret);
    case FEEL_MONTHS:
        return months_property(value.months, name, ret);
    case FEEL_SPAN:
        return span_property(value.span, name, ret);
    case FEEL_RANGE:
        return range_property(value.range, name, ret);
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_LIST:
    case FEEL_FUNCTION:
        return false;
    }
    return false;
}
