/* Test cases of the DMN Technology Compatibility Kit: inputs, and what is to come out. */
#include <string.h>

#include "dmn/dmn_loader.h"
#include "dmn/dmn_run.h"

#define KIT_SPACE "http://www.omg.org/spec/DMN/20160719/testcase"
#define INSTANCE_SPACE "{http://www.w3.org/2001/XMLSchema-instance}"

struct kit {
    struct arena *arena;
    const struct dmn_kit_source *source;
    const struct dmn_model *model; /* NULL: it could not be loaded */
    const char *refusal;           /* then why */
    const struct feel_program *is_near;
};

bool dmn_kit_is(struct arena *arena, struct bytes file)
{
    struct dmn__xml_fault fault;
    const char *space = "";
    const struct dmn__xml *root = dmn__xml_read(arena, file, &space, &fault);
    return root != NULL && dmn__xml_is(root, "testCases") && strcmp(space, KIT_SPACE) == 0;
}

/* --- the model --- */

/* The last part of a path. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static void load_model(struct kit *kit, const char *name)
{
    struct dmn_source source = {.files = kit->source->files,
                                .file_count = kit->source->file_count,
                                .main = kit->source->file_count};
    for (size_t i = 0; i < source.file_count; i++)
        if (strcmp(base_name(source.files[i].name), name) == 0)
            source.main = i;
    kit->refusal = arena_printf(kit->arena, "there is no model %s beside the test cases", name);
    if (source.main == source.file_count)
        return;
    struct dmn_reports reports;
    kit->model = dmn_load(kit->arena, &source, &reports);
    for (size_t i = 0; kit->model == NULL && i < reports.count; i++)
        if (reports.items[i].weight == DMN_WEIGHT_REFUSED)
            kit->refusal = arena_printf(kit->arena, "%s:%d: %s: %s", reports.items[i].file,
                                        reports.items[i].place.line, reports.items[i].message.key,
                                        reports.items[i].message.arguments[0].value);
}

/* --- values --- */

static struct feel_value read_value(struct kit *kit, const struct dmn__xml *holder);

static enum feel_kind kind_of(const char *type)
{
    static const struct {
        const char *type;
        enum feel_kind kind;
    } kinds[] = {
        {"boolean", FEEL_BOOLEAN},
        {"date", FEEL_DATE},
        {"dateTime", FEEL_DATE_TIME},
        {"decimal", FEEL_NUMBER},
        {"double", FEEL_NUMBER},
        {"duration", FEEL_SPAN},
        {"float", FEEL_NUMBER},
        {"integer", FEEL_NUMBER},
        {"time", FEEL_TIME},
        {"dayTimeDuration", FEEL_SPAN},
        {"yearMonthDuration", FEEL_MONTHS},
    };
    const char *colon = type == NULL ? NULL : strchr(type, ':');
    const char *name = colon == NULL ? type : colon + 1;
    for (size_t i = 0; name != NULL && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].type, name) == 0)
            return kinds[i].kind;
    return FEEL_STRING;
}

static bool is_nil(const struct dmn__xml *xml)
{
    const char *nil = dmn__xml_attribute(xml, INSTANCE_SPACE "nil");
    return nil != NULL && strcmp(nil, "true") == 0;
}

static struct feel_value read_simple(struct kit *kit, const struct dmn__xml *xml)
{
    struct feel_value value = feel_null();
    if (is_nil(xml))
        return value;
    enum feel_kind kind = kind_of(dmn__xml_attribute(xml, INSTANCE_SPACE "type"));
    return feel_read(kit->arena, kind, feel_text(xml->text), &value) ? value : feel_null();
}

static struct feel_value read_list(struct kit *kit, const struct dmn__xml *xml)
{
    size_t count = dmn__xml_count(xml, "item"), i = 0;
    if (is_nil(xml))
        return feel_null();
    struct feel_value *items = arena_array(kit->arena, count, struct feel_value);
    DMN__EACH (item, xml, "item")
        items[i++] = read_value(kit, item);
    return feel_list(items, count);
}

static struct feel_value read_components(struct kit *kit, const struct dmn__xml *holder)
{
    size_t count = dmn__xml_count(holder, "component"), i = 0;
    struct feel_entry *entries = arena_array(kit->arena, count, struct feel_entry);
    DMN__EACH (component, holder, "component") {
        const char *name = dmn__xml_attribute(component, "name");
        entries[i].name = feel_text(name == NULL ? "" : name);
        entries[i++].value = is_nil(component) ? feel_null() : read_value(kit, component);
    }
    return feel_context(entries, count);
}

static struct feel_value read_value(struct kit *kit, const struct dmn__xml *holder)
{
    const struct dmn__xml *simple = dmn__xml_child(holder, "value");
    const struct dmn__xml *list = dmn__xml_child(holder, "list");
    if (simple != NULL)
        return read_simple(kit, simple);
    if (list != NULL)
        return read_list(kit, list);
    return dmn__xml_child(holder, "component") != NULL ? read_components(kit, holder) : feel_null();
}

/* --- comparing --- */

static bool is_same(const struct kit *kit, struct feel_run *run, struct feel_value a,
                    struct feel_value b);

static bool are_same_lists(const struct kit *kit, struct feel_run *run, struct feel_list a,
                           struct feel_list b)
{
    for (size_t i = 0; a.count == b.count && i < a.count; i++)
        if (!is_same(kit, run, a.items[i], b.items[i]))
            return false;
    return a.count == b.count;
}

static bool are_same_contexts(const struct kit *kit, struct feel_run *run, struct feel_context a,
                              struct feel_context b)
{
    for (size_t i = 0; a.count == b.count && i < a.count; i++) {
        const struct feel_value *other = feel_context_find(b, a.entries[i].name);
        if (other == NULL || !is_same(kit, run, a.entries[i].value, *other))
            return false;
    }
    return a.count == b.count;
}

static bool is_same(const struct kit *kit, struct feel_run *run, struct feel_value a,
                    struct feel_value b)
{
    if (a.kind != b.kind)
        return false;
    if (a.kind == FEEL_LIST)
        return are_same_lists(kit, run, a.list, b.list);
    if (a.kind == FEEL_CONTEXT)
        return are_same_contexts(kit, run, a.context, b.context);
    const struct feel_value pair[] = {a, b};
    return dmn__is_true(a.kind == FEEL_NUMBER ? feel_evaluate(run, kit->is_near, pair)
                                              : feel_equal(run, a, b));
}

/* --- a case --- */

/* What the case is about: decisions before others of the same name. */
static const struct dmn_element *find(const struct kit *kit, const struct dmn__xml *node,
                                      bool is_input)
{
    const char *name = dmn__xml_attribute(node, "name");
    const char *space = dmn__xml_attribute(node, "namespace");
    if (name == NULL)
        return NULL;
    for (size_t i = 0; !is_input && i < dmn_element_count(kit->model); i++) {
        const struct dmn_element *element = dmn_element(kit->model, i);
        if (element->kind == DMN_KIND_DECISION && strcmp(element->name, name) == 0 &&
            (space == NULL || strcmp(element->model->name_space, space) == 0))
            return element;
    }
    return dmn_find(kit->model, space, name);
}

static const char *give_inputs(struct kit *kit, struct dmn_run *run, const struct dmn__xml *test)
{
    DMN__EACH (input, test, "inputNode") {
        const struct dmn_element *element = find(kit, input, /* is_input= */ true);
        if (element == NULL)
            return arena_printf(kit->arena, "the model has no %s",
                                dmn__xml_attribute(input, "name"));
        dmn_give(run, element, read_value(kit, input));
    }
    return NULL;
}

/* What the run has to say about a null. */
static const char *remark_of(struct kit *kit, const struct dmn_run *run)
{
    const struct dmn_remark *last = NULL;
    for (const struct dmn_step *step = dmn_explain(run); step != NULL; step = step->next)
        for (const struct dmn_remark *at = step->remarks; at != NULL; at = at->next)
            last = at;
    if (last == NULL)
        return "";
    const char *about = last->message.arguments[0].value;
    return arena_printf(kit->arena, " (line %d: %s: %s)", last->place.line, last->message.key,
                        about == NULL ? "" : about);
}

static const char *check_result(struct kit *kit, struct dmn_run *run, const struct dmn__xml *node,
                                struct feel_value actual)
{
    const struct dmn__xml *expected = dmn__xml_child(node, "expected");
    const char *error = dmn__xml_attribute(node, "errorResult");
    struct feel_value wanted = expected == NULL ? feel_null() : read_value(kit, expected);
    struct feel_run *feel = dmn_run_feel(run);
    bool is_error = error != NULL && strcmp(error, "true") == 0;
    if (is_error ? actual.kind == FEEL_NULL : is_same(kit, feel, wanted, actual))
        return NULL;
    struct feel_text is = feel_print(feel, actual), should = feel_print(feel, wanted);
    return arena_printf(kit->arena, "%s: %.*s is expected, %.*s came%s",
                        dmn__xml_attribute(node, "name"), (int)should.length, should.bytes,
                        (int)is.length, is.bytes, remark_of(kit, run));
}

/* A service's result: of its only output, or of the one of that name. */
static struct feel_value service_result(const struct dmn_element *service, struct feel_value value,
                                        const struct dmn__xml *node)
{
    if (dmn__own(service)->output_count == 1 || value.kind != FEEL_CONTEXT)
        return value;
    const struct feel_value *part =
        feel_context_find(value.context, feel_text(dmn__xml_attribute(node, "name")));
    return part == NULL ? value : *part;
}

/* NULL where it passes. */
static const char *run_case(struct kit *kit, const struct dmn__xml *test)
{
    if (kit->model == NULL)
        return kit->refusal;
    struct dmn_settings settings = {.now = kit->source->now, .explains = true};
    struct dmn_run *run = dmn_run_new(kit->arena, kit->model, &settings);
    const char *invocable = dmn__xml_attribute(test, "invocableName");
    const struct dmn_element *service =
        invocable == NULL ? NULL : dmn_find(kit->model, NULL, invocable);
    if (invocable != NULL && service == NULL)
        return arena_printf(kit->arena, "the model has no %s", invocable);
    const char *why = give_inputs(kit, run, test);
    DMN__EACH (node, test, "resultNode") {
        if (why != NULL)
            break;
        const struct dmn_element *element =
            service != NULL ? service : find(kit, node, /* is_input= */ false);
        if (element == NULL)
            return arena_printf(kit->arena, "the model has no %s",
                                dmn__xml_attribute(node, "name"));
        struct feel_value value = dmn_decide(run, element);
        if (service != NULL)
            value = service_result(service, value, node);
        why = check_result(kit, run, node, value);
    }
    return why;
}

static const struct feel_program *compile_nearness(struct arena *arena)
{
    const struct feel_type *number = feel_type_of_kind(FEEL_TYPE_NUMBER);
    const struct feel_name names[] = {{feel_text("a"), number}, {feel_text("b"), number}};
    struct feel_source source = {
        .text = feel_text("abs(a - b) < 0.00000001"), .names = names, .name_count = 2};
    return feel_compile(arena, &source).program;
}

struct dmn_kit_result dmn_kit_run(struct arena *arena, const struct dmn_kit_source *source)
{
    struct kit kit = {.arena = arena, .source = source, .is_near = compile_nearness(arena)};
    struct dmn__xml_fault fault;
    const char *space = "";
    const struct dmn__xml *root = dmn__xml_read(arena, source->cases, &space, &fault);
    struct dmn_kit_result result = {0};
    if (root == NULL)
        return result;
    const struct dmn__xml *model = dmn__xml_child(root, "modelName");
    load_model(&kit, model == NULL ? "" : dmn__trimmed(arena, model->text));
    struct dmn_kit_failure *failures =
        arena_array(arena, dmn__xml_count(root, "testCase"), struct dmn_kit_failure);
    DMN__EACH (test, root, "testCase") {
        const char *why = run_case(&kit, test);
        const char *id = dmn__xml_attribute(test, "id");
        if (why == NULL)
            result.passed++;
        else
            failures[result.tests - result.passed] =
                (struct dmn_kit_failure){id == NULL ? "" : id, why};
        result.tests++;
    }
    result.failures = failures;
    return result;
}
