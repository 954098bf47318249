/* Uploading, the preview with every fault, accepting and undoing. */
#include <sodium.h>
#include <string.h>

#include "registry/registry.h"
#include "roster/roster_room.h"
#include "roster_html.h"
#include "roster_sql.h"
#include "sheet/sheet.h"
#include "training/training.h"
#include "web/show.h"

enum {
    UPLOAD_BYTES_MAX = 20 * 1000 * 1000,
    LINES_A_PAGE = 100,
    FINDINGS_A_PAGE = 100,
    LOOK_AGAIN_SECONDS = 1,
};

static bool find_class(struct ctx *ctx, struct training_class *ret)
{
    training_class_id id;
    return request_id(ctx, "class", &id.v) && training_class_get(ctx, id, ret) &&
           registry_actor_is_of(ctx, ret->organisation);
}

static struct reply upload_reply(struct ctx *ctx, const struct training_class *class,
                                 const char *problem)
{
    struct roster_upload_page_model *model = arena_one(ctx->arena, struct roster_upload_page_model);
    struct roster_import_list imports = sql_imports_of_class(ctx, class->id);
    model->class = class->id;
    model->class_name = class->name;
    model->problem = problem;
    model->imports.count = imports.count;
    model->imports.items = arena_array(ctx->arena, imports.count, struct roster_upload_page_import);
    for (size_t i = 0; i < imports.count; i++)
        model->imports.items[i] =
            (struct roster_upload_page_import){imports.items[i].id, imports.items[i].file_name,
                                               imports.items[i].line_count, imports.items[i].state};
    return reply_page(&roster_upload_page_page, model, problem == NULL ? 200 : 422);
}

static struct reply show_upload(struct ctx *ctx)
{
    struct training_class class;
    return find_class(ctx, &class) ? upload_reply(ctx, &class, NULL) : reply_not_found(ctx);
}

struct uploaded {
    struct roster_header header;
    struct roster_portion first; /* which is all that most files have */
    const char *file_name;
    const char *hash;
    struct bytes content;
};

/* Reading the file needs no transaction. */
static void prepare_upload(struct ctx *ctx)
{
    struct uploaded *uploaded = arena_one(ctx->arena, struct uploaded);
    const struct upload *upload = request_upload(ctx, "file");
    request_keep(ctx, uploaded);
    if (upload == NULL || upload->length == 0) {
        uploaded->header.outcome = ROSTER_UPLOAD_NO_FILE;
        return;
    }
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, upload->bytes, upload->length);
    char *hex = arena_alloc(ctx->arena, sizeof digest * 2 + 1);
    uploaded->hash = sodium_bin2hex(hex, sizeof digest * 2 + 1, digest, sizeof digest);
    uploaded->file_name = upload->file_name;
    uploaded->content = (struct bytes){upload->bytes, upload->length};
    struct roster_reader *reader = roster_reader_open(ctx, uploaded->content, &uploaded->header);
    if (reader != NULL)
        roster_reader_next(reader, &uploaded->first);
}

/* Why nothing of the file can be staged, or ROSTER_UPLOAD_DONE. */
static enum roster_upload refusal_of(const struct uploaded *uploaded)
{
    return uploaded->header.outcome != ROSTER_UPLOAD_DONE ? uploaded->header.outcome
                                                          : uploaded->first.outcome;
}

static const char *import_path(struct ctx *ctx, roster_import_id id)
{
    return arena_printf(ctx->arena, "/desk/roster/%s", show_id(ctx, id.v));
}

static struct reply post_upload(struct ctx *ctx)
{
    const struct uploaded *uploaded = request_kept(ctx);
    struct training_class class;
    roster_import_id id = {0};
    if (!find_class(ctx, &class))
        return reply_not_found(ctx);
    enum roster_upload outcome = refusal_of(uploaded);
    if (outcome == ROSTER_UPLOAD_DONE)
        outcome = roster_stage(ctx,
                               &(struct roster_file){.class = class.id,
                                                     .file_name = uploaded->file_name,
                                                     .file_hash = uploaded->hash,
                                                     .content = uploaded->content,
                                                     .first = &uploaded->first},
                               &id);
    bool has_header = uploaded->header.outcome == ROSTER_UPLOAD_DONE;
    struct argument arguments[] = {
        {"detail", has_header ? uploaded->first.detail : uploaded->header.detail}};
    const char *path = outcome == ROSTER_UPLOAD_DONE ? import_path(ctx, id) : NULL;
    struct reply reply = reply_outcome_with(ctx, roster_upload_info(outcome), path, arguments, 1);
    if (outcome == ROSTER_UPLOAD_DONE || request_wants_json(ctx))
        return reply;
    return upload_reply(ctx, &class, words_with(ctx, &reply.message));
}

/* --- the preview */

static bool find_import(struct ctx *ctx, struct roster_import *ret,
                        struct training_class *ret_class)
{
    roster_import_id id;
    return request_id(ctx, "import", &id.v) && sql_import_by_id(ctx, id, ret) &&
           training_class_get(ctx, ret->class, ret_class) &&
           registry_actor_is_of(ctx, ret_class->organisation);
}

/* The verdicts that there are, the good ones first, each to be looked at by itself. */
static void fill_choices(struct ctx *ctx, const struct verdict_count_list *counts,
                         struct roster_preview_model *model)
{
    model->choices.items = arena_array(ctx->arena, counts->count, struct roster_preview_choice);
    for (int verdict = LINE_VERDICT_NONE + 1; verdict < LINE_VERDICT_COUNT; verdict++)
        for (size_t i = 0; i < counts->count; i++)
            if ((int)counts->items[i].verdict == verdict)
                model->choices.items[model->choices.count++] =
                    (struct roster_preview_choice){counts->items[i].verdict, counts->items[i].n,
                                                   counts->items[i].verdict == model->chosen};
}

static void count_lines(struct ctx *ctx, struct roster_preview_model *model)
{
    struct verdict_count_list counts = sql_verdict_counts(ctx, model->id);
    for (size_t i = 0; i < counts.count; i++) {
        int64_t n = counts.items[i].n;
        switch (counts.items[i].verdict) {
        case LINE_VERDICT_FRESH:
            model->fresh = n;
            break;
        case LINE_VERDICT_KNOWN:
            model->known = n;
            break;
        case LINE_VERDICT_CHANGED:
            model->changed = n;
            break;
        case LINE_VERDICT_DOUBTFUL:
            model->doubtful = n;
            break;
        case LINE_VERDICT_CONFLICTING:
            model->conflicting = n;
            break;
        case LINE_VERDICT_ALREADY:
            model->already = n;
            break;
        case LINE_VERDICT_REFUSED:
            model->refused = n;
            break;
        case LINE_VERDICT_ENROLLED:
            model->enrolled = n;
            break;
        case LINE_VERDICT_NONE:
            break;
        }
    }
    fill_choices(ctx, &counts, model);
    model->has_faults = model->changed + model->doubtful + model->conflicting + model->refused > 0;
}

/* The lines of one verdict, where the address asks for them. */
static enum line_verdict chosen_verdict(struct ctx *ctx)
{
    enum line_verdict verdict;
    const char *asked = request_query(ctx, "verdict");
    return asked != NULL && line_verdict_parse(asked, &verdict) ? verdict : LINE_VERDICT_NONE;
}

/* One page of many rows, and those beside it. */
struct page_place {
    int64_t page, pages;    /* page 0: there is none */
    int64_t earlier, later; /* INT64_MIN: none */
};

static struct page_place place_of(struct ctx *ctx, const char *parameter, int64_t count,
                                  int64_t rows_a_page)
{
    const char *asked = request_query(ctx, parameter);
    struct page_place place = {.page = 1, .pages = (count + rows_a_page - 1) / rows_a_page};
    if (asked == NULL || !text_integer(asked, &place.page) || place.page < 1)
        place.page = 1;
    if (place.page > place.pages)
        place.page = place.pages;
    place.earlier = place.page > 1 ? place.page - 1 : INT64_MIN;
    place.later = place.page < place.pages ? place.page + 1 : INT64_MIN;
    return place;
}

/* A page of what is to be mended or looked at. */
static void add_findings(struct ctx *ctx, struct roster_preview_model *model)
{
    int64_t count = sql_finding_count(ctx, model->id, model->chosen);
    struct page_place place = place_of(ctx, "page", count, FINDINGS_A_PAGE);
    model->page = place.page;
    model->pages = place.pages;
    model->pager = place.pages > 1;
    model->earlier = place.earlier;
    model->later = place.later;
    if (count == 0)
        return;
    struct roster_note_list notes =
        sql_findings_of(ctx, &(struct sql_findings_of){.import = model->id,
                                                       .verdict = model->chosen,
                                                       .first = (model->page - 1) * FINDINGS_A_PAGE,
                                                       .most = FINDINGS_A_PAGE});
    model->faults.items = arena_array(ctx->arena, notes.count, struct roster_preview_fault);
    for (size_t i = 0; i < notes.count; i++) {
        const struct roster_note *note = &notes.items[i];
        const struct field *field =
            note->field == NULL ? NULL : entity_field(&roster_row_entity, note->field);
        model->faults.items[model->faults.count++] = (struct roster_preview_fault){
            .row_number = note->row_number,
            .name = note->name,
            .field = field == NULL ? "" : words(ctx, field->key),
            .code = note->code,
            .message = note->message,
            .verdict = note->verdict,
        };
    }
}

/* Whom the lines show; who is not registered yet has no record that could be looked at. */
static void tell_shown(struct ctx *ctx, const struct roster_line_list *lines)
{
    struct person_asked *asked = arena_array(ctx->arena, lines->count, struct person_asked);
    struct person_found *found = arena_array(ctx->arena, lines->count, struct person_found);
    for (size_t i = 0; i < lines->count; i++)
        asked[i].identity_no = lines->items[i].identity_no;
    registry_people_find(ctx, asked, lines->count, found);
    for (size_t i = 0; i < lines->count; i++)
        request_shows(ctx, found[i].id.v);
}

/* How many lines without a fault are of the chosen verdict, or of any. */
static int64_t count_good(const struct roster_preview_model *model)
{
    static const enum line_verdict GOOD[] = {LINE_VERDICT_FRESH, LINE_VERDICT_KNOWN,
                                             LINE_VERDICT_CHANGED, LINE_VERDICT_ALREADY,
                                             LINE_VERDICT_ENROLLED};
    int64_t count = 0;
    for (size_t i = 0; i < model->choices.count; i++)
        for (size_t k = 0; k < sizeof GOOD / sizeof GOOD[0]; k++)
            if (model->choices.items[i].verdict == GOOD[k] &&
                (model->chosen == LINE_VERDICT_NONE || model->chosen == GOOD[k]))
                count += model->choices.items[i].n;
    return count;
}

/* The good lines are those that will come in, or those that did. */
static void add_good(struct ctx *ctx, struct roster_preview_model *model)
{
    int64_t count = count_good(model);
    struct page_place place = place_of(ctx, "line_page", count, LINES_A_PAGE);
    model->line_page = place.page;
    model->line_pages = place.pages;
    model->line_pager = place.pages > 1;
    model->line_earlier = place.earlier;
    model->line_later = place.later;
    if (count == 0)
        return;
    struct roster_line_list lines =
        sql_lines_sound(ctx, &(struct sql_lines_sound){.import = model->id,
                                                       .verdict = model->chosen,
                                                       .first = (place.page - 1) * LINES_A_PAGE,
                                                       .most = LINES_A_PAGE});
    tell_shown(ctx, &lines);
    model->lines.items = arena_array(ctx->arena, lines.count, struct roster_preview_line);
    for (size_t i = 0; i < lines.count; i++) {
        const struct roster_line *line = &lines.items[i];
        model->lines.items[model->lines.count++] = (struct roster_preview_line){
            .row_number = line->row_number,
            .name = line->name,
            .identity_no = mask_identity_no(ctx->arena, line->identity_no),
            .phone = mask_phone(ctx->arena, line->phone),
            .verdict = line->verdict};
    }
}

static struct reply show_preview(struct ctx *ctx)
{
    struct roster_import import;
    struct training_class class;
    if (!find_import(ctx, &import, &class))
        return reply_not_found(ctx);
    struct roster_preview_model *model = arena_one(ctx->arena, struct roster_preview_model);
    *model = (struct roster_preview_model){.id = import.id,
                                           .class = class.id,
                                           .class_name = class.name,
                                           .file_name = import.file_name,
                                           .state = import.state,
                                           .line_count = import.line_count,
                                           .fault_count = import.fault_count,
                                           .problem = import.problem,
                                           .chosen = chosen_verdict(ctx),
                                           .is_reading = import.state == IMPORT_STATE_READING};
    struct reply reply = page_roster_preview(ctx, model);
    if (model->is_reading) {
        reply.refresh_seconds = LOOK_AGAIN_SECONDS;
        return reply;
    }
    count_lines(ctx, model);
    add_findings(ctx, model);
    add_good(ctx, model);
    model->may_accept = import.state == IMPORT_STATE_PREVIEWED &&
                        model->fresh + model->known + model->changed + model->conflicting > 0;
    model->may_take_decided = import.state == IMPORT_STATE_ACCEPTED && model->conflicting > 0;
    model->may_take_doubtful =
        (import.state == IMPORT_STATE_PREVIEWED || import.state == IMPORT_STATE_ACCEPTED) &&
        model->doubtful > 0;
    model->may_undo =
        import.state == IMPORT_STATE_ACCEPTED && sql_import_punches(ctx, import.id.v) == 0;
    return reply;
}

static struct reply post_accept(struct ctx *ctx)
{
    struct roster_acceptance acceptance = {.takes_doubtful =
                                               request_form(ctx, "takes_doubtful") != NULL};
    struct roster_intake intake;
    if (!request_id(ctx, "import", &acceptance.import.v))
        return reply_not_found(ctx);
    enum roster_accept outcome = roster_accept(ctx, &acceptance, &intake);
    struct argument arguments[] = {{"n", show_integer(ctx, intake.enrolled)},
                                   {"m", show_integer(ctx, intake.waiting)}};
    return reply_outcome_with(ctx, roster_accept_info(outcome), import_path(ctx, acceptance.import),
                              arguments, 2);
}

static struct reply post_undo(struct ctx *ctx)
{
    roster_import_id id;
    if (!request_id(ctx, "import", &id.v))
        return reply_not_found(ctx);
    return reply_outcome(ctx, roster_undo_info(roster_undo(ctx, id)), import_path(ctx, id));
}

/* --- the file to be filled in */

static struct reply show_template(struct ctx *ctx)
{
    const char *name = words(ctx, "roster.template_name");
    struct bytes file =
        entity_template(ctx, &(struct entity_template){.entity = &roster_row_entity, .name = name});
    return reply_file(sheet_content_type(SHEET_XLSX), arena_printf(ctx->arena, "%s.xlsx", name),
                      file.data, file.length);
}

/* --- the file again, with its faults */

/* By what follows the import's address. */
static const struct copy_kind {
    const char *name;
    enum sheet_format format;
    bool marked_only;
    const char *words; /* behind the file's own name */
} COPY_KINDS[] = {
    {"marked.xlsx", SHEET_XLSX, false, "roster.marked_name"},
    {"marked.csv", SHEET_CSV, false, "roster.marked_name"},
    {"aside.xlsx", SHEET_XLSX, true, "roster.aside_name"},
    {"aside.csv", SHEET_CSV, true, "roster.aside_name"},
};

struct marked {
    const struct copy_kind *kind;
    struct roster_import import;
    struct roster_marking marking;
    struct bytes file;
};

static bool find_content(struct ctx *ctx, void *argument)
{
    struct marked *marked = argument;
    struct training_class class;
    struct roster_content content;
    if (!find_import(ctx, &marked->import, &class) ||
        marked->import.state == IMPORT_STATE_READING ||
        !sql_content_of(ctx, marked->import.id, &content))
        return false;
    marked->marking.content = content.content;
    marked->marking.marks = sql_marks_of(ctx, marked->import.id);
    return true;
}

static const struct copy_kind *kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof COPY_KINDS / sizeof *COPY_KINDS; i++)
        if (text_equal(COPY_KINDS[i].name, name))
            return &COPY_KINDS[i];
    return NULL;
}

/* Reading the file once more needs no transaction. */
static void prepare_marked(struct ctx *ctx)
{
    enum { MARKS_BYTES = 512 * 1024 * 1024 }; /* a million rows, each with something to say */
    struct marked *marked = arena_one(ctx->arena, struct marked);
    request_keep(ctx, marked);
    marked->kind = kind_of(request_part(ctx, "format"));
    if (marked->kind == NULL)
        return;
    marked->marking.format = marked->kind->format;
    marked->marking.marked_only = marked->kind->marked_only;
    arena_set_limit(ctx->arena, arena_used(ctx->arena) + MARKS_BYTES);
    if (request_read(ctx, find_content, marked))
        marked->file = roster__marked(ctx, &marked->marking);
}

/* The file's own name without its ending, and what it is now. */
static const char *marked_name(struct ctx *ctx, const struct marked *marked)
{
    const char *name = marked->import.file_name, *dot = strrchr(name, '.');
    int length = dot == NULL ? (int)strlen(name) : (int)(dot - name);
    return arena_printf(ctx->arena, "%.*s-%s.%s", length, name, words(ctx, marked->kind->words),
                        marked->kind->format == SHEET_CSV ? "csv" : "xlsx");
}

static struct reply show_marked(struct ctx *ctx)
{
    const struct marked *marked = request_kept(ctx);
    if (marked->file.data == NULL)
        return reply_not_found(ctx);
    request_exports(ctx, marked->import.line_count);
    return reply_file(sheet_content_type(marked->marking.format), marked_name(ctx, marked),
                      marked->file.data, marked->file.length);
}

const struct route roster_routes[] = {
    {GET, "/desk/class/:class/roster", PERMISSION_CLASS_APPLY, .handle = show_upload},
    {POST, "/desk/class/:class/roster", PERMISSION_CLASS_APPLY, .handle = post_upload,
     .prepare = prepare_upload, .lane = LANE_HEAVY, .body_max = UPLOAD_BYTES_MAX},
    {GET, "/desk/roster/template.xlsx", PERMISSION_CLASS_APPLY, .handle = show_template,
     .lane = LANE_HEAVY},
    {GET, "/desk/roster/:import", PERMISSION_CLASS_APPLY, .handle = show_preview,
     .shows = "person"},
    {POST, "/desk/roster/:import/accept", PERMISSION_CLASS_APPLY, .handle = post_accept},
    {POST, "/desk/roster/:import/undo", PERMISSION_CLASS_APPLY, .handle = post_undo},
    {GET, "/desk/roster/:import/:format", PERMISSION_CLASS_APPLY, .handle = show_marked,
     .prepare = prepare_marked, .lane = LANE_HEAVY},
    {0},
};
