/*
 * Which column holds which field. Titles in real files carry stars, brackets, running numbers, line
 * breaks, spaces between the characters and a second language after a slash. A title is therefore
 * compared by its core, and where that finds nothing, by its parts.
 */
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "web/web.h"

enum { BRACKETS = 7, PARTS_MAX = 8, PREFIXES = 13, TITLE_BYTES = 200 };

static const char *const OPENING[BRACKETS] = {"(", "（", "[", "【", "{", "《", "〔"};
static const char *const CLOSING[BRACKETS] = {")", "）", "]", "】", "}", "》", "〕"};
/* Whose 姓名 it is goes without saying in a list of trainees; 联系人, 教师 and 开户 do say
 * something. */
static const char *const PREFIXES_OVERLOOKED[PREFIXES] = {
    "参训学员", "参训人员", "培训学员", "培训人员", "学员", "学生", "人员",
    "劳动者",   "申请人",   "申报人",   "考生",     "本人", "个人"};

static size_t one_of(const char *text, const char *const *set, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_starts(text, set[i]))
            return strlen(set[i]);
    return 0;
}

/* Marks that say nothing about what is in the column; brackets too, once they have been read. */
static size_t mark_at(const char *text)
{
    static const char *const marks[] = {"*",  "★",  "☆", "※", "●", "▲", ":",  "：", "、", "，",
                                        ",",  "。", ".", "-", "_", "'", "\"", "“",  "”",  "#",
                                        "＊", "?",  "!", "◆", "√", "·", ";",  "；"};
    size_t mark = one_of(text, marks, sizeof marks / sizeof marks[0]);
    if (mark == 0)
        mark = one_of(text, OPENING, BRACKETS);
    return mark > 0 ? mark : one_of(text, CLOSING, BRACKETS);
}

/* Title text without spaces and marks, ASCII letters in lower case, 号码 as 号. */
static const char *plain_title(struct ctx *ctx, const char *text, size_t length)
{
    const char *at = text_compact(ctx->arena, arena_text_n(ctx->arena, text, length));
    char *plain = arena_alloc(ctx->arena, strlen(at) + 1);
    size_t out = 0;
    while (*at != '\0') {
        size_t mark = mark_at(at);
        if (mark > 0) {
            at += mark;
        } else if (text_starts(at, "号码")) {
            memcpy(plain + out, at, strlen("号"));
            out += strlen("号");
            at += strlen("号码");
        } else {
            plain[out++] = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
            at++;
        }
    }
    plain[out] = '\0';
    /* 1.姓名, 02 姓名 */
    size_t number = strspn(plain, DIGITS);
    return number <= 2 && plain[number] != '\0' ? plain + number : plain;
}

/* A title taken apart: all of it without its brackets; what slashes and line breaks set off; and
 * what the brackets hold. */
struct title {
    const char *core;
    size_t part_count, bracket_count;
    const char *parts[PARTS_MAX], *brackets[PARTS_MAX];
};

static size_t break_at(const char *text)
{
    static const char *const breaks[] = {"/", "／", "\n", "\r", "|", "｜"};
    return one_of(text, breaks, sizeof breaks / sizeof breaks[0]);
}

/* Bytes up to and with the bracket that closes, or 0 where the text has none. */
static size_t bracket_length(const char *text)
{
    size_t open = one_of(text, OPENING, BRACKETS);
    for (const char *at = text + open; open > 0 && *at != '\0'; at++) {
        size_t close = one_of(at, CLOSING, BRACKETS);
        if (close > 0)
            return (size_t)(at - text) + close;
    }
    return 0;
}

static void add_part(struct ctx *ctx, const char *text, size_t length, size_t *count,
                     const char *parts[PARTS_MAX])
{
    const char *plain = plain_title(ctx, text, length);
    if (*plain != '\0' && *count < PARTS_MAX)
        parts[(*count)++] = plain;
}

static struct title title_of(struct ctx *ctx, const char *text)
{
    struct title title = {0};
    struct buffer core = buffer_new(ctx->arena, strlen(text));
    size_t start = 0;
    while (*text != '\0') {
        size_t bracket = bracket_length(text), broken = break_at(text);
        if (bracket > 0)
            add_part(ctx, text, bracket, &title.bracket_count, title.brackets);
        else if (broken > 0)
            add_part(ctx, core.bytes + start, core.length - start, &title.part_count, title.parts);
        else
            buffer_add_n(&core, text, 1);
        if (broken > 0)
            start = core.length;
        text += bracket > 0 ? bracket : broken > 0 ? broken : 1;
    }
    add_part(ctx, core.bytes + start, core.length - start, &title.part_count, title.parts);
    title.core = plain_title(ctx, core.bytes, core.length);
    return title;
}

/* --- what the fields are called --- */

struct known_title {
    const char *core;
    const struct field *field;
};

struct known_titles {
    size_t count;
    struct known_title *items;
};

static void add_known(struct ctx *ctx, struct known_titles *known, const struct field *field,
                      const char *text)
{
    struct title title = title_of(ctx, text);
    if (*title.core != '\0')
        known->items[known->count++] = (struct known_title){title.core, field};
}

/* A field's accepted titles, its words in both languages, and its name in the .dict. */
static struct known_titles known_titles(struct ctx *ctx, const struct entity *entity)
{
    struct ctx zh = *ctx, en = *ctx;
    zh.language = LANGUAGE_ZH;
    en.language = LANGUAGE_EN;
    size_t most = 0;
    for (size_t i = 0; i < entity->field_count; i++) {
        most += 3;
        for (const char *const *title = entity->fields[i].titles; *title != NULL; title++)
            most++;
    }
    struct known_titles known = {.items = arena_array(ctx->arena, most, struct known_title)};
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        for (const char *const *title = field->titles; *title != NULL; title++)
            add_known(ctx, &known, field, *title);
        add_known(ctx, &known, field, words(&zh, field->key));
        add_known(ctx, &known, field, words(&en, field->key));
        add_known(ctx, &known, field, field->name);
    }
    return known;
}

static const struct field *find(const struct known_titles *known, const char *core)
{
    for (size_t i = 0; i < known->count; i++)
        if (strcmp(known->items[i].core, core) == 0)
            return known->items[i].field;
    return NULL;
}

/* --- matching --- */

/* How surely a title names its field, least first. */
enum certainty { NAMES_NONE, NAMES_BY_PREFIX, NAMES_BY_BRACKET, NAMES_BY_PART, NAMES_EXACTLY };

struct named {
    const struct field *field;
    enum certainty certainty;
};

/* The one field that the parts name; parts that name different fields name none. */
static const struct field *find_parts(const struct known_titles *known, const char *const *parts,
                                      size_t count)
{
    const struct field *found = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct field *field = find(known, parts[i]);
        if (field != NULL && found != NULL && field != found)
            return NULL;
        found = field != NULL ? field : found;
    }
    return found;
}

static const struct field *find_after_prefix(const struct known_titles *known, const char *core)
{
    size_t prefix = one_of(core, PREFIXES_OVERLOOKED, PREFIXES);
    return prefix > 0 && core[prefix] != '\0' ? find(known, core + prefix) : NULL;
}

static struct named name_of(struct ctx *ctx, const struct known_titles *known, const char *text)
{
    if (text_empty(text) || strlen(text) > TITLE_BYTES)
        return (struct named){0};
    struct title title = title_of(ctx, text);
    const struct field *field = find(known, title.core);
    if (field != NULL)
        return (struct named){field, NAMES_EXACTLY};
    if ((field = find_parts(known, title.parts, title.part_count)) != NULL)
        return (struct named){field, NAMES_BY_PART};
    if ((field = find_parts(known, title.brackets, title.bracket_count)) != NULL)
        return (struct named){field, NAMES_BY_BRACKET};
    for (size_t i = 0; field == NULL && i < title.part_count; i++)
        field = find_after_prefix(known, title.parts[i]);
    if (field == NULL)
        field = find_after_prefix(known, title.core);
    return (struct named){field, field == NULL ? NAMES_NONE : NAMES_BY_PREFIX};
}

size_t header_score(struct ctx *ctx, const struct entity *entity, const char *const *titles,
                    size_t count)
{
    size_t score = 0;
    struct arena_mark mark = arena_mark(ctx->arena);
    struct known_titles known = known_titles(ctx, entity);
    for (size_t i = 0; i < count; i++)
        score += name_of(ctx, &known, titles[i]).field != NULL;
    arena_release(ctx->arena, mark);
    return score;
}

/* Gives each field the column that names it most surely. */
static void claim(const struct entity *entity, const struct named *named,
                  struct header_match *match)
{
    for (size_t f = 0; f < entity->field_count; f++) {
        const struct field *field = &entity->fields[f];
        enum certainty best = NAMES_NONE;
        for (size_t i = 0; i < match->column_count; i++)
            if (named[i].field == field && named[i].certainty > best)
                best = named[i].certainty;
        size_t claims = 0;
        for (size_t i = 0; i < match->column_count; i++)
            if (named[i].field == field && named[i].certainty == best) {
                match->columns[i].field = field;
                claims++;
            }
        if (claims > 1)
            match->twice = field;
        if (claims == 0 && field->is_required)
            match->missing[match->required_missing++] = field;
    }
}

struct header_match header_match(struct ctx *ctx, const struct entity *entity,
                                 const char *const *titles, size_t count)
{
    struct header_match match = {
        .column_count = count,
        .columns = arena_array(ctx->arena, count, struct column_match),
        .missing = arena_array(ctx->arena, entity->field_count, const struct field *)};
    struct named *named = arena_array(ctx->arena, count, struct named);
    struct known_titles known = known_titles(ctx, entity);
    for (size_t i = 0; i < count; i++)
        named[i] = name_of(ctx, &known, titles[i]);
    claim(entity, named, &match);
    return match;
}
