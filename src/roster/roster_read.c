/* From a file's bytes to checked rows, a portion at a time, in one pass over the table. */
#include <assert.h>
#include <string.h>

#include "registry/registry.h"
#include "roster/roster_room.h"

enum {
    HEADER_WITHIN_ROWS = 30, /* below titles and notes */
    HEADER_SCORE_LEAST = 2,
    FINDINGS_MOST = 16,                /* of one row: one a field, and the row's own */
    PORTION_BYTES = 256 * 1024 * 1024, /* never reached: the sheet bounds its cells */
};

/* --- the header */

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

/* The row among a sheet's first that names more of our fields than the best so far; how many. */
static size_t search_sheet(struct ctx *ctx, struct sheet *sheet, int i, size_t best,
                           struct roster_header *ret)
{
    struct sheet_row row;
    if (sheet_is_hidden(sheet, i) || !sheet_select(sheet, i))
        return best;
    for (int seen = 0; seen < HEADER_WITHIN_ROWS && sheet_next(sheet, &row) == SHEET_ROW; seen++) {
        const char **titles;
        size_t count;
        titles_of(ctx, &row, &titles, &count);
        size_t score = header_score(ctx, &roster_row_entity, titles, count);
        if (score <= best)
            continue;
        best = score;
        ret->sheet = i;
        ret->row = row.number;
        ret->titles = titles;
        ret->title_count = count;
        ret->match = header_match(ctx, &roster_row_entity, titles, count);
    }
    return best;
}

static const char *show_refusal(struct ctx *ctx, enum sheet_refusal refusal)
{
    return words(ctx, sheet_refusal_info(refusal)->code);
}

static bool refuse(struct roster_header *ret, enum roster_upload outcome, const char *detail)
{
    ret->outcome = outcome;
    ret->detail = detail;
    return false;
}

bool roster__find_header(struct ctx *ctx, struct sheet *sheet, struct roster_header *ret)
{
    size_t score = HEADER_SCORE_LEAST - 1;
    *ret = (struct roster_header){.outcome = ROSTER_UPLOAD_DONE};
    for (int i = 0; i < sheet_count(sheet); i++)
        score = search_sheet(ctx, sheet, i, score, ret);
    if (ret->row == 0)
        return refuse(ret, ROSTER_UPLOAD_NO_HEADER, NULL);
    if (ret->match.twice != NULL)
        return refuse(ret, ROSTER_UPLOAD_COLUMN_TWICE, words(ctx, ret->match.twice->key));
    if (ret->match.required_missing > 0)
        return refuse(ret, ROSTER_UPLOAD_COLUMN_MISSING, words(ctx, ret->match.missing[0]->key));
    if (!sheet_select(sheet, ret->sheet))
        return refuse(ret, ROSTER_UPLOAD_UNREADABLE, show_refusal(ctx, sheet_refusal_of(sheet)));
    return true;
}

/* --- numbers that the file had before: an open-addressed set */

struct seen {
    size_t hash; /* compared first: most other numbers are told apart without a look at them */
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

static struct seen *slot_of(const struct seen_set *set, const char *number, size_t hash)
{
    size_t at = hash & (set->capacity - 1);
    while (set->slots[at].number != NULL &&
           (set->slots[at].hash != hash || strcmp(set->slots[at].number, number) != 0))
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
            *slot_of(&wider, set->slots[i].number, set->slots[i].hash) = set->slots[i];
    wider.count = set->count;
    *set = wider;
}

/* The row that had this number before, or 0; remembers it otherwise. */
static int64_t seen_before(struct seen_set *set, const char *number, int64_t row)
{
    if (set->count * 2 >= set->capacity)
        widen(set);
    size_t hash = hash_of(number);
    struct seen *slot = slot_of(set, number, hash);
    if (slot->number != NULL)
        return slot->row;
    *slot = (struct seen){hash, arena_text(set->arena, number), row};
    set->count++;
    return 0;
}

/* --- one row */

struct roster_reader {
    struct ctx *ctx;
    struct sheet *sheet;
    struct arena *scratch; /* of the portion that is being read */
    struct roster_header header;
    bool is_1904;
    bool is_over;
    int columns[FINDINGS_MOST]; /* by the entity's fields; -1 where the file has no such column */
    struct seen_set numbers;
    struct seen_set accounts;
    int64_t rows;
    struct roster_read_line lines[ROSTER_PORTION];
};

/* What is found at one row, before it is known how much. */
struct findings {
    size_t count;
    struct roster_fault items[FINDINGS_MOST];
};

static const char *say(struct ctx *ctx, const char *key, const char *name, const char *value)
{
    return words_with(ctx, &(struct message){key, {{name, value}}});
}

static void add_finding(struct findings *findings, struct roster_fault finding)
{
    if (findings->count < FINDINGS_MOST)
        findings->items[findings->count++] = finding;
}

static int column_of(const struct roster_reader *reader, const struct field *field)
{
    return reader->columns[field - roster_row_entity.fields];
}

/* `scratch` is the ctx with the portion's memory, here and below. */
static void read_field(struct roster_reader *reader, struct ctx *scratch,
                       const struct sheet_row *row, const struct field *field,
                       struct roster_row *ret, struct findings *faults)
{
    int column = column_of(reader, field);
    struct field_cell from = {column < 0 ? NULL : sheet_cell_at(row, column), reader->is_1904};
    const struct field_fault *fault = field_read_cell(scratch, field, &from, NULL, ret);
    if (fault != NULL)
        add_finding(faults, (struct roster_fault){row->number, column, field, fault->code,
                                                  words_with(scratch, &fault->message)});
}

static void doubt_fields(struct roster_reader *reader, struct ctx *scratch, int64_t row,
                         const struct roster_row *values, struct findings *doubts)
{
    for (size_t i = 0; i < roster_row_entity.field_count; i++) {
        const struct field *field = &roster_row_entity.fields[i];
        const struct field_fault *doubt = field_doubt(scratch, field, values);
        if (doubt != NULL)
            add_finding(doubts,
                        (struct roster_fault){row, column_of(reader, field), field, doubt->code,
                                              words_with(scratch, &doubt->message)});
    }
}

static bool is_empty(const struct roster_reader *reader, const struct sheet_row *row)
{
    for (size_t i = 0; i < roster_row_entity.field_count; i++)
        if (reader->columns[i] >= 0 && sheet_cell_at(row, reader->columns[i]) != NULL)
            return false;
    return true;
}

/* What a number of which each person has an own says where an earlier row has it too. */
struct repetition {
    struct seen_set *seen;
    const char *number;
    const char *field;
    const char *code;
    const char *words;
};

static void check_repeated(struct roster_reader *reader, struct ctx *scratch, int64_t row,
                           const struct repetition *repetition, struct findings *ret)
{
    int64_t earlier =
        repetition->number == NULL ? 0 : seen_before(repetition->seen, repetition->number, row);
    if (earlier == 0)
        return;
    const struct field *field = entity_field(&roster_row_entity, repetition->field);
    const char *at = arena_printf(scratch->arena, "%lld", (long long)earlier);
    add_finding(ret, (struct roster_fault){row, column_of(reader, field), field, repetition->code,
                                           say(scratch, repetition->words, "row", at)});
}

static const struct roster_fault *keep(struct arena *arena, const struct findings *findings)
{
    if (findings->count == 0)
        return NULL;
    struct roster_fault *kept = arena_array(arena, findings->count, struct roster_fault);
    memcpy(kept, findings->items, findings->count * sizeof *kept);
    return kept;
}

static void read_row(struct roster_reader *reader, const struct sheet_row *row,
                     struct roster_read_line *ret)
{
    struct ctx scratch = *reader->ctx;
    struct findings faults = {0}, doubts = {0};
    struct roster_row *values = &ret->values;
    scratch.arena = reader->scratch;
    *ret = (struct roster_read_line){.row = row->number};
    if (row->is_hidden)
        add_finding(&faults, (struct roster_fault){row->number, -1, NULL, "row-hidden",
                                                   words(&scratch, "field.row-hidden")});
    for (size_t i = 0; i < roster_row_entity.field_count; i++)
        read_field(reader, &scratch, row, &roster_row_entity.fields[i], values, &faults);
    check_repeated(reader, &scratch, row->number,
                   &(struct repetition){&reader->numbers, values->identity_no, "identity_no",
                                        "duplicate", "field.duplicate"},
                   &faults);
    check_repeated(reader, &scratch, row->number,
                   &(struct repetition){&reader->accounts, values->bank_account, "bank_account",
                                        "account-shared", "field.account-shared"},
                   &doubts);
    if (faults.count == 0)
        doubt_fields(reader, &scratch, row->number, values, &doubts);
    else
        doubts.count = 0;
    ret->fault_count = faults.count;
    ret->faults = keep(reader->scratch, &faults);
    ret->doubt_count = doubts.count;
    ret->doubts = keep(reader->scratch, &doubts);
}

/* --- the whole */

static void free_scratch(void *scratch)
{
    arena_free(scratch);
}

static void find_columns(struct roster_reader *reader)
{
    const struct header_match *match = &reader->header.match;
    assert(roster_row_entity.field_count < FINDINGS_MOST);
    for (int i = 0; i < FINDINGS_MOST; i++)
        reader->columns[i] = -1;
    for (size_t i = 0; i < match->column_count; i++)
        if (match->columns[i].field != NULL)
            reader->columns[match->columns[i].field - roster_row_entity.fields] = (int)i;
}

struct roster_reader *roster_reader_open(struct ctx *ctx, struct bytes file,
                                         struct roster_header *ret)
{
    enum sheet_refusal refusal;
    struct sheet *sheet = sheet_open_apart(ctx->arena, file, &sheet_limits_usual, &refusal);
    if (sheet == NULL) {
        *ret = (struct roster_header){.outcome = ROSTER_UPLOAD_UNREADABLE,
                                      .detail = show_refusal(ctx, refusal)};
        return NULL;
    }
    if (!roster__find_header(ctx, sheet, ret))
        return NULL;
    struct roster_reader *reader = arena_one(ctx->arena, struct roster_reader);
    *reader = (struct roster_reader){.ctx = ctx,
                                     .sheet = sheet,
                                     .scratch = arena_new(PORTION_BYTES),
                                     .header = *ret,
                                     .is_1904 = sheet_is_1904(sheet),
                                     .numbers = {.arena = ctx->arena},
                                     .accounts = {.arena = ctx->arena}};
    arena_defer(ctx->arena, free_scratch, reader->scratch);
    find_columns(reader);
    return reader;
}

static void end(struct roster_reader *reader, enum sheet_step step, struct roster_portion *ret)
{
    reader->is_over = true;
    ret->is_last = true;
    if (step == SHEET_BAD) {
        ret->outcome = ROSTER_UPLOAD_UNREADABLE;
        ret->detail = show_refusal(reader->ctx, sheet_refusal_of(reader->sheet));
    } else if (reader->rows == 0) {
        ret->outcome = ROSTER_UPLOAD_EMPTY;
    }
}

void roster_reader_next(struct roster_reader *reader, struct roster_portion *ret)
{
    struct sheet_row row;
    enum sheet_step step = SHEET_END;
    assert(!reader->is_over);
    arena_reset(reader->scratch);
    *ret = (struct roster_portion){.outcome = ROSTER_UPLOAD_DONE, .lines = reader->lines};
    while (ret->count < ROSTER_PORTION && (step = sheet_next(reader->sheet, &row)) == SHEET_ROW)
        if (row.number > reader->header.row && !is_empty(reader, &row))
            read_row(reader, &row, &reader->lines[ret->count++]);
    reader->rows += (int64_t)ret->count;
    if (ret->count < ROSTER_PORTION)
        end(reader, step, ret);
}

/* --- a file by itself */

/* Puts the findings of a row, which go with its portion, behind those that are kept. */
static void collect(struct arena *arena, struct roster_fault_list *list,
                    const struct roster_fault *findings, size_t count)
{
    if (list->count + count > list->capacity) {
        size_t wider = list->capacity == 0 ? 64 : list->capacity * 2;
        list->items = arena_grow(arena, list->items, list->capacity * sizeof *list->items,
                                 wider * sizeof *list->items);
        list->capacity = wider;
    }
    for (size_t i = 0; i < count; i++) {
        struct roster_fault *kept = &list->items[list->count++];
        *kept = findings[i];
        kept->message = arena_text(arena, findings[i].message);
    }
}

/* Those of a portion whose number is registered under another name; how many are under theirs. */
static int64_t look_up(struct ctx *ctx, const struct roster_portion *portion,
                       struct person_found *ret)
{
    struct person_asked asked[ROSTER_PORTION] = {0};
    int64_t registered = 0;
    for (size_t i = 0; i < portion->count; i++)
        if (portion->lines[i].fault_count == 0)
            asked[i] = (struct person_asked){portion->lines[i].values.identity_no,
                                             portion->lines[i].values.name};
    registry_people_find(ctx, asked, portion->count, ret);
    for (size_t i = 0; i < portion->count; i++)
        registered += ret[i].id.v != 0 && !ret[i].name_differs;
    return registered;
}

static void collect_line(const struct roster_reader *reader, const struct roster_read_line *line,
                         bool name_differs, struct roster_reading *ret)
{
    struct ctx *ctx = reader->ctx;
    ret->rows++;
    ret->accepted += line->fault_count == 0 && !name_differs;
    collect(ctx->arena, &ret->faults, line->faults, line->fault_count);
    collect(ctx->arena, &ret->doubts, line->doubts, line->doubt_count);
    if (!name_differs)
        return;
    const struct field *field = entity_field(&roster_row_entity, "name");
    const char *code = person_register_info(PERSON_REGISTER_NAME_DIFFERS)->code;
    struct roster_fault fault = {line->row, column_of(reader, field), field, code,
                                 words(ctx, code)};
    collect(ctx->arena, &ret->faults, &fault, 1);
}

void roster_read(struct ctx *ctx, struct bytes file, struct roster_options options,
                 struct roster_reading *ret)
{
    struct roster_portion portion = {0};
    *ret = (struct roster_reading){0};
    struct roster_reader *reader = roster_reader_open(ctx, file, &ret->header);
    ret->outcome = ret->header.outcome;
    ret->detail = ret->header.detail;
    if (reader == NULL)
        return;
    struct ctx scratch = *ctx;
    scratch.arena = reader->scratch;
    while (!portion.is_last) {
        struct person_found found[ROSTER_PORTION] = {0};
        roster_reader_next(reader, &portion);
        if (options.asks_registry)
            ret->registered += look_up(&scratch, &portion, found);
        for (size_t i = 0; i < portion.count; i++)
            collect_line(reader, &portion.lines[i], found[i].name_differs, ret);
    }
    ret->outcome = portion.outcome;
    ret->detail = portion.detail;
}

static void add_error(struct buffer *out, bool is_first, const char *column,
                      const struct roster_fault *fault)
{
    buffer_printf(out, "%s{\"row\":%lld,\"column\":", is_first ? "" : ",", (long long)fault->row);
    if (column == NULL)
        buffer_add(out, "null");
    else
        buffer_add_json(out, column);
    buffer_add(out, ",\"code\":");
    buffer_add_json(out, fault->code);
    buffer_add(out, ",\"message\":");
    buffer_add_json(out, fault->message);
    buffer_add_char(out, '}');
}

void roster_json(const struct roster_reading *reading, struct ctx *ctx, struct buffer *out)
{
    bool is_refused = reading->outcome != ROSTER_UPLOAD_DONE;
    buffer_printf(out, "{\"rows\":%lld,\"accepted\":%lld,\"errors\":[", (long long)reading->rows,
                  (long long)reading->accepted);
    if (is_refused) {
        const char *code = roster_upload_info(reading->outcome)->code;
        struct roster_fault fault = {.row = reading->header.row,
                                     .code = code,
                                     .message = say(ctx, code, "detail", reading->detail)};
        add_error(out, /* is_first= */ true, NULL, &fault);
    }
    for (size_t i = 0; i < reading->faults.count; i++) {
        const struct roster_fault *fault = &reading->faults.items[i];
        add_error(out, !is_refused && i == 0,
                  fault->field == NULL ? NULL : words(ctx, fault->field->key), fault);
    }
    buffer_add(out, "]}\n");
}
