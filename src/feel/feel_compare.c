/* Equality, order, membership (tables 54 and 55), and ranges, which are made of order. */
#include <string.h>

#include "feel/feel_date.h"
#include "feel/feel_number.h"
#include "feel/feel_run.h"

/* --- equality --- */

enum verdict { UNLIKE, ALIKE, UNCOMPARABLE };

static enum verdict alike(bool is_alike)
{
    return is_alike ? ALIKE : UNLIKE;
}

static enum verdict equal(struct feel_run *run, struct feel_value a, struct feel_value b);

/* To the second: the fraction is not among the parts that the specification compares. */
static enum verdict equal_moments(struct feel_run *run, enum feel_kind kind,
                                  const struct feel_moment *a, const struct feel_moment *b)
{
    if ((a->clock == FEEL_CLOCK_LOCAL) != (b->clock == FEEL_CLOCK_LOCAL))
        return UNLIKE;
    return alike(feel__utc_seconds(run, kind, a) == feel__utc_seconds(run, kind, b));
}

static enum verdict equal_lists(struct feel_run *run, struct feel_list a, struct feel_list b)
{
    if (a.count != b.count)
        return UNLIKE;
    for (size_t i = 0; i < a.count; i++) {
        enum verdict verdict = equal(run, a.items[i], b.items[i]);
        if (verdict != ALIKE)
            return verdict;
    }
    return ALIKE;
}

static enum verdict equal_contexts(struct feel_run *run, struct feel_context a,
                                   struct feel_context b)
{
    if (a.count != b.count)
        return UNLIKE;
    for (size_t i = 0; i < a.count; i++) {
        const struct feel_value *other = feel_context_find(b, a.entries[i].name);
        if (other == NULL)
            return UNLIKE;
        enum verdict verdict = equal(run, a.entries[i].value, *other);
        if (verdict != ALIKE)
            return verdict;
    }
    return ALIKE;
}

static enum verdict equal_ranges(struct feel_run *run, const struct feel_range *a,
                                 const struct feel_range *b)
{
    if (a->form != b->form || a->low_included != b->low_included ||
        a->high_included != b->high_included)
        return UNLIKE;
    enum verdict low = equal(run, a->low, b->low);
    return low == ALIKE ? equal(run, a->high, b->high) : low;
}

static enum verdict equal_within(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    switch (a.kind) {
    case FEEL_NULL:
        return ALIKE;
    case FEEL_BOOLEAN:
        return alike(a.boolean == b.boolean);
    case FEEL_NUMBER:
        return alike(feel__number_compare(a.number, b.number) == 0);
    case FEEL_STRING:
        return alike(feel_text_equal(a.text, b.text));
    case FEEL_DATE:
        return alike(a.date.year == b.date.year && a.date.month == b.date.month &&
                     a.date.day == b.date.day);
    case FEEL_TIME:
    case FEEL_DATE_TIME:
        return equal_moments(run, a.kind, a.moment, b.moment);
    case FEEL_MONTHS:
        return alike(a.months == b.months);
    case FEEL_SPAN:
        return alike(feel__span_compare(a.span, b.span) == 0);
    case FEEL_LIST:
        return equal_lists(run, a.list, b.list);
    case FEEL_CONTEXT:
        return equal_contexts(run, a.context, b.context);
    case FEEL_RANGE:
        return equal_ranges(run, a.range, b.range);
    case FEEL_FUNCTION:
        return alike(a.function == b.function ||
                     (a.function->builtin != NULL && a.function->builtin == b.function->builtin));
    }
    return UNCOMPARABLE;
}

static enum verdict equal(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    if (a.kind == FEEL_NULL || b.kind == FEEL_NULL)
        return alike(a.kind == b.kind);
    if (a.kind != b.kind)
        return UNCOMPARABLE;
    if (!feel_enter(run))
        return UNCOMPARABLE;
    enum verdict verdict = equal_within(run, a, b);
    feel_leave(run);
    return verdict;
}

struct feel_value feel_equal(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    enum verdict verdict = equal(run, a, b);
    if (verdict == UNCOMPARABLE)
        return feel__wrong_kinds(run, a, "=", b);
    return feel_boolean(verdict == ALIKE);
}

bool feel__is_equal(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    return equal(run, a, b) == ALIKE;
}

/* --- order --- */

static int compare_texts(struct feel_text a, struct feel_text b)
{
    /* In UTF-8, the order of bytes is that of code points. */
    size_t length = a.length < b.length ? a.length : b.length;
    int order = length == 0 ? 0 : memcmp(a.bytes, b.bytes, length);
    if (order == 0)
        return (a.length > b.length) - (a.length < b.length);
    return order < 0 ? -1 : 1;
}

static int compare_integers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

bool feel_compare(struct feel_run *run, struct feel_value a, struct feel_value b, int *ret)
{
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case FEEL_NUMBER:
        *ret = feel__number_compare(a.number, b.number);
        return true;
    case FEEL_STRING:
        *ret = compare_texts(a.text, b.text);
        return true;
    case FEEL_DATE:
        *ret = compare_integers(feel__days(a.date), feel__days(b.date));
        return true;
    case FEEL_TIME:
    case FEEL_DATE_TIME:
        if ((a.moment->clock == FEEL_CLOCK_LOCAL) != (b.moment->clock == FEEL_CLOCK_LOCAL))
            return false;
        *ret = compare_integers(feel__utc_seconds(run, a.kind, a.moment),
                                feel__utc_seconds(run, b.kind, b.moment));
        if (*ret == 0)
            *ret = compare_integers(a.moment->nano, b.moment->nano);
        return true;
    case FEEL_MONTHS:
        *ret = compare_integers(a.months, b.months);
        return true;
    case FEEL_SPAN:
        *ret = feel__span_compare(a.span, b.span);
        return true;
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
        return false;
    }
    return false;
}

struct feel_value feel__comparison(struct feel_run *run, enum feel__op op, struct feel_value a,
                                   struct feel_value b)
{
    int order;
    if (op == FEEL__EQUAL || op == FEEL__UNEQUAL) {
        struct feel_value same = feel_equal(run, a, b);
        if (same.kind == FEEL_BOOLEAN && op == FEEL__UNEQUAL)
            same.boolean = !same.boolean;
        return same;
    }
    if (a.kind == FEEL_NULL || b.kind == FEEL_NULL)
        return feel_null();
    if (!feel_compare(run, a, b, &order))
        return feel__wrong_kinds(run, a, "<", b);
    bool holds = op == FEEL__LESS         ? order < 0
                 : op == FEEL__LESS_EQUAL ? order <= 0
                 : op == FEEL__MORE       ? order > 0
                                          : order >= 0;
    return feel_boolean(holds);
}

/* --- membership --- */

/* Where in order the value stands to an end: false where it is not inside of it, or unknown. */
static bool is_inside_end(struct feel_run *run, struct feel_value value, struct feel_value end,
                          bool is_low, bool is_included, bool *ret_is_known)
{
    int order;
    *ret_is_known = feel_compare(run, value, end, &order);
    if (!*ret_is_known)
        return false;
    if (order == 0)
        return is_included;
    return is_low ? order > 0 : order < 0;
}

static struct feel_value in_range(struct feel_run *run, struct feel_value value,
                                  const struct feel_range *range)
{
    bool has_low = range->form != FEEL_RANGE_LESS && range->form != FEEL_RANGE_LESS_EQUAL;
    bool has_high = range->form != FEEL_RANGE_MORE && range->form != FEEL_RANGE_MORE_EQUAL;
    bool low_is_known = true, high_is_known = true;
    if (range->form == FEEL_RANGE_EQUAL || range->form == FEEL_RANGE_UNEQUAL)
        return feel__comparison(run, range->form == FEEL_RANGE_EQUAL ? FEEL__EQUAL : FEEL__UNEQUAL,
                                value, range->low);
    bool is_above = !has_low || is_inside_end(run, value, range->low, /* is_low= */ true,
                                              range->low_included, &low_is_known);
    bool is_below = !has_high || is_inside_end(run, value, range->high, /* is_low= */ false,
                                               range->high_included, &high_is_known);
    if (low_is_known && high_is_known)
        return feel_boolean(is_above && is_below);
    return feel__wrong_kinds(run, value, "in", low_is_known ? range->high : range->low);
}

/* An item of the list is the value, or a range that it is in. Items of other kinds do not matter.
 */
static struct feel_value in_list(struct feel_run *run, struct feel_value value,
                                 struct feel_list list)
{
    for (size_t i = 0; i < list.count; i++) {
        struct feel_value item = list.items[i];
        if (feel__is_equal(run, value, item))
            return feel_boolean(/* truth= */ true);
        if (item.kind == FEEL_RANGE && value.kind != FEEL_NULL &&
            feel__is_true(in_range(run, value, item.range)))
            return feel_boolean(/* truth= */ true);
    }
    return feel_boolean(/* truth= */ false);
}

struct feel_value feel_in(struct feel_run *run, struct feel_value value, struct feel_value test)
{
    if (!feel_enter(run))
        return feel_null();
    struct feel_value holds;
    if (test.kind == FEEL_RANGE && value.kind != FEEL_RANGE)
        holds = in_range(run, value, test.range);
    else if (test.kind == FEEL_LIST && value.kind == FEEL_LIST && feel__is_equal(run, value, test))
        holds = feel_boolean(/* truth= */ true);
    else if (test.kind == FEEL_LIST)
        holds = in_list(run, value, test.list);
    else
        holds = feel_equal(run, value, test);
    feel_leave(run);
    return holds;
}

/* --- ranges --- */

static bool may_bound(struct feel_run *run, struct feel_value end)
{
    int order;
    return end.kind == FEEL_NULL || feel_compare(run, end, end, &order);
}

struct feel_value feel__range(struct feel_run *run, const struct feel_range *range)
{
    int order = 0;
    bool is_equality = range->form == FEEL_RANGE_EQUAL || range->form == FEEL_RANGE_UNEQUAL;
    bool has_both = range->low.kind != FEEL_NULL && range->high.kind != FEEL_NULL;
    if (!is_equality) {
        if (!may_bound(run, range->low) || !may_bound(run, range->high) ||
            (has_both && !feel_compare(run, range->low, range->high, &order)))
            return feel__wrong_kinds(run, range->low, "..", range->high);
        if (order > 0)
            return feel__fault(run, FEEL_FAULT_BAD_VALUE, "..");
    }
    struct feel_range *copy = arena_one(run->arena, struct feel_range);
    *copy = *range;
    return (struct feel_value){.kind = FEEL_RANGE, .range = copy};
}

/* --- is() --- */

bool feel__identical(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    if (a.kind != b.kind)
        return false;
    if (a.kind != FEEL_TIME && a.kind != FEEL_DATE_TIME)
        return feel__is_equal(run, a, b);
    const struct feel_moment *left = a.moment, *right = b.moment;
    bool is_same_day = a.kind == FEEL_TIME || feel__days(left->date) == feel__days(right->date);
    return is_same_day && left->second == right->second && left->nano == right->nano &&
           left->clock == right->clock && left->offset == right->offset &&
           feel_text_equal(left->zone, right->zone);
}
