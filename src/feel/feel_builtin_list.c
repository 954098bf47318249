/* Functions of lists that move and look for their items. */
#include "feel/feel_builtin.h"
#include "feel/feel_number.h"

struct feel_value feel__list_contains(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    for (size_t i = 0; i < list.count; i++)
        if (feel__is_equal(run, list.items[i], values[1]))
            return feel_boolean(/* truth= */ true);
    return feel_boolean(/* truth= */ false);
}

struct feel_value feel__count(struct feel_run *run, const struct feel_value *values)
{
    (void)run;
    return feel_integer((int64_t)values[0].list.count);
}

/* The place, from 0 on, of a position that counts from 1, or from the end where it is negative. */
static bool place_of(struct feel_value position, struct feel_list list, size_t *ret)
{
    int64_t number, count = (int64_t)list.count;
    if (!feel__number_truncated(position.number, &number) || number == 0 || number > count ||
        number < -count)
        return false;
    *ret = (size_t)(number > 0 ? number - 1 : count + number);
    return true;
}

static void add_all(struct feel__items *items, struct feel_list list, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        feel__items_add(items, list.items[i]);
}

struct feel_value feel__sublist(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    size_t first;
    if (!place_of(values[1], list, &first))
        return feel__bad_value(run, values[1]);
    int64_t length = (int64_t)(list.count - first);
    if (values[2].kind == FEEL_NUMBER && (!feel__number_truncated(values[2].number, &length) ||
                                          length < 0 || length > (int64_t)(list.count - first)))
        return feel__bad_value(run, values[2]);
    return feel_list(list.items + first, (size_t)length);
}

struct feel_value feel__append(struct feel_run *run, const struct feel_value *values)
{
    struct feel__items items = feel__items_new(run, values[0].list.count + values[1].list.count);
    add_all(&items, values[0].list, 0, values[0].list.count);
    add_all(&items, values[1].list, 0, values[1].list.count);
    return feel__items_list(&items);
}

struct feel_value feel__concatenate(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list lists = values[0].list;
    struct feel__items items = feel__items_new(run, 8);
    for (size_t i = 0; i < lists.count; i++) {
        if (lists.items[i].kind == FEEL_NULL)
            return feel__bad_value(run, lists.items[i]);
        struct feel_list list = feel__as_list(&lists.items[i]);
        add_all(&items, list, 0, list.count);
    }
    return feel__items_list(&items);
}

struct feel_value feel__insert_before(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    size_t place;
    if (!place_of(values[1], list, &place))
        return feel__bad_value(run, values[1]);
    struct feel__items items = feel__items_new(run, list.count + 1);
    add_all(&items, list, 0, place);
    feel__items_add(&items, values[2]);
    add_all(&items, list, place, list.count);
    return feel__items_list(&items);
}

struct feel_value feel__remove(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    size_t place;
    if (!place_of(values[1], list, &place))
        return feel__bad_value(run, values[1]);
    struct feel__items items = feel__items_new(run, list.count);
    add_all(&items, list, 0, place);
    add_all(&items, list, place + 1, list.count);
    return feel__items_list(&items);
}

struct feel_value feel__reverse(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    struct feel__items items = feel__items_new(run, list.count);
    for (size_t i = list.count; i > 0; i--)
        feel__items_add(&items, list.items[i - 1]);
    return feel__items_list(&items);
}

struct feel_value feel__index_of(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    struct feel__items places = feel__items_new(run, 0);
    for (size_t i = 0; i < list.count; i++)
        if (feel__is_equal(run, list.items[i], values[1]))
            feel__items_add(&places, feel_integer((int64_t)i + 1));
    return feel__items_list(&places);
}

struct feel_value feel__distinct_values(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    struct feel__items items = feel__items_new(run, list.count);
    for (size_t i = 0; i < list.count && !run->has_ended; i++) {
        bool is_new = true;
        for (size_t j = 0; j < items.count && is_new; j++)
            is_new = !feel__is_equal(run, items.items[j], list.items[i]);
        if (is_new)
            feel__items_add(&items, list.items[i]);
    }
    return feel__items_list(&items);
}

struct feel_value feel__union(struct feel_run *run, const struct feel_value *values)
{
    struct feel_value all = feel__concatenate(run, values);
    return all.kind == FEEL_LIST ? feel__distinct_values(run, &all) : all;
}

static void flatten(struct feel__items *items, struct feel_list list)
{
    if (!feel_enter(items->run))
        return;
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].kind == FEEL_LIST)
            flatten(items, list.items[i].list);
        else
            feel__items_add(items, list.items[i]);
    }
    feel_leave(items->run);
}

struct feel_value feel__flatten(struct feel_run *run, const struct feel_value *values)
{
    struct feel__items items = feel__items_new(run, values[0].list.count);
    flatten(&items, values[0].list);
    return feel__items_list(&items);
}

struct feel_value feel__list_replace(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    size_t place;
    if (!place_of(values[1], list, &place))
        return feel__bad_value(run, values[1]);
    struct feel__items items = feel__items_new(run, list.count);
    add_all(&items, list, 0, list.count);
    items.items[place] = values[2];
    return feel__items_list(&items);
}

/* Every item that match(item, newItem) is true of. */
struct feel_value feel__list_replace_matching(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    struct feel__items items = feel__items_new(run, list.count);
    for (size_t i = 0; i < list.count; i++) {
        struct feel_value pair[] = {list.items[i], values[2]};
        struct feel_value matches = feel__apply(run, values[1].function, pair, 2);
        if (matches.kind != FEEL_BOOLEAN)
            return feel__bad_value(run, matches);
        feel__items_add(&items, matches.boolean ? values[2] : list.items[i]);
    }
    return feel__items_list(&items);
}

/* --- sort --- */

struct order {
    struct feel_run *run;
    const struct feel_function *precedes; /* NULL: the values' own order */
    bool is_broken;                       /* what came out was no boolean */
};

static bool precedes(struct order *order, struct feel_value a, struct feel_value b)
{
    int compared = 0;
    if (order->precedes == NULL) {
        order->is_broken |= !feel_compare(order->run, a, b, &compared);
        return compared < 0;
    }
    struct feel_value pair[] = {a, b};
    struct feel_value answer = feel__apply(order->run, order->precedes, pair, 2);
    order->is_broken |= answer.kind != FEEL_BOOLEAN;
    return feel__is_true(answer);
}

/* Merges the sorted halves of `items` by way of `spare`; of equals, the earlier stays earlier. */
static void merge(struct order *order, struct feel_value *items, size_t half, size_t count,
                  struct feel_value *spare)
{
    size_t left = 0, right = half;
    for (size_t i = 0; i < count; i++) {
        bool takes_right =
            left == half || (right < count && precedes(order, items[right], items[left]));
        spare[i] = takes_right ? items[right++] : items[left++];
    }
    for (size_t i = 0; i < count; i++)
        items[i] = spare[i];
}

static void merge_sort(struct order *order, struct feel_value *items, size_t count,
                       struct feel_value *spare)
{
    if (count < 2 || order->is_broken)
        return;
    size_t half = count / 2;
    merge_sort(order, items, half, spare);
    merge_sort(order, items + half, count - half, spare);
    merge(order, items, half, count, spare);
}

struct feel_value feel__sort(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    if (!feel__has_room(run, 2 * list.count * sizeof *list.items))
        return feel_null();
    struct feel_value *items = arena_array(run->arena, list.count, struct feel_value);
    struct feel_value *spare = arena_array(run->arena, list.count, struct feel_value);
    for (size_t i = 0; i < list.count; i++)
        items[i] = list.items[i];
    struct order order = {.run = run};
    if (values[1].kind == FEEL_FUNCTION)
        order.precedes = values[1].function;
    merge_sort(&order, items, list.count, spare);
    return order.is_broken ? feel__bad_value(run, values[0]) : feel_list(items, list.count);
}
