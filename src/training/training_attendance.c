/*
 * Who was there: a punch is raw evidence and never edited. What counts of it is in training_roll.c.
 */
#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training.h"
#include "training/training_room.h"
#include "training_sql.h"

enum { MS_PER_MINUTE = 60 * 1000, PERMILLE = 1000 };

bool training__calls_roll(const struct ctx *ctx, const struct training_class *class)
{
    bool is_teacher = ctx->actor->person.v != 0 && ctx->actor->person.v == class->teacher.v;
    return registry_actor_is_of(ctx, class->organisation) || is_teacher;
}

/* A worker punches for herself; whoever else does must be of the institution. */
static bool may_punch(const struct ctx *ctx, const struct training_class *class,
                      const struct punching *punching, person_id person)
{
    if (punching->method == PUNCH_METHOD_OWN_PHONE)
        return ctx->actor->person.v == person.v;
    return training__calls_roll(ctx, class);
}

/* A punch belongs to the lesson: nobody checks in behind it or out before it, and no device's clock
 * runs ahead of the day. */
static enum class_punch check_time(const struct ctx *ctx, const struct session *session,
                                   const struct punching *punching)
{
    int64_t early = pack_parameter(ctx->pack, PARAMETER_PUNCH_EARLY_MINUTES, ctx->today);
    int64_t late = pack_parameter(ctx->pack, PARAMETER_PUNCH_LATE_MINUTES, ctx->today);
    bool is_out = punching->kind == PUNCH_KIND_CHECK_OUT;
    int64_t opens = session->starts_at.v - (is_out ? 0 : early * MS_PER_MINUTE);
    int64_t closes = session->ends_at.v + (is_out ? late * MS_PER_MINUTE : 0);
    if (punching->punched_at.v < opens || ctx->now.v < opens)
        return CLASS_PUNCH_TOO_EARLY;
    if (punching->punched_at.v > closes)
        return CLASS_PUNCH_TOO_LATE;
    return CLASS_PUNCH_DONE;
}

static enum class_punch check_punch(struct ctx *ctx, const struct punching *punching,
                                    struct enrolment *ret_enrolment,
                                    struct training_class *ret_class,
                                    struct training_trouble *ret_trouble)
{
    struct session session;
    if (!sql_session_by_id(ctx, punching->session, &session) ||
        !sql_enrolment_by_id(ctx, punching->enrolment, ret_enrolment) ||
        ret_enrolment->class.v != session.class.v ||
        !sql_class_by_id(ctx, session.class, ret_class))
        return CLASS_PUNCH_NOT_FOUND;
    if (!may_punch(ctx, ret_class, punching, ret_enrolment->person))
        return CLASS_PUNCH_NOT_YOURS;
    bool is_open =
        ret_class->state == CLASS_STATE_APPROVED || ret_class->state == CLASS_STATE_IN_PROGRESS;
    if (!is_open || ret_enrolment->state != ENROLMENT_STATE_ENROLLED)
        return CLASS_PUNCH_WRONG_STATE;
    enum class_punch answer = check_time(ctx, &session, punching);
    if (answer != CLASS_PUNCH_DONE)
        return answer;
    if (punching->kind == PUNCH_KIND_CHECK_OUT &&
        sql_punch_count(ctx, punching->enrolment, punching->session, PUNCH_KIND_CHECK_IN) == 0)
        return CLASS_PUNCH_NOT_CHECKED_IN;
    if (punching->method == PUNCH_METHOD_OWN_PHONE && !text_empty(punching->device) &&
        sql_device_clash(ctx, punching->device, punching->session, ret_enrolment->person,
                         &ret_trouble->clash))
        return CLASS_PUNCH_DEVICE_CLASH;
    return CLASS_PUNCH_DONE;
}

enum class_punch training_punch(struct ctx *ctx, const struct punching *punching,
                                struct training_trouble *ret_trouble)
{
    struct enrolment enrolment;
    struct training_class class;
    *ret_trouble = (struct training_trouble){0};
    enum class_punch answer = check_punch(ctx, punching, &enrolment, &class, ret_trouble);
    if (answer != CLASS_PUNCH_DONE)
        return answer;
    int64_t inserted = sql_punch_insert(ctx, &(struct sql_punch_insert){
                                                 .id = {id_next(ctx->ids, ctx->now)},
                                                 .person = enrolment.person,
                                                 .enrolment = enrolment.id,
                                                 .session = punching->session,
                                                 .kind = punching->kind,
                                                 .method = punching->method,
                                                 .device = punching->device,
                                                 .punched_at = punching->punched_at,
                                                 .received_at = ctx->now,
                                                 .recorded_by = ctx->actor->account,
                                             });
    if (inserted == 0)
        return CLASS_PUNCH_ALREADY;
    if (class.state == CLASS_STATE_APPROVED && sql_class_begin(ctx, class.id) > 0)
        registry_trace(ctx, "training_class", class.id.v, "class_begin", NULL);
    return CLASS_PUNCH_DONE;
}
