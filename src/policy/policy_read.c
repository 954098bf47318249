/*
 * Reading a tree by tables of keys: every mapping of the pack is described by a const table, so
 * that an unknown key, a missing one and a wrong value are found here and nowhere else.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy_loader.h"

enum { CODE_LENGTH_MAX = 40 };

bool policy__text(struct policy_loader *loader, const struct policy_node *node, const char **ret)
{
    if (node->kind != NODE_TEXT) {
        policy__fault(loader, node->place, "pack.not_text", NULL);
        return false;
    }
    if (node->text[0] == '\0') {
        policy__fault(loader, node->place, "pack.empty", NULL);
        return false;
    }
    *ret = node->text;
    return true;
}

bool policy__code(struct policy_loader *loader, const struct policy_node *node, const char **ret)
{
    const char *text;
    if (!policy__text(loader, node, &text))
        return false;
    bool fits = strlen(text) <= CODE_LENGTH_MAX && isalnum((unsigned char)text[0]);
    for (const char *at = text; *at != '\0' && fits; at++)
        fits = isalnum((unsigned char)*at) || *at == '-' || *at == '_' || *at == '.';
    if (!fits) {
        policy__fault(loader, node->place, "pack.not_a_code", "value", text, NULL);
        return false;
    }
    *ret = text;
    return true;
}

bool policy__integer(struct policy_loader *loader, const struct policy_node *node, int64_t least,
                     int64_t most, int64_t *ret)
{
    const char *text;
    int64_t value;
    if (!policy__text(loader, node, &text))
        return false;
    if (!text_integer(text, &value)) {
        policy__fault(loader, node->place, "pack.not_a_number", "value", text, NULL);
        return false;
    }
    if (value < least || value > most) {
        policy__fault(loader, node->place, "pack.out_of_range", "value", text, "least",
                      arena_printf(loader->arena, "%lld", (long long)least), "most",
                      arena_printf(loader->arena, "%lld", (long long)most), NULL);
        return false;
    }
    *ret = value;
    return true;
}

static void read_words(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    static const struct policy_key keys[] = {
        {.name = "zh", .shape = SHAPE_TEXT, .offset = offsetof(struct pack_text, zh)},
        {.name = "en", .shape = SHAPE_TEXT, .offset = offsetof(struct pack_text, en)},
        {.name = NULL}};
    policy__map(loader, node, keys, field);
}

static void read_day(struct policy_loader *loader, const struct policy_node *node,
                     struct day *field)
{
    const char *text;
    if (policy__text(loader, node, &text) && !day_parse(text, field))
        policy__fault(loader, node->place, "pack.not_a_day", "value", text, NULL);
}

static void read_yuan(struct policy_loader *loader, const struct policy_node *node,
                      struct fen *field)
{
    const char *text;
    if (!policy__text(loader, node, &text))
        return;
    if (!fen_parse(text, field) || fen_compare(*field, FEN_ZERO) < 0)
        policy__fault(loader, node->place, "pack.not_an_amount", "value", text, NULL);
}

static void read_bool(struct policy_loader *loader, const struct policy_node *node, bool *field)
{
    const char *text;
    if (!policy__text(loader, node, &text))
        return;
    *field = strcmp(text, "true") == 0;
    if (!*field && strcmp(text, "false") != 0)
        policy__fault(loader, node->place, "pack.not_a_bool", "value", text, NULL);
}

static void read_enum(struct policy_loader *loader, const struct policy_node *node,
                      policy_parse *parse, void *field)
{
    const char *text;
    if (policy__text(loader, node, &text) && !parse(text, field))
        policy__fault(loader, node->place, "pack.not_in_list", "value", text, NULL);
}

static void read_value(struct policy_loader *loader, const struct policy_key *key,
                       const struct policy_node *node, void *field)
{
    switch (key->shape) {
    case SHAPE_SKIP:
        break;
    case SHAPE_TEXT:
        policy__text(loader, node, field);
        break;
    case SHAPE_CODE:
        policy__code(loader, node, field);
        break;
    case SHAPE_WORDS:
        read_words(loader, node, field);
        break;
    case SHAPE_INTEGER:
        policy__integer(loader, node, key->least, key->most, field);
        break;
    case SHAPE_DAY:
        read_day(loader, node, field);
        break;
    case SHAPE_YUAN:
        read_yuan(loader, node, field);
        break;
    case SHAPE_BOOL:
        read_bool(loader, node, field);
        break;
    case SHAPE_ENUM:
        read_enum(loader, node, key->parse, field);
        break;
    case SHAPE_CUSTOM:
        key->read(loader, node, field);
        break;
    }
}

static const struct policy_key *key_named(const struct policy_key *keys, const char *name)
{
    for (; keys->name != NULL; keys++) {
        if (strcmp(keys->name, name) == 0)
            return keys;
    }
    return NULL;
}

bool policy__map(struct policy_loader *loader, const struct policy_node *node,
                 const struct policy_key *keys, void *target)
{
    size_t faults_before = loader->faults->count;
    if (node->kind != NODE_MAP) {
        policy__fault(loader, node->place, "pack.not_a_map", NULL);
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct policy_entry *entry = &node->entries[i];
        const struct policy_key *key = key_named(keys, entry->key);
        if (key == NULL)
            policy__fault(loader, entry->key_place, "pack.unknown_key", "key", entry->key, NULL);
        else
            read_value(loader, key, entry->value, (char *)target + key->offset);
    }
    for (const struct policy_key *key = keys; key->name != NULL; key++) {
        if (!key->is_optional && policy__get(node, key->name) == NULL)
            policy__fault(loader, node->place, "pack.missing_key", "key", key->name, NULL);
    }
    return loader->faults->count == faults_before && !loader->faults->has_more;
}

bool policy__is_list(struct policy_loader *loader, const struct policy_node *node)
{
    if (node->kind == NODE_LIST)
        return true;
    policy__fault(loader, node->place, "pack.not_a_list", NULL);
    return false;
}

/* --- arrays by key */

static const char *key_of(const void *thing)
{
    return *(const char *const *)thing;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(key_of(a), key_of(b));
}

void policy__sort(void *items, size_t count, size_t size)
{
    if (count > 1)
        qsort(items, count, size, compare_keys);
}

struct keyed {
    const char *key;
    size_t index;
};

static int compare_keyed(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

void policy__unique(struct policy_loader *loader, const void *items, size_t count, size_t size,
                    const struct policy_place *places)
{
    struct keyed *keyed = arena_array(loader->arena, count, struct keyed);
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        const char *key = key_of((const char *)items + i * size);
        if (key != NULL)
            keyed[known++] = (struct keyed){key, i};
    }
    if (known > 1)
        qsort(keyed, known, sizeof *keyed, compare_keyed);
    for (size_t i = 1; i < known; i++) {
        if (strcmp(keyed[i - 1].key, keyed[i].key) == 0)
            policy__fault(loader, places[keyed[i].index], "pack.duplicate", "value", keyed[i].key,
                          NULL);
    }
}

const void *policy__find(const void *items, size_t count, size_t size, const char *key)
{
    if (key == NULL || count == 0)
        return NULL;
    return bsearch(&key, items, count, size, compare_keys);
}

void *policy__things(struct policy_loader *loader, const struct policy_things *args,
                     size_t *ret_count)
{
    const struct policy_node *node = args->node;
    *ret_count = 0;
    if (node == NULL || !policy__is_list(loader, node))
        return NULL;
    char *items = arena_array_bytes(loader->arena, node->count, args->size);
    struct policy_place *places = arena_array(loader->arena, node->count, struct policy_place);
    size_t count = 0;
    for (size_t i = 0; i < node->count; i++) {
        char *thing = items + count * args->size;
        args->read_one(loader, node->entries[i].value, thing);
        places[count] = node->entries[i].value->place;
        /* One without a key cannot be referred to or sorted; its fault is recorded. */
        if (key_of(thing) != NULL)
            count++;
        else
            memset(thing, 0, args->size);
    }
    policy__unique(loader, items, count, args->size, places);
    if (args->is_sorted)
        policy__sort(items, count, args->size);
    *ret_count = count;
    return items;
}

/* --- references */

/* Clauses and sources keep the file's order; there are few. */
void policy__read_clause(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    const char *id;
    if (!policy__text(loader, node, &id))
        return;
    const struct pack_clause *clause = pack_clause(loader->pack, id);
    if (clause == NULL)
        policy__fault(loader, node->place, "pack.unknown_clause", "value", id, NULL);
    *(const struct pack_clause **)field = clause;
}

void policy__read_source(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    const char *id;
    if (!policy__text(loader, node, &id))
        return;
    const struct pack_source_list *sources = &loader->pack->sources;
    const struct pack_source *source =
        policy__find(sources->items, sources->count, sizeof *sources->items, id);
    if (source == NULL)
        policy__fault(loader, node->place, "pack.unknown_source", "value", id, NULL);
    *(const struct pack_source **)field = source;
}

void policy__read_tag(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    const char *code;
    if (!policy__text(loader, node, &code))
        return;
    const struct pack_tag *tag = pack_tag(loader->pack, code);
    if (tag == NULL)
        policy__fault(loader, node->place, "pack.unknown_tag", "value", code, NULL);
    *(const struct pack_tag **)field = tag;
}

void policy__read_levels(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    uint32_t *levels = field;
    if (!policy__is_list(loader, node))
        return;
    for (size_t i = 0; i < node->count; i++) {
        const struct policy_node *value = node->entries[i].value;
        const char *code;
        if (!policy__text(loader, value, &code))
            continue;
        const struct pack_level *level = pack_level(loader->pack, code);
        if (level == NULL)
            policy__fault(loader, value->place, "pack.unknown_level", "value", code, NULL);
        else
            *levels |= UINT32_C(1) << level->rank;
    }
    if (node->count == 0)
        policy__fault(loader, node->place, "pack.empty", NULL);
}

const struct pack_occupation *policy__occupation(struct policy_loader *loader,
                                                 const struct policy_node *node)
{
    const char *code;
    if (!policy__text(loader, node, &code))
        return NULL;
    const struct pack_occupation *occupation = pack_occupation(loader->pack, code);
    if (occupation == NULL)
        policy__fault(loader, node->place, "pack.unknown_occupation", "value", code, NULL);
    return occupation;
}

void policy__basis(struct policy_loader *loader, const struct policy_node *node,
                   const struct pack_basis *basis)
{
    if (node->kind != NODE_MAP)
        return;
    bool has_clause = policy__get(node, "clause") != NULL;
    bool has_source = policy__get(node, "source") != NULL;
    if (!has_clause && !has_source)
        policy__fault(loader, node->place, "pack.no_basis", NULL);
    else if (has_source && basis->decision.zh == NULL)
        policy__fault(loader, node->place, "pack.no_decision", NULL);
}

void policy__period(struct policy_loader *loader, const struct policy_node *node, struct day from,
                    struct day to)
{
    if (!day_is_none(from) && !day_is_none(to) && day_compare(from, to) > 0)
        policy__fault(loader, node->place, "pack.period", "from", day_text(loader->arena, from),
                      "to", day_text(loader->arena, to), NULL);
}
