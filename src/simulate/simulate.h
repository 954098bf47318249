/*
 * A province in small, made by the same functions that the pages use: institutions, offices,
 * workers, and classes that are opened, reviewed, attended, examined, claimed, published and paid,
 * day by day of 2025. The same seed gives the same province (but for the salts of passwords).
 */
#ifndef DIANJI_SIMULATE_SIMULATE_H
#define DIANJI_SIMULATE_SIMULATE_H

#include "base/ctx.h"
#include "base/text.h"

struct store;

struct simulation {
    int64_t people;  /* workers in the province; at least one class's worth is made */
    int64_t classes; /* the last ones are left at different stages, so that every desk has work */
    int64_t seed;
};

/* When the simulated province stands still: serve it with this clock. */
#define SIMULATE_ENDS "2025-10-15T09:00:00+08:00"
/* The password of all its accounts. */
#define SIMULATE_PASSWORD "dianji-2025"

/*
 * Fills an initialised database; ctx has the pack and the id source. False where the database
 * failed, or a rule refused what a sound province does: *ret_refusal is then its code.
 */
bool simulate_province(struct store *store, struct ctx *ctx, const struct simulation *simulation,
                       const char **ret_refusal);
/* Whether the database holds such a province, whose passwords everybody knows. */
bool simulate_is_demonstration(struct ctx *ctx);
/* The accounts that one can sign in with, a line each, for people. */
void simulate_describe(struct buffer *out);

#endif
