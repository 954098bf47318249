/*
 * Classes 班级: opened by an institution, reviewed by the county, taught by a timetable, attended
 * under real names. What comes after (exam, certificate, subsidy) builds on training_class,
 * enrolment and attendance below (意见 二.1–二.8, 二.18).
 *
 * States of a class: draft → submitted → (returned → submitted | rejected | approved) → in_progress
 * (the first check-in) → training_done (the institution finishes it: attendance is closed) → closed
 * (results are in). Rules check the state, the statement's WHERE guards it again.
 *
 * A person, a teacher or a room is never in two classes at one hour: such a class or trainee is
 * refused at once, with the other class's name and hour.
 */
#ifndef DIANJI_TRAINING_TRAINING_H
#define DIANJI_TRAINING_TRAINING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "dictionary/dictionary.h"
#include "training_dict.h"
#include "training_rows.h"
#include "web/web.h"

/* What to say beside an outcome: the other class of a clash, the limit that was passed. Unset
 * members are NULL or 0. */
struct training_trouble {
    struct class_clash clash;
    int64_t limit;
    int64_t found;
    const char *groups; /* that the programme admits, or the one that nobody knows */
    int64_t line;       /* of the plan, counted from 1 */
    const char *item;   /* of the site check, in the pack's words */
};

struct class_opening {
    const struct class_application *form;
    organisation_id organisation;
};
/* Opens a draft and lays out its timetable: daily_hours lessons a day from starts_on on, until
 * lesson_hours are reached. */
enum class_apply training_class_apply(struct ctx *ctx, const struct class_opening *opening,
                                      training_class_id *ret, struct training_trouble *ret_trouble)
    __attribute__((warn_unused_result));

/* Writes a draft, or what the county returned, anew; its timetable, too. */
struct class_amendment {
    training_class_id class;
    int64_t version; /* as it was read: a change in between is STALE */
    struct class_opening opening;
};
enum class_apply training_class_amend(struct ctx *ctx, const struct class_amendment *amendment,
                                      struct training_trouble *ret_trouble)
    __attribute__((warn_unused_result));

/* One lesson of the course plan 教学计划, as it was written down. */
struct planned_lesson {
    struct day held_on;
    int64_t starts_at; /* minutes since midnight; below zero: unreadable */
    int64_t lesson_hours;
    enum lesson_kind kind;
    const char *subject;
    int64_t line; /* where it stands in the form, from 1 */
};
struct planning {
    training_class_id class;
    int64_t version;
    struct planned_lesson *lessons; /* in any order; put in order of time */
    size_t count;
};
/*
 * The lessons of a draft, one by one, in the stead of the timetable that was laid out: no two at
 * one time, no day above the pack's limit, together the class's lesson_hours, all before the exam.
 * A class is not submitted before each lesson has its subject.
 */
enum class_plan training_plan(struct ctx *ctx, const struct planning *planning,
                              struct training_trouble *ret_trouble)
    __attribute__((warn_unused_result));

enum class_submit training_class_submit(struct ctx *ctx, training_class_id id, int64_t version,
                                        struct training_trouble *ret_trouble)
    __attribute__((warn_unused_result));

struct site_finding_given {
    const char *item; /* its key in the pack */
    enum check_finding finding;
    const char *remark; /* needed where it failed */
};
struct site_checking {
    training_class_id class;
    struct day checked_on;
    const struct site_finding_given *findings;
    size_t count;
};
/* The site check 现场核查 of a submitted class's place: every item of the pack has a finding. */
enum site_check training_site_check(struct ctx *ctx, const struct site_checking *checking,
                                    struct training_trouble *ret_trouble)
    __attribute__((warn_unused_result));

struct class_verdict {
    training_class_id id;
    int64_t version;
    enum class_decision decision;
    const char *note; /* needed to return and to reject */
};
/* The county's review; nobody reviews an own submission. */
enum class_review training_class_review(struct ctx *ctx, const struct class_verdict *verdict,
                                        struct training_trouble *ret_trouble)
    __attribute__((warn_unused_result));

struct enrolling {
    training_class_id class;
    person_id person;
    struct day born_on; /* DAY_NONE where the document does not tell: no age limit is applied */
    bool is_woman;      /* the age limits differ */
    const char *tags;   /* groups that the person is registered with, "|retired_fisher|" */
    const char *groups; /* that are declared now, as training_read_groups() takes them; or NULL */
    int64_t import_id;  /* the roster import that brings the person; INT64_MIN: by hand */
};
/*
 * Groups of people by their codes or the pack's names, divided by commas, 、 or semicolons:
 * "脱贫劳动力、退役军人" → "|lifted_poverty_worker|veteran|". False where one is unknown, which
 * *ret then is.
 */
bool training_read_groups(struct ctx *ctx, const char *text, const char **ret);

/* One trainee. Enrolling again the same person in the same class is CLASS_ENROL_ALREADY and changes
 * nothing. */
enum class_enrol training_enrol(struct ctx *ctx, const struct enrolling *enrolling,
                                enrolment_id *ret, struct training_trouble *ret_trouble)
    __attribute__((warn_unused_result));
/* The same questions without enrolling, for a roster's preview; *ret is not set. */
enum class_enrol training_enrol_check(struct ctx *ctx, const struct enrolling *enrolling,
                                      struct training_trouble *ret_trouble)
    __attribute__((warn_unused_result));
enum class_withdraw training_withdraw(struct ctx *ctx, enrolment_id id, const char *note)
    __attribute__((warn_unused_result));

struct punching {
    session_id session;
    enrolment_id enrolment;
    enum punch_kind kind;
    enum punch_method method;
    const char *device;        /* what the device calls itself, or NULL */
    struct instant punched_at; /* by the device's clock; ctx->now is kept beside it */
};
enum class_punch training_punch(struct ctx *ctx, const struct punching *punching,
                                struct training_trouble *ret_trouble)
    __attribute__((warn_unused_result));

/* All lessons are over: attendance closes with its roll, results may follow. */
enum class_finish training_class_finish(struct ctx *ctx, training_class_id id, int64_t version)
    __attribute__((warn_unused_result));

struct correcting {
    enrolment_id enrolment;
    session_id session;
    int64_t lesson_hours; /* added; below zero: taken away */
    const char *reason;
};
/*
 * The roll of a finished class is never edited: the county adds a counter-entry, within the
 * session's hours. A result stays as it was recorded; who passed and no longer reaches the share is
 * left out of claims, and holds up those that name her (src/subsidy).
 */
enum attendance_correct training_attendance_correct(struct ctx *ctx,
                                                    const struct correcting *correcting)
    __attribute__((warn_unused_result));

/* --- for the rooms above
 * ------------------------------------------------------------------------------------------------
 */

/* Ends one trainee's way: completed appends FACT_TRAINING_COMPLETED. False where the state does not
 * allow it. */
bool training_enrolment_end(struct ctx *ctx, enrolment_id id, bool is_completed,
                            struct day held_on);
/* Nobody is left without a result: the class closes. */
bool training_class_close(struct ctx *ctx, training_class_id id);

/* Classes whose lessons are over and that name the actor's organisation as the one that examines.
 */
int64_t training_to_examine(struct ctx *ctx);
/* The actor's classes that the county sent back. */
int64_t training_returned(struct ctx *ctx);
/* Classes that wait for the actor’s review. */
int64_t training_waiting(struct ctx *ctx);
bool training_class_get(struct ctx *ctx, training_class_id id, struct training_class *ret);
/* What a training must not repeat: its occupation, or, where it teaches none, its programme. */
const char *training_taught(const struct training_class *class);
bool training_enrolment(struct ctx *ctx, enrolment_id id, struct enrolment *ret);
struct enrolment_list training_enrolments(struct ctx *ctx, training_class_id class);
struct enrolment_list training_enrolments_of_person(struct ctx *ctx, person_id person);
struct enrolment_list training_enrolments_of_import(struct ctx *ctx, int64_t import_id);
struct session_list training_sessions(struct ctx *ctx, training_class_id class);
/*
 * What counts of a trainee's punches, a line an enrolment, in the order of training_enrolments(). A
 * session counts whole where the time between check-in and check-out covers the pack's share of it,
 * else the full lessons that fit into that time; a finished class has its roll instead.
 */
struct attendance {
    enrolment_id enrolment;
    int64_t lesson_hours; /* that count */
    int64_t held_hours;   /* of the sessions that are over */
    bool is_low;          /* so far below the share that a trainee needs in the end */
};
struct attendance_list {
    size_t count;
    struct attendance *items;
};
struct attendance_list training_attendance(struct ctx *ctx, training_class_id class);
/* The same of one session: each trainee with the punches and what counts. */
struct session_presence {
    struct presence presence;
    int64_t lesson_hours;
};
struct session_presence_list {
    size_t count;
    struct session_presence *items;
};
struct session_presence_list training_session_presences(struct ctx *ctx,
                                                        const struct session *session);
/* Running classes in which trainees are below the share of the lessons that they need in the end,
 * among those of the actor's that end first. */
struct falling_behind {
    training_class_id class;
    const char *name;
    int64_t trainee_count; /* who falls behind */
};
struct falling_behind_list {
    size_t count;
    struct falling_behind *items;
    size_t looked_at; /* classes */
    bool has_more;    /* run beyond those */
};
struct falling_behind_list training_falling_behind(struct ctx *ctx);
/* Whether the lessons attended reach the pack's share of the class's lessons. */
bool training_attended_enough(const struct ctx *ctx, const struct training_class *class,
                              int64_t lesson_hours);

extern const struct route training_routes[];

#endif
