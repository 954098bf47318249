/* What the roster's own files share. */
#ifndef DIANJI_ROSTER_ROSTER_ROOM_H
#define DIANJI_ROSTER_ROSTER_ROOM_H

#include "roster/roster.h"
#include "sheet/sheet.h"

/* --- roster_marked.c */

struct roster_marking {
    struct bytes content;
    struct roster_line_list lines; /* as they were judged */
    enum sheet_format format;
};
/* The same rows and columns again, what is wrong or doubtful marked at its cell and said at the
 * row's end: to be mended and sent anew. */
struct bytes roster__marked(struct ctx *ctx, const struct roster_marking *marking);

#endif
