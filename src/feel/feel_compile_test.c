/* What the compiler finds, where; names, types and tables' cells; functions of the host; limits. */
#include "feel/feel_fixture.h"

static struct feel_compiled compile(struct arena *arena, const char *text)
{
    struct feel_source source = {.text = feel_text(text)};
    return feel_compile(arena, &source);
}

/* --- faults of the text --- */

static void what_is_no_feel_has_its_place(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum feel_fault fault;
        int line, column;
    } cases[] = {
        {"", FEEL_FAULT_SYNTAX, 1, 1},
        {"1 +", FEEL_FAULT_SYNTAX, 1, 4},
        {"1 2", FEEL_FAULT_SYNTAX, 1, 3},
        {"[1,\n 2", FEEL_FAULT_SYNTAX, 2, 3},
        {"\"滇技\" \"x\"", FEEL_FAULT_SYNTAX, 1, 6},
        {"\"abc", FEEL_FAULT_UNCLOSED, 1, 1},
        {"1 + /* x", FEEL_FAULT_UNCLOSED, 1, 5},
        {"@\"2025-13-01\"", FEEL_FAULT_BAD_LITERAL, 1, 2},
        {"\"\\u0000\"", FEEL_FAULT_BAD_LITERAL, 1, 1},
        {"\"\\ud83d\"", FEEL_FAULT_BAD_LITERAL, 1, 1},
        {"1e99999", FEEL_FAULT_BAD_LITERAL, 1, 1},
        {"\xff", FEEL_FAULT_BAD_LITERAL, 1, 1},
        {"1 instance of nothing", FEEL_FAULT_UNKNOWN_TYPE, 1, 15},
        {"{a: 1, a: 2}", FEEL_FAULT_DUPLICATE_NAME, 1, 8},
        {"function(a, a) a", FEEL_FAULT_DUPLICATE_NAME, 1, 13},
        {"if true then 1", FEEL_FAULT_SYNTAX, 1, 15},
        {"for x return 1", FEEL_FAULT_SYNTAX, 1, 15},
        {"f(a: 1, 2)", FEEL_FAULT_SYNTAX, 1, 9},
        {"{a 1}", FEEL_FAULT_SYNTAX, 1, 5},
        {"1..2", FEEL_FAULT_SYNTAX, 1, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = feel_fixture_arena();
        struct feel_compiled compiled = compile(arena, cases[i].text);
        if (compiled.program != NULL || compiled.report_count != 1)
            fail_msg("%s: taken for an expression", cases[i].text);
        const struct feel_report *report = &compiled.reports[0];
        if (report->fault != cases[i].fault || report->place.line != cases[i].line ||
            report->place.column != cases[i].column)
            fail_msg("%s: %s at %d:%d", cases[i].text, feel_fault_info(report->fault)->code,
                     report->place.line, report->place.column);
        arena_free(arena);
    }
}

static void what_is_too_deep_is_refused(void **state)
{
    (void)state;
    static const char *const openings[] = {
        "(", "[", "{a:", "not(", "-(", "function() ", "if a then b else ", "1[", "for x in "};
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        struct arena *arena = feel_fixture_arena();
        struct buffer text = buffer_new(arena, 64);
        for (int times = 0; times < 5000; times++)
            buffer_add(&text, openings[i]);
        struct feel_compiled compiled = compile(arena, text.bytes);
        assert_null(compiled.program);
        assert_int_equal(compiled.reports[0].fault, FEEL_FAULT_TOO_DEEP);
        arena_free(arena);
    }
    struct arena *arena = feel_fixture_arena();
    struct buffer text = buffer_new(arena, 64);
    for (int times = 0; times < 5000; times++)
        buffer_add(&text, "1+");
    buffer_add(&text, "1");
    struct feel_compiled compiled = compile(arena, text.bytes);
    assert_non_null(compiled.program); /* it was computed as it was read */
    assert_int_equal(compiled.report_count, 0);
    arena_free(arena);
}

/* --- doubts --- */

static void what_cannot_be_meant_is_a_doubt(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum feel_fault fault;
        int column;
        const char *about;
    } cases[] = {
        {"1 + monthly payment", FEEL_FAULT_UNKNOWN_NAME, 5, "monthly payment"},
        {"{a: 1}.b", FEEL_FAULT_UNKNOWN_FIELD, 8, "b"},
        {"[{a: 1}].b", FEEL_FAULT_UNKNOWN_FIELD, 10, "b"},
        {"@\"2025-01-01\".hour", FEEL_FAULT_UNKNOWN_FIELD, 15, "hour"},
        {"count([]) + \"a\"", FEEL_FAULT_WRONG_KIND, 11, "number, string"},
        {"count([]) < @\"P1D\"", FEEL_FAULT_WRONG_KIND, 11, "number, days and time duration"},
        {"sum(1) and true", FEEL_FAULT_WRONG_KIND, 8, "number, boolean"},
        {"count(1, 2)", FEEL_FAULT_WRONG_ARGUMENTS, 6, ""},
        {"count(liste: [1])", FEEL_FAULT_WRONG_ARGUMENTS, 6, ""},
        {"(function(a) a)()", FEEL_FAULT_WRONG_ARGUMENTS, 16, ""},
        {"count([])()", FEEL_FAULT_NOT_A_FUNCTION, 10, "number"},
        {"date(\"2025-02-30\")", FEEL_FAULT_BAD_VALUE, 5, "string"},
        {"matches(\"a\", \"[\")", FEEL_FAULT_BAD_PATTERN, 8, "["},
        {"1 / 0", FEEL_FAULT_NO_NUMBER, 3, "/"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = feel_fixture_arena();
        struct feel_compiled compiled = compile(arena, cases[i].text);
        if (compiled.program == NULL || compiled.report_count == 0)
            fail_msg("%s: no doubt", cases[i].text);
        const struct feel_report *report = &compiled.reports[0];
        if (report->fault != cases[i].fault || report->place.column != cases[i].column ||
            strcmp(report->about, cases[i].about) != 0)
            fail_msg("%s: %s '%s' at %d", cases[i].text, feel_fault_info(report->fault)->code,
                     report->about, report->place.column);
        struct feel_run *run = feel_fixture_run(arena);
        struct feel_value value = feel_evaluate(run, compiled.program, NULL);
        assert_int_equal(value.kind == FEEL_LIST ? value.list.items[0].kind : value.kind,
                         FEEL_NULL);
        arena_free(arena);
    }
}

static void a_place_counts_from_where_the_text_begins(void **state)
{
    (void)state;
    struct arena *arena = feel_fixture_arena();
    struct feel_source source = {.text = feel_text("1 +\nx"), .first = {40, 9}};
    struct feel_compiled compiled = feel_compile(arena, &source);
    assert_int_equal(compiled.reports[0].place.line, 41);
    assert_int_equal(compiled.reports[0].place.column, 1);
    source.text = feel_text("x");
    compiled = feel_compile(arena, &source);
    assert_int_equal(compiled.reports[0].place.line, 40);
    assert_int_equal(compiled.reports[0].place.column, 9);
    arena_free(arena);
}

/* --- names and slots --- */

static const struct feel_name worker_fields[] = {
    {{"年龄", 6}, NULL}, {{"skill level", 11}, NULL}, {{"name", 4}, NULL}};

static void names_are_as_long_as_they_can_be(void **state)
{
    (void)state;
    struct arena *arena = feel_fixture_arena();
    struct feel_run *run = feel_fixture_run(arena);
    const struct feel_type *number = feel_type_of_kind(FEEL_TYPE_NUMBER);
    struct feel_type worker = {
        .kind = FEEL_TYPE_CONTEXT, .fields = worker_fields, .field_count = 3};
    struct feel_type workers = {.kind = FEEL_TYPE_LIST, .of = &worker};
    const struct feel_name names[] = {
        {feel_text("a"), number},       {feel_text("a b"), number},
        {feel_text("a-b"), number},     {feel_text("b"), number},
        {feel_text("学员"), &workers},  {feel_text("补贴标准"), number},
        {feel_text("if then"), number},
    };
    struct feel_entry one[] = {{feel_text("年龄"), feel_integer(30)},
                               {feel_text("skill level"), feel_integer(3)},
                               {feel_text("name"), feel_string(feel_text("甲"))}};
    struct feel_value people[] = {feel_context(one, 3)};
    struct feel_value slots[] = {feel_integer(1),    feel_integer(20),     feel_integer(300),
                                 feel_integer(4000), feel_list(people, 1), feel_integer(500),
                                 feel_integer(6)};
    const struct feel_case cases[] = {
        {"a", "1"},
        {"a b + a", "21"},
        {"a  \n b", "20"},
        {"a - b", "300"}, /* the longest name wins */
        {"(a) - b", "-3999"},
        {"学员[年龄 > 20].name", "[\"甲\"]"},
        {"学员[skill level = 3 and b = 4000][1].skill  level", "3"},
        {"补贴标准 * 1.5", "750"},
        {"if then + 1", "7"},
        {"for 学员 in [1] return 学员 + a b", "[21]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct feel_source source = {
            .text = feel_text(cases[i].expression), .names = names, .name_count = 7};
        struct feel_compiled compiled = feel_compile(arena, &source);
        assert_non_null(compiled.program);
        if (compiled.report_count > 0)
            fail_msg("%s: %s", cases[i].expression, compiled.reports[0].about);
        const char *text = feel_fixture_text(run, feel_evaluate(run, compiled.program, slots));
        if (strcmp(text, cases[i].value) != 0)
            fail_msg("%s is %s, not %s", cases[i].expression, text, cases[i].value);
    }
    struct feel_source source = {.text = feel_text("学员.工资"), .names = names, .name_count = 7};
    struct feel_compiled compiled = feel_compile(arena, &source);
    assert_int_equal(compiled.report_count, 1);
    assert_int_equal(compiled.reports[0].fault, FEEL_FAULT_UNKNOWN_FIELD);
    assert_true(feel_program_uses(compiled.program, 4));
    assert_false(feel_program_uses(compiled.program, 0));
    arena_free(arena);
}

static void a_program_says_what_it_gives(void **state)
{
    (void)state;
    const struct feel_case cases[] = {
        {"1 + 2", "number"},
        {"[1, 2]", "list<number>"},
        {"{a: 1, b: [\"x\"]}", "context<a: number, b: list<string>>"},
        {"for i in 1..2 return i > 1", "list<boolean>"},
        {"function(a: date) 1", "function<date> -> number"},
        {"@\"2025-01-01\" - @\"2024-01-01\"", "days and time duration"},
        {"if true then 1 else \"a\"", "Any"},
        {"[{a: 1}].a", "list<number>"},
    };
    struct arena *arena = feel_fixture_arena();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct feel_compiled compiled = compile(arena, cases[i].expression);
        assert_string_equal(feel_type_text(arena, feel_program_type(compiled.program)),
                            cases[i].value);
    }
    assert_non_null(feel_program_constant(compile(arena, "[1, date(\"2025-01-01\")]").program));
    assert_null(feel_program_constant(compile(arena, "now()").program));
    arena_free(arena);
}

/* --- the cells of decision tables --- */

static const char *test_cell(const char *cell, struct feel_value value)
{
    struct arena *arena = feel_fixture_arena();
    struct feel_run *run = feel_fixture_run(arena);
    const struct feel_name names[] = {{feel_text("?"), NULL}, {feel_text("limit"), NULL}};
    struct feel_value slots[] = {value, feel_integer(10)};
    struct feel_source source = {
        .text = feel_text(cell), .form = FEEL_UNARY_TESTS, .names = names, .name_count = 2};
    struct feel_compiled compiled = feel_compile(arena, &source);
    const char *verdict = "no FEEL";
    if (compiled.program != NULL) {
        struct feel_value holds = feel_evaluate(run, compiled.program, slots);
        verdict = holds.kind != FEEL_BOOLEAN ? "null" : (holds.boolean ? "true" : "false");
    }
    arena_free(arena);
    return verdict;
}

static void cells_test_a_value(void **state)
{
    (void)state;
    const struct {
        const char *cell;
        const char *of_five;
    } cases[] = {
        {"-", "true"},
        {"5", "true"},
        {"4, 5", "true"},
        {"4", "false"},
        {"< 5", "false"},
        {"<= 5, > 100", "true"},
        {"[1..5]", "true"},
        {"(5..10]", "false"},
        {"not(5)", "false"},
        {"not(1, [7..9])", "true"},
        {"not(? > 3) and limit > 3", "false"},
        {"? > 3 and ? < limit", "true"},
        {"limit", "false"},
        {"< limit", "true"},
        {"limit > 3", "true"},
        {"null", "false"},
        {"[4, 5, 6]", "true"},
        {"!= 5", "false"},
        {"> \"a\"", "null"},
        {"odd(?)", "true"},
        {"5,", "no FEEL"},
        {"", "no FEEL"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *verdict = test_cell(cases[i].cell, feel_integer(5));
        if (strcmp(verdict, cases[i].of_five) != 0)
            fail_msg("%s: %s, not %s", cases[i].cell, verdict, cases[i].of_five);
    }
    assert_string_equal(test_cell("true", feel_boolean(/* truth= */ false)), "false");
    assert_string_equal(test_cell("\"焊工\", \"电工\"", feel_string(feel_text("电工"))), "true");
    assert_string_equal(test_cell("null", feel_null()), "true");
    assert_string_equal(test_cell("< 5", feel_null()), "null");
}

/* --- functions of the host --- */

static struct feel_value doubled(struct feel_run *run, const void *self,
                                 const struct feel_value *arguments)
{
    assert_string_equal(self, "self");
    struct feel_value two[] = {arguments[0], arguments[0]};
    struct feel_value *copy = arena_array(feel_run_arena(run), 2, struct feel_value);
    memcpy(copy, two, sizeof two);
    return feel_list(copy, 2);
}

static void a_function_of_the_host_is_one_like_others(void **state)
{
    (void)state;
    struct arena *arena = feel_fixture_arena();
    struct feel_run *run = feel_fixture_run(arena);
    const struct feel_name parameters[] = {{{"n", 1}, feel_type_of_kind(FEEL_TYPE_NUMBER)}};
    struct feel_type list = {.kind = FEEL_TYPE_LIST, .of = feel_type_of_kind(FEEL_TYPE_NUMBER)};
    struct feel_type type = {
        .kind = FEEL_TYPE_FUNCTION, .of = &list, .fields = parameters, .field_count = 1};
    const struct feel_name names[] = {{feel_text("double it"), &type}};
    struct feel_value slots[] = {feel_host_function(arena, &type, doubled, "self")};
    const struct feel_case cases[] = {
        {"double it(3)", "[3, 3]"},
        {"double it(n: 4)[1]", "4"},
        {"double it([5])", "[5, 5]"},
        {"double it(\"a\")", "null"},
        {"double it(m: 1)", "null"},
        {"for f in [double it] return f(1)", "[[1, 1]]"},
        {"(function(k) double it(k))(2)", "[2, 2]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct feel_source source = {
            .text = feel_text(cases[i].expression), .names = names, .name_count = 1};
        struct feel_compiled compiled = feel_compile(arena, &source);
        assert_non_null(compiled.program);
        assert_string_equal(feel_fixture_text(run, feel_evaluate(run, compiled.program, slots)),
                            cases[i].value);
    }
    struct feel_value function = feel_fixture_value(run, "function(a, b) a - b");
    const struct feel_argument by_name[] = {{feel_text("b"), feel_integer(1)},
                                            {feel_text("a"), feel_integer(9)}};
    assert_string_equal(feel_fixture_text(run, feel_call(run, function, by_name, 2)), "8");
    assert_int_equal(feel_call(run, feel_integer(1), NULL, 0).kind, FEEL_NULL);
    arena_free(arena);
}

/* --- limits --- */

static void nothing_goes_on_for_ever(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum feel_fault end;
    } cases[] = {
        {"{f: function(n) f(n + 1), r: f(1)}.r", FEEL_FAULT_TOO_DEEP},
        {"count(for i in 1..1e30 return 1)", FEEL_FAULT_TOO_MUCH_MEMORY},
        {"some i in 1..1e9, j in 1..1e9 satisfies i < 0", FEEL_FAULT_TOO_MANY_STEPS},
        {"for i in 1..100 return if i = 1 then \"0123456789\" else partial[-1] + partial[-1]",
         FEEL_FAULT_TOO_MUCH_MEMORY},
        {"for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]] = "
         "[partial[-1], partial[-1]]",
         FEEL_FAULT_SYNTAX}, /* no limit is met: the answers are small */
        {"string(for i in 1..64 return if i = 1 then [1, 2] else [partial[-1], partial[-1]])",
         FEEL_FAULT_TOO_MANY_STEPS},
        {"{l: for i in 1..64 return if i = 1 then [1] else [partial[-1], partial[-1]], "
         "m: for i in 1..64 return if i = 1 then [1] else [partial[-1], partial[-1]], r: l = m}.r",
         FEEL_FAULT_TOO_MANY_STEPS},
        {"string(for i in 1..9000 return if i = 1 then 1 else [partial[-1]])", FEEL_FAULT_TOO_DEEP},
        {"replace(string join(for i in 1..9999 return \"a\"), \"a+\", "
         "string join(for i in 1..99999 return \"$0\"))",
         FEEL_FAULT_TOO_MUCH_MEMORY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = feel_fixture_arena();
        struct feel_run *run = feel_fixture_run(arena);
        struct feel_value value = feel_fixture_value(run, cases[i].text);
        enum feel_fault end = FEEL_FAULT_SYNTAX;
        bool has_ended = feel_run_ended(run, &end);
        if (end != cases[i].end)
            fail_msg("%s: %s", cases[i].text, feel_fault_info(end)->code);
        if (has_ended) {
            size_t count;
            const struct feel_report *reports = feel_run_reports(run, &count);
            assert_int_equal(value.kind, FEEL_NULL);
            assert_int_equal(reports[count - 1].fault, end);
        }
        arena_free(arena);
    }
}

static void a_pattern_that_backtracks_for_ever_is_given_up(void **state)
{
    (void)state;
    struct arena *arena = feel_fixture_arena();
    struct feel_run *run = feel_fixture_run(arena);
    struct feel_value value = feel_fixture_value(
        run,
        "{s: string join(for i in 1..40 return \"a\"), r: matches(s + \"b\", \"^(a|aa)+$\")}.r");
    size_t count;
    const struct feel_report *reports = feel_run_reports(run, &count);
    assert_int_equal(value.kind, FEEL_NULL);
    assert_int_equal(count, 1);
    assert_int_equal(reports[0].fault, FEEL_FAULT_TOO_MANY_STEPS);
    assert_int_equal(reports[0].place.column, 55);
    arena_free(arena);
}

static void a_run_reports_what_it_met(void **state)
{
    (void)state;
    struct arena *arena = feel_fixture_arena();
    struct feel_run *run = feel_fixture_run(arena);
    const struct feel_name names[] = {{feel_text("x"), NULL}};
    struct feel_source source = {
        .text = feel_text("[x + 1,\n x.a, x()]"), .names = names, .name_count = 1};
    struct feel_compiled compiled = feel_compile(arena, &source);
    assert_int_equal(compiled.report_count, 0);
    struct feel_value slots[] = {feel_string(feel_text("s"))};
    feel_evaluate(run, compiled.program, slots);
    size_t count;
    const struct feel_report *reports = feel_run_reports(run, &count);
    assert_int_equal(count, 3);
    assert_int_equal(reports[0].fault, FEEL_FAULT_WRONG_KIND);
    assert_string_equal(reports[0].about, "string + number");
    assert_int_equal(reports[0].place.column, 4);
    assert_int_equal(reports[1].fault, FEEL_FAULT_UNKNOWN_FIELD);
    assert_int_equal(reports[1].place.line, 2);
    assert_int_equal(reports[2].fault, FEEL_FAULT_NOT_A_FUNCTION);
    for (int i = 0; i < 100; i++)
        feel_evaluate(run, compiled.program, slots);
    feel_run_reports(run, &count);
    assert_int_equal(count, 64);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_feel_has_its_place),
        cmocka_unit_test(what_is_too_deep_is_refused),
        cmocka_unit_test(what_cannot_be_meant_is_a_doubt),
        cmocka_unit_test(a_place_counts_from_where_the_text_begins),
        cmocka_unit_test(names_are_as_long_as_they_can_be),
        cmocka_unit_test(a_program_says_what_it_gives),
        cmocka_unit_test(cells_test_a_value),
        cmocka_unit_test(a_function_of_the_host_is_one_like_others),
        cmocka_unit_test(nothing_goes_on_for_ever),
        cmocka_unit_test(a_pattern_that_backtracks_for_ever_is_given_up),
        cmocka_unit_test(a_run_reports_what_it_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
