/*
 * XML as a tree in an arena, read with bounds: no document type (so no entities, and nothing from
 * outside the file), limits on bytes, depth and elements. Elements of other namespaces than those
 * asked for, diagrams and makers' extensions, are read and dropped.
 */
#ifndef DIANJI_DMN_DMN_XML_H
#define DIANJI_DMN_DMN_XML_H

#include "base/text.h"
#include "dmn/dmn.h"

enum {
    DMN__FILE_BYTES_MOST = 16 << 20,
    DMN__ELEMENTS_MOST = 400000,
    DMN__DEPTH_MOST = 120,
    DMN__PREFIXES_MOST = 256, /* bound at one place */
};

struct dmn__attribute {
    const char *name; /* without a namespace; those of other namespaces as "{namespace}name" */
    const char *value;
};

/* A prefix that is bound here, and those around it. */
struct dmn__prefix {
    const char *prefix; /* "" for the default */
    const char *name_space;
    const struct dmn__prefix *outer;
};

struct dmn__xml {
    const char *name;
    const struct dmn__attribute *attributes;
    size_t attribute_count;
    const char *text; /* directly inside, joined; never NULL */
    struct feel_place place;
    struct feel_place text_place; /* of the text's first character */
    const struct dmn__prefix *prefixes;
    const struct dmn__xml *parent;
    const struct dmn__xml *first;
    const struct dmn__xml *next;
};

/* What a file is not, or the reader refuses. */
struct dmn__xml_fault {
    enum dmn_fault fault;
    struct feel_place place;
    const char *about;
};

/* The root of the file's tree; `*ret_space` is its namespace. NULL, with the fault, where the file
 * cannot be read. Elements of the root's namespace alone are kept. */
const struct dmn__xml *dmn__xml_read(struct arena *arena, struct bytes file, const char **ret_space,
                                     struct dmn__xml_fault *ret_fault);

/* NULL where it has no such attribute. */
const char *dmn__xml_attribute(const struct dmn__xml *xml, const char *name);
/* The first child of that name; NULL. */
const struct dmn__xml *dmn__xml_child(const struct dmn__xml *xml, const char *name);
/* The next sibling of that name, from `xml` itself on; NULL. */
const struct dmn__xml *dmn__xml_named(const struct dmn__xml *xml, const char *name);
size_t dmn__xml_count(const struct dmn__xml *xml, const char *name);
bool dmn__xml_is(const struct dmn__xml *xml, const char *name);
/* What the prefix stands for there; NULL where it is not bound. */
const char *dmn__xml_space(const struct dmn__xml *xml, const char *prefix, size_t length);

/* NOLINTBEGIN(bugprone-macro-parentheses): a name that is declared stands in no brackets */
#define DMN__EACH(child, parent, child_name)                                                       \
    for (const struct dmn__xml *child = dmn__xml_child((parent), (child_name)); child != NULL;     \
         child = dmn__xml_named(child->next, (child_name)))
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
