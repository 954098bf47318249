/* The language: every kind of expression, with what it gives and what makes it null. */
#include "feel/feel_fixture.h"

#define CHECK(cases) feel_fixture_check((cases), sizeof(cases) / sizeof *(cases))

static void literals(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"null", "null"},
        {"true", "true"},
        {"12.50", "12.5"},
        {".5", "0.5"},
        {"1.2e-3", "0.0012"},
        {"1E40", "10000000000000000000000000000000000000000"},
        {"1e6000", "1E+6000"},
        {"1234567890123456789012345678901234", "1234567890123456789012345678901234"},
        {"\"滇技\"", "滇技"},
        {"[\"a\\\"b\\\\c\\n\"]", "[\"a\\\"b\\\\c\\n\"]"},
        {"\"\\u6ec7\\U01F40E\\ud83d\\udc0e\\d\"", "滇🐎🐎\\d"},
        {"@\"2025-03-07\"", "2025-03-07"},
        {"[@\"2025-03-07\", @\"PT36H\"]", "[@\"2025-03-07\", @\"P1DT12H\"]"},
        {"{a: 1, \"b c\": [2], \"d-e\": 3}", "{a: 1, b c: [2], \"d-e\": 3}"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"/* a */ 1 // b", "1"},
    };
    CHECK(cases);
}

static void arithmetic(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"0.1 + 0.2", "0.3"},
        {"1 / 3", "0.3333333333333333333333333333333333"},
        {"2 + 3 * 4", "14"},
        {"(2 + 3) * 4", "20"},
        {"10 - 2 - 3", "5"},
        {"-3 ** 2", "9"},
        {"2 ** 3 ** 2", "64"},
        {"2 ** 0.5", "1.414213562373095048801688724209698"},
        {"3 ** 60", "42391158275216203514294433201"},
        {"--1", "1"},
        {"1 / 0", "null"},
        {"\"a\" + \"b\"", "ab"},
        {"\"a\" + 1", "null"},
        {"null + 1", "null"},
        {"9e6144 * 10", "null"},
        {"@\"2024-01-31\" + @\"P1M\"", "2024-02-29"},
        {"@\"2025-03-07\" - @\"2024-03-07\"", "P365D"},
        {"@\"P1Y\" * 1.5", "P1Y6M"},
        {"@\"P1D\" / @\"PT6H\"", "4"},
        {"@\"23:30:00\" + @\"PT1H\"", "00:30:00"},
        {"@\"2025-03-30T00:30:00@Europe/Paris\" + @\"PT2H\"", "2025-03-30T03:30:00@Europe/Paris"},
        {"[1] + 1", "null"},
    };
    CHECK(cases);
}

static void three_valued_logic(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"true and null", "null"},    {"false and null", "false"}, {"null and false", "false"},
        {"true or null", "true"},     {"null or false", "null"},   {"1 or true", "true"},
        {"1 and 2", "null"},          {"not(null)", "null"},       {"not(false)", "true"},
        {"not(1)", "null"},           {"1 = 1 and 2 < 3", "true"}, {"null = null", "true"},
        {"null != 1", "true"},        {"1 = \"1\"", "null"},       {"1 < null", "null"},
        {"\"a\" < \"b\"", "true"},    {"[1, 2] = [1, 2]", "true"}, {"{a: 1} = {a: 1.0}", "true"},
        {"{a: 1} = {b: 1}", "false"},
    };
    CHECK(cases);
}

static void conditions(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"if 1 < 2 then \"a\" else \"b\"", "a"},
        {"if null then 1 else 2", "2"},
        {"if \"x\" then 1 else 2", "2"},
        {"5 between 1 and 5", "true"},
        {"5 between 1 and null", "null"},
        {"5 between 6 and 9 or true", "true"},
        {"5 in [1..5]", "true"},
        {"5 in [1..5)", "false"},
        {"5 in ]5..9]", "false"},
        {"5 in (1, 2, > 4)", "true"},
        {"5 in (> 5)", "false"},
        {"5 in != 5", "false"},
        {"5 in [1, [4..6]]", "true"},
        {"\"x\" in [1, 2]", "false"},
        {"5 in [1..null]", "null"},
        {"[3..1]", "null"},
        {"[1..\"a\"]", "null"},
        {"[1..10[ = [1..10)", "true"},
        {"(<= 3)", "(<= 3)"},
        {"[1..3].start included", "true"},
    };
    CHECK(cases);
}

static void filters_and_paths(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"[1, 2, 3][2]", "2"},
        {"[1, 2, 3][-1]", "3"},
        {"[1, 2, 3][0]", "null"},
        {"[1, 2, 3][4]", "null"},
        {"[1, 2, 3][item > 1]", "[2, 3]"},
        {"[][item > 1]", "[]"},
        {"7[1]", "7"},
        {"7[true]", "[7]"},
        {"null[1]", "null"},
        {"[{a: 1}, {a: 2}][a > 1].a", "[2]"},
        {"[{a: 1}, {b: 2}].a", "[1, null]"},
        {"[{item: 1}][item = 1]", "[{item: 1}]"},
        {"{a: 5, l: [1, 5, 9], r: l[item > a]}.r", "[9]"},
        {"[{工种: \"焊工\", 等级: 3}, {工种: \"电工\", 等级: 4}][工种 = \"电工\"][1].等级", "4"},
        {"{monthly payment: 3}.monthly   payment + 1", "4"},
        {"@\"2025-03-07\".weekday", "5"},
        {"@\"2025-03-07T08:00:00+08:00\".time offset", "PT8H"},
        {"@\"2025-01-07T08:00:00@Asia/Shanghai\".timezone", "Asia/Shanghai"},
        {"@\"-P1DT2H\".hours", "-2"},
        {"{a: 1}.b", "null"},
        {"null.b", "null"},
    };
    CHECK(cases);
}

static void loops(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"for i in 1..3 return i * i", "[1, 4, 9]"},
        {"for i in 3..1 return i", "[3, 2, 1]"},
        {"for i in (1..4) return i", "[2, 3]"},
        {"for i in 1..2, j in 1..i return 10 * i + j", "[11, 21, 22]"},
        {"for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"},
        {"for d in @\"2024-02-28\"..@\"2024-03-01\" return d.day", "[28, 29, 1]"},
        {"for i in null return i", "null"},
        {"for i in 5 return i", "[5]"},
        {"for i in [\"a\"..\"c\"] return i", "null"},
        {"some x in [1, 2] satisfies x > 1", "true"},
        {"some x in [] satisfies true", "false"},
        {"every x in [1, 2] satisfies x > 1", "false"},
        {"every x in [] satisfies false", "true"},
        {"some x in [null] satisfies x", "null"},
        {"every x in [1, 2], y in [3, 4] satisfies x < y", "true"},
        {"for x in [1] return for x in [2] return x", "[[2]]"},
    };
    CHECK(cases);
}

static void functions(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"(function(a, b) a - b)(5, 3)", "2"},
        {"(function(a, b) a - b)(b: 5, a: 3)", "-2"},
        {"(function(a) a)(1, 2)", "null"},
        {"(function(a: number) a)(\"x\")", "null"},
        {"(function(a: number) a)([7])", "7"},
        {"(function(a: list<number>) a)(7)", "[7]"},
        {"{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(20)}.r", "2432902008176640000"},
        {"{k: 2, f: function(n) n * k, g: function(n) function(m) f(n) + m * k}.g(3)(4)", "14"},
        {"for f in [function(x) x + 1, function(x) x * 2] return f(10)", "[11, 20]"},
        {"sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"},
        {"(function(x) external {java: {class: \"C\"}})(1)", "null"},
        {"1(2)", "null"},
        {"max(list: [1, 5, 3])", "5"},
        {"max(liste: [1])", "null"},
        {"{max: 7, r: max}.r", "7"},
        {"{f: max}.f(1, 2)", "2"},
    };
    CHECK(cases);
}

static void types(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"1 instance of number", "true"},
        {"null instance of Any", "false"},
        {"[1, \"a\"] instance of list<number>", "false"},
        {"[1, 2] instance of list<number>", "true"},
        {"{a: 1, b: 2} instance of context<a: number>", "true"},
        {"{a: 1} instance of context<a: string>", "false"},
        {"[1..2] instance of range<number>", "true"},
        {"@\"P1Y\" instance of years and months duration", "true"},
        {"@\"PT1H\" instance of days and time duration", "true"},
        {"(function(a: number) a) instance of function<number> -> Any", "true"},
        {"@\"2025-01-01T00:00:00\" instance of date and time", "true"},
    };
    CHECK(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals),           cmocka_unit_test(arithmetic),
        cmocka_unit_test(three_valued_logic), cmocka_unit_test(conditions),
        cmocka_unit_test(filters_and_paths),  cmocka_unit_test(loops),
        cmocka_unit_test(functions),          cmocka_unit_test(types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
