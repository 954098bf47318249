/*
 * Rosters 学员名册 out of the spreadsheets that offices really use (意见 二.18).
 *
 * A file is read in one streaming pass: the header is found below any title rows, columns in any
 * order by the dictionary's accepted titles; each cell passes its field's rule; what is wrong is
 * said at its row and column with how to mend it. The answer is a preview, by the class's own rules
 * for each person, and the file again with its faults marked. Nothing becomes a person or an
 * enrolment until somebody accepts it; accepting twice, or uploading the same file again, changes
 * nothing; an accepted import can be undone as a whole until someone of it has been to a session.
 */
#ifndef DIANJI_ROSTER_ROSTER_H
#define DIANJI_ROSTER_ROSTER_H

#include "base/ctx.h"
#include "base/text.h"
#include "dictionary/dictionary.h"
#include "roster_dict.h"
#include "roster_rows.h"
#include "web/web.h"

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
    const struct roster_fault *fault; /* the first of the row, or NULL */
    const struct roster_fault *doubt; /* of a row without faults: what somebody should look at */
};
struct roster_reading {
    enum roster_upload outcome; /* ROSTER_UPLOAD_DONE where a header was found and rows were read */
    const char *detail;         /* of a refusal: which column, why the file cannot be read */
    int sheet;                  /* the one with the header */
    int64_t header_row;
    const char *const *titles; /* by column, NULL where there is none */
    size_t title_count;
    int64_t rows;       /* that hold something, below the header */
    int64_t accepted;   /* without a fault */
    int64_t registered; /* of the accepted, where the registry was asked */
    size_t fault_count;
    struct roster_fault *faults; /* in the order of their rows */
    size_t doubt_count;
    struct roster_fault *doubts; /* of rows without faults, in their order */
    size_t line_count;           /* only where `keeps_lines` was asked for */
    struct roster_read_line *lines;
};
struct roster_options {
    bool keeps_lines; /* for a preview; a mere check stays in bounded memory */
    /* Looks the people up among those who are registered, in the ctx's transaction; without it a
     * file is checked by itself, and there need be no database. */
    bool asks_registry;
};
/* Reads and checks a file. The bytes are read in a child (sheet/sheet.h). */
void roster_read(struct ctx *ctx, struct bytes file, struct roster_options options,
                 struct roster_reading *ret);
/* The document of `dianji roster check --json`. */
void roster_json(const struct roster_reading *reading, struct ctx *ctx, struct buffer *out);

struct roster_file {
    training_class_id class;
    const char *file_name;
    struct bytes content;  /* kept, so that it can be handed back with its faults marked */
    const char *file_hash; /* SHA-256, hexadecimal */
    const struct roster_reading *reading;
};
/* Stages the preview. The same file again gives the import that it gave before. */
enum roster_upload roster_stage(struct ctx *ctx, const struct roster_file *file,
                                roster_import_id *ret) __attribute__((warn_unused_result));
/*
 * Registers and enrols every good line, in one transaction; never more than the class has seats.
 * Doubtful lines stay aside until somebody has looked at them: then `takes_doubtful`, also later.
 */
struct roster_acceptance {
    roster_import_id import;
    bool takes_doubtful;
};
enum roster_accept roster_accept(struct ctx *ctx, const struct roster_acceptance *acceptance,
                                 int64_t *ret_enrolled) __attribute__((warn_unused_result));
enum roster_undo roster_undo(struct ctx *ctx, roster_import_id id)
    __attribute__((warn_unused_result));

extern const struct route roster_routes[];

#endif
