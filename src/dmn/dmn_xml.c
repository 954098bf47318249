/* The reader of XML: expat's events, as a tree in the arena. */
#include "dmn/dmn_xml.h"

#include <expat.h>
#include <string.h>

#include "base/arena.h"

enum { SEPARATOR = '\n' }; /* between a namespace and a name: in neither can it stand */

struct open_element {
    struct dmn__xml *xml;
    const struct dmn__xml **end; /* where the next child goes */
    struct buffer text;
};

struct reader {
    struct arena *arena;
    XML_Parser parser;
    const char *space; /* of the root; NULL before it */
    struct dmn__xml *root;
    struct open_element open[DMN__DEPTH_MOST];
    int depth;
    int dropped; /* how deep inside an element that is not kept */
    size_t elements;
    const struct dmn__prefix *prefixes;
    size_t bound; /* prefixes at once */
    struct dmn__xml_fault fault;
    bool has_failed;
    enum fault raised; /* in a handler */
};

static struct feel_place here(const struct reader *reader)
{
    return (struct feel_place){(int)XML_GetCurrentLineNumber(reader->parser),
                               (int)XML_GetCurrentColumnNumber(reader->parser) + 1};
}

static void refuse(struct reader *reader, enum dmn_fault fault, const char *about)
{
    if (!reader->has_failed)
        reader->fault = (struct dmn__xml_fault){fault, here(reader), about};
    reader->has_failed = true;
    XML_StopParser(reader->parser, XML_FALSE);
}

/*
 * A fault may not unwind through the parser. It is caught in the handler, and raised again when the
 * parser has returned.
 */
static void guarded(struct reader *reader,
                    void (*work)(struct reader *, const void *, const void *), const void *a,
                    const void *b)
{
    struct guard guard;
    if (reader->has_failed || reader->raised != FAULT_NONE)
        return;
    if (GUARDED(reader->arena, &guard) == FAULT_NONE) {
        work(reader, a, b);
        guard_leave(reader->arena, &guard);
    } else {
        reader->raised = guard.fault;
        XML_StopParser(reader->parser, XML_FALSE);
    }
}

/* --- elements --- */

static const char *local_name(const char *name)
{
    const char *separator = strrchr(name, SEPARATOR);
    return separator == NULL ? name : separator + 1;
}

static bool is_in_space(const char *name, const char *space)
{
    const char *local = local_name(name);
    size_t length = local == name ? 0 : (size_t)(local - name) - 1;
    return strlen(space) == length && memcmp(name, space, length) == 0;
}

static void read_attributes(struct reader *reader, struct dmn__xml *xml,
                            const char *const *attributes)
{
    size_t count = 0;
    while (attributes[2 * count] != NULL)
        count++;
    struct dmn__attribute *copy = arena_array(reader->arena, count, struct dmn__attribute);
    for (size_t i = 0; i < count; i++) {
        const char *name = attributes[2 * i], *local = local_name(name);
        copy[i].name = local == name ? arena_text(reader->arena, name)
                                     : arena_printf(reader->arena, "{%.*s}%s",
                                                    (int)(local - name - 1), name, local);
        copy[i].value = arena_text(reader->arena, attributes[2 * i + 1]);
    }
    xml->attributes = copy;
    xml->attribute_count = count;
}

static void start(struct reader *reader, const void *a, const void *b)
{
    const char *name = a;
    if (++reader->elements > DMN__ELEMENTS_MOST) {
        refuse(reader, DMN_FAULT_TOO_LARGE, "");
        return;
    }
    if (reader->root == NULL)
        reader->space =
            arena_text_n(reader->arena, name,
                         local_name(name) == name ? 0 : (size_t)(local_name(name) - name) - 1);
    if (reader->depth + reader->dropped == DMN__DEPTH_MOST) {
        refuse(reader, DMN_FAULT_TOO_DEEP, arena_text(reader->arena, local_name(name)));
        return;
    }
    if (reader->dropped > 0 || !is_in_space(name, reader->space)) {
        reader->dropped++;
        return;
    }
    struct dmn__xml *xml = arena_one(reader->arena, struct dmn__xml);
    xml->name = arena_text(reader->arena, local_name(name));
    xml->text = "";
    xml->place = here(reader);
    xml->prefixes = reader->prefixes;
    read_attributes(reader, xml, b);
    if (reader->depth > 0) {
        struct open_element *outer = &reader->open[reader->depth - 1];
        xml->parent = outer->xml;
        *outer->end = xml;
        outer->end = &xml->next;
    } else {
        reader->root = xml;
    }
    reader->open[reader->depth++] = (struct open_element){.xml = xml, .end = &xml->first};
}

static void on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    guarded(context, start, name, attributes);
}

static void on_end(void *context, const XML_Char *name)
{
    (void)name;
    struct reader *reader = context;
    if (reader->has_failed || reader->raised != FAULT_NONE)
        return;
    if (reader->dropped > 0)
        reader->dropped--;
    else
        reader->depth--;
}

/* --- text --- */

static void add_text(struct reader *reader, const void *a, const void *b)
{
    struct open_element *open = &reader->open[reader->depth - 1];
    if (open->text.bytes == NULL) {
        open->text = buffer_new(reader->arena, 64);
        open->xml->text_place = here(reader);
    }
    buffer_add_n(&open->text, a, *(const size_t *)b);
    open->xml->text = open->text.bytes;
}

static void on_text(void *context, const XML_Char *text, int length)
{
    struct reader *reader = context;
    size_t count = (size_t)length;
    if (reader->dropped == 0 && reader->depth > 0)
        guarded(reader, add_text, text, &count);
}

/* --- what is around --- */

static void bind(struct reader *reader, const void *a, const void *b)
{
    if (++reader->bound > DMN__PREFIXES_MOST) {
        refuse(reader, DMN_FAULT_TOO_LARGE, "xmlns");
        return;
    }
    struct dmn__prefix *prefix = arena_one(reader->arena, struct dmn__prefix);
    prefix->prefix = a == NULL ? "" : arena_text(reader->arena, a);
    prefix->name_space = b == NULL ? "" : arena_text(reader->arena, b);
    prefix->outer = reader->prefixes;
    reader->prefixes = prefix;
}

static void on_bind(void *context, const XML_Char *prefix, const XML_Char *space)
{
    guarded(context, bind, prefix, space);
}

static void on_unbind(void *context, const XML_Char *prefix)
{
    (void)prefix;
    struct reader *reader = context;
    if (reader->has_failed || reader->raised != FAULT_NONE)
        return;
    reader->prefixes = reader->prefixes->outer;
    reader->bound--;
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
                       const XML_Char *public_id, int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    refuse(context, DMN_FAULT_DOCUMENT_TYPE, "");
}

/* --- the whole --- */

static void free_parser(void *parser)
{
    XML_ParserFree(parser);
}

static struct reader *open_reader(struct arena *arena)
{
    struct reader *reader = arena_one(arena, struct reader);
    reader->arena = arena;
    reader->parser = XML_ParserCreateNS(NULL, SEPARATOR);
    if (reader->parser == NULL)
        fault_raise(arena, FAULT_MEMORY);
    arena_defer(arena, free_parser, reader->parser);
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader->parser, on_text);
    XML_SetNamespaceDeclHandler(reader->parser, on_bind, on_unbind);
    XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
    return reader;
}

const struct dmn__xml *dmn__xml_read(struct arena *arena, struct bytes file, const char **ret_space,
                                     struct dmn__xml_fault *ret_fault)
{
    *ret_fault = (struct dmn__xml_fault){0};
    if (file.length > DMN__FILE_BYTES_MOST) {
        *ret_fault = (struct dmn__xml_fault){.fault = DMN_FAULT_TOO_LARGE, .about = ""};
        return NULL;
    }
    struct reader *reader = open_reader(arena);
    XML_Parser parser = reader->parser;
    enum XML_Status status =
        XML_Parse(parser, file.data != NULL ? file.data : "", (int)file.length, XML_TRUE);
    enum XML_Error error = XML_GetErrorCode(parser);
    if (reader->raised == FAULT_NONE && status != XML_STATUS_OK && error == XML_ERROR_NO_MEMORY)
        reader->raised = FAULT_MEMORY;
    if (reader->raised == FAULT_NONE && status != XML_STATUS_OK)
        refuse(reader, DMN_FAULT_NOT_XML, arena_text(arena, XML_ErrorString(error)));
    arena_close(arena, parser);
    if (reader->raised != FAULT_NONE)
        fault_raise(arena, reader->raised);
    *ret_fault = reader->fault;
    *ret_space = reader->space;
    return reader->has_failed ? NULL : reader->root;
}

/* --- looking around in it --- */

const char *dmn__xml_attribute(const struct dmn__xml *xml, const char *name)
{
    for (size_t i = 0; i < xml->attribute_count; i++)
        if (strcmp(xml->attributes[i].name, name) == 0)
            return xml->attributes[i].value;
    return NULL;
}

bool dmn__xml_is(const struct dmn__xml *xml, const char *name)
{
    return strcmp(xml->name, name) == 0;
}

const struct dmn__xml *dmn__xml_named(const struct dmn__xml *xml, const char *name)
{
    while (xml != NULL && !dmn__xml_is(xml, name))
        xml = xml->next;
    return xml;
}

const struct dmn__xml *dmn__xml_child(const struct dmn__xml *xml, const char *name)
{
    return dmn__xml_named(xml->first, name);
}

size_t dmn__xml_count(const struct dmn__xml *xml, const char *name)
{
    size_t count = 0;
    DMN__EACH (child, xml, name)
        count++;
    return count;
}

const char *dmn__xml_space(const struct dmn__xml *xml, const char *prefix, size_t length)
{
    for (const struct dmn__prefix *at = xml->prefixes; at != NULL; at = at->outer)
        if (strlen(at->prefix) == length && memcmp(at->prefix, prefix, length) == 0)
            return at->name_space;
    return NULL;
}
