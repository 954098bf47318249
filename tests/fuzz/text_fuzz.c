/*
 * What people type: text, days and money from arbitrary bytes. Cleaning leaves valid text and has
 * nothing left to do the second time; what is read as a day or an amount reads the same after it
 * was written.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/money.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_cleaning(struct arena *arena, const char *text)
{
    const char *clean = text_clean(arena, text);
    assert(text_valid(clean, strlen(clean)));
    assert(text_equal(text_clean(arena, clean), clean));
    const char *compact = text_compact(arena, text);
    assert(text_equal(text_compact(arena, clean), compact));
    assert(text_characters(compact) <= text_characters(clean));
}

static void check_day(struct arena *arena, const char *text)
{
    struct day day, again;
    if (!day_parse_office(text, &day))
        return;
    bool is_read = day_parse(day_text(arena, day), &again);
    assert(is_read && day_compare(day, again) == 0);
}

static void check_money(struct arena *arena, const char *text)
{
    struct fen amount, again;
    if (!fen_parse(text, &amount))
        return;
    bool is_read = fen_parse(fen_plain(arena, amount), &again);
    assert(is_read && fen_compare(amount, again) == 0);
    is_read = fen_parse(fen_grouped(arena, amount), &again);
    assert(is_read && fen_compare(amount, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (!text_valid((const char *)bytes, length))
        return 0;
    struct arena *arena = arena_new((size_t)16 << 20);
    const char *text = arena_text_n(arena, (const char *)bytes, length);
    check_cleaning(arena, text);
    check_day(arena, text_compact(arena, text));
    check_money(arena, text_compact(arena, text));
    arena_free(arena);
    return 0;
}
