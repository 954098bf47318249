/* What the training's own files share. */
#ifndef DIANJI_TRAINING_TRAINING_ROOM_H
#define DIANJI_TRAINING_TRAINING_ROOM_H

#include "dictionary/dictionary.h"
#include "training/training.h"

/* --- training_list_pages.c --- */

/* The pack's programmes, occupations and groups beside the registry's lists. */
const struct code_list *training__lists(struct ctx *ctx);
struct reply training__list_public(struct ctx *ctx);
struct reply training__list_desk(struct ctx *ctx);

/* --- training_attendance.c --- */

/* Whether the actor keeps the class's list of who was there: the institution, and its teacher. */
bool training__calls_roll(const struct ctx *ctx, const struct training_class *class);

#endif
