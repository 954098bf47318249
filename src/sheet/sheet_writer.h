/* What the writers of the formats share. */
#ifndef DIANJI_SHEET_SHEET_WRITER_H
#define DIANJI_SHEET_SHEET_WRITER_H

#include "sheet/sheet.h"

struct sheet__book;

struct sheet_writer {
    struct arena *arena;
    const struct sheet_table *table;
    struct sheet__book *book; /* NULL for delimited text, */
    struct buffer out;        /* which is written here */
    struct buffer scratch;    /* for one cell, */
    struct buffer faults;     /* and for a row's faults */
};

struct sheet__book *sheet__book_new(struct arena *arena, const struct sheet_table *table);
void sheet__book_titles(struct sheet__book *book);
void sheet__book_row(struct sheet__book *book, const struct sheet_value *values, size_t count);
struct bytes sheet__book_finish(struct sheet__book *book);

/* A row's faults in words, each after its column's title, in place of what `ret` held. */
void sheet__faults_text(const struct sheet_table *table, const struct sheet_value *values,
                        size_t count, struct buffer *ret);
/* Whether the text is a number as this program writes them: -1234.50 */
bool sheet__is_plain_number(const char *text);

#endif
