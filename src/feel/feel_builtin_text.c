/* Functions of strings, but for those of regular expressions; and not(). */
#include <string.h>

#include <unicode/ucasemap.h>

#include "base/text.h"
#include "feel/feel_builtin.h"
#include "feel/feel_number.h"

struct feel_value feel__not(struct feel_run *run, const struct feel_value *values)
{
    struct feel_value value = values[0];
    if (value.kind == FEEL_LIST && value.list.count == 1)
        value = value.list.items[0];
    if (value.kind == FEEL_BOOLEAN)
        return feel_boolean(!value.boolean);
    return value.kind == FEEL_NULL ? value : feel__bad_value(run, value);
}

struct feel_value feel__string(struct feel_run *run, const struct feel_value *values)
{
    if (values[0].kind == FEEL_NULL)
        return feel_null();
    return feel_string(feel_print(run, values[0]));
}

/* --- code points --- */

static size_t count_points(struct feel_text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.bytes[i] & 0xc0) != 0x80;
    return count;
}

/* Where the point with that index, from 0 on, begins; the length for one behind the last. */
static size_t offset_of_point(struct feel_text text, size_t index)
{
    size_t at = 0;
    for (; at < text.length; at++)
        if (((unsigned char)text.bytes[at] & 0xc0) != 0x80 && index-- == 0)
            break;
    return at;
}

struct feel_value feel__string_length(struct feel_run *run, const struct feel_value *values)
{
    (void)run;
    return feel_integer((int64_t)count_points(values[0].text));
}

/* Positions count from 1, and from the end where they are negative; there is no 0. */
struct feel_value feel__substring(struct feel_run *run, const struct feel_value *values)
{
    struct feel_text text = values[0].text;
    int64_t count = (int64_t)count_points(text), start, length = count;
    if (!feel__number_truncated(values[1].number, &start) || start == 0 || start < -count)
        return feel__bad_value(run, values[1]);
    if (values[2].kind == FEEL_NUMBER &&
        (!feel__number_truncated(values[2].number, &length) || length < 0))
        return feel__bad_value(run, values[2]);
    int64_t first = start > 0 ? start - 1 : count + start;
    if (first > count)
        first = count;
    int64_t last = length > count - first ? count : first + length;
    size_t from = offset_of_point(text, (size_t)first);
    size_t to = offset_of_point(text, (size_t)last);
    return feel_string((struct feel_text){text.bytes + from, to - from});
}

/* --- upper and lower case --- */

typedef int32_t change_case(const UCaseMap *map, char *to, int32_t capacity, const char *from,
                            int32_t length, UErrorCode *status);

static struct feel_value change(struct feel_run *run, struct feel_value value, change_case *to)
{
    enum { GROWTH_MOST = 3 }; /* one letter becomes three at most: U+FB03 */
    struct feel_text text = value.text;
    if (text.length > INT32_MAX / (GROWTH_MOST + 1) ||
        !feel__has_room(run, text.length * GROWTH_MOST))
        return feel__bad_value(run, value);
    UErrorCode status = U_ZERO_ERROR;
    size_t capacity = text.length * GROWTH_MOST + 1;
    char *bytes = arena_alloc(run->arena, capacity);
    UCaseMap *map = ucasemap_open("", 0, &status);
    int32_t length = to(map, bytes, (int32_t)capacity, text.bytes, (int32_t)text.length, &status);
    ucasemap_close(map);
    if (U_FAILURE(status))
        return feel__bad_value(run, value);
    return feel_string((struct feel_text){bytes, (size_t)length});
}

struct feel_value feel__upper_case(struct feel_run *run, const struct feel_value *values)
{
    return change(run, values[0], ucasemap_utf8ToUpper);
}

struct feel_value feel__lower_case(struct feel_run *run, const struct feel_value *values)
{
    return change(run, values[0], ucasemap_utf8ToLower);
}

/* --- parts --- */

/* Where the part begins in the whole; NULL where it is not there. */
static const char *find(struct feel_text whole, struct feel_text part)
{
    if (part.length == 0)
        return whole.bytes;
    return memmem(whole.bytes, whole.length, part.bytes, part.length);
}

struct feel_value feel__substring_before(struct feel_run *run, const struct feel_value *values)
{
    (void)run;
    struct feel_text whole = values[0].text;
    const char *at = find(whole, values[1].text);
    size_t length = at == NULL ? 0 : (size_t)(at - whole.bytes);
    return feel_string((struct feel_text){whole.bytes, length});
}

struct feel_value feel__substring_after(struct feel_run *run, const struct feel_value *values)
{
    (void)run;
    struct feel_text whole = values[0].text;
    const char *at = find(whole, values[1].text);
    if (at == NULL)
        return feel_string((struct feel_text){whole.bytes, 0});
    at += values[1].text.length;
    return feel_string((struct feel_text){at, whole.length - (size_t)(at - whole.bytes)});
}

struct feel_value feel__contains(struct feel_run *run, const struct feel_value *values)
{
    (void)run;
    return feel_boolean(find(values[0].text, values[1].text) != NULL);
}

struct feel_value feel__starts_with(struct feel_run *run, const struct feel_value *values)
{
    (void)run;
    struct feel_text whole = values[0].text, part = values[1].text;
    return feel_boolean(part.length <= whole.length &&
                        feel_text_equal((struct feel_text){whole.bytes, part.length}, part));
}

struct feel_value feel__ends_with(struct feel_run *run, const struct feel_value *values)
{
    (void)run;
    struct feel_text whole = values[0].text, part = values[1].text;
    if (part.length > whole.length)
        return feel_boolean(/* truth= */ false);
    struct feel_text end = {whole.bytes + (whole.length - part.length), part.length};
    return feel_boolean(feel_text_equal(end, part));
}

/* Nulls are left out, and no delimiter stands in their place. */
struct feel_value feel__string_join(struct feel_run *run, const struct feel_value *values)
{
    struct feel_list list = values[0].list;
    struct feel_text delimiter = values[1].kind == FEEL_STRING ? values[1].text : feel_text("");
    struct buffer buffer = buffer_new(run->arena, 64);
    bool is_first = true;
    for (size_t i = 0; i < list.count; i++) {
        struct feel_value item = list.items[i];
        if (item.kind == FEEL_NULL)
            continue;
        if (item.kind != FEEL_STRING ||
            !feel__has_room(run, buffer.length + delimiter.length + item.text.length))
            return feel__bad_value(run, item);
        if (!is_first)
            buffer_add_n(&buffer, delimiter.bytes, delimiter.length);
        buffer_add_n(&buffer, item.text.bytes, item.text.length);
        is_first = false;
    }
    return feel_string((struct feel_text){buffer.bytes, buffer.length});
}
