/* Tokens of FEEL, and names, whose end only their scope knows. */
#include <string.h>

#include "base/text.h"
#include "feel/feel_parse.h"

/* White space and vertical space of the grammar: Unicode's spaces. */
static bool is_space(uint32_t point)
{
    return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 || point == 0xa0 ||
           point == 0x1680 || point == 0x180e || (point >= 0x2000 && point <= 0x200b) ||
           point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f ||
           point == 0x3000 || point == 0xfeff;
}

static bool is_digit(uint32_t point)
{
    return point >= '0' && point <= '9';
}

static bool begins_word(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{'?', '?'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
                  {0xc0, 0xd6},     {0xd8, 0xf6},     {0xf8, 0x2ff},    {0x370, 0x37d},
                  {0x37f, 0x1fff},  {0x200c, 0x200d}, {0x2070, 0x218f}, {0x2c00, 0x2fef},
                  {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && point >= ranges[i].first; i++)
        if (point <= ranges[i].last)
            return !is_space(point);
    return false;
}

static bool continues_word(uint32_t point)
{
    return begins_word(point) || is_digit(point) || point == 0xb7 ||
           (point >= 0x300 && point <= 0x36f) || point == 0x203f || point == 0x2040;
}

/* Signs that a name may hold between its words (additional name symbols). */
static bool joins_words(uint32_t point)
{
    return point != 0 && point < 0x80 && strchr("./-'+*", (int)point) != NULL;
}

/* The point at `at`, 0 at the end. */
static uint32_t peek(const char *at, const char *end)
{
    return at < end ? text_next(&at) : 0;
}

static const char *next(const char *at, const char *end)
{
    if (at < end)
        text_next(&at);
    return at;
}

static bool begins_comment(const char *at, const char *end)
{
    return end - at >= 2 && at[0] == '/' && (at[1] == '/' || at[1] == '*');
}

static const char *behind_comment(struct feel__parser *parser, const char *at)
{
    if (at[1] == '/') {
        while (at < parser->end && *at != '\n' && *at != '\r')
            at++;
        return at;
    }
    const char *close = memmem(at + 2, (size_t)(parser->end - at) - 2, "*/", 2);
    if (close == NULL) {
        feel__fail(parser, FEEL_FAULT_UNCLOSED, (struct feel_text){at, 2});
        return parser->end;
    }
    return close + 2;
}

static const char *behind_space(struct feel__parser *parser, const char *at)
{
    for (;;) {
        if (begins_comment(at, parser->end))
            at = behind_comment(parser, at);
        else if (is_space(peek(at, parser->end)))
            at = next(at, parser->end);
        else
            return at;
    }
}

static const char *behind_digits(const char *at, const char *end)
{
    while (at < end && is_digit((unsigned char)*at))
        at++;
    return at;
}

/* "1", "1.5", ".5", "1e-3"; of "1..5" only the 1. */
static const char *behind_number(const char *at, const char *end)
{
    at = behind_digits(at, end);
    if (end - at >= 2 && at[0] == '.' && is_digit((unsigned char)at[1]))
        at = behind_digits(at + 1, end);
    if (at < end && (*at == 'e' || *at == 'E')) {
        const char *digits = at + 1;
        if (digits < end && (*digits == '+' || *digits == '-'))
            digits++;
        if (digits < end && is_digit((unsigned char)*digits))
            at = behind_digits(digits, end);
    }
    return at;
}

static const char *behind_string(struct feel__parser *parser, const char *at)
{
    for (const char *c = at + 1; c < parser->end; c++) {
        if (*c == '"')
            return c + 1;
        if (*c == '\\' && c + 1 < parser->end)
            c++;
    }
    feel__fail(parser, FEEL_FAULT_UNCLOSED, (struct feel_text){at, 1});
    return parser->end;
}

static const char *behind_word(const char *at, const char *end)
{
    while (continues_word(peek(at, end)))
        at = next(at, end);
    return at;
}

static const char *behind_sign(const char *at, const char *end)
{
    static const char *const pairs[] = {"..", "**", "!=", "<=", ">=", "->"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (end - at >= 2 && memcmp(at, pairs[i], 2) == 0)
            return at + 2;
    return next(at, end);
}

void feel__advance_from(struct feel__parser *parser, const char *at)
{
    at = behind_space(parser, at);
    if (parser->has_failed)
        at = parser->end;
    enum feel__token_kind kind = FEEL__TOKEN_SIGN;
    const char *behind = at;
    uint32_t point = peek(at, parser->end);
    if (at == parser->end) {
        kind = FEEL__TOKEN_END;
    } else if (is_digit(point) || (point == '.' && is_digit(peek(at + 1, parser->end)))) {
        kind = FEEL__TOKEN_NUMBER;
        behind = behind_number(at, parser->end);
    } else if (point == '"') {
        kind = FEEL__TOKEN_STRING;
        behind = behind_string(parser, at);
    } else if (begins_word(point)) {
        kind = FEEL__TOKEN_WORD;
        behind = behind_word(at, parser->end);
    } else {
        behind = behind_sign(at, parser->end);
    }
    if (parser->has_failed) { /* while it was read */
        kind = FEEL__TOKEN_END;
        at = behind = parser->end;
    }
    parser->token = (struct feel__token){kind, {at, (size_t)(behind - at)}};
    parser->at = behind;
}

void feel__advance(struct feel__parser *parser)
{
    feel__advance_from(parser, parser->at);
}

static bool is_token(const struct feel__parser *parser, enum feel__token_kind kind,
                     const char *text)
{
    return parser->token.kind == kind && feel_text_equal(parser->token.text, feel_text(text));
}

bool feel__at_sign(const struct feel__parser *parser, const char *sign)
{
    return is_token(parser, FEEL__TOKEN_SIGN, sign);
}

bool feel__at_word(const struct feel__parser *parser, const char *word)
{
    return is_token(parser, FEEL__TOKEN_WORD, word);
}

bool feel__take_sign(struct feel__parser *parser, const char *sign)
{
    if (!feel__at_sign(parser, sign))
        return false;
    feel__advance(parser);
    return true;
}

bool feel__take_word(struct feel__parser *parser, const char *word)
{
    if (!feel__at_word(parser, word))
        return false;
    feel__advance(parser);
    return true;
}

void feel__expect_sign(struct feel__parser *parser, const char *sign)
{
    if (!feel__take_sign(parser, sign))
        feel__fail(parser, FEEL_FAULT_SYNTAX, parser->token.text);
}

void feel__expect_word(struct feel__parser *parser, const char *word)
{
    if (!feel__take_word(parser, word))
        feel__fail(parser, FEEL_FAULT_SYNTAX, parser->token.text);
}

uint32_t feel__offset(const struct feel__parser *parser)
{
    return (uint32_t)(parser->token.text.bytes - parser->program->text.bytes);
}

/* The code point of `digits` hexadecimal digits; false where they are not there. */
static bool read_hexadecimal(const char *at, const char *end, int digits, uint32_t *ret)
{
    uint32_t point = 0;
    if (end - at < digits)
        return false;
    for (int i = 0; i < digits; i++) {
        char c = at[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
                                                : 16;
        if (digit == 16)
            return false;
        point = point << 4 | digit;
    }
    *ret = point;
    return true;
}

static void add_point(struct buffer *buffer, uint32_t point)
{
    char bytes[4];
    size_t length = 1;
    if (point < 0x80) {
        bytes[0] = (char)point;
    } else if (point < 0x800) {
        length = 2;
        bytes[0] = (char)(0xc0 | point >> 6);
    } else if (point < 0x10000) {
        length = 3;
        bytes[0] = (char)(0xe0 | point >> 12);
    } else {
        length = 4;
        bytes[0] = (char)(0xf0 | point >> 18);
    }
    for (size_t i = length - 1; i > 0; i--, point >>= 6)
        bytes[i] = (char)(0x80 | (point & 0x3f));
    buffer_add_n(buffer, bytes, length);
}

/* \uXXXX, a pair of them for what UTF-16 writes as a pair, or \UXXXXXX. Returns what follows it;
 * NULL where it is no character. */
static const char *add_escaped_point(struct buffer *buffer, const char *at, const char *end)
{
    int digits = *at == 'u' ? 4 : 6;
    uint32_t point, low;
    if (!read_hexadecimal(at + 1, end, digits, &point))
        return NULL;
    at += 1 + digits;
    bool is_high = point >= 0xd800 && point <= 0xdbff;
    if (is_high && end - at >= 2 && at[0] == '\\' && at[1] == 'u' &&
        read_hexadecimal(at + 2, end, 4, &low) && low >= 0xdc00 && low <= 0xdfff) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
    }
    if (point == 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        return NULL;
    add_point(buffer, point);
    return at;
}

struct feel_text feel__string_of(struct feel__parser *parser, struct feel_text token)
{
    const char *at = token.bytes + 1, *end = token.bytes + token.length - 1;
    if (memchr(at, '\\', (size_t)(end - at)) == NULL)
        return (struct feel_text){at, (size_t)(end - at)};
    static const char escapes[] = "n\nr\rt\t\"\"\'\'\\\\";
    struct buffer buffer = buffer_new(parser->arena, token.length);
    while (at < end) {
        if (*at != '\\') {
            buffer_add_char(&buffer, *at++);
            continue;
        }
        at++;
        if (*at == 'u' || *at == 'U') {
            at = add_escaped_point(&buffer, at, end);
            if (at == NULL) {
                feel__fail(parser, FEEL_FAULT_BAD_LITERAL, token);
                break;
            }
            continue;
        }
        const char *escape = escapes;
        while (*escape != '\0' && *escape != *at)
            escape += 2;
        if (*escape == '\0')
            buffer_add_char(&buffer, '\\'); /* of a regular expression: "\d" */
        buffer_add_char(&buffer, *escape == '\0' ? *at : escape[1]);
        at++;
    }
    return (struct feel_text){buffer.bytes, buffer.length};
}

struct feel_text feel__new_name(struct feel__parser *parser, bool stops_at_in)
{
    const char *at = parser->token.text.bytes;
    if (parser->token.kind != FEEL__TOKEN_WORD) {
        feel__fail(parser, FEEL_FAULT_SYNTAX, parser->token.text);
        return feel_text("");
    }
    struct buffer name = buffer_new(parser->arena, 32);
    const char *behind = at;
    bool was_word = false;
    for (;;) {
        const char *start = behind_space(parser, at);
        uint32_t point = peek(start, parser->end);
        const char *stop = next(start, parser->end);
        bool is_word = continues_word(point);
        if (is_word)
            stop = behind_word(start, parser->end);
        else if (!joins_words(point))
            break;
        size_t length = (size_t)(stop - start);
        if (stops_at_in && name.length > 0 && length == 2 && memcmp(start, "in", 2) == 0)
            break;
        if (is_word && was_word && start > at)
            buffer_add_char(&name, ' ');
        buffer_add_n(&name, start, length);
        was_word = is_word;
        at = behind = stop;
    }
    feel__advance_from(parser, behind);
    return (struct feel_text){name.bytes, name.length};
}

/* Spaces count only between two words; where, need not be the same in the name and in the text. */
size_t feel__name_match(const char *at, const char *end, struct feel_text name)
{
    const char *start = at, *name_at = name.bytes, *name_end = name.bytes + name.length;
    bool was_word = false;
    while (name_at < name_end) {
        const char *name_word = name_at, *word = at;
        while (is_space(peek(name_word, name_end)))
            name_word = next(name_word, name_end);
        while (at > start && is_space(peek(word, end)))
            word = next(word, end);
        if (name_word == name_end)
            break;
        uint32_t point = peek(name_word, name_end);
        bool is_word = continues_word(point);
        if (point != peek(word, end))
            return 0;
        if (was_word && is_word && (name_word > name_at) != (word > at))
            return 0;
        was_word = is_word;
        name_at = next(name_word, name_end);
        at = next(word, end);
    }
    return was_word && continues_word(peek(at, end)) ? 0 : (size_t)(at - start);
}
