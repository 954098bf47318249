/* Staging a preview, accepting it, undoing it. */
#include "roster/roster.h"

#include <assert.h>

#include "base/text.h"
#include "registry/registry.h"
#include "roster/roster_room.h"
#include "roster_sql.h"
#include "training/training.h"

/* --- staging */

static void stage_findings(struct ctx *ctx, roster_import_id import, int64_t row,
                           const struct roster_judgement *judgement)
{
    for (size_t i = 0; i < judgement->count; i++) {
        const struct roster_fault *finding = &judgement->findings[i];
        sql_finding_insert(ctx, &(struct sql_finding_insert){
                                    .import = import,
                                    .row_number = row,
                                    .place = (int64_t)i,
                                    .field = finding->field == NULL ? NULL : finding->field->name,
                                    .code = finding->code,
                                    .message = finding->message});
    }
}

static void stage_line(struct ctx *ctx, roster_import_id import,
                       const struct roster_read_line *line,
                       const struct roster_judgement *judgement)
{
    const struct roster_row *values = &line->values;
    sql_line_insert(ctx, &(struct sql_line_insert){.id = {id_next(ctx->ids, ctx->now)},
                                                   .import = import,
                                                   .row_number = line->row,
                                                   .name = values->name,
                                                   .identity_no = values->identity_no,
                                                   .phone = values->phone,
                                                   .bank_account = values->bank_account,
                                                   .bank_name = values->bank_name,
                                                   .groups = values->groups,
                                                   .verdict = judgement->verdict});
    stage_findings(ctx, import, line->row, judgement);
}

static enum import_state state_after(const struct roster_portion *portion)
{
    if (!portion->is_last)
        return IMPORT_STATE_READING;
    return portion->outcome == ROSTER_UPLOAD_DONE ? IMPORT_STATE_PREVIEWED : IMPORT_STATE_BROKEN;
}

/* False where somebody else was ahead: then nothing is changed. */
static bool stage_portion(struct ctx *ctx, const struct roster_import *import,
                          const struct training_class *class, const struct roster_portion *portion)
{
    struct roster_judging judging = {class, import->promised, portion->count, portion->lines};
    struct roster_judgement *judgements =
        arena_array(ctx->arena, portion->count, struct roster_judgement);
    int64_t promised = roster__judge(ctx, &judging, judgements), faults = 0;
    for (size_t i = 0; i < portion->count; i++)
        faults += portion->lines[i].fault_count > 0;
    int64_t read_to =
        portion->count == 0 ? import->read_to : portion->lines[portion->count - 1].row;
    if (sql_import_advance(ctx, &(struct sql_import_advance){.id = import->id,
                                                             .was = import->read_to,
                                                             .read_to = read_to,
                                                             .lines = (int64_t)portion->count,
                                                             .faults = faults,
                                                             .promised = promised,
                                                             .next = state_after(portion),
                                                             .problem = portion->detail}) == 0)
        return false;
    for (size_t i = 0; i < portion->count; i++)
        stage_line(ctx, import->id, &portion->lines[i], &judgements[i]);
    return true;
}

/* What was only looked at gives way to a new look. */
static void forget(struct ctx *ctx, roster_import_id id)
{
    sql_import_forget_findings(ctx, id);
    sql_import_forget_lines(ctx, id);
    sql_content_forget(ctx, id);
    sql_import_forget(ctx, id);
}

enum roster_upload roster_stage(struct ctx *ctx, const struct roster_file *file,
                                roster_import_id *ret)
{
    struct training_class class;
    struct roster_import import = {0};
    if (!training_class_get(ctx, file->class, &class))
        return ROSTER_UPLOAD_NOT_FOUND;
    if (!registry_actor_is_of(ctx, class.organisation))
        return ROSTER_UPLOAD_NOT_YOUR_INSTITUTION;
    if (class.state != CLASS_STATE_APPROVED && class.state != CLASS_STATE_IN_PROGRESS)
        return ROSTER_UPLOAD_WRONG_STATE;
    if (sql_import_of_file(ctx, file->class, file->file_hash, &import)) {
        *ret = import.id;
        if (import.state == IMPORT_STATE_ACCEPTED || import.state == IMPORT_STATE_READING)
            return ROSTER_UPLOAD_DONE;
        forget(ctx, import.id);
    }
    *ret = (roster_import_id){id_next(ctx->ids, ctx->now)};
    import = (struct roster_import){.id = *ret};
    sql_import_insert(ctx, &(struct sql_import_insert){.id = *ret,
                                                       .class = file->class,
                                                       .file_name = file->file_name,
                                                       .file_hash = file->file_hash,
                                                       .language = (int64_t)ctx->language,
                                                       .uploaded_by = ctx->actor->account,
                                                       .uploaded_at = ctx->now});
    sql_content_insert(ctx, *ret, file->content);
    bool is_staged = stage_portion(ctx, &import, &class, file->first);
    assert(is_staged); /* nobody else knows it yet */
    return ROSTER_UPLOAD_DONE;
}

bool roster_stage_more(struct ctx *ctx, const struct roster_continuation *continuation)
{
    struct training_class class;
    struct roster_import import;
    return sql_import_by_id(ctx, continuation->import, &import) &&
           import.state == IMPORT_STATE_READING && import.read_to == continuation->read_to &&
           training_class_get(ctx, import.class, &class) &&
           stage_portion(ctx, &import, &class, continuation->portion);
}

/* --- accepting */

/* What refuses a line now takes the place of what was said before. */
static void refuse_line(struct ctx *ctx, const struct roster_import *import,
                        const struct roster_line *line, const struct roster_fault *why)
{
    sql_line_set(ctx, line->id, LINE_VERDICT_REFUSED);
    sql_findings_forget(ctx, import->id, line->row_number);
    stage_findings(ctx, import->id, line->row_number,
                   &(struct roster_judgement){LINE_VERDICT_REFUSED, 1, why});
}

/* One acceptance on its way. */
struct accepting {
    struct ctx *ctx;
    struct roster_import import;
    struct training_class class;
    bool takes_doubtful;
    int64_t opened; /* corrections that were not there before */
    struct roster_intake intake;
};

/* What the county reads about where the other name came from. */
static const char *whence(const struct accepting *accepting, const struct roster_line *line)
{
    enum { CHARACTERS_MAX = 300 }; /* of a file's name that somebody made up */
    const char *file = accepting->import.file_name;
    return arena_printf(accepting->ctx->arena, "%s · %s · %lld", accepting->class.name,
                        text_characters(file) > CHARACTERS_MAX ? "…" : file,
                        (long long)line->row_number);
}

static void wait_for_decision(struct accepting *accepting, const struct roster_line *line,
                              const struct roster_fault *why)
{
    struct ctx *ctx = accepting->ctx;
    accepting->intake.waiting++;
    sql_line_set(ctx, line->id, LINE_VERDICT_CONFLICTING);
    if (sql_conflict_say(ctx, accepting->import.id, line->row_number, why->message) > 0)
        return;
    sql_findings_forget(ctx, accepting->import.id, line->row_number);
    stage_findings(ctx, accepting->import.id, line->row_number,
                   &(struct roster_judgement){LINE_VERDICT_CONFLICTING, 1, why});
}

/* The number is known under another name: the county that the person belongs to decides. */
static void ask_county(struct accepting *accepting, const struct roster_line *line,
                       const struct person *person)
{
    struct ctx *ctx = accepting->ctx;
    struct name_correction correction;
    name_correction_id id;
    struct roster_fault why;
    struct correction_opening opening = {.person = person->id,
                                         .told_name = line->name,
                                         .origin = CORRECTION_ORIGIN_ROSTER,
                                         .reason = whence(accepting, line),
                                         .region = accepting->class.region};
    enum correction_open answer = registry_correction_open(ctx, &opening, &id);
    accepting->opened += answer == CORRECTION_OPEN_DONE;
    if (id.v != 0 && registry_correction(ctx, id, &correction)) {
        why = roster__conflict_open(ctx, &correction);
        wait_for_decision(accepting, line, &why);
    } else if (answer == CORRECTION_OPEN_BEYOND_CALENDAR) {
        why = roster__conflict(ctx, correction_open_info(answer)->code, person->name);
        wait_for_decision(accepting, line, &why);
    } else {
        why = roster__conflict(ctx, "roster.conflict_refused", person->name);
        refuse_line(ctx, &accepting->import, line, &why);
    }
}

/* The person of a line, registered; false where something refuses that, which is written beside
 * it. */
static bool register_line(struct accepting *accepting, const struct roster_line *line,
                          struct person *ret)
{
    struct ctx *ctx = accepting->ctx;
    person_id id;
    const char *tags;
    if (!training_read_groups(ctx, line->groups, &tags))
        tags = NULL; /* which enrolling refuses */
    struct person_args args = {.identity_no = line->identity_no,
                               .name = line->name,
                               .phone = line->phone,
                               .bank_account = line->bank_account,
                               .bank_name = line->bank_name,
                               .tags = tags};
    enum person_register registered = registry_person_register(ctx, &args, &id);
    bool is_known = registry_person(ctx, id, ret);
    if (is_known && registered == PERSON_REGISTER_NAME_DIFFERS) {
        ask_county(accepting, line, ret);
        return false;
    }
    if (is_known && (registered == PERSON_REGISTER_DONE || registered == PERSON_REGISTER_KNOWN))
        return true;
    struct roster_fault why = roster__refusal(ctx, person_register_info(registered)->code, NULL);
    refuse_line(ctx, &accepting->import, line, &why);
    return false;
}

/* Registers and enrols one good line; what keeps it out now is written beside it. */
static void accept_line(struct accepting *accepting, const struct roster_line *line)
{
    struct ctx *ctx = accepting->ctx;
    struct person person;
    struct training_trouble trouble;
    enrolment_id enrolment;
    if (!register_line(accepting, line, &person))
        return;
    struct enrolling enrolling = {.class = accepting->import.class,
                                  .person = person.id,
                                  .born_on = person.born_on,
                                  .is_woman = text_equal(person.sex, "female"),
                                  .tags = person.tags,
                                  .groups = line->groups,
                                  .import_id = accepting->import.id.v};
    enum class_enrol answer = training_enrol(ctx, &enrolling, &enrolment, &trouble);
    if (answer == CLASS_ENROL_DONE) {
        sql_line_set(ctx, line->id, LINE_VERDICT_ENROLLED);
    } else if (answer == CLASS_ENROL_ALREADY) {
        sql_line_set(ctx, line->id, LINE_VERDICT_ALREADY);
    } else {
        struct roster_fault why = roster__refusal(ctx, class_enrol_info(answer)->code, &trouble);
        refuse_line(ctx, &accepting->import, line, &why);
    }
    accepting->intake.enrolled += answer == CLASS_ENROL_DONE;
}

static void accept_lines(struct accepting *accepting, struct roster_line_list lines)
{
    for (size_t i = 0; i < lines.count; i++)
        accept_line(accepting, &lines.items[i]);
}

/* Whether a line's name was declared meanwhile, and something else of it waits for a second look.
 */
static bool is_merely_doubtful(const struct accepting *accepting, const struct roster_line *line)
{
    struct ctx *ctx = accepting->ctx;
    struct person person;
    return !accepting->takes_doubtful &&
           sql_conflict_doubts(ctx, accepting->import.id, line->row_number) > 0 &&
           registry_person_by_number(ctx, line->identity_no, &person) &&
           registry_is_name_of(ctx, &person, line->name);
}

static void accept_conflicting(struct accepting *accepting)
{
    struct ctx *ctx = accepting->ctx;
    struct roster_line_list lines = sql_lines_conflicting(ctx, accepting->import.id);
    for (size_t i = 0; i < lines.count; i++) {
        if (is_merely_doubtful(accepting, &lines.items[i])) {
            sql_line_set(ctx, lines.items[i].id, LINE_VERDICT_DOUBTFUL);
            sql_conflict_forget(ctx, accepting->import.id, lines.items[i].row_number);
        } else {
            accept_line(accepting, &lines.items[i]);
        }
    }
}

/* The guards: of two acceptances at once, and of two of the doubtful ones, one enrols. */
static void step(struct ctx *ctx, const struct roster_import *import)
{
    if (sql_import_step(
            ctx, &(struct sql_import_step){import->id, import->state, IMPORT_STATE_ACCEPTED}) == 0)
        fault_raise(ctx->arena, FAULT_RETRY);
}

/* What an acceptance came to. */
static enum roster_accept accepted(const struct accepting *accepting)
{
    const struct roster_intake *intake = &accepting->intake;
    if (intake->enrolled == 0 && accepting->opened == 0) {
        if (intake->waiting > 0)
            return ROSTER_ACCEPT_WAITING;
        return accepting->import.state == IMPORT_STATE_ACCEPTED ? ROSTER_ACCEPT_ALREADY
                                                                : ROSTER_ACCEPT_NOTHING_GOOD;
    }
    return intake->waiting > 0 ? ROSTER_ACCEPT_PARTLY : ROSTER_ACCEPT_DONE;
}

enum roster_accept roster_accept(struct ctx *ctx, const struct roster_acceptance *acceptance,
                                 struct roster_intake *ret)
{
    struct accepting accepting = {.ctx = ctx, .takes_doubtful = acceptance->takes_doubtful};
    struct roster_import *import = &accepting.import;
    *ret = (struct roster_intake){0};
    if (!sql_import_by_id(ctx, acceptance->import, import) ||
        !training_class_get(ctx, import->class, &accepting.class))
        return ROSTER_ACCEPT_NOT_FOUND;
    if (!registry_actor_is_of(ctx, accepting.class.organisation))
        return ROSTER_ACCEPT_NOT_YOUR_INSTITUTION;
    if (import->state == IMPORT_STATE_UNDONE)
        return ROSTER_ACCEPT_UNDONE;
    if (import->state == IMPORT_STATE_READING)
        return ROSTER_ACCEPT_READING;
    if (import->state == IMPORT_STATE_BROKEN)
        return ROSTER_ACCEPT_BROKEN;
    if (import->state != IMPORT_STATE_ACCEPTED)
        accept_lines(&accepting, sql_lines_good(ctx, import->id));
    accept_conflicting(&accepting);
    if (acceptance->takes_doubtful)
        accept_lines(&accepting, sql_lines_doubtful(ctx, import->id));
    *ret = accepting.intake;
    enum roster_accept answer = accepted(&accepting);
    if (answer != ROSTER_ACCEPT_DONE && answer != ROSTER_ACCEPT_PARTLY)
        return answer;
    step(ctx, import);
    registry_trace(ctx, "training_class", accepting.class.id.v, "roster_accept", import->file_name);
    return answer;
}

/* --- undoing */

enum roster_undo roster_undo(struct ctx *ctx, roster_import_id id)
{
    struct roster_import import;
    struct training_class class;
    if (!sql_import_by_id(ctx, id, &import) || !training_class_get(ctx, import.class, &class))
        return ROSTER_UNDO_NOT_FOUND;
    if (!registry_actor_is_of(ctx, class.organisation))
        return ROSTER_UNDO_NOT_YOUR_INSTITUTION;
    if (import.state != IMPORT_STATE_ACCEPTED)
        return ROSTER_UNDO_WRONG_STATE;
    if (sql_import_punches(ctx, id.v) > 0)
        return ROSTER_UNDO_ATTENDED;
    struct enrolment_list enrolments = training_enrolments_of_import(ctx, id.v);
    for (size_t i = 0; i < enrolments.count; i++)
        if (training_withdraw(ctx, enrolments.items[i].id, NULL) != CLASS_WITHDRAW_DONE)
            return ROSTER_UNDO_WRONG_STATE;
    if (sql_import_step(
            ctx, &(struct sql_import_step){id, IMPORT_STATE_ACCEPTED, IMPORT_STATE_UNDONE}) == 0)
        return ROSTER_UNDO_WRONG_STATE;
    registry_trace(ctx, "training_class", class.id.v, "roster_undo", import.file_name);
    return ROSTER_UNDO_DONE;
}

/* --- what is past its time --- */

int64_t roster_uploads_past(struct ctx *ctx, struct instant before)
{
    return sql_uploads_past(ctx, before);
}

int64_t roster_erase_past(struct ctx *ctx, struct instant before)
{
    roster_import_id id = {sql_upload_past(ctx, before)};
    if (id.v == 0)
        return 0;
    sql_upload_findings_erase(ctx, id);
    sql_upload_lines_erase(ctx, id);
    sql_upload_content_erase(ctx, id);
    return 1;
}
