/*
 * YAML as a tree. libyaml's events are enough: a pack is plain mappings, lists and scalars, so that
 * aliases, tags, merge keys and further documents are refused rather than half understood. Every
 * scalar is text; what it must be, the tables of keys say.
 */
#include <stdarg.h>
#include <string.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy_loader.h"

enum { DEPTH_MAX = 16, MAP_KEYS_MAX = 256, VALUE_CHARACTERS_MAX = 60 };

/* --- faults */

static const char *shortened(struct policy_loader *loader, const char *value)
{
    const char *at = value;
    for (int i = 0; *at != '\0' && i < VALUE_CHARACTERS_MAX; i++)
        text_next(&at);
    if (*at == '\0')
        return arena_text(loader->arena, value);
    return arena_printf(loader->arena, "%.*s…", (int)(at - value), value);
}

void policy__fault(struct policy_loader *loader, struct policy_place place, const char *key, ...)
{
    struct pack_faults *faults = loader->faults;
    if (faults->count == PACK_FAULTS_MAX) {
        faults->has_more = true;
        return;
    }
    struct pack_fault *fault = &faults->items[faults->count++];
    *fault = (struct pack_fault){
        .file = loader->file, .line = place.line, .column = place.column, .message = {.key = key}};
    va_list pairs;
    va_start(pairs, key);
    for (int i = 0; i < MESSAGE_ARGUMENTS_MAX; i++) {
        const char *name = va_arg(pairs, const char *);
        if (name == NULL)
            break;
        fault->message.arguments[i].name = name;
        fault->message.arguments[i].value = shortened(loader, va_arg(pairs, const char *));
    }
    va_end(pairs);
}

bool policy__is_sound(const struct policy_loader *loader)
{
    return loader->faults->count == 0;
}

/* --- building the tree */

/* One event, with what is needed of it already copied. */
struct piece {
    yaml_event_type_t type;
    struct policy_place place;
    bool is_fancy; /* has an anchor or a tag */
    bool is_valid; /* a scalar's text is UTF-8 without NUL */
    const char *text;
};

struct builder {
    struct policy_loader *loader;
    yaml_parser_t parser;
    yaml_event_t event; /* libyaml's memory while has_event */
    bool has_event;
    int depth;
};

static void builder_done(void *thing)
{
    struct builder *builder = thing;
    if (builder->has_event)
        yaml_event_delete(&builder->event);
    yaml_parser_delete(&builder->parser);
}

static struct policy_place place_of(yaml_mark_t mark)
{
    return (struct policy_place){.line = (int)mark.line + 1, .column = (int)mark.column + 1};
}

static bool is_fancy(const yaml_event_t *event)
{
    switch ((int)event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.tag != NULL || event->data.scalar.anchor != NULL;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.tag != NULL || event->data.sequence_start.anchor != NULL;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.tag != NULL || event->data.mapping_start.anchor != NULL;
    case YAML_ALIAS_EVENT:
        return true;
    default: /* libyaml's enum, not ours */
        return false;
    }
}

/* False, with a fault, where the text is no YAML. */
static bool next_piece(struct builder *builder, struct piece *ret)
{
    yaml_event_t *event = &builder->event;
    if (!yaml_parser_parse(&builder->parser, event)) {
        const char *problem = builder->parser.problem;
        policy__fault(builder->loader, place_of(builder->parser.problem_mark), "pack.yaml",
                      "problem", problem != NULL ? problem : "", NULL);
        return false;
    }
    builder->has_event = true;
    *ret = (struct piece){.type = event->type,
                          .place = place_of(event->start_mark),
                          .is_fancy = is_fancy(event),
                          .is_valid = true};
    if (event->type == YAML_SCALAR_EVENT) {
        const char *text = (const char *)event->data.scalar.value;
        ret->is_valid = text_valid(text, event->data.scalar.length);
        ret->text = arena_text_n(builder->loader->arena, text, event->data.scalar.length);
    }
    builder->has_event = false;
    yaml_event_delete(event);
    return true;
}

static const struct policy_node *refuse(struct builder *builder, struct policy_place place,
                                        const char *key)
{
    policy__fault(builder->loader, place, key, NULL);
    return NULL;
}

static const struct policy_node *build(struct builder *builder, const struct piece *first);

static void add_entry(struct builder *builder, struct policy_node *node, size_t *capacity,
                      struct policy_entry entry)
{
    struct policy_entry *entries = (struct policy_entry *)node->entries;
    if (node->count == *capacity) {
        size_t more = *capacity == 0 ? 8 : *capacity * 2;
        entries = arena_grow(builder->loader->arena, entries, *capacity * sizeof entry,
                             more * sizeof entry);
        *capacity = more;
    }
    entries[node->count++] = entry;
    node->entries = entries;
}

static const struct policy_node *build_list(struct builder *builder, struct policy_node *node)
{
    size_t capacity = 0;
    struct piece piece;
    while (next_piece(builder, &piece)) {
        if (piece.type == YAML_SEQUENCE_END_EVENT)
            return node;
        const struct policy_node *value = build(builder, &piece);
        if (value == NULL)
            return NULL;
        add_entry(builder, node, &capacity,
                  (struct policy_entry){.value = value, .key_place = piece.place});
    }
    return NULL;
}

static const struct policy_node *build_map(struct builder *builder, struct policy_node *node)
{
    size_t capacity = 0;
    struct piece key, first;
    while (next_piece(builder, &key)) {
        if (key.type == YAML_MAPPING_END_EVENT)
            return node;
        if (key.type != YAML_SCALAR_EVENT || key.is_fancy || !key.is_valid)
            return refuse(builder, key.place, "pack.yaml_feature");
        if (node->count == MAP_KEYS_MAX)
            return refuse(builder, key.place, "pack.too_many");
        const struct policy_node *value =
            next_piece(builder, &first) ? build(builder, &first) : NULL;
        if (value == NULL)
            return NULL;
        if (policy__get(node, key.text) != NULL) {
            policy__fault(builder->loader, key.place, "pack.duplicate_key", "key", key.text, NULL);
            continue;
        }
        add_entry(builder, node, &capacity,
                  (struct policy_entry){.key = key.text, .key_place = key.place, .value = value});
    }
    return NULL;
}

static const struct policy_node *build(struct builder *builder, const struct piece *first)
{
    if (first->is_fancy)
        return refuse(builder, first->place, "pack.yaml_feature");
    if (!first->is_valid)
        return refuse(builder, first->place, "pack.not_utf8");
    if (builder->depth == DEPTH_MAX)
        return refuse(builder, first->place, "pack.too_deep");
    struct policy_node *node = arena_one(builder->loader->arena, struct policy_node);
    node->place = first->place;
    if (first->type == YAML_SCALAR_EVENT) {
        node->kind = NODE_TEXT;
        node->text = first->text;
        return node;
    }
    node->kind = first->type == YAML_SEQUENCE_START_EVENT ? NODE_LIST : NODE_MAP;
    builder->depth++;
    const struct policy_node *built =
        node->kind == NODE_LIST ? build_list(builder, node) : build_map(builder, node);
    builder->depth--;
    return built;
}

/* Exactly one document. */
static const struct policy_node *build_document(struct builder *builder)
{
    struct piece piece;
    do {
        if (!next_piece(builder, &piece))
            return NULL;
        if (piece.type == YAML_STREAM_END_EVENT)
            return refuse(builder, piece.place, "pack.empty_file");
    } while (piece.type != YAML_DOCUMENT_START_EVENT);
    const struct policy_node *root = next_piece(builder, &piece) ? build(builder, &piece) : NULL;
    while (root != NULL && piece.type != YAML_STREAM_END_EVENT) {
        if (!next_piece(builder, &piece))
            return NULL;
        if (piece.type == YAML_DOCUMENT_START_EVENT)
            return refuse(builder, piece.place, "pack.yaml_feature");
    }
    return root;
}

static const struct policy_node *refuse_root(struct policy_loader *loader,
                                             const struct policy_node *root)
{
    policy__fault(loader, root->place, "pack.not_a_map", NULL);
    return NULL;
}

const struct policy_node *policy__yaml(struct policy_loader *loader, struct bytes bytes)
{
    struct builder *builder = arena_one(loader->arena, struct builder);
    builder->loader = loader;
    if (!yaml_parser_initialize(&builder->parser))
        fault_raise(loader->arena, FAULT_MEMORY);
    arena_defer(loader->arena, builder_done, builder);
    yaml_parser_set_encoding(&builder->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&builder->parser, bytes.data, bytes.length);
    const struct policy_node *root = build_document(builder);
    arena_close(loader->arena, builder);
    if (root != NULL && root->kind != NODE_MAP)
        return refuse_root(loader, root);
    return root;
}

const struct policy_node *policy__get(const struct policy_node *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->entries[i].key, key) == 0)
            return map->entries[i].value;
    }
    return NULL;
}
