/*
 * DMN, the Decision Model and Notation of OMG, versions 1.1 to 1.5: decisions as tables and boxed
 * expressions in files that any DMN editor opens.
 *
 * A model is loaded once, with the models that it imports: its XML is read with bounds, references
 * are resolved, expressions compiled to programs over slots, tables indexed. What is loaded is
 * const and shared by all threads. A decision is then made in a run of its own: given the inputs,
 * it computes what the decision requires, each once, and keeps an explanation of how the value came
 * about: the inputs, the rules that matched, their annotations.
 *
 * Nothing here fails at night: what cannot be computed is null, and the run says why. What is wrong
 * with a model is said when it is loaded, with file, line and element.
 */
#ifndef DIANJI_DMN_DMN_H
#define DIANJI_DMN_DMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"
#include "base/message.h"
#include "base/text.h"
#include "dmn_dict.h"
#include "feel/feel.h"

struct arena;
struct dmn_model;
struct dmn_run;

/* --- loading --- */

struct dmn_file {
    const char *name; /* as reports name it */
    struct bytes bytes;
};

struct dmn_report {
    enum dmn_weight weight;
    const char *file;
    struct feel_place place; /* {0}: the whole file */
    const char *element;     /* "decision 奖金: rule 3, input 2"; "" for the file itself */
    enum dmn_fault fault;
    struct message message; /* of `fault`, or of FEEL's own where it is an expression's; {about} */
};

struct dmn_reports {
    const struct dmn_report *items;
    size_t count;
    bool has_more; /* than are kept */
};

enum dmn_rigour {
    DMN_TOLERANT, /* an expression that cannot be understood is null, as DMN wants it */
    DMN_STRICT,   /* it refuses the model: for rules of one's own house */
};

/* A model among the files that it may import from, by their namespaces. */
struct dmn_source {
    const struct dmn_file *files;
    size_t file_count;
    size_t main; /* which of them */
    enum dmn_rigour rigour;
};

/* NULL where a report refuses it. The bytes may go afterwards. */
const struct dmn_model *dmn_load(struct arena *arena, const struct dmn_source *source,
                                 struct dmn_reports *ret_reports);

/* --- what a model has --- */

/* A name that others may require: input data, a decision, knowledge, a decision service. */
struct dmn_element {
    enum dmn_kind kind;
    const char *id; /* "" where it has none */
    const char *name;
    const char *label; /* these four: "" where the file has none */
    const char *description;
    const char *question;
    const char *answers;
    const char *type_name;        /* as the file writes it; "" for Any */
    const char *values;           /* the allowed ones, as unary tests; "" where all are */
    const struct feel_type *type; /* of its value; of a function for knowledge and services */
    const struct dmn_about *model;
    int line;
    size_t index;
};

/* A file's model. */
struct dmn_about {
    const char *file;
    const char *name_space;
    const char *id;
    const char *name;
    const char *description;
    const char *version; /* hash of the file's bytes, 16 hexadecimal digits */
};

const struct dmn_about *dmn_about(const struct dmn_model *model);
/* Its own elements and those that it imports, its own first. */
size_t dmn_element_count(const struct dmn_model *model);
const struct dmn_element *dmn_element(const struct dmn_model *model, size_t index);
/* By name, else by id; name_space NULL: of the model itself, else of one it imports. */
const struct dmn_element *dmn_find(const struct dmn_model *model, const char *name_space,
                                   const char *name);
/* What an element requires, directly. */
size_t dmn_requirement_count(const struct dmn_model *model, const struct dmn_element *element);
const struct dmn_element *dmn_requirement(const struct dmn_model *model,
                                          const struct dmn_element *element, size_t i);

/* Whether the element rests on the other, through however many between. */
bool dmn_requires(const struct dmn_model *model, const struct dmn_element *element,
                  const struct dmn_element *other);

/* A decision table as it stands in its file. */
struct dmn_clause {
    const char *label;     /* "" where it has none */
    const char *name;      /* of an output; "" */
    const char *text;      /* the input's expression; an output's default; "" */
    const char *values;    /* the allowed ones, as unary tests; "" */
    const char *type_name; /* "" */
};

struct dmn_rule {
    const char *id;
    const char *description;
    const char *const *inputs;      /* a text for each input */
    const char *const *outputs;     /* for each output */
    const char *const *annotations; /* for each annotation's name; "" */
    const char *clause;             /* the annotation that says what the rule rests on; "" */
    int line;
};

struct dmn_table {
    const char *id;
    const char *label; /* what its output is called; "" */
    const char *where; /* the element that it stands in */
    const struct dmn_about *model;
    enum dmn_hit_policy policy;
    enum dmn_aggregation aggregation; /* _NONE: a list */
    const struct dmn_clause *inputs;
    size_t input_count;
    const struct dmn_clause *outputs;
    size_t output_count;
    const char *const *annotation_names; /* "" where one has none */
    size_t annotation_count;
    const struct dmn_rule *rules;
    size_t rule_count;
    int line;
};

/* The table that is an element's whole logic; NULL where that is something else. */
const struct dmn_table *dmn_table_of(const struct dmn_model *model,
                                     const struct dmn_element *element);

/* --- deciding --- */

struct dmn_settings {
    struct instant now;
    const struct feel_limits *limits; /* NULL: feel_limits_usual */
    bool explains;                    /* keep what dmn_explain() gives */
};

struct dmn_run *dmn_run_new(struct arena *arena, const struct dmn_model *model,
                            const struct dmn_settings *settings);
struct feel_run *dmn_run_feel(const struct dmn_run *run);
/* The value of input data; of a decision, instead of its own logic. It is fitted to the element's
 * type: what does not fit is null. Before anything is decided. */
void dmn_give(struct dmn_run *run, const struct dmn_element *element, struct feel_value value);
/* What a person types for an input: texts without quotation marks, days as 2025-03-07, "null"; for
 * other types a constant of FEEL. False where it is no value of the type. */
bool dmn_read(struct arena *arena, const struct dmn_element *input, const char *text,
              struct feel_value *ret) __attribute__((warn_unused_result));
/* The value of input data or a decision; the result of a service, which takes its inputs from what
 * was given; knowledge as a function. */
struct feel_value dmn_decide(struct dmn_run *run, const struct dmn_element *element);

/* --- why --- */

/* A decision table that was looked up. */
struct dmn_hit {
    const struct dmn_table *table;
    const struct feel_value *inputs; /* what its input expressions gave */
    const size_t *rules;             /* indexes of those that matched and count for the result */
    size_t rule_count;               /* 0: none, so the default or null */
    struct feel_value value;
    const struct dmn_hit *next;
};

struct dmn_remark {
    enum dmn_trouble trouble;
    struct message message;  /* of `trouble`, or FEEL's own, with {about} */
    struct feel_place place; /* in the element's file; {0} where there is none */
    const char *where;       /* "rule 3, output 1"; "" */
    const struct dmn_remark *next;
};

/* One element's value, after those of all that it requires. */
struct dmn_step {
    const struct dmn_element *element;
    struct feel_value value;
    const struct dmn_hit *hits;       /* in the order they were looked up */
    const struct dmn_remark *remarks; /* why something is null */
    const struct dmn_step *next;
};

/* In the order in which they came about; NULL where the run does not explain. */
const struct dmn_step *dmn_explain(const struct dmn_run *run);
/* The clauses of the rules that decided the element, joined by "；": of its own tables, where it
 * has none of those that it required; "" where none is named. */
const char *dmn_clauses(struct dmn_run *run, const struct dmn_element *element);

/* --- as JSON --- */

/* Numbers stay numbers, contexts become objects, days and durations texts. */
void dmn_value_json(struct dmn_run *run, struct feel_value value, struct buffer *out);
/* {"decision":…,"model":…,"version":…,"outputs":{…},"rules":[…],"clause":…,"steps":[…]} */
void dmn_decision_json(struct dmn_run *run, const struct dmn_element *decision, struct buffer *out);

/* --- the Technology Compatibility Kit --- */

/* A file of test cases (testCases.xsd of the kit), and the models in the folder that it lies in. */
struct dmn_kit_source {
    struct bytes cases;
    const struct dmn_file *files;
    size_t file_count;
    struct instant now;
};

struct dmn_kit_failure {
    const char *test; /* the case's id */
    const char *why;  /* in English, for whoever mends the engine or the model */
};

struct dmn_kit_result {
    size_t tests;
    size_t passed;
    const struct dmn_kit_failure *failures; /* as many as have not passed */
};

/* Whether the bytes are such a file at all. */
bool dmn_kit_is(struct arena *arena, struct bytes file);
/* A case passes when each of its results is as expected: numbers within 1e-8, as the kit's own
 * runner has it; where an error is expected, null. */
struct dmn_kit_result dmn_kit_run(struct arena *arena, const struct dmn_kit_source *source);

#endif
