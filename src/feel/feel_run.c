/* Runs: their limits, their reports, and the way into an evaluation. */
#include "feel/feel_run.h"

#include "base/text.h"

const struct feel_limits feel_limits_usual = {
    .depth = 2000, .steps = 10000000, .bytes = (size_t)64 << 20};

struct feel_run *feel_run_new(struct arena *arena, struct instant now,
                              const struct feel_limits *limits)
{
    struct feel_run *run = arena_one(arena, struct feel_run);
    run->arena = arena;
    run->now = now;
    run->depth_left = limits->depth;
    run->steps_left = limits->steps;
    run->bytes_most = arena_used(arena) + limits->bytes;
    return run;
}

struct arena *feel_run_arena(const struct feel_run *run)
{
    return run->arena;
}

const struct feel_report *feel_run_reports(const struct feel_run *run, size_t *ret_count)
{
    *ret_count = run->report_count;
    return run->reports;
}

bool feel_run_ended(const struct feel_run *run, enum feel_fault *ret)
{
    if (run->has_ended)
        *ret = run->end;
    return run->has_ended;
}

/* The reason is the last report, even where there are too many of others. */
static bool end(struct feel_run *run, enum feel_fault fault)
{
    if (run->has_ended)
        return false;
    if (run->report_count == FEEL__REPORTS_MOST)
        run->report_count--;
    feel__fault(run, fault, "");
    run->has_ended = true;
    run->end = fault;
    return false;
}

bool feel_enter(struct feel_run *run)
{
    if (run->has_ended)
        return false;
    if (run->depth_left == 0)
        return end(run, FEEL_FAULT_TOO_DEEP);
    if (run->steps_left == 0)
        return end(run, FEEL_FAULT_TOO_MANY_STEPS);
    if (arena_used(run->arena) > run->bytes_most)
        return end(run, FEEL_FAULT_TOO_MUCH_MEMORY);
    run->depth_left--;
    run->steps_left--;
    return true;
}

void feel_leave(struct feel_run *run)
{
    run->depth_left++;
}

bool feel__has_room(struct feel_run *run, size_t bytes)
{
    if (run->has_ended)
        return false;
    size_t used = arena_used(run->arena);
    if (used > run->bytes_most || bytes > run->bytes_most - used)
        return end(run, FEEL_FAULT_TOO_MUCH_MEMORY);
    return true;
}

struct feel_value feel__fault(struct feel_run *run, enum feel_fault fault, const char *about)
{
    if (run->has_ended || run->report_count == FEEL__REPORTS_MOST)
        return feel_null();
    if (run->reports == NULL)
        run->reports = arena_array(run->arena, FEEL__REPORTS_MOST, struct feel_report);
    struct feel_place place = {0};
    if (run->program != NULL && run->node != NULL)
        place = feel__place(run->program, run->node->offset);
    run->reports[run->report_count++] = (struct feel_report){fault, place, about};
    return feel_null();
}

const char *feel__kind_name(enum feel_kind kind)
{
    switch (kind) {
    case FEEL_NULL:
        return "null";
    case FEEL_BOOLEAN:
        return "boolean";
    case FEEL_NUMBER:
        return "number";
    case FEEL_STRING:
        return "string";
    case FEEL_DATE:
        return "date";
    case FEEL_TIME:
        return "time";
    case FEEL_DATE_TIME:
        return "date and time";
    case FEEL_MONTHS:
        return "years and months duration";
    case FEEL_SPAN:
        return "days and time duration";
    case FEEL_LIST:
        return "list";
    case FEEL_CONTEXT:
        return "context";
    case FEEL_RANGE:
        return "range";
    case FEEL_FUNCTION:
        return "function";
    }
    return "null";
}

struct feel_value feel__wrong_kinds(struct feel_run *run, struct feel_value a, const char *between,
                                    struct feel_value b)
{
    if (run->has_ended || run->report_count == FEEL__REPORTS_MOST)
        return feel_null();
    return feel__fault(run, FEEL_FAULT_WRONG_KIND,
                       arena_printf(run->arena, "%s %s %s", feel__kind_name(a.kind), between,
                                    feel__kind_name(b.kind)));
}

struct feel_value feel_evaluate(struct feel_run *run, const struct feel_program *program,
                                const struct feel_value *slots)
{
    const struct feel_program *outer_program = run->program;
    const struct feel__node *outer_node = run->node;
    struct feel__frame frame = {.slots = slots};
    if (program->local_count > 0)
        frame.locals = arena_array(run->arena, program->local_count, struct feel_value);
    run->program = program;
    struct feel_value value = feel__evaluate(run, program->root, &frame);
    run->program = outer_program;
    run->node = outer_node;
    return run->has_ended ? feel_null() : value; /* no half of a list */
}
