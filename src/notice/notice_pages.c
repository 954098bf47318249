/* The public pages of notices, and the desk where objections are settled. */
#include "base/text.h"
#include "dictionary/table.h"
#include "notice/notice.h"
#include "notice_html.h"
#include "notice_sql.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/show.h"

enum { OBJECTIONS_SHOWN = 100 };

/* Names leave the page this long after the last day of view. */
static bool is_withdrawn(const struct ctx *ctx, const struct public_notice *notice)
{
    int64_t days = pack_parameter(ctx->pack, PARAMETER_PUBLICITY_SHOWN_DAYS, ctx->today);
    return day_minus(ctx->today, notice->until_day) > days;
}

/* --- the list --- */

static const struct table_column COLUMNS[] = {{"heading", .leads = true},
                                              {.field = "organisation"},
                                              {"region", .may_filter = true},
                                              {"from_day", .may_sort = true},
                                              {"until_day", .may_sort = true},
                                              {"line_count", .may_sort = true},
                                              {"total_fen", .may_sort = true},
                                              {"phase", .may_filter = true},
                                              {0}};

static struct day first_day_shown(struct ctx *ctx)
{
    int64_t days = pack_parameter(ctx->pack, PARAMETER_PUBLICITY_SHOWN_DAYS, ctx->today);
    return day_plus(ctx->today, (int32_t)-days);
}

static enum notice_phase phase_of(const struct table_query *query)
{
    enum notice_phase phase;
    const char *code = table_wanted(query, &notice_row_entity, "phase");
    return code != NULL && notice_phase_parse(code, &phase) ? phase : NOTICE_PHASE_NONE;
}

static const char *prefix_of(struct ctx *ctx, const struct table_query *query)
{
    return registry_public_prefix(ctx, table_wanted(query, &notice_row_entity, "region"));
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    (void)argument;
    return sql_notice_entries(
        ctx, &(struct sql_notice_entries){.since = first_day_shown(ctx),
                                          .region_prefix = prefix_of(ctx, query),
                                          .phase = phase_of(query),
                                          .today = ctx->today,
                                          .wanted = query->q,
                                          .sort = query->sort == NULL ? "" : query->sort->name,
                                          .direction = table_direction(query),
                                          .first = query->first,
                                          .most = query->most});
}

static bool next_row(struct ctx *ctx, void *rows, void *ret)
{
    struct public_notice notice;
    if (!sql_public_notice_next(rows, &notice))
        return false;
    *(struct notice_row *)ret = (struct notice_row){
        .heading = notice.title,
        .organisation = notice.organisation,
        .region = notice.region,
        .from_day = notice.from_day,
        .until_day = notice.until_day,
        .line_count = notice.line_count,
        .total_fen = notice.total_fen,
        .phase = notice_is_over(ctx, &notice) ? NOTICE_PHASE_OVER : NOTICE_PHASE_RUNNING,
        .notice = notice.id,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    (void)argument;
    return sql_notice_entry_count(
        ctx, &(struct sql_notice_entry_count){.since = first_day_shown(ctx),
                                              .region_prefix = prefix_of(ctx, query),
                                              .phase = phase_of(query),
                                              .today = ctx->today,
                                              .wanted = query->q,
                                              .most = most});
}

static const char *row_path(struct ctx *ctx, const void *row)
{
    return arena_printf(ctx->arena, "/notice/%s",
                        show_id(ctx, ((const struct notice_row *)row)->notice.v));
}

static struct reply show_list(struct ctx *ctx)
{
    struct table table = {.entity = &notice_row_entity,
                          .path = "/notices",
                          .columns = COLUMNS,
                          .may_search = true,
                          .lists = registry_lists,
                          .source = {NULL, open_rows, next_row, count_rows, row_path}};
    return table_reply(ctx, &table,
                       &(struct table_head){.title = "web.notices", .help = "notice.help"});
}

/* --- one notice --- */

static struct reply show_notice(struct ctx *ctx)
{
    public_notice_id id;
    struct public_notice notice;
    if (!request_id(ctx, "notice", &id.v) || !notice_get(ctx, id, &notice))
        return reply_not_found(ctx);
    struct notice_show_model *model = arena_one(ctx->arena, struct notice_show_model);
    *model = (struct notice_show_model){
        .id = id,
        .heading = notice.title,
        .organisation = notice.organisation,
        .from_day = notice.from_day,
        .until_day = notice.until_day,
        .is_over = notice_is_over(ctx, &notice),
        .is_withdrawn = is_withdrawn(ctx, &notice),
        .line_count = notice.line_count,
        .total_fen = notice.total_fen,
    };
    if (model->is_withdrawn)
        return page_notice_show(ctx, model);
    struct notice_line_list lines = notice_lines(ctx, id);
    model->lines.count = lines.count;
    model->lines.items = arena_array(ctx->arena, lines.count, struct notice_show_line);
    for (size_t i = 0; i < lines.count; i++)
        model->lines.items[i] = (struct notice_show_line){
            .id = lines.items[i].id,
            .number = lines.items[i].number,
            .shown_name = lines.items[i].shown_name,
            .shown_number = lines.items[i].shown_number,
            .amount_fen = lines.items[i].amount_fen,
            .state = lines.items[i].state,
            .is_past = model->is_over && lines.items[i].state == LINE_STATE_SHOWN,
        };
    return page_notice_show(ctx, model);
}

static struct reply post_objection(struct ctx *ctx)
{
    public_notice_id id;
    int64_t number = 0;
    struct objecting objecting = {.reason = request_form(ctx, "reason"),
                                  .contact = request_form(ctx, "contact")};
    const char *text = request_form(ctx, "number");
    if (!request_id(ctx, "notice", &id.v))
        return reply_not_found(ctx);
    struct notice_line_list lines = notice_lines(ctx, id);
    bool is_number = text != NULL && text_integer(text, &number);
    for (size_t i = 0; is_number && i < lines.count; i++)
        if (lines.items[i].number == number)
            objecting.line = lines.items[i].id;
    const char *path = arena_printf(ctx->arena, "/notice/%s", show_id(ctx, id.v));
    return reply_outcome(ctx, objection_file_info(notice_object(ctx, &objecting)), path);
}

static struct reply show_objections(struct ctx *ctx)
{
    struct open_objection_list open =
        sql_objections_open(ctx, registry_actor_region_prefix(ctx), OBJECTIONS_SHOWN);
    struct objection_list_model *model = arena_one(ctx->arena, struct objection_list_model);
    model->objections.count = open.count;
    model->objections.items = arena_array(ctx->arena, open.count, struct objection_list_objection);
    for (size_t i = 0; i < open.count; i++) {
        struct day due_on = notice_objection_due(ctx, open.items[i].filed_at);
        model->objections.items[i] = (struct objection_list_objection){
            .id = open.items[i].id,
            .reason = open.items[i].reason,
            .contact = open.items[i].contact,
            .filed_at = open.items[i].filed_at,
            .heading = open.items[i].title,
            .number = open.items[i].number,
            .shown_name = open.items[i].shown_name,
            .notice = open.items[i].notice,
            .due_on = due_on,
            .is_overdue = !day_is_none(due_on) && day_compare(ctx->today, due_on) > 0,
        };
    }
    return page_objection_list(ctx, model);
}

static struct reply post_settle(struct ctx *ctx)
{
    struct objection_answer answer = {.answer = request_form(ctx, "answer")};
    const char *verdict = request_form(ctx, "verdict");
    if (!request_id(ctx, "objection", &answer.id.v))
        return reply_not_found(ctx);
    if (verdict != NULL && !objection_verdict_parse(verdict, &answer.verdict))
        answer.verdict = OBJECTION_VERDICT_NONE;
    return reply_outcome(ctx, objection_settle_info(notice_settle(ctx, &answer)),
                         "/desk/objections");
}

const struct route notice_routes[] = {
    {GET, "/notices", PERMISSION_PUBLIC, .handle = show_list},
    {GET, "/notice/:notice", PERMISSION_PUBLIC, .handle = show_notice},
    {POST, "/notice/:notice/objection", PERMISSION_PUBLIC, .handle = post_objection},
    {GET, "/desk/objections", PERMISSION_OBJECTION_SETTLE, .handle = show_objections},
    {POST, "/desk/objection/:objection", PERMISSION_OBJECTION_SETTLE, .handle = post_settle},
    {0},
};
