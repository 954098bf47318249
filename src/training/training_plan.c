/* The course plan: a class's lessons, one by one, in the stead of the timetable laid out for it. */
#include <stdlib.h>

#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training.h"
#include "training_sql.h"

enum { MINUTES_PER_DAY = 24 * 60, MS_PER_MINUTE = 60 * 1000 };

static int compare_lessons(const void *one, const void *other)
{
    const struct planned_lesson *a = one;
    const struct planned_lesson *b = other;
    int by_day = day_compare(a->held_on, b->held_on);
    return by_day != 0 ? by_day : (a->starts_at > b->starts_at) - (a->starts_at < b->starts_at);
}

/* Each lesson by itself. */
static enum class_plan check_lesson(const struct planned_lesson *lesson, int64_t lesson_minutes)
{
    if (day_is_none(lesson->held_on) || lesson->starts_at < 0 || lesson->lesson_hours < 1 ||
        lesson->lesson_hours > MINUTES_PER_DAY / lesson_minutes ||
        lesson->starts_at + lesson->lesson_hours * lesson_minutes > MINUTES_PER_DAY)
        return CLASS_PLAN_LESSON_UNREADABLE;
    bool is_whole = lesson->kind != LESSON_KIND_NONE && !text_empty(lesson->subject);
    return is_whole ? CLASS_PLAN_DONE : CLASS_PLAN_SUBJECT_MISSING;
}

/* The lessons in order of time: none begins before the one before it ends, no day is too long. */
static enum class_plan check_order(const struct ctx *ctx, const struct planning *planning,
                                   int64_t lesson_minutes, struct training_trouble *ret_trouble)
{
    int64_t of_day = 0;
    for (size_t i = 0; i < planning->count; i++) {
        const struct planned_lesson *lesson = &planning->lessons[i];
        const struct planned_lesson *before = i == 0 ? NULL : lesson - 1;
        bool is_same_day = before != NULL && day_compare(before->held_on, lesson->held_on) == 0;
        ret_trouble->line = lesson->line;
        if (is_same_day &&
            lesson->starts_at < before->starts_at + before->lesson_hours * lesson_minutes)
            return CLASS_PLAN_LESSONS_OVERLAP;
        of_day = (is_same_day ? of_day : 0) + lesson->lesson_hours;
        ret_trouble->found = of_day;
        ret_trouble->limit =
            pack_parameter(ctx->pack, PARAMETER_LESSONS_PER_DAY_MOST, lesson->held_on);
        if (of_day > ret_trouble->limit)
            return CLASS_PLAN_DAY_TOO_LONG;
    }
    return CLASS_PLAN_DONE;
}

/* The lessons together: as many as the class has, within the plan's years and before the exam. */
static enum class_plan check_whole(const struct ctx *ctx, const struct training_class *class,
                                   const struct planning *planning,
                                   struct training_trouble *ret_trouble)
{
    int64_t hours = 0;
    for (size_t i = 0; i < planning->count; i++)
        hours += planning->lessons[i].lesson_hours;
    ret_trouble->found = hours;
    ret_trouble->limit = class->lesson_hours;
    if (hours != class->lesson_hours)
        return CLASS_PLAN_HOURS_DIFFER;
    struct day first = planning->lessons[0].held_on;
    struct day last = planning->lessons[planning->count - 1].held_on;
    if (day_compare(first, ctx->today) < 0)
        return CLASS_PLAN_STARTS_IN_THE_PAST;
    const struct pack_programme *programme = pack_programme(ctx->pack, class->programme);
    bool is_in_plan = day_compare(ctx->pack->first_day, first) <= 0 &&
                      day_compare(last, ctx->pack->last_day) <= 0;
    if (!is_in_plan || programme == NULL || !pack_programme_runs(programme, first))
        return CLASS_PLAN_OUTSIDE_THE_PLAN;
    bool is_examined_before = !day_is_none(class->exam_on) && day_compare(class->exam_on, last) < 0;
    return is_examined_before ? CLASS_PLAN_EXAM_BEFORE_LESSONS_END : CLASS_PLAN_DONE;
}

static enum class_plan check_planning(struct ctx *ctx, const struct planning *planning,
                                      struct training_class *ret,
                                      struct training_trouble *ret_trouble)
{
    if (!sql_class_by_id(ctx, planning->class, ret))
        return CLASS_PLAN_NOT_FOUND;
    if (!registry_actor_is_of(ctx, ret->organisation))
        return CLASS_PLAN_NOT_YOUR_INSTITUTION;
    if (ret->state != CLASS_STATE_DRAFT && ret->state != CLASS_STATE_RETURNED)
        return CLASS_PLAN_WRONG_STATE;
    int64_t lesson_minutes = pack_parameter(ctx->pack, PARAMETER_LESSON_MINUTES, ctx->today);
    for (size_t i = 0; i < planning->count; i++) {
        ret_trouble->line = planning->lessons[i].line;
        enum class_plan answer = check_lesson(&planning->lessons[i], lesson_minutes);
        if (answer != CLASS_PLAN_DONE)
            return answer;
    }
    if (planning->count > 0)
        qsort(planning->lessons, planning->count, sizeof *planning->lessons, compare_lessons);
    enum class_plan answer = check_order(ctx, planning, lesson_minutes, ret_trouble);
    return answer == CLASS_PLAN_DONE ? check_whole(ctx, ret, planning, ret_trouble) : answer;
}

static void write_lessons(struct ctx *ctx, const struct planning *planning)
{
    int64_t lesson_minutes = pack_parameter(ctx->pack, PARAMETER_LESSON_MINUTES, ctx->today);
    for (size_t i = 0; i < planning->count; i++) {
        const struct planned_lesson *lesson = &planning->lessons[i];
        struct instant start = day_at(lesson->held_on, (int)lesson->starts_at);
        int64_t length = lesson->lesson_hours * lesson_minutes * MS_PER_MINUTE;
        sql_session_insert(ctx, &(struct sql_session_insert){
                                    .id = {id_next(ctx->ids, ctx->now)},
                                    .class = planning->class,
                                    .number = (int64_t)i + 1,
                                    .starts_at = start,
                                    .ends_at = {start.v + length},
                                    .lesson_hours = lesson->lesson_hours,
                                    .kind = lesson->kind,
                                    .subject = text_clean(ctx->arena, lesson->subject),
                                });
    }
}

enum class_plan training_plan(struct ctx *ctx, const struct planning *planning,
                              struct training_trouble *ret_trouble)
{
    struct training_class class;
    *ret_trouble = (struct training_trouble){0};
    enum class_plan answer = check_planning(ctx, planning, &class, ret_trouble);
    if (answer != CLASS_PLAN_DONE)
        return answer;
    if (sql_class_plan_step(ctx, &(struct sql_class_plan_step){
                                     .id = planning->class,
                                     .version = planning->version,
                                     .starts_on = planning->lessons[0].held_on,
                                     .ends_on = planning->lessons[planning->count - 1].held_on,
                                 }) == 0)
        return CLASS_PLAN_STALE;
    sql_sessions_forget(ctx, planning->class);
    write_lessons(ctx, planning);
    registry_trace(ctx, "training_class", planning->class.v, "class_plan", NULL);
    return CLASS_PLAN_DONE;
}
