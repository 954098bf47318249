/* What is written opens in a spreadsheet as it was meant, and is read back as it was given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zip.h>

#include "base/arena.h"
#include "sheet/sheet_fixture.h"

enum { ARENA_BYTES = 64 << 20 };

static const char *const levels[] = {"五级", "四级", NULL};
static const struct sheet_column columns[] = {
    {.title = "证件号码", .width = 22, .hint = "18 位"},
    {.title = "等级", .choices = levels},
    {.title = "课时", .kind = SHEET_COLUMN_NUMBER},
    {.title = "金额", .kind = SHEET_COLUMN_AMOUNT},
};

static struct sheet_table table_of(enum sheet_format format)
{
    return (struct sheet_table){
        .format = format, .name = "名册", .columns = columns, .column_count = 4};
}

static struct bytes written(struct arena *arena, const struct sheet_table *table,
                            const struct sheet_value *values, size_t count)
{
    struct sheet_writer *writer = sheet_writer_new(arena, table);
    sheet_write_titles(writer);
    sheet_write_row(writer, values, count);
    return sheet_writer_finish(writer);
}

/* The same row in the three formats, with what each gives when it is read again. */
static void expect_same(const char *text)
{
    /* What begins with =" is, in plain text, what the reader unwraps. */
    enum sheet_format last = text_starts(text, "=\"") ? SHEET_CSV : SHEET_CSV_PLAIN;
    for (enum sheet_format format = SHEET_XLSX; format <= last; format++) {
        struct arena *arena = arena_new(ARENA_BYTES);
        struct sheet_table table = table_of(format);
        struct bytes file = written(arena, &table, &(struct sheet_value){.text = text}, 1);
        const char *expected =
            arena_printf(arena, "1 A=证件号码 B=等级 C=课时 D=金额; 2 A=%s", text);
        assert_string_equal(sheet_fixture_read(arena, file, &sheet_limits_usual), expected);
        arena_free(arena);
    }
}

static void text_comes_back_as_it_was_given(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "530102199001010012",
        "0012",
        "1E5",
        "2025-03-07",
        "=1+1",
        "=HYPERLINK(\"http://example.org\",\"x\")",
        "+86 138",
        "-5",
        "@SUM(A1)",
        "＝1+1",
        "a,b;c\td|e",
        "say \"no\"",
        "two\nlines",
        " spaces ",
        "<&>'\"]]>",
        "滇𠮷",
        "_x0041_",
        "_x_x00e9_x",
        "='a'",
        "=\"a\"",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_same(texts[i]);
}

static void expect_csv(enum sheet_format format, const struct sheet_value *values, size_t count,
                       const char *expected)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct sheet_table table = table_of(format);
    struct sheet_writer *writer = sheet_writer_new(arena, &table);
    sheet_write_row(writer, values, count);
    struct bytes file = sheet_writer_finish(writer);
    assert_int_equal(file.length, strlen(expected));
    assert_string_equal(file.data, expected);
    arena_free(arena);
}

static void a_spreadsheet_runs_and_spoils_nothing(void **state)
{
    (void)state;
    const struct sheet_value values[] = {
        {.text = "530102199001010012"}, {.text = "=1"}, {.text = "-12.50"}, {.text = "1,5"}};
    expect_csv(SHEET_CSV, values, 4,
               "\xef\xbb\xbf\"=\"\"530102199001010012\"\"\",\"=\"\"=1\"\"\",-12.50,\"1,5\"\r\n");
    expect_csv(SHEET_CSV_PLAIN, values, 4, "530102199001010012,=1,-12.50,\"1,5\"\r\n");
    const struct sheet_value others[] = {{.text = "13812345678"}, {0}, {.text = "=2"}};
    expect_csv(SHEET_CSV, others, 3,
               "\xef\xbb\xbf"
               "13812345678,,\"=\"\"=2\"\"\"\r\n");
    char long_formula[400];
    memset(long_formula, '1', sizeof long_formula);
    long_formula[0] = '=';
    long_formula[300] = '\0';
    struct arena *arena = arena_new(ARENA_BYTES);
    const char *expected = arena_printf(arena, "\xef\xbb\xbf'%s\r\n", long_formula);
    expect_csv(SHEET_CSV, &(struct sheet_value){.text = long_formula}, 1, expected);
    arena_free(arena);
}

static void faults_stand_behind_their_row(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    for (enum sheet_format format = SHEET_XLSX; format <= SHEET_CSV_PLAIN; format++) {
        struct sheet_table table = table_of(format);
        table.fault_title = "问题";
        struct sheet_writer *writer = sheet_writer_new(arena, &table);
        sheet_write_row(writer, &(struct sheet_value){.text = "花名册"}, 1);
        sheet_write_row(writer, NULL, 0);
        sheet_write_titles(writer);
        sheet_write_row(writer,
                        (struct sheet_value[]){{.text = "53", .fault = "太短"},
                                               {.text = NULL, .fault = "必填"},
                                               {.text = "96"}},
                        3);
        sheet_write_row(writer, &(struct sheet_value){.text = "好"}, 1);
        struct bytes file = sheet_writer_finish(writer);
        const char *number = format == SHEET_XLSX ? "#" : "";
        assert_string_equal(sheet_fixture_read(arena, file, &sheet_limits_usual),
                            arena_printf(arena,
                                         "1 A=花名册; 3 A=证件号码 B=等级 C=课时 D=金额 E=问题; "
                                         "4 A=53 C=%s96 E=证件号码: 太短; 等级: 必填; 5 A=好",
                                         number));
    }
    arena_free(arena);
}

static void numbers_are_numbers_where_they_are_exact(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct sheet_table table = table_of(SHEET_XLSX);
    struct bytes file = written(
        arena, &table,
        (struct sheet_value[]){{.text = "96"}, {0}, {.text = "-96"}, {.text = "1234.56"}}, 4);
    assert_string_equal(sheet_fixture_read(arena, file, &sheet_limits_usual),
                        "1 A=证件号码 B=等级 C=课时 D=金额; 2 A=96 C=#-96 D=#1234.56");
    file = written(
        arena, &table,
        (struct sheet_value[]){{0}, {0}, {.text = "12345678901234567"}, {.text = "about 5"}}, 4);
    assert_string_equal(sheet_fixture_read(arena, file, &sheet_limits_usual),
                        "1 A=证件号码 B=等级 C=课时 D=金额; 2 C=12345678901234567 D=about 5");
    file = written(arena, &table,
                   (struct sheet_value[]){{0}, {0}, {.text = "1."}, {.text = "0.29"}}, 4);
    assert_string_equal(sheet_fixture_read(arena, file, &sheet_limits_usual),
                        "1 A=证件号码 B=等级 C=课时 D=金额; 2 C=1. D=#0.29");
    arena_free(arena);
}

/* A part of a workbook, as text. */
static const char *part_of(struct arena *arena, struct bytes file, const char *name)
{
    zip_source_t *source = zip_source_buffer_create(file.data, file.length, 0, NULL);
    zip_t *archive = zip_open_from_source(source, ZIP_RDONLY, NULL);
    assert_non_null(archive);
    zip_stat_t stat;
    assert_int_equal(zip_stat(archive, name, 0, &stat), 0);
    zip_file_t *part = zip_fopen_index(archive, stat.index, 0);
    assert_non_null(part);
    char *text = arena_alloc(arena, stat.size + 1);
    assert_int_equal(zip_fread(part, text, stat.size), stat.size);
    zip_fclose(part);
    zip_discard(archive);
    return text;
}

static void expect_within(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL)
        fail_msg("%s is not in %s", wanted, text);
}

static void a_workbook_helps_to_fill_it_in(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct sheet_table table = table_of(SHEET_XLSX);
    struct bytes file =
        written(arena, &table,
                (struct sheet_value[]){{.text = "5301", .fault = "太短"}, {.text = "五级"}}, 2);
    const char *sheet = part_of(arena, file, "xl/worksheets/sheet1.xml");
    expect_within(sheet, "state=\"frozen\"");
    expect_within(sheet, "ySplit=\"1\"");
    expect_within(sheet, "<formula1>\"五级,四级\"</formula1>");
    expect_within(sheet, "sqref=\"B2:B1048576\"");
    expect_within(sheet, "prompt=\"18 位\"");
    expect_within(sheet, "<col min=\"1\" max=\"1\" width=\"22.7");
    expect_within(part_of(arena, file, "xl/comments1.xml"), "太短");
    const char *styles = part_of(arena, file, "xl/styles.xml");
    expect_within(styles, "numFmtId=\"49\""); /* @ */
    expect_within(styles, "FFFFC7CE");
    arena_free(arena);
}

static void long_lists_stand_on_a_hidden_worksheet(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    const char **many = arena_array(arena, 101, const char *);
    for (int i = 0; i < 100; i++)
        many[i] = arena_printf(arena, "职业%d", i);
    static const char *const with_comma[] = {"a,b", "c", NULL};
    const struct sheet_column own[] = {{.title = "职业", .choices = many},
                                       {.title = "x", .choices = with_comma}};
    const struct sheet_table table = {
        .format = SHEET_XLSX, .name = "a[b]*c", .columns = own, .column_count = 2};
    struct bytes file = written(arena, &table, NULL, 0);
    const char *sheet = part_of(arena, file, "xl/worksheets/sheet1.xml");
    expect_within(sheet, "<dataValidation type=\"list\"");
    expect_within(sheet, "<formula1>'-lists-'!$A$1:$A$100</formula1>");
    expect_within(sheet, "<formula1>'-lists-'!$A$101:$A$102</formula1>");
    enum sheet_refusal refusal;
    struct sheet *read = sheet_open(arena, file, &sheet_limits_usual, &refusal);
    assert_non_null(read);
    assert_int_equal(sheet_count(read), 2);
    assert_string_equal(sheet_name(read, 0), "abc");
    assert_false(sheet_is_hidden(read, 0));
    assert_true(sheet_is_hidden(read, 1));
    assert_true(sheet_select(read, 1));
    struct sheet_row row;
    for (int i = 0; i < 102; i++)
        assert_int_equal(sheet_next(read, &row), SHEET_ROW);
    assert_string_equal(sheet_cell_at(&row, 0)->text, "c");
    assert_int_equal(sheet_next(read, &row), SHEET_END);
    arena_free(arena);
}

/* Whatever a row says, the file can be opened. */
static void no_text_breaks_a_workbook(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct sheet_table table = table_of(SHEET_XLSX);
    char *long_text = arena_alloc(arena, 40001);
    memset(long_text, 'x', 40000);
    struct bytes file = written(arena, &table,
                                (struct sheet_value[]){{.text = long_text},
                                                       {.text = "a\xef\xbf\xbf"
                                                                "b\xef\xbf\xbe"},
                                                       {.text = "\x01\x1f"}},
                                3);
    const char *read = sheet_fixture_read(arena, file, &sheet_limits_usual);
    expect_within(read, "B=ab C=\x01\x1f");
    assert_null(strstr(read, "refused"));
    arena_free(arena);
}

static void memory_that_runs_out_unwinds(void **state)
{
    (void)state;
    volatile bool was_written = false;
    for (volatile size_t limit = 64; !was_written; limit += limit / 4) {
        struct arena *arena = arena_new(limit);
        struct guard guard;
        if (GUARDED(arena, &guard) == FAULT_NONE) {
            struct sheet_table table = table_of(SHEET_XLSX);
            struct sheet_value value = {.text = "x", .fault = "y"};
            was_written = written(arena, &table, &value, 1).length > 0;
            guard_leave(arena, &guard);
        } else {
            assert_int_equal(guard.fault, FAULT_MEMORY);
        }
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_comes_back_as_it_was_given),
        cmocka_unit_test(a_spreadsheet_runs_and_spoils_nothing),
        cmocka_unit_test(faults_stand_behind_their_row),
        cmocka_unit_test(numbers_are_numbers_where_they_are_exact),
        cmocka_unit_test(a_workbook_helps_to_fill_it_in),
        cmocka_unit_test(long_lists_stand_on_a_hidden_worksheet),
        cmocka_unit_test(no_text_breaks_a_workbook),
        cmocka_unit_test(memory_that_runs_out_unwinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
