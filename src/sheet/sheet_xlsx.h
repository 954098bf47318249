/* The workbook as the row reader sees it. */
#ifndef DIANJI_SHEET_SHEET_XLSX_H
#define DIANJI_SHEET_SHEET_XLSX_H

#include "sheet/sheet_room.h"

/* Texts that cells share: the cell has the text's number. */
struct sheet__texts {
    const char **items;
    size_t count;
    size_t capacity;
};

struct sheet__xlsx {
    struct sheet *sheet;
    struct sheet__zip *zip;
    struct sheet__worksheet *worksheets;
    int count;
    bool is_1904;
    bool *is_date; /* by the number of a cell's format */
    size_t format_count;
    struct sheet__texts texts;
    size_t text_bytes;        /* kept for the life of the sheet, against limits.text_bytes */
    struct sheet__rows *rows; /* of the selected worksheet */
};

/* Keeps a text beyond its row; NULL, and refused, where all kept texts are too much. */
const char *sheet__xlsx_keep(struct sheet__xlsx *xlsx, const char *text, size_t length);
/* _x000D_ is how a workbook writes what XML cannot hold. In place; returns the new length. */
size_t sheet__xlsx_unescape(char *text, size_t length);

/* Reads styles.xml, sharedStrings.xml; false where refused. A workbook may have neither. */
bool sheet__styles_read(struct sheet__xlsx *xlsx, const char *part_name);
bool sheet__texts_read(struct sheet__xlsx *xlsx, const char *part_name);
/* Whether a format shows a number as a day: "yyyy\-mm\-dd", but not "0.00" and not "h:mm". */
bool sheet__is_date_format(const char *format);

/* Rectangles of cells that show their first cell's value. */
struct sheet__merge {
    int64_t first_row, last_row; /* from 1 */
    int first_column, last_column;
    struct sheet_cell value; /* text NULL until its cell was read, or where that is empty */
};
struct sheet__merges {
    struct sheet__merge *items; /* by first row */
    size_t count;
    size_t capacity;
};
/* Looks for the worksheet's merged ranges, which stand behind its rows. */
bool sheet__merges_read(struct sheet__xlsx *xlsx, const char *part_name, struct sheet__merges *ret);
/* "B12" → column 1, row 12. Returns what follows, or NULL. */
const char *sheet__reference_read(const char *text, int *ret_column, int64_t *ret_row);

bool sheet__rows_open(struct sheet__xlsx *xlsx, const char *part_name);
void sheet__rows_close(struct sheet__xlsx *xlsx);

#endif
