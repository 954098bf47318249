/* One class, step by step: from the application to the results. */
#include <inttypes.h>
#include <string.h>

#include "evaluation/evaluation.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "simulate/simulate_room.h"

enum { DAILY_HOURS = 8, SUBJECTS = 6, FIRST_TEACHER = 9000000 };

static struct made_person made_teacher(struct scene *scene)
{
    return simulate__person(scene->ctx, scene->simulation->seed,
                            FIRST_TEACHER + scene->class->number,
                            SIMULATE__PLACES[scene->class->place]);
}

bool simulate__apply(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    struct training_trouble trouble;
    const struct pack_teaches *teaches = scene->class->programme->teaches.count == 0
                                             ? NULL
                                             : &scene->class->programme->teaches.items[0];
    const struct pack_level *level = NULL;
    for (size_t i = 0; teaches != NULL && i < ctx->pack->levels.count && level == NULL; i++)
        if ((teaches->levels >> ctx->pack->levels.items[i].rank & 1) != 0)
            level = &ctx->pack->levels.items[i];
    struct made_person teacher = made_teacher(scene);
    struct class_application form = {
        .name = arena_printf(ctx->arena, "%s第%" PRId64 "期",
                             pack_say(scene->class->programme->name, LANGUAGE_ZH),
                             scene->class->number + 1),
        .programme = scene->class->programme->code,
        .occupation = teaches == NULL ? NULL : teaches->occupation->code,
        .region = SIMULATE__PLACES[scene->class->place],
        .place = arena_printf(ctx->arena, "实训楼%" PRId64 "教室", 100 + scene->class->number),
        .teacher_no = teacher.identity_no,
        .teacher_name = teacher.name,
        .starts_on = scene->class->first_day,
        .starts_at = "09:00",
        .lesson_hours = scene->class->programme->lessons_least,
        .daily_hours = scene->class->programme->lessons_least < DAILY_HOURS
                           ? scene->class->programme->lessons_least
                           : DAILY_HOURS,
        .capacity = SIMULATE_CAPACITY,
        .evaluator_code = simulate__evaluator_code(scene, scene->class->place),
        .exam_kind = EXAM_KIND_BOTH,
        .exam_place = "示例技能考核站",
    };
    int64_t days = (form.lesson_hours + form.daily_hours - 1) / form.daily_hours;
    form.exam_on = day_plus(form.starts_on, (int32_t)days - 1);
    if (level != NULL && !skill_level_parse(level->code, &form.level))
        return simulate__refuse(scene, "level");
    if (!simulate__act(scene, "school", scene->class->place))
        return false;
    struct class_opening opening = {.form = &form, .organisation = ctx->actor->organisation};
    enum class_apply applied = training_class_apply(ctx, &opening, &scene->class->id, &trouble);
    return applied == CLASS_APPLY_DONE || simulate__refuse(scene, class_apply_info(applied)->code);
}

/* What a course is made of, over and over. */
static const struct {
    const char *subject;
    enum lesson_kind kind;
} COURSE[SUBJECTS] = {
    {"职业道德和安全生产", LESSON_KIND_THEORY}, {"基础知识", LESSON_KIND_THEORY},
    {"操作规程和示范", LESSON_KIND_PRACTICE},   {"分组实操", LESSON_KIND_PRACTICE},
    {"综合实操和答疑", LESSON_KIND_PRACTICE},   {"复习和模拟考核", LESSON_KIND_PRACTICE},
};

enum class_plan simulate__plan(struct ctx *ctx, training_class_id id)
{
    struct training_trouble trouble;
    struct training_class class = {0};
    training_class_get(ctx, id, &class);
    struct session_list sessions = training_sessions(ctx, id);
    struct planning planning = {
        .class = id,
        .version = class.version,
        .lessons = arena_array(ctx->arena, sessions.count, struct planned_lesson),
        .count = sessions.count,
    };
    for (size_t i = 0; i < sessions.count; i++)
        planning.lessons[i] = (struct planned_lesson){
            .held_on = instant_day(sessions.items[i].starts_at),
            .starts_at = instant_minutes(sessions.items[i].starts_at),
            .lesson_hours = sessions.items[i].lesson_hours,
            .kind = COURSE[i % SUBJECTS].kind,
            .subject = COURSE[i % SUBJECTS].subject,
            .line = (int64_t)i + 1,
        };
    return training_plan(ctx, &planning, &trouble);
}

enum site_check simulate__look(struct ctx *ctx, training_class_id id)
{
    struct training_trouble trouble;
    const struct pack_site_item_list *items = &ctx->pack->site_items;
    struct site_finding_given *findings =
        arena_array(ctx->arena, items->count, struct site_finding_given);
    for (size_t i = 0; i < items->count; i++)
        findings[i] = (struct site_finding_given){items->items[i].key, CHECK_FINDING_PASSED, NULL};
    struct site_checking checking = {id, ctx->today, findings, items->count};
    return training_site_check(ctx, &checking, &trouble);
}

static int64_t class_version(struct scene *scene)
{
    struct training_class class = {0};
    training_class_get(scene->ctx, scene->class->id, &class);
    return class.version;
}

bool simulate__submit(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    struct training_trouble trouble;
    if (!simulate__act(scene, "school", scene->class->place))
        return false;
    enum class_plan planned = simulate__plan(ctx, scene->class->id);
    if (planned != CLASS_PLAN_DONE)
        return simulate__refuse(scene, class_plan_info(planned)->code);
    enum class_submit answer =
        training_class_submit(ctx, scene->class->id, class_version(scene), &trouble);
    return answer == CLASS_SUBMIT_DONE || simulate__refuse(scene, class_submit_info(answer)->code);
}

static bool review(struct scene *scene, enum class_decision decision, const char *note)
{
    struct training_trouble trouble;
    if (!simulate__act(scene, "county", scene->class->place))
        return false;
    enum site_check looked = decision == CLASS_DECISION_APPROVE
                                 ? simulate__look(scene->ctx, scene->class->id)
                                 : SITE_CHECK_DONE;
    if (looked != SITE_CHECK_DONE)
        return simulate__refuse(scene, site_check_info(looked)->code);
    struct class_verdict verdict = {.id = scene->class->id,
                                    .version = class_version(scene),
                                    .decision = decision,
                                    .note = note};
    enum class_review answer = training_class_review(scene->ctx, &verdict, &trouble);
    return answer == CLASS_REVIEW_DONE || simulate__refuse(scene, class_review_info(answer)->code);
}

bool simulate__approve(struct ctx *ctx, void *argument)
{
    (void)ctx;
    return review(argument, CLASS_DECISION_APPROVE, NULL);
}

bool simulate__return(struct ctx *ctx, void *argument)
{
    (void)ctx;
    return review(argument, CLASS_DECISION_RETURN, "请写明实训教室所在的楼层和门牌（示例）。");
}

bool simulate__reject(struct ctx *ctx, void *argument)
{
    (void)ctx;
    return review(argument, CLASS_DECISION_REJECT, "与本县同期同工种班重复（示例）。");
}

static bool enrol_one(struct scene *scene)
{
    struct ctx *ctx = scene->ctx;
    struct training_trouble trouble;
    struct person person;
    enrolment_id enrolment;
    bool is_first = scene->next_person == 0;
    struct made_person made = simulate__person(ctx, scene->simulation->seed, scene->next_person++,
                                               SIMULATE__PLACES[scene->class->place]);
    struct enrolling enrolling = {.class = scene->class->id, .import_id = INT64_MIN};
    const struct pack_programme *programme = scene->class->programme;
    const char *group = NULL;
    if (programme->target_group_count > 0)
        group =
            programme->target_groups[simulate__roll(&scene->dice, programme->target_group_count)]
                ->code;
    enum person_register registered = registry_person_register(
        ctx,
        &(struct person_args){.identity_no = made.identity_no,
                              .name = made.name,
                              .phone = made.phone,
                              .region = SIMULATE__PLACES[scene->class->place],
                              .bank_account = made.bank_account,
                              .bank_name = "示例农村商业银行",
                              .tags =
                                  group == NULL ? NULL : arena_printf(ctx->arena, "|%s|", group)},
        &enrolling.person);
    if (registered != PERSON_REGISTER_DONE || !registry_person(ctx, enrolling.person, &person))
        return simulate__refuse(scene, person_register_info(registered)->code);
    enrolling.born_on = person.born_on;
    enrolling.is_woman = text_equal(person.sex, "female");
    enrolling.tags = person.tags;
    enum class_enrol answer = training_enrol(ctx, &enrolling, &enrolment, &trouble);
    if (answer != CLASS_ENROL_DONE)
        return simulate__refuse(scene, class_enrol_info(answer)->code);
    return !is_first ||
           simulate__add_own_account(scene, &(struct own_account){.login = "worker1",
                                                                  .person = enrolling.person,
                                                                  .name = made.name,
                                                                  .role = ROLE_WORKER});
}

bool simulate__enrol(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    int64_t share = scene->simulation->people /
                    (scene->simulation->classes > 0 ? scene->simulation->classes : 1);
    int64_t count = share < 1                            ? 1
                    : share > SIMULATE_CLASS_PEOPLE_MOST ? SIMULATE_CLASS_PEOPLE_MOST
                                                         : share;
    (void)ctx;
    if (!simulate__act(scene, "school", scene->class->place))
        return false;
    for (int64_t i = 0; i < count; i++)
        if (!enrol_one(scene))
            return false;
    return true;
}

static bool punch_all(struct scene *scene, const struct session *session, enum punch_kind kind,
                      struct instant at)
{
    struct training_trouble trouble;
    struct enrolment_list trainees = training_enrolments(scene->ctx, scene->class->id);
    for (size_t i = 0; i < trainees.count; i++) {
        /* One in forty lessons is missed, but by the first: each class has one who completes it. */
        if (simulate__roll(&scene->dice, 40) == 0 && i > 0)
            continue;
        struct punching punching = {.session = session->id,
                                    .enrolment = trainees.items[i].id,
                                    .kind = kind,
                                    .method = PUNCH_METHOD_TEACHER_LIST,
                                    .punched_at = at};
        enum class_punch answer = training_punch(scene->ctx, &punching, &trouble);
        if (answer != CLASS_PUNCH_DONE && answer != CLASS_PUNCH_NOT_CHECKED_IN)
            return simulate__refuse(scene, class_punch_info(answer)->code);
    }
    return true;
}

bool simulate__attend(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    if (!simulate__act(scene, "school", scene->class->place))
        return false;
    struct session_list sessions = training_sessions(ctx, scene->class->id);
    for (size_t i = 0; i < sessions.count && sessions.items[i].ends_at.v <= ctx->now.v; i++)
        if (!punch_all(scene, &sessions.items[i], PUNCH_KIND_CHECK_IN,
                       sessions.items[i].starts_at) ||
            !punch_all(scene, &sessions.items[i], PUNCH_KIND_CHECK_OUT, sessions.items[i].ends_at))
            return false;
    return true;
}

bool simulate__teach(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    struct made_person made = made_teacher(scene);
    struct own_account own = {.login = "teacher1", .name = made.name, .role = ROLE_TEACHER};
    if (!simulate__attend(ctx, argument))
        return false;
    own.organisation = ctx->actor->organisation;
    enum person_register answer = registry_person_register(
        ctx,
        &(struct person_args){.identity_no = made.identity_no,
                              .name = made.name,
                              .phone = made.phone,
                              .region = SIMULATE__PLACES[scene->class->place]},
        &own.person);
    /* The application has named this teacher. */
    if (answer != PERSON_REGISTER_DONE && answer != PERSON_REGISTER_KNOWN)
        return simulate__refuse(scene, person_register_info(answer)->code);
    return simulate__add_own_account(scene, &own);
}

bool simulate__finish(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    if (!simulate__act(scene, "school", scene->class->place))
        return false;
    enum class_finish answer = training_class_finish(ctx, scene->class->id, class_version(scene));
    return answer == CLASS_FINISH_DONE || simulate__refuse(scene, class_finish_info(answer)->code);
}

bool simulate__examine(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    if (!simulate__act(scene, "evaluator", scene->class->place))
        return false;
    struct enrolment_list trainees = training_enrolments(ctx, scene->class->id);
    struct result_line *lines = arena_array(ctx->arena, trainees.count, struct result_line);
    for (size_t i = 0; i < trainees.count; i++)
        lines[i] = (struct result_line){
            trainees.items[i].id,
            (i == 0 ? 70 : 52) + (int64_t)simulate__roll(&scene->dice, i == 0 ? 30 : 48)};
    enum results_record answer = evaluation_record(ctx, scene->class->id, lines, trainees.count);
    return answer == RESULTS_RECORD_DONE ||
           simulate__refuse(scene, results_record_info(answer)->code);
}
