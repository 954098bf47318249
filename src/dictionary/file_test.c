/* Files: cells as spreadsheets keep them, templates that cannot be spoilt, lists as CSV and XLSX.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dictionary/dictionary.h"
#include "dictionary/table.h"
#include "sheet/sheet.h"

struct sample {
    const char *name, *identity_no, *credit_code, *bank_account, *phone, *place, *secret;
    int64_t hours;
    struct fen fee_fen;
    struct day starts_on;
    bool is_remote;
    enum document_kind kind;
};

static const struct enum_value KINDS[] = {{"passport", DOCUMENT_KIND_PASSPORT},
                                          {"taiwan_permit", DOCUMENT_KIND_TAIWAN_PERMIT},
                                          {NULL, 0}};
static const char *const NONE[] = {NULL};

#define FIELD(NAME, TYPE, ...)                                                                     \
    {                                                                                              \
        .name = #NAME, .key = "sample." #NAME, .type = TYPE,                                       \
        .offset = offsetof(struct sample, NAME), .titles = NONE, .least = INT64_MIN,               \
        .most = INT64_MAX, __VA_ARGS__                                                             \
    }

static const struct field FIELDS[] = {
    FIELD(name, FIELD_PERSON_NAME, .is_required = true),
    FIELD(identity_no, FIELD_IDENTITY_NO, .is_required = true, .is_private = true),
    FIELD(credit_code, FIELD_CREDIT_CODE),
    FIELD(bank_account, FIELD_BANK_ACCOUNT),
    FIELD(phone, FIELD_PHONE),
    FIELD(place, FIELD_TEXT, .list = "places"),
    FIELD(secret, FIELD_PASSWORD),
    FIELD(hours, FIELD_INTEGER),
    FIELD(fee_fen, FIELD_FEN),
    FIELD(starts_on, FIELD_DAY),
    FIELD(is_remote, FIELD_BOOL),
    FIELD(kind, FIELD_ENUM, .values = KINDS, .enum_name = "document_kind"),
};
static const struct entity SAMPLE = {.name = "sample",
                                     .size = sizeof(struct sample),
                                     .fields = FIELDS,
                                     .field_count = sizeof FIELDS / sizeof FIELDS[0]};

static bool has_place(const struct ctx *in, const char *code)
{
    (void)in;
    return strcmp(code, "530102") == 0;
}

static bool place_at(struct ctx *in, size_t i, const char **ret_code, const char **ret_label)
{
    (void)in;
    *ret_code = "530102";
    *ret_label = "五华区";
    return i == 0;
}

static const struct code_list LISTS[] = {{"places", has_place, place_at}, {0}};

static struct ctx ctx; /* allowed: of this test program */

static int set_up(void **state)
{
    (void)state;
    ctx = (struct ctx){.arena = arena_new((size_t)256 << 20), .language = LANGUAGE_ZH};
    return !day_of_civil((struct civil){2025, 9, 18}, &ctx.today);
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(ctx.arena);
    return 0;
}

/* --- cells --- */

struct cell_case {
    const char *field;
    struct sheet_cell cell;
    bool is_1904;
    const char *code;  /* NULL where it is taken */
    const char *plain; /* what it becomes */
};

static void check_cell(const struct cell_case *given)
{
    struct sample sample = {0};
    const struct field *field = entity_field(&SAMPLE, given->field);
    struct field_cell from = {&given->cell, given->is_1904};
    const struct field_fault *fault = field_read_cell(&ctx, field, &from, LISTS, &sample);
    const char *code = fault == NULL ? NULL : fault->code;
    if (!text_equal(code, given->code))
        fail_msg("%s '%s': %s", given->field, given->cell.text, code == NULL ? "taken" : code);
    const char *plain = field_plain(&ctx, field, &sample);
    assert_string_equal(plain, given->code != NULL ? "" : given->plain);
}

#define NUMBER(TEXT)                                                                               \
    {                                                                                              \
        .kind = SHEET_CELL_NUMBER, .text = (TEXT)                                                  \
    }
#define DATE(TEXT)                                                                                 \
    {                                                                                              \
        .kind = SHEET_CELL_NUMBER, .is_date = true, .text = (TEXT)                                 \
    }
#define TEXT(TEXT)                                                                                 \
    {                                                                                              \
        .kind = SHEET_CELL_TEXT, .text = (TEXT)                                                    \
    }

static void number_cells_are_read_as_far_as_they_are_exact(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"hours", NUMBER("40"), .plain = "40"},
        {"hours", NUMBER("4.0E+1"), .plain = "40"},
        {"hours", NUMBER("40.5"), .code = "not-a-number"},
        {"phone", NUMBER("13908712345"), .plain = "13908712345"},
        {"phone", NUMBER("1.3908712345E10"), .plain = "13908712345"},
        {"bank_account", NUMBER("530102001234567"), .plain = "530102001234567"},
        {"fee_fen", NUMBER("1200.1"), .plain = "1200.10"},
        {"fee_fen", NUMBER("1200.0999999999999"), .plain = "1200.10"},
        {"fee_fen", NUMBER("1200.1000000000001"), .plain = "1200.10"},
        {"fee_fen", NUMBER("0.30000000000000004"), .plain = "0.30"},
        {"fee_fen", NUMBER("1200.555"), .code = "money-decimals"},
        {"identity_no", NUMBER("110105491231002"), .plain = "110105491231002"},
        {"is_remote", {.kind = SHEET_CELL_BOOLEAN, .text = "TRUE"}, .plain = "1"},
        {"place", TEXT("五华区"), .plain = "530102"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_cell(&cases[i]);
}

/* Also where the digits that are left make a number that could be genuine. */
static void long_numbers_that_were_rounded_are_refused(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"identity_no", NUMBER("110105194912310000"), .code = "id-tail-lost"},
        {"identity_no", NUMBER("530102199003071000"), .code = "id-tail-lost"}, /* its check fits */
        {"identity_no", NUMBER("5.30102199003071E+17"), .code = "id-scientific"},
        {"identity_no", TEXT("530102199003071000"), .plain = "530102199003071000"},
        {"bank_account", NUMBER("6222021234567890"), .code = "bank-account-tail-lost"},
        {"bank_account", NUMBER("6.22202123456789E+18"), .code = "bank-account-scientific"},
        {"credit_code", NUMBER("9.1530100123456E+17"), .code = "credit-code-number"},
        {"name", {.kind = SHEET_CELL_ERROR, .text = "#N/A"}, .code = "cell-error"},
        {"name", {.text = "张三", .is_merged_copy = true}, .code = "cell-merged"},
        {"place", {.text = "五华区", .is_merged_copy = true}, .plain = "530102"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_cell(&cases[i]);
}

static void days_are_counted_as_the_workbook_counts(void **state)
{
    (void)state;
    static const struct cell_case cases[] = {
        {"starts_on", DATE("45723"), .plain = "2025-03-07"},
        {"starts_on", DATE("45723.75"), .plain = "2025-03-07"},
        {"starts_on", DATE("44261"), .is_1904 = true, .plain = "2025-03-07"},
        {"starts_on", NUMBER("45723"), .plain = "2025-03-07"},
        {"starts_on", NUMBER("20250307"), .plain = "2025-03-07"},
        {"starts_on", TEXT("2025年3月7日"), .plain = "2025-03-07"},
        {"starts_on", NUMBER("2025"), .code = "not-a-date"},
        {"starts_on", NUMBER("20250230"), .code = "not-a-date"},
        {"starts_on", DATE("-1"), .code = "not-a-date"},
        {"starts_on", DATE("0"), .code = "not-a-date"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_cell(&cases[i]);
}

static void an_empty_cell_is_what_was_not_given(void **state)
{
    (void)state;
    struct sample sample = {.hours = 1};
    struct field_cell nothing = {0};
    assert_string_equal(
        field_read_cell(&ctx, entity_field(&SAMPLE, "name"), &nothing, LISTS, &sample)->code,
        "required");
    assert_null(field_read_cell(&ctx, entity_field(&SAMPLE, "hours"), &nothing, LISTS, &sample));
    assert_true(sample.hours == INT64_MIN);
}

/* --- templates --- */

static struct sheet *opened(struct bytes file)
{
    enum sheet_refusal refusal = 0;
    struct sheet *sheet = sheet_open(ctx.arena, file, &sheet_limits_usual, &refusal);
    assert_non_null(sheet);
    return sheet;
}

static struct header_match matched(struct sheet *sheet, struct sheet_row *row)
{
    assert_int_equal(sheet_next(sheet, row), SHEET_ROW);
    const char **titles = arena_array(ctx.arena, row->count, const char *);
    for (size_t i = 0; i < row->count; i++)
        titles[i] = row->cells[i].text;
    return header_match(&ctx, &SAMPLE, titles, row->count);
}

static void a_template_is_read_by_its_own_titles(void **state)
{
    (void)state;
    struct entity_template of = {.entity = &SAMPLE, .lists = LISTS, .name = "学员名册"};
    struct sheet *sheet = opened(entity_template(&ctx, &of));
    struct sheet_row row;
    assert_int_equal(sheet_next(sheet, &row), SHEET_ROW);
    assert_string_equal(row.cells[0].text, words(&ctx, "template.notes"));
    assert_int_equal(header_score(&ctx, &SAMPLE, &row.cells[0].text, 1), 0);
    struct header_match match = matched(sheet, &row);
    assert_int_equal(row.number, 2);
    assert_int_equal(match.column_count, SAMPLE.field_count - 1); /* no password */
    for (size_t i = 0; i < match.column_count; i++)
        assert_non_null(match.columns[i].field);
    assert_int_equal(match.required_missing, 0);
    assert_null(match.twice);
    assert_int_equal(sheet_next(sheet, &row), SHEET_END); /* and nobody stands in it */
}

/* --- lists as files --- */

static const struct table_column COLUMNS[] = {
    {.field = "name"},    {.field = "identity_no"}, {.field = "bank_account"}, {.field = "place"},
    {.field = "fee_fen"}, {.field = "starts_on"},   {.field = "kind"},         {0}};

static struct reply file_of(const struct sample *rows, size_t count, const char *as, bool reveals)
{
    struct table table = {.entity = &SAMPLE,
                          .path = "/samples",
                          .columns = COLUMNS,
                          .reveals = reveals,
                          .lists = LISTS};
    struct table_query query = {.first = 20, .most = 20}; /* a page: the file has them all */
    struct reply file;
    table.source = table_of_rows(&ctx, &table, rows, count, NULL);
    assert_true(table_file(&ctx, &table, &query, as, &file));
    assert_false(table_file(&ctx, &table, &query, NULL, &file) ||
                 table_file(&ctx, &table, &query, "pdf", &file));
    assert_true(table_file(&ctx, &table, &query, as, &file));
    return file;
}

static void check_file(const char *as, bool reveals, const char *identity_no)
{
    struct sample rows[] = {{.name = "=张三",
                             .identity_no = "11010519491231002X",
                             .bank_account = "4539578763621486",
                             .place = "530102",
                             .fee_fen = {123456},
                             .starts_on = ctx.today,
                             .kind = DOCUMENT_KIND_PASSPORT}};
    const char *expected[] = {"=张三",      identity_no, "4539578763621486", "五华区", "1234.56",
                              "2025-09-18", "护照"};
    struct reply file = file_of(rows, 1, as, reveals);
    struct sheet *sheet = opened((struct bytes){file.bytes, file.length});
    struct sheet_row row;
    struct header_match match = matched(sheet, &row);
    assert_string_equal(match.columns[1].field->name, "identity_no");
    assert_int_equal(sheet_next(sheet, &row), SHEET_ROW);
    for (int i = 0; i < 7; i++)
        assert_string_equal(sheet_cell_at(&row, i)->text, expected[i]);
    assert_int_equal(sheet_next(sheet, &row), SHEET_END);
    assert_string_equal(file.file_name, arena_printf(ctx.arena, "sample-2025-09-18.%s", as));
}

static void files_hold_what_the_page_shows(void **state)
{
    (void)state;
    check_file("csv", /* reveals= */ false, "11*************02X");
    check_file("csv", /* reveals= */ true, "11010519491231002X");
    check_file("xlsx", /* reveals= */ false, "11*************02X");
    check_file("xlsx", /* reveals= */ true, "11010519491231002X");
}

static void a_file_has_all_rows_of_all_pages(void **state)
{
    (void)state;
    enum { ROWS = 3000 };
    struct sample *rows = arena_array(ctx.arena, ROWS, struct sample);
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = (struct sample){.name = "王", .fee_fen = {(int64_t)i}, .starts_on = DAY_NONE};
    struct reply file = file_of(rows, ROWS, "csv", /* reveals= */ false);
    struct sheet *sheet = opened((struct bytes){file.bytes, file.length});
    struct sheet_row row;
    int count = 0;
    while (sheet_next(sheet, &row) == SHEET_ROW)
        count++;
    assert_int_equal(count, ROWS + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_cells_are_read_as_far_as_they_are_exact),
        cmocka_unit_test(long_numbers_that_were_rounded_are_refused),
        cmocka_unit_test(days_are_counted_as_the_workbook_counts),
        cmocka_unit_test(an_empty_cell_is_what_was_not_given),
        cmocka_unit_test(a_template_is_read_by_its_own_titles),
        cmocka_unit_test(files_hold_what_the_page_shows),
        cmocka_unit_test(a_file_has_all_rows_of_all_pages),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
