/*
 * What passes between the program and the child that reads a file for it, over a socket. Both are
 * the same program, so plain structs do; but the child has read what nobody may trust, so the
 * program believes nothing of what it says (sheet_apart.c).
 */
#ifndef DIANJI_SHEET_SHEET_WIRE_H
#define DIANJI_SHEET_SHEET_WIRE_H

#include "sheet/sheet_room.h"

enum {
    SHEET__WIRE_SOCKET = 0,               /* the child's descriptors: commands and answers, */
    SHEET__WIRE_FILE = 3,                 /* and the file */
    SHEET__WIRE_BATCH_BYTES = 256 * 1024, /* rows are sent when there are as many */
    SHEET__WIRE_ANSWER_BYTES_MOST = 8 << 20,
};

/* The first thing that the child hears; then one command after the other. */
struct sheet__wire_start {
    struct sheet_limits limits;
    uint64_t file_bytes;
};

struct sheet__wire_command {
    int32_t select; /* the worksheet to go to, or -1: on with the rows of this one */
};

/* Followed by `bytes` bytes: after the start and a selection, the worksheets where `step` is
 * SHEET_ROW; after "on", rows. */
struct sheet__wire_answer {
    int32_t step; /* SHEET_ROW: there may be more; SHEET_END; SHEET_BAD */
    int32_t refusal;
    int64_t row_number; /* of a refusal */
    int32_t is_1904;
    uint32_t bytes;
};

struct sheet__wire_worksheet {
    int32_t is_hidden;
    uint32_t name_bytes; /* the name follows */
};

struct sheet__wire_row {
    int64_t number;
    int32_t is_hidden;
    uint32_t count; /* cells follow */
};

struct sheet__wire_cell {
    int32_t column;
    uint8_t kind;
    uint8_t is_date;
    uint8_t is_merged_copy;
    uint8_t unused;
    uint32_t text_bytes; /* the text follows, with a NUL that is not counted */
};

/* A child with these as its descriptors, whose other end is `mine`: a descriptor of the child
 * (pidfd_open), or -1 with errno. */
int sheet__start_child(int mine, int socket, int file);

/* From here on this process can compute, read and write what it has open, and nothing else. */
bool sheet__give_up_everything(void);

#endif
