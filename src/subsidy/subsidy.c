/* From a closed class to paid lines. */
#include "subsidy/subsidy.h"

#include <assert.h>

#include "base/text.h"
#include "evaluation/evaluation.h"
#include "ledger/ledger.h"
#include "notice/notice.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "subsidy_sql.h"
#include "training/training.h"

static const char SUBJECT[] = "claim_line";

/* What one passed trainee is due, by the pack's rules of the class's first day. */
static enum claim_make amount_of(struct ctx *ctx, const struct training_class *class,
                                 const struct enrolment *enrolment, struct pack_subsidy_answer *ret)
{
    const struct pack_programme *programme = pack_programme(ctx->pack, class->programme);
    bool has_level = programme != NULL && programme->certificate == CERTIFICATE_KIND_SKILL_LEVEL;
    struct pack_subsidy_args args = {
        .programme = programme,
        .occupation = class->occupation,
        .level = has_level ? skill_level_code(class->level) : NULL,
        .tags = registry_join_tags(ctx, class->tags, enrolment->tags),
        .on = class->starts_on,
        .language = ctx->language,
    };
    if (args.programme == NULL)
        return CLAIM_MAKE_NOT_SUBSIDISED;
    switch (pack_subsidy(ctx->arena, ctx->pack, &args, ret)) {
    case PACK_SUBSIDY_FOUND:
        return CLAIM_MAKE_DONE;
    case PACK_SUBSIDY_NOT_SUBSIDISED:
        return CLAIM_MAKE_NOT_SUBSIDISED;
    case PACK_SUBSIDY_NO_RULE:
    case PACK_SUBSIDY_AMBIGUOUS:
    case PACK_SUBSIDY_TOO_LARGE:
        break;
    }
    assert(!"a pack with a gap, two rival rules or an absurd amount does not load");
    return CLAIM_MAKE_NOT_SUBSIDISED;
}

static const char *level_key(const struct training_class *class)
{
    const char *code = skill_level_code(class->level);
    return code == NULL ? "" : code;
}

struct due {
    struct enrolment enrolment;
    struct pack_subsidy_answer answer;
};
struct due_list {
    struct due *items;
    size_t count;
    struct fen total;
};

static bool is_paid_before(struct ctx *ctx, const struct training_class *class,
                           const struct enrolment *enrolment)
{
    return sql_line_count_of(ctx, &(struct sql_line_count_of){.person = enrolment->person,
                                                              .taught = training_taught(class),
                                                              .level = level_key(class),
                                                              .enrolment = enrolment->id}) > 0;
}

/* Accounts have one holder: where many people name the same one, money would end in a few hands. */
static bool is_account_shared(struct ctx *ctx, const struct training_class *class,
                              const struct person *person)
{
    int64_t most = pack_parameter(ctx->pack, PARAMETER_BANK_ACCOUNT_PEOPLE_MOST, class->ends_on);
    return person->bank_account != NULL &&
           registry_others_of_bank_account(ctx, person->bank_account, person->id) + 1 > most;
}

struct subsidy_rolls subsidy_rolls(struct ctx *ctx, training_class_id class)
{
    struct subsidy_rolls rolls = {.attendance = training_attendance(ctx, class)};
    training_class_get(ctx, class, &rolls.class);
    return rolls;
}

bool subsidy_is_short(const struct ctx *ctx, const struct subsidy_rolls *rolls,
                      enrolment_id enrolment)
{
    for (size_t i = 0; i < rolls->attendance.count; i++)
        if (rolls->attendance.items[i].enrolment.v == enrolment.v)
            return !training_attended_enough(ctx, &rolls->class,
                                             rolls->attendance.items[i].lesson_hours);
    return true; /* withdrawn, or a class without sessions */
}

/* The passed trainees with their amounts; the first trouble ends it. */
static enum claim_make work_out(struct ctx *ctx, const struct training_class *class,
                                struct due_list *ret, struct claim_trouble *ret_trouble)
{
    struct enrolment_list trainees = training_enrolments(ctx, class->id);
    struct subsidy_rolls rolls = subsidy_rolls(ctx, class->id);
    *ret = (struct due_list){.items = arena_array(ctx->arena, trainees.count + 1, struct due),
                             .total = FEN_ZERO};
    for (size_t i = 0; i < trainees.count; i++) {
        struct person person = {0};
        struct due *due = &ret->items[ret->count];
        if (trainees.items[i].state != ENROLMENT_STATE_COMPLETED ||
            subsidy_is_short(ctx, &rolls, trainees.items[i].id))
            continue;
        due->enrolment = trainees.items[i];
        registry_person(ctx, due->enrolment.person, &person);
        ret_trouble->person = person.name;
        enum claim_make answer = amount_of(ctx, class, &due->enrolment, &due->answer);
        if (answer != CLAIM_MAKE_DONE)
            return answer;
        if (is_paid_before(ctx, class, &due->enrolment))
            return CLAIM_MAKE_PAID_BEFORE;
        if (is_account_shared(ctx, class, &person))
            return CLAIM_MAKE_ACCOUNT_SHARED;
        if (!fen_add(ret->total, due->answer.amount_fen, &ret->total))
            fault_raise(ctx->arena, FAULT_STORE);
        ret->count++;
    }
    ret_trouble->person = NULL;
    return ret->count == 0 ? CLAIM_MAKE_NOBODY_PASSED : CLAIM_MAKE_DONE;
}

static enum claim_make check_class(struct ctx *ctx, const struct training_class *class)
{
    struct organisation organisation;
    struct subsidy_claim before;
    if (!registry_actor_is_of(ctx, class->organisation))
        return CLAIM_MAKE_NOT_YOUR_INSTITUTION;
    if (class->state != CLASS_STATE_CLOSED)
        return CLAIM_MAKE_WRONG_STATE;
    if (sql_claim_of_class(ctx, class->id, &before))
        return CLAIM_MAKE_ALREADY;
    int64_t within = pack_parameter(ctx->pack, PARAMETER_CLAIM_WITHIN_DAYS, class->ends_on);
    if (day_minus(ctx->today, class->ends_on) > within)
        return CLAIM_MAKE_TOO_LATE;
    if (!registry_organisation(ctx, class->organisation, &organisation) ||
        text_empty(organisation.bank_account))
        return CLAIM_MAKE_NO_BANK_ACCOUNT;
    return CLAIM_MAKE_DONE;
}

/* All questions are asked before: what the database refuses now another claim has taken in between,
 * and the transaction is run again. */
static void insert_claim(struct ctx *ctx, const struct training_class *class,
                         const struct due_list *dues, subsidy_claim_id id)
{
    int64_t inserted =
        sql_claim_insert(ctx, &(struct sql_claim_insert){.id = id,
                                                         .class = class->id,
                                                         .organisation = class->organisation,
                                                         .region = class->region,
                                                         .line_count = (int64_t)dues->count,
                                                         .total_fen = dues->total,
                                                         .made_by = ctx->actor->account,
                                                         .made_at = ctx->now});
    for (size_t i = 0; inserted > 0 && i < dues->count; i++) {
        const struct due *due = &dues->items[i];
        const struct pack_uplift *uplift = due->answer.uplift;
        inserted = sql_claim_line_insert(
            ctx, &(struct sql_claim_line_insert){.id = {id_next(ctx->ids, ctx->now)},
                                                 .claim = id,
                                                 .enrolment = due->enrolment.id,
                                                 .person = due->enrolment.person,
                                                 .taught = training_taught(class),
                                                 .level = level_key(class),
                                                 .amount_fen = due->answer.amount_fen,
                                                 .rule = due->answer.rule->id,
                                                 .uplift = uplift == NULL ? NULL : uplift->id});
    }
    if (inserted == 0)
        fault_raise(ctx->arena, FAULT_RETRY);
}

enum claim_make subsidy_claim_make(struct ctx *ctx, training_class_id class_id,
                                   subsidy_claim_id *ret, struct claim_trouble *ret_trouble)
{
    struct training_class class;
    struct due_list dues;
    *ret_trouble = (struct claim_trouble){0};
    if (!training_class_get(ctx, class_id, &class))
        return CLAIM_MAKE_NOT_FOUND;
    enum claim_make answer = check_class(ctx, &class);
    if (answer == CLAIM_MAKE_DONE)
        answer = work_out(ctx, &class, &dues, ret_trouble);
    if (answer != CLAIM_MAKE_DONE)
        return answer;
    *ret = (subsidy_claim_id){id_next(ctx->ids, ctx->now)};
    insert_claim(ctx, &class, &dues, *ret);
    registry_trace(ctx, "subsidy_claim", ret->v, "claim_make", NULL);
    return CLAIM_MAKE_DONE;
}

/* --- reviews */

/* The list goes on public view. */
static enum claim_review publish(struct ctx *ctx, const struct subsidy_claim *claim)
{
    struct training_class class = {0};
    struct organisation organisation = {0};
    struct claim_line_list lines = sql_claim_lines(ctx, claim->id);
    struct notice_draft_line *shown =
        arena_array(ctx->arena, lines.count, struct notice_draft_line);
    public_notice_id notice;
    training_class_get(ctx, claim->class, &class);
    registry_organisation(ctx, claim->organisation, &organisation);
    for (size_t i = 0; i < lines.count; i++) {
        struct person person = {0};
        registry_person(ctx, lines.items[i].person, &person);
        shown[i] = (struct notice_draft_line){.name = person.name,
                                              .identity_no = person.identity_no,
                                              .amount_fen = lines.items[i].amount_fen,
                                              .subject_id = lines.items[i].id.v};
    }
    struct notice_draft draft = {.title = class.name,
                                 .organisation = organisation.name,
                                 .region = claim->region,
                                 .subject_kind = "subsidy_claim",
                                 .subject_id = claim->id.v,
                                 .lines = shown,
                                 .count = lines.count};
    if (notice_publish(ctx, &draft, &notice) != NOTICE_PUBLISH_DONE)
        return CLAIM_REVIEW_BEYOND_CALENDAR;
    sql_claim_notice_set(ctx, claim->id, notice);
    return CLAIM_REVIEW_DONE;
}

static bool has_short_line(struct ctx *ctx, const struct subsidy_claim *claim)
{
    struct subsidy_rolls rolls = subsidy_rolls(ctx, claim->class);
    struct claim_line_list lines = sql_claim_lines(ctx, claim->id);
    for (size_t i = 0; i < lines.count; i++)
        if (subsidy_is_short(ctx, &rolls, lines.items[i].enrolment))
            return true;
    return false;
}

static enum claim_review check_review(struct ctx *ctx, const struct claim_verdict *verdict,
                                      struct subsidy_claim *ret_claim)
{
    account_id actor = ctx->actor->account;
    if (!sql_claim_by_id(ctx, verdict->id, ret_claim))
        return CLAIM_REVIEW_NOT_FOUND;
    if (ret_claim->made_by.v == actor.v)
        return CLAIM_REVIEW_OWN_SUBMISSION;
    if (!registry_actor_covers_region(ctx, ret_claim->region))
        return CLAIM_REVIEW_NOT_YOUR_REGION;
    bool is_first = ret_claim->state == CLAIM_STATE_FIRST_REVIEW;
    if (!is_first && ret_claim->state != CLAIM_STATE_SECOND_REVIEW)
        return CLAIM_REVIEW_WRONG_STATE;
    if (!is_first && ret_claim->first_by.v == actor.v)
        return CLAIM_REVIEW_SAME_REVIEWER;
    if (!registry_permits(ctx, is_first ? PERMISSION_CLAIM_FIRST_REVIEW
                                        : PERMISSION_CLAIM_SECOND_REVIEW))
        return CLAIM_REVIEW_WRONG_ROLE;
    if (verdict->decision == CLAIM_DECISION_NONE)
        return CLAIM_REVIEW_DECISION_MISSING;
    if (verdict->decision == CLAIM_DECISION_REJECT)
        return text_empty(verdict->note) ? CLAIM_REVIEW_NOTE_MISSING : CLAIM_REVIEW_DONE;
    return has_short_line(ctx, ret_claim) ? CLAIM_REVIEW_ROLL_SHORT : CLAIM_REVIEW_DONE;
}

enum claim_review subsidy_review(struct ctx *ctx, const struct claim_verdict *verdict)
{
    struct subsidy_claim claim;
    enum claim_review answer = check_review(ctx, verdict, &claim);
    if (answer != CLAIM_REVIEW_DONE)
        return answer;
    bool is_first = claim.state == CLAIM_STATE_FIRST_REVIEW;
    bool is_approval = verdict->decision == CLAIM_DECISION_APPROVE;
    enum claim_state next = !is_approval ? CLAIM_STATE_REJECTED
                            : is_first   ? CLAIM_STATE_SECOND_REVIEW
                                         : CLAIM_STATE_PUBLICITY;
    account_id actor = ctx->actor->account;
    int64_t changed = is_first
                          ? sql_claim_first_step(ctx, verdict->id, verdict->version, actor, next)
                          : sql_claim_second_step(ctx, verdict->id, verdict->version, actor, next);
    if (changed == 0)
        return CLAIM_REVIEW_STALE;
    if (!is_approval)
        sql_lines_refuse(ctx, verdict->id);
    registry_trace(ctx, "subsidy_claim", verdict->id.v,
                   !is_approval ? "claim_reject"
                   : is_first   ? "claim_first"
                                : "claim_second",
                   verdict->note);
    return next == CLAIM_STATE_PUBLICITY ? publish(ctx, &claim) : CLAIM_REVIEW_DONE;
}

/* --- after the publicity */

static bool owe(struct ctx *ctx, const struct subsidy_claim *claim, const struct claim_line *line,
                payment_id *ret)
{
    struct training_class class = {0};
    struct organisation organisation = {0};
    struct person person = {0};
    training_class_get(ctx, claim->class, &class);
    registry_organisation(ctx, claim->organisation, &organisation);
    registry_person(ctx, line->person, &person);
    struct owing owing = {
        .subject_kind = SUBJECT,
        .subject_id = line->id.v,
        .region = claim->region,
        .payee = organisation.name,
        .account = organisation.bank_account,
        .bank_name = organisation.bank_name,
        .purpose = arena_printf(ctx->arena, "%s %s", class.name, person.name),
        .amount_fen = line->amount_fen,
    };
    return sql_line_step(
               ctx, &(struct sql_line_step){line->id, line->state, CLAIM_LINE_STATE_OWED}) > 0 &&
           fund_owe(ctx, &owing, ret);
}

/* A line that nothing was decided about yet, and where it goes now. */
struct turn {
    struct claim_line line;
    enum claim_line_state next;
};
struct turn_list {
    struct turn *items;
    size_t count;
    size_t held; /* of them: an objection is open */
};

static enum claim_line_state after_view(enum line_state shown)
{
    switch (shown) {
    case LINE_STATE_SHOWN:
    case LINE_STATE_CLEARED:
        return CLAIM_LINE_STATE_OWED;
    case LINE_STATE_UPHELD:
        return CLAIM_LINE_STATE_REFUSED;
    case LINE_STATE_NONE:
    case LINE_STATE_OBJECTED:
        break;
    }
    return CLAIM_LINE_STATE_HELD;
}

static struct turn_list turns_of(struct ctx *ctx, const struct subsidy_claim *claim)
{
    struct notice_line_list shown = notice_lines(ctx, claim->notice);
    struct subsidy_rolls rolls = subsidy_rolls(ctx, claim->class);
    struct turn_list turns = {.items = arena_array(ctx->arena, shown.count, struct turn)};
    for (size_t i = 0; i < shown.count; i++) {
        struct turn *turn = &turns.items[turns.count];
        if (!sql_claim_line_by_id(ctx, (claim_line_id){shown.items[i].subject_id}, &turn->line) ||
            (turn->line.state != CLAIM_LINE_STATE_CLAIMED &&
             turn->line.state != CLAIM_LINE_STATE_HELD))
            continue;
        turn->next = subsidy_is_short(ctx, &rolls, turn->line.enrolment)
                         ? CLAIM_LINE_STATE_REFUSED
                         : after_view(shown.items[i].state);
        turns.count++;
        turns.held += turn->next == CLAIM_LINE_STATE_HELD;
    }
    return turns;
}

bool subsidy_line_of(struct ctx *ctx, enrolment_id enrolment, struct claim_line *ret)
{
    return sql_claim_line_of_enrolment(ctx, enrolment, ret);
}

bool subsidy_course_of(struct ctx *ctx, enrolment_id enrolment, struct subsidy_course *ret)
{
    struct subsidy_claim claim;
    struct public_notice notice;
    *ret = (struct subsidy_course){.until_day = DAY_NONE};
    if (!sql_claim_line_of_enrolment(ctx, enrolment, &ret->line) ||
        !sql_claim_by_id(ctx, ret->line.claim, &claim))
        return false;
    ret->claim = claim.state;
    if (claim.notice.v != 0 && notice_get(ctx, claim.notice, &notice))
        ret->until_day = notice.until_day;
    ret->has_payment = fund_payment_of(ctx, "claim_line", ret->line.id.v, &ret->payment);
    return true;
}

enum claim_release subsidy_release(struct ctx *ctx, subsidy_claim_id id)
{
    struct subsidy_claim claim;
    struct public_notice notice;
    if (!sql_claim_by_id(ctx, id, &claim))
        return CLAIM_RELEASE_NOT_FOUND;
    if (!registry_actor_covers_region(ctx, claim.region))
        return CLAIM_RELEASE_NOT_YOUR_REGION;
    bool is_first = claim.state == CLAIM_STATE_PUBLICITY;
    if ((!is_first && claim.state != CLAIM_STATE_PAYABLE) ||
        !notice_get(ctx, claim.notice, &notice))
        return CLAIM_RELEASE_WRONG_STATE;
    if (!notice_is_over(ctx, &notice))
        return CLAIM_RELEASE_STILL_ON_VIEW;
    struct turn_list turns = turns_of(ctx, &claim);
    if (turns.count == 0)
        return CLAIM_RELEASE_WRONG_STATE;
    if (turns.held == turns.count)
        return CLAIM_RELEASE_OBJECTION_OPEN;
    if (is_first && sql_claim_release_step(ctx, id) == 0)
        return CLAIM_RELEASE_WRONG_STATE;
    for (size_t i = 0; i < turns.count; i++) {
        const struct claim_line *line = &turns.items[i].line;
        payment_id payment;
        bool is_owed = turns.items[i].next == CLAIM_LINE_STATE_OWED;
        /* A line that another has released in between: the questions above are asked again. */
        if (is_owed && !owe(ctx, &claim, line, &payment))
            fault_raise(ctx->arena, FAULT_RETRY);
        if (!is_owed)
            sql_line_step(ctx, &(struct sql_line_step){line->id, line->state, turns.items[i].next});
    }
    registry_trace(ctx, "subsidy_claim", id.v, "claim_release", NULL);
    sql_claim_settle_step(ctx, id);
    return CLAIM_RELEASE_DONE;
}

/* Whether what was sent to the bank would be sent in the same way again. */
static bool is_same_account(struct ctx *ctx, const struct subsidy_claim *claim,
                            const struct payment *returned)
{
    struct organisation organisation = {0};
    return registry_organisation(ctx, claim->organisation, &organisation) &&
           text_equal(organisation.name, returned->payee) &&
           text_equal(organisation.bank_account, returned->account) &&
           text_equal(organisation.bank_name, returned->bank_name);
}

enum pay_again subsidy_pay_again(struct ctx *ctx, const struct paying_again *again, payment_id *ret)
{
    struct claim_line line;
    struct subsidy_claim claim;
    struct payment returned;
    if (!sql_claim_line_by_id(ctx, again->line, &line) || line.claim.v != again->claim.v ||
        !sql_claim_by_id(ctx, line.claim, &claim))
        return PAY_AGAIN_NOT_FOUND;
    if (!registry_actor_covers_region(ctx, claim.region))
        return PAY_AGAIN_NOT_YOUR_REGION;
    if (line.state != CLAIM_LINE_STATE_BOUNCED ||
        !fund_payment_of(ctx, SUBJECT, line.id.v, &returned) ||
        returned.state != PAYMENT_STATE_RETURNED)
        return PAY_AGAIN_WRONG_STATE;
    struct subsidy_rolls rolls = subsidy_rolls(ctx, claim.class);
    if (subsidy_is_short(ctx, &rolls, line.enrolment))
        return PAY_AGAIN_ROLL_SHORT;
    if (text_empty(again->note) && is_same_account(ctx, &claim, &returned))
        return PAY_AGAIN_ACCOUNT_UNCHANGED;
    /* Who was faster has taken the line: then its state is another when it is asked again. */
    if (!owe(ctx, &claim, &line, ret))
        fault_raise(ctx->arena, FAULT_RETRY);
    registry_trace(ctx, "subsidy_claim", claim.id.v, "pay_again", again->note);
    return PAY_AGAIN_DONE;
}

void subsidy_settled(struct ctx *ctx, const struct payment *payment, bool is_paid)
{
    struct claim_line line;
    struct subsidy_claim claim;
    struct training_class class;
    if (!text_equal(payment->subject_kind, SUBJECT) ||
        !sql_claim_line_by_id(ctx, (claim_line_id){payment->subject_id}, &line) ||
        !sql_claim_by_id(ctx, line.claim, &claim) || !training_class_get(ctx, claim.class, &class))
        return;
    enum claim_line_state next = is_paid ? CLAIM_LINE_STATE_PAID : CLAIM_LINE_STATE_BOUNCED;
    if (sql_line_step(ctx, &(struct sql_line_step){line.id, CLAIM_LINE_STATE_OWED, next}) == 0)
        return;
    if (is_paid)
        ledger_append(ctx, &(struct fact){
                               .kind = FACT_SUBSIDY_PAID,
                               .person = line.person,
                               .organisation = claim.organisation,
                               .region = claim.region,
                               .item = class.item,
                               .programme = class.programme,
                               .occupation = class.occupation,
                               .level = class.level,
                               .tags = class.tags,
                               .held_on = ctx->today,
                               .amount_fen = line.amount_fen,
                               .clause = class.clause,
                               .subject_kind = SUBJECT,
                               .subject_id = line.id.v,
                               .recorded_by = ctx->actor->account,
                           });
    sql_claim_settle_step(ctx, claim.id);
}

public_notice_id subsidy_notice(struct ctx *ctx, subsidy_claim_id id)
{
    struct subsidy_claim claim = {0};
    sql_claim_by_id(ctx, id, &claim);
    return claim.notice;
}

bool subsidy_claim_of_class(struct ctx *ctx, training_class_id class, struct subsidy_claim *ret)
{
    return sql_claim_of_class(ctx, class, ret);
}

int64_t subsidy_waiting(struct ctx *ctx)
{
    const char *prefix = registry_actor_region_prefix(ctx);
    int64_t waiting = 0;
    if (registry_permits(ctx, PERMISSION_CLAIM_FIRST_REVIEW))
        waiting += sql_claim_count_in(ctx, prefix, CLAIM_STATE_FIRST_REVIEW);
    if (registry_permits(ctx, PERMISSION_CLAIM_SECOND_REVIEW))
        waiting += sql_claim_count_in(ctx, prefix, CLAIM_STATE_SECOND_REVIEW);
    return waiting;
}
