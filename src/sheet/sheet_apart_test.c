/*
 * Reading in a child gives what reading here gives; a child that dies or lies is a refusal. The
 * child is this test program again: the real one, or, where the file begins with "false:", one that
 * sends the rest of the file to its parent and ends.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "sheet/sheet_fixture.h"
#include "sheet/sheet_wire.h"

enum { ARENA_BYTES = 64 << 20 };

/* As sheet_fixture_read(), in a child. */
static const char *read_apart(struct arena *arena, struct bytes file,
                              const struct sheet_limits *limits)
{
    enum sheet_refusal refusal = 0;
    struct sheet *sheet = sheet_open_apart(arena, file, limits, &refusal);
    if (sheet == NULL)
        return sheet_refusal_info(refusal)->code;
    return sheet_fixture_rows(arena, sheet);
}

static void expect_same(struct arena *arena, struct bytes file)
{
    const char *here = sheet_fixture_read(arena, file, &sheet_limits_usual);
    assert_string_equal(read_apart(arena, file, &sheet_limits_usual), here);
}

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

static void a_child_reads_what_we_would(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    expect_same(arena, bytes_of("姓名,x\n\n王,=\"01\"\n"));
    expect_same(arena, bytes_of("\xd0\xd5\xc3\xfb,\xc4\xea\xc1\xe4\r\n"));
    expect_same(arena, bytes_of("a\n\"b"));
    expect_same(arena, bytes_of("<html>"));
    expect_same(arena, bytes_of(""));
    expect_same(arena,
                sheet_fixture_workbook(
                    arena, &(struct sheet_fixture_workbook){
                               .worksheet = "<sheetData><row hidden='1'><c s='0'><v>45723</v></c>"
                                            "<c t='b'><v>1</v></c><c t='e'><v>#N/A</v></c>"
                                            "<c t='s'><v>0</v></c></row><row r='9'><c><v>1</v></c>"
                                            "</row></sheetData>"
                                            "<mergeCells><mergeCell ref='D1:E9'/></mergeCells>",
                               .texts = "<si><t>班</t></si>",
                               .styles = "<cellXfs><xf numFmtId='14'/></cellXfs>"}));
    expect_same(arena, bytes_of("PK\3\4 and then nothing"));
    struct sheet_limits limits = sheet_limits_usual;
    limits.rows = 1;
    assert_string_equal(read_apart(arena, bytes_of("a\nb"), &limits),
                        "1 A=a; sheet_refusal.too_many_rows at 2");
    limits.file_bytes = 2;
    assert_string_equal(read_apart(arena, bytes_of("a\nb"), &limits), "sheet_refusal.too_large");
    arena_free(arena);
}

static void many_rows_come_in_batches(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct buffer text = buffer_new(arena, (size_t)2 << 20);
    for (int i = 1; i <= 30000; i++)
        buffer_printf(&text, "%d,王小明,530102199001010012,\"x\"\n", i);
    enum sheet_refusal refusal;
    struct sheet *sheet = sheet_open_apart(arena, (struct bytes){text.bytes, text.length},
                                           &sheet_limits_usual, &refusal);
    assert_non_null(sheet);
    for (int round = 0; round < 2; round++) {
        struct sheet_row row;
        int count = 0;
        while (sheet_next(sheet, &row) == SHEET_ROW)
            assert_int_equal(row.number, ++count);
        assert_int_equal(count, 30000);
        assert_int_equal(sheet_next(sheet, &row), SHEET_END);
        assert_true(sheet_select(sheet, 0));
        /* Once more from the start, when the child has already worked ahead. */
        for (int i = 0; i < 10; i++)
            assert_int_equal(sheet_next(sheet, &row), SHEET_ROW);
        assert_true(sheet_select(sheet, 0));
    }
    arena_free(arena);
}

static void worksheets_are_chosen_apart(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    const struct sheet_fixture_part parts[] = {
        {"_rels/.rels", "<R><Relationship Id='a' Type='x/officeDocument' Target='w.xml'/></R>", 0},
        {"w.xml",
         "<workbook><workbookPr date1904='true'/><sheets><sheet name='甲' state='hidden' r:id='a'/>"
         "<sheet name='乙' r:id='b'/></sheets></workbook>",
         0},
        {"_rels/w.xml.rels",
         "<R><Relationship Id='a' Type='x/worksheet' Target='a.xml'/>"
         "<Relationship Id='b' Type='x/worksheet' Target='b.xml'/></R>",
         0},
        {"a.xml", "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>", 0},
        {"b.xml", "<worksheet><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>", 0},
        {0}};
    enum sheet_refusal refusal;
    struct sheet *sheet =
        sheet_open_apart(arena, sheet_fixture_package(arena, parts), &sheet_limits_usual, &refusal);
    assert_non_null(sheet);
    assert_int_equal(sheet_count(sheet), 2);
    assert_string_equal(sheet_name(sheet, 0), "甲");
    assert_true(sheet_is_hidden(sheet, 0));
    assert_false(sheet_is_hidden(sheet, 1));
    assert_true(sheet_is_1904(sheet));
    assert_string_equal(sheet_fixture_rows(arena, sheet), "1 A=#2");
    assert_true(sheet_select(sheet, 0));
    assert_string_equal(sheet_fixture_rows(arena, sheet), "1 A=#1");
    arena_free(arena);
}

/* --- children that may not be believed --- */

static const char FALSE[] = "false:";

/* Where the file asks for it, plays the false child; false where it does not. */
static bool play_false(void)
{
    static char bytes[4096];
    ssize_t length = pread(SHEET__WIRE_FILE, bytes, sizeof bytes, 0);
    if (length < (ssize_t)sizeof FALSE - 1 || !text_starts(bytes, FALSE))
        return false;
    struct sheet__wire_start start;
    size_t skipped = sizeof FALSE - 1;
    bool is_said = read(SHEET__WIRE_SOCKET, &start, sizeof start) > 0 &&
                   write(SHEET__WIRE_SOCKET, bytes + skipped, (size_t)length - skipped) >= 0;
    /* It says no more, but hears its parent out. */
    shutdown(SHEET__WIRE_SOCKET, SHUT_WR);
    while (is_said && read(SHEET__WIRE_SOCKET, bytes, sizeof bytes) > 0)
        continue;
    return is_said;
}

/* The answers of a child that opened a worksheet "x", and then says this of its rows. */
struct lie {
    struct sheet__wire_row row;
    struct sheet__wire_cell cell;
    const char *text;
    int32_t step;
    uint32_t bytes_more; /* than there are */
};

static const struct lie truth = {.row = {.number = 1, .count = 1},
                                 .cell = {.column = 0, .text_bytes = 2},
                                 .text = "ab",
                                 .step = SHEET_END};

static void add(struct buffer *out, const void *bytes, size_t length)
{
    buffer_add_n(out, bytes, length);
}

static const char *read_lie(struct arena *arena, const struct lie *lie)
{
    struct buffer file = buffer_new(arena, 256);
    struct sheet__wire_worksheet worksheet = {.name_bytes = 1};
    struct sheet__wire_answer opening = {.step = SHEET_ROW, .bytes = sizeof worksheet + 1};
    add(&file, FALSE, sizeof FALSE - 1);
    add(&file, &opening, sizeof opening);
    add(&file, &worksheet, sizeof worksheet);
    add(&file, "x", 1);
    size_t length = sizeof lie->row + sizeof lie->cell + strlen(lie->text) + 1;
    struct sheet__wire_answer rows = {.step = lie->step,
                                      .bytes = (uint32_t)length + lie->bytes_more};
    add(&file, &rows, sizeof rows);
    add(&file, &lie->row, sizeof lie->row);
    add(&file, &lie->cell, sizeof lie->cell);
    add(&file, lie->text, strlen(lie->text) + 1);
    return read_apart(arena, (struct bytes){file.bytes, file.length}, &sheet_limits_usual);
}

static void what_a_child_says_is_not_believed(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    assert_string_equal(read_lie(arena, &truth), "1 A=ab");
    struct lie lies[14];
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
        lies[i] = truth;
    lies[0].row.number = 0;
    lies[1].row.count = 0;
    lies[2].row.count = 2;
    lies[3].row.count = UINT32_MAX;
    lies[4].cell.column = -1;
    lies[5].cell.column = 1 << 20;
    lies[6].cell.kind = 9;
    lies[7].cell.text_bytes = 1;
    lies[8].cell.text_bytes = 0;
    lies[9].cell.text_bytes = UINT32_MAX;
    lies[10].text = "\xff\xff";
    lies[11].step = 7;
    lies[12].bytes_more = 5;
    lies[13].bytes_more = SHEET__WIRE_ANSWER_BYTES_MOST;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        const char *read = read_lie(arena, &lies[i]);
        if (!text_starts(read, "sheet_refusal."))
            fail_msg("lie %zu was believed: %s", i, read);
    }
    arena_free(arena);
}

static void a_child_that_says_nothing_is_a_refusal(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    assert_string_equal(read_apart(arena, bytes_of("false:"), &sheet_limits_usual),
                        "sheet_refusal.bomb");
    assert_string_equal(read_apart(arena, bytes_of("false:half an ans"), &sheet_limits_usual),
                        "sheet_refusal.bomb");
    struct sheet__wire_answer nothing = {.step = SHEET_ROW}, wrong = {.step = SHEET_BAD};
    struct buffer file = buffer_new(arena, 64);
    add(&file, FALSE, sizeof FALSE - 1);
    add(&file, &nothing, sizeof nothing); /* opened, but without a worksheet */
    struct bytes bytes = {file.bytes, file.length};
    assert_string_equal(read_apart(arena, bytes, &sheet_limits_usual), "sheet_refusal.bomb");
    memcpy(file.bytes + sizeof FALSE - 1, &wrong, sizeof wrong); /* refused for no reason */
    assert_string_equal(read_apart(arena, bytes, &sheet_limits_usual), "sheet_refusal.bomb");
    arena_free(arena);
}

/* What the sandbox leaves: 0, or the number of the first thing that could be done in it. */
static int try_everything(void)
{
    if (!sheet__give_up_everything())
        return 1;
    if (open("/etc/passwd", O_RDONLY) >= 0)
        return 2;
    if (open("new", O_WRONLY | O_CREAT, 0600) >= 0)
        return 3;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
        return 4;
    if (fork() >= 0)
        return 5;
    char *const words[] = {NULL};
    if (execve("/proc/self/exe", words, words) == 0)
        return 6;
    if (kill(getppid(), 0) == 0)
        return 7;
    if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        return 9;
    return unlink("/nothing") == 0 || dup(0) >= 0 ? 8 : 0;
}

static void a_child_can_do_nothing_but_read(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0)
        _exit(try_everything());
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* As a server does, which may start nothing any more; the child of this test's child, so that the
 * other tests go on without. */
static int read_with_nursery(void)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    if (!sheet_nursery_start())
        return 1;
    for (int i = 0; i < 3; i++)
        if (strcmp(read_apart(arena, bytes_of("a,b"), &sheet_limits_usual), "1 A=a B=b") != 0)
            return 2;
    if (!text_starts(read_apart(arena, bytes_of("false:"), &sheet_limits_usual), "sheet_refusal."))
        return 3;
    /* Still reading: closing the sheet ends it. */
    enum sheet_refusal refusal;
    struct sheet *sheet = sheet_open_apart(arena, bytes_of("a,b"), &sheet_limits_usual, &refusal);
    if (sheet == NULL)
        return 4;
    arena_free(arena);
    return 0;
}

static void a_nursery_starts_children(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0)
        _exit(read_with_nursery());
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(int count, char **words)
{
    if (count == 2 && strcmp(words[1], "sheet-nursery") == 0)
        return sheet_nursery_main();
    if (count == 2 && strcmp(words[1], "sheet-child") == 0)
        return play_false() ? 0 : sheet_child_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_reads_what_we_would),
        cmocka_unit_test(many_rows_come_in_batches),
        cmocka_unit_test(worksheets_are_chosen_apart),
        cmocka_unit_test(what_a_child_says_is_not_believed),
        cmocka_unit_test(a_child_that_says_nothing_is_a_refusal),
        cmocka_unit_test(a_child_can_do_nothing_but_read),
        cmocka_unit_test(a_nursery_starts_children),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
