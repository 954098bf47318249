/* What is in scope, and what a name there stands for. */
#include <string.h>

#include "base/text.h"
#include "feel/feel_parse.h"

struct feel__scope *feel__open_scope(struct feel__parser *parser, enum feel__scope_kind kind)
{
    struct feel__scope *scope = arena_one(parser->arena, struct feel__scope);
    scope->outer = parser->scope;
    scope->kind = kind;
    parser->scope = scope;
    return scope;
}

void feel__close_scope(struct feel__parser *parser)
{
    parser->scope = parser->scope->outer;
}

uint32_t feel__new_local(struct feel__parser *parser)
{
    uint32_t local = parser->locals_used++;
    if (parser->locals_used > parser->locals_most)
        parser->locals_most = parser->locals_used;
    return local;
}

void feel__add_variable(struct feel__parser *parser, struct feel__variables *variables,
                        struct feel__variable variable)
{
    if (variables->count == variables->capacity) {
        size_t capacity = variables->capacity == 0 ? 8 : variables->capacity * 2;
        variables->items =
            arena_grow(parser->arena, variables->items, variables->capacity * sizeof variable,
                       capacity * sizeof variable);
        variables->capacity = capacity;
    }
    variables->items[variables->count++] = variable;
}

static const struct feel__variable *find(const struct feel__variables *variables,
                                         struct feel_text name)
{
    /* The last one: names of an outer loop are hidden by those of an inner. */
    for (size_t i = variables->count; i > 0; i--)
        if (feel_text_equal(variables->items[i - 1].name, name))
            return &variables->items[i - 1];
    return NULL;
}

/* --- the longest name --- */

struct longest {
    const struct feel__parser *parser;
    struct feel_text name;
    size_t length;
};

static void try_name(struct longest *longest, struct feel_text name)
{
    size_t length = feel__name_match(longest->parser->token.text.bytes, longest->parser->end, name);
    if (length > longest->length) {
        longest->length = length;
        longest->name = name;
    }
}

static void try_variables(struct longest *longest, const struct feel__variables *variables)
{
    for (size_t i = 0; i < variables->count; i++)
        try_name(longest, variables->items[i].name);
}

static const struct feel_type *of_items(const struct feel_type *type)
{
    while (type != NULL && type->kind == FEEL_TYPE_LIST)
        type = type->of;
    return type;
}

/* Names of fields anywhere inside a type. */
static void try_fields_inside(struct longest *longest, const struct feel_type *type, int depth)
{
    enum { DEPTH_MOST = 8 }; /* types may refer to themselves */
    type = of_items(type);
    if (type == NULL || type->kind != FEEL_TYPE_CONTEXT || depth > DEPTH_MOST)
        return;
    for (size_t i = 0; i < type->field_count; i++) {
        try_name(longest, type->fields[i].name);
        try_fields_inside(longest, type->fields[i].type, depth + 1);
    }
}

/* Properties that the language itself names with more than one word. */
static const char *const properties[] = {"time offset", "start included", "end included"};

static void try_anything_met(struct longest *longest)
{
    const struct feel__parser *parser = longest->parser;
    try_variables(longest, &parser->keys);
    for (size_t i = 0; i < parser->source->name_count; i++)
        try_fields_inside(longest, parser->source->names[i].type, 0);
}

static bool is_open(const struct feel_type *type)
{
    return type == NULL || type->kind == FEEL_TYPE_ANY ||
           (type->kind == FEEL_TYPE_CONTEXT && type->field_count == 0);
}

static void try_item(struct longest *longest, const struct feel_type *type)
{
    type = of_items(type);
    try_name(longest, feel_text("item"));
    if (is_open(type))
        try_anything_met(longest);
    else
        for (size_t i = 0; type->kind == FEEL_TYPE_CONTEXT && i < type->field_count; i++)
            try_name(longest, type->fields[i].name);
}

struct feel_text feel__match_in_scope(struct feel__parser *parser, size_t *ret_length)
{
    struct longest longest = {.parser = parser};
    for (const struct feel__scope *scope = parser->scope; scope != NULL; scope = scope->outer) {
        try_variables(&longest, &scope->variables);
        if (scope->kind == FEEL__SCOPE_ITEM)
            try_item(&longest, scope->item_type);
        if (scope->kind == FEEL__SCOPE_FUNCTION && scope->self.bytes != NULL)
            try_name(&longest, scope->self);
    }
    for (size_t i = 0; feel__builtin_name(i).bytes != NULL; i++)
        try_name(&longest, feel__builtin_name(i));
    *ret_length = longest.length;
    return longest.name;
}

struct feel_text feel__match_field(struct feel__parser *parser, const struct feel_type *type,
                                   size_t *ret_length)
{
    struct longest longest = {
        .parser = parser, .name = parser->token.text, .length = parser->token.text.length};
    type = of_items(type);
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        try_name(&longest, feel_text(properties[i]));
    if (is_open(type))
        try_anything_met(&longest);
    else
        for (size_t i = 0; type->kind == FEEL_TYPE_CONTEXT && i < type->field_count; i++)
            try_name(&longest, type->fields[i].name);
    *ret_length = longest.length;
    return longest.name;
}

const struct feel_type *feel__field_type(const struct feel_type *type, struct feel_text name)
{
    type = of_items(type);
    if (is_open(type))
        return feel_type_of_kind(FEEL_TYPE_ANY);
    for (size_t i = 0; type->kind == FEEL_TYPE_CONTEXT && i < type->field_count; i++)
        if (feel_text_equal(type->fields[i].name, name))
            return type->fields[i].type != NULL ? type->fields[i].type
                                                : feel_type_of_kind(FEEL_TYPE_ANY);
    return NULL;
}

/* --- what a name stands for --- */

static const struct feel__node *resolve_in(struct feel__parser *parser, struct feel__scope *scope,
                                           struct feel_text name, uint32_t offset);

static const struct feel__node *reference(struct feel__parser *parser, enum feel__op op,
                                          const struct feel__variable *variable, uint32_t offset)
{
    struct feel__node *node = feel__node(parser, op, offset);
    node->type = variable->type;
    node->slot = variable->index;
    return feel__done(parser, node);
}

/* A field of the item, or, where nobody knows its fields, perhaps one and perhaps an outer name. */
static const struct feel__node *resolve_item(struct feel__parser *parser, struct feel__scope *scope,
                                             struct feel_text name, uint32_t offset)
{
    const struct feel_type *field = feel__field_type(scope->item_type, name);
    bool is_item = feel_text_equal(name, feel_text("item"));
    if (field == NULL && !is_item)
        return resolve_in(parser, scope->outer, name, offset);
    struct feel__node *node = feel__node(parser, FEEL__FIELD, offset);
    node->field.item = scope->item;
    node->field.name = name;
    node->type = feel_type_of_kind(FEEL_TYPE_ANY);
    if (is_item) {
        struct feel__variable item = {.type = scope->item_type, .index = scope->item};
        node->field.outer = reference(parser, FEEL__LOCAL, &item, offset);
        if (field == NULL)
            return node->field.outer;
    } else if (is_open(of_items(scope->item_type))) {
        node->field.outer = resolve_in(parser, scope->outer, name, offset);
    } else {
        node->type = field;
    }
    return feel__done(parser, node);
}

/* Takes what an outer name stands for into the function, once for all its uses. */
static const struct feel__node *capture(struct feel__parser *parser, struct feel__scope *scope,
                                        struct feel_text name, const struct feel__node *outer,
                                        uint32_t offset)
{
    if (outer == NULL || outer->op == FEEL__CONSTANT)
        return outer;
    struct feel__variables *captures = &scope->captures;
    struct feel__variable variable = {name, outer->type, (uint32_t)captures->count};
    size_t before = captures->capacity;
    feel__add_variable(parser, captures, variable);
    if (captures->capacity > before)
        scope->capture_nodes =
            arena_grow(parser->arena, scope->capture_nodes, before * sizeof(struct feel__node *),
                       captures->capacity * sizeof(struct feel__node *));
    scope->capture_nodes[variable.index] = outer;
    return reference(parser, FEEL__CAPTURE, &variable, offset);
}

static const struct feel__node *resolve_through_function(struct feel__parser *parser,
                                                         struct feel__scope *scope,
                                                         struct feel_text name, uint32_t offset)
{
    const struct feel__variable *known = find(&scope->captures, name);
    if (known != NULL)
        return reference(parser, FEEL__CAPTURE, known, offset);
    if (scope->self.bytes != NULL && feel_text_equal(scope->self, name)) {
        struct feel__node *self = feel__node(parser, FEEL__SELF, offset);
        return capture(parser, scope, name, feel__done(parser, self), offset);
    }
    return capture(parser, scope, name, resolve_in(parser, scope->outer, name, offset), offset);
}

static const struct feel__node *resolve_in(struct feel__parser *parser, struct feel__scope *scope,
                                           struct feel_text name, uint32_t offset)
{
    if (scope == NULL) {
        const struct feel_function *builtin = feel__builtin_find(parser->arena, name);
        if (builtin == NULL)
            return NULL;
        struct feel_value value = {.kind = FEEL_FUNCTION, .function = builtin};
        return feel__constant(parser, value, offset);
    }
    const struct feel__variable *variable = find(&scope->variables, name);
    if (variable != NULL) {
        bool is_slot = scope->kind == FEEL__SCOPE_SLOTS;
        if (is_slot)
            parser->uses[variable->index] = true;
        return reference(parser, is_slot ? FEEL__SLOT : FEEL__LOCAL, variable, offset);
    }
    switch (scope->kind) {
    case FEEL__SCOPE_SLOTS:
    case FEEL__SCOPE_VARIABLES:
        return resolve_in(parser, scope->outer, name, offset);
    case FEEL__SCOPE_ITEM:
        return resolve_item(parser, scope, name, offset);
    case FEEL__SCOPE_FUNCTION:
        return resolve_through_function(parser, scope, name, offset);
    }
    return NULL;
}

const struct feel__node *feel__resolve(struct feel__parser *parser, struct feel_text name,
                                       uint32_t offset)
{
    if (feel_text_equal(name, feel_text("?")))
        parser->tested_uses++;
    return resolve_in(parser, parser->scope, name, offset);
}
