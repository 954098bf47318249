/* What each line of a file would do if it were accepted now. */
#include <stdlib.h>
#include <string.h>

#include "registry/registry.h"
#include "roster/roster_room.h"

/* The class as a portion finds it. */
struct looking {
    struct ctx *ctx;
    const struct training_class *class;
    int64_t seats;         /* that earlier lines leave; a preview promises no more */
    size_t enrolled;       /* in the class already, */
    const int64_t *people; /* ascending */
};

static int by_number(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static struct looking look(struct ctx *ctx, const struct roster_judging *judging)
{
    struct enrolment_list enrolments = training_enrolments(ctx, judging->class->id);
    int64_t *people = arena_array(ctx->arena, enrolments.count, int64_t);
    for (size_t i = 0; i < enrolments.count; i++)
        people[i] = enrolments.items[i].person.v;
    qsort(people, enrolments.count, sizeof *people, by_number);
    return (struct looking){.ctx = ctx,
                            .class = judging->class,
                            .seats = judging->class->capacity - (int64_t)enrolments.count -
                                     judging->promised,
                            .enrolled = enrolments.count,
                            .people = people};
}

static bool is_enrolled(const struct looking *looking, person_id person)
{
    return bsearch(&person.v, looking->people, looking->enrolled, sizeof *looking->people,
                   by_number) != NULL;
}

struct roster_fault roster__refusal(struct ctx *ctx, const char *code,
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
    return (struct roster_fault){.column = -1, .code = code, .message = words_with(ctx, &message)};
}

static struct roster_judgement refused(const struct looking *looking, const char *code,
                                       const struct training_trouble *trouble)
{
    struct roster_fault *why = arena_one(looking->ctx->arena, struct roster_fault);
    *why = roster__refusal(looking->ctx, code, trouble);
    return (struct roster_judgement){LINE_VERDICT_REFUSED, 1, why};
}

/* By the class's own rules, as if the line were accepted now; 0 stands for a newcomer. Where no
 * seat is left the class is not asked again: a long file costs it no more than a short one. */
static struct roster_judgement judge_person(struct looking *looking, struct enrolling enrolling,
                                            enum line_verdict good)
{
    struct training_trouble trouble = {.limit = looking->class->capacity};
    enrolling.class = looking->class->id;
    enrolling.import_id = INT64_MIN;
    if (is_enrolled(looking, enrolling.person))
        return (struct roster_judgement){.verdict = LINE_VERDICT_ALREADY};
    enum class_enrol answer = looking->seats <= 0
                                  ? CLASS_ENROL_FULL
                                  : training_enrol_check(looking->ctx, &enrolling, &trouble);
    if (answer != CLASS_ENROL_DONE)
        return refused(looking, class_enrol_info(answer)->code, &trouble);
    looking->seats--;
    return (struct roster_judgement){.verdict = good};
}

/* --- what accepting would change about a person that is known */

struct change {
    const char *told, *known;
    const char *field;
    const char *words;
};

/* Asked of those who would come in only, whom the seats bound. */
static struct roster_judgement note_changes(const struct looking *looking,
                                            const struct roster_row *told, person_id id)
{
    struct ctx *ctx = looking->ctx;
    struct person known;
    if (!registry_person(ctx, id, &known))
        return (struct roster_judgement){.verdict = LINE_VERDICT_KNOWN};
    const struct change changes[] = {
        {told->phone, known.phone, "phone", "roster.changes_phone"},
        {told->bank_account, known.bank_account, "bank_account", "roster.changes_account"},
        {told->bank_name, known.bank_name, "bank_name", "roster.changes_bank"},
    };
    enum { CHANGES = sizeof changes / sizeof *changes };
    struct roster_fault *notes = arena_array(ctx->arena, CHANGES, struct roster_fault);
    size_t count = 0;
    for (size_t i = 0; i < CHANGES; i++) {
        const struct change *change = &changes[i];
        if (change->told == NULL || change->known == NULL ||
            text_equal(change->told, change->known))
            continue;
        notes[count++] =
            (struct roster_fault){.column = -1,
                                  .field = entity_field(&roster_row_entity, change->field),
                                  .code = "changes",
                                  .message = words(ctx, change->words)};
    }
    return (struct roster_judgement){count > 0 ? LINE_VERDICT_CHANGED : LINE_VERDICT_KNOWN, count,
                                     notes};
}

/* --- another name under a known number */

struct roster_fault roster__conflict(struct ctx *ctx, const char *key, const char *name)
{
    return (struct roster_fault){
        .column = -1,
        .field = entity_field(&roster_row_entity, "name"),
        .code = ROSTER__CONFLICT,
        .message =
            words_with(ctx, &(struct message){key, {{"name", mask_name(ctx->arena, name)}}})};
}

struct roster_fault roster__conflict_open(struct ctx *ctx, const struct name_correction *correction)
{
    struct roster_fault fault =
        roster__conflict(ctx, "roster.conflict_open", correction->person_name);
    struct message message = {"roster.conflict_open",
                              {{"name", mask_name(ctx->arena, correction->person_name)},
                               {"day", day_text(ctx->arena, correction->due_on)}}};
    fault.message = words_with(ctx, &message);
    return fault;
}

/* Aside, until the county has decided; refused where it has, and the name is not the person's. */
static struct roster_judgement judge_conflict(const struct looking *looking,
                                              const struct roster_read_line *line,
                                              const struct person_found *known)
{
    struct ctx *ctx = looking->ctx;
    struct name_correction correction = {0};
    struct roster_judgement ret = {.verdict = LINE_VERDICT_CONFLICTING,
                                   .count = 1 + line->doubt_count};
    struct roster_fault *why = arena_array(ctx->arena, ret.count, struct roster_fault);
    if (registry_correction_of(ctx, known->id, line->values.name, &correction) &&
        correction.state == CORRECTION_STATE_REFUSED) {
        ret.verdict = LINE_VERDICT_REFUSED;
        *why = roster__conflict(ctx, "roster.conflict_refused", known->name);
    } else if (correction.state == CORRECTION_STATE_OPEN) {
        *why = roster__conflict_open(ctx, &correction);
    } else {
        *why = roster__conflict(ctx, "roster.conflict_asks", known->name);
    }
    for (size_t i = 0; i < line->doubt_count; i++)
        why[1 + i] = line->doubts[i];
    ret.findings = why;
    return ret;
}

static struct roster_judgement judge_known(struct looking *looking,
                                           const struct roster_read_line *line,
                                           const struct person_found *known)
{
    if (known->name_differs)
        return judge_conflict(looking, line, known);
    struct roster_judgement judgement =
        judge_person(looking,
                     (struct enrolling){.person = known->id,
                                        .born_on = known->born_on,
                                        .is_woman = known->is_woman,
                                        .tags = known->tags,
                                        .groups = line->values.groups},
                     LINE_VERDICT_KNOWN);
    return judgement.verdict == LINE_VERDICT_KNOWN ? note_changes(looking, &line->values, known->id)
                                                   : judgement;
}

static struct roster_judgement judge_fresh(struct looking *looking,
                                           const struct roster_read_line *line)
{
    struct identity identity;
    struct enrolling enrolling = {.born_on = DAY_NONE, .groups = line->values.groups};
    if (identity_read(line->values.identity_no, looking->ctx->today, &identity) == IDENTITY_OK) {
        enrolling.born_on = identity.born_on;
        enrolling.is_woman = identity.sex == SEX_FEMALE;
    }
    return judge_person(looking, enrolling, LINE_VERDICT_FRESH);
}

static bool would_come_in(const struct roster_judgement *judgement)
{
    return judgement->verdict == LINE_VERDICT_FRESH || judgement->verdict == LINE_VERDICT_KNOWN ||
           judgement->verdict == LINE_VERDICT_CHANGED;
}

static struct roster_judgement judge(struct looking *looking, const struct roster_read_line *line,
                                     const struct person_found *known)
{
    if (line->fault_count > 0)
        return (struct roster_judgement){LINE_VERDICT_REFUSED, line->fault_count, line->faults};
    struct roster_judgement judgement =
        known->id.v == 0 ? judge_fresh(looking, line) : judge_known(looking, line, known);
    if (would_come_in(&judgement) && line->doubt_count > 0)
        return (struct roster_judgement){LINE_VERDICT_DOUBTFUL, line->doubt_count, line->doubts};
    return judgement;
}

int64_t roster__judge(struct ctx *ctx, const struct roster_judging *judging,
                      struct roster_judgement *ret)
{
    struct looking looking = look(ctx, judging);
    int64_t seats = looking.seats;
    struct person_asked *asked = arena_array(ctx->arena, judging->count, struct person_asked);
    struct person_found *found = arena_array(ctx->arena, judging->count, struct person_found);
    for (size_t i = 0; i < judging->count; i++) {
        const struct roster_read_line *line = &judging->lines[i];
        if (line->fault_count == 0)
            asked[i] = (struct person_asked){line->values.identity_no, line->values.name};
    }
    registry_people_find(ctx, asked, judging->count, found);
    for (size_t i = 0; i < judging->count; i++)
        ret[i] = judge(&looking, &judging->lines[i], &found[i]);
    return seats - looking.seats;
}
