/* A worksheet's rows, one at a time: the parser runs until a row ends, and waits there. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "sheet/sheet_xlsx.h"

/* Where a cell's text is to be found. */
enum cell_source {
    SOURCE_NUMBER,
    SOURCE_SHARED,
    SOURCE_TEXT,
    SOURCE_BOOLEAN,
    SOURCE_ERROR,
    SOURCE_DAY
};

struct sheet__rows {
    struct sheet__xlsx *xlsx;
    struct sheet__xml *xml;
    struct sheet__merges merges;
    size_t merges_begun;          /* of those, how many begin at this row or above */
    struct sheet__merge **active; /* those that reach this row */
    size_t active_count;
    int column; /* of the cell being read, or the one before */
    enum cell_source source;
    bool is_date;
    bool in_data, in_row, in_cell, in_text, in_phonetic;
    size_t length; /* of the cell's text so far, behind row->text_used */
};

static void refuse(struct sheet__rows *rows, enum sheet_refusal refusal)
{
    sheet__xml_refuse(rows->xml, refusal);
}

static bool is_letter(const char *name, char letter)
{
    return name[0] == letter && name[1] == '\0';
}

/* The number that a row, a format or a shared text has; -1 where it is none of any use. */
static int64_t read_index(const char *text)
{
    int64_t number = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9' && at - text < 9; at++)
        number = number * 10 + (*at - '0');
    return at == text || *at != '\0' ? -1 : number;
}

/* --- the beginning of a row and of a cell --- */

static void row_start(struct sheet__rows *rows, const char *const *attributes)
{
    struct sheet *sheet = rows->xlsx->sheet;
    const char *reference = sheet__xml_attribute(attributes, "r");
    const char *hidden = sheet__xml_attribute(attributes, "hidden");
    int64_t number = reference == NULL ? sheet->row_number + 1 : read_index(reference);
    if (rows->in_row || number <= sheet->row_number || number > SHEET__ROW_NUMBER_MOST) {
        refuse(rows, SHEET_REFUSAL_DAMAGED);
        return;
    }
    sheet->row_number = number;
    sheet->row.is_hidden = text_equal(hidden, "1") || text_equal(hidden, "true");
    rows->in_row = true;
    rows->column = -1;
}

static enum cell_source source_of(const char *type)
{
    if (type == NULL || *type == 'n')
        return SOURCE_NUMBER;
    if (is_letter(type, 's'))
        return SOURCE_SHARED;
    if (*type == 'b')
        return SOURCE_BOOLEAN;
    if (*type == 'e')
        return SOURCE_ERROR;
    return *type == 'd' ? SOURCE_DAY : SOURCE_TEXT; /* str, inlineStr */
}

static bool is_date_style(const struct sheet__xlsx *xlsx, const char *style)
{
    int64_t number = style == NULL ? -1 : read_index(style);
    return number >= 0 && number < (int64_t)xlsx->format_count && xlsx->is_date[number];
}

static void cell_start(struct sheet__rows *rows, const char *const *attributes)
{
    const char *type = NULL, *style = NULL, *reference = NULL;
    for (; *attributes != NULL; attributes += 2) {
        if (is_letter(attributes[0], 'r'))
            reference = attributes[1];
        else if (is_letter(attributes[0], 's'))
            style = attributes[1];
        else if (is_letter(attributes[0], 't'))
            type = attributes[1];
    }
    int column = rows->column + 1;
    int64_t row;
    if (!rows->in_row || rows->in_cell ||
        (reference != NULL &&
         (sheet__reference_read(reference, &column, &row) == NULL || column <= rows->column))) {
        refuse(rows, SHEET_REFUSAL_DAMAGED);
        return;
    }
    rows->column = column;
    rows->source = source_of(type);
    rows->is_date = rows->source == SOURCE_NUMBER && is_date_style(rows->xlsx, style);
    rows->in_cell = true;
    rows->length = 0;
}

static void rows_start(void *argument, const char *name, const char *const *attributes)
{
    struct sheet__rows *rows = argument;
    if (!rows->in_data)
        rows->in_data = strcmp(name, "sheetData") == 0;
    else if (is_letter(name, 'c'))
        cell_start(rows, attributes);
    else if (is_letter(name, 'v') || is_letter(name, 't'))
        rows->in_text = rows->in_cell && !rows->in_phonetic;
    else if (strcmp(name, "row") == 0)
        row_start(rows, attributes);
    else if (strcmp(name, "rPh") == 0)
        rows->in_phonetic = true;
}

static void rows_text(void *argument, const char *text, int length)
{
    struct sheet__rows *rows = argument;
    if (!rows->in_text)
        return;
    struct sheet *sheet = rows->xlsx->sheet;
    size_t longer = rows->length + (size_t)length;
    char *room = longer > sheet__cell_bytes_most(sheet) ? NULL : sheet__row_reserve(sheet, longer);
    if (room == NULL) {
        refuse(rows, SHEET_REFUSAL_CELL_TOO_LONG);
        return;
    }
    memcpy(room + rows->length, text, (size_t)length);
    rows->length = longer;
}

/* --- the end of a cell --- */

/* What Excel writes is a number; anything else under that name is left to be judged as text. */
static bool is_number(const char *text)
{
    const char *at = text;
    while ((*at >= '0' && *at <= '9') || *at == '.' || *at == '-' || *at == '+' ||
           (*at | 0x20) == 'e')
        at++;
    return *at == '\0';
}

static bool add_shared(struct sheet__rows *rows, const char *index)
{
    const struct sheet__texts *texts = &rows->xlsx->texts;
    int64_t i = read_index(index);
    if (i < 0 || i >= (int64_t)texts->count) {
        refuse(rows, SHEET_REFUSAL_DAMAGED);
        return false;
    }
    const char *text = texts->items[i];
    return *text == '\0' ||
           sheet__row_add(rows->xlsx->sheet,
                          (struct sheet_cell){.column = rows->column, .text = text});
}

static bool add_cell(struct sheet__rows *rows)
{
    struct sheet *sheet = rows->xlsx->sheet;
    struct sheet_cell cell = {.column = rows->column, .kind = SHEET_CELL_TEXT};
    char *text = sheet__row_reserve(sheet, rows->length);
    if (text == NULL)
        return false;
    text[rows->length] = '\0';
    switch (rows->source) {
    case SOURCE_SHARED:
        return add_shared(rows, text);
    case SOURCE_BOOLEAN:
        cell.kind = SHEET_CELL_BOOLEAN;
        cell.text = *text == '1' || *text == 't' ? "TRUE" : "FALSE";
        return sheet__row_add(sheet, cell);
    case SOURCE_NUMBER:
        if (is_number(text)) {
            cell.kind = SHEET_CELL_NUMBER;
            cell.is_date = rows->is_date;
        }
        break;
    case SOURCE_ERROR:
        cell.kind = SHEET_CELL_ERROR;
        break;
    case SOURCE_DAY: /* 2025-03-07T00:00:00 */
        rows->length = strcspn(text, "T");
        break;
    case SOURCE_TEXT:
        rows->length = sheet__xlsx_unescape(text, rows->length);
        break;
    }
    return sheet__row_take(sheet, cell, rows->length);
}

/* --- merged ranges --- */

static int compare_columns(const void *a, const void *b)
{
    const struct sheet_cell *left = a, *right = b;
    if (left->column != right->column)
        return (left->column > right->column) - (left->column < right->column);
    return right->is_merged_copy - left->is_merged_copy;
}

/* What a merged range shows is its first cell: that is kept when its row comes by. */
static bool keep_value(struct sheet__rows *rows, struct sheet__merge *merge)
{
    const struct sheet__row *row = &rows->xlsx->sheet->row;
    struct sheet_row own = {.count = row->count, .cells = row->cells};
    const struct sheet_cell *first = sheet_cell_at(&own, merge->first_column);
    if (first == NULL)
        return true;
    merge->value = *first;
    merge->value.text = sheet__xlsx_keep(rows->xlsx, first->text, strlen(first->text));
    merge->value.is_merged_copy = true;
    return merge->value.text != NULL;
}

static bool add_copies(struct sheet__rows *rows, const struct sheet__merge *merge)
{
    struct sheet *sheet = rows->xlsx->sheet;
    struct sheet_cell copy = merge->value;
    if (copy.text == NULL)
        return true;
    for (int column = merge->first_column; column <= merge->last_column; column++) {
        copy.column = column;
        bool is_first = column == merge->first_column && sheet->row_number == merge->first_row;
        if (!is_first && !sheet__row_add(sheet, copy))
            return false;
    }
    return true;
}

/* One cell a column: where a merged range covers a cell of the row's own, it is the range that a
 * person sees. */
static void sort_cells(struct sheet__row *row)
{
    qsort(row->cells, row->count, sizeof *row->cells, compare_columns);
    size_t kept = 1;
    for (size_t i = 1; i < row->count; i++)
        if (row->cells[i].column != row->cells[kept - 1].column)
            row->cells[kept++] = row->cells[i];
    row->count = kept;
}

/* Only a row with a cell of its own gets copies: a range over blank rows does not make them rows.
 */
static bool apply_merges(struct sheet__rows *rows)
{
    struct sheet *sheet = rows->xlsx->sheet;
    struct sheet__merges *merges = &rows->merges;
    size_t still = 0;
    for (size_t i = 0; i < rows->active_count; i++)
        if (rows->active[i]->last_row >= sheet->row_number)
            rows->active[still++] = rows->active[i];
    rows->active_count = still;
    while (rows->merges_begun < merges->count &&
           merges->items[rows->merges_begun].first_row <= sheet->row_number) {
        struct sheet__merge *merge = &merges->items[rows->merges_begun++];
        if (merge->first_row == sheet->row_number && !keep_value(rows, merge))
            return false;
        rows->active[rows->active_count++] = merge;
    }
    if (rows->active_count == 0 || sheet->row.count == 0)
        return true;
    for (size_t i = 0; i < rows->active_count; i++)
        if (rows->active[i]->last_row >= sheet->row_number && !add_copies(rows, rows->active[i]))
            return false;
    sort_cells(&sheet->row);
    return true;
}

/* --- a row after the other --- */

static void rows_end(void *argument, const char *name)
{
    struct sheet__rows *rows = argument;
    if (!rows->in_data)
        return;
    if (is_letter(name, 'v') || is_letter(name, 't')) {
        rows->in_text = false;
    } else if (is_letter(name, 'c')) {
        rows->in_cell = false;
        if (rows->length > 0 && !add_cell(rows))
            refuse(rows, SHEET_REFUSAL_DAMAGED);
    } else if (strcmp(name, "row") == 0) {
        rows->in_row = false;
        if (apply_merges(rows))
            sheet__xml_pause(rows->xml);
        else
            refuse(rows, SHEET_REFUSAL_DAMAGED);
    } else if (strcmp(name, "rPh") == 0) {
        rows->in_phonetic = false;
    } else if (strcmp(name, "sheetData") == 0) {
        rows->in_data = false;
    }
}

bool sheet__rows_open(struct sheet__xlsx *xlsx, const char *part_name)
{
    static const struct sheet__xml_handlers handlers = {
        .start = rows_start, .end = rows_end, .text = rows_text};
    struct sheet *sheet = xlsx->sheet;
    struct sheet__rows *rows = arena_one(sheet->arena, struct sheet__rows);
    rows->xlsx = xlsx;
    if (!sheet__merges_read(xlsx, part_name, &rows->merges))
        return false;
    rows->active = arena_array(sheet->arena, rows->merges.count, struct sheet__merge *);
    struct sheet__part *part = sheet__part_open(xlsx->zip, part_name);
    if (part == NULL)
        return false;
    rows->xml = sheet__xml_open(sheet, part, &handlers, rows);
    xlsx->rows = rows;
    return true;
}

void sheet__rows_close(struct sheet__xlsx *xlsx)
{
    if (xlsx->rows != NULL)
        sheet__xml_close(xlsx->rows->xml);
    xlsx->rows = NULL;
}

enum sheet_step sheet__xlsx_next(struct sheet *sheet)
{
    return sheet__xml_run(sheet->xlsx->rows->xml);
}
