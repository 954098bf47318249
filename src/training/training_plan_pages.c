/* The course plan as a table to fill in. */
#include <inttypes.h>

#include "base/text.h"
#include "training/training_room.h"
#include "training_html.h"
#include "training_sql.h"
#include "web/show.h"

enum { LESSONS_MOST = 390, SPARE_LINES = 3 }; /* five fields a line, within a form's limit */

/* What was typed into the n-th line; "" where nothing was. */
static const char *typed(struct ctx *ctx, const char *column, int64_t line)
{
    const char *name = arena_printf(ctx->arena, "%s-%" PRId64, column, line);
    return text_clean(ctx->arena, show_text(request_form(ctx, name)));
}

static struct class_plan_line line_typed(struct ctx *ctx, int64_t number)
{
    const char *kind = typed(ctx, "kind", number);
    return (struct class_plan_line){
        .number = number,
        .held_on = typed(ctx, "day", number),
        .starts_at = typed(ctx, "from", number),
        .lesson_hours = typed(ctx, "hours", number),
        .is_theory = text_equal(kind, lesson_kind_code(LESSON_KIND_THEORY)),
        .is_practice = text_equal(kind, lesson_kind_code(LESSON_KIND_PRACTICE)),
        .subject = typed(ctx, "subject", number),
    };
}

/* A line without a day, an hour and a subject is none, whatever its kind. */
static bool is_blank(const struct class_plan_line *line)
{
    return text_empty(line->held_on) && text_empty(line->starts_at) &&
           text_empty(line->lesson_hours) && text_empty(line->subject);
}

static struct class_plan_line line_kept(struct ctx *ctx, const struct session *session)
{
    int minutes = instant_minutes(session->starts_at);
    return (struct class_plan_line){
        .number = session->number,
        .held_on = day_text(ctx->arena, instant_day(session->starts_at)),
        .starts_at = arena_printf(ctx->arena, "%02d:%02d", minutes / 60, minutes % 60),
        .lesson_hours = arena_printf(ctx->arena, "%" PRId64, session->lesson_hours),
        .is_theory = session->kind == LESSON_KIND_THEORY,
        .is_practice = session->kind == LESSON_KIND_PRACTICE,
        .subject = show_text(session->subject),
    };
}

static void fill_lines(struct ctx *ctx, training_class_id id, struct class_plan_model *model)
{
    struct session_list sessions = sql_sessions_of(ctx, id);
    model->lines.items = arena_array(ctx->arena, LESSONS_MOST, struct class_plan_line);
    size_t last = 0;
    for (size_t i = 0; i < LESSONS_MOST; i++) {
        struct class_plan_line *line = &model->lines.items[i];
        if (request_is_post(ctx))
            *line = line_typed(ctx, (int64_t)i + 1);
        else if (i < sessions.count)
            *line = line_kept(ctx, &sessions.items[i]);
        else
            *line = (struct class_plan_line){.number = (int64_t)i + 1};
        if (!is_blank(line))
            last = i + 1;
    }
    size_t shown = last + SPARE_LINES;
    model->lines.count = shown < LESSONS_MOST ? shown : LESSONS_MOST;
}

static struct reply plan_reply(struct ctx *ctx, const struct training_class *class,
                               const char *problem)
{
    struct class_plan_model *model = arena_one(ctx->arena, struct class_plan_model);
    *model = (struct class_plan_model){.id = class->id,
                                       .version = class->version,
                                       .name = class->name,
                                       .lesson_hours = class->lesson_hours,
                                       .problem = problem};
    fill_lines(ctx, class->id, model);
    return reply_page(&class_plan_page, model, problem == NULL ? 200 : 422);
}

struct reply training__show_plan(struct ctx *ctx)
{
    struct training_class class;
    return training__find_own(ctx, &class) ? plan_reply(ctx, &class, NULL) : reply_not_found(ctx);
}

static void read_lesson(const struct class_plan_line *line, struct planned_lesson *ret)
{
    *ret = (struct planned_lesson){
        .starts_at = training__minutes_of(line->starts_at),
        .kind = line->is_theory     ? LESSON_KIND_THEORY
                : line->is_practice ? LESSON_KIND_PRACTICE
                                    : LESSON_KIND_NONE,
        .subject = line->subject,
        .line = line->number,
    };
    if (!day_parse(line->held_on, &ret->held_on))
        ret->held_on = DAY_NONE;
    if (!text_integer(line->lesson_hours, &ret->lesson_hours))
        ret->lesson_hours = 0;
}

struct reply training__post_plan(struct ctx *ctx)
{
    struct training_class class;
    struct training_trouble trouble;
    if (!training__find_own(ctx, &class))
        return reply_not_found(ctx);
    struct planning planning = {
        .class = class.id,
        .version = training__form_version(ctx),
        .lessons = arena_array(ctx->arena, LESSONS_MOST, struct planned_lesson),
    };
    for (int64_t number = 1; number <= LESSONS_MOST; number++) {
        struct class_plan_line line = line_typed(ctx, number);
        if (!is_blank(&line))
            read_lesson(&line, &planning.lessons[planning.count++]);
    }
    enum class_plan outcome = training_plan(ctx, &planning, &trouble);
    const char *path = outcome == CLASS_PLAN_DONE ? training__class_path(ctx, class.id) : NULL;
    struct reply reply = training__answer(ctx, class_plan_info(outcome), path, &trouble);
    if (outcome == CLASS_PLAN_DONE || request_wants_json(ctx))
        return reply;
    return plan_reply(ctx, &class, words_with(ctx, &reply.message));
}
