/* Looking up a decision table: its inputs, the rules that match, and what they come to. */
#include "dmn/dmn_run.h"

/* The account of one look-up. */
struct look {
    const struct dmn__frame *frame;
    struct dmn_run *run;
    const struct dmn__table *table;
    struct feel_value *inputs;
    size_t *rules; /* that match */
    size_t rule_count;
};

static struct feel_value trouble(const struct look *look, enum dmn_trouble which, const char *about)
{
    return dmn__trouble(look->run, which, look->table->shown.line, "", about);
}

/* --- inputs --- */

static bool evaluate_input(const struct look *look, size_t i)
{
    const struct dmn__input *input = &look->table->inputs[i];
    struct feel_value value = feel_null();
    if (input->expression != NULL)
        value = feel_evaluate(look->run->feel, input->expression, look->frame->slots);
    if (!dmn__fit(look->run, input->type, &value)) {
        trouble(look, DMN_TROUBLE_INPUT_TYPE, look->table->shown.inputs[i].text);
        return false;
    }
    look->inputs[i] = value;
    look->frame->slots[look->table->test_slot] = value;
    if (input->allowed == NULL || value.kind == FEEL_NULL ||
        dmn__is_true(feel_evaluate(look->run->feel, input->allowed, look->frame->slots)))
        return true;
    trouble(look, DMN_TROUBLE_INPUT_VALUE, look->table->shown.inputs[i].text);
    return false;
}

static bool evaluate_inputs(const struct look *look)
{
    for (size_t i = 0; i < look->table->shown.input_count; i++)
        if (!evaluate_input(look, i))
            return false;
    return true;
}

/* --- rules --- */

static bool holds(const struct look *look, size_t cell, size_t input)
{
    const struct feel_tests *plain = &look->table->plain[cell];
    struct feel_value value = look->inputs[input];
    if (dmn__is_plain(plain, value))
        return dmn__holds_plainly(plain, value);
    look->frame->slots[look->table->test_slot] = value;
    return dmn__is_true(
        feel_evaluate(look->run->feel, look->table->cells[cell], look->frame->slots));
}

/* But for the column `known`, which need not be tried; SIZE_MAX: none. */
static bool matches(const struct look *look, size_t rule, size_t known)
{
    size_t count = look->table->shown.input_count;
    for (size_t i = 0; i < count; i++) {
        bool is_open = i != known && look->table->cells[rule * count + i] != NULL;
        if (is_open && !holds(look, rule * count + i, i))
            return false;
    }
    return true;
}

/* Whether the search is over. */
static bool try_rule(struct look *look, size_t rule, size_t known)
{
    if (!matches(look, rule, known))
        return false;
    look->rules[look->rule_count++] = rule;
    return look->table->shown.policy == DMN_HIT_POLICY_FIRST;
}

/* Both lists are ascending: so are the rules that match. */
static void find_among(struct look *look, const struct dmn__candidates *candidates)
{
    size_t i = 0, j = 0;
    look->rules =
        arena_array(look->run->arena, candidates->found_count + candidates->other_count, size_t);
    while (i < candidates->found_count || j < candidates->other_count) {
        bool is_other =
            i == candidates->found_count ||
            (j < candidates->other_count && candidates->others[j] < candidates->found[i]);
        uint32_t rule = is_other ? candidates->others[j++] : candidates->found[i++];
        /* A cell may say the same constant twice. */
        bool is_again = i < candidates->found_count && !is_other && candidates->found[i] == rule;
        if (!is_again && try_rule(look, rule, is_other ? SIZE_MAX : candidates->column))
            return;
    }
}

static void find_rules(struct look *look)
{
    struct dmn__candidates candidates;
    if (look->table->index != NULL &&
        dmn__index_find(look->table->index, look->inputs, &candidates)) {
        find_among(look, &candidates);
        return;
    }
    look->rules = arena_array(look->run->arena, look->table->shown.rule_count, size_t);
    for (size_t rule = 0; rule < look->table->shown.rule_count; rule++)
        if (try_rule(look, rule, SIZE_MAX))
            return;
}

/* --- results --- */

/* One output of a rule, or, with rule SIZE_MAX, its default. */
static struct feel_value evaluate_output(const struct look *look, size_t rule, size_t i)
{
    const struct dmn__table *table = look->table;
    const struct dmn__output *output = &table->outputs[i];
    const struct feel_program *program =
        rule == SIZE_MAX ? output->otherwise : table->results[rule * table->shown.output_count + i];
    if (program == NULL)
        return feel_null();
    struct feel_value value = feel_evaluate(look->run->feel, program, look->frame->slots);
    if (!dmn__fit(look->run, output->type, &value))
        return trouble(look, DMN_TROUBLE_RESULT_TYPE, output->type->name);
    look->frame->slots[table->test_slot] = value;
    if (output->allowed == NULL || value.kind == FEEL_NULL ||
        dmn__is_true(feel_evaluate(look->run->feel, output->allowed, look->frame->slots)))
        return value;
    return trouble(look, DMN_TROUBLE_RESULT_VALUE, table->shown.outputs[i].values);
}

static struct feel_value evaluate_rule(const struct look *look, size_t rule)
{
    const struct dmn__table *table = look->table;
    size_t count = table->shown.output_count;
    if (count == 1)
        return evaluate_output(look, rule, 0);
    struct feel_entry *entries = arena_array(look->run->arena, count, struct feel_entry);
    for (size_t i = 0; i < count; i++) {
        entries[i].name = table->outputs[i].name;
        entries[i].value = evaluate_output(look, rule, i);
    }
    return feel_context(entries, count);
}

static struct feel_value *evaluate_rules(const struct look *look)
{
    struct feel_value *values = arena_array(look->run->arena, look->rule_count, struct feel_value);
    for (size_t i = 0; i < look->rule_count; i++)
        values[i] = evaluate_rule(look, look->rules[i]);
    return values;
}

static struct feel_value unique(const struct look *look)
{
    if (look->rule_count > 1)
        return trouble(look, DMN_TROUBLE_SEVERAL_RULES, "");
    return evaluate_rule(look, look->rules[0]);
}

static struct feel_value any(const struct look *look)
{
    const struct feel_value *values = evaluate_rules(look);
    for (size_t i = 1; i < look->rule_count; i++)
        if (!dmn__is_true(feel_equal(look->run->feel, values[0], values[i])))
            return trouble(look, DMN_TROUBLE_RULES_DISAGREE, "");
    return values[0];
}

/* --- priorities --- */

static struct feel_value part_of(const struct look *look, struct feel_value value, size_t output)
{
    return look->table->shown.output_count == 1 ? value : value.context.entries[output].value;
}

/* Where the value stands among those of the output; behind all where it is none of them. */
static size_t rank_of(const struct look *look, struct feel_value value, size_t output)
{
    const struct dmn__output *of = &look->table->outputs[output];
    size_t rank = 0;
    while (rank < of->order_count &&
           !dmn__is_true(feel_equal(look->run->feel, of->order[rank], value)))
        rank++;
    return rank;
}

/* Whether a comes before b: by the first output, where that is the same by the second … */
static bool comes_before(const struct look *look, struct feel_value a, struct feel_value b)
{
    for (size_t i = 0; i < look->table->shown.output_count; i++) {
        size_t left = rank_of(look, part_of(look, a, i), i);
        size_t right = rank_of(look, part_of(look, b, i), i);
        if (left != right)
            return left < right;
    }
    return false;
}

/* The rules' values in their order; rules of the same rank stay in theirs. */
static struct feel_value *ordered(const struct look *look)
{
    struct feel_value *values = evaluate_rules(look);
    for (size_t i = 1; i < look->rule_count; i++) {
        struct feel_value value = values[i];
        size_t rule = look->rules[i], at = i;
        for (; at > 0 && comes_before(look, value, values[at - 1]); at--) {
            values[at] = values[at - 1];
            look->rules[at] = look->rules[at - 1];
        }
        values[at] = value;
        look->rules[at] = rule;
    }
    return values;
}

static struct feel_value priority(struct look *look)
{
    struct feel_value value = ordered(look)[0];
    look->rule_count = 1;
    return value;
}

/* --- lists --- */

static struct feel_value fold_output(const struct look *look, const struct feel_value *values,
                                     size_t output)
{
    struct feel_value *parts = arena_array(look->run->arena, look->rule_count, struct feel_value);
    for (size_t i = 0; i < look->rule_count; i++)
        parts[i] = part_of(look, values[i], output);
    struct feel_value list = feel_list(parts, look->rule_count);
    struct feel_value folded = feel_evaluate(look->run->feel, look->table->fold, &list);
    return folded.kind == FEEL_NULL ? trouble(look, DMN_TROUBLE_NO_SUM, "") : folded;
}

static struct feel_value collect(const struct look *look)
{
    const struct feel_value *values = evaluate_rules(look);
    size_t count = look->table->shown.output_count;
    if (look->table->fold == NULL)
        return feel_list(values, look->rule_count);
    if (count == 1)
        return fold_output(look, values, 0);
    struct feel_entry *entries = arena_array(look->run->arena, count, struct feel_entry);
    for (size_t i = 0; i < count; i++) {
        entries[i].name = look->table->outputs[i].name;
        entries[i].value = fold_output(look, values, i);
    }
    return feel_context(entries, count);
}

static struct feel_value nothing(const struct look *look)
{
    if (look->table->has_defaults)
        return evaluate_rule(look, SIZE_MAX);
    return look->table->shown.aggregation == DMN_AGGREGATION_HOW_MANY ? feel_integer(0)
                                                                      : feel_null();
}

static struct feel_value conclude(struct look *look)
{
    if (look->rule_count == 0)
        return nothing(look);
    switch (look->table->shown.policy) {
    case DMN_HIT_POLICY_ANY:
        return any(look);
    case DMN_HIT_POLICY_FIRST:
        return evaluate_rule(look, look->rules[0]);
    case DMN_HIT_POLICY_PRIORITY:
        return priority(look);
    case DMN_HIT_POLICY_COLLECT:
        return collect(look);
    case DMN_HIT_POLICY_RULE_ORDER:
        return feel_list(evaluate_rules(look), look->rule_count);
    case DMN_HIT_POLICY_OUTPUT_ORDER:
        return feel_list(ordered(look), look->rule_count);
    case DMN_HIT_POLICY_UNIQUE:
    case DMN_HIT_POLICY_NONE:
        break;
    }
    return unique(look);
}

/* --- the whole --- */

static void add_hit(const struct look *look, struct feel_value value)
{
    struct dmn__step *step = look->run->step;
    if (step == NULL)
        return;
    struct dmn_hit *hit = arena_one(look->run->arena, struct dmn_hit);
    *hit = (struct dmn_hit){.table = &look->table->shown,
                            .inputs = look->inputs,
                            .rules = look->rules,
                            .rule_count = look->rule_count,
                            .value = value};
    *step->hits_end = hit;
    step->hits_end = &hit->next;
}

struct feel_value dmn__look_up(const struct dmn__frame *frame, const struct dmn__table *table)
{
    struct arena *arena = frame->run->arena;
    struct look look = {.frame = frame, .run = frame->run, .table = table};
    look.inputs = arena_array(arena, table->shown.input_count, struct feel_value);
    struct feel_value value = feel_null();
    if (evaluate_inputs(&look)) {
        find_rules(&look);
        value = conclude(&look);
    }
    add_hit(&look, value);
    return value;
}
