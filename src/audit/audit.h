/*
 * Who did, saw, exported or tried what, from where, on whose data (GB/T 22239-2019, security audit;
 * Personal Information Protection Law, articles 51 and 55).
 *
 * Rooms tell the web whom they show (request_shows) and why (request_reason); the web tells this
 * room what each request came to, and this room keeps it. It holds ids and the client's address,
 * never a name, a number or what was searched for.
 *
 * What was changed or revealed is written in the transaction that does it, an export before its
 * file goes out. Views and refusals gather for a moment and are written together behind the
 * answer, so that reading stays as quick as it was: a machine that dies loses those of the last
 * tenth of a second. None is dropped otherwise: where the database cannot follow, requests wait,
 * and where it cannot be written at all, nobody sees a record any more (503).
 */
#ifndef DIANJI_AUDIT_AUDIT_H
#define DIANJI_AUDIT_AUDIT_H

#include <stdbool.h>

#include "audit_dict.h"
#include "audit_rows.h"
#include "base/ctx.h"
#include "web/web.h"

struct store;

struct audit;
struct audit_options {
    struct store *store;
    struct id_source *ids;
    int64_t clock_offset_ms;
};
/* NULL where no thread can be had. */
struct audit *audit_start(const struct audit_options *options, struct arena *arena);
/* Writes what is gathered, and ends; no request may follow. */
void audit_stop(struct audit *audit);

/* For web_options.witness; `audit` is its argument. */
bool audit_witness(struct ctx *ctx, const struct deed *deed, void *audit);
/* Waits until what was gathered so far is written. */
void audit_settle(struct audit *audit);

/* --- masked numbers, shown whole for a reason --- */

/* Whose numbers, under which address the form is sent, and where one came from. */
struct audit_revealing {
    person_id person;
    const char *form_path, *back_path;
};
/*
 * The two handlers of a reveal, for a room that has found out that the actor may ask: the form, and
 * its answer, which shows the value once. The POST's route says .deed = DEED_REVEALED, so that its
 * line is written in the same transaction, before anything goes out; the person sees it, with the
 * reason (Personal Information Protection Law, articles 6 and 51).
 */
struct reply audit_reveal_form(struct ctx *ctx, const struct audit_revealing *revealing);
struct reply audit_reveal(struct ctx *ctx, const struct audit_revealing *revealing);

/* --- for a person's own record --- */

/* What others saw and did of the person, by day, office and reason; the newest day first. */
struct disclosure_list audit_disclosures(struct ctx *ctx, person_id person, int64_t most);
/* What the account itself did and tried, the newest first. */
struct own_deed_list audit_own_deeds(struct ctx *ctx, account_id account, int64_t most);

/* --- how long it is kept --- */

/* Kinds of entries, by the pack's parameter for each. */
enum audit_kept {
    AUDIT_KEPT_LOG = 1, /* sign-ins and refusals: log_kept_days */
    AUDIT_KEPT_VIEW,    /* seen, revealed, exported: view_kept_days */
    AUDIT_KEPT_CHANGE,  /* changed: as the records themselves, record_years */
};
/* Entries from before the instant. */
int64_t audit_past(struct ctx *ctx, enum audit_kept kept, struct instant before);
/* Erases some thousands of them; how many. In a write transaction, until it is 0. */
int64_t audit_erase_past(struct ctx *ctx, enum audit_kept kept, struct instant before);
/* When the newest entry was made; INSTANT_NONE where there is none. */
struct instant audit_newest(struct ctx *ctx);

extern const struct route audit_routes[];

#endif
