/* Staging a preview, accepting it, undoing it. */
#include "roster/roster.h"

#include <string.h>

#include "registry/registry.h"
#include "roster_sql.h"
#include "training/training.h"

enum {
    PORTION = 512,
    ACCEPTED_AT_ONCE = 10000, /* more than any class has seats */
};

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
                               {"found", ""},
                               {"groups", trouble == NULL ? "" : trouble->groups}}};
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

/* The seats that the lines before this one leave; a preview promises no more. */
struct looking {
    struct ctx *ctx;
    const struct training_class *class;
    int64_t seats;
};

/* By the class's own rules, as if the line were accepted now; 0 stands for a newcomer. */
static struct finding look_at_person(struct looking *looking, struct enrolling enrolling,
                                     enum line_verdict good)
{
    struct training_trouble trouble;
    enrolling.class = looking->class->id;
    enrolling.import_id = INT64_MIN;
    enum class_enrol answer = training_enrol_check(looking->ctx, &enrolling, &trouble);
    if (answer == CLASS_ENROL_ALREADY)
        return (struct finding){.verdict = LINE_VERDICT_ALREADY};
    if (answer == CLASS_ENROL_DONE && looking->seats <= 0) {
        trouble = (struct training_trouble){.limit = looking->class->capacity};
        answer = CLASS_ENROL_FULL;
    }
    if (answer != CLASS_ENROL_DONE)
        return refused(looking->ctx, class_enrol_info(answer)->code, &trouble);
    looking->seats--;
    return (struct finding){.verdict = good};
}

static struct finding look_at_known(struct looking *looking, const struct roster_read_line *line,
                                    person_id id)
{
    struct person person = {0};
    if (!registry_person(looking->ctx, id, &person) ||
        !registry_same_name(looking->ctx, person.name, line->values.name))
        return refused(looking->ctx, person_register_info(PERSON_REGISTER_NAME_DIFFERS)->code,
                       NULL);
    return look_at_person(looking,
                          (struct enrolling){.person = id,
                                             .born_on = person.born_on,
                                             .is_woman = text_equal(person.sex, "female"),
                                             .tags = person.tags,
                                             .groups = line->values.groups},
                          LINE_VERDICT_KNOWN);
}

static struct finding look_at_fresh(struct looking *looking, const struct roster_read_line *line)
{
    struct identity identity;
    struct enrolling enrolling = {.born_on = DAY_NONE, .groups = line->values.groups};
    if (identity_read(line->values.identity_no, looking->ctx->today, &identity) == IDENTITY_OK) {
        enrolling.born_on = identity.born_on;
        enrolling.is_woman = identity.sex == SEX_FEMALE;
    }
    return look_at_person(looking, enrolling, LINE_VERDICT_FRESH);
}

static struct finding look_at(struct looking *looking, const struct roster_read_line *line,
                              person_id known)
{
    if (line->fault != NULL)
        return (struct finding){LINE_VERDICT_REFUSED, line->fault->code, line->fault->message};
    struct finding finding =
        known.v == 0 ? look_at_fresh(looking, line) : look_at_known(looking, line, known);
    bool is_good = finding.verdict == LINE_VERDICT_FRESH || finding.verdict == LINE_VERDICT_KNOWN;
    if (is_good && line->doubt != NULL)
        return (struct finding){LINE_VERDICT_DOUBTFUL, line->doubt->code, line->doubt->message};
    return finding;
}

static void stage_line(struct ctx *ctx, roster_import_id import,
                       const struct roster_read_line *line, const struct finding *finding)
{
    const struct roster_fault *about = line->fault != NULL ? line->fault : line->doubt;
    const struct field *field = about == NULL ? NULL : about->field;
    sql_line_insert(ctx, &(struct sql_line_insert){.id = {id_next(ctx->ids, ctx->now)},
                                                   .import = import,
                                                   .row_number = line->row,
                                                   .name = line->values.name,
                                                   .identity_no = line->values.identity_no,
                                                   .phone = line->values.phone,
                                                   .bank_account = line->values.bank_account,
                                                   .bank_name = line->values.bank_name,
                                                   .groups = line->values.groups,
                                                   .verdict = finding->verdict,
                                                   .field = field == NULL ? NULL : field->name,
                                                   .fault = finding->code,
                                                   .message = finding->message});
}

/* Looked up in portions: a file of 50,000 rows is some hundred round trips. */
static void stage_lines(struct looking *looking, roster_import_id import,
                        const struct roster_reading *reading)
{
    struct ctx *ctx = looking->ctx;
    struct person_asked asked[PORTION];
    struct person_found found[PORTION];
    for (size_t first = 0; first < reading->line_count; first += PORTION) {
        size_t count = reading->line_count - first;
        count = count < PORTION ? count : PORTION;
        struct arena_mark mark = arena_mark(ctx->arena);
        for (size_t i = 0; i < count; i++) {
            const struct roster_read_line *line = &reading->lines[first + i];
            asked[i] = (struct person_asked){
                .identity_no = line->fault == NULL ? line->values.identity_no : NULL};
        }
        registry_people_find(ctx, asked, count, found);
        for (size_t i = 0; i < count; i++) {
            const struct roster_read_line *line = &reading->lines[first + i];
            struct finding finding = look_at(looking, line, found[i].id);
            stage_line(ctx, import, line, &finding);
        }
        arena_release(ctx->arena, mark);
    }
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
        sql_content_forget(ctx, known.id);
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
    sql_content_insert(ctx, *ret, file->content);
    struct looking looking = {
        .ctx = ctx,
        .class = &class,
        .seats = class.capacity - (int64_t)training_enrolments(ctx, class.id).count,
    };
    stage_lines(&looking, *ret, reading);
    return ROSTER_UPLOAD_DONE;
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

/* Enrols the lines of two verdicts; how many. */
static int64_t accept_lines(struct ctx *ctx, const struct roster_import *import,
                            enum line_verdict verdict, enum line_verdict other)
{
    struct roster_line_list lines = sql_lines_judged(
        ctx, &(struct sql_lines_judged){import->id, verdict, other, ACCEPTED_AT_ONCE});
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
    bool is_again = import.state == IMPORT_STATE_ACCEPTED;
    if (is_again && !acceptance->takes_doubtful)
        return ROSTER_ACCEPT_ALREADY;
    if (!is_again)
        *ret_enrolled = accept_lines(ctx, &import, LINE_VERDICT_FRESH, LINE_VERDICT_KNOWN);
    if (acceptance->takes_doubtful)
        *ret_enrolled += accept_lines(ctx, &import, LINE_VERDICT_DOUBTFUL, LINE_VERDICT_DOUBTFUL);
    if (*ret_enrolled == 0)
        return is_again ? ROSTER_ACCEPT_ALREADY : ROSTER_ACCEPT_NOTHING_GOOD;
    step(ctx, &import);
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
