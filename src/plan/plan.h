/*
 * The plan's items and how far they are: targets from the pack, actual numbers from the ledger's
 * counters, each number opening to the places, the people and the clause behind it (意见 一.3,
 * 三.4). Nothing is counted here twice: a headline is the sum of its metrics, everything else a
 * count of facts.
 */
#ifndef DIANJI_PLAN_PLAN_H
#define DIANJI_PLAN_PLAN_H

#include "base/ctx.h"
#include "base/text.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "web/web.h"

/* Remembers which folder the pack came from, so that every command on this database finds it; NULL
 * where none is known. */
void plan_remember_pack(struct ctx *ctx, const struct pack *pack, const char *folder);
const char *plan_pack_folder(struct ctx *ctx);

/* What the ledger has to count for this pack; lives in the arena. */
struct ledger_metrics *plan_metrics(const struct pack *pack, struct arena *arena);
/* What a metric has reached in a region's subtree ("" for all), baseline included. */
int64_t plan_actual(struct ctx *ctx, const struct pack_metric *metric, const char *region_prefix);
/* The document of `dianji plan --json`. */
void plan_json(struct ctx *ctx, struct buffer *out);

/* One line of the public window's headline: filled for the first page. */
struct plan_headline {
    const struct pack_metric *metric;
    int64_t actual;
    int64_t target; /* of the last year; INT64_MIN: none */
};
struct plan_headline_list {
    size_t count;
    struct plan_headline *items;
};
struct plan_headline_list plan_headlines(struct ctx *ctx);

/* How far a target is reached, in per cent: 0.04, 3.7, 62, 130. Rounded down, so that 100 stands
 * there only when it is reached, and with decimals where it is small, so that 0 is nobody. */
struct plan_share {
    const char *text;
    const char *bar; /* the same, at most 100 */
};
struct plan_share plan_share(struct ctx *ctx, int64_t actual, int64_t target);

extern const struct route plan_routes[];

#endif
