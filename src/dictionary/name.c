/*
 * Names of people, in the one form that is stored and compared. What real files hold: spaces that
 * align 张 三 with 欧阳明, a dozen kinds of middle dot, Kangxi radicals (PDF files write ⽅ for
 * 方), compatibility ideographs of old code pages, variation selectors behind a character (they
 * choose a glyph, not another character), code points of GBK's private zone for rare characters,
 * and things that people type to get past a form.
 */
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include "base/text.h"
#include "dictionary/dictionary_room.h"
#include "dictionary/numbers.h"

enum { MIDDLE_DOT = 0xb7, PRIVATE_FIRST = 0xe815 };

/* What U+E815 to U+E864 stood for before Unicode had the characters (GB 18030-2022, annex on the
 * code points FE50–FEA0 of the older editions). */
static const uint32_t PRIVATE_MEANING[] = {
    0x2e81, 0x20087, 0x20089, 0x200cc, 0x2e84,  0x3473, 0x3447, 0x2e88, 0x2e8b,  0x9fb4,
    0x359e, 0x361a,  0x360e,  0x2e8c,  0x2e97,  0x396e, 0x3918, 0x9fb5, 0x39cf,  0x39df,
    0x3a73, 0x39d0,  0x9fb6,  0x9fb7,  0x3b4e,  0x3c6e, 0x3ce0, 0x2ea7, 0x215d7, 0x9fb8,
    0x2eaa, 0x4056,  0x415f,  0x2eae,  0x4337,  0x2eb3, 0x2eb6, 0x2eb7, 0x2298f, 0x43b1,
    0x43ac, 0x2ebb,  0x43dd,  0x44d6,  0x4661,  0x464c, 0x9fb9, 0x4723, 0x4729,  0x477c,
    0x478d, 0x2eca,  0x4947,  0x497a,  0x497d,  0x4982, 0x4983, 0x4985, 0x4986,  0x499f,
    0x499b, 0x49b7,  0x49b6,  0x9fba,  0x241fe, 0x4ca3, 0x4c9f, 0x4ca0, 0x4ca1,  0x4c77,
    0x4ca2, 0x4d13,  0x4d14,  0x4d15,  0x4d16,  0x4d17, 0x4d18, 0x4d19, 0x4dae,  0x9fbb};

/* A name's code points, as they are meant. */
struct points {
    size_t count;
    uint32_t *at;
};

static bool is_middle_dot(uint32_t point)
{
    static const uint32_t dots[] = {MIDDLE_DOT, 0x0387, 0x16eb, 0x2022, 0x2024, 0x2027, 0x2219,
                                    0x22c5,     0x2e31, 0x30fb, 0x318d, 0xa78f, 0xfe52, 0xff65};
    for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++)
        if (point == dots[i])
            return true;
    return false;
}

/* Ideographs in use; the planes 2 and 3 whole, so that next year's characters are names too. */
static bool is_han(uint32_t point)
{
    return (point >= 0x3400 && point <= 0x4dbf) || (point >= 0x4e00 && point <= 0x9fff) ||
           (point >= 0xf900 && point <= 0xfaff) || (point >= 0x20000 && point <= 0x3fffd) ||
           point == 0x3007;
}

static bool is_latin(uint32_t point)
{
    return (point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z') ||
           (point >= 0xc0 && point <= 0x24f && point != 0xd7 && point != 0xf7);
}

static bool is_private_use(uint32_t point)
{
    return (point >= 0xe000 && point <= 0xf8ff) || point >= 0xf0000 || point == 0xfffd;
}

static bool is_digit(uint32_t point)
{
    return u_charType((UChar32)point) == U_DECIMAL_DIGIT_NUMBER;
}

/* Choosers of a glyph: U+FE00–FE0F, and those of the ideographic variation database. */
static bool is_variation_selector(uint32_t point)
{
    return (point >= 0xfe00 && point <= 0xfe0f) || (point >= 0xe0100 && point <= 0xe01ef);
}

/* The Kangxi radicals, the two of the supplement that have a character of their own, and the
 * ideographs that stand twice in Unicode for the sake of older sets. */
static bool is_double(uint32_t point)
{
    return (point >= 0x2f00 && point <= 0x2fd5) || point == 0x2e9f || point == 0x2ef3 ||
           (point >= 0xf900 && point <= 0xfaff) || (point >= 0x2f800 && point <= 0x2fa1f);
}

static uint32_t unified(uint32_t twin)
{
    UChar units[4];
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *compatibility = unorm2_getNFKCInstance(&error);
    int32_t length = unorm2_getDecomposition(compatibility, (UChar32)twin, units, 4, &error);
    UChar32 point = (UChar32)twin;
    if (U_SUCCESS(error) && length > 0)
        U16_GET(units, 0, 0, length, point);
    return (uint32_t)point;
}

static uint32_t meaning_of(uint32_t point)
{
    if (point - PRIVATE_FIRST < sizeof PRIVATE_MEANING / sizeof PRIVATE_MEANING[0])
        return PRIVATE_MEANING[point - PRIVATE_FIRST];
    if (is_middle_dot(point))
        return MIDDLE_DOT;
    return is_double(point) ? unified(point) : point;
}

static struct points read_points(struct arena *arena, const char *text)
{
    struct points points = {.at = arena_array(arena, text_characters(text) + 1, uint32_t)};
    while (*text != '\0') {
        uint32_t point = meaning_of(text_next(&text));
        if (!is_variation_selector(point))
            points.at[points.count++] = (uint32_t)u_toupper((UChar32)point);
    }
    return points;
}

void name__add_point(struct buffer *out, uint32_t point)
{
    char bytes[U8_MAX_LENGTH];
    int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, (UChar32)point);
    buffer_add_n(out, bytes, (size_t)length);
}

static bool is_placeholder(const char *name)
{
    static const char *const parts[] = {"测试", "某", "姓名", "学员"};
    static const char *const whole[] = {
        "无",      "暂无", "没有", "未知", "不详", "不明",   "未填", "待定", "待填", "略",  "空",
        "同上",    "合计", "小计", "总计", "TEST", "TESTER", "NULL", "NONE", "NIL",  "N/A", "NA",
        "UNKNOWN", "NAME", "ABC",  "-",    "--",   "/",      ".",    "?",    "？"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strstr(name, parts[i]) != NULL)
            return true;
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (strcmp(name, whole[i]) == 0)
            return true;
    size_t same = strspn(name, (char[]){*name, '\0'});
    return same >= 2 && *name >= 'A' && *name <= 'Z' && name[same] == '\0'; /* AA, BBB */
}

/* What a character is in a name; Latin names may hold apostrophes, dashes and dots. */
static enum name_check check_point(uint32_t point, bool is_latin_name)
{
    if (is_han(point) || is_latin(point) || point == MIDDLE_DOT || point == ' ')
        return NAME_OK;
    if (point == '*')
        return NAME_MASKED;
    if (is_digit(point))
        return NAME_DIGIT;
    if (is_private_use(point))
        return NAME_PRIVATE_USE;
    bool is_mark = point == '\'' || point == '-' || point == '.' || point == ',';
    return is_mark && is_latin_name ? NAME_OK : NAME_CHARACTER;
}

static enum name_check check_points(const struct points *points, bool is_latin_name,
                                    uint32_t *ret_character)
{
    for (size_t i = 0; i < points->count; i++) {
        enum name_check check = check_point(points->at[i], is_latin_name);
        bool is_loose_dot = points->at[i] == MIDDLE_DOT &&
                            (i == 0 || i + 1 == points->count || points->at[i - 1] == MIDDLE_DOT);
        *ret_character = points->at[i];
        if (check != NAME_OK || is_loose_dot)
            return check == NAME_OK ? NAME_CHARACTER : check;
        if (!is_latin_name && is_latin(points->at[i]))
            return NAME_MIXED;
    }
    return NAME_OK;
}

/* A full stop between Chinese characters is the middle dot of a keyboard that has none. */
static void mend_dots(struct points *points)
{
    for (size_t i = 1; i + 1 < points->count; i++)
        if (points->at[i] == '.' && is_han(points->at[i - 1]) && is_han(points->at[i + 1]))
            points->at[i] = MIDDLE_DOT;
}

/* Drops the spaces that a name has not: all of a Chinese one's, and of a Latin one's those at its
 * ends, beside another or beside a dot. A comma there parts names as a space does. */
static void mend_spaces(struct points *points, bool is_latin_name)
{
    size_t count = 0;
    for (size_t i = 0; i < points->count; i++) {
        uint32_t point = points->at[i];
        uint32_t before = count == 0 ? ' ' : points->at[count - 1];
        if (is_latin_name && point == ',')
            point = ' ';
        if (point == ' ' && (!is_latin_name || before == ' ' || before == MIDDLE_DOT))
            continue;
        if (point == MIDDLE_DOT && before == ' ' && count > 0)
            count--;
        points->at[count++] = point;
    }
    while (count > 0 && points->at[count - 1] == ' ')
        count--;
    points->count = count;
}

static const char *text_of(struct arena *arena, const struct points *points)
{
    struct buffer out = buffer_new(arena, points->count * U8_MAX_LENGTH);
    for (size_t i = 0; i < points->count; i++)
        name__add_point(&out, points->at[i]);
    return out.bytes;
}

enum name_check name_read(struct arena *arena, const char *text, const char **ret,
                          uint32_t *ret_character)
{
    struct points points = read_points(arena, text);
    bool is_latin_name = true, has_letter = false;
    *ret_character = 0;
    if (is_placeholder(text_compact(arena, text_of(arena, &points))))
        return NAME_PLACEHOLDER;
    for (size_t i = 0; i < points.count; i++) {
        is_latin_name = is_latin_name && !is_han(points.at[i]);
        has_letter = has_letter || is_han(points.at[i]) || is_latin(points.at[i]);
    }
    mend_spaces(&points, is_latin_name);
    mend_dots(&points);
    enum name_check check = check_points(&points, is_latin_name, ret_character);
    if (check != NAME_OK)
        return check;
    *ret = text_of(arena, &points);
    if (is_placeholder(text_compact(arena, *ret)))
        return NAME_PLACEHOLDER;
    return has_letter ? NAME_OK : NAME_CHARACTER;
}

const char *name_check_code(enum name_check check)
{
    switch (check) {
    case NAME_OK:
        return NULL;
    case NAME_PLACEHOLDER:
        return "name-placeholder";
    case NAME_MASKED:
        return "masked";
    case NAME_DIGIT:
        return "name-digit";
    case NAME_PRIVATE_USE:
        return "name-private-use";
    case NAME_MIXED:
        return "name-mixed";
    case NAME_CHARACTER:
        return "name-character";
    }
    return NULL;
}
