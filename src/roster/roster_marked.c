/* The uploaded file again, with what is wrong marked where it stands. */
#include <string.h>

#include "roster/roster_room.h"
#include "sheet/sheet.h"

struct copy {
    struct ctx *ctx;
    struct arena *scratch; /* of one row; the file grows in the ctx's */
    const struct roster_marking *marking;
    const struct roster_header *header;
    struct sheet_writer *writer;
    bool is_1904;
    int64_t row; /* the last one written */
    size_t mark; /* how far the marks, in the order of their rows, are used up */
};

/* What is said about the line as a whole (the class is full, the number is another person's) stands
 * at its number. */
static struct sheet_value *value_at(const struct copy *copy, struct sheet_value *values,
                                    const char *field)
{
    const char *name = field == NULL ? "identity_no" : field;
    for (size_t i = 0; i < copy->header->match.column_count; i++)
        if (copy->header->match.columns[i].field != NULL &&
            text_equal(copy->header->match.columns[i].field->name, name))
            return &values[i];
    return &values[0];
}

/* Two findings at one cell are said one after the other. */
static void mark(const struct copy *copy, struct sheet_value *value, const char *message)
{
    value->fault = value->fault == NULL
                       ? message
                       : arena_printf(copy->scratch, "%s %s", value->fault, message);
}

/* Whether there was anything. */
static bool mark_row(struct copy *copy, int64_t row, struct sheet_value *values)
{
    const struct roster_mark_list *marks = &copy->marking->marks;
    bool is_marked = false;
    while (copy->mark < marks->count && marks->items[copy->mark].row_number <= row) {
        const struct roster_mark *one = &marks->items[copy->mark++];
        if (one->row_number != row)
            continue;
        mark(copy, value_at(copy, values, one->field), one->message);
        is_marked = true;
    }
    return is_marked;
}

/* A day is written as people read it, a number as it stands in the file. */
static const char *text_of(const struct copy *copy, const struct sheet_cell *cell)
{
    struct day day;
    if (cell->is_date && sheet_serial_day(cell->text, copy->is_1904, &day))
        return day_text(copy->scratch, day);
    return cell->text;
}

static void copy_row(struct copy *copy, const struct sheet_row *row)
{
    size_t count = copy->header->title_count;
    if (row->count > 0 && (size_t)row->cells[row->count - 1].column >= count)
        count = (size_t)row->cells[row->count - 1].column + 1;
    struct sheet_value *values = arena_array(copy->scratch, count + 1, struct sheet_value);
    for (size_t i = 0; i < row->count; i++) /* a merged title once, where it stands */
        if (!row->cells[i].is_merged_copy || row->number > copy->header->row)
            values[row->cells[i].column].text = text_of(copy, &row->cells[i]);
    /* Blank rows come along: the numbers stay what they were. */
    while (++copy->row < row->number && !copy->marking->marked_only)
        sheet_write_row(copy->writer, NULL, 0);
    copy->row = row->number;
    if (row->number == copy->header->row)
        sheet_write_titles(copy->writer);
    else if (mark_row(copy, row->number, values) || !copy->marking->marked_only ||
             row->number < copy->header->row)
        sheet_write_row(copy->writer, values, count);
    arena_reset(copy->scratch);
}

static const struct sheet_column *columns_of(struct ctx *ctx, const struct roster_header *header)
{
    enum { WIDTH = 18 };
    struct sheet_column *columns =
        arena_array(ctx->arena, header->title_count + 1, struct sheet_column);
    for (size_t i = 0; i < header->title_count; i++)
        columns[i] = (struct sheet_column){
            .title = header->titles[i] == NULL ? "" : header->titles[i],
            .kind = SHEET_COLUMN_TEXT,
            .width = WIDTH,
        };
    return columns;
}

static void free_arena(void *arena)
{
    arena_free(arena);
}

struct bytes roster__marked(struct ctx *ctx, const struct roster_marking *marking)
{
    enum {
        FILE_BYTES = 512 * 1024 * 1024,
        ROW_BYTES = 64 * 1024 * 1024 /* never reached: the sheet bounds its cells */
    };
    struct roster_header header;
    enum sheet_refusal refusal;
    struct sheet_row row;
    struct sheet *sheet =
        sheet_open_apart(ctx->arena, marking->content, &sheet_limits_usual, &refusal);
    if (sheet == NULL || !roster__find_header(ctx, sheet, &header))
        return (struct bytes){0};
    struct sheet_table table = {.format = marking->format,
                                .name = words(ctx, "roster.template_name"),
                                .columns = columns_of(ctx, &header),
                                .column_count = header.title_count,
                                .fault_title = words(ctx, "roster.mend")};
    arena_set_limit(ctx->arena, arena_used(ctx->arena) + FILE_BYTES);
    struct copy copy = {.ctx = ctx,
                        .scratch = arena_new(ROW_BYTES),
                        .marking = marking,
                        .header = &header,
                        .writer = sheet_writer_new(ctx->arena, &table),
                        .is_1904 = sheet_is_1904(sheet)};
    arena_defer(ctx->arena, free_arena, copy.scratch);
    while (sheet_next(sheet, &row) == SHEET_ROW)
        copy_row(&copy, &row);
    return sheet_writer_finish(copy.writer);
}
