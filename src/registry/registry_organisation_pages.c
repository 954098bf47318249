/* The desk's organisations: the list, one of them, what it may teach. */
#include "base/text.h"
#include "dictionary/table.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry_room.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/show.h"

/* --- the list */

static const struct table_column COLUMNS[] = {
    {"name", .leads = true},        {.field = "credit_code"},      {"kind", .may_filter = true},
    {"region", .may_filter = true}, {"state", .may_filter = true}, {0}};

struct wish {
    const char *region_prefix;
    enum organisation_kind kind;
    enum organisation_state state;
};

static struct wish wish_of(struct ctx *ctx, const struct table_query *query)
{
    const struct entity *entity = &organisation_line_entity;
    const char *kind = table_wanted(query, entity, "kind");
    const char *state = table_wanted(query, entity, "state");
    struct wish wish = {.region_prefix =
                            registry_filter_prefix(ctx, table_wanted(query, entity, "region"))};
    if (kind != NULL && !organisation_kind_parse(kind, &wish.kind))
        wish.kind = ORGANISATION_KIND_NONE;
    if (state != NULL && !organisation_state_parse(state, &wish.state))
        wish.state = ORGANISATION_STATE_NONE;
    return wish;
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    (void)argument;
    struct wish wish = wish_of(ctx, query);
    return sql_organisations_in_region(
        ctx, &(struct sql_organisations_in_region){.region_prefix = wish.region_prefix,
                                                   .kind = wish.kind,
                                                   .state = wish.state,
                                                   .wanted = query->q,
                                                   .first = query->first,
                                                   .most = query->most});
}

static bool next_row(struct ctx *ctx, void *argument, void *ret)
{
    (void)ctx;
    struct organisation organisation;
    if (!sql_organisation_next(argument, &organisation))
        return false;
    *(struct organisation_line *)ret = (struct organisation_line){
        .name = organisation.name,
        .credit_code = organisation.credit_code,
        .kind = organisation.kind,
        .region = organisation.region,
        .state = organisation.state,
        .organisation = organisation.id,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    (void)argument;
    struct wish wish = wish_of(ctx, query);
    return sql_organisations_in_region_count(
        ctx, &(struct sql_organisations_in_region_count){.region_prefix = wish.region_prefix,
                                                         .kind = wish.kind,
                                                         .state = wish.state,
                                                         .wanted = query->q,
                                                         .most = most});
}

static const char *organisation_path(struct ctx *ctx, organisation_id id)
{
    return arena_printf(ctx->arena, "/desk/organisation/%s", show_id(ctx, id.v));
}

static const char *row_path(struct ctx *ctx, const void *row)
{
    return organisation_path(ctx, ((const struct organisation_line *)row)->organisation);
}

struct reply registry__show_organisations(struct ctx *ctx)
{
    struct table table = {.entity = &organisation_line_entity,
                          .path = "/desk/organisations",
                          .columns = COLUMNS,
                          .may_search = true,
                          .lists = registry_lists,
                          .source = {NULL, open_rows, next_row, count_rows, row_path}};
    struct table_head head = {
        .title = "registry.organisations", .up = "registry.desk", .up_path = "/desk"};
    if (registry_permits(ctx, PERMISSION_ORGANISATION_ADMINISTER)) {
        head.act = "registry.organisation_new";
        head.act_path = "/desk/organisation/new";
    }
    return table_reply(ctx, &table, &head);
}

/* --- a new one */

static struct reply new_reply(struct ctx *ctx, const struct field_faults *faults,
                              const char *problem, int status)
{
    struct organisation_new_page_model *model =
        arena_one(ctx->arena, struct organisation_new_page_model);
    *model = (struct organisation_new_page_model){.problem = problem,
                                                  .form = {.entity = &organisation_form_entity,
                                                           .faults = faults,
                                                           .lists = registry_lists,
                                                           .is_echo = request_is_post(ctx)}};
    return reply_page(&organisation_new_page_page, model, status);
}

struct reply registry__show_organisation_new(struct ctx *ctx)
{
    return new_reply(ctx, NULL, NULL, 200);
}

struct reply registry__post_organisation_new(struct ctx *ctx)
{
    struct organisation_form form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    organisation_id id;
    if (!entity_read(ctx, &organisation_form_entity, form_source, NULL, registry_lists, &form,
                     faults))
        return new_reply(ctx, faults, NULL, 422);
    struct organisation_args args = {.credit_code = form.credit_code,
                                     .name = form.name,
                                     .kind = form.kind,
                                     .region = form.region,
                                     .bank_account = form.bank_account,
                                     .bank_name = form.bank_name,
                                     .evaluator_code = form.evaluator_code};
    enum organisation_add answer = registry_organisation_add(ctx, &args, &id);
    const struct outcome_info *info = organisation_add_info(answer);
    if (answer == ORGANISATION_ADD_DONE || request_wants_json(ctx))
        return reply_outcome(ctx, info, organisation_path(ctx, id));
    return new_reply(ctx, NULL, words(ctx, info->code), info->status);
}

/* --- one of them */

/* The organisation that the path names, where the actor may look at it. */
static bool find_organisation(struct ctx *ctx, struct organisation *ret)
{
    organisation_id id;
    return request_id(ctx, "organisation", &id.v) && sql_organisation_by_id(ctx, id, ret) &&
           registry_actor_covers_region(ctx, ret->region);
}

/* Departments approve trainings; all others may give them. */
static bool may_teach_at_all(enum organisation_kind kind)
{
    switch (kind) {
    case ORGANISATION_KIND_TRAINING_INSTITUTION:
    case ORGANISATION_KIND_TECHNICAL_SCHOOL:
    case ORGANISATION_KIND_ENTERPRISE:
    case ORGANISATION_KIND_EVALUATION_ORG:
    case ORGANISATION_KIND_MASS_ORGANISATION:
    case ORGANISATION_KIND_OTHER:
        return true;
    case ORGANISATION_KIND_NONE:
    case ORGANISATION_KIND_HRSS_DEPARTMENT:
    case ORGANISATION_KIND_FINANCE_DEPARTMENT:
    case ORGANISATION_KIND_RESPONSIBLE_DEPARTMENT:
        break;
    }
    return false;
}

static void fill_programmes(struct ctx *ctx, const struct organisation *organisation,
                            struct organisation_page_model *model)
{
    const struct pack_programme_list *programmes = &ctx->pack->programmes;
    model->programmes.items =
        arena_array(ctx->arena, programmes->count, struct organisation_page_programme);
    for (size_t i = 0; i < programmes->count; i++)
        model->programmes.items[i] = (struct organisation_page_programme){
            .programme = programmes->items[i].code,
            .programme_name = pack_say(programmes->items[i].name, ctx->language),
        };
    model->programmes.count = programmes->count;
    struct taught_programme_list taught = sql_organisation_scope_of(ctx, organisation->id);
    for (size_t i = 0; i < programmes->count; i++)
        for (size_t k = 0; k < taught.count; k++)
            if (text_equal(model->programmes.items[i].programme, taught.items[k].programme))
                model->programmes.items[i].is_allowed = true;
}

/* A note that is a programme's code, by the programme's name. */
static const char *note_words(struct ctx *ctx, const char *note)
{
    const struct pack_programme *programme = note == NULL ? NULL : pack_programme(ctx->pack, note);
    return programme == NULL ? note : pack_say(programme->name, ctx->language);
}

static bool is_same_act(const struct organisation_page_act *act, const struct trace_entry *entry)
{
    return act->note != NULL && entry->note != NULL && text_equal(act->action, entry->action) &&
           text_equal(act->actor_name, entry->actor_name) && act->done_at.v == entry->done_at.v;
}

/* What was done at one stroke, as the programmes of one form, stands as one act. */
static void fill_acts(struct ctx *ctx, const struct organisation *organisation,
                      struct organisation_page_model *model)
{
    struct trace_entry_list traces = ledger_traces(ctx, "organisation", organisation->id.v);
    model->acts.items = arena_array(ctx->arena, traces.count, struct organisation_page_act);
    const char *comma = ctx->language == LANGUAGE_ZH ? "、" : ", ";
    for (size_t i = 0; i < traces.count; i++) {
        const struct trace_entry *entry = &traces.items[i];
        const char *note = note_words(ctx, entry->note);
        struct organisation_page_act *last = &model->acts.items[model->acts.count];
        if (model->acts.count > 0 && is_same_act(last - 1, entry)) {
            last[-1].note = arena_printf(ctx->arena, "%s%s%s", last[-1].note, comma, note);
            continue;
        }
        *last = (struct organisation_page_act){
            .done_at = entry->done_at,
            .actor_name = entry->actor_name,
            .action = entry->action,
            .note = note,
        };
        model->acts.count++;
    }
}

struct reply registry__show_organisation(struct ctx *ctx)
{
    struct organisation organisation;
    if (!find_organisation(ctx, &organisation))
        return reply_not_found(ctx);
    struct organisation_form *values = arena_one(ctx->arena, struct organisation_form);
    *values = (struct organisation_form){.credit_code = organisation.credit_code,
                                         .name = organisation.name,
                                         .kind = organisation.kind,
                                         .region = organisation.region,
                                         .bank_account = organisation.bank_account,
                                         .bank_name = organisation.bank_name,
                                         .evaluator_code = organisation.evaluator_code};
    bool may_administer = registry_permits(ctx, PERMISSION_ORGANISATION_ADMINISTER);
    bool is_active = organisation.state == ORGANISATION_STATE_ACTIVE;
    struct organisation_page_model *model = arena_one(ctx->arena, struct organisation_page_model);
    *model = (struct organisation_page_model){
        .id = organisation.id,
        .name = organisation.name,
        .state = organisation.state,
        .is_code_doubted = organisation.is_code_doubted,
        .may_amend = may_administer,
        .may_suspend = may_administer && is_active,
        .may_resume = may_administer && !is_active,
        .facts = {.entity = &organisation_form_entity, .values = values, .lists = registry_lists},
    };
    if (may_teach_at_all(organisation.kind))
        fill_programmes(ctx, &organisation, model);
    fill_acts(ctx, &organisation, model);
    return page_organisation_page(ctx, model);
}

/* --- changes */

static struct reply edit_reply(struct ctx *ctx, const struct organisation *organisation,
                               const struct field_faults *faults, const char *problem, int status)
{
    struct organisation_amendment *values = arena_one(ctx->arena, struct organisation_amendment);
    *values = (struct organisation_amendment){
        .name = organisation->name, .kind = organisation->kind, .region = organisation->region};
    struct organisation_edit_page_model *model =
        arena_one(ctx->arena, struct organisation_edit_page_model);
    *model =
        (struct organisation_edit_page_model){.id = organisation->id,
                                              .version = organisation->version,
                                              .name = organisation->name,
                                              .problem = problem,
                                              .form = {.entity = &organisation_amendment_entity,
                                                       .values = values,
                                                       .faults = faults,
                                                       .lists = registry_lists,
                                                       .is_echo = request_is_post(ctx)}};
    return reply_page(&organisation_edit_page_page, model, status);
}

struct reply registry__show_organisation_edit(struct ctx *ctx)
{
    struct organisation organisation;
    if (!find_organisation(ctx, &organisation))
        return reply_not_found(ctx);
    return edit_reply(ctx, &organisation, NULL, NULL, 200);
}

struct reply registry__post_organisation_edit(struct ctx *ctx)
{
    struct organisation organisation;
    struct organisation_amendment form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    int64_t version;
    if (!find_organisation(ctx, &organisation))
        return reply_not_found(ctx);
    if (!entity_read(ctx, &organisation_amendment_entity, form_source, NULL, registry_lists, &form,
                     faults))
        return edit_reply(ctx, &organisation, faults, NULL, 422);
    const char *seen = request_form(ctx, "version");
    if (seen == NULL || !text_integer(seen, &version))
        version = 0; /* of a page that nobody saw: stale */
    enum organisation_amend answer =
        registry_organisation_amend(ctx, organisation.id, version, &form);
    const struct outcome_info *info = organisation_amend_info(answer);
    if (answer == ORGANISATION_AMEND_DONE || request_wants_json(ctx))
        return reply_outcome(ctx, info, organisation_path(ctx, organisation.id));
    return edit_reply(ctx, &organisation, NULL, words(ctx, info->code), info->status);
}

struct reply registry__post_organisation_state(struct ctx *ctx)
{
    organisation_id id;
    enum organisation_state next;
    if (!request_id(ctx, "organisation", &id.v) ||
        !organisation_state_parse(request_part(ctx, "state"), &next))
        return reply_not_found(ctx);
    enum organisation_state_change answer =
        registry_organisation_turn(ctx, id, next, request_form(ctx, "note"));
    return reply_outcome(ctx, organisation_state_change_info(answer), organisation_path(ctx, id));
}

/* Makes the catalogue's line what the form has ticked: `programme` by `programme`. */
static enum organisation_scope_change set_programmes(struct ctx *ctx, organisation_id id)
{
    const struct pack_programme_list *programmes = &ctx->pack->programmes;
    enum organisation_scope_change answer = ORGANISATION_SCOPE_CHANGE_AS_IT_WAS;
    for (size_t i = 0; i < programmes->count; i++) {
        const char *code = programmes->items[i].code;
        enum organisation_scope_change one = request_form(ctx, code) != NULL
                                                 ? registry_organisation_allow(ctx, id, code)
                                                 : registry_organisation_forbid(ctx, id, code);
        if (organisation_scope_change_info(one)->status >= 400)
            return one;
        if (one == ORGANISATION_SCOPE_CHANGE_DONE)
            answer = one;
    }
    return answer;
}

struct reply registry__post_organisation_programmes(struct ctx *ctx)
{
    organisation_id id;
    if (!request_id(ctx, "organisation", &id.v))
        return reply_not_found(ctx);
    enum organisation_scope_change answer = set_programmes(ctx, id);
    return reply_outcome(ctx, organisation_scope_change_info(answer), organisation_path(ctx, id));
}
