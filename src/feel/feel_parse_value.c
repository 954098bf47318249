/* Values: literals, names, brackets of all kinds, and what stands behind a value. */
#include "base/text.h"
#include "feel/feel_date.h"
#include "feel/feel_parse.h"

static const struct feel__node *nothing(struct feel__parser *parser)
{
    return feel__constant(parser, feel_null(), feel__offset(parser));
}

bool feel__at_keyword(const struct feel__parser *parser)
{
    static const char *const keywords[] = {
        "if", "then",    "else",     "for",  "in",    "return", "some",     "every",    "and",
        "or", "between", "instance", "true", "false", "null",   "function", "satisfies"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (feel__at_word(parser, keywords[i]))
            return true;
    return false;
}

/* --- literals --- */

static const struct feel__node *parse_number(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    struct feel_number number = {0};
    if (!feel_number_parse(parser->token.text, &number))
        feel__fail(parser, FEEL_FAULT_BAD_LITERAL, parser->token.text);
    feel__advance(parser);
    return feel__constant(parser, feel_number(number), offset);
}

static const struct feel__node *parse_string(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    struct feel_text text = feel__string_of(parser, parser->token.text);
    feel__advance(parser);
    return feel__constant(parser, feel_string(text), offset);
}

/* @"2025-03-07" */
static const struct feel__node *parse_at_literal(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    feel__advance(parser);
    struct feel_text token = parser->token.text;
    if (parser->token.kind != FEEL__TOKEN_STRING) {
        feel__fail(parser, FEEL_FAULT_SYNTAX, token);
        return nothing(parser);
    }
    struct feel_value value;
    if (!feel__temporal_parse(parser->arena, feel__string_of(parser, token), &value)) {
        feel__fail(parser, FEEL_FAULT_BAD_LITERAL, token);
        return nothing(parser);
    }
    feel__advance(parser);
    return feel__constant(parser, value, offset);
}

static const struct feel__node *parse_constant_word(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    struct feel_value value = feel_null();
    if (feel__at_word(parser, "true"))
        value = feel_boolean(/* truth= */ true);
    else if (feel__at_word(parser, "false"))
        value = feel_boolean(/* truth= */ false);
    else if (!feel__at_word(parser, "null"))
        feel__fail(parser, FEEL_FAULT_SYNTAX, parser->token.text);
    feel__advance(parser);
    return feel__constant(parser, value, offset);
}

/* --- names --- */

/* What nobody defined is null, and doubtful; all its words are said, not only the first. */
static const struct feel__node *parse_unknown_name(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    const char *start = parser->token.text.bytes, *behind;
    do {
        behind = parser->at;
        feel__advance(parser);
    } while (parser->token.kind == FEEL__TOKEN_WORD && !feel__at_keyword(parser));
    feel__doubt(parser, FEEL_FAULT_UNKNOWN_NAME, offset,
                arena_text_n(parser->arena, start, (size_t)(behind - start)));
    return feel__constant(parser, feel_null(), offset);
}

static const struct feel__node *parse_word(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    const char *start = parser->token.text.bytes;
    size_t length;
    struct feel_text name = feel__match_in_scope(parser, &length);
    bool is_longer = length > parser->token.text.length;
    if (!is_longer && feel__at_keyword(parser)) {
        const struct feel__node *block = feel__parse_block(parser);
        return block != NULL ? block : parse_constant_word(parser);
    }
    if (length == 0) {
        name = parser->token.text;
        length = name.length;
    }
    const struct feel__node *node = feel__resolve(parser, name, offset);
    if (node == NULL)
        return parse_unknown_name(parser);
    feel__advance_from(parser, start + length);
    return node;
}

/* --- brackets --- */

const struct feel__node *feel__parse_range(struct feel__parser *parser,
                                           const struct feel__node *low, bool low_included,
                                           uint32_t offset)
{
    struct feel__node *node = feel__node(parser, FEEL__RANGE, offset);
    feel__expect_sign(parser, "..");
    bool was_endpoint = parser->is_endpoint;
    parser->is_endpoint = true;
    const struct feel__node *high = feel__parse_expression(parser);
    parser->is_endpoint = was_endpoint;
    node->range.low = low;
    node->range.high = high;
    node->range.low_included = low_included;
    node->range.high_included = feel__at_sign(parser, "]");
    if (!feel__take_sign(parser, "]") && !feel__take_sign(parser, "["))
        feel__expect_sign(parser, ")");
    node->type = feel_type_of_kind(FEEL_TYPE_RANGE);
    return feel__done(parser, node);
}

/* `(`: an expression, an open range, or a comparison as a range. */
static const struct feel__node *parse_parenthesis(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    feel__advance(parser);
    enum feel_range_form form;
    const struct feel__node *node;
    if (feel__test_form(parser, &form)) {
        node = feel__parse_comparison_range(parser, form);
    } else {
        node = feel__parse_expression(parser);
        if (feel__at_sign(parser, ".."))
            return feel__parse_range(parser, node, /* low_included= */ false, offset);
    }
    feel__expect_sign(parser, ")");
    return node;
}

/* `]`: a range that excludes its low end. */
static const struct feel__node *parse_open_range(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    feel__advance(parser);
    const struct feel__node *low = feel__parse_expression(parser);
    return feel__parse_range(parser, low, /* low_included= */ false, offset);
}

/* `[`: a list or a range. */
static const struct feel__node *parse_list(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    feel__advance(parser);
    struct feel__nodes items = {0};
    const struct feel_type *of = NULL;
    if (!feel__at_sign(parser, "]")) {
        do {
            const struct feel__node *item = feel__parse_expression(parser);
            if (items.count == 0 && feel__at_sign(parser, ".."))
                return feel__parse_range(parser, item, /* low_included= */ true, offset);
            feel__add_node(parser, &items, item);
            of = of == NULL ? item->type : feel__common_type(of, item->type);
        } while (feel__take_sign(parser, ","));
    }
    feel__expect_sign(parser, "]");
    struct feel__node *node = feel__node(parser, FEEL__LIST, offset);
    node->list.items = items.items;
    node->list.count = items.count;
    node->type = feel__list_type(parser, of);
    return feel__done(parser, node);
}

/* The brackets of a range's end hold within them what they always hold. */
static const struct feel__node *parse_bracket(struct feel__parser *parser,
                                              const struct feel__node *parse(struct feel__parser *))
{
    bool was_endpoint = parser->is_endpoint;
    parser->is_endpoint = false;
    const struct feel__node *node = parse(parser);
    parser->is_endpoint = was_endpoint;
    return node;
}

/* --- what stands behind a value --- */

static const struct feel__node *parse_path(struct feel__parser *parser,
                                           const struct feel__node *left)
{
    uint32_t offset = feel__offset(parser);
    if (parser->token.kind != FEEL__TOKEN_WORD) {
        feel__fail(parser, FEEL_FAULT_SYNTAX, parser->token.text);
        return left;
    }
    struct feel__node *node = feel__node(parser, FEEL__PATH, offset);
    size_t length;
    const char *start = parser->token.text.bytes;
    struct feel_text name = feel__match_field(parser, left->type, &length);
    feel__advance_from(parser, start + length);
    node->field.outer = left;
    node->field.name = name;
    node->type = feel__path_type(parser, left->type, name);
    if (node->type == NULL) {
        feel__doubt(parser, FEEL_FAULT_UNKNOWN_FIELD, offset,
                    arena_text_n(parser->arena, name.bytes, name.length));
        node->type = feel_type_of_kind(FEEL_TYPE_ANY);
    }
    return feel__done(parser, node);
}

static const struct feel_type *filter_type(struct feel__parser *parser,
                                           const struct feel_type *list,
                                           const struct feel_type *condition)
{
    const struct feel_type *of = list;
    if (list->kind == FEEL_TYPE_LIST)
        of = list->of;
    else if (list->kind == FEEL_TYPE_ANY)
        of = NULL;
    if (condition->kind == FEEL_TYPE_NUMBER)
        return of != NULL ? of : feel_type_of_kind(FEEL_TYPE_ANY);
    if (condition->kind == FEEL_TYPE_BOOLEAN)
        return feel__list_type(parser, of);
    return feel_type_of_kind(FEEL_TYPE_ANY);
}

static const struct feel__node *parse_filter(struct feel__parser *parser,
                                             const struct feel__node *list, uint32_t offset)
{
    struct feel__node *node = feel__node(parser, FEEL__FILTER, offset);
    uint32_t locals_before = parser->locals_used;
    bool is_known = list->type->kind == FEEL_TYPE_LIST || list->type->kind == FEEL_TYPE_CONTEXT;
    struct feel__scope *scope = feel__open_scope(parser, FEEL__SCOPE_ITEM);
    scope->item = feel__new_local(parser);
    scope->item_type = is_known ? list->type : NULL;
    if (list->type->kind == FEEL_TYPE_LIST)
        scope->item_type = list->type->of;
    bool was_endpoint = parser->is_endpoint;
    parser->is_endpoint = false;
    const struct feel__node *condition = feel__parse_expression(parser);
    parser->is_endpoint = was_endpoint;
    feel__close_scope(parser);
    feel__expect_sign(parser, "]");
    node->filter.list = list;
    node->filter.condition = condition;
    node->filter.item = scope->item;
    node->type = filter_type(parser, list->type, condition->type);
    parser->locals_used = locals_before;
    return feel__done(parser, node);
}

/* The name of a named argument; bytes NULL, and nothing taken, where none stands here. */
static struct feel_text take_argument_name(struct feel__parser *parser)
{
    const char *start = parser->token.text.bytes;
    if (parser->token.kind != FEEL__TOKEN_WORD)
        return (struct feel_text){0};
    struct feel_text name = feel__new_name(parser, /* stops_at_in= */ false);
    if (feel__take_sign(parser, ":"))
        return name;
    feel__advance_from(parser, start);
    return (struct feel_text){0};
}

static const struct feel__node *parse_call(struct feel__parser *parser,
                                           const struct feel__node *callee, uint32_t offset)
{
    struct feel__nameds arguments = {0};
    bool was_endpoint = parser->is_endpoint;
    parser->is_endpoint = false;
    if (!feel__at_sign(parser, ")")) {
        do {
            struct feel_text token = parser->token.text;
            struct feel_text name = take_argument_name(parser);
            bool is_first = arguments.count == 0;
            bool is_literal = parser->token.kind == FEEL__TOKEN_STRING ||
                              parser->token.kind == FEEL__TOKEN_NUMBER;
            if (parser->wants_literals && !is_literal)
                feel__fail(parser, FEEL_FAULT_SYNTAX, token);
            if (!is_first && (arguments.items[0].name.bytes == NULL) != (name.bytes == NULL))
                feel__fail(parser, FEEL_FAULT_SYNTAX, token); /* all by name, or none */
            struct feel__named argument = {name, feel__parse_expression(parser), 0};
            feel__add_named(parser, &arguments, argument);
        } while (feel__take_sign(parser, ","));
    }
    parser->is_endpoint = was_endpoint;
    feel__expect_sign(parser, ")");
    struct feel__node *node = feel__node(parser, FEEL__CALL, offset);
    node->call.callee = callee;
    node->call.arguments = arguments.items;
    node->call.count = arguments.count;
    node->type = feel__call_type(parser, node);
    return feel__done(parser, node);
}

const struct feel__node *feel__parse_postfix(struct feel__parser *parser,
                                             const struct feel__node *node)
{
    for (;;) {
        uint32_t offset = feel__offset(parser);
        if (feel__take_sign(parser, "."))
            node = parse_path(parser, node);
        else if (!parser->is_endpoint && feel__take_sign(parser, "["))
            node = parse_filter(parser, node, offset);
        else if (feel__take_sign(parser, "("))
            node = parse_call(parser, node, offset);
        else
            return node;
    }
}

const struct feel__node *feel__parse_primary(struct feel__parser *parser)
{
    const struct feel__node *node = NULL;
    if (parser->token.kind == FEEL__TOKEN_NUMBER)
        node = parse_number(parser);
    else if (parser->token.kind == FEEL__TOKEN_STRING)
        node = parse_string(parser);
    else if (parser->token.kind == FEEL__TOKEN_WORD)
        node = parse_word(parser);
    else if (feel__at_sign(parser, "("))
        node = parse_bracket(parser, parse_parenthesis);
    else if (feel__at_sign(parser, "["))
        node = parse_bracket(parser, parse_list);
    else if (feel__at_sign(parser, "]"))
        node = parse_bracket(parser, parse_open_range);
    else if (feel__at_sign(parser, "{"))
        node = parse_bracket(parser, feel__parse_context);
    else if (feel__at_sign(parser, "@"))
        node = parse_at_literal(parser);
    if (node == NULL) {
        feel__fail(parser, FEEL_FAULT_SYNTAX, parser->token.text);
        return nothing(parser);
    }
    return feel__parse_postfix(parser, node);
}
