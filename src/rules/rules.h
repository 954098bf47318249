/*
 * The pack's decisions for everybody to read: each table as it stands, with the clause of every
 * row, and a try-out with one's own values that shows which row decides (意见 三.4).
 */
#ifndef DIANJI_RULES_RULES_H
#define DIANJI_RULES_RULES_H

#include "web/web.h"

extern const struct route rules_routes[];

#endif
