/* An entity's inputs on a page; the HTML is in pages/. */
#include <string.h>

#include "dictionary/dictionary.h"
#include "dictionary_html.h"
#include "web/web.h"

static const struct field_fault *fault_of(const struct form *form, const struct field *field)
{
    for (size_t i = 0; form->faults != NULL && i < form->faults->count; i++)
        if (form->faults->items[i].field == field)
            return &form->faults->items[i];
    return NULL;
}

/* What the person typed last stays in the form; a password never does. */
static const char *value_of(struct ctx *ctx, const struct form *form, const struct field *field)
{
    bool is_password = strcmp(field->name, "password") == 0;
    if (form->is_echo && !is_password) {
        const char *typed = request_form(ctx, field->name);
        return typed == NULL ? "" : typed;
    }
    return form->values == NULL || is_password ? "" : field_plain(ctx, field, form->values);
}

/* The words of a hint, where the catalogue has one. */
static const char *hint_of(struct ctx *ctx, const struct field *field)
{
    const char *key = arena_printf(ctx->arena, "%s.hint", field->key);
    const char *text = words(ctx, key);
    return text == key ? NULL : text;
}

static void add_choice(struct ctx *ctx, struct field_input_model *model, const char *code,
                       const char *label)
{
    size_t size = sizeof *model->choices.items;
    model->choices.items = arena_grow(ctx->arena, model->choices.items, model->choices.count * size,
                                      (model->choices.count + 1) * size);
    model->choices.items[model->choices.count++] = (struct field_input_choice){
        .code = code, .label = label, .is_chosen = text_equal(code, model->value)};
}

static void fill_choices(struct ctx *ctx, const struct form *form, const struct field *field,
                         struct field_input_model *model)
{
    if (field->type == FIELD_ENUM)
        for (const struct enum_value *value = field->values; value->code != NULL; value++)
            add_choice(
                ctx, model, value->code,
                words(ctx, arena_printf(ctx->arena, "%s.%s", field->enum_name, value->code)));
    for (const struct code_list *list = form->lists;
         field->list != NULL && list != NULL && list->name != NULL; list++) {
        const char *code, *label;
        if (strcmp(list->name, field->list) == 0)
            for (size_t i = 0; list->at(ctx, i, &code, &label); i++)
                add_choice(ctx, model, code, label);
    }
    model->is_select = model->choices.count > 0;
}

static const char *input_mode(const struct field *field)
{
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_PHONE:
    case FIELD_BANK_ACCOUNT:
        return "numeric";
    case FIELD_FEN:
        return "decimal";
    case FIELD_TEXT:
    case FIELD_DAY:
    case FIELD_BOOL:
    case FIELD_ENUM:
    case FIELD_ID:
    case FIELD_IDENTITY_NO:
    case FIELD_CREDIT_CODE:
    case FIELD_FILE:
        break;
    }
    return "text";
}

void dictionary_input(struct buffer *out, struct ctx *ctx, const struct form *form,
                      const char *name)
{
    const struct field *field = entity_field(form->entity, name);
    const struct field_fault *fault = fault_of(form, field);
    struct field_input_model model = {
        .name = field->name,
        .label = words(ctx, field->key),
        .hint = hint_of(ctx, field),
        .error =
            fault == NULL ? NULL : words_with(ctx, (struct message *)(uintptr_t)&fault->message),
        .value = value_of(ctx, form, field),
        .mode = input_mode(field),
        .is_required = field->is_required,
        .is_password = strcmp(field->name, "password") == 0,
        .is_date = field->type == FIELD_DAY,
        .is_checkbox = field->type == FIELD_BOOL,
        .is_short = field->type == FIELD_DAY || field->type == FIELD_INTEGER,
    };
    model.is_checked = model.is_checkbox && text_equal(model.value, "1");
    fill_choices(ctx, form, field, &model);
    part_field_input(out, ctx, &model);
}

void dictionary_fault_summary(struct buffer *out, struct ctx *ctx, const struct form *form)
{
    if (form->faults == NULL || form->faults->count == 0)
        return;
    struct fault_summary_model model = {.fault_count = (int64_t)form->faults->count};
    model.faults.count = form->faults->count;
    model.faults.items = arena_array(ctx->arena, form->faults->count, struct fault_summary_fault);
    for (size_t i = 0; i < form->faults->count; i++) {
        const struct field_fault *fault = &form->faults->items[i];
        model.faults.items[i] = (struct fault_summary_fault){
            .name = fault->field->name,
            .label = words(ctx, fault->field->key),
            .message = words_with(ctx, (struct message *)(uintptr_t)&fault->message)};
    }
    part_fault_summary(out, ctx, &model);
}
