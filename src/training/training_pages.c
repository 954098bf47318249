/* The pages of classes: the public list, the institution's and the county's desk, the worker's
 * check-in. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training.h"
#include "training/training_room.h"
#include "training_html.h"
#include "training_sql.h"
#include "web/show.h"

enum { CHECK_IN_WINDOW_HOURS = 12 };

static const char *say(struct ctx *ctx, const struct pack_text *text)
{
    return text == NULL ? "" : pack_say(*text, ctx->language);
}

static const char *programme_name(struct ctx *ctx, const char *code)
{
    const struct pack_programme *programme = pack_programme(ctx->pack, code);
    return say(ctx, programme == NULL ? NULL : &programme->name);
}

static const char *occupation_name(struct ctx *ctx, const char *code)
{
    const struct pack_occupation *occupation =
        code == NULL ? NULL : pack_occupation(ctx->pack, code);
    return say(ctx, occupation == NULL ? NULL : &occupation->name);
}

static const char *region_name(struct ctx *ctx, const char *code)
{
    const struct pack_region *region = pack_region(ctx->pack, code);
    return region == NULL ? "" : pack_region_name(region, ctx->language);
}

static const char *organisation_name(struct ctx *ctx, organisation_id id)
{
    struct organisation organisation;
    return registry_organisation(ctx, id, &organisation) ? organisation.name : "";
}

const char *training__class_path(struct ctx *ctx, training_class_id id)
{
    return arena_printf(ctx->arena, "/desk/class/%s", show_id(ctx, id.v));
}

/* --- opening a class */

static struct reply new_reply(struct ctx *ctx, const struct field_faults *faults,
                              const char *problem)
{
    struct class_new_model *model = arena_one(ctx->arena, struct class_new_model);
    *model = (struct class_new_model){
        .institution = ctx->actor->organisation_name,
        .problem = problem,
        .form = {.entity = &class_application_entity,
                 .faults = faults,
                 .lists = training__lists(ctx),
                 .is_echo = request_is_post(ctx)},
    };
    bool is_refused = faults != NULL || problem != NULL;
    return reply_page(&class_new_page, model, is_refused ? 422 : 200);
}

static struct reply show_new(struct ctx *ctx)
{
    return new_reply(ctx, NULL, NULL);
}

/* The values that an outcome's words may name. */
static size_t trouble_arguments(struct ctx *ctx, const struct training_trouble *trouble,
                                struct argument arguments[7])
{
    arguments[0] = (struct argument){"class", show_text(trouble->clash.name)};
    bool has_time = trouble->clash.class.v != 0;
    arguments[1] =
        (struct argument){"at", has_time ? show_instant(ctx, trouble->clash.starts_at) : ""};
    arguments[2] = (struct argument){"limit", show_integer(ctx, trouble->limit)};
    arguments[3] = (struct argument){"found", show_integer(ctx, trouble->found)};
    arguments[4] = (struct argument){"groups", show_text(trouble->groups)};
    arguments[5] = (struct argument){"line", show_integer(ctx, trouble->line)};
    arguments[6] = (struct argument){"item", show_text(trouble->item)};
    return 7;
}

struct reply training__answer(struct ctx *ctx, const struct outcome_info *info,
                              const char *location, const struct training_trouble *trouble)
{
    struct argument arguments[7];
    size_t count = trouble_arguments(ctx, trouble, arguments);
    return reply_outcome_with(ctx, info, location, arguments, count);
}

static struct reply post_new(struct ctx *ctx)
{
    struct class_application form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    struct training_trouble trouble;
    training_class_id id;
    if (!entity_read(ctx, &class_application_entity, form_source, NULL, training__lists(ctx), &form,
                     faults))
        return new_reply(ctx, faults, NULL);
    struct class_opening opening = {.form = &form, .organisation = ctx->actor->organisation};
    enum class_apply outcome = training_class_apply(ctx, &opening, &id, &trouble);
    const struct outcome_info *info = class_apply_info(outcome);
    if (outcome == CLASS_APPLY_DONE || request_wants_json(ctx))
        return training__answer(ctx, info,
                                outcome == CLASS_APPLY_DONE ? training__class_path(ctx, id) : NULL,
                                &trouble);
    struct reply refusal = training__answer(ctx, info, NULL, &trouble);
    return new_reply(ctx, NULL, words_with(ctx, &refusal.message));
}

/* --- a draft, or a returned application, written anew */

int64_t training__form_version(struct ctx *ctx)
{
    int64_t version;
    const char *text = request_form(ctx, "version");
    return text != NULL && text_integer(text, &version) ? version : -1;
}

static const char *hour_of(struct ctx *ctx, const struct session *first)
{
    int minutes = instant_minutes(first->starts_at);
    return arena_printf(ctx->arena, "%02d:%02d", minutes / 60, minutes % 60);
}

/* The form as it would be filled in to get this class. */
static const struct class_application *application_of(struct ctx *ctx,
                                                      const struct training_class *class)
{
    struct class_application *form = arena_one(ctx->arena, struct class_application);
    struct session_list sessions = sql_sessions_of(ctx, class->id);
    struct organisation evaluator = {0};
    struct person teacher = {0};
    registry_person(ctx, class->teacher, &teacher);
    request_shows(ctx, teacher.id.v);
    if (class->evaluator.v != 0)
        registry_organisation(ctx, class->evaluator, &evaluator);
    *form = (struct class_application){
        .name = class->name,
        .programme = class->programme,
        .occupation = class->occupation,
        .level = class->level,
        .region = class->region,
        .place = class->place,
        .teacher_no = teacher.identity_no,
        .teacher_name = teacher.name,
        .evaluator_code = evaluator.credit_code,
        .starts_on = class->starts_on,
        .starts_at = sessions.count == 0 ? NULL : hour_of(ctx, &sessions.items[0]),
        .lesson_hours = class->lesson_hours,
        .daily_hours = sessions.count == 0 ? INT64_MIN : sessions.items[0].lesson_hours,
        .capacity = class->capacity,
        .exam_kind = class->exam_kind,
        .exam_on = class->exam_on,
        .exam_place = class->exam_place,
    };
    return form;
}

static struct reply edit_reply(struct ctx *ctx, const struct training_class *class,
                               const struct field_faults *faults, const char *problem)
{
    struct class_edit_model *model = arena_one(ctx->arena, struct class_edit_model);
    *model = (struct class_edit_model){
        .id = class->id,
        .version = class->version,
        .name = class->name,
        .problem = problem,
        .form = {.entity = &class_application_entity,
                 .values = application_of(ctx, class),
                 .faults = faults,
                 .lists = training__lists(ctx),
                 .is_echo = request_is_post(ctx)},
    };
    return reply_page(&class_edit_page, model, faults != NULL || problem != NULL ? 422 : 200);
}

bool training__find_own(struct ctx *ctx, struct training_class *ret)
{
    training_class_id id;
    return request_id(ctx, "class", &id.v) && sql_class_by_id(ctx, id, ret) &&
           registry_actor_is_of(ctx, ret->organisation);
}

static struct reply show_edit(struct ctx *ctx)
{
    struct training_class class;
    return training__find_own(ctx, &class) ? edit_reply(ctx, &class, NULL, NULL)
                                           : reply_not_found(ctx);
}

static struct reply post_edit(struct ctx *ctx)
{
    struct training_class class;
    struct class_application form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    struct training_trouble trouble;
    if (!training__find_own(ctx, &class))
        return reply_not_found(ctx);
    if (!entity_read(ctx, &class_application_entity, form_source, NULL, training__lists(ctx), &form,
                     faults))
        return edit_reply(ctx, &class, faults, NULL);
    struct class_amendment amendment = {
        .class = class.id,
        .version = training__form_version(ctx),
        .opening = {.form = &form, .organisation = class.organisation},
    };
    enum class_apply outcome = training_class_amend(ctx, &amendment, &trouble);
    const char *path = outcome == CLASS_APPLY_DONE ? training__class_path(ctx, class.id) : NULL;
    struct reply reply = training__answer(ctx, class_apply_info(outcome), path, &trouble);
    if (outcome == CLASS_APPLY_DONE || request_wants_json(ctx))
        return reply;
    return edit_reply(ctx, &class, NULL, words_with(ctx, &reply.message));
}

/* --- one class */

static struct reply show_public(struct ctx *ctx)
{
    training_class_id id;
    struct training_class class;
    if (!request_id(ctx, "class", &id.v) || !sql_class_by_id(ctx, id, &class))
        return reply_not_found(ctx);
    bool is_open = class.state == CLASS_STATE_APPROVED || class.state == CLASS_STATE_IN_PROGRESS ||
                   class.state == CLASS_STATE_TRAINING_DONE || class.state == CLASS_STATE_CLOSED;
    if (!is_open)
        return reply_not_found(ctx);
    struct class_public_model *model = arena_one(ctx->arena, struct class_public_model);
    *model = (struct class_public_model){
        .id = class.id,
        .name = class.name,
        .institution = organisation_name(ctx, class.organisation),
        .programme = programme_name(ctx, class.programme),
        .occupation = occupation_name(ctx, class.occupation),
        .level = class.level,
        .region_name = region_name(ctx, class.region),
        .place = class.place,
        .starts_on = class.starts_on,
        .ends_on = class.ends_on,
        .lesson_hours = class.lesson_hours,
        .enrolled = sql_enrolment_count(ctx, id),
        .capacity = class.capacity,
        .state = class.state,
        .clause = pack_clause_words(ctx, class.clause),
    };
    return page_class_public(ctx, model);
}

/* Officers see a class of their region, an institution its own. */
static bool may_see(const struct ctx *ctx, const struct training_class *class)
{
    return registry_actor_is_of(ctx, class->organisation) ||
           registry_actor_is_of(ctx, class->evaluator) ||
           (ctx->actor->role >= ROLE_COUNTY_OFFICER &&
            registry_actor_covers_region(ctx, class->region));
}

static void fill_course(struct ctx *ctx, const struct training_class *class,
                        struct class_desk_model *model)
{
    struct session_list sessions = sql_sessions_of(ctx, class->id);
    model->sessions.count = sessions.count;
    model->sessions.items = arena_array(ctx->arena, sessions.count, struct class_desk_session);
    for (size_t i = 0; i < sessions.count; i++)
        model->sessions.items[i] = (struct class_desk_session){
            .id = sessions.items[i].id,
            .number = sessions.items[i].number,
            .starts_at = sessions.items[i].starts_at,
            .ends_at = sessions.items[i].ends_at,
            .lesson_hours = sessions.items[i].lesson_hours,
            .kind = sessions.items[i].kind,
            .subject = sessions.items[i].subject,
        };
    struct trace_entry_list traces = ledger_traces(ctx, "training_class", class->id.v);
    model->acts.count = traces.count;
    model->acts.items = arena_array(ctx->arena, traces.count, struct class_desk_act);
    for (size_t i = 0; i < traces.count; i++)
        model->acts.items[i] = (struct class_desk_act){.done_at = traces.items[i].done_at,
                                                       .actor_name = traces.items[i].actor_name,
                                                       .action = traces.items[i].action,
                                                       .note = traces.items[i].note};
}

/* What the county saw at the place, where it has been there. */
static void fill_check(struct ctx *ctx, const struct training_class *class,
                       struct class_desk_model *model)
{
    struct site_check_entry check;
    if (!training__site_check_of(ctx, class, &check))
        return;
    model->checked_on = check.checked_on;
    model->checked_by = check.actor_name;
    model->is_place_fit = check.is_passed;
    struct site_finding_list findings = sql_site_findings(ctx, check.id);
    model->findings.items = arena_array(ctx->arena, findings.count, struct class_desk_finding);
    for (size_t i = 0; i < findings.count; i++) {
        const struct pack_site_item *item = pack_site_item(ctx->pack, findings.items[i].item);
        if (item != NULL)
            model->findings.items[model->findings.count++] =
                (struct class_desk_finding){.item = pack_say(item->name, ctx->language),
                                            .finding = findings.items[i].finding,
                                            .remark = findings.items[i].remark};
    }
}

static void fill_rights(struct ctx *ctx, const struct training_class *class,
                        struct class_desk_model *model)
{
    bool is_own = registry_actor_is_of(ctx, class->organisation);
    bool is_open = class->state == CLASS_STATE_APPROVED || class->state == CLASS_STATE_IN_PROGRESS;
    bool keeps = is_own && registry_permits(ctx, PERMISSION_CLASS_APPLY);
    model->may_submit =
        keeps && (class->state == CLASS_STATE_DRAFT || class->state == CLASS_STATE_RETURNED);
    model->may_review = registry_permits(ctx, PERMISSION_CLASS_REVIEW) &&
                        class->state == CLASS_STATE_SUBMITTED &&
                        registry_actor_covers_region(ctx, class->region) &&
                        class->submitted_by.v != ctx->actor->account.v;
    model->may_reveal = training__may_reveal(ctx, class);
    model->may_enrol = keeps && is_open;
    model->may_punch = is_own && is_open && registry_permits(ctx, PERMISSION_CLASS_PUNCH);
    model->may_finish = keeps && class->state == CLASS_STATE_IN_PROGRESS;
    organisation_id examiner = class->evaluator.v == 0 ? class->organisation : class->evaluator;
    model->may_examine = registry_actor_is_of(ctx, examiner) &&
                         registry_permits(ctx, PERMISSION_RESULTS_RECORD) &&
                         class->state == CLASS_STATE_TRAINING_DONE;
    model->may_claim = is_own && registry_permits(ctx, PERMISSION_CLAIM_MAKE) &&
                       class->state == CLASS_STATE_CLOSED;
}

/* What stands above the class, and in its form for one trainee. */
struct desk_refusal {
    const struct field_faults *faults;
    const char *problem;
    const char *known_name; /* masked: whom a trainee's number is registered for */
};

static struct reply desk_reply(struct ctx *ctx, const struct training_class *class,
                               const struct desk_refusal *refusal)
{
    struct class_desk_model *model = arena_one(ctx->arena, struct class_desk_model);
    struct person teacher = {0};
    registry_person(ctx, class->teacher, &teacher);
    request_shows(ctx, teacher.id.v);
    *model = (struct class_desk_model){
        .id = class->id,
        .version = class->version,
        .name = class->name,
        .institution = organisation_name(ctx, class->organisation),
        .programme = programme_name(ctx, class->programme),
        .occupation = occupation_name(ctx, class->occupation),
        .level = class->level,
        .region_name = region_name(ctx, class->region),
        .place = class->place,
        .teacher = teacher.name,
        .evaluator = class->evaluator.v == 0 ? NULL : organisation_name(ctx, class->evaluator),
        .starts_on = class->starts_on,
        .ends_on = class->ends_on,
        .lesson_hours = class->lesson_hours,
        .capacity = class->capacity,
        .exam_kind = class->exam_kind,
        .exam_on = class->exam_on,
        .exam_place = class->exam_place,
        .checked_on = DAY_NONE,
        .state = class->state,
        .clause = pack_clause_words(ctx, class->clause),
        .problem = refusal->problem,
        .known_name = refusal->known_name,
        .form = {.entity = &trainee_form_entity,
                 .faults = refusal->faults,
                 .lists = training__lists(ctx),
                 .is_echo = request_is_post(ctx)},
    };
    fill_course(ctx, class, model);
    fill_check(ctx, class, model);
    fill_rights(ctx, class, model);
    struct trainee_rows rows = training__trainee_rows(ctx, class);
    model->enrolled = (int64_t)rows.count;
    model->low_count = class->state == CLASS_STATE_IN_PROGRESS ? rows.low_count : 0;
    model->trainees = training__trainee_view(ctx, class, &rows);
    bool is_refused = refusal->faults != NULL || refusal->problem != NULL;
    return reply_page(&class_desk_page, model, is_refused ? 422 : 200);
}

bool training__find(struct ctx *ctx, struct training_class *ret)
{
    training_class_id id;
    return request_id(ctx, "class", &id.v) && sql_class_by_id(ctx, id, ret) && may_see(ctx, ret);
}

static struct reply show_desk(struct ctx *ctx)
{
    struct training_class class;
    struct reply file;
    if (!training__find(ctx, &class))
        return reply_not_found(ctx);
    return training__trainee_file(ctx, &class, &file)
               ? file
               : desk_reply(ctx, &class, &(struct desk_refusal){0});
}

static struct reply post_submit(struct ctx *ctx)
{
    training_class_id id;
    struct training_trouble trouble;
    if (!request_id(ctx, "class", &id.v))
        return reply_not_found(ctx);
    enum class_submit outcome =
        training_class_submit(ctx, id, training__form_version(ctx), &trouble);
    return training__answer(ctx, class_submit_info(outcome), training__class_path(ctx, id),
                            &trouble);
}

static struct reply post_review(struct ctx *ctx)
{
    struct class_verdict verdict = {.version = training__form_version(ctx),
                                    .note = request_form(ctx, "note")};
    struct training_trouble trouble;
    const char *decision = request_form(ctx, "decision");
    if (!request_id(ctx, "class", &verdict.id.v))
        return reply_not_found(ctx);
    if (decision != NULL && !class_decision_parse(decision, &verdict.decision))
        verdict.decision = CLASS_DECISION_NONE;
    enum class_review outcome = training_class_review(ctx, &verdict, &trouble);
    return training__answer(ctx, class_review_info(outcome), training__class_path(ctx, verdict.id),
                            &trouble);
}

static struct reply post_finish(struct ctx *ctx)
{
    training_class_id id;
    if (!request_id(ctx, "class", &id.v))
        return reply_not_found(ctx);
    enum class_finish outcome = training_class_finish(ctx, id, training__form_version(ctx));
    return reply_outcome(ctx, class_finish_info(outcome), training__class_path(ctx, id));
}

/* --- one trainee by hand */

static enum person_register register_trainee(struct ctx *ctx, const struct trainee_form *form,
                                             struct enrolling *ret)
{
    struct person person;
    const char *tags;
    if (!training_read_groups(ctx, form->group, &tags))
        tags = NULL; /* which enrolling refuses */
    ret->groups = form->group;
    enum person_register registered =
        registry_person_register(ctx,
                                 &(struct person_args){.identity_no = form->identity_no,
                                                       .name = form->name,
                                                       .phone = form->phone,
                                                       .bank_account = form->bank_account,
                                                       .bank_name = form->bank_name,
                                                       .tags = tags},
                                 &ret->person);
    if (registered <= PERSON_REGISTER_KNOWN && registry_person(ctx, ret->person, &person)) {
        ret->born_on = person.born_on;
        ret->is_woman = text_equal(person.sex, "female");
        ret->tags = person.tags;
    }
    return registered;
}

/* The number is known under another name: mended here, or, with a reason, the county's to decide.
 */
static struct reply answer_conflict(struct ctx *ctx, const struct training_class *class,
                                    const struct trainee_form *form, person_id id)
{
    struct person person;
    name_correction_id correction;
    const struct outcome_info *info = person_register_info(PERSON_REGISTER_NAME_DIFFERS);
    if (!text_empty(form->correction_reason))
        info = correction_open_info(
            registry_correction_open(ctx,
                                     &(struct correction_opening){.person = id,
                                                                  .told_name = form->name,
                                                                  .origin = CORRECTION_ORIGIN_FORM,
                                                                  .reason = form->correction_reason,
                                                                  .region = class->region},
                                     &correction));
    if (info->status < 400 || request_wants_json(ctx) || !registry_person(ctx, id, &person))
        return reply_outcome(ctx, info, training__class_path(ctx, class->id));
    return desk_reply(ctx, class,
                      &(struct desk_refusal){.problem = words(ctx, info->code),
                                             .known_name = mask_name(ctx->arena, person.name)});
}

static struct reply post_enrol(struct ctx *ctx)
{
    struct training_class class;
    struct trainee_form form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    struct training_trouble trouble = {0};
    enrolment_id enrolment;
    if (!training__find(ctx, &class) || !registry_actor_is_of(ctx, class.organisation))
        return reply_not_found(ctx);
    if (!entity_read(ctx, &trainee_form_entity, form_source, NULL, training__lists(ctx), &form,
                     faults))
        return desk_reply(ctx, &class, &(struct desk_refusal){.faults = faults});
    struct enrolling enrolling = {.class = class.id, .import_id = INT64_MIN};
    enum person_register registered = register_trainee(ctx, &form, &enrolling);
    if (registered == PERSON_REGISTER_NAME_DIFFERS)
        return answer_conflict(ctx, &class, &form, enrolling.person);
    if (registered == PERSON_REGISTER_NUMBER_INVALID)
        return reply_outcome(ctx, person_register_info(registered),
                             training__class_path(ctx, class.id));
    enum class_enrol outcome = training_enrol(ctx, &enrolling, &enrolment, &trouble);
    return training__answer(ctx, class_enrol_info(outcome), training__class_path(ctx, class.id),
                            &trouble);
}

/* --- attendance */

static const char *person_name(struct ctx *ctx, person_id id)
{
    struct person person;
    request_shows(ctx, id.v);
    return registry_person(ctx, id, &person) ? person.name : "";
}

static void fill_presences(struct ctx *ctx, const struct session *session,
                           struct session_sheet_model *model)
{
    struct session_presence_list list = training_session_presences(ctx, session);
    model->lines.count = list.count;
    model->lines.items = arena_array(ctx->arena, list.count, struct session_sheet_line);
    for (size_t i = 0; i < list.count; i++)
        model->lines.items[i] = (struct session_sheet_line){
            .enrolment = list.items[i].presence.enrolment,
            .name = person_name(ctx, list.items[i].presence.person),
            .checked_in_at = list.items[i].presence.checked_in_at,
            .checked_out_at = list.items[i].presence.checked_out_at,
            .counted = list.items[i].lesson_hours,
        };
}

static void fill_corrections(struct ctx *ctx, const struct session *session,
                             struct session_sheet_model *model)
{
    struct attendance_correction_list list = sql_corrections_of_session(ctx, session->id);
    model->corrections.count = list.count;
    model->corrections.items = arena_array(ctx->arena, list.count, struct session_sheet_correction);
    for (size_t i = 0; i < list.count; i++)
        model->corrections.items[i] = (struct session_sheet_correction){
            .name = person_name(ctx, list.items[i].person),
            .hours = list.items[i].lesson_hours,
            .reason = list.items[i].reason,
            .actor_name = list.items[i].actor_name,
            .recorded_at = list.items[i].recorded_at,
        };
}

static struct reply show_session(struct ctx *ctx)
{
    session_id id;
    struct session session;
    struct training_class class;
    if (!request_id(ctx, "session", &id.v) || !sql_session_by_id(ctx, id, &session) ||
        !sql_class_by_id(ctx, session.class, &class) || !may_see(ctx, &class))
        return reply_not_found(ctx);
    struct session_sheet_model *model = arena_one(ctx->arena, struct session_sheet_model);
    *model = (struct session_sheet_model){
        .id = id,
        .class = class.id,
        .class_name = class.name,
        .number = session.number,
        .starts_at = session.starts_at,
        .ends_at = session.ends_at,
        .lesson_hours = session.lesson_hours,
        .may_punch =
            registry_actor_is_of(ctx, class.organisation) &&
            (class.state == CLASS_STATE_APPROVED || class.state == CLASS_STATE_IN_PROGRESS),
        .may_correct =
            registry_permits(ctx, PERMISSION_ATTENDANCE_CORRECT) &&
            registry_actor_covers_region(ctx, class.region) &&
            (class.state == CLASS_STATE_TRAINING_DONE || class.state == CLASS_STATE_CLOSED),
    };
    fill_presences(ctx, &session, model);
    fill_corrections(ctx, &session, model);
    return page_session_sheet(ctx, model);
}

static bool is_ticked(struct ctx *ctx, const char *prefix, enrolment_id enrolment)
{
    const char *name = arena_printf(ctx->arena, "%s-%s", prefix, show_id(ctx, enrolment.v));
    return request_form(ctx, name) != NULL;
}

static struct instant planned(const struct ctx *ctx, const struct session *session,
                              enum punch_kind kind)
{
    struct instant plan = kind == PUNCH_KIND_CHECK_OUT ? session->ends_at : session->starts_at;
    return instant_compare(plan, ctx->now) < 0 ? plan : ctx->now;
}

/* The teacher's list: what is ticked is punched, at the hour of the session's plan or now,
 * whichever is earlier. */
static struct reply post_session(struct ctx *ctx)
{
    static const struct {
        const char *prefix;
        enum punch_kind kind;
    } columns[] = {{"in", PUNCH_KIND_CHECK_IN}, {"out", PUNCH_KIND_CHECK_OUT}};
    session_id id;
    struct session session;
    struct training_class class;
    struct training_trouble trouble = {0};
    if (!request_id(ctx, "session", &id.v) || !sql_session_by_id(ctx, id, &session) ||
        !sql_class_by_id(ctx, session.class, &class) || !training__calls_roll(ctx, &class))
        return reply_not_found(ctx);
    struct session_presence_list lines = training_session_presences(ctx, &session);
    enum class_punch outcome = CLASS_PUNCH_DONE;
    for (size_t i = 0; i < lines.count && outcome <= CLASS_PUNCH_ALREADY; i++)
        for (size_t k = 0; k < 2 && outcome <= CLASS_PUNCH_ALREADY; k++)
            if (is_ticked(ctx, columns[k].prefix, lines.items[i].presence.enrolment))
                outcome = training_punch(
                    ctx,
                    &(struct punching){.session = id,
                                       .enrolment = lines.items[i].presence.enrolment,
                                       .kind = columns[k].kind,
                                       .method = PUNCH_METHOD_TEACHER_LIST,
                                       .punched_at = planned(ctx, &session, columns[k].kind)},
                    &trouble);
    const char *path = arena_printf(ctx->arena, "/desk/session/%s", show_id(ctx, id.v));
    return training__answer(ctx, class_punch_info(outcome), path, &trouble);
}

static struct reply post_correct(struct ctx *ctx)
{
    struct correcting correcting = {
        .lesson_hours = 0,
        .reason = text_clean(ctx->arena, show_text(request_form(ctx, "reason")))};
    const char *enrolment = request_form(ctx, "enrolment");
    const char *hours = request_form(ctx, "lesson_hours");
    if (!request_id(ctx, "session", &correcting.session.v) || enrolment == NULL ||
        !id_parse(enrolment, &correcting.enrolment.v))
        return reply_not_found(ctx);
    if (hours != NULL && !text_integer(hours, &correcting.lesson_hours))
        correcting.lesson_hours = 0;
    enum attendance_correct outcome = training_attendance_correct(ctx, &correcting);
    const char *path =
        arena_printf(ctx->arena, "/desk/session/%s", show_id(ctx, correcting.session.v));
    return reply_outcome(ctx, attendance_correct_info(outcome), path);
}

static struct reply show_check_in(struct ctx *ctx)
{
    int64_t window = CHECK_IN_WINDOW_HOURS * 3600LL * 1000;
    struct person_session_list sessions = sql_sessions_of_person_between(
        ctx, &(struct sql_sessions_of_person_between){
                 ctx->actor->person, {ctx->now.v - window}, {ctx->now.v + window}});
    struct check_in_model *model = arena_one(ctx->arena, struct check_in_model);
    model->lines.count = sessions.count;
    model->lines.items = arena_array(ctx->arena, sessions.count, struct check_in_line);
    for (size_t i = 0; i < sessions.count; i++)
        model->lines.items[i] = (struct check_in_line){
            .session = sessions.items[i].session,
            .enrolment = sessions.items[i].enrolment,
            .name = sessions.items[i].name,
            .place = sessions.items[i].place,
            .starts_at = sessions.items[i].starts_at,
            .ends_at = sessions.items[i].ends_at,
            .checked_in_at = sessions.items[i].checked_in_at,
            .checked_out_at = sessions.items[i].checked_out_at,
        };
    return page_check_in(ctx, model);
}

static struct reply post_check_in(struct ctx *ctx)
{
    struct punching punching = {.method = PUNCH_METHOD_OWN_PHONE,
                                .device = request_form(ctx, "device"),
                                .punched_at = ctx->now};
    struct training_trouble trouble;
    if (!request_id(ctx, "session", &punching.session.v) ||
        !request_id(ctx, "enrolment", &punching.enrolment.v) ||
        !punch_kind_parse(request_part(ctx, "kind"), &punching.kind))
        return reply_not_found(ctx);
    enum class_punch outcome = training_punch(ctx, &punching, &trouble);
    return training__answer(ctx, class_punch_info(outcome), "/me/check-in", &trouble);
}

const struct route training_routes[] = {
    {GET, "/classes", PERMISSION_PUBLIC, .handle = training__list_public},
    {GET, "/class/:class", PERMISSION_PUBLIC, .handle = show_public},
    {GET, "/desk/classes", PERMISSION_CLASS_VIEW, .handle = training__list_desk},
    {GET, "/desk/class/new", PERMISSION_CLASS_APPLY, .handle = show_new},
    {POST, "/desk/class/new", PERMISSION_CLASS_APPLY, .handle = post_new},
    {GET, "/desk/class/:class", PERMISSION_CLASS_VIEW, .handle = show_desk, .shows = "person"},
    {GET, "/desk/class/:class/edit", PERMISSION_CLASS_APPLY, .handle = show_edit,
     .shows = "person"},
    {POST, "/desk/class/:class/edit", PERMISSION_CLASS_APPLY, .handle = post_edit,
     .shows = "person"},
    {GET, "/desk/class/:class/plan", PERMISSION_CLASS_APPLY, .handle = training__show_plan},
    {POST, "/desk/class/:class/plan", PERMISSION_CLASS_APPLY, .handle = training__post_plan},
    {GET, "/desk/class/:class/site-check", PERMISSION_CLASS_REVIEW,
     .handle = training__show_site_check},
    {POST, "/desk/class/:class/site-check", PERMISSION_CLASS_REVIEW,
     .handle = training__post_site_check},
    {POST, "/desk/class/:class/submit", PERMISSION_CLASS_APPLY, .handle = post_submit},
    {POST, "/desk/class/:class/review", PERMISSION_CLASS_REVIEW, .handle = post_review},
    {POST, "/desk/class/:class/finish", PERMISSION_CLASS_APPLY, .handle = post_finish},
    {POST, "/desk/class/:class/enrol", PERMISSION_CLASS_APPLY, .handle = post_enrol,
     .shows = "person"},
    {GET, "/desk/enrolment/:enrolment/reveal", PERMISSION_TRAINEE_REVEAL,
     .handle = training__show_reveal, .shows = "person"},
    {POST, "/desk/enrolment/:enrolment/reveal", PERMISSION_TRAINEE_REVEAL,
     .handle = training__post_reveal, .shows = "person", .deed = DEED_REVEALED},
    {GET, "/desk/session/:session", PERMISSION_CLASS_VIEW, .handle = show_session,
     .shows = "person"},
    {POST, "/desk/session/:session", PERMISSION_CLASS_PUNCH, .handle = post_session},
    {POST, "/desk/session/:session/correct", PERMISSION_ATTENDANCE_CORRECT, .handle = post_correct},
    {GET, "/me/check-in", PERMISSION_CLASS_CHECK_IN, .handle = show_check_in},
    {POST, "/me/check-in/:session/:enrolment/:kind", PERMISSION_CLASS_CHECK_IN,
     .handle = post_check_in},
    {0},
};
