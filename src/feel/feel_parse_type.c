/* Types as FEEL writes them: `list<number>`, `context<name: string>`, `function<date> -> number`.
 */
#include "base/text.h"
#include "feel/feel_parse.h"

static struct feel_type *new_type(struct feel__parser *parser, enum feel_type_kind kind)
{
    struct feel_type *type = arena_one(parser->arena, struct feel_type);
    type->kind = kind;
    return type;
}

/* `<number>`, or nothing for Any. */
static const struct feel_type *parse_element(struct feel__parser *parser, enum feel_type_kind kind)
{
    struct feel_type *type = new_type(parser, kind);
    feel__advance(parser);
    if (!feel__take_sign(parser, "<"))
        return feel_type_of_kind(kind);
    type->of = feel__parse_type(parser);
    feel__expect_sign(parser, ">");
    return type;
}

static void add_field(struct feel__parser *parser, struct feel_type *type, struct feel_name field)
{
    /* Few fields: one more place each time. */
    size_t bytes = type->field_count * sizeof field;
    struct feel_name *fields =
        arena_grow(parser->arena, (void *)type->fields, bytes, bytes + sizeof field);
    fields[type->field_count++] = field;
    type->fields = fields;
}

static const struct feel_type *parse_context_type(struct feel__parser *parser)
{
    struct feel_type *type = new_type(parser, FEEL_TYPE_CONTEXT);
    feel__advance(parser);
    if (!feel__take_sign(parser, "<") || feel__take_sign(parser, ">"))
        return type;
    do {
        struct feel_name field = {.name = feel__new_name(parser, /* stops_at_in= */ false)};
        feel__expect_sign(parser, ":");
        field.type = feel__parse_type(parser);
        add_field(parser, type, field);
    } while (feel__take_sign(parser, ","));
    feel__expect_sign(parser, ">");
    return type;
}

static const struct feel_type *parse_function_type(struct feel__parser *parser)
{
    struct feel_type *type = new_type(parser, FEEL_TYPE_FUNCTION);
    feel__advance(parser);
    feel__expect_sign(parser, "<");
    if (!feel__at_sign(parser, ">")) {
        do {
            struct feel_name parameter = {.type = feel__parse_type(parser)};
            add_field(parser, type, parameter);
        } while (feel__take_sign(parser, ","));
    }
    feel__expect_sign(parser, ">");
    feel__expect_sign(parser, "->");
    type->of = feel__parse_type(parser);
    return type;
}

/* The longest that the language, or who compiles, has a type for. */
static const struct feel_type *parse_named_type(struct feel__parser *parser)
{
    const char *start = parser->token.text.bytes;
    const struct feel_type *type = NULL;
    size_t longest = 0;
    for (size_t i = 0; feel__type_name(i).name.bytes != NULL; i++) {
        size_t length = feel__name_match(start, parser->end, feel__type_name(i).name);
        if (length > longest) {
            longest = length;
            type = feel__type_name(i).type;
        }
    }
    for (size_t i = 0; i < parser->source->type_count; i++) {
        const struct feel_name *known = &parser->source->types[i];
        size_t length = feel__name_match(start, parser->end, known->name);
        if (length > longest) {
            longest = length;
            type = known->type;
        }
    }
    if (type == NULL) {
        feel__fail(parser, FEEL_FAULT_UNKNOWN_TYPE, parser->token.text);
        return feel_type_of_kind(FEEL_TYPE_ANY);
    }
    feel__advance_from(parser, start + longest);
    return type;
}

const struct feel_type *feel__parse_type(struct feel__parser *parser)
{
    if (++parser->depth > FEEL__NESTING_MOST)
        feel__fail(parser, FEEL_FAULT_TOO_DEEP, parser->token.text);
    const struct feel_type *type;
    if (feel__at_word(parser, "list"))
        type = parse_element(parser, FEEL_TYPE_LIST);
    else if (feel__at_word(parser, "range"))
        type = parse_element(parser, FEEL_TYPE_RANGE);
    else if (feel__at_word(parser, "context"))
        type = parse_context_type(parser);
    else if (feel__at_word(parser, "function"))
        type = parse_function_type(parser);
    else
        type = parse_named_type(parser);
    parser->depth--;
    return type;
}
