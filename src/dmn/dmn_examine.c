/*
 * Gaps and overlaps of a table that should have exactly one rule for everything that can come.
 *
 * Each input is an axis. The constants in its cells cut the axis into pieces inside which no cell
 * can tell one value from another: each text and a piece for all others; or, where there is an
 * order, each bound and the open stretch between it and the next. The pieces of one axis after the
 * other divide the rules; what is left behind the last axis matches one combination of pieces.
 *
 * Null is not looked at. Between whole numbers that follow each other, and between days, nothing is
 * thought to lie: who writes "up to 5" and "from 6 on" counts.
 */
#include <stdlib.h>
#include <string.h>

#include "dmn/dmn_loader.h"

enum { STEPS_MOST = 2000000, REPORTS_MOST = 5, PAIRS_MOST = 16 };

struct stretch {
    size_t first, last;
    bool is_outside; /* all pieces but these */
};

/* What a cell says. */
struct cell {
    struct feel_tests tests;
    struct stretch *stretches; /* of pieces, for each test */
    bool is_any;
};

struct axis {
    const char *label;
    struct cell *cells; /* of each rule */
    struct cell allowed;
    bool is_ordered;
    bool has_others;           /* of no order: a value beside those named can come */
    struct feel_value *values; /* bounds in their order, or those named */
    size_t value_count;
    size_t piece_count;
};

struct pair {
    uint32_t one, other;
};

struct examiner {
    struct dmn__loader *loader;
    const struct dmn__table *table;
    struct feel_place place;
    struct feel_run *run;
    struct axis *axes;
    size_t *pieces; /* where the examination stands, for each axis */
    struct pair pairs[PAIRS_MOST];
    size_t pair_count;
    size_t gaps;
    size_t steps;
};

/* --- the axes --- */

static bool is_point(struct feel_value value)
{
    return value.kind == FEEL_STRING || value.kind == FEEL_BOOLEAN;
}

static bool has_order(struct feel_value value)
{
    return value.kind == FEEL_NUMBER || value.kind == FEEL_DATE || value.kind == FEEL_MONTHS ||
           value.kind == FEEL_SPAN;
}

static size_t index_of(const struct examiner *examiner, const struct axis *axis,
                       struct feel_value value)
{
    size_t i = 0;
    while (i < axis->value_count && !(axis->values[i].kind == value.kind &&
                                      feel_equal(examiner->run, axis->values[i], value).boolean))
        i++;
    return i;
}

static void add_value(const struct examiner *examiner, struct axis *axis, struct feel_value value)
{
    if (value.kind != FEEL_NULL && index_of(examiner, axis, value) == axis->value_count)
        axis->values[axis->value_count++] = value;
}

/* False where the cell has what no axis can hold. */
static bool add_cell(const struct examiner *examiner, struct axis *axis, const struct cell *cell)
{
    for (size_t i = 0; i < cell->tests.count; i++) {
        struct feel_value item = cell->tests.items[i];
        bool is_range = item.kind == FEEL_RANGE;
        struct feel_value low = is_range ? item.range->low : item;
        struct feel_value high = is_range ? item.range->high : item;
        bool fits = is_range ? (has_order(low) || low.kind == FEEL_NULL) &&
                                   (has_order(high) || high.kind == FEEL_NULL)
                             : has_order(item) || is_point(item);
        if (!fits)
            return false;
        axis->is_ordered |= is_range || has_order(item);
        add_value(examiner, axis, low);
        add_value(examiner, axis, high);
    }
    return true;
}

static bool read_cell(const struct examiner *examiner, const struct feel_program *program,
                      struct cell *ret)
{
    *ret = (struct cell){.is_any = program == NULL};
    return program == NULL || feel_program_tests(examiner->loader->arena, program, &ret->tests);
}

/* Insertion: a table has few bounds, or they are in order already. */
static bool sort_values(const struct examiner *examiner, struct axis *axis)
{
    for (size_t i = 1; i < axis->value_count; i++) {
        struct feel_value value = axis->values[i];
        size_t at = i;
        for (int order; at > 0; at--) {
            if (!feel_compare(examiner->run, value, axis->values[at - 1], &order))
                return false;
            if (order > 0)
                break;
            axis->values[at] = axis->values[at - 1];
        }
        axis->values[at] = value;
    }
    return true;
}

/* True and false are all that there is; texts are, where the model says which are allowed. */
static void close_points(const struct examiner *examiner, struct axis *axis)
{
    bool is_boolean = axis->value_count > 0 && axis->values[0].kind == FEEL_BOOLEAN;
    if (is_boolean) {
        add_value(examiner, axis, feel_boolean(/* truth= */ true));
        add_value(examiner, axis, feel_boolean(/* truth= */ false));
    }
    axis->has_others = !is_boolean && (axis->allowed.is_any || axis->allowed.tests.is_negated);
    axis->piece_count = axis->value_count + (axis->has_others ? 1 : 0);
}

/* The cells of a column; false where one is of a kind that no axis holds. */
static bool read_column(const struct examiner *examiner, size_t column, struct axis *axis)
{
    const struct dmn__table *table = examiner->table;
    const struct dmn__input *input = &table->inputs[column];
    size_t rules = table->shown.rule_count, inputs = table->shown.input_count;
    const struct feel_program *allowed = input->allowed != NULL ? input->allowed
                                         : input->type != NULL  ? input->type->allowed
                                                                : NULL;
    if (!read_cell(examiner, allowed, &axis->allowed))
        return false;
    size_t most = 2 + 2 * axis->allowed.tests.count;
    axis->cells = arena_array(examiner->loader->arena, rules, struct cell);
    for (size_t rule = 0; rule < rules; rule++) {
        if (!read_cell(examiner, table->cells[rule * inputs + column], &axis->cells[rule]))
            return false;
        most += 2 * axis->cells[rule].tests.count;
    }
    axis->values = arena_array(examiner->loader->arena, most, struct feel_value);
    return true;
}

static bool collect_values(const struct examiner *examiner, struct axis *axis)
{
    if (!add_cell(examiner, axis, &axis->allowed))
        return false;
    for (size_t rule = 0; rule < examiner->table->shown.rule_count; rule++)
        if (!add_cell(examiner, axis, &axis->cells[rule]))
            return false;
    for (size_t i = 0; i < axis->value_count; i++)
        if (axis->values[i].kind != axis->values[0].kind)
            return false;
    return true;
}

/* --- pieces --- */

/* In an ordered axis bound i is piece 2i + 1, with the stretches below and above it around. */
static struct stretch range_stretch(const struct examiner *examiner, const struct axis *axis,
                                    const struct feel_range *range)
{
    bool has_low = range->low.kind != FEEL_NULL, has_high = range->high.kind != FEEL_NULL;
    size_t low = has_low ? 2 * index_of(examiner, axis, range->low) + 1 : 0;
    size_t high = has_high ? 2 * index_of(examiner, axis, range->high) + 1 : SIZE_MAX;
    switch (range->form) {
    case FEEL_RANGE_LESS:
        return (struct stretch){0, high - 1, false};
    case FEEL_RANGE_LESS_EQUAL:
        return (struct stretch){0, high, false};
    case FEEL_RANGE_MORE:
        return (struct stretch){low + 1, SIZE_MAX, false};
    case FEEL_RANGE_MORE_EQUAL:
        return (struct stretch){low, SIZE_MAX, false};
    case FEEL_RANGE_EQUAL:
        return (struct stretch){low, low, false};
    case FEEL_RANGE_UNEQUAL:
        return (struct stretch){low, low, .is_outside = true};
    case FEEL_RANGE_INTERVAL:
        break;
    }
    return (struct stretch){has_low && !range->low_included ? low + 1 : low,
                            has_high && !range->high_included ? high - 1 : high, false};
}

/* Once the axis has all its values. */
static void place_cell(const struct examiner *examiner, const struct axis *axis, struct cell *cell)
{
    cell->stretches = arena_array(examiner->loader->arena, cell->tests.count, struct stretch);
    for (size_t i = 0; i < cell->tests.count; i++) {
        struct feel_value item = cell->tests.items[i];
        size_t at = item.kind == FEEL_RANGE ? 0 : index_of(examiner, axis, item);
        size_t piece = axis->is_ordered ? 2 * at + 1 : at;
        cell->stretches[i] = item.kind == FEEL_RANGE ? range_stretch(examiner, axis, item.range)
                                                     : (struct stretch){piece, piece, false};
    }
}

static bool holds(const struct cell *cell, size_t piece)
{
    bool is_found = cell->is_any;
    for (size_t i = 0; i < cell->tests.count && !is_found; i++) {
        const struct stretch *stretch = &cell->stretches[i];
        bool is_inside = piece >= stretch->first && piece <= stretch->last;
        is_found = is_inside != stretch->is_outside;
    }
    return is_found != cell->tests.is_negated;
}

static bool read_axis(const struct examiner *examiner, size_t column, struct axis *axis)
{
    const struct dmn_clause *clause = &examiner->table->shown.inputs[column];
    axis->label = *clause->label != '\0' ? clause->label : clause->text;
    if (!read_column(examiner, column, axis) || !collect_values(examiner, axis))
        return false;
    if (!axis->is_ordered)
        close_points(examiner, axis);
    else if (!sort_values(examiner, axis))
        return false;
    else
        axis->piece_count = 2 * axis->value_count + 1;
    place_cell(examiner, axis, &axis->allowed);
    for (size_t rule = 0; rule < examiner->table->shown.rule_count; rule++)
        place_cell(examiner, axis, &axis->cells[rule]);
    return true;
}

static bool follow_each_other(struct feel_value low, struct feel_value high)
{
    int64_t a, b;
    if (low.kind == FEEL_NUMBER)
        return feel_number_integer(low.number, &a) && feel_number_integer(high.number, &b) &&
               b - a == 1;
    struct day day, next;
    struct civil first = {low.date.year, low.date.month, low.date.day};
    struct civil second = {high.date.year, high.date.month, high.date.day};
    return low.kind == FEEL_DATE && day_of_civil(first, &day) && day_of_civil(second, &next) &&
           day_minus(next, day) == 1;
}

/* Whether anything that may come lies in the piece. */
static bool is_real(const struct axis *axis, size_t piece)
{
    if (!holds(&axis->allowed, piece))
        return false;
    size_t above = piece / 2;
    bool is_between = axis->is_ordered && piece % 2 == 0 && above > 0 && above < axis->value_count;
    return !is_between || !follow_each_other(axis->values[above - 1], axis->values[above]);
}

/* --- reports --- */

static void print_value(const struct examiner *examiner, struct feel_value value,
                        struct buffer *out)
{
    struct feel_text text = feel_print(examiner->run, value);
    const char *quote = value.kind == FEEL_STRING ? "\"" : "";
    buffer_add(out, quote);
    buffer_add_n(out, text.bytes, text.length);
    buffer_add(out, quote);
}

static void print_stretch(const struct examiner *examiner, const struct axis *axis, size_t above,
                          struct buffer *out)
{
    if (above > 0) {
        print_value(examiner, axis->values[above - 1], out);
        buffer_add(out, " < ");
    }
    buffer_add(out, axis->label);
    if (above < axis->value_count) {
        buffer_add(out, " < ");
        print_value(examiner, axis->values[above], out);
    }
}

/* "名次 = 3", "3 < 名次", "级别 ≠ …" for all that is not named. */
static void print_piece(const struct examiner *examiner, const struct axis *axis, size_t piece,
                        struct buffer *out)
{
    if (axis->is_ordered && piece % 2 == 0) {
        print_stretch(examiner, axis, piece / 2, out);
        return;
    }
    size_t at = axis->is_ordered ? piece / 2 : piece;
    buffer_add(out, axis->label);
    buffer_add(out, at < axis->value_count ? " = " : " ≠ …");
    if (at < axis->value_count)
        print_value(examiner, axis->values[at], out);
}

static void report(struct examiner *examiner, enum dmn_fault fault, const char *who, size_t depth)
{
    struct buffer about = buffer_new(examiner->loader->arena, 128);
    const char *separator = "";
    if (*who != '\0') {
        buffer_add(&about, who);
        separator = ": ";
    }
    for (size_t i = 0; i < depth; i++) {
        if (examiner->axes[i].piece_count <= 1)
            continue;
        buffer_add(&about, separator);
        separator = ", ";
        print_piece(examiner, &examiner->axes[i], examiner->pieces[i], &about);
    }
    dmn__report(examiner->loader, fault, examiner->place, about.bytes);
}

static void report_overlap(struct examiner *examiner, uint32_t one, uint32_t other)
{
    for (size_t i = 0; i < examiner->pair_count; i++)
        if (examiner->pairs[i].one == one && examiner->pairs[i].other == other)
            return;
    if (examiner->pair_count == PAIRS_MOST)
        return;
    examiner->pairs[examiner->pair_count++] = (struct pair){one, other};
    if (examiner->pair_count <= REPORTS_MOST)
        report(examiner, DMN_FAULT_OVERLAP,
               arena_printf(examiner->loader->arena, "%u + %u", one + 1, other + 1),
               examiner->table->shown.input_count);
}

/* --- all combinations --- */

struct active {
    const uint32_t *rules;
    size_t count;
};

static bool is_same(struct active a, struct active b)
{
    return a.count == b.count &&
           (a.count == 0 || memcmp(a.rules, b.rules, a.count * sizeof *a.rules) == 0);
}

static void examine(struct examiner *examiner, size_t column, struct active active)
{
    if (active.count == 0) {
        if (++examiner->gaps <= REPORTS_MOST && !examiner->table->has_defaults)
            report(examiner, DMN_FAULT_GAP, "", column);
        return;
    }
    if (column == examiner->table->shown.input_count) {
        if (active.count > 1)
            report_overlap(examiner, active.rules[0], active.rules[1]);
        return;
    }
    struct arena *arena = examiner->loader->arena;
    const struct axis *axis = &examiner->axes[column];
    struct arena_mark mark = arena_mark(arena);
    uint32_t *rules[] = {arena_array(arena, active.count, uint32_t),
                         arena_array(arena, active.count, uint32_t)};
    struct active before = {NULL, SIZE_MAX};
    for (size_t piece = 0; piece < axis->piece_count; piece++) {
        uint32_t *into = before.rules == rules[0] ? rules[1] : rules[0];
        struct active now = {into, 0};
        if (!is_real(axis, piece))
            continue;
        examiner->steps += active.count;
        if (examiner->steps > STEPS_MOST)
            break;
        for (size_t i = 0; i < active.count; i++)
            if (holds(&axis->cells[active.rules[i]], piece))
                into[now.count++] = active.rules[i];
        if (is_same(now, before)) /* then so is all behind it */
            continue;
        before = now;
        examiner->pieces[column] = piece;
        examine(examiner, column + 1, now);
    }
    if (examiner->gaps == 0 && examiner->pair_count == 0)
        arena_release(arena, mark);
}

void dmn__examine_table(struct dmn__loader *loader, const struct dmn__table *table,
                        const struct dmn__xml *xml)
{
    size_t inputs = table->shown.input_count, rules = table->shown.rule_count;
    if (table->shown.policy != DMN_HIT_POLICY_UNIQUE || rules == 0)
        return;
    struct examiner examiner = {.loader = loader, .table = table, .place = xml->place};
    examiner.run = feel_run_new(loader->arena, (struct instant){0}, &feel_limits_usual);
    examiner.axes = arena_array(loader->arena, inputs, struct axis);
    examiner.pieces = arena_array(loader->arena, inputs, size_t);
    for (size_t i = 0; i < inputs; i++)
        if (!read_axis(&examiner, i, &examiner.axes[i])) {
            dmn__report(loader, DMN_FAULT_NOT_EXAMINED, xml->place, table->shown.inputs[i].text);
            return;
        }
    uint32_t *all = arena_array(loader->arena, rules, uint32_t);
    for (uint32_t rule = 0; rule < rules; rule++)
        all[rule] = rule;
    examine(&examiner, 0, (struct active){all, rules});
    if (examiner.steps > STEPS_MOST)
        dmn__report(loader, DMN_FAULT_NOT_EXAMINED, xml->place, table->shown.where);
}
