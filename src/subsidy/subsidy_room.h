/* What the subsidy's own files share. */
#ifndef DIANJI_SUBSIDY_SUBSIDY_ROOM_H
#define DIANJI_SUBSIDY_SUBSIDY_ROOM_H

#include "subsidy/subsidy.h"

/* --- subsidy_list_pages.c --- */

struct reply subsidy__list_claims(struct ctx *ctx);

#endif
