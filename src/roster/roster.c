/* Staging a preview, accepting it, undoing it. */
#include "roster/roster.h"

#include <string.h>

#include "registry/registry.h"
#include "roster_sql.h"
#include "training/training.h"

/* What a good line would meet if it were accepted now. */
struct finding {
    enum line_verdict verdict;
    const char *code;
    const char *message;
};

static struct finding refused(struct ctx *ctx, const char *code,
                              const struct training_trouble *trouble)
{
    struct message message = {code,
                              {{"class", trouble == NULL ? NULL : trouble->clash.name},
                               {"at", ""},
                               {"limit", ""},
                               {"found", ""}}};
    if (trouble != NULL) {
        message.arguments[1].value =
            trouble->clash.class.v == 0
                ? ""
                : day_text(ctx->arena, instant_day(trouble->clash.starts_at));
        message.arguments[2].value = arena_printf(ctx->arena, "%lld", (long long)trouble->limit);
        message.arguments[3].value = arena_printf(ctx->arena, "%lld", (long long)trouble->found);
    }
    return (struct finding){LINE_VERDICT_REFUSED, code, words_with(ctx, &message)};
}

/* A person who is known already: the class's rules tell at once. */
static struct finding look_at_known(struct ctx *ctx, training_class_id class,
                                    const struct roster_row *row, const struct person *person)
{
    struct training_trouble trouble;
    if (!registry_same_name(ctx, person->name, row->name))
        return refused(ctx, person_register_info(PERSON_REGISTER_NAME_DIFFERS)->code, NULL);
    struct enrolling enrolling = {.class = class,
                                  .person = person->id,
                                  .born_on = person->born_on,
                                  .is_woman = text_equal(person->sex, "female"),
                                  .import_id = INT64_MIN};
    enum class_enrol answer = training_enrol_check(ctx, &enrolling, &trouble);
    if (answer == CLASS_ENROL_DONE)
        return (struct finding){.verdict = LINE_VERDICT_KNOWN};
    if (answer == CLASS_ENROL_ALREADY)
        return (struct finding){.verdict = LINE_VERDICT_ALREADY};
    return refused(ctx, class_enrol_info(answer)->code, &trouble);
}

static struct finding look_at(struct ctx *ctx, training_class_id class,
                              const struct roster_read_line *line)
{
    struct person person;
    if (line->fault != NULL)
        return (struct finding){LINE_VERDICT_REFUSED, line->fault->code, line->fault->message};
    if (!registry_person_by_number(ctx, line->values.identity_no, &person))
        return (struct finding){.verdict = LINE_VERDICT_FRESH};
    return look_at_known(ctx, class, &line->values, &person);
}

static void stage_line(struct ctx *ctx, roster_import_id import,
                       const struct roster_read_line *line, const struct finding *finding)
{
    const struct field *field = line->fault == NULL ? NULL : line->fault->field;
    sql_line_insert(ctx, &(struct sql_line_insert){.id = {id_next(ctx->ids, ctx->now)},
                                                   .import = import,
                                                   .row_number = line->row,
                                                   .name = line->values.name,
                                                   .identity_no = line->values.identity_no,
                                                   .phone = line->values.phone,
                                                   .bank_account = line->values.bank_account,
                                                   .bank_name = line->values.bank_name,
                                                   .verdict = finding->verdict,
                                                   .field = field == NULL ? NULL : field->name,
                                                   .fault = finding->code,
                                                   .message = finding->message});
}

enum roster_upload roster_stage(struct ctx *ctx, const struct roster_file *file,
                                roster_import_id *ret)
{
    struct training_class class;
    struct roster_import known;
    if (!training_class_get(ctx, file->class, &class))
        return ROSTER_UPLOAD_NOT_FOUND;
    if (!registry_actor_is_of(ctx, class.organisation))
        return ROSTER_UPLOAD_NOT_YOUR_INSTITUTION;
    if (class.state != CLASS_STATE_APPROVED && class.state != CLASS_STATE_IN_PROGRESS)
        return ROSTER_UPLOAD_WRONG_STATE;
    if (sql_import_of_file(ctx, file->class, file->file_hash, &known)) {
        *ret = known.id;
        if (known.state == IMPORT_STATE_ACCEPTED)
            return ROSTER_UPLOAD_DONE;
        sql_import_forget_lines(ctx, known.id);
        sql_import_forget(ctx, known.id);
    }
    *ret = (roster_import_id){id_next(ctx->ids, ctx->now)};
    const struct roster_reading *reading = file->reading;
    sql_import_insert(ctx,
                      &(struct sql_import_insert){.id = *ret,
                                                  .class = file->class,
                                                  .file_name = file->file_name,
                                                  .file_hash = file->file_hash,
                                                  .line_count = (int64_t)reading->line_count,
                                                  .fault_count = reading->rows - reading->accepted,
                                                  .uploaded_by = ctx->actor->account,
                                                  .uploaded_at = ctx->now});
    for (size_t i = 0; i < reading->line_count; i++) {
        struct finding finding = look_at(ctx, file->class, &reading->lines[i]);
        stage_line(ctx, *ret, &reading->lines[i], &finding);
    }
    return ROSTER_UPLOAD_DONE;
}

/* Registers and enrols one good line; what refuses it now is written beside it. */
static bool accept_line(struct ctx *ctx, const struct roster_import *import,
                        const struct roster_line *line)
{
    struct person person;
    struct training_trouble trouble;
    enrolment_id enrolment;
    struct enrolling enrolling = {.class = import->class, .import_id = import->id.v};
    struct person_args args = {.identity_no = line->identity_no,
                               .name = line->name,
                               .phone = line->phone,
                               .bank_account = line->bank_account,
                               .bank_name = line->bank_name};
    enum person_register registered = registry_person_register(ctx, &args, &enrolling.person);
    bool is_registered = registered == PERSON_REGISTER_DONE || registered == PERSON_REGISTER_KNOWN;
    struct finding finding;
    if (!is_registered || !registry_person(ctx, enrolling.person, &person)) {
        finding = refused(ctx, person_register_info(registered)->code, NULL);
        sql_line_set(
            ctx, &(struct sql_line_set){line->id, finding.verdict, finding.code, finding.message});
        return false;
    }
    enrolling.born_on = person.born_on;
    enrolling.is_woman = text_equal(person.sex, "female");
    enrolling.tags = person.tags;
    enum class_enrol answer = training_enrol(ctx, &enrolling, &enrolment, &trouble);
    if (answer == CLASS_ENROL_DONE)
        finding = (struct finding){.verdict = LINE_VERDICT_ENROLLED};
    else if (answer == CLASS_ENROL_ALREADY)
        finding = (struct finding){.verdict = LINE_VERDICT_ALREADY};
    else
        finding = refused(ctx, class_enrol_info(answer)->code, &trouble);
    sql_line_set(ctx,
                 &(struct sql_line_set){line->id, finding.verdict, finding.code, finding.message});
    return answer == CLASS_ENROL_DONE;
}

enum roster_accept roster_accept(struct ctx *ctx, roster_import_id id, int64_t *ret_enrolled)
{
    struct roster_import import;
    struct training_class class;
    *ret_enrolled = 0;
    if (!sql_import_by_id(ctx, id, &import) || !training_class_get(ctx, import.class, &class))
        return ROSTER_ACCEPT_NOT_FOUND;
    if (!registry_actor_is_of(ctx, class.organisation))
        return ROSTER_ACCEPT_NOT_YOUR_INSTITUTION;
    if (import.state == IMPORT_STATE_ACCEPTED)
        return ROSTER_ACCEPT_ALREADY;
    if (import.state == IMPORT_STATE_UNDONE)
        return ROSTER_ACCEPT_UNDONE;
    struct roster_line_list lines = sql_lines_of(ctx, id);
    for (size_t i = 0; i < lines.count; i++) {
        bool is_good = lines.items[i].verdict == LINE_VERDICT_FRESH ||
                       lines.items[i].verdict == LINE_VERDICT_KNOWN;
        if (is_good && accept_line(ctx, &import, &lines.items[i]))
            (*ret_enrolled)++;
    }
    if (*ret_enrolled == 0)
        return ROSTER_ACCEPT_NOTHING_GOOD;
    /* The guard against a second acceptance at the same moment. */
    if (sql_import_step(
            ctx, &(struct sql_import_step){id, IMPORT_STATE_PREVIEWED, IMPORT_STATE_ACCEPTED}) == 0)
        fault_raise(ctx->arena, FAULT_RETRY);
    registry_trace(ctx, "training_class", class.id.v, "roster_accept", import.file_name);
    return ROSTER_ACCEPT_DONE;
}

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
