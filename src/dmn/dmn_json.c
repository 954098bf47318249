/* Values and decisions as JSON. */
#include <string.h>

#include "dmn/dmn_run.h"

/* --- values --- */

static void add_text(struct dmn_run *run, struct feel_text text, struct buffer *out)
{
    buffer_add_json(out, arena_text_n(run->arena, text.bytes, text.length));
}

static void add_context(struct dmn_run *run, struct feel_context context, struct buffer *out)
{
    buffer_add(out, "{");
    for (size_t i = 0; i < context.count; i++) {
        if (i > 0)
            buffer_add(out, ",");
        add_text(run, context.entries[i].name, out);
        buffer_add(out, ":");
        dmn_value_json(run, context.entries[i].value, out);
    }
    buffer_add(out, "}");
}

void dmn_value_json(struct dmn_run *run, struct feel_value value, struct buffer *out)
{
    switch (value.kind) {
    case FEEL_NULL:
        buffer_add(out, "null");
        return;
    case FEEL_BOOLEAN:
        buffer_add(out, value.boolean ? "true" : "false");
        return;
    case FEEL_NUMBER: {
        struct feel_text digits = feel_print(run->feel, value);
        buffer_add_n(out, digits.bytes, digits.length);
        return;
    }
    case FEEL_LIST:
        buffer_add(out, "[");
        for (size_t i = 0; i < value.list.count; i++) {
            if (i > 0)
                buffer_add(out, ",");
            dmn_value_json(run, value.list.items[i], out);
        }
        buffer_add(out, "]");
        return;
    case FEEL_CONTEXT:
        add_context(run, value.context, out);
        return;
    case FEEL_STRING:
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_MONTHS:
    case FEEL_SPAN:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
        break;
    }
    add_text(run, feel_print(run->feel, value), out);
}

/* --- decisions --- */

/* The step of the element itself: its last, where a service asked for it more than once. */
static const struct dmn_step *step_of(const struct dmn_run *run, const struct dmn_element *element)
{
    const struct dmn_step *found = NULL;
    for (const struct dmn_step *step = dmn_explain(run); step != NULL; step = step->next)
        if (step->element == element)
            found = step;
    return found;
}

/* Rules that speak for the element: of its own tables, else of all that it required. */
static bool speaks(const struct dmn_run *run, const struct dmn_element *element,
                   const struct dmn_step *step)
{
    const struct dmn_step *own = step_of(run, element);
    bool has_own = own != NULL && own->hits != NULL;
    return has_own ? step == own : step->hits != NULL;
}

static bool is_among(const char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(texts[i], text) == 0)
            return true;
    return false;
}

struct clauses {
    const char *items[32];
    size_t count;
};

static void collect_clauses(const struct dmn_step *step, struct clauses *clauses)
{
    for (const struct dmn_hit *hit = step->hits; hit != NULL; hit = hit->next)
        for (size_t i = 0; i < hit->rule_count; i++) {
            const char *clause = hit->table->rules[hit->rules[i]].clause;
            bool has_room = clauses->count < sizeof clauses->items / sizeof *clauses->items;
            if (*clause != '\0' && has_room && !is_among(clauses->items, clauses->count, clause))
                clauses->items[clauses->count++] = clause;
        }
}

const char *dmn_clauses(struct dmn_run *run, const struct dmn_element *element)
{
    struct clauses clauses = {0};
    struct buffer out = buffer_new(run->arena, 64);
    for (const struct dmn_step *step = dmn_explain(run); step != NULL; step = step->next)
        if (speaks(run, element, step))
            collect_clauses(step, &clauses);
    for (size_t i = 0; i < clauses.count; i++) {
        buffer_add(&out, i == 0 ? "" : "；");
        buffer_add(&out, clauses.items[i]);
    }
    return out.bytes;
}

static void add_member(struct buffer *out, const char *name, const char *text)
{
    buffer_printf(out, ",\"%s\":", name);
    buffer_add_json(out, text);
}

/* {"table":…,"rule":3,"id":…,"clause":…,"notes":{…}} */
static void add_rule(const struct dmn_table *table, size_t number, struct buffer *out)
{
    const struct dmn_rule *rule = &table->rules[number];
    buffer_add(out, "{\"table\":");
    buffer_add_json(out, table->where);
    buffer_printf(out, ",\"rule\":%zu", number + 1);
    add_member(out, "id", rule->id);
    add_member(out, "clause", rule->clause);
    buffer_add(out, ",\"notes\":{");
    bool is_first = true;
    for (size_t i = 0; i < table->annotation_count; i++) {
        if (*rule->annotations[i] == '\0')
            continue;
        buffer_add(out, is_first ? "" : ",");
        buffer_add_json(out, table->annotation_names[i]);
        buffer_add(out, ":");
        buffer_add_json(out, rule->annotations[i]);
        is_first = false;
    }
    buffer_add(out, "}}");
}

/* Whether the next is still the first. */
static bool add_rules(const struct dmn_step *step, bool is_first, struct buffer *out)
{
    for (const struct dmn_hit *hit = step->hits; hit != NULL; hit = hit->next)
        for (size_t i = 0; i < hit->rule_count; i++) {
            buffer_add(out, is_first ? "" : ",");
            add_rule(hit->table, hit->rules[i], out);
            is_first = false;
        }
    return is_first;
}

static void add_remarks(const struct dmn_step *step, struct buffer *out)
{
    for (const struct dmn_remark *at = step->remarks; at != NULL; at = at->next) {
        const char *about = at->message.arguments[0].value;
        buffer_add(out, at == step->remarks ? ",\"remarks\":[" : ",");
        buffer_add(out, "{\"code\":");
        buffer_add_json(out, at->message.key);
        add_member(out, "about", about == NULL ? "" : about);
        buffer_printf(out, ",\"line\":%d}", at->place.line);
    }
    if (step->remarks != NULL)
        buffer_add(out, "]");
}

static void add_steps(struct dmn_run *run, struct buffer *out)
{
    for (const struct dmn_step *step = dmn_explain(run); step != NULL; step = step->next) {
        buffer_add(out, step == dmn_explain(run) ? "" : ",");
        buffer_add(out, "{\"name\":");
        buffer_add_json(out, step->element->name);
        add_member(out, "kind", dmn_kind_code(step->element->kind));
        buffer_add(out, ",\"value\":");
        dmn_value_json(run, step->value, out);
        if (step->hits != NULL) {
            buffer_add(out, ",\"rules\":[");
            add_rules(step, /* is_first= */ true, out);
            buffer_add(out, "]");
        }
        add_remarks(step, out);
        buffer_add(out, "}");
    }
}

void dmn_decision_json(struct dmn_run *run, const struct dmn_element *decision, struct buffer *out)
{
    struct feel_value value = dmn_decide(run, decision);
    buffer_add(out, "{\"decision\":");
    buffer_add_json(out, decision->name);
    add_member(out, "model", decision->model->name);
    add_member(out, "version", decision->model->version);
    buffer_add(out, ",\"outputs\":");
    if (value.kind == FEEL_CONTEXT) {
        add_context(run, value.context, out);
    } else {
        const struct feel_entry own = {feel_text(decision->name), value};
        add_context(run, (struct feel_context){&own, 1}, out);
    }
    buffer_add(out, ",\"rules\":[");
    bool is_first = true;
    for (const struct dmn_step *step = dmn_explain(run); step != NULL; step = step->next)
        if (speaks(run, decision, step))
            is_first = add_rules(step, is_first, out);
    buffer_add(out, "]");
    add_member(out, "clause", dmn_clauses(run, decision));
    buffer_add(out, ",\"steps\":[");
    add_steps(run, out);
    buffer_add(out, "]}");
}
