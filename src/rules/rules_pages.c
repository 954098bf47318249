/* The decisions of the pack, read and tried. */
#include <string.h>

#include "base/text.h"
#include "dmn/dmn.h"
#include "policy/policy.h"
#include "rules/rules.h"
#include "rules_html.h"
#include "web/show.h"

static struct reply show_list(struct ctx *ctx)
{
    const struct pack_decision_list *all = &ctx->pack->decisions;
    struct rules_list_model *model = arena_one(ctx->arena, struct rules_list_model);
    model->decisions.count = all->count;
    model->decisions.items = arena_array(ctx->arena, all->count, struct rules_list_decision);
    for (size_t i = 0; i < all->count; i++)
        model->decisions.items[i] = (struct rules_list_decision){
            .id = all->items[i].element->id,
            .name = all->items[i].element->name,
            .question = all->items[i].element->question,
            .about = all->items[i].element->model->name,
        };
    return page_rules_list(ctx, model);
}

/* --- values in words --- */

static const char *in_words(struct ctx *ctx, struct dmn_run *run, struct feel_value value)
{
    struct feel_text text;
    int64_t number;
    switch (value.kind) {
    case FEEL_NULL:
        return words(ctx, "rules.nothing");
    case FEEL_BOOLEAN:
        return words(ctx, value.boolean ? "rules.yes" : "rules.no");
    case FEEL_NUMBER:
        if (feel_number_integer(value.number, &number))
            return show_integer(ctx, number);
        break;
    case FEEL_STRING:
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_MONTHS:
    case FEEL_SPAN:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
        break;
    }
    text = feel_print(dmn_run_feel(run), value);
    return arena_text_n(ctx->arena, text.bytes, text.length);
}

/* A cell as an office reads it: texts without quotation marks, "-" as any. */
static const char *cell_words(struct ctx *ctx, const char *text)
{
    int64_t number;
    if (text_integer(text, &number))
        return show_integer(ctx, number);
    if (*text == '\0' || strcmp(text, "-") == 0)
        return words(ctx, "rules.any");
    if (strcmp(text, "null") == 0)
        return words(ctx, "rules.nothing");
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return words(ctx, *text == 't' ? "rules.yes" : "rules.no");
    struct buffer out = buffer_new(ctx->arena, strlen(text) + 1);
    for (; *text != '\0'; text++)
        if (*text != '"')
            buffer_add_char(&out, *text);
    return out.bytes;
}

/* --- the form --- */

static void fill_choices(struct ctx *ctx, const struct dmn_element *element,
                         struct rules_show_input *ret)
{
    bool is_boolean = element->type != NULL && element->type->kind == FEEL_TYPE_BOOLEAN;
    const char *list =
        is_boolean ? "[true, false]" : arena_printf(ctx->arena, "[%s]", element->values);
    struct feel_source source = {.text = feel_text(list)};
    struct feel_compiled compiled = feel_compile(ctx->arena, &source);
    const struct feel_value *values =
        compiled.program == NULL ? NULL : feel_program_constant(compiled.program);
    size_t count = values == NULL || values->kind != FEEL_LIST ? 0 : values->list.count;
    ret->choices.items = arena_array(ctx->arena, count, struct rules_show_input_choice);
    for (size_t i = 0; i < count; i++) {
        struct feel_value value = values->list.items[i];
        const char *text = value.kind == FEEL_BOOLEAN ? (value.boolean ? "true" : "false")
                           : value.kind == FEEL_STRING
                               ? arena_text_n(ctx->arena, value.text.bytes, value.text.length)
                               : NULL;
        if (text != NULL)
            ret->choices.items[ret->choices.count++] = (struct rules_show_input_choice){
                .value = text,
                .label = is_boolean ? cell_words(ctx, text) : text,
                .is_chosen = text_equal(text, ret->value),
            };
    }
    ret->is_typed = ret->choices.count == 0;
}

static void add_problem(struct rules_show_model *model, const char *what)
{
    model->problems.items[model->problems.count++].what = what;
}

/* Gives what was asked; says what was not, or is no value. */
static void give_input(struct ctx *ctx, struct dmn_run *run, const struct dmn_element *element,
                       struct rules_show_model *model)
{
    struct rules_show_input *input = &model->inputs.items[model->inputs.count++];
    *input = (struct rules_show_input){.id = element->id,
                                       .name = element->name,
                                       .value = show_text(request_query(ctx, element->id))};
    fill_choices(ctx, element, input);
    struct feel_value value;
    model->is_asked |= *input->value != '\0';
    if (*input->value != '\0' && dmn_read(ctx->arena, element, input->value, &value))
        dmn_give(run, element, value);
    else
        add_problem(model,
                    words_with(ctx, &(struct message){"rules.missing", {{"name", element->name}}}));
}

static void give_inputs(struct ctx *ctx, struct dmn_run *run, const struct pack_decision *decision,
                        struct rules_show_model *model)
{
    size_t count = dmn_element_count(decision->model);
    model->inputs.items = arena_array(ctx->arena, count, struct rules_show_input);
    model->problems.items = arena_array(ctx->arena, count, struct rules_show_problem);
    for (size_t i = 0; i < count; i++) {
        const struct dmn_element *element = dmn_element(decision->model, i);
        if (element->kind == DMN_KIND_INPUT_DATA &&
            dmn_requires(decision->model, decision->element, element))
            give_input(ctx, run, element, model);
    }
    if (model->inputs.count == 0) /* nothing to be asked: it is what it is */
        model->is_asked = true;
}

/* --- the answer --- */

static void fill_results(struct ctx *ctx, struct dmn_run *run, const struct pack_decision *decision,
                         struct rules_show_model *model)
{
    struct feel_value value = dmn_decide(run, decision->element);
    bool is_one = value.kind != FEEL_CONTEXT;
    size_t count = is_one ? 1 : value.context.count;
    model->results.count = count;
    model->results.items = arena_array(ctx->arena, count, struct rules_show_result);
    for (size_t i = 0; i < count; i++) {
        const struct feel_entry *entry = is_one ? NULL : &value.context.entries[i];
        model->results.items[i] = (struct rules_show_result){
            .name = is_one ? decision->element->name
                           : arena_text_n(ctx->arena, entry->name.bytes, entry->name.length),
            .value = in_words(ctx, run, is_one ? value : entry->value),
        };
    }
    model->clause = pack_clause_words(ctx, dmn_clauses(run, decision->element));
}

static bool decides(const struct dmn_run *run, const struct dmn_table *table, size_t rule)
{
    for (const struct dmn_step *step = dmn_explain(run); step != NULL; step = step->next)
        for (const struct dmn_hit *hit = step->hits; hit != NULL; hit = hit->next)
            for (size_t i = 0; hit->table == table && i < hit->rule_count; i++)
                if (hit->rules[i] == rule)
                    return true;
    return false;
}

/* --- the table --- */

static const char *label_of(const struct dmn_clause *clause, const char *otherwise)
{
    return *clause->label != '\0'  ? clause->label
           : *clause->name != '\0' ? clause->name
                                   : otherwise;
}

static void fill_row(struct ctx *ctx, const struct dmn_table *table, size_t number,
                     struct rules_show_row *row)
{
    const struct dmn_rule *rule = &table->rules[number];
    row->number = (int64_t)number + 1;
    row->clause = rule->clause;
    row->cells.items = arena_array(ctx->arena, table->input_count + table->output_count,
                                   struct rules_show_row_cell);
    for (size_t i = 0; i < table->input_count; i++)
        row->cells.items[row->cells.count++] = (struct rules_show_row_cell){
            label_of(&table->inputs[i], table->inputs[i].text), cell_words(ctx, rule->inputs[i])};
    for (size_t i = 0; i < table->output_count; i++)
        row->cells.items[row->cells.count++] = (struct rules_show_row_cell){
            label_of(&table->outputs[i], table->where), cell_words(ctx, rule->outputs[i])};
    for (size_t i = 0; i < table->annotation_count; i++)
        if (!text_equal(rule->annotations[i], rule->clause) && *rule->annotations[i] != '\0')
            row->note = rule->annotations[i];
}

static void fill_table(struct ctx *ctx, const struct dmn_run *run, const struct dmn_table *table,
                       struct rules_show_model *model)
{
    size_t columns = table->input_count + table->output_count;
    model->headings.items = arena_array(ctx->arena, columns, struct rules_show_heading);
    for (size_t i = 0; i < table->input_count; i++)
        model->headings.items[model->headings.count++].label =
            label_of(&table->inputs[i], table->inputs[i].text);
    for (size_t i = 0; i < table->output_count; i++)
        model->headings.items[model->headings.count++].label =
            label_of(&table->outputs[i], table->where);
    model->rows.count = table->rule_count;
    model->rows.items = arena_array(ctx->arena, table->rule_count, struct rules_show_row);
    for (size_t i = 0; i < table->rule_count; i++) {
        fill_row(ctx, table, i, &model->rows.items[i]);
        model->rows.items[i].is_deciding = model->is_asked && decides(run, table, i);
    }
}

static struct reply show_decision(struct ctx *ctx)
{
    const struct pack_decision *decision = pack_decision(ctx->pack, request_part(ctx, "decision"));
    if (decision == NULL)
        return reply_not_found(ctx);
    struct rules_show_model *model = arena_one(ctx->arena, struct rules_show_model);
    struct dmn_run *run = dmn_run_new(ctx->arena, decision->model,
                                      &(struct dmn_settings){.now = ctx->now, .explains = true});
    model->id = decision->element->id;
    model->name = decision->element->name;
    model->question = decision->element->question;
    model->about = decision->element->model->description;
    model->version = decision->element->model->version;
    give_inputs(ctx, run, decision, model);
    if (model->is_asked)
        fill_results(ctx, run, decision, model);
    const struct dmn_table *table = dmn_table_of(decision->model, decision->element);
    if (table != NULL)
        fill_table(ctx, run, table, model);
    return page_rules_show(ctx, model);
}

const struct route rules_routes[] = {
    {GET, "/rules", PERMISSION_PUBLIC, .handle = show_list},
    {GET, "/rules/:decision", PERMISSION_PUBLIC, .handle = show_decision},
    {0},
};
