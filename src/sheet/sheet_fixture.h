/* For tests: a whole table as one line of text, so that an expectation is read at a glance. */
#ifndef DIANJI_SHEET_SHEET_FIXTURE_H
#define DIANJI_SHEET_SHEET_FIXTURE_H

#include "sheet/sheet.h"

/*
 * "1 A=姓名 B=年龄; 3 A=王小明 B=#30": rows by number, cells by column. A number begins with #, a
 * boolean with ?, an error with !; a date ends in @, a merged copy in ^; a hidden row's number in
 * h. A refusal is "sheet_refusal.damaged", after the rows before it, with " at N" where it was met
 * at a row.
 */
const char *sheet_fixture_rows(struct arena *arena, struct sheet *sheet);
const char *sheet_fixture_read(struct arena *arena, struct bytes file,
                               const struct sheet_limits *limits);

/* A package of the named parts, up to a NULL name. */
struct sheet_fixture_part {
    const char *name;
    const char *text;
    size_t length; /* 0: the length of the text */
};
struct bytes sheet_fixture_package(struct arena *arena, const struct sheet_fixture_part *parts);
/* A workbook of one worksheet: what stands in its root element, in its list of shared texts and in
 * its styles; the latter two may be NULL. */
struct sheet_fixture_workbook {
    const char *worksheet;
    const char *texts;
    const char *styles;
};
struct bytes sheet_fixture_workbook(struct arena *arena,
                                    const struct sheet_fixture_workbook *workbook);

#endif
