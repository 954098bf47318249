/*
 * Subsidy claims: a closed class's passed trainees, each with the amount that the pack's table
 * gives (意见 二.18, 三.3), reviewed by two different people, shown in public, then owed and paid.
 *
 * first_review → second_review → publicity → payable → settled; rejected ends it and frees the
 * class for another claim. A line that the bank returns can be paid again until it is paid. A
 * person is paid once for one occupation and level, kept so by the database; an objection holds its
 * line alone.
 */
#ifndef DIANJI_SUBSIDY_SUBSIDY_H
#define DIANJI_SUBSIDY_SUBSIDY_H

#include "base/ctx.h"
#include "fund/fund.h"
#include "subsidy_dict.h"
#include "subsidy_rows.h"
#include "training/training.h"
#include "web/web.h"

/* Who and what an outcome is about; unset members are NULL. */
struct claim_trouble {
    const char *person;
};
enum claim_make subsidy_claim_make(struct ctx *ctx, training_class_id class, subsidy_claim_id *ret,
                                   struct claim_trouble *ret_trouble)
    __attribute__((warn_unused_result));

/*
 * The lessons that a class's trainees attended, as its roll stands now: a counter-entry can take
 * away what a claimed line rests on. Such a trainee is left out of new claims, a review does not
 * approve her line, and after the publicity it is refused.
 */
struct subsidy_rolls {
    struct training_class class;
    struct attendance_list attendance;
};
struct subsidy_rolls subsidy_rolls(struct ctx *ctx, training_class_id class);
bool subsidy_is_short(const struct ctx *ctx, const struct subsidy_rolls *rolls,
                      enrolment_id enrolment);

struct claim_verdict {
    subsidy_claim_id id;
    int64_t version;
    enum claim_decision decision;
    const char *note; /* needed to reject */
};
/* The review that is due, first or second; the second's approval publishes the list. */
enum claim_review subsidy_review(struct ctx *ctx, const struct claim_verdict *verdict)
    __attribute__((warn_unused_result));
/* What was claimed last for one training of one person. */
bool subsidy_line_of(struct ctx *ctx, enrolment_id enrolment, struct claim_line *ret);
/* The same on its way from the claim to the bank; false where nobody has claimed it. */
struct subsidy_course {
    struct claim_line line;
    enum claim_state claim;
    struct day until_day; /* the last on view; DAY_NONE: not on view yet */
    bool has_payment;
    struct payment payment; /* the last */
};
bool subsidy_course_of(struct ctx *ctx, enrolment_id enrolment, struct subsidy_course *ret);

/*
 * After the last day on view: lines without objection are owed, those with an upheld one refused,
 * and those whose roll no longer carries them; those with an open one held; released again once it
 * is settled.
 */
enum claim_release subsidy_release(struct ctx *ctx, subsidy_claim_id id)
    __attribute__((warn_unused_result));
struct paying_again {
    subsidy_claim_id claim;
    claim_line_id line; /* of this claim */
    const char *note;   /* why the same account will take it now; needed where it is unchanged */
};
/* A line that the bank returned becomes payable once more, to the institution's account as it is
 * now. */
enum pay_again subsidy_pay_again(struct ctx *ctx, const struct paying_again *again, payment_id *ret)
    __attribute__((warn_unused_result));
/* For fund_batch_result(): a paid line becomes a fact, a returned one can be paid again. */
void subsidy_settled(struct ctx *ctx, const struct payment *payment, bool is_paid);

/* The notice that a claim is on view with; 0: not yet. */
public_notice_id subsidy_notice(struct ctx *ctx, subsidy_claim_id id);
bool subsidy_claim_of_class(struct ctx *ctx, training_class_id class, struct subsidy_claim *ret);
/* Claims that wait for the actor: by its role, for first or second review. */
int64_t subsidy_waiting(struct ctx *ctx);

extern const struct route subsidy_routes[];
extern const struct route subsidy_payment_routes[];

#endif
