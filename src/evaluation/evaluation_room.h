/* What the room's own files share. */
#ifndef DIANJI_EVALUATION_EVALUATION_ROOM_H
#define DIANJI_EVALUATION_EVALUATION_ROOM_H

#include "evaluation/evaluation.h"

/* What was learnt: the occupation, or the programme of a training that teaches none. */
struct taught {
    const char *occupation; /* or NULL */
    const char *programme;  /* or NULL */
};
struct taught evaluation__taught(struct ctx *ctx, const struct certificate *certificate);

/* Its holder, who trained, who examined, and the offices of the place. */
bool evaluation__may_print(struct ctx *ctx, const struct certificate *certificate);

/* The certificate as a sheet of paper (evaluation_print.c). */
struct reply evaluation__show_print(struct ctx *ctx);

/* The desk's list of certificates (evaluation_list_pages.c). */
struct reply evaluation__list(struct ctx *ctx);

#endif
