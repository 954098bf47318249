/*
 * The XML in a part, in bounded memory: no document type (so no entities to multiply), no deep
 * nesting, no tag of more than a megabyte. Text of any length comes in pieces.
 */
#include <expat.h>
#include <string.h>

#include "base/arena.h"
#include "sheet/sheet_room.h"

enum { CHUNK_BYTES = 64 * 1024, DEPTH_MOST = 64, TOKEN_BYTES_MOST = 1 << 20 };

struct sheet__xml {
    struct sheet *sheet;
    struct sheet__part *part;
    XML_Parser parser;
    const struct sheet__xml_handlers *handlers;
    void *argument;
    int depth;
    XML_Index fed;
    enum fault fault; /* in a handler */
    bool is_paused;
    bool is_fed_up; /* the part's last byte was given to the parser */
};

static const char *local_name(const char *name)
{
    if (name[1] == '\0') /* most elements of a worksheet: c, v */
        return name;
    const char *colon = strchr(name, ':');
    return colon == NULL ? name : colon + 1;
}

const char *sheet__xml_attribute(const char *const *attributes, const char *name)
{
    for (; *attributes != NULL; attributes += 2)
        if (strcmp(local_name(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

void sheet__xml_refuse(struct sheet__xml *xml, enum sheet_refusal refusal)
{
    sheet__refuse(xml->sheet, refusal);
    XML_StopParser(xml->parser, XML_FALSE);
}

void sheet__xml_pause(struct sheet__xml *xml)
{
    XML_StopParser(xml->parser, XML_TRUE);
}

/*
 * A fault may not unwind through the parser, which does not let itself be freed in the midst of a
 * handler. It is caught here, and raised again when the parser has returned.
 */
static void catch_fault(struct sheet__xml *xml, const struct guard *guard)
{
    xml->fault = guard->fault;
    XML_StopParser(xml->parser, XML_FALSE);
}

static void on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct sheet__xml *xml = context;
    if (++xml->depth > DEPTH_MOST) {
        sheet__xml_refuse(xml, SHEET_REFUSAL_BOMB);
        return;
    }
    struct guard guard;
    if (GUARDED(xml->sheet->arena, &guard) == FAULT_NONE) {
        xml->handlers->start(xml->argument, local_name(name), (const char *const *)attributes);
        guard_leave(xml->sheet->arena, &guard);
    } else {
        catch_fault(xml, &guard);
    }
}

static void on_end(void *context, const XML_Char *name)
{
    struct sheet__xml *xml = context;
    xml->depth--;
    struct guard guard;
    if (GUARDED(xml->sheet->arena, &guard) == FAULT_NONE) {
        xml->handlers->end(xml->argument, local_name(name));
        guard_leave(xml->sheet->arena, &guard);
    } else {
        catch_fault(xml, &guard);
    }
}

static void on_text(void *context, const XML_Char *text, int length)
{
    struct sheet__xml *xml = context;
    xml->handlers->text(xml->argument, text, length);
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
                       const XML_Char *public_id, int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    sheet__xml_refuse(context, SHEET_REFUSAL_BOMB);
}

static void close_xml(void *thing)
{
    struct sheet__xml *xml = thing;
    if (xml->parser != NULL)
        XML_ParserFree(xml->parser);
}

struct sheet__xml *sheet__xml_open(struct sheet *sheet, struct sheet__part *part,
                                   const struct sheet__xml_handlers *handlers, void *argument)
{
    struct sheet__xml *xml = arena_one(sheet->arena, struct sheet__xml);
    *xml = (struct sheet__xml){
        .sheet = sheet, .part = part, .handlers = handlers, .argument = argument};
    arena_defer(sheet->arena, close_xml, xml); /* first: it may find no memory to be noted in */
    xml->parser = XML_ParserCreate(NULL);
    if (xml->parser == NULL)
        fault_raise(sheet->arena, FAULT_MEMORY);
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, on_end);
    if (handlers->text != NULL)
        XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    return xml;
}

void sheet__xml_close(struct sheet__xml *xml)
{
    struct sheet__part *part = xml->part;
    arena_close(xml->sheet->arena, xml);
    sheet__part_close(part);
}

/* Gives the parser the next piece of the part. */
static enum XML_Status feed(struct sheet__xml *xml)
{
    if (xml->fed - XML_GetCurrentByteIndex(xml->parser) > TOKEN_BYTES_MOST) {
        sheet__refuse(xml->sheet, SHEET_REFUSAL_BOMB);
        return XML_STATUS_ERROR;
    }
    void *bytes = XML_GetBuffer(xml->parser, CHUNK_BYTES);
    if (bytes == NULL)
        fault_raise(xml->sheet->arena, FAULT_MEMORY);
    int count = sheet__part_read(xml->part, bytes, CHUNK_BYTES);
    if (count < 0)
        return XML_STATUS_ERROR;
    xml->fed += count;
    xml->is_fed_up = count == 0;
    return XML_ParseBuffer(xml->parser, count, xml->is_fed_up);
}

enum sheet_step sheet__xml_run(struct sheet__xml *xml)
{
    enum XML_Status status = XML_STATUS_OK;
    if (xml->is_paused)
        status = XML_ResumeParser(xml->parser);
    xml->is_paused = false;
    while (status == XML_STATUS_OK) {
        if (xml->is_fed_up)
            return SHEET_END;
        status = feed(xml);
    }
    if (status == XML_STATUS_ERROR) {
        if (XML_GetErrorCode(xml->parser) == XML_ERROR_NO_MEMORY)
            xml->fault = FAULT_MEMORY;
        if (xml->fault != FAULT_NONE)
            fault_raise(xml->sheet->arena, xml->fault);
        return sheet__refuse(xml->sheet, SHEET_REFUSAL_DAMAGED);
    }
    xml->is_paused = true;
    return SHEET_ROW;
}
