/* Corrections at the county's desk, and a worker's own. */
#include <string.h>

#include "base/text.h"
#include "dictionary/table.h"
#include "ledger/ledger.h"
#include "registry/registry_room.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/show.h"

enum { EARLIER_SHOWN = 20 };

/* --- the list --- */

static const struct table_column COLUMNS[] = {
    {"told_name", .leads = true},   {.field = "known_name"},         {"region", .may_filter = true},
    {"origin", .may_filter = true}, {"opened_on", .may_sort = true}, {"due_on", .may_sort = true},
    {"clock", .may_filter = true},  {"state", .may_filter = true},   {0}};

static const char *wanted(const struct table_query *query, const char *field)
{
    return table_wanted(query, &correction_line_entity, field);
}

static enum correction_state state_of(const struct table_query *query)
{
    enum correction_state state;
    const char *code = wanted(query, "state");
    return code != NULL && correction_state_parse(code, &state) ? state : CORRECTION_STATE_NONE;
}

static enum correction_origin origin_of(const struct table_query *query)
{
    enum correction_origin origin;
    const char *code = wanted(query, "origin");
    return code != NULL && correction_origin_parse(code, &origin) ? origin : CORRECTION_ORIGIN_NONE;
}

static enum correction_clock clock_wanted(const struct table_query *query)
{
    enum correction_clock clock;
    const char *code = wanted(query, "clock");
    return code != NULL && correction_clock_parse(code, &clock) ? clock : CORRECTION_CLOCK_NONE;
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    (void)argument;
    return sql_name_correction_lines(
        ctx, &(struct sql_name_correction_lines){
                 .region_prefix = registry_filter_prefix(ctx, wanted(query, "region")),
                 .state = state_of(query),
                 .origin = origin_of(query),
                 .clock = clock_wanted(query),
                 .today = ctx->today,
                 .wanted = query->q,
                 .sort = query->sort == NULL ? "" : query->sort->name,
                 .direction = table_direction(query),
                 .first = query->first,
                 .most = query->most,
             });
}

static enum correction_clock clock_of(const struct ctx *ctx,
                                      const struct name_correction *correction)
{
    if (correction->state != CORRECTION_STATE_OPEN)
        return CORRECTION_CLOCK_NONE;
    return registry__correction_is_overdue(ctx, correction) ? CORRECTION_CLOCK_OVERDUE
                                                            : CORRECTION_CLOCK_RUNNING;
}

static const char *county_of(struct ctx *ctx, const char *region)
{
    enum { COUNTY_DIGITS = 6 };
    return strlen(region) <= COUNTY_DIGITS ? region
                                           : arena_text_n(ctx->arena, region, COUNTY_DIGITS);
}

static bool next_row(struct ctx *ctx, void *rows, void *ret)
{
    struct name_correction correction;
    if (!sql_name_correction_next(rows, &correction))
        return false;
    request_shows(ctx, correction.person.v);
    *(struct correction_line *)ret = (struct correction_line){
        .told_name = correction.told_name,
        .known_name = correction.known_name,
        .region = county_of(ctx, correction.region),
        .origin = correction.origin,
        .opened_on = instant_day(correction.opened_at),
        .due_on = correction.due_on,
        .clock = clock_of(ctx, &correction),
        .state = correction.state,
        .correction = correction.id,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    (void)argument;
    return sql_name_correction_line_count(
        ctx, &(struct sql_name_correction_line_count){
                 .region_prefix = registry_filter_prefix(ctx, wanted(query, "region")),
                 .state = state_of(query),
                 .origin = origin_of(query),
                 .clock = clock_wanted(query),
                 .today = ctx->today,
                 .wanted = query->q,
                 .most = most,
             });
}

static const char *correction_path(struct ctx *ctx, name_correction_id id)
{
    return arena_printf(ctx->arena, "/desk/correction/%s", show_id(ctx, id.v));
}

static const char *row_path(struct ctx *ctx, const void *row)
{
    return correction_path(ctx, ((const struct correction_line *)row)->correction);
}

struct reply registry__show_corrections(struct ctx *ctx)
{
    struct table table = {.entity = &correction_line_entity,
                          .path = "/desk/corrections",
                          .columns = COLUMNS,
                          .may_search = true,
                          .lists = registry_lists,
                          .source = {NULL, open_rows, next_row, count_rows, row_path}};
    return table_reply(ctx, &table,
                       &(struct table_head){.title = "registry.corrections",
                                            .help = "registry.corrections_help",
                                            .up = "registry.desk",
                                            .up_path = "/desk"});
}

/* --- two spellings side by side --- */

/* A name's characters, each a text of its own. */
struct characters {
    size_t count;
    const char **at;
    uint32_t *points;
};

static struct characters characters_of(struct ctx *ctx, const char *name)
{
    size_t length = text_characters(name);
    struct characters ret = {.at = arena_array(ctx->arena, length, const char *),
                             .points = arena_array(ctx->arena, length, uint32_t)};
    while (*name != '\0') {
        const char *start = name;
        ret.points[ret.count] = text_next(&name);
        ret.at[ret.count++] = arena_text_n(ctx->arena, start, (size_t)(name - start));
    }
    return ret;
}

static const char *point_text(struct ctx *ctx, uint32_t point)
{
    return arena_printf(ctx->arena, "U+%04X", (unsigned)point);
}

/* What they share at the beginning and the end stands side by side, so that one character more or
 * less does not shift the rest. */
static void fill_glyphs(struct ctx *ctx, const char *known_name, const char *told_name,
                        struct correction_page_model *model)
{
    struct characters known = characters_of(ctx, known_name), told = characters_of(ctx, told_name);
    size_t shorter = known.count < told.count ? known.count : told.count;
    size_t rows = known.count < told.count ? told.count : known.count, tail = 0;
    while (tail < shorter &&
           known.points[known.count - 1 - tail] == told.points[told.count - 1 - tail])
        tail++;
    model->glyphs.items = arena_array(ctx->arena, rows, struct correction_page_glyph);
    for (size_t i = 0; i < rows; i++) {
        size_t from_end = rows - i; /* 1: the last row */
        size_t k = from_end <= tail ? known.count - from_end : i;
        size_t t = from_end <= tail ? told.count - from_end : i;
        bool has_known = k < known.count - (from_end <= tail ? 0 : tail);
        bool has_told = t < told.count - (from_end <= tail ? 0 : tail);
        model->glyphs.items[model->glyphs.count++] = (struct correction_page_glyph){
            .known = has_known ? known.at[k] : NULL,
            .known_point = has_known ? point_text(ctx, known.points[k]) : NULL,
            .told = has_told ? told.at[t] : NULL,
            .told_point = has_told ? point_text(ctx, told.points[t]) : NULL,
            .differs = has_known != has_told || (has_known && known.points[k] != told.points[t]),
        };
    }
}

/* --- one case --- */

/* 张珊（曾用名）、… */
const char *registry__other_names(struct ctx *ctx, person_id person)
{
    struct person_other_name_list names = registry_names_of(ctx, person);
    struct buffer out = buffer_new(ctx->arena, 64);
    for (size_t i = 0; i < names.count; i++) {
        const char *kind =
            show_enum(ctx, "person_name_kind", person_name_kind_code(names.items[i].kind));
        buffer_printf(&out, "%s%s (%s)", i == 0 ? "" : ", ", names.items[i].name, kind);
    }
    return names.count == 0 ? NULL : out.bytes;
}

static const char *told_by(struct ctx *ctx, const struct name_correction *correction)
{
    if (correction->organisation_name == NULL)
        return correction->opened_by_name;
    return arena_printf(ctx->arena, "%s · %s", correction->organisation_name,
                        correction->opened_by_name);
}

static void fill_facts(struct ctx *ctx, const struct name_correction *correction,
                       struct correction_page_model *model)
{
    struct person person;
    struct correction_view *values = arena_one(ctx->arena, struct correction_view);
    bool is_found = registry_person(ctx, correction->person, &person);
    *values = (struct correction_view){
        .identity_no = is_found ? person.identity_no : NULL,
        .region = registry__region_name(ctx, correction->region),
        .other_names = registry__other_names(ctx, correction->person),
        .origin = correction->origin,
        .reason = correction->reason,
        .told_by = told_by(ctx, correction),
        .opened_on = instant_day(correction->opened_at),
        .due_on = correction->due_on,
    };
    model->facts = (struct detail){.entity = &correction_view_entity, .values = values};
    model->may_see_person = is_found && registry_permits(ctx, PERMISSION_PERSON_SEARCH) &&
                            registry_actor_covers_person(ctx, &person);
}

static void fill_earlier(struct ctx *ctx, const struct name_correction *correction,
                         struct correction_page_model *model)
{
    struct name_correction_list all =
        sql_name_corrections_of_person(ctx, correction->person, EARLIER_SHOWN);
    model->earliers.items = arena_array(ctx->arena, all.count, struct correction_page_earlier);
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].id.v != correction->id.v)
            model->earliers.items[model->earliers.count++] = (struct correction_page_earlier){
                .correction = all.items[i].id,
                .told = all.items[i].told_name,
                .known = all.items[i].known_name,
                .verdict = all.items[i].state,
                .opened_at = all.items[i].opened_at,
            };
}

static void fill_acts(struct ctx *ctx, name_correction_id id, struct correction_page_model *model)
{
    struct trace_entry_list traces = ledger_traces(ctx, "name_correction", id.v);
    model->acts.count = traces.count;
    model->acts.items = arena_array(ctx->arena, traces.count, struct correction_page_act);
    for (size_t i = 0; i < traces.count; i++)
        model->acts.items[i] = (struct correction_page_act){
            .done_at = traces.items[i].done_at,
            .actor_name = traces.items[i].actor_name,
            .action = traces.items[i].action,
            .note = traces.items[i].note,
        };
}

static struct reply correction_reply(struct ctx *ctx, const struct name_correction *correction,
                                     const char *problem, int status)
{
    struct correction_page_model *model = arena_one(ctx->arena, struct correction_page_model);
    bool is_open = correction->state == CORRECTION_STATE_OPEN;
    bool may_decide = registry__actor_may_decide(ctx, correction);
    request_shows(ctx, correction->person.v);
    /* An open case is about the name as it is now. */
    const char *known_name = is_open ? correction->person_name : correction->known_name;
    *model = (struct correction_page_model){
        .id = correction->id,
        .person = correction->person,
        .person_version = correction->person_version,
        .known_name = known_name,
        .told_name = correction->told_name,
        .state = correction->state,
        .due_on = correction->due_on,
        .is_overdue = registry__correction_is_overdue(ctx, correction),
        .may_decide = may_decide,
        .is_own_case =
            is_open && !may_decide && registry_permits(ctx, PERMISSION_CORRECTION_DECIDE),
        .is_decided = !is_open,
        .answer = correction->answer,
        .decided_by = correction->decided_by_name,
        .decided_at = correction->decided_at,
        .problem = problem,
    };
    fill_glyphs(ctx, known_name, correction->told_name, model);
    fill_facts(ctx, correction, model);
    fill_earlier(ctx, correction, model);
    fill_acts(ctx, correction->id, model);
    return reply_page(&correction_page_page, model, status);
}

static bool find_correction(struct ctx *ctx, struct name_correction *ret)
{
    name_correction_id id;
    return request_id(ctx, "correction", &id.v) && registry_correction(ctx, id, ret) &&
           registry_actor_covers_region(ctx, ret->region);
}

struct reply registry__show_correction(struct ctx *ctx)
{
    struct name_correction correction;
    return find_correction(ctx, &correction) ? correction_reply(ctx, &correction, NULL, 200)
                                             : reply_not_found(ctx);
}

struct reply registry__post_correction(struct ctx *ctx)
{
    struct name_correction correction;
    struct correction_decision decision = {.answer = request_form(ctx, "answer")};
    const char *verdict = request_form(ctx, "verdict");
    const char *seen = request_form(ctx, "version");
    if (!find_correction(ctx, &correction))
        return reply_not_found(ctx);
    if (verdict != NULL && !correction_verdict_parse(verdict, &decision.verdict))
        decision.verdict = CORRECTION_VERDICT_NONE;
    if (seen == NULL || !text_integer(seen, &decision.person_version))
        decision.person_version = 0; /* of a page that nobody saw: stale */
    decision.id = correction.id;
    if (decision.answer != NULL)
        decision.answer = text_clean(ctx->arena, decision.answer);
    enum correction_decide answer = registry_correction_decide(ctx, &decision);
    const struct outcome_info *info = correction_decide_info(answer);
    bool is_incomplete =
        answer == CORRECTION_DECIDE_ANSWER_MISSING || answer == CORRECTION_DECIDE_VERDICT_MISSING;
    if (is_incomplete && !request_wants_json(ctx))
        return correction_reply(ctx, &correction, words(ctx, info->code), info->status);
    return reply_outcome(ctx, info, correction_path(ctx, correction.id));
}

/* --- a worker's own --- */

static void fill_own_data(struct ctx *ctx, const struct person *person,
                          struct own_corrections_page_model *model)
{
    struct person_view *values = arena_one(ctx->arena, struct person_view);
    struct person_other_name_list names = registry_names_of(ctx, person->id);
    *values = (struct person_view){
        .identity_no = person->identity_no,
        .document_kind = person->document_kind,
        .sex = person->sex,
        .born_on = person->born_on,
        .ethnic_group = person->ethnic_group,
        .education = person->education,
        .region = registry__region_name(ctx, person->region),
        .phone = person->phone,
        .bank_account = person->bank_account,
        .bank_name = person->bank_name,
    };
    model->name = person->name;
    model->facts =
        (struct detail){.entity = &person_view_entity, .values = values, .lists = registry_lists};
    model->others.count = names.count;
    model->others.items = arena_array(ctx->arena, names.count, struct own_corrections_page_other);
    for (size_t i = 0; i < names.count; i++)
        model->others.items[i] = (struct own_corrections_page_other){
            names.items[i].name, names.items[i].kind, names.items[i].since};
}

static void fill_own_corrections(struct ctx *ctx, const struct person *person,
                                 struct own_corrections_page_model *model)
{
    struct name_correction_list all =
        sql_name_corrections_of_person(ctx, person->id, EARLIER_SHOWN);
    model->corrections.count = all.count;
    model->corrections.items =
        arena_array(ctx->arena, all.count, struct own_corrections_page_correction);
    model->may_start = true;
    for (size_t i = 0; i < all.count; i++) {
        const struct name_correction *correction = &all.items[i];
        bool is_open = correction->state == CORRECTION_STATE_OPEN;
        bool is_own = correction->origin == CORRECTION_ORIGIN_WORKER &&
                      correction->opened_by.v == ctx->actor->account.v;
        model->may_start = model->may_start && !(is_open && is_own);
        model->corrections.items[i] = (struct own_corrections_page_correction){
            .id = correction->id,
            .known = is_open ? person->name : correction->known_name,
            .told = correction->told_name,
            .state = correction->state,
            .origin = correction->origin,
            .reason = correction->reason,
            .opened_at = correction->opened_at,
            .due_on = correction->due_on,
            .is_open = is_open,
            .is_overdue = registry__correction_is_overdue(ctx, correction),
            .may_withdraw = is_open && is_own,
            .changes_data = correction->state == CORRECTION_STATE_NEW_NAME,
            .answer = correction->answer,
            .decided_at = correction->decided_at,
        };
    }
}

static struct reply own_reply(struct ctx *ctx, const struct field_faults *faults,
                              const char *problem, int status)
{
    struct person person;
    struct own_corrections_page_model *model =
        arena_one(ctx->arena, struct own_corrections_page_model);
    if (!registry_person(ctx, ctx->actor->person, &person))
        return reply_not_found(ctx);
    model->problem = problem;
    model->form = (struct form){
        .entity = &correction_form_entity, .faults = faults, .is_echo = request_is_post(ctx)};
    fill_own_data(ctx, &person, model);
    fill_own_corrections(ctx, &person, model);
    return reply_page(&own_corrections_page_page, model, status);
}

struct reply registry__show_own_corrections(struct ctx *ctx)
{
    return own_reply(ctx, NULL, NULL, 200);
}

struct reply registry__post_own_correction(struct ctx *ctx)
{
    struct correction_form form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    name_correction_id id;
    if (!entity_read(ctx, &correction_form_entity, form_source, NULL, NULL, &form, faults))
        return own_reply(ctx, faults, NULL, 422);
    enum correction_open answer =
        registry_correction_open(ctx,
                                 &(struct correction_opening){.person = ctx->actor->person,
                                                              .told_name = form.told_name,
                                                              .origin = CORRECTION_ORIGIN_WORKER,
                                                              .reason = form.reason},
                                 &id);
    const struct outcome_info *info = correction_open_info(answer);
    if (info->status < 400 || request_wants_json(ctx))
        return reply_outcome(ctx, info, "/me/corrections");
    return own_reply(ctx, NULL, words(ctx, info->code), info->status);
}

struct reply registry__post_correction_withdraw(struct ctx *ctx)
{
    name_correction_id id;
    enum correction_withdraw answer = request_id(ctx, "correction", &id.v)
                                          ? registry_correction_withdraw(ctx, id)
                                          : CORRECTION_WITHDRAW_NOT_FOUND;
    return reply_outcome(ctx, correction_withdraw_info(answer), "/me/corrections");
}
