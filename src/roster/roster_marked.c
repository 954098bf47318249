/* The uploaded file again, with what is wrong marked where it stands. */
#include <string.h>

#include "roster/roster_room.h"
#include "sheet/sheet.h"

struct copy {
    struct ctx *ctx;
    const struct roster_marking *marking;
    const struct roster_reading *reading;
    struct sheet_writer *writer;
    bool is_1904;
    int identity_column;
    int64_t row; /* the last one written */
    /* How far the findings, in the order of their rows, are used up. */
    size_t fault, doubt, line;
};

static struct sheet_value *value_at(struct sheet_value *values, size_t count, int column)
{
    return &values[column >= 0 && (size_t)column < count ? column : 0];
}

/* Two findings at one cell are said one after the other. */
static void mark(struct copy *copy, struct sheet_value *value, const char *message)
{
    value->fault = value->fault == NULL
                       ? message
                       : arena_printf(copy->ctx->arena, "%s %s", value->fault, message);
}

static void mark_findings(struct copy *copy, const struct sheet_row *row,
                          struct sheet_value *values, size_t count)
{
    const struct roster_reading *reading = copy->reading;
    const struct roster_line_list *lines = &copy->marking->lines;
    size_t before = copy->fault + copy->doubt;
    for (; copy->fault < reading->fault_count && reading->faults[copy->fault].row == row->number;
         copy->fault++)
        mark(copy, value_at(values, count, reading->faults[copy->fault].column),
             reading->faults[copy->fault].message);
    for (; copy->doubt < reading->doubt_count && reading->doubts[copy->doubt].row == row->number;
         copy->doubt++)
        mark(copy, value_at(values, count, reading->doubts[copy->doubt].column),
             reading->doubts[copy->doubt].message);
    while (copy->line < lines->count && lines->items[copy->line].row_number < row->number)
        copy->line++;
    bool is_judged =
        copy->line < lines->count && lines->items[copy->line].row_number == row->number;
    /* What the file itself does not tell: the class is full, the number is another person's. */
    if (is_judged && copy->fault + copy->doubt == before &&
        lines->items[copy->line].verdict == LINE_VERDICT_REFUSED)
        mark(copy, value_at(values, count, copy->identity_column),
             lines->items[copy->line].message);
}

/* A day is written as people read it, a number as it stands in the file. */
static const char *text_of(const struct copy *copy, const struct sheet_cell *cell)
{
    struct day day;
    if (cell->is_date && sheet_serial_day(cell->text, copy->is_1904, &day))
        return day_text(copy->ctx->arena, day);
    return cell->text;
}

static void copy_row(struct copy *copy, const struct sheet_row *row)
{
    struct arena_mark mark = arena_mark(copy->ctx->arena);
    size_t count = copy->reading->title_count;
    if (row->count > 0 && (size_t)row->cells[row->count - 1].column >= count)
        count = (size_t)row->cells[row->count - 1].column + 1;
    struct sheet_value *values = arena_array(copy->ctx->arena, count + 1, struct sheet_value);
    for (size_t i = 0; i < row->count; i++)
        values[row->cells[i].column].text = text_of(copy, &row->cells[i]);
    while (++copy->row < row->number) /* blank rows: the numbers stay what they were */
        sheet_write_row(copy->writer, NULL, 0);
    if (row->number == copy->reading->header_row) {
        sheet_write_titles(copy->writer);
    } else {
        mark_findings(copy, row, values, count);
        sheet_write_row(copy->writer, values, count);
    }
    arena_release(copy->ctx->arena, mark);
}

static const struct sheet_column *columns_of(struct ctx *ctx, const struct roster_reading *reading)
{
    enum { WIDTH = 18 };
    struct sheet_column *columns =
        arena_array(ctx->arena, reading->title_count + 1, struct sheet_column);
    for (size_t i = 0; i < reading->title_count; i++)
        columns[i] = (struct sheet_column){
            .title = reading->titles[i] == NULL ? "" : reading->titles[i],
            .kind = SHEET_COLUMN_TEXT,
            .width = WIDTH,
        };
    return columns;
}

static int identity_column(struct ctx *ctx, const struct roster_reading *reading)
{
    struct header_match match =
        header_match(ctx, &roster_row_entity, reading->titles, reading->title_count);
    for (size_t i = 0; i < match.column_count; i++)
        if (match.columns[i].field == entity_field(&roster_row_entity, "identity_no"))
            return (int)i;
    return 0;
}

struct bytes roster__marked(struct ctx *ctx, const struct roster_marking *marking)
{
    struct roster_reading reading;
    enum sheet_refusal refusal;
    struct sheet_row row;
    roster_read(ctx, marking->content, (struct roster_options){.keeps_lines = false}, &reading);
    struct sheet *sheet =
        sheet_open_apart(ctx->arena, marking->content, &sheet_limits_usual, &refusal);
    if (sheet == NULL || !sheet_select(sheet, reading.sheet))
        return (struct bytes){0};
    struct sheet_table table = {.format = marking->format,
                                .name = words(ctx, "roster.template_name"),
                                .columns = columns_of(ctx, &reading),
                                .column_count = reading.title_count,
                                .fault_title = words(ctx, "roster.mend")};
    struct copy copy = {.ctx = ctx,
                        .marking = marking,
                        .reading = &reading,
                        .writer = sheet_writer_new(ctx->arena, &table),
                        .is_1904 = sheet_is_1904(sheet),
                        .identity_column = identity_column(ctx, &reading)};
    while (sheet_next(sheet, &row) == SHEET_ROW)
        copy_row(&copy, &row);
    return sheet_writer_finish(copy.writer);
}
