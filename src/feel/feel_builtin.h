/*
 * The functions that the language brings along (10.3.4). Each is a row of one table for each form
 * that it has: the names and kinds of its parameters serve calls by place and by name alike.
 */
#ifndef DIANJI_FEEL_FEEL_BUILTIN_H
#define DIANJI_FEEL_FEEL_BUILTIN_H

#include "feel/feel_run.h"

enum { FEEL__PARAMETERS_MOST = 4 };

enum feel__need {
    FEEL__REQUIRED, /* and, unless of any kind, not null */
    FEEL__OPTIONAL, /* null where it is left out */
};

enum feel__form {
    FEEL__PLAIN,
    FEEL__SPREAD, /* the one list may be written as its items: max(1, 2, 3) */
    FEEL__TAIL,   /* the last parameter takes all that is left, as a list */
    FEEL__CLOCK,  /* plain, and not the same at another time */
};

/* Gets a value for each parameter, of its kind. */
typedef struct feel_value feel__body(struct feel_run *run, const struct feel_value *values);

struct feel__parameter {
    const char *name; /* NULL behind the last */
    enum feel_type_kind kind;
    enum feel__need need;
};

struct feel__builtin {
    const char *name; /* the forms of a function stand one after the other */
    feel__body *body;
    enum feel_type_kind result;
    enum feel__form form;
    struct feel__parameter parameters[FEEL__PARAMETERS_MOST + 1];
};

extern const struct feel__builtin feel__builtins[]; /* ends with a NULL name */

/* A value that the function has no answer for; gives null. */
struct feel_value feel__bad_value(struct feel_run *run, struct feel_value value);

/* --- conversion, time --- */
feel__body feel__date_from, feel__date_of_parts, feel__time_from, feel__time_of_parts,
    feel__date_time_from, feel__date_time_of_parts, feel__duration_from, feel__months_between,
    feel__now, feel__today, feel__is, feel__day_of_year_of, feel__day_of_week_of,
    feel__month_of_year_of, feel__week_of_year_of;

/* --- numbers --- */
feel__body feel__number_from, feel__decimal, feel__floor, feel__floor_to, feel__ceiling,
    feel__ceiling_to, feel__round_up, feel__round_down, feel__round_half_up, feel__round_half_down,
    feel__abs, feel__modulo_of, feel__sqrt, feel__log, feel__exp, feel__odd, feel__even;

/* --- booleans, strings --- */
feel__body feel__not, feel__string, feel__substring, feel__string_length, feel__upper_case,
    feel__lower_case, feel__substring_before, feel__substring_after, feel__contains,
    feel__starts_with, feel__ends_with, feel__string_join, feel__matches, feel__replace,
    feel__split;

/* --- lists --- */
feel__body feel__list_contains, feel__count, feel__sublist, feel__append, feel__concatenate,
    feel__insert_before, feel__remove, feel__reverse, feel__index_of, feel__union,
    feel__distinct_values, feel__flatten, feel__sort, feel__list_replace,
    feel__list_replace_matching, feel__min, feel__max, feel__sum, feel__mean, feel__all, feel__any,
    feel__product, feel__median, feel__stddev, feel__mode;

/* --- contexts, ranges --- */
feel__body feel__get_value, feel__get_entries, feel__context_from, feel__context_put,
    feel__context_put_nested, feel__context_merge;
feel__body feel__range_from, feel__before, feel__after, feel__meets, feel__met_by, feel__overlaps,
    feel__overlaps_before, feel__overlaps_after, feel__finishes, feel__finished_by, feel__includes,
    feel__during, feel__starts, feel__started_by, feel__coincides;

#endif
