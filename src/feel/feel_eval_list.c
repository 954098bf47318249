/* Filters, and the loops: for, some, every. */
#include "feel/feel_date.h"
#include "feel/feel_eval.h"

/* --- filters --- */

/* The i-th item, from 1 on; from the end where i is negative. */
static struct feel_value item_at(struct feel_run *run, struct feel_list list,
                                 struct feel_number index)
{
    int64_t i;
    if (feel_number_integer(index, &i)) {
        int64_t count = (int64_t)list.count;
        if (i >= 1 && i <= count)
            return list.items[i - 1];
        if (i <= -1 && i >= -count)
            return list.items[count + i];
    }
    return feel__fault(run, FEEL_FAULT_BAD_VALUE, "[]");
}

struct feel_value feel__evaluate_filter(struct feel_run *run, const struct feel__node *node,
                                        const struct feel__frame *frame)
{
    struct feel_value value = feel__evaluate(run, node->filter.list, frame);
    const struct feel__node *condition = node->filter.condition;
    if (value.kind == FEEL_NULL)
        return feel_null();
    struct feel_list list = feel__as_list(&value);
    if (list.count == 0 && condition->type->kind == FEEL_TYPE_NUMBER)
        return feel_null();
    struct feel__items kept = feel__items_new(run, 0);
    for (size_t i = 0; i < list.count; i++) {
        frame->locals[node->filter.item] = list.items[i];
        struct feel_value holds = feel__evaluate(run, condition, frame);
        run->node = node;
        if (i == 0 && holds.kind == FEEL_NUMBER)
            return item_at(run, list, holds.number);
        if (holds.kind != FEEL_BOOLEAN && holds.kind != FEEL_NULL)
            return feel__fault(run, FEEL_FAULT_WRONG_KIND, feel__kind_name(holds.kind));
        if (feel__is_true(holds))
            feel__items_add(&kept, list.items[i]);
        if (run->has_ended)
            return feel_null();
    }
    return feel__items_list(&kept);
}

/* --- loops --- */

struct loop {
    struct feel_run *run;
    const struct feel__node *node;
    const struct feel__frame *frame;
    struct feel__items results;
    struct feel_value verdict;
};

/* Each of these says whether the loop goes on. */
static bool iterate(struct loop *loop, uint32_t depth);

static bool evaluate_body(struct loop *loop)
{
    const struct feel__node *node = loop->node;
    if (node->op == FEEL__FOR)
        loop->frame->locals[node->loop.partial] = feel__items_list(&loop->results);
    struct feel_value value = feel__evaluate(loop->run, node->loop.body, loop->frame);
    if (node->op == FEEL__FOR) {
        feel__items_add(&loop->results, value);
        return true;
    }
    bool decisive = node->op == FEEL__SOME;
    if (value.kind != FEEL_BOOLEAN) {
        loop->verdict = feel_null();
        return true;
    }
    if (value.boolean == decisive)
        loop->verdict = value;
    return value.boolean != decisive;
}

static bool iterate_value(struct loop *loop, uint32_t depth, struct feel_value value)
{
    struct feel_run *run = loop->run;
    if (!feel_enter(run))
        return false;
    loop->frame->locals[loop->node->loop.iterators[depth].local] = value;
    bool goes_on = iterate(loop, depth + 1);
    feel_leave(run);
    return goes_on && !run->has_ended;
}

static bool iterate_list(struct loop *loop, uint32_t depth, struct feel_list list)
{
    for (size_t i = 0; i < list.count; i++)
        if (!iterate_value(loop, depth, list.items[i]))
            return false;
    return true;
}

static bool not_iterable(struct loop *loop, struct feel_value domain)
{
    loop->run->node = loop->node;
    loop->verdict = feel__fault(loop->run, FEEL_FAULT_WRONG_KIND, feel__kind_name(domain.kind));
    loop->results.items = NULL; /* there is no list, not even an empty one */
    return false;
}

/* From one value to the other by steps of one, up or down; numbers or dates. */
static bool iterate_steps(struct loop *loop, uint32_t depth, const struct feel_range *range)
{
    struct feel_run *run = loop->run;
    struct feel_value at = range->low;
    bool has_steps = (at.kind == FEEL_NUMBER || at.kind == FEEL_DATE);
    int order;
    if (!has_steps || !feel_compare(run, range->low, range->high, &order))
        return not_iterable(loop, has_steps ? range->high : at);
    bool is_date = at.kind == FEEL_DATE;
    struct feel_value step = feel_integer(order > 0 ? -1 : 1);
    if (is_date)
        step =
            (struct feel_value){.kind = FEEL_SPAN, .span = {.seconds = order > 0 ? -86400 : 86400}};
    int direction = order > 0 ? 1 : -1;
    bool is_first = true;
    for (;;) {
        if (!feel_compare(run, at, range->high, &order) || order == -direction ||
            (order == 0 && !range->high_included))
            return true;
        if ((!is_first || range->low_included) && !iterate_value(loop, depth, at))
            return false;
        is_first = false;
        struct feel_value next = feel__arithmetic(run, FEEL__ADD, at, step);
        /* A number of more than 34 digits no longer moves by one. */
        if (!feel_compare(run, at, next, &order) || order == 0)
            return not_iterable(loop, at);
        at = next;
    }
}

static bool iterate(struct loop *loop, uint32_t depth)
{
    const struct feel__node *node = loop->node;
    if (depth == node->loop.count)
        return evaluate_body(loop);
    const struct feel__iterator *iterator = &node->loop.iterators[depth];
    struct feel_value domain = feel__evaluate(loop->run, iterator->domain, loop->frame);
    if (iterator->end != NULL) {
        struct feel_range range = {.low = domain, .low_included = true, .high_included = true};
        range.high = feel__evaluate(loop->run, iterator->end, loop->frame);
        return iterate_steps(loop, depth, &range);
    }
    if (domain.kind == FEEL_RANGE && domain.range->form == FEEL_RANGE_INTERVAL)
        return iterate_steps(loop, depth, domain.range);
    if (domain.kind == FEEL_RANGE || domain.kind == FEEL_NULL)
        return not_iterable(loop, domain);
    return iterate_list(loop, depth, feel__as_list(&domain));
}

struct feel_value feel__evaluate_loop(struct feel_run *run, const struct feel__node *node,
                                      const struct feel__frame *frame)
{
    struct loop loop = {.run = run,
                        .node = node,
                        .frame = frame,
                        .results = feel__items_new(run, 4),
                        .verdict = feel_boolean(node->op == FEEL__EVERY)};
    iterate(&loop, 0);
    if (node->op != FEEL__FOR)
        return loop.verdict;
    return loop.results.items != NULL ? feel__items_list(&loop.results) : feel_null();
}
