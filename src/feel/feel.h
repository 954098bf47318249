/*
 * FEEL, the Friendly Enough Expression Language of OMG DMN 1.5 (chapter 10): the whole language, so
 * that offices can write conditions and amounts themselves.
 *
 * An expression is compiled once, against the names that it may use and their types, to a tree
 * whose names are already slots. It is then evaluated any number of times, by any number of
 * threads, each with its own run and arena; nothing is allocated outside that arena, and a run's
 * limits end what would go on for too long, too deep or too large.
 *
 * FEEL knows no exception: what cannot be computed is null, and the run keeps a report that says
 * why and where. What the compiler already sees (a name that nobody defined, a text minus a number)
 * is reported then, but still compiles: whoever loads rules of their own house refuses the reports,
 * whoever runs models of others does not.
 *
 * Numbers are decimals of 34 digits (IEEE 754-2008 decimal128), never binary floating point.
 * Strings are counted in code points. Texts are valid UTF-8 without U+0000.
 */
#ifndef DIANJI_FEEL_FEEL_H
#define DIANJI_FEEL_FEEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"
#include "feel_dict.h"

struct arena;
struct feel_run;
struct feel_type;
struct feel_value;

/* --- values --- */

enum feel_kind {
    FEEL_NULL,
    FEEL_BOOLEAN,
    FEEL_NUMBER,
    FEEL_STRING,
    FEEL_DATE,
    FEEL_TIME,
    FEEL_DATE_TIME,
    FEEL_MONTHS, /* years and months duration */
    FEEL_SPAN,   /* days and time duration */
    FEEL_LIST,
    FEEL_CONTEXT,
    FEEL_RANGE,
    FEEL_FUNCTION,
};

/* A piece of UTF-8; no NUL need follow it. */
struct feel_text {
    const char *bytes;
    size_t length;
};

/* A decimal128 in its binary encoding: finite, never NaN. */
struct feel_number {
    uint64_t low, high;
};

struct feel_date {
    int32_t year; /* -999999999 … 999999999, year 0 is there */
    uint8_t month;
    uint8_t day;
};

enum feel_clock_kind {
    FEEL_CLOCK_LOCAL,  /* nobody said where */
    FEEL_CLOCK_OFFSET, /* from UTC */
    FEEL_CLOCK_ZONE,   /* by the rules of a zone of the IANA list */
};

/* A time of day, or with a date a point of time. */
struct feel_moment {
    struct feel_date date; /* of a date and time */
    int32_t second;        /* of the day, 0 … 86399 */
    int32_t nano;
    enum feel_clock_kind clock;
    int32_t offset;        /* seconds east of UTC, where the clock is an offset */
    struct feel_text zone; /* "Asia/Shanghai", where the clock is a zone's */
};

/* Together seconds + nanos / 10⁹; nanos 0 … 999999999, also where seconds is negative. */
struct feel_span {
    int64_t seconds;
    int32_t nanos;
};

struct feel_list {
    const struct feel_value *items;
    size_t count;
};

struct feel_entry;
struct feel_context {
    const struct feel_entry *entries; /* in the order they were written; no name twice */
    size_t count;
};

struct feel_range;
struct feel_function;

struct feel_value {
    enum feel_kind kind;
    union {
        bool boolean;
        struct feel_number number;
        struct feel_text text;
        struct feel_date date;
        const struct feel_moment *moment; /* of a time, and of a date and time */
        int64_t months;
        struct feel_span span;
        struct feel_list list;
        struct feel_context context;
        const struct feel_range *range;
        const struct feel_function *function;
    };
};

struct feel_entry {
    struct feel_text name;
    struct feel_value value;
};

enum feel_range_form {
    FEEL_RANGE_INTERVAL, /* [low..high], with open or closed ends */
    FEEL_RANGE_LESS,     /* (< high) */
    FEEL_RANGE_LESS_EQUAL,
    FEEL_RANGE_MORE, /* (> low) */
    FEEL_RANGE_MORE_EQUAL,
    FEEL_RANGE_EQUAL,   /* (= low), and high is the same */
    FEEL_RANGE_UNEQUAL, /* (!= low), and high is the same */
};

struct feel_range {
    enum feel_range_form form;
    bool low_included;
    bool high_included;
    struct feel_value low; /* null where it has none */
    struct feel_value high;
};

struct feel_value feel_null(void);
struct feel_value feel_boolean(bool truth);
struct feel_value feel_number(struct feel_number number);
struct feel_value feel_integer(int64_t integer);
/* The bytes are not copied. */
struct feel_value feel_string(struct feel_text text);
struct feel_value feel_date(struct feel_date date);
struct feel_value feel_day(struct day day); /* null for DAY_NONE */
struct feel_value feel_list(const struct feel_value *items, size_t count);
struct feel_value feel_context(const struct feel_entry *entries, size_t count);

struct feel_text feel_text(const char *text);
bool feel_text_equal(struct feel_text a, struct feel_text b);
/* The value of a name; NULL where the context has no such name. */
const struct feel_value *feel_context_find(struct feel_context context, struct feel_text name);

/* "12", "-.5", "1.2e3"; nothing else around. False for what is no number, or too large. */
bool feel_number_parse(struct feel_text text, struct feel_number *ret)
    __attribute__((warn_unused_result));
/* False where it has a fraction or does not fit. */
bool feel_number_integer(struct feel_number number, int64_t *ret)
    __attribute__((warn_unused_result));

/*
 * The value that an XML Schema type of `kind` writes as `text` (DMN's test cases and models do):
 * "2025-03-07", "P1Y", "true". A duration's kind may be either of the two. False where it is none.
 */
bool feel_read(struct arena *arena, enum feel_kind kind, struct feel_text text,
               struct feel_value *ret) __attribute__((warn_unused_result));

/* --- types --- */

enum feel_type_kind {
    FEEL_TYPE_ANY,
    FEEL_TYPE_NULL,
    FEEL_TYPE_BOOLEAN,
    FEEL_TYPE_NUMBER,
    FEEL_TYPE_STRING,
    FEEL_TYPE_DATE,
    FEEL_TYPE_TIME,
    FEEL_TYPE_DATE_TIME,
    FEEL_TYPE_MONTHS,
    FEEL_TYPE_SPAN,
    FEEL_TYPE_LIST,     /* of */
    FEEL_TYPE_RANGE,    /* of */
    FEEL_TYPE_CONTEXT,  /* fields; those that a value has besides do not matter */
    FEEL_TYPE_FUNCTION, /* fields are its parameters, of is its result */
};

/* A name with its type; a NULL type is Any. */
struct feel_name {
    struct feel_text name;
    const struct feel_type *type;
};

/* Types are structural, and built by whoever needs one: a literal struct, or in an arena. */
struct feel_type {
    enum feel_type_kind kind;
    const struct feel_type *of; /* NULL: Any */
    const struct feel_name *fields;
    size_t field_count;
};

/* The type without parts of that kind: "list" is list<Any>, "context" context<>. */
const struct feel_type *feel_type_of_kind(enum feel_type_kind kind);
/* "number", "date and time", "Any" …; NULL where FEEL has no type of that name. */
const struct feel_type *feel_type_named(struct feel_text name);
/* Whether each value of `type` is one of `wanted` (10.3.2.9). */
bool feel_type_conforms(const struct feel_type *type, const struct feel_type *wanted);
/* Whether the value is one of the type. Null is one of every type here, as in a variable. */
bool feel_is_of(struct feel_run *run, struct feel_value value, const struct feel_type *type);
/*
 * The value as one of the type (10.3.2.9.4): itself; the item of a list of one; a list of the one
 * item; a date as the date and time of its midnight in UTC; a function that does not say all of its
 * types, where those it says do not contradict. Null, with a report, where none of
 * these is.
 */
struct feel_value feel_coerce(struct feel_run *run, struct feel_value value,
                              const struct feel_type *type);
/* As FEEL writes it: "list<number>", "context<name: string>". */
const char *feel_type_text(struct arena *arena, const struct feel_type *type);

/* --- compiling --- */

struct feel_place {
    int line;   /* counted from 1; 0 where there is no place */
    int column; /* of code points, counted from 1 */
};

/* What was found wrong, where. */
struct feel_report {
    enum feel_fault fault;
    struct feel_place place;
    const char *about; /* the token, name or kinds in question; never NULL */
};

enum feel_form {
    FEEL_EXPRESSION,
    FEEL_UNARY_TESTS,   /* a cell of a decision table: tests of the name "?" */
    FEEL_RANGE_LITERAL, /* an expression whose calls have literals as arguments: range() reads it */
};

struct feel_source {
    struct feel_text text;
    struct feel_place first; /* where it begins in its file; {0} is taken as line 1, column 1 */
    enum feel_form form;
    const struct feel_name *names; /* slot i of an evaluation is the value of names[i] */
    size_t name_count;
    const struct feel_name *types; /* item definitions that `instance of` and parameters may name */
    size_t type_count;
};

struct feel_program;

struct feel_compiled {
    const struct feel_program *program; /* NULL where the text is no FEEL */
    const struct feel_report *reports;  /* the first fault of the text, or all doubts about it */
    size_t report_count;
};

/* The program copies what it needs of the source, except the types. */
struct feel_compiled feel_compile(struct arena *arena, const struct feel_source *source);
/* What a result will be, as far as that can be told before. */
const struct feel_type *feel_program_type(const struct feel_program *program);
/* Whether the slot is looked at anywhere. */
bool feel_program_uses(const struct feel_program *program, size_t slot);
/* The value of a program that is the same whatever the slots are; NULL where it depends on them. */
const struct feel_value *feel_program_constant(const struct feel_program *program);
/* A cell whose tests of "?" are constants, values and ranges, and nothing else. */
struct feel_tests {
    const struct feel_value *items;
    size_t count;
    bool is_negated; /* none of them may hold */
};
/* False where the program is of another kind. */
bool feel_program_tests(struct arena *arena, const struct feel_program *program,
                        struct feel_tests *ret);

/* --- evaluating --- */

struct feel_limits {
    uint32_t depth; /* of expressions and values inside one another, over all calls */
    uint64_t steps; /* parts of expressions and values visited */
    size_t bytes;   /* of the arena */
};
extern const struct feel_limits feel_limits_usual;

/* A piece of work with one time and one account of its limits: a decision with all it requires. */
struct feel_run *feel_run_new(struct arena *arena, struct instant now,
                              const struct feel_limits *limits);
struct arena *feel_run_arena(const struct feel_run *run);
/* What was met since the run began; the first 64. */
const struct feel_report *feel_run_reports(const struct feel_run *run, size_t *ret_count);
/* Whether a limit has ended the run, and which: FEEL_FAULT_TOO_DEEP, TOO_MANY_STEPS or
 * TOO_MUCH_MEMORY. From then on everything in it is null. */
bool feel_run_ended(const struct feel_run *run, enum feel_fault *ret);

/* `slots` holds the values of the source's names, in their order. */
struct feel_value feel_evaluate(struct feel_run *run, const struct feel_program *program,
                                const struct feel_value *slots);
/*
 * Around whatever visits one part of an expression or of a value, here or in a host that evaluates
 * parts of its own. False where a limit ends the run: the visitor then returns null without a look
 * at anything, and does not leave.
 */
bool feel_enter(struct feel_run *run) __attribute__((warn_unused_result));
void feel_leave(struct feel_run *run);

/* --- functions --- */

/* Gets one value for each parameter, already of its type. */
typedef struct feel_value feel_host(struct feel_run *run, const void *self,
                                    const struct feel_value *arguments);

/* A function that is not written in FEEL: a decision service, a business knowledge model. `type` is
 * a function's, with the names of the parameters. */
struct feel_value feel_host_function(struct arena *arena, const struct feel_type *type,
                                     feel_host *host, const void *self);

struct feel_argument {
    struct feel_text name; /* bytes NULL: by position, as are then all of them */
    struct feel_value value;
};
struct feel_value feel_call(struct feel_run *run, struct feel_value function,
                            const struct feel_argument *arguments, size_t count);

/* --- what the language itself says of values --- */

/* FEEL's `=`: true, false, or null where the two cannot be compared. */
struct feel_value feel_equal(struct feel_run *run, struct feel_value a, struct feel_value b);
/* Whether a stands before (-1), with (0) or after (1) b; false where they have no order. */
bool feel_compare(struct feel_run *run, struct feel_value a, struct feel_value b, int *ret)
    __attribute__((warn_unused_result));
/* FEEL's `in`: a value in a range, in a list, or equal to it. */
struct feel_value feel_in(struct feel_run *run, struct feel_value value, struct feel_value test);
/* As string() gives it: the text of a string; everything else as FEEL would write it. */
struct feel_text feel_print(struct feel_run *run, struct feel_value value);

#endif
