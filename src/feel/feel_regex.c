/* From the regular expressions of XPath to those of PCRE2. */
#include "feel/feel_regex.h"

#include <string.h>

struct translation {
    const char *at;
    const char *end;
    const struct feel__flags *flags;
    struct buffer *out;
    int groups; /* opened so far */
};

enum { UNICODE_LAST = 0x10ffff };

bool feel__regex_flags(struct feel_text text, struct feel__flags *ret)
{
    *ret = (struct feel__flags){0};
    for (size_t i = 0; i < text.length; i++) {
        switch (text.bytes[i]) {
        case 'i':
            ret->ignores_case = true;
            break;
        case 'm':
            ret->has_many_lines = true;
            break;
        case 's':
            ret->dot_takes_newline = true;
            break;
        case 'x':
            ret->drops_space = true;
            break;
        case 'q':
            ret->is_plain = true;
            break;
        default:
            return false;
        }
    }
    return true;
}

static char peek(const struct translation *t)
{
    return t->at < t->end ? *t->at : '\0';
}

static bool take(struct translation *t, char c)
{
    if (t->at == t->end || *t->at != c)
        return false;
    t->at++;
    return true;
}

static void add_range(struct translation *t, uint32_t first, uint32_t last)
{
    if (first <= last)
        buffer_printf(t->out, "\\x{%x}-\\x{%x}", first, last);
}

/* --- \p{…} --- */

/* Blocks of Unicode by the names of XML Schema: the ones that people write, and where they lie. */
static const struct {
    const char *name;
    uint32_t first, last;
} blocks[] = {
    {"BasicLatin", 0x0, 0x7f},
    {"Latin-1Supplement", 0x80, 0xff},
    {"LatinExtended-A", 0x100, 0x17f},
    {"LatinExtended-B", 0x180, 0x24f},
    {"IPAExtensions", 0x250, 0x2af},
    {"SpacingModifierLetters", 0x2b0, 0x2ff},
    {"CombiningDiacriticalMarks", 0x300, 0x36f},
    {"Greek", 0x370, 0x3ff},
    {"GreekandCoptic", 0x370, 0x3ff},
    {"Cyrillic", 0x400, 0x4ff},
    {"Armenian", 0x530, 0x58f},
    {"Hebrew", 0x590, 0x5ff},
    {"Arabic", 0x600, 0x6ff},
    {"Devanagari", 0x900, 0x97f},
    {"Thai", 0xe00, 0xe7f},
    {"Lao", 0xe80, 0xeff},
    {"Tibetan", 0xf00, 0xfff},
    {"Myanmar", 0x1000, 0x109f},
    {"HangulJamo", 0x1100, 0x11ff},
    {"Mongolian", 0x1800, 0x18af},
    {"LatinExtendedAdditional", 0x1e00, 0x1eff},
    {"GreekExtended", 0x1f00, 0x1fff},
    {"GeneralPunctuation", 0x2000, 0x206f},
    {"SuperscriptsandSubscripts", 0x2070, 0x209f},
    {"CurrencySymbols", 0x20a0, 0x20cf},
    {"LetterlikeSymbols", 0x2100, 0x214f},
    {"NumberForms", 0x2150, 0x218f},
    {"Arrows", 0x2190, 0x21ff},
    {"MathematicalOperators", 0x2200, 0x22ff},
    {"EnclosedAlphanumerics", 0x2460, 0x24ff},
    {"BoxDrawing", 0x2500, 0x257f},
    {"GeometricShapes", 0x25a0, 0x25ff},
    {"CJKRadicalsSupplement", 0x2e80, 0x2eff},
    {"KangxiRadicals", 0x2f00, 0x2fdf},
    {"CJKSymbolsandPunctuation", 0x3000, 0x303f},
    {"Hiragana", 0x3040, 0x309f},
    {"Katakana", 0x30a0, 0x30ff},
    {"Bopomofo", 0x3100, 0x312f},
    {"HangulCompatibilityJamo", 0x3130, 0x318f},
    {"EnclosedCJKLettersandMonths", 0x3200, 0x32ff},
    {"CJKCompatibility", 0x3300, 0x33ff},
    {"CJKUnifiedIdeographsExtensionA", 0x3400, 0x4dbf},
    {"CJKUnifiedIdeographs", 0x4e00, 0x9fff},
    {"YiSyllables", 0xa000, 0xa48f},
    {"YiRadicals", 0xa490, 0xa4cf},
    {"NewTaiLue", 0x1980, 0x19df},
    {"HangulSyllables", 0xac00, 0xd7af},
    {"PrivateUse", 0xe000, 0xf8ff},
    {"CJKCompatibilityIdeographs", 0xf900, 0xfaff},
    {"CJKCompatibilityForms", 0xfe30, 0xfe4f},
    {"HalfwidthandFullwidthForms", 0xff00, 0xffef},
    {"CJKUnifiedIdeographsExtensionB", 0x20000, 0x2a6df},
};

static bool add_block(struct translation *t, struct feel_text name, bool is_negated)
{
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        if (!feel_text_equal(feel_text(blocks[i].name), name))
            continue;
        if (!is_negated) {
            add_range(t, blocks[i].first, blocks[i].last);
            return true;
        }
        if (blocks[i].first > 0)
            add_range(t, 0, blocks[i].first - 1);
        add_range(t, blocks[i].last + 1, UNICODE_LAST);
        return true;
    }
    return false;
}

/* "L", "Lu" … */
static bool is_category(struct feel_text name)
{
    static const char *const seconds[] = {"Lultmo", "Mnce",  "Ndlo", "Pcdseifo",
                                          "Zslp",   "Smcko", "Ccfon"};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        if (name.length > 0 && name.bytes[0] == seconds[i][0])
            return name.length == 1 || (name.length == 2 && name.bytes[1] != '\0' &&
                                        strchr(seconds[i] + 1, name.bytes[1]) != NULL);
    return false;
}

/* Behind \p or \P. As what stands in a class, without its brackets. */
static bool add_property(struct translation *t, bool is_negated)
{
    if (!take(t, '{'))
        return false;
    const char *close = memchr(t->at, '}', (size_t)(t->end - t->at));
    if (close == NULL)
        return false;
    struct feel_text name = {t->at, (size_t)(close - t->at)};
    t->at = close + 1;
    if (name.length > 2 && memcmp(name.bytes, "Is", 2) == 0)
        return add_block(t, (struct feel_text){name.bytes + 2, name.length - 2}, is_negated);
    if (!is_category(name))
        return false;
    buffer_printf(t->out, "\\%c{%.*s}", is_negated ? 'P' : 'p', (int)name.length, name.bytes);
    return true;
}

/* --- escapes --- */

/* What a class escape takes, as what stands in a class, without its brackets; NULL where it has no
 * such form. */
static const char *class_of_escape(char c)
{
    switch (c) {
    case 'd':
        return "\\p{Nd}";
    case 'D':
        return "\\P{Nd}";
    case 's':
        return " \\t\\n\\r";
    case 'S':
        return "\\x{0}-\\x{8}\\x{b}\\x{c}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}";
    case 'w':
        return "\\p{L}\\p{M}\\p{N}\\p{S}";
    case 'W':
        return "\\p{P}\\p{Z}\\p{C}";
    case 'i':
        return "\\p{L}_:";
    case 'c':
        return "\\p{L}\\p{M}\\p{N}_:.\\-";
    default:
        return NULL;
    }
}

static bool is_single_escape(char c)
{
    return c != '\0' && strchr("nrt\\|.-^?*+{}()[]$", c) != NULL;
}

/* Behind the backslash, for what may stand in a class and out of it. */
static bool add_escape(struct translation *t)
{
    char c = peek(t);
    if (c == '\0')
        return false;
    t->at++;
    if (c == 'p' || c == 'P')
        return add_property(t, c == 'P');
    const char *class = class_of_escape(c);
    if (class != NULL) {
        buffer_add(t->out, class);
        return true;
    }
    if (!is_single_escape(c))
        return false;
    buffer_add_char(t->out, '\\');
    buffer_add_char(t->out, c);
    return true;
}

/* \3: to a group that is already there; as many digits as make one. */
static bool add_back_reference(struct translation *t)
{
    int group = 0;
    while (peek(t) >= '0' && peek(t) <= '9') {
        int longer = group * 10 + (peek(t) - '0');
        if (longer > t->groups || longer == 0)
            break;
        group = longer;
        t->at++;
    }
    if (group == 0)
        return false;
    buffer_printf(t->out, "\\g{%d}", group);
    return true;
}

/* --- [classes] --- */

/* One character as PCRE2 takes it in a class, whatever it means elsewhere. */
static void add_point(struct translation *t, uint32_t point)
{
    buffer_printf(t->out, "\\x{%x}", point);
}

/* A character, or a single escape, that may begin or end a range. */
static bool take_point(struct translation *t, uint32_t *ret)
{
    if (t->at == t->end || *t->at == '[')
        return false;
    if (!take(t, '\\')) {
        *ret = text_next(&t->at);
        return true;
    }
    char c = peek(t);
    if (!is_single_escape(c))
        return false;
    t->at++;
    *ret = c == 'n' ? '\n' : (c == 'r' ? '\r' : (c == 't' ? '\t' : (uint32_t)c));
    return true;
}

static bool add_class_item(struct translation *t)
{
    uint32_t first, last;
    bool is_class = t->end - t->at >= 2 && t->at[0] == '\\' && !is_single_escape(t->at[1]);
    if (is_class) {
        t->at++;
        return add_escape(t);
    }
    if (!take_point(t, &first))
        return false;
    bool is_range = t->end - t->at >= 2 && t->at[0] == '-' && t->at[1] != ']' && t->at[1] != '[';
    if (!is_range) {
        add_point(t, first);
        return true;
    }
    t->at++;
    if (!take_point(t, &last) || last < first)
        return false;
    add_range(t, first, last);
    return true;
}

/* From behind its "[". "[a-z-[aeiou]]" becomes "(?:(?![aeiou])[a-z])". */
static bool add_class(struct translation *t, int depth)
{
    enum { DEPTH_MOST = 16 };
    struct buffer *outer = t->out;
    struct buffer body = buffer_new(outer->arena, 32), excluded = buffer_new(outer->arena, 32);
    bool is_right = depth < DEPTH_MOST, has_items = false;
    t->out = &body;
    buffer_add(&body, take(t, '^') ? "[^" : "[");
    while (is_right && t->at < t->end && *t->at != ']') {
        bool is_exclusion = has_items && t->end - t->at >= 2 && t->at[0] == '-' && t->at[1] == '[';
        if (is_exclusion) {
            t->at += 2;
            t->out = &excluded;
            is_right = add_class(t, depth + 1);
            t->out = &body;
            break;
        }
        is_right = add_class_item(t);
        has_items = true;
    }
    buffer_add_char(&body, ']');
    t->out = outer;
    if (!is_right || !has_items || !take(t, ']'))
        return false;
    if (excluded.length > 0)
        buffer_printf(outer, "(?:(?!%s)%s)", excluded.bytes, body.bytes);
    else
        buffer_add(outer, body.bytes);
    return true;
}

/* --- the rest --- */

/* {2}, {2,}, {2,5}; the bracket has been taken. */
static bool add_count(struct translation *t)
{
    const char *start = t->at;
    size_t digits = strspn(t->at, "0123456789");
    t->at += digits;
    if (digits == 0)
        return false;
    if (take(t, ','))
        t->at += strspn(t->at, "0123456789");
    if (!take(t, '}'))
        return false;
    buffer_add_char(t->out, '{');
    buffer_add_n(t->out, start, (size_t)(t->at - start));
    return true;
}

/* A quantifier, perhaps a reluctant one; PCRE2's possessive ones are none of XPath's. */
static bool add_quantifier(struct translation *t, char c)
{
    if (c == '{') {
        if (!add_count(t))
            return false;
    } else {
        buffer_add_char(t->out, c);
    }
    if (take(t, '?'))
        buffer_add_char(t->out, '?');
    char next = peek(t);
    return next == '\0' || strchr("*+?{", next) == NULL;
}

static bool add_group(struct translation *t)
{
    buffer_add_char(t->out, '(');
    if (!take(t, '?')) {
        t->groups++;
        return true;
    }
    buffer_add(t->out, "?:");
    return take(t, ':');
}

static bool add_outside_class(struct translation *t)
{
    if (peek(t) >= '0' && peek(t) <= '9')
        return add_back_reference(t);
    bool is_set = class_of_escape(peek(t)) != NULL || peek(t) == 'p' || peek(t) == 'P';
    if (peek(t) == 'I' || peek(t) == 'C') {
        buffer_printf(t->out, "[^%s]", class_of_escape(peek(t) == 'I' ? 'i' : 'c'));
        t->at++;
        return true;
    }
    if (is_set)
        buffer_add_char(t->out, '[');
    if (!add_escape(t))
        return false;
    if (is_set)
        buffer_add_char(t->out, ']');
    return true;
}

static bool add_next(struct translation *t)
{
    char c = *t->at;
    if ((unsigned char)c >= 0x80) {
        add_point(t, text_next(&t->at));
        return true;
    }
    t->at++;
    switch (c) {
    case '\\':
        return add_outside_class(t);
    case '[':
        return add_class(t, 0);
    case '(':
        return add_group(t);
    case '*':
    case '+':
    case '?':
    case '{':
        return add_quantifier(t, c);
    case '}':
    case ']':
        return false;
    case '.':
        buffer_add(t->out, t->flags->dot_takes_newline ? "." : "[^\\n\\r]");
        return true;
    default:
        buffer_add_char(t->out, c);
        return true;
    }
}

/* Flag x: without white space, but for that in classes. */
static struct feel_text without_space(struct arena *arena, struct feel_text pattern)
{
    struct buffer plain = buffer_new(arena, pattern.length);
    int depth = 0;
    bool is_escaped = false;
    for (size_t i = 0; i < pattern.length; i++) {
        char c = pattern.bytes[i];
        bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (is_space && depth == 0)
            continue;
        if (!is_escaped)
            depth += (c == '[') - (c == ']' && depth > 0);
        is_escaped = c == '\\' && !is_escaped;
        buffer_add_char(&plain, c);
    }
    return (struct feel_text){plain.bytes, plain.length};
}

bool feel__regex_translate(struct feel_text pattern, const struct feel__flags *flags,
                           struct buffer *ret)
{
    if (flags->is_plain) {
        buffer_add_n(ret, pattern.bytes, pattern.length);
        return true;
    }
    if (flags->drops_space)
        pattern = without_space(ret->arena, pattern);
    else /* a copy that ends in NUL */
        pattern.bytes = arena_text_n(ret->arena, pattern.bytes, pattern.length);
    struct translation translation = {
        .at = pattern.bytes, .end = pattern.bytes + pattern.length, .flags = flags, .out = ret};
    while (translation.at < translation.end)
        if (!add_next(&translation))
            return false;
    return true;
}
