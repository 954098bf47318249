/*
 * What counts of the punches. While a class is taught that is worked out each time; when it is
 * finished the roll is made from the punches, once, and closed: the roll, not the punches, decides
 * who passes. What was wrong is put right by counter-entries, each with its reason and its actor.
 */
#include "base/text.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training.h"
#include "training_sql.h"

enum { MS_PER_MINUTE = 60 * 1000, PERMILLE = 1000 };

/* The part of the session that lies between the two punches. */
static int64_t present_ms(const struct presence *presence)
{
    int64_t from = presence->checked_in_at.v, to = presence->checked_out_at.v;
    if (instant_is_none(presence->checked_in_at) || instant_is_none(presence->checked_out_at))
        return 0;
    from = from < presence->starts_at.v ? presence->starts_at.v : from;
    to = to > presence->ends_at.v ? presence->ends_at.v : to;
    return to > from ? to - from : 0;
}

static int64_t hours_by_punches(const struct presence *presence, int64_t share)
{
    int64_t length = presence->ends_at.v - presence->starts_at.v, present = present_ms(presence);
    if (present * PERMILLE >= length * share)
        return presence->lesson_hours;
    return present * presence->lesson_hours / length;
}

static int64_t hours_of(const struct presence *presence, int64_t share)
{
    bool is_rolled = presence->rolled_hours != INT64_MIN;
    return is_rolled ? presence->rolled_hours + presence->corrected_hours
                     : hours_by_punches(presence, share);
}

static int64_t presence_share(const struct ctx *ctx, const struct training_class *class)
{
    return pack_parameter(ctx->pack, PARAMETER_SESSION_PRESENCE_LEAST_PERMILLE, class->starts_on);
}

static int64_t attendance_share(const struct ctx *ctx, const struct training_class *class)
{
    return pack_parameter(ctx->pack, PARAMETER_ATTENDANCE_LEAST_PERMILLE, class->starts_on);
}

bool training_attended_enough(const struct ctx *ctx, const struct training_class *class,
                              int64_t lesson_hours)
{
    return lesson_hours * PERMILLE >= class->lesson_hours * attendance_share(ctx, class);
}

struct attendance_list training_attendance(struct ctx *ctx, training_class_id class)
{
    struct training_class known;
    struct attendance_list list = {0};
    if (!sql_class_by_id(ctx, class, &known))
        return list;
    struct presence_list presences = sql_presences_of_class(ctx, class, (session_id){0});
    int64_t share = presence_share(ctx, &known), least = attendance_share(ctx, &known);
    list.items = arena_array(ctx->arena, presences.count, struct attendance);
    for (size_t i = 0; i < presences.count; i++) {
        const struct presence *presence = &presences.items[i];
        if (i == 0 || presence->enrolment.v != presences.items[i - 1].enrolment.v)
            list.items[list.count++] = (struct attendance){.enrolment = presence->enrolment};
        struct attendance *attendance = &list.items[list.count - 1];
        attendance->lesson_hours += hours_of(presence, share);
        if (instant_compare(presence->ends_at, ctx->now) < 0)
            attendance->held_hours += presence->lesson_hours;
        attendance->is_low = attendance->lesson_hours * PERMILLE < attendance->held_hours * least;
    }
    return list;
}

struct session_presence_list training_session_presences(struct ctx *ctx,
                                                        const struct session *session)
{
    struct training_class class = {0};
    struct session_presence_list list = {0};
    if (!sql_class_by_id(ctx, session->class, &class))
        return list;
    struct presence_list presences = sql_presences_of_class(ctx, session->class, session->id);
    list.count = presences.count;
    list.items = arena_array(ctx->arena, presences.count, struct session_presence);
    for (size_t i = 0; i < presences.count; i++)
        list.items[i] = (struct session_presence){
            .presence = presences.items[i],
            .lesson_hours = hours_of(&presences.items[i], presence_share(ctx, &class))};
    return list;
}

/* --- the end of the lessons */

static void make_roll(struct ctx *ctx, const struct training_class *class)
{
    struct presence_list presences = sql_presences_of_class(ctx, class->id, (session_id){0});
    for (size_t i = 0; i < presences.count; i++) {
        const struct presence *presence = &presences.items[i];
        sql_roll_insert(ctx,
                        &(struct sql_roll_insert){
                            .person = presence->person,
                            .enrolment = presence->enrolment,
                            .session = presence->session,
                            .present_minutes = present_ms(presence) / MS_PER_MINUTE,
                            .lesson_hours = hours_by_punches(presence, presence_share(ctx, class)),
                            .made_by = ctx->actor->account,
                            .made_at = ctx->now});
    }
}

enum class_finish training_class_finish(struct ctx *ctx, training_class_id id, int64_t version)
{
    struct training_class class;
    if (!sql_class_by_id(ctx, id, &class))
        return CLASS_FINISH_NOT_FOUND;
    if (!registry_actor_is_of(ctx, class.organisation))
        return CLASS_FINISH_NOT_YOUR_INSTITUTION;
    if (class.state != CLASS_STATE_IN_PROGRESS)
        return CLASS_FINISH_WRONG_STATE;
    if (sql_session_last_end(ctx, id) > ctx->now.v)
        return CLASS_FINISH_SESSIONS_LEFT;
    if (sql_enrolment_count(ctx, id) == 0)
        return CLASS_FINISH_NOBODY_ENROLLED;
    if (sql_class_finish_step(ctx, id, version) == 0)
        return CLASS_FINISH_STALE;
    make_roll(ctx, &class);
    registry_trace(ctx, "training_class", id.v, "class_finish", NULL);
    return CLASS_FINISH_DONE;
}

/* --- counter-entries */

/* The trainee in the session; false where one of the two is not of the class. */
static bool find_presence(struct ctx *ctx, const struct correcting *correcting,
                          struct training_class *ret_class, struct presence *ret)
{
    struct session session;
    if (!sql_session_by_id(ctx, correcting->session, &session) ||
        !sql_class_by_id(ctx, session.class, ret_class))
        return false;
    struct presence_list presences = sql_presences_of_class(ctx, session.class, session.id);
    for (size_t i = 0; i < presences.count; i++)
        if (presences.items[i].enrolment.v == correcting->enrolment.v) {
            *ret = presences.items[i];
            return true;
        }
    return false;
}

enum attendance_correct training_attendance_correct(struct ctx *ctx,
                                                    const struct correcting *correcting)
{
    struct training_class class;
    struct presence presence;
    if (!find_presence(ctx, correcting, &class, &presence))
        return ATTENDANCE_CORRECT_NOT_FOUND;
    if (!registry_actor_covers_region(ctx, class.region))
        return ATTENDANCE_CORRECT_NOT_YOUR_REGION;
    if (presence.rolled_hours == INT64_MIN)
        return ATTENDANCE_CORRECT_WRONG_STATE;
    int64_t now = presence.rolled_hours + presence.corrected_hours,
            added = correcting->lesson_hours;
    if (added == 0 || added < -now || added > presence.lesson_hours - now)
        return ATTENDANCE_CORRECT_HOURS_OUT_OF_RANGE;
    if (text_empty(correcting->reason))
        return ATTENDANCE_CORRECT_REASON_MISSING;
    sql_correction_insert(ctx, &(struct sql_correction_insert){.id = id_next(ctx->ids, ctx->now),
                                                               .person = presence.person,
                                                               .enrolment = presence.enrolment,
                                                               .session = presence.session,
                                                               .lesson_hours = added,
                                                               .reason = correcting->reason,
                                                               .recorded_by = ctx->actor->account,
                                                               .actor_name = ctx->actor->name,
                                                               .recorded_at = ctx->now});
    registry_trace(ctx, "training_class", class.id.v, "attendance_correct", correcting->reason);
    return ATTENDANCE_CORRECT_DONE;
}
