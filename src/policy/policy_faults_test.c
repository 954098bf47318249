/*
 * Packs that must not load. Each row takes the minimal pack of tests/pack/minimal, changes one
 * thing, and names the one fault that must be found, with the text at whose first character it
 * stands. The last test holds that every fault has its row and its words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy.h"

#define MINIMAL DIANJI_SOURCE_DIR "/tests/pack/minimal"
#define ROOM DIANJI_SOURCE_DIR "/src/policy"

enum {
    ARENA_BYTES = 64 * 1024 * 1024,
    FILE_BYTES_MAX = 256 * 1024,
    LINES_MANY = 250,
    HUGE_BYTES = 64 * 1024 * 1024
};

static const char *const FILES[] = {
    "education.csv",   "ethnic_groups.csv",   "facts.yaml",        "levels.csv",
    "occupations.csv", "parameters.yaml",     "plan.yaml",         "programmes.yaml",
    "regions.csv",     "regions_history.csv", "region_tags.csv",   "sources.yaml",
    "subsidies.yaml",  "workdays.csv",        "decisions/rule.dmn"};
enum { FILE_COUNT = sizeof FILES / sizeof FILES[0] };

struct flaw {
    const char *file;
    const char *find; /* NULL: the whole file is replaced; with put NULL: taken away */
    const char *put;
    const char *key;
    const char *at; /* in the changed file; NULL: at its beginning; "*": wherever */
};

/* --- what YAML and CSV may not be */

static const struct flaw FORM[] = {
    {"plan.yaml", "plan: minimal", "plan: [minimal", "pack.yaml", "*"},
    {"facts.yaml", "facts:", "facts: &all", "pack.yaml_feature", "*"},
    {"facts.yaml", "{zh: 夜班, en: Night class}", "*name", "pack.yaml_feature", "*name"},
    {"facts.yaml", "of: class", "of: !!str class", "pack.yaml_feature", "*"},
    {"sources.yaml", "sources:", "---\nsources:", NULL, NULL},
    {"sources.yaml", NULL, "sources: []\n---\nsources: []\n", "pack.yaml_feature", "---"},
    {"sources.yaml", NULL, "{[a]: b}\n", "pack.yaml_feature", "[a]"},
    {"sources.yaml", NULL, "[[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]\n", "pack.too_deep", "*"},
    {"sources.yaml", NULL, "# nothing\n", "pack.empty_file", "*"},
    {"sources.yaml", NULL, "- a\n", "pack.not_a_map", NULL},
    {"sources.yaml", NULL, "sources: \xC0\xAF\n", "pack.not_utf8", NULL},
    {"sources.yaml", NULL, "sources: \"a\\0b\"\n", "pack.not_utf8", "\""},
    {"sources.yaml", NULL, NULL, "pack.no_file", NULL},
    {"plan.yaml", "issued_on: 2021-06-01", "issued_on: 2021-06-01\nissued_on: 2021-06-02",
     "pack.duplicate_key", "issued_on: 2021-06-02"},
    {"extra.yaml", NULL, "a: b\n", "pack.unknown_file", NULL},
    {"notes.csv", NULL, "a\n", "pack.unknown_file", NULL},
    {"README.md", NULL, "# fine\n", NULL, NULL},
    {"levels.csv", "code,rank", "rank,code", "pack.csv_header", NULL},
    {"levels.csv", NULL, "", "pack.csv_header", NULL},
    {"levels.csv", "初级,", "\"初级,", "pack.csv_quote", "\"初级"},
    {"levels.csv", "初级,", "\"初级\"x,", "pack.csv_quote", "\"初级"},
    {"levels.csv", "senior,2,高级,Senior,yes", "senior,2,高级,Senior", "pack.csv_cells",
     "senior,2"},
    {"levels.csv", "senior,2", "\nsenior,2", "pack.csv_cells", "\nsenior,2"},
    {"levels.csv", "senior,2,高级", "senior,2,", "pack.csv_empty", ",Senior"},
    {"levels.csv", "yes\n", "yes\r\n", NULL, NULL},
};

/* --- values and references */

static const struct flaw VALUES[] = {
    {"plan.yaml", "doc_no:", "document_no: 1\ndoc_no:", "pack.unknown_key", "document_no"},
    {"plan.yaml", "doc_no: 测试〔2021〕1号\n", "", "pack.missing_key", NULL},
    {"plan.yaml", "{zh: 小规划, en: Small plan}", "{zh: 小规划}", "pack.missing_key",
     "{zh: 小规划}"},
    {"plan.yaml", "{zh: 小规划, en: Small plan}", "小规划", "pack.not_a_map", "小规划"},
    {"plan.yaml", "{zh: 小规划, en: Small plan}", "{zh: 小规划, en: [a]}", "pack.not_text", "[a]"},
    {"plan.yaml", "{zh: 小规划, en: Small plan}", "{zh: 小规划, en: }", "pack.empty",
     "}\ndocument"},
    {"plan.yaml", "plan: minimal", "plan: 小规划", "pack.not_a_code", "小规划"},
    {"plan.yaml", "issued_on: 2021-06-01", "issued_on: 2021-06-31", "pack.not_a_day", "2021-06-31"},
    {"plan.yaml", "period: {from: 2021-01-01,", "period: {from: 2023-01-01,", "pack.period",
     "{from: 2023-01-01"},
    {"plan.yaml", "calendar: {from: 2021-01-01, to: 2021-12-31, source: text}",
     "calendar: {from: 2021-12-31, to: 2021-01-01, source: text}", "pack.period",
     "{from: 2021-12-31"},
    {"plan.yaml", "  - {id: 意见 二.2,",
     "  - {id: 规定 一, title: {zh: 无, en: No}, summary: {zh: 无, en: No}}\n  - {id: 意见 二.2,",
     "pack.clause_form", "{id: 规定 一"},
    {"plan.yaml", "  - {id: 意见 二.2,",
     "  - {id: 意见 二.1, title: {zh: 无, en: No}, summary: {zh: 无, en: No}}\n  - {id: 意见 二.2,",
     "pack.duplicate", "{id: 意见 二.1, title: {zh: 无"},
    {"plan.yaml", "clause: 意见 二.1", "clause: 意见 二.7", "pack.unknown_clause", "意见 二.7"},
    {"plan.yaml", "kind: government}\n  - {code: finance", "kind: guild}\n  - {code: finance",
     "pack.not_in_list", "guild"},
    {"plan.yaml", "departments: [hrss, finance]", "departments: [hrss, revenue]",
     "pack.unknown_department", "revenue"},
    {"plan.yaml", "departments: [hrss, finance]", "departments: [hrss, hrss]", "pack.duplicate",
     "hrss]\n"},
    {"plan.yaml", "departments: [hrss, finance]", "departments: []", "pack.empty", "[]"},
    {"plan.yaml", "departments: [hrss, finance]", "departments: hrss", "pack.not_a_list",
     "hrss\n    metrics"},
    {"plan.yaml", "group: first", "group: second", "pack.unknown_group", "second"},
    {"plan.yaml", "  - number: 2", "  - number: 3", "pack.item_order", "number: 3"},
    {"plan.yaml", "  - number: 2", "  - number: two", "pack.not_a_number", "two"},
    {"plan.yaml", "  - number: 2", "  - number: 0", "pack.out_of_range",
     "0\n    title: {zh: 第二项"},
    {"sources.yaml", "standing: general", "standing: rumour", "pack.not_in_list", "rumour"},
    {"sources.yaml", "  - {id: practice",
     "  - {id: text, title: {zh: 二, en: Two}, standing: general}\n  - {id: practice",
     "pack.duplicate", "{id: text, title: {zh: 二"},
    {"facts.yaml", "carries: [person, region, tags, quantity]", "carries: []", "pack.empty", "[]"},
    {"facts.yaml", "carries: [person, region, tags, quantity]",
     "carries: [person, region, tags, quantity, shoe_size]", "pack.not_in_list", "shoe_size"},
    {"facts.yaml", "carries: [person, region, tags, quantity]", "carries: all", "pack.not_a_list",
     "all}"},
    {"facts.yaml", "of: organisation,", "of: class,", "pack.tag_kind", "{code: college"},
    {"levels.csv", "senior,2", "senior,3", "pack.rank", "3,高级"},
    {"levels.csv", "Senior,yes", "Senior,maybe", "pack.not_in_list", "maybe"},
    {"occupations.csv", "junior,text", "expert,text", "pack.unknown_level", "expert"},
    {"occupations.csv", "junior,text", "junior,hearsay", "pack.unknown_source", "hearsay"},
    {"occupations.csv", "1-00-00-02,助手",
     "1-00-00-01,焊工二,Welder,junior senior,text\n1-00-00-02,助手", "pack.duplicate",
     "1-00-00-01,焊工二"},
    {"education.csv", "70,初中", "20,初中", "pack.duplicate", "20,初中"},
    {"ethnic_groups.csv", "彝族", "", "pack.csv_empty", ",Yi"},
};

/* --- metrics */

static const struct flaw METRICS[] = {
    {"plan.yaml", "        counts: {fact: training.completed, item: 2, count: quantity}\n", "",
     "pack.counts_nothing", "id: T02.training"},
    {"plan.yaml",
     "        counts: {fact: base.opened, item: 2, count: things}\n      - id: T02.list",
     "      - id: T02.list", "pack.counts_nothing", "id: T02.reports"},
    {"plan.yaml", "    sum_of: [T01.training, T02.training]\n", "", "pack.counts_nothing",
     "id: H.training"},
    {"plan.yaml", "sum_of: [T01.training, T02.training]", "sum_of: []", "pack.counts_nothing",
     "[]"},
    {"plan.yaml", "    sum_of: [T01",
     "    counts: {fact: training.completed, count: quantity}\n    sum_of: [T01",
     "pack.counts_twice", "[T01.training, T02"},
    {"plan.yaml", "sum_of: [T01.training, T02.training]", "sum_of: [T01.training, T02.train]",
     "pack.unknown_metric", "T02.train]"},
    {"plan.yaml", "sum_of: [T01.training, T02.training]",
     "sum_of: [T01.training, T02.training, T02.training]", "pack.duplicate", "T02.training]"},
    {"plan.yaml", "sum_of: [T01.training, T02.training]", "sum_of: [T01.training, H.training]",
     "pack.sum_of_sums", "H.training]"},
    {"plan.yaml", "targets: {2022: {at_least: 400}}", "targets: {2022: {at_least: 401}}",
     "pack.sum", "[T01.training, T02"},
    {"plan.yaml", "targets: {2022: {at_least: 400}}", "targets: {2022: {at_least: many}}",
     "pack.not_a_number", "many"},
    {"plan.yaml", "targets: {2022: {not_below: 50}}", "targets: {2022: {not_below: many}}",
     "pack.not_a_number", "many"},
    {"plan.yaml", "targets: {2022: {not_below: 50}}", "targets: {2022: 50}", "pack.target_form",
     "50}\n"},
    {"plan.yaml", "targets: {2022: {not_below: 50}}", "targets: {2022: not_below}",
     "pack.target_form", "not_below}"},
    {"plan.yaml", "targets: {2022: {not_below: 50}}", "targets: {2022: {batch: 50}}",
     "pack.target_form", "batch: 50"},
    {"plan.yaml", "targets: {2022: {not_below: 50}}", "targets: {2022: {nearly: 50}}",
     "pack.unknown_qualifier", "nearly"},
    {"plan.yaml", "targets: {2022: {not_below: 50}}", "targets: {2022: {not_below: -1}}",
     "pack.out_of_range", "-1}}"},
    {"plan.yaml", "targets: {2022: {not_below: 50}}", "targets: {2023: {not_below: 50}}",
     "pack.target_year", "2023"},
    {"plan.yaml", "targets: {2022: {not_below: 50}}", "targets: {soon: {not_below: 50}}",
     "pack.target_year", "soon"},
    {"plan.yaml", "targets: {2021: {plain: 100}, 2022: {at_least: 600}}",
     "targets: {2022: {at_least: 600}, 2021: {plain: 100}}", "pack.target_year", "2021: {plain"},
    {"plan.yaml", "targets: {2022: {not_below: 50}}", "targets: [50]", "pack.not_a_map", "[50]"},
    {"plan.yaml", "        targets: {2022: {not_below: 50}}\n", "", "pack.missing_key",
     "id: T01.special"},
    {"plan.yaml", "{between: [40, 60]}", "{between: [60, 40]}", "pack.range", "[60, 40]"},
    {"plan.yaml", "{between: [40, 60]}", "{between: [40]}", "pack.range", "[40]"},
    {"plan.yaml", "{between: [40, 60]}", "{between: 40}", "pack.not_a_list", "40}"},
    {"plan.yaml", "targets: {2022: batch}", "targets: {2022: {at_least: 5}}", "pack.target_misfit",
     "{2022: {at_least: 5}}"},
    {"plan.yaml", "targets: {2022: {not_below: 50}}", "targets: {2022: batch}",
     "pack.target_misfit", "{2022: batch}"},
    {"plan.yaml", "        checklist: [{code: one, name: {zh: 一, en: One}}]\n", "",
     "pack.target_misfit", "{2022: checklist}"},
    {"plan.yaml", "id: T01.special", "id: T02.special", "pack.metric_id", "T02.special"},
    {"plan.yaml", "id: T01.special", "id: T01.training", "pack.duplicate",
     "id: T01.training\n        name: {zh: 专项"},
    {"plan.yaml", "of_which: T01.training", "of_which: T01.all", "pack.unknown_metric", "T01.all"},
    {"plan.yaml", "of_which: T01.training", "of_which: T01.special", "pack.part_of_itself",
     "T01.special\n        targets"},
    {"plan.yaml", "unit: 人\n", "unit: 只\n", "pack.unknown_unit", "只"},
    {"plan.yaml", "    clause: 意见 一.3\n", "", "pack.missing_key", "id: H.training"},
    {"plan.yaml", "item: 1, count: quantity", "item: 2, count: quantity", "pack.item_misfit",
     "2, count: quantity"},
    {"plan.yaml", "item: 1, count: quantity", "item: 1, count: people", "pack.count_misfit",
     "{fact: training.completed, item: 1, count: people}"},
    {"plan.yaml", "item: 1, count: quantity", "item: 1, count: heads", "pack.not_in_list", "heads"},
    {"plan.yaml", "{fact: wish.stated, tags", "{fact: wish.made, tags", "pack.unknown_fact",
     "wish.made"},
    {"plan.yaml", "{fact: wish.stated, tags: [fisher]",
     "{fact: wish.stated, occupation: 1-00-00-01", "pack.not_carried", "1-00-00-01, count: people"},
    {"plan.yaml", "        out_of: {fact: wish.stated, tags: [fisher], count: people}\n", "",
     "pack.ratio", "id: T01.coverage"},
    {"plan.yaml", "count: things}\n      - id: T02.list",
     "count: things}\n        out_of: {fact: base.opened, count: things}\n      - id: T02.list",
     "pack.ratio", "id: T02.reports"},
    {"plan.yaml", "{fact: base.opened, item: 2, count: things}\n        checklist",
     "{fact: base.opened, item: 2, count: people}\n        checklist", "pack.not_carried",
     "{fact: base.opened, item: 2, count: people}"},
    {"plan.yaml", "tags: [night_class]", "tags: [day_class]", "pack.unknown_tag", "day_class"},
    {"plan.yaml", "tags: [night_class]", "tags: [night_class, fisher, border, fisher]",
     "pack.too_many", "[night_class, fisher"},
    {"plan.yaml", "level_at_least: junior", "level_at_least: expert", "pack.unknown_level",
     "expert"},
    {"plan.yaml", "occupation: 1-00-00-01", "occupation: 1-00-00-09", "pack.unknown_occupation",
     "1-00-00-09"},
    {"plan.yaml", "count: quantity}\n      - id: T02.stock",
     "count: quantity}\n        baseline: {value: 1, day: 2020-12-31, note: {zh: 无, en: No}}\n    "
     " "
     " - id: T02.stock",
     "pack.baseline_misfit", "{value: 1,"},
};

/* --- programmes, subsidies, parameters */

static const struct flaw TRAINING[] = {
    {"programmes.yaml", "item: 1", "item: 9", "pack.unknown_item", "9"},
    {"programmes.yaml", "lessons: {least: 40, most: 80}", "lessons: {least: 90, most: 80}",
     "pack.range", "{least: 90"},
    {"programmes.yaml", "lessons: {least: 40, most: 80}", "lessons: {least: 0, most: 80}",
     "pack.out_of_range", "0, most"},
    {"programmes.yaml", "occupation: 1-00-00-01, levels: [junior, senior]",
     "occupation: 9-00-00-01, levels: [junior, senior]", "pack.unknown_occupation", "9-00-00-01"},
    {"programmes.yaml", "occupation: 1-00-00-01, levels: [junior, senior]",
     "occupation: 1-00-00-02, levels: [junior, senior]", "pack.level_misfit",
     "{occupation: 1-00-00-02"},
    {"programmes.yaml", "occupation: 1-00-00-01, levels: [junior, senior]",
     "occupation: 1-00-00-01, levels: []", "pack.empty", "[]"},
    {"programmes.yaml", "    teaches: [{occupation: 1-00-00-01, levels: [junior, senior]}]\n", "",
     "pack.missing_key", "code: WELD"},
    {"programmes.yaml", "[{occupation: 1-00-00-01, levels: [junior, senior]}]",
     "[{occupation: 1-00-00-01, levels: [junior]}, {occupation: 1-00-00-01, levels: [senior]}]",
     "pack.duplicate", "{occupation: 1-00-00-01, levels: [senior]}"},
    {"programmes.yaml", "tags: [night_class]", "tags: [fisher]", "pack.tag_misfit", "[fisher]"},
    {"programmes.yaml", "target_groups: [fisher]", "target_groups: [border]", "pack.tag_misfit",
     "[border]"},
    {"programmes.yaml", "target_groups: [fisher]", "target_groups: []", "pack.empty", "[]"},
    {"programmes.yaml", "target_groups: [fisher]", "target_groups: [fisher, fisher]",
     "pack.duplicate", "fisher]\n    from"},
    {"programmes.yaml", "is_subsidised: false", "is_subsidised: no", "pack.not_a_bool", "no\n"},
    {"programmes.yaml", "    decision: {zh: 省定, en: The province's}\n", "", "pack.no_decision",
     "code: NIGHT"},
    {"programmes.yaml", "    clause: 意见 二.1\n", "", "pack.no_basis", "code: WELD"},
    {"programmes.yaml", "to: 2022-06-30", "to: 2021-02-28", "pack.period", "code: NIGHT"},
    {"programmes.yaml", "code: TALK", "code: WELD", "pack.duplicate", "code: WELD\n    item: 2"},
    {"subsidies.yaml", "programmes: [WELD]", "programmes: [SOLDER]", "pack.unknown_programme",
     "SOLDER"},
    {"subsidies.yaml", "yuan: 800", "yuan: eight", "pack.not_an_amount", "eight"},
    {"subsidies.yaml", "yuan: 800", "yuan: -800", "pack.not_an_amount", "-800"},
    {"subsidies.yaml", "yuan: 800", "yuan: 800.001", "pack.not_an_amount", "800.001"},
    {"subsidies.yaml", "certificates: [skill_level]", "certificates: [diploma]", "pack.not_in_list",
     "diploma"},
    {"subsidies.yaml", "certificates: [skill_level]", "certificates: []", "pack.empty", "[]"},
    {"subsidies.yaml", "kinds: [apprenticeship]", "kinds: [gardening]", "pack.not_in_list",
     "gardening"},
    {"subsidies.yaml", "to: 2021-12-31\n    clause", "to: 2020-12-31\n    clause", "pack.period",
     "id: weld-junior"},
    {"subsidies.yaml", "tag: fisher", "tag: sailor", "pack.unknown_tag", "sailor"},
    {"subsidies.yaml", "permille: 300", "permille: 0", "pack.out_of_range", "0, from"},
    {"subsidies.yaml", "id: helper-senior", "id: apprentice", "pack.duplicate",
     "id: apprentice\n    name: {zh: 学徒"},
    {"subsidies.yaml", "occupations: [1-00-00-02]", "occupations: [1-00-00-01]",
     "pack.subsidy_rivals", "id: helper-senior"},
    {"programmes.yaml", "kind: practical_skills_training", "kind: teacher_training",
     "pack.subsidy_gap", "code: NIGHT"},
    {"programmes.yaml", "age_most: 70", "age_most: 17", "pack.range", "code: NIGHT"},
    {"parameters.yaml", "{key: pass_mark", "{key: fail_mark", "pack.parameter_missing", NULL},
    {"parameters.yaml", "{value: 40, from: 2022-01-01}", "{value: 40, from: 2020-01-01}",
     "pack.values_in_order", "{value: 40"},
    {"parameters.yaml", "[{value: 50, from: 2021-01-01}", "[{value: 50, from: 2021-01-02}",
     "pack.values_in_order", "{value: 50"},
    {"parameters.yaml", "values: [{value: 2, from: 2021-01-01}]", "values: []", "pack.empty", "[]"},
    {"parameters.yaml", "{value: 2, from", "{value: 2.5, from", "pack.not_a_number", "2.5"},
};

/* --- places and days */

static const struct flaw PLACES[] = {
    {"regions.csv", "530102003000", "530102003", "pack.region_code", "530102003,"},
    {"regions.csv", "county,532300", "county,532400", "pack.region_parent", "532400"},
    {"regions.csv", "county,532300", "county,530102003000", "pack.region_parent", "530102003000\n"},
    {"regions.csv", "province,", "province,530100", "pack.region_parent", "530100\n"},
    {"regions.csv", "Lufeng City,county", "Lufeng City,village", "pack.not_in_list", "village"},
    {"regions.csv", "Lufeng City", "", "pack.csv_empty", ",county,532300"},
    {"regions.csv", "530100,昆明市", "530100,昆明市,x", "pack.csv_cells", "530100,昆明市"},
    {"regions.csv", "532302,禄丰市", "530102003000,大观,,township,530102\n532302,禄丰市",
     "pack.duplicate", "530102003000,大观,"},
    {"regions_history.csv", "532331", "530102", "pack.region_in_use", "530102"},
    {"regions_history.csv", ",532302,", ",532399,", "pack.unknown_region", "532399"},
    {"regions_history.csv", "1980-12", "1980-13", "pack.not_a_month", "1980-13"},
    {"regions_history.csv", "2019-04", "2019", "pack.not_a_month", "2019,"},
    {"region_tags.csv", "532302", "532399", "pack.unknown_region", "532399"},
    {"region_tags.csv", "border,,", "coast,,", "pack.unknown_tag", "coast"},
    {"region_tags.csv", "border,,", "fisher,,", "pack.tag_misfit", "fisher"},
    {"region_tags.csv", "border,,practice", "border,,", "pack.no_basis", ",\n530100"},
    {"region_tags.csv", "practice", "hearsay", "pack.unknown_source", "hearsay"},
    {"region_tags.csv", "意见 二.1", "意见 二.7", "pack.unknown_clause", "意见 二.7"},
    {"region_tags.csv", "530100", "532302", "pack.duplicate", "border,意见"},
    {"workdays.csv", "2021-10-09", "2021-10-08", "pack.makeup_on_weekday", "makeup"},
    {"workdays.csv", "2021-10-09", "2021-09-25", "pack.days_in_order", "2021-09-25"},
    {"workdays.csv", "2021-10-09", "2022-10-08", "pack.outside_calendar", "2022-10-08"},
    {"workdays.csv", "2021-10-09", "9 October", "pack.not_a_day", "9 October"},
    {"workdays.csv", "makeup", "worked", "pack.not_in_list", "worked"},
    {"workdays.csv", "元旦", "", "pack.csv_empty", ",New Year"},

};

/* --- decisions */

static const struct flaw DECISIONS[] = {
    {"decisions/rule.dmn", NULL, NULL, NULL, NULL}, /* a plan may have none */
    {"decisions/rule.dmn", "</definitions>", "", "dmn_fault.not_xml", "*"},
    {"decisions/rule.dmn", "&gt;= 16", "&gt; 16", "dmn_fault.gap", "<decisionTable"},
    {"decisions/rule.dmn", "&gt;= 16", "-", "dmn_fault.overlap", "<decisionTable"},
    {"decisions/rule.dmn", "<text>年龄", "<text>岁数", "feel_fault.unknown_name", "岁数"},
    {"decisions/rule.dmn", "意见 二.1", "", "pack.no_basis", "*"},
    {"decisions/rule.dmn", "意见 二.1", "意见 二.7", "pack.unknown_clause", "*"},
    {"decisions/rule.dmn", "source:practice", "source:hearsay", "pack.unknown_source", "*"},
    {"decisions/rule.dmn", " id=\"may_join\"", "", "pack.missing_key", "*"},
    {"decisions/rule.dmn", "</definitions>",
     "<decision id=\"two\" name=\"may_join\"><literalExpression><text>1</text>"
     "</literalExpression></decision></definitions>",
     "pack.duplicate", "*"},
};

/* --- running a row */

static const char *read_text(struct arena *arena, const char *dir, const char *name)
{
    FILE *file = fopen(arena_printf(arena, "%s/%s", dir, name), "rb");
    if (file == NULL)
        return NULL;
    char *text = arena_alloc(arena, FILE_BYTES_MAX);
    size_t length = fread(text, 1, FILE_BYTES_MAX - 1, file);
    assert_true(length < FILE_BYTES_MAX - 1);
    fclose(file);
    return text;
}

static void write_text(struct arena *arena, const char *dir, const char *name, const char *text)
{
    FILE *file = fopen(arena_printf(arena, "%s/%s", dir, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static const char *make_folder(struct arena *arena)
{
    char *dir = arena_text(arena, "/tmp/dianji-pack-XXXXXX");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(mkdir(arena_printf(arena, "%s/decisions", dir), 0700), 0);
    return dir;
}

static void remove_folder(struct arena *arena, const char *dir, const char *extra)
{
    for (int i = 0; i < FILE_COUNT; i++)
        unlink(arena_printf(arena, "%s/%s", dir, FILES[i]));
    unlink(arena_printf(arena, "%s/%s", dir, extra));
    rmdir(arena_printf(arena, "%s/decisions", dir));
    assert_int_equal(rmdir(dir), 0);
}

/* The file's text with the flaw put in. */
static const char *flawed(struct arena *arena, const struct flaw *flaw)
{
    if (flaw->find == NULL)
        return flaw->put;
    const char *text = read_text(arena, MINIMAL, flaw->file);
    const char *found = strstr(text, flaw->find);
    if (found == NULL)
        fail_msg("%s has no '%s'", flaw->file, flaw->find);
    return arena_printf(arena, "%.*s%s%s", (int)(found - text), text, flaw->put,
                        found + strlen(flaw->find));
}

static void write_pack(struct arena *arena, const char *dir, const struct flaw *flaw)
{
    for (int i = 0; i < FILE_COUNT; i++) {
        if (strcmp(FILES[i], flaw->file) != 0)
            write_text(arena, dir, FILES[i], read_text(arena, MINIMAL, FILES[i]));
    }
    const char *text = flawed(arena, flaw);
    if (text != NULL)
        write_text(arena, dir, flaw->file, text);
}

/* Whether the fault stands where the flaw's text does. */
static bool is_at_flaw(const struct pack_fault *fault, const char *text, const struct flaw *flaw)
{
    int line = 1, column = 1;
    if (flaw->at != NULL && strcmp(flaw->at, "*") == 0)
        return true;
    if (flaw->at == NULL)
        return fault->line == 1 && fault->column == 1;
    const char *at = strstr(text, flaw->at);
    if (at == NULL)
        fail_msg("'%s' is not in the changed %s", flaw->at, flaw->file);
    for (const char *c = text; c < at; c++) {
        bool is_continuation = ((unsigned char)*c & 0xC0) == 0x80;
        column = *c == '\n' ? 1 : column + !is_continuation;
        line += *c == '\n';
    }
    return fault->line == line && fault->column == column;
}

static bool is_found(struct arena *arena, const struct flaw *flaw, const struct pack_faults *faults)
{
    if (flaw->key == NULL)
        return faults->count == 0;
    return faults->count == 1 && !faults->has_more &&
           strcmp(faults->items[0].message.key, flaw->key) == 0 &&
           strcmp(faults->items[0].file, flaw->file) == 0 &&
           is_at_flaw(&faults->items[0], flawed(arena, flaw), flaw);
}

static int check_flaw(const struct flaw *flaw)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    const char *dir = make_folder(arena);
    write_pack(arena, dir, flaw);
    const struct pack *pack = NULL;
    struct pack_faults faults;
    bool is_whole = pack_load(arena, dir, &pack, &faults);
    remove_folder(arena, dir, flaw->file);
    bool is_right = is_found(arena, flaw, &faults) && is_whole == (flaw->key == NULL) &&
                    is_whole == (pack != NULL);
    if (!is_right)
        print_error("%s: wanted %s at '%s' for '%s'\n", flaw->file,
                    flaw->key == NULL ? "nothing" : flaw->key, flaw->at, flaw->put);
    for (size_t i = 0; i < faults.count && !is_right; i++)
        print_error("    found %s:%d:%d %s %s\n", faults.items[i].file, faults.items[i].line,
                    faults.items[i].column, faults.items[i].message.key,
                    faults.items[i].message.arguments[0].value);
    arena_free(arena);
    return !is_right;
}

static void check_all(const struct flaw *flaws, size_t count)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++)
        wrong += check_flaw(&flaws[i]);
    assert_int_equal(wrong, 0);
}

#define CHECK_ALL(flaws) check_all((flaws), sizeof(flaws) / sizeof(flaws)[0])

static void test_form(void **state)
{
    (void)state;
    CHECK_ALL(FORM);
}

static void test_values(void **state)
{
    (void)state;
    CHECK_ALL(VALUES);
}

static void test_metrics(void **state)
{
    (void)state;
    CHECK_ALL(METRICS);
}

static void test_training(void **state)
{
    (void)state;
    CHECK_ALL(TRAINING);
}

static void test_places(void **state)
{
    (void)state;
    CHECK_ALL(PLACES);
}

static void test_decisions(void **state)
{
    (void)state;
    CHECK_ALL(DECISIONS);
}

/* --- packs with more than one fault */

static bool load_flawed(struct arena *arena, const struct flaw *flaw, struct pack_faults *ret)
{
    const char *dir = make_folder(arena);
    const struct pack *pack;
    write_pack(arena, dir, flaw);
    bool is_whole = pack_load(arena, dir, &pack, ret);
    remove_folder(arena, dir, flaw->file);
    return is_whole;
}

static bool has_fault(const struct pack_faults *faults, const char *file, const char *key)
{
    for (size_t i = 0; i < faults->count; i++) {
        if (strcmp(faults->items[i].file, file) == 0 &&
            strcmp(faults->items[i].message.key, key) == 0)
            return true;
    }
    return false;
}

static void test_a_folder_that_is_none(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    const struct pack *pack = NULL;
    struct pack_faults faults;
    assert_false(pack_load(arena, "/nowhere/at/all", &pack, &faults));
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.items[0].message.key, "pack.no_folder");
    arena_free(arena);
}

/* The calendar's faults are told of the file that lacks the days. */
static void test_a_year_without_holidays(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct pack_faults faults;
    const struct flaw flaw = {"plan.yaml", "to: 2021-12-31, source", "to: 2023-12-31, source", "",
                              NULL};
    assert_false(load_flawed(arena, &flaw, &faults));
    assert_int_equal(faults.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(faults.items[i].file, "workdays.csv");
        assert_string_equal(faults.items[i].message.key, "pack.year_missing");
        assert_string_equal(faults.items[i].message.arguments[0].value, i == 0 ? "2022" : "2023");
    }
    arena_free(arena);
}

/* One wrong source is told where it stands and wherever it is used. */
static void test_all_faults_are_found(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct pack_faults faults;
    const struct flaw flaw = {"sources.yaml", "id: text", "id: book", "", NULL};
    assert_false(load_flawed(arena, &flaw, &faults));
    assert_int_equal(faults.count, 3);
    assert_string_equal(faults.items[0].file, "occupations.csv");
    assert_int_equal(faults.items[0].line, 2);
    assert_string_equal(faults.items[1].file, "occupations.csv");
    assert_int_equal(faults.items[1].line, 3);
    assert_string_equal(faults.items[2].file, "plan.yaml");
    assert_true(has_fault(&faults, "plan.yaml", "pack.unknown_source"));
    arena_free(arena);
}

/* A file that cannot be read is one fault, not one of every file that refers to it. */
static void test_form_comes_before_meaning(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct pack_faults faults;
    const struct flaw flaw = {"occupations.csv", NULL, "code;name\n", "", NULL};
    assert_false(load_flawed(arena, &flaw, &faults));
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.items[0].message.key, "pack.csv_header");
    arena_free(arena);
}

static void test_faults_are_bounded(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct buffer many = buffer_new(arena, 4096);
    buffer_add(&many, "code,name,name_en\n");
    for (int i = 0; i < LINES_MANY; i++)
        buffer_add(&many, "1,2\n");
    struct pack_faults faults;
    const struct flaw flaw = {"education.csv", NULL, many.bytes, "", NULL};
    assert_false(load_flawed(arena, &flaw, &faults));
    assert_int_equal(faults.count, PACK_FAULTS_MAX);
    assert_true(faults.has_more);
    assert_int_equal(faults.items[0].line, 2);
    assert_int_equal(faults.items[PACK_FAULTS_MAX - 1].line, PACK_FAULTS_MAX + 1);
    arena_free(arena);
}

static void test_a_huge_file_is_not_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    const char *dir = make_folder(arena);
    const struct flaw none = {"README.md", NULL, NULL, NULL, NULL};
    write_pack(arena, dir, &none);
    assert_int_equal(truncate(arena_printf(arena, "%s/regions.csv", dir), HUGE_BYTES), 0);
    const struct pack *pack;
    struct pack_faults faults;
    assert_false(pack_load(arena, dir, &pack, &faults));
    remove_folder(arena, dir, "README.md");
    assert_int_equal(faults.count, 1);
    assert_true(has_fault(&faults, "regions.csv", "pack.too_large"));
    assert_true(arena_used(arena) < HUGE_BYTES);
    arena_free(arena);
}

/* A map with more keys than any of ours; without the limit the search for doubles would be slow. */
static void test_a_map_has_a_limit(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct buffer many = buffer_new(arena, 4096);
    for (int i = 0; i <= LINES_MANY * 2; i++)
        buffer_printf(&many, "key%d: 1\n", i);
    struct pack_faults faults;
    const struct flaw flaw = {"sources.yaml", NULL, many.bytes, "", NULL};
    assert_false(load_flawed(arena, &flaw, &faults));
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.items[0].message.key, "pack.too_many");
    arena_free(arena);
}

/* --- version, words, memory, the command */

static void test_version_is_the_content(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    const struct pack *first, *again, *other;
    struct pack_faults faults;
    const struct flaw flaw = {"plan.yaml", "Small plan", "Small plot", NULL, NULL};
    const char *dir = make_folder(arena);
    assert_true(pack_load(arena, MINIMAL, &first, &faults));
    assert_true(pack_load(arena, MINIMAL, &again, &faults));
    write_pack(arena, dir, &flaw);
    assert_true(pack_load(arena, dir, &other, &faults));
    remove_folder(arena, dir, flaw.file);
    assert_string_equal(first->version, again->version);
    assert_string_not_equal(first->version, other->version);
    arena_free(arena);
}

/* Wherever memory runs out, the load unwinds and leaves nothing behind (the sanitizer looks). */
static void test_out_of_memory_unwinds(void **state)
{
    (void)state;
    volatile bool is_enough = false;
    for (volatile size_t limit = 1024; !is_enough; limit += limit / 4) {
        struct arena *arena = arena_new(limit);
        struct guard guard;
        if (GUARDED(arena, &guard) == FAULT_NONE) {
            const struct pack *pack;
            struct pack_faults faults;
            is_enough = pack_load(arena, MINIMAL, &pack, &faults);
            guard_leave(arena, &guard);
            assert_true(is_enough);
        } else {
            assert_int_equal(guard.fault, FAULT_MEMORY);
        }
        arena_free(arena);
    }
}

static bool is_in_tables(const char *key)
{
    static const struct {
        const struct flaw *flaws;
        size_t count;
    } tables[] = {{FORM, sizeof FORM / sizeof FORM[0]},
                  {VALUES, sizeof VALUES / sizeof VALUES[0]},
                  {METRICS, sizeof METRICS / sizeof METRICS[0]},
                  {TRAINING, sizeof TRAINING / sizeof TRAINING[0]},
                  {PLACES, sizeof PLACES / sizeof PLACES[0]}};
    /* Each of these has a test of its own above. */
    static const char *const others[] = {"pack.no_folder", "pack.year_missing", "pack.too_large"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        for (size_t j = 0; j < tables[i].count; j++) {
            if (tables[i].flaws[j].key != NULL && strcmp(tables[i].flaws[j].key, key) == 0)
                return true;
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(others[i], key) == 0)
            return true;
    }
    return false;
}

/* Every fault that has words has a row here; every row's fault has words in both languages. */
static void test_every_fault_is_tested_and_has_words(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    const char *zh = read_text(arena, ROOM, "words.zh.po");
    const char *en = read_text(arena, ROOM, "words.en.po");
    int count = 0;
    for (const char *at = zh; (at = strstr(at, "msgid \"pack.")) != NULL; count++) {
        at += strlen("msgid \"");
        const char *key = arena_text_n(arena, at, strcspn(at, "\""));
        if (!is_in_tables(key))
            fail_msg("no broken pack gives %s", key);
        assert_non_null(strstr(en, arena_printf(arena, "msgid \"%s\"", key)));
    }
    assert_true(count > 60);
    for (size_t i = 0; i < sizeof FORM / sizeof FORM[0]; i++) {
        if (FORM[i].key != NULL)
            assert_non_null(strstr(zh, arena_printf(arena, "msgid \"%s\"", FORM[i].key)));
    }
    arena_free(arena);
}

/* Says a message as its key and its first value. */
static const char *phrase(const void *context, const struct message *message)
{
    struct arena *arena = *(struct arena *const *)context;
    return arena_printf(arena, "%s %s", message->key, message->arguments[0].value);
}

static void test_check_prints_faults(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    const char *dir = make_folder(arena);
    const struct flaw flaw = {"plan.yaml", "plan: minimal", "plan: \"mini mal\"", NULL, NULL};
    write_pack(arena, dir, &flaw);
    struct pack_check_args args = {.arena = arena, .dir = dir, .phrase = phrase, .context = &arena};
    struct buffer json = buffer_new(arena, 256), text = buffer_new(arena, 256);
    assert_false(policy_check(&args, &json));
    assert_false(policy_check_text(&args, &text));
    remove_folder(arena, dir, flaw.file);
    assert_string_equal(json.bytes, "{\"ok\":false,\"faults\":[{\"file\":\"plan.yaml\",\"line\":1,"
                                    "\"column\":7,\"code\":\"pack.not_a_code\",\"message\":"
                                    "\"pack.not_a_code mini mal\"}]}\n");
    assert_string_equal(text.bytes, "plan.yaml:1:7: pack.not_a_code mini mal\n");
    args.dir = MINIMAL;
    json = buffer_new(arena, 256);
    text = buffer_new(arena, 256);
    assert_true(policy_check(&args, &json));
    assert_true(policy_check_text(&args, &text));
    assert_true(text_starts(json.bytes, "{\"ok\":true,\"pack\":\"minimal\",\"version\":\""));
    assert_non_null(strstr(json.bytes, "\"faults\":[]}"));
    assert_true(text_starts(text.bytes, "minimal "));
    arena_free(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_training),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_a_folder_that_is_none),
        cmocka_unit_test(test_a_year_without_holidays),
        cmocka_unit_test(test_all_faults_are_found),
        cmocka_unit_test(test_form_comes_before_meaning),
        cmocka_unit_test(test_faults_are_bounded),
        cmocka_unit_test(test_a_huge_file_is_not_read),
        cmocka_unit_test(test_a_map_has_a_limit),
        cmocka_unit_test(test_version_is_the_content),
        cmocka_unit_test(test_out_of_memory_unwinds),
        cmocka_unit_test(test_every_fault_is_tested_and_has_words),
        cmocka_unit_test(test_check_prints_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
