/*
 * The ledger of real-name facts. Whatever counts (a completed training, a certificate, a payment)
 * is appended once as a fact, in the same transaction as the state that it reports; nothing is
 * edited, a mistake is reversed by another fact. A target's progress is a count of facts, a
 * person's electronic record 电子档案 (意见 二.18) the facts about one person.
 *
 * Counters (metric × county × month) are folded from the facts in the group's commit on SQLite,
 * right behind it on PostgreSQL; in both before anyone is answered. ledger_recount() counts again
 * from scratch, by another road, and must find them equal.
 */
#ifndef DIANJI_LEDGER_LEDGER_H
#define DIANJI_LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/money.h"
#include "ids.h"
#include "ledger_dict.h"
#include "ledger_rows.h"

struct store;

/* The kinds that the house appends; the pack declares what each carries and which metrics count it.
 */
#define FACT_TRAINING_COMPLETED "training.completed"
#define FACT_CERTIFICATE_ISSUED "certificate.issued"
#define FACT_SUBSIDY_PAID "subsidy.paid"

enum { FACT_TAGS_MAX = 3 };

/*
 * struct fact (its columns: ledger.sql, fact_by_id) reads as follows.
 *   id, recorded_at   set by ledger_append()
 *   person, organisation  0: about none
 *   region            county, 6 digits
 *   item              primary item of the plan; INT64_MIN: none
 *   programme, occupation  codes of the pack, or NULL
 *   tags              "|technical_college|retired_fisher|", or "|"
 *   held_on           when it happened, not when it was recorded
 *   quantity          1, or what a report says; negative in a reversal
 *   clause            "意见 二.1"
 *   subject_kind, subject_id  what it reports: "enrolment", "certificate", …
 *   recorded_by       0: the program itself
 *   reverses          0: it stands by itself
 *   detail            a JSON object; "{}" where there is nothing more
 */

/* Appends; id and recorded_at are set from the ctx, quantity 0 means 1, missing tags and detail
 * become "|" and "{}". */
fact_id ledger_append(struct ctx *ctx, const struct fact *fact);
/* Appends the opposite of a fact: same sizes with the other sign. */
enum fact_reverse ledger_reverse(struct ctx *ctx, fact_id id, account_id recorded_by,
                                 const char *reason, fact_id *ret)
    __attribute__((warn_unused_result));
bool ledger_fact(struct ctx *ctx, fact_id id, struct fact *ret);
/* Newest first. */
struct fact_list ledger_facts_of_person(struct ctx *ctx, person_id person, int64_t most);

/* --- what counts --- */

enum metric_counts {
    METRIC_QUANTITY,  /* person-times 人次: the sum of quantities */
    METRIC_PEOPLE,    /* people 人: each once, where and when their first standing fact is */
    METRIC_NEWCOMERS, /* people whose first such fact ever lies in the metric's period */
    METRIC_AMOUNT,    /* yuan: the sum of amounts */
};

/* Which facts a metric counts; every condition that is set must hold. Built from the pack by plan.
 */
struct ledger_metric {
    const char *id; /* "T01.training" */
    enum metric_counts counts;
    const char *kind;
    int64_t item;           /* INT64_MIN: any */
    const char *programme;  /* NULL: any */
    const char *occupation; /* NULL: any */
    enum skill_level level_least;
    const char *tags[FACT_TAGS_MAX]; /* all must be there; NULL: no further */
    struct day first, last;          /* the plan's period */
};
struct ledger_metrics {
    const struct ledger_metric *items;
    size_t count;
};

/* Whether the fact meets the metric's conditions; for newcomers, whatever its day. */
bool ledger_counts(const struct ledger_metric *metric, const struct fact *fact);
bool ledger_has_tag(const char *tags, const char *tag);

/* Makes the store fold after each write; `metrics` must outlive it. */
void ledger_start(struct store *store, const struct ledger_metrics *metrics);
/* Folds what is unfolded; also called at start, for what a crash left behind. */
bool ledger_fold(struct ctx *ctx, const struct ledger_metrics *metrics);

/* --- counters --- */

struct ledger_scope {
    const char *region_prefix;   /* "53", "5301", "530102"; "" for all */
    int first_month, last_month; /* 202101 … */
};
struct ledger_count ledger_count(struct ctx *ctx, const char *metric, struct ledger_scope scope);

/* region: 4 or 6 digits. */
/* By prefecture (digits 4) or county (6), within a prefix. */
struct region_count_list ledger_by_region(struct ctx *ctx, const char *metric,
                                          const char *region_prefix, int digits);
struct month_count_list ledger_by_month(struct ctx *ctx, const char *metric,
                                        const char *region_prefix);
/* The facts behind a metric's number, newest first, below the id `before` (0: from the newest), at
 * most `most`. */
struct fact_list ledger_behind(struct ctx *ctx, const struct ledger_metric *metric,
                               const char *region_prefix, fact_id before, size_t most);

/* One difference between a counter and the recount. */
struct recount_difference {
    const char *metric;
    const char *region;
    int64_t month;
    struct ledger_count counter;
    struct ledger_count recount;
};
struct recount_report {
    size_t counters; /* compared */
    size_t count;    /* differences */
    struct recount_difference *items;
};
/* Counts every metric from scratch. Nothing may be unfolded; call in one read transaction. */
struct recount_report ledger_recount(struct ctx *ctx, const struct ledger_metrics *metrics);

/* --- traces --- */

/* Who did what to a thing, when and why; rooms reach it through registry_trace(), which knows the
 * actor. */
struct trace_args {
    const char *subject_kind;
    int64_t subject_id;
    const char *action; /* words: "trace.<action>" */
    const char *note;   /* the reason as it was typed, or NULL */
    account_id actor;
    const char *actor_name; /* as it was then */
};
void ledger_trace(struct ctx *ctx, const struct trace_args *args);

struct trace_entry_list ledger_traces(struct ctx *ctx, const char *subject_kind,
                                      int64_t subject_id);

#endif
