/*
 * Ids: 63-bit numbers that grow with time, made by the program so that nothing depends on a
 * database's sequences and rows can be spread over machines. Each noun has its own struct
 * (generated into ids.h from the rooms' .dict files), so that a person's id cannot be passed where
 * a class's is wanted.
 *
 * Layout: 42 bits of milliseconds since 2020-01-01Z, 8 bits of node, 13 bits of sequence. In URLs
 * and JSON an id is 13 characters of lower-case Crockford base 32, because JavaScript rounds
 * integers above 2^53.
 */
#ifndef DIANJI_BASE_ID_H
#define DIANJI_BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/day.h"

#define ID_TYPE(name)                                                                              \
    typedef struct {                                                                               \
        int64_t v;                                                                                 \
    } name

enum { ID_TEXT_LENGTH = 13 };

/* Shared by all threads; next() is lock-free. */
struct id_source {
    _Atomic uint64_t last;
    uint8_t node;
};

/* Greater than every id that this source gave before; waits for no clock, steps over a clock set
 * back. */
int64_t id_next(struct id_source *source, struct instant now);

void id_format(int64_t id, char ret[ID_TEXT_LENGTH + 1]);
bool id_parse(const char *text, int64_t *ret) __attribute__((warn_unused_result));

#endif
