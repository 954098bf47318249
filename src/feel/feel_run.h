/*
 * A run: the account of limits that everything is charged to which walks expressions or values, and
 * what the evaluator, the operators and the built-in functions share.
 */
#ifndef DIANJI_FEEL_FEEL_RUN_H
#define DIANJI_FEEL_FEEL_RUN_H

#include "base/arena.h"
#include "feel/feel.h"
#include "feel/feel_number.h"
#include "feel/feel_program.h"

enum { FEEL__REPORTS_MOST = 64 };

struct feel__regex;

struct feel_run {
    struct arena *arena;
    struct instant now;
    uint32_t depth_left;
    uint64_t steps_left;
    size_t bytes_most; /* arena_used() at which the run ends */
    bool has_ended;
    enum feel_fault end;                /* why, where it has */
    const struct feel_program *program; /* being evaluated, for the places of reports; or NULL */
    const struct feel__node *node;
    struct feel_report *reports;
    size_t report_count;
    struct feel__regex *regexes; /* compiled so far */
};

/* Whether so many more bytes fit, asked before one large allocation. */
bool feel__has_room(struct feel_run *run, size_t bytes);

/* Reports; gives null. */
struct feel_value feel__fault(struct feel_run *run, enum feel_fault fault, const char *about);
/* The same of values that do not go with an operation: "number + string". */
struct feel_value feel__wrong_kinds(struct feel_run *run, struct feel_value a, const char *between,
                                    struct feel_value b);
const char *feel__kind_name(enum feel_kind kind);

struct feel_value feel__evaluate(struct feel_run *run, const struct feel__node *node,
                                 const struct feel__frame *frame);

/* --- operators --- */

struct feel_value feel__arithmetic(struct feel_run *run, enum feel__op op, struct feel_value a,
                                   struct feel_value b);
struct feel_value feel__negative(struct feel_run *run, struct feel_value value);
struct feel_value feel__comparison(struct feel_run *run, enum feel__op op, struct feel_value a,
                                   struct feel_value b);
/* The value of a context's entry or of a property; false, without a report, where there is none. */
bool feel__member(struct feel_run *run, struct feel_value value, struct feel_text name,
                  struct feel_value *ret);
/* Equal, and comparable at all. */
bool feel__is_equal(struct feel_run *run, struct feel_value a, struct feel_value b);
/* Null where the ends cannot be those of a range. */
struct feel_value feel__range(struct feel_run *run, const struct feel_range *range);
/* As is() finds it: no conversion between clocks, no tolerance. */
bool feel__identical(struct feel_run *run, struct feel_value a, struct feel_value b);

static inline bool feel__is_true(struct feel_value value)
{
    return value.kind == FEEL_BOOLEAN && value.boolean;
}

static inline bool feel__is_false(struct feel_value value)
{
    return value.kind == FEEL_BOOLEAN && !value.boolean;
}

/* --- lists while they are made --- */

struct feel__items {
    struct feel_run *run;
    struct feel_value *items;
    size_t count;
    size_t capacity;
};
struct feel__items feel__items_new(struct feel_run *run, size_t capacity);
void feel__items_add(struct feel__items *items, struct feel_value value);
struct feel_value feel__items_list(const struct feel__items *items);
/* A value that is no list as a list of one. */
struct feel_list feel__as_list(const struct feel_value *value);

/* --- functions --- */

struct feel_function {
    const struct feel_type *type; /* parameters and result; a built-in's is "function" */
    const struct feel__builtin *builtin;
    const struct feel__lambda *lambda;
    const struct feel_value *captures;
    feel_host *host;
    const void *self;
};

/* The function of that name with all its forms; NULL where there is none. */
const struct feel_function *feel__builtin_find(struct arena *arena, struct feel_text name);
/* The names of all of them, some more than once; bytes NULL behind the last. */
struct feel_text feel__builtin_name(size_t i);
/* What a call with so many arguments will give. */
const struct feel_type *feel__builtin_result(const struct feel_function *function, size_t count);
/* Whether it always gives the same for the same. */
bool feel__builtin_is_pure(const struct feel_function *function);
/* Whether some form takes such arguments; their values are not looked at. */
bool feel__builtin_takes(const struct feel_function *function, const struct feel__named *arguments,
                         size_t count);
struct feel_value feel__builtin_call(struct feel_run *run, const struct feel_function *function,
                                     const struct feel_argument *arguments, size_t count);
/* A function with arguments by position, for those that take one: sort, list replace. */
struct feel_value feel__apply(struct feel_run *run, const struct feel_function *function,
                              const struct feel_value *arguments, size_t count);

#endif
