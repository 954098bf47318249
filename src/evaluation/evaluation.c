/* Recording results and issuing certificates. */
#include "evaluation/evaluation.h"

#include <inttypes.h>

#include "base/text.h"
#include "evaluation_sql.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training.h"

/* The digit of a skill level in a certificate's number: 5 for junior … 1 for senior technician; 0
 * where it has none. */
static int level_digit(enum skill_level level)
{
    switch (level) {
    case SKILL_LEVEL_JUNIOR:
        return 5;
    case SKILL_LEVEL_INTERMEDIATE:
        return 4;
    case SKILL_LEVEL_SENIOR:
        return 3;
    case SKILL_LEVEL_TECHNICIAN:
        return 2;
    case SKILL_LEVEL_SENIOR_TECHNICIAN:
        return 1;
    case SKILL_LEVEL_NONE:
    case SKILL_LEVEL_APPRENTICE:
    case SKILL_LEVEL_SPECIAL_TECHNICIAN:
    case SKILL_LEVEL_CHIEF_TECHNICIAN:
        break;
    }
    return 0;
}

/* Only a programme that ends with a skill-level certificate gives a level. */
static enum skill_level level_of(const struct ctx *ctx, const struct training_class *class)
{
    const struct pack_programme *programme = pack_programme(ctx->pack, class->programme);
    bool has_level = programme != NULL && programme->certificate == CERTIFICATE_KIND_SKILL_LEVEL;
    return has_level ? class->level : SKILL_LEVEL_NONE;
}

/* Who examines, and so whose certificate it is. */
static organisation_id examiner_of(const struct training_class *class)
{
    return class->evaluator.v == 0 ? class->organisation : class->evaluator;
}

static const char *new_number(struct ctx *ctx, const struct training_class *class,
                              const struct organisation *issuer)
{
    int year = day_civil(ctx->today).year;
    int digit = level_digit(level_of(ctx, class));
    char kind = issuer->kind == ORGANISATION_KIND_ENTERPRISE ? 'Y' : 'S';
    const char *prefix =
        digit == 0 ? arena_printf(ctx->arena, "PX%04d%s", year, class->region)
                   : arena_printf(ctx->arena, "%c%s%.2s%s%02d%d", kind, issuer->evaluator_code,
                                  issuer->region, issuer->region, year % 100, digit);
    return arena_printf(ctx->arena, "%s%06" PRId64, prefix, sql_serial_next(ctx, prefix));
}

static void issue(struct ctx *ctx, const struct training_class *class,
                  const struct enrolment *enrolment)
{
    struct person person = {0};
    struct organisation issuer = {0};
    registry_person(ctx, enrolment->person, &person);
    registry_organisation(ctx, examiner_of(class), &issuer);
    certificate_id id = {id_next(ctx->ids, ctx->now)};
    sql_certificate_insert(ctx, &(struct sql_certificate_insert){
                                    .id = id,
                                    .certificate_no = new_number(ctx, class, &issuer),
                                    .person = enrolment->person,
                                    .person_name = person.name,
                                    .enrolment = enrolment->id,
                                    .class = class->id,
                                    .issuer = issuer.name,
                                    .occupation = class->occupation,
                                    .level = level_of(ctx, class),
                                    .issued_on = ctx->today,
                                });
    ledger_append(ctx, &(struct fact){
                           .kind = FACT_CERTIFICATE_ISSUED,
                           .person = enrolment->person,
                           .organisation = class->organisation,
                           .region = class->region,
                           .item = class->item,
                           .programme = class->programme,
                           .occupation = class->occupation,
                           .level = level_of(ctx, class),
                           .tags = registry_join_tags(ctx, class->tags, enrolment->tags),
                           .held_on = ctx->today,
                           .clause = class->clause,
                           .subject_kind = "certificate",
                           .subject_id = id.v,
                           .recorded_by = ctx->actor->account,
                       });
}

static int64_t hours_of(struct attendance_list attendance, enrolment_id enrolment)
{
    for (size_t i = 0; i < attendance.count; i++)
        if (attendance.items[i].enrolment.v == enrolment.v)
            return attendance.items[i].lesson_hours;
    return 0;
}

static void record_one(struct ctx *ctx, const struct training_class *class,
                       const struct enrolment *enrolment, int64_t score, int64_t hours)
{
    int64_t pass_mark = pack_parameter(ctx->pack, PARAMETER_PASS_MARK, class->starts_on);
    bool is_passed = score >= pass_mark && training_attended_enough(ctx, class, hours);
    sql_result_insert(ctx, &(struct sql_result_insert){.enrolment = enrolment->id,
                                                       .score = score,
                                                       .attended = hours,
                                                       .is_passed = is_passed,
                                                       .recorded_by = ctx->actor->account,
                                                       .recorded_at = ctx->now});
    bool ended = training_enrolment_end(ctx, enrolment->id, is_passed, ctx->today);
    if (ended && is_passed)
        issue(ctx, class, enrolment);
}

static const struct result_line *line_of(const struct result_line *lines, size_t count,
                                         enrolment_id enrolment)
{
    for (size_t i = 0; i < count; i++)
        if (lines[i].enrolment.v == enrolment.v)
            return &lines[i];
    return NULL;
}

/* Every trainee has a score between 0 and 100. */
static enum results_record check_lines(struct enrolment_list trainees,
                                       const struct result_line *lines, size_t count)
{
    for (size_t i = 0; i < trainees.count; i++) {
        const struct result_line *line = line_of(lines, count, trainees.items[i].id);
        if (line == NULL || line->score == INT64_MIN)
            return RESULTS_RECORD_SCORE_MISSING;
        if (line->score < 0 || line->score > 100)
            return RESULTS_RECORD_SCORE_UNREADABLE;
    }
    return RESULTS_RECORD_DONE;
}

/* The pack's word of the day on which the class began: what was approved then holds. */
static bool is_apart(const struct ctx *ctx, const struct training_class *class)
{
    const struct pack_programme *programme = pack_programme(ctx->pack, class->programme);
    return programme == NULL || pack_is_evaluated_apart(ctx->pack, programme, class->starts_on);
}

enum results_record evaluation_may_record(struct ctx *ctx, const struct training_class *class)
{
    bool is_apart_here = class->evaluator.v != 0 || is_apart(ctx, class);
    bool is_trainers = registry_actor_is_of(ctx, class->organisation) ||
                       (ctx->actor != NULL && ctx->actor->person.v != 0 &&
                        ctx->actor->person.v == class->teacher.v);
    if (!is_apart_here)
        return is_trainers ? RESULTS_RECORD_DONE : RESULTS_RECORD_NOT_YOUR_INSTITUTION;
    if (is_trainers)
        return RESULTS_RECORD_OWN_TRAINEES;
    bool is_evaluator = ctx->actor != NULL && ctx->actor->role == ROLE_EVALUATOR;
    if (!is_evaluator || !registry_actor_is_of(ctx, class->evaluator))
        return RESULTS_RECORD_NOT_THE_EVALUATOR;
    return registry_organisation_is_active(ctx, class->evaluator)
               ? RESULTS_RECORD_DONE
               : RESULTS_RECORD_EVALUATOR_SUSPENDED;
}

enum results_record evaluation_record(struct ctx *ctx, training_class_id id,
                                      const struct result_line *lines, size_t count)
{
    struct training_class class;
    if (!training_class_get(ctx, id, &class))
        return RESULTS_RECORD_NOT_FOUND;
    enum results_record answer = evaluation_may_record(ctx, &class);
    if (answer != RESULTS_RECORD_DONE)
        return answer;
    if (class.state != CLASS_STATE_TRAINING_DONE)
        return RESULTS_RECORD_WRONG_STATE;
    if (!day_is_none(class.exam_on) && day_compare(ctx->today, class.exam_on) < 0)
        return RESULTS_RECORD_EXAM_NOT_HELD;
    struct enrolment_list trainees = training_enrolments(ctx, id);
    answer = check_lines(trainees, lines, count);
    if (answer != RESULTS_RECORD_DONE)
        return answer;
    struct attendance_list attendance = training_attendance(ctx, id);
    for (size_t i = 0; i < trainees.count; i++)
        record_one(ctx, &class, &trainees.items[i],
                   line_of(lines, count, trainees.items[i].id)->score,
                   hours_of(attendance, trainees.items[i].id));
    registry_trace(ctx, "training_class", id.v, "results_record", NULL);
    training_class_close(ctx, id);
    return RESULTS_RECORD_DONE;
}

bool evaluation_result(struct ctx *ctx, enrolment_id enrolment, struct exam_result *ret)
{
    return sql_result_of(ctx, enrolment, ret);
}

bool evaluation_certificate(struct ctx *ctx, const char *certificate_no, struct certificate *ret)
{
    return sql_certificate_by_number(ctx, certificate_no, ret);
}

bool evaluation_certificate_of(struct ctx *ctx, enrolment_id enrolment, struct certificate *ret)
{
    return sql_certificate_of_enrolment(ctx, enrolment, ret);
}

struct certificate_list evaluation_certificates_of_person(struct ctx *ctx, person_id person)
{
    return sql_certificates_of_person(ctx, person);
}
