/*
 * Working days: Monday to Friday, but for the days that workdays.csv names. The pack says for which
 * years it holds the holiday notices; outside them there is no answer, because a guess would be a
 * wrong deadline.
 */
#include "base/arena.h"
#include "policy/policy_loader.h"

POLICY_ENUM(workday_kind)

enum { SATURDAY = 6 };

static bool is_in_calendar(const struct pack *pack, struct day day)
{
    return !day_is_none(day) && day_compare(day, pack->calendar_first) >= 0 &&
           day_compare(day, pack->calendar_last) <= 0;
}

/* --- loading */

static void check_day(struct policy_loader *loader, const struct policy_row *row,
                      const struct pack_special_day *special, struct day before)
{
    const char *text = row->cells[0];
    if (!day_is_none(loader->pack->calendar_last) && !is_in_calendar(loader->pack, special->day))
        policy__fault(loader, row->places[0], "pack.outside_calendar", "value", text, NULL);
    else if (!day_is_none(before) && day_compare(special->day, before) <= 0)
        policy__fault(loader, row->places[0], "pack.days_in_order", "value", text, NULL);
    else if (special->kind == WORKDAY_KIND_MAKEUP && day_weekday(special->day) < SATURDAY)
        policy__fault(loader, row->places[1], "pack.makeup_on_weekday", "value", text, NULL);
}

/* Each year of the calendar has its holidays, or the year was forgotten. */
static void check_years(struct policy_loader *loader)
{
    const struct pack *pack = loader->pack;
    int last = day_civil(pack->calendar_last).year;
    for (int year = day_civil(pack->calendar_first).year; year <= last; year++) {
        bool is_known = false;
        for (size_t i = 0; i < pack->special_days.count && !is_known; i++)
            is_known = day_civil(pack->special_days.items[i].day).year == year;
        if (!is_known)
            policy__fault(loader, (struct policy_place){1, 1}, "pack.year_missing", "year",
                          arena_printf(loader->arena, "%d", year), NULL);
    }
}

void policy__load_workdays(struct policy_loader *loader)
{
    const struct policy_table *table = policy__table(loader, FILE_WORKDAYS);
    struct pack_special_day *days =
        arena_array(loader->arena, table->count, struct pack_special_day);
    size_t count = 0;
    struct day before = DAY_NONE;
    for (size_t i = 0; i < table->count; i++) {
        const struct policy_row *row = &table->rows[i];
        struct pack_special_day special = {.name = {row->cells[2], row->cells[3]}};
        policy__cell(loader, row, 2, "name");
        policy__cell(loader, row, 3, "name_en");
        if (!parse_workday_kind(row->cells[1], &special.kind))
            policy__fault(loader, row->places[1], "pack.not_in_list", "value", row->cells[1], NULL);
        if (!day_parse(row->cells[0], &special.day)) {
            policy__fault(loader, row->places[0], "pack.not_a_day", "value", row->cells[0], NULL);
            continue;
        }
        check_day(loader, row, &special, before);
        before = special.day;
        days[count++] = special;
    }
    loader->pack->special_days = (struct pack_special_day_list){count, days};
    if (!day_is_none(loader->pack->calendar_last))
        check_years(loader);
}

/* --- questions */

static const struct pack_special_day *special_day(const struct pack *pack, struct day day)
{
    size_t low = 0, high = pack->special_days.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = day_compare(pack->special_days.items[middle].day, day);
        if (order == 0)
            return &pack->special_days.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool pack_is_workday(const struct pack *pack, struct day day, bool *ret)
{
    if (!is_in_calendar(pack, day))
        return false;
    const struct pack_special_day *special = special_day(pack, day);
    *ret = special != NULL ? special->kind == WORKDAY_KIND_MAKEUP : day_weekday(day) < SATURDAY;
    return true;
}

enum workday_add pack_workday_add(const struct pack *pack, struct day day, int64_t n,
                                  struct day *ret)
{
    bool is_workday;
    if (!pack_is_workday(pack, day, &is_workday))
        return WORKDAY_ADD_BEYOND_CALENDAR;
    for (int64_t left = n; left > 0; left -= is_workday) {
        day = day_plus(day, 1);
        if (!pack_is_workday(pack, day, &is_workday))
            return WORKDAY_ADD_BEYOND_CALENDAR;
    }
    *ret = day;
    return WORKDAY_ADD_DONE;
}

enum workday_add pack_workdays_between(const struct pack *pack, struct day from, struct day to,
                                       int64_t *ret)
{
    bool is_backwards = day_compare(to, from) < 0;
    struct day first = is_backwards ? to : from, last = is_backwards ? from : to;
    bool is_workday;
    if (!pack_is_workday(pack, first, &is_workday) || !pack_is_workday(pack, last, &is_workday))
        return WORKDAY_ADD_BEYOND_CALENDAR;
    int64_t count = 0;
    for (struct day day = day_plus(first, 1); day_compare(day, last) <= 0; day = day_plus(day, 1)) {
        bool counts = false;
        if (pack_is_workday(pack, day, &counts))
            count += counts;
    }
    *ret = is_backwards ? -count : count;
    return WORKDAY_ADD_DONE;
}
