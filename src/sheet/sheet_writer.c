/* Delimited text, for people's spreadsheets and for programs; workbooks are in sheet_book.c. */
#include "sheet/sheet_writer.h"

#include <string.h>

#include "base/arena.h"

enum { DIGITS_KEPT = 11, FORMULA_CHARACTERS_MOST = 255 };

bool sheet__is_plain_number(const char *text)
{
    text += *text == '-';
    size_t whole = strspn(text, "0123456789");
    if (whole == 0 || text[whole] == '\0')
        return whole > 0;
    size_t fraction = strspn(text + whole + 1, "0123456789");
    return text[whole] == '.' && fraction > 0 && text[whole + 1 + fraction] == '\0';
}

static void clear(struct buffer *buffer)
{
    buffer->length = 0;
    buffer->bytes[0] = '\0';
}

void sheet__faults_text(const struct sheet_table *table, const struct sheet_value *values,
                        size_t count, struct buffer *ret)
{
    clear(ret);
    for (size_t i = 0; i < count; i++) {
        if (values[i].fault == NULL)
            continue;
        if (ret->length > 0)
            buffer_add(ret, "; ");
        if (i < table->column_count) {
            buffer_add(ret, table->columns[i].title);
            buffer_add(ret, ": ");
        }
        buffer_add(ret, values[i].fault);
    }
}

/* A spreadsheet would take the text for a formula: = + - @ (of either width), tab, line end. */
static bool is_formula(const char *text)
{
    static const char *const beginnings[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                             "\n", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (text_starts(text, beginnings[i]))
            return true;
    return false;
}

/* A spreadsheet would round the number, drop its zeros or make a date of it. */
static bool is_spoilt_as_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0)
        return false;
    if (text[digits] == '\0')
        return digits > DIGITS_KEPT || (text[0] == '0' && digits > 1);
    return text[strspn(text, "0123456789-/.:eE+")] == '\0';
}

/* RFC 4180. */
static void add_field(struct buffer *out, const char *text)
{
    if (strpbrk(text, ",;\t|\"\r\n") == NULL && text[0] != ' ' && text[strlen(text) - 1] != ' ') {
        buffer_add(out, text);
        return;
    }
    buffer_add_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buffer_add_char(out, '"');
        buffer_add_char(out, *text);
    }
    buffer_add_char(out, '"');
}

/* ="…" evaluates to the text and is never run; a text too long for it gets an apostrophe. */
static void add_guarded(struct sheet_writer *writer, const char *text)
{
    struct buffer *guarded = &writer->scratch;
    bool is_short = text_characters(text) <= FORMULA_CHARACTERS_MOST;
    clear(guarded);
    buffer_add(guarded, is_short ? "=\"" : "'");
    for (; *text != '\0'; text++) {
        if (*text == '"' && is_short)
            buffer_add_char(guarded, '"');
        buffer_add_char(guarded, *text);
    }
    if (is_short)
        buffer_add_char(guarded, '"');
    add_field(&writer->out, guarded->bytes);
}

static void add_text(struct sheet_writer *writer, size_t column, const char *text)
{
    const struct sheet_table *table = writer->table;
    if (text_empty(text))
        return;
    bool is_number = column < table->column_count &&
                     table->columns[column].kind != SHEET_COLUMN_TEXT &&
                     sheet__is_plain_number(text);
    bool is_plain = table->format == SHEET_CSV_PLAIN || is_number;
    if (!is_plain && (is_formula(text) || is_spoilt_as_number(text)))
        add_guarded(writer, text);
    else
        add_field(&writer->out, text);
}

static void add_faults(struct sheet_writer *writer, const struct sheet_value *values, size_t count)
{
    const struct sheet_table *table = writer->table;
    struct buffer *faults = &writer->faults;
    sheet__faults_text(table, values, count, faults);
    if (table->fault_title == NULL || faults->length == 0)
        return;
    for (size_t i = count; i < table->column_count; i++)
        buffer_add_char(&writer->out, ',');
    buffer_add_char(&writer->out, ',');
    add_text(writer, table->column_count, faults->bytes);
}

static void write_text_row(struct sheet_writer *writer, const struct sheet_value *values,
                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_add_char(&writer->out, ',');
        add_text(writer, i, values[i].text);
    }
    add_faults(writer, values, count);
    buffer_add(&writer->out, "\r\n");
}

struct sheet_writer *sheet_writer_new(struct arena *arena, const struct sheet_table *table)
{
    struct sheet_writer *writer = arena_one(arena, struct sheet_writer);
    writer->arena = arena;
    writer->table = table;
    if (table->format == SHEET_XLSX) {
        writer->book = sheet__book_new(arena, table);
        return writer;
    }
    writer->out = buffer_new(arena, 4096);
    writer->scratch = buffer_new(arena, 256);
    writer->faults = buffer_new(arena, 256);
    if (table->format == SHEET_CSV)
        buffer_add(&writer->out, "\xef\xbb\xbf");
    return writer;
}

void sheet_write_titles(struct sheet_writer *writer)
{
    const struct sheet_table *table = writer->table;
    if (writer->book != NULL) {
        sheet__book_titles(writer->book);
        return;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (i > 0)
            buffer_add_char(&writer->out, ',');
        add_text(writer, i, table->columns[i].title);
    }
    if (table->fault_title != NULL) {
        buffer_add_char(&writer->out, ',');
        add_text(writer, table->column_count, table->fault_title);
    }
    buffer_add(&writer->out, "\r\n");
}

void sheet_write_row(struct sheet_writer *writer, const struct sheet_value *values, size_t count)
{
    if (writer->book != NULL)
        sheet__book_row(writer->book, values, count);
    else
        write_text_row(writer, values, count);
}

struct bytes sheet_writer_finish(struct sheet_writer *writer)
{
    if (writer->book != NULL)
        return sheet__book_finish(writer->book);
    return (struct bytes){writer->out.bytes, writer->out.length};
}

const char *sheet_content_type(enum sheet_format format)
{
    return format == SHEET_XLSX
               ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
               : "text/csv; charset=utf-8";
}
