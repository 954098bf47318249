/* Made-up people: names, numbers and accounts that pass every check and belong to nobody. */
#ifndef DIANJI_SIMULATE_SIMULATE_PEOPLE_H
#define DIANJI_SIMULATE_SIMULATE_PEOPLE_H

#include "base/ctx.h"

/* splitmix64: small, well mixed, the same everywhere. */
struct dice {
    uint64_t state;
};
uint64_t simulate__roll(struct dice *dice, uint64_t sides);

struct made_person {
    const char *identity_no;
    const char *name;
    const char *phone;
    const char *bank_account;
};
/* The i-th person of the province: always the same for a seed, born 1985–2003 in `region`. */
struct made_person simulate__person(struct ctx *ctx, int64_t seed, int64_t i, const char *region);
/* The i-th organisation's credit code, with its check character. */
const char *simulate__credit_code(struct ctx *ctx, int64_t i);
const char *simulate__bank_account(struct ctx *ctx, int64_t i);

#endif
