/* A list as a file: every row of the query, masked as on the page, written as it is read. */
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "dictionary/table.h"
#include "dictionary_html.h"
#include "sheet/sheet.h"
#include "web/show.h"

enum { SCRATCH_BYTES = 8 << 20 };

static void free_scratch(void *scratch)
{
    arena_free(scratch);
}

static struct sheet_table columns_of(struct ctx *ctx, const struct table *table)
{
    struct sheet_table sheet = {.name = words(ctx, "table.tab")};
    while (table->columns[sheet.column_count].field != NULL &&
           !table->columns[sheet.column_count].asks_only)
        sheet.column_count++;
    struct sheet_column *columns = arena_array(ctx->arena, sheet.column_count, struct sheet_column);
    for (size_t i = 0; i < sheet.column_count; i++) {
        const struct field *field = entity_field(table->entity, table->columns[i].field);
        columns[i] = (struct sheet_column){.title = words(ctx, field->key),
                                           .kind = field__column_kind(field)};
    }
    sheet.columns = columns;
    return sheet;
}

/* Figures and amounts as digits, everything else as on the page. */
static const char *text_of(struct ctx *ctx, const struct table *table, const struct field *field,
                           const void *row)
{
    bool is_figure = field__column_kind(field) != SHEET_COLUMN_TEXT;
    if (is_figure && (!field->is_private || table->reveals))
        return field_plain(ctx, field, row);
    return field__shown(ctx, field, row, table->lists, table->reveals);
}

/* One row at a time: what a row takes is given back before the next. */
static struct bytes write_rows(struct ctx *ctx, const struct table *table,
                               const struct table_query *query, const struct sheet_table *sheet)
{
    int64_t count = 0;
    struct table_query all = *query;
    all.first = all.after = 0;
    all.most = INT64_MAX;
    struct ctx scratch = *ctx;
    scratch.arena = arena_new(SCRATCH_BYTES);
    arena_defer(ctx->arena, free_scratch, scratch.arena);
    struct sheet_value *values = arena_array(ctx->arena, sheet->column_count, struct sheet_value);
    void *row = arena_alloc(ctx->arena, table->entity->size);
    struct sheet_writer *writer = sheet_writer_new(ctx->arena, sheet);
    void *rows = table->source.open(ctx, &all, table->source.argument);
    sheet_write_titles(writer);
    while (table->source.next(&scratch, rows, row)) {
        for (size_t i = 0; i < sheet->column_count; i++)
            values[i].text =
                text_of(&scratch, table, entity_field(table->entity, table->columns[i].field), row);
        table__tell(&scratch, table, row);
        sheet_write_row(writer, values, sheet->column_count);
        arena_reset(scratch.arena);
        count++;
    }
    request_exports(ctx, count);
    arena_close(ctx->arena, scratch.arena);
    return sheet_writer_finish(writer);
}

bool table_file(struct ctx *ctx, const struct table *table, const struct table_query *query,
                const char *as, struct reply *ret)
{
    bool is_xlsx = text_equal(as, "xlsx");
    if (!is_xlsx && !text_equal(as, "csv"))
        return false;
    struct sheet_table sheet = columns_of(ctx, table);
    sheet.format = is_xlsx ? SHEET_XLSX : SHEET_CSV;
    struct bytes file = write_rows(ctx, table, query, &sheet);
    const char *name = arena_printf(ctx->arena, "%s-%s.%s", table->entity->name,
                                    day_text(ctx->arena, ctx->today), as);
    *ret = reply_file(sheet_content_type(sheet.format), name, file.data, file.length);
    return true;
}

static const char *words_or_none(struct ctx *ctx, const char *key)
{
    return key == NULL ? NULL : words(ctx, key);
}

struct reply table_reply(struct ctx *ctx, const struct table *table, const struct table_head *head)
{
    struct table whole = *table;
    struct table_query query = table_query_of(ctx, &whole, request_query);
    struct reply file;
    whole.offers_files = true;
    if (table_file(ctx, &whole, &query, request_query(ctx, "as"), &file))
        return file;
    struct table_page_model *model = arena_one(ctx->arena, struct table_page_model);
    *model = (struct table_page_model){
        .heading = words(ctx, head->title),
        .help = words_or_none(ctx, head->help),
        .up = words_or_none(ctx, head->up),
        .up_path = head->up_path,
        .act = words_or_none(ctx, head->act),
        .act_path = head->act_path,
        .list = table_view_of(ctx, &whole, &query),
    };
    return page_table_page(ctx, model);
}
