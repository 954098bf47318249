/* What the audit's own files share. */
#ifndef DIANJI_AUDIT_AUDIT_ROOM_H
#define DIANJI_AUDIT_AUDIT_ROOM_H

#include "audit/audit.h"

/* --- audit_entry.c --- */

/* One line, with the people that it is about. */
struct audit_note {
    struct audit_entry entry;
    size_t person_count;
    const person_id *people;
};
/* What is to be kept of the deed; false where that is nothing: people look at what is their own. */
bool audit__note(struct ctx *ctx, const struct deed *deed, struct audit_note *ret);
void audit__write(struct ctx *ctx, const struct audit_note *note);
/* The same note, held by another arena. */
struct audit_note audit__copy(struct arena *arena, const struct audit_note *note);

/* --- audit_reveal.c --- */

struct reply audit__show_person_reveal(struct ctx *ctx);
struct reply audit__post_person_reveal(struct ctx *ctx);

/* --- audit_own_pages.c --- */

struct reply audit__show_own(struct ctx *ctx);
struct reply audit__show_privacy(struct ctx *ctx);

/* --- audit_list_pages.c --- */

struct reply audit__list(struct ctx *ctx);
struct reply audit__show_entry(struct ctx *ctx);

#endif
