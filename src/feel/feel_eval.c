/* The evaluator: one function a kind of node, and nothing that a node does not need. */
#include "feel/feel_eval.h"

#include "base/text.h"

static struct feel_value evaluate_condition(struct feel_run *run, const struct feel__node *node,
                                            const struct feel__frame *frame)
{
    struct feel_value condition = feel__evaluate(run, node->condition, frame);
    if (condition.kind != FEEL_BOOLEAN && condition.kind != FEEL_NULL) {
        run->node = node;
        feel__fault(run, FEEL_FAULT_WRONG_KIND, feel__kind_name(condition.kind));
    }
    return feel__evaluate(run, feel__is_true(condition) ? node->left : node->right, frame);
}

/* Three-valued: what is no boolean counts as unknown. `decisive` settles it whatever the other is.
 */
static struct feel_value evaluate_logic(struct feel_run *run, const struct feel__node *node,
                                        const struct feel__frame *frame)
{
    bool decisive = node->op == FEEL__OR;
    struct feel_value left = feel__evaluate(run, node->left, frame);
    if (left.kind == FEEL_BOOLEAN && left.boolean == decisive)
        return left;
    struct feel_value right = feel__evaluate(run, node->right, frame);
    if (right.kind == FEEL_BOOLEAN && right.boolean == decisive)
        return right;
    if (left.kind == FEEL_BOOLEAN && right.kind == FEEL_BOOLEAN)
        return left;
    bool is_known = (left.kind == FEEL_BOOLEAN || left.kind == FEEL_NULL) &&
                    (right.kind == FEEL_BOOLEAN || right.kind == FEEL_NULL);
    run->node = node;
    return is_known ? feel_null() : feel__wrong_kinds(run, left, decisive ? "or" : "and", right);
}

static struct feel_value evaluate_between(struct feel_run *run, const struct feel__node *node,
                                          const struct feel__frame *frame)
{
    struct feel_value value = feel__evaluate(run, node->condition, frame);
    struct feel_value low = feel__evaluate(run, node->left, frame);
    struct feel_value high = feel__evaluate(run, node->right, frame);
    run->node = node;
    struct feel_value above = feel__comparison(run, FEEL__MORE_EQUAL, value, low);
    struct feel_value below = feel__comparison(run, FEEL__LESS_EQUAL, value, high);
    if (above.kind == FEEL_NULL || below.kind == FEEL_NULL)
        return feel_null();
    return feel_boolean(above.boolean && below.boolean);
}

static struct feel_value evaluate_instance(struct feel_run *run, const struct feel__node *node,
                                           const struct feel__frame *frame)
{
    struct feel_value value = feel__evaluate(run, node->instance.value, frame);
    if (value.kind == FEEL_NULL)
        return feel_boolean(node->instance.wanted->kind == FEEL_TYPE_NULL);
    return feel_boolean(feel_is_of(run, value, node->instance.wanted));
}

/* --- tests --- */

/* What a test says of a value. A test that gives true or false, of a value that is neither, is a
 * condition of its own. */
static struct feel_value evaluate_test(struct feel_run *run, const struct feel__node *test,
                                       struct feel_value value, const struct feel__frame *frame)
{
    struct feel_value wanted = feel__evaluate(run, test, frame);
    if (test->op == FEEL__HOLDS)
        return wanted;
    if (wanted.kind == FEEL_BOOLEAN && value.kind != FEEL_BOOLEAN && value.kind != FEEL_NULL)
        return wanted;
    run->node = test;
    return feel_in(run, value, wanted);
}

/* True where one test is, unknown where one might be. */
static struct feel_value evaluate_tests(struct feel_run *run, const struct feel__node *node,
                                        const struct feel__frame *frame)
{
    struct feel_value value = feel__evaluate(run, node->list.value, frame);
    struct feel_value verdict = feel_boolean(/* truth= */ false);
    for (size_t i = 0; i < node->list.count; i++) {
        struct feel_value holds =
            node->op == FEEL__TESTS
                ? evaluate_test(run, node->list.items[i], value, frame)
                : feel_in(run, value, feel__evaluate(run, node->list.items[i], frame));
        if (feel__is_true(holds))
            return feel_boolean(!node->list.is_negated);
        if (holds.kind != FEEL_BOOLEAN)
            verdict = feel_null();
    }
    if (verdict.kind == FEEL_BOOLEAN && node->list.is_negated)
        return feel_boolean(/* truth= */ true);
    return verdict;
}

static struct feel_value evaluate_holds(struct feel_run *run, const struct feel__node *node,
                                        const struct feel__frame *frame)
{
    struct feel_value value = feel__evaluate(run, node->left, frame);
    if (value.kind == FEEL_BOOLEAN || value.kind == FEEL_NULL)
        return value;
    run->node = node;
    return feel__fault(run, FEEL_FAULT_WRONG_KIND, feel__kind_name(value.kind));
}

/* --- values with parts --- */

static struct feel_value evaluate_list(struct feel_run *run, const struct feel__node *node,
                                       const struct feel__frame *frame)
{
    struct feel_value *items = arena_array(run->arena, node->list.count, struct feel_value);
    for (size_t i = 0; i < node->list.count; i++)
        items[i] = feel__evaluate(run, node->list.items[i], frame);
    return feel_list(items, node->list.count);
}

static struct feel_value evaluate_context(struct feel_run *run, const struct feel__node *node,
                                          const struct feel__frame *frame)
{
    struct feel_entry *entries = arena_array(run->arena, node->context.count, struct feel_entry);
    for (size_t i = 0; i < node->context.count; i++) {
        const struct feel__named *entry = &node->context.entries[i];
        struct feel_value value = feel__evaluate(run, entry->value, frame);
        frame->locals[entry->local] = value;
        entries[i] = (struct feel_entry){entry->name, value};
    }
    return feel_context(entries, node->context.count);
}

static struct feel_value evaluate_range(struct feel_run *run, const struct feel__node *node,
                                        const struct feel__frame *frame)
{
    struct feel_range range = {.form = node->range.form,
                               .low_included = node->range.low_included,
                               .high_included = node->range.high_included};
    if (node->range.low != NULL)
        range.low = feel__evaluate(run, node->range.low, frame);
    if (node->range.high == node->range.low)
        range.high = range.low;
    else if (node->range.high != NULL)
        range.high = feel__evaluate(run, node->range.high, frame);
    run->node = node;
    return feel__range(run, &range);
}

static struct feel_value member_of(struct feel_run *run, struct feel_value value,
                                   struct feel_text name)
{
    struct feel_value member;
    if (value.kind == FEEL_NULL)
        return feel_null();
    if (feel__member(run, value, name, &member))
        return member;
    return feel__fault(run, FEEL_FAULT_UNKNOWN_FIELD,
                       arena_text_n(run->arena, name.bytes, name.length));
}

/* Of a list, the values of all its items. */
static struct feel_value evaluate_path(struct feel_run *run, const struct feel__node *node,
                                       const struct feel__frame *frame)
{
    struct feel_value value = feel__evaluate(run, node->field.outer, frame);
    run->node = node;
    if (value.kind != FEEL_LIST)
        return member_of(run, value, node->field.name);
    if (!feel__has_room(run, value.list.count * sizeof value))
        return feel_null();
    struct feel__items members = feel__items_new(run, value.list.count);
    for (size_t i = 0; i < value.list.count; i++)
        feel__items_add(&members, member_of(run, value.list.items[i], node->field.name));
    return feel__items_list(&members);
}

/* In a filter: the item's own field before any outer name. */
static struct feel_value evaluate_field(struct feel_run *run, const struct feel__node *node,
                                        const struct feel__frame *frame)
{
    struct feel_value item = frame->locals[node->field.item], member;
    if (feel__member(run, item, node->field.name, &member))
        return member;
    return node->field.outer == NULL ? feel_null() : feel__evaluate(run, node->field.outer, frame);
}

/* An operation of two values, both computed before it is. */
static struct feel_value
evaluate_operation(struct feel_run *run, const struct feel__node *node,
                   const struct feel__frame *frame,
                   struct feel_value (*operation)(struct feel_run *, enum feel__op,
                                                  struct feel_value, struct feel_value))
{
    struct feel_value left = feel__evaluate(run, node->left, frame);
    struct feel_value right = feel__evaluate(run, node->right, frame);
    run->node = node;
    return operation(run, node->op, left, right);
}

static struct feel_value evaluate_node(struct feel_run *run, const struct feel__node *node,
                                       const struct feel__frame *frame)
{
    struct feel_value value;
    switch (node->op) {
    case FEEL__CONSTANT:
        return node->constant;
    case FEEL__SLOT:
        return frame->slots[node->slot];
    case FEEL__LOCAL:
        return frame->locals[node->slot];
    case FEEL__CAPTURE:
        return frame->captures[node->slot];
    case FEEL__SELF:
        return feel_null(); /* feel__make_function() alone knows which */
    case FEEL__FIELD:
        return evaluate_field(run, node, frame);
    case FEEL__NEGATE:
        value = feel__evaluate(run, node->left, frame);
        run->node = node;
        return feel__negative(run, value);
    case FEEL__ADD:
    case FEEL__SUBTRACT:
    case FEEL__MULTIPLY:
    case FEEL__DIVIDE:
    case FEEL__POWER:
        return evaluate_operation(run, node, frame, feel__arithmetic);
    case FEEL__EQUAL:
    case FEEL__UNEQUAL:
    case FEEL__LESS:
    case FEEL__LESS_EQUAL:
    case FEEL__MORE:
    case FEEL__MORE_EQUAL:
        return evaluate_operation(run, node, frame, feel__comparison);
    case FEEL__AND:
    case FEEL__OR:
        return evaluate_logic(run, node, frame);
    case FEEL__IF:
        return evaluate_condition(run, node, frame);
    case FEEL__BETWEEN:
        return evaluate_between(run, node, frame);
    case FEEL__INSTANCE:
        return evaluate_instance(run, node, frame);
    case FEEL__IN:
    case FEEL__TESTS:
        return evaluate_tests(run, node, frame);
    case FEEL__HOLDS:
        return evaluate_holds(run, node, frame);
    case FEEL__LIST:
        return evaluate_list(run, node, frame);
    case FEEL__CONTEXT:
        return evaluate_context(run, node, frame);
    case FEEL__RANGE:
        return evaluate_range(run, node, frame);
    case FEEL__PATH:
        return evaluate_path(run, node, frame);
    case FEEL__FILTER:
        return feel__evaluate_filter(run, node, frame);
    case FEEL__FOR:
    case FEEL__SOME:
    case FEEL__EVERY:
        return feel__evaluate_loop(run, node, frame);
    case FEEL__LAMBDA:
        return feel__make_function(run, node, frame);
    case FEEL__CALL:
        return feel__evaluate_call(run, node, frame);
    }
    return feel_null();
}

struct feel_value feel__evaluate(struct feel_run *run, const struct feel__node *node,
                                 const struct feel__frame *frame)
{
    if (node->op == FEEL__CONSTANT)
        return node->constant;
    if (!feel_enter(run))
        return feel_null();
    run->node = node;
    struct feel_value value = evaluate_node(run, node, frame);
    feel_leave(run);
    return value;
}
