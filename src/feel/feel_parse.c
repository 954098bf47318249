/*
 * Expressions, from the loosest binding to the tightest: or, and, comparison, sum, product, power,
 * sign, instance of, and what stands behind a value.
 */
#include "feel/feel_parse.h"

#include "base/text.h"

static const struct feel__node *parse_sum(struct feel__parser *parser);

static const struct feel__node *nothing(struct feel__parser *parser)
{
    return feel__constant(parser, feel_null(), feel__offset(parser));
}

const struct feel__node *feel__pair(struct feel__parser *parser, enum feel__op op,
                                    const struct feel__node *left, const struct feel__node *right,
                                    uint32_t offset)
{
    struct feel__node *node = feel__node(parser, op, offset);
    node->left = left;
    node->right = right;
    node->type = feel__result_type(parser, node);
    return feel__done(parser, node);
}

static const struct feel__node *parse_instance(struct feel__parser *parser)
{
    const struct feel__node *value = feel__parse_primary(parser);
    while (feel__at_word(parser, "instance")) {
        struct feel__node *node = feel__node(parser, FEEL__INSTANCE, feel__offset(parser));
        feel__advance(parser);
        feel__expect_word(parser, "of");
        node->instance.value = value;
        node->instance.wanted = feel__parse_type(parser);
        node->type = feel_type_of_kind(FEEL_TYPE_BOOLEAN);
        value = feel__done(parser, node);
    }
    return value;
}

static const struct feel__node *parse_sign(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    uint32_t signs = 0;
    while (feel__take_sign(parser, "-"))
        signs++;
    const struct feel__node *value = parse_instance(parser);
    for (; signs > 0 && !parser->has_failed; signs--)
        value = feel__pair(parser, FEEL__NEGATE, value, NULL, offset);
    return value;
}

static const struct feel__node *parse_power(struct feel__parser *parser)
{
    const struct feel__node *left = parse_sign(parser);
    for (;;) {
        uint32_t offset = feel__offset(parser);
        if (!feel__take_sign(parser, "**"))
            return left;
        left = feel__pair(parser, FEEL__POWER, left, parse_sign(parser), offset);
    }
}

static const struct feel__node *parse_product(struct feel__parser *parser)
{
    const struct feel__node *left = parse_power(parser);
    for (;;) {
        uint32_t offset = feel__offset(parser);
        enum feel__op op = FEEL__MULTIPLY;
        if (feel__take_sign(parser, "/"))
            op = FEEL__DIVIDE;
        else if (!feel__take_sign(parser, "*"))
            return left;
        left = feel__pair(parser, op, left, parse_power(parser), offset);
    }
}

static const struct feel__node *parse_sum(struct feel__parser *parser)
{
    const struct feel__node *left = parse_product(parser);
    for (;;) {
        uint32_t offset = feel__offset(parser);
        enum feel__op op = FEEL__ADD;
        if (feel__take_sign(parser, "-"))
            op = FEEL__SUBTRACT;
        else if (!feel__take_sign(parser, "+"))
            return left;
        left = feel__pair(parser, op, left, parse_product(parser), offset);
    }
}

static const struct feel__node *parse_between(struct feel__parser *parser,
                                              const struct feel__node *value)
{
    struct feel__node *node = feel__node(parser, FEEL__BETWEEN, feel__offset(parser));
    feel__advance(parser);
    node->condition = value;
    node->left = parse_sum(parser);
    feel__expect_word(parser, "and");
    node->right = parse_sum(parser);
    node->type = feel_type_of_kind(FEEL_TYPE_BOOLEAN);
    return feel__done(parser, node);
}

/* --- tests --- */

bool feel__test_form(const struct feel__parser *parser, enum feel_range_form *ret)
{
    static const struct {
        const char *sign;
        enum feel_range_form form;
    } signs[] = {{"<", FEEL_RANGE_LESS},  {"<=", FEEL_RANGE_LESS_EQUAL},
                 {">", FEEL_RANGE_MORE},  {">=", FEEL_RANGE_MORE_EQUAL},
                 {"=", FEEL_RANGE_EQUAL}, {"!=", FEEL_RANGE_UNEQUAL}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (feel__at_sign(parser, signs[i].sign)) {
            *ret = signs[i].form;
            return true;
        }
    }
    return false;
}

const struct feel__node *feel__parse_comparison_range(struct feel__parser *parser,
                                                      enum feel_range_form form)
{
    struct feel__node *node = feel__node(parser, FEEL__RANGE, feel__offset(parser));
    feel__advance(parser);
    const struct feel__node *end = parse_sum(parser);
    node->range.form = form;
    node->range.low = form == FEEL_RANGE_LESS || form == FEEL_RANGE_LESS_EQUAL ? NULL : end;
    node->range.high = form == FEEL_RANGE_MORE || form == FEEL_RANGE_MORE_EQUAL ? NULL : end;
    node->range.low_included = form == FEEL_RANGE_MORE_EQUAL || form == FEEL_RANGE_EQUAL;
    node->range.high_included = form == FEEL_RANGE_LESS_EQUAL || form == FEEL_RANGE_EQUAL;
    node->type = feel_type_of_kind(FEEL_TYPE_RANGE);
    return feel__done(parser, node);
}

const struct feel__node *feel__parse_test(struct feel__parser *parser)
{
    enum feel_range_form form;
    if (feel__test_form(parser, &form))
        return feel__parse_comparison_range(parser, form);
    return feel__parse_expression(parser);
}

/* `value in (test, test)`, where `(1..5)` is a range, and `(x)[1]` a value. */
static const struct feel__node *parse_in(struct feel__parser *parser,
                                         const struct feel__node *value)
{
    struct feel__node *node = feel__node(parser, FEEL__IN, feel__offset(parser));
    feel__advance(parser);
    struct feel__nodes tests = {0};
    enum feel_range_form form;
    if (feel__test_form(parser, &form)) {
        feel__add_node(parser, &tests, feel__parse_comparison_range(parser, form));
    } else if (!feel__at_sign(parser, "(")) {
        feel__add_node(parser, &tests, parse_sum(parser));
    } else {
        uint32_t offset = feel__offset(parser);
        feel__advance(parser);
        feel__add_node(parser, &tests, feel__parse_test(parser));
        while (feel__take_sign(parser, ","))
            feel__add_node(parser, &tests, feel__parse_test(parser));
        const struct feel__node *first = tests.items[0];
        if (tests.count == 1 && feel__at_sign(parser, ".."))
            tests.items[0] = feel__parse_range(parser, first, /* low_included= */ false, offset);
        else
            feel__expect_sign(parser, ")");
        if (tests.count == 1)
            tests.items[0] = feel__parse_postfix(parser, tests.items[0]);
    }
    node->list.value = value;
    node->list.items = tests.items;
    node->list.count = tests.count;
    node->type = feel_type_of_kind(FEEL_TYPE_BOOLEAN);
    return feel__done(parser, node);
}

static const struct feel__node *parse_comparison(struct feel__parser *parser)
{
    static const enum feel__op ops[] = {
        [FEEL_RANGE_LESS] = FEEL__LESS,   [FEEL_RANGE_LESS_EQUAL] = FEEL__LESS_EQUAL,
        [FEEL_RANGE_MORE] = FEEL__MORE,   [FEEL_RANGE_MORE_EQUAL] = FEEL__MORE_EQUAL,
        [FEEL_RANGE_EQUAL] = FEEL__EQUAL, [FEEL_RANGE_UNEQUAL] = FEEL__UNEQUAL};
    const struct feel__node *left = parse_sum(parser);
    for (;;) {
        uint32_t offset = feel__offset(parser);
        enum feel_range_form form;
        if (feel__at_word(parser, "between")) {
            left = parse_between(parser, left);
        } else if (feel__at_word(parser, "in")) {
            left = parse_in(parser, left);
        } else if (feel__test_form(parser, &form)) {
            feel__advance(parser);
            left = feel__pair(parser, ops[form], left, parse_sum(parser), offset);
        } else {
            return left;
        }
    }
}

static const struct feel__node *parse_and(struct feel__parser *parser)
{
    const struct feel__node *left = parse_comparison(parser);
    for (;;) {
        uint32_t offset = feel__offset(parser);
        if (!feel__take_word(parser, "and"))
            return left;
        left = feel__pair(parser, FEEL__AND, left, parse_comparison(parser), offset);
    }
}

static const struct feel__node *parse_or(struct feel__parser *parser)
{
    const struct feel__node *left = parse_and(parser);
    for (;;) {
        uint32_t offset = feel__offset(parser);
        if (!feel__take_word(parser, "or"))
            return left;
        left = feel__pair(parser, FEEL__OR, left, parse_and(parser), offset);
    }
}

const struct feel__node *feel__parse_expression(struct feel__parser *parser)
{
    if (++parser->depth > FEEL__NESTING_MOST)
        feel__fail(parser, FEEL_FAULT_TOO_DEEP, parser->token.text);
    const struct feel__node *node = parser->has_failed ? nothing(parser) : parse_or(parser);
    parser->depth--;
    return node;
}

/* --- the cells of decision tables --- */

/* A test that speaks of "?" itself is a condition; any other is what the value has to be. */
static const struct feel__node *parse_cell_test(struct feel__parser *parser)
{
    size_t before = parser->tested_uses;
    const struct feel__node *test = feel__parse_test(parser);
    if (parser->tested_uses == before)
        return test;
    return feel__pair(parser, FEEL__HOLDS, test, NULL, test->offset);
}

/* Whether "not" opens the negation of all tests: a bracket follows. */
static bool take_negation(struct feel__parser *parser)
{
    const char *at = parser->token.text.bytes;
    if (!feel__take_word(parser, "not"))
        return false;
    if (feel__take_sign(parser, "("))
        return true;
    feel__advance_from(parser, at);
    return false;
}

/* `-` alone is every value. */
static bool take_any(struct feel__parser *parser)
{
    const char *at = parser->token.text.bytes;
    if (!feel__take_sign(parser, "-"))
        return false;
    if (parser->token.kind == FEEL__TOKEN_END)
        return true;
    feel__advance_from(parser, at);
    return false;
}

static void parse_cell(struct feel__parser *parser, struct feel__nodes *tests)
{
    tests->count = 0;
    do
        feel__add_node(parser, tests, parse_cell_test(parser));
    while (feel__take_sign(parser, ","));
}

const struct feel__node *feel__parse_tests(struct feel__parser *parser)
{
    uint32_t offset = feel__offset(parser);
    if (take_any(parser))
        return feel__constant(parser, feel_boolean(/* truth= */ true), offset);
    const struct feel__node *tested = feel__resolve(parser, feel_text("?"), offset);
    if (tested == NULL) {
        feel__fail(parser, FEEL_FAULT_UNKNOWN_NAME, feel_text("?"));
        return nothing(parser);
    }
    struct feel__node *node = feel__node(parser, FEEL__TESTS, offset);
    struct feel__nodes tests = {0};
    const char *start = parser->token.text.bytes;
    node->list.is_negated = take_negation(parser);
    parse_cell(parser, &tests);
    if (node->list.is_negated) {
        feel__expect_sign(parser, ")");
        if (parser->token.kind != FEEL__TOKEN_END) {
            /* "not(a) and b": the function, within an expression. */
            parser->report_count = 0;
            node->list.is_negated = false;
            feel__advance_from(parser, start);
            parse_cell(parser, &tests);
        }
    }
    node->list.value = tested;
    node->list.items = tests.items;
    node->list.count = tests.count;
    node->type = feel_type_of_kind(FEEL_TYPE_BOOLEAN);
    return feel__done(parser, node);
}
