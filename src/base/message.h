/*
 * What is said to a person: a key of the words catalogue, the values that its {placeholders} take,
 * and the HTTP status and clause that go with it. Rules never write sentences; the catalogue of the
 * reader's language does.
 */
#ifndef DIANJI_BASE_MESSAGE_H
#define DIANJI_BASE_MESSAGE_H

#include <stddef.h>

struct argument {
    const char *name;  /* of the {placeholder} */
    const char *value; /* already in the reader's form */
};

enum { MESSAGE_ARGUMENTS_MAX = 6 };

struct message {
    const char *key; /* "class_submit.wrong_state"; NULL where there is no message */
    struct argument arguments[MESSAGE_ARGUMENTS_MAX]; /* up to the first with a NULL name */
};

/*
 * One possible answer of a rule, generated from the `outcome` lines of a room's .dict file: its
 * code is the message key, its status the HTTP status (below 400 commits, the others roll back),
 * its clause the law that it rests on, or NULL.
 */
struct outcome_info {
    const char *code;
    int status;
    const char *clause;
};

#endif
