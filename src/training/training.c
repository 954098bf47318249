/* Opening, submitting and reviewing a class; trainees are in training_enrolment.c, attendance in
 * training_attendance.c. */
#include "training/training.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training_room.h"
#include "training_sql.h"

enum { MINUTES_PER_HOUR = 60 };

int training__minutes_of(const char *text)
{
    int hour, minute, used = 0;
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &used) != 2 || text[used] != '\0' || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59)
        return -1;
    return hour * MINUTES_PER_HOUR + minute;
}

/* The occupation and level are the programme's; who teaches no occupation names none. */
static enum class_apply check_taught(const struct ctx *ctx, const struct class_application *form,
                                     const struct pack_programme *programme)
{
    bool is_level_needed = programme->certificate == CERTIFICATE_KIND_SKILL_LEVEL;
    if (form->occupation == NULL && programme->teaches.count > 0)
        return CLASS_APPLY_OCCUPATION_MISSING;
    if (!pack_teaches(ctx->pack, programme, form->occupation, NULL))
        return CLASS_APPLY_OCCUPATION_NOT_TAUGHT;
    if (form->level == SKILL_LEVEL_NONE)
        return is_level_needed ? CLASS_APPLY_LEVEL_MISSING : CLASS_APPLY_DONE;
    if (!pack_teaches(ctx->pack, programme, form->occupation, skill_level_code(form->level)))
        return CLASS_APPLY_LEVEL_NOT_TAUGHT;
    return CLASS_APPLY_DONE;
}

/* A figure of the form against the pack's; `ret_trouble` keeps both. */
static bool is_over(int64_t found, int64_t limit, struct training_trouble *ret_trouble)
{
    ret_trouble->found = found;
    ret_trouble->limit = limit;
    return found > limit;
}

static enum class_apply check_size(struct ctx *ctx, const struct class_application *form,
                                   const struct pack_programme *programme,
                                   struct training_trouble *ret_trouble)
{
    const struct pack_region *region = pack_region(ctx->pack, form->region);
    if (region == NULL || region->level != REGION_LEVEL_COUNTY)
        return CLASS_APPLY_REGION_UNKNOWN;
    ret_trouble->found = form->lesson_hours;
    ret_trouble->limit = programme->lessons_least;
    if (form->lesson_hours < programme->lessons_least)
        return CLASS_APPLY_HOURS_TOO_FEW;
    if (is_over(form->lesson_hours, programme->lessons_most, ret_trouble))
        return CLASS_APPLY_HOURS_TOO_MANY;
    if (is_over(form->capacity, pack_class_size_most(ctx->pack, programme, form->starts_on),
                ret_trouble))
        return CLASS_APPLY_CAPACITY_OVER_LIMIT;
    return CLASS_APPLY_DONE;
}

static int64_t days_needed(const struct class_application *form)
{
    return (form->lesson_hours + form->daily_hours - 1) / form->daily_hours;
}

static struct day last_day(const struct class_application *form)
{
    return day_plus(form->starts_on, (int32_t)days_needed(form) - 1);
}

/* What the form says, found in the pack and the registry. */
struct plan_of_class {
    const struct pack_programme *programme;
    struct day ends_on;
    organisation_id evaluator;
    person_id teacher;
};

static enum class_apply check_time(struct ctx *ctx, const struct class_application *form,
                                   const struct plan_of_class *plan,
                                   struct training_trouble *ret_trouble)
{
    bool is_in_plan = day_compare(ctx->pack->first_day, form->starts_on) <= 0 &&
                      day_compare(plan->ends_on, ctx->pack->last_day) <= 0;
    if (day_compare(form->starts_on, ctx->today) < 0)
        return CLASS_APPLY_STARTS_IN_THE_PAST;
    if (!is_in_plan || !pack_programme_runs(plan->programme, form->starts_on))
        return CLASS_APPLY_OUTSIDE_THE_PLAN;
    if (training__minutes_of(form->starts_at) < 0)
        return CLASS_APPLY_TIME_UNREADABLE;
    if (!day_is_none(form->exam_on) && day_compare(form->exam_on, plan->ends_on) < 0)
        return CLASS_APPLY_EXAM_BEFORE_LESSONS_END;
    int64_t most = pack_parameter(ctx->pack, PARAMETER_LESSONS_PER_DAY_MOST, form->starts_on);
    return is_over(form->daily_hours, most, ret_trouble) ? CLASS_APPLY_DAY_TOO_LONG
                                                         : CLASS_APPLY_DONE;
}

/* Who examines: an evaluation organisation that the form names, never the one that trains. Where
 * the pack lets the trainer examine, the form may leave it open. */
static enum class_apply check_evaluator(struct ctx *ctx, const struct class_opening *opening,
                                        const struct pack_programme *programme,
                                        organisation_id *ret)
{
    const struct class_application *form = opening->form;
    struct organisation evaluator;
    *ret = (organisation_id){0};
    if (form->evaluator_code == NULL)
        return pack_is_evaluated_apart(ctx->pack, programme, form->starts_on)
                   ? CLASS_APPLY_EVALUATOR_MISSING
                   : CLASS_APPLY_DONE;
    if (!registry_organisation_by_code(ctx, form->evaluator_code, &evaluator) ||
        evaluator.evaluator_code == NULL || evaluator.state != ORGANISATION_STATE_ACTIVE)
        return CLASS_APPLY_EVALUATOR_UNKNOWN;
    if (evaluator.id.v == opening->organisation.v)
        return CLASS_APPLY_EVALUATOR_IS_TRAINER;
    if (!registry_organisation_may_teach(ctx, evaluator.id, programme->code))
        return CLASS_APPLY_EVALUATOR_NOT_IN_SCOPE;
    *ret = evaluator.id;
    return CLASS_APPLY_DONE;
}

/* What the programme of the pack says about the form, in the order of the outcomes. */
static enum class_apply check_programme(struct ctx *ctx, const struct class_application *form,
                                        const struct plan_of_class *plan,
                                        struct training_trouble *ret_trouble)
{
    enum class_apply answer = check_taught(ctx, form, plan->programme);
    if (answer == CLASS_APPLY_DONE)
        answer = check_size(ctx, form, plan->programme, ret_trouble);
    if (answer == CLASS_APPLY_DONE)
        answer = check_time(ctx, form, plan, ret_trouble);
    return answer;
}

/* One session a day, of daily_hours lessons, the last with what is left. */
static void lay_out(struct ctx *ctx, training_class_id class, const struct class_application *form)
{
    int64_t lesson_minutes = pack_parameter(ctx->pack, PARAMETER_LESSON_MINUTES, ctx->today);
    int64_t left = form->lesson_hours;
    for (int32_t number = 1; left > 0; number++) {
        int64_t hours = left < form->daily_hours ? left : form->daily_hours;
        struct instant start =
            day_at(day_plus(form->starts_on, number - 1), training__minutes_of(form->starts_at));
        sql_session_insert(ctx, &(struct sql_session_insert){
                                    .id = {id_next(ctx->ids, ctx->now)},
                                    .class = class,
                                    .number = number,
                                    .starts_at = start,
                                    .ends_at = {start.v + hours * lesson_minutes * 60 * 1000},
                                    .lesson_hours = hours,
                                });
        left -= hours;
    }
}

/* A class carries the tags of its programme, of its place and of the institution that teaches it.
 */
static const char *tags_of(struct ctx *ctx, const struct pack_programme *programme,
                           const struct class_opening *opening)
{
    struct buffer own = buffer_new(ctx->arena, 64);
    buffer_add_char(&own, '|');
    for (size_t i = 0; i < programme->tag_count; i++)
        buffer_printf(&own, "%s|", programme->tags[i]->code);
    struct organisation organisation;
    const char *kind = registry_organisation(ctx, opening->organisation, &organisation)
                           ? organisation_kind_code(organisation.kind)
                           : NULL;
    const char *taught_by = pack_organisation_tags(ctx->arena, ctx->pack, kind);
    const char *place = pack_region_tags(ctx->arena, ctx->pack, opening->form->region);
    return registry_join_tags(ctx, registry_join_tags(ctx, own.bytes, place), taught_by);
}

static enum class_apply check_opening(struct ctx *ctx, const struct class_opening *opening,
                                      struct plan_of_class *ret,
                                      struct training_trouble *ret_trouble)
{
    const struct class_application *form = opening->form;
    *ret_trouble = (struct training_trouble){0};
    if (!registry_actor_is_of(ctx, opening->organisation))
        return CLASS_APPLY_NOT_YOUR_INSTITUTION;
    if (!registry_organisation_is_active(ctx, opening->organisation))
        return CLASS_APPLY_INSTITUTION_SUSPENDED;
    const struct pack_programme *programme = pack_programme(ctx->pack, form->programme);
    if (programme == NULL)
        return CLASS_APPLY_PROGRAMME_UNKNOWN;
    if (!registry_organisation_may_teach(ctx, opening->organisation, form->programme))
        return CLASS_APPLY_PROGRAMME_NOT_IN_SCOPE;
    ret->programme = programme;
    if (day_is_none(ret->ends_on))
        ret->ends_on = last_day(form);
    enum class_apply answer = check_programme(ctx, form, ret, ret_trouble);
    if (answer == CLASS_APPLY_DONE)
        answer = check_evaluator(ctx, opening, programme, &ret->evaluator);
    if (answer == CLASS_APPLY_DONE &&
        !registry_teacher(ctx, form->teacher_no, form->teacher_name, &ret->teacher))
        return CLASS_APPLY_TEACHER_UNREADABLE;
    return answer;
}

enum class_apply training_class_apply(struct ctx *ctx, const struct class_opening *opening,
                                      training_class_id *ret, struct training_trouble *ret_trouble)
{
    const struct class_application *form = opening->form;
    struct plan_of_class plan = {.ends_on = DAY_NONE};
    enum class_apply answer = check_opening(ctx, opening, &plan, ret_trouble);
    if (answer != CLASS_APPLY_DONE)
        return answer;
    *ret = (training_class_id){id_next(ctx->ids, ctx->now)};
    sql_class_insert(ctx, &(struct sql_class_insert){
                              .id = *ret,
                              .organisation = opening->organisation,
                              .name = form->name,
                              .item = plan.programme->item->no,
                              .programme = plan.programme->code,
                              .occupation = form->occupation,
                              .level = form->level,
                              .region = form->region,
                              .place = form->place,
                              .place_key = text_compact(ctx->arena, form->place),
                              .teacher = plan.teacher,
                              .evaluator = plan.evaluator,
                              .starts_on = form->starts_on,
                              .ends_on = plan.ends_on,
                              .lesson_hours = form->lesson_hours,
                              .capacity = form->capacity,
                              .tags = tags_of(ctx, plan.programme, opening),
                              .clause = plan.programme->item->clause->id,
                              .is_subsidised = plan.programme->is_subsidised,
                              .created_by = ctx->actor->account,
                              .created_at = ctx->now,
                              .exam_kind = form->exam_kind,
                              .exam_on = form->exam_on,
                              .exam_place = form->exam_place,
                          });
    lay_out(ctx, *ret, form);
    registry_trace(ctx, "training_class", ret->v, "class_apply", NULL);
    return CLASS_APPLY_DONE;
}

/* Where the class stands: only what nobody has approved can be written anew. */
static enum class_apply check_amendable(struct ctx *ctx, const struct class_amendment *amendment,
                                        struct training_class *ret)
{
    if (!sql_class_by_id(ctx, amendment->class, ret))
        return CLASS_APPLY_NOT_FOUND;
    if (ret->organisation.v != amendment->opening.organisation.v)
        return CLASS_APPLY_NOT_YOUR_INSTITUTION;
    if (ret->state != CLASS_STATE_DRAFT && ret->state != CLASS_STATE_RETURNED)
        return CLASS_APPLY_WRONG_STATE;
    return ret->version == amendment->version ? CLASS_APPLY_DONE : CLASS_APPLY_STALE;
}

/* A plan that was written lesson by lesson outlives a change of what is not about time. */
static bool keeps_timetable(struct ctx *ctx, const struct training_class *class,
                            const struct class_application *form)
{
    struct session_list sessions = sql_sessions_of(ctx, class->id);
    return sessions.count > 0 && day_compare(form->starts_on, class->starts_on) == 0 &&
           form->lesson_hours == class->lesson_hours &&
           form->daily_hours == sessions.items[0].lesson_hours &&
           training__minutes_of(form->starts_at) == instant_minutes(sessions.items[0].starts_at);
}

enum class_apply training_class_amend(struct ctx *ctx, const struct class_amendment *amendment,
                                      struct training_trouble *ret_trouble)
{
    const struct class_application *form = amendment->opening.form;
    struct training_class class;
    *ret_trouble = (struct training_trouble){0};
    enum class_apply answer = check_amendable(ctx, amendment, &class);
    bool is_kept = answer == CLASS_APPLY_DONE && keeps_timetable(ctx, &class, form);
    struct plan_of_class plan = {.ends_on = is_kept ? class.ends_on : DAY_NONE};
    if (answer == CLASS_APPLY_DONE)
        answer = check_opening(ctx, &amendment->opening, &plan, ret_trouble);
    if (answer != CLASS_APPLY_DONE)
        return answer;
    int64_t changed =
        sql_class_amend_step(ctx, &(struct sql_class_amend_step){
                                      .id = amendment->class,
                                      .version = amendment->version,
                                      .name = form->name,
                                      .item = plan.programme->item->no,
                                      .programme = plan.programme->code,
                                      .occupation = form->occupation,
                                      .level = form->level,
                                      .region = form->region,
                                      .place = form->place,
                                      .place_key = text_compact(ctx->arena, form->place),
                                      .teacher = plan.teacher,
                                      .evaluator = plan.evaluator,
                                      .starts_on = form->starts_on,
                                      .ends_on = plan.ends_on,
                                      .lesson_hours = form->lesson_hours,
                                      .capacity = form->capacity,
                                      .tags = tags_of(ctx, plan.programme, &amendment->opening),
                                      .clause = plan.programme->item->clause->id,
                                      .is_subsidised = plan.programme->is_subsidised,
                                      .exam_kind = form->exam_kind,
                                      .exam_on = form->exam_on,
                                      .exam_place = form->exam_place,
                                  });
    if (changed == 0)
        return CLASS_APPLY_STALE;
    if (!is_kept) {
        sql_sessions_forget(ctx, amendment->class);
        lay_out(ctx, amendment->class, form);
    }
    registry_trace(ctx, "training_class", amendment->class.v, "class_amend", NULL);
    return CLASS_APPLY_DONE;
}

enum class_submit training_class_submit(struct ctx *ctx, training_class_id id, int64_t version,
                                        struct training_trouble *ret_trouble)
{
    struct training_class class;
    *ret_trouble = (struct training_trouble){0};
    if (!sql_class_by_id(ctx, id, &class))
        return CLASS_SUBMIT_NOT_FOUND;
    if (!registry_actor_is_of(ctx, class.organisation))
        return CLASS_SUBMIT_NOT_YOUR_INSTITUTION;
    if (class.state != CLASS_STATE_DRAFT && class.state != CLASS_STATE_RETURNED)
        return CLASS_SUBMIT_WRONG_STATE;
    if (day_compare(class.starts_on, ctx->today) < 0)
        return CLASS_SUBMIT_STARTS_IN_THE_PAST;
    if (class.exam_kind == EXAM_KIND_NONE || day_is_none(class.exam_on) ||
        text_empty(class.exam_place))
        return CLASS_SUBMIT_EXAM_SCHEME_MISSING;
    if (sql_sessions_without_subject(ctx, id) > 0)
        return CLASS_SUBMIT_PLAN_MISSING;
    if (sql_teacher_clash(ctx, id, &ret_trouble->clash))
        return CLASS_SUBMIT_TEACHER_CLASH;
    if (sql_place_clash(ctx, id, &ret_trouble->clash))
        return CLASS_SUBMIT_PLACE_CLASH;
    if (sql_class_submit_step(ctx, id, version, ctx->actor->account, ctx->now) == 0)
        return CLASS_SUBMIT_STALE;
    registry_trace(ctx, "training_class", id.v, "class_submit", NULL);
    return CLASS_SUBMIT_DONE;
}

static enum class_state state_after(enum class_decision decision)
{
    switch (decision) {
    case CLASS_DECISION_APPROVE:
        return CLASS_STATE_APPROVED;
    case CLASS_DECISION_RETURN:
        return CLASS_STATE_RETURNED;
    case CLASS_DECISION_REJECT:
        return CLASS_STATE_REJECTED;
    case CLASS_DECISION_NONE:
        break;
    }
    return CLASS_STATE_NONE;
}

static const char *trace_of(enum class_decision decision)
{
    switch (decision) {
    case CLASS_DECISION_APPROVE:
        return "class_approve";
    case CLASS_DECISION_RETURN:
        return "class_return";
    case CLASS_DECISION_REJECT:
        return "class_reject";
    case CLASS_DECISION_NONE:
        break;
    }
    return NULL;
}

/* A class is approved whose place was looked at, and whose teacher and room are free. */
static enum class_review check_approval(struct ctx *ctx, const struct training_class *class,
                                        struct training_trouble *ret_trouble)
{
    enum class_review answer = training__site_allows(ctx, class);
    if (answer != CLASS_REVIEW_DONE)
        return answer;
    if (sql_teacher_clash(ctx, class->id, &ret_trouble->clash))
        return CLASS_REVIEW_TEACHER_CLASH;
    if (sql_place_clash(ctx, class->id, &ret_trouble->clash))
        return CLASS_REVIEW_PLACE_CLASH;
    return CLASS_REVIEW_DONE;
}

static enum class_review check_review(struct ctx *ctx, const struct class_verdict *verdict,
                                      struct training_trouble *ret_trouble)
{
    struct training_class class;
    *ret_trouble = (struct training_trouble){0};
    if (!sql_class_by_id(ctx, verdict->id, &class))
        return CLASS_REVIEW_NOT_FOUND;
    account_id actor = ctx->actor->account;
    if (class.submitted_by.v == actor.v || class.created_by.v == actor.v)
        return CLASS_REVIEW_OWN_SUBMISSION;
    if (!registry_actor_covers_region(ctx, class.region))
        return CLASS_REVIEW_NOT_YOUR_REGION;
    if (class.state != CLASS_STATE_SUBMITTED)
        return CLASS_REVIEW_WRONG_STATE;
    if (verdict->decision == CLASS_DECISION_NONE)
        return CLASS_REVIEW_DECISION_MISSING;
    if (verdict->decision == CLASS_DECISION_APPROVE)
        return check_approval(ctx, &class, ret_trouble);
    return text_empty(verdict->note) ? CLASS_REVIEW_NOTE_MISSING : CLASS_REVIEW_DONE;
}

enum class_review training_class_review(struct ctx *ctx, const struct class_verdict *verdict,
                                        struct training_trouble *ret_trouble)
{
    enum class_review answer = check_review(ctx, verdict, ret_trouble);
    if (answer != CLASS_REVIEW_DONE)
        return answer;
    if (sql_class_review_step(ctx, verdict->id, verdict->version, ctx->actor->account,
                              state_after(verdict->decision)) == 0)
        return CLASS_REVIEW_STALE;
    registry_trace(ctx, "training_class", verdict->id.v, trace_of(verdict->decision),
                   verdict->note);
    return CLASS_REVIEW_DONE;
}

bool training_class_get(struct ctx *ctx, training_class_id id, struct training_class *ret)
{
    return sql_class_by_id(ctx, id, ret);
}

struct session_list training_sessions(struct ctx *ctx, training_class_id class)
{
    return sql_sessions_of(ctx, class);
}

bool training_class_close(struct ctx *ctx, training_class_id id)
{
    if (sql_class_close_step(ctx, id) == 0)
        return false;
    registry_trace(ctx, "training_class", id.v, "class_close", NULL);
    return true;
}

int64_t training_to_examine(struct ctx *ctx)
{
    return sql_class_count_to_examine(ctx, ctx->actor->organisation);
}

int64_t training_returned(struct ctx *ctx)
{
    return sql_class_count_returned(ctx, ctx->actor->organisation);
}

int64_t training_waiting(struct ctx *ctx)
{
    return sql_class_count_waiting(ctx, registry_actor_region_prefix(ctx));
}

const char *training_taught(const struct training_class *class)
{
    return class->occupation == NULL ? class->programme : class->occupation;
}
