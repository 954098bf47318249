/* Workbooks: what their cells, formats, merged ranges and tabs say; and the ones not to be trusted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "sheet/sheet_fixture.h"
#include "sheet/sheet_xlsx.h"

enum { ARENA_BYTES = 96 << 20 };

static void expect_package(const struct sheet_fixture_part *parts, const char *expected)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct bytes file = sheet_fixture_package(arena, parts);
    assert_string_equal(sheet_fixture_read(arena, file, &sheet_limits_usual), expected);
    arena_free(arena);
}

static void expect_workbook(struct sheet_fixture_workbook workbook, const char *expected)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct bytes file = sheet_fixture_workbook(arena, &workbook);
    assert_string_equal(sheet_fixture_read(arena, file, &sheet_limits_usual), expected);
    arena_free(arena);
}

static void expect_rows(const char *rows, const char *expected)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    const char *worksheet = arena_printf(arena, "<sheetData>%s</sheetData>", rows);
    expect_workbook((struct sheet_fixture_workbook){.worksheet = worksheet}, expected);
    arena_free(arena);
}

/* --- what is read --- */

static void cells_are_what_their_type_says(void **state)
{
    (void)state;
    expect_rows("<row r='2'><c r='A2'><v>45723</v></c><c r='C2' t='b'><v>1</v></c>"
                "<c r='D2' t='b'><v>0</v></c><c r='E2' t='e'><v>#N/A</v></c>"
                "<c r='F2' t='str'><f>A1&amp;B1</f><v>&lt;王&gt;</v></c>"
                "<c r='AA2' t='inlineStr'><is><t>小</t></is></c></row>",
                "2 A=#45723 C=?TRUE D=?FALSE E=!#N/A F=<王> AA=小");
    expect_rows("<row r='1'><c r='A1'><v>5.3010219900101E+17</v></c><c r='B1'><v>NaN</v></c>"
                "<c r='C1' t='d'><v>2025-03-07T00:00:00</v></c></row>",
                "1 A=#5.3010219900101E+17 B=NaN C=2025-03-07");
    expect_rows("<row r='1'><c r='A1'/><c r='B1' t='s'/><c r='C1' t='str'><v></v></c></row>", "");
    expect_rows("<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>",
                "1 A=#1 B=#2; 3 A=#3");
    expect_rows("<row r='1'><c r='A1' t='inlineStr'><is><r><t>一</t></r><r><t>二</t></r>"
                "<rPh><t>yi er</t></rPh></is></c></row>",
                "1 A=一二");
}

static void a_prefix_changes_nothing(void **state)
{
    (void)state;
    expect_workbook(
        (struct sheet_fixture_workbook){
            .worksheet = "<x:sheetData xmlns:x='u'><x:row r='1'><x:c r='A1' t='s'><x:v>0</x:v>"
                         "</x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref='A1:B1'/>"
                         "</x:mergeCells>",
            .texts = "<x:si><x:t>王</x:t></x:si>"},
        "1 A=王 B=王^");
}

static void texts_are_shared(void **state)
{
    (void)state;
    expect_workbook(
        (struct sheet_fixture_workbook){
            .worksheet = "<sheetData><row r='1'><c r='A1' t='s'><v>1</v></c>"
                         "<c r='B1' t='s'><v>0</v></c><c r='C1' t='s'><v>2</v></c>"
                         "<c r='D1' t='s'><v>3</v></c></row></sheetData>",
            .texts = "<si><t> a &amp; b </t></si>"
                     "<si><r><t>一</t></r><rPh sb='0' eb='1'><t>yi</t></rPh><r><t>二</t></r></si>"
                     "<si/><si><t>x_x000A_y_x005F_x000A__xD83D_</t></si>"},
        "1 A=一二 B= a & b  D=x\ny_x000A__xD83D_");
}

static void rows_may_be_hidden(void **state)
{
    (void)state;
    expect_rows(
        "<row r='1'><c><v>1</v></c></row><row r='5' hidden='1'><c><v>2</v></c></row>"
        "<row r='6' hidden='true'><c><v>3</v></c></row><row hidden='0'><c><v>4</v></c></row>",
        "1 A=#1; 5h A=#2; 6h A=#3; 7 A=#4");
}

static void formats_make_dates(void **state)
{
    (void)state;
    expect_workbook(
        (struct sheet_fixture_workbook){
            .worksheet = "<sheetData><row r='1'><c s='0'><v>1</v></c><c s='1'><v>2</v></c>"
                         "<c s='2'><v>3</v></c><c s='3'><v>4</v></c><c s='4'><v>5</v></c>"
                         "<c s='99'><v>6</v></c><c s='1' t='str'><v>7</v></c></row></sheetData>",
            .styles = "<numFmts><numFmt numFmtId='176' formatCode='yyyy\"年\"m\"月\"'/>"
                      "<numFmt numFmtId='177' formatCode='0.00\"days\"'/></numFmts>"
                      "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
                      "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='176'/>"
                      "<xf numFmtId='177'/><xf numFmtId='57'/></cellXfs>"},
        "1 A=#1 B=#2@ C=#3@ D=#4 E=#5@ F=#6 G=7");
    static const char *const dates[] = {"yyyy-mm-dd",    "d/m/yy",    "[$-804]yyyy\\年m\\月",
                                        "mmmm",          "m\"月\"",   "[Red]dd;0",
                                        "yyyy/m/d h:mm", "YYYY.MM.DD"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        if (!sheet__is_date_format(dates[i]))
            fail_msg("'%s' is a date's format", dates[i]);
    static const char *const others[] = {
        "",         "0.00", "General", "@",        "h:mm:ss", "mm:ss", "[h]:mm", "[Red]0.00",
        "\"day\"0", "0\\d", "#,##0",   "0.00E+00", "0;yyyy",  "[dd",   "_d0",    "\"y"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (sheet__is_date_format(others[i]))
            fail_msg("'%s' is no date's format", others[i]);
}

static void merged_ranges_repeat_their_first_cell(void **state)
{
    (void)state;
    static const char rows[] =
        "<sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>题</t></is></c></row>"
        "<row r='2'><c r='A2'><v>1</v></c><c r='B2' t='str'><v>班</v></c></row>"
        "<row r='3'><c r='A3'><v>2</v></c></row>"
        "<row r='4'><c r='A4'><v>3</v></c><c r='B4' t='str'><v>under</v></c></row>"
        "<row r='5'/><row r='6'><c r='A6'><v>4</v></c></row></sheetData>";
    struct arena *arena = arena_new(ARENA_BYTES);
    expect_workbook(
        (struct sheet_fixture_workbook){
            .worksheet = arena_printf(arena,
                                      "%s<mergeCells count='3'><mergeCell ref='B2:C5'/>"
                                      "<mergeCell ref=\"A1:C1\"/><mergeCell ref='E1:F9'/>"
                                      "</mergeCells>",
                                      rows)},
        "1 A=题 B=题^ C=题^; 2 A=#1 B=班 C=班^; 3 A=#2 B=班^ C=班^; 4 A=#3 B=班^ C=班^; 6 A=#4");
    expect_workbook(
        (struct sheet_fixture_workbook){
            .worksheet = arena_printf(arena,
                                      "%s<mergeCells><mergeCell ref='B2'/><mergeCell/>"
                                      "<mergeCell ref='C9:A1'/></mergeCells>",
                                      rows)},
        "1 A=题; 2 A=#1 B=班; 3 A=#2; 4 A=#3 B=under; 6 A=#4");
    arena_free(arena);
}

static void a_text_about_merging_merges_nothing(void **state)
{
    (void)state;
    expect_rows("<row r='1'><c r='A1' t='str'><v>mergeCell ref='A1:B1'</v></c></row>",
                "1 A=mergeCell ref='A1:B1'");
    expect_rows("<row r='1'><c r='A1' t='str'><v>x:mergeCell ref='A1:B1'</v></c></row>",
                "1 A=x:mergeCell ref='A1:B1'");
    expect_rows("<row r='1'><c r='A1' t='str'><v>&lt;mergeCell ref='A1:B1'/&gt;</v></c></row>",
                "1 A=<mergeCell ref='A1:B1'/>");
    expect_rows("<row r='1'><c r='A1' t='str'><v>1</v></c></row></sheetData><mergeCellsx "
                "ref='A1:B1'/><sheetData>",
                "1 A=1");
}

/* The search for merged ranges looks through windows: an element may lie across two. */
static void merged_ranges_are_found_across_windows(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    for (int shift = 0; shift < 60; shift++) {
        struct buffer text = buffer_new(arena, 70000);
        buffer_add(&text, "<sheetData><row><c><v>1</v></c></row></sheetData>");
        while (text.length < (size_t)(65536 - 11 - shift))
            buffer_add_char(&text, ' ');
        buffer_add(&text, shift % 2 == 0
                              ? "<mergeCells><mergeCell ref='A1:B1'/></mergeCells>"
                              : "<p:mergeCells><p:mergeCell ref='A1:B1'/></p:mergeCells>");
        expect_workbook((struct sheet_fixture_workbook){.worksheet = text.bytes}, "1 A=#1 B=#1^");
    }
    arena_free(arena);
}

static const char root[] = "<Relationships><Relationship Id='r1' Type='x/officeDocument' "
                           "Target='/xl/workbook.xml'/></Relationships>";

static void tabs_stand_in_their_order(void **state)
{
    (void)state;
    const struct sheet_fixture_part parts[] = {
        {.name = "_rels/.rels", .text = root},
        {.name = "xl/workbook.xml",
         .text = "<workbook><workbookPr date1904='1'/><sheets>"
                 "<sheet name='旧' state='hidden' r:id='r9'/><sheet name='图' r:id='r3'/>"
                 "<sheet name='一' r:id='r2'/><sheet name='二' state='veryHidden' r:id='r1'/>"
                 "</sheets></workbook>"},
        {.name = "xl/_rels/workbook.xml.rels",
         .text = "<Relationships><Relationship Id='r1' Type='x/worksheet' Target='a.xml'/>"
                 "<Relationship Id='r2' Type='x/worksheet' Target='/xl/b.xml'/>"
                 "<Relationship Id='r3' Type='x/chartsheet' Target='chart.xml'/>"
                 "<Relationship Id='r9' Type='x/worksheet' Target='../xl/c.xml'/>"
                 "<Relationship Id='r4' Type='x/sharedStrings' Target='left-out.xml'/>"
                 "</Relationships>"},
        {.name = "xl/a.xml",
         .text = "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"},
        {.name = "xl/b.xml",
         .text = "<worksheet><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>"},
        {.name = "xl/c.xml",
         .text = "<worksheet><sheetData><row><c><v>3</v></c></row></sheetData></worksheet>"},
        {.name = NULL}};
    struct arena *arena = arena_new(ARENA_BYTES);
    enum sheet_refusal refusal;
    struct sheet *sheet =
        sheet_open(arena, sheet_fixture_package(arena, parts), &sheet_limits_usual, &refusal);
    assert_non_null(sheet);
    assert_int_equal(sheet_count(sheet), 3);
    assert_string_equal(sheet_name(sheet, 0), "旧");
    assert_string_equal(sheet_name(sheet, 1), "一");
    assert_true(sheet_is_hidden(sheet, 0));
    assert_false(sheet_is_hidden(sheet, 1));
    assert_true(sheet_is_hidden(sheet, 2));
    assert_true(sheet_is_1904(sheet));
    assert_string_equal(sheet_fixture_rows(arena, sheet), "1 A=#2");
    static const char *const expected[] = {"1 A=#3", "1 A=#2", "1 A=#1"};
    for (int i = 2; i >= 0; i--) {
        assert_true(sheet_select(sheet, i));
        assert_string_equal(sheet_fixture_rows(arena, sheet), expected[i]);
    }
    arena_free(arena);
}

/* --- what is refused --- */

static void packages_of_something_else_are_refused(void **state)
{
    (void)state;
    expect_package((struct sheet_fixture_part[]){{"a.txt", "x", 0}, {0}},
                   "sheet_refusal.other_format");
    expect_package((struct sheet_fixture_part[]){{"_rels/.rels", "<Relationships/>", 0}, {0}},
                   "sheet_refusal.other_format");
    expect_package(
        (struct sheet_fixture_part[]){
            {"_rels/.rels",
             "<R><Relationship Id='a' Type='x/officeDocument' Target='xl/workbook.bin'/></R>", 0},
            {"xl/workbook.bin", "x", 0},
            {0}},
        "sheet_refusal.other_format");
    expect_package(
        (struct sheet_fixture_part[]){
            {"_rels/.rels",
             "<R><Relationship Id='a' Type='x/officeDocument' Target='word/document.xml'/></R>", 0},
            {"word/document.xml", "<w:document xmlns:w='u'/>", 0},
            {"word/_rels/document.xml.rels", "<Relationships/>", 0},
            {0}},
        "sheet_refusal.other_format");
    expect_package(
        (struct sheet_fixture_part[]){{"_rels/.rels", root, 0},
                                      {"xl/workbook.xml", "<workbook><sheets/></workbook>", 0},
                                      {"xl/_rels/workbook.xml.rels", "<Relationships/>", 0},
                                      {0}},
        "sheet_refusal.no_sheet");
    expect_package((struct sheet_fixture_part[]){{"_rels/.rels", root, 0}, {0}},
                   "sheet_refusal.damaged");
}

static void what_contradicts_itself_is_refused(void **state)
{
    (void)state;
    expect_rows("<row r='2'><c><v>1</v></c></row><row r='2'><c><v>2</v></c></row>",
                "2 A=#1; sheet_refusal.damaged at 2");
    expect_rows("<row r='0'/>", "sheet_refusal.damaged at 0");
    expect_rows("<row r='1048577'/>", "sheet_refusal.damaged at 0");
    expect_rows("<row r='x'/>", "sheet_refusal.damaged at 0");
    expect_rows("<row r='1'><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>",
                "sheet_refusal.damaged at 1");
    expect_rows("<row r='1'><c><v>1</v></c><row r='2'><c><v>2</v></c></row></row>",
                "sheet_refusal.damaged at 1");
    expect_rows("<row r='1'><c r='A1'><c r='B1'><v>2</v></c></c></row>",
                "sheet_refusal.damaged at 1");
    expect_rows("<c r='A1'><v>1</v></c>", "sheet_refusal.damaged at 0");
    expect_rows("<row r='1'><c r='1A'><v>1</v></c></row>", "sheet_refusal.damaged at 1");
    expect_rows("<row r='1'><c r='A1' t='s'><v>0</v></c></row>", "sheet_refusal.damaged at 1");
    expect_rows("<row r='1'><c r='A1' t='s'><v>-1</v></c></row>", "sheet_refusal.damaged at 1");
    expect_rows("<row r='1'><c r='XFE1'><v>1</v></c></row>", "sheet_refusal.too_many_columns at 1");
    expect_rows("<row r='1'><c r='ZZZ1'><v>1</v></c></row>", "sheet_refusal.too_many_columns at 1");
    expect_rows("<row r='1'><c><v>1</v></c></row><row", "1 A=#1; sheet_refusal.damaged at 1");
    expect_rows("<row r='1'><c><v>&unknown;</v></c></row>", "sheet_refusal.damaged at 1");
    expect_rows("<row r='1'><c><v>\xff</v></c></row>", "sheet_refusal.damaged at 1");
}

static void a_file_that_is_not_whole_is_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct bytes whole = sheet_fixture_workbook(
        arena, &(struct sheet_fixture_workbook){
                   .worksheet = "<sheetData><row><c><v>1</v></c></row></sheetData>"});
    assert_string_equal(sheet_fixture_read(arena, whole, &sheet_limits_usual), "1 A=#1");
    for (size_t length = 4; length < whole.length; length++) {
        struct arena *own = arena_new(ARENA_BYTES);
        struct bytes cut = {whole.data, length};
        assert_string_equal(sheet_fixture_read(own, cut, &sheet_limits_usual),
                            "sheet_refusal.damaged");
        arena_free(own);
    }
    arena_free(arena);
}

/* One byte changed: the sum that the package keeps of each part shows it, or nothing was lost. */
static void a_byte_that_changed_is_never_a_wrong_cell(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct bytes whole = sheet_fixture_workbook(
        arena, &(struct sheet_fixture_workbook){
                   .worksheet = "<sheetData><row><c><v>12345</v></c></row></sheetData>"});
    int refused = 0;
    for (size_t i = 0; i < whole.length; i++) {
        struct arena *own = arena_new(ARENA_BYTES);
        char *copy = arena_text_n(own, whole.data, whole.length);
        copy[i] = (char)(copy[i] ^ 0x55);
        const char *read =
            sheet_fixture_read(own, (struct bytes){copy, whole.length}, &sheet_limits_usual);
        bool is_refused = text_starts(read, "sheet_refusal.");
        if (!is_refused && !text_equal(read, "1 A=#12345"))
            fail_msg("byte %zu: %s", i, read);
        refused += is_refused;
        arena_free(own);
    }
    assert_true(refused > (int)whole.length / 2);
    arena_free(arena);
}

static void entities_are_refused(void **state)
{
    (void)state;
    static const char laughs[] =
        "<!DOCTYPE w [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
        "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>"
        "<worksheet><sheetData><row><c t='str'><v>&c;</v></c></row></sheetData></worksheet>";
    const struct sheet_fixture_part parts[] = {
        {.name = "_rels/.rels", .text = root},
        {.name = "xl/workbook.xml",
         .text = "<workbook><sheets><sheet name='x' r:id='r1'/></sheets></workbook>"},
        {.name = "xl/_rels/workbook.xml.rels",
         .text = "<R><Relationship Id='r1' Type='x/worksheet' Target='a.xml'/></R>"},
        {.name = "xl/a.xml", .text = laughs},
        {.name = NULL}};
    expect_package(parts, "sheet_refusal.bomb at 0");
    expect_package(
        (struct sheet_fixture_part[]){
            {"_rels/.rels", "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", 0}, {0}},
        "sheet_refusal.bomb");
}

static void repeat(struct buffer *out, const char *text, size_t length)
{
    while (out->length < length)
        buffer_add(out, text);
}

static void bombs_are_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct buffer zeros = buffer_new(arena, (size_t)20 << 20);
    repeat(&zeros, "<row></row>                                                  ",
           (size_t)20 << 20);
    expect_rows(zeros.bytes, "sheet_refusal.bomb");

    struct buffer deep = buffer_new(arena, 4096);
    repeat(&deep, "<a>", 3 * 100);
    expect_rows(deep.bytes, "sheet_refusal.bomb at 0");

    struct buffer tag = buffer_new(arena, (size_t)4 << 20);
    buffer_add(&tag, "<a b='");
    for (uint32_t noise = 1; tag.length < (size_t)3 << 20; noise = noise * 1664525 + 1013904223)
        buffer_printf(&tag, "%08x", noise);
    buffer_add(&tag, "'/>");
    expect_rows(tag.bytes, "sheet_refusal.bomb at 0");
    expect_workbook(
        (struct sheet_fixture_workbook){
            .worksheet = "<mergeCells><mergeCell ref='A1:XFD1000'/></mergeCells>"},
        "sheet_refusal.bomb");
    arena_free(arena);
}

static void limits_hold(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct sheet_limits limits = sheet_limits_usual;
    limits.rows = 2;
    limits.columns = 3;
    limits.cell_characters = 4;
    limits.text_bytes = 100;
    static const struct {
        struct sheet_fixture_workbook workbook;
        const char *expected;
    } cases[] = {
        {{.worksheet = "<sheetData><row r='1'><c><v>1</v></c></row><row r='7'/><row r='9'><c><v>2"
                       "</v></c></row><row r='1048576'/></sheetData>"},
         "1 A=#1; 9 A=#2"},
        {{.worksheet = "<sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c></row>"
                       "<row><c><v>3</v></c></row></sheetData>"},
         "1 A=#1; 2 A=#2; sheet_refusal.too_many_rows at 3"},
        {{.worksheet = "<sheetData><row><c r='C1'><v>1</v></c></row><row><c r='D2'><v>2</v></c>"
                       "</row></sheetData>"},
         "1 C=#1; sheet_refusal.too_many_columns at 2"},
        {{.worksheet = "<sheetData><row><c t='str'><v>滇技滇技</v></c></row><row><c t='str'><v>"
                       "abcde</v></c></row></sheetData>"},
         "1 A=滇技滇技; sheet_refusal.cell_too_long at 2"},
        {{.worksheet = "", .texts = "<si><t>abcd</t></si>"}, ""},
        {{.worksheet = "", .texts = "<si><t>abcde</t></si>"}, "sheet_refusal.cell_too_long"},
        {{.worksheet = "", .texts = "<si><t>abcdeabcdeabcdeabcde</t></si>"},
         "sheet_refusal.cell_too_long"},
        {{.worksheet = "", .texts = "<si/><si/><si/><si/><si/>"}, "sheet_refusal.bomb"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes file = sheet_fixture_workbook(arena, &cases[i].workbook);
        assert_string_equal(sheet_fixture_read(arena, file, &limits), cases[i].expected);
    }
    limits = sheet_limits_usual;
    limits.unpacked_bytes = 200;
    struct bytes file = sheet_fixture_workbook(arena, &cases[0].workbook);
    assert_string_equal(sheet_fixture_read(arena, file, &limits), "sheet_refusal.bomb");
    arena_free(arena);
}

static void memory_does_not_grow_with_rows(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct buffer rows = buffer_new(arena, (size_t)8 << 20);
    buffer_add(&rows, "<sheetData>");
    for (int i = 1; i <= 20000; i++)
        buffer_printf(&rows,
                      "<row r='%d'><c r='A%d'><v>%d</v></c><c t='inlineStr'><is><t>王</t></is>"
                      "</c></row>",
                      i, i, i * 7);
    buffer_add(&rows, "</sheetData>");
    struct bytes file =
        sheet_fixture_workbook(arena, &(struct sheet_fixture_workbook){.worksheet = rows.bytes});
    enum sheet_refusal refusal;
    struct sheet *sheet = sheet_open(arena, file, &sheet_limits_usual, &refusal);
    assert_non_null(sheet);
    struct sheet_row row;
    assert_int_equal(sheet_next(sheet, &row), SHEET_ROW);
    size_t used = arena_used(arena);
    int count = 1;
    while (sheet_next(sheet, &row) == SHEET_ROW)
        count++;
    assert_int_equal(count, 20000);
    assert_int_equal(sheet_refusal_of(sheet), 0);
    assert_int_equal(arena_used(arena), used);
    arena_free(arena);
}

/* Wherever memory runs out, the work unwinds to the guard and nothing stays open (the leak checker
 * of the sanitizers' build would say so). */
static void memory_that_runs_out_unwinds(void **state)
{
    (void)state;
    struct arena *own = arena_new(ARENA_BYTES);
    struct bytes file = sheet_fixture_workbook(
        own, &(struct sheet_fixture_workbook){
                 .worksheet = "<sheetData><row><c t='s'><v>0</v></c><c><v>2</v></c></row>"
                              "</sheetData><mergeCells><mergeCell ref='A1:A9'/></mergeCells>",
                 .texts = "<si><t>王</t></si>",
                 .styles = "<cellXfs><xf numFmtId='14'/></cellXfs>"});
    volatile bool was_read = false;
    volatile int faults = 0;
    for (volatile size_t limit = 64; !was_read; limit += limit / 8) {
        struct arena *arena = arena_new(limit);
        struct guard guard;
        if (GUARDED(arena, &guard) == FAULT_NONE) {
            was_read =
                text_equal(sheet_fixture_read(arena, file, &sheet_limits_usual), "1 A=王 B=#2");
            assert_true(was_read);
            guard_leave(arena, &guard);
        } else {
            assert_int_equal(guard.fault, FAULT_MEMORY);
            faults++;
        }
        arena_free(arena);
    }
    assert_true(faults > 20);
    arena_free(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_what_their_type_says),
        cmocka_unit_test(a_prefix_changes_nothing),
        cmocka_unit_test(texts_are_shared),
        cmocka_unit_test(rows_may_be_hidden),
        cmocka_unit_test(formats_make_dates),
        cmocka_unit_test(merged_ranges_repeat_their_first_cell),
        cmocka_unit_test(a_text_about_merging_merges_nothing),
        cmocka_unit_test(merged_ranges_are_found_across_windows),
        cmocka_unit_test(tabs_stand_in_their_order),
        cmocka_unit_test(packages_of_something_else_are_refused),
        cmocka_unit_test(what_contradicts_itself_is_refused),
        cmocka_unit_test(a_file_that_is_not_whole_is_refused),
        cmocka_unit_test(a_byte_that_changed_is_never_a_wrong_cell),
        cmocka_unit_test(entities_are_refused),
        cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(memory_does_not_grow_with_rows),
        cmocka_unit_test(memory_that_runs_out_unwinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
