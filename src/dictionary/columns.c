/*
 * Which column holds which field. Titles in real files carry stars, brackets, line breaks, spaces
 * between the characters and a second language after a slash; all of that is dropped before they
 * are compared.
 */
#include <string.h>

#include "dictionary/dictionary.h"
#include "web/web.h"

enum { BRACKETS = 4 };

static size_t bracket_at(const char *text, const char *const set[BRACKETS])
{
    for (int i = 0; i < BRACKETS; i++)
        if (text_starts(text, set[i]))
            return strlen(set[i]);
    return 0;
}

static size_t mark_at(const char *text)
{
    static const char *const marks[] = {"*", "★",  "☆", "：", ":", "、", "，",
                                        ",", "。", ".", "-",  "_", "'",  "\""};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (text_starts(text, marks[i]))
            return strlen(marks[i]);
    return 0;
}

/* A title's core: no spaces, marks or brackets with what they hold; ASCII letters in lower case;
 * nothing after a slash. */
static const char *core_of(struct ctx *ctx, const char *title)
{
    static const char *const opening[BRACKETS] = {"(", "（", "[", "【"};
    static const char *const closing[BRACKETS] = {")", "）", "]", "】"};
    const char *at = text_compact(ctx->arena, title);
    char *core = arena_alloc(ctx->arena, strlen(at) + 1);
    size_t length = 0;
    int depth = 0;
    while (*at != '\0' && *at != '/') {
        size_t open = bracket_at(at, opening), close = bracket_at(at, closing), mark = mark_at(at);
        depth += (open > 0) - (close > 0 && depth > 0);
        size_t skip = open > 0 ? open : close > 0 ? close : mark;
        if (skip == 0 && depth == 0)
            core[length++] = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
        at += skip > 0 ? skip : 1;
    }
    return core;
}

static bool names_field(struct ctx *ctx, const struct field *field, const char *core)
{
    for (const char *const *title = field->titles; *title != NULL; title++)
        if (strcmp(core_of(ctx, *title), core) == 0)
            return true;
    struct ctx other = *ctx;
    for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
        other.language = (enum language)language;
        if (strcmp(core_of(ctx, words(&other, field->key)), core) == 0)
            return true;
    }
    return strcmp(field->name, core) == 0;
}

static const struct field *field_of_title(struct ctx *ctx, const struct entity *entity,
                                          const char *title)
{
    if (text_empty(title))
        return NULL;
    const char *core = core_of(ctx, title);
    for (size_t i = 0; *core != '\0' && i < entity->field_count; i++)
        if (names_field(ctx, &entity->fields[i], core))
            return &entity->fields[i];
    return NULL;
}

size_t header_score(struct ctx *ctx, const struct entity *entity, const char *const *titles,
                    size_t count)
{
    size_t score = 0;
    for (size_t i = 0; i < count; i++)
        score += field_of_title(ctx, entity, titles[i]) != NULL;
    return score;
}

struct header_match header_match(struct ctx *ctx, const struct entity *entity,
                                 const char *const *titles, size_t count)
{
    struct header_match match = {
        .column_count = count,
        .columns = arena_array(ctx->arena, count, struct column_match),
        .missing = arena_array(ctx->arena, entity->field_count, const struct field *)};
    for (size_t i = 0; i < count; i++) {
        match.columns[i].field = field_of_title(ctx, entity, titles[i]);
        for (size_t k = 0; k < i && match.columns[i].field != NULL; k++)
            if (match.columns[k].field == match.columns[i].field)
                match.twice = match.columns[i].field;
    }
    for (size_t i = 0; i < entity->field_count; i++) {
        bool is_there = !entity->fields[i].is_required;
        for (size_t k = 0; k < count && !is_there; k++)
            is_there = match.columns[k].field == &entity->fields[i];
        if (!is_there)
            match.missing[match.required_missing++] = &entity->fields[i];
    }
    return match;
}
