/*
 * Tables from people's spreadsheets, row by row, out of bytes that nobody may trust; and tables
 * written for people's spreadsheets.
 *
 * What a file is, is told by its content, never by its name: XLSX (ISO/IEC 29500), or delimited
 * text (RFC 4180 and what programs really write: commas, semicolons, tabs or bars, a `sep=` line,
 * ="…" around numbers; UTF-8, UTF-16 with its mark, or GB18030). Everything else is refused with
 * the reason, in time and memory that the limits bound.
 *
 * Numbers keep the digits that stand in the file: nothing here is binary floating point, so an
 * identity number that a spreadsheet has already rounded is delivered just as it was spoilt.
 */
#ifndef DIANJI_SHEET_SHEET_H
#define DIANJI_SHEET_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"
#include "base/text.h"
#include "sheet_dict.h"

struct arena;
struct sheet;

/* The most that is read; sheet_limits_usual is what a spreadsheet program itself can hold, and less
 * where a file of that size could not be meant. */
struct sheet_limits {
    size_t file_bytes;
    size_t unpacked_bytes; /* of all parts of a workbook that are read */
    size_t text_bytes;     /* of the texts that a workbook's cells share */
    int64_t unpack_ratio;  /* unpacked : packed, of one part */
    int64_t rows;          /* that have a cell */
    int columns;
    size_t cell_characters;
};
extern const struct sheet_limits sheet_limits_usual;

enum sheet_cell_kind {
    SHEET_CELL_TEXT,
    SHEET_CELL_NUMBER,  /* text is the literal in the file: "45723", "5.3E+17" */
    SHEET_CELL_BOOLEAN, /* "TRUE" or "FALSE" */
    SHEET_CELL_ERROR,   /* "#N/A" … */
};

struct sheet_cell {
    int column; /* 0 is A */
    enum sheet_cell_kind kind;
    bool is_date;        /* a number that the spreadsheet shows as a day: sheet_serial_day() */
    bool is_merged_copy; /* repeats the first cell of its merged range */
    const char *text;    /* UTF-8, never NULL, never "" */
};

/* A row that has a cell. Cells stand in the order of their columns; an empty one is not there. */
struct sheet_row {
    int64_t number; /* as the spreadsheet counts: the first is 1, blank rows are counted */
    bool is_hidden; /* hidden by hand or by a filter */
    size_t count;
    const struct sheet_cell *cells;
};

/*
 * Reads what the file is. NULL, with the reason, where it is no table. The file's bytes must stay
 * while the sheet is used; everything else comes from the arena and is closed with it.
 */
struct sheet *sheet_open(struct arena *arena, struct bytes file, const struct sheet_limits *limits,
                         enum sheet_refusal *ret_refusal) __attribute__((warn_unused_result));

/*
 * The same, in a child process that has the file and nothing else: it can open, start and connect
 * to nothing, and ends where its time and memory do (then the file is refused as a bomb). For bytes
 * from outside. The child is this program again, as `dianji sheet-child`: main() must hand that
 * word to sheet_child_main() before it does anything else.
 */
struct sheet *sheet_open_apart(struct arena *arena, struct bytes file,
                               const struct sheet_limits *limits, enum sheet_refusal *ret_refusal)
    __attribute__((warn_unused_result));
int sheet_child_main(void);
/*
 * For a program that will give up starting others (base/confine.h): makes a process that starts the
 * children for it. To be called once, before there are threads or secrets; false with errno where
 * there can be none. Its main() hands a sole argument "sheet-nursery" to sheet_nursery_main().
 */
bool sheet_nursery_start(void) __attribute__((warn_unused_result));
int sheet_nursery_main(void);

/* Worksheets, in the order of the workbook; delimited text is one, named "". */
int sheet_count(const struct sheet *sheet);
const char *sheet_name(const struct sheet *sheet, int i);
bool sheet_is_hidden(const struct sheet *sheet, int i);
/* Whether the workbook counts days from 1904. */
bool sheet_is_1904(const struct sheet *sheet);

/* Goes before the first row of a worksheet; sheet_open() goes to the first that is not hidden.
 * False where it cannot be read: sheet_refusal_of() says why. */
bool sheet_select(struct sheet *sheet, int i) __attribute__((warn_unused_result));

enum sheet_step {
    SHEET_ROW, /* *ret is filled, until the next call */
    SHEET_END,
    SHEET_BAD, /* the rest cannot be read: sheet_refusal_of() and sheet_row_number() say why, where
                */
};
enum sheet_step sheet_next(struct sheet *sheet, struct sheet_row *ret)
    __attribute__((warn_unused_result));
enum sheet_refusal sheet_refusal_of(const struct sheet *sheet); /* 0 where nothing was refused */
int64_t sheet_row_number(const struct sheet *sheet); /* of the row read last, or refused */

/* The row's cell in this column, or NULL. */
const struct sheet_cell *sheet_cell_at(const struct sheet_row *row, int column);

/* "A" … "XFD". */
struct sheet_column_name {
    char text[4];
};
struct sheet_column_name sheet_column_name(int column);

/* The day that a date cell's literal stands for; its time of day is dropped. False where it is no
 * number, or no day: 0, and the 29 February 1900 that spreadsheets believe in. */
bool sheet_serial_day(const char *literal, bool is_1904, struct day *ret)
    __attribute__((warn_unused_result));
/* A number cell's literal without exponent and without needless zeros: "5.30102E+17" gives
 * "530102000000000000". NULL where it is no number, or one of more than 400 digits. */
const char *sheet_number_plain(struct arena *arena, const char *literal);

/* --- writing --- */

enum sheet_format {
    SHEET_XLSX,
    /* For a spreadsheet program: numbers that it would spoil, and texts that it would run as a
     * formula, stand in ="…"; reading them back gives the text. UTF-8 with its mark. */
    SHEET_CSV,
    /* For another program: RFC 4180 and nothing else, UTF-8 without a mark. */
    SHEET_CSV_PLAIN,
};

enum sheet_column_kind {
    SHEET_COLUMN_TEXT, /* whatever is typed stays as it is typed: no number is rounded */
    SHEET_COLUMN_NUMBER,
    SHEET_COLUMN_AMOUNT, /* a number with two decimals */
};

struct sheet_column {
    const char *title;
    enum sheet_column_kind kind;
    int width;                  /* in letters; 0: that of the title */
    const char *const *choices; /* what a cell may hold, as a drop-down list; ends in NULL */
    const char *hint;           /* shown while a cell is being filled in, or NULL */
};

struct sheet_table {
    enum sheet_format format;
    const char *name; /* of the tab; up to 31 characters */
    const struct sheet_column *columns;
    size_t column_count;
    const char *fault_title; /* of one more column, with the faults of each row in words; or NULL */
};

/* A cell to be written. A fault marks it red, with what is wrong as a comment on it. */
struct sheet_value {
    const char *text;  /* NULL: empty */
    const char *fault; /* NULL: none */
};

struct sheet_writer;
/* The table must stay until the end. Rows follow each other; titles stand wherever they are called
 * for, and stay in view from there on. Rows may be longer or shorter than the titles. */
struct sheet_writer *sheet_writer_new(struct arena *arena, const struct sheet_table *table);
void sheet_write_titles(struct sheet_writer *writer);
void sheet_write_row(struct sheet_writer *writer, const struct sheet_value *values, size_t count);
const char *sheet_content_type(enum sheet_format format); /* of HTTP */
/* The whole file, in the arena. Nothing can be written after it. */
struct bytes sheet_writer_finish(struct sheet_writer *writer);

#endif
