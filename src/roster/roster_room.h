/* What the roster's own files share. */
#ifndef DIANJI_ROSTER_ROSTER_ROOM_H
#define DIANJI_ROSTER_ROSTER_ROOM_H

#include "registry/registry.h"
#include "roster/roster.h"
#include "sheet/sheet.h"
#include "training/training.h"

/* --- roster_read.c */

/* Goes before the first row of the sheet that has a header; false where *ret says why not. */
bool roster__find_header(struct ctx *ctx, struct sheet *sheet, struct roster_header *ret);

/* --- roster_judge.c: what a line would do if it were accepted now */

struct roster_judging {
    const struct training_class *class;
    int64_t promised; /* seats that earlier lines of the file would take */
    size_t count;
    const struct roster_read_line *lines;
};
struct roster_judgement {
    enum line_verdict verdict;
    size_t count;
    const struct roster_fault *findings; /* what there is to say; their row and column are unset */
};
/* By the class's own rules, all lines of a portion at once. How many seats they would take. */
int64_t roster__judge(struct ctx *ctx, const struct roster_judging *judging,
                      struct roster_judgement *ret);
/* What refuses a line, in words; `trouble` may be NULL. */
struct roster_fault roster__refusal(struct ctx *ctx, const char *code,
                                    const struct training_trouble *trouble);

/* What is said of a line whose number is known under another name; `name` is the registered one. */
struct roster_fault roster__conflict(struct ctx *ctx, const char *key, const char *name);
#define ROSTER__CONFLICT "name-conflict"
/* `correction` is open. */
struct roster_fault roster__conflict_open(struct ctx *ctx,
                                          const struct name_correction *correction);

/* --- roster_marked.c */

struct roster_marking {
    struct bytes content;
    struct roster_mark_list marks;
    enum sheet_format format;
    bool marked_only; /* the lines that stayed out, without the others */
};
/* The same rows and columns again, what is wrong or doubtful marked at its cell and said at the
 * row's end: to be mended and sent anew. */
struct bytes roster__marked(struct ctx *ctx, const struct roster_marking *marking);

#endif
