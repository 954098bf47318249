/*
 * Delimited text: RFC 4180, and what programs really write. A quotation mark opens a quoted cell
 * only where the cell begins (after = as well: ="0123" is how a program keeps a spreadsheet from
 * reading a number); elsewhere it is a character like any other, as spreadsheets have it.
 */
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "sheet/sheet_room.h"

enum { RECORDS_LOOKED_AT = 64 };

struct sheet__csv {
    const char *start; /* of the first record */
    const char *at;
    const char *end;
    char separator;
};

/* After the end of the line that `at` stands on: \n, \r\n, or a lone \r. */
static const char *after_line_end(const char *at, const char *end)
{
    if (at < end && *at == '\r')
        at++;
    if (at < end && *at == '\n')
        at++;
    return at;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* --- which character separates --- */

/* `sep=;` in the first line is an order to the program, no row. */
static bool read_separator_line(struct sheet__csv *csv)
{
    if (csv->end - csv->at < 5 || strncasecmp(csv->at, "sep=", 4) != 0)
        return false;
    char separator = csv->at[4];
    const char *after = csv->at + 5;
    if (strchr(",;\t|", separator) == NULL || (after < csv->end && !is_line_end(*after)))
        return false;
    csv->separator = separator;
    csv->at = after_line_end(after, csv->end);
    return true;
}

struct tally {
    int records; /* that the separator stands in */
    int total;
};

static bool tally_is_better(struct tally a, struct tally b)
{
    return a.records != b.records ? a.records > b.records : a.total > b.total;
}

/* The separator that most of the first records have outside quotation marks. */
static char likely_separator(const struct sheet__csv *csv)
{
    static const char separators[4] = {',', ';', '\t', '|'};
    struct tally tallies[4] = {0};
    int counts[4] = {0};
    bool is_quoted = false;
    int records = 0;
    for (const char *at = csv->at; at <= csv->end && records < RECORDS_LOOKED_AT; at++) {
        if (at == csv->end || (!is_quoted && is_line_end(*at))) {
            for (int i = 0; i < 4; i++) {
                tallies[i].records += counts[i] > 0;
                tallies[i].total += counts[i];
                counts[i] = 0;
            }
            records++;
            continue;
        }
        if (*at == '"')
            is_quoted = !is_quoted;
        const char *found = is_quoted ? NULL : memchr(separators, *at, sizeof separators);
        if (found != NULL)
            counts[found - separators]++;
    }
    int best = 0;
    for (int i = 1; i < 4; i++)
        if (tally_is_better(tallies[i], tallies[best]))
            best = i;
    return separators[best];
}

struct sheet__csv *sheet__csv_open(struct sheet *sheet, struct bytes file)
{
    struct bytes text = sheet__text_of(sheet, file);
    if (text.data == NULL)
        return NULL;
    struct sheet__csv *csv = arena_one(sheet->arena, struct sheet__csv);
    csv->at = text.data;
    csv->end = csv->at + text.length;
    while (csv->end > csv->at && csv->end[-1] == 0x1a)
        csv->end--;
    if (!read_separator_line(csv))
        csv->separator = likely_separator(csv);
    csv->start = csv->at;
    return csv;
}

void sheet__csv_rewind(struct sheet *sheet)
{
    sheet->csv->at = sheet->csv->start;
}

/* --- cells --- */

/* ="0123" gives 0123, with doubled marks undone; a formula stays as it is written. Returns the new
 * length. */
static size_t unwrap(char *text, size_t length)
{
    if (length < 3 || text[0] != '=' || text[1] != '"' || text[length - 1] != '"')
        return length;
    size_t used = 0;
    for (size_t i = 2; i < length - 1; i++) {
        if (text[i] == '"' && (i + 1 == length - 1 || text[i + 1] != '"'))
            return length; /* ="a"&"b" */
        i += text[i] == '"';
    }
    for (size_t i = 2; i < length - 1; i++) {
        i += text[i] == '"';
        text[used++] = text[i];
    }
    return used;
}

/* The bytes from `at` to the separator or the end of the line. */
static const char *plain_end(const struct sheet__csv *csv, const char *at)
{
    while (at < csv->end && *at != csv->separator && !is_line_end(*at))
        at++;
    return at;
}

/* The mark that closes the quotation opened before `at`; NULL where none does. */
static const char *closing_mark(const char *at, const char *end)
{
    while (at < end) {
        const char *mark = memchr(at, '"', (size_t)(end - at));
        if (mark == NULL || mark + 1 == end || mark[1] != '"')
            return mark;
        at = mark + 2;
    }
    return NULL;
}

/* Copies a quotation without its doubling; returns how long it became. */
static size_t copy_quoted(char *to, const char *from, const char *end)
{
    char *start = to;
    while (from < end) {
        const char *mark = memchr(from, '"', (size_t)(end - from));
        const char *stop = mark == NULL ? end : mark + 1;
        memcpy(to, from, (size_t)(stop - from));
        to += stop - from;
        from = mark == NULL ? end : mark + 2;
    }
    return (size_t)(to - start);
}

static bool read_quoted(struct sheet *sheet, int column)
{
    struct sheet__csv *csv = sheet->csv;
    const char *open = csv->at + 1;
    const char *close = closing_mark(open, csv->end);
    if (close == NULL) {
        sheet->refusal = SHEET_REFUSAL_UNCLOSED_QUOTE;
        return false;
    }
    /* "abc"def: what follows the quotation belongs to the cell. */
    const char *tail = close + 1;
    const char *end = plain_end(csv, tail);
    char *text = sheet__row_reserve(sheet, (size_t)(end - open));
    if (text == NULL)
        return false;
    size_t length = copy_quoted(text, open, close);
    memcpy(text + length, tail, (size_t)(end - tail));
    length = unwrap(text, length + (size_t)(end - tail));
    csv->at = end;
    return sheet__row_take(sheet, (struct sheet_cell){.column = column}, length);
}

static bool read_plain(struct sheet *sheet, int column)
{
    struct sheet__csv *csv = sheet->csv;
    const char *start = csv->at;
    const char *end = plain_end(csv, start);
    if (start + 1 < csv->end && start[0] == '=' && start[1] == '"') {
        const char *close = closing_mark(start + 2, csv->end);
        end = close == NULL ? end : plain_end(csv, close + 1);
    }
    csv->at = end;
    if (end == start)
        return true;
    size_t length = (size_t)(end - start);
    char *text = sheet__row_reserve(sheet, length);
    if (text == NULL)
        return false;
    memcpy(text, start, length);
    length = *start == '=' ? unwrap(text, length) : length;
    return sheet__row_take(sheet, (struct sheet_cell){.column = column}, length);
}

enum sheet_step sheet__csv_next(struct sheet *sheet)
{
    struct sheet__csv *csv = sheet->csv;
    if (csv->at == csv->end)
        return SHEET_END;
    sheet->row_number++;
    for (int column = 0;; column++) {
        bool is_quoted = csv->at < csv->end && *csv->at == '"';
        if (!(is_quoted ? read_quoted(sheet, column) : read_plain(sheet, column)))
            return SHEET_BAD;
        if (csv->at == csv->end || *csv->at != csv->separator)
            break;
        csv->at++;
    }
    csv->at = after_line_end(csv->at, csv->end);
    return SHEET_ROW;
}
