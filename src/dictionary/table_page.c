/* A list and a detail as models of their templates; the HTML is in pages/. */
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "dictionary/table.h"
#include "dictionary_html.h"
#include "web/show.h"

enum {
    CHOICES_SELECT = 30,
    CHOICES_MOST = 400,
    CHARACTERS_WIDE = 30,
    STEPS_AROUND = 2,
    STEPS_MOST = 16
};

static size_t count_columns(const struct table *table)
{
    size_t count = 0;
    while (table->columns[count].field != NULL && !table->columns[count].asks_only)
        count++;
    return count;
}

/* With the filters that stand behind the columns. */
static size_t count_asked(const struct table *table)
{
    size_t count = 0;
    while (table->columns[count].field != NULL)
        count++;
    return count;
}

static const struct field *field_at(const struct table *table, size_t column)
{
    return entity_field(table->entity, table->columns[column].field);
}

static bool is_number(const struct field *field)
{
    return field->type == FIELD_INTEGER || field->type == FIELD_FEN;
}

/* What is not broken into lines: days and numbers, which are compared. */
static bool is_short(const struct field *field)
{
    return field->type == FIELD_DAY || field->type == FIELD_ID ||
           field->type == FIELD_IDENTITY_NO || field->type == FIELD_BANK_ACCOUNT;
}

/* --- addresses --- */

/* A list's address with what was asked; `changes` replaces or adds parameters and drops the page.
 */
struct change {
    const char *sort; /* NULL: as it was */
    bool is_descending;
    int64_t page;      /* 0: the first */
    const char *after; /* of a list with a key */
    const char *as;
};

static void add_parameter(struct buffer *out, const char *name, const char *value)
{
    if (text_empty(value))
        return;
    buffer_add_char(out, strchr(out->bytes, '?') == NULL ? '?' : '&');
    buffer_add_url(out, name);
    buffer_add_char(out, '=');
    buffer_add_url(out, value);
}

static const char *address(struct ctx *ctx, const struct table_view *view,
                           const struct change *change)
{
    const struct table_query *query = &view->query;
    const struct entity *entity = view->table->entity;
    struct buffer out = buffer_new(ctx->arena, 128);
    const char *sort = change->sort != NULL  ? change->sort
                       : query->sort != NULL ? query->sort->name
                                             : NULL;
    bool is_descending = change->sort != NULL ? change->is_descending : query->is_descending;
    buffer_add(&out, view->table->path);
    add_parameter(&out, "q", query->q);
    for (size_t i = 0; query->filters != NULL && i < entity->field_count; i++)
        add_parameter(&out, entity->fields[i].name, query->filters[i]);
    add_parameter(&out, "sort", sort);
    add_parameter(&out, "order", sort == NULL ? NULL : is_descending ? "desc" : "asc");
    if (change->page > 1)
        add_parameter(&out, "page", show_integer_plain(ctx, change->page));
    add_parameter(&out, "after", change->after);
    add_parameter(&out, "as", change->as);
    return out.bytes;
}

/* --- filters --- */

static void add_choice(struct table_filter *filter, const char *code, const char *label)
{
    filter->choices.items[filter->choices.count++] =
        (struct table_filter_choice){code, label, text_equal(code, filter->value)};
}

static void fill_choices(struct ctx *ctx, const struct field *field, const struct code_list *list,
                         struct table_filter *filter)
{
    const char *code, *label;
    filter->choices.items = arena_array(ctx->arena, CHOICES_MOST, struct table_filter_choice);
    if (field->type == FIELD_BOOL) {
        add_choice(filter, "1", show_bool(ctx, /* value= */ true));
        add_choice(filter, "0", show_bool(ctx, /* value= */ false));
    } else if (field->type == FIELD_ENUM) {
        for (const struct enum_value *value = field->values;
             value->code != NULL && filter->choices.count < CHOICES_MOST; value++)
            add_choice(filter, value->code, show_enum(ctx, field->enum_name, value->code));
    } else {
        for (size_t i = 0; list != NULL && list->at(ctx, i, &code, &label); i++) {
            if (i == CHOICES_MOST) {
                filter->choices.count = 0;
                break;
            }
            add_choice(filter, code, label);
            if (filter->choices.items[i].is_chosen)
                filter->value = label;
        }
    }
    /* too many to scroll: typed, with the list's help */
    filter->is_select = filter->choices.count > 0 && filter->choices.count <= CHOICES_SELECT;
}

static void fill_filters(struct ctx *ctx, const struct table_view *view, struct table_model *model)
{
    const struct table *table = view->table;
    size_t columns = count_asked(table);
    model->filters.items = arena_array(ctx->arena, columns, struct table_filter);
    for (size_t i = 0; i < columns; i++) {
        const struct field *field = field_at(table, i);
        const char *const *filters = view->query.filters;
        const char *value = filters == NULL ? NULL : filters[field - table->entity->fields];
        if (!table->columns[i].may_filter)
            continue;
        struct table_filter *filter = &model->filters.items[model->filters.count++];
        *filter = (struct table_filter){
            .name = field->name, .label = words(ctx, field->key), .value = value};
        fill_choices(ctx, field, field__list(field, table->lists), filter);
        model->is_narrowed = model->is_narrowed || value != NULL;
    }
    model->is_narrowed = model->is_narrowed || view->query.q != NULL;
    model->may_narrow = table->may_search || model->filters.count > 0;
}

/* --- columns and rows --- */

/* How a state looks ("good", "waiting"), where its enum has words for that; else NULL. */
static const char *look_of(struct ctx *ctx, const struct field *field, const void *row)
{
    const char *code = field_plain(ctx, field, row);
    if (field->type != FIELD_ENUM || *code == '\0')
        return NULL;
    const char *key = arena_printf(ctx->arena, "%s_look.%s", field->enum_name, code);
    const char *look = words(ctx, key);
    return look == key ? NULL : look;
}

static void fill_columns(struct ctx *ctx, const struct table_view *view, struct table_model *model)
{
    const struct table *table = view->table;
    model->columns.count = count_columns(table);
    model->columns.items = arena_array(ctx->arena, model->columns.count, struct table_columns);
    for (size_t i = 0; i < model->columns.count; i++) {
        const struct field *field = field_at(table, i);
        bool is_sorted = view->query.sort == field;
        bool turns_down = is_sorted && !view->query.is_descending;
        model->columns.items[i] = (struct table_columns){
            .label = words(ctx, field->key),
            .sorted = !is_sorted   ? NULL
                      : turns_down ? "ascending"
                                   : "descending",
            .is_number = is_number(field),
            .sort_path =
                !table->columns[i].may_sort
                    ? NULL
                    : address(ctx, view,
                              &(struct change){.sort = field->name, .is_descending = turns_down})};
    }
}

static void fill_rows(struct ctx *ctx, const struct table_view *view, struct table_model *model)
{
    const struct table *table = view->table;
    size_t columns = count_columns(table);
    model->rows.count = view->count;
    model->rows.items = arena_array(ctx->arena, view->count, struct table_row);
    for (size_t i = 0; i < view->count; i++) {
        struct table_row *row = &model->rows.items[i];
        row->row_path = view->paths == NULL ? NULL : view->paths[i];
        row->cells.count = columns;
        row->cells.items = arena_array(ctx->arena, columns, struct table_row_cell);
        for (size_t k = 0; k < columns; k++) {
            const struct field *field = field_at(table, k);
            const char *values = view->rows + i * table->entity->size;
            row->cells.items[k] = (struct table_row_cell){
                .label = words(ctx, field->key),
                .text = field__shown(ctx, field, values, table->lists, table->reveals),
                .look = look_of(ctx, field, values),
                .leads = table->columns[k].leads,
                .is_number = is_number(field),
                .is_short = is_short(field)};
        }
    }
}

/* --- pages --- */

static void add_step(struct table_model *model, const struct table_step *step)
{
    if (model->steps.count < STEPS_MOST)
        model->steps.items[model->steps.count++] = *step;
}

static void fill_key_steps(struct ctx *ctx, const struct table_view *view,
                           struct table_model *model)
{
    int64_t page = view->query.first / TABLE_PAGE_ROWS + 1;
    model->steps.items = arena_array(ctx->arena, STEPS_MOST, struct table_step);
    if (view->query.after != 0)
        add_step(model, &(struct table_step){.label = words(ctx, "table.newest"),
                                             .page_path = address(ctx, view, &(struct change){0})});
    const char *after = table__next_after(ctx, view);
    if (after == NULL)
        return;
    add_step(model, &(struct table_step){
                        .label = words(ctx, "table.next"),
                        .rel = "next",
                        .page_path = address(ctx, view,
                                             &(struct change){.page = page + 1, .after = after})});
}

static void fill_steps(struct ctx *ctx, const struct table_view *view, struct table_model *model)
{
    if (view->table->keyed_by != NULL) {
        fill_key_steps(ctx, view, model);
        return;
    }
    int64_t last = (view->total + TABLE_PAGE_ROWS - 1) / TABLE_PAGE_ROWS;
    int64_t page = view->query.first / TABLE_PAGE_ROWS + 1;
    if (last <= 1)
        return;
    model->steps.items = arena_array(ctx->arena, STEPS_MOST, struct table_step);
    if (page > 1)
        add_step(model, &(struct table_step){
                            .label = words(ctx, "table.previous"),
                            .rel = "prev",
                            .page_path = address(ctx, view, &(struct change){.page = page - 1})});
    for (int64_t step = 1; step <= last; step++) {
        bool is_shown = step == 1 || step == last ||
                        (step >= page - STEPS_AROUND && step <= page + STEPS_AROUND);
        bool is_gap = step == page - STEPS_AROUND - 1 || step == page + STEPS_AROUND + 1;
        if (is_shown || is_gap)
            add_step(model, &(struct table_step){
                                .label = show_integer_plain(ctx, step),
                                .is_current = step == page,
                                .is_gap = !is_shown,
                                .page_path = address(ctx, view, &(struct change){.page = step})});
    }
    if (page < last)
        add_step(model, &(struct table_step){
                            .label = words(ctx, "table.next"),
                            .rel = "next",
                            .page_path = address(ctx, view, &(struct change){.page = page + 1})});
}

static const char *caption(struct ctx *ctx, const struct table_view *view)
{
    int64_t first = view->query.first + 1, last = view->query.first + (int64_t)view->count;
    struct message message = {view->is_total_capped ? "table.caption_capped" : "table.caption",
                              {{"total", show_integer(ctx, view->total)},
                               {"first", show_integer(ctx, first)},
                               {"last", show_integer(ctx, last)}}};
    return words_with(ctx, &message);
}

void dictionary_table(struct buffer *out, struct ctx *ctx, const struct table_view *view)
{
    const struct table *table = view->table;
    struct table_model model = {
        .list_path = table->path,
        .q = view->query.q,
        .sort = view->query.sort == NULL ? NULL : view->query.sort->name,
        .order = view->query.is_descending ? "desc" : "asc",
        .caption = caption(ctx, view),
        .may_search = table->may_search,
        .seeks_names = table->seeks_names,
        .has_files = table->offers_files,
        .csv_path = address(ctx, view, &(struct change){.as = "csv"}),
        .xlsx_path = address(ctx, view, &(struct change){.as = "xlsx"}),
    };
    fill_filters(ctx, view, &model);
    fill_columns(ctx, view, &model);
    fill_rows(ctx, view, &model);
    fill_steps(ctx, view, &model);
    part_table(out, ctx, &model);
}

/* --- one thing --- */

static bool is_listed(const struct detail *detail, const struct field *field)
{
    if (field->type == FIELD_PASSWORD)
        return false;
    for (const char *const *name = detail->fields; name != NULL && *name != NULL; name++)
        if (strcmp(*name, field->name) == 0)
            return true;
    return detail->fields == NULL;
}

void dictionary_detail(struct buffer *out, struct ctx *ctx, const struct detail *detail)
{
    const struct entity *entity = detail->entity;
    struct detail_model model = {0};
    model.lines.items = arena_array(ctx->arena, entity->field_count, struct detail_line);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        const char *text = field__shown(ctx, field, detail->values, detail->lists, detail->reveals);
        if (!is_listed(detail, field) || *text == '\0')
            continue;
        model.lines.items[model.lines.count++] =
            (struct detail_line){.label = words(ctx, field->key),
                                 .text = text,
                                 .is_masked = field->is_private && !detail->reveals,
                                 .is_wide = text_characters(text) > CHARACTERS_WIDE};
    }
    part_detail(out, ctx, &model);
}

void detail_json(struct buffer *out, struct ctx *ctx, const struct detail *detail)
{
    entity_json(out, ctx, detail->entity, detail->values, detail->reveals);
}
