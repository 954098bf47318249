/* The list of certificates: those of an organisation's classes, or of an office's region. */
#include "dictionary/table.h"
#include "evaluation/evaluation_room.h"
#include "evaluation_sql.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/show.h"

/* --- what is taught: the pack's occupations, and the programmes that teach none --- */

static bool has_taught(const struct ctx *ctx, const char *code)
{
    return pack_occupation(ctx->pack, code) != NULL || pack_programme(ctx->pack, code) != NULL;
}

static bool taught_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    size_t occupations = ctx->pack->occupations.count;
    if (i < occupations) {
        *ret_code = ctx->pack->occupations.items[i].code;
        *ret_label = pack_say(ctx->pack->occupations.items[i].name, ctx->language);
        return true;
    }
    if (i - occupations >= ctx->pack->programmes.count)
        return false;
    *ret_code = ctx->pack->programmes.items[i - occupations].code;
    *ret_label = pack_say(ctx->pack->programmes.items[i - occupations].name, ctx->language);
    return true;
}

static const struct code_list LISTS[] = {{"taught", has_taught, taught_at}, {NULL, NULL, NULL}};

/* --- the list --- */

static const struct table_column COLUMNS[] = {{"certificate_no", .leads = true},
                                              {.field = "person_name"},
                                              {"taught", .may_filter = true},
                                              {"level", .may_filter = true},
                                              {.field = "class_name"},
                                              {.field = "issuer"},
                                              {.field = "issued_on"},
                                              {"state", .may_filter = true},
                                              {"since", .asks_only = true, .may_filter = true},
                                              {"until", .asks_only = true, .may_filter = true},
                                              {0}};

/* What is asked, typed. */
struct question {
    const char *region_prefix;
    organisation_id organisation; /* whose; 0: the region's */
    const char *taught;
    enum skill_level level;
    enum certificate_state state;
    struct day since, until;
};

static struct day day_of(const struct table_query *query, const char *field)
{
    struct day day;
    const char *text = table_wanted(query, &certificate_row_entity, field);
    return text != NULL && day_parse(text, &day) ? day : DAY_NONE;
}

static struct question question_of(struct ctx *ctx, const struct table_query *query)
{
    const char *level = table_wanted(query, &certificate_row_entity, "level");
    const char *state = table_wanted(query, &certificate_row_entity, "state");
    bool is_office = ctx->actor->role >= ROLE_COUNTY_OFFICER && ctx->actor->role != ROLE_EVALUATOR;
    struct question question = {
        .region_prefix = is_office ? registry_actor_region_prefix(ctx) : "",
        .organisation = is_office ? (organisation_id){0} : ctx->actor->organisation,
        .taught = table_wanted(query, &certificate_row_entity, "taught"),
        .since = day_of(query, "since"),
        .until = day_of(query, "until"),
    };
    if (level != NULL && !skill_level_parse(level, &question.level))
        question.level = SKILL_LEVEL_NONE;
    if (state != NULL && !certificate_state_parse(state, &question.state))
        question.state = CERTIFICATE_STATE_NONE;
    return question;
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    (void)argument;
    struct question question = question_of(ctx, query);
    return sql_certificate_entries(
        ctx, &(struct sql_certificate_entries){.region_prefix = question.region_prefix,
                                               .organisation = question.organisation,
                                               .taught = question.taught,
                                               .level = question.level,
                                               .state = question.state,
                                               .since = question.since,
                                               .until = question.until,
                                               .wanted = query->q,
                                               .after = {query->after},
                                               .most = query->most});
}

static bool next_row(struct ctx *ctx, void *rows, void *ret)
{
    (void)ctx;
    struct certificate_entry entry;
    if (!sql_certificate_entry_next(rows, &entry))
        return false;
    *(struct certificate_row *)ret = (struct certificate_row){
        .certificate_no = entry.certificate_no,
        .person_name = entry.person_name,
        .taught = entry.taught,
        .level = entry.level,
        .class_name = entry.class_name,
        .issuer = entry.issuer,
        .issued_on = entry.issued_on,
        .state = entry.state,
        .since = DAY_NONE,
        .until = DAY_NONE,
        .person = entry.person,
        .certificate = entry.id,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    (void)argument;
    struct question question = question_of(ctx, query);
    return sql_certificate_entry_count(
        ctx, &(struct sql_certificate_entry_count){.region_prefix = question.region_prefix,
                                                   .organisation = question.organisation,
                                                   .taught = question.taught,
                                                   .level = question.level,
                                                   .state = question.state,
                                                   .since = question.since,
                                                   .until = question.until,
                                                   .wanted = query->q,
                                                   .most = most});
}

static const char *row_path(struct ctx *ctx, const void *row)
{
    return arena_printf(ctx->arena, "/certificate/%s",
                        ((const struct certificate_row *)row)->certificate_no);
}

struct reply evaluation__list(struct ctx *ctx)
{
    struct table table = {.entity = &certificate_row_entity,
                          .path = "/desk/certificates",
                          .keyed_by = "certificate",
                          .shows = "person",
                          .columns = COLUMNS,
                          .may_search = true,
                          .lists = LISTS,
                          .source = {NULL, open_rows, next_row, count_rows, row_path}};
    return table_reply(ctx, &table,
                       &(struct table_head){.title = "evaluation.certificates",
                                            .help = "evaluation.certificates_help",
                                            .up = "desk.title",
                                            .up_path = "/desk"});
}
