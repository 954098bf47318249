/* Expressions, from XML to programs over slots. */
#include <string.h>

#include "dmn/dmn_loader.h"

/* --- scope --- */

size_t dmn__push(struct dmn__scope *scope, struct feel_text name, const struct feel_type *type)
{
    if (scope->count == scope->capacity) {
        size_t capacity = scope->capacity == 0 ? 16 : scope->capacity * 2;
        scope->names =
            arena_grow(scope->loader->arena, scope->names, scope->capacity * sizeof *scope->names,
                       capacity * sizeof *scope->names);
        scope->capacity = capacity;
    }
    scope->names[scope->count] = (struct feel_name){name, type};
    if (++scope->count > scope->most)
        scope->most = scope->count;
    return scope->count - 1;
}

void dmn__pop(struct dmn__scope *scope, size_t count)
{
    scope->count = count;
}

/* --- programs --- */

static enum dmn_weight weight_of(const struct dmn__loader *loader)
{
    return loader->source->rigour == DMN_STRICT ? DMN_WEIGHT_REFUSED : DMN_WEIGHT_DOUBT;
}

const struct feel_program *dmn__program_of(struct dmn__scope *scope, const char *text,
                                           enum feel_form form, struct feel_place first)
{
    struct dmn__loader *loader = scope->loader;
    struct feel_source source = {.text = feel_text(text),
                                 .first = first,
                                 .form = form,
                                 .names = scope->names,
                                 .name_count = scope->count,
                                 .types = scope->file->feel_types,
                                 .type_count = scope->file->feel_type_count};
    struct feel_compiled compiled = feel_compile(loader->arena, &source);
    for (size_t i = 0; i < compiled.report_count; i++)
        dmn__report_feel(loader, &compiled.reports[i], weight_of(loader));
    return compiled.program;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* Another language than FEEL cannot be run. */
static bool is_feel(struct dmn__scope *scope, const struct dmn__xml *xml)
{
    const char *language = dmn__xml_attribute(xml, "expressionLanguage");
    if (language == NULL)
        language = dmn__attribute_or(scope->file->root, "expressionLanguage", "");
    if (*language == '\0' || strstr(language, "FEEL") != NULL || strstr(language, "feel") != NULL)
        return true;
    dmn__report(scope->loader, DMN_FAULT_NOT_RUNNABLE, xml->place, language);
    return false;
}

const struct feel_program *dmn__program(struct dmn__scope *scope, const struct dmn__xml *xml,
                                        enum feel_form form)
{
    const struct dmn__xml *text = dmn__xml_is(xml, "text") ? xml : dmn__xml_child(xml, "text");
    if (text == NULL || is_blank(text->text) || !is_feel(scope, xml))
        return NULL;
    return dmn__program_of(scope, text->text, form, text->text_place);
}

/* --- boxed expressions --- */

typedef void compile(struct dmn__scope *scope, const struct dmn__xml *xml,
                     struct dmn__logic *logic);

static const struct dmn__logic *compile_in(struct dmn__scope *scope, const struct dmn__xml *parent);

/* The expression inside the child of that name. */
static const struct dmn__logic *compile_part(struct dmn__scope *scope, const struct dmn__xml *xml,
                                             const char *name)
{
    const struct dmn__xml *part = dmn__xml_child(xml, name);
    if (part != NULL) {
        DMN__INSIDE(scope->loader, name);
        const struct dmn__logic *logic = compile_in(scope, part);
        DMN__OUTSIDE(scope->loader);
        return logic;
    }
    dmn__report(scope->loader, DMN_FAULT_MISSING_ELEMENT, xml->place, name);
    return arena_one(scope->loader->arena, struct dmn__logic);
}

static void compile_literal(struct dmn__scope *scope, const struct dmn__xml *xml,
                            struct dmn__logic *logic)
{
    logic->program = dmn__program(scope, xml, FEEL_EXPRESSION);
    if (logic->program == NULL)
        logic->kind = DMN__NOTHING;
}

static void compile_table(struct dmn__scope *scope, const struct dmn__xml *xml,
                          struct dmn__logic *logic)
{
    logic->table = dmn__compile_table(scope, xml);
}

static void compile_entry(struct dmn__scope *scope, const struct dmn__xml *xml,
                          struct dmn__entry *entry)
{
    const struct dmn__xml *variable = dmn__xml_child(xml, "variable");
    const char *name =
        variable == NULL
            ? ""
            : dmn__trimmed(scope->loader->arena, dmn__needed(scope->loader, variable, "name"));
    DMN__INSIDE(scope->loader, variable == NULL ? "result" : "context entry", name);
    if (variable != NULL) {
        entry->name = feel_text(name);
        entry->type = dmn__type_ref(scope->loader, scope->file, variable);
    }
    const struct dmn__xml *expression = dmn__expression_in(xml);
    if (expression != NULL && variable != NULL && dmn__xml_is(expression, "functionDefinition")) {
        struct dmn__logic *logic = arena_one(scope->loader->arena, struct dmn__logic);
        logic->kind = DMN__FUNCTION;
        logic->line = expression->place.line;
        logic->function = dmn__compile_function(scope, expression, entry->name);
        entry->logic = logic;
    } else {
        entry->logic = compile_in(scope, xml);
    }
    DMN__OUTSIDE(scope->loader);
}

/* Later entries see earlier ones; what stands around sees none of them. */
static void compile_context(struct dmn__scope *scope, const struct dmn__xml *xml,
                            struct dmn__logic *logic)
{
    struct dmn__loader *loader = scope->loader;
    size_t before = scope->count, count = dmn__xml_count(xml, "contextEntry"), i = 0;
    struct dmn__entry *entries = arena_array(loader->arena, count, struct dmn__entry);
    DMN__EACH (child, xml, "contextEntry") {
        struct dmn__entry *entry = &entries[i++];
        compile_entry(scope, child, entry);
        if (entry->name.bytes == NULL && i < count)
            dmn__report(loader, DMN_FAULT_MISSING_ELEMENT, child->place, "variable");
        for (size_t j = 0; j + 1 < i && count <= DMN__ENTRIES_MOST; j++)
            if (entry->name.bytes != NULL && feel_text_equal(entries[j].name, entry->name))
                dmn__report(loader, DMN_FAULT_DUPLICATE, child->place, entry->name.bytes);
        entry->slot = entry->name.bytes == NULL
                          ? scope->count
                          : dmn__push(scope, entry->name, dmn__feel_of(entry->type));
    }
    if (count > DMN__ENTRIES_MOST)
        dmn__report(loader, DMN_FAULT_TOO_LARGE, xml->place, "contextEntry");
    dmn__pop(scope, before);
    logic->context.entries = entries;
    logic->context.count = count;
}

static size_t count_expressions(const struct dmn__xml *parent)
{
    size_t count = 0;
    const struct dmn__xml *xml = dmn__expression_in(parent);
    for (; xml != NULL; xml = xml->next)
        count++;
    return count;
}

static void compile_list(struct dmn__scope *scope, const struct dmn__xml *xml,
                         struct dmn__logic *logic)
{
    size_t count = count_expressions(xml), i = 0;
    const struct dmn__logic **items =
        arena_array(scope->loader->arena, count, const struct dmn__logic *);
    for (const struct dmn__xml *item = dmn__expression_in(xml); item != NULL; item = item->next) {
        DMN__INSIDE(scope->loader, "item", .number = i + 1);
        items[i++] = dmn__compile(scope, item);
        DMN__OUTSIDE(scope->loader);
    }
    logic->list.items = items;
    logic->list.count = count;
}

static void compile_relation(struct dmn__scope *scope, const struct dmn__xml *xml,
                             struct dmn__logic *logic)
{
    struct dmn__loader *loader = scope->loader;
    size_t columns = dmn__xml_count(xml, "column"), rows = dmn__xml_count(xml, "row"), i = 0;
    struct feel_text *names = arena_array(loader->arena, columns, struct feel_text);
    DMN__EACH (column, xml, "column")
        names[i++] = feel_text(dmn__needed(loader, column, "name"));
    size_t most = dmn__cells_most(loader, xml, rows, columns);
    const struct dmn__logic **cells = arena_array(loader->arena, most, const struct dmn__logic *);
    size_t at = 0, row_number = 0;
    DMN__EACH (row, xml, "row") {
        DMN__INSIDE(loader, "row", .number = ++row_number);
        size_t count = count_expressions(row);
        if (count != columns)
            dmn__report(loader, DMN_FAULT_CELLS, row->place,
                        arena_printf(loader->arena, "%zu ≠ %zu", count, columns));
        else if (most > 0)
            for (const struct dmn__xml *cell = dmn__expression_in(row); cell != NULL;
                 cell = cell->next)
                cells[at++] = dmn__compile(scope, cell);
        DMN__OUTSIDE(loader);
    }
    logic->relation.columns = names;
    logic->relation.column_count = columns;
    logic->relation.cells = cells;
    logic->relation.row_count = columns == 0 ? 0 : at / columns;
}

static void compile_invocation(struct dmn__scope *scope, const struct dmn__xml *xml,
                               struct dmn__logic *logic)
{
    struct dmn__loader *loader = scope->loader;
    size_t count = dmn__xml_count(xml, "binding"), i = 0;
    struct dmn__binding *bindings = arena_array(loader->arena, count, struct dmn__binding);
    logic->invocation.callee = compile_in(scope, xml);
    DMN__EACH (binding, xml, "binding") {
        const struct dmn__xml *parameter = dmn__xml_child(binding, "parameter");
        if (parameter == NULL) {
            dmn__report(loader, DMN_FAULT_MISSING_ELEMENT, binding->place, "parameter");
            continue;
        }
        const char *name = dmn__trimmed(loader->arena, dmn__needed(loader, parameter, "name"));
        DMN__INSIDE(loader, "binding", name);
        bindings[i].name = feel_text(name);
        bindings[i++].logic = compile_in(scope, binding);
        DMN__OUTSIDE(loader);
    }
    logic->invocation.bindings = bindings;
    logic->invocation.count = i;
}

static void compile_function(struct dmn__scope *scope, const struct dmn__xml *xml,
                             struct dmn__logic *logic)
{
    logic->function = dmn__compile_function(scope, xml, (struct feel_text){0});
}

static void compile_conditional(struct dmn__scope *scope, const struct dmn__xml *xml,
                                struct dmn__logic *logic)
{
    logic->conditional.condition = compile_part(scope, xml, "if");
    logic->conditional.then = compile_part(scope, xml, "then");
    logic->conditional.otherwise = compile_part(scope, xml, "else");
}

/* The type of what a loop over such values goes through. */
static const struct feel_type *item_type(const struct dmn__logic *domain)
{
    const struct feel_type *type = domain->type != NULL ? domain->type->feel
                                   : domain->kind == DMN__LITERAL
                                       ? feel_program_type(domain->program)
                                       : NULL;
    return type != NULL && type->kind == FEEL_TYPE_LIST ? type->of : NULL;
}

/* `item`, and the fields that it is known to have by their own names. */
static void compile_filter(struct dmn__scope *scope, const struct dmn__xml *xml,
                           struct dmn__logic *logic)
{
    size_t before = scope->count;
    logic->loop.domain = compile_part(scope, xml, "in");
    const struct feel_type *type = item_type(logic->loop.domain);
    size_t count = type != NULL && type->kind == FEEL_TYPE_CONTEXT ? type->field_count : 0;
    struct feel_text *fields = arena_array(scope->loader->arena, count, struct feel_text);
    logic->loop.slot = dmn__push(scope, feel_text("item"), type);
    for (size_t i = 0; i < count; i++) {
        fields[i] = type->fields[i].name;
        dmn__push(scope, fields[i], type->fields[i].type);
    }
    logic->loop.fields = fields;
    logic->loop.field_count = count;
    logic->loop.body = compile_part(scope, xml, "match");
    dmn__pop(scope, before);
}

static void compile_loop(struct dmn__scope *scope, const struct dmn__xml *xml,
                         struct dmn__logic *logic)
{
    size_t before = scope->count;
    bool is_for = logic->kind == DMN__FOR;
    const char *name =
        dmn__trimmed(scope->loader->arena, dmn__needed(scope->loader, xml, "iteratorVariable"));
    logic->loop.domain = compile_part(scope, xml, "in");
    logic->loop.slot = dmn__push(scope, feel_text(name), item_type(logic->loop.domain));
    if (is_for)
        dmn__push(scope, feel_text("partial"), feel_type_of_kind(FEEL_TYPE_LIST));
    logic->loop.body = compile_part(scope, xml, is_for ? "return" : "satisfies");
    dmn__pop(scope, before);
}

static const struct {
    const char *name;
    enum dmn__logic_kind kind;
    compile *compile;
} expressions[] = {
    {"literalExpression", DMN__LITERAL, compile_literal},
    {"decisionTable", DMN__TABLE, compile_table},
    {"context", DMN__CONTEXT, compile_context},
    {"relation", DMN__RELATION, compile_relation},
    {"list", DMN__LIST, compile_list},
    {"invocation", DMN__INVOCATION, compile_invocation},
    {"functionDefinition", DMN__FUNCTION, compile_function},
    {"conditional", DMN__CONDITIONAL, compile_conditional},
    {"filter", DMN__FILTER, compile_filter},
    {"for", DMN__FOR, compile_loop},
    {"some", DMN__SOME, compile_loop},
    {"every", DMN__EVERY, compile_loop},
};

static size_t expression_number(const struct dmn__xml *xml)
{
    size_t i = 0;
    while (i < sizeof expressions / sizeof *expressions && !dmn__xml_is(xml, expressions[i].name))
        i++;
    return i;
}

const struct dmn__xml *dmn__expression_in(const struct dmn__xml *parent)
{
    const struct dmn__xml *xml = parent->first;
    while (xml != NULL && expression_number(xml) == sizeof expressions / sizeof *expressions)
        xml = xml->next;
    return xml;
}

const struct dmn__logic *dmn__compile(struct dmn__scope *scope, const struct dmn__xml *xml)
{
    struct dmn__logic *logic = arena_one(scope->loader->arena, struct dmn__logic);
    size_t number = expression_number(xml);
    logic->kind = DMN__NOTHING;
    logic->line = xml->place.line;
    if (number == sizeof expressions / sizeof *expressions) {
        dmn__report(scope->loader, DMN_FAULT_BAD_ELEMENT, xml->place, xml->name);
        return logic;
    }
    logic->kind = expressions[number].kind;
    logic->type = dmn__type_ref(scope->loader, scope->file, xml);
    expressions[number].compile(scope, xml, logic);
    return logic;
}

static const struct dmn__logic *compile_in(struct dmn__scope *scope, const struct dmn__xml *parent)
{
    const struct dmn__xml *xml = dmn__expression_in(parent);
    if (xml != NULL)
        return dmn__compile(scope, xml);
    dmn__report(scope->loader, DMN_FAULT_MISSING_ELEMENT, parent->place, "expression");
    struct dmn__logic *logic = arena_one(scope->loader->arena, struct dmn__logic);
    logic->kind = DMN__NOTHING;
    return logic;
}

size_t dmn__cells_most(struct dmn__loader *loader, const struct dmn__xml *xml, size_t rows,
                       size_t columns)
{
    if (columns == 0 || rows <= DMN__CELLS_MOST / columns)
        return rows * columns;
    dmn__report(loader, DMN_FAULT_TOO_LARGE, xml->place, xml->name);
    return 0;
}
