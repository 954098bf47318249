/* What the story's files share: the scene, and the steps that are played on it. */
#ifndef DIANJI_SIMULATE_SIMULATE_ROOM_H
#define DIANJI_SIMULATE_SIMULATE_ROOM_H

#include "notice/notice.h"
#include "simulate/simulate.h"
#include "simulate/simulate_people.h"
#include "store/store.h"
#include "subsidy/subsidy.h"
#include "training/training.h"

/* A class keeps some seats free: a visitor may bring in a roster. */
enum { PLACES = 17, SIMULATE_CLASS_PEOPLE_MOST = 20, SIMULATE_CAPACITY = 24 };

/* Counties with a school, an evaluation centre and their offices; each prefecture has one. The
 * accounts of the first end in 1: where a visitor signs in. */
extern const char *const SIMULATE__PLACES[PLACES];

/* A draft gets its course plan from the timetable laid out for it. */
enum class_plan simulate__plan(struct ctx *ctx, training_class_id id);
/* The actor's site check, which finds everything well. */
enum site_check simulate__look(struct ctx *ctx, training_class_id id);

/* One class of the story. */
struct played_class {
    int64_t number;
    int place;
    struct day first_day; /* of lessons */
    const struct pack_programme *programme;
    const struct ending *ending;
    /* what has come of it so far; 0: nothing yet */
    training_class_id id;
    subsidy_claim_id claim;
    payment_batch_id batch;
};

struct scene {
    struct store *store;
    struct ctx *ctx;
    const struct simulation *simulation;
    const char *password_hash;
    struct dice dice;
    const char *refusal; /* why the story stopped; NULL: it did not */
    int64_t next_person;
    struct played_class *class; /* that is being played */
};

/* False always: the story stops with this code. */
bool simulate__refuse(struct scene *scene, const char *code);
/* Who acts from now on: the account "<kind><place + 1>". */
bool simulate__act(struct scene *scene, const char *kind, int place);

/* --- simulate_house.c: who there is. Steps are run in a transaction of their own; `argument` is
 * the scene. --- */
bool simulate__add_house(struct ctx *ctx, void *argument);
struct own_account {
    const char *login;
    person_id person;
    const char *name;
    enum role role;
    organisation_id organisation; /* 0: none */
};
/* A person's account, in the place that is played; who acts goes on acting. */
bool simulate__add_own_account(struct scene *scene, const struct own_account *own);
const char *simulate__evaluator_code(struct scene *scene, int place);

/* --- simulate_class.c: what happens to a class and to its trainees --- */
bool simulate__apply(struct ctx *ctx, void *argument);
bool simulate__submit(struct ctx *ctx, void *argument);
bool simulate__approve(struct ctx *ctx, void *argument);
bool simulate__return(struct ctx *ctx, void *argument);
bool simulate__reject(struct ctx *ctx, void *argument);
bool simulate__enrol(struct ctx *ctx, void *argument);
bool simulate__attend(struct ctx *ctx, void *argument); /* the lessons that are over by now */
bool simulate__teach(struct ctx *ctx, void *argument);  /* and their teacher signs in: teacher1 */
bool simulate__finish(struct ctx *ctx, void *argument);
bool simulate__examine(struct ctx *ctx, void *argument);

/* --- simulate_money.c: what a closed class turns into --- */
bool simulate__claim(struct ctx *ctx, void *argument);
bool simulate__first_review(struct ctx *ctx, void *argument);
bool simulate__refuse_claim(struct ctx *ctx, void *argument);
bool simulate__second_review(struct ctx *ctx, void *argument);
bool simulate__object(struct ctx *ctx, void *argument);
bool simulate__release(struct ctx *ctx, void *argument);
bool simulate__make_batch(struct ctx *ctx, void *argument);
bool simulate__approve_batch(struct ctx *ctx, void *argument);
bool simulate__read_result(struct ctx *ctx, void *argument);
bool simulate__read_bounced_result(struct ctx *ctx, void *argument); /* its first line came back */

#endif
