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
    LINES_SHOWN = 200,
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
    struct roster_reading reading;
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
        uploaded->reading.outcome = ROSTER_UPLOAD_NO_FILE;
        return;
    }
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, upload->bytes, upload->length);
    char *hex = arena_alloc(ctx->arena, sizeof digest * 2 + 1);
    uploaded->hash = sodium_bin2hex(hex, sizeof digest * 2 + 1, digest, sizeof digest);
    uploaded->file_name = upload->file_name;
    uploaded->content = (struct bytes){upload->bytes, upload->length};
    roster_read(ctx, uploaded->content, (struct roster_options){.keeps_lines = true},
                &uploaded->reading);
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
    enum roster_upload outcome = uploaded->reading.outcome;
    if (outcome == ROSTER_UPLOAD_DONE)
        outcome = roster_stage(ctx,
                               &(struct roster_file){.class = class.id,
                                                     .file_name = uploaded->file_name,
                                                     .file_hash = uploaded->hash,
                                                     .content = uploaded->content,
                                                     .reading = &uploaded->reading},
                               &id);
    struct argument arguments[] = {{"detail", uploaded->reading.detail}};
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
        case LINE_VERDICT_DOUBTFUL:
            model->doubtful = n;
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
}

static struct roster_line_list first_lines(struct ctx *ctx, const struct roster_import *import,
                                           enum line_verdict verdict, enum line_verdict other)
{
    return sql_lines_judged(ctx,
                            &(struct sql_lines_judged){import->id, verdict, other, LINES_SHOWN});
}

/* What is to be mended, or looked at. */
static void add_findings(struct ctx *ctx, struct roster_preview_model *model,
                         const struct roster_line_list *lines)
{
    model->faults.items = arena_array(ctx->arena, lines->count, struct roster_preview_fault);
    for (size_t i = 0; i < lines->count; i++) {
        const struct roster_line *line = &lines->items[i];
        const struct field *field =
            line->field == NULL ? NULL : entity_field(&roster_row_entity, line->field);
        model->faults.items[model->faults.count++] = (struct roster_preview_fault){
            .row_number = line->row_number,
            .name = line->name,
            .field = field == NULL ? "" : words(ctx, field->key),
            .message = line->message,
            .verdict = line->verdict,
        };
    }
}

static void add_good(struct ctx *ctx, struct roster_preview_model *model,
                     const struct roster_line_list *lines)
{
    model->lines.items = arena_array(ctx->arena, lines->count, struct roster_preview_line);
    for (size_t i = 0; i < lines->count; i++) {
        const struct roster_line *line = &lines->items[i];
        model->lines.items[model->lines.count++] = (struct roster_preview_line){
            .row_number = line->row_number,
            .name = line->name,
            .identity_no = mask_identity_no(ctx->arena, line->identity_no),
            .phone = mask_phone(ctx->arena, line->phone),
            .verdict = line->verdict};
    }
}

/* The good lines are those that will come in, or those that did. */
static void fill_lines(struct ctx *ctx, struct roster_preview_model *model,
                       const struct roster_import *import)
{
    bool is_ahead = import->state == IMPORT_STATE_PREVIEWED;
    struct roster_line_list findings =
        first_lines(ctx, import, LINE_VERDICT_REFUSED, LINE_VERDICT_DOUBTFUL);
    struct roster_line_list good =
        is_ahead ? first_lines(ctx, import, LINE_VERDICT_FRESH, LINE_VERDICT_KNOWN)
                 : first_lines(ctx, import, LINE_VERDICT_ENROLLED, LINE_VERDICT_ALREADY);
    add_findings(ctx, model, &findings);
    add_good(ctx, model, &good);
    model->more_faults = model->refused + model->doubtful - (int64_t)findings.count;
    int64_t all_good = is_ahead ? model->fresh + model->known : model->enrolled + model->already;
    model->more_lines = all_good - (int64_t)good.count;
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
                                           .line_count = import.line_count};
    count_lines(ctx, model);
    fill_lines(ctx, model, &import);
    model->may_accept = import.state == IMPORT_STATE_PREVIEWED && model->fresh + model->known > 0;
    model->may_take_doubtful = import.state != IMPORT_STATE_UNDONE && model->doubtful > 0;
    model->may_undo =
        import.state == IMPORT_STATE_ACCEPTED && sql_import_punches(ctx, import.id.v) == 0;
    return page_roster_preview(ctx, model);
}

static struct reply post_accept(struct ctx *ctx)
{
    struct roster_acceptance acceptance = {.takes_doubtful =
                                               request_form(ctx, "takes_doubtful") != NULL};
    int64_t enrolled;
    if (!request_id(ctx, "import", &acceptance.import.v))
        return reply_not_found(ctx);
    enum roster_accept outcome = roster_accept(ctx, &acceptance, &enrolled);
    struct argument arguments[] = {{"n", show_integer(ctx, enrolled)}};
    return reply_outcome_with(ctx, roster_accept_info(outcome), import_path(ctx, acceptance.import),
                              arguments, 1);
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

struct marked {
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
        !sql_content_of(ctx, marked->import.id, &content))
        return false;
    marked->marking.content = content.content;
    marked->marking.lines = sql_lines_of(ctx, marked->import.id);
    return true;
}

/* Reading the file once more needs no transaction. */
static void prepare_marked(struct ctx *ctx)
{
    struct marked *marked = arena_one(ctx->arena, struct marked);
    const char *format = request_part(ctx, "format");
    request_keep(ctx, marked);
    marked->marking.format = text_equal(format, "marked.csv") ? SHEET_CSV : SHEET_XLSX;
    bool is_known = text_equal(format, "marked.csv") || text_equal(format, "marked.xlsx");
    if (is_known && request_read(ctx, find_content, marked))
        marked->file = roster__marked(ctx, &marked->marking);
}

/* The file's own name without its ending, and what it is now. */
static const char *marked_name(struct ctx *ctx, const struct marked *marked)
{
    const char *name = marked->import.file_name, *dot = strrchr(name, '.');
    int length = dot == NULL ? (int)strlen(name) : (int)(dot - name);
    return arena_printf(ctx->arena, "%.*s-%s.%s", length, name, words(ctx, "roster.marked_name"),
                        marked->marking.format == SHEET_CSV ? "csv" : "xlsx");
}

static struct reply show_marked(struct ctx *ctx)
{
    const struct marked *marked = request_kept(ctx);
    if (marked->file.data == NULL)
        return reply_not_found(ctx);
    return reply_file(sheet_content_type(marked->marking.format), marked_name(ctx, marked),
                      marked->file.data, marked->file.length);
}

const struct route roster_routes[] = {
    {GET, "/desk/class/:class/roster", PERMISSION_CLASS_APPLY, .handle = show_upload},
    {POST, "/desk/class/:class/roster", PERMISSION_CLASS_APPLY, .handle = post_upload,
     .prepare = prepare_upload, .lane = LANE_HEAVY, .body_max = UPLOAD_BYTES_MAX},
    {GET, "/desk/roster/template.xlsx", PERMISSION_CLASS_APPLY, .handle = show_template,
     .lane = LANE_HEAVY},
    {GET, "/desk/roster/:import", PERMISSION_CLASS_APPLY, .handle = show_preview},
    {POST, "/desk/roster/:import/accept", PERMISSION_CLASS_APPLY, .handle = post_accept},
    {POST, "/desk/roster/:import/undo", PERMISSION_CLASS_APPLY, .handle = post_undo},
    {GET, "/desk/roster/:import/:format", PERMISSION_CLASS_APPLY, .handle = show_marked,
     .prepare = prepare_marked, .lane = LANE_HEAVY},
    {0},
};
