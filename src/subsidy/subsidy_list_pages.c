/* The list of claims: an institution's own, an office's region. */
#include "dictionary/table.h"
#include "registry/registry.h"
#include "subsidy/subsidy_room.h"
#include "subsidy_sql.h"
#include "web/show.h"

static const struct table_column COLUMNS[] = {
    {"class_name", .leads = true},    {.field = "institution"},
    {"region", .may_filter = true},   {"made_on", .may_sort = true},
    {"line_count", .may_sort = true}, {"total_fen", .may_sort = true},
    {"state", .may_filter = true},    {0}};

/* Whose claims; 0: the region's. */
static organisation_id own_organisation(const struct ctx *ctx)
{
    return registry_permits(ctx, PERMISSION_CLAIM_MAKE) ? ctx->actor->organisation
                                                        : (organisation_id){0};
}

static const char *prefix_of(struct ctx *ctx, const struct table_query *query)
{
    const char *region = table_wanted(query, &claim_row_entity, "region");
    return own_organisation(ctx).v != 0 ? registry_public_prefix(ctx, region)
                                        : registry_filter_prefix(ctx, region);
}

static enum claim_state state_of(const struct table_query *query)
{
    enum claim_state state;
    const char *code = table_wanted(query, &claim_row_entity, "state");
    return code != NULL && claim_state_parse(code, &state) ? state : CLAIM_STATE_NONE;
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    (void)argument;
    return sql_claim_entries(
        ctx, &(struct sql_claim_entries){.region_prefix = prefix_of(ctx, query),
                                         .organisation = own_organisation(ctx),
                                         .state = state_of(query),
                                         .wanted = query->q,
                                         .sort = query->sort == NULL ? "" : query->sort->name,
                                         .direction = table_direction(query),
                                         .first = query->first,
                                         .most = query->most});
}

static bool next_row(struct ctx *ctx, void *rows, void *ret)
{
    (void)ctx;
    struct claim_entry entry;
    if (!sql_claim_entry_next(rows, &entry))
        return false;
    *(struct claim_row *)ret = (struct claim_row){
        .class_name = entry.class_name,
        .institution = entry.institution,
        .region = entry.region,
        .made_on = instant_day(entry.made_at),
        .line_count = entry.line_count,
        .total_fen = entry.total_fen,
        .state = entry.state,
        .claim = entry.id,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    (void)argument;
    return sql_claim_entry_count(
        ctx, &(struct sql_claim_entry_count){.region_prefix = prefix_of(ctx, query),
                                             .organisation = own_organisation(ctx),
                                             .state = state_of(query),
                                             .wanted = query->q,
                                             .most = most});
}

static const char *row_path(struct ctx *ctx, const void *row)
{
    return arena_printf(ctx->arena, "/desk/claim/%s",
                        show_id(ctx, ((const struct claim_row *)row)->claim.v));
}

struct reply subsidy__list_claims(struct ctx *ctx)
{
    struct table table = {.entity = &claim_row_entity,
                          .path = "/desk/claims",
                          .columns = COLUMNS,
                          .may_search = true,
                          .lists = registry_lists,
                          .source = {NULL, open_rows, next_row, count_rows, row_path}};
    return table_reply(
        ctx, &table,
        &(struct table_head){.title = "subsidy.claims", .up = "desk.title", .up_path = "/desk"});
}
