/* Functions of contexts. */
#include "feel/feel_builtin.h"

struct feel_value feel__get_value(struct feel_run *run, const struct feel_value *values)
{
    const struct feel_value *value = feel_context_find(values[0].context, values[1].text);
    return value != NULL ? *value : feel__bad_value(run, values[1]);
}

struct feel_value feel__get_entries(struct feel_run *run, const struct feel_value *values)
{
    struct feel_context context = values[0].context;
    struct feel__items items = feel__items_new(run, context.count);
    for (size_t i = 0; i < context.count; i++) {
        struct feel_entry *entry = arena_array(run->arena, 2, struct feel_entry);
        entry[0] = (struct feel_entry){feel_text("key"), feel_string(context.entries[i].name)};
        entry[1] = (struct feel_entry){feel_text("value"), context.entries[i].value};
        feel__items_add(&items, feel_context(entry, 2));
    }
    return feel__items_list(&items);
}

/* [{key: "a", value: 1}] → {a: 1}; no key twice. */
struct feel_value feel__context_from(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    struct feel_entry *entries = arena_array(run->arena, list.count, struct feel_entry);
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].kind != FEEL_CONTEXT || !feel__has_room(run, 0))
            return feel__bad_value(run, list.items[i]);
        const struct feel_value *key = feel_context_find(list.items[i].context, feel_text("key"));
        const struct feel_value *value =
            feel_context_find(list.items[i].context, feel_text("value"));
        if (key == NULL || key->kind != FEEL_STRING || value == NULL ||
            feel_context_find((struct feel_context){entries, i}, key->text) != NULL)
            return feel__bad_value(run, list.items[i]);
        entries[i] = (struct feel_entry){key->text, *value};
    }
    return feel_context(entries, list.count);
}

/* The context with that entry in place of the one of its name, or behind the others. */
static struct feel_value put(struct feel_run *run, struct feel_context context,
                             struct feel_text name, struct feel_value value)
{
    size_t bytes = (context.count + 1) * sizeof(struct feel_entry);
    if (!feel__has_room(run, bytes))
        return feel_null();
    struct feel_entry *entries = arena_alloc(run->arena, bytes);
    size_t at = context.count;
    for (size_t i = 0; i < context.count; i++) {
        entries[i] = context.entries[i];
        if (feel_text_equal(name, entries[i].name))
            at = i;
    }
    entries[at] = (struct feel_entry){name, value};
    return feel_context(entries, at == context.count ? at + 1 : context.count);
}

struct feel_value feel__context_put(struct feel_run *run, const struct feel_value *values)
{
    return put(run, values[0].context, values[1].text, values[2]);
}

/* The keys lead to the entry; all but the last have to be there. */
static struct feel_value put_nested(struct feel_run *run, struct feel_value value,
                                    struct feel_list keys, struct feel_value entry)
{
    if (keys.count == 0)
        return entry;
    if (value.kind != FEEL_CONTEXT || keys.items[0].kind != FEEL_STRING || !feel_enter(run))
        return feel__bad_value(run, value);
    struct feel_text name = keys.items[0].text;
    struct feel_value ret = feel_null(), inner = entry;
    if (keys.count > 1) {
        const struct feel_value *below = feel_context_find(value.context, name);
        struct feel_list rest = {keys.items + 1, keys.count - 1};
        inner = below == NULL ? feel__bad_value(run, keys.items[0])
                              : put_nested(run, *below, rest, entry);
    }
    if (keys.count == 1 || inner.kind == FEEL_CONTEXT)
        ret = put(run, value.context, name, inner);
    feel_leave(run);
    return ret;
}

struct feel_value feel__context_put_nested(struct feel_run *run, const struct feel_value *values)
{
    if (values[1].list.count == 0)
        return feel__bad_value(run, values[1]);
    return put_nested(run, values[0], values[1].list, values[2]);
}

struct feel_value feel__context_merge(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    struct feel_value merged = feel_context(NULL, 0);
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].kind != FEEL_CONTEXT)
            return feel__bad_value(run, list.items[i]);
        struct feel_context context = list.items[i].context;
        for (size_t j = 0; j < context.count && merged.kind == FEEL_CONTEXT; j++)
            merged = put(run, merged.context, context.entries[j].name, context.entries[j].value);
    }
    return merged;
}
