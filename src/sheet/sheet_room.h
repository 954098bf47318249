/* What the readers share: the row being built, and what each format must be able to do. */
#ifndef DIANJI_SHEET_SHEET_ROOM_H
#define DIANJI_SHEET_SHEET_ROOM_H

#include "sheet/sheet.h"

enum { SHEET__ROW_TEXT_BYTES = 1 << 20, SHEET__ROW_NUMBER_MOST = 1 << 20 };

/*
 * The row being read. Its text lies in one block that is allocated once, its cells in an array that
 * grows to the widest row: a hundred thousand rows take no more memory than the largest of them.
 */
struct sheet__row {
    struct sheet_cell *cells;
    size_t count;
    size_t capacity;
    char *text;
    size_t text_used;
    bool is_hidden;
};

struct sheet__csv;
struct sheet__xlsx;
struct sheet__apart;

struct sheet {
    struct arena *arena;
    struct sheet_limits limits;
    struct sheet__csv *csv; /* one of the three is not NULL */
    struct sheet__xlsx *xlsx;
    struct sheet__apart *apart; /* read by a child */
    struct sheet__row row;
    int64_t row_number;
    int64_t rows_read;
    enum sheet_refusal refusal;
};

/* Room for `length` bytes and a NUL in the row's text; NULL, and refused, where the row is full. */
char *sheet__row_reserve(struct sheet *sheet, size_t length);
/* Takes the reserved text as a cell; false where a limit refuses it. An empty text is no cell. */
bool sheet__row_take(struct sheet *sheet, struct sheet_cell cell, size_t length);
/* Adds a cell whose text lies elsewhere. */
bool sheet__row_add(struct sheet *sheet, struct sheet_cell cell);
/* The most bytes that a cell's text may have in UTF-8. */
size_t sheet__cell_bytes_most(const struct sheet *sheet);
/* Keeps the first reason; returns SHEET_BAD. */
enum sheet_step sheet__refuse(struct sheet *sheet, enum sheet_refusal refusal);

struct sheet__csv *sheet__csv_open(struct sheet *sheet, struct bytes file);
void sheet__csv_rewind(struct sheet *sheet);
/* Reads one record into sheet->row; it may turn out blank. */
enum sheet_step sheet__csv_next(struct sheet *sheet);

/* The file as UTF-8 without its mark; data NULL, and refused, where it is no text. */
struct bytes sheet__text_of(struct sheet *sheet, struct bytes file);

/* --- the package that a workbook is --- */

/* NULL, and refused, where the bytes are no package that can be trusted. */
struct sheet__zip *sheet__zip_open(struct sheet *sheet, struct bytes file);
/* A part by its name; NULL, and refused, where it is encrypted; NULL alone where there is none. */
struct sheet__part *sheet__part_open(struct sheet__zip *zip, const char *name);
/* How many bytes of `bytes` were filled, 0 at the end, -1 and refused where the part is damaged or
 * unpacks to more than the limits allow. */
int sheet__part_read(struct sheet__part *part, void *bytes, int capacity);

void sheet__part_close(struct sheet__part *part); /* before the arena does */

/* --- the XML in a part --- */

/* Called with names that have lost their namespace's prefix. */
struct sheet__xml_handlers {
    void (*start)(void *argument, const char *name, const char *const *attributes);
    void (*end)(void *argument, const char *name);
    /* NULL where none is wanted. Allocates nothing: no fault may come out of it. */
    void (*text)(void *argument, const char *text, int length);
};
/* Closed with the arena, or, with its part, by sheet__xml_close(). */
struct sheet__xml *sheet__xml_open(struct sheet *sheet, struct sheet__part *part,
                                   const struct sheet__xml_handlers *handlers, void *argument);
void sheet__xml_close(struct sheet__xml *xml);
/* On to the next sheet__xml_pause() (SHEET_ROW), the end of the part, or a refusal. */
enum sheet_step sheet__xml_run(struct sheet__xml *xml);
/* For handlers: lets sheet__xml_run() return after this handler. */
void sheet__xml_pause(struct sheet__xml *xml);
/* For handlers: nothing more is parsed. */
void sheet__xml_refuse(struct sheet__xml *xml, enum sheet_refusal refusal);
/* The value of an attribute by its name without prefix, or NULL. */
const char *sheet__xml_attribute(const char *const *attributes, const char *name);

/* --- workbooks --- */

struct sheet__worksheet {
    const char *name;
    const char *part;
    bool is_hidden;
};

struct sheet__xlsx *sheet__xlsx_open(struct sheet *sheet, struct bytes file);
/* Before the first row of the i-th worksheet; false where refused. */
bool sheet__xlsx_select(struct sheet__xlsx *xlsx, int i);
/* Reads one row into sheet->row; it may turn out blank. */
enum sheet_step sheet__xlsx_next(struct sheet *sheet);
const struct sheet__worksheet *sheet__xlsx_worksheets(const struct sheet__xlsx *xlsx,
                                                      int *ret_count);
bool sheet__xlsx_is_1904(const struct sheet__xlsx *xlsx);

/* --- files that are read by a child --- */

bool sheet__apart_select(struct sheet *sheet, int i);
enum sheet_step sheet__apart_next(struct sheet *sheet);
const struct sheet__worksheet *sheet__apart_worksheets(const struct sheet__apart *apart,
                                                       int *ret_count);
bool sheet__apart_is_1904(const struct sheet__apart *apart);

#endif
