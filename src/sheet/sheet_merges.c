/*
 * Merged ranges. They stand behind the rows that they concern, so the part is unpacked once before
 * it is read, and only looked through for these elements: that costs a fraction of reading it. It
 * also shows, before the first row, whether the part is whole.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "sheet/sheet_xlsx.h"

enum {
    WINDOW_BYTES = 64 * 1024,
    ELEMENT_BYTES_MOST = 256,
    PREFIX_BYTES_MOST = 64,
    ROWS_MOST = 1 << 20,
    CELLS_MOST = 4 << 20, /* of all ranges; four whole columns */
};

const char *sheet__reference_read(const char *text, int *ret_column, int64_t *ret_row)
{
    int column = 0;
    int64_t row = 0;
    const char *at = text;
    for (; *at >= 'A' && *at <= 'Z' && at - text < 3; at++)
        column = column * 26 + (*at - 'A' + 1);
    const char *digits = at;
    for (; *at >= '0' && *at <= '9' && at - digits < 7; at++)
        row = row * 10 + (*at - '0');
    if (digits == text || at == digits || row == 0 || row > ROWS_MOST)
        return NULL;
    *ret_column = column - 1;
    *ret_row = row;
    return at;
}

/* "A1:C3" at the start of text; false where it is no range of several cells. */
static bool read_range(const char *text, struct sheet__merge *ret)
{
    *ret = (struct sheet__merge){0};
    text = sheet__reference_read(text, &ret->first_column, &ret->first_row);
    if (text == NULL || *text != ':')
        return false;
    text = sheet__reference_read(text + 1, &ret->last_column, &ret->last_row);
    return text != NULL && ret->last_column >= ret->first_column &&
           ret->last_row >= ret->first_row &&
           (ret->last_column > ret->first_column || ret->last_row > ret->first_row);
}

struct merge_search {
    struct sheet *sheet;
    struct sheet__merges *merges;
    int64_t cells;
};

static bool add_merge(struct merge_search *search, struct sheet__merge merge)
{
    struct sheet__merges *merges = search->merges;
    search->cells +=
        (merge.last_row - merge.first_row + 1) * (merge.last_column - merge.first_column + 1);
    if (search->cells > CELLS_MOST) {
        sheet__refuse(search->sheet, SHEET_REFUSAL_BOMB);
        return false;
    }
    if (merges->count == merges->capacity) {
        size_t capacity = merges->capacity == 0 ? 16 : merges->capacity * 2;
        merges->items =
            arena_grow(search->sheet->arena, merges->items,
                       merges->capacity * sizeof *merges->items, capacity * sizeof *merges->items);
        merges->capacity = capacity;
    }
    merges->items[merges->count++] = merge;
    return true;
}

/* The range in the element whose name ends at `at`: ` ref="A1:C3"/>`, all of it before `end`. */
static bool read_element(const char *at, const char *end, struct sheet__merge *ret)
{
    char attributes[ELEMENT_BYTES_MOST + 1];
    size_t length = (size_t)(end - at);
    if (length > ELEMENT_BYTES_MOST || strchr(" \t\r\n", *at) == NULL)
        return false;
    memcpy(attributes, at, length);
    attributes[length] = '\0';
    const char *reference = strstr(attributes, "ref=");
    return reference != NULL && (reference[4] == '"' || reference[4] == '\'') &&
           read_range(reference + 5, ret);
}

/* Whether the name at `at` opens an element, with or without a prefix: the same letters in a cell's
 * text have no < before them, as text cannot hold one. */
static bool is_opening(const char *at, const char *start)
{
    if (at > start && at[-1] == ':') {
        at--;
        while (at > start && at[-1] != '<' && strchr(" \t\r\n>/;:", at[-1]) == NULL)
            at--;
    }
    return at > start && at[-1] == '<';
}

/*
 * Takes the elements that begin in the window from `from` on; returns up to where it is done with
 * it: what may begin an element that the next window completes is not. -1 where refused.
 */
static int search_window(struct merge_search *search, const char *window, int from, int length)
{
    static const char name[] = "mergeCell";
    enum { NAME_BYTES = sizeof name - 1 };
    const char *at = window + from, *end = window + length;
    for (;;) {
        const char *found = memmem(at, (size_t)(end - at), name, NAME_BYTES);
        if (found == NULL)
            return end - at < NAME_BYTES ? (int)(at - window) : length - NAME_BYTES + 1;
        ptrdiff_t reach = end - found < ELEMENT_BYTES_MOST ? end - found : ELEMENT_BYTES_MOST;
        const char *close = memchr(found, '>', (size_t)reach);
        if (close == NULL && reach < ELEMENT_BYTES_MOST)
            return (int)(found - window);
        struct sheet__merge merge;
        if (close != NULL && is_opening(found, window) &&
            read_element(found + NAME_BYTES, close, &merge) && !add_merge(search, merge))
            return -1;
        at = found + NAME_BYTES;
    }
}

static int compare_first_rows(const void *a, const void *b)
{
    const struct sheet__merge *left = a, *right = b;
    return (left->first_row > right->first_row) - (left->first_row < right->first_row);
}

bool sheet__merges_read(struct sheet__xlsx *xlsx, const char *part_name, struct sheet__merges *ret)
{
    struct sheet *sheet = xlsx->sheet;
    *ret = (struct sheet__merges){0};
    struct sheet__part *part = sheet__part_open(xlsx->zip, part_name);
    if (part == NULL)
        return false;
    struct merge_search search = {.sheet = sheet, .merges = ret};
    char *window = arena_alloc(sheet->arena, WINDOW_BYTES);
    int length = 0, done = 0, count;
    while ((count = sheet__part_read(part, window + length, WINDOW_BYTES - length)) > 0) {
        done = search_window(&search, window, done, length + count);
        if (done < 0)
            return false;
        int dropped = done > PREFIX_BYTES_MOST ? done - PREFIX_BYTES_MOST : 0;
        length += count - dropped;
        done -= dropped;
        memmove(window, window + dropped, (size_t)length);
    }
    sheet__part_close(part);
    if (ret->count > 1)
        qsort(ret->items, ret->count, sizeof *ret->items, compare_first_rows);
    return count == 0;
}
