/* The Yunnan pack and what is asked of it: it loads whole, and answers as the plan says. */
#include "policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"

#define YUNNAN DIANJI_SOURCE_DIR "/policies/yunnan-2021-28"
#define MINIMAL DIANJI_SOURCE_DIR "/tests/pack/minimal"

enum { ARENA_BYTES = 64 * 1024 * 1024 };

static struct arena *arena;        /* allowed: of this test program */
static const struct pack *yunnan;  /* allowed: of this test program */
static const struct pack *minimal; /* allowed: of this test program */

static const struct pack *load(const char *dir)
{
    const struct pack *pack = NULL;
    struct pack_faults faults;
    if (!pack_load(arena, dir, &pack, &faults))
        print_error("%s:%d:%d %s %s\n", faults.items[0].file, faults.items[0].line,
                    faults.items[0].column, faults.items[0].message.key,
                    faults.items[0].message.arguments[0].value);
    return pack;
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(ARENA_BYTES);
    yunnan = load(YUNNAN);
    minimal = load(MINIMAL);
    return yunnan == NULL || minimal == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct day on(const char *text)
{
    struct day day;
    assert_true(day_parse(text, &day));
    return day;
}

/* --- the plan */

static void test_plan_is_complete(void **state)
{
    (void)state;
    assert_int_equal(yunnan->items.count, 28);
    assert_int_equal(yunnan->clauses.count, 3 + 28 + 4);
    assert_int_equal(yunnan->departments.count, 23);
    assert_int_equal(yunnan->headlines.count, 4);
    assert_int_equal(yunnan->regions.count, 1 + 16 + 129 + 1461);
    assert_int_equal(yunnan->former_regions.count, 92);
    assert_int_equal(yunnan->ethnic_groups.count, 58);
    assert_int_equal(strlen(yunnan->version), 64);
    assert_string_equal(yunnan->doc_no, "云政发〔2021〕28号");
    for (int64_t no = 1; no <= 28; no++) {
        const struct pack_item *item = pack_item(yunnan, no);
        assert_int_equal(item->no, no);
        assert_string_equal(item->clause->id, arena_printf(arena, "意见 二.%d", (int)no));
        assert_true(item->metrics.count > 0);
        assert_true(item->department_count > 0);
    }
    assert_null(pack_item(yunnan, 0));
    assert_null(pack_item(yunnan, 29));
}

/* 231+100+35+20+30+25+10+10+39 万. */
static void test_headline_is_the_sum_of_items_1_to_9(void **state)
{
    (void)state;
    const struct pack_metric *headline = pack_metric(yunnan, "H.training");
    assert_int_equal(headline->sum_of_count, 9);
    int64_t sum = 0;
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(headline->sum_of[i]->item->no, i + 1);
        sum += pack_target(headline->sum_of[i], 2025)->least;
    }
    assert_int_equal(sum, 5000000);
    assert_int_equal(pack_target(headline, 2025)->least, 5000000);
    assert_null(pack_target(headline, 2021));
    assert_null(headline->item);
}

static void test_every_programme_counts_for_its_item(void **state)
{
    (void)state;
    bool has_programme[29] = {false};
    for (size_t i = 0; i < yunnan->programmes.count; i++)
        has_programme[yunnan->programmes.items[i].item->no] = true;
    static const int trained[] = {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 20};
    for (size_t i = 0; i < sizeof trained / sizeof trained[0]; i++)
        assert_true(has_programme[trained[i]]);
}

static void test_metric_says_what_counts(void **state)
{
    (void)state;
    const struct pack_metric *metric = pack_metric(yunnan, "T03.elder_care_cert");
    assert_string_equal(metric->counts->fact->kind, "certificate.issued");
    assert_string_equal(metric->counts->occupation->name.zh, "养老护理员");
    assert_int_equal(metric->counts->item, 3);
    assert_int_equal(metric->counts->counted, COUNTED_PEOPLE);
    assert_ptr_equal(metric->of_which, pack_metric(yunnan, "T03.training"));
    assert_string_equal(metric->unit.en, "people");
    metric = pack_metric(yunnan, "T01.tech_school_special");
    assert_string_equal(metric->counts->tags[0]->code, "technical_college");
    assert_null(metric->counts->tags[1]);
    metric = pack_metric(yunnan, "T09.high_skilled_stock");
    assert_int_equal(metric->baseline->value, 1160000);
    assert_string_equal(metric->counts->level_at_least->code, "senior");
    assert_int_equal(metric->counts->item, PACK_NUMBER_NONE);
    metric = pack_metric(yunnan, "T02.low_income_coverage");
    assert_string_equal(metric->out_of->fact->kind, "wish.stated");
    metric = pack_metric(yunnan, "T18.platform");
    assert_int_equal(metric->checklist.count, 8);
    assert_null(pack_metric(yunnan, "T99.nothing"));
}

static void test_targets_keep_their_words(void **state)
{
    (void)state;
    const struct pack_target *target =
        pack_target(pack_metric(yunnan, "T19.technician_colleges"), 2025);
    assert_int_equal(target->comparison, COMPARISON_RANGE);
    assert_int_equal(target->least, 4);
    assert_int_equal(target->most, 6);
    target = pack_target(pack_metric(yunnan, "T19.schools"), 2025);
    assert_int_equal(target->qualifier, QUALIFIER_ABOUT);
    assert_int_equal(target->comparison, COMPARISON_ABOUT);
    target = pack_target(pack_metric(yunnan, "T17.county_bases"), 2025);
    assert_int_equal(target->qualifier, QUALIFIER_BATCH);
    assert_int_equal(target->least, PACK_NUMBER_NONE);
    assert_int_equal(pack_metric(yunnan, "T17.artisan_parks_per_prefecture")->each,
                     METRIC_EACH_PREFECTURE);
    assert_int_equal(pack_metric(yunnan, "T24.commendation")->every_years, 3);
}

/* A figure that the Opinion does not name says where it comes from and who may change it. */
static void test_local_settings_say_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < yunnan->parameters.count; i++) {
        const struct pack_basis *basis = &yunnan->parameters.items[i].basis;
        assert_true(basis->clause != NULL || basis->decision.zh != NULL);
    }
    for (size_t i = 0; i < yunnan->subsidy_rules.count; i++)
        assert_non_null(yunnan->subsidy_rules.items[i].basis.decision.zh);
    assert_int_equal(pack_parameter(yunnan, PARAMETER_SUBSIDISED_PER_YEAR_MOST, on("2023-05-01")),
                     3);
    assert_int_equal(pack_parameter(yunnan, PARAMETER_SAME_LEVEL_REPEATS_MOST, on("2023-05-01")),
                     0);
}

/* --- lookups */

static void test_lists_are_found_by_code(void **state)
{
    (void)state;
    assert_string_equal(pack_clause(yunnan, "意见 二.28")->title.en, "Prizes");
    assert_null(pack_clause(yunnan, "意见 二"));
    assert_string_equal(pack_department(yunnan, "hrss")->name.zh, "省人力资源社会保障厅");
    assert_null(pack_department(yunnan, "nobody"));
    assert_string_equal(pack_say(pack_tag(yunnan, "retired_fisher")->name, LANGUAGE_ZH),
                        "长江流域退捕渔民");
    assert_string_equal(pack_say(pack_occupation(yunnan, "4-10-01-05")->name, LANGUAGE_EN),
                        "Elder-care worker");
    assert_null(pack_occupation(yunnan, "9-99-99-99"));
    assert_int_equal(pack_level(yunnan, "senior")->rank, 4);
    assert_true(pack_level(yunnan, "senior")->is_high_skilled);
    assert_false(pack_level(yunnan, "intermediate")->is_high_skilled);
    assert_null(pack_level(yunnan, "expert"));
    assert_string_equal(pack_ethnic_group(yunnan, "20")->name.zh, "傈僳族");
    assert_string_equal(pack_education(yunnan, "47")->name.zh, "技工学校");
    assert_null(pack_education(yunnan, "99"));
    assert_true((pack_fact(yunnan, "training.completed")->carries >> FACT_FIELD_PERSON & 1) != 0);
    assert_null(pack_fact(yunnan, "training.imagined"));
    assert_null(pack_programme(yunnan, "T99"));
}

static void test_programme_teaches(void **state)
{
    (void)state;
    const struct pack_programme *care = pack_programme(yunnan, "T03-ELDERCARE");
    assert_true(pack_teaches(yunnan, care, "4-10-01-05", "junior"));
    assert_true(pack_teaches(yunnan, care, "4-10-01-05", NULL));
    assert_false(pack_teaches(yunnan, care, "4-10-01-05", "chief_technician"));
    assert_false(pack_teaches(yunnan, care, "4-10-01-05", "no_level"));
    assert_false(pack_teaches(yunnan, care, "6-31-01-03", "junior"));
    assert_false(pack_teaches(yunnan, care, NULL, NULL));
    const struct pack_programme *farm = pack_programme(yunnan, "T02-PRACTICAL");
    assert_true(pack_teaches(yunnan, farm, NULL, NULL));
    assert_false(pack_teaches(yunnan, farm, NULL, "junior"));
    assert_int_equal(pack_class_size_most(yunnan, farm, on("2023-01-01")), 50);
    assert_int_equal(
        pack_class_size_most(yunnan, pack_programme(yunnan, "T06-SYB"), on("2023-01-01")), 30);
    const struct pack_programme *night = pack_programme(minimal, "NIGHT");
    assert_false(pack_programme_runs(night, on("2021-02-28")));
    assert_true(pack_programme_runs(night, on("2021-03-01")));
    assert_true(pack_programme_runs(night, on("2022-06-30")));
    assert_false(pack_programme_runs(night, on("2022-07-01")));
    assert_true(pack_programme_runs(pack_programme(minimal, "TALK"), on("2099-01-01")));
}

static void test_parameters_follow_the_day(void **state)
{
    (void)state;
    assert_int_equal(pack_parameter(minimal, PARAMETER_CLASS_SIZE_MOST, on("2020-01-01")), 50);
    assert_int_equal(pack_parameter(minimal, PARAMETER_CLASS_SIZE_MOST, on("2021-12-31")), 50);
    assert_int_equal(pack_parameter(minimal, PARAMETER_CLASS_SIZE_MOST, on("2022-01-01")), 40);
    assert_int_equal(pack_parameter(minimal, PARAMETER_CLASS_SIZE_MOST, on("2030-01-01")), 40);
    const struct pack_parameter *size = pack_find_parameter(minimal, PARAMETER_CLASS_SIZE_MOST);
    assert_int_equal(size->values.items[0].to.v, on("2021-12-31").v);
    assert_true(day_is_none(size->values.items[1].to));
    assert_null(pack_find_parameter(minimal, "nothing"));
}

/* --- places */

static void test_regions(void **state)
{
    (void)state;
    const struct pack_region *county = pack_region(yunnan, "530102");
    assert_string_equal(county->name, "五华区");
    assert_string_equal(county->parent->name_en, "Kunming City");
    assert_string_equal(county->parent->parent->code, "530000");
    assert_null(county->parent->parent->parent);
    assert_true(pack_region_within(yunnan, "530102003000", "530100"));
    assert_true(pack_region_within(yunnan, "530102", "530102"));
    assert_true(pack_region_within(yunnan, "530102", "530000"));
    assert_false(pack_region_within(yunnan, "530100", "530102"));
    assert_false(pack_region_within(yunnan, "530102", "530300"));
    assert_false(pack_region_within(yunnan, "999999", "530000"));
    assert_string_equal(
        pack_region_at(pack_region(yunnan, "530102003000"), REGION_LEVEL_PREFECTURE)->code,
        "530100");
    assert_null(pack_region_at(pack_region(yunnan, "530100"), REGION_LEVEL_COUNTY));
    assert_null(pack_region(yunnan, "5301"));
    int prefectures = 0, counties = 0;
    for (size_t i = 0; i < yunnan->regions.count; i++) {
        const struct pack_region *region = &yunnan->regions.items[i];
        prefectures += region->level == REGION_LEVEL_PREFECTURE;
        counties += region->level == REGION_LEVEL_COUNTY;
        assert_true(region->level == REGION_LEVEL_TOWNSHIP || region->name_en != NULL);
    }
    assert_int_equal(prefectures, 16);
    assert_int_equal(counties, 129);
}

/* A class in a border county, or in a township of one, is paid the uplift. */
static void test_places_have_tags(void **state)
{
    (void)state;
    assert_string_equal(pack_region_tags(arena, yunnan, "532532"), "|border_area|");
    assert_string_equal(pack_region_tags(arena, yunnan, "533301"), "|border_area|priority_area|");
    assert_string_equal(pack_region_tags(arena, yunnan, "533400"), "|priority_area|");
    assert_string_equal(pack_region_tags(arena, yunnan, "530102"), "|");
    assert_string_equal(pack_region_tags(arena, yunnan, "999999"), "|");
    assert_string_equal(pack_region_tags(arena, minimal, "530102003000"), "|border|");
    assert_string_equal(pack_organisation_tags(arena, yunnan, "technical_school"),
                        "|technical_college|");
    assert_string_equal(pack_organisation_tags(arena, yunnan, "enterprise"), "|");
    assert_string_equal(pack_organisation_tags(arena, yunnan, NULL), "|");
    int border = 0;
    for (size_t i = 0; i < yunnan->regions.count; i++)
        border += yunnan->regions.items[i].tag_count > 0 &&
                  yunnan->regions.items[i].level == REGION_LEVEL_COUNTY;
    assert_int_equal(border, 25);
}

/* Identity numbers carry the codes of long ago. */
static void test_retired_codes_lead_to_today(void **state)
{
    (void)state;
    assert_string_equal(pack_region_current(yunnan, "533421")->name, "香格里拉市");
    assert_string_equal(pack_region_current(yunnan, "532331")->code, "532302");
    assert_string_equal(pack_region_current(yunnan, "533126")->name, "瑞丽市");
    assert_string_equal(pack_region_current(yunnan, "530102")->code, "530102");
    assert_null(pack_region_current(yunnan, "110101"));
    assert_string_equal(pack_former_region(yunnan, "532121")->name, "昭通县");
    assert_null(pack_former_region(yunnan, "530102"));
}

/* --- working days */

static void check_workday(const char *from, int64_t n, const char *expected)
{
    struct day day;
    assert_int_equal(pack_workday_add(yunnan, on(from), n, &day), WORKDAY_ADD_DONE);
    assert_string_equal(day_text(arena, day), expected);
    int64_t between;
    assert_int_equal(pack_workdays_between(yunnan, on(from), day, &between), WORKDAY_ADD_DONE);
    assert_int_equal(between, n);
    assert_int_equal(pack_workdays_between(yunnan, day, on(from), &between), WORKDAY_ADD_DONE);
    /* Backwards `from` itself is the last day. */
    bool is_from, is_day;
    assert_true(pack_is_workday(yunnan, on(from), &is_from) &&
                pack_is_workday(yunnan, day, &is_day));
    assert_int_equal(-between, n);
}

static void test_working_days_across_holidays(void **state)
{
    (void)state;
    /* National Day 2021: 1–7 October, made up on 26 September and 9 October. */
    check_workday("2021-09-24", 1, "2021-09-26");
    check_workday("2021-09-30", 1, "2021-10-08");
    check_workday("2021-09-30", 2, "2021-10-09");
    check_workday("2021-09-30", 3, "2021-10-11");
    /* 2022: 1–7 October, made up on 8 and 9 October. */
    check_workday("2022-09-30", 1, "2022-10-08");
    check_workday("2022-09-30", 5, "2022-10-12");
    /* 2023: 29 September – 6 October, made up on 7 and 8 October. */
    check_workday("2023-09-28", 2, "2023-10-08");
    check_workday("2023-09-28", 5, "2023-10-11");
    /* 2024: 1–7 October, made up on 29 September and 12 October. */
    check_workday("2024-09-27", 2, "2024-09-30");
    check_workday("2024-09-30", 5, "2024-10-12");
    /* 2025: 1–8 October with Mid-autumn, made up on 28 September and 11 October. */
    check_workday("2025-09-26", 1, "2025-09-28");
    check_workday("2025-09-30", 3, "2025-10-11");
    check_workday("2025-09-30", 5, "2025-10-14");
    /* Spring Festivals. */
    check_workday("2021-02-10", 1, "2021-02-18");
    check_workday("2021-02-10", 3, "2021-02-20");
    check_workday("2024-02-09", 1, "2024-02-18");
    check_workday("2025-01-27", 1, "2025-02-05");
    /* An ordinary week. */
    check_workday("2025-03-07", 5, "2025-03-14");
    check_workday("2025-03-08", 1, "2025-03-10");
}

static void test_no_deadline_beyond_the_calendar(void **state)
{
    (void)state;
    struct day day = DAY_NONE;
    int64_t count;
    bool is_workday;
    assert_int_equal(pack_workday_add(yunnan, on("2026-12-31"), 1, &day),
                     WORKDAY_ADD_BEYOND_CALENDAR);
    assert_int_equal(pack_workday_add(yunnan, on("2026-12-25"), 5, &day),
                     WORKDAY_ADD_BEYOND_CALENDAR);
    assert_int_equal(pack_workday_add(yunnan, on("2026-12-25"), 4, &day), WORKDAY_ADD_DONE);
    assert_int_equal(pack_workday_add(yunnan, on("2020-12-31"), 1, &day),
                     WORKDAY_ADD_BEYOND_CALENDAR);
    assert_int_equal(pack_workday_add(yunnan, DAY_NONE, 1, &day), WORKDAY_ADD_BEYOND_CALENDAR);
    assert_false(pack_is_workday(yunnan, on("2027-01-04"), &is_workday));
    assert_int_equal(pack_workdays_between(yunnan, on("2026-12-01"), on("2027-01-04"), &count),
                     WORKDAY_ADD_BEYOND_CALENDAR);
}

/* Adding n one by one is adding n, whatever the day. */
static void test_working_days_add_up(void **state)
{
    (void)state;
    struct day last = on("2026-10-01");
    for (struct day day = on("2021-01-01"); day_compare(day, last) < 0; day = day_plus(day, 1)) {
        struct day step = day, far;
        for (int i = 0; i < 10; i++)
            assert_int_equal(pack_workday_add(yunnan, step, 1, &step), WORKDAY_ADD_DONE);
        assert_int_equal(pack_workday_add(yunnan, day, 10, &far), WORKDAY_ADD_DONE);
        assert_int_equal(step.v, far.v);
    }
}

/* --- subsidies */

struct subsidy_case {
    const char *programme, *occupation, *level, *tags, *day;
    int64_t years;
    enum pack_subsidy outcome;
    const char *rule, *uplift, *amount;
};

static void check_subsidies(const struct pack *pack, const struct subsidy_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct subsidy_case *c = &cases[i];
        struct pack_subsidy_answer answer;
        enum pack_subsidy outcome = pack_subsidy(
            arena, pack,
            &(struct pack_subsidy_args){.programme = pack_programme(pack, c->programme),
                                        .occupation = c->occupation,
                                        .level = c->level,
                                        .tags = c->tags,
                                        .on = on(c->day),
                                        .years = c->years},
            &answer);
        if (outcome != c->outcome)
            print_error("case %zu\n", i);
        assert_int_equal(outcome, c->outcome);
        assert_non_null(answer.explanation.key);
        if (outcome != PACK_SUBSIDY_FOUND)
            continue;
        assert_string_equal(answer.rule->id, c->rule);
        assert_string_equal(fen_plain(arena, answer.amount_fen), c->amount);
        if (c->uplift == NULL)
            assert_null(answer.uplift);
        else
            assert_string_equal(answer.uplift->id, c->uplift);
    }
}

static void test_subsidy_rules(void **state)
{
    (void)state;
    static const char WELDER[] = "1-00-00-01";
    static const struct subsidy_case cases[] = {
        /* The narrower rule decides, while it holds. */
        {"WELD", WELDER, "junior", "|", "2021-06-01", 0, PACK_SUBSIDY_FOUND, "weld-junior", NULL,
         "1000.50"},
        {"WELD", WELDER, "junior", "|", "2022-01-01", 0, PACK_SUBSIDY_FOUND, "any-short", NULL,
         "800.00"},
        {"WELD", NULL, NULL, "|", "2021-06-01", 0, PACK_SUBSIDY_FOUND, "any-short", NULL, "800.00"},
        {"NIGHT", NULL, NULL, NULL, "2021-06-01", 0, PACK_SUBSIDY_FOUND, "any-short", NULL,
         "800.00"},
        /* Uplifts: the highest of those whose tag is there, whole words only. */
        {"WELD", WELDER, "junior", "|fisher|", "2021-06-01", 0, PACK_SUBSIDY_FOUND, "weld-junior",
         "up-fisher", "1300.65"},
        {"WELD", WELDER, "junior", "|border|fisher|", "2021-06-01", 0, PACK_SUBSIDY_FOUND,
         "weld-junior", "up-fisher", "1300.65"},
        {"NIGHT", NULL, NULL, "|border|", "2021-06-01", 0, PACK_SUBSIDY_FOUND, "any-short",
         "up-border", "960.00"},
        {"NIGHT", NULL, NULL, "|border|", "2022-06-01", 0, PACK_SUBSIDY_FOUND, "any-short", NULL,
         "800.00"},
        {"NIGHT", NULL, NULL, "|fishery|kingfisher|", "2021-06-01", 0, PACK_SUBSIDY_FOUND,
         "any-short", NULL, "800.00"},
        /* By year. */
        {"APPRENTICE", WELDER, "senior", "|", "2021-06-01", 0, PACK_SUBSIDY_FOUND, "apprentice",
         NULL, "5000.00"},
        {"APPRENTICE", WELDER, "senior", "|", "2021-06-01", 2, PACK_SUBSIDY_FOUND, "apprentice",
         NULL, "10000.00"},
        {"WELD", WELDER, "senior", "|", "2021-06-01", 3, PACK_SUBSIDY_FOUND, "weld-programme", NULL,
         "2000.00"},
        /* One rule names the programme, the other the occupation: neither includes the other. */
        {"WELD", "1-00-00-02", "senior", "|", "2022-06-01", 0, PACK_SUBSIDY_AMBIGUOUS, NULL, NULL,
         NULL},
        {"WELD", WELDER, "senior", "|", "2022-06-01", 0, PACK_SUBSIDY_FOUND, "weld-programme", NULL,
         "2000.00"},
        {"TALK", NULL, NULL, "|", "2021-06-01", 0, PACK_SUBSIDY_NOT_SUBSIDISED, NULL, NULL, NULL},
        {"WELD", WELDER, "junior", "|", "2020-12-31", 0, PACK_SUBSIDY_NO_RULE, NULL, NULL, NULL},
        {"APPRENTICE", WELDER, "senior", "|", "2021-06-01", INT64_MAX / 2, PACK_SUBSIDY_TOO_LARGE,
         NULL, NULL, NULL},
    };
    check_subsidies(minimal, cases, sizeof cases / sizeof cases[0]);
}

static void check_explanation(enum language language, const char *level, const char *key,
                              const char *name, const char *value)
{
    struct pack_subsidy_answer answer;
    enum pack_subsidy outcome = pack_subsidy(
        arena, minimal,
        &(struct pack_subsidy_args){.programme = pack_programme(minimal, "WELD"),
                                    .occupation = "1-00-00-01",
                                    .level = level,
                                    .tags = "|fisher|",
                                    .on = on(level == NULL ? "2020-01-01" : "2021-06-01"),
                                    .language = language},
        &answer);
    assert_int_equal(outcome, level == NULL ? PACK_SUBSIDY_NO_RULE : PACK_SUBSIDY_FOUND);
    assert_string_equal(answer.explanation.key, key);
    for (size_t i = 0; i < MESSAGE_ARGUMENTS_MAX; i++) {
        if (text_equal(answer.explanation.arguments[i].name, name)) {
            assert_string_equal(answer.explanation.arguments[i].value, value);
            return;
        }
    }
    fail_msg("no {%s}", name);
}

/* A worker reads names, not codes. */
static void test_explanations_have_names(void **state)
{
    (void)state;
    check_explanation(LANGUAGE_ZH, "junior", "pack_subsidy.explained_uplift", "rule", "焊工初级");
    check_explanation(LANGUAGE_EN, "junior", "pack_subsidy.explained_uplift", "uplift", "Fishers");
    check_explanation(LANGUAGE_EN, "junior", "pack_subsidy.explained_uplift", "amount", "1,300.65");
    check_explanation(LANGUAGE_ZH, "junior", "pack_subsidy.explained_uplift", "clause",
                      "意见 二.1");
    check_explanation(LANGUAGE_ZH, NULL, "pack_subsidy.no_rule", "occupation", "焊工");
    check_explanation(LANGUAGE_EN, NULL, "pack_subsidy.no_rule", "programme", "Welder");
    check_explanation(LANGUAGE_EN, NULL, "pack_subsidy.no_rule", "on", "2020-01-01");
}

static void test_subsidies_of_yunnan(void **state)
{
    (void)state;
    static const struct subsidy_case cases[] = {
        {"T02-PRACTICAL", NULL, NULL, "|lifted_poverty_worker|", "2023-06-01", 0,
         PACK_SUBSIDY_FOUND, "completion-off-catalogue", "uplift-lifted-poverty", "960.00"},
        {"T01-FISHERS", "5-04-02-01", "junior", "|retired_fisher|lifted_poverty_worker|",
         "2023-06-01", 0, PACK_SUBSIDY_FOUND, "completion-off-catalogue", "uplift-fisher",
         "1040.00"},
        {"T03-ELDERCARE", "4-10-01-05", "junior", "|", "2023-06-01", 0, PACK_SUBSIDY_FOUND,
         "elder-care-junior", NULL, "1200.00"},
        {"T06-ONLINE", NULL, NULL, "|", "2022-12-31", 0, PACK_SUBSIDY_FOUND,
         "startup-online-before-2023", NULL, "1200.00"},
        {"T06-ONLINE", NULL, NULL, "|", "2023-01-01", 0, PACK_SUBSIDY_FOUND, "startup-online", NULL,
         "1500.00"},
        {"T08-INTERMEDIATE", "6-31-01-03", "intermediate", "|apprentice|", "2023-01-01", 1,
         PACK_SUBSIDY_FOUND, "apprentice-intermediate", NULL, "5000.00"},
        {"T14-DIGITAL", "4-04-05-05", "junior", "|", "2023-01-01", 0, PACK_SUBSIDY_NOT_SUBSIDISED,
         NULL, NULL, NULL},
    };
    check_subsidies(yunnan, cases, sizeof cases / sizeof cases[0]);
}

/* Asks for a programme's training of one occupation (or none) at each level that it teaches. */
static int check_paid(const struct pack_programme *programme, const struct pack_teaches *teaches,
                      const char *day)
{
    int asked = 0;
    for (size_t i = 0; i < yunnan->levels.count; i++) {
        const struct pack_level *level = teaches == NULL ? NULL : &yunnan->levels.items[i];
        if (teaches == NULL ? i > 0 : (teaches->levels >> level->rank & 1) == 0)
            continue;
        struct pack_subsidy_answer answer;
        enum pack_subsidy outcome =
            pack_subsidy(arena, yunnan,
                         &(struct pack_subsidy_args){
                             .programme = programme,
                             .occupation = teaches == NULL ? NULL : teaches->occupation->code,
                             .level = level == NULL ? NULL : level->code,
                             .tags = "|",
                             .on = on(day)},
                         &answer);
        if (outcome != PACK_SUBSIDY_FOUND)
            print_error("%s %s\n", programme->code, day);
        assert_int_equal(outcome, PACK_SUBSIDY_FOUND);
        asked++;
    }
    return asked;
}

/* Every training that a subsidised programme may give is paid by exactly one rule, all years. */
static void test_every_subsidised_training_has_its_rule(void **state)
{
    (void)state;
    static const char *const days[] = {"2021-01-01", "2022-12-31", "2023-01-01", "2025-12-31"};
    int asked = 0;
    for (size_t i = 0; i < yunnan->programmes.count; i++) {
        const struct pack_programme *programme = &yunnan->programmes.items[i];
        for (size_t day = 0; programme->is_subsidised && day < 4; day++) {
            if (programme->teaches.count == 0)
                asked += check_paid(programme, NULL, days[day]);
            for (size_t j = 0; j < programme->teaches.count; j++)
                asked += check_paid(programme, &programme->teaches.items[j], days[day]);
        }
    }
    assert_true(asked > 100);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan_is_complete),
        cmocka_unit_test(test_headline_is_the_sum_of_items_1_to_9),
        cmocka_unit_test(test_every_programme_counts_for_its_item),
        cmocka_unit_test(test_metric_says_what_counts),
        cmocka_unit_test(test_targets_keep_their_words),
        cmocka_unit_test(test_local_settings_say_so),
        cmocka_unit_test(test_lists_are_found_by_code),
        cmocka_unit_test(test_programme_teaches),
        cmocka_unit_test(test_parameters_follow_the_day),
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_places_have_tags),
        cmocka_unit_test(test_retired_codes_lead_to_today),
        cmocka_unit_test(test_working_days_across_holidays),
        cmocka_unit_test(test_no_deadline_beyond_the_calendar),
        cmocka_unit_test(test_working_days_add_up),
        cmocka_unit_test(test_subsidy_rules),
        cmocka_unit_test(test_explanations_have_names),
        cmocka_unit_test(test_subsidies_of_yunnan),
        cmocka_unit_test(test_every_subsidised_training_has_its_rule),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
