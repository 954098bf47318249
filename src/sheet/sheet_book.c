/*
 * Workbooks, by libxlsxwriter in its mode of constant memory: a row goes to a temporary file when
 * the next one begins. The whole file is put together in memory that has no name in any folder.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/log.h"
#include "sheet/sheet_writer.h"

enum {
    TEXT_CHARACTERS_MOST = 32767,
    LIST_BYTES_MOST = 255, /* of a drop-down list that stands in its cell's rule */
    COMMENTS_MOST = 2000,  /* more make a spreadsheet program slow; the fault column has all */
    DIGITS_EXACT = 15,     /* a spreadsheet's numbers are exact up to here */
    FAULT_COLUMN_WIDTH = 60,
    MINIMUM_WIDTH = 8,
    TEXT_FORMAT = 49, /* @, a number that every program knows */
};

struct sheet__book {
    struct arena *arena;
    const struct sheet_table *table;
    int file;
    lxw_workbook *workbook;
    lxw_worksheet *worksheet;
    lxw_worksheet *lists; /* a hidden one, for drop-down lists that are long; NULL until needed */
    lxw_format *title;
    lxw_format *fault;
    lxw_format *plain[3]; /* by kind */
    lxw_row_t row;
    lxw_row_t list_rows; /* used on it */
    int comment_count;
    struct buffer text;   /* of one cell, */
    struct buffer faults; /* and of a row's faults */
};

static void close_book(void *thing)
{
    struct sheet__book *book = thing;
    if (book->workbook != NULL)
        lxw_workbook_free(book->workbook);
    if (book->file >= 0)
        close(book->file);
}

static _Noreturn void fail(const struct sheet__book *book, const char *what)
{
    log_line("sheet: a workbook cannot be written: %s", what);
    fault_raise(book->arena, FAULT_MEMORY);
}

/* --- looks --- */

static void make_formats(struct sheet__book *book)
{
    book->title = workbook_add_format(book->workbook);
    format_set_bold(book->title);
    format_set_text_wrap(book->title);
    format_set_align(book->title, LXW_ALIGN_VERTICAL_CENTER);
    format_set_bg_color(book->title, 0xDCE6F1);
    format_set_border(book->title, LXW_BORDER_THIN);
    format_set_num_format_index(book->title, TEXT_FORMAT);
    book->fault = workbook_add_format(book->workbook);
    format_set_bg_color(book->fault, 0xFFC7CE);
    format_set_font_color(book->fault, 0x9C0006);
    format_set_num_format_index(book->fault, TEXT_FORMAT);
    static const uint8_t formats[] = {[SHEET_COLUMN_TEXT] = TEXT_FORMAT,
                                      [SHEET_COLUMN_NUMBER] = 1, /* 0 */
                                      [SHEET_COLUMN_AMOUNT] = 2 /* 0.00 */};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        book->plain[i] = workbook_add_format(book->workbook);
        format_set_num_format_index(book->plain[i], formats[i]);
    }
}

/* Chinese characters are two letters wide. */
static int title_width(const char *title)
{
    int width = 4;
    while (*title != '\0')
        width += text_next(&title) < 0x1100 ? 1 : 2;
    return width < MINIMUM_WIDTH ? MINIMUM_WIDTH : width;
}

static void set_columns(struct sheet__book *book)
{
    const struct sheet_table *table = book->table;
    for (lxw_col_t i = 0; i < table->column_count; i++) {
        const struct sheet_column *column = &table->columns[i];
        int width = column->width > 0 ? column->width : title_width(column->title);
        worksheet_set_column(book->worksheet, i, i, width, book->plain[column->kind]);
    }
    if (table->fault_title != NULL) {
        lxw_col_t last = (lxw_col_t)table->column_count;
        worksheet_set_column(book->worksheet, last, last, FAULT_COLUMN_WIDTH,
                             book->plain[SHEET_COLUMN_TEXT]);
    }
}

/* A tab's name may have neither more than 31 characters nor any of []:*?/\ nor ' at its ends. */
static const char *tab_name(struct arena *arena, const char *name)
{
    enum { NAME_CHARACTERS_MOST = 31 };
    struct buffer out = buffer_new(arena, 64);
    for (int i = 0; i < NAME_CHARACTERS_MOST && *name != '\0'; i++) {
        const char *start = name;
        text_next(&name);
        if (strchr("[]:*?/\\'", *start) == NULL)
            buffer_add_n(&out, start, (size_t)(name - start));
    }
    return out.length == 0 ? "1" : out.bytes;
}

struct sheet__book *sheet__book_new(struct arena *arena, const struct sheet_table *table)
{
    struct sheet__book *book = arena_one(arena, struct sheet__book);
    book->arena = arena;
    book->table = table;
    book->file = -1;
    book->text = buffer_new(arena, 256);
    book->faults = buffer_new(arena, 256);
    arena_defer(arena, close_book, book);
    book->file = memfd_create("workbook", MFD_CLOEXEC);
    if (book->file < 0)
        fail(book, strerror(errno));
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    book->workbook =
        workbook_new_opt(arena_printf(arena, "/proc/self/fd/%d", book->file), &options);
    if (book->workbook == NULL)
        fail(book, "no memory");
    make_formats(book);
    book->worksheet = workbook_add_worksheet(book->workbook, tab_name(arena, table->name));
    if (book->worksheet == NULL)
        fail(book, "no temporary file");
    set_columns(book);
    return book;
}

/* --- cells --- */

/* _x0041_ in a workbook means A: where a text has such a thing, its first mark is written so. */
static bool is_escape(const char *text)
{
    return text[0] == '_' && text[1] == 'x' && strspn(text + 2, "0123456789abcdefABCDEF") == 4 &&
           text[6] == '_';
}

/* What a cell can hold: at most so many characters, and none that XML has not. In book->text. */
static const char *cell_text(struct sheet__book *book, const char *text)
{
    size_t length = strlen(text);
    bool has_noncharacter = memmem(text, length, "\xef\xbf\xbe", 3) != NULL ||
                            memmem(text, length, "\xef\xbf\xbf", 3) != NULL;
    if (length <= TEXT_CHARACTERS_MOST && !has_noncharacter && strstr(text, "_x") == NULL)
        return text;
    book->text.length = 0;
    for (int i = 0; i < TEXT_CHARACTERS_MOST && *text != '\0'; i++) {
        const char *start = text;
        if (is_escape(text))
            buffer_add(&book->text, "_x005F");
        if ((text_next(&text) | 1) != 0xffff)
            buffer_add_n(&book->text, start, (size_t)(text - start));
    }
    return book->text.bytes;
}

/* Writes a number where the library's binary one has all its digits; false where it has not. */
static bool write_number(struct sheet__book *book, lxw_col_t column, const char *text,
                         lxw_format *format)
{
    if (!sheet__is_plain_number(text) || strlen(text) > DIGITS_EXACT)
        return false;
    int64_t digits = 0, scale = 1;
    bool has_point = false;
    for (const char *at = text + (*text == '-'); *at != '\0'; at++) {
        if (*at == '.') {
            has_point = true;
            continue;
        }
        digits = digits * 10 + (*at - '0');
        scale *= has_point ? 10 : 1;
    }
    if (*text == '-')
        digits = -digits;
    /* allowed: the library takes numbers in binary; up to fifteen digits come back unchanged */
    worksheet_write_number(book->worksheet, book->row, column, (double)digits / (double)scale,
                           format);
    return true;
}

static void write_comment(struct sheet__book *book, lxw_col_t column, const char *fault)
{
    if (book->comment_count == COMMENTS_MOST)
        return;
    book->comment_count++;
    worksheet_write_comment(book->worksheet, book->row, column, cell_text(book, fault));
}

static void write_value(struct sheet__book *book, lxw_col_t column, const struct sheet_value *value)
{
    const struct sheet_table *table = book->table;
    enum sheet_column_kind kind =
        column < table->column_count ? table->columns[column].kind : SHEET_COLUMN_TEXT;
    lxw_format *format = value->fault != NULL ? book->fault : book->plain[kind];
    if (value->fault != NULL)
        write_comment(book, column, value->fault);
    if (text_empty(value->text)) {
        if (value->fault != NULL)
            worksheet_write_blank(book->worksheet, book->row, column, format);
        return;
    }
    if (kind == SHEET_COLUMN_TEXT || !write_number(book, column, value->text, format))
        worksheet_write_string(book->worksheet, book->row, column, cell_text(book, value->text),
                               format);
}

void sheet__book_row(struct sheet__book *book, const struct sheet_value *values, size_t count)
{
    const struct sheet_table *table = book->table;
    for (size_t i = 0; i < count; i++)
        write_value(book, (lxw_col_t)i, &values[i]);
    if (table->fault_title != NULL) {
        sheet__faults_text(table, values, count, &book->faults);
        size_t column = count > table->column_count ? count : table->column_count;
        if (book->faults.length > 0)
            worksheet_write_string(book->worksheet, book->row, (lxw_col_t)column,
                                   cell_text(book, book->faults.bytes), book->fault);
    }
    book->row++;
}

/* --- titles, and what helps while filling in --- */

/* Whether the choices fit into the cell's rule, which parts them by commas. */
static bool is_short_list(const char *const *choices)
{
    size_t bytes = 0;
    for (; *choices != NULL; choices++) {
        if (strchr(*choices, ',') != NULL)
            return false;
        bytes += strlen(*choices) + 1;
    }
    return bytes <= LIST_BYTES_MOST;
}

/* Writes the choices below those of other columns on a hidden worksheet; returns where they are. */
static char *write_list(struct sheet__book *book, const char *const *choices)
{
    static const char name[] = "-lists-";
    if (book->lists == NULL) {
        book->lists = workbook_add_worksheet(book->workbook, name);
        if (book->lists == NULL)
            fail(book, "no temporary file");
        worksheet_hide(book->lists);
    }
    lxw_row_t first = book->list_rows;
    for (; *choices != NULL; choices++)
        worksheet_write_string(book->lists, book->list_rows++, 0, cell_text(book, *choices), NULL);
    return arena_printf(book->arena, "='%s'!$A$%u:$A$%u", name, (unsigned)first + 1,
                        (unsigned)book->list_rows);
}

/*
 * The rule of a column's cells below the titles: what may be chosen, what to know. The library
 * loses a copy of a list's formula each time; a rule of one's own is the same but for its kind,
 * and loses nothing, so it is made as that.
 */
static void add_rule(struct sheet__book *book, lxw_col_t index)
{
    enum { MESSAGE_CHARACTERS_MOST = 255, LAST_ROW = 1048575 };
    const struct sheet_column *column = &book->table->columns[index];
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_ANY};
    if (column->choices != NULL && column->choices[0] != NULL) {
        bool is_short = is_short_list(column->choices);
        rule.validate = is_short ? LXW_VALIDATION_TYPE_LIST : LXW_VALIDATION_TYPE_CUSTOM_FORMULA;
        if (is_short)
            rule.value_list = (char **)(uintptr_t)column->choices;
        else
            rule.value_formula = write_list(book, column->choices);
    }
    if (column->hint != NULL && text_characters(column->hint) <= MESSAGE_CHARACTERS_MOST)
        rule.input_message = (char *)(uintptr_t)column->hint;
    if (rule.validate == LXW_VALIDATION_TYPE_ANY && rule.input_message == NULL)
        return;
    if (worksheet_data_validation_range(book->worksheet, book->row, index, LAST_ROW, index,
                                        &rule) != LXW_NO_ERROR)
        return; /* it helps; the table is whole without it */
    if (rule.validate == LXW_VALIDATION_TYPE_CUSTOM_FORMULA) {
        struct lxw_data_val_obj *last = STAILQ_FIRST(book->worksheet->data_validations);
        while (STAILQ_NEXT(last, list_pointers) != NULL)
            last = STAILQ_NEXT(last, list_pointers);
        last->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    }
}

void sheet__book_titles(struct sheet__book *book)
{
    const struct sheet_table *table = book->table;
    for (lxw_col_t i = 0; i < table->column_count; i++)
        worksheet_write_string(book->worksheet, book->row, i,
                               cell_text(book, table->columns[i].title), book->title);
    if (table->fault_title != NULL)
        worksheet_write_string(book->worksheet, book->row, (lxw_col_t)table->column_count,
                               cell_text(book, table->fault_title), book->title);
    book->row++;
    worksheet_freeze_panes(book->worksheet, book->row, 0);
    for (lxw_col_t i = 0; i < table->column_count; i++)
        add_rule(book, i);
}

/* --- the file --- */

struct bytes sheet__book_finish(struct sheet__book *book)
{
    lxw_workbook *workbook = book->workbook;
    book->workbook = NULL; /* freed by its closing, whatever comes of it */
    lxw_error error = workbook_close(workbook);
    struct stat stat;
    if (error != LXW_NO_ERROR)
        fail(book, lxw_strerror(error));
    if (fstat(book->file, &stat) != 0)
        fail(book, strerror(errno));
    size_t length = (size_t)stat.st_size;
    char *bytes = arena_alloc(book->arena, length);
    for (size_t done = 0; done < length;) {
        ssize_t count = pread(book->file, bytes + done, length - done, (off_t)done);
        if (count <= 0)
            fail(book, strerror(errno));
        done += (size_t)count;
    }
    arena_close(book->arena, book);
    return (struct bytes){bytes, length};
}
