/* Decision tables, from XML to cells that are programs. */
#include <string.h>

#include "dmn/dmn_loader.h"

/* --- as it stands in its file --- */

/* The attribute's words in every version, with the one letter that a table shows. */
static bool read_policy(struct dmn__loader *loader, const struct dmn__xml *xml,
                        struct dmn_table *table)
{
    static const struct {
        const char *name;
        enum dmn_hit_policy policy;
    } policies[] = {
        {"UNIQUE", DMN_HIT_POLICY_UNIQUE},
        {"ANY", DMN_HIT_POLICY_ANY},
        {"PRIORITY", DMN_HIT_POLICY_PRIORITY},
        {"FIRST", DMN_HIT_POLICY_FIRST},
        {"COLLECT", DMN_HIT_POLICY_COLLECT},
        {"RULE ORDER", DMN_HIT_POLICY_RULE_ORDER},
        {"OUTPUT ORDER", DMN_HIT_POLICY_OUTPUT_ORDER},
    };
    static const struct {
        const char *name;
        enum dmn_aggregation aggregation;
    } aggregations[] = {
        {"SUM", DMN_AGGREGATION_SUM},
        {"COUNT", DMN_AGGREGATION_HOW_MANY},
        {"MIN", DMN_AGGREGATION_MIN},
        {"MAX", DMN_AGGREGATION_MAX},
    };
    const char *policy = dmn__attribute_or(xml, "hitPolicy", "UNIQUE");
    const char *aggregation = dmn__xml_attribute(xml, "aggregation");
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        if (strcmp(policies[i].name, policy) == 0)
            table->policy = policies[i].policy;
    for (size_t i = 0; aggregation != NULL && i < sizeof aggregations / sizeof *aggregations; i++)
        if (strcmp(aggregations[i].name, aggregation) == 0)
            table->aggregation = aggregations[i].aggregation;
    if (table->policy == DMN_HIT_POLICY_NONE)
        dmn__report(loader, DMN_FAULT_BAD_ATTRIBUTE, xml->place,
                    arena_printf(loader->arena, "hitPolicy=%s", policy));
    if (aggregation != NULL && table->aggregation == DMN_AGGREGATION_NONE)
        dmn__report(loader, DMN_FAULT_BAD_ATTRIBUTE, xml->place,
                    arena_printf(loader->arena, "aggregation=%s", aggregation));
    return table->policy != DMN_HIT_POLICY_NONE;
}

/* The text inside the child of that name; "" where it has none. */
static const char *inner_text(struct dmn__loader *loader, const struct dmn__xml *xml,
                              const char *name)
{
    const struct dmn__xml *child = dmn__xml_child(xml, name);
    return child == NULL ? "" : dmn__child_text(loader, child, "text");
}

static struct dmn_clause *read_inputs(struct dmn__loader *loader, const struct dmn__xml *xml,
                                      struct dmn_table *table)
{
    table->input_count = dmn__xml_count(xml, "input");
    struct dmn_clause *clauses = arena_array(loader->arena, table->input_count, struct dmn_clause);
    size_t i = 0;
    DMN__EACH (input, xml, "input") {
        const struct dmn__xml *expression = dmn__xml_child(input, "inputExpression");
        clauses[i].label = dmn__attribute_or(input, "label", "");
        clauses[i].name = "";
        clauses[i].text = inner_text(loader, input, "inputExpression");
        clauses[i].values = inner_text(loader, input, "inputValues");
        clauses[i].type_name =
            expression == NULL ? "" : dmn__attribute_or(expression, "typeRef", "");
        i++;
    }
    return clauses;
}

static struct dmn_clause *read_outputs(struct dmn__loader *loader, const struct dmn__xml *xml,
                                       struct dmn_table *table)
{
    table->output_count = dmn__xml_count(xml, "output");
    struct dmn_clause *clauses = arena_array(loader->arena, table->output_count, struct dmn_clause);
    size_t i = 0;
    DMN__EACH (output, xml, "output") {
        clauses[i].label = dmn__attribute_or(output, "label", "");
        clauses[i].name = dmn__trimmed(loader->arena, dmn__attribute_or(output, "name", ""));
        clauses[i].text = inner_text(loader, output, "defaultOutputEntry");
        clauses[i].values = inner_text(loader, output, "outputValues");
        clauses[i].type_name = dmn__attribute_or(output, "typeRef", "");
        i++;
    }
    return clauses;
}

/* Which annotation says what a rule rests on. */
static size_t clause_column(const struct dmn_table *table)
{
    static const char *const names[] = {"clause", "Clause", "条款", "依据"};
    for (size_t i = 0; i < table->annotation_count; i++)
        for (size_t j = 0; j < sizeof names / sizeof *names; j++)
            if (strcmp(table->annotation_names[i], names[j]) == 0)
                return i;
    return SIZE_MAX;
}

static void read_annotation_names(struct dmn__loader *loader, const struct dmn__xml *xml,
                                  struct dmn_table *table)
{
    table->annotation_count = dmn__xml_count(xml, "annotation");
    const char **names = arena_array(loader->arena, table->annotation_count, const char *);
    size_t i = 0;
    DMN__EACH (annotation, xml, "annotation")
        names[i++] = dmn__attribute_or(annotation, "name", "");
    table->annotation_names = names;
}

/* The texts of the children of that name, `most` of them; "" where there are fewer. */
static const char *const *read_texts(struct dmn__loader *loader, const struct dmn__xml *rule,
                                     const char *name, size_t most)
{
    const char **texts = arena_array(loader->arena, most, const char *);
    size_t i = 0;
    DMN__EACH (entry, rule, name)
        if (i < most)
            texts[i++] = dmn__child_text(loader, entry, "text");
    while (i < most)
        texts[i++] = "";
    return texts;
}

static void read_rule(struct dmn__loader *loader, const struct dmn__xml *xml,
                      const struct dmn_table *table, struct dmn_rule *rule)
{
    size_t clause = clause_column(table);
    rule->id = dmn__attribute_or(xml, "id", "");
    rule->description = dmn__child_text(loader, xml, "description");
    rule->inputs = read_texts(loader, xml, "inputEntry", table->input_count);
    rule->outputs = read_texts(loader, xml, "outputEntry", table->output_count);
    rule->annotations = read_texts(loader, xml, "annotationEntry", table->annotation_count);
    rule->clause = clause == SIZE_MAX ? "" : rule->annotations[clause];
    rule->line = xml->place.line;
}

static bool has_cells(struct dmn__loader *loader, const struct dmn__xml *xml, size_t inputs,
                      size_t outputs)
{
    size_t input_count = dmn__xml_count(xml, "inputEntry");
    size_t output_count = dmn__xml_count(xml, "outputEntry");
    if (input_count == inputs && output_count == outputs)
        return true;
    dmn__report(loader, DMN_FAULT_CELLS, xml->place,
                arena_printf(loader->arena, "%zu + %zu ≠ %zu + %zu", input_count, output_count,
                             inputs, outputs));
    return false;
}

static void read_rules(struct dmn__loader *loader, const struct dmn__xml *xml,
                       struct dmn_table *table)
{
    size_t count = dmn__xml_count(xml, "rule");
    size_t columns = table->input_count + table->output_count + table->annotation_count;
    if (dmn__cells_most(loader, xml, count, columns) == 0)
        count = 0;
    struct dmn_rule *rules = arena_array(loader->arena, count, struct dmn_rule);
    bool is_regular = true;
    size_t i = 0;
    DMN__EACH (rule, xml, "rule") {
        if (i == count)
            break;
        DMN__INSIDE(loader, "rule", .number = i + 1);
        if (has_cells(loader, rule, table->input_count, table->output_count))
            read_rule(loader, rule, table, &rules[i]);
        else
            is_regular = false;
        i++;
        DMN__OUTSIDE(loader);
    }
    table->rules = rules;
    table->rule_count = is_regular ? count : 0;
}

static void read_table(struct dmn__loader *loader, const struct dmn__file *file,
                       const struct dmn__xml *xml, struct dmn_table *table)
{
    const struct dmn__at *at = loader->at;
    while (at != NULL && at->outer != NULL)
        at = at->outer;
    read_policy(loader, xml, table);
    table->id = dmn__attribute_or(xml, "id", "");
    table->label = dmn__attribute_or(xml, "outputLabel", "");
    table->where = at == NULL || at->name == NULL ? "" : at->name;
    table->model = &file->shown;
    table->line = xml->place.line;
    table->inputs = read_inputs(loader, xml, table);
    table->outputs = read_outputs(loader, xml, table);
    if (table->output_count == 0)
        dmn__report(loader, DMN_FAULT_MISSING_ELEMENT, xml->place, "output");
    read_annotation_names(loader, xml, table);
    read_rules(loader, xml, table);
}

/* --- inputs --- */

static void compile_input(struct dmn__scope *scope, const struct dmn__xml *xml, size_t test_slot,
                          struct dmn__input *input)
{
    struct dmn__loader *loader = scope->loader;
    const struct dmn__xml *expression = dmn__xml_child(xml, "inputExpression");
    const struct dmn__xml *values = dmn__xml_child(xml, "inputValues");
    if (expression == NULL) {
        dmn__report(loader, DMN_FAULT_MISSING_ELEMENT, xml->place, "inputExpression");
        return;
    }
    dmn__pop(scope, test_slot);
    input->expression = dmn__program(scope, expression, FEEL_EXPRESSION);
    input->type = dmn__type_ref(loader, scope->file, expression);
    const struct feel_type *type = input->type != NULL ? input->type->feel
                                   : input->expression != NULL
                                       ? feel_program_type(input->expression)
                                       : NULL;
    dmn__push(scope, feel_text("?"), type);
    if (values != NULL)
        input->allowed = dmn__program(scope, values, FEEL_UNARY_TESTS);
}

static struct dmn__input *compile_inputs(struct dmn__scope *scope, const struct dmn__xml *xml,
                                         size_t count, size_t test_slot)
{
    struct dmn__input *inputs = arena_array(scope->loader->arena, count, struct dmn__input);
    size_t i = 0;
    DMN__EACH (input, xml, "input") {
        DMN__INSIDE(scope->loader, "input", .number = i + 1);
        compile_input(scope, input, test_slot, &inputs[i++]);
        DMN__OUTSIDE(scope->loader);
    }
    return inputs;
}

/* --- outputs --- */

/* The values of an output in their order: the list that they are when brackets stand around. */
static void read_order(struct dmn__scope *scope, const struct dmn__xml *values,
                       struct dmn__output *output)
{
    struct dmn__loader *loader = scope->loader;
    const struct dmn__xml *text = values == NULL ? NULL : dmn__xml_child(values, "text");
    const char *written = text != NULL           ? text->text
                          : output->type != NULL ? output->type->allowed_text
                                                 : "";
    struct feel_place first = text != NULL ? text->text_place : (struct feel_place){0};
    const struct feel_program *program = dmn__program_of(
        scope, arena_printf(loader->arena, "[%s]", written), FEEL_EXPRESSION, first);
    const struct feel_value *list = program == NULL ? NULL : feel_program_constant(program);
    if (list == NULL || list->kind != FEEL_LIST) {
        dmn__report(loader, DMN_FAULT_NOT_CONSTANT, first, written);
        return;
    }
    output->order = list->list.items;
    output->order_count = list->list.count;
}

static bool needs_order(enum dmn_hit_policy policy)
{
    return policy == DMN_HIT_POLICY_PRIORITY || policy == DMN_HIT_POLICY_OUTPUT_ORDER;
}

static void compile_output(struct dmn__scope *scope, const struct dmn__xml *xml,
                           const struct dmn__table *table, struct dmn__output *output)
{
    struct dmn__loader *loader = scope->loader;
    const struct dmn__xml *values = dmn__xml_child(xml, "outputValues");
    const struct dmn__xml *otherwise = dmn__xml_child(xml, "defaultOutputEntry");
    output->type = dmn__type_ref(loader, scope->file, xml);
    if (table->shown.output_count > 1)
        output->name = feel_text(dmn__trimmed(loader->arena, dmn__needed(loader, xml, "name")));
    if (otherwise != NULL)
        output->otherwise = dmn__program(scope, otherwise, FEEL_EXPRESSION);
    if (needs_order(table->shown.policy))
        read_order(scope, values, output);
    if (values == NULL)
        return;
    size_t slot = dmn__push(scope, feel_text("?"), dmn__feel_of(output->type));
    output->allowed = dmn__program(scope, values, FEEL_UNARY_TESTS);
    dmn__pop(scope, slot);
}

static void compile_outputs(struct dmn__scope *scope, const struct dmn__xml *xml,
                            struct dmn__table *table)
{
    struct dmn__output *outputs =
        arena_array(scope->loader->arena, table->shown.output_count, struct dmn__output);
    size_t i = 0;
    DMN__EACH (output, xml, "output") {
        DMN__INSIDE(scope->loader, "output", .number = i + 1);
        compile_output(scope, output, table, &outputs[i]);
        table->has_defaults |= outputs[i++].otherwise != NULL;
        DMN__OUTSIDE(scope->loader);
    }
    table->outputs = outputs;
}

/* --- rules --- */

static bool means_anything(const char *text)
{
    return *text == '\0' || strcmp(text, "-") == 0;
}

/* The cells of a rule: tests of "?", which for each column has the type of its input. */
static void compile_tests(struct dmn__scope *scope, const struct dmn__xml *rule,
                          const struct dmn__table *table, const struct feel_program **cells)
{
    size_t i = 0;
    DMN__EACH (entry, rule, "inputEntry") {
        const struct dmn__input *input = &table->inputs[i];
        const char *text = dmn__child_text(scope->loader, entry, "text");
        DMN__INSIDE(scope->loader, "input", .number = i + 1);
        dmn__pop(scope, table->test_slot);
        dmn__push(scope, feel_text("?"),
                  input->type != NULL         ? input->type->feel
                  : input->expression != NULL ? feel_program_type(input->expression)
                                              : NULL);
        if (!means_anything(text)) {
            cells[i] = dmn__program(scope, entry, FEEL_UNARY_TESTS);
            if (cells[i] == NULL) /* reported; it must not match everything */
                cells[i] = dmn__program_of(scope, "? != ?", FEEL_UNARY_TESTS, entry->place);
        }
        i++;
        DMN__OUTSIDE(scope->loader);
    }
    dmn__pop(scope, table->test_slot);
}

static void compile_results(struct dmn__scope *scope, const struct dmn__xml *rule,
                            const struct feel_program **results)
{
    size_t i = 0;
    DMN__EACH (entry, rule, "outputEntry") {
        DMN__INSIDE(scope->loader, "output", .number = i + 1);
        results[i++] = dmn__program(scope, entry, FEEL_EXPRESSION);
        DMN__OUTSIDE(scope->loader);
    }
}

static const struct feel_tests *read_plain(struct arena *arena,
                                           const struct feel_program *const *cells, size_t count)
{
    struct feel_tests *plain = arena_array(arena, count, struct feel_tests);
    for (size_t i = 0; i < count; i++)
        plain[i] = dmn__plain_tests(arena, cells[i]);
    return plain;
}

static void compile_rules(struct dmn__scope *scope, const struct dmn__xml *xml,
                          struct dmn__table *table)
{
    struct dmn__loader *loader = scope->loader;
    size_t inputs = table->shown.input_count, outputs = table->shown.output_count, i = 0;
    const struct feel_program **cells =
        arena_array(loader->arena, table->shown.rule_count * inputs, const struct feel_program *);
    const struct feel_program **results =
        arena_array(loader->arena, table->shown.rule_count * outputs, const struct feel_program *);
    DMN__EACH (rule, xml, "rule") {
        if (i == table->shown.rule_count)
            break;
        DMN__INSIDE(loader, "rule", .number = i + 1);
        compile_tests(scope, rule, table, &cells[i * inputs]);
        compile_results(scope, rule, &results[i * outputs]);
        i++;
        DMN__OUTSIDE(loader);
    }
    table->cells = cells;
    table->plain = read_plain(loader->arena, cells, table->shown.rule_count * inputs);
    table->results = results;
}

/* --- the whole --- */

/* What folds the collected values into one. */
static const struct feel_program *compile_fold(struct dmn__loader *loader,
                                               const struct dmn__file *file,
                                               enum dmn_aggregation aggregation)
{
    static const char *const texts[] = {
        [DMN_AGGREGATION_SUM] = "sum(values)",
        [DMN_AGGREGATION_HOW_MANY] = "count(values)",
        [DMN_AGGREGATION_MIN] = "min(values)",
        [DMN_AGGREGATION_MAX] = "max(values)",
    };
    struct dmn__scope scope = {.loader = loader, .file = file};
    if (aggregation == DMN_AGGREGATION_NONE)
        return NULL;
    dmn__push(&scope, feel_text("values"), feel_type_of_kind(FEEL_TYPE_LIST));
    return dmn__program_of(&scope, texts[aggregation], FEEL_EXPRESSION, (struct feel_place){0});
}

const struct dmn__table *dmn__compile_table(struct dmn__scope *scope, const struct dmn__xml *xml)
{
    struct dmn__loader *loader = scope->loader;
    struct dmn__table *table = arena_one(loader->arena, struct dmn__table);
    read_table(loader, scope->file, xml, &table->shown);
    table->test_slot = dmn__push(scope, feel_text("?"), NULL);
    table->inputs = compile_inputs(scope, xml, table->shown.input_count, table->test_slot);
    dmn__pop(scope, table->test_slot);
    compile_outputs(scope, xml, table);
    compile_rules(scope, xml, table);
    table->fold = compile_fold(loader, scope->file, table->shown.aggregation);
    table->index = dmn__index_table(loader->arena, table);
    dmn__examine_table(loader, table, xml);
    return table;
}
