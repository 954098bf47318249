/* What the ledger's own files share. */
#ifndef DIANJI_LEDGER_LEDGER_ROOM_H
#define DIANJI_LEDGER_LEDGER_ROOM_H

#include "ledger/ledger.h"
#include "ledger_sql.h"

struct fact_list ledger__facts(struct ctx *ctx, struct fact_row_list rows);

#endif
