/*
 * A model as the room's files share it: elements, types, compiled logic. Nothing of it changes once
 * dmn_load() has returned.
 */
#ifndef DIANJI_DMN_DMN_ROOM_H
#define DIANJI_DMN_DMN_ROOM_H

#include "base/arena.h"
#include "dmn/dmn.h"
#include "dmn/dmn_xml.h"

/* --- types --- */

struct dmn__type;

struct dmn__field {
    const char *name;
    const struct dmn__type *type;
};

/* A type with what DMN adds to FEEL's: which values are allowed. */
struct dmn__type {
    const char *name;             /* "" for a part of another */
    const struct feel_type *feel; /* never NULL */
    const struct dmn__type *item; /* of a list: what each item is, else NULL */
    const struct dmn__type *base; /* whose values are allowed must be, too; or NULL */
    const struct dmn__field *fields;
    size_t field_count;
    const struct feel_program *allowed; /* tests of the value; NULL: all */
    struct feel_tests plain;            /* the same, where they are plain */
    const char *allowed_text;           /* "" */
    bool is_checked;                    /* it, or a part of it, has allowed values */
};

/* --- logic --- */

enum dmn__logic_kind {
    DMN__NOTHING, /* what is not there, or could not be understood: null */
    DMN__LITERAL,
    DMN__TABLE,
    DMN__CONTEXT,
    DMN__RELATION,
    DMN__LIST,
    DMN__INVOCATION,
    DMN__FUNCTION,
    DMN__CONDITIONAL,
    DMN__FILTER,
    DMN__FOR,
    DMN__SOME,
    DMN__EVERY,
};

struct dmn__logic;

struct dmn__entry {
    struct feel_text name;        /* bytes NULL: the result */
    const struct dmn__type *type; /* or NULL */
    const struct dmn__logic *logic;
    size_t slot;
};

struct dmn__binding {
    struct feel_text name;
    const struct dmn__logic *logic;
};

struct dmn__function {
    const struct feel_type *type;
    const struct dmn__logic *body;
    const struct dmn__type *const *parameter_types;
    const struct dmn__type *result; /* or NULL */
    size_t outer_slots;             /* of the frame that it is made in: copied */
    size_t self_slot;               /* where it finds itself by its name; SIZE_MAX */
    size_t frame_size;
};

struct dmn__logic {
    enum dmn__logic_kind kind;
    int line;
    const char *where;            /* "context entry x", for remarks; "" */
    const struct dmn__type *type; /* what its value must fit; or NULL */
    union {
        const struct feel_program *program; /* literal */
        const struct dmn__table *table;
        struct {
            const struct dmn__entry *entries;
            size_t count;
        } context;
        struct {
            const struct feel_text *columns;
            size_t column_count;
            const struct dmn__logic *const *cells; /* row by row */
            size_t row_count;
        } relation;
        struct {
            const struct dmn__logic *const *items;
            size_t count;
        } list;
        struct {
            const struct dmn__logic *callee;
            const struct dmn__binding *bindings;
            size_t count;
        } invocation;
        const struct dmn__function *function;
        struct {
            const struct dmn__logic *condition, *then, *otherwise;
        } conditional;
        struct {
            const struct dmn__logic *domain, *body;
            size_t slot; /* of the item; for `for` the one behind it holds what came before */
            const struct feel_text
                *fields; /* of a filter: names of the item's, in the slots behind */
            size_t field_count;
        } loop;
    };
};

/* --- plain tests --- */

/*
 * Most tests list texts, or say true or false: those are compared without their programs. Count 0
 * where the program (NULL: none) is of another kind.
 */
struct feel_tests dmn__plain_tests(struct arena *arena, const struct feel_program *program);

/* Whether the tests are of the value's own kind; else their program decides. */
static inline bool dmn__is_plain(const struct feel_tests *tests, struct feel_value value)
{
    return tests->count > 0 && tests->items[0].kind == value.kind;
}

static inline bool dmn__holds_plainly(const struct feel_tests *tests, struct feel_value value)
{
    bool is_found = false;
    for (size_t i = 0; i < tests->count && !is_found; i++)
        is_found = value.kind == FEEL_STRING ? feel_text_equal(tests->items[i].text, value.text)
                                             : tests->items[i].boolean == value.boolean;
    return is_found != tests->is_negated;
}

/* --- tables --- */

struct dmn__input {
    const struct feel_program *expression; /* NULL: could not be understood */
    const struct dmn__type *type;          /* or NULL */
    const struct feel_program *allowed;    /* tests in the table's frame; NULL: all */
};

struct dmn__output {
    struct feel_text name; /* bytes NULL: the only one */
    const struct dmn__type *type;
    const struct feel_program *allowed;   /* NULL: all */
    const struct feel_program *otherwise; /* the default; NULL */
    const struct feel_value *order;       /* the values, the first before all others */
    size_t order_count;
};

struct dmn__index;

struct dmn__table {
    struct dmn_table shown;
    const struct dmn__input *inputs;
    const struct dmn__output *outputs;
    const struct feel_program *const *cells; /* rule by rule; NULL: any value */
    const struct feel_tests
        *plain; /* of each cell that lists texts or truths: its constants; count 0: another */
    const struct feel_program *const *results; /* rule by rule; NULL: null */
    size_t test_slot;                          /* of "?" */
    bool has_defaults;
    const struct feel_program *fold; /* of the list in its one slot; NULL: no aggregation */
    const struct dmn__index *index;  /* NULL: small, or nothing to find rules by */
};

/* Which rules can match at all, by one column whose cells are mostly constants (dmn_index.c). */
const struct dmn__index *dmn__index_table(struct arena *arena, const struct dmn__table *table);
/* Numbers of rules, ascending; false where every rule may match. */
struct dmn__candidates {
    const uint32_t *found; /* by their constant */
    size_t found_count;
    size_t column;          /* which is then known to match */
    const uint32_t *others; /* whose cell is something else */
    size_t other_count;
};
bool dmn__index_find(const struct dmn__index *index, const struct feel_value *inputs,
                     struct dmn__candidates *ret);

/* --- elements --- */

/* A name with the number of what it stands for. */
struct dmn__name {
    const char *name;
    size_t number;
};
struct dmn__names {
    struct dmn__name *items;
    size_t count;
};

struct dmn__element;

/* A name in the scope of an element's logic. */
struct dmn__required {
    const struct dmn__element *element;
    const struct dmn__import *import; /* NULL: by its own name */
    size_t slot;                      /* of the name, or of the import's context */
};

struct dmn__import {
    const char *name; /* "" : its elements stand beside one's own */
    const char *name_space;
    const struct dmn__file *file; /* NULL: of another kind than DMN */
};

struct dmn__element {
    struct dmn_element shown;
    const struct dmn__file *file;
    const struct dmn__xml *xml;
    const struct dmn__type *type; /* or NULL */
    struct dmn__required *required;
    size_t required_count;
    size_t requirement_slots; /* names that requirements take */
    size_t frame_size;
    const struct dmn__logic *logic;       /* of a decision; NULL: none */
    const struct dmn__function *function; /* of knowledge */
    /* of a service */
    const struct dmn__element *const *outputs;
    size_t output_count;
    const struct dmn__element *const *parameters; /* input data, then input decisions */
    size_t parameter_count;
    struct feel_value callable; /* what knowledge and services are as values */
    size_t height;              /* of what it requires */
};

/* A file that is part of the model. */
struct dmn__file {
    struct dmn_about shown;
    const struct dmn__xml *root;
    const struct dmn__import *imports;
    size_t import_count;
    struct dmn__named_type *types;
    size_t type_count;
    struct dmn__names type_names;
    const struct feel_name *feel_types; /* as expressions of this file may name them */
    size_t feel_type_count;
    size_t first_element; /* in the model's list */
    size_t element_count;
    struct dmn__names ids; /* of elements */
    struct dmn__names names;
};

struct dmn_model {
    const struct dmn__file *const *files; /* its own first */
    size_t file_count;
    const struct dmn__element *elements;
    size_t element_count;
};

static inline const struct dmn__element *dmn__own(const struct dmn_element *element)
{
    return (const struct dmn__element *)element; /* its first member */
}

#endif
