/* What the readers share: the row being built, and what each format must be able to do. */
#ifndef DIANJI_SHEET_SHEET_ROOM_H
#define DIANJI_SHEET_SHEET_ROOM_H

#include "sheet/sheet.h"

enum { SHEET__ROW_TEXT_BYTES = 1 << 20 };

/*
 * The row being read. Its text lies in one block that is allocated once, its cells in an array that
 * grows to the widest row: a hundred thousand rows take no more memory than the largest of them.
 */
struct sheet__row {
    struct arena *arena;
    struct sheet_cell *cells;
    size_t count;
    size_t capacity;
    char *text;
    size_t text_used;
    size_t text_capacity;
};

struct sheet__csv;
struct sheet__xlsx;

struct sheet {
    struct arena *arena;
    struct sheet_limits limits;
    struct sheet__csv *csv;   /* one of the two */
    struct sheet__xlsx *xlsx; /* is not NULL */
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
enum sheet_step sheet__refuse(struct sheet *sheet, enum sheet_refusal refusal);

struct sheet__csv *sheet__csv_open(struct sheet *sheet, struct bytes file);
void sheet__csv_rewind(struct sheet *sheet);
/* Reads one record into sheet->row; it may turn out blank. */
enum sheet_step sheet__csv_next(struct sheet *sheet);

/* The file as UTF-8 without its mark; data NULL, and refused, where it is no text. */
struct bytes sheet__text_of(struct sheet *sheet, struct bytes file);

#endif
