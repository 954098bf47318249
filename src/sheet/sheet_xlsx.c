/*
 * A workbook: which of its parts are what. The package's relationships lead from its root to the
 * workbook, and from there to the worksheets in the order of their tabs.
 */
#include "sheet/sheet_xlsx.h"

#include <string.h>

#include "base/arena.h"

enum { WORKSHEETS_MOST = 1024, RELATIONS_MOST = 4096 };

/* --- relationships --- */

struct relation {
    const char *id;
    const char *type; /* the last step of its URL: "worksheet" */
    const char *target;
};

struct relations {
    struct arena *arena;
    struct sheet__xml *xml;
    const char *folder; /* that targets are relative to, "" or ending in / */
    struct relation *items;
    size_t count;
    size_t capacity;
};

/* "../media/x" of "xl/worksheets/" is "xl/media/x"; "/xl/x" is "xl/x". */
static const char *resolved(struct arena *arena, const char *folder, const char *target)
{
    if (*target == '/')
        return arena_text(arena, target + 1);
    size_t length = strlen(folder);
    for (;;) {
        if (text_starts(target, "./")) {
            target += 2;
        } else if (text_starts(target, "../")) {
            target += 3;
            length -= length > 0;
            while (length > 0 && folder[length - 1] != '/')
                length--;
        } else {
            return arena_printf(arena, "%.*s%s", (int)length, folder, target);
        }
    }
}

static void relations_start(void *argument, const char *name, const char *const *attributes)
{
    struct relations *relations = argument;
    const char *id = sheet__xml_attribute(attributes, "Id");
    const char *type = sheet__xml_attribute(attributes, "Type");
    const char *target = sheet__xml_attribute(attributes, "Target");
    if (!text_equal(name, "Relationship") || id == NULL || type == NULL || target == NULL)
        return;
    if (relations->count == RELATIONS_MOST) {
        sheet__xml_refuse(relations->xml, SHEET_REFUSAL_BOMB);
        return;
    }
    if (relations->count == relations->capacity) {
        size_t capacity = relations->capacity == 0 ? 16 : relations->capacity * 2;
        relations->items = arena_grow(relations->arena, relations->items,
                                      relations->capacity * sizeof *relations->items,
                                      capacity * sizeof *relations->items);
        relations->capacity = capacity;
    }
    const char *slash = strrchr(type, '/');
    relations->items[relations->count++] =
        (struct relation){.id = arena_text(relations->arena, id),
                          .type = arena_text(relations->arena, slash == NULL ? type : slash + 1),
                          .target = resolved(relations->arena, relations->folder, target)};
}

static void ignore_end(void *argument, const char *name)
{
    (void)argument;
    (void)name;
}

/* The relationships of the part folder/name; "" is the whole package. */
static bool read_relations(struct sheet__xlsx *xlsx, const char *folder, const char *name,
                           struct relations *ret)
{
    static const struct sheet__xml_handlers handlers = {.start = relations_start,
                                                        .end = ignore_end};
    struct arena *arena = xlsx->sheet->arena;
    *ret = (struct relations){.arena = arena, .folder = folder};
    const char *part_name = arena_printf(arena, "%s_rels/%s.rels", folder, name);
    struct sheet__part *part = sheet__part_open(xlsx->zip, part_name);
    if (part == NULL)
        return false;
    ret->xml = sheet__xml_open(xlsx->sheet, part, &handlers, ret);
    bool is_read = sheet__xml_run(ret->xml) == SHEET_END;
    sheet__xml_close(ret->xml);
    return is_read;
}

static const char *target_by_type(const struct relations *relations, const char *type)
{
    for (size_t i = 0; i < relations->count; i++)
        if (text_equal(relations->items[i].type, type))
            return relations->items[i].target;
    return NULL;
}

static const char *worksheet_by_id(const struct relations *relations, const char *id)
{
    for (size_t i = 0; i < relations->count; i++)
        if (text_equal(relations->items[i].id, id) &&
            text_equal(relations->items[i].type, "worksheet"))
            return relations->items[i].target;
    return NULL;
}

/* --- the workbook --- */

struct workbook {
    struct sheet__xlsx *xlsx;
    struct sheet__xml *xml;
    const struct relations *relations;
    bool has_root; /* the outermost element is a workbook's, not a document's or a slide show's */
};

static bool is_true(const char *value)
{
    return text_equal(value, "1") || text_equal(value, "true");
}

/* A chart on a tab of its own is no worksheet, and is left out. */
static void add_worksheet(struct workbook *workbook, const char *const *attributes)
{
    struct sheet__xlsx *xlsx = workbook->xlsx;
    struct arena *arena = xlsx->sheet->arena;
    const char *name = sheet__xml_attribute(attributes, "name");
    const char *id = sheet__xml_attribute(attributes, "id");
    const char *state = sheet__xml_attribute(attributes, "state");
    const char *part = id == NULL ? NULL : worksheet_by_id(workbook->relations, id);
    if (part == NULL || name == NULL)
        return;
    if (xlsx->count == WORKSHEETS_MOST) {
        sheet__xml_refuse(workbook->xml, SHEET_REFUSAL_BOMB);
        return;
    }
    bool is_hidden = text_equal(state, "hidden") || text_equal(state, "veryHidden");
    xlsx->worksheets[xlsx->count++] = (struct sheet__worksheet){
        .name = arena_text(arena, name), .part = part, .is_hidden = is_hidden};
}

static void workbook_start(void *argument, const char *name, const char *const *attributes)
{
    struct workbook *workbook = argument;
    if (text_equal(name, "workbook"))
        workbook->has_root = true;
    else if (!workbook->has_root)
        sheet__xml_refuse(workbook->xml, SHEET_REFUSAL_OTHER_FORMAT);
    else if (text_equal(name, "workbookPr"))
        workbook->xlsx->is_1904 = is_true(sheet__xml_attribute(attributes, "date1904"));
    else if (text_equal(name, "sheet"))
        add_worksheet(workbook, attributes);
}

static bool read_workbook(struct sheet__xlsx *xlsx, const char *part_name)
{
    static const struct sheet__xml_handlers handlers = {.start = workbook_start, .end = ignore_end};
    struct arena *arena = xlsx->sheet->arena;
    const char *slash = strrchr(part_name, '/');
    size_t folder_length = slash == NULL ? 0 : (size_t)(slash + 1 - part_name);
    const char *folder = arena_text_n(arena, part_name, folder_length);
    struct relations relations;
    if (!read_relations(xlsx, folder, part_name + folder_length, &relations))
        return false;
    struct sheet__part *part = sheet__part_open(xlsx->zip, part_name);
    if (part == NULL)
        return false;
    xlsx->worksheets = arena_array(arena, WORKSHEETS_MOST, struct sheet__worksheet);
    struct workbook workbook = {.xlsx = xlsx, .relations = &relations};
    workbook.xml = sheet__xml_open(xlsx->sheet, part, &handlers, &workbook);
    bool is_read = sheet__xml_run(workbook.xml) == SHEET_END;
    sheet__xml_close(workbook.xml);
    if (!is_read)
        return false;
    if (xlsx->count == 0) {
        sheet__refuse(xlsx->sheet, SHEET_REFUSAL_NO_SHEET);
        return false;
    }
    const char *styles = target_by_type(&relations, "styles");
    const char *texts = target_by_type(&relations, "sharedStrings");
    return (styles == NULL || sheet__styles_read(xlsx, styles)) &&
           (texts == NULL || sheet__texts_read(xlsx, texts));
}

struct sheet__xlsx *sheet__xlsx_open(struct sheet *sheet, struct bytes file)
{
    struct sheet__xlsx *xlsx = arena_one(sheet->arena, struct sheet__xlsx);
    xlsx->sheet = sheet;
    xlsx->zip = sheet__zip_open(sheet, file);
    if (xlsx->zip == NULL)
        return NULL;
    struct relations relations;
    if (!read_relations(xlsx, "", "", &relations)) {
        sheet__refuse(sheet, SHEET_REFUSAL_OTHER_FORMAT); /* a package of something else */
        return NULL;
    }
    const char *workbook = target_by_type(&relations, "officeDocument");
    /* .xlsb is the same workbook in a binary form. */
    if (workbook == NULL || strcmp(strrchr(workbook, '.') ?: "", ".xml") != 0) {
        sheet__refuse(sheet, SHEET_REFUSAL_OTHER_FORMAT);
        return NULL;
    }
    if (!read_workbook(xlsx, workbook)) {
        sheet__refuse(sheet, SHEET_REFUSAL_DAMAGED);
        return NULL;
    }
    return xlsx;
}

bool sheet__xlsx_select(struct sheet__xlsx *xlsx, int i)
{
    sheet__rows_close(xlsx);
    if (sheet__rows_open(xlsx, xlsx->worksheets[i].part))
        return true;
    sheet__refuse(xlsx->sheet, SHEET_REFUSAL_DAMAGED);
    return false;
}

const struct sheet__worksheet *sheet__xlsx_worksheets(const struct sheet__xlsx *xlsx,
                                                      int *ret_count)
{
    *ret_count = xlsx->count;
    return xlsx->worksheets;
}

bool sheet__xlsx_is_1904(const struct sheet__xlsx *xlsx)
{
    return xlsx->is_1904;
}

/* --- text --- */

const char *sheet__xlsx_keep(struct sheet__xlsx *xlsx, const char *text, size_t length)
{
    enum { OVERHEAD_BYTES = 24 };
    xlsx->text_bytes += length + OVERHEAD_BYTES;
    if (xlsx->text_bytes > xlsx->sheet->limits.text_bytes) {
        sheet__refuse(xlsx->sheet, SHEET_REFUSAL_BOMB);
        return NULL;
    }
    return length == 0 ? "" : arena_text_n(xlsx->sheet->arena, text, length);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The unit that _xHHHH_ at `at` stands for; 0 where it is none, or half of a pair. */
static unsigned escaped_unit(const char *at, const char *end)
{
    if (end - at < 7 || at[1] != 'x' || at[6] != '_')
        return 0;
    unsigned unit = 0;
    for (int i = 2; i < 6; i++) {
        if (hex_value(at[i]) < 0)
            return 0;
        unit = unit << 4 | (unsigned)hex_value(at[i]);
    }
    return unit >= 0xd800 && unit <= 0xdfff ? 0 : unit;
}

static size_t put_utf8(char *to, unsigned unit)
{
    if (unit < 0x80) {
        to[0] = (char)unit;
        return 1;
    }
    if (unit < 0x800) {
        to[0] = (char)(0xc0 | unit >> 6);
        to[1] = (char)(0x80 | (unit & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | unit >> 12);
    to[1] = (char)(0x80 | (unit >> 6 & 0x3f));
    to[2] = (char)(0x80 | (unit & 0x3f));
    return 3;
}

size_t sheet__xlsx_unescape(char *text, size_t length)
{
    char *from = memchr(text, '_', length);
    if (from == NULL)
        return length;
    const char *end = text + length;
    char *to = from;
    while (from < end) {
        unsigned unit = *from == '_' ? escaped_unit(from, end) : 0;
        if (unit == 0) {
            *to++ = *from++;
            continue;
        }
        to += put_utf8(to, unit);
        from += 7;
    }
    return (size_t)(to - text);
}
