/* Making values, and looking into them. */
#include <string.h>

#include "feel/feel_number.h"
#include "feel/feel_run.h"

struct feel_value feel_null(void)
{
    return (struct feel_value){.kind = FEEL_NULL};
}

struct feel_value feel_boolean(bool truth)
{
    return (struct feel_value){.kind = FEEL_BOOLEAN, .boolean = truth};
}

struct feel_value feel_number(struct feel_number number)
{
    return (struct feel_value){.kind = FEEL_NUMBER, .number = number};
}

struct feel_value feel_integer(int64_t integer)
{
    return feel_number(feel__number_of(integer));
}

struct feel_value feel_string(struct feel_text text)
{
    return (struct feel_value){.kind = FEEL_STRING, .text = text};
}

struct feel_value feel_date(struct feel_date date)
{
    return (struct feel_value){.kind = FEEL_DATE, .date = date};
}

struct feel_value feel_day(struct day day)
{
    if (day_is_none(day))
        return feel_null();
    struct civil civil = day_civil(day);
    return feel_date((struct feel_date){civil.year, (uint8_t)civil.month, (uint8_t)civil.day});
}

struct feel_value feel_list(const struct feel_value *items, size_t count)
{
    return (struct feel_value){.kind = FEEL_LIST, .list = {items, count}};
}

struct feel_value feel_context(const struct feel_entry *entries, size_t count)
{
    return (struct feel_value){.kind = FEEL_CONTEXT, .context = {entries, count}};
}

struct feel_text feel_text(const char *text)
{
    return (struct feel_text){text, strlen(text)};
}

bool feel_text_equal(struct feel_text a, struct feel_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

const struct feel_value *feel_context_find(struct feel_context context, struct feel_text name)
{
    for (size_t i = 0; i < context.count; i++)
        if (feel_text_equal(context.entries[i].name, name))
            return &context.entries[i].value;
    return NULL;
}

struct feel__items feel__items_new(struct feel_run *run, size_t capacity)
{
    return (struct feel__items){.run = run,
                                .items = arena_array(run->arena, capacity, struct feel_value),
                                .capacity = capacity};
}

void feel__items_add(struct feel__items *items, struct feel_value value)
{
    if (items->count == items->capacity) {
        size_t capacity = items->capacity < 4 ? 8 : items->capacity * 2;
        if (!feel__has_room(items->run, capacity * sizeof value))
            return;
        items->items = arena_grow(items->run->arena, items->items, items->capacity * sizeof value,
                                  capacity * sizeof value);
        items->capacity = capacity;
    }
    items->items[items->count++] = value;
}

struct feel_value feel__items_list(const struct feel__items *items)
{
    return feel_list(items->items, items->count);
}

struct feel_list feel__as_list(const struct feel_value *value)
{
    return value->kind == FEEL_LIST ? value->list : (struct feel_list){value, 1};
}
