/*
 * The clocks of the IANA zones, as ICU knows them. A calendar is opened for each question and
 * closed again: nothing of a run outlives its arena, and nothing has to be closed with it.
 */
#include <unicode/ucal.h>

#include "feel/feel_date.h"

enum { ZONE_LENGTH_MOST = 64, MILLIS = 1000 };

/* Where ICU's rules end: some 100,000 years to both sides the last rule goes on for ever. */
#define SECONDS_MOST ((int64_t)3155760000000)

/* The zone in ICU's UTF-16; its length, or 0 where it cannot be a zone. */
static int32_t zone_id(struct feel_text zone, UChar *id)
{
    if (zone.length == 0 || zone.length > ZONE_LENGTH_MOST)
        return 0;
    for (size_t i = 0; i < zone.length; i++) {
        if ((unsigned char)zone.bytes[i] >= 0x80)
            return 0;
        id[i] = (UChar)zone.bytes[i];
    }
    return (int32_t)zone.length;
}

bool feel__zone_is_known(struct feel_text zone)
{
    UChar id[ZONE_LENGTH_MOST], canonical[ZONE_LENGTH_MOST];
    int32_t length = zone_id(zone, id);
    UBool is_system = false;
    UErrorCode status = U_ZERO_ERROR;
    if (length == 0)
        return false;
    ucal_getCanonicalTimeZoneID(id, length, canonical, ZONE_LENGTH_MOST, &is_system, &status);
    return U_SUCCESS(status) && is_system;
}

/* Seconds east of UTC at that second of UTC, or of the zone's own clock. Of an hour that a clock
 * shows twice it is the first; one that it leaves out is taken by the rule before. */
static bool zone_offset(struct feel_text zone, int64_t seconds, bool is_local, int32_t *ret)
{
    UChar id[ZONE_LENGTH_MOST];
    int32_t length = zone_id(zone, id), raw = 0, saved = 0;
    UErrorCode status = U_ZERO_ERROR;
    if (length == 0)
        return false;
    UCalendar *calendar = ucal_open(id, length, "", UCAL_GREGORIAN, &status);
    if (U_FAILURE(status))
        return false;
    if (seconds > SECONDS_MOST)
        seconds = SECONDS_MOST;
    else if (seconds < -SECONDS_MOST)
        seconds = -SECONDS_MOST;
    ucal_setMillis(calendar, (UDate)(seconds * MILLIS), &status);
    if (is_local) {
        ucal_getTimeZoneOffsetFromLocal(calendar, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, &raw,
                                        &saved, &status);
    } else {
        raw = ucal_get(calendar, UCAL_ZONE_OFFSET, &status);
        saved = ucal_get(calendar, UCAL_DST_OFFSET, &status);
    }
    ucal_close(calendar);
    *ret = (raw + saved) / MILLIS;
    return U_SUCCESS(status);
}

/* Seconds since 1970 that the clock shows; of a time, as if it were the run's day. */
static int64_t shown_seconds(const struct feel_run *run, enum feel_kind kind,
                             const struct feel_moment *moment)
{
    if (kind == FEEL_DATE_TIME)
        return feel__days(moment->date) * FEEL__DAY_SECONDS + moment->second;
    int64_t today = instant_is_none(run->now) ? 0 : run->now.v / MILLIS / FEEL__DAY_SECONDS;
    return today * FEEL__DAY_SECONDS + moment->second;
}

bool feel__clock_offset(struct feel_run *run, enum feel_kind kind, const struct feel_moment *moment,
                        int32_t *ret)
{
    switch (moment->clock) {
    case FEEL_CLOCK_LOCAL:
        return false;
    case FEEL_CLOCK_OFFSET:
        *ret = moment->offset;
        return true;
    case FEEL_CLOCK_ZONE:
        return zone_offset(moment->zone, shown_seconds(run, kind, moment), /* is_local= */ true,
                           ret);
    }
    return false;
}

int64_t feel__utc_seconds(struct feel_run *run, enum feel_kind kind,
                          const struct feel_moment *moment)
{
    int32_t offset;
    int64_t seconds = kind == FEEL_DATE_TIME ? shown_seconds(run, kind, moment) : moment->second;
    return feel__clock_offset(run, kind, moment, &offset) ? seconds - offset : seconds;
}

bool feel__moment_at(int64_t seconds, int32_t nano, const struct feel_moment *clock,
                     struct feel_moment *ret)
{
    int32_t offset = clock->clock == FEEL_CLOCK_OFFSET ? clock->offset : 0;
    if (clock->clock == FEEL_CLOCK_ZONE &&
        !zone_offset(clock->zone, seconds, /* is_local= */ false, &offset))
        return false;
    seconds += offset;
    int64_t days = seconds / FEEL__DAY_SECONDS, second = seconds % FEEL__DAY_SECONDS;
    if (second < 0) {
        second += FEEL__DAY_SECONDS;
        days--;
    }
    *ret = *clock;
    ret->second = (int32_t)second;
    ret->nano = nano;
    return feel__date_of_days(days, &ret->date);
}
