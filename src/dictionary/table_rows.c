/* A list's rows that are at hand: found, filtered and put in order here. */
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>

#include "base/money.h"
#include "dictionary/dictionary_room.h"
#include "dictionary/table.h"

struct at_hand {
    struct table table;
    const char *rows;
    size_t count;
};

/* The rows of one query, by their place. */
struct selection {
    const struct at_hand *at_hand;
    const struct field *sort;
    bool is_descending;
    UCollator *pinyin;
    size_t count, at, end;
    size_t *places;
};

static const char *row_at(const struct at_hand *at_hand, size_t place)
{
    return at_hand->rows + place * at_hand->table.entity->size;
}

/* --- search and filters --- */

static const char *lower(struct ctx *ctx, const char *text)
{
    char *copy = arena_text(ctx->arena, text);
    for (char *at = copy; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + 32);
    return copy;
}

/* Private values are found by the whole of them only: nobody may feel their way to one. */
static bool holds(struct ctx *ctx, const struct at_hand *at_hand, const void *row, const char *q)
{
    const struct table *table = &at_hand->table;
    for (const struct table_column *column = table->columns; column->field != NULL; column++) {
        const struct field *field = entity_field(table->entity, column->field);
        bool is_hidden = field->is_private && !table->reveals;
        const char *shown = is_hidden ? field_plain(ctx, field, row)
                                      : field_show(ctx, field, row, /* reveal= */ true);
        const char *text = lower(ctx, shown);
        if (is_hidden ? strcmp(text, q) == 0 : strstr(text, q) != NULL)
            return true;
    }
    return false;
}

static bool passes(struct ctx *ctx, const struct at_hand *at_hand, const void *row,
                   const struct table_query *query)
{
    const struct entity *entity = at_hand->table.entity;
    for (size_t i = 0; query->filters != NULL && i < entity->field_count; i++)
        if (query->filters[i] != NULL &&
            strcmp(field_plain(ctx, &entity->fields[i], row), query->filters[i]) != 0)
            return false;
    return query->q == NULL || holds(ctx, at_hand, row, lower(ctx, query->q));
}

/* --- order --- */

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_texts(const UCollator *pinyin, const char *a, const char *b)
{
    UErrorCode error = U_ZERO_ERROR;
    return ucol_strcollUTF8(pinyin, a == NULL ? "" : a, -1, b == NULL ? "" : b, -1, &error);
}

static int compare_field(const struct selection *selection, const char *a, const char *b)
{
    const struct field *field = selection->sort;
    const void *left = a + field->offset, *right = b + field->offset;
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_ID:
        return compare_numbers(*(const int64_t *)left, *(const int64_t *)right);
    case FIELD_FEN:
        return fen_compare(*(const struct fen *)left, *(const struct fen *)right);
    case FIELD_DAY:
        return day_compare(*(const struct day *)left, *(const struct day *)right);
    case FIELD_BOOL:
        return compare_numbers(*(const bool *)left, *(const bool *)right);
    case FIELD_ENUM:
        return compare_numbers(*(const int *)left, *(const int *)right);
    case FIELD_TEXT:
    case FIELD_PASSWORD:
    case FIELD_PERSON_NAME:
    case FIELD_IDENTITY_NO:
    case FIELD_CREDIT_CODE:
    case FIELD_PHONE:
    case FIELD_BANK_ACCOUNT:
    case FIELD_FILE:
        break;
    }
    return compare_texts(selection->pinyin, *(const char *const *)left,
                         *(const char *const *)right);
}

/* Rows that are equal stay in the order that they came in, whichever way the list is turned. */
static int compare_places(const void *a, const void *b, void *data)
{
    const struct selection *selection = data;
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    int order = compare_field(selection, row_at(selection->at_hand, left),
                              row_at(selection->at_hand, right));
    if (order != 0)
        return selection->is_descending ? -order : order;
    return left < right ? -1 : 1;
}

static void close_collator(void *collator)
{
    ucol_close(collator);
}

/* --- the source --- */

static struct selection *select_rows(struct ctx *ctx, const struct table_query *query,
                                     const struct at_hand *at_hand)
{
    struct selection *selection = arena_one(ctx->arena, struct selection);
    selection->at_hand = at_hand;
    selection->places = arena_array(ctx->arena, at_hand->count, size_t);
    for (size_t i = 0; i < at_hand->count; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        if (passes(ctx, at_hand, row_at(at_hand, i), query))
            selection->places[selection->count++] = i;
        arena_release(ctx->arena, mark);
    }
    return selection;
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    struct selection *selection = select_rows(ctx, query, argument);
    int64_t rest = (int64_t)selection->count - query->first;
    selection->at = rest > 0 ? (size_t)query->first : selection->count;
    selection->end = rest > query->most ? (size_t)(query->first + query->most) : selection->count;
    selection->sort = query->sort;
    selection->is_descending = query->is_descending;
    if (query->sort != NULL) {
        UErrorCode error = U_ZERO_ERROR;
        selection->pinyin = ucol_open("zh", &error);
        arena_defer(ctx->arena, close_collator, selection->pinyin);
        qsort_r(selection->places, selection->count, sizeof *selection->places, compare_places,
                selection);
    }
    return selection;
}

static bool next_row(struct ctx *ctx, void *rows, void *ret_row)
{
    (void)ctx;
    struct selection *selection = rows;
    if (selection->at >= selection->end)
        return false;
    memcpy(ret_row, row_at(selection->at_hand, selection->places[selection->at++]),
           selection->at_hand->table.entity->size);
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    int64_t count = (int64_t)select_rows(ctx, query, argument)->count;
    return count < most ? count : most;
}

struct table_source table_of_rows(struct ctx *ctx, const struct table *table, const void *rows,
                                  size_t count,
                                  const char *(*path)(struct ctx *ctx, const void *row))
{
    struct at_hand *at_hand = arena_one(ctx->arena, struct at_hand);
    *at_hand = (struct at_hand){*table, rows, count};
    return (struct table_source){at_hand, open_rows, next_row, count_rows, path};
}
