/* A run while it decides: what is given, what was computed, and the account of it. */
#ifndef DIANJI_DMN_DMN_RUN_H
#define DIANJI_DMN_DMN_RUN_H

#include "dmn/dmn_room.h"

enum dmn__state { DMN__UNKNOWN, DMN__GIVEN, DMN__COMPUTED };

/* The values of one call: of the run itself, or of a decision service. */
struct dmn__world {
    struct feel_value *values; /* for each element */
    enum dmn__state *states;
};

/* A step while it comes about. */
struct dmn__step {
    struct dmn_step shown;
    const struct dmn_hit **hits_end;
    const struct dmn_remark **remarks_end;
};

struct dmn_run {
    struct arena *arena;
    const struct dmn_model *model;
    struct feel_run *feel;
    bool explains;
    struct dmn__world world;
    struct feel_value *callables; /* knowledge and services, once somebody requires them */
    const struct dmn_step *steps;
    const struct dmn_step **steps_end;
    struct dmn__step *step; /* the one that is coming about; NULL */
    size_t reports_seen;    /* of FEEL's, that are remarks already */
};

/* What names stand for while logic is evaluated. */
struct dmn__frame {
    struct dmn_run *run;
    struct feel_value *slots;
};

/* Why something is null; gives null. */
struct feel_value dmn__trouble(struct dmn_run *run, enum dmn_trouble trouble, int line,
                               const char *where, const char *about);

/* The value as one of the type, NULL being Any: false where it is none, or none that is allowed. */
bool dmn__fit(struct dmn_run *run, const struct dmn__type *type, struct feel_value *value);
struct feel_value dmn__evaluate(const struct dmn__frame *frame, const struct dmn__logic *logic);
struct feel_value dmn__look_up(const struct dmn__frame *frame, const struct dmn__table *table);
/* A function that takes the frame with it. */
struct feel_value dmn__close_over(const struct dmn__frame *frame,
                                  const struct dmn__function *function);
struct feel_value dmn__call(struct dmn_run *run, const struct dmn__function *function,
                            struct feel_value *slots, const struct feel_value *arguments);

static inline bool dmn__is_true(struct feel_value value)
{
    return value.kind == FEEL_BOOLEAN && value.boolean;
}

#endif
