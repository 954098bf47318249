/*
 * The compiler: tokens, names in scope, and the tree that they become. FEEL's names may hold spaces
 * and signs ("monthly payment", "a-b"), so what a name is depends on what is in scope: the tokens
 * are read one by one as the parser asks for them.
 *
 * The first fault of the text ends the parsing: from then on every token is the end, so that all
 * loops stop by themselves and no caller has to ask.
 */
#ifndef DIANJI_FEEL_FEEL_PARSE_H
#define DIANJI_FEEL_FEEL_PARSE_H

#include "base/arena.h"
#include "feel/feel.h"
#include "feel/feel_program.h"
#include "feel/feel_run.h"

/* Brackets, blocks and types inside one another. */
enum { FEEL__NESTING_MOST = 150 };

enum feel__token_kind {
    FEEL__TOKEN_END,
    FEEL__TOKEN_NUMBER,
    FEEL__TOKEN_STRING, /* with its quotation marks */
    FEEL__TOKEN_WORD,   /* the shortest name that stands here, or a keyword */
    FEEL__TOKEN_SIGN,
};

struct feel__token {
    enum feel__token_kind kind;
    struct feel_text text;
};

enum feel__scope_kind {
    FEEL__SCOPE_SLOTS,     /* the names of the source */
    FEEL__SCOPE_VARIABLES, /* of a loop, a context */
    FEEL__SCOPE_ITEM,      /* the fields of a filter's item */
    FEEL__SCOPE_FUNCTION,  /* the parameters; beyond it, names are captured */
};

struct feel__variable {
    struct feel_text name;
    const struct feel_type *type;
    uint32_t index; /* of the slot, local or capture */
};

struct feel__variables {
    struct feel__variable *items;
    size_t count;
    size_t capacity;
};

struct feel__scope {
    struct feel__scope *outer;
    enum feel__scope_kind kind;
    struct feel__variables variables;
    uint32_t item;                     /* of an item's scope: its local */
    const struct feel_type *item_type; /* and what is known of it */
    struct feel__variables captures;   /* of a function's scope */
    const struct feel__node **capture_nodes;
    struct feel_text self; /* the context's entry that the function becomes; bytes NULL: none */
};

struct feel__parser {
    struct arena *arena;
    const struct feel_source *source;
    struct feel_program *program;
    struct feel_run *folding; /* evaluates what is constant */
    bool *uses;
    const char *at; /* behind the token */
    const char *end;
    struct feel__token token;
    struct feel__scope *scope;
    uint32_t locals_used; /* of the frame at hand */
    uint32_t locals_most;
    uint32_t depth;
    size_t tested_uses;          /* how often "?" was named so far */
    bool is_endpoint;            /* of a range: a bracket closes it and filters nothing */
    struct feel__variables keys; /* names of entries met so far: they may be those of a path */
    struct feel_report *reports;
    size_t report_count;
    bool wants_literals; /* as the arguments of calls */
    bool has_failed;
};

/* --- tokens --- */

void feel__advance(struct feel__parser *parser);
/* Goes on behind `length` more bytes of the text than the token began at. */
void feel__advance_from(struct feel__parser *parser, const char *at);
bool feel__at_sign(const struct feel__parser *parser, const char *sign);
bool feel__at_word(const struct feel__parser *parser, const char *word);
/* Takes it where it stands there. */
bool feel__take_sign(struct feel__parser *parser, const char *sign);
bool feel__take_word(struct feel__parser *parser, const char *word);
/* Takes it, or the text is no FEEL. */
void feel__expect_sign(struct feel__parser *parser, const char *sign);
void feel__expect_word(struct feel__parser *parser, const char *word);
uint32_t feel__offset(const struct feel__parser *parser);
/* The value of a token that is a string. */
struct feel_text feel__string_of(struct feel__parser *parser, struct feel_text token);
/* A new name, from the token on as far as one can go, or up to the word `in`; the text without
 * spaces that do not matter. */
struct feel_text feel__new_name(struct feel__parser *parser, bool stops_at_in);
/* How many bytes of the text at `at` are that name; 0 where it is another. */
size_t feel__name_match(const char *at, const char *end, struct feel_text name);

/* --- faults --- */

/* The text is no FEEL. */
void feel__fail(struct feel__parser *parser, enum feel_fault fault, struct feel_text about);
/* It is, but it cannot be meant. */
void feel__doubt(struct feel__parser *parser, enum feel_fault fault, uint32_t offset,
                 const char *about);

/* --- names --- */

struct feel__scope *feel__open_scope(struct feel__parser *parser, enum feel__scope_kind kind);
void feel__close_scope(struct feel__parser *parser);
uint32_t feel__new_local(struct feel__parser *parser);
void feel__add_variable(struct feel__parser *parser, struct feel__variables *variables,
                        struct feel__variable variable);
/* The longest name in scope that the token begins; bytes NULL where none does. */
struct feel_text feel__match_in_scope(struct feel__parser *parser, size_t *ret_length);
/* The longest name of a field that `type` has, or, where nothing is known of it, that was met
 * anywhere; else the token. */
struct feel_text feel__match_field(struct feel__parser *parser, const struct feel_type *type,
                                   size_t *ret_length);
/* What the name stands for; NULL where nothing of that name is in scope. */
const struct feel__node *feel__resolve(struct feel__parser *parser, struct feel_text name,
                                       uint32_t offset);
/* The type of that field, also of the items of a list; NULL where it has none. */
const struct feel_type *feel__field_type(const struct feel_type *type, struct feel_text name);

/* --- the tree --- */

struct feel__node *feel__node(struct feel__parser *parser, enum feel__op op, uint32_t offset);
const struct feel__node *feel__constant(struct feel__parser *parser, struct feel_value value,
                                        uint32_t offset);
const struct feel__node *feel__pair(struct feel__parser *parser, enum feel__op op,
                                    const struct feel__node *left, const struct feel__node *right,
                                    uint32_t offset);
/* Ends the making of a node: its height, its value where it is constant. */
const struct feel__node *feel__done(struct feel__parser *parser, struct feel__node *node);

/* The type of an operation's value; a doubt where its operands cannot go together. */
const struct feel_type *feel__result_type(struct feel__parser *parser,
                                          const struct feel__node *node);
/* The type of `left.name`; NULL where that cannot be there. */
const struct feel_type *feel__path_type(struct feel__parser *parser, const struct feel_type *left,
                                        struct feel_text name);
const struct feel_type *feel__list_type(struct feel__parser *parser, const struct feel_type *of);
/* What both are; Any where they differ. */
const struct feel_type *feel__common_type(const struct feel_type *a, const struct feel_type *b);
/* A doubt where the function does not take those arguments; the type of what it gives. */
const struct feel_type *feel__call_type(struct feel__parser *parser, const struct feel__node *node);

const struct feel__node *feel__parse_expression(struct feel__parser *parser);
const struct feel__node *feel__parse_tests(struct feel__parser *parser);
/* One test of `in` or of a cell: `< 5`, a range, an expression. */
const struct feel__node *feel__parse_test(struct feel__parser *parser);
/* Whether the token is a comparison's sign, and of which. */
bool feel__test_form(const struct feel__parser *parser, enum feel_range_form *ret);
const struct feel__node *feel__parse_comparison_range(struct feel__parser *parser,
                                                      enum feel_range_form form);
/* From `..` on, behind the low end. */
const struct feel__node *feel__parse_range(struct feel__parser *parser,
                                           const struct feel__node *low, bool low_included,
                                           uint32_t offset);
/* A value with all that stands behind it. */
const struct feel__node *feel__parse_primary(struct feel__parser *parser);
/* `.name`, `[filter]`, `(arguments)` behind a value. */
const struct feel__node *feel__parse_postfix(struct feel__parser *parser,
                                             const struct feel__node *node);
/* if, for, some, every, function; NULL where the token begins none. */
const struct feel__node *feel__parse_block(struct feel__parser *parser);
/* From its `{` on. */
const struct feel__node *feel__parse_context(struct feel__parser *parser);
const struct feel_type *feel__parse_type(struct feel__parser *parser);
/* The types that FEEL has names for; bytes NULL behind the last. */
struct feel_name feel__type_name(size_t i);
bool feel__at_keyword(const struct feel__parser *parser);

/* --- growing arrays --- */

struct feel__nodes {
    const struct feel__node **items;
    size_t count;
    size_t capacity;
};
void feel__add_node(struct feel__parser *parser, struct feel__nodes *nodes,
                    const struct feel__node *node);

struct feel__nameds {
    struct feel__named *items;
    size_t count;
    size_t capacity;
};
void feel__add_named(struct feel__parser *parser, struct feel__nameds *nameds,
                     struct feel__named named);

#endif
