/* What kind of file it is, and the row that both readers fill. */
#include "sheet/sheet.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "sheet/sheet_room.h"

const struct sheet_limits sheet_limits_usual = {
    .file_bytes = (size_t)32 << 20,
    .unpacked_bytes = (size_t)512 << 20,
    .text_bytes = (size_t)64 << 20,
    .unpack_ratio = 200,
    .rows = 200000,
    .columns = 16384,
    .cell_characters = 32767,
};

/* --- what the file is --- */

static bool begins(struct bytes file, const void *magic, size_t length)
{
    return file.length >= length && memcmp(file.data, magic, length) == 0;
}

/* Both old workbooks and encrypted new ones are OLE compound files; an encrypted one has a stream
 * of this name, in UTF-16. */
static enum sheet_refusal ole_refusal(struct bytes file)
{
    static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    bool is_encrypted = memmem(file.data, file.length, name, sizeof name - 1) != NULL;
    return is_encrypted ? SHEET_REFUSAL_ENCRYPTED : SHEET_REFUSAL_LEGACY_XLS;
}

/* Many systems "export to Excel" by sending a web page under a spreadsheet's name. */
static bool is_web_page(struct bytes file)
{
    static const char *const elements[] = {"!doctype", "html",  "head",  "meta",   "?xml",
                                           "body",     "style", "table", "script", "div"};
    const char *text = file.data;
    size_t at = begins(file, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (at < file.length && strchr(" \t\r\n", text[at]) != NULL && text[at] != '\0')
        at++;
    size_t left = file.length - at;
    if (left >= 13 && strncasecmp(text + at, "mime-version:", 13) == 0)
        return true;
    if (left == 0 || text[at] != '<')
        return false;
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        size_t length = strlen(elements[i]);
        if (left > length && strncasecmp(text + at + 1, elements[i], length) == 0)
            return true;
    }
    return false;
}

static bool is_other_format(struct bytes file)
{
    static const struct {
        const char *magic;
        size_t length;
    } others[] = {{"%PDF-", 5},       {"{\\rtf", 5}, {"\x89PNG", 4},   {"\xff\xd8\xff", 3},
                  {"GIF8", 4},        {"Rar!", 4},   {"\x1f\x8b", 2},  {"7z\xbc\xaf", 4},
                  {"\xfd\x37zXZ", 5}, {"BZh", 3},    {"\x7f\x45LF", 4}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (begins(file, others[i].magic, others[i].length))
            return true;
    return false;
}

/* 0 where the file may be a table. */
static enum sheet_refusal refusal_by_content(struct bytes file, const struct sheet_limits *limits)
{
    if (file.length == 0)
        return SHEET_REFUSAL_EMPTY;
    if (file.length > limits->file_bytes)
        return SHEET_REFUSAL_TOO_LARGE;
    if (begins(file, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8))
        return ole_refusal(file);
    if (is_web_page(file))
        return SHEET_REFUSAL_WEB_PAGE;
    if (is_other_format(file))
        return SHEET_REFUSAL_OTHER_FORMAT;
    return 0;
}

static int first_shown(const struct sheet *sheet)
{
    for (int i = 0; i < sheet_count(sheet); i++)
        if (!sheet_is_hidden(sheet, i))
            return i;
    return 0;
}

struct sheet *sheet_open(struct arena *arena, struct bytes file, const struct sheet_limits *limits,
                         enum sheet_refusal *ret_refusal)
{
    *ret_refusal = refusal_by_content(file, limits);
    if (*ret_refusal != 0)
        return NULL;
    struct sheet *sheet = arena_one(arena, struct sheet);
    sheet->arena = arena;
    sheet->limits = *limits;
    sheet->row.text = arena_alloc(arena, SHEET__ROW_TEXT_BYTES);
    bool is_package = begins(file, "PK\3\4", 4) || begins(file, "PK\5\6", 4);
    if (is_package)
        sheet->xlsx = sheet__xlsx_open(sheet, file);
    else
        sheet->csv = sheet__csv_open(sheet, file);
    bool is_open = sheet->refusal == 0 && sheet_select(sheet, first_shown(sheet));
    *ret_refusal = sheet->refusal;
    return is_open ? sheet : NULL;
}

/* --- worksheets --- */

static const struct sheet__worksheet *worksheets(const struct sheet *sheet, int *ret_count)
{
    static const struct sheet__worksheet text = {.name = ""};
    if (sheet->xlsx != NULL)
        return sheet__xlsx_worksheets(sheet->xlsx, ret_count);
    if (sheet->apart != NULL)
        return sheet__apart_worksheets(sheet->apart, ret_count);
    *ret_count = 1;
    return &text;
}

int sheet_count(const struct sheet *sheet)
{
    int count;
    worksheets(sheet, &count);
    return count;
}

static const struct sheet__worksheet *worksheet(const struct sheet *sheet, int i)
{
    int count;
    const struct sheet__worksheet *all = worksheets(sheet, &count);
    assert(i >= 0 && i < count);
    return &all[i];
}

const char *sheet_name(const struct sheet *sheet, int i)
{
    return worksheet(sheet, i)->name;
}

bool sheet_is_hidden(const struct sheet *sheet, int i)
{
    return worksheet(sheet, i)->is_hidden;
}

bool sheet_is_1904(const struct sheet *sheet)
{
    if (sheet->apart != NULL)
        return sheet__apart_is_1904(sheet->apart);
    return sheet->xlsx != NULL && sheet__xlsx_is_1904(sheet->xlsx);
}

bool sheet_select(struct sheet *sheet, int i)
{
    assert(i >= 0 && i < sheet_count(sheet));
    sheet->row_number = 0;
    sheet->rows_read = 0;
    sheet->refusal = 0;
    if (sheet->xlsx != NULL)
        return sheet__xlsx_select(sheet->xlsx, i);
    if (sheet->apart != NULL)
        return sheet__apart_select(sheet, i);
    sheet__csv_rewind(sheet);
    return true;
}

/* --- rows --- */

enum sheet_step sheet__refuse(struct sheet *sheet, enum sheet_refusal refusal)
{
    if (sheet->refusal == 0)
        sheet->refusal = refusal;
    return SHEET_BAD;
}

size_t sheet__cell_bytes_most(const struct sheet *sheet)
{
    size_t bytes = sheet->limits.cell_characters * 3; /* a plane beyond the first counts as two */
    return bytes < SHEET__ROW_TEXT_BYTES ? bytes : SHEET__ROW_TEXT_BYTES - 1;
}

char *sheet__row_reserve(struct sheet *sheet, size_t length)
{
    struct sheet__row *row = &sheet->row;
    if (length >= SHEET__ROW_TEXT_BYTES - row->text_used) {
        sheet__refuse(sheet, SHEET_REFUSAL_CELL_TOO_LONG);
        return NULL;
    }
    return row->text + row->text_used;
}

bool sheet__row_take(struct sheet *sheet, struct sheet_cell cell, size_t length)
{
    struct sheet__row *row = &sheet->row;
    if (length == 0)
        return true;
    char *text = row->text + row->text_used;
    text[length] = '\0';
    if (length > sheet->limits.cell_characters &&
        text_characters(text) > sheet->limits.cell_characters) {
        sheet__refuse(sheet, SHEET_REFUSAL_CELL_TOO_LONG);
        return false;
    }
    row->text_used += length + 1;
    cell.text = text;
    return sheet__row_add(sheet, cell);
}

bool sheet__row_add(struct sheet *sheet, struct sheet_cell cell)
{
    struct sheet__row *row = &sheet->row;
    /* Twice: a merged range may cover cells of the row's own until they are sorted out. */
    size_t most = (size_t)sheet->limits.columns * 2;
    if (cell.column >= sheet->limits.columns || row->count == most) {
        sheet__refuse(sheet, SHEET_REFUSAL_TOO_MANY_COLUMNS);
        return false;
    }
    if (row->count == row->capacity) {
        size_t capacity = row->capacity == 0 ? 32 : row->capacity * 2;
        row->cells = arena_grow(sheet->arena, row->cells, row->capacity * sizeof *row->cells,
                                capacity * sizeof *row->cells);
        row->capacity = capacity;
    }
    row->cells[row->count++] = cell;
    return true;
}

static enum sheet_step read_row(struct sheet *sheet)
{
    if (sheet->csv != NULL)
        return sheet__csv_next(sheet);
    return sheet->xlsx != NULL ? sheet__xlsx_next(sheet) : sheet__apart_next(sheet);
}

enum sheet_step sheet_next(struct sheet *sheet, struct sheet_row *ret)
{
    struct sheet__row *row = &sheet->row;
    if (sheet->refusal != 0)
        return SHEET_BAD;
    do {
        row->count = 0;
        row->text_used = 0;
        row->is_hidden = false;
        enum sheet_step step = read_row(sheet);
        if (step != SHEET_ROW)
            return step;
    } while (row->count == 0);
    if (++sheet->rows_read > sheet->limits.rows)
        return sheet__refuse(sheet, SHEET_REFUSAL_TOO_MANY_ROWS);
    *ret = (struct sheet_row){.number = sheet->row_number,
                              .is_hidden = row->is_hidden,
                              .count = row->count,
                              .cells = row->cells};
    return SHEET_ROW;
}

enum sheet_refusal sheet_refusal_of(const struct sheet *sheet)
{
    return sheet->refusal;
}

int64_t sheet_row_number(const struct sheet *sheet)
{
    return sheet->row_number;
}

const struct sheet_cell *sheet_cell_at(const struct sheet_row *row, int column)
{
    size_t first = 0, after = row->count;
    while (first < after) {
        size_t middle = first + (after - first) / 2;
        if (row->cells[middle].column == column)
            return &row->cells[middle];
        if (row->cells[middle].column < column)
            first = middle + 1;
        else
            after = middle;
    }
    return NULL;
}

struct sheet_column_name sheet_column_name(int column)
{
    assert(column >= 0 && column < 18278);
    char reversed[3];
    size_t length = 0;
    for (int rest = column; rest >= 0; rest = rest / 26 - 1)
        reversed[length++] = (char)('A' + rest % 26);
    struct sheet_column_name name = {{0}};
    for (size_t i = 0; i < length; i++)
        name.text[i] = reversed[length - 1 - i];
    return name;
}
