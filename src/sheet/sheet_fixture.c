#include "sheet/sheet_fixture.h"

#include "base/arena.h"

static void add_cell(struct buffer *out, const struct sheet_cell *cell)
{
    static const char marks[] = {
        [SHEET_CELL_NUMBER] = '#', [SHEET_CELL_BOOLEAN] = '?', [SHEET_CELL_ERROR] = '!'};
    buffer_printf(out, " %s=", sheet_column_name(cell->column).text);
    if (cell->kind != SHEET_CELL_TEXT)
        buffer_add_char(out, marks[cell->kind]);
    buffer_add(out, cell->text);
    if (cell->is_date)
        buffer_add_char(out, '@');
    if (cell->is_merged_copy)
        buffer_add_char(out, '^');
}

static void add_row(struct buffer *out, const struct sheet_row *row)
{
    if (out->length > 0)
        buffer_add(out, "; ");
    buffer_add_integer(out, row->number);
    if (row->is_hidden)
        buffer_add_char(out, 'h');
    for (size_t i = 0; i < row->count; i++)
        add_cell(out, &row->cells[i]);
}

/* "damaged" of "sheet_refusal.damaged". */
static const char *refusal_name(enum sheet_refusal refusal)
{
    return sheet_refusal_info(refusal)->code + sizeof "sheet_refusal." - 1;
}

const char *sheet_fixture_rows(struct arena *arena, struct sheet *sheet)
{
    struct buffer out = buffer_new(arena, 256);
    struct sheet_row row;
    enum sheet_step step = sheet_next(sheet, &row);
    for (; step == SHEET_ROW; step = sheet_next(sheet, &row))
        add_row(&out, &row);
    if (step == SHEET_BAD)
        buffer_printf(&out, "%srefused: %s at %d", out.length > 0 ? "; " : "",
                      refusal_name(sheet_refusal_of(sheet)), (int)sheet_row_number(sheet));
    return out.bytes;
}

const char *sheet_fixture_read(struct arena *arena, struct bytes file,
                               const struct sheet_limits *limits)
{
    enum sheet_refusal refusal = 0;
    struct sheet *sheet = sheet_open(arena, file, limits, &refusal);
    if (sheet == NULL)
        return arena_printf(arena, "refused: %s", refusal_name(refusal));
    return sheet_fixture_rows(arena, sheet);
}
