/* A model while it is being loaded. */
#ifndef DIANJI_DMN_DMN_LOADER_H
#define DIANJI_DMN_DMN_LOADER_H

#include "dmn/dmn_room.h"

enum {
    DMN__REPORTS_MOST = 200,
    DMN__FILES_MOST = 64,          /* that one model is made of */
    DMN__HEIGHT_MOST = 500,        /* of requirements upon requirements */
    DMN__REQUIREMENTS_MOST = 2000, /* of one element */
    DMN__ENTRIES_MOST = 2000,      /* of one context */
    DMN__CELLS_MOST = 1000000,     /* of one table or relation */
    DMN__TYPES_INSIDE_MOST = 100,  /* one another */
};

/* A file of the source, read when somebody asks for it. */
struct dmn__parsed {
    bool is_read;
    const struct dmn__xml *root; /* NULL where it cannot be read */
    const char *name_space;      /* of the model in it; "" */
    struct dmn__xml_fault fault;
    struct dmn__file *file; /* once it is part of the model */
};

/* Where the loader is inside an element: "rule 3", "context entry x". */
struct dmn__at {
    const char *what;
    const char *name; /* or NULL */
    size_t number;    /* or 0 */
    const struct dmn__at *outer;
};

/* A requirement as one of the arcs that may not go around. */
struct dmn__arc {
    struct dmn__element *to;
    const struct dmn__xml *xml;
};

/* What is known of an element only while its model is loaded. */
struct dmn__node {
    struct dmn__arc *arcs;
    size_t arc_count;
    enum { DMN__NEW, DMN__OPEN, DMN__DONE } state;
    size_t next_arc;
};

struct dmn__named_type {
    struct dmn__type type; /* first: it is pointed to */
    const struct dmn__xml *xml;
    enum { DMN__TYPE_NEW, DMN__TYPE_OPEN, DMN__TYPE_DONE } state;
};

struct dmn__loader {
    struct arena *arena;
    const struct dmn_source *source;
    struct dmn__parsed *parsed; /* for each file of the source */
    struct dmn_model *model;
    struct dmn__file **files;
    size_t file_count;
    struct dmn__element *elements;
    size_t element_count;
    struct dmn__node *nodes;       /* for each element */
    struct dmn__element **ordered; /* each behind all that it requires */
    size_t ordered_count;
    struct dmn_report *reports;
    size_t report_count;
    bool has_more_reports;
    bool is_refused;
    const struct dmn__file *file; /* the one that reports speak of */
    const struct dmn__at *at;
    int types_inside; /* one another, being defined */
};

/* --- names --- */

void dmn__names_sort(struct dmn__names *names);
/* The first of that name; NULL. */
const struct dmn__name *dmn__names_find(const struct dmn__names *names, const char *name);
/* The second of a name that is there twice; NULL. */
const struct dmn__name *dmn__names_twice(const struct dmn__names *names);

/* --- reports --- */

/* What the fault does to a model is in a table of dmn_load.c. */
void dmn__report(struct dmn__loader *loader, enum dmn_fault fault, struct feel_place place,
                 const char *about);
/* FEEL's own words about an expression. */
void dmn__report_feel(struct dmn__loader *loader, const struct feel_report *found,
                      enum dmn_weight weight);
const char *dmn__attribute_or(const struct dmn__xml *xml, const char *name, const char *otherwise);
/* Reports where it is missing; then "". */
const char *dmn__needed(struct dmn__loader *loader, const struct dmn__xml *xml, const char *name);
/* The text of a child element; "" where there is none. */
const char *dmn__child_text(struct dmn__loader *loader, const struct dmn__xml *xml,
                            const char *name);
/* Without the white space around. */
const char *dmn__trimmed(struct arena *arena, const char *text);

/* --- types --- */

/* Of all files. */
void dmn__load_types(struct dmn__loader *loader);
/* The type that a reference means at that place; NULL for Any, and, reported, for what is unknown.
 */
const struct dmn__type *dmn__type_of(struct dmn__loader *loader, const struct dmn__file *file,
                                     const struct dmn__xml *xml, const char *reference);
/* The same of the attribute typeRef. */
const struct dmn__type *dmn__type_ref(struct dmn__loader *loader, const struct dmn__file *file,
                                      const struct dmn__xml *xml);
const struct feel_type *dmn__feel_of(const struct dmn__type *type);

/* --- elements --- */

void dmn__load_elements(struct dmn__loader *loader);
/* Requirements, and the order that they give; false where they go around. */
bool dmn__load_graph(struct dmn__loader *loader);

/* --- expressions --- */

/* Names in scope: name i is slot i of the frame. */
struct dmn__scope {
    struct dmn__loader *loader;
    const struct dmn__file *file;
    struct feel_name *names;
    size_t count;
    size_t capacity;
    size_t most;
};
size_t dmn__push(struct dmn__scope *scope, struct feel_text name, const struct feel_type *type);
void dmn__pop(struct dmn__scope *scope, size_t count);

/* A text as a program; NULL, reported, where it is none, and where it is empty. */
const struct feel_program *dmn__program(struct dmn__scope *scope, const struct dmn__xml *xml,
                                        enum feel_form form);
/* The program of a text that no file has. */
const struct feel_program *dmn__program_of(struct dmn__scope *scope, const char *text,
                                           enum feel_form form, struct feel_place first);
/* The expression among the children of `parent`; NULL where it has none. */
const struct dmn__xml *dmn__expression_in(const struct dmn__xml *parent);
const struct dmn__logic *dmn__compile(struct dmn__scope *scope, const struct dmn__xml *xml);
const struct dmn__table *dmn__compile_table(struct dmn__scope *scope, const struct dmn__xml *xml);
const struct dmn__function *
dmn__compile_function(struct dmn__scope *scope, const struct dmn__xml *xml, struct feel_text self);
/* rows × columns; 0, reported, where that is too many. */
size_t dmn__cells_most(struct dmn__loader *loader, const struct dmn__xml *xml, size_t rows,
                       size_t columns);
/* All logic of the model. */
void dmn__load_logic(struct dmn__loader *loader);

/* --- tables --- */

/* Reports gaps and overlaps of tables whose rules must not overlap. */
void dmn__examine_table(struct dmn__loader *loader, const struct dmn__table *table,
                        const struct dmn__xml *xml);

#define DMN__INSIDE(loader, ...)                                                                   \
    const struct dmn__at inside_at = {__VA_ARGS__, .outer = (loader)->at};                         \
    (loader)->at = &inside_at
#define DMN__OUTSIDE(loader) ((loader)->at = inside_at.outer)

#endif
