/* Which of a workbook's cell formats show a number as a day: all that is read of its styles. */
#include <string.h>

#include "base/arena.h"
#include "sheet/sheet_xlsx.h"

enum { FORMATS_MOST = 65536 };

struct styles {
    struct sheet__xlsx *xlsx;
    struct sheet__xml *xml;
    bool is_own_date[FORMATS_MOST]; /* by the number of the workbook's own number formats */
    bool is_own[FORMATS_MOST];
    bool in_cell_formats;
    size_t capacity;
};

/* Formats that every program knows by number; 27–36 and 50–58 are those of East Asian ones. */
static bool is_builtin_date(int number)
{
    return (number >= 14 && number <= 17) || number == 22 || (number >= 27 && number <= 31) ||
           number == 36 || (number >= 50 && number <= 54) || number == 57 || number == 58;
}

/* Past what a format shows literally ("…", \x, _x, *x) or says in brackets ([Red]). */
static const char *after_literal(const char *at)
{
    const char *close = NULL;
    switch (*at) {
    case '"':
        close = strchr(at + 1, '"');
        break;
    case '[':
        close = strchr(at + 1, ']');
        break;
    case '\\':
    case '_':
    case '*':
        return at[1] == '\0' ? at + 1 : at + 2;
    default:
        return at;
    }
    return close == NULL ? at + strlen(at) : close + 1;
}

/* [h] and [mm]: hours and minutes that do not start again at a day's end. */
static bool is_elapsed(const char *at)
{
    size_t length = *at == '[' ? strspn(at + 1, "hHmMsS") : 0;
    return length > 0 && at[1 + length] == ']';
}

bool sheet__is_date_format(const char *format)
{
    bool has_month = false, has_time = false;
    while (*format != '\0' && *format != ';') {
        has_time = has_time || is_elapsed(format);
        const char *after = after_literal(format);
        if (after != format) {
            format = after;
            continue;
        }
        switch (*format++ | 0x20) {
        case 'y':
        case 'd':
            return true;
        case 'm':
            has_month = true;
            break;
        case 'h':
        case 's':
            has_time = true;
            break;
        default:
            break;
        }
    }
    return has_month && !has_time;
}

/* 0 … FORMATS_MOST - 1, or -1. */
static int format_number(const char *text)
{
    int64_t number;
    bool is_number = text != NULL && text_integer(text, &number);
    return is_number && number >= 0 && number < FORMATS_MOST ? (int)number : -1;
}

static void add_cell_format(struct styles *styles, int number)
{
    struct sheet__xlsx *xlsx = styles->xlsx;
    if (xlsx->format_count == FORMATS_MOST) {
        sheet__xml_refuse(styles->xml, SHEET_REFUSAL_BOMB);
        return;
    }
    if (xlsx->format_count == styles->capacity) {
        size_t capacity = styles->capacity == 0 ? 64 : styles->capacity * 2;
        xlsx->is_date = arena_grow(xlsx->sheet->arena, xlsx->is_date, styles->capacity, capacity);
        styles->capacity = capacity;
    }
    bool is_date = number >= 0 &&
                   (styles->is_own[number] ? styles->is_own_date[number] : is_builtin_date(number));
    xlsx->is_date[xlsx->format_count++] = is_date;
}

static void styles_start(void *argument, const char *name, const char *const *attributes)
{
    struct styles *styles = argument;
    if (text_equal(name, "cellXfs")) {
        styles->in_cell_formats = true;
    } else if (text_equal(name, "xf") && styles->in_cell_formats) {
        add_cell_format(styles, format_number(sheet__xml_attribute(attributes, "numFmtId")));
    } else if (text_equal(name, "numFmt")) {
        int number = format_number(sheet__xml_attribute(attributes, "numFmtId"));
        const char *format = sheet__xml_attribute(attributes, "formatCode");
        if (number < 0 || format == NULL)
            return;
        styles->is_own[number] = true;
        styles->is_own_date[number] = sheet__is_date_format(format);
    }
}

static void styles_end(void *argument, const char *name)
{
    struct styles *styles = argument;
    if (text_equal(name, "cellXfs"))
        styles->in_cell_formats = false;
}

bool sheet__styles_read(struct sheet__xlsx *xlsx, const char *part_name)
{
    static const struct sheet__xml_handlers handlers = {.start = styles_start, .end = styles_end};
    struct sheet__part *part = sheet__part_open(xlsx->zip, part_name);
    if (part == NULL)
        return xlsx->sheet->refusal == 0; /* named, but left out where no cell needs it */
    struct styles *styles = arena_one(xlsx->sheet->arena, struct styles);
    styles->xlsx = xlsx;
    styles->xml = sheet__xml_open(xlsx->sheet, part, &handlers, styles);
    bool is_read = sheet__xml_run(styles->xml) == SHEET_END;
    sheet__xml_close(styles->xml);
    return is_read;
}
