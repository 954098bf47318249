/* What the training's own files share. */
#ifndef DIANJI_TRAINING_TRAINING_ROOM_H
#define DIANJI_TRAINING_TRAINING_ROOM_H

#include "dictionary/table.h"
#include "training/training.h"

/* --- training.c --- */

/* "08:30", "8:30" → minutes since midnight; -1 where it is no time. */
int training__minutes_of(const char *text);

/* --- training_pages.c: what other files of pages need --- */

const char *training__class_path(struct ctx *ctx, training_class_id id);
/* The class of the path, where it is the actor's own institution's. */
bool training__find_own(struct ctx *ctx, struct training_class *ret);
/* The class of the path, where the actor may see it. */
bool training__find(struct ctx *ctx, struct training_class *ret);
/* The version that the form was drawn from; -1 without one, which is stale. */
int64_t training__form_version(struct ctx *ctx);
struct reply training__answer(struct ctx *ctx, const struct outcome_info *info,
                              const char *location, const struct training_trouble *trouble);

/* --- training_plan_pages.c --- */

struct reply training__show_plan(struct ctx *ctx);
struct reply training__post_plan(struct ctx *ctx);

/* --- training_site_check.c --- */

/* The last check of the place; false where nobody has been there. */
bool training__site_check_of(struct ctx *ctx, const struct training_class *class,
                             struct site_check_entry *ret);
/* Whether the class may be approved as far as its place goes. */
enum class_review training__site_allows(struct ctx *ctx, const struct training_class *class);

/* --- training_site_check_pages.c --- */

struct reply training__show_site_check(struct ctx *ctx);
struct reply training__post_site_check(struct ctx *ctx);

/* --- training_list_pages.c --- */

/* The pack's programmes, occupations and groups beside the registry's lists. */
const struct code_list *training__lists(struct ctx *ctx);
struct reply training__list_public(struct ctx *ctx);
struct reply training__list_desk(struct ctx *ctx);

/* --- training_trainee_pages.c: the roster of a class as a list --- */

struct trainee_rows {
    size_t count;
    struct trainee_row *items;
    int64_t low_count; /* who falls behind */
};
struct trainee_rows training__trainee_rows(struct ctx *ctx, const struct training_class *class);
/* The list as the address asks for it. */
struct table_view training__trainee_view(struct ctx *ctx, const struct training_class *class,
                                         const struct trainee_rows *rows);
/* The file that the address asks for; false where it asks for none. */
bool training__trainee_file(struct ctx *ctx, const struct training_class *class, struct reply *ret);

/* --- training_attendance.c --- */

/* Whether the actor keeps the class's list of who was there: the institution, and its teacher. */
bool training__calls_roll(const struct ctx *ctx, const struct training_class *class);

/* --- training_reveal_pages.c --- */

/* Whether the actor may ask for the whole numbers of the class's trainees. */
bool training__may_reveal(const struct ctx *ctx, const struct training_class *class);
struct reply training__show_reveal(struct ctx *ctx);
struct reply training__post_reveal(struct ctx *ctx);

#endif
