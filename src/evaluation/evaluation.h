/*
 * Results and certificates (意见 二.21). Who trains does not evaluate: the class names the
 * evaluation organisation, whose evaluators record the results, unless the pack lets the trainer
 * examine for what the programme ends with. A trainee passes with the pack's pass mark and its
 * share of the lessons; who passes completes the training and gets a certificate, both facts in the
 * same transaction.
 *
 * Certificate numbers of skill levels have the ministry's 22 characters: Y (an employer) or S,
 * organisation 4, province 2, site 6, year 2, level 1, serial 6. The organisation's number is that
 * of the registry; its county stands for the site, as the province numbers sites no further.
 * Trainings without a level end with a completion certificate, "PX" and 16 digits.
 */
#ifndef DIANJI_EVALUATION_EVALUATION_H
#define DIANJI_EVALUATION_EVALUATION_H

#include "base/ctx.h"
#include "evaluation_dict.h"
#include "evaluation_rows.h"
#include "training/training.h"
#include "web/web.h"

struct result_line {
    enrolment_id enrolment;
    int64_t score; /* 0–100; INT64_MIN: missing */
};
/* All of a class's results at once, after training is done, by who examines; the class closes. */
enum results_record evaluation_record(struct ctx *ctx, training_class_id id,
                                      const struct result_line *lines, size_t count)
    __attribute__((warn_unused_result));

/* Whether the actor is one who examines this class: evaluation_record()'s first questions. */
enum results_record evaluation_may_record(struct ctx *ctx, const struct training_class *class)
    __attribute__((warn_unused_result));

bool evaluation_result(struct ctx *ctx, enrolment_id enrolment, struct exam_result *ret);
bool evaluation_certificate(struct ctx *ctx, const char *certificate_no, struct certificate *ret);
bool evaluation_certificate_of(struct ctx *ctx, enrolment_id enrolment, struct certificate *ret);
struct certificate_list evaluation_certificates_of_person(struct ctx *ctx, person_id person);

extern const struct route evaluation_routes[];

#endif
