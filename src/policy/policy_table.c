/*
 * The pack's CSV files: UTF-8, comma, double quotes, a header row that must be exactly as expected.
 * These are our own well-kept tables; what offices send is the sheet room's business.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy_loader.h"

enum { COLUMNS_MAX = 16 };

struct reader {
    struct policy_loader *loader;
    const char *at, *end;
    int line;
    const char *cells[COLUMNS_MAX];
    struct policy_place places[COLUMNS_MAX];
    size_t count;
    bool is_broken; /* the line has an unpaired quotation mark: its cells mean nothing */
};

static struct policy_place place_in(const struct reader *reader, const char *line_start)
{
    int column = 1;
    for (const char *at = line_start; at < reader->at; at++)
        column += ((unsigned char)*at & 0xC0) != 0x80;
    return (struct policy_place){.line = reader->line, .column = column};
}

static bool is_line_end(const struct reader *reader)
{
    return reader->at == reader->end || *reader->at == '\n' ||
           (*reader->at == '\r' && reader->at + 1 < reader->end && reader->at[1] == '\n');
}

/* A cell in quotes; the reader stands behind the opening one. False where it does not close. */
static bool read_quoted(struct reader *reader, struct buffer *cell)
{
    while (reader->at < reader->end && *reader->at != '\n') {
        if (*reader->at != '"') {
            buffer_add_char(cell, *reader->at++);
            continue;
        }
        reader->at++;
        if (reader->at == reader->end || *reader->at != '"')
            return is_line_end(reader) || *reader->at == ',';
        buffer_add_char(cell, '"');
        reader->at++;
    }
    return false;
}

static void read_cell(struct reader *reader, const char *line_start)
{
    struct policy_place place = place_in(reader, line_start);
    struct buffer cell = buffer_new(reader->loader->arena, 16);
    bool is_quoted = reader->at < reader->end && *reader->at == '"';
    if (is_quoted) {
        reader->at++;
        if (!read_quoted(reader, &cell)) {
            policy__fault(reader->loader, place, "pack.csv_quote", NULL);
            reader->is_broken = true;
            while (!is_line_end(reader))
                reader->at++;
        }
    } else {
        while (!is_line_end(reader) && *reader->at != ',')
            buffer_add_char(&cell, *reader->at++);
    }
    if (reader->count < COLUMNS_MAX) {
        reader->cells[reader->count] = cell.bytes;
        reader->places[reader->count] = place;
    }
    reader->count++;
}

/* The next line's cells; false at the end of the file. Blank lines are faults of the caller. */
static bool read_line(struct reader *reader)
{
    if (reader->at == reader->end)
        return false;
    const char *start = reader->at;
    reader->line++;
    reader->count = 0;
    reader->is_broken = false;
    for (;;) {
        read_cell(reader, start);
        if (is_line_end(reader))
            break;
        reader->at++; /* the comma */
    }
    if (reader->at < reader->end && *reader->at == '\r')
        reader->at++;
    if (reader->at < reader->end)
        reader->at++;
    return true;
}

static bool is_header(struct reader *reader, const char *const *columns, size_t count)
{
    struct buffer wanted = buffer_new(reader->loader->arena, 64);
    for (size_t i = 0; i < count; i++) {
        buffer_add(&wanted, i == 0 ? "" : ",");
        buffer_add(&wanted, columns[i]);
    }
    bool fits = read_line(reader) && reader->count == count;
    for (size_t i = 0; fits && i < count; i++)
        fits = strcmp(reader->cells[i], columns[i]) == 0;
    if (!fits)
        policy__fault(reader->loader, (struct policy_place){1, 1}, "pack.csv_header", "columns",
                      wanted.bytes, NULL);
    return fits;
}

static struct policy_row copy_row(const struct reader *reader)
{
    struct arena *arena = reader->loader->arena;
    const char **cells = arena_array(arena, reader->count, const char *);
    struct policy_place *places = arena_array(arena, reader->count, struct policy_place);
    memcpy(cells, reader->cells, reader->count * sizeof *cells);
    memcpy(places, reader->places, reader->count * sizeof *places);
    return (struct policy_row){.cells = cells, .places = places};
}

static size_t lines_in(struct bytes bytes)
{
    size_t lines = 1;
    const char *text = bytes.data;
    for (size_t i = 0; i < bytes.length; i++)
        lines += text[i] == '\n';
    return lines;
}

struct policy_table policy__csv(struct policy_loader *loader, struct bytes bytes,
                                const char *const *columns)
{
    struct policy_table table = {0};
    struct reader reader = {
        .loader = loader, .at = bytes.data, .end = (const char *)bytes.data + bytes.length};
    size_t wanted = 0;
    while (columns[wanted] != NULL)
        wanted++;
    if (!is_header(&reader, columns, wanted))
        return table;
    struct policy_row *rows = arena_array(loader->arena, lines_in(bytes), struct policy_row);
    table.rows = rows;
    while (read_line(&reader)) {
        if (reader.count == wanted)
            rows[table.count++] = copy_row(&reader);
        else if (!reader.is_broken)
            policy__fault(loader, (struct policy_place){reader.line, 1}, "pack.csv_cells", "count",
                          arena_printf(loader->arena, "%zu", reader.count), "wanted",
                          arena_printf(loader->arena, "%zu", wanted), NULL);
    }
    return table;
}

bool policy__cell(struct policy_loader *loader, const struct policy_row *row, size_t column,
                  const char *name)
{
    if (row->cells[column][0] != '\0')
        return true;
    policy__fault(loader, row->places[column], "pack.csv_empty", "column", name, NULL);
    return false;
}
