/* A model out of its files: which belong to it, what is reported, the order of the work. */
#include <stdlib.h>
#include <string.h>

#include "dmn/dmn_loader.h"

/* --- reports --- */

static enum dmn_weight weight_of(const struct dmn__loader *loader, enum dmn_fault fault)
{
    bool is_strict = loader->source->rigour == DMN_STRICT;
    switch (fault) {
    case DMN_FAULT_EXPRESSION:
    case DMN_FAULT_NOT_RUNNABLE:
    case DMN_FAULT_NOT_CONSTANT:
        return is_strict ? DMN_WEIGHT_REFUSED : DMN_WEIGHT_DOUBT;
    case DMN_FAULT_NO_LOGIC:
    case DMN_FAULT_GAP:
    case DMN_FAULT_OVERLAP:
    case DMN_FAULT_NOT_EXAMINED:
        return DMN_WEIGHT_NOTICE;
    case DMN_FAULT_NOT_XML:
    case DMN_FAULT_TOO_LARGE:
    case DMN_FAULT_DOCUMENT_TYPE:
    case DMN_FAULT_NOT_DMN:
    case DMN_FAULT_MISSING_ATTRIBUTE:
    case DMN_FAULT_MISSING_ELEMENT:
    case DMN_FAULT_BAD_ATTRIBUTE:
    case DMN_FAULT_BAD_ELEMENT:
    case DMN_FAULT_DUPLICATE:
    case DMN_FAULT_UNKNOWN_ELEMENT:
    case DMN_FAULT_UNKNOWN_IMPORT:
    case DMN_FAULT_UNKNOWN_TYPE:
    case DMN_FAULT_CIRCULAR:
    case DMN_FAULT_TOO_DEEP:
    case DMN_FAULT_CELLS:
        return DMN_WEIGHT_REFUSED;
    }
    return DMN_WEIGHT_REFUSED;
}

static void describe(struct buffer *buffer, const struct dmn__at *at)
{
    if (at->outer != NULL) {
        describe(buffer, at->outer);
        buffer_add(buffer, at->outer->outer == NULL ? ": " : ", ");
    }
    buffer_add(buffer, at->what);
    if (at->name != NULL && *at->name != '\0')
        buffer_printf(buffer, " %s", at->name);
    if (at->number > 0)
        buffer_printf(buffer, " %zu", at->number);
}

static void add_report(struct dmn__loader *loader, struct dmn_report report)
{
    loader->is_refused |= report.weight == DMN_WEIGHT_REFUSED;
    if (loader->report_count == DMN__REPORTS_MOST) {
        loader->has_more_reports = true;
        return;
    }
    struct buffer element = buffer_new(loader->arena, 64);
    if (loader->at != NULL)
        describe(&element, loader->at);
    report.element = element.bytes;
    report.file = loader->file != NULL ? loader->file->shown.file : "";
    loader->reports[loader->report_count++] = report;
}

void dmn__report(struct dmn__loader *loader, enum dmn_fault fault, struct feel_place place,
                 const char *about)
{
    struct dmn_report report = {.weight = weight_of(loader, fault), .place = place, .fault = fault};
    report.message.key = dmn_fault_info(fault)->code;
    report.message.arguments[0] = (struct argument){"about", arena_text(loader->arena, about)};
    add_report(loader, report);
}

void dmn__report_feel(struct dmn__loader *loader, const struct feel_report *found,
                      enum dmn_weight weight)
{
    struct dmn_report report = {
        .weight = weight, .place = found->place, .fault = DMN_FAULT_EXPRESSION};
    report.message.key = feel_fault_info(found->fault)->code;
    report.message.arguments[0] =
        (struct argument){"about", arena_text(loader->arena, found->about)};
    add_report(loader, report);
}

/* --- small things that every file has --- */

const char *dmn__trimmed(struct arena *arena, const char *text)
{
    static const char white[] = " \t\r\n";
    text += strspn(text, white);
    size_t length = strlen(text);
    while (length > 0 && strchr(white, text[length - 1]) != NULL)
        length--;
    return arena_text_n(arena, text, length);
}

const char *dmn__attribute_or(const struct dmn__xml *xml, const char *name, const char *otherwise)
{
    const char *value = dmn__xml_attribute(xml, name);
    return value != NULL ? value : otherwise;
}

const char *dmn__needed(struct dmn__loader *loader, const struct dmn__xml *xml, const char *name)
{
    const char *value = dmn__xml_attribute(xml, name);
    if (value != NULL && *value != '\0')
        return value;
    dmn__report(loader, DMN_FAULT_MISSING_ATTRIBUTE, xml->place,
                arena_printf(loader->arena, "%s/@%s", xml->name, name));
    return "";
}

const char *dmn__child_text(struct dmn__loader *loader, const struct dmn__xml *xml,
                            const char *name)
{
    const struct dmn__xml *child = dmn__xml_child(xml, name);
    return child == NULL ? "" : dmn__trimmed(loader->arena, child->text);
}

/* --- files --- */

/* The versions 1.1 to 1.5. */
static bool is_model_space(const char *space)
{
    static const char *const spaces[] = {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    };
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (strcmp(space, spaces[i]) == 0)
            return true;
    return false;
}

static struct dmn__parsed *parse(struct dmn__loader *loader, size_t number)
{
    struct dmn__parsed *parsed = &loader->parsed[number];
    if (parsed->is_read)
        return parsed;
    parsed->is_read = true;
    parsed->name_space = "";
    const char *space = "";
    const struct dmn__xml *root =
        dmn__xml_read(loader->arena, loader->source->files[number].bytes, &space, &parsed->fault);
    if (root == NULL)
        return parsed;
    if (!is_model_space(space) || !dmn__xml_is(root, "definitions")) {
        parsed->fault = (struct dmn__xml_fault){DMN_FAULT_NOT_DMN, root->place,
                                                *space == '\0' ? root->name : space};
        return parsed;
    }
    parsed->root = root;
    parsed->name_space = dmn__attribute_or(root, "namespace", "");
    return parsed;
}

/* FNV-1a: to tell versions of a file apart, not to protect them. */
static const char *version_of(struct arena *arena, struct bytes bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const unsigned char *at = bytes.data;
    for (size_t i = 0; i < bytes.length; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return arena_printf(arena, "%016llx", (unsigned long long)hash);
}

/* Makes the file part of the model; NULL, reported, where it cannot be read. */
static struct dmn__file *add_file(struct dmn__loader *loader, size_t number)
{
    struct dmn__parsed *parsed = parse(loader, number);
    if (parsed->file != NULL)
        return parsed->file;
    struct dmn__file *file = arena_one(loader->arena, struct dmn__file);
    file->shown.file = arena_text(loader->arena, loader->source->files[number].name);
    if (parsed->root == NULL) {
        loader->file = file;
        dmn__report(loader, parsed->fault.fault, parsed->fault.place, parsed->fault.about);
        return NULL;
    }
    file->root = parsed->root;
    file->shown.name_space = parsed->name_space;
    file->shown.id = dmn__attribute_or(file->root, "id", "");
    file->shown.name = dmn__attribute_or(file->root, "name", "");
    file->shown.description = dmn__child_text(loader, file->root, "description");
    file->shown.version = version_of(loader->arena, loader->source->files[number].bytes);
    parsed->file = file;
    loader->files[loader->file_count++] = file;
    return file;
}

/* An import of the language itself, of a schema, of PMML: nothing that we could read. */
static bool is_model_import(const struct dmn__xml *xml)
{
    const char *type = dmn__attribute_or(xml, "importType", "");
    return is_model_space(type) || strstr(type, "DMN") != NULL;
}

static struct dmn__file *find_file(struct dmn__loader *loader, const char *name_space)
{
    for (size_t i = 0; i < loader->source->file_count; i++)
        if (strcmp(parse(loader, i)->name_space, name_space) == 0 && loader->parsed[i].root != NULL)
            return loader->file_count < DMN__FILES_MOST ? add_file(loader, i) : NULL;
    return NULL;
}

static void add_imports(struct dmn__loader *loader, struct dmn__file *file)
{
    size_t count = dmn__xml_count(file->root, "import");
    struct dmn__import *imports = arena_array(loader->arena, count, struct dmn__import);
    file->imports = imports;
    DMN__EACH (xml, file->root, "import") {
        loader->file = file;
        DMN__INSIDE(loader, "import", dmn__attribute_or(xml, "name", ""));
        struct dmn__import *import = &imports[file->import_count++];
        import->name = dmn__attribute_or(xml, "name", "");
        import->name_space = dmn__needed(loader, xml, "namespace");
        if (is_model_import(xml)) {
            import->file = find_file(loader, import->name_space);
            loader->file = file;
            if (import->file == NULL)
                dmn__report(loader, DMN_FAULT_UNKNOWN_IMPORT, xml->place, import->name_space);
        }
        DMN__OUTSIDE(loader);
    }
}

/* --- the whole --- */

static void read_model(struct dmn__loader *loader)
{
    if (add_file(loader, loader->source->main) == NULL)
        return;
    for (size_t i = 0; i < loader->file_count; i++) /* imports add to them */
        add_imports(loader, loader->files[i]);
    if (loader->is_refused)
        return;
    dmn__load_types(loader);
    dmn__load_elements(loader);
    if (!loader->is_refused && dmn__load_graph(loader))
        dmn__load_logic(loader);
}

const struct dmn_model *dmn_load(struct arena *arena, const struct dmn_source *source,
                                 struct dmn_reports *ret_reports)
{
    struct dmn__loader loader = {.arena = arena, .source = source};
    loader.model = arena_one(arena, struct dmn_model);
    loader.parsed = arena_array(arena, source->file_count, struct dmn__parsed);
    loader.files = arena_array(arena, DMN__FILES_MOST, struct dmn__file *);
    loader.reports = arena_array(arena, DMN__REPORTS_MOST, struct dmn_report);
    read_model(&loader);
    *ret_reports =
        (struct dmn_reports){loader.reports, loader.report_count, loader.has_more_reports};
    loader.model->files = (const struct dmn__file *const *)loader.files;
    loader.model->file_count = loader.file_count;
    loader.model->elements = loader.elements;
    loader.model->element_count = loader.element_count;
    return loader.is_refused ? NULL : loader.model;
}

/* --- what a model has --- */

const struct dmn_about *dmn_about(const struct dmn_model *model)
{
    return &model->files[0]->shown;
}

size_t dmn_element_count(const struct dmn_model *model)
{
    return model->element_count;
}

const struct dmn_element *dmn_element(const struct dmn_model *model, size_t index)
{
    return &model->elements[index].shown;
}

static const struct dmn_element *find_in(const struct dmn_model *model,
                                         const struct dmn__file *file, const char *name)
{
    const struct dmn_element *by_id = NULL;
    for (size_t i = 0; i < file->element_count; i++) {
        const struct dmn_element *element = &model->elements[file->first_element + i].shown;
        if (strcmp(element->name, name) == 0)
            return element;
        if (*element->id != '\0' && strcmp(element->id, name) == 0)
            by_id = element;
    }
    return by_id;
}

const struct dmn_element *dmn_find(const struct dmn_model *model, const char *name_space,
                                   const char *name)
{
    for (size_t i = 0; i < model->file_count; i++) {
        bool is_wanted = name_space == NULL
                             ? i == 0
                             : strcmp(model->files[i]->shown.name_space, name_space) == 0;
        const struct dmn_element *element =
            is_wanted ? find_in(model, model->files[i], name) : NULL;
        if (element != NULL)
            return element;
    }
    return NULL;
}

size_t dmn_requirement_count(const struct dmn_model *model, const struct dmn_element *element)
{
    (void)model;
    return dmn__own(element)->required_count;
}

const struct dmn_element *dmn_requirement(const struct dmn_model *model,
                                          const struct dmn_element *element, size_t i)
{
    (void)model;
    return &dmn__own(element)->required[i].element->shown;
}

const struct dmn_table *dmn_table_of(const struct dmn_model *model,
                                     const struct dmn_element *element)
{
    (void)model;
    const struct dmn__element *own = dmn__own(element);
    const struct dmn__logic *logic = own->function != NULL ? own->function->body : own->logic;
    return logic != NULL && logic->kind == DMN__TABLE ? &logic->table->shown : NULL;
}

bool dmn_requires(const struct dmn_model *model, const struct dmn_element *element,
                  const struct dmn_element *other)
{
    for (size_t i = 0; i < dmn_requirement_count(model, element); i++) {
        const struct dmn_element *required = dmn_requirement(model, element, i);
        if (required == other || dmn_requires(model, required, other))
            return true;
    }
    return false;
}
