/*
 * Where people begin: the public window, the desk of an institution or an office with what waits
 * for it, and a worker's own record 电子档案 (意见 二.18). It only reads what the rooms below say.
 */
#ifndef DIANJI_DESK_DESK_H
#define DIANJI_DESK_DESK_H

#include "web/web.h"

/* For web_options.frame: the navigation and name of whoever acts. */
void desk_frame(struct ctx *ctx, struct frame *ret);

extern const struct route desk_routes[];

#endif
