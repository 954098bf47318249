/* Item definitions: FEEL's types, with the values that DMN allows of them. */
#include <string.h>

#include "dmn/dmn_loader.h"

static void resolve(struct dmn__loader *loader, const struct dmn__file *file,
                    struct dmn__named_type *named);
static void define(struct dmn__loader *loader, const struct dmn__file *file,
                   const struct dmn__xml *xml, struct dmn__type *type);

const struct feel_type *dmn__feel_of(const struct dmn__type *type)
{
    return type != NULL ? type->feel : feel_type_of_kind(FEEL_TYPE_ANY);
}

/* --- references --- */

static const struct dmn__type *basic(struct dmn__loader *loader, const char *name)
{
    const struct feel_type *feel = feel_type_named(feel_text(name));
    if (feel == NULL)
        return NULL;
    struct dmn__type *type = arena_one(loader->arena, struct dmn__type);
    type->name = arena_text(loader->arena, name);
    type->feel = feel;
    type->allowed_text = "";
    return type;
}

static const struct dmn__type *find_own(struct dmn__loader *loader, const struct dmn__file *file,
                                        const char *name)
{
    const struct dmn__name *found = dmn__names_find(&file->type_names, name);
    if (found == NULL)
        return NULL;
    struct dmn__named_type *named = &file->types[found->number];
    if (named->state == DMN__TYPE_NEW)
        resolve(loader, file, named);
    return &named->type;
}

static const struct dmn__type *find_in_space(struct dmn__loader *loader, const char *space,
                                             const char *name)
{
    for (size_t i = 0; i < loader->file_count; i++)
        if (strcmp(loader->files[i]->shown.name_space, space) == 0)
            return find_own(loader, loader->files[i], name);
    return NULL;
}

/* "import.type", or a name that an import without one brings along. */
static const struct dmn__type *find_imported(struct dmn__loader *loader,
                                             const struct dmn__file *file, const char *name)
{
    for (size_t i = 0; i < file->import_count; i++) {
        const struct dmn__import *import = &file->imports[i];
        size_t length = strlen(import->name);
        if (import->file == NULL || strncmp(name, import->name, length) != 0)
            continue;
        if (length > 0 && name[length] != '.')
            continue;
        const struct dmn__type *type =
            find_own(loader, import->file, name + length + (length > 0 ? 1 : 0));
        if (type != NULL)
            return type;
    }
    return NULL;
}

/* A qualified name, as version 1.1 writes them: "feel:number", "own:tPerson". */
static const struct dmn__type *find_qualified(struct dmn__loader *loader,
                                              const struct dmn__xml *xml, const char *name)
{
    const char *colon = strchr(name, ':');
    if (colon == NULL)
        return NULL;
    const char *space = dmn__xml_space(xml, name, (size_t)(colon - name));
    if (space == NULL)
        return NULL;
    const struct dmn__type *type = find_in_space(loader, space, colon + 1);
    return type != NULL ? type : basic(loader, colon + 1);
}

const struct dmn__type *dmn__type_of(struct dmn__loader *loader, const struct dmn__file *file,
                                     const struct dmn__xml *xml, const char *reference)
{
    const char *name = dmn__trimmed(loader->arena, reference);
    if (*name == '\0')
        return NULL;
    const struct dmn__type *type = find_own(loader, file, name);
    if (type == NULL)
        type = find_imported(loader, file, name);
    if (type == NULL)
        type = basic(loader, name);
    if (type == NULL)
        type = find_qualified(loader, xml, name);
    if (type == NULL)
        dmn__report(loader, DMN_FAULT_UNKNOWN_TYPE, xml->place, name);
    return type;
}

const struct dmn__type *dmn__type_ref(struct dmn__loader *loader, const struct dmn__file *file,
                                      const struct dmn__xml *xml)
{
    return dmn__type_of(loader, file, xml, dmn__attribute_or(xml, "typeRef", ""));
}

/* --- definitions --- */

/* Tests of the name "?", which is of the type. */
static void read_allowed(struct dmn__loader *loader, const struct dmn__file *file,
                         const struct dmn__xml *values, struct dmn__type *type)
{
    const struct dmn__xml *text = values == NULL ? NULL : dmn__xml_child(values, "text");
    if (text == NULL)
        return;
    struct dmn__scope scope = {.loader = loader, .file = file};
    dmn__push(&scope, feel_text("?"), type->feel);
    type->allowed = dmn__program(&scope, text, FEEL_UNARY_TESTS);
    type->plain = dmn__plain_tests(loader->arena, type->allowed);
    type->allowed_text = dmn__trimmed(loader->arena, text->text);
    type->is_checked |= type->allowed != NULL;
}

static bool is_collection(struct dmn__loader *loader, const struct dmn__xml *xml)
{
    const char *value = dmn__attribute_or(xml, "isCollection", "false");
    bool is_true = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
    if (!is_true && strcmp(value, "false") != 0 && strcmp(value, "0") != 0)
        dmn__report(loader, DMN_FAULT_BAD_ATTRIBUTE, xml->place,
                    arena_printf(loader->arena, "isCollection=%s", value));
    return is_true;
}

static void define_components(struct dmn__loader *loader, const struct dmn__file *file,
                              const struct dmn__xml *xml, struct dmn__type *type)
{
    size_t count = dmn__xml_count(xml, "itemComponent");
    struct dmn__type *parts = arena_array(loader->arena, count, struct dmn__type);
    struct dmn__field *fields = arena_array(loader->arena, count, struct dmn__field);
    struct feel_name *names = arena_array(loader->arena, count, struct feel_name);
    struct feel_type *feel = arena_one(loader->arena, struct feel_type);
    size_t i = 0;
    DMN__EACH (component, xml, "itemComponent") {
        const char *name = dmn__needed(loader, component, "name");
        DMN__INSIDE(loader, "component", name);
        define(loader, file, component, &parts[i]);
        DMN__OUTSIDE(loader);
        fields[i] = (struct dmn__field){name, &parts[i]};
        names[i] = (struct feel_name){feel_text(name), parts[i].feel};
        type->is_checked |= parts[i].is_checked;
        i++;
    }
    *feel = (struct feel_type){.kind = FEEL_TYPE_CONTEXT, .fields = names, .field_count = count};
    type->feel = feel;
    type->fields = fields;
    type->field_count = count;
}

static void define_function(struct dmn__loader *loader, const struct dmn__file *file,
                            const struct dmn__xml *xml, struct dmn__type *type)
{
    size_t count = dmn__xml_count(xml, "parameters"), i = 0;
    struct feel_name *names = arena_array(loader->arena, count, struct feel_name);
    struct feel_type *feel = arena_one(loader->arena, struct feel_type);
    DMN__EACH (parameter, xml, "parameters") {
        names[i].name = feel_text(dmn__attribute_or(parameter, "name", ""));
        names[i++].type = dmn__feel_of(dmn__type_ref(loader, file, parameter));
    }
    const char *result = dmn__attribute_or(xml, "outputTypeRef", "");
    *feel = (struct feel_type){.kind = FEEL_TYPE_FUNCTION,
                               .of = dmn__feel_of(dmn__type_of(loader, file, xml, result)),
                               .fields = names,
                               .field_count = count};
    type->feel = feel;
}

/* Whether it is a definition that is not done yet. */
static bool is_open(const struct dmn__loader *loader, const struct dmn__type *type)
{
    for (size_t i = 0; i < loader->file_count; i++) {
        const struct dmn__name *found = dmn__names_find(&loader->files[i]->type_names, type->name);
        if (found != NULL && &loader->files[i]->types[found->number].type == type)
            return loader->files[i]->types[found->number].state == DMN__TYPE_OPEN;
    }
    return false;
}

/* What another definition says, taken over. One that is being defined right now is a type that
 * contains itself: its structure is not known here, so FEEL takes it for Any. */
static void define_by_reference(struct dmn__loader *loader, const struct dmn__file *file,
                                const struct dmn__xml *xml, struct dmn__type *type)
{
    const struct dmn__xml *reference = dmn__xml_child(xml, "typeRef");
    const struct dmn__type *base =
        reference == NULL ? NULL : dmn__type_of(loader, file, reference, reference->text);
    type->feel = dmn__feel_of(base);
    if (base == NULL)
        return;
    if (is_open(loader, base) && dmn__xml_is(xml, "itemDefinition"))
        dmn__report(loader, DMN_FAULT_CIRCULAR, reference->place, base->name);
    type->base = base->is_checked ? base : NULL;
    type->item = base->item;
    type->is_checked = base->is_checked;
}

/* A list of what has been defined so far. */
static void make_collection(struct dmn__loader *loader, struct dmn__type *type)
{
    struct dmn__type *item = arena_one(loader->arena, struct dmn__type);
    struct feel_type *feel = arena_one(loader->arena, struct feel_type);
    *item = *type;
    *feel = (struct feel_type){.kind = FEEL_TYPE_LIST, .of = item->feel};
    *type = (struct dmn__type){.name = item->name,
                               .feel = feel,
                               .item = item,
                               .allowed_text = "",
                               .is_checked = item->is_checked};
}

static void define(struct dmn__loader *loader, const struct dmn__file *file,
                   const struct dmn__xml *xml, struct dmn__type *type)
{
    const struct dmn__xml *function = dmn__xml_child(xml, "functionItem");
    type->name = dmn__attribute_or(xml, "name", "");
    type->allowed_text = "";
    if (dmn__xml_child(xml, "itemComponent") != NULL)
        define_components(loader, file, xml, type);
    else if (function != NULL)
        define_function(loader, file, function, type);
    else
        define_by_reference(loader, file, xml, type);
    bool is_list = is_collection(loader, xml);
    read_allowed(loader, file, dmn__xml_child(xml, "allowedValues"), type);
    if (is_list)
        make_collection(loader, type);
    if (dmn__xml_child(xml, "typeConstraint") != NULL) /* of the whole, since version 1.5 */
        read_allowed(loader, file, dmn__xml_child(xml, "typeConstraint"), type);
}

static void resolve(struct dmn__loader *loader, const struct dmn__file *file,
                    struct dmn__named_type *named)
{
    const struct dmn__at *at = loader->at;
    const struct dmn__file *before = loader->file;
    loader->file = file;
    loader->at = NULL;
    DMN__INSIDE(loader, "itemDefinition", named->type.name);
    named->state = DMN__TYPE_OPEN;
    named->type.feel = feel_type_of_kind(FEEL_TYPE_ANY); /* whoever meets it before it is done */
    if (++loader->types_inside > DMN__TYPES_INSIDE_MOST) {
        dmn__report(loader, DMN_FAULT_TOO_DEEP, named->xml->place, named->type.name);
    } else {
        struct dmn__type type = {0};
        define(loader, file, named->xml, &type);
        named->type = type;
    }
    loader->types_inside--;
    named->state = DMN__TYPE_DONE;
    loader->at = at;
    loader->file = before;
}

/* --- all of a file --- */

static void list_for_feel(struct dmn__loader *loader, struct dmn__file *file)
{
    size_t count = file->type_count;
    for (size_t i = 0; i < file->import_count; i++)
        if (file->imports[i].file != NULL)
            count += file->imports[i].file->type_count;
    struct feel_name *names = arena_array(loader->arena, count, struct feel_name);
    file->feel_types = names;
    for (size_t i = 0; i < file->type_count; i++)
        names[file->feel_type_count++] =
            (struct feel_name){feel_text(file->types[i].type.name), file->types[i].type.feel};
    for (size_t i = 0; i < file->import_count; i++) {
        const struct dmn__import *import = &file->imports[i];
        for (size_t j = 0; import->file != NULL && j < import->file->type_count; j++) {
            const struct dmn__type *type = &import->file->types[j].type;
            const char *name = *import->name == '\0'
                                   ? type->name
                                   : arena_printf(loader->arena, "%s.%s", import->name, type->name);
            names[file->feel_type_count++] = (struct feel_name){feel_text(name), type->feel};
        }
    }
}

static void begin(struct dmn__loader *loader, struct dmn__file *file)
{
    size_t count = dmn__xml_count(file->root, "itemDefinition");
    struct dmn__names *names = &file->type_names;
    names->items = arena_array(loader->arena, count, struct dmn__name);
    file->types = arena_array(loader->arena, count, struct dmn__named_type);
    DMN__EACH (xml, file->root, "itemDefinition") {
        struct dmn__named_type *named = &file->types[file->type_count];
        named->type.name = dmn__needed(loader, xml, "name");
        named->type.allowed_text = "";
        named->xml = xml;
        names->items[names->count++] = (struct dmn__name){named->type.name, file->type_count++};
    }
    dmn__names_sort(names);
    const struct dmn__name *twice = dmn__names_twice(names);
    if (twice != NULL)
        dmn__report(loader, DMN_FAULT_DUPLICATE, file->types[twice->number].xml->place,
                    twice->name);
}

void dmn__load_types(struct dmn__loader *loader)
{
    for (size_t i = 0; i < loader->file_count; i++) {
        loader->file = loader->files[i];
        begin(loader, loader->files[i]);
    }
    for (size_t i = 0; i < loader->file_count; i++)
        for (size_t j = 0; j < loader->files[i]->type_count; j++)
            if (loader->files[i]->types[j].state == DMN__TYPE_NEW)
                resolve(loader, loader->files[i], &loader->files[i]->types[j]);
    for (size_t i = 0; i < loader->file_count; i++)
        list_for_feel(loader, loader->files[i]);
}
