/*
 * Public notices 公示: a list of people and amounts on view for the pack's working days before
 * money moves (意见 三.4). Names and numbers are masked when the notice is made, so the page cannot
 * leak more. Anyone may object to a line without signing in; an objection holds that line alone.
 * Some days after its end the notice shows its totals only.
 */
#ifndef DIANJI_NOTICE_NOTICE_H
#define DIANJI_NOTICE_NOTICE_H

#include "base/ctx.h"
#include "notice_dict.h"
#include "notice_rows.h"
#include "web/web.h"

struct notice_draft_line {
    const char *name;        /* masked here */
    const char *identity_no; /* masked here */
    struct fen amount_fen;
    int64_t subject_id; /* what the line stands for, in the room above */
};
struct notice_draft {
    const char *title;
    const char *organisation;
    const char *region;
    const char *subject_kind;
    int64_t subject_id;
    const struct notice_draft_line *lines;
    size_t count;
};
/* On view from today for the pack's working days; one notice a subject. */
enum notice_publish notice_publish(struct ctx *ctx, const struct notice_draft *draft,
                                   public_notice_id *ret) __attribute__((warn_unused_result));
bool notice_get(struct ctx *ctx, public_notice_id id, struct public_notice *ret);
/* The last day of view has passed. */
bool notice_is_over(const struct ctx *ctx, const struct public_notice *notice);
struct notice_line_list notice_lines(struct ctx *ctx, public_notice_id id);
/* The latest objection to a line; 0: none. */
objection_id notice_objection_of(struct ctx *ctx, notice_line_id line);
int64_t notice_objections_waiting(struct ctx *ctx);
/* The last of the pack's working days to answer it; DAY_NONE: beyond the pack's calendar. */
struct day notice_objection_due(const struct ctx *ctx, struct instant filed_at);

struct objecting {
    notice_line_id line;
    const char *reason;
    const char *contact; /* NULL: anonymous */
};
enum objection_file notice_object(struct ctx *ctx, const struct objecting *objecting)
    __attribute__((warn_unused_result));
struct objection_answer {
    objection_id id;
    enum objection_verdict verdict;
    const char *answer;
};
enum objection_settle notice_settle(struct ctx *ctx, const struct objection_answer *answer)
    __attribute__((warn_unused_result));

extern const struct route notice_routes[];

#endif
