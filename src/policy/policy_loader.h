/*
 * The room's own workbench for loading a pack: YAML as a tree that knows its places, tables of keys
 * that say what a mapping must look like, CSV with the same care, and the list of faults. Private
 * to src/policy.
 */
#ifndef DIANJI_POLICY_POLICY_LOADER_H
#define DIANJI_POLICY_POLICY_LOADER_H

#include "base/text.h"
#include "policy/policy.h"

/* --- places and faults */

struct policy_place {
    int line, column; /* from 1 */
};

/* The files of a pack; each must be there. */
enum policy_file {
    FILE_EDUCATION,
    FILE_ETHNIC_GROUPS,
    FILE_FACTS,
    FILE_LEVELS,
    FILE_OCCUPATIONS,
    FILE_PARAMETERS,
    FILE_PLAN,
    FILE_PROGRAMMES,
    FILE_REGIONS,
    FILE_REGIONS_HISTORY,
    FILE_REGION_TAGS,
    FILE_SOURCES,
    FILE_SUBSIDIES,
    FILE_WORKDAYS,
    FILE_COUNT,
};

struct policy_node;

struct policy_row {
    const char *const *cells;
    const struct policy_place *places;
};
struct policy_table {
    size_t count;
    const struct policy_row *rows;
};

/* A file that has been read: bytes, and the tree or the table that they are. */
struct policy_content {
    struct bytes bytes;
    const struct policy_node *root; /* a map */
    struct policy_table table;
};

/* The folder of decision models, and the most that may lie there. */
#define POLICY__DECISIONS "decisions"
enum { POLICY__MODELS_MAX = 64 };

struct policy_loader {
    struct arena *arena;
    const char *dir;
    const char *file; /* the one whose places faults speak of */
    struct policy_content contents[FILE_COUNT];
    struct dmn_file *models; /* by name */
    size_t model_count;
    struct pack *pack;
    struct pack_faults *faults;
    const struct pack_text *units; /* plan.yaml's */
    size_t unit_count;
};

/* Records a fault; the rest are pairs of placeholder name and value, ended by NULL. Values are
 * shortened. Beyond PACK_FAULTS_MAX only the fact that there are more is kept. */
void policy__fault(struct policy_loader *loader, struct policy_place place, const char *key, ...)
    __attribute__((sentinel));
bool policy__is_sound(const struct policy_loader *loader);

/*
 * A load: begin, put each file's bytes into contents (read_files takes them from `dir`), and
 * understand them: first the form of every file, then, where all have it, their meaning, so that a
 * slip of the pen in one file is not followed by the faults of all that refer to it.
 */
void policy__begin(struct policy_loader *loader, struct arena *arena, struct pack_faults *faults);
void policy__read_files(struct policy_loader *loader);
bool policy__understand(struct policy_loader *loader, const struct pack **ret);

/* A file of the folder, by its path within it; false, with a fault, where it cannot be read. */
bool policy__read_bytes(struct policy_loader *loader, const char *name, struct bytes *ret);
/* The models' bytes, where there are any; then, when the clauses are known, their meaning. */
void policy__read_models(struct policy_loader *loader);
void policy__load_decisions(struct policy_loader *loader);

/* The tree of a YAML file, the table of a CSV file; faults speak of it from here on. */
const struct policy_node *policy__root(struct policy_loader *loader, enum policy_file file);
const struct policy_table *policy__table(struct policy_loader *loader, enum policy_file file);
/* The columns of a CSV file, ended by NULL. */
const char *const *policy__columns(enum policy_file file);

/* --- YAML as a tree */

enum policy_node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

struct policy_node {
    enum policy_node_kind kind;
    struct policy_place place;
    const char *text;                   /* NODE_TEXT */
    size_t count;                       /* of a list or map */
    const struct policy_entry *entries; /* in the file's order */
};
struct policy_entry {
    const char *key; /* NULL in lists */
    struct policy_place key_place;
    const struct policy_node *value;
};

/* Parses bytes of YAML: one document, no aliases, no tags, no key twice, limited depth. NULL with a
 * fault. */
const struct policy_node *policy__yaml(struct policy_loader *loader, struct bytes bytes);
/* A map's value; NULL where it has no such key. */
const struct policy_node *policy__get(const struct policy_node *map, const char *key);

/* --- mappings by table */

enum policy_shape {
    SHAPE_SKIP,    /* known, read elsewhere */
    SHAPE_TEXT,    /* const char *, not empty */
    SHAPE_CODE,    /* const char *: letters, digits, - _ . */
    SHAPE_WORDS,   /* struct pack_text: {zh, en}, both there */
    SHAPE_INTEGER, /* int64_t within least … most */
    SHAPE_DAY,     /* struct day */
    SHAPE_YUAN,    /* struct fen */
    SHAPE_BOOL,    /* bool: true, false */
    SHAPE_ENUM,    /* an enum, by `parse` */
    SHAPE_CUSTOM,  /* by `read` */
};

typedef bool policy_parse(const char *code, void *ret);
typedef void policy_read(struct policy_loader *loader, const struct policy_node *value,
                         void *field);

struct policy_key {
    const char *name;
    enum policy_shape shape;
    size_t offset;
    bool is_optional;
    int64_t least, most;
    policy_parse *parse;
    policy_read *read;
};

/* Wraps a generated parser for a key table. */
#define POLICY_ENUM(name)                                                                          \
    static bool parse_##name(const char *code, void *ret)                                          \
    {                                                                                              \
        return name##_parse(code, ret);                                                            \
    }

/* Fills `target` from a map by the table (ended by a NULL name). False where anything was wrong;
 * every fault is recorded. */
bool policy__map(struct policy_loader *loader, const struct policy_node *node,
                 const struct policy_key *keys, void *target);
bool policy__is_list(struct policy_loader *loader, const struct policy_node *node);
bool policy__text(struct policy_loader *loader, const struct policy_node *node, const char **ret);
bool policy__code(struct policy_loader *loader, const struct policy_node *node, const char **ret);
bool policy__integer(struct policy_loader *loader, const struct policy_node *node, int64_t least,
                     int64_t most, int64_t *ret);

/*
 * Reads a list of maps into an array of `size`-byte structs, each by `read_one`. The struct's first
 * member is its key, a const char *; a key that comes twice is a fault. `is_sorted`: sort by key.
 */
struct policy_things {
    const struct policy_node *node; /* NULL: an empty array */
    size_t size;
    policy_read *read_one;
    bool is_sorted;
};
void *policy__things(struct policy_loader *loader, const struct policy_things *args,
                     size_t *ret_count);
/* Sorts structs by their first member, a const char *; `places` go to duplicates' faults. */
void policy__unique(struct policy_loader *loader, const void *items, size_t count, size_t size,
                    const struct policy_place *places);
void policy__sort(void *items, size_t count, size_t size);
/* Binary search in what policy__sort() sorted. */
const void *policy__find(const void *items, size_t count, size_t size, const char *key);

/* --- references to what was loaded before; SHAPE_CUSTOM readers */

void policy__read_clause(struct policy_loader *loader, const struct policy_node *node,
                         void *field); /* const struct pack_clause ** */
void policy__read_source(struct policy_loader *loader, const struct policy_node *node,
                         void *field); /* const struct pack_source ** */
void policy__read_tag(struct policy_loader *loader, const struct policy_node *node,
                      void *field); /* const struct pack_tag ** */
void policy__read_levels(struct policy_loader *loader, const struct policy_node *node,
                         void *field); /* uint32_t *, from a list of codes */
const struct pack_occupation *policy__occupation(struct policy_loader *loader,
                                                 const struct policy_node *node);

/* clause, source, decision of an entry; `basis` is checked by policy__basis(). */
#define POLICY_BASIS_KEYS(type)                                                                    \
    {.name = "clause",                                                                             \
     .shape = SHAPE_CUSTOM,                                                                        \
     .offset = offsetof(type, basis.clause),                                                       \
     .is_optional = true,                                                                          \
     .read = policy__read_clause},                                                                 \
        {.name = "source",                                                                         \
         .shape = SHAPE_CUSTOM,                                                                    \
         .offset = offsetof(type, basis.source),                                                   \
         .is_optional = true,                                                                      \
         .read = policy__read_source},                                                             \
    {                                                                                              \
        .name = "decision", .shape = SHAPE_WORDS, .offset = offsetof(type, basis.decision),        \
        .is_optional = true                                                                        \
    }
void policy__basis(struct policy_loader *loader, const struct policy_node *node,
                   const struct pack_basis *basis);
/* from ≤ to. */
void policy__period(struct policy_loader *loader, const struct policy_node *node, struct day from,
                    struct day to);

/* --- CSV: UTF-8, a header row, commas, quotes; no line breaks inside a cell */

/* Parses bytes of CSV, which must have exactly these columns (ended by NULL), in this order. */
struct policy_table policy__csv(struct policy_loader *loader, struct bytes bytes,
                                const char *const *columns);
/* A cell that must not be empty. */
bool policy__cell(struct policy_loader *loader, const struct policy_row *row, size_t column,
                  const char *name);

/* The rule that decides; NULL where none holds; *ret_rival where none includes the others. */
const struct pack_subsidy_rule *policy__subsidy_rule(const struct pack *pack,
                                                     const struct pack_subsidy_args *args,
                                                     const struct pack_subsidy_rule **ret_rival);

/* --- the files, in the order in which they are read */

void policy__load_sources(struct policy_loader *loader); /* sources.yaml */
void policy__load_lists(struct policy_loader *loader);   /* levels, occupations, codes */
void policy__load_facts(struct policy_loader *loader);   /* facts.yaml */
void policy__load_plan(struct policy_loader *loader);    /* plan.yaml */
void policy__load_metrics(struct policy_loader *loader, const struct policy_node *plan);
void policy__load_programmes(struct policy_loader *loader); /* programmes.yaml */
void policy__load_subsidies(struct policy_loader *loader);  /* subsidies.yaml */
void policy__load_parameters(struct policy_loader *loader); /* parameters.yaml */
void policy__load_regions(struct policy_loader *loader);    /* regions.csv and the other two */
void policy__load_workdays(struct policy_loader *loader);   /* workdays.csv */

#endif
