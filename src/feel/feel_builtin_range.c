/* The relations of ranges and points (tables 78 and 79), and ranges out of text. */
#include "feel/feel_builtin.h"

/* A range as its ends; a point is the range from itself to itself. */
struct end {
    struct feel_value value;
    bool is_included;
    int infinite; /* -1 below everything, 1 above everything, 0 where the value is */
};

struct interval {
    struct end low;
    struct end high;
};

/* How the ends of two stand to one another: -1, 0, 1. */
struct relation {
    struct interval a;
    struct interval b;
    int low_low;   /* a's low end to b's low end */
    int high_high; /* … */
    int high_low;
    int low_high;
};

static bool interval_of(struct feel_value value, struct interval *ret)
{
    if (value.kind == FEEL_NULL)
        return false;
    if (value.kind != FEEL_RANGE) {
        *ret = (struct interval){{value, true, 0}, {value, true, 0}};
        return true;
    }
    const struct feel_range *range = value.range;
    *ret = (struct interval){{range->low, range->low_included, 0},
                             {range->high, range->high_included, 0}};
    switch (range->form) {
    case FEEL_RANGE_INTERVAL:
    case FEEL_RANGE_EQUAL:
        return true;
    case FEEL_RANGE_LESS:
    case FEEL_RANGE_LESS_EQUAL:
        ret->low.infinite = -1;
        return true;
    case FEEL_RANGE_MORE:
    case FEEL_RANGE_MORE_EQUAL:
        ret->high.infinite = 1;
        return true;
    case FEEL_RANGE_UNEQUAL:
        return false; /* in two pieces */
    }
    return false;
}

static bool compare_ends(struct feel_run *run, struct end a, struct end b, int *ret)
{
    if (a.infinite == 0 && b.infinite == 0)
        return feel_compare(run, a.value, b.value, ret);
    *ret = (a.infinite > b.infinite) - (a.infinite < b.infinite);
    return true;
}

/* False, with a report, where the two have no order. */
static bool relate(struct feel_run *run, const struct feel_value *values, struct relation *ret)
{
    if (interval_of(values[0], &ret->a) && interval_of(values[1], &ret->b) &&
        compare_ends(run, ret->a.low, ret->b.low, &ret->low_low) &&
        compare_ends(run, ret->a.high, ret->b.high, &ret->high_high) &&
        compare_ends(run, ret->a.high, ret->b.low, &ret->high_low) &&
        compare_ends(run, ret->a.low, ret->b.high, &ret->low_high))
        return true;
    feel__wrong_kinds(run, values[0], "..", values[1]);
    return false;
}

/* a ends before b begins */
static bool is_before(const struct relation *r)
{
    return r->high_low < 0 ||
           (r->high_low == 0 && !(r->a.high.is_included && r->b.low.is_included));
}

static bool is_after(const struct relation *r)
{
    return r->low_high > 0 ||
           (r->low_high == 0 && !(r->a.low.is_included && r->b.high.is_included));
}

static bool do_meet(const struct relation *r)
{
    return r->high_low == 0 && r->a.high.is_included && r->b.low.is_included;
}

static bool do_overlap(const struct relation *r)
{
    return !is_before(r) && !is_after(r);
}

/* a begins before b, and ends within it */
static bool do_overlap_before(const struct relation *r)
{
    bool begins_before =
        r->low_low < 0 || (r->low_low == 0 && r->a.low.is_included && !r->b.low.is_included);
    bool ends_within = r->high_high < 0 ||
                       (r->high_high == 0 && (!r->a.high.is_included || r->b.high.is_included));
    return begins_before && !is_before(r) && ends_within;
}

static bool does_finish(const struct relation *r)
{
    return r->high_high == 0 && r->a.high.is_included == r->b.high.is_included &&
           (r->low_low > 0 || (r->low_low == 0 && (!r->a.low.is_included || r->b.low.is_included)));
}

static bool does_start(const struct relation *r)
{
    return r->low_low == 0 && r->a.low.is_included == r->b.low.is_included &&
           (r->high_high < 0 ||
            (r->high_high == 0 && (!r->a.high.is_included || r->b.high.is_included)));
}

static bool does_include(const struct relation *r)
{
    bool from_low =
        r->low_low < 0 || (r->low_low == 0 && (r->a.low.is_included || !r->b.low.is_included));
    bool to_high = r->high_high > 0 ||
                   (r->high_high == 0 && (r->a.high.is_included || !r->b.high.is_included));
    return from_low && to_high;
}

static bool do_coincide(const struct relation *r)
{
    return r->low_low == 0 && r->high_high == 0 && r->a.low.is_included == r->b.low.is_included &&
           r->a.high.is_included == r->b.high.is_included;
}

static struct feel_value holds(struct feel_run *run, const struct feel_value *values,
                               bool is_so(const struct relation *))
{
    struct relation relation = {0};
    return relate(run, values, &relation) ? feel_boolean(is_so(&relation)) : feel_null();
}

/* The relation seen from the other side. */
static struct feel_value holds_inverse(struct feel_run *run, const struct feel_value *values,
                                       bool is_so(const struct relation *))
{
    const struct feel_value turned[] = {values[1], values[0]};
    return holds(run, turned, is_so);
}

struct feel_value feel__before(struct feel_run *run, const struct feel_value *values)
{
    return holds(run, values, is_before);
}

struct feel_value feel__after(struct feel_run *run, const struct feel_value *values)
{
    return holds(run, values, is_after);
}

struct feel_value feel__meets(struct feel_run *run, const struct feel_value *values)
{
    return holds(run, values, do_meet);
}

struct feel_value feel__met_by(struct feel_run *run, const struct feel_value *values)
{
    return holds_inverse(run, values, do_meet);
}

struct feel_value feel__overlaps(struct feel_run *run, const struct feel_value *values)
{
    return holds(run, values, do_overlap);
}

struct feel_value feel__overlaps_before(struct feel_run *run, const struct feel_value *values)
{
    return holds(run, values, do_overlap_before);
}

struct feel_value feel__overlaps_after(struct feel_run *run, const struct feel_value *values)
{
    return holds_inverse(run, values, do_overlap_before);
}

struct feel_value feel__finishes(struct feel_run *run, const struct feel_value *values)
{
    return holds(run, values, does_finish);
}

struct feel_value feel__finished_by(struct feel_run *run, const struct feel_value *values)
{
    return holds_inverse(run, values, does_finish);
}

struct feel_value feel__includes(struct feel_run *run, const struct feel_value *values)
{
    return holds(run, values, does_include);
}

struct feel_value feel__during(struct feel_run *run, const struct feel_value *values)
{
    return holds_inverse(run, values, does_include);
}

struct feel_value feel__starts(struct feel_run *run, const struct feel_value *values)
{
    return holds(run, values, does_start);
}

struct feel_value feel__started_by(struct feel_run *run, const struct feel_value *values)
{
    return holds_inverse(run, values, does_start);
}

struct feel_value feel__coincides(struct feel_run *run, const struct feel_value *values)
{
    return holds(run, values, do_coincide);
}

/* The text of a range with both ends, each a literal or a call with one: "[1..3)". */
struct feel_value feel__range_from(struct feel_run *run, const struct feel_value *values)
{
    struct feel_source source = {.text = values[0].text, .form = FEEL_RANGE_LITERAL};
    if (!feel__has_room(run, source.text.length))
        return feel_null();
    struct feel_compiled compiled = feel_compile(run->arena, &source);
    const struct feel_value *range =
        compiled.program != NULL ? feel_program_constant(compiled.program) : NULL;
    bool is_one = range != NULL && range->kind == FEEL_RANGE &&
                  range->range->form == FEEL_RANGE_INTERVAL &&
                  range->range->low.kind != FEEL_NULL && range->range->high.kind != FEEL_NULL;
    return is_one ? *range : feel__bad_value(run, values[0]);
}
