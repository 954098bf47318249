/* One person's record, for officers. Numbers are masked everywhere. */
#include "base/text.h"
#include "dictionary/table.h"
#include "ledger/ledger.h"
#include "registry/registry_room.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/show.h"

static const char *person_path(struct ctx *ctx, person_id id)
{
    return arena_printf(ctx->arena, "/desk/person/%s", show_id(ctx, id.v));
}

/* --- a new one */

/* What stands above the form that comes back. */
struct new_refusal {
    const struct field_faults *faults;
    const char *problem;
    const char *known_name; /* as much as may be shown of whom the number belongs to */
    int status;
};

static struct reply new_reply(struct ctx *ctx, const struct new_refusal *refusal)
{
    struct person_new_page_model *model = arena_one(ctx->arena, struct person_new_page_model);
    *model = (struct person_new_page_model){.problem = refusal->problem,
                                            .known_name = refusal->known_name,
                                            .form = {.entity = &person_form_entity,
                                                     .faults = refusal->faults,
                                                     .lists = registry_lists,
                                                     .is_echo = request_is_post(ctx)}};
    return reply_page(&person_new_page_page, model, refusal->status);
}

struct reply registry__show_person_new(struct ctx *ctx)
{
    return new_reply(ctx, &(struct new_refusal){.status = 200});
}

/* Masked where the person lives in somebody else's region. */
static const char *shown_name(struct ctx *ctx, person_id id)
{
    struct person person;
    if (!registry_person(ctx, id, &person))
        return NULL;
    return registry_actor_covers_person(ctx, &person) ? person.name
                                                      : mask_name(ctx->arena, person.name);
}

/* The number is another name's, and the officer says why the one that was typed is right. */
static struct reply open_correction(struct ctx *ctx, const struct person_form *form,
                                    person_id person)
{
    name_correction_id id;
    struct correction_opening opening = {.person = person,
                                         .told_name = form->name,
                                         .origin = CORRECTION_ORIGIN_FORM,
                                         .reason = form->correction_reason,
                                         .region = form->region};
    enum correction_open answer = registry_correction_open(ctx, &opening, &id);
    const struct outcome_info *info = correction_open_info(answer);
    if (info->status < 400 || request_wants_json(ctx))
        return reply_outcome(ctx, info, "/desk/corrections");
    return new_reply(ctx, &(struct new_refusal){.problem = words(ctx, info->code),
                                                .known_name = shown_name(ctx, person),
                                                .status = info->status});
}

static enum sex sex_of(const char *code)
{
    if (code == NULL)
        return SEX_UNKNOWN;
    return text_equal(code, "male") ? SEX_MALE : SEX_FEMALE;
}

struct reply registry__post_person_new(struct ctx *ctx)
{
    struct person_form form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    person_id id;
    if (!entity_read(ctx, &person_form_entity, form_source, NULL, registry_lists, &form, faults))
        return new_reply(ctx, &(struct new_refusal){.faults = faults, .status = 422});
    struct person_args args = {.document_kind = form.document_kind,
                               .identity_no = form.identity_no,
                               .name = form.name,
                               .sex = sex_of(form.sex),
                               .born_on = &form.born_on,
                               .phone = form.phone,
                               .region = form.region,
                               .ethnic_group = form.ethnic_group,
                               .education = form.education};
    enum person_register answer = registry_person_register(ctx, &args, &id);
    const struct outcome_info *info = person_register_info(answer);
    if (answer == PERSON_REGISTER_NAME_DIFFERS && !text_empty(form.correction_reason))
        return open_correction(ctx, &form, id);
    if (answer == PERSON_REGISTER_DONE)
        registry_trace(ctx, "person", id.v, "person_register", NULL);
    if (info->status < 400 || request_wants_json(ctx))
        return reply_outcome(ctx, info, person_path(ctx, id));
    bool is_known = answer == PERSON_REGISTER_NAME_DIFFERS;
    return new_reply(ctx, &(struct new_refusal){.problem = words(ctx, info->code),
                                                .known_name = is_known ? shown_name(ctx, id) : NULL,
                                                .status = info->status});
}

/* --- one person */

static bool find_person(struct ctx *ctx, struct person *ret)
{
    person_id id;
    return request_id(ctx, "person", &id.v) && registry_person(ctx, id, ret) &&
           registry_actor_covers_person(ctx, ret);
}

static void fill_acts(struct ctx *ctx, const struct person *person, struct person_page_model *model)
{
    struct trace_entry_list traces = ledger_traces(ctx, "person", person->id.v);
    model->acts.count = traces.count;
    model->acts.items = arena_array(ctx->arena, traces.count, struct person_page_act);
    for (size_t i = 0; i < traces.count; i++)
        model->acts.items[i] = (struct person_page_act){
            .done_at = traces.items[i].done_at,
            .actor_name = traces.items[i].actor_name,
            .action = traces.items[i].action,
            .note = traces.items[i].note,
        };
}

struct reply registry__show_person(struct ctx *ctx)
{
    struct person person;
    struct account account;
    if (!find_person(ctx, &person))
        return reply_not_found(ctx);
    request_shows(ctx, person.id.v);
    struct person_view *values = arena_one(ctx->arena, struct person_view);
    *values = (struct person_view){
        .identity_no = person.identity_no,
        .document_kind = person.document_kind,
        .sex = person.sex,
        .born_on = person.born_on,
        .ethnic_group = person.ethnic_group,
        .education = person.education,
        .other_names = registry__other_names(ctx, person.id),
        .region = registry__region_name(ctx, person.region),
        .phone = person.phone,
        .bank_account = person.bank_account,
        .bank_name = person.bank_name,
    };
    struct person_page_model *model = arena_one(ctx->arena, struct person_page_model);
    *model = (struct person_page_model){
        .id = person.id,
        .name = person.name,
        .may_amend = registry_permits(ctx, PERMISSION_PERSON_AMEND),
        .may_reveal = registry_permits(ctx, PERMISSION_PERSON_REVEAL),
        .may_open = registry_permits(ctx, PERMISSION_WORKER_ACCOUNT_OPEN),
        .has_account = sql_account_of_person(ctx, person.id, &account),
        .facts = {.entity = &person_view_entity, .values = values, .lists = registry_lists},
    };
    fill_acts(ctx, &person, model);
    return page_person_page(ctx, model);
}

/* --- amending */

static struct reply edit_reply(struct ctx *ctx, const struct person *person,
                               const struct field_faults *faults, const char *problem, int status)
{
    request_shows(ctx, person->id.v);
    struct person_edit_page_model *model = arena_one(ctx->arena, struct person_edit_page_model);
    *model = (struct person_edit_page_model){.id = person->id,
                                             .version = person->version,
                                             .name = person->name,
                                             .problem = problem,
                                             .form = {.entity = &person_contact_entity,
                                                      .faults = faults,
                                                      .lists = registry_lists,
                                                      .is_echo = request_is_post(ctx)}};
    return reply_page(&person_edit_page_page, model, status);
}

struct reply registry__show_person_edit(struct ctx *ctx)
{
    struct person person;
    return find_person(ctx, &person) ? edit_reply(ctx, &person, NULL, NULL, 200)
                                     : reply_not_found(ctx);
}

struct reply registry__post_person_edit(struct ctx *ctx)
{
    struct person person;
    struct person_contact form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    struct person_amendment amendment = {0};
    if (!find_person(ctx, &person))
        return reply_not_found(ctx);
    if (!entity_read(ctx, &person_contact_entity, form_source, NULL, registry_lists, &form, faults))
        return edit_reply(ctx, &person, faults, NULL, 422);
    const char *seen = request_form(ctx, "version");
    if (seen == NULL || !text_integer(seen, &amendment.version))
        amendment.version = 0; /* of a page that nobody saw: stale */
    amendment.person = person.id;
    amendment.ethnic_group = form.ethnic_group;
    amendment.education = form.education;
    amendment.phone = form.phone;
    amendment.region = form.region;
    amendment.bank_account = form.bank_account;
    amendment.bank_name = form.bank_name;
    enum person_amend answer = registry_person_amend(ctx, &amendment);
    const struct outcome_info *info = person_amend_info(answer);
    if (answer == PERSON_AMEND_DONE || request_wants_json(ctx))
        return reply_outcome(ctx, info, person_path(ctx, person.id));
    return edit_reply(ctx, &person, NULL, words(ctx, info->code), info->status);
}
