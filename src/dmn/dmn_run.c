/* Runs: elements' values, each computed once, and the steps that led to them. */
#include "dmn/dmn_run.h"

#include <string.h>

/* --- remarks --- */

static void add_remark(struct dmn_run *run, const struct dmn_remark *remark)
{
    if (run->step == NULL)
        return;
    struct dmn_remark *copy = arena_one(run->arena, struct dmn_remark);
    *copy = *remark;
    *run->step->remarks_end = copy;
    run->step->remarks_end = &copy->next;
}

struct feel_value dmn__trouble(struct dmn_run *run, enum dmn_trouble trouble, int line,
                               const char *where, const char *about)
{
    if (run->step == NULL)
        return feel_null();
    struct dmn_remark remark = {.trouble = trouble, .place = {.line = line}, .where = where};
    remark.message.key = dmn_trouble_info(trouble)->code;
    remark.message.arguments[0] = (struct argument){"about", about};
    add_remark(run, &remark);
    return feel_null();
}

/* What FEEL met since somebody last looked. */
static void take_over_reports(struct dmn_run *run)
{
    size_t count;
    const struct feel_report *reports = feel_run_reports(run->feel, &count);
    for (; run->reports_seen < count; run->reports_seen++) {
        const struct feel_report *report = &reports[run->reports_seen];
        struct dmn_remark remark = {
            .trouble = DMN_TROUBLE_NOT_COMPUTABLE, .place = report->place, .where = ""};
        remark.message.key = feel_fault_info(report->fault)->code;
        remark.message.arguments[0] = (struct argument){"about", report->about};
        add_remark(run, &remark);
    }
}

/* --- a run --- */

static struct dmn__world world_new(struct dmn_run *run)
{
    size_t count = run->model->element_count;
    return (struct dmn__world){.values = arena_array(run->arena, count, struct feel_value),
                               .states = arena_array(run->arena, count, enum dmn__state)};
}

struct dmn_run *dmn_run_new(struct arena *arena, const struct dmn_model *model,
                            const struct dmn_settings *settings)
{
    struct dmn_run *run = arena_one(arena, struct dmn_run);
    run->arena = arena;
    run->model = model;
    run->explains = settings->explains;
    run->feel = feel_run_new(arena, settings->now,
                             settings->limits != NULL ? settings->limits : &feel_limits_usual);
    run->world = world_new(run);
    run->steps_end = &run->steps;
    return run;
}

struct feel_run *dmn_run_feel(const struct dmn_run *run)
{
    return run->feel;
}

const struct dmn_step *dmn_explain(const struct dmn_run *run)
{
    return run->steps;
}

/* --- steps --- */

/* Begins a step inside another; the other is gone on with when it ends. */
static struct dmn__step *begin_step(struct dmn_run *run, const struct dmn__element *element)
{
    struct dmn__step *outer = run->step;
    if (!run->explains)
        return outer;
    struct dmn__step *step = arena_one(run->arena, struct dmn__step);
    step->shown.element = &element->shown;
    step->hits_end = &step->shown.hits;
    step->remarks_end = &step->shown.remarks;
    take_over_reports(run);
    run->step = step;
    return outer;
}

static void end_step(struct dmn_run *run, struct feel_value value, struct dmn__step *outer)
{
    if (!run->explains)
        return;
    take_over_reports(run);
    run->step->shown.value = value;
    *run->steps_end = &run->step->shown;
    run->steps_end = (const struct dmn_step **)&run->step->shown.next;
    run->step = outer;
}

/* --- what is required --- */

static struct feel_value value_of(struct dmn_run *run, struct dmn__world *world,
                                  const struct dmn__element *element);

static bool is_by_import(const struct dmn__required *required)
{
    return required->import != NULL && *required->import->name != '\0';
}

/* The context that an import's name stands for. */
static struct feel_value import_context(struct dmn_run *run, struct dmn__world *world,
                                        const struct dmn__element *element, size_t slot)
{
    struct feel_entry *entries =
        arena_array(run->arena, element->required_count, struct feel_entry);
    size_t count = 0;
    for (size_t i = 0; i < element->required_count; i++) {
        const struct dmn__required *required = &element->required[i];
        if (!is_by_import(required) || required->slot != slot)
            continue;
        entries[count].name = feel_text(required->element->shown.name);
        entries[count++].value = value_of(run, world, required->element);
    }
    return feel_context(entries, count);
}

static void fill_requirements(struct dmn_run *run, struct dmn__world *world,
                              const struct dmn__element *element, struct feel_value *slots)
{
    for (size_t i = 0; i < element->required_count; i++) {
        const struct dmn__required *required = &element->required[i];
        bool is_filled = false;
        for (size_t j = 0; is_by_import(required) && j < i && !is_filled; j++)
            is_filled = element->required[j].slot == required->slot;
        if (!is_filled)
            slots[required->slot] = is_by_import(required)
                                        ? import_context(run, world, element, required->slot)
                                        : value_of(run, world, required->element);
    }
}

/* --- what can be called --- */

/* A callback's own: who, in which run. */
struct callable {
    struct dmn_run *run;
    const struct dmn__element *element;
};

static struct feel_value call_knowledge(struct feel_run *feel, const void *self,
                                        const struct feel_value *arguments)
{
    (void)feel;
    const struct callable *callable = self;
    const struct dmn__element *element = callable->element;
    struct dmn_run *run = callable->run;
    struct feel_value *slots =
        arena_array(run->arena, element->function->frame_size, struct feel_value);
    fill_requirements(run, &run->world, element, slots);
    if (element->function->self_slot != SIZE_MAX)
        slots[element->function->self_slot] = run->callables[element->shown.index];
    return dmn__call(run, element->function, slots, arguments);
}

/* The result of a service whose parameters have their values in its world. */
static struct feel_value serve(struct dmn_run *run, struct dmn__world *world,
                               const struct dmn__element *service)
{
    struct feel_value value;
    if (service->output_count == 1) {
        value = value_of(run, world, service->outputs[0]);
    } else {
        struct feel_entry *entries =
            arena_array(run->arena, service->output_count, struct feel_entry);
        for (size_t i = 0; i < service->output_count; i++) {
            entries[i].name = feel_text(service->outputs[i]->shown.name);
            entries[i].value = value_of(run, world, service->outputs[i]);
        }
        value = feel_context(entries, service->output_count);
    }
    if (service->type == NULL)
        return value;
    if (service->type->feel->kind == FEEL_TYPE_FUNCTION)
        return feel_coerce(run->feel, value, service->type->feel->of);
    return dmn__fit(run, service->type, &value)
               ? value
               : dmn__trouble(run, DMN_TROUBLE_RESULT_TYPE, service->shown.line, "",
                              service->type->name);
}

static struct feel_value call_service(struct feel_run *feel, const void *self,
                                      const struct feel_value *arguments)
{
    (void)feel;
    const struct callable *callable = self;
    const struct dmn__element *service = callable->element;
    struct dmn__world world = world_new(callable->run);
    for (size_t i = 0; i < service->parameter_count; i++) {
        size_t index = service->parameters[i]->shown.index;
        world.values[index] = arguments[i];
        world.states[index] = DMN__GIVEN;
    }
    return serve(callable->run, &world, service);
}

static struct feel_value callable_of(struct dmn_run *run, const struct dmn__element *element)
{
    if (run->callables == NULL)
        run->callables = arena_array(run->arena, run->model->element_count, struct feel_value);
    struct feel_value *known = &run->callables[element->shown.index];
    if (known->kind != FEEL_NULL)
        return *known;
    struct callable *callable = arena_one(run->arena, struct callable);
    *callable = (struct callable){run, element};
    feel_host *host = element->shown.kind == DMN_KIND_KNOWLEDGE ? call_knowledge : call_service;
    *known = feel_host_function(run->arena, element->shown.type, host, callable);
    return *known;
}

/* --- values --- */

static struct feel_value evaluate_decision(struct dmn_run *run, struct dmn__world *world,
                                           const struct dmn__element *element)
{
    if (element->logic == NULL)
        return feel_null();
    struct feel_value *slots = arena_array(run->arena, element->frame_size, struct feel_value);
    struct dmn__frame frame = {run, slots};
    fill_requirements(run, world, element, slots);
    struct dmn__step *outer = begin_step(run, element);
    struct feel_value value = dmn__evaluate(&frame, element->logic);
    if (!dmn__fit(run, element->type, &value))
        value = dmn__trouble(run, DMN_TROUBLE_RESULT_TYPE, element->shown.line, "",
                             element->shown.type_name);
    enum feel_fault end;
    if (feel_run_ended(run->feel, &end))
        value = dmn__trouble(run, DMN_TROUBLE_ENDED, element->shown.line, "", "");
    end_step(run, value, outer);
    return value;
}

static struct feel_value value_of(struct dmn_run *run, struct dmn__world *world,
                                  const struct dmn__element *element)
{
    size_t index = element->shown.index;
    if (world->states[index] != DMN__UNKNOWN)
        return world->values[index];
    struct feel_value value = feel_null();
    switch (element->shown.kind) {
    case DMN_KIND_KNOWLEDGE:
    case DMN_KIND_SERVICE:
        return callable_of(run, element);
    case DMN_KIND_DECISION:
        value = evaluate_decision(run, world, element);
        break;
    case DMN_KIND_INPUT_DATA:
    case DMN_KIND_NONE:
        break;
    }
    world->values[index] = value;
    world->states[index] = DMN__COMPUTED;
    return value;
}

void dmn_give(struct dmn_run *run, const struct dmn_element *element, struct feel_value value)
{
    const struct dmn__element *own = dmn__own(element);
    struct dmn__step *outer = begin_step(run, own);
    if (!dmn__fit(run, own->type, &value))
        value = dmn__trouble(run, DMN_TROUBLE_INPUT_VALUE, element->line, "", element->name);
    end_step(run, value, outer);
    run->world.values[element->index] = value;
    run->world.states[element->index] = DMN__GIVEN;
}

/* In a world of its own, which has nothing but the parameters. */
static struct feel_value decide_service(struct dmn_run *run, const struct dmn__element *service)
{
    struct dmn__world world = world_new(run);
    for (size_t i = 0; i < service->parameter_count; i++) {
        size_t index = service->parameters[i]->shown.index;
        bool is_given = run->world.states[index] == DMN__GIVEN;
        world.values[index] = is_given ? run->world.values[index] : feel_null();
        world.states[index] = DMN__GIVEN;
    }
    struct dmn__step *outer = begin_step(run, service);
    struct feel_value value = serve(run, &world, service);
    end_step(run, value, outer);
    return value;
}

struct feel_value dmn_decide(struct dmn_run *run, const struct dmn_element *element)
{
    const struct dmn__element *own = dmn__own(element);
    return element->kind == DMN_KIND_SERVICE ? decide_service(run, own)
                                             : value_of(run, &run->world, own);
}
