/* Types: their names, which conforms to which, and values made to fit them. */
#include "base/text.h"
#include "feel/feel_parse.h"
#include "feel/feel_run.h"

enum { TYPE_DEPTH_MOST = 64 };

static const struct feel_type basic_types[] = {
    [FEEL_TYPE_ANY] = {.kind = FEEL_TYPE_ANY},
    [FEEL_TYPE_NULL] = {.kind = FEEL_TYPE_NULL},
    [FEEL_TYPE_BOOLEAN] = {.kind = FEEL_TYPE_BOOLEAN},
    [FEEL_TYPE_NUMBER] = {.kind = FEEL_TYPE_NUMBER},
    [FEEL_TYPE_STRING] = {.kind = FEEL_TYPE_STRING},
    [FEEL_TYPE_DATE] = {.kind = FEEL_TYPE_DATE},
    [FEEL_TYPE_TIME] = {.kind = FEEL_TYPE_TIME},
    [FEEL_TYPE_DATE_TIME] = {.kind = FEEL_TYPE_DATE_TIME},
    [FEEL_TYPE_MONTHS] = {.kind = FEEL_TYPE_MONTHS},
    [FEEL_TYPE_SPAN] = {.kind = FEEL_TYPE_SPAN},
    [FEEL_TYPE_LIST] = {.kind = FEEL_TYPE_LIST},
    [FEEL_TYPE_RANGE] = {.kind = FEEL_TYPE_RANGE},
    [FEEL_TYPE_CONTEXT] = {.kind = FEEL_TYPE_CONTEXT},
    [FEEL_TYPE_FUNCTION] = {.kind = FEEL_TYPE_FUNCTION},
};

/* The second names are those of the XML files of DMN. */
static const struct {
    const char *name;
    enum feel_type_kind kind;
} names[] = {
    {"Any", FEEL_TYPE_ANY},
    {"Null", FEEL_TYPE_NULL},
    {"boolean", FEEL_TYPE_BOOLEAN},
    {"number", FEEL_TYPE_NUMBER},
    {"string", FEEL_TYPE_STRING},
    {"date", FEEL_TYPE_DATE},
    {"time", FEEL_TYPE_TIME},
    {"date and time", FEEL_TYPE_DATE_TIME},
    {"dateTime", FEEL_TYPE_DATE_TIME},
    {"years and months duration", FEEL_TYPE_MONTHS},
    {"yearMonthDuration", FEEL_TYPE_MONTHS},
    {"days and time duration", FEEL_TYPE_SPAN},
    {"dayTimeDuration", FEEL_TYPE_SPAN},
    {"list", FEEL_TYPE_LIST},
    {"range", FEEL_TYPE_RANGE},
    {"context", FEEL_TYPE_CONTEXT},
    {"function", FEEL_TYPE_FUNCTION},
};

const struct feel_type *feel_type_of_kind(enum feel_type_kind kind)
{
    return &basic_types[kind];
}

struct feel_name feel__type_name(size_t i)
{
    if (i >= sizeof names / sizeof *names)
        return (struct feel_name){0};
    return (struct feel_name){feel_text(names[i].name), &basic_types[names[i].kind]};
}

const struct feel_type *feel_type_named(struct feel_text name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (feel_text_equal(feel_text(names[i].name), name))
            return &basic_types[names[i].kind];
    return NULL;
}

/* --- which conforms to which --- */

static const struct feel_type *or_any(const struct feel_type *type)
{
    return type != NULL ? type : &basic_types[FEEL_TYPE_ANY];
}

static bool conforms(const struct feel_type *type, const struct feel_type *wanted, int depth);

/* Every field that is wanted is there and fits; there may be more. */
static bool fields_conform(const struct feel_type *type, const struct feel_type *wanted, int depth)
{
    for (size_t i = 0; i < wanted->field_count; i++) {
        const struct feel_type *field = NULL;
        for (size_t j = 0; j < type->field_count && field == NULL; j++)
            if (feel_text_equal(type->fields[j].name, wanted->fields[i].name))
                field = or_any(type->fields[j].type);
        if (field == NULL || !conforms(field, wanted->fields[i].type, depth + 1))
            return false;
    }
    return true;
}

/* A function fits where it takes at least what it will be given, and gives what is expected. */
static bool function_conforms(const struct feel_type *type, const struct feel_type *wanted,
                              int depth)
{
    if (wanted->fields == NULL && wanted->of == NULL)
        return true;
    if (type->field_count != wanted->field_count)
        return false;
    for (size_t i = 0; i < type->field_count; i++)
        if (!conforms(or_any(wanted->fields[i].type), type->fields[i].type, depth + 1))
            return false;
    return conforms(or_any(type->of), wanted->of, depth + 1);
}

static bool conforms(const struct feel_type *type, const struct feel_type *wanted, int depth)
{
    wanted = or_any(wanted);
    if (wanted->kind == FEEL_TYPE_ANY || type->kind == FEEL_TYPE_NULL || type == wanted)
        return true;
    if (type->kind != wanted->kind || depth > TYPE_DEPTH_MOST)
        return false;
    switch (wanted->kind) {
    case FEEL_TYPE_LIST:
    case FEEL_TYPE_RANGE:
        return conforms(or_any(type->of), wanted->of, depth + 1);
    case FEEL_TYPE_CONTEXT:
        return fields_conform(type, wanted, depth);
    case FEEL_TYPE_FUNCTION:
        return function_conforms(type, wanted, depth);
    case FEEL_TYPE_ANY:
    case FEEL_TYPE_NULL:
    case FEEL_TYPE_BOOLEAN:
    case FEEL_TYPE_NUMBER:
    case FEEL_TYPE_STRING:
    case FEEL_TYPE_DATE:
    case FEEL_TYPE_TIME:
    case FEEL_TYPE_DATE_TIME:
    case FEEL_TYPE_MONTHS:
    case FEEL_TYPE_SPAN:
        return true;
    }
    return false;
}

bool feel_type_conforms(const struct feel_type *type, const struct feel_type *wanted)
{
    return conforms(or_any(type), wanted, 0);
}

/* --- values of a type --- */

static enum feel_type_kind type_kind(enum feel_kind kind)
{
    switch (kind) {
    case FEEL_NULL:
        return FEEL_TYPE_NULL;
    case FEEL_BOOLEAN:
        return FEEL_TYPE_BOOLEAN;
    case FEEL_NUMBER:
        return FEEL_TYPE_NUMBER;
    case FEEL_STRING:
        return FEEL_TYPE_STRING;
    case FEEL_DATE:
        return FEEL_TYPE_DATE;
    case FEEL_TIME:
        return FEEL_TYPE_TIME;
    case FEEL_DATE_TIME:
        return FEEL_TYPE_DATE_TIME;
    case FEEL_MONTHS:
        return FEEL_TYPE_MONTHS;
    case FEEL_SPAN:
        return FEEL_TYPE_SPAN;
    case FEEL_LIST:
        return FEEL_TYPE_LIST;
    case FEEL_CONTEXT:
        return FEEL_TYPE_CONTEXT;
    case FEEL_RANGE:
        return FEEL_TYPE_RANGE;
    case FEEL_FUNCTION:
        return FEEL_TYPE_FUNCTION;
    }
    return FEEL_TYPE_NULL;
}

static bool is_of(struct feel_run *run, struct feel_value value, const struct feel_type *type);

static bool items_are_of(struct feel_run *run, struct feel_list list, const struct feel_type *type)
{
    for (size_t i = 0; i < list.count; i++)
        if (!is_of(run, list.items[i], type))
            return false;
    return true;
}

static bool entries_are_of(struct feel_run *run, struct feel_context context,
                           const struct feel_type *type)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct feel_value *value = feel_context_find(context, type->fields[i].name);
        if (value == NULL || !is_of(run, *value, type->fields[i].type))
            return false;
    }
    return true;
}

static bool is_of(struct feel_run *run, struct feel_value value, const struct feel_type *type)
{
    type = or_any(type);
    if (type->kind == FEEL_TYPE_ANY || value.kind == FEEL_NULL)
        return true;
    if (type_kind(value.kind) != type->kind || !feel_enter(run))
        return false;
    bool fits = true;
    if (value.kind == FEEL_LIST && type->of != NULL)
        fits = items_are_of(run, value.list, type->of);
    else if (value.kind == FEEL_CONTEXT)
        fits = entries_are_of(run, value.context, type);
    else if (value.kind == FEEL_RANGE)
        fits = is_of(run, value.range->low, type->of) && is_of(run, value.range->high, type->of);
    else if (value.kind == FEEL_FUNCTION)
        fits = feel_type_conforms(value.function->type, type);
    feel_leave(run);
    return fits;
}

bool feel_is_of(struct feel_run *run, struct feel_value value, const struct feel_type *type)
{
    return is_of(run, value, type);
}

static struct feel_value list_of_one(struct feel_run *run, struct feel_value value)
{
    struct feel__items items = feel__items_new(run, 1);
    feel__items_add(&items, value);
    return feel__items_list(&items);
}

static struct feel_value at_midnight(struct feel_run *run, struct feel_date date)
{
    struct feel_moment *moment = arena_one(run->arena, struct feel_moment);
    *moment = (struct feel_moment){.date = date, .clock = FEEL_CLOCK_OFFSET};
    return (struct feel_value){.kind = FEEL_DATE_TIME, .moment = moment};
}

/* What a function does not say of itself, its calls will show: a function of the language has many
 * forms, one of a model may have no types written down. */
static bool may_serve(const struct feel_function *function, const struct feel_type *wanted)
{
    const struct feel_type *own = function->type;
    if (function->builtin != NULL || (wanted->fields == NULL && wanted->of == NULL))
        return true;
    if (own->field_count != wanted->field_count)
        return false;
    for (size_t i = 0; i < own->field_count; i++)
        if (!feel_type_conforms(wanted->fields[i].type, own->fields[i].type))
            return false;
    return or_any(own->of)->kind == FEEL_TYPE_ANY || feel_type_conforms(own->of, wanted->of);
}

struct feel_value feel_coerce(struct feel_run *run, struct feel_value value,
                              const struct feel_type *type)
{
    type = or_any(type);
    if (is_of(run, value, type))
        return value;
    bool is_singleton = value.kind == FEEL_LIST && value.list.count == 1;
    if (is_singleton && type->kind != FEEL_TYPE_LIST && is_of(run, value.list.items[0], type))
        return value.list.items[0];
    if (value.kind != FEEL_LIST && type->kind == FEEL_TYPE_LIST && is_of(run, value, type->of))
        return list_of_one(run, value);
    if (value.kind == FEEL_DATE && type->kind == FEEL_TYPE_DATE_TIME)
        return at_midnight(run, value.date);
    if (value.kind == FEEL_FUNCTION && type->kind == FEEL_TYPE_FUNCTION &&
        may_serve(value.function, type))
        return value;
    return feel__fault(run, FEEL_FAULT_WRONG_KIND,
                       arena_printf(run->arena, "%s, %s", feel__kind_name(value.kind),
                                    feel_type_text(run->arena, type)));
}

/* --- as FEEL writes it --- */

static void print_type(struct buffer *buffer, const struct feel_type *type, int depth);

static void print_fields(struct buffer *buffer, const struct feel_type *type, int depth)
{
    for (size_t i = 0; i < type->field_count; i++) {
        if (i > 0)
            buffer_add(buffer, ", ");
        if (type->kind == FEEL_TYPE_CONTEXT) {
            buffer_add_n(buffer, type->fields[i].name.bytes, type->fields[i].name.length);
            buffer_add(buffer, ": ");
        }
        print_type(buffer, type->fields[i].type, depth + 1);
    }
}

static void print_type(struct buffer *buffer, const struct feel_type *type, int depth)
{
    enum { PRINT_DEPTH_MOST = 6 };
    type = or_any(type);
    size_t i = 0;
    while (names[i].kind != type->kind)
        i++;
    buffer_add(buffer, names[i].name);
    bool has_parts = type->of != NULL || type->field_count > 0;
    if (!has_parts || depth > PRINT_DEPTH_MOST)
        return;
    buffer_add_char(buffer, '<');
    print_fields(buffer, type, depth);
    if (type->kind == FEEL_TYPE_FUNCTION)
        buffer_add(buffer, "> -> ");
    if (type->kind != FEEL_TYPE_CONTEXT)
        print_type(buffer, type->of, depth + 1);
    if (type->kind != FEEL_TYPE_FUNCTION)
        buffer_add_char(buffer, '>');
}

const char *feel_type_text(struct arena *arena, const struct feel_type *type)
{
    struct buffer buffer = buffer_new(arena, 32);
    print_type(&buffer, type, 0);
    return buffer.bytes;
}
