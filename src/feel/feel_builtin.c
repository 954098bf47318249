/* Calls of the built-in functions: which form is meant, and the arguments as it wants them. */
#include "feel/feel_builtin.h"

#include <string.h>

#include "base/text.h"

const struct feel_function *feel__builtin_find(struct arena *arena, struct feel_text name)
{
    for (const struct feel__builtin *form = feel__builtins; form->name != NULL; form++) {
        if (feel_text_equal(feel_text(form->name), name)) {
            struct feel_function *function = arena_one(arena, struct feel_function);
            function->type = feel_type_of_kind(FEEL_TYPE_FUNCTION);
            function->builtin = form;
            return function;
        }
    }
    return NULL;
}

struct feel_text feel__builtin_name(size_t i)
{
    if (feel__builtins[i].name == NULL)
        return (struct feel_text){0};
    return feel_text(feel__builtins[i].name);
}

static size_t parameter_count(const struct feel__builtin *form)
{
    size_t count = 0;
    while (form->parameters[count].name != NULL)
        count++;
    return count;
}

static bool is_form_of(const struct feel__builtin *form, const struct feel__builtin *first)
{
    return form->name != NULL && strcmp(form->name, first->name) == 0;
}

/* --- which form --- */

static bool count_fits(const struct feel__builtin *form, size_t count)
{
    size_t most = parameter_count(form), least = most;
    while (least > 0 && form->parameters[least - 1].need == FEEL__OPTIONAL)
        least--;
    if (form->form == FEEL__SPREAD || form->form == FEEL__TAIL)
        return count >= least;
    return count >= least && count <= most;
}

static int parameter_named(const struct feel__builtin *form, struct feel_text name)
{
    for (int i = 0; form->parameters[i].name != NULL; i++)
        if (feel_text_equal(feel_text(form->parameters[i].name), name))
            return i;
    return -1;
}

/* Whether all names are the form's, none twice, and none missing that it needs. */
static bool names_fit(const struct feel__builtin *form, const struct feel_text *names, size_t count)
{
    bool is_given[FEEL__PARAMETERS_MOST] = {false};
    if (count > FEEL__PARAMETERS_MOST)
        return false;
    for (size_t i = 0; i < count; i++) {
        int place = parameter_named(form, names[i]);
        if (place < 0 || is_given[place])
            return false;
        is_given[place] = true;
    }
    for (size_t i = 0; form->parameters[i].name != NULL; i++)
        if (!is_given[i] && form->parameters[i].need != FEEL__OPTIONAL)
            return false;
    return true;
}

bool feel__builtin_takes(const struct feel_function *function, const struct feel__named *arguments,
                         size_t count)
{
    struct feel_text names[FEEL__PARAMETERS_MOST] = {0};
    bool is_by_name = count > 0 && arguments[0].name.bytes != NULL;
    for (size_t i = 0; i < count && i < FEEL__PARAMETERS_MOST; i++)
        names[i] = arguments[i].name;
    const struct feel__builtin *first = function->builtin;
    for (const struct feel__builtin *form = first; is_form_of(form, first); form++)
        if (is_by_name ? names_fit(form, names, count) : count_fits(form, count))
            return true;
    return false;
}

const struct feel_type *feel__builtin_result(const struct feel_function *function, size_t count)
{
    const struct feel__builtin *first = function->builtin;
    for (const struct feel__builtin *form = first; is_form_of(form, first); form++)
        if (count_fits(form, count))
            return feel_type_of_kind(form->result);
    return feel_type_of_kind(FEEL_TYPE_ANY);
}

bool feel__builtin_is_pure(const struct feel_function *function)
{
    return function->builtin != NULL && function->builtin->form != FEEL__CLOCK;
}

/* --- the arguments --- */

static bool is_of_kind(struct feel_value value, enum feel_type_kind kind)
{
    static const enum feel_kind kinds[] = {
        [FEEL_TYPE_BOOLEAN] = FEEL_BOOLEAN, [FEEL_TYPE_NUMBER] = FEEL_NUMBER,
        [FEEL_TYPE_STRING] = FEEL_STRING,   [FEEL_TYPE_DATE] = FEEL_DATE,
        [FEEL_TYPE_TIME] = FEEL_TIME,       [FEEL_TYPE_DATE_TIME] = FEEL_DATE_TIME,
        [FEEL_TYPE_MONTHS] = FEEL_MONTHS,   [FEEL_TYPE_SPAN] = FEEL_SPAN,
        [FEEL_TYPE_LIST] = FEEL_LIST,       [FEEL_TYPE_RANGE] = FEEL_RANGE,
        [FEEL_TYPE_CONTEXT] = FEEL_CONTEXT, [FEEL_TYPE_FUNCTION] = FEEL_FUNCTION};
    return kind == FEEL_TYPE_ANY || value.kind == kinds[kind];
}

/* Makes a list of one where a list is wanted, or takes the one item where it is not. */
static bool fit(struct feel_run *run, const struct feel__parameter *parameter,
                struct feel_value value, struct feel_value *ret)
{
    *ret = value;
    if (value.kind == FEEL_NULL)
        return parameter->need != FEEL__REQUIRED || parameter->kind == FEEL_TYPE_ANY;
    if (is_of_kind(value, parameter->kind))
        return true;
    if (parameter->kind == FEEL_TYPE_LIST) {
        struct feel__items items = feel__items_new(run, 1);
        feel__items_add(&items, value);
        *ret = feel__items_list(&items);
        return true;
    }
    if (value.kind != FEEL_LIST || value.list.count != 1 ||
        !is_of_kind(value.list.items[0], parameter->kind))
        return false;
    *ret = value.list.items[0];
    return true;
}

static struct feel_value list_of(struct feel_run *run, const struct feel_argument *arguments,
                                 size_t count)
{
    struct feel__items items = feel__items_new(run, count);
    for (size_t i = 0; i < count; i++)
        feel__items_add(&items, arguments[i].value);
    return feel__items_list(&items);
}

/* By place. The values that are wrong are reported by the caller. */
static bool bind_places(struct feel_run *run, const struct feel__builtin *form,
                        const struct feel_argument *arguments, size_t count,
                        struct feel_value *values)
{
    size_t parameters = parameter_count(form);
    bool is_spread = form->form == FEEL__SPREAD && count > 1;
    bool has_tail = form->form == FEEL__TAIL;
    for (size_t i = 0; i < parameters; i++) {
        struct feel_value value = feel_null();
        if (is_spread || (has_tail && i + 1 == parameters))
            value = list_of(run, arguments + i, count - i);
        else if (i < count)
            value = arguments[i].value;
        if (i < count && !fit(run, &form->parameters[i], value, &values[i]))
            return false;
        if (i >= count)
            values[i] = value;
    }
    return true;
}

static bool bind_names(struct feel_run *run, const struct feel__builtin *form,
                       const struct feel_argument *arguments, size_t count,
                       struct feel_value *values)
{
    for (size_t i = 0; form->parameters[i].name != NULL; i++)
        values[i] = feel_null();
    for (size_t i = 0; i < count; i++) {
        int place = parameter_named(form, arguments[i].name);
        if (!fit(run, &form->parameters[place], arguments[i].value, &values[place]))
            return false;
        if (form->form == FEEL__TAIL && form->parameters[place + 1].name == NULL)
            values[place] = list_of(run, &arguments[i], 1);
    }
    return true;
}

struct feel_value feel__bad_value(struct feel_run *run, struct feel_value value)
{
    if (run->has_ended || run->report_count == FEEL__REPORTS_MOST)
        return feel_null();
    return feel__fault(run, FEEL_FAULT_BAD_VALUE, feel__kind_name(value.kind));
}

static const char *kinds_of(struct feel_run *run, const struct feel_argument *arguments,
                            size_t count)
{
    struct buffer buffer = buffer_new(run->arena, 64);
    for (size_t i = 0; i < count && i < FEEL__PARAMETERS_MOST; i++) {
        if (i > 0)
            buffer_add(&buffer, ", ");
        buffer_add(&buffer, feel__kind_name(arguments[i].value.kind));
    }
    return buffer.bytes;
}

struct feel_value feel__builtin_call(struct feel_run *run, const struct feel_function *function,
                                     const struct feel_argument *arguments, size_t count)
{
    struct feel_text names[FEEL__PARAMETERS_MOST] = {0};
    struct feel_value values[FEEL__PARAMETERS_MOST];
    bool is_by_name = count > 0 && arguments[0].name.bytes != NULL;
    bool has_form = false;
    for (size_t i = 0; i < count && i < FEEL__PARAMETERS_MOST; i++)
        names[i] = arguments[i].name;
    const struct feel__builtin *first = function->builtin;
    for (const struct feel__builtin *form = first; is_form_of(form, first); form++) {
        if (is_by_name ? !names_fit(form, names, count) : !count_fits(form, count))
            continue;
        has_form = true;
        if (is_by_name ? bind_names(run, form, arguments, count, values)
                       : bind_places(run, form, arguments, count, values))
            return form->body(run, values);
    }
    if (run->report_count == FEEL__REPORTS_MOST)
        return feel_null();
    return feel__fault(
        run, has_form ? FEEL_FAULT_WRONG_KIND : FEEL_FAULT_WRONG_ARGUMENTS,
        arena_printf(run->arena, "%s(%s)", first->name, kinds_of(run, arguments, count)));
}
