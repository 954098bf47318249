/* Dates, times, durations: every day of ages there and back, what is written, what clocks do. */
#include "feel/feel_date.h"

#include "feel/feel_fixture.h"

#define CHECK(cases) feel_fixture_check((cases), sizeof(cases) / sizeof *(cases))

static void every_day_goes_there_and_back(void **state)
{
    (void)state;
    const struct feel_date starts[] = {{-999999999, 1, 1}, {-401, 2, 27},  {-1, 12, 31},
                                       {1582, 10, 1},      {1899, 12, 31}, {999999995, 1, 1}};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        int64_t first = feel__days(starts[i]);
        struct feel_date before = starts[i];
        for (int64_t days = first; days < first + 1800; days++) {
            struct feel_date date;
            assert_true(feel__date_of_days(days, &date));
            assert_int_equal(feel__days(date), days);
            bool is_next = date.day == before.day + 1 && date.month == before.month;
            bool opens_month =
                date.day == 1 && before.day == feel__month_days(before.year, before.month);
            assert_true(days == first || is_next || opens_month);
            before = date;
        }
    }
    struct feel_date date;
    assert_false(feel__date_of_days(feel__days((struct feel_date){999999999, 12, 31}) + 1, &date));
    assert_false(feel__date_of_days(INT64_MAX, &date));
    assert_false(feel__date_of_days(INT64_MIN, &date));
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    static const char *const texts[] = {"2025-03-07",
                                        "-0001-01-01",
                                        "99999-12-31",
                                        "00:00:00",
                                        "23:59:59.999999999",
                                        "10:00:00Z",
                                        "10:00:00+08:00",
                                        "10:00:00-02:45:55",
                                        "10:00:00@Asia/Shanghai",
                                        "2025-03-07T10:00:00",
                                        "-2025-03-07T10:00:00.5+08:00",
                                        "2025-03-07T10:00:00@Etc/UTC",
                                        "P1Y2M",
                                        "-P3M",
                                        "P0M",
                                        "P1DT2H3M4.5S",
                                        "-PT0.000000001S",
                                        "PT0S"};
    struct arena *arena = feel_fixture_arena();
    struct feel_run *run = feel_fixture_run(arena);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct feel_value value;
        assert_true(feel__temporal_parse(arena, feel_text(texts[i]), &value));
        assert_string_equal(feel_fixture_text(run, value), texts[i]);
    }
    arena_free(arena);
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "2025-3-7",
                                        "2025-02-29",
                                        "02025-01-01",
                                        "+2025-01-01",
                                        "1000000000-01-01",
                                        "2025-01-01T",
                                        "2025-01-01 10:00",
                                        "24:00:01",
                                        "10:60:00",
                                        "1:00:00",
                                        "10:00",
                                        "10:00:00.",
                                        "10:00:00+19:00",
                                        "10:00:00+08:00@Asia/Shanghai",
                                        "10:00:00@Nowhere/At",
                                        "10:00:00@",
                                        "P",
                                        "PT",
                                        "P1",
                                        "P1H",
                                        "P1Y1D",
                                        "P1M1Y",
                                        "1D",
                                        "P1.5D",
                                        "PT1.5H",
                                        "--P1D",
                                        "P1DT",
                                        "P999999999999999999Y",
                                        "P99999999999999999D"};
    struct arena *arena = feel_fixture_arena();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct feel_value value;
        if (feel__temporal_parse(arena, feel_text(texts[i]), &value))
            fail_msg("'%s' was taken for a time", texts[i]);
    }
    arena_free(arena);
}

static void functions(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"date(2024, 2, 29)", "2024-02-29"},
        {"date(2025, 2, 29)", "null"},
        {"date(2025.5, 1, 1)", "null"},
        {"date(@\"2025-03-07T10:00:00\")", "2025-03-07"},
        {"time(@\"2025-03-07T10:00:00+08:00\")", "10:00:00+08:00"},
        {"time(@\"2025-03-07\")", "00:00:00Z"},
        {"time(10, 30, 15.25)", "10:30:15.25"},
        {"time(10, 30, 60)", "null"},
        {"time(10, 0, 0, @\"-PT2H\")", "10:00:00-02:00"},
        {"date and time(@\"2025-03-07\", @\"10:00:00\")", "2025-03-07T10:00:00"},
        {"date and time(\"2025-03-07\")", "2025-03-07T00:00:00"},
        {"date and time(\"2025-12-31T24:00:00\")", "2026-01-01T00:00:00"},
        {"duration(\"P26M\")", "P2Y2M"},
        {"years and months duration(@\"2011-12-22\", @\"2013-08-24\")", "P1Y8M"},
        {"years and months duration(@\"2013-08-24\", @\"2011-12-22\")", "-P1Y8M"},
        {"years and months duration(@\"2024-01-31\", @\"2024-02-29\")", "P0M"},
        {"day of year(@\"2024-12-31\")", "366"},
        {"day of week(@\"2025-03-07\")", "Friday"},
        {"month of year(@\"2025-03-07\")", "March"},
        {"week of year(@\"2021-01-03\")", "53"},
        {"week of year(@\"2024-12-30\")", "1"},
        {"now()", "2025-10-15T09:00:00+08:00"},
        {"today()", "2025-10-15"},
        {"is(@\"10:00:00Z\", @\"10:00:00+00:00\")", "true"},
        {"is(@\"10:00:00@Etc/UTC\", @\"10:00:00Z\")", "false"},
    };
    CHECK(cases);
}

static void clocks(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"@\"2025-03-07T10:00:00+08:00\" = @\"2025-03-07T02:00:00Z\"", "true"},
        {"@\"2025-03-07T10:00:00@Asia/Shanghai\" = @\"2025-03-07T02:00:00Z\"", "true"},
        {"@\"1988-07-01T10:00:00@Asia/Shanghai\".time offset", "PT9H"}, /* summer time, once */
        {"@\"2025-03-07T10:00:00\" = @\"2025-03-07T10:00:00Z\"", "false"},
        {"@\"2025-03-07T10:00:00\" < @\"2025-03-07T10:00:00Z\"", "null"},
        {"@\"2025-03-07T10:00:00\" - @\"2025-03-07T10:00:00Z\"", "null"},
        {"@\"10:00:00+01:00\" < @\"10:00:00Z\"", "true"},
        {"@\"10:00:00.1\" = @\"10:00:00.2\"", "true"}, /* to the second */
        {"@\"10:00:00.1\" < @\"10:00:00.2\"", "true"},
        {"@\"2025-10-26T02:30:00@Europe/Paris\" + @\"PT1H\"", "2025-10-26T02:30:00@Europe/Paris"},
        {"@\"2025-03-30T02:30:00@Europe/Paris\" + @\"PT0S\"", "2025-03-30T03:30:00@Europe/Paris"},
        {"@\"999999999-12-31\" + @\"P1D\"", "null"},
        {"@\"-999999999-01-01\" - @\"P1M\"", "null"},
        {"@\"2025-03-07\" + @\"P99999999999Y\"", "null"},
    };
    CHECK(cases);
}

static void values_of_xml_schema(void **state)
{
    (void)state;
    const struct {
        enum feel_kind kind;
        const char *text;
        const char *value; /* NULL: refused */
    } cases[] = {{FEEL_NUMBER, " 12.50\n", "12.5"},
                 {FEEL_NUMBER, "+1E3", "1000"},
                 {FEEL_NUMBER, "NaN", NULL},
                 {FEEL_BOOLEAN, "1", "true"},
                 {FEEL_BOOLEAN, "false", "false"},
                 {FEEL_BOOLEAN, "yes", NULL},
                 {FEEL_STRING, " a ", " a "},
                 {FEEL_STRING, "\xff", NULL},
                 {FEEL_DATE, "2025-03-07", "2025-03-07"},
                 {FEEL_DATE, "2025-03-07T00:00:00", NULL},
                 {FEEL_TIME, "10:00:00Z", "10:00:00Z"},
                 {FEEL_DATE_TIME, "2025-03-07T10:00:00", "2025-03-07T10:00:00"},
                 {FEEL_SPAN, "P1Y", "P1Y"},
                 {FEEL_MONTHS, "PT1H", "PT1H"},
                 {FEEL_LIST, "[]", NULL}};
    struct arena *arena = feel_fixture_arena();
    struct feel_run *run = feel_fixture_run(arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct feel_value value;
        bool is_one = feel_read(arena, cases[i].kind, feel_text(cases[i].text), &value);
        assert_int_equal(is_one, cases[i].value != NULL);
        if (is_one)
            assert_string_equal(feel_fixture_text(run, value), cases[i].value);
    }
    struct day day;
    assert_true(day_parse("2025-03-07", &day));
    assert_string_equal(feel_fixture_text(run, feel_day(day)), "2025-03-07");
    assert_int_equal(feel_day(DAY_NONE).kind, FEEL_NULL);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_goes_there_and_back),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(functions),
        cmocka_unit_test(clocks),
        cmocka_unit_test(values_of_xml_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
