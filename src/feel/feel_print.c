/* Values as text, as FEEL would write them; and values out of the texts of XML Schema. */
#include <string.h>

#include "base/text.h"
#include "feel/feel_date.h"
#include "feel/feel_number.h"
#include "feel/feel_run.h"

static void print(struct feel_run *run, struct buffer *buffer, struct feel_value value);

static void print_string(struct buffer *buffer, struct feel_text text)
{
    buffer_add_char(buffer, '"');
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        if (c == '"' || c == '\\')
            buffer_add_char(buffer, '\\');
        if (c == '\n')
            buffer_add(buffer, "\\n");
        else if (c == '\r')
            buffer_add(buffer, "\\r");
        else if (c == '\t')
            buffer_add(buffer, "\\t");
        else
            buffer_add_char(buffer, c);
    }
    buffer_add_char(buffer, '"');
}

static void print_list(struct feel_run *run, struct buffer *buffer, struct feel_list list)
{
    buffer_add_char(buffer, '[');
    for (size_t i = 0; i < list.count && !run->has_ended; i++) {
        if (i > 0)
            buffer_add(buffer, ", ");
        print(run, buffer, list.items[i]);
    }
    buffer_add_char(buffer, ']');
}

/* Letters, digits and spaces between them: a name that needs no quotation marks. */
static bool is_plain_name(struct feel_text name)
{
    for (size_t i = 0; i < name.length; i++) {
        unsigned char c = (unsigned char)name.bytes[i];
        bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c >= 0x80;
        bool is_inner = (c >= '0' && c <= '9') || (c == ' ' && i + 1 < name.length);
        if (!is_letter && !(is_inner && i > 0))
            return false;
    }
    return name.length > 0;
}

static void print_context(struct feel_run *run, struct buffer *buffer, struct feel_context context)
{
    buffer_add_char(buffer, '{');
    for (size_t i = 0; i < context.count && !run->has_ended; i++) {
        struct feel_text name = context.entries[i].name;
        if (i > 0)
            buffer_add(buffer, ", ");
        if (is_plain_name(name))
            buffer_add_n(buffer, name.bytes, name.length);
        else
            print_string(buffer, name);
        buffer_add(buffer, ": ");
        print(run, buffer, context.entries[i].value);
    }
    buffer_add_char(buffer, '}');
}

static void print_range(struct feel_run *run, struct buffer *buffer, const struct feel_range *range)
{
    static const char *const signs[] = {[FEEL_RANGE_LESS] = "<",  [FEEL_RANGE_LESS_EQUAL] = "<=",
                                        [FEEL_RANGE_MORE] = ">",  [FEEL_RANGE_MORE_EQUAL] = ">=",
                                        [FEEL_RANGE_EQUAL] = "=", [FEEL_RANGE_UNEQUAL] = "!="};
    if (range->form != FEEL_RANGE_INTERVAL) {
        bool has_low = range->form != FEEL_RANGE_LESS && range->form != FEEL_RANGE_LESS_EQUAL;
        buffer_printf(buffer, "(%s ", signs[range->form]);
        print(run, buffer, has_low ? range->low : range->high);
        buffer_add_char(buffer, ')');
        return;
    }
    buffer_add_char(buffer, range->low_included ? '[' : '(');
    print(run, buffer, range->low);
    buffer_add(buffer, "..");
    print(run, buffer, range->high);
    buffer_add_char(buffer, range->high_included ? ']' : ')');
}

static void print_within(struct feel_run *run, struct buffer *buffer, struct feel_value value)
{
    switch (value.kind) {
    case FEEL_NULL:
        buffer_add(buffer, "null");
        break;
    case FEEL_BOOLEAN:
        buffer_add(buffer, value.boolean ? "true" : "false");
        break;
    case FEEL_NUMBER:
        feel__number_print(buffer, value.number);
        break;
    case FEEL_STRING:
        print_string(buffer, value.text);
        break;
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_MONTHS:
    case FEEL_SPAN:
        buffer_add(buffer, "@\"");
        feel__temporal_print(buffer, value);
        buffer_add_char(buffer, '"');
        break;
    case FEEL_LIST:
        print_list(run, buffer, value.list);
        break;
    case FEEL_CONTEXT:
        print_context(run, buffer, value.context);
        break;
    case FEEL_RANGE:
        print_range(run, buffer, value.range);
        break;
    case FEEL_FUNCTION:
        buffer_add(buffer, "function");
        break;
    }
}

static void print(struct feel_run *run, struct buffer *buffer, struct feel_value value)
{
    if (!feel_enter(run))
        return;
    print_within(run, buffer, value);
    feel_leave(run);
}

struct feel_text feel_print(struct feel_run *run, struct feel_value value)
{
    if (value.kind == FEEL_STRING)
        return value.text;
    struct buffer buffer = buffer_new(run->arena, 64);
    bool is_temporal = value.kind == FEEL_DATE || value.kind == FEEL_TIME ||
                       value.kind == FEEL_DATE_TIME || value.kind == FEEL_MONTHS ||
                       value.kind == FEEL_SPAN;
    if (is_temporal)
        feel__temporal_print(&buffer, value);
    else
        print(run, &buffer, value);
    return (struct feel_text){buffer.bytes, buffer.length};
}

/* --- reading --- */

static struct feel_text trimmed(struct feel_text text)
{
    static const char space[] = " \t\r\n";
    while (text.length > 0 && strchr(space, text.bytes[0]) != NULL) {
        text.bytes++;
        text.length--;
    }
    while (text.length > 0 && strchr(space, text.bytes[text.length - 1]) != NULL)
        text.length--;
    return text;
}

static bool read_boolean(struct feel_text text, struct feel_value *ret)
{
    bool is_true =
        feel_text_equal(text, feel_text("true")) || feel_text_equal(text, feel_text("1"));
    *ret = feel_boolean(is_true);
    return is_true || feel_text_equal(text, feel_text("false")) ||
           feel_text_equal(text, feel_text("0"));
}

static bool read_moment(struct arena *arena, enum feel_kind kind, struct feel_text text,
                        struct feel_value *ret)
{
    struct feel_moment moment;
    bool is_one =
        kind == FEEL_TIME ? feel__time_parse(text, &moment) : feel__date_time_parse(text, &moment);
    if (is_one)
        *ret = feel__moment_value(arena, kind, &moment);
    return is_one;
}

bool feel_read(struct arena *arena, enum feel_kind kind, struct feel_text text,
               struct feel_value *ret)
{
    text = (struct feel_text){arena_text_n(arena, text.bytes, text.length), text.length};
    struct feel_text word = trimmed(text);
    switch (kind) {
    case FEEL_STRING:
        *ret = feel_string(text);
        return text_valid(text.bytes, text.length);
    case FEEL_BOOLEAN:
        return read_boolean(word, ret);
    case FEEL_NUMBER:
        *ret = feel_integer(0);
        return feel_number_parse(word, &ret->number);
    case FEEL_DATE:
        *ret = feel_date((struct feel_date){0});
        return feel__date_parse(word, &ret->date);
    case FEEL_TIME:
    case FEEL_DATE_TIME:
        return read_moment(arena, kind, word, ret);
    case FEEL_MONTHS:
    case FEEL_SPAN:
        return feel__duration_parse(word, ret);
    case FEEL_NULL:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
        return false;
    }
    return false;
}
