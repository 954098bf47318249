/*
 * Files that somebody uploads, from arbitrary bytes: text as it comes, and workbooks whose parts
 * are arbitrary (the input is cut at FF bytes: worksheet, shared texts, styles), since no fuzzer
 * finds its way through a package's checksums. Whatever they are, each row is in order and within
 * the limits, memory stays within the arena, and a second reading gives the same. What was read
 * from a text is the same after it was written.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "sheet/sheet_fixture.h"

enum { ARENA_BYTES = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct sheet_limits limits = {.file_bytes = 1 << 20,
                                           .unpacked_bytes = 4 << 20,
                                           .text_bytes = 1 << 20,
                                           .unpack_ratio = 200,
                                           .rows = 1000,
                                           .columns = 100,
                                           .cell_characters = 1000};

static void check_row(const struct sheet_row *row, int64_t above)
{
    assert(row->number > above && row->count > 0 && row->count <= (size_t)limits.columns);
    for (size_t i = 0; i < row->count; i++) {
        const struct sheet_cell *cell = &row->cells[i];
        assert(cell->column >= 0 && cell->column < limits.columns);
        assert(i == 0 || cell->column > row->cells[i - 1].column);
        assert(*cell->text != '\0' && text_valid(cell->text, strlen(cell->text)));
        assert(text_characters(cell->text) <= limits.cell_characters);
        assert(sheet_cell_at(row, cell->column) == cell);
    }
}

static int64_t check_rows(struct sheet *sheet)
{
    struct sheet_row row;
    int64_t above = 0, count = 0;
    for (; sheet_next(sheet, &row) == SHEET_ROW; count++) {
        check_row(&row, above);
        above = row.number;
    }
    assert(count <= limits.rows);
    assert((sheet_next(sheet, &row) == SHEET_BAD) == (sheet_refusal_of(sheet) != 0));
    return count;
}

static void check_file(struct arena *arena, struct bytes file)
{
    enum sheet_refusal refusal = 0;
    struct sheet *sheet = sheet_open(arena, file, &limits, &refusal);
    assert((sheet == NULL) == (refusal != 0));
    if (sheet == NULL)
        return;
    for (int i = 0; i < sheet_count(sheet) && i < 4; i++) {
        if (!sheet_select(sheet, i))
            continue;
        int64_t count = check_rows(sheet);
        assert(sheet_select(sheet, i) && check_rows(sheet) == count);
    }
}

/* One text in all formats. */
static void check_writing(struct arena *arena, const char *text)
{
    const struct sheet_column column = {.title = "t"};
    for (enum sheet_format format = SHEET_XLSX; format <= SHEET_CSV; format++) {
        const struct sheet_table table = {
            .format = format, .name = "n", .columns = &column, .column_count = 1};
        struct sheet_writer *writer = sheet_writer_new(arena, &table);
        sheet_write_titles(writer);
        sheet_write_row(writer, &(struct sheet_value){.text = text}, 1);
        struct bytes file = sheet_writer_finish(writer);
        enum sheet_refusal refusal = 0;
        struct sheet *sheet = sheet_open(arena, file, &limits, &refusal);
        struct sheet_row row;
        assert(sheet != NULL && sheet_next(sheet, &row) == SHEET_ROW);
        assert(sheet_next(sheet, &row) == SHEET_ROW);
        assert(row.number == 2 && row.count == 1 && strcmp(row.cells[0].text, text) == 0);
    }
}

/* Text that a cell can hold and a workbook can carry unchanged. */
static bool is_writable(const char *text, size_t length)
{
    if (length == 0 || length > 200 || !text_valid(text, length))
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20)
            return false;
    return strstr(text, "\xef\xbf") == NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    const char *text = arena_text_n(arena, (const char *)bytes, length);
    check_file(arena, (struct bytes){bytes, length});
    const char *cut = memchr(text, 0xff, length);
    const char *rest = cut == NULL ? "" : cut + 1;
    const char *second = strchr(rest, 0xff);
    struct sheet_fixture_workbook workbook = {
        .worksheet = cut == NULL ? text : arena_text_n(arena, text, (size_t)(cut - text)),
        .texts = second == NULL ? rest : arena_text_n(arena, rest, (size_t)(second - rest)),
        .styles = second == NULL ? NULL : second + 1};
    check_file(arena, sheet_fixture_workbook(arena, &workbook));
    if (is_writable(text, length))
        check_writing(arena, text);
    arena_free(arena);
    return 0;
}
