/* Models: what is refused, where and why; what a decision says of itself; bounds. */
#include "dmn/dmn_fixture.h"

/* --- faults --- */

struct fault_case {
    const char *elements; /* from line 2 on */
    enum dmn_fault fault;
    int line;
    const char *about;
    const char *element;
};

#define DECISION(inner) "<decision name='d' id='d1'>" inner "</decision>"
#define LITERAL(text) "<literalExpression><text>" text "</text></literalExpression>"
#define TABLE(inner)                                                                               \
    "<decisionTable><input><inputExpression><text>1</text></inputExpression></input>" inner        \
    "</decisionTable>"

static void a_faulty_model_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct fault_case cases[] = {
        {"<decision name='d'>", DMN_FAULT_NOT_XML, 2, "mismatched tag", ""},
        {"<decision/>", DMN_FAULT_MISSING_ATTRIBUTE, 2, "decision/@name", ""},
        {DECISION(LITERAL("1")) "\n" DECISION(LITERAL("2")), DMN_FAULT_DUPLICATE, 3, "d", ""},
        {DECISION("<informationRequirement><requiredInput href='#x'/></informationRequirement>"),
         DMN_FAULT_UNKNOWN_ELEMENT, 2, "#x", "decision d"},
        {"<decision name='a' id='a'><informationRequirement><requiredDecision href='#b'/>"
         "</informationRequirement></decision>\n"
         "<decision name='b' id='b'><informationRequirement><requiredDecision href='#a'/>"
         "</informationRequirement></decision>",
         DMN_FAULT_CIRCULAR, 3, "a", "decision b"},
        {"<import name='i' namespace='urn:none' "
         "importType='https://www.omg.org/spec/DMN/20230324/MODEL/'/>",
         DMN_FAULT_UNKNOWN_IMPORT, 2, "urn:none", "import i"},
        {DECISION("<variable name='d' typeRef='nothing'/>" LITERAL("1")), DMN_FAULT_UNKNOWN_TYPE, 2,
         "nothing", "decision d"},
        {DECISION(LITERAL("\n1 +")), DMN_FAULT_EXPRESSION, 3, "", "decision d"},
        {DECISION(TABLE("<output/><rule><inputEntry><text>1</text></inputEntry></rule>")),
         DMN_FAULT_CELLS, 2, "1 + 0 ≠ 1 + 1", "decision d: rule 1"},
        {DECISION(TABLE("")), DMN_FAULT_MISSING_ELEMENT, 2, "output", "decision d"},
        {DECISION("<decisionTable hitPolicy='SOME'><output/></decisionTable>"),
         DMN_FAULT_BAD_ATTRIBUTE, 2, "hitPolicy=SOME", "decision d"},
        {DECISION("<decisionTable hitPolicy='PRIORITY'><output><outputValues><text>now()</text>"
                  "</outputValues></output></decisionTable>"),
         DMN_FAULT_NOT_CONSTANT, 2, "now()", "decision d: output 1"},
        {DECISION("<list>" LITERAL("1") "<words/></list>"), DMN_FAULT_BAD_ELEMENT, 2, "words",
         "decision d"},
        {DECISION("<literalExpression expressionLanguage='Java'><text>1</text>"
                  "</literalExpression>"),
         DMN_FAULT_NOT_RUNNABLE, 2, "Java", "decision d"},
        {DECISION("<some iteratorVariable='i'><satisfies>" LITERAL("i = 2)") "</satisfies></some>"),
         DMN_FAULT_MISSING_ELEMENT, 2, "in", "decision d"},
        {"<itemDefinition name='t'><typeRef>t</typeRef></itemDefinition>", DMN_FAULT_CIRCULAR, 2,
         "t", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = dmn_fixture_arena();
        struct dmn_reports reports;
        if (dmn_fixture_load(arena, cases[i].elements, DMN_STRICT, &reports) != NULL ||
            reports.count == 0)
            fail_msg("%s: not refused", cases[i].elements);
        const struct dmn_report *first = &reports.items[0];
        if (first->fault != cases[i].fault || first->place.line != cases[i].line ||
            strstr(first->message.arguments[0].value, cases[i].about) == NULL ||
            strstr(first->element, cases[i].element) == NULL)
            fail_msg("%s: %s at line %d, %s, in \"%s\"", cases[i].elements,
                     dmn_fault_info(first->fault)->code, first->place.line,
                     first->message.arguments[0].value, first->element);
        arena_free(arena);
    }
}

static enum dmn_fault fault_of(const char *text, size_t length)
{
    struct arena *arena = dmn_fixture_arena();
    const struct dmn_file file = {"m.dmn", {text, length}};
    struct dmn_source source = {.files = &file, .file_count = 1};
    struct dmn_reports reports;
    assert_null(dmn_load(arena, &source, &reports));
    enum dmn_fault fault = reports.items[0].fault;
    arena_free(arena);
    return fault;
}

static void a_hostile_file_is_refused(void **state)
{
    (void)state;
    static const char bomb[] = "<!DOCTYPE a [<!ENTITY b 'b'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
    static const char other[] = "<definitions xmlns='urn:other'/>";
    assert_int_equal(fault_of(bomb, strlen(bomb)), DMN_FAULT_DOCUMENT_TYPE);
    assert_int_equal(fault_of(other, strlen(other)), DMN_FAULT_NOT_DMN);
    assert_int_equal(fault_of("", 0), DMN_FAULT_NOT_XML);
    struct arena *arena = dmn_fixture_arena();
    size_t large = (size_t)17 << 20, deep = 200;
    char *spaces = arena_alloc(arena, large + 1);
    memset(spaces, ' ', large);
    assert_int_equal(fault_of(spaces, large), DMN_FAULT_TOO_LARGE);
    struct buffer nested = buffer_new(arena, 4096);
    for (size_t i = 0; i < deep; i++)
        buffer_add(&nested, "<a>");
    assert_int_equal(fault_of(nested.bytes, nested.length), DMN_FAULT_TOO_DEEP);
    arena_free(arena);
}

/* What others write stays loadable: the part that nobody understands is null. */
static void what_is_tolerated_is_said(void **state)
{
    (void)state;
    struct arena *arena = dmn_fixture_arena();
    struct dmn_reports reports;
    const struct dmn_model *model = dmn_fixture_load(
        arena, DECISION(LITERAL("1 +")) "<decision name='e'/>", DMN_TOLERANT, &reports);
    assert_non_null(model);
    assert_int_equal(reports.count, 2);
    assert_int_equal(reports.items[0].weight, DMN_WEIGHT_DOUBT);
    assert_int_equal(reports.items[1].fault, DMN_FAULT_NO_LOGIC);
    struct dmn_run *run = dmn_fixture_run(arena, model);
    assert_string_equal(dmn_fixture_decide(run, model, "d"), "null");
    assert_true(dmn_fixture_remarks(run, dmn_trouble_info(DMN_TROUBLE_EXPRESSION)->code));
    arena_free(arena);
}

/* --- why --- */

static const char prizes[] =
    "<inputData id='_l' name='级别'><variable name='级别' typeRef='string'/></inputData>"
    "<inputData id='_r' name='名次'><variable name='名次' typeRef='number'/></inputData>"
    "<decision id='prize' name='奖金'>"
    "<informationRequirement><requiredInput href='#_l'/></informationRequirement>"
    "<informationRequirement><requiredInput href='#_r'/></informationRequirement>"
    "<decisionTable><input><inputExpression><text>级别</text></inputExpression></input>"
    "<input><inputExpression><text>名次</text></inputExpression></input>"
    "<output name='元'/><output name='荣誉'/><annotation name='条款'/><annotation name='说明'/>"
    "<rule "
    "id='r1'><inputEntry><text>\"甲\"</text></inputEntry><inputEntry><text>1</text></inputEntry>"
    "<outputEntry><text>100</text></outputEntry><outputEntry><text>\"能手\"</text></outputEntry>"
    "<annotationEntry><text>一.2</text></annotationEntry><annotationEntry><text/></annotationEntry>"
    "</rule></decisionTable></decision>";

static void a_decision_says_why(void **state)
{
    (void)state;
    struct arena *arena = dmn_fixture_arena();
    const struct dmn_model *model = dmn_fixture_model(arena, prizes);
    const struct dmn_element *decision = dmn_find(model, NULL, "prize");
    struct dmn_run *run = dmn_fixture_run(arena, model);
    dmn_fixture_give(run, model, "级别", feel_string(feel_text("甲")));
    dmn_fixture_give(run, model, "名次", feel_integer(1));
    struct buffer out = buffer_new(arena, 1024);
    dmn_decision_json(run, decision, &out);
    assert_string_equal(
        out.bytes,
        arena_printf(
            arena,
            "{\"decision\":\"奖金\",\"model\":\"m\",\"version\":\"%s\","
            "\"outputs\":{\"元\":100,\"荣誉\":\"能手\"},"
            "\"rules\":[{\"table\":\"奖金\",\"rule\":1,\"id\":\"r1\",\"clause\":\"一.2\","
            "\"notes\":{\"条款\":\"一.2\"}}],\"clause\":\"一.2\",\"steps\":["
            "{\"name\":\"级别\",\"kind\":\"input_data\",\"value\":\"甲\"},"
            "{\"name\":\"名次\",\"kind\":\"input_data\",\"value\":1},"
            "{\"name\":\"奖金\",\"kind\":\"decision\",\"value\":{\"元\":100,\"荣誉\":\"能手\"},"
            "\"rules\":[{\"table\":\"奖金\",\"rule\":1,\"id\":\"r1\",\"clause\":\"一.2\","
            "\"notes\":{\"条款\":\"一.2\"}}]}]}",
            dmn_about(model)->version));
    assert_string_equal(dmn_clauses(run, decision), "一.2");
    arena_free(arena);
}

/* --- bounds --- */

static void what_never_ends_is_ended(void **state)
{
    (void)state;
    struct arena *arena = dmn_fixture_arena();
    const struct dmn_model *model = dmn_fixture_model(
        arena,
        "<businessKnowledgeModel id='f' name='f'><encapsulatedLogic>"
        "<formalParameter name='x'/>" LITERAL(
            "f(x + 1)") "</encapsulatedLogic></businessKnowledgeModel>"
                        "<decision name='d'><knowledgeRequirement><requiredKnowledge href='#f'/>"
                        "</knowledgeRequirement>" LITERAL("f(1)") "</decision>");
    struct dmn_run *run = dmn_fixture_run(arena, model);
    assert_string_equal(dmn_fixture_decide(run, model, "d"), "null");
    assert_true(dmn_fixture_remarks(run, dmn_trouble_info(DMN_TROUBLE_ENDED)->code));
    arena_free(arena);
}

static void what_cannot_be_computed_says_so(void **state)
{
    (void)state;
    struct arena *arena = dmn_fixture_arena();
    const struct dmn_model *model = dmn_fixture_model(
        arena, "<decision name='d'><invocation>" LITERAL(
                   "f") "</invocation></decision>"
                        "<decision name='j'><context><contextEntry><variable name='f'/>"
                        "<functionDefinition kind='Java'>" LITERAL(
                            "1") "</functionDefinition>"
                                 "</contextEntry><contextEntry>" LITERAL(
                                     "f()") "</contextEntry></context></decision>");
    struct dmn_run *run = dmn_fixture_run(arena, model);
    assert_string_equal(dmn_fixture_decide(run, model, "j"), "null");
    assert_true(dmn_fixture_remarks(run, dmn_trouble_info(DMN_TROUBLE_NOT_COMPUTABLE)->code));
    arena_free(arena);
}

/* Whatever allocation is the one that fails, all is given back and nothing is half a model. */
static void memory_that_runs_out_unwinds(void **state)
{
    (void)state;
    enum { STEP = 512, MOST = 4 << 20 };
    volatile bool is_loaded = false;
    for (volatile size_t limit = STEP; !is_loaded && limit < MOST; limit += STEP) {
        struct arena *arena = arena_new(limit);
        struct guard guard;
        if (GUARDED(arena, &guard) == FAULT_NONE) {
            const struct dmn_model *model = dmn_fixture_model(arena, prizes);
            struct dmn_run *run = dmn_fixture_run(arena, model);
            dmn_fixture_give(run, model, "名次", feel_integer(1));
            struct buffer out = buffer_new(arena, 64);
            dmn_decision_json(run, dmn_find(model, NULL, "奖金"), &out);
            guard_leave(arena, &guard);
            is_loaded = true;
        } else {
            assert_int_equal(guard.fault, FAULT_MEMORY);
        }
        arena_free(arena);
    }
    assert_true(is_loaded);
}

/* --- the kit --- */

static void the_kit_tells_what_fails(void **state)
{
    (void)state;
    struct arena *arena = dmn_fixture_arena();
    const char *model = DMN_FIXTURE_HEAD "<decision name='d'>" LITERAL("1 / 3") "</decision>"
                                                                                "</definitions>";
    static const char cases[] =
        "<testCases xmlns='http://www.omg.org/spec/DMN/20160719/testcase' "
        "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><modelName>m.dmn</modelName>"
        "<testCase id='near'><resultNode name='d'><expected><value xsi:type='xsd:decimal'>"
        "0.333333333</value></expected></resultNode></testCase>"
        "<testCase id='far'><resultNode name='d'><expected><value xsi:type='xsd:decimal'>"
        "0.3333</value></expected></resultNode></testCase>"
        "<testCase id='none'><resultNode name='e'><expected><value/></expected></resultNode>"
        "</testCase></testCases>";
    const struct dmn_file file = {"folder/m.dmn", {model, strlen(model)}};
    struct dmn_kit_source source = {
        .cases = {cases, strlen(cases)}, .files = &file, .file_count = 1};
    assert_true(dmn_kit_is(arena, source.cases));
    assert_false(dmn_kit_is(arena, file.bytes));
    struct dmn_kit_result result = dmn_kit_run(arena, &source);
    assert_int_equal(result.tests, 3);
    assert_int_equal(result.passed, 1);
    assert_string_equal(result.failures[0].test, "far");
    assert_non_null(strstr(result.failures[0].why, "0.3333 is expected, 0.33333"));
    assert_string_equal(result.failures[1].why, "the model has no e");
    source.file_count = 0;
    assert_int_equal(dmn_kit_run(arena, &source).passed, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_faulty_model_is_refused_with_its_place),
        cmocka_unit_test(a_hostile_file_is_refused),
        cmocka_unit_test(what_is_tolerated_is_said),
        cmocka_unit_test(a_decision_says_why),
        cmocka_unit_test(what_never_ends_is_ended),
        cmocka_unit_test(what_cannot_be_computed_says_so),
        cmocka_unit_test(memory_that_runs_out_unwinds),
        cmocka_unit_test(the_kit_tells_what_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
