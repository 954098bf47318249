/* Civil calendar arithmetic (proleptic Gregorian), after the usual era decomposition. */
#include "base/day.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"

enum {
    DAYS_PER_ERA = 146097,
    YEARS_PER_ERA = 400,
    EPOCH_SHIFT = 719468, /* days from 0000-03-01 to 1970-01-01 */
    MS_PER_MINUTE = 60 * 1000,
    MINUTES_PER_DAY = 24 * 60,
    CHINA_OFFSET_MINUTES = 8 * 60,
    FIRST_YEAR = 1800,
    LAST_YEAR = 2999,
};
static const int64_t MS_PER_DAY = (int64_t)MINUTES_PER_DAY * MS_PER_MINUTE;

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

bool day_of_civil(struct civil civil, struct day *ret)
{
    if (civil.year < FIRST_YEAR || civil.year > LAST_YEAR || civil.month < 1 || civil.month > 12 ||
        civil.day < 1 || civil.day > month_length(civil.year, civil.month))
        return false;
    /* The year starts in March, so that the leap day is its last. */
    int year = civil.month <= 2 ? civil.year - 1 : civil.year;
    int era = year / YEARS_PER_ERA;
    int year_of_era = year - era * YEARS_PER_ERA;
    int month_from_march = (civil.month + 9) % 12;
    int day_of_year = (153 * month_from_march + 2) / 5 + civil.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    ret->v = era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT;
    return true;
}

struct civil day_civil(struct day day)
{
    int32_t shifted = day.v + EPOCH_SHIFT;
    int era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int day_of_era = shifted - era * DAYS_PER_ERA;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_PER_ERA - 1)) /
        365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    struct civil civil;
    civil.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    civil.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    civil.year = year_of_era + era * YEARS_PER_ERA + (civil.month <= 2);
    return civil;
}

struct day day_plus(struct day day, int32_t days)
{
    return (struct day){day.v + days};
}

int32_t day_minus(struct day later, struct day earlier)
{
    return later.v - earlier.v;
}

int day_compare(struct day a, struct day b)
{
    return (a.v > b.v) - (a.v < b.v);
}

bool day_is_none(struct day day)
{
    return day.v == INT32_MIN;
}

int day_weekday(struct day day)
{
    /* 1970-01-01 was a Thursday. */
    return ((day.v % 7) + 7 + 3) % 7 + 1;
}

const char *day_text(struct arena *arena, struct day day)
{
    if (day_is_none(day))
        return "";
    struct civil civil = day_civil(day);
    return arena_printf(arena, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

/* Reads 1 to `most` digits. */
static bool parse_digits(const char **at, int most, int *ret)
{
    int value = 0;
    int count = 0;
    while (count < most && **at >= '0' && **at <= '9') {
        value = value * 10 + (**at - '0');
        (*at)++;
        count++;
    }
    *ret = value;
    return count > 0;
}

static bool skip(const char **at, const char *text)
{
    size_t length = strlen(text);
    if (strncmp(*at, text, length) != 0)
        return false;
    *at += length;
    return true;
}

bool day_parse(const char *text, struct day *ret)
{
    struct civil civil;
    const char *at = text;
    return strlen(text) == 10 && parse_digits(&at, 4, &civil.year) && skip(&at, "-") &&
           parse_digits(&at, 2, &civil.month) && skip(&at, "-") &&
           parse_digits(&at, 2, &civil.day) && *at == '\0' && day_of_civil(civil, ret);
}

bool day_parse_office(const char *text, struct day *ret)
{
    static const char *const separators[][3] = {
        {"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}, {"年", "月", ""}};
    struct civil civil;
    if (strlen(text) == 8 && strspn(text, "0123456789") == 8 &&
        sscanf(text, "%4d%2d%2d", &civil.year, &civil.month, &civil.day) == 3)
        return day_of_civil(civil, ret);
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        const char *at = text;
        if (parse_digits(&at, 4, &civil.year) && skip(&at, separators[i][0]) &&
            parse_digits(&at, 2, &civil.month) && skip(&at, separators[i][1]) &&
            parse_digits(&at, 2, &civil.day) && skip(&at, separators[i][2]) && *at == '\0')
            return day_of_civil(civil, ret);
    }
    return false;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static const int64_t CHINA_OFFSET_MS = (int64_t)CHINA_OFFSET_MINUTES * MS_PER_MINUTE;

struct day instant_day(struct instant instant)
{
    return (struct day){(int32_t)floor_divide(instant.v + CHINA_OFFSET_MS, MS_PER_DAY)};
}

struct instant day_at(struct day day, int minutes)
{
    return (struct instant){day.v * MS_PER_DAY + (int64_t)minutes * MS_PER_MINUTE -
                            CHINA_OFFSET_MS};
}

int instant_minutes(struct instant instant)
{
    int64_t since_midnight = instant.v - day_at(instant_day(instant), 0).v;
    return (int)(since_midnight / MS_PER_MINUTE);
}

bool instant_is_none(struct instant instant)
{
    return instant.v == INT64_MIN;
}

int instant_compare(struct instant a, struct instant b)
{
    return (a.v > b.v) - (a.v < b.v);
}

const char *instant_text(struct arena *arena, struct instant instant)
{
    if (instant_is_none(instant))
        return "";
    struct day day = instant_day(instant);
    int seconds = (int)((instant.v - day_at(day, 0).v) / 1000);
    return arena_printf(arena, "%sT%02d:%02d:%02d+08:00", day_text(arena, day), seconds / 3600,
                        seconds / 60 % 60, seconds % 60);
}

bool instant_parse(const char *text, struct instant *ret)
{
    char date[11] = "";
    int hour, minute, second, used = 0;
    if (strlen(text) < 20 || text[10] != 'T')
        return false;
    memcpy(date, text, 10);
    struct day day;
    if (!day_parse(date, &day) ||
        sscanf(text + 11, "%2d:%2d:%2d%n", &hour, &minute, &second, &used) != 3 || hour > 23 ||
        minute > 59 || second > 59 || hour < 0 || minute < 0 || second < 0)
        return false;
    const char *zone = text + 11 + used;
    int64_t local = day_at(day, hour * 60 + minute).v + second * 1000LL;
    if (strcmp(zone, "+08:00") == 0)
        ret->v = local;
    else if (strcmp(zone, "Z") == 0)
        ret->v = local + CHINA_OFFSET_MS;
    else
        return false;
    return true;
}

struct instant clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){now.tv_sec * 1000LL + now.tv_nsec / 1000000};
}
