/* The parts of the evaluator that have files of their own. */
#ifndef DIANJI_FEEL_FEEL_EVAL_H
#define DIANJI_FEEL_FEEL_EVAL_H

#include "feel/feel_run.h"

struct feel_value feel__evaluate_filter(struct feel_run *run, const struct feel__node *node,
                                        const struct feel__frame *frame);
struct feel_value feel__evaluate_loop(struct feel_run *run, const struct feel__node *node,
                                      const struct feel__frame *frame);
struct feel_value feel__make_function(struct feel_run *run, const struct feel__node *node,
                                      const struct feel__frame *frame);
struct feel_value feel__evaluate_call(struct feel_run *run, const struct feel__node *node,
                                      const struct feel__frame *frame);

#endif
