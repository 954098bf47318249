/*
 * What the types of its parts tell of an expression before it is evaluated: the type of its value,
 * and doubts about what can only be null. A part of unknown type raises none.
 */
#include "feel/feel_parse.h"

/* What `op` makes of two kinds: FEEL_TYPE_NULL where nothing. */
static enum feel_type_kind arithmetic_kind(enum feel__op op, enum feel_type_kind a,
                                           enum feel_type_kind b)
{
    enum { N = FEEL_TYPE_NUMBER, S = FEEL_TYPE_STRING, D = FEEL_TYPE_DATE, T = FEEL_TYPE_TIME };
    enum { M = FEEL_TYPE_MONTHS, P = FEEL_TYPE_SPAN, DT = FEEL_TYPE_DATE_TIME };
    static const struct {
        enum feel__op op;
        int left, right, result;
    } table[] = {
        {FEEL__ADD, N, N, N},       {FEEL__ADD, S, S, S},        {FEEL__ADD, D, M, D},
        {FEEL__ADD, M, D, D},       {FEEL__ADD, D, P, D},        {FEEL__ADD, P, D, D},
        {FEEL__ADD, DT, M, DT},     {FEEL__ADD, M, DT, DT},      {FEEL__ADD, DT, P, DT},
        {FEEL__ADD, P, DT, DT},     {FEEL__ADD, T, P, T},        {FEEL__ADD, P, T, T},
        {FEEL__ADD, M, M, M},       {FEEL__ADD, P, P, P},        {FEEL__SUBTRACT, N, N, N},
        {FEEL__SUBTRACT, D, D, P},  {FEEL__SUBTRACT, DT, DT, P}, {FEEL__SUBTRACT, D, DT, P},
        {FEEL__SUBTRACT, DT, D, P}, {FEEL__SUBTRACT, T, T, P},   {FEEL__SUBTRACT, D, M, D},
        {FEEL__SUBTRACT, D, P, D},  {FEEL__SUBTRACT, DT, M, DT}, {FEEL__SUBTRACT, DT, P, DT},
        {FEEL__SUBTRACT, T, P, T},  {FEEL__SUBTRACT, M, M, M},   {FEEL__SUBTRACT, P, P, P},
        {FEEL__MULTIPLY, N, N, N},  {FEEL__MULTIPLY, M, N, M},   {FEEL__MULTIPLY, N, M, M},
        {FEEL__MULTIPLY, P, N, P},  {FEEL__MULTIPLY, N, P, P},   {FEEL__DIVIDE, N, N, N},
        {FEEL__DIVIDE, M, N, M},    {FEEL__DIVIDE, P, N, P},     {FEEL__DIVIDE, M, M, N},
        {FEEL__DIVIDE, P, P, N},    {FEEL__POWER, N, N, N},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].op == op && table[i].left == (int)a && table[i].right == (int)b)
            return (enum feel_type_kind)table[i].result;
    return FEEL_TYPE_NULL;
}

static bool is_unknown(const struct feel_type *type)
{
    return type->kind == FEEL_TYPE_ANY || type->kind == FEEL_TYPE_NULL;
}

static void doubt_kinds(struct feel__parser *parser, const struct feel__node *node)
{
    const char *left = feel_type_text(parser->arena, node->left->type);
    const char *about = left;
    if (node->right != NULL)
        about = arena_printf(parser->arena, "%s, %s", left,
                             feel_type_text(parser->arena, node->right->type));
    feel__doubt(parser, FEEL_FAULT_WRONG_KIND, node->offset, about);
}

static const struct feel_type *arithmetic_type(struct feel__parser *parser,
                                               const struct feel__node *node)
{
    const struct feel_type *left = node->left->type, *right = node->right->type;
    if (is_unknown(left) || is_unknown(right))
        return feel_type_of_kind(FEEL_TYPE_ANY);
    enum feel_type_kind kind = arithmetic_kind(node->op, left->kind, right->kind);
    if (kind == FEEL_TYPE_NULL) {
        doubt_kinds(parser, node);
        kind = FEEL_TYPE_ANY;
    }
    return feel_type_of_kind(kind);
}

static bool has_order(enum feel_type_kind kind)
{
    return kind == FEEL_TYPE_NUMBER || kind == FEEL_TYPE_STRING || kind == FEEL_TYPE_DATE ||
           kind == FEEL_TYPE_TIME || kind == FEEL_TYPE_DATE_TIME || kind == FEEL_TYPE_MONTHS ||
           kind == FEEL_TYPE_SPAN;
}

static const struct feel_type *comparison_type(struct feel__parser *parser,
                                               const struct feel__node *node)
{
    const struct feel_type *left = node->left->type, *right = node->right->type;
    bool is_equality = node->op == FEEL__EQUAL || node->op == FEEL__UNEQUAL;
    if (!is_unknown(left) && !is_unknown(right) &&
        (left->kind != right->kind || (!is_equality && !has_order(left->kind))))
        doubt_kinds(parser, node);
    return feel_type_of_kind(FEEL_TYPE_BOOLEAN);
}

static const struct feel_type *logic_type(struct feel__parser *parser,
                                          const struct feel__node *node)
{
    const struct feel_type *left = node->left->type, *right = node->right->type;
    if ((!is_unknown(left) && left->kind != FEEL_TYPE_BOOLEAN) ||
        (!is_unknown(right) && right->kind != FEEL_TYPE_BOOLEAN))
        doubt_kinds(parser, node);
    return feel_type_of_kind(FEEL_TYPE_BOOLEAN);
}

const struct feel_type *feel__result_type(struct feel__parser *parser,
                                          const struct feel__node *node)
{
    switch (node->op) {
    case FEEL__ADD:
    case FEEL__SUBTRACT:
    case FEEL__MULTIPLY:
    case FEEL__DIVIDE:
    case FEEL__POWER:
        return arithmetic_type(parser, node);
    case FEEL__EQUAL:
    case FEEL__UNEQUAL:
    case FEEL__LESS:
    case FEEL__LESS_EQUAL:
    case FEEL__MORE:
    case FEEL__MORE_EQUAL:
        return comparison_type(parser, node);
    case FEEL__AND:
    case FEEL__OR:
        return logic_type(parser, node);
    case FEEL__NEGATE: {
        enum feel_type_kind kind = node->left->type->kind;
        bool fits = kind == FEEL_TYPE_NUMBER || kind == FEEL_TYPE_MONTHS || kind == FEEL_TYPE_SPAN;
        if (!fits && !is_unknown(node->left->type))
            doubt_kinds(parser, node);
        return feel_type_of_kind(fits ? kind : FEEL_TYPE_ANY);
    }
    case FEEL__HOLDS:
        return feel_type_of_kind(FEEL_TYPE_BOOLEAN);
    case FEEL__CONSTANT:
    case FEEL__SLOT:
    case FEEL__LOCAL:
    case FEEL__CAPTURE:
    case FEEL__SELF:
    case FEEL__FIELD:
    case FEEL__IF:
    case FEEL__BETWEEN:
    case FEEL__INSTANCE:
    case FEEL__IN:
    case FEEL__TESTS:
    case FEEL__LIST:
    case FEEL__CONTEXT:
    case FEEL__RANGE:
    case FEEL__PATH:
    case FEEL__FILTER:
    case FEEL__FOR:
    case FEEL__SOME:
    case FEEL__EVERY:
    case FEEL__LAMBDA:
    case FEEL__CALL:
        break; /* made elsewhere, where more is known */
    }
    return feel_type_of_kind(FEEL_TYPE_ANY);
}

const struct feel_type *feel__list_type(struct feel__parser *parser, const struct feel_type *of)
{
    if (of == NULL || is_unknown(of))
        return feel_type_of_kind(FEEL_TYPE_LIST);
    struct feel_type *type = arena_one(parser->arena, struct feel_type);
    type->kind = FEEL_TYPE_LIST;
    type->of = of;
    return type;
}

const struct feel_type *feel__common_type(const struct feel_type *a, const struct feel_type *b)
{
    if (a->kind == FEEL_TYPE_NULL)
        return b;
    if (b->kind == FEEL_TYPE_NULL || (feel_type_conforms(a, b) && feel_type_conforms(b, a)))
        return a;
    return feel_type_of_kind(FEEL_TYPE_ANY);
}

/* --- paths --- */

enum { DATES = 1 << FEEL_TYPE_DATE | 1 << FEEL_TYPE_DATE_TIME };
enum { TIMES = 1 << FEEL_TYPE_TIME | 1 << FEEL_TYPE_DATE_TIME };

/* The properties of table 65, by the kinds that have them. */
static const struct {
    const char *name;
    unsigned kinds;
    enum feel_type_kind type;
} properties[] = {
    {"year", DATES, FEEL_TYPE_NUMBER},
    {"month", DATES, FEEL_TYPE_NUMBER},
    {"day", DATES, FEEL_TYPE_NUMBER},
    {"weekday", DATES, FEEL_TYPE_NUMBER},
    {"hour", TIMES, FEEL_TYPE_NUMBER},
    {"minute", TIMES, FEEL_TYPE_NUMBER},
    {"second", TIMES, FEEL_TYPE_NUMBER},
    {"time offset", TIMES, FEEL_TYPE_SPAN},
    {"timezone", TIMES, FEEL_TYPE_STRING},
    {"years", 1 << FEEL_TYPE_MONTHS, FEEL_TYPE_NUMBER},
    {"months", 1 << FEEL_TYPE_MONTHS, FEEL_TYPE_NUMBER},
    {"days", 1 << FEEL_TYPE_SPAN, FEEL_TYPE_NUMBER},
    {"hours", 1 << FEEL_TYPE_SPAN, FEEL_TYPE_NUMBER},
    {"minutes", 1 << FEEL_TYPE_SPAN, FEEL_TYPE_NUMBER},
    {"seconds", 1 << FEEL_TYPE_SPAN, FEEL_TYPE_NUMBER},
    {"start", 1 << FEEL_TYPE_RANGE, FEEL_TYPE_ANY},
    {"end", 1 << FEEL_TYPE_RANGE, FEEL_TYPE_ANY},
    {"start included", 1 << FEEL_TYPE_RANGE, FEEL_TYPE_BOOLEAN},
    {"end included", 1 << FEEL_TYPE_RANGE, FEEL_TYPE_BOOLEAN},
};

const struct feel_type *feel__path_type(struct feel__parser *parser, const struct feel_type *left,
                                        struct feel_text name)
{
    if (is_unknown(left))
        return feel_type_of_kind(FEEL_TYPE_ANY);
    if (left->kind == FEEL_TYPE_CONTEXT)
        return feel__field_type(left, name);
    if (left->kind == FEEL_TYPE_LIST) {
        const struct feel_type *of =
            left->of == NULL ? NULL : feel__path_type(parser, left->of, name);
        if (left->of != NULL && of == NULL)
            return NULL;
        return feel__list_type(parser, of);
    }
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (properties[i].kinds >> left->kind & 1 &&
            feel_text_equal(feel_text(properties[i].name), name))
            return feel_type_of_kind(properties[i].type);
    return NULL;
}

/* --- calls --- */

static bool has_parameter(const struct feel_type *function, struct feel_text name)
{
    for (size_t i = 0; i < function->field_count; i++)
        if (feel_text_equal(function->fields[i].name, name))
            return true;
    return false;
}

static bool takes(const struct feel_type *function, const struct feel__node *call)
{
    if (function->field_count == 0 && function->of == NULL)
        return true; /* nothing is known of it */
    if (call->call.count != function->field_count)
        return false;
    for (size_t i = 0; i < call->call.count; i++) {
        struct feel_text name = call->call.arguments[i].name;
        if (name.bytes != NULL && !has_parameter(function, name))
            return false;
    }
    return true;
}

const struct feel_type *feel__call_type(struct feel__parser *parser, const struct feel__node *node)
{
    const struct feel__node *callee = node->call.callee;
    const struct feel_type *any = feel_type_of_kind(FEEL_TYPE_ANY);
    if (callee->type->kind == FEEL_TYPE_ANY || callee->type->kind == FEEL_TYPE_NULL)
        return any;
    if (callee->type->kind != FEEL_TYPE_FUNCTION) {
        feel__doubt(parser, FEEL_FAULT_NOT_A_FUNCTION, node->offset,
                    feel_type_text(parser->arena, callee->type));
        return any;
    }
    const struct feel_function *builtin =
        callee->op == FEEL__CONSTANT && callee->constant.function->builtin != NULL
            ? callee->constant.function
            : NULL;
    bool fits = builtin != NULL
                    ? feel__builtin_takes(builtin, node->call.arguments, node->call.count)
                    : takes(callee->type, node);
    if (!fits)
        feel__doubt(parser, FEEL_FAULT_WRONG_ARGUMENTS, node->offset, "");
    if (builtin != NULL)
        return feel__builtin_result(builtin, node->call.count);
    return callee->type->of != NULL ? callee->type->of : any;
}
