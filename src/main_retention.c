/*
 * What is past its time: listed, and with --apply erased, by the periods of the pack. What concerns
 * money and training stays as long as its own records; this command knows nothing of them.
 */
#include <stdio.h>
#include <string.h>

#include "audit/audit.h"
#include "main.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "roster/roster.h"

static const int64_t DAY_MS = 24LL * 60 * 60 * 1000;

static int64_t logs_past(struct ctx *ctx, struct instant before)
{
    return audit_past(ctx, AUDIT_KEPT_LOG, before);
}

static int64_t erase_logs(struct ctx *ctx, struct instant before)
{
    return audit_erase_past(ctx, AUDIT_KEPT_LOG, before);
}

static int64_t views_past(struct ctx *ctx, struct instant before)
{
    return audit_past(ctx, AUDIT_KEPT_VIEW, before);
}

static int64_t erase_views(struct ctx *ctx, struct instant before)
{
    return audit_erase_past(ctx, AUDIT_KEPT_VIEW, before);
}

static int64_t changes_past(struct ctx *ctx, struct instant before)
{
    return audit_past(ctx, AUDIT_KEPT_CHANGE, before);
}

static int64_t erase_changes(struct ctx *ctx, struct instant before)
{
    return audit_erase_past(ctx, AUDIT_KEPT_CHANGE, before);
}

static int64_t sign_ins_past(struct ctx *ctx, struct instant before)
{
    (void)before;
    return registry_sign_ins_past(ctx);
}

static int64_t erase_sign_ins(struct ctx *ctx, struct instant before)
{
    (void)before;
    int64_t count = registry_sign_ins_past(ctx);
    registry_erase_sign_ins_past(ctx);
    return count;
}

/* What is kept for a time. */
static const struct kept {
    const char *name;
    const char *parameter; /* NULL: the sessions' own limits */
    int64_t (*past)(struct ctx *ctx, struct instant before);
    int64_t (*erase)(struct ctx *ctx, struct instant before); /* until it is 0 */
} KEPT[] = {
    {"sessions and failed attempts", NULL, sign_ins_past, erase_sign_ins},
    {"log of sign-ins and refusals", PARAMETER_LOG_KEPT_DAYS, logs_past, erase_logs},
    {"record of views and exports", PARAMETER_VIEW_KEPT_DAYS, views_past, erase_views},
    {"record of changes", PARAMETER_RECORD_YEARS, changes_past, erase_changes},
    {"uploaded rosters", PARAMETER_UPLOAD_KEPT_DAYS, roster_uploads_past, roster_erase_past},
};
enum { KEPT_COUNT = sizeof KEPT / sizeof *KEPT };

/* Where the period that ends today began; years are counted by the calendar. */
static struct instant bound_of(const struct ctx *ctx, const struct kept *kept)
{
    if (kept->parameter == NULL)
        return ctx->now;
    int64_t period = pack_parameter(ctx->pack, kept->parameter, ctx->today);
    if (strcmp(kept->parameter, PARAMETER_RECORD_YEARS) != 0)
        return (struct instant){ctx->now.v - period * DAY_MS};
    struct civil civil = day_civil(ctx->today);
    struct day day;
    civil.year -= (int)period;
    if (!day_of_civil(civil, &day)) /* 29 February */
        day = day_plus(ctx->today, (int32_t)(-366 * period));
    return day_at(day, 0);
}

struct retention {
    const struct kept *kept;
    int64_t counts[KEPT_COUNT];
    int64_t erased;
    struct instant newest;
};

static bool count_past(struct ctx *ctx, void *argument)
{
    struct retention *retention = argument;
    for (size_t i = 0; i < KEPT_COUNT; i++)
        retention->counts[i] = KEPT[i].past(ctx, bound_of(ctx, &KEPT[i]));
    retention->newest = audit_newest(ctx);
    return true;
}

static bool erase_some(struct ctx *ctx, void *argument)
{
    struct retention *retention = argument;
    retention->erased = retention->kept->erase(ctx, bound_of(ctx, retention->kept));
    return true;
}

static bool erase_all(struct tool *tool, struct retention *retention, const struct kept *kept)
{
    retention->kept = kept;
    do {
        if (store_write(tool->store, &tool->ctx, erase_some, retention) != STORE_DONE) {
            fputs("dianji: the database cannot be written\n", stderr);
            return false;
        }
    } while (retention->erased > 0);
    return true;
}

/* A clock that runs ahead would erase everything at once: nobody has signed in for as long. */
static bool is_clock_doubtful(const struct tool *tool, const struct retention *retention)
{
    return !instant_is_none(retention->newest) &&
           instant_compare(retention->newest, bound_of(&tool->ctx, &KEPT[1])) < 0;
}

static void print(struct tool *tool, const struct retention *retention)
{
    for (size_t i = 0; i < KEPT_COUNT; i++)
        printf("%-30s before %s  %lld\n", KEPT[i].name,
               day_text(tool->arena, instant_day(bound_of(&tool->ctx, &KEPT[i]))),
               (long long)retention->counts[i]);
}

int command_retention(struct tool *tool)
{
    struct retention retention = {0};
    int64_t offset_ms = 0;
    if (!tool_set_clock(tool, &offset_ms)) {
        fputs("dianji: --clock is no instant; write it as 2025-10-15T09:00:00+08:00\n", stderr);
        return 2;
    }
    if (!tool_open(tool))
        return 1;
    if (store_read(tool->store, &tool->ctx, count_past, &retention) != STORE_DONE) {
        fputs("dianji: the database cannot be read\n", stderr);
        return 1;
    }
    print(tool, &retention);
    if (!tool->apply)
        return 0;
    if (is_clock_doubtful(tool, &retention)) {
        fputs("dianji: even the newest entry of the log would go: is the clock right? Nothing was "
              "erased\n",
              stderr);
        return 1;
    }
    for (size_t i = 0; i < KEPT_COUNT; i++)
        if (retention.counts[i] > 0 && !erase_all(tool, &retention, &KEPT[i]))
            return 1;
    fputs("dianji: what is past its time is erased\n", stderr);
    return 0;
}
