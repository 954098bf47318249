/* Delimited text as offices save it: encodings, separators, quotation marks; and what is refused.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/json.h"
#include "sheet/sheet_fixture.h"

static void expect_bytes(const char *bytes, size_t length, const char *expected)
{
    struct arena *arena = arena_new((size_t)64 << 20);
    struct bytes file = {arena_text_n(arena, bytes, length), length};
    assert_string_equal(sheet_fixture_read(arena, file, &sheet_limits_usual), expected);
    arena_free(arena);
}

static void expect(const char *text, const char *expected)
{
    expect_bytes(text, strlen(text), expected);
}
#define EXPECT_BYTES(literal, expected) expect_bytes((literal), sizeof(literal) - 1, (expected))

static void rows_and_cells_are_told_apart(void **state)
{
    (void)state;
    expect("a,b\n1,2\n", "1 A=a B=b; 2 A=1 B=2");
    expect("a,b\r\n1,2", "1 A=a B=b; 2 A=1 B=2");
    expect("a,b\r1,2\r", "1 A=a B=b; 2 A=1 B=2");
    expect("a,,c\n,,\n,x,", "1 A=a C=c; 3 B=x");
    expect("\n\n姓名\n", "3 A=姓名");
    expect("one column\nonly", "1 A=one column; 2 A=only");
    expect("\n\r\n", "");
    expect("a,b\n\x1a", "1 A=a B=b");
}

static void quotation_marks_are_undone(void **state)
{
    (void)state;
    expect("\"a,b\",c", "1 A=a,b B=c");
    expect("\"a\"\"b\"\n\"\"\"\"", "1 A=a\"b; 2 A=\"");
    expect("\"a\nb\",c\nd", "1 A=a\nb B=c; 2 A=d");
    expect("\"\",x", "1 B=x");
    expect("\"abc\"def,x", "1 A=abcdef B=x");
    expect("5\"x,6\"", "1 A=5\"x B=6\"");
    expect(" \"a\",b", "1 A= \"a\" B=b");
}

static void numbers_behind_an_equals_sign_are_unwrapped(void **state)
{
    (void)state;
    expect("=\"0123\",x", "1 A=0123 B=x");
    expect("\"=\"\"0123\"\"\",x", "1 A=0123 B=x");
    expect("=\"1,2\",x", "1 A=1,2 B=x");
    expect("=\"\",x", "1 B=x");
    expect("=\"a\"&\"b\"", "1 A==\"a\"&\"b\"");
    expect("=SUM(A1:A2),x", "1 A==SUM(A1:A2) B=x");
    expect("=\"a\"\"b\"", "1 A=a\"b");
    expect("=\"open,x", "1 A==\"open B=x");
}

static void separators_are_found(void **state)
{
    (void)state;
    expect("a;b\n1,5;2\n", "1 A=a B=b; 2 A=1,5 B=2");
    expect("a\tb\n1\t2", "1 A=a B=b; 2 A=1 B=2");
    expect("a|b\n1|2", "1 A=a B=b; 2 A=1 B=2");
    expect("title; of all\na,b\n1,2\n3,4", "1 A=title; of all; 2 A=a B=b; 3 A=1 B=2; 4 A=3 B=4");
    expect("\"a;b;c\",d", "1 A=a;b;c B=d");
    expect("sep=;\na,x;b", "1 A=a,x B=b");
    expect("SEP=\t\r\na,x\tb", "1 A=a,x B=b");
    expect("sep=x\na,b", "1 A=sep=x; 2 A=a B=b");
    expect("sep=;", "");
}

static void encodings_are_read(void **state)
{
    (void)state;
    expect("\xef\xbb\xbf姓名,年龄", "1 A=姓名 B=年龄");
    EXPECT_BYTES("\xd0\xd5\xc3\xfb,\xc4\xea\xc1\xe4\r\n", "1 A=姓名 B=年龄");
    EXPECT_BYTES("\x81\x39\xfa\x38,\x95\x34\xb2\x35", "1 A=㑹 B=𠮷"); /* four bytes each */
    EXPECT_BYTES("\xff\xfe\xd3\x59\x2c\x00\x0d\x54\x0a\x00", "1 A=姓 B=名");
    EXPECT_BYTES("\xfe\xff\x59\xd3\x00\t\x54\x0d", "1 A=姓 B=名");
    EXPECT_BYTES("\xff\xfe\x3d\xd8\x00\xde", "1 A=\xf0\x9f\x98\x80");
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    expect("", "sheet_refusal.empty");
    EXPECT_BYTES("\xef\xbb\xbf\xd0\xd5\xc3\xfb",
                 "sheet_refusal.encoding");                    /* marked, but not UTF-8 */
    EXPECT_BYTES("姓名,年\xe9\xbe", "sheet_refusal.encoding"); /* cut in a character */
    EXPECT_BYTES("a,\xff\xff\n", "sheet_refusal.encoding");
    EXPECT_BYTES("a,\xd0", "sheet_refusal.encoding"); /* half a character of GB18030 */
    EXPECT_BYTES("\xff\xfe\x3d\xd8\x41\x00", "sheet_refusal.encoding"); /* half a surrogate pair */
    EXPECT_BYTES("\xff\xfe\x41", "sheet_refusal.encoding");             /* half a unit */
    EXPECT_BYTES("\xff\xfe\x00\x00", "sheet_refusal.other_format");
    EXPECT_BYTES("a,b\0c", "sheet_refusal.other_format");
    EXPECT_BYTES("a\x01", "sheet_refusal.other_format");
}

static void other_files_are_refused_by_what_they_are(void **state)
{
    (void)state;
    EXPECT_BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....Workbook", "sheet_refusal.legacy_xls");
    EXPECT_BYTES(
        "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
        "sheet_refusal.encrypted");
    expect("<html><table>", "sheet_refusal.web_page");
    expect("\xef\xbb\xbf \r\n<TABLE border=1>", "sheet_refusal.web_page");
    expect("<?xml version='1.0'?><Workbook/>", "sheet_refusal.web_page");
    expect("MIME-Version: 1.0\r\n", "sheet_refusal.web_page");
    expect("<必填>姓名,x", "1 A=<必填>姓名 B=x");
    expect("%PDF-1.4\n", "sheet_refusal.other_format");
    EXPECT_BYTES("\x1f\x8b\x08\x04", "sheet_refusal.other_format");
    EXPECT_BYTES("\x89PNG\r\n", "sheet_refusal.other_format");
}

static void a_quotation_that_never_ends_is_refused(void **state)
{
    (void)state;
    expect("a,b\n1,\"2\n3,4\n", "1 A=a B=b; sheet_refusal.unclosed_quote at 2");
    expect("\"", "sheet_refusal.unclosed_quote at 1");
    expect("\"a\"\"", "sheet_refusal.unclosed_quote at 1");
}

static void limits_hold(void **state)
{
    (void)state;
    struct arena *arena = arena_new((size_t)8 << 20);
    struct sheet_limits limits = sheet_limits_usual;
    limits.rows = 2;
    limits.columns = 3;
    limits.cell_characters = 4;
    limits.file_bytes = 20;
    const struct {
        const char *text, *expected;
    } cases[] = {
        {"a\n\n\nb\n\n", "1 A=a; 4 A=b"},
        {"a\nb\n\nc", "1 A=a; 2 A=b; sheet_refusal.too_many_rows at 4"},
        {"a,b,c,,,,,", "1 A=a B=b C=c"},
        {"a,b,c\n,,,d", "1 A=a B=b C=c; sheet_refusal.too_many_columns at 2"},
        {"滇技技滇", "1 A=滇技技滇"},
        {"滇技\n滇技滇技!", "1 A=滇技; sheet_refusal.cell_too_long at 2"},
        {"123456789 123456789 1", "sheet_refusal.too_large"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes file = {cases[i].text, strlen(cases[i].text)};
        assert_string_equal(sheet_fixture_read(arena, file, &limits), cases[i].expected);
    }
    arena_free(arena);
}

static void a_row_has_an_end(void **state)
{
    (void)state;
    struct arena *arena = arena_new((size_t)16 << 20);
    size_t length = (size_t)4 << 20;
    char *text = arena_alloc(arena, length);
    memset(text, 'x', length);
    for (size_t i = 0; i < length; i += 1000)
        text[i] = ',';
    struct bytes file = {text, length};
    assert_string_equal(sheet_fixture_read(arena, file, &sheet_limits_usual),
                        "sheet_refusal.cell_too_long at 1");
    arena_free(arena);
}

static void memory_does_not_grow_with_rows(void **state)
{
    (void)state;
    struct arena *arena = arena_new((size_t)16 << 20);
    struct buffer text = buffer_new(arena, (size_t)4 << 20);
    for (int i = 0; i < 100000; i++)
        buffer_printf(&text, "%d,姓名,\"引号\",x\n", i);
    enum sheet_refusal refusal;
    struct sheet *sheet =
        sheet_open(arena, (struct bytes){text.bytes, text.length}, &sheet_limits_usual, &refusal);
    assert_non_null(sheet);
    struct sheet_row row;
    assert_int_equal(sheet_next(sheet, &row), SHEET_ROW);
    size_t used = arena_used(arena);
    int64_t count = 1;
    while (sheet_next(sheet, &row) == SHEET_ROW)
        count++;
    assert_int_equal(count, 100000);
    assert_int_equal(row.number, 100000);
    assert_int_equal(arena_used(arena), used);
    arena_free(arena);
}

static void a_sheet_is_read_again(void **state)
{
    (void)state;
    struct arena *arena = arena_new((size_t)8 << 20);
    enum sheet_refusal refusal;
    struct bytes file = {"sep=;\na;b\n\"c", 12};
    struct sheet *sheet = sheet_open(arena, file, &sheet_limits_usual, &refusal);
    assert_non_null(sheet);
    assert_int_equal(sheet_count(sheet), 1);
    assert_string_equal(sheet_name(sheet, 0), "");
    assert_false(sheet_is_hidden(sheet, 0));
    const char *expected = "1 A=a B=b; sheet_refusal.unclosed_quote at 2";
    assert_string_equal(sheet_fixture_rows(arena, sheet), expected);
    struct sheet_row row;
    assert_int_equal(sheet_next(sheet, &row), SHEET_BAD);
    assert_true(sheet_select(sheet, 0));
    assert_string_equal(sheet_fixture_rows(arena, sheet), expected);
    arena_free(arena);
}

static void cells_are_found_by_column(void **state)
{
    (void)state;
    const struct sheet_cell cells[] = {{.column = 0, .text = "a"}, {.column = 3, .text = "d"}};
    const struct sheet_row row = {.count = 2, .cells = cells};
    assert_ptr_equal(sheet_cell_at(&row, 0), &cells[0]);
    assert_ptr_equal(sheet_cell_at(&row, 3), &cells[1]);
    assert_null(sheet_cell_at(&row, 1));
    assert_null(sheet_cell_at(&row, 4));
    assert_string_equal(sheet_column_name(0).text, "A");
    assert_string_equal(sheet_column_name(25).text, "Z");
    assert_string_equal(sheet_column_name(26).text, "AA");
    assert_string_equal(sheet_column_name(701).text, "ZZ");
    assert_string_equal(sheet_column_name(702).text, "AAA");
    assert_string_equal(sheet_column_name(16383).text, "XFD");
}

/* --- csv-spectrum, where it is present --- */

static struct bytes read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t capacity = 1 << 16;
    char *bytes = arena_alloc(arena, capacity);
    size_t length = fread(bytes, 1, capacity - 1, file);
    assert_int_equal(fclose(file), 0);
    return (struct bytes){bytes, length};
}

/* The same rows as sheet_fixture_rows() gives, from the suite's JSON: an array of objects. */
static const char *rows_of_json(struct arena *arena, const struct json *rows)
{
    struct buffer out = buffer_new(arena, 256);
    buffer_add(&out, "1");
    int column = 0;
    for (const struct json *item = rows->first->first; item != NULL; item = item->next)
        buffer_printf(&out, " %s=%s", sheet_column_name(column++).text, item->name);
    int number = 1;
    for (const struct json *row = rows->first; row != NULL; row = row->next) {
        buffer_printf(&out, "; %d", ++number);
        column = 0;
        for (const struct json *item = row->first; item != NULL; item = item->next, column++)
            if (*item->text != '\0')
                buffer_printf(&out, " %s=%s", sheet_column_name(column).text, item->text);
    }
    return out.bytes;
}

static void csv_spectrum_is_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new((size_t)32 << 20);
    const char *shared = getenv("DIANJI_SHARED");
    const char *suite = shared != NULL ? arena_printf(arena, "%s/suites/csv", shared)
                                       : DIANJI_SOURCE_DIR "/../shared/suites/csv";
    DIR *folder = opendir(arena_printf(arena, "%s/csvs", suite));
    if (folder == NULL) {
        arena_free(arena);
        skip();
    }
    int count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        /* The JSON of location_coordinates tells of another row than its CSV. */
        if (entry->d_name[0] == '.' || text_starts(entry->d_name, "location"))
            continue;
        int stem = (int)(strrchr(entry->d_name, '.') - entry->d_name);
        struct bytes csv =
            read_file(arena, arena_printf(arena, "%s/csvs/%s", suite, entry->d_name));
        struct bytes json =
            read_file(arena, arena_printf(arena, "%s/json/%.*s.json", suite, stem, entry->d_name));
        const struct json *rows = json_read(arena, json.data, json.length);
        assert_non_null(rows);
        assert_string_equal(sheet_fixture_read(arena, csv, &sheet_limits_usual),
                            rows_of_json(arena, rows));
        count++;
    }
    closedir(folder);
    arena_free(arena);
    assert_int_equal(count, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_cells_are_told_apart),
        cmocka_unit_test(quotation_marks_are_undone),
        cmocka_unit_test(numbers_behind_an_equals_sign_are_unwrapped),
        cmocka_unit_test(separators_are_found),
        cmocka_unit_test(encodings_are_read),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(other_files_are_refused_by_what_they_are),
        cmocka_unit_test(a_quotation_that_never_ends_is_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(a_row_has_an_end),
        cmocka_unit_test(memory_does_not_grow_with_rows),
        cmocka_unit_test(a_sheet_is_read_again),
        cmocka_unit_test(cells_are_found_by_column),
        cmocka_unit_test(csv_spectrum_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
