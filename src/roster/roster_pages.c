/* Uploading, the preview with every fault, accepting and undoing. */
#include <sodium.h>
#include <string.h>

#include "registry/registry.h"
#include "roster/roster.h"
#include "roster_html.h"
#include "roster_sql.h"
#include "sheet/sheet.h"
#include "training/training.h"
#include "web/show.h"

enum {
    UPLOAD_BYTES_MAX = 20 * 1000 * 1000,
    LINES_SHOWN = 500,
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
    roster_read(ctx, (struct bytes){upload->bytes, upload->length},
                (struct roster_options){.keeps_lines = true}, &uploaded->reading);
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

static void count_line(struct roster_preview_model *model, enum line_verdict verdict)
{
    switch (verdict) {
    case LINE_VERDICT_FRESH:
        model->fresh++;
        break;
    case LINE_VERDICT_KNOWN:
        model->known++;
        break;
    case LINE_VERDICT_ALREADY:
        model->already++;
        break;
    case LINE_VERDICT_REFUSED:
        model->refused++;
        break;
    case LINE_VERDICT_ENROLLED:
        model->enrolled++;
        break;
    case LINE_VERDICT_NONE:
        break;
    }
}

static void add_line(struct ctx *ctx, struct roster_preview_model *model,
                     const struct roster_line *line)
{
    count_line(model, line->verdict);
    if (line->verdict == LINE_VERDICT_REFUSED) {
        const struct field *field =
            line->field == NULL ? NULL : entity_field(&roster_row_entity, line->field);
        if (model->faults.count < LINES_SHOWN)
            model->faults.items[model->faults.count++] =
                (struct roster_preview_fault){.row_number = line->row_number,
                                              .name = line->name,
                                              .field = field == NULL ? "" : words(ctx, field->key),
                                              .message = line->message};
        return;
    }
    if (model->lines.count < LINES_SHOWN)
        model->lines.items[model->lines.count++] = (struct roster_preview_line){
            .row_number = line->row_number,
            .name = line->name,
            .identity_no = mask_identity_no(ctx->arena, line->identity_no),
            .phone = mask_phone(ctx->arena, line->phone),
            .verdict = line->verdict};
}

static struct reply show_preview(struct ctx *ctx)
{
    struct roster_import import;
    struct training_class class;
    if (!find_import(ctx, &import, &class))
        return reply_not_found(ctx);
    struct roster_preview_model *model = arena_one(ctx->arena, struct roster_preview_model);
    struct roster_line_list lines = sql_lines_of(ctx, import.id);
    *model = (struct roster_preview_model){.id = import.id,
                                           .class = class.id,
                                           .class_name = class.name,
                                           .file_name = import.file_name,
                                           .state = import.state,
                                           .line_count = import.line_count};
    model->faults.items = arena_array(ctx->arena, LINES_SHOWN, struct roster_preview_fault);
    model->lines.items = arena_array(ctx->arena, LINES_SHOWN, struct roster_preview_line);
    for (size_t i = 0; i < lines.count; i++)
        add_line(ctx, model, &lines.items[i]);
    model->may_accept = import.state == IMPORT_STATE_PREVIEWED && model->fresh + model->known > 0;
    model->may_undo =
        import.state == IMPORT_STATE_ACCEPTED && sql_import_punches(ctx, import.id.v) == 0;
    return page_roster_preview(ctx, model);
}

static struct reply post_accept(struct ctx *ctx)
{
    roster_import_id id;
    int64_t enrolled;
    if (!request_id(ctx, "import", &id.v))
        return reply_not_found(ctx);
    enum roster_accept outcome = roster_accept(ctx, id, &enrolled);
    struct argument arguments[] = {{"n", show_integer(ctx, enrolled)}};
    return reply_outcome_with(ctx, roster_accept_info(outcome), import_path(ctx, id), arguments, 1);
}

static struct reply post_undo(struct ctx *ctx)
{
    roster_import_id id;
    if (!request_id(ctx, "import", &id.v))
        return reply_not_found(ctx);
    return reply_outcome(ctx, roster_undo_info(roster_undo(ctx, id)), import_path(ctx, id));
}

/* --- the file again, with its faults beside each row */

static void add_cell(struct buffer *out, const char *text, char end)
{
    buffer_add_char(out, '"');
    /* Kept as text by a spreadsheet, and never a formula. */
    bool is_number = text != NULL && strspn(text, "0123456789") > 11;
    bool is_formula = text != NULL && *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
    if (is_number || is_formula)
        buffer_add(out, is_number ? "\t" : "'");
    for (const char *at = show_text(text); *at != '\0'; at++) {
        if (*at == '"')
            buffer_add_char(out, '"');
        buffer_add_char(out, *at);
    }
    buffer_add_char(out, '"');
    buffer_add_char(out, end);
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

static struct reply show_marked(struct ctx *ctx)
{
    struct roster_import import;
    struct training_class class;
    if (!find_import(ctx, &import, &class))
        return reply_not_found(ctx);
    struct roster_line_list lines = sql_lines_of(ctx, import.id);
    struct buffer out = buffer_new(ctx->arena, 128 * (lines.count + 1));
    buffer_add(&out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < roster_row_entity.field_count; i++)
        add_cell(&out, words(ctx, roster_row_entity.fields[i].key), ',');
    add_cell(&out, words(ctx, "roster.place"), ',');
    add_cell(&out, words(ctx, "roster.mend"), '\n');
    for (size_t i = 0; i < lines.count; i++) {
        const struct roster_line *line = &lines.items[i];
        add_cell(&out, line->name, ',');
        add_cell(&out, line->identity_no, ',');
        add_cell(&out, line->phone, ',');
        add_cell(&out, line->bank_account, ',');
        add_cell(&out, line->bank_name, ',');
        add_cell(&out, show_integer_plain(ctx, line->row_number), ',');
        add_cell(&out, line->message, '\n');
    }
    return reply_file("text/csv; charset=utf-8",
                      arena_printf(ctx->arena, "%s.csv", import.file_name), out.bytes, out.length);
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
    {GET, "/desk/roster/:import/marked.csv", PERMISSION_CLASS_APPLY, .handle = show_marked},
    {0},
};
