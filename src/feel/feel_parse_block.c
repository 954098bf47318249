/* What begins with a word of its own, if, for, some, every, function, and contexts. */
#include "base/text.h"
#include "feel/feel_parse.h"

static const struct feel__node *parse_if(struct feel__parser *parser)
{
    struct feel__node *node = feel__node(parser, FEEL__IF, feel__offset(parser));
    feel__advance(parser);
    node->condition = feel__parse_expression(parser);
    feel__expect_word(parser, "then");
    node->left = feel__parse_expression(parser);
    feel__expect_word(parser, "else");
    node->right = feel__parse_expression(parser);
    node->type = feel__common_type(node->left->type, node->right->type);
    return feel__done(parser, node);
}

/* --- loops --- */

/* What the variable of a loop over such a domain is. */
static const struct feel_type *item_type(const struct feel__iterator *iterator)
{
    const struct feel_type *domain = iterator->domain->type;
    if (domain->kind == FEEL_TYPE_LIST)
        return domain->of != NULL ? domain->of : feel_type_of_kind(FEEL_TYPE_ANY);
    bool is_step = iterator->end != NULL &&
                   (domain->kind == FEEL_TYPE_NUMBER || domain->kind == FEEL_TYPE_DATE);
    return is_step ? domain : feel_type_of_kind(FEEL_TYPE_ANY);
}

static struct feel__iterator parse_iterator(struct feel__parser *parser)
{
    struct feel__iterator iterator = {0};
    struct feel_text name = feel__new_name(parser, /* stops_at_in= */ true);
    feel__expect_word(parser, "in");
    iterator.domain = feel__parse_expression(parser);
    if (feel__take_sign(parser, ".."))
        iterator.end = feel__parse_expression(parser);
    iterator.local = feel__new_local(parser);
    struct feel__variable variable = {name, item_type(&iterator), iterator.local};
    feel__add_variable(parser, &parser->scope->variables, variable);
    return iterator;
}

static const struct feel__node *parse_loop(struct feel__parser *parser, enum feel__op op)
{
    enum { ITERATORS_MOST = 32 };
    struct feel__iterator iterators[ITERATORS_MOST];
    uint32_t count = 0, locals_before = parser->locals_used;
    struct feel__node *node = feel__node(parser, op, feel__offset(parser));
    feel__advance(parser);
    struct feel__scope *scope = feel__open_scope(parser, FEEL__SCOPE_VARIABLES);
    do {
        if (count == ITERATORS_MOST) {
            feel__fail(parser, FEEL_FAULT_TOO_DEEP, parser->token.text);
            break;
        }
        iterators[count++] = parse_iterator(parser);
    } while (feel__take_sign(parser, ","));
    if (op == FEEL__FOR) {
        feel__expect_word(parser, "return");
        node->loop.partial = feel__new_local(parser);
        struct feel__variable partial = {feel_text("partial"), feel_type_of_kind(FEEL_TYPE_LIST),
                                         node->loop.partial};
        feel__add_variable(parser, &scope->variables, partial);
    } else {
        feel__expect_word(parser, "satisfies");
    }
    struct feel__iterator *kept = arena_array(parser->arena, count, struct feel__iterator);
    for (uint32_t i = 0; i < count; i++)
        kept[i] = iterators[i];
    node->loop.iterators = kept;
    node->loop.count = count;
    node->loop.body = feel__parse_expression(parser);
    node->type = op == FEEL__FOR ? feel__list_type(parser, node->loop.body->type)
                                 : feel_type_of_kind(FEEL_TYPE_BOOLEAN);
    feel__close_scope(parser);
    parser->locals_used = locals_before;
    return feel__done(parser, node);
}

/* --- functions --- */

static void parse_parameters(struct feel__parser *parser, struct feel__scope *scope)
{
    feel__expect_sign(parser, "(");
    if (feel__take_sign(parser, ")"))
        return;
    do {
        struct feel_text token = parser->token.text;
        struct feel__variable parameter = {.name = feel__new_name(parser, /* stops_at_in= */ false),
                                           .type = feel_type_of_kind(FEEL_TYPE_ANY)};
        for (size_t i = 0; i < scope->variables.count; i++)
            if (feel_text_equal(scope->variables.items[i].name, parameter.name))
                feel__fail(parser, FEEL_FAULT_DUPLICATE_NAME, token);
        if (feel__take_sign(parser, ":"))
            parameter.type = feel__parse_type(parser);
        parameter.index = feel__new_local(parser);
        feel__add_variable(parser, &scope->variables, parameter);
    } while (feel__take_sign(parser, ","));
    feel__expect_sign(parser, ")");
}

static struct feel_type function_type(struct feel__parser *parser,
                                      const struct feel__variables *parameters,
                                      const struct feel_type *result)
{
    struct feel_name *fields = arena_array(parser->arena, parameters->count, struct feel_name);
    for (size_t i = 0; i < parameters->count; i++)
        fields[i] = (struct feel_name){parameters->items[i].name, parameters->items[i].type};
    return (struct feel_type){.kind = FEEL_TYPE_FUNCTION,
                              .of = result,
                              .fields = fields,
                              .field_count = parameters->count};
}

/* `self` is the name of the context's entry that the function becomes, bytes NULL elsewhere. */
static const struct feel__node *parse_function(struct feel__parser *parser, struct feel_text self)
{
    struct feel__node *node = feel__node(parser, FEEL__LAMBDA, feel__offset(parser));
    struct feel__lambda *lambda = arena_one(parser->arena, struct feel__lambda);
    uint32_t outer_used = parser->locals_used, outer_most = parser->locals_most;
    parser->locals_used = parser->locals_most = 0;
    feel__advance(parser);
    struct feel__scope *scope = feel__open_scope(parser, FEEL__SCOPE_FUNCTION);
    scope->self = self;
    parse_parameters(parser, scope);
    const struct feel_type *result = feel_type_of_kind(FEEL_TYPE_ANY);
    if (feel__take_word(parser, "external")) {
        feel__parse_context(parser); /* where it is found matters only to those who run it */
    } else {
        lambda->body = feel__parse_expression(parser);
        result = lambda->body->type;
    }
    lambda->program = parser->program;
    lambda->type = function_type(parser, &scope->variables, result);
    lambda->captures = scope->capture_nodes;
    lambda->capture_count = scope->captures.count;
    lambda->local_count = parser->locals_most;
    feel__close_scope(parser);
    parser->locals_used = outer_used;
    parser->locals_most = outer_most;
    node->lambda = lambda;
    node->type = &lambda->type;
    return feel__done(parser, node);
}

const struct feel__node *feel__parse_block(struct feel__parser *parser)
{
    if (feel__at_word(parser, "if"))
        return parse_if(parser);
    if (feel__at_word(parser, "for"))
        return parse_loop(parser, FEEL__FOR);
    if (feel__at_word(parser, "some"))
        return parse_loop(parser, FEEL__SOME);
    if (feel__at_word(parser, "every"))
        return parse_loop(parser, FEEL__EVERY);
    if (feel__at_word(parser, "function"))
        return parse_function(parser, (struct feel_text){0});
    return NULL;
}

/* --- contexts --- */

static struct feel_text parse_key(struct feel__parser *parser)
{
    if (parser->token.kind != FEEL__TOKEN_STRING)
        return feel__new_name(parser, /* stops_at_in= */ false);
    struct feel_text key = feel__string_of(parser, parser->token.text);
    feel__advance(parser);
    return key;
}

static void parse_entry(struct feel__parser *parser, struct feel__scope *scope,
                        struct feel__nameds *entries)
{
    struct feel_text token = parser->token.text;
    struct feel_text key = parse_key(parser);
    for (size_t i = 0; i < entries->count; i++)
        if (feel_text_equal(entries->items[i].name, key))
            feel__fail(parser, FEEL_FAULT_DUPLICATE_NAME, token);
    feel__expect_sign(parser, ":");
    const struct feel__node *value = feel__at_word(parser, "function")
                                         ? parse_function(parser, key)
                                         : feel__parse_expression(parser);
    struct feel__named entry = {key, value, feel__new_local(parser)};
    struct feel__variable variable = {key, value->type, entry.local};
    feel__add_named(parser, entries, entry);
    feel__add_variable(parser, &scope->variables, variable);
    feel__add_variable(parser, &parser->keys, variable);
}

static const struct feel_type *context_type(struct feel__parser *parser,
                                            const struct feel__variables *entries)
{
    struct feel_type *type = arena_one(parser->arena, struct feel_type);
    *type = function_type(parser, entries, NULL);
    type->kind = FEEL_TYPE_CONTEXT;
    return type;
}

const struct feel__node *feel__parse_context(struct feel__parser *parser)
{
    struct feel__node *node = feel__node(parser, FEEL__CONTEXT, feel__offset(parser));
    struct feel__nameds entries = {0};
    uint32_t locals_before = parser->locals_used;
    feel__expect_sign(parser, "{");
    struct feel__scope *scope = feel__open_scope(parser, FEEL__SCOPE_VARIABLES);
    if (!feel__at_sign(parser, "}")) {
        do
            parse_entry(parser, scope, &entries);
        while (feel__take_sign(parser, ","));
    }
    feel__expect_sign(parser, "}");
    feel__close_scope(parser);
    node->context.entries = entries.items;
    node->context.count = entries.count;
    node->type = context_type(parser, &scope->variables);
    parser->locals_used = locals_before;
    return feel__done(parser, node);
}
