/* The finance desk: what is payable, batches, the bank's files. */
#include "base/text.h"
#include "fund/fund.h"
#include "registry/registry.h"
#include "sheet/sheet.h"
#include "subsidy/subsidy_room.h"
#include "subsidy_html.h"
#include "subsidy_sql.h"
#include "web/show.h"

enum { BATCHES_SHOWN = 1000, RESULT_BYTES_MAX = 20 * 1000 * 1000 };

static const char *batch_path(struct ctx *ctx, payment_batch_id id)
{
    return arena_printf(ctx->arena, "/desk/batch/%s", show_id(ctx, id.v));
}

static const struct table_column BATCH_COLUMNS[] = {{"batch", .leads = true},
                                                    {"made_on", .may_sort = true},
                                                    {"payment_count", .may_sort = true},
                                                    {"total_fen", .may_sort = true},
                                                    {"approved_on", .may_sort = true},
                                                    {"state", .may_filter = true},
                                                    {0}};

static struct day day_or_none(struct instant instant)
{
    return instant_is_none(instant) ? DAY_NONE : instant_day(instant);
}

static const char *batch_row_path(struct ctx *ctx, const void *row)
{
    return batch_path(ctx, ((const struct batch_row *)row)->batch);
}

static struct table batch_table(struct ctx *ctx)
{
    struct payment_batch_list batches = fund_batches(ctx, BATCHES_SHOWN);
    struct batch_row *rows = arena_array(ctx->arena, batches.count, struct batch_row);
    for (size_t i = 0; i < batches.count; i++)
        rows[i] = (struct batch_row){.batch = batches.items[i].id,
                                     .made_on = instant_day(batches.items[i].made_at),
                                     .payment_count = batches.items[i].payment_count,
                                     .total_fen = batches.items[i].total_fen,
                                     .approved_on = day_or_none(batches.items[i].approved_at),
                                     .state = batches.items[i].state};
    struct table table = {.entity = &batch_row_entity,
                          .path = "/desk/payments",
                          .columns = BATCH_COLUMNS,
                          .offers_files = true};
    table.source = table_of_rows(ctx, &table, rows, batches.count, batch_row_path);
    return table;
}

static struct reply show_desk(struct ctx *ctx)
{
    struct table table = batch_table(ctx);
    struct table_query query = table_query_of(ctx, &table, request_query);
    struct reply file;
    if (table_file(ctx, &table, &query, request_query(ctx, "as"), &file))
        return file;
    struct payment_desk_model *model = arena_one(ctx->arena, struct payment_desk_model);
    struct payable_sum sum = fund_payable(ctx);
    *model = (struct payment_desk_model){
        .payable_count = sum.n,
        .payable_fen = sum.amount_fen,
        .may_make = registry_permits(ctx, PERMISSION_PAYMENT_MAKE),
        .batches = table_view_of(ctx, &table, &query),
    };
    return page_payment_desk(ctx, model);
}

static struct reply post_make(struct ctx *ctx)
{
    payment_batch_id id;
    enum batch_make outcome = fund_batch_make(ctx, &id);
    return reply_outcome(ctx, batch_make_info(outcome),
                         outcome == BATCH_MAKE_DONE ? batch_path(ctx, id) : "/desk/payments");
}

static bool find_batch(struct ctx *ctx, struct payment_batch *ret)
{
    payment_batch_id id;
    return request_id(ctx, "batch", &id.v) && fund_batch(ctx, id, ret);
}

/* Each payment's purpose names the trainee whom it is for. */
static void tell_shown(struct ctx *ctx, const struct payment_list *payments)
{
    for (size_t i = 0; i < payments->count; i++) {
        struct claim_line line;
        if (sql_claim_line_by_id(ctx, (claim_line_id){payments->items[i].subject_id}, &line))
            request_shows(ctx, line.person.v);
    }
}

static struct reply show_batch(struct ctx *ctx)
{
    struct payment_batch batch;
    if (!find_batch(ctx, &batch))
        return reply_not_found(ctx);
    struct table table = subsidy__payment_table(ctx, &batch);
    struct table_query query = table_query_of(ctx, &table, request_query);
    struct reply file;
    if (table_file(ctx, &table, &query, request_query(ctx, "as"), &file))
        return file;
    struct batch_show_model *model = arena_one(ctx->arena, struct batch_show_model);
    *model = (struct batch_show_model){
        .id = batch.id,
        .made_at = batch.made_at,
        .approved_at = batch.approved_at,
        .payment_count = batch.payment_count,
        .total_fen = batch.total_fen,
        .state = batch.state,
        .may_approve = batch.state == BATCH_STATE_MADE &&
                       registry_permits(ctx, PERMISSION_PAYMENT_APPROVE) &&
                       batch.made_by.v != ctx->actor->account.v,
        .may_settle =
            batch.state == BATCH_STATE_APPROVED && registry_permits(ctx, PERMISSION_PAYMENT_MAKE),
        .may_take =
            !instant_is_none(batch.approved_at) && registry_permits(ctx, PERMISSION_PAYMENT_FILE),
        .lines = table_view_of(ctx, &table, &query),
    };
    return page_batch_show(ctx, model);
}

static struct reply post_approve(struct ctx *ctx)
{
    payment_batch_id id;
    if (!request_id(ctx, "batch", &id.v))
        return reply_not_found(ctx);
    return reply_outcome(ctx, batch_approve_info(fund_batch_approve(ctx, id)), batch_path(ctx, id));
}

static struct reply file_reply(struct ctx *ctx, enum sheet_format format, const char *ending)
{
    struct payment_batch batch;
    if (!find_batch(ctx, &batch) || batch.state == BATCH_STATE_MADE)
        return reply_not_found(ctx);
    struct payment_list payments = fund_payments(ctx, batch.id);
    struct bytes file = fund_batch_file(ctx, &payments, format);
    const char *name = arena_printf(ctx->arena, "%s.%s", show_id(ctx, batch.id.v), ending);
    tell_shown(ctx, &payments);
    request_exports(ctx, (int64_t)payments.count);
    return reply_file(sheet_content_type(format), name, file.data, file.length);
}

static struct reply show_workbook(struct ctx *ctx)
{
    return file_reply(ctx, SHEET_XLSX, "xlsx");
}

/* For the bank's program, not for a spreadsheet: no number is wrapped against rounding. */
static struct reply show_csv(struct ctx *ctx)
{
    return file_reply(ctx, SHEET_CSV_PLAIN, "csv");
}

/* --- the bank's result: our own file with the columns “结果” and “原因” filled in */

struct result_columns {
    int number, amount, result, note; /* -1: not there */
};

static int column_of(struct ctx *ctx, const struct sheet_row *header, const char *key)
{
    struct ctx other = *ctx;
    for (size_t i = 0; i < header->count; i++)
        for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
            other.language = (enum language)language;
            if (text_equal(text_compact(ctx->arena, header->cells[i].text),
                           text_compact(ctx->arena, words(&other, key))))
                return header->cells[i].column;
        }
    return -1;
}

static const char *text_at(const struct sheet_row *row, int column)
{
    const struct sheet_cell *cell = column < 0 ? NULL : sheet_cell_at(row, column);
    return cell == NULL ? "" : cell->text;
}

static bool says_success(const char *text)
{
    return text_equal(text, "成功") || text_equal(text, "success") || text_equal(text, "已支付");
}

static bool says_failure(const char *text)
{
    return text_equal(text, "失败") || text_equal(text, "failure") || text_equal(text, "退回");
}

struct result_file {
    struct bank_result *lines;
    size_t count;
    size_t capacity;
    int64_t bad_row; /* 0: every row was read */
};

static bool read_result_row(struct ctx *ctx, const struct sheet_row *row,
                            const struct result_columns *columns, struct bank_result *ret)
{
    const char *result = text_compact(ctx->arena, text_at(row, columns->result));
    ret->is_paid = says_success(result);
    ret->note = text_clean(ctx->arena, text_at(row, columns->note));
    return (ret->is_paid || says_failure(result)) &&
           id_parse(text_compact(ctx->arena, text_at(row, columns->number)), &ret->payment.v) &&
           fen_parse(text_compact(ctx->arena, text_at(row, columns->amount)), &ret->amount_fen);
}

static void read_result_file(struct ctx *ctx, struct bytes bytes, struct result_file *ret)
{
    enum sheet_refusal refusal;
    struct sheet_row row;
    struct sheet *sheet = sheet_open_apart(ctx->arena, bytes, &sheet_limits_usual, &refusal);
    ret->bad_row = 1;
    if (sheet == NULL || sheet_next(sheet, &row) != SHEET_ROW)
        return;
    struct result_columns columns = {
        column_of(ctx, &row, "fund.payment_no"), column_of(ctx, &row, "fund.amount"),
        column_of(ctx, &row, "fund.result"), column_of(ctx, &row, "fund.reason")};
    if (columns.number < 0 || columns.amount < 0 || columns.result < 0)
        return;
    enum sheet_step step;
    while ((step = sheet_next(sheet, &row)) == SHEET_ROW) {
        if (ret->count == ret->capacity) {
            size_t wider = ret->capacity == 0 ? 64 : ret->capacity * 2;
            ret->lines = arena_grow(ctx->arena, ret->lines, ret->capacity * sizeof *ret->lines,
                                    wider * sizeof *ret->lines);
            ret->capacity = wider;
        }
        ret->bad_row = row.number;
        if (!read_result_row(ctx, &row, &columns, &ret->lines[ret->count]))
            return;
        ret->count++;
    }
    ret->bad_row = step == SHEET_END && ret->count > 0 ? 0 : ret->bad_row;
}

static void prepare_result(struct ctx *ctx)
{
    struct result_file *file = arena_one(ctx->arena, struct result_file);
    const struct upload *upload = request_upload(ctx, "file");
    file->bad_row = 1;
    if (upload != NULL)
        read_result_file(ctx, (struct bytes){upload->bytes, upload->length}, file);
    request_keep(ctx, file);
}

static struct reply post_result(struct ctx *ctx)
{
    const struct result_file *file = request_kept(ctx);
    struct payment_batch batch;
    int64_t settled = 0;
    if (!find_batch(ctx, &batch))
        return reply_not_found(ctx);
    struct bank_file bank = {batch.id, file->lines, file->count};
    enum batch_result outcome = file->bad_row != 0
                                    ? BATCH_RESULT_UNREADABLE
                                    : fund_batch_result(ctx, &bank, subsidy_settled, &settled);
    struct argument arguments[] = {{"row", show_integer(ctx, file->bad_row)},
                                   {"n", show_integer(ctx, settled)}};
    return reply_outcome_with(ctx, batch_result_info(outcome), batch_path(ctx, batch.id), arguments,
                              2);
}

const struct route subsidy_payment_routes[] = {
    {GET, "/desk/payments", PERMISSION_PAYMENT_VIEW, .handle = show_desk},
    {POST, "/desk/payments", PERMISSION_PAYMENT_MAKE, .handle = post_make},
    {GET, "/desk/batch/:batch", PERMISSION_PAYMENT_VIEW, .handle = show_batch, .shows = "person"},
    {POST, "/desk/batch/:batch/approve", PERMISSION_PAYMENT_APPROVE, .handle = post_approve},
    {POST, "/desk/batch/:batch/result", PERMISSION_PAYMENT_MAKE, .handle = post_result,
     .prepare = prepare_result, .lane = LANE_HEAVY, .body_max = RESULT_BYTES_MAX},
    {GET, "/desk/batch/:batch/file.xlsx", PERMISSION_PAYMENT_FILE, .handle = show_workbook,
     .lane = LANE_HEAVY, .shows = "person"},
    {GET, "/desk/batch/:batch/file.csv", PERMISSION_PAYMENT_FILE, .handle = show_csv,
     .lane = LANE_HEAVY, .shows = "person"},
    {0},
};
