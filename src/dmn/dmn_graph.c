/* Elements, and what they require: every reference found, and none that comes back to itself. */
#include <string.h>

#include "dmn/dmn_loader.h"

/* --- elements --- */

static bool kind_of(const struct dmn__xml *xml, enum dmn_kind *ret)
{
    static const struct {
        const char *name;
        enum dmn_kind kind;
    } kinds[] = {
        {"inputData", DMN_KIND_INPUT_DATA},
        {"decision", DMN_KIND_DECISION},
        {"businessKnowledgeModel", DMN_KIND_KNOWLEDGE},
        {"decisionService", DMN_KIND_SERVICE},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (dmn__xml_is(xml, kinds[i].name)) {
            *ret = kinds[i].kind;
            return true;
        }
    return false;
}

static size_t count_elements(const struct dmn__file *file)
{
    size_t count = 0;
    enum dmn_kind kind;
    for (const struct dmn__xml *xml = file->root->first; xml != NULL; xml = xml->next)
        count += kind_of(xml, &kind);
    return count;
}

static void add_element(struct dmn__loader *loader, struct dmn__file *file,
                        const struct dmn__xml *xml, enum dmn_kind kind)
{
    size_t index = loader->element_count++;
    struct dmn__element *element = &loader->elements[index];
    const struct dmn__xml *variable = dmn__xml_child(xml, "variable");
    element->file = file;
    element->xml = xml;
    element->shown = (struct dmn_element){
        .kind = kind,
        .id = dmn__attribute_or(xml, "id", ""),
        .name = dmn__trimmed(loader->arena, dmn__needed(loader, xml, "name")),
        .label = dmn__attribute_or(xml, "label", ""),
        .description = dmn__child_text(loader, xml, "description"),
        .question = dmn__child_text(loader, xml, "question"),
        .answers = dmn__child_text(loader, xml, "allowedAnswers"),
        .type_name = variable == NULL ? "" : dmn__attribute_or(variable, "typeRef", ""),
        .model = &file->shown,
        .line = xml->place.line,
        .index = index,
    };
    DMN__INSIDE(loader, xml->name, element->shown.name);
    element->type = variable == NULL ? NULL : dmn__type_ref(loader, file, variable);
    element->shown.type = dmn__feel_of(element->type);
    element->shown.values = element->type == NULL ? "" : element->type->allowed_text;
    DMN__OUTSIDE(loader);
    file->element_count++;
}

static void index_elements(struct dmn__loader *loader, struct dmn__file *file)
{
    file->names.items = arena_array(loader->arena, file->element_count, struct dmn__name);
    file->ids.items = arena_array(loader->arena, file->element_count, struct dmn__name);
    for (size_t i = 0; i < file->element_count; i++) {
        const struct dmn_element *element = &loader->elements[file->first_element + i].shown;
        file->names.items[file->names.count++] = (struct dmn__name){element->name, element->index};
        if (*element->id != '\0')
            file->ids.items[file->ids.count++] = (struct dmn__name){element->id, element->index};
    }
    struct dmn__names *const both[] = {&file->names, &file->ids};
    for (size_t i = 0; i < 2; i++) {
        dmn__names_sort(both[i]);
        const struct dmn__name *twice = dmn__names_twice(both[i]);
        if (twice != NULL)
            dmn__report(loader, DMN_FAULT_DUPLICATE, loader->elements[twice->number].xml->place,
                        twice->name);
    }
}

void dmn__load_elements(struct dmn__loader *loader)
{
    size_t count = 0;
    for (size_t i = 0; i < loader->file_count; i++)
        count += count_elements(loader->files[i]);
    loader->elements = arena_array(loader->arena, count, struct dmn__element);
    loader->nodes = arena_array(loader->arena, count, struct dmn__node);
    for (size_t i = 0; i < loader->file_count; i++) {
        struct dmn__file *file = loader->files[i];
        enum dmn_kind kind;
        loader->file = file;
        file->first_element = loader->element_count;
        for (const struct dmn__xml *xml = file->root->first; xml != NULL; xml = xml->next)
            if (kind_of(xml, &kind))
                add_element(loader, file, xml, kind);
        index_elements(loader, file);
    }
}

/* --- references --- */

static struct dmn__element *find_by_id(struct dmn__loader *loader, const struct dmn__file *file,
                                       const char *id)
{
    const struct dmn__name *found = dmn__names_find(&file->ids, id);
    return found == NULL ? NULL : &loader->elements[found->number];
}

/* "#id" of the own file, "namespace#id" of that or of an imported one. */
static struct dmn__element *follow(struct dmn__loader *loader, const struct dmn__file *file,
                                   const struct dmn__xml *xml, const struct dmn__import **ret)
{
    *ret = NULL;
    const char *href = dmn__trimmed(loader->arena, dmn__needed(loader, xml, "href"));
    const char *mark = strrchr(href, '#');
    if (mark == NULL)
        return NULL;
    const char *space = arena_text_n(loader->arena, href, (size_t)(mark - href));
    if (*space == '\0' || strcmp(space, file->shown.name_space) == 0)
        return find_by_id(loader, file, mark + 1);
    for (size_t i = 0; i < file->import_count; i++)
        if (file->imports[i].file != NULL && strcmp(file->imports[i].name_space, space) == 0) {
            *ret = &file->imports[i];
            return find_by_id(loader, file->imports[i].file, mark + 1);
        }
    return NULL;
}

static bool is_one_of(enum dmn_kind kind, const enum dmn_kind *wanted)
{
    return kind == wanted[0] || kind == wanted[1];
}

/* What may stand behind each kind of reference. */
static const struct {
    const char *around; /* NULL: in the element itself */
    const char *name;
    enum dmn_kind wanted[2];
} references[] = {
    {"informationRequirement", "requiredDecision", {DMN_KIND_DECISION, DMN_KIND_DECISION}},
    {"informationRequirement", "requiredInput", {DMN_KIND_INPUT_DATA, DMN_KIND_INPUT_DATA}},
    {"knowledgeRequirement", "requiredKnowledge", {DMN_KIND_KNOWLEDGE, DMN_KIND_SERVICE}},
    {NULL, "inputData", {DMN_KIND_INPUT_DATA, DMN_KIND_INPUT_DATA}},
    {NULL, "inputDecision", {DMN_KIND_DECISION, DMN_KIND_DECISION}},
    {NULL, "outputDecision", {DMN_KIND_DECISION, DMN_KIND_DECISION}},
    {NULL, "encapsulatedDecision", {DMN_KIND_DECISION, DMN_KIND_DECISION}},
};

/* --- what each element requires --- */

struct requiring {
    struct dmn__loader *loader;
    struct dmn__element *element;
    struct dmn__node *node;
    const struct dmn__element **outputs;
    const struct dmn__element **parameters;
};

static bool is_required(const struct dmn__element *element, const struct dmn__element *other)
{
    for (size_t i = 0; i < element->required_count; i++)
        if (element->required[i].element == other)
            return true;
    return false;
}

static void add_requirement(struct requiring *requiring, struct dmn__element *to,
                            const struct dmn__xml *xml, const struct dmn__import *import)
{
    struct dmn__element *element = requiring->element;
    if (to == element && to->shown.kind == DMN_KIND_KNOWLEDGE)
        return; /* knowledge knows itself anyway */
    if (is_required(element, to))
        return;
    element->required[element->required_count++] =
        (struct dmn__required){.element = to, .import = import};
    requiring->node->arcs[requiring->node->arc_count++] = (struct dmn__arc){to, xml};
}

/* A reference of a decision service: inputs are its parameters, the rest comes of its outputs. */
static void add_part(struct requiring *requiring, struct dmn__element *to,
                     const struct dmn__xml *xml)
{
    struct dmn__element *element = requiring->element;
    bool is_output = dmn__xml_is(xml, "outputDecision");
    if (is_output) {
        requiring->outputs[element->output_count++] = to;
        requiring->node->arcs[requiring->node->arc_count++] = (struct dmn__arc){to, xml};
    } else if (!dmn__xml_is(xml, "encapsulatedDecision")) {
        requiring->parameters[element->parameter_count++] = to;
    }
}

static void read_reference(struct requiring *requiring, const struct dmn__xml *xml, size_t kind)
{
    struct dmn__loader *loader = requiring->loader;
    const struct dmn__import *import;
    struct dmn__element *to = follow(loader, requiring->element->file, xml, &import);
    if (to == NULL || !is_one_of(to->shown.kind, references[kind].wanted)) {
        dmn__report(loader, DMN_FAULT_UNKNOWN_ELEMENT, xml->place,
                    dmn__attribute_or(xml, "href", ""));
        return;
    }
    if (references[kind].around != NULL)
        add_requirement(requiring, to, xml, import);
    else
        add_part(requiring, to, xml);
}

static void read_references(struct requiring *requiring)
{
    const struct dmn__xml *xml = requiring->element->xml;
    bool is_service = requiring->element->shown.kind == DMN_KIND_SERVICE;
    for (size_t kind = 0; kind < sizeof references / sizeof *references; kind++) {
        if (is_service != (references[kind].around == NULL))
            continue;
        if (is_service) {
            DMN__EACH (part, xml, references[kind].name)
                read_reference(requiring, part, kind);
            continue;
        }
        DMN__EACH (around, xml, references[kind].around)
            DMN__EACH (part, around, references[kind].name)
                read_reference(requiring, part, kind);
    }
}

static size_t count_references(const struct dmn__xml *xml)
{
    size_t count = 0;
    for (const struct dmn__xml *child = xml->first; child != NULL; child = child->next)
        for (size_t kind = 0; kind < sizeof references / sizeof *references; kind++) {
            const char *around = references[kind].around;
            if (around == NULL)
                count += dmn__xml_is(child, references[kind].name);
            else if (dmn__xml_is(child, around))
                count += dmn__xml_count(child, references[kind].name);
        }
    return count;
}

static void read_requirements(struct dmn__loader *loader, struct dmn__element *element)
{
    struct requiring requiring = {
        .loader = loader, .element = element, .node = &loader->nodes[element->shown.index]};
    loader->file = element->file;
    DMN__INSIDE(loader, element->xml->name, element->shown.name);
    size_t most = count_references(element->xml);
    if (most > DMN__REQUIREMENTS_MOST) {
        dmn__report(loader, DMN_FAULT_TOO_LARGE, element->xml->place, "");
        most = 0;
    }
    element->required = arena_array(loader->arena, most, struct dmn__required);
    requiring.node->arcs = arena_array(loader->arena, most, struct dmn__arc);
    requiring.outputs = arena_array(loader->arena, most, const struct dmn__element *);
    requiring.parameters = arena_array(loader->arena, most, const struct dmn__element *);
    if (most > 0)
        read_references(&requiring);
    element->outputs = requiring.outputs;
    element->parameters = requiring.parameters;
    if (element->shown.kind == DMN_KIND_SERVICE && element->output_count == 0)
        dmn__report(loader, DMN_FAULT_MISSING_ELEMENT, element->xml->place, "outputDecision");
    DMN__OUTSIDE(loader);
}

/* --- round and round --- */

static void report_circle(struct dmn__loader *loader, const struct dmn__element *element,
                          const struct dmn__arc *arc)
{
    loader->file = element->file;
    DMN__INSIDE(loader, element->xml->name, element->shown.name);
    dmn__report(loader, DMN_FAULT_CIRCULAR, arc->xml->place, arc->to->shown.name);
    DMN__OUTSIDE(loader);
}

/* The next arc of what is open on top of the stack; true where another element was opened. */
static bool go_down(struct dmn__loader *loader, struct dmn__element **stack, size_t *depth)
{
    struct dmn__element *element = stack[*depth - 1];
    struct dmn__node *node = &loader->nodes[element->shown.index];
    while (node->next_arc < node->arc_count) {
        const struct dmn__arc *arc = &node->arcs[node->next_arc++];
        struct dmn__node *to = &loader->nodes[arc->to->shown.index];
        if (to->state == DMN__OPEN)
            report_circle(loader, element, arc);
        if (to->state != DMN__NEW)
            continue;
        to->state = DMN__OPEN;
        stack[(*depth)++] = arc->to;
        return true;
    }
    return false;
}

static void close_element(struct dmn__loader *loader, struct dmn__element *element)
{
    struct dmn__node *node = &loader->nodes[element->shown.index];
    node->state = DMN__DONE;
    loader->ordered[loader->ordered_count++] = element;
    for (size_t i = 0; i < node->arc_count; i++)
        if (node->arcs[i].to->height >= element->height)
            element->height = node->arcs[i].to->height + 1;
    if (element->height == DMN__HEIGHT_MOST) { /* once: those above it are as bad */
        loader->file = element->file;
        dmn__report(loader, DMN_FAULT_TOO_DEEP, element->xml->place, element->shown.name);
    }
}

static void find_circles(struct dmn__loader *loader)
{
    struct dmn__element **stack =
        arena_array(loader->arena, loader->element_count, struct dmn__element *);
    loader->ordered = arena_array(loader->arena, loader->element_count, struct dmn__element *);
    for (size_t i = 0; i < loader->element_count; i++) {
        if (loader->nodes[i].state != DMN__NEW)
            continue;
        size_t depth = 0;
        loader->nodes[i].state = DMN__OPEN;
        stack[depth++] = &loader->elements[i];
        while (depth > 0)
            if (!go_down(loader, stack, &depth))
                close_element(loader, stack[--depth]);
    }
}

bool dmn__load_graph(struct dmn__loader *loader)
{
    for (size_t i = 0; i < loader->element_count; i++)
        read_requirements(loader, &loader->elements[i]);
    if (!loader->is_refused)
        find_circles(loader);
    return !loader->is_refused;
}
