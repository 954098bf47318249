/*
 * Lists and details of an entity's things: the same rows as a page, as JSON and as a file, with
 * search, filters, order and pages that every list shares. A room says which columns there are and
 * where the rows come from; it writes no HTML and reads no parameter.
 *
 *     static const struct table_column columns[] = {
 *         {"name", .leads = true, .may_sort = true}, {"state", .may_filter = true}, {0}};
 *     struct table table = {.entity = &class_entity, .path = "/classes", .columns = columns};
 *     table.source = table_of_rows(ctx, &table, rows, count, row_path);
 *     return table_reply(ctx, &table, &(struct table_head){.title = "class.list"});
 *
 * The parameters of a list's address: q, sort, order (asc, desc), page, after, as (csv, xlsx), and
 * a filter by each column's name that may_filter. What a list does not offer is ignored.
 *
 * A list without end (payments, certificates) is `keyed_by` its id: it stands in its own order
 * only, the newest first, and each page begins behind the last row of the one before, so that the
 * thousandth is as quick as the first.
 */
#ifndef DIANJI_DICTIONARY_TABLE_H
#define DIANJI_DICTIONARY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dictionary/dictionary.h"
#include "web/web.h"

enum {
    TABLE_PAGE_ROWS = 20,
    TABLE_COUNT_MOST =
        10000, /* what lies beyond is found by narrowing the question, not by paging */
};

struct table_column {
    const char *field; /* of the entity; NULL ends the columns */
    bool leads;        /* the thing's own name: heads its row and leads to its page */
    bool may_sort;
    bool asks_only;  /* a filter without a column; stands behind the columns */
    bool may_filter; /* enums, yes-or-no and code lists as choices, others by what is typed */
};

/* What is asked of a list, checked against what it offers. */
struct table_query {
    const char *q;            /* NULL: everything */
    const struct field *sort; /* NULL: the source's own order */
    bool is_descending;
    int64_t first; /* rows before the first that is wanted */
    int64_t after; /* of a list with a key: the id that the wanted rows are older than; 0: none */
    int64_t most;  /* rows wanted */
    const char *const *filters; /* by the field's place in the entity: its plain text, or NULL */
};

/* What the list is narrowed to in this field, plain, or NULL. */
const char *table_wanted(const struct table_query *query, const struct entity *entity,
                         const char *field);
/* For an order by whole numbers (days, amounts, counts): 1, or -1 where it is turned. */
int64_t table_direction(const struct table_query *query);

/* Where rows come from. A source that says may_search, and whose columns say may_sort or
 * may_filter, does so itself. */
struct table_source {
    void *argument;
    void *(*open)(struct ctx *ctx, const struct table_query *query, void *argument);
    /* Fills the entity's struct; false at the end. */
    bool (*next)(struct ctx *ctx, void *rows, void *ret_row);
    /* Rows that the query has without its first and most, counted no further than `most`. */
    int64_t (*count)(struct ctx *ctx, const struct table_query *query, int64_t most,
                     void *argument);
    /* The row's own page; NULL where rows have none. */
    const char *(*path)(struct ctx *ctx, const void *row);
};

struct table {
    const struct entity *entity;
    const char *path;     /* of the list */
    const char *keyed_by; /* the field of the row's id, of a list without end; else NULL */
    const char *shows; /* the field of the id of whom a row shows: told to the record; else NULL */
    const struct table_column *columns;
    bool may_search;
    bool seeks_names;  /* `q` is a person's name: what has a digit is ignored, and the field does
                        * not take it, so that no identity number comes into an address */
    bool reveals;      /* private fields are shown whole: the route's permission has seen to it */
    bool offers_files; /* the list's route answers ?as=csv and ?as=xlsx; table_reply() does */
    const struct code_list *lists;
    struct table_source source;
};

/* A source of rows that are at hand, of the table's entity: it sorts (texts by pinyin), filters and
 * searches by itself. For lists that are short by nature. */
struct table_source table_of_rows(struct ctx *ctx, const struct table *table, const void *rows,
                                  size_t count,
                                  const char *(*path)(struct ctx *ctx, const void *row));

/* What a page shows: read by the handler, drawn by the page. */
struct table_view {
    const struct table *table;
    struct table_query query;
    size_t count;
    const char *rows;         /* `count` of the entity's structs */
    const char *const *paths; /* of each row; NULL where there are none */
    int64_t total;            /* at most TABLE_COUNT_MOST */
    bool is_total_capped;
    bool has_more; /* of a list with a key: rows behind the last */
};

/* `parameter` gives the address's parameters: request_query. */
struct table_query table_query_of(struct ctx *ctx, const struct table *table,
                                  const char *(*parameter)(const struct ctx *, const char *));
struct table_view table_view_of(struct ctx *ctx, const struct table *table,
                                const struct table_query *query);
/* The list with its filters, pages and downloads; {{table view}} in a page. */
void dictionary_table(struct buffer *out, struct ctx *ctx, const struct table_view *view);
/* {"total", "total_is_capped", "first", "rows": […]}, and "next_after" of a list with a key. */
void table_json(struct buffer *out, struct ctx *ctx, const struct table_view *view);

/* The file that `as` names ("csv", "xlsx"), with all rows of the query whatever its page; false
 * where it names none. Rows are written as they are read: beside what the source keeps of them, the
 * file alone is in memory. */
bool table_file(struct ctx *ctx, const struct table *table, const struct table_query *query,
                const char *as, struct reply *ret);

/* What stands above a list, all by the keys of their words; NULL: not there. */
struct table_head {
    const char *title;
    const char *help;
    const char *up, *up_path;   /* the page that it hangs on */
    const char *act, *act_path; /* what begins a new one */
};
/* The whole answer to a list's GET: a page, its JSON, or the file that `as` asks for. */
struct reply table_reply(struct ctx *ctx, const struct table *table, const struct table_head *head);

/* --- one thing --- */

struct detail {
    const struct entity *entity;
    const void *values;
    const char *const *fields; /* their names, ending in NULL; NULL: all */
    const struct code_list *lists;
    bool reveals;
};
/* A definition list; what was not given is left out. {{detail thing}} in a page. */
void dictionary_detail(struct buffer *out, struct ctx *ctx, const struct detail *detail);
void detail_json(struct buffer *out, struct ctx *ctx, const struct detail *detail);

#endif
