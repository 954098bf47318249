/* Values and the types of a model: FEEL's conversions, and which values are allowed. */
#include "dmn/dmn_run.h"

static bool is_allowed(struct dmn_run *run, const struct dmn__type *type, struct feel_value value);

static bool are_fields_allowed(struct dmn_run *run, const struct dmn__type *type,
                               struct feel_context context)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct feel_value *value =
            feel_context_find(context, feel_text(type->fields[i].name));
        if (value != NULL && !is_allowed(run, type->fields[i].type, *value))
            return false;
    }
    return true;
}

static bool are_items_allowed(struct dmn_run *run, const struct dmn__type *type,
                              struct feel_list list)
{
    for (size_t i = 0; i < list.count; i++)
        if (!is_allowed(run, type, list.items[i]))
            return false;
    return true;
}

/* Null is a value of every type: that something is not known breaks no rule about what it is. */
static bool is_allowed(struct dmn_run *run, const struct dmn__type *type, struct feel_value value)
{
    if (!type->is_checked || value.kind == FEEL_NULL)
        return true;
    if (type->base == NULL && dmn__is_plain(&type->plain, value))
        return dmn__holds_plainly(&type->plain, value);
    if (!feel_enter(run->feel))
        return false;
    bool is_fine = type->base == NULL || is_allowed(run, type->base, value);
    if (is_fine && type->allowed != NULL)
        is_fine = dmn__is_true(feel_evaluate(run->feel, type->allowed, &value));
    if (is_fine && value.kind == FEEL_CONTEXT)
        is_fine = are_fields_allowed(run, type, value.context);
    if (is_fine && value.kind == FEEL_LIST && type->item != NULL)
        is_fine = are_items_allowed(run, type->item, value.list);
    feel_leave(run->feel);
    return is_fine;
}

bool dmn__fit(struct dmn_run *run, const struct dmn__type *type, struct feel_value *value)
{
    if (type == NULL || value->kind == FEEL_NULL)
        return true;
    struct feel_value fitted = feel_coerce(run->feel, *value, type->feel);
    if (fitted.kind == FEEL_NULL)
        return false;
    *value = fitted;
    return is_allowed(run, type, fitted);
}
