/*
 * What an expression is compiled to: a tree of nodes in an arena, each with the type of its value,
 * every name already a slot. A node never changes once the compiler has returned, so threads share
 * it.
 */
#ifndef DIANJI_FEEL_FEEL_PROGRAM_H
#define DIANJI_FEEL_FEEL_PROGRAM_H

#include "feel/feel.h"

enum feel__op {
    FEEL__CONSTANT,
    FEEL__SLOT,    /* of the evaluation */
    FEEL__LOCAL,   /* of the frame: parameters, variables of loops and contexts */
    FEEL__CAPTURE, /* what a function took with it from where it was made */
    FEEL__SELF,    /* as such a capture: the function itself */
    FEEL__FIELD,   /* a name in a filter over items whose fields nobody knew */

    FEEL__NEGATE, /* left */
    FEEL__ADD,    /* left, right, as all up to OR */
    FEEL__SUBTRACT,
    FEEL__MULTIPLY,
    FEEL__DIVIDE,
    FEEL__POWER,
    FEEL__EQUAL,
    FEEL__UNEQUAL,
    FEEL__LESS,
    FEEL__LESS_EQUAL,
    FEEL__MORE,
    FEEL__MORE_EQUAL,
    FEEL__AND,
    FEEL__OR,

    FEEL__IF,      /* condition, left, right */
    FEEL__BETWEEN, /* condition is the value, left and right its bounds */
    FEEL__INSTANCE,
    FEEL__IN,    /* left in any of the items */
    FEEL__TESTS, /* left (the name "?") under any of the items; has_negation */
    FEEL__HOLDS, /* left, a test that speaks of "?" itself */

    FEEL__LIST,
    FEEL__CONTEXT,
    FEEL__RANGE,
    FEEL__PATH,
    FEEL__FILTER,
    FEEL__FOR,
    FEEL__SOME,
    FEEL__EVERY,
    FEEL__LAMBDA,
    FEEL__CALL,
};

struct feel__node;

/* `name: expression`: an entry of a context, with the local that later entries see it in; or an
 * argument. */
struct feel__named {
    struct feel_text name; /* bytes NULL: an argument by position */
    const struct feel__node *value;
    uint32_t local;
};

/* `local in domain`, or `local in domain..end`. */
struct feel__iterator {
    uint32_t local;
    const struct feel__node *domain;
    const struct feel__node *end; /* NULL: the domain is a list or a range */
};

struct feel__node {
    enum feel__op op;
    uint32_t offset;              /* in the source, for reports */
    uint32_t height;              /* of the tree below */
    const struct feel_type *type; /* of the value; never NULL */
    union {
        struct feel_value constant;
        uint32_t slot;
        struct {
            const struct feel__node *condition, *left, *right;
        };
        struct {
            uint32_t item;                  /* the local that holds the filter's item */
            struct feel_text name;          /* of a path, too */
            const struct feel__node *outer; /* who else it may be, or NULL; the path's left side */
        } field;
        struct {
            const struct feel__node *value;
            const struct feel_type *wanted;
        } instance;
        struct {
            const struct feel__node *value;
            const struct feel__node *const *items;
            size_t count;
            bool is_negated;
        } list;
        struct {
            const struct feel__named *entries;
            size_t count;
        } context;
        struct {
            const struct feel__node *low, *high; /* NULL where the form has none */
            enum feel_range_form form;
            bool low_included, high_included;
        } range;
        struct {
            const struct feel__node *list, *condition;
            uint32_t item;
        } filter;
        struct {
            const struct feel__iterator *iterators;
            const struct feel__node *body;
            uint32_t count;
            uint32_t partial;
        } loop;
        struct {
            const struct feel__node *callee;
            const struct feel__named *arguments;
            size_t count;
        } call;
        const struct feel__lambda *lambda;
    };
};

/* A function written in FEEL. Its locals: parameters, then variables. */
struct feel__lambda {
    const struct feel_program *program;
    const struct feel__node *body; /* NULL: external, which nobody here runs */
    struct feel_type type;
    const struct feel__node *const *captures; /* evaluated where the function is made */
    size_t capture_count;
    uint32_t local_count;
};

struct feel_program {
    const struct feel__node *root;
    struct feel_text text;
    struct feel_place first;
    uint32_t local_count;
    size_t slot_count;
    const bool *uses; /* by slot */
};

/* What names stand for while an expression is evaluated. */
struct feel__frame {
    const struct feel_value *slots;
    struct feel_value *locals;
    const struct feel_value *captures;
};

struct feel_place feel__place(const struct feel_program *program, uint32_t offset);

#endif
