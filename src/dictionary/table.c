/* What is asked of a list, and the rows that answer it. */
#include "dictionary/table.h"

#include <string.h>

#include "base/text.h"
#include "dictionary/dictionary_room.h"
#include "web/show.h"

static const struct table_column *column_of(const struct table *table, const char *name)
{
    for (const struct table_column *column = table->columns; column->field != NULL; column++)
        if (strcmp(column->field, name) == 0)
            return column;
    return NULL;
}

/* A filter's text as the source compares it, or NULL where it is no value of the field. */
static const char *filter_of(struct ctx *ctx, const struct table *table, const struct field *field,
                             const char *text)
{
    void *scratch = arena_alloc(ctx->arena, table->entity->size);
    if (text_empty(text) || field_read(ctx, field, text, table->lists, scratch) != NULL)
        return NULL;
    const char *plain = field_plain(ctx, field, scratch);
    return *plain == '\0' ? NULL : plain;
}

const char *table__next_after(struct ctx *ctx, const struct table_view *view)
{
    const struct table *table = view->table;
    if (table->keyed_by == NULL || !view->has_more)
        return NULL;
    const char *last = view->rows + (view->count - 1) * table->entity->size;
    return field_plain(ctx, entity_field(table->entity, table->keyed_by), last);
}

static int64_t page_of(const char *text)
{
    int64_t page;
    bool is_page = text != NULL && text_integer(text, &page) && page >= 1 &&
                   page <= TABLE_COUNT_MOST / TABLE_PAGE_ROWS;
    return is_page ? page : 1;
}

/* In the digits of any width, as clerks type them. */
static bool has_digit(const char *text)
{
    enum { WIDE_0 = 0xFF10, WIDE_9 = 0xFF19 };
    while (*text != '\0') {
        uint32_t point = text_next(&text);
        if ((point >= '0' && point <= '9') || (point >= WIDE_0 && point <= WIDE_9))
            return true;
    }
    return false;
}

/* What is searched for, or NULL. */
static const char *search_of(const struct table *table, const char *q)
{
    bool is_asked = table->may_search && !text_empty(q) && !(table->seeks_names && has_digit(q));
    return is_asked ? q : NULL;
}

/* Ids are shown as in addresses; what is none begins at the newest. */
static int64_t after_of(const struct table *table, const char *text)
{
    int64_t id;
    return table->keyed_by != NULL && text != NULL && id_parse(text, &id) ? id : 0;
}

const char *table_wanted(const struct table_query *query, const struct entity *entity,
                         const char *field)
{
    return query->filters == NULL ? NULL
                                  : query->filters[entity_field(entity, field) - entity->fields];
}

int64_t table_direction(const struct table_query *query)
{
    return query->is_descending ? -1 : 1;
}

struct table_query table_query_of(struct ctx *ctx, const struct table *table,
                                  const char *(*parameter)(const struct ctx *, const char *))
{
    const struct entity *entity = table->entity;
    const char *sort = parameter(ctx, "sort"), *q = parameter(ctx, "q");
    const char **filters = arena_array(ctx->arena, entity->field_count, const char *);
    const struct table_column *sorted = sort == NULL ? NULL : column_of(table, sort);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct table_column *column = column_of(table, entity->fields[i].name);
        if (column != NULL && column->may_filter)
            filters[i] =
                filter_of(ctx, table, &entity->fields[i], parameter(ctx, entity->fields[i].name));
    }
    int64_t after = after_of(table, parameter(ctx, "after"));
    bool begins = table->keyed_by != NULL && after == 0;
    return (struct table_query){
        .q = search_of(table, q),
        .sort = sorted != NULL && sorted->may_sort ? entity_field(entity, sort) : NULL,
        .is_descending = text_equal(parameter(ctx, "order"), "desc"),
        .first = begins ? 0 : (page_of(parameter(ctx, "page")) - 1) * TABLE_PAGE_ROWS,
        .after = after,
        .most = TABLE_PAGE_ROWS,
        .filters = filters,
    };
}

void table__tell(struct ctx *ctx, const struct table *table, const void *row)
{
    if (table->shows == NULL)
        return;
    size_t offset = entity_field(table->entity, table->shows)->offset;
    request_shows(ctx, *(const int64_t *)(const void *)((const char *)row + offset));
}

/* One row more than the page shows tells whether there is another page. */
static void read_rows(struct ctx *ctx, struct table_view *view)
{
    const struct table *table = view->table;
    const struct table_source *source = &table->source;
    struct table_query query = view->query;
    size_t most = (size_t)query.most;
    query.most += 1;
    char *rows = arena_array_bytes(ctx->arena, most + 1, table->entity->size);
    const char **paths = arena_array(ctx->arena, most, const char *);
    void *cursor = source->open(ctx, &query, source->argument);
    char *row = rows;
    while (source->next(ctx, cursor, row)) {
        view->has_more = view->count == most;
        if (view->has_more)
            break;
        if (source->path != NULL)
            paths[view->count] = source->path(ctx, row);
        table__tell(ctx, table, row);
        view->count++;
        row += table->entity->size;
    }
    view->rows = rows;
    view->paths = source->path == NULL ? NULL : paths;
}

struct table_view table_view_of(struct ctx *ctx, const struct table *table,
                                const struct table_query *query)
{
    const struct table_source *source = &table->source;
    struct table *kept = arena_one(ctx->arena, struct table);
    *kept = *table; /* the page is drawn after its handler */
    struct table_view view = {.table = kept, .query = *query};
    int64_t total = source->count(ctx, query, TABLE_COUNT_MOST + 1, source->argument);
    view.is_total_capped = total > TABLE_COUNT_MOST;
    view.total = view.is_total_capped ? TABLE_COUNT_MOST : total;
    if (query->after == 0 &&
        view.query.first >= view.total) /* a page that is no more: the last one */
        view.query.first =
            view.total == 0 ? 0 : (view.total - 1) / TABLE_PAGE_ROWS * TABLE_PAGE_ROWS;
    read_rows(ctx, &view);
    return view;
}

void table_json(struct buffer *out, struct ctx *ctx, const struct table_view *view)
{
    buffer_printf(out, "{\"total\":%lld,\"total_is_capped\":%s,\"first\":%lld,\"rows\":[",
                  (long long)view->total, view->is_total_capped ? "true" : "false",
                  (long long)view->query.first);
    for (size_t i = 0; i < view->count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        entity_json(out, ctx, view->table->entity, view->rows + i * view->table->entity->size,
                    view->table->reveals);
        if (view->paths != NULL) {
            out->length--; /* the object goes on */
            buffer_add(out, ",\"path\":");
            json_text(out, view->paths[i]);
            buffer_add_char(out, '}');
        }
    }
    buffer_add_char(out, ']');
    if (table__next_after(ctx, view) != NULL) {
        buffer_add(out, ",\"next_after\":");
        json_text(out, table__next_after(ctx, view));
    }
    buffer_add_char(out, '}');
}
