/* What the desk's own files share. */
#ifndef DIANJI_DESK_DESK_ROOM_H
#define DIANJI_DESK_DESK_ROOM_H

#include "desk/desk.h"
#include "desk_dict.h"

/* --- desk_record.c --- */

struct reply desk__show_my_record(struct ctx *ctx);

/* --- desk_own_data.c --- */

struct reply desk__show_own_data(struct ctx *ctx);

/* --- desk_erase.c --- */

struct reply desk__post_erase(struct ctx *ctx);

#endif
