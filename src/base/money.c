/* Decimal arithmetic on fen; the only file that looks inside struct fen without saying why. */
#include "base/money.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"

enum { FEN_PER_YUAN = 100, PERMILLE = 1000 };

struct fen fen_of_yuan(int64_t yuan)
{
    struct fen amount;
    bool fits = !__builtin_mul_overflow(yuan, (int64_t)FEN_PER_YUAN, &amount.v);
    assert(fits);
    return amount;
}

bool fen_add(struct fen a, struct fen b, struct fen *ret)
{
    return !__builtin_add_overflow(a.v, b.v, &ret->v);
}

bool fen_subtract(struct fen a, struct fen b, struct fen *ret)
{
    return !__builtin_sub_overflow(a.v, b.v, &ret->v);
}

bool fen_times(struct fen a, int64_t times, struct fen *ret)
{
    return !__builtin_mul_overflow(a.v, times, &ret->v);
}

bool fen_permille_down(struct fen a, int64_t permille, struct fen *ret)
{
    __int128 product = (__int128)a.v * permille / PERMILLE;
    if (product > INT64_MAX || product < INT64_MIN)
        return false;
    ret->v = (int64_t)product;
    return true;
}

int fen_compare(struct fen a, struct fen b)
{
    return (a.v > b.v) - (a.v < b.v);
}

const char *fen_plain(struct arena *arena, struct fen amount)
{
    uint64_t size = amount.v < 0 ? 0 - (uint64_t)amount.v : (uint64_t)amount.v;
    return arena_printf(arena, "%s%" PRIu64 ".%02" PRIu64, amount.v < 0 ? "-" : "",
                        size / FEN_PER_YUAN, size % FEN_PER_YUAN);
}

const char *fen_grouped(struct arena *arena, struct fen amount)
{
    const char *plain = fen_plain(arena, amount);
    size_t sign = plain[0] == '-';
    size_t digits = (size_t)(strchr(plain, '.') - plain) - sign;
    char *grouped = arena_alloc(arena, strlen(plain) + digits / 3 + 1);
    size_t out = 0;
    for (size_t i = 0; plain[i] != '\0'; i++) {
        bool in_yuan = i > sign && i < sign + digits;
        if (in_yuan && (sign + digits - i) % 3 == 0)
            grouped[out++] = ',';
        grouped[out++] = plain[i];
    }
    return grouped;
}

/* Reads "123" or "1,234" from *at; false on overflow, on no digit, or on a misplaced comma. */
static bool parse_yuan(const char **at, int64_t *ret)
{
    int64_t yuan = 0;
    int since_comma = -1;
    const char *start = *at;
    for (; **at != '\0' && **at != '.'; (*at)++) {
        if (**at == ',') {
            if (*at == start || (since_comma != -1 && since_comma != 3))
                return false;
            since_comma = 0;
            continue;
        }
        if (**at < '0' || **at > '9')
            return false;
        if (__builtin_mul_overflow(yuan, (int64_t)10, &yuan) ||
            __builtin_add_overflow(yuan, (int64_t)(**at - '0'), &yuan))
            return false;
        if (since_comma >= 0)
            since_comma++;
    }
    *ret = yuan;
    return *at != start && (since_comma == -1 || since_comma == 3);
}

bool fen_parse(const char *text, struct fen *ret)
{
    static const char yen_sign[] = "¥";
    bool negative = *text == '-';
    text += negative;
    if (strncmp(text, yen_sign, sizeof yen_sign - 1) == 0)
        text += sizeof yen_sign - 1;
    int64_t yuan;
    if (!parse_yuan(&text, &yuan))
        return false;
    int64_t fraction = 0;
    if (*text == '.') {
        size_t places = strspn(text + 1, "0123456789");
        if (places < 1 || places > 2 || text[1 + places] != '\0')
            return false;
        fraction = (text[1] - '0') * 10 + (places == 2 ? text[2] - '0' : 0);
    }
    struct fen amount;
    if (__builtin_mul_overflow(yuan, (int64_t)FEN_PER_YUAN, &amount.v) ||
        __builtin_add_overflow(amount.v, fraction, &amount.v))
        return false;
    ret->v = negative ? -amount.v : amount.v;
    return true;
}
