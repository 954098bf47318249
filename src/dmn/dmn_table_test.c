/* Decision tables: every hit policy, rules found by an index, gaps and overlaps. */
#include "dmn/dmn_fixture.h"

#define INPUT "<inputData name='n'><variable name='n' typeRef='number'/></inputData>"
#define REQUIRES "<informationRequirement><requiredInput href='#_n'/></informationRequirement>"
#define RULE(test, result)                                                                         \
    "<rule><inputEntry><text><![CDATA[" test "]]></text></inputEntry><outputEntry><text>" result   \
    "</text></outputEntry></rule>\n"

static const char *table_of(struct arena *arena, const char *attributes, const char *output,
                            const char *rules)
{
    return arena_printf(
        arena,
        "<inputData id='_n' name='n'><variable name='n' typeRef='number'/></inputData>\n"
        "<decision name='d'>" REQUIRES "<decisionTable %s>"
        "<input label='N'><inputExpression "
        "typeRef='number'><text>n</text></inputExpression></input>"
        "<output>%s</output>\n%s</decisionTable></decision>",
        attributes, output, rules);
}

/* --- hit policies --- */

struct policy_case {
    const char *attributes;
    int64_t n;
    const char *value;
    const char *remark;
};

static void every_hit_policy(void **state)
{
    (void)state;
    static const struct policy_case cases[] = {
        {"", 2, "1", ""},
        {"hitPolicy='UNIQUE'", 7, "null", "dmn_trouble.several_rules"},
        {"hitPolicy='ANY'", 2, "1", ""},
        {"hitPolicy='ANY'", 7, "null", "dmn_trouble.rules_disagree"},
        {"hitPolicy='PRIORITY'", 7, "3", ""},
        {"hitPolicy='FIRST'", 7, "1", ""},
        {"hitPolicy='COLLECT'", 7, "[1, 3, 2]", ""},
        {"hitPolicy='COLLECT' aggregation='SUM'", 7, "6", ""},
        {"hitPolicy='COLLECT' aggregation='MIN'", 7, "1", ""},
        {"hitPolicy='COLLECT' aggregation='MAX'", 7, "3", ""},
        {"hitPolicy='COLLECT' aggregation='COUNT'", 7, "3", ""},
        {"hitPolicy='COLLECT' aggregation='COUNT'", 0, "0", ""},
        {"hitPolicy='RULE ORDER'", 9, "[1, 3, 2, 2]", ""},
        {"hitPolicy='OUTPUT ORDER'", 9, "[3, 2, 2, 1]", ""},
        {"hitPolicy='UNIQUE'", 0, "null", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = dmn_fixture_arena();
        const struct dmn_model *model =
            dmn_fixture_model(arena, table_of(arena, cases[i].attributes,
                                              "<outputValues><text>3, 2, 1</text></outputValues>",
                                              RULE(">= 1", "1") RULE(">= 5", "3") RULE(">= 5", "2")
                                                  RULE(">= 9", "2")));
        struct dmn_run *run = dmn_fixture_run(arena, model);
        dmn_fixture_give(run, model, "n", feel_integer(cases[i].n));
        assert_string_equal(dmn_fixture_decide(run, model, "d"), cases[i].value);
        assert_true(*cases[i].remark == '\0' || dmn_fixture_remarks(run, cases[i].remark));
        arena_free(arena);
    }
}

static void what_does_not_add_up_says_so(void **state)
{
    (void)state;
    struct arena *arena = dmn_fixture_arena();
    const struct dmn_model *model =
        dmn_fixture_model(arena, table_of(arena, "hitPolicy='COLLECT' aggregation='SUM'", "",
                                          RULE("-", "\"a\"") RULE("-", "2")));
    struct dmn_run *run = dmn_fixture_run(arena, model);
    dmn_fixture_give(run, model, "n", feel_integer(1));
    assert_string_equal(dmn_fixture_decide(run, model, "d"), "null");
    assert_true(dmn_fixture_remarks(run, dmn_trouble_info(DMN_TROUBLE_NO_SUM)->code));
    arena_free(arena);
}

static void a_default_stands_where_no_rule_does(void **state)
{
    (void)state;
    struct arena *arena = dmn_fixture_arena();
    const struct dmn_model *model = dmn_fixture_model(
        arena, table_of(arena, "", "<defaultOutputEntry><text>0</text></defaultOutputEntry>",
                        RULE("> 5", "1")));
    struct dmn_run *run = dmn_fixture_run(arena, model);
    dmn_fixture_give(run, model, "n", feel_integer(1));
    assert_string_equal(dmn_fixture_decide(run, model, "d"), "0");
    arena_free(arena);
}

/* --- values that are not allowed --- */

struct value_case {
    const char *table; /* inputs and output, with two rules */
    int64_t n;
    enum dmn_trouble trouble;
};

static void what_is_not_allowed_is_null_and_said(void **state)
{
    (void)state;
    static const struct value_case cases[] = {
        {"<decisionTable><input><inputExpression><text>n</text></inputExpression>"
         "<inputValues><text>[0..9]</text></inputValues></input><output/>" RULE("-", "1"),
         12, DMN_TROUBLE_INPUT_VALUE},
        {"<decisionTable><input><inputExpression typeRef='string'><text>n</text></inputExpression>"
         "</input><output/>" RULE("-", "1"),
         1, DMN_TROUBLE_INPUT_TYPE},
        {"<decisionTable><input><inputExpression><text>n</text></inputExpression></input>"
         "<output><outputValues><text>1, 2</text></outputValues></output>" RULE("-", "n"),
         3, DMN_TROUBLE_RESULT_VALUE},
        {"<decisionTable><input><inputExpression><text>n</text></inputExpression></input>"
         "<output typeRef='string'/>" RULE("-", "n"),
         3, DMN_TROUBLE_RESULT_TYPE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = dmn_fixture_arena();
        const struct dmn_model *model = dmn_fixture_model(
            arena, arena_printf(arena,
                                "<inputData id='_n' name='n'/><decision name='d'>" REQUIRES
                                "%s</decisionTable></decision>",
                                cases[i].table));
        struct dmn_run *run = dmn_fixture_run(arena, model);
        dmn_fixture_give(run, model, "n", feel_integer(cases[i].n));
        assert_string_equal(dmn_fixture_decide(run, model, "d"), "null");
        assert_true(dmn_fixture_remarks(run, dmn_trouble_info(cases[i].trouble)->code));
        arena_free(arena);
    }
}

/* --- the index --- */

enum { TRADES = 400, LEVELS = 5 };

/* A subsidy table of two thousand rules, with one that catches a trade at every other level. */
static const char *large_table(struct arena *arena)
{
    struct buffer out = buffer_new(arena, 1 << 20);
    buffer_add(&out, "<inputData id='_t' name='trade'/><inputData id='_l' name='level'/>"
                     "<decision name='d'>"
                     "<informationRequirement><requiredInput href='#_t'/></informationRequirement>"
                     "<informationRequirement><requiredInput href='#_l'/></informationRequirement>"
                     "<decisionTable hitPolicy='FIRST'>"
                     "<input><inputExpression><text>trade</text></inputExpression></input>"
                     "<input><inputExpression><text>level</text></inputExpression></input>"
                     "<output/>");
    for (int trade = 0; trade < TRADES; trade++)
        for (int level = 1; level <= LEVELS; level++)
            buffer_printf(&out,
                          "<rule><inputEntry><text>\"t%d\"</text></inputEntry><inputEntry><text>%d"
                          "</text></inputEntry><outputEntry><text>%d</text></outputEntry></rule>",
                          trade, level, trade * 10 + level);
    buffer_add(&out, "<rule><inputEntry><text>starts with(?, \"t\")</text></inputEntry><inputEntry>"
                     "<text>-</text></inputEntry><outputEntry><text>-1</text></outputEntry></rule>"
                     "</decisionTable></decision>");
    return out.bytes;
}

static void an_index_finds_what_a_search_would(void **state)
{
    (void)state;
    struct arena *arena = dmn_fixture_arena();
    const struct dmn_model *model = dmn_fixture_model(arena, large_table(arena));
    for (int trade = 0; trade < TRADES + 3; trade += 7)
        for (int level = 0; level <= LEVELS; level++) {
            struct arena_mark mark = arena_mark(arena);
            struct dmn_run *run = dmn_fixture_run(arena, model);
            const char *name = arena_printf(arena, "t%d", trade);
            bool is_known = trade < TRADES && level > 0;
            dmn_fixture_give(run, model, "trade", feel_string(feel_text(name)));
            dmn_fixture_give(run, model, "level", feel_integer(level));
            assert_string_equal(dmn_fixture_decide(run, model, "d"),
                                arena_printf(arena, "%d", is_known ? trade * 10 + level : -1));
            arena_release(arena, mark);
        }
    struct dmn_run *run = dmn_fixture_run(arena, model);
    dmn_fixture_give(run, model, "trade", feel_null());
    assert_string_equal(dmn_fixture_decide(run, model, "d"), "null");
    arena_free(arena);
}

/* --- gaps and overlaps --- */

struct gap_case {
    const char *rules;
    const char *reports; /* "fault about; …" */
};

static const char *name_of(enum dmn_fault fault)
{
    assert_true(fault == DMN_FAULT_GAP || fault == DMN_FAULT_OVERLAP ||
                fault == DMN_FAULT_NOT_EXAMINED);
    return dmn_fault_info(fault)->code + strlen("dmn_fault.");
}

static const char *said(struct arena *arena, const struct dmn_reports *reports)
{
    struct buffer out = buffer_new(arena, 256);
    for (size_t i = 0; i < reports->count; i++)
        buffer_printf(&out, "%s%s %s", i == 0 ? "" : "; ", name_of(reports->items[i].fault),
                      reports->items[i].message.arguments[0].value);
    return out.bytes;
}

static void gaps_and_overlaps_are_reported(void **state)
{
    (void)state;
    static const struct gap_case cases[] = {
        {RULE("<= 5", "1") RULE("> 5", "2"), ""},
        {RULE("<= 5", "1") RULE(">= 6", "2"), ""},
        {RULE("< 5", "1") RULE("> 5", "2"), "gap N = 5"},
        {RULE("[1..3]", "1") RULE("[5..9]", "2"), "gap N < 1; gap 3 < N < 5; gap 9 < N"},
        {RULE("<= 5", "1") RULE(">= 5", "2"), "overlap 1 + 2: N = 5"},
        {RULE("1, 2", "1") RULE("not(1, 2)", "2"), ""},
        {RULE("-", "1") RULE("> 7", "2"), "overlap 1 + 2: 7 < N"},
        {RULE("? * 2 > 7", "2"), "not_examined n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = dmn_fixture_arena();
        struct dmn_reports reports;
        const char *table = table_of(arena, "", "", cases[i].rules);
        assert_non_null(dmn_fixture_load(arena, table, DMN_STRICT, &reports));
        assert_string_equal(said(arena, &reports), cases[i].reports);
        arena_free(arena);
    }
}

static void texts_have_a_rest_unless_the_model_names_them_all(void **state)
{
    (void)state;
    struct arena *arena = dmn_fixture_arena();
    struct dmn_reports reports;
    static const char table[] =
        "<inputData id='_n' name='n'/><decision name='d'>" REQUIRES "<decisionTable><input "
        "label='N'><inputExpression><text>n</text></inputExpression>%s</input>"
        "<output/>" RULE("\"a\"", "1") RULE("\"b\"", "2") "</decisionTable></decision>";
    assert_non_null(dmn_fixture_load(arena, arena_printf(arena, table, ""), DMN_STRICT, &reports));
    assert_string_equal(said(arena, &reports), "gap N ≠ …");
    assert_non_null(dmn_fixture_load(
        arena,
        arena_printf(arena, table, "<inputValues><text>\"a\", \"b\", \"c\"</text></inputValues>"),
        DMN_STRICT, &reports));
    assert_string_equal(said(arena, &reports), "gap N = \"c\"");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hit_policy),
        cmocka_unit_test(what_does_not_add_up_says_so),
        cmocka_unit_test(a_default_stands_where_no_rule_does),
        cmocka_unit_test(what_is_not_allowed_is_null_and_said),
        cmocka_unit_test(an_index_finds_what_a_search_would),
        cmocka_unit_test(gaps_and_overlaps_are_reported),
        cmocka_unit_test(texts_have_a_rest_unless_the_model_names_them_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
