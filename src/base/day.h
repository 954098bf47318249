/*
 * Days and instants. A day is a civil date in China (UTC+8, no daylight saving since 1991); an
 * instant is a millisecond of UTC. Both have a NONE for "not given", which is NULL in the database.
 * Rules take the time from their context, never from the machine: tests and the simulation set it.
 */
#ifndef DIANJI_BASE_DAY_H
#define DIANJI_BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct day {
    int32_t v; /* days since 1970-01-01 */
};
struct instant {
    int64_t v; /* milliseconds since 1970-01-01T00:00:00Z */
};

#define DAY_NONE ((struct day){INT32_MIN})
#define INSTANT_NONE ((struct instant){INT64_MIN})

struct civil {
    int year;
    int month; /* 1–12 */
    int day;   /* 1–31 */
};

/* Years 1800–2999, so that a slip of a key in a year is refused rather than believed. */
bool day_of_civil(struct civil civil, struct day *ret) __attribute__((warn_unused_result));
struct civil day_civil(struct day day);
struct day day_plus(struct day day, int32_t days);
int32_t day_minus(struct day later, struct day earlier);
int day_compare(struct day a, struct day b);
bool day_is_none(struct day day);
int day_weekday(struct day day); /* 1 Monday … 7 Sunday, as ISO 8601 */

/* "2025-03-07". DAY_NONE gives "". */
const char *day_text(struct arena *arena, struct day day);
/* Exactly YYYY-MM-DD. */
bool day_parse(const char *text, struct day *ret) __attribute__((warn_unused_result));
/* What offices type as well: 2025/3/7, 2025.3.7, 20250307, 2025年3月7日. */
bool day_parse_office(const char *text, struct day *ret) __attribute__((warn_unused_result));

struct day instant_day(struct instant instant); /* the civil day in China */
/* The instant at which `minutes` of the civil day have passed in China. */
struct instant day_at(struct day day, int minutes);
int instant_minutes(struct instant instant); /* minutes since midnight in China, 0–1439 */
bool instant_is_none(struct instant instant);
int instant_compare(struct instant a, struct instant b);
/* RFC 3339 with offset: "2025-03-07T09:30:00+08:00". INSTANT_NONE gives "". */
const char *instant_text(struct arena *arena, struct instant instant);
bool instant_parse(const char *text, struct instant *ret) __attribute__((warn_unused_result));
/* The machine's clock; only boundaries (the server, the commands) ask it. */
struct instant clock_now(void);

#endif
