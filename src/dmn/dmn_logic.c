/* The logic of elements: the scope that their requirements make, functions, and what is callable.
 */
#include <string.h>

#include "dmn/dmn_loader.h"

/* --- functions --- */

/* Java and PMML run elsewhere. */
static bool is_runnable(struct dmn__scope *scope, const struct dmn__xml *xml)
{
    const char *kind = dmn__attribute_or(xml, "kind", "FEEL");
    if (strcmp(kind, "FEEL") == 0)
        return true;
    dmn__report(scope->loader, DMN_FAULT_NOT_RUNNABLE, xml->place, kind);
    return false;
}

static struct feel_name *read_parameters(struct dmn__scope *scope, const struct dmn__xml *xml,
                                         struct dmn__function *function, size_t count)
{
    struct dmn__loader *loader = scope->loader;
    struct feel_name *names = arena_array(loader->arena, count, struct feel_name);
    const struct dmn__type **types = arena_array(loader->arena, count, const struct dmn__type *);
    size_t i = 0;
    DMN__EACH (parameter, xml, "formalParameter") {
        names[i].name =
            feel_text(dmn__trimmed(loader->arena, dmn__needed(loader, parameter, "name")));
        types[i] = dmn__type_ref(loader, scope->file, parameter);
        names[i].type = dmn__feel_of(types[i]);
        i++;
    }
    function->parameter_types = types;
    return names;
}

/*
 * The body is compiled in the scope that the function stands in, with its own name and its
 * parameters behind; its frame begins with a copy of what was in the outer one.
 */
const struct dmn__function *dmn__compile_function(struct dmn__scope *scope,
                                                  const struct dmn__xml *xml, struct feel_text self)
{
    struct dmn__loader *loader = scope->loader;
    struct dmn__function *function = arena_one(loader->arena, struct dmn__function);
    size_t count = dmn__xml_count(xml, "formalParameter"), before = scope->count;
    size_t outer_most = scope->most;
    struct feel_name *names = read_parameters(scope, xml, function, count);
    struct feel_type *type = arena_one(loader->arena, struct feel_type);
    function->outer_slots = before;
    function->self_slot = self.bytes == NULL ? SIZE_MAX : dmn__push(scope, self, NULL);
    for (size_t i = 0; i < count; i++)
        dmn__push(scope, names[i].name, names[i].type);
    const struct dmn__xml *body = dmn__expression_in(xml);
    if (body != NULL && is_runnable(scope, xml))
        function->body = dmn__compile(scope, body);
    if (function->body != NULL)
        function->result = function->body->type;
    function->frame_size = scope->most;
    scope->most = outer_most;
    dmn__pop(scope, before);
    *type = (struct feel_type){.kind = FEEL_TYPE_FUNCTION,
                               .of = dmn__feel_of(function->result),
                               .fields = names,
                               .field_count = count};
    function->type = type;
    return function;
}

/* --- the scope of an element --- */

/* What an import's name stands for: a context of the elements that are required through it. */
static const struct feel_type *import_type(struct dmn__loader *loader,
                                           const struct dmn__element *element,
                                           const struct dmn__import *import)
{
    struct feel_name *fields =
        arena_array(loader->arena, element->required_count, struct feel_name);
    struct feel_type *type = arena_one(loader->arena, struct feel_type);
    *type = (struct feel_type){.kind = FEEL_TYPE_CONTEXT, .fields = fields};
    for (size_t i = 0; i < element->required_count; i++)
        if (element->required[i].import == import)
            fields[type->field_count++] =
                (struct feel_name){feel_text(element->required[i].element->shown.name),
                                   element->required[i].element->shown.type};
    return type;
}

static bool is_direct(const struct dmn__required *required)
{
    return required->import == NULL || *required->import->name == '\0';
}

/* The slot of an import's name, which several requirements share; SIZE_MAX before the first. */
static size_t import_slot(const struct dmn__element *element, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (element->required[i].import == element->required[before].import)
            return element->required[i].slot;
    return SIZE_MAX;
}

static void push_requirements(struct dmn__scope *scope, struct dmn__element *element)
{
    for (size_t i = 0; i < element->required_count; i++) {
        struct dmn__required *required = &element->required[i];
        size_t slot = is_direct(required) ? SIZE_MAX : import_slot(element, i);
        if (is_direct(required))
            slot = dmn__push(scope, feel_text(required->element->shown.name),
                             required->element->shown.type);
        else if (slot == SIZE_MAX)
            slot = dmn__push(scope, feel_text(required->import->name),
                             import_type(scope->loader, element, required->import));
        required->slot = slot;
    }
    element->requirement_slots = scope->count;
}

/* --- each kind of element --- */

static void load_decision(struct dmn__scope *scope, struct dmn__element *element)
{
    const struct dmn__xml *expression = dmn__expression_in(element->xml);
    push_requirements(scope, element);
    if (expression != NULL)
        element->logic = dmn__compile(scope, expression);
    else
        dmn__report(scope->loader, DMN_FAULT_NO_LOGIC, element->xml->place, element->shown.name);
}

static void load_knowledge(struct dmn__scope *scope, struct dmn__element *element)
{
    struct dmn__loader *loader = scope->loader;
    const struct dmn__xml *logic = dmn__xml_child(element->xml, "encapsulatedLogic");
    push_requirements(scope, element);
    struct dmn__function *function = arena_one(loader->arena, struct dmn__function);
    if (logic != NULL) {
        *function = *dmn__compile_function(scope, logic, feel_text(element->shown.name));
    } else {
        dmn__report(loader, DMN_FAULT_NO_LOGIC, element->xml->place, element->shown.name);
        function->self_slot = SIZE_MAX;
        function->outer_slots = function->frame_size = scope->count;
    }
    /* The variable's type is the function's, or, in version 1.1, that of its result. */
    const struct dmn__type *type = element->type;
    struct feel_type *feel = arena_one(loader->arena, struct feel_type);
    *feel = logic != NULL ? *function->type : (struct feel_type){.kind = FEEL_TYPE_FUNCTION};
    if (function->result == NULL && type != NULL) {
        if (type->feel->kind == FEEL_TYPE_FUNCTION) {
            feel->of = type->feel->of;
        } else {
            function->result = type;
            feel->of = type->feel;
        }
    }
    function->type = feel;
    element->function = function;
    element->shown.type = feel;
}

static void load_service(struct dmn__loader *loader, struct dmn__element *element)
{
    struct feel_name *names =
        arena_array(loader->arena, element->parameter_count, struct feel_name);
    for (size_t i = 0; i < element->parameter_count; i++) {
        const struct dmn__element *parameter = element->parameters[i];
        names[i] = (struct feel_name){feel_text(parameter->shown.name), parameter->shown.type};
    }
    const struct feel_type *type = dmn__feel_of(element->type);
    struct feel_type *feel = arena_one(loader->arena, struct feel_type);
    *feel = (struct feel_type){.kind = FEEL_TYPE_FUNCTION,
                               .of = type->kind == FEEL_TYPE_FUNCTION ? type->of : type,
                               .fields = names,
                               .field_count = element->parameter_count};
    element->shown.type = feel;
}

static void load_element(struct dmn__loader *loader, struct dmn__element *element)
{
    struct dmn__scope scope = {.loader = loader, .file = element->file};
    loader->file = element->file;
    DMN__INSIDE(loader, element->xml->name, element->shown.name);
    switch (element->shown.kind) {
    case DMN_KIND_DECISION:
        load_decision(&scope, element);
        break;
    case DMN_KIND_KNOWLEDGE:
        load_knowledge(&scope, element);
        break;
    case DMN_KIND_SERVICE:
        load_service(loader, element);
        break;
    case DMN_KIND_INPUT_DATA:
    case DMN_KIND_NONE:
        break;
    }
    element->frame_size = scope.most;
    DMN__OUTSIDE(loader);
}

/* What is required comes first, so that whoever requires it knows its type. */
void dmn__load_logic(struct dmn__loader *loader)
{
    for (size_t i = 0; i < loader->ordered_count; i++)
        load_element(loader, loader->ordered[i]);
}
