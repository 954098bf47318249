/*
 * Rows a second out of a roster of ten columns, as delimited text and as a workbook, beside what
 * the bare libraries need for the same bytes in the same run: a look for line ends, and libzip with
 * expat and empty handlers.
 *
 * Prints the document that script/bench describes.
 */
#include <stdio.h>
#include <string.h>

#include "bare.h"
#include "base/arena.h"
#include "sheet/sheet_fixture.h"

enum { ROUNDS = 3, ROWS = 100000, COLUMNS = 10 };

/* --- the roster --- */

static void add_csv_row(struct buffer *out, int i)
{
    buffer_printf(out,
                  "%d,王小明%d,53010219900101%04d,138%08d,祥云县职业培训学校,养老护理员,五级,"
                  "2025-03-%02d,96,云南省大理白族自治州祥云县祥城镇%d号\r\n",
                  i, i % 1000, i % 10000, i, i % 28 + 1, i);
}

static void add_workbook_row(struct buffer *out, int i)
{
    buffer_printf(out, "<row r=\"%d\" spans=\"1:10\"><c r=\"A%d\"><v>%d</v></c>", i, i, i);
    for (int column = 1; column <= 8; column++)
        buffer_printf(out, "<c r=\"%c%d\" s=\"1\" t=\"s\"><v>%d</v></c>", 'A' + column, i,
                      (i * 7 + column * 1000) % 20000);
    buffer_printf(out, "<c r=\"J%d\" s=\"2\"><v>%d</v></c></row>", i, 45000 + i % 900);
}

static struct bytes workbook(struct arena *arena)
{
    struct buffer rows = buffer_new(arena, (size_t)64 << 20);
    struct buffer texts = buffer_new(arena, (size_t)4 << 20);
    buffer_add(&rows, "<sheetData>");
    for (int i = 1; i <= ROWS; i++)
        add_workbook_row(&rows, i);
    buffer_add(&rows, "</sheetData><mergeCells><mergeCell ref=\"A1:J1\"/></mergeCells>");
    for (int i = 0; i < 20000; i++)
        buffer_printf(&texts, "<si><t>祥云县职业培训学校%d</t></si>", i);
    return sheet_fixture_package(
        arena,
        (struct sheet_fixture_part[]){
            {"_rels/.rels",
             "<R><Relationship Id='a' Type='x/officeDocument' Target='xl/workbook.xml'/></R>", 0},
            {"xl/workbook.xml", "<workbook><sheets><sheet name='a' r:id='a'/></sheets></workbook>",
             0},
            {"xl/_rels/workbook.xml.rels",
             "<R><Relationship Id='a' Type='x/worksheet' Target='sheet.xml'/>"
             "<Relationship Id='b' Type='x/sharedStrings' Target='texts.xml'/></R>",
             0},
            {"xl/sheet.xml", arena_printf(arena, "<worksheet>%s</worksheet>", rows.bytes), 0},
            {"xl/texts.xml", arena_printf(arena, "<sst>%s</sst>", texts.bytes), 0},
            {0}});
}

/* --- what is measured --- */

typedef struct sheet *opening(struct arena *arena, struct bytes file,
                              const struct sheet_limits *limits, enum sheet_refusal *ret);

static int64_t read_rows(struct bytes file, opening *open)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    enum sheet_refusal refusal;
    struct sheet *sheet = open(arena, file, &sheet_limits_usual, &refusal);
    if (sheet == NULL)
        bare_stop(sheet_refusal_info(refusal)->code);
    struct sheet_row row;
    int64_t count = 0;
    while (sheet_next(sheet, &row) == SHEET_ROW) {
        if (row.count != COLUMNS)
            bare_stop("a row has lost a cell");
        count++;
    }
    arena_free(arena);
    return count;
}

static int64_t read_bare(struct bytes file)
{
    return bare_workbook(file, "xl/sheet.xml");
}

static int64_t read_here(struct bytes file)
{
    return read_rows(file, sheet_open);
}

static int64_t read_apart(struct bytes file)
{
    return read_rows(file, sheet_open_apart);
}

/* The best of some rounds, in rows a second. */
static int64_t rows_a_second(int64_t (*read)(struct bytes), struct bytes file)
{
    int64_t best = INT64_MAX;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t start = bare_now_us();
        if (read(file) != ROWS)
            bare_stop("rows are missing");
        int64_t took = bare_now_us() - start;
        best = took < best ? took : best;
    }
    return ROWS * INT64_C(1000000) / (best > 0 ? best : 1);
}

static void print_row(const char *what, int64_t value, int64_t bare, const char *last)
{
    printf(" {\"what\": \"%s\", \"value\": %lld, \"unit\": \"rows/s\", "
           "\"beside\": \"%lld%% of the bare library's\"}%s\n",
           what, (long long)value, (long long)(value * 100 / bare), last);
}

int main(int count, char **words)
{
    if (count == 2 && strcmp(words[1], "sheet-child") == 0)
        return sheet_child_main();
    struct arena *arena = arena_new((size_t)1 << 30);
    struct buffer csv = buffer_new(arena, (size_t)32 << 20);
    for (int i = 1; i <= ROWS; i++)
        add_csv_row(&csv, i);
    struct bytes text = {csv.bytes, csv.length}, book = workbook(arena);
    int64_t lines = rows_a_second(bare_lines, text), bare = rows_a_second(read_bare, book);
    printf(
        "{\"about\": \"%d rows of %d columns; CSV of %zu bytes, XLSX of %zu bytes\", \"rows\": [\n",
        ROWS, COLUMNS, text.length, book.length);
    print_row("CSV, line ends only (memchr)", lines, lines, ",");
    print_row("CSV, cells", rows_a_second(read_here, text), lines, ",");
    print_row("CSV, cells, read in a child", rows_a_second(read_apart, text), lines, ",");
    print_row("XLSX, bare libzip and expat", bare, bare, ",");
    print_row("XLSX, cells", rows_a_second(read_here, book), bare, ",");
    print_row("XLSX, cells, read in a child", rows_a_second(read_apart, book), bare, "");
    puts("]}");
    arena_free(arena);
    return 0;
}
