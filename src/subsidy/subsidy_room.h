/* What the subsidy's own files share. */
#ifndef DIANJI_SUBSIDY_SUBSIDY_ROOM_H
#define DIANJI_SUBSIDY_SUBSIDY_ROOM_H

#include "dictionary/table.h"
#include "subsidy/subsidy.h"

/* --- subsidy_list_pages.c --- */

struct reply subsidy__list_claims(struct ctx *ctx);

/* --- subsidy_payment_list_pages.c --- */

/* The payments of a batch as a list. */
struct table subsidy__payment_table(struct ctx *ctx, const struct payment_batch *batch);

#endif
