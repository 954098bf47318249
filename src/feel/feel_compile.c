/* From a source to its program: the work around the parser, and the making of nodes. */
#include <string.h>

#include "base/text.h"
#include "feel/feel_parse.h"

enum { HEIGHT_MOST = 600, DOUBTS_MOST = 64 };

/* What may be spent on values that are already known while compiling. */
static const struct feel_limits folding_limits = {
    .depth = HEIGHT_MOST + 100, .steps = 100000, .bytes = (size_t)1 << 20};

struct feel_place feel__place(const struct feel_program *program, uint32_t offset)
{
    struct feel_place place = program->first;
    const char *at = program->text.bytes, *stop = at + offset;
    while (at < stop) {
        if (text_next(&at) != '\n') {
            place.column++;
            continue;
        }
        place.line++;
        place.column = 1;
    }
    return place;
}

static void add_report(struct feel__parser *parser, struct feel_report report)
{
    if (parser->reports == NULL)
        parser->reports = arena_array(parser->arena, DOUBTS_MOST, struct feel_report);
    if (parser->report_count < DOUBTS_MOST)
        parser->reports[parser->report_count++] = report;
}

void feel__fail(struct feel__parser *parser, enum feel_fault fault, struct feel_text about)
{
    if (parser->has_failed)
        return;
    enum { ABOUT_MOST = 80 };
    size_t length = about.length > ABOUT_MOST ? ABOUT_MOST : about.length;
    while (length > 0 && length < about.length && (about.bytes[length] & 0xc0) == 0x80)
        length--;
    uint32_t offset = about.bytes >= parser->program->text.bytes && about.bytes <= parser->end
                          ? (uint32_t)(about.bytes - parser->program->text.bytes)
                          : feel__offset(parser);
    parser->report_count = 0; /* doubts about what is no FEEL help nobody */
    add_report(parser, (struct feel_report){fault, feel__place(parser->program, offset),
                                            arena_text_n(parser->arena, about.bytes, length)});
    parser->has_failed = true;
    parser->at = parser->end;
    parser->token = (struct feel__token){FEEL__TOKEN_END, {parser->end, 0}};
}

void feel__doubt(struct feel__parser *parser, enum feel_fault fault, uint32_t offset,
                 const char *about)
{
    if (!parser->has_failed)
        add_report(parser,
                   (struct feel_report){fault, feel__place(parser->program, offset), about});
}

struct feel__node *feel__node(struct feel__parser *parser, enum feel__op op, uint32_t offset)
{
    struct feel__node *node = arena_one(parser->arena, struct feel__node);
    node->op = op;
    node->offset = offset;
    node->type = feel_type_of_kind(FEEL_TYPE_ANY);
    return node;
}

/* --- what stands below a node --- */

struct below {
    uint32_t height;
    bool is_constant;
};

static void look_at(struct below *below, const struct feel__node *child)
{
    if (child == NULL)
        return;
    if (child->height >= below->height)
        below->height = child->height + 1;
    below->is_constant &= child->op == FEEL__CONSTANT;
}

static void look_at_named(struct below *below, const struct feel__named *named, size_t count)
{
    for (size_t i = 0; i < count; i++)
        look_at(below, named[i].value);
}

static void look_at_loop(struct below *below, const struct feel__node *node)
{
    for (uint32_t i = 0; i < node->loop.count; i++) {
        look_at(below, node->loop.iterators[i].domain);
        look_at(below, node->loop.iterators[i].end);
    }
    look_at(below, node->loop.body);
}

static struct below look_below(const struct feel__node *node)
{
    struct below below = {.height = 1, .is_constant = true};
    switch (node->op) {
    case FEEL__CONSTANT:
    case FEEL__SLOT:
    case FEEL__LOCAL:
    case FEEL__CAPTURE:
    case FEEL__SELF:
        break;
    case FEEL__FIELD:
    case FEEL__PATH:
        look_at(&below, node->field.outer);
        break;
    case FEEL__NEGATE:
    case FEEL__HOLDS:
    case FEEL__ADD:
    case FEEL__SUBTRACT:
    case FEEL__MULTIPLY:
    case FEEL__DIVIDE:
    case FEEL__POWER:
    case FEEL__EQUAL:
    case FEEL__UNEQUAL:
    case FEEL__LESS:
    case FEEL__LESS_EQUAL:
    case FEEL__MORE:
    case FEEL__MORE_EQUAL:
    case FEEL__AND:
    case FEEL__OR:
    case FEEL__IF:
    case FEEL__BETWEEN:
        look_at(&below, node->condition);
        look_at(&below, node->left);
        look_at(&below, node->right);
        break;
    case FEEL__INSTANCE:
        look_at(&below, node->instance.value);
        break;
    case FEEL__IN:
    case FEEL__TESTS:
    case FEEL__LIST:
        look_at(&below, node->list.value);
        for (size_t i = 0; i < node->list.count; i++)
            look_at(&below, node->list.items[i]);
        break;
    case FEEL__CONTEXT:
        look_at_named(&below, node->context.entries, node->context.count);
        break;
    case FEEL__RANGE:
        look_at(&below, node->range.low);
        look_at(&below, node->range.high);
        break;
    case FEEL__FILTER:
        look_at(&below, node->filter.list);
        look_at(&below, node->filter.condition);
        break;
    case FEEL__FOR:
    case FEEL__SOME:
    case FEEL__EVERY:
        look_at_loop(&below, node);
        break;
    case FEEL__LAMBDA:
        look_at(&below, node->lambda->body);
        break;
    case FEEL__CALL:
        look_at(&below, node->call.callee);
        look_at_named(&below, node->call.arguments, node->call.count);
        break;
    }
    return below;
}

/* The clock of a zone shows what its day has it show, and a time says no day: the run does. */
static bool is_time(const struct feel__node *node)
{
    return node != NULL && node->op == FEEL__CONSTANT && node->constant.kind == FEEL_TIME;
}

/* Whether the same comes out whenever it is evaluated, if all below is constant. */
static bool may_fold(const struct feel__node *node)
{
    switch (node->op) {
    case FEEL__SUBTRACT:
        return !is_time(node->left) && !is_time(node->right);
    case FEEL__PATH:
        return !is_time(node->field.outer);
    case FEEL__NEGATE:
    case FEEL__ADD:
    case FEEL__MULTIPLY:
    case FEEL__DIVIDE:
    case FEEL__POWER:
    case FEEL__LIST:
    case FEEL__RANGE:
        return true;
    case FEEL__CALL: {
        struct feel_value callee = node->call.callee->constant;
        return callee.kind == FEEL_FUNCTION && feel__builtin_is_pure(callee.function);
    }
    case FEEL__CONSTANT:
    case FEEL__SLOT:
    case FEEL__LOCAL:
    case FEEL__CAPTURE:
    case FEEL__SELF:
    case FEEL__FIELD:
    case FEEL__HOLDS:
    case FEEL__EQUAL:
    case FEEL__UNEQUAL:
    case FEEL__LESS:
    case FEEL__LESS_EQUAL:
    case FEEL__MORE:
    case FEEL__MORE_EQUAL:
    case FEEL__AND:
    case FEEL__OR:
    case FEEL__IF:
    case FEEL__BETWEEN:
    case FEEL__INSTANCE:
    case FEEL__IN:
    case FEEL__TESTS:
    case FEEL__CONTEXT:
    case FEEL__FILTER:
    case FEEL__FOR:
    case FEEL__SOME:
    case FEEL__EVERY:
    case FEEL__LAMBDA:
        return false;
    }
    return false;
}

static const struct feel__node *constant(struct feel__parser *parser, struct feel_value value,
                                         const struct feel_type *type, uint32_t offset)
{
    struct feel__node *node = feel__node(parser, FEEL__CONSTANT, offset);
    node->constant = value;
    node->height = 1;
    node->type = type;
    return node;
}

const struct feel__node *feel__constant(struct feel__parser *parser, struct feel_value value,
                                        uint32_t offset)
{
    static const enum feel_type_kind kinds[] = {
        [FEEL_NULL] = FEEL_TYPE_NULL,           [FEEL_BOOLEAN] = FEEL_TYPE_BOOLEAN,
        [FEEL_NUMBER] = FEEL_TYPE_NUMBER,       [FEEL_STRING] = FEEL_TYPE_STRING,
        [FEEL_DATE] = FEEL_TYPE_DATE,           [FEEL_TIME] = FEEL_TYPE_TIME,
        [FEEL_DATE_TIME] = FEEL_TYPE_DATE_TIME, [FEEL_MONTHS] = FEEL_TYPE_MONTHS,
        [FEEL_SPAN] = FEEL_TYPE_SPAN,           [FEEL_LIST] = FEEL_TYPE_LIST,
        [FEEL_CONTEXT] = FEEL_TYPE_CONTEXT,     [FEEL_RANGE] = FEEL_TYPE_RANGE,
        [FEEL_FUNCTION] = FEEL_TYPE_FUNCTION};
    return constant(parser, value, feel_type_of_kind(kinds[value.kind]), offset);
}

static const struct feel__node *fold(struct feel__parser *parser, const struct feel__node *node)
{
    struct feel_run *run = parser->folding;
    if (run == NULL)
        run = parser->folding = feel_run_new(parser->arena, INSTANT_NONE, &folding_limits);
    if (run->has_ended)
        return node;
    run->report_count = 0;
    run->program = parser->program;
    struct feel_value value = feel__evaluate(run, node, &(struct feel__frame){0});
    if (run->has_ended)
        return node;
    if (run->report_count == 0)
        return node->type->kind == FEEL_TYPE_ANY
                   ? feel__constant(parser, value, node->offset)
                   : constant(parser, value, node->type, node->offset);
    const struct feel_report *report = &run->reports[0];
    feel__doubt(parser, report->fault, node->offset, report->about);
    return node; /* so that the run that comes to it has the report, too */
}

const struct feel__node *feel__done(struct feel__parser *parser, struct feel__node *node)
{
    struct below below = look_below(node);
    node->height = below.height;
    if (node->height > HEIGHT_MOST)
        feel__fail(parser, FEEL_FAULT_TOO_DEEP, feel_text(""));
    if (parser->has_failed || !below.is_constant || !may_fold(node))
        return node;
    return fold(parser, node);
}

/* --- the whole --- */

/* A copy that ends in NUL, so that nothing reads behind it. */
static struct feel_text own_text(struct arena *arena, struct feel_text text)
{
    return (struct feel_text){arena_text_n(arena, text.bytes, text.length), text.length};
}

static void open_slots(struct feel__parser *parser)
{
    const struct feel_source *source = parser->source;
    struct feel__scope *slots = feel__open_scope(parser, FEEL__SCOPE_SLOTS);
    for (size_t i = 0; i < source->name_count; i++) {
        const struct feel_type *type = source->names[i].type;
        struct feel__variable variable = {own_text(parser->arena, source->names[i].name),
                                          type != NULL ? type : feel_type_of_kind(FEEL_TYPE_ANY),
                                          (uint32_t)i};
        feel__add_variable(parser, &slots->variables, variable);
    }
}

struct feel_compiled feel_compile(struct arena *arena, const struct feel_source *source)
{
    struct feel_program *program = arena_one(arena, struct feel_program);
    struct feel__parser parser = {.arena = arena, .source = source, .program = program};
    program->text = own_text(arena, source->text);
    program->first = source->first.line == 0 ? (struct feel_place){1, 1} : source->first;
    program->slot_count = source->name_count;
    parser.uses = arena_array(arena, source->name_count, bool);
    program->uses = parser.uses;
    parser.at = program->text.bytes;
    parser.end = program->text.bytes + program->text.length;
    parser.token = (struct feel__token){FEEL__TOKEN_SIGN, {parser.at, 0}};
    if (!text_valid(program->text.bytes, program->text.length)) {
        program->text = feel_text(""); /* no place can be counted in it */
        parser.at = parser.end = program->text.bytes;
        parser.token.text = program->text;
        feel__fail(&parser, FEEL_FAULT_BAD_LITERAL, feel_text("UTF-8"));
    }
    parser.wants_literals = source->form == FEEL_RANGE_LITERAL;
    open_slots(&parser);
    feel__advance(&parser);
    const struct feel__node *root = source->form == FEEL_UNARY_TESTS
                                        ? feel__parse_tests(&parser)
                                        : feel__parse_expression(&parser);
    if (parser.token.kind != FEEL__TOKEN_END)
        feel__fail(&parser, FEEL_FAULT_SYNTAX, parser.token.text);
    program->root = root;
    program->local_count = parser.locals_most;
    return (struct feel_compiled){.program = parser.has_failed ? NULL : program,
                                  .reports = parser.reports,
                                  .report_count = parser.report_count};
}

const struct feel_type *feel_program_type(const struct feel_program *program)
{
    return program->root->type;
}

bool feel_program_uses(const struct feel_program *program, size_t slot)
{
    return slot < program->slot_count && program->uses[slot];
}

const struct feel_value *feel_program_constant(const struct feel_program *program)
{
    return program->root->op == FEEL__CONSTANT ? &program->root->constant : NULL;
}

bool feel_program_tests(struct arena *arena, const struct feel_program *program,
                        struct feel_tests *ret)
{
    const struct feel__node *root = program->root;
    if (root->op != FEEL__TESTS)
        return false;
    struct feel_value *items = arena_array(arena, root->list.count, struct feel_value);
    for (size_t i = 0; i < root->list.count; i++) {
        if (root->list.items[i]->op != FEEL__CONSTANT)
            return false;
        items[i] = root->list.items[i]->constant;
    }
    *ret = (struct feel_tests){items, root->list.count, root->list.is_negated};
    return true;
}

void feel__add_node(struct feel__parser *parser, struct feel__nodes *nodes,
                    const struct feel__node *node)
{
    if (nodes->count == nodes->capacity) {
        size_t capacity = nodes->capacity == 0 ? 4 : nodes->capacity * 2;
        nodes->items = arena_grow(parser->arena, nodes->items, nodes->capacity * sizeof node,
                                  capacity * sizeof node);
        nodes->capacity = capacity;
    }
    nodes->items[nodes->count++] = node;
}

void feel__add_named(struct feel__parser *parser, struct feel__nameds *nameds,
                     struct feel__named named)
{
    if (nameds->count == nameds->capacity) {
        size_t capacity = nameds->capacity == 0 ? 4 : nameds->capacity * 2;
        nameds->items = arena_grow(parser->arena, nameds->items, nameds->capacity * sizeof named,
                                   capacity * sizeof named);
        nameds->capacity = capacity;
    }
    nameds->items[nameds->count++] = named;
}
