/* The texts that a workbook's cells share, each kept once. */
#include <string.h>

#include "base/arena.h"
#include "sheet/sheet_xlsx.h"

struct texts_reader {
    struct sheet__xlsx *xlsx;
    struct sheet__xml *xml;
    struct buffer text; /* of the item being read: its runs, one after the other */
    size_t text_bytes_most;
    bool is_text;
    bool is_phonetic; /* how a text is read aloud stands beside it, and is not part of it */
};

static void texts_start(void *argument, const char *name, const char *const *attributes)
{
    struct texts_reader *reader = argument;
    (void)attributes;
    if (text_equal(name, "si"))
        reader->text.length = 0;
    else if (text_equal(name, "rPh"))
        reader->is_phonetic = true;
    else if (text_equal(name, "t"))
        reader->is_text = !reader->is_phonetic;
}

static void texts_text(void *argument, const char *text, int length)
{
    struct texts_reader *reader = argument;
    if (!reader->is_text)
        return;
    if (reader->text.length + (size_t)length > reader->text_bytes_most)
        sheet__xml_refuse(reader->xml, SHEET_REFUSAL_CELL_TOO_LONG);
    else
        buffer_add_n(&reader->text, text, (size_t)length);
}

static void add_text(struct texts_reader *reader)
{
    struct sheet__xlsx *xlsx = reader->xlsx;
    struct sheet__texts *texts = &xlsx->texts;
    size_t length = sheet__xlsx_unescape(reader->text.bytes, reader->text.length);
    reader->text.bytes[length] = '\0';
    if (length > xlsx->sheet->limits.cell_characters &&
        text_characters(reader->text.bytes) > xlsx->sheet->limits.cell_characters) {
        sheet__xml_refuse(reader->xml, SHEET_REFUSAL_CELL_TOO_LONG);
        return;
    }
    const char *kept = sheet__xlsx_keep(xlsx, reader->text.bytes, length);
    if (kept == NULL) {
        sheet__xml_refuse(reader->xml, SHEET_REFUSAL_BOMB);
        return;
    }
    if (texts->count == texts->capacity) {
        size_t capacity = texts->capacity == 0 ? 1024 : texts->capacity * 2;
        texts->items =
            arena_grow(xlsx->sheet->arena, texts->items, texts->capacity * sizeof *texts->items,
                       capacity * sizeof *texts->items);
        texts->capacity = capacity;
    }
    texts->items[texts->count++] = kept;
}

static void texts_end(void *argument, const char *name)
{
    struct texts_reader *reader = argument;
    if (text_equal(name, "t"))
        reader->is_text = false;
    else if (text_equal(name, "rPh"))
        reader->is_phonetic = false;
    else if (text_equal(name, "si"))
        add_text(reader);
}

bool sheet__texts_read(struct sheet__xlsx *xlsx, const char *part_name)
{
    static const struct sheet__xml_handlers handlers = {
        .start = texts_start, .end = texts_end, .text = texts_text};
    struct sheet__part *part = sheet__part_open(xlsx->zip, part_name);
    if (part == NULL)
        return xlsx->sheet->refusal == 0; /* named, but left out where no cell needs it */
    size_t most = sheet__cell_bytes_most(xlsx->sheet);
    struct texts_reader reader = {
        .xlsx = xlsx, .text = buffer_new(xlsx->sheet->arena, most + 1), .text_bytes_most = most};
    reader.xml = sheet__xml_open(xlsx->sheet, part, &handlers, &reader);
    bool is_read = sheet__xml_run(reader.xml) == SHEET_END;
    sheet__xml_close(reader.xml);
    return is_read;
}
