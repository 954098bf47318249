/* Functions that make one value of a list's. */
#include <stdlib.h>

#include "feel/feel_builtin.h"
#include "feel/feel_number.h"

/* The least or the greatest item, in the order that all of them have. */
static struct feel_value extreme(struct feel_run *run, struct feel_list list, int wanted)
{
    if (list.count == 0)
        return feel_null();
    struct feel_value found = list.items[0];
    for (size_t i = 0; i < list.count; i++) {
        int order;
        if (!feel_compare(run, list.items[i], found, &order))
            return feel__wrong_kinds(run, list.items[i], "<", found);
        if (order == wanted)
            found = list.items[i];
    }
    return found;
}

struct feel_value feel__min(struct feel_run *run, const struct feel_value *values)
{
    return extreme(run, values[0].list, -1);
}

struct feel_value feel__max(struct feel_run *run, const struct feel_value *values)
{
    return extreme(run, values[0].list, 1);
}

typedef bool combine(struct feel_number a, struct feel_number b, struct feel_number *ret);

/* Null where an item is no number, or the result is none. */
static struct feel_value combined(struct feel_run *run, struct feel_list list, combine *with,
                                  int64_t first)
{
    struct feel_number total = feel__number_of(first);
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].kind != FEEL_NUMBER)
            return feel__bad_value(run, list.items[i]);
        if (!with(total, list.items[i].number, &total))
            return feel__fault(run, FEEL_FAULT_NO_NUMBER, "");
    }
    return feel_number(total);
}

struct feel_value feel__sum(struct feel_run *run, const struct feel_value *values)
{
    if (values[0].list.count == 0)
        return feel_null();
    return combined(run, values[0].list, feel__add, 0);
}

struct feel_value feel__product(struct feel_run *run, const struct feel_value *values)
{
    if (values[0].list.count == 0)
        return feel_null();
    return combined(run, values[0].list, feel__multiply, 1);
}

struct feel_value feel__mean(struct feel_run *run, const struct feel_value *values)
{
    struct feel_value sum = feel__sum(run, values);
    struct feel_number mean;
    if (sum.kind != FEEL_NUMBER)
        return sum;
    if (!feel__divide(sum.number, feel__number_of((int64_t)values[0].list.count), &mean))
        return feel__fault(run, FEEL_FAULT_NO_NUMBER, "mean");
    return feel_number(mean);
}

/* `decisive` in one item settles it; what is no boolean leaves it open. */
static struct feel_value all_of(struct feel_run *run, struct feel_list list, bool decisive)
{
    struct feel_value verdict = feel_boolean(!decisive);
    for (size_t i = 0; i < list.count; i++) {
        struct feel_value item = list.items[i];
        if (item.kind == FEEL_BOOLEAN && item.boolean == decisive)
            return item;
        if (item.kind != FEEL_BOOLEAN)
            verdict = item;
    }
    if (verdict.kind == FEEL_BOOLEAN || verdict.kind == FEEL_NULL)
        return verdict;
    return feel__bad_value(run, verdict);
}

struct feel_value feel__all(struct feel_run *run, const struct feel_value *values)
{
    return all_of(run, values[0].list, /* decisive= */ false);
}

struct feel_value feel__any(struct feel_run *run, const struct feel_value *values)
{
    return all_of(run, values[0].list, /* decisive= */ true);
}

/* --- statistics --- */

static int compare_numbers(const void *a, const void *b)
{
    return feel__number_compare(((const struct feel_value *)a)->number,
                                ((const struct feel_value *)b)->number);
}

/* The numbers of the list in their order; NULL, with a report, where an item is none. */
static struct feel_value *sorted_numbers(struct feel_run *run, struct feel_list list)
{
    if (!feel__has_room(run, list.count * sizeof *list.items))
        return NULL;
    struct feel_value *numbers = arena_array(run->arena, list.count, struct feel_value);
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].kind != FEEL_NUMBER) {
            feel__bad_value(run, list.items[i]);
            return NULL;
        }
        numbers[i] = list.items[i];
    }
    qsort(numbers, list.count, sizeof *numbers, compare_numbers);
    return numbers;
}

struct feel_value feel__median(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    if (list.count == 0)
        return feel_null();
    struct feel_value *numbers = sorted_numbers(run, list);
    if (numbers == NULL)
        return feel_null();
    size_t middle = list.count / 2;
    if (list.count % 2 == 1)
        return numbers[middle];
    struct feel_value pair = feel_list(&numbers[middle - 1], 2);
    return feel__mean(run, &pair);
}

/* Of a sample: divided by one less than there are. */
struct feel_value feel__stddev(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    struct feel_value mean = feel__mean(run, values);
    struct feel_number total = feel__number_of(0), root;
    if (mean.kind != FEEL_NUMBER)
        return mean;
    if (list.count < 2)
        return feel__bad_value(run, values[0]);
    bool is_number = true;
    for (size_t i = 0; i < list.count; i++) {
        struct feel_number distance, square;
        is_number = is_number && feel__subtract(list.items[i].number, mean.number, &distance) &&
                    feel__multiply(distance, distance, &square) && feel__add(total, square, &total);
    }
    is_number = is_number &&
                feel__divide(total, feel__number_of((int64_t)list.count - 1), &total) &&
                feel__square_root(total, &root);
    return is_number ? feel_number(root) : feel__fault(run, FEEL_FAULT_NO_NUMBER, "stddev");
}

/* All the numbers that there are most of, in their order. */
struct feel_value feel__mode(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    struct feel_value *numbers = sorted_numbers(run, list);
    if (numbers == NULL)
        return feel_null();
    struct feel__items modes = feel__items_new(run, 0);
    size_t most = 0, length = 0;
    for (size_t i = 0; i < list.count; i++) {
        bool goes_on = i > 0 && compare_numbers(&numbers[i - 1], &numbers[i]) == 0;
        length = goes_on ? length + 1 : 1;
        if (length > most)
            modes.count = 0;
        if (length >= most)
            feel__items_add(&modes, numbers[i]);
        most = length > most ? length : most;
    }
    return feel__items_list(&modes);
}
