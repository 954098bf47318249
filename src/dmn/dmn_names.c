/* Things by their names: sorted once, found by halving, so that a file with many costs little. */
#include <stdlib.h>
#include <string.h>

#include "dmn/dmn_loader.h"

static int by_name(const void *a, const void *b)
{
    const struct dmn__name *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    if (order != 0)
        return order;
    return (left->number > right->number) - (left->number < right->number);
}

void dmn__names_sort(struct dmn__names *names)
{
    qsort(names->items, names->count, sizeof *names->items, by_name);
}

const struct dmn__name *dmn__names_find(const struct dmn__names *names, const char *name)
{
    size_t low = 0, high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names->items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_there = low < names->count && strcmp(names->items[low].name, name) == 0;
    return is_there ? &names->items[low] : NULL;
}

const struct dmn__name *dmn__names_twice(const struct dmn__names *names)
{
    for (size_t i = 1; i < names->count; i++)
        if (strcmp(names->items[i - 1].name, names->items[i].name) == 0)
            return &names->items[i];
    return NULL;
}
