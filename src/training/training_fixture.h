/*
 * What the tests of classes and of what follows from them start from: store_fixture's database with
 * a write transaction begun, the policy pack, two schools, two county offices, and short ways to a
 * class of any state. Whatever a way takes for granted and is refused stops the program.
 *
 * Accounts, by login: "school" and "head" of the school that opens the classes, "rival" of another
 * one in the same county (530129), "county" of that county's office, "faraway" of 530102's,
 * "evaluator" of the organisation that examines the school's trainees (number 0123, in 530102).
 */
#ifndef DIANJI_TRAINING_TRAINING_FIXTURE_H
#define DIANJI_TRAINING_TRAINING_FIXTURE_H

#include "registry/registry.h"
#include "store/store_fixture.h"
#include "training/training.h"

/* Once a program, before and after its tests: the pack of the folder. */
int training_fixture_load(const char *folder);
int training_fixture_unload(void **state);

/* For cmocka_unit_test_setup_teardown(): *state is the store's fixture, its transaction begun. */
int training_fixture_setup(void **state);
#define TRAINING_FIXTURE_TEST(test)                                                                \
    cmocka_unit_test_setup_teardown((test), training_fixture_setup, store_fixture_teardown)

void training_fixture_act(struct ctx *ctx, const char *login);
/* Moves the clock to an instant. */
void training_fixture_at(struct ctx *ctx, struct instant now);

/* A resident's number with its check character: born "19900101", a man where the order is odd. */
const char *training_fixture_number(struct ctx *ctx, const char *born, int order);
struct person training_fixture_person(struct ctx *ctx, const char *born, int order);
organisation_id training_fixture_school(struct ctx *ctx);

/*
 * The n-th class that nothing speaks against: cooks at junior level in 530129, 56 lessons in seven
 * days from the next week on, at 09:00, with a room and a teacher of its own.
 */
struct class_application training_fixture_form(struct ctx *ctx, int n);
/* Its exam is on the last day of lessons, unless the form says otherwise. */
training_class_id training_fixture_draft(struct ctx *ctx, const struct class_application *form);
/* Gives each lesson of a draft its subject. */
void training_fixture_plan(struct ctx *ctx, training_class_id id);
/* A draft with its plan, at version 2: nothing speaks against submitting it. */
training_class_id training_fixture_ready(struct ctx *ctx, const struct class_application *form);
/* The actor's site check: everything was found so. */
void training_fixture_look(struct ctx *ctx, training_class_id id, enum check_finding finding);
training_class_id training_fixture_submitted(struct ctx *ctx, const struct class_application *form);
training_class_id training_fixture_approved(struct ctx *ctx, const struct class_application *form);
struct training_class training_fixture_class(struct ctx *ctx, training_class_id id);

/* A person, as the roster would bring her. */
struct enrolling training_fixture_enrolling(training_class_id class, const struct person *person);
enrolment_id training_fixture_enrol(struct ctx *ctx, training_class_id class,
                                    const struct person *person);
/* The teacher's list has the trainee in the first sessions; the clock is where the last ended. */
void training_fixture_attend(struct ctx *ctx, enrolment_id enrolment, size_t sessions);
/* Ends the lessons: the clock is behind the last one. */
void training_fixture_finish(struct ctx *ctx, training_class_id class);

#endif
