/* Functions: made with what they captured, and called with their arguments by place or name. */
#include "base/text.h"
#include "feel/feel_eval.h"

/* So many values need no arena. */
enum { FEW = 8 };

struct feel_value feel__make_function(struct feel_run *run, const struct feel__node *node,
                                      const struct feel__frame *frame)
{
    const struct feel__lambda *lambda = node->lambda;
    struct feel_function *function = arena_one(run->arena, struct feel_function);
    struct feel_value value = {.kind = FEEL_FUNCTION, .function = function};
    struct feel_value *captures = arena_array(run->arena, lambda->capture_count, struct feel_value);
    for (size_t i = 0; i < lambda->capture_count; i++)
        captures[i] = lambda->captures[i]->op == FEEL__SELF
                          ? value
                          : feel__evaluate(run, lambda->captures[i], frame);
    function->type = &lambda->type;
    function->lambda = lambda;
    function->captures = captures;
    return value;
}

struct feel_value feel_host_function(struct arena *arena, const struct feel_type *type,
                                     feel_host *host, const void *self)
{
    struct feel_function *function = arena_one(arena, struct feel_function);
    function->type = type;
    function->host = host;
    function->self = self;
    return (struct feel_value){.kind = FEEL_FUNCTION, .function = function};
}

static const struct feel_argument *argument_for(const struct feel_argument *arguments, size_t count,
                                                struct feel_text name, size_t place)
{
    if (arguments[0].name.bytes == NULL)
        return &arguments[place];
    for (size_t i = 0; i < count; i++)
        if (feel_text_equal(arguments[i].name, name))
            return &arguments[i];
    return NULL;
}

/* The arguments in the order of the parameters, as their types; false where they do not fit. */
static bool bind(struct feel_run *run, const struct feel_type *type,
                 const struct feel_argument *arguments, size_t count, struct feel_value *values)
{
    if (count != type->field_count) {
        feel__fault(run, FEEL_FAULT_WRONG_ARGUMENTS, "");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct feel_argument *argument =
            argument_for(arguments, count, type->fields[i].name, i);
        if (argument == NULL) {
            feel__fault(
                run, FEEL_FAULT_WRONG_ARGUMENTS,
                arena_text_n(run->arena, type->fields[i].name.bytes, type->fields[i].name.length));
            return false;
        }
        values[i] = feel_coerce(run, argument->value, type->fields[i].type);
        if (values[i].kind == FEEL_NULL && argument->value.kind != FEEL_NULL)
            return false;
    }
    return true;
}

static struct feel_value call_lambda(struct feel_run *run, const struct feel_function *function,
                                     const struct feel_argument *arguments, size_t count)
{
    const struct feel__lambda *lambda = function->lambda;
    struct feel_value few[FEW];
    struct feel_value *locals = few;
    if (lambda->local_count > FEW)
        locals = arena_array(run->arena, lambda->local_count, struct feel_value);
    if (!bind(run, function->type, arguments, count, locals))
        return feel_null();
    if (lambda->body == NULL)
        return feel__fault(run, FEEL_FAULT_NOT_A_FUNCTION, "external");
    const struct feel_program *outer_program = run->program;
    const struct feel__node *outer_node = run->node;
    struct feel__frame frame = {.locals = locals, .captures = function->captures};
    run->program = lambda->program;
    struct feel_value value = feel__evaluate(run, lambda->body, &frame);
    run->program = outer_program;
    run->node = outer_node;
    return value;
}

static struct feel_value call_host(struct feel_run *run, const struct feel_function *function,
                                   const struct feel_argument *arguments, size_t count)
{
    struct feel_value few[FEW];
    struct feel_value *values = few;
    if (count > FEW)
        values = arena_array(run->arena, count, struct feel_value);
    if (!bind(run, function->type, arguments, count, values))
        return feel_null();
    struct feel_value value = function->host(run, function->self, values);
    return feel_coerce(run, value, function->type->of);
}

struct feel_value feel_call(struct feel_run *run, struct feel_value function,
                            const struct feel_argument *arguments, size_t count)
{
    if (function.kind != FEEL_FUNCTION)
        return feel__fault(run, FEEL_FAULT_NOT_A_FUNCTION, feel__kind_name(function.kind));
    if (!feel_enter(run))
        return feel_null();
    struct feel_value value;
    if (function.function->builtin != NULL)
        value = feel__builtin_call(run, function.function, arguments, count);
    else if (function.function->lambda != NULL)
        value = call_lambda(run, function.function, arguments, count);
    else
        value = call_host(run, function.function, arguments, count);
    feel_leave(run);
    return run->has_ended ? feel_null() : value;
}

struct feel_value feel__apply(struct feel_run *run, const struct feel_function *function,
                              const struct feel_value *arguments, size_t count)
{
    enum { APPLIED_MOST = 2 };
    struct feel_argument by_place[APPLIED_MOST] = {0};
    for (size_t i = 0; i < count && i < APPLIED_MOST; i++)
        by_place[i].value = arguments[i];
    struct feel_value value = {.kind = FEEL_FUNCTION, .function = function};
    return feel_call(run, value, by_place, count);
}

struct feel_value feel__evaluate_call(struct feel_run *run, const struct feel__node *node,
                                      const struct feel__frame *frame)
{
    struct feel_value callee = feel__evaluate(run, node->call.callee, frame);
    struct feel_argument few[FEW];
    struct feel_argument *arguments = few;
    if (node->call.count > FEW)
        arguments = arena_array(run->arena, node->call.count, struct feel_argument);
    for (size_t i = 0; i < node->call.count; i++) {
        arguments[i].name = node->call.arguments[i].name;
        arguments[i].value = feel__evaluate(run, node->call.arguments[i].value, frame);
    }
    run->node = node;
    return feel_call(run, callee, arguments, node->call.count);
}
