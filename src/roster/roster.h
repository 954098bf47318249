/*
 * Rosters 学员名册 out of the spreadsheets that offices really use (意见 二.18).
 *
 * A file is read in one streaming pass, a portion of rows at a time: the header is found below any
 * title rows, columns in any order by the dictionary's accepted titles; each cell passes its
 * field's rule; what is wrong is said at its row and column with how to mend it. The answer is a
 * preview, by the class's own rules for each person, and the file again with its faults marked.
 *
 * Nothing becomes a person or an enrolment until somebody accepts it, in one transaction: a class
 * has few seats, however long the file is. Accepting twice, or uploading the same file again,
 * changes nothing; an accepted import can be undone as a whole until someone of it has been to a
 * session.
 *
 * States of an import: reading → previewed → accepted → undone; a file of which the rest cannot be
 * read ends as broken. The upload's own request checks the first portion, which is all there is of
 * most files; the rest of a long one is checked behind the pages (roster_desk_start), a transaction
 * a portion. Where that stops, by whatever, it goes on after the last row that was checked.
 */
#ifndef DIANJI_ROSTER_ROSTER_H
#define DIANJI_ROSTER_ROSTER_H

#include "base/ctx.h"
#include "base/text.h"
#include "dictionary/dictionary.h"
#include "roster_dict.h"
#include "roster_rows.h"
#include "web/web.h"

struct store;

/* --- reading */

/* One fault, where a spreadsheet shows it. */
struct roster_fault {
    int64_t row;
    int column;                /* of the file, from 0; -1: the row as a whole */
    const struct field *field; /* NULL: the row as a whole */
    const char *code;          /* "id-checksum" */
    const char *message;       /* in the reader's words */
};
struct roster_read_line {
    int64_t row;
    struct roster_row values;
    size_t fault_count;
    const struct roster_fault *faults;
    size_t doubt_count; /* of a row without faults: what somebody should look at */
    const struct roster_fault *doubts;
};

/* Where the names of the columns stand. */
struct roster_header {
    enum roster_upload outcome; /* ROSTER_UPLOAD_DONE where there is one, and all that it needs */
    const char *detail;         /* of a refusal: which column, why the file cannot be read */
    int sheet;
    int64_t row;
    const char *const *titles; /* by column, NULL where there is none */
    size_t title_count;
    struct header_match match;
};

enum { ROSTER_PORTION = 1000 };
struct roster_portion {
    size_t count;
    const struct roster_read_line *lines; /* until the next portion */
    bool is_last;
    enum roster_upload outcome; /* of the last: why the rest cannot be read, or that nothing was */
    const char *detail;
};

/* Reads and checks a file by itself, without a database, in a child (sheet/sheet.h). Beside a
 * portion it keeps the numbers that it has seen. The file's bytes and the ctx must stay. NULL where
 * the header's outcome says why. */
struct roster_reader;
struct roster_reader *roster_reader_open(struct ctx *ctx, struct bytes file,
                                         struct roster_header *ret)
    __attribute__((warn_unused_result));
/* Not called again after the last. */
void roster_reader_next(struct roster_reader *reader, struct roster_portion *ret);

struct roster_fault_list {
    size_t count, capacity;
    struct roster_fault *items; /* in the order of their rows */
};
/* A whole file at once, for a report on it. */
struct roster_reading {
    enum roster_upload outcome; /* ROSTER_UPLOAD_DONE where a header was found and rows were read */
    const char *detail;
    struct roster_header header;
    int64_t rows;       /* that hold something, below the header */
    int64_t accepted;   /* without a fault */
    int64_t registered; /* of the accepted, where the registry was asked */
    struct roster_fault_list faults;
    struct roster_fault_list doubts; /* of rows without faults */
};
struct roster_options {
    /* Looks the people up among those who are registered, in the ctx's transaction; without it a
     * file is checked by itself, and there need be no database. */
    bool asks_registry;
};
void roster_read(struct ctx *ctx, struct bytes file, struct roster_options options,
                 struct roster_reading *ret);
/* The document of `dianji roster check --json`. */
void roster_json(const struct roster_reading *reading, struct ctx *ctx, struct buffer *out);

/* --- staging, accepting, undoing */

struct roster_file {
    training_class_id class;
    const char *file_name;
    struct bytes content;  /* kept: for the rest of it, and to be handed back with faults marked */
    const char *file_hash; /* SHA-256, hexadecimal */
    const struct roster_portion *first;
};
/* Stages the preview, or its beginning. The same file again gives the import that it gave before;
 * one that was only looked at is looked at anew. */
enum roster_upload roster_stage(struct ctx *ctx, const struct roster_file *file,
                                roster_import_id *ret) __attribute__((warn_unused_result));
/* Goes on behind the row that was staged last, which the caller has read up to. False, and nothing
 * is changed, where the import is no longer there: another process was ahead, or the same file came
 * again. */
struct roster_continuation {
    roster_import_id import;
    int64_t read_to;
    const struct roster_portion *portion;
};
bool roster_stage_more(struct ctx *ctx, const struct roster_continuation *continuation)
    __attribute__((warn_unused_result));

/*
 * Registers and enrols every good line, in one transaction; never more than the class has seats.
 * Doubtful lines stay aside until somebody has looked at them: then `takes_doubtful`, also later.
 * A line whose number is known under another name opens a correction (registry.h) and stays aside;
 * once that is decided, accepting again takes it in, and so does the file of what stayed out.
 */
struct roster_acceptance {
    roster_import_id import;
    bool takes_doubtful;
};
struct roster_intake {
    int64_t enrolled;
    int64_t waiting; /* aside until the county has decided on their names */
};
enum roster_accept roster_accept(struct ctx *ctx, const struct roster_acceptance *acceptance,
                                 struct roster_intake *ret) __attribute__((warn_unused_result));
enum roster_undo roster_undo(struct ctx *ctx, roster_import_id id)
    __attribute__((warn_unused_result));

/* --- how long uploads are kept (upload_kept_days): that there was one stays, what was in it goes
 */

int64_t roster_uploads_past(struct ctx *ctx, struct instant before);
/* Erases one upload's file, lines and findings; how many uploads: 1, or 0 where none is left. */
int64_t roster_erase_past(struct ctx *ctx, struct instant before);

/* --- behind the pages */

struct roster_desk_options {
    struct store *store;
    const struct pack *pack;
    struct vault *vault;
    struct id_source *ids;
    int64_t clock_offset_ms; /* as web_options has it */
};
/* A thread that reads on where an upload was too long for one answer, one file after the other,
 * those first that a process before this one left. NULL where no thread can be had. */
struct roster_desk;
struct roster_desk *roster_desk_start(const struct roster_desk_options *options,
                                      struct arena *arena);
void roster_desk_stop(struct roster_desk *desk); /* after the portion that it is at */

extern const struct route roster_routes[];

#endif
