/*
 * Money in fen (1/100 yuan), signed 64 bits. Arithmetic lives here and nowhere else: an overflow is
 * reported, never wrapped, and every rounding is named at the call.
 */
#ifndef DIANJI_BASE_MONEY_H
#define DIANJI_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct fen {
    int64_t v;
};

#define FEN_ZERO ((struct fen){0})

struct fen fen_of_yuan(int64_t yuan); /* asserts that it fits */
bool fen_add(struct fen a, struct fen b, struct fen *ret) __attribute__((warn_unused_result));
bool fen_subtract(struct fen a, struct fen b, struct fen *ret) __attribute__((warn_unused_result));
bool fen_times(struct fen a, int64_t times, struct fen *ret) __attribute__((warn_unused_result));
/* a × permille / 1000, the rest of a fen dropped towards zero. */
bool fen_permille_down(struct fen a, int64_t permille, struct fen *ret)
    __attribute__((warn_unused_result));
int fen_compare(struct fen a, struct fen b); /* <0, 0, >0 */

/* "1234.50": plain digits for files, JSON and form fields. */
const char *fen_plain(struct arena *arena, struct fen amount);
/* "1,234.50": for people. */
const char *fen_grouped(struct arena *arena, struct fen amount);
/* Accepts "1234", "1234.5", "1,234.50", "¥1234.50", full-width digits already narrowed by the
 * caller. */
bool fen_parse(const char *text, struct fen *ret) __attribute__((warn_unused_result));

#endif
