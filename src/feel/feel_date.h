/*
 * Dates, times and durations: the proleptic Gregorian calendar over a billion years to both sides,
 * how ISO 8601 writes them, and the clocks of the IANA zones.
 */
#ifndef DIANJI_FEEL_FEEL_DATE_H
#define DIANJI_FEEL_FEEL_DATE_H

#include "base/text.h"
#include "feel/feel.h"
#include "feel/feel_run.h"

enum { FEEL__DAY_SECONDS = 86400, FEEL__SECOND_NANOS = 1000000000 };

/* --- the calendar --- */

bool feel__date_of(int64_t year, int64_t month, int64_t day, struct feel_date *ret);
int64_t feel__days(struct feel_date date); /* since 1970-01-01 */
/* False where that is beyond the years that a date can have. */
bool feel__date_of_days(int64_t days, struct feel_date *ret);
/* Months later, on the same day or the month's last. */
bool feel__date_plus_months(struct feel_date date, int64_t months, struct feel_date *ret);
int feel__month_days(int32_t year, int month);
int feel__weekday(struct feel_date date); /* 1 Monday … 7 Sunday */
int feel__day_of_year(struct feel_date date);
int feel__week_of_year(struct feel_date date); /* ISO 8601 */

/* --- as text --- */

bool feel__date_parse(struct feel_text text, struct feel_date *ret);
bool feel__time_parse(struct feel_text text, struct feel_moment *ret);
/* A date alone is its midnight. */
bool feel__date_time_parse(struct feel_text text, struct feel_moment *ret);
/* Of either kind; the value says which. */
bool feel__duration_parse(struct feel_text text, struct feel_value *ret);
/* Whichever of the five it is. */
bool feel__temporal_parse(struct arena *arena, struct feel_text text, struct feel_value *ret);
/* Of these kinds alone. */
void feel__temporal_print(struct buffer *buffer, struct feel_value value);

/* --- clocks --- */

bool feel__zone_is_known(struct feel_text zone);
/* Seconds east of UTC; false where the clock is local. Of a time, on the run's day. */
bool feel__clock_offset(struct feel_run *run, enum feel_kind kind, const struct feel_moment *moment,
                        int32_t *ret);
/* Seconds since 1970 in UTC, for a local clock as if it were UTC's; of a time, since midnight. */
int64_t feel__utc_seconds(struct feel_run *run, enum feel_kind kind,
                          const struct feel_moment *moment);
/* What that clock shows `seconds` and `nano` after 1970 in UTC. */
bool feel__moment_at(int64_t seconds, int32_t nano, const struct feel_moment *clock,
                     struct feel_moment *ret);

/* --- values --- */

struct feel_value feel__moment_value(struct arena *arena, enum feel_kind kind,
                                     const struct feel_moment *moment);
struct feel_value feel__span_value(struct feel_span span);
/* Seconds with their fraction. */
struct feel_number feel__span_number(struct feel_span span);
bool feel__span_of_number(struct feel_number seconds, struct feel_span *ret);
struct feel_value feel__months_value(int64_t months);
int feel__span_compare(struct feel_span a, struct feel_span b);
/* seconds and nanos that may be out of their bounds. */
struct feel_span feel__span(int64_t seconds, int64_t nanos);

#endif
