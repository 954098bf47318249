/* Boxed expressions: each by a function of its own. */
#include "dmn/dmn_run.h"

#include <string.h>

static struct feel_value evaluate_context(const struct dmn__frame *frame,
                                          const struct dmn__logic *logic)
{
    struct dmn_run *run = frame->run;
    size_t count = logic->context.count;
    struct feel_entry *entries = arena_array(run->arena, count, struct feel_entry);
    for (size_t i = 0; i < count; i++) {
        const struct dmn__entry *entry = &logic->context.entries[i];
        struct feel_value value = dmn__evaluate(frame, entry->logic);
        if (entry->name.bytes == NULL)
            return value;
        if (!dmn__fit(run, entry->type, &value))
            value = dmn__trouble(run, DMN_TROUBLE_RESULT_TYPE, entry->logic->line,
                                 entry->name.bytes, entry->type->name);
        frame->slots[entry->slot] = value;
        entries[i] = (struct feel_entry){entry->name, value};
    }
    return feel_context(entries, count);
}

static struct feel_value evaluate_relation(const struct dmn__frame *frame,
                                           const struct dmn__logic *logic)
{
    struct arena *arena = frame->run->arena;
    size_t columns = logic->relation.column_count, rows = logic->relation.row_count;
    struct feel_value *items = arena_array(arena, rows, struct feel_value);
    for (size_t row = 0; row < rows; row++) {
        struct feel_entry *entries = arena_array(arena, columns, struct feel_entry);
        for (size_t i = 0; i < columns; i++) {
            entries[i].name = logic->relation.columns[i];
            entries[i].value = dmn__evaluate(frame, logic->relation.cells[row * columns + i]);
        }
        items[row] = feel_context(entries, columns);
    }
    return feel_list(items, rows);
}

static struct feel_value evaluate_list(const struct dmn__frame *frame,
                                       const struct dmn__logic *logic)
{
    struct feel_value *items = arena_array(frame->run->arena, logic->list.count, struct feel_value);
    for (size_t i = 0; i < logic->list.count; i++)
        items[i] = dmn__evaluate(frame, logic->list.items[i]);
    return feel_list(items, logic->list.count);
}

static struct feel_value evaluate_invocation(const struct dmn__frame *frame,
                                             const struct dmn__logic *logic)
{
    struct dmn_run *run = frame->run;
    size_t count = logic->invocation.count;
    struct feel_value callee = dmn__evaluate(frame, logic->invocation.callee);
    struct feel_argument *arguments = arena_array(run->arena, count, struct feel_argument);
    for (size_t i = 0; i < count; i++) {
        arguments[i].name = logic->invocation.bindings[i].name;
        arguments[i].value = dmn__evaluate(frame, logic->invocation.bindings[i].logic);
    }
    return feel_call(run->feel, callee, arguments, count);
}

/* Yes, no, or not known; of anything else the whole is null (DMN 1.5, 10.2.2.14 to 10.2.2.18). */
static bool is_verdict(struct feel_value value)
{
    return value.kind == FEEL_BOOLEAN || value.kind == FEEL_NULL;
}

static struct feel_value not_a_verdict(const struct dmn__frame *frame,
                                       const struct dmn__logic *condition)
{
    return dmn__trouble(frame->run, DMN_TROUBLE_RESULT_TYPE, condition->line, "", "boolean");
}

static struct feel_value evaluate_conditional(const struct dmn__frame *frame,
                                              const struct dmn__logic *logic)
{
    struct feel_value condition = dmn__evaluate(frame, logic->conditional.condition);
    if (!is_verdict(condition))
        return not_a_verdict(frame, logic->conditional.condition);
    bool holds = dmn__is_true(condition);
    return dmn__evaluate(frame, holds ? logic->conditional.then : logic->conditional.otherwise);
}

/* --- loops --- */

/* What is no list counts as a list of one; null as none. */
static struct feel_list domain_of(const struct feel_value *value)
{
    if (value->kind == FEEL_LIST)
        return value->list;
    return (struct feel_list){value, value->kind == FEEL_NULL ? 0 : 1};
}

static struct feel_value evaluate_filter(const struct dmn__frame *frame,
                                         const struct dmn__logic *logic)
{
    struct feel_value domain = dmn__evaluate(frame, logic->loop.domain);
    struct feel_list list = domain_of(&domain);
    struct feel_value *items = arena_array(frame->run->arena, list.count, struct feel_value);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        frame->slots[logic->loop.slot] = list.items[i];
        for (size_t j = 0; j < logic->loop.field_count; j++) {
            const struct feel_value *field =
                list.items[i].kind == FEEL_CONTEXT
                    ? feel_context_find(list.items[i].context, logic->loop.fields[j])
                    : NULL;
            frame->slots[logic->loop.slot + 1 + j] = field != NULL ? *field : feel_null();
        }
        struct feel_value holds = dmn__evaluate(frame, logic->loop.body);
        if (!is_verdict(holds))
            return not_a_verdict(frame, logic->loop.body);
        if (dmn__is_true(holds))
            items[count++] = list.items[i];
    }
    return feel_list(items, count);
}

static struct feel_value evaluate_for(const struct dmn__frame *frame,
                                      const struct dmn__logic *logic)
{
    struct feel_value domain = dmn__evaluate(frame, logic->loop.domain);
    struct feel_list list = domain_of(&domain);
    struct feel_value *items = arena_array(frame->run->arena, list.count, struct feel_value);
    for (size_t i = 0; i < list.count; i++) {
        frame->slots[logic->loop.slot] = list.items[i];
        frame->slots[logic->loop.slot + 1] = feel_list(items, i);
        items[i] = dmn__evaluate(frame, logic->loop.body);
    }
    return feel_list(items, list.count);
}

/* True and false as soon as one item settles it; null where one could have. */
static struct feel_value evaluate_quantified(const struct dmn__frame *frame,
                                             const struct dmn__logic *logic)
{
    bool decisive = logic->kind == DMN__SOME;
    struct feel_value domain = dmn__evaluate(frame, logic->loop.domain);
    struct feel_list list = domain_of(&domain);
    struct feel_value verdict = feel_boolean(!decisive);
    if (domain.kind == FEEL_NULL)
        return feel_null();
    for (size_t i = 0; i < list.count; i++) {
        frame->slots[logic->loop.slot] = list.items[i];
        struct feel_value holds = dmn__evaluate(frame, logic->loop.body);
        if (!is_verdict(holds))
            return not_a_verdict(frame, logic->loop.body);
        if (holds.kind == FEEL_NULL)
            verdict = feel_null();
        else if (holds.boolean == decisive)
            return holds;
    }
    return verdict;
}

/* --- functions --- */

/* The frame that a function was made in, as it was then. */
struct closure {
    struct dmn_run *run;
    const struct dmn__function *function;
    struct feel_value itself;
    struct feel_value slots[]; /* outer_slots of them */
};

static struct feel_value call_closure(struct feel_run *feel, const void *self,
                                      const struct feel_value *arguments)
{
    (void)feel;
    const struct closure *closure = self;
    const struct dmn__function *function = closure->function;
    struct feel_value *slots =
        arena_array(closure->run->arena, function->frame_size, struct feel_value);
    memcpy(slots, closure->slots, function->outer_slots * sizeof *slots);
    if (function->self_slot != SIZE_MAX)
        slots[function->self_slot] = closure->itself;
    return dmn__call(closure->run, function, slots, arguments);
}

struct feel_value dmn__close_over(const struct dmn__frame *frame,
                                  const struct dmn__function *function)
{
    struct arena *arena = frame->run->arena;
    size_t bytes = function->outer_slots * sizeof(struct feel_value);
    struct closure *closure = arena_alloc(arena, sizeof *closure + bytes);
    closure->run = frame->run;
    closure->function = function;
    memcpy(closure->slots, frame->slots, bytes);
    closure->itself = feel_host_function(arena, function->type, call_closure, closure);
    return closure->itself;
}

struct feel_value dmn__call(struct dmn_run *run, const struct dmn__function *function,
                            struct feel_value *slots, const struct feel_value *arguments)
{
    struct dmn__frame frame = {run, slots};
    size_t first = function->outer_slots + (function->self_slot == SIZE_MAX ? 0 : 1);
    if (function->body == NULL)
        return dmn__trouble(run, DMN_TROUBLE_NOT_COMPUTABLE, 0, "", "");
    for (size_t i = 0; i < function->type->field_count; i++) {
        struct feel_value argument = arguments[i];
        if (!dmn__fit(run, function->parameter_types[i], &argument))
            return dmn__trouble(run, DMN_TROUBLE_INPUT_VALUE, function->body->line,
                                function->type->fields[i].name.bytes,
                                function->parameter_types[i]->name);
        slots[first + i] = argument;
    }
    struct feel_value value = dmn__evaluate(&frame, function->body);
    if (!dmn__fit(run, function->result, &value))
        return dmn__trouble(run, DMN_TROUBLE_RESULT_TYPE, function->body->line, "",
                            function->result->name);
    return value;
}

/* --- all of them --- */

static struct feel_value evaluate_kind(const struct dmn__frame *frame,
                                       const struct dmn__logic *logic)
{
    switch (logic->kind) {
    case DMN__LITERAL:
        return feel_evaluate(frame->run->feel, logic->program, frame->slots);
    case DMN__TABLE:
        return dmn__look_up(frame, logic->table);
    case DMN__CONTEXT:
        return evaluate_context(frame, logic);
    case DMN__RELATION:
        return evaluate_relation(frame, logic);
    case DMN__LIST:
        return evaluate_list(frame, logic);
    case DMN__INVOCATION:
        return evaluate_invocation(frame, logic);
    case DMN__FUNCTION:
        return dmn__close_over(frame, logic->function);
    case DMN__CONDITIONAL:
        return evaluate_conditional(frame, logic);
    case DMN__FILTER:
        return evaluate_filter(frame, logic);
    case DMN__FOR:
        return evaluate_for(frame, logic);
    case DMN__SOME:
    case DMN__EVERY:
        return evaluate_quantified(frame, logic);
    case DMN__NOTHING:
        return dmn__trouble(frame->run, DMN_TROUBLE_EXPRESSION, logic->line, "", "");
    }
    return feel_null();
}

struct feel_value dmn__evaluate(const struct dmn__frame *frame, const struct dmn__logic *logic)
{
    struct dmn_run *run = frame->run;
    if (!feel_enter(run->feel))
        return feel_null();
    struct feel_value value = evaluate_kind(frame, logic);
    feel_leave(run->feel);
    if (!dmn__fit(run, logic->type, &value))
        return dmn__trouble(run, DMN_TROUBLE_RESULT_TYPE, logic->line, "", logic->type->name);
    return value;
}
