#include "sheet/sheet_fixture.h"

#include <assert.h>
#include <string.h>
#include <zip.h>

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

const char *sheet_fixture_rows(struct arena *arena, struct sheet *sheet)
{
    struct buffer out = buffer_new(arena, 256);
    struct sheet_row row;
    enum sheet_step step = sheet_next(sheet, &row);
    for (; step == SHEET_ROW; step = sheet_next(sheet, &row))
        add_row(&out, &row);
    if (step == SHEET_BAD)
        buffer_printf(&out, "%s%s at %d", out.length > 0 ? "; " : "",
                      sheet_refusal_info(sheet_refusal_of(sheet))->code,
                      (int)sheet_row_number(sheet));
    return out.bytes;
}

const char *sheet_fixture_read(struct arena *arena, struct bytes file,
                               const struct sheet_limits *limits)
{
    enum sheet_refusal refusal = 0;
    struct sheet *sheet = sheet_open(arena, file, limits, &refusal);
    if (sheet == NULL)
        return sheet_refusal_info(refusal)->code;
    return sheet_fixture_rows(arena, sheet);
}

/* --- packages --- */

struct bytes sheet_fixture_package(struct arena *arena, const struct sheet_fixture_part *parts)
{
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *archive = zip_open_from_source(whole, ZIP_TRUNCATE, NULL);
    assert(archive != NULL);
    zip_source_keep(whole);
    for (; parts->name != NULL; parts++) {
        size_t length = parts->length != 0 ? parts->length : strlen(parts->text);
        zip_source_t *part = zip_source_buffer(archive, parts->text, length, 0);
        if (zip_file_add(archive, parts->name, part, ZIP_FL_ENC_UTF_8) < 0)
            assert(!"a part cannot be added");
    }
    int failed = zip_close(archive);
    zip_stat_t stat;
    failed |= zip_source_open(whole) | zip_source_stat(whole, &stat);
    assert(failed == 0);
    char *bytes = arena_alloc(arena, stat.size);
    zip_int64_t length = zip_source_read(whole, bytes, stat.size);
    zip_source_close(whole);
    zip_source_free(whole);
    assert(length == (zip_int64_t)stat.size);
    return (struct bytes){bytes, (size_t)length};
}

struct bytes sheet_fixture_workbook(struct arena *arena,
                                    const struct sheet_fixture_workbook *workbook)
{
    struct sheet_fixture_part parts[] = {
        {.name = "_rels/.rels",
         .text = "<Relationships><Relationship Id='r1' Type='x/officeDocument' "
                 "Target='xl/workbook.xml'/></Relationships>"},
        {.name = "xl/workbook.xml",
         .text = "<workbook><sheets><sheet name='一班' r:id='r1'/></sheets></workbook>"},
        {.name = "xl/_rels/workbook.xml.rels",
         .text = "<Relationships>"
                 "<Relationship Id='r1' Type='x/worksheet' Target='worksheets/sheet1.xml'/>"
                 "<Relationship Id='r2' Type='x/sharedStrings' Target='sharedStrings.xml'/>"
                 "<Relationship Id='r3' Type='x/styles' Target='styles.xml'/>"
                 "</Relationships>"},
        {.name = "xl/worksheets/sheet1.xml",
         .text = arena_printf(arena, "<worksheet>%s</worksheet>", workbook->worksheet)},
        {.name = "xl/sharedStrings.xml",
         .text = arena_printf(arena, "<sst>%s</sst>", workbook->texts ?: "")},
        {.name = "xl/styles.xml",
         .text = arena_printf(arena, "<styleSheet>%s</styleSheet>", workbook->styles ?: "")},
        {.name = NULL}};
    return sheet_fixture_package(arena, parts);
}
