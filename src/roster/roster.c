/* Staging a preview, accepting it, undoing it. */
#include "roster/roster.h"

#include <assert.h>

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

/* Registers and enrols one good line; what refuses it now is written beside it. */
static bool accept_line(struct ctx *ctx, const struct roster_import *import,
                        const struct roster_line *line)
{
    struct person person;
    struct training_trouble trouble;
    enrolment_id enrolment;
    struct enrolling enrolling = {
        .class = import->class, .groups = line->groups, .import_id = import->id.v};
    const char *tags;
    if (!training_read_groups(ctx, line->groups, &tags))
        tags = NULL; /* which enrolling refuses */
    struct person_args args = {.identity_no = line->identity_no,
                               .name = line->name,
                               .phone = line->phone,
                               .bank_account = line->bank_account,
                               .bank_name = line->bank_name,
                               .tags = tags};
    enum person_register registered = registry_person_register(ctx, &args, &enrolling.person);
    bool is_registered = registered == PERSON_REGISTER_DONE || registered == PERSON_REGISTER_KNOWN;
    if (!is_registered || !registry_person(ctx, enrolling.person, &person)) {
        struct roster_fault why =
            roster__refusal(ctx, person_register_info(registered)->code, NULL);
        refuse_line(ctx, import, line, &why);
        return false;
    }
    enrolling.born_on = person.born_on;
    enrolling.is_woman = text_equal(person.sex, "female");
    enrolling.tags = person.tags;
    enum class_enrol answer = training_enrol(ctx, &enrolling, &enrolment, &trouble);
    if (answer == CLASS_ENROL_DONE) {
        sql_line_set(ctx, line->id, LINE_VERDICT_ENROLLED);
    } else if (answer == CLASS_ENROL_ALREADY) {
        sql_line_set(ctx, line->id, LINE_VERDICT_ALREADY);
    } else {
        struct roster_fault why = roster__refusal(ctx, class_enrol_info(answer)->code, &trouble);
        refuse_line(ctx, import, line, &why);
    }
    return answer == CLASS_ENROL_DONE;
}

static int64_t accept_lines(struct ctx *ctx, const struct roster_import *import,
                            struct roster_line_list lines)
{
    int64_t enrolled = 0;
    for (size_t i = 0; i < lines.count; i++)
        enrolled += accept_line(ctx, import, &lines.items[i]);
    return enrolled;
}

/* The guards: of two acceptances at once, and of two of the doubtful ones, one enrols. */
static void step(struct ctx *ctx, const struct roster_import *import)
{
    if (sql_import_step(
            ctx, &(struct sql_import_step){import->id, import->state, IMPORT_STATE_ACCEPTED}) == 0)
        fault_raise(ctx->arena, FAULT_RETRY);
}

enum roster_accept roster_accept(struct ctx *ctx, const struct roster_acceptance *acceptance,
                                 int64_t *ret_enrolled)
{
    struct roster_import import;
    struct training_class class;
    *ret_enrolled = 0;
    if (!sql_import_by_id(ctx, acceptance->import, &import) ||
        !training_class_get(ctx, import.class, &class))
        return ROSTER_ACCEPT_NOT_FOUND;
    if (!registry_actor_is_of(ctx, class.organisation))
        return ROSTER_ACCEPT_NOT_YOUR_INSTITUTION;
    if (import.state == IMPORT_STATE_UNDONE)
        return ROSTER_ACCEPT_UNDONE;
    if (import.state == IMPORT_STATE_READING)
        return ROSTER_ACCEPT_READING;
    if (import.state == IMPORT_STATE_BROKEN)
        return ROSTER_ACCEPT_BROKEN;
    bool is_again = import.state == IMPORT_STATE_ACCEPTED;
    if (is_again && !acceptance->takes_doubtful)
        return ROSTER_ACCEPT_ALREADY;
    if (!is_again)
        *ret_enrolled = accept_lines(ctx, &import, sql_lines_good(ctx, import.id));
    if (acceptance->takes_doubtful)
        *ret_enrolled += accept_lines(ctx, &import, sql_lines_doubtful(ctx, import.id));
    if (*ret_enrolled == 0)
        return is_again ? ROSTER_ACCEPT_ALREADY : ROSTER_ACCEPT_NOTHING_GOOD;
    step(ctx, &import);
    registry_trace(ctx, "training_class", class.id.v, "roster_accept", import.file_name);
    return ROSTER_ACCEPT_DONE;
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
