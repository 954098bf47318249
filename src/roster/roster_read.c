/* From a file's bytes to checked rows, in one pass over the table. */
#include <stdlib.h>
#include <string.h>

#include "registry/registry.h"
#include "roster/roster.h"
#include "sheet/sheet.h"

enum {
    HEADER_WITHIN_ROWS = 30, /* below titles and notes */
    HEADER_SCORE_LEAST = 2,
    PORTION = 512,
    SCRATCH_BYTES = 64 * 1024 * 1024, /* never reached: the sheet bounds its cells */
};

/* --- the header */

struct header {
    int sheet;
    int64_t row;
    size_t score;
    const char **titles;
    size_t title_count;
    struct header_match match;
};

static void titles_of(struct ctx *ctx, const struct sheet_row *row, const char ***ret_titles,
                      size_t *ret_count)
{
    size_t count = row->count == 0 ? 0 : (size_t)row->cells[row->count - 1].column + 1;
    const char **titles = arena_array(ctx->arena, count, const char *);
    for (size_t i = 0; i < row->count; i++)
        titles[row->cells[i].column] = arena_text(ctx->arena, row->cells[i].text);
    *ret_titles = titles;
    *ret_count = count;
}

/* The row among a sheet's first that names most of our fields. */
static void search_sheet(struct ctx *ctx, struct sheet *sheet, int i, struct header *best)
{
    struct sheet_row row;
    if (sheet_is_hidden(sheet, i) || !sheet_select(sheet, i))
        return;
    for (int seen = 0; seen < HEADER_WITHIN_ROWS && sheet_next(sheet, &row) == SHEET_ROW; seen++) {
        const char **titles;
        size_t count;
        titles_of(ctx, &row, &titles, &count);
        size_t score = header_score(ctx, &roster_row_entity, titles, count);
        if (score <= best->score)
            continue;
        best->score = score;
        best->sheet = i;
        best->row = row.number;
        best->titles = titles;
        best->title_count = count;
        best->match = header_match(ctx, &roster_row_entity, titles, count);
    }
}

static bool find_header(struct ctx *ctx, struct sheet *sheet, struct header *ret)
{
    *ret = (struct header){.sheet = -1, .score = HEADER_SCORE_LEAST - 1};
    for (int i = 0; i < sheet_count(sheet); i++)
        search_sheet(ctx, sheet, i, ret);
    return ret->sheet >= 0;
}

/* --- duplicates within the file: an open-addressed set of numbers */

struct seen {
    const char *number;
    int64_t row;
};
struct seen_set {
    struct arena *arena;
    struct seen *slots;
    size_t capacity;
    size_t count;
};

static size_t hash_of(const char *text)
{
    size_t hash = 1469598103934665603u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

static struct seen *slot_of(const struct seen_set *set, const char *number)
{
    size_t at = hash_of(number) & (set->capacity - 1);
    while (set->slots[at].number != NULL && strcmp(set->slots[at].number, number) != 0)
        at = (at + 1) & (set->capacity - 1);
    return &set->slots[at];
}

static void widen(struct seen_set *set)
{
    struct seen_set wider = {.arena = set->arena,
                             .capacity = set->capacity == 0 ? 1024 : set->capacity * 2};
    wider.slots = arena_array(set->arena, wider.capacity, struct seen);
    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i].number != NULL)
            *slot_of(&wider, set->slots[i].number) = set->slots[i];
    wider.count = set->count;
    *set = wider;
}

/* The row that had this number before, or 0; remembers it otherwise. */
static int64_t seen_before(struct seen_set *set, const char *number, int64_t row)
{
    if (set->count * 2 >= set->capacity)
        widen(set);
    struct seen *slot = slot_of(set, number);
    if (slot->number != NULL)
        return slot->row;
    *slot = (struct seen){arena_text(set->arena, number), row};
    set->count++;
    return 0;
}

/* --- one row */

/* Good rows that wait to be looked up together. */
struct portion {
    struct arena *arena;
    size_t count;
    struct person_asked asked[PORTION];
    int64_t rows[PORTION];
};

struct pass {
    struct ctx *ctx;
    struct arena *scratch; /* of the row that is being read */
    const struct header *header;
    struct roster_reading *reading;
    struct roster_options options;
    bool is_1904;
    struct seen_set seen;
    size_t fault_capacity, doubt_capacity, line_capacity;
    struct portion *portion; /* NULL where the registry is not asked */
};

static const char *say(struct ctx *ctx, const char *key, const char *name, const char *value)
{
    return words_with(ctx, &(struct message){key, {{name, value}}});
}

static const char *show_refusal(struct ctx *ctx, enum sheet_refusal refusal)
{
    return words(ctx, sheet_refusal_info(refusal)->code);
}

/* Room for one more in a growing list, which has doubled where it was full. */
static struct roster_fault *one_more(struct arena *arena, struct roster_fault **list, size_t *count,
                                     size_t *capacity)
{
    if (*count == *capacity) {
        size_t wider = *capacity == 0 ? 64 : *capacity * 2;
        *list = arena_grow(arena, *list, *capacity * sizeof **list, wider * sizeof **list);
        *capacity = wider;
    }
    return &(*list)[(*count)++];
}

static struct roster_fault kept(struct pass *pass, struct roster_fault fault)
{
    fault.message = arena_text(pass->ctx->arena, fault.message);
    fault.code = arena_text(pass->ctx->arena, fault.code);
    return fault;
}

static void add_fault(struct pass *pass, struct roster_fault fault)
{
    struct roster_reading *reading = pass->reading;
    *one_more(pass->ctx->arena, &reading->faults, &reading->fault_count, &pass->fault_capacity) =
        kept(pass, fault);
}

static void add_doubt(struct pass *pass, struct roster_fault doubt)
{
    struct roster_reading *reading = pass->reading;
    *one_more(pass->ctx->arena, &reading->doubts, &reading->doubt_count, &pass->doubt_capacity) =
        kept(pass, doubt);
}

/* -1 where the file has no such column. */
static int column_of(const struct pass *pass, const struct field *field)
{
    const struct header_match *match = &pass->header->match;
    for (size_t i = 0; i < match->column_count; i++)
        if (match->columns[i].field == field)
            return (int)i;
    return -1;
}

/* Reads one field. Works in the row's scratch arena. */
static void read_field(struct pass *pass, struct ctx *scratch, const struct sheet_row *row,
                       const struct field *field, struct roster_row *ret)
{
    int column = column_of(pass, field);
    struct field_cell from = {column < 0 ? NULL : sheet_cell_at(row, column), pass->is_1904};
    const struct field_fault *fault = field_read_cell(scratch, field, &from, NULL, ret);
    if (fault != NULL)
        add_fault(pass, (struct roster_fault){row->number, column, field, fault->code,
                                              words_with(scratch, &fault->message)});
}

static void doubt_fields(struct pass *pass, struct ctx *scratch, int64_t row,
                         const struct roster_row *values)
{
    for (size_t i = 0; i < roster_row_entity.field_count; i++) {
        const struct field *field = &roster_row_entity.fields[i];
        const struct field_fault *doubt = field_doubt(scratch, field, values);
        if (doubt != NULL)
            add_doubt(pass, (struct roster_fault){row, column_of(pass, field), field, doubt->code,
                                                  words_with(scratch, &doubt->message)});
    }
}

static bool is_empty(const struct pass *pass, const struct sheet_row *row)
{
    for (size_t i = 0; i < pass->header->match.column_count; i++)
        if (pass->header->match.columns[i].field != NULL && sheet_cell_at(row, (int)i) != NULL)
            return false;
    return true;
}

static const struct roster_fault *copy_of(struct arena *arena, const struct roster_fault *fault)
{
    if (fault == NULL)
        return NULL;
    struct roster_fault *copy = arena_one(arena, struct roster_fault);
    *copy = *fault;
    return copy;
}

static void keep_line(struct pass *pass, const struct roster_read_line *line)
{
    const struct roster_row *values = &line->values;
    struct roster_reading *reading = pass->reading;
    struct arena *arena = pass->ctx->arena;
    if (!pass->options.keeps_lines)
        return;
    if (reading->line_count == pass->line_capacity) {
        size_t wider = pass->line_capacity == 0 ? 64 : pass->line_capacity * 2;
        reading->lines =
            arena_grow(arena, reading->lines, pass->line_capacity * sizeof *reading->lines,
                       wider * sizeof *reading->lines);
        pass->line_capacity = wider;
    }
#define KEEP(text) ((text) == NULL ? NULL : arena_text(arena, (text)))
    reading->lines[reading->line_count++] = (struct roster_read_line){
        .row = line->row,
        .values = {.name = KEEP(values->name),
                   .identity_no = KEEP(values->identity_no),
                   .phone = KEEP(values->phone),
                   .bank_account = KEEP(values->bank_account),
                   .bank_name = KEEP(values->bank_name),
                   .groups = KEEP(values->groups)},
        .fault = copy_of(arena, line->fault),
        .doubt = copy_of(arena, line->doubt),
    };
#undef KEEP
}

static void check_seen(struct pass *pass, struct ctx *scratch, const struct roster_read_line *line)
{
    const char *number = line->values.identity_no;
    int64_t earlier = number == NULL ? 0 : seen_before(&pass->seen, number, line->row);
    if (earlier == 0)
        return;
    const struct field *field = entity_field(&roster_row_entity, "identity_no");
    const char *at = arena_printf(scratch->arena, "%lld", (long long)earlier);
    add_fault(pass, (struct roster_fault){line->row, column_of(pass, field), field, "duplicate",
                                          say(scratch, "field.duplicate", "row", at)});
}

/* --- against those who are registered */

static void look_up(struct pass *pass)
{
    struct portion *portion = pass->portion;
    struct person_found found[PORTION];
    struct ctx scratch = *pass->ctx;
    const struct field *field = entity_field(&roster_row_entity, "name");
    const char *code = person_register_info(PERSON_REGISTER_NAME_DIFFERS)->code;
    scratch.arena = portion->arena;
    registry_people_find(&scratch, portion->asked, portion->count, found);
    for (size_t i = 0; i < portion->count; i++) {
        pass->reading->registered += found[i].id.v != 0 && !found[i].name_differs;
        if (!found[i].name_differs)
            continue;
        pass->reading->accepted--;
        add_fault(pass, (struct roster_fault){portion->rows[i], column_of(pass, field), field, code,
                                              words(&scratch, code)});
    }
    arena_reset(portion->arena);
    portion->count = 0;
}

static void look_up_later(struct pass *pass, const struct roster_read_line *line)
{
    struct portion *portion = pass->portion;
    if (portion == NULL || line->fault != NULL)
        return;
    portion->rows[portion->count] = line->row;
    portion->asked[portion->count++] = (struct person_asked){
        .identity_no = arena_text(portion->arena, line->values.identity_no),
        .name = arena_text(portion->arena, line->values.name),
    };
    if (portion->count == PORTION)
        look_up(pass);
}

static int by_row(const void *a, const void *b)
{
    const struct roster_fault *one = a, *other = b;
    return (one->row > other->row) - (one->row < other->row);
}

/* Portions come late: their faults are put where their rows are. */
static void look_up_rest(struct pass *pass)
{
    if (pass->portion == NULL)
        return;
    look_up(pass);
    if (pass->reading->fault_count > 0)
        qsort(pass->reading->faults, pass->reading->fault_count, sizeof *pass->reading->faults,
              by_row);
}

static void read_row(struct pass *pass, const struct sheet_row *row)
{
    struct ctx scratch = *pass->ctx;
    struct roster_read_line line = {.row = row->number};
    if (is_empty(pass, row))
        return;
    scratch.arena = pass->scratch;
    pass->reading->rows++;
    struct roster_reading *reading = pass->reading;
    size_t faults = reading->fault_count, doubts = reading->doubt_count;
    if (row->is_hidden)
        add_fault(pass, (struct roster_fault){row->number, -1, NULL, "row-hidden",
                                              words(&scratch, "field.row-hidden")});
    for (size_t i = 0; i < roster_row_entity.field_count; i++)
        read_field(pass, &scratch, row, &roster_row_entity.fields[i], &line.values);
    check_seen(pass, &scratch, &line);
    if (reading->fault_count == faults) {
        reading->accepted++;
        doubt_fields(pass, &scratch, row->number, &line.values);
    }
    line.fault = reading->fault_count > faults ? &reading->faults[faults] : NULL;
    line.doubt = reading->doubt_count > doubts ? &reading->doubts[doubts] : NULL;
    keep_line(pass, &line);
    look_up_later(pass, &line);
    arena_reset(pass->scratch);
}

/* --- the whole */

static void free_scratch(void *scratch)
{
    arena_free(scratch);
}

static struct portion *new_portion(struct ctx *ctx)
{
    struct portion *portion = arena_one(ctx->arena, struct portion);
    portion->arena = arena_new(SCRATCH_BYTES);
    arena_defer(ctx->arena, free_scratch, portion->arena);
    return portion;
}

static void refuse(struct roster_reading *reading, enum roster_upload outcome, const char *detail)
{
    reading->outcome = outcome;
    reading->detail = detail;
}

static void read_rows(struct pass *pass, struct sheet *sheet)
{
    struct sheet_row row;
    enum sheet_step step;
    if (!sheet_select(sheet, pass->header->sheet)) {
        refuse(pass->reading, ROSTER_UPLOAD_UNREADABLE,
               show_refusal(pass->ctx, sheet_refusal_of(sheet)));
        return;
    }
    while ((step = sheet_next(sheet, &row)) == SHEET_ROW)
        if (row.number > pass->header->row)
            read_row(pass, &row);
    look_up_rest(pass);
    if (step == SHEET_BAD)
        refuse(pass->reading, ROSTER_UPLOAD_UNREADABLE,
               show_refusal(pass->ctx, sheet_refusal_of(sheet)));
    else if (pass->reading->rows == 0)
        refuse(pass->reading, ROSTER_UPLOAD_EMPTY, NULL);
}

void roster_read(struct ctx *ctx, struct bytes file, struct roster_options options,
                 struct roster_reading *ret)
{
    enum sheet_refusal refusal;
    struct header header;
    *ret = (struct roster_reading){.outcome = ROSTER_UPLOAD_DONE};
    struct sheet *sheet = sheet_open_apart(ctx->arena, file, &sheet_limits_usual, &refusal);
    if (sheet == NULL) {
        refuse(ret, ROSTER_UPLOAD_UNREADABLE, show_refusal(ctx, refusal));
        return;
    }
    if (!find_header(ctx, sheet, &header)) {
        refuse(ret, ROSTER_UPLOAD_NO_HEADER, NULL);
        return;
    }
    ret->sheet = header.sheet;
    ret->header_row = header.row;
    ret->titles = header.titles;
    ret->title_count = header.title_count;
    if (header.match.twice != NULL) {
        refuse(ret, ROSTER_UPLOAD_COLUMN_TWICE, words(ctx, header.match.twice->key));
        return;
    }
    if (header.match.required_missing > 0) {
        refuse(ret, ROSTER_UPLOAD_COLUMN_MISSING, words(ctx, header.match.missing[0]->key));
        return;
    }
    struct pass pass = {.ctx = ctx,
                        .scratch = arena_new(SCRATCH_BYTES),
                        .header = &header,
                        .reading = ret,
                        .options = options,
                        .is_1904 = sheet_is_1904(sheet),
                        .seen = {.arena = ctx->arena}};
    arena_defer(ctx->arena, free_scratch, pass.scratch);
    if (options.asks_registry)
        pass.portion = new_portion(ctx);
    read_rows(&pass, sheet);
    if (pass.portion != NULL)
        arena_close(ctx->arena, pass.portion->arena);
    arena_close(ctx->arena, pass.scratch);
}

void roster_json(const struct roster_reading *reading, struct ctx *ctx, struct buffer *out)
{
    buffer_printf(out, "{\"rows\":%lld,\"accepted\":%lld,\"errors\":[", (long long)reading->rows,
                  (long long)reading->accepted);
    bool is_first = true;
    if (reading->outcome != ROSTER_UPLOAD_DONE) {
        const struct outcome_info *info = roster_upload_info(reading->outcome);
        buffer_printf(out,
                      "{\"row\":%lld,\"column\":null,\"code\":", (long long)reading->header_row);
        buffer_add_json(out, info->code);
        buffer_add(out, ",\"message\":");
        buffer_add_json(out, say(ctx, info->code, "detail", reading->detail));
        buffer_add_char(out, '}');
        is_first = false;
    }
    for (size_t i = 0; i < reading->fault_count; i++) {
        const struct roster_fault *fault = &reading->faults[i];
        buffer_printf(out, "%s{\"row\":%lld,\"column\":", is_first ? "" : ",",
                      (long long)fault->row);
        if (fault->field == NULL)
            buffer_add(out, "null");
        else
            buffer_add_json(out, words(ctx, fault->field->key));
        buffer_add(out, ",\"code\":");
        buffer_add_json(out, fault->code);
        buffer_add(out, ",\"message\":");
        buffer_add_json(out, fault->message);
        buffer_add_char(out, '}');
        is_first = false;
    }
    buffer_add(out, "]}\n");
}
