/* An entity's inputs on a page; the HTML is in pages/. */
#include <assert.h>
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "dictionary_html.h"
#include "web/web.h"

enum {
    CHOICES_SELECT = 30,     /* more of them are easier typed than scrolled */
    CHOICES_OFFERED = 2000,  /* a page stays under its weight; what is typed counts all the same */
    CHARACTERS_OF_LINE = 200 /* longer texts get lines */
};

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
    const char *typed = form->is_echo ? request_form(ctx, field->name) : NULL;
    if (field->type == FIELD_PASSWORD || field->type == FIELD_FILE)
        return "";
    if (form->is_echo)
        return typed == NULL ? "" : typed;
    return form->values == NULL ? "" : field_plain(ctx, field, form->values);
}

/* --- choices --- */

static size_t count_choices(struct ctx *ctx, const struct code_list *list)
{
    const char *code, *label;
    size_t count = 0;
    while (count < CHOICES_OFFERED && list->at(ctx, count, &code, &label))
        count++;
    return count;
}

static void fill_from_enum(struct ctx *ctx, const struct field *field,
                           struct field_input_model *model)
{
    size_t count = 0;
    while (field->values[count].code != NULL)
        count++;
    model->choices.items = arena_array(ctx->arena, count, struct field_input_choice);
    for (; model->choices.count < count; model->choices.count++) {
        const char *code = field->values[model->choices.count].code;
        const char *key = arena_printf(ctx->arena, "%s.%s", field->enum_name, code);
        model->choices.items[model->choices.count] =
            (struct field_input_choice){code, words(ctx, key), text_equal(code, model->value)};
    }
    model->is_select = true;
}

/* Few choices are a select; of many, an input suggests the labels and shows the one it has. */
static void fill_from_list(struct ctx *ctx, const struct code_list *list,
                           struct field_input_model *model)
{
    size_t count = count_choices(ctx, list);
    model->choices.items = arena_array(ctx->arena, count, struct field_input_choice);
    model->is_select = count > 0 && count <= CHOICES_SELECT;
    model->has_choices = count > CHOICES_SELECT;
    const char *value = model->value;
    for (; model->choices.count < count; model->choices.count++) {
        struct field_input_choice *choice = &model->choices.items[model->choices.count];
        list->at(ctx, model->choices.count, &choice->code, &choice->label);
        choice->is_chosen = text_equal(choice->code, value);
        if (model->has_choices && choice->is_chosen)
            model->value = choice->label;
    }
}

/* --- one input --- */

static const char *input_mode(const struct field *field)
{
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_BANK_ACCOUNT:
        return "numeric";
    case FIELD_FEN:
        return "decimal";
    case FIELD_PHONE:
        return "tel";
    case FIELD_TEXT:
    case FIELD_PASSWORD:
    case FIELD_PERSON_NAME:
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

/* Only what is about the person at the keyboard may be filled in by their browser. */
static const char *autocomplete(const struct field *field)
{
    if (field->type == FIELD_PASSWORD)
        return text_starts(field->name, "new_") ? "new-password" : "current-password";
    if (strcmp(field->name, "one_time_code") == 0)
        return "one-time-code";
    return strcmp(field->name, "login") == 0 ? "username" : "off";
}

static const char *unit_of(struct ctx *ctx, const struct field *field)
{
    const char *key = arena_printf(ctx->arena, "%s.unit", field->key);
    const char *text = words(ctx, key);
    if (text != key)
        return text;
    return field->type == FIELD_FEN ? words(ctx, "field.yuan") : NULL;
}

static const char *described_by(struct ctx *ctx, const struct field_input_model *model)
{
    if (model->hint == NULL && model->error == NULL)
        return NULL;
    return arena_printf(
        ctx->arena, "%s%s%s%s%s", model->hint == NULL ? "" : model->name,
        model->hint == NULL ? "" : "-hint", model->hint == NULL || model->error == NULL ? "" : " ",
        model->error == NULL ? "" : model->name, model->error == NULL ? "" : "-error");
}

void dictionary_input(struct buffer *out, struct ctx *ctx, const struct form *form,
                      const char *name)
{
    const struct field *field = entity_field(form->entity, name);
    assert(field != NULL);
    const struct field_fault *fault = fault_of(form, field);
    const struct code_list *list = field__list(field, form->lists);
    struct field_input_model model = {
        .name = field->name,
        .label = words(ctx, field->key),
        .hint = field__hint(ctx, field),
        .error = fault == NULL ? NULL : words_with(ctx, &fault->message),
        .value = value_of(ctx, form, field),
        .mode = input_mode(field),
        .unit = unit_of(ctx, field),
        .autocomplete = autocomplete(field),
        .is_required = field->is_required,
        .is_password = field->type == FIELD_PASSWORD,
        .is_new_password = field->type == FIELD_PASSWORD && text_starts(field->name, "new_"),
        .is_date = field->type == FIELD_DAY,
        .is_file = field->type == FIELD_FILE,
        .is_checkbox = field->type == FIELD_BOOL,
        .is_short = field->type == FIELD_INTEGER,
        .is_long = field->type == FIELD_TEXT && field->list == NULL &&
                   field->most > CHARACTERS_OF_LINE && field->most != INT64_MAX,
    };
    model.is_checked = model.is_checkbox && *model.value != '\0' && !text_equal(model.value, "0");
    model.described_by = described_by(ctx, &model);
    if (field->type == FIELD_ENUM)
        fill_from_enum(ctx, field, &model);
    else if (list != NULL && list->at != NULL)
        fill_from_list(ctx, list, &model);
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
        model.faults.items[i] =
            (struct fault_summary_fault){.name = fault->field->name,
                                         .label = words(ctx, fault->field->key),
                                         .message = words_with(ctx, &fault->message)};
    }
    part_fault_summary(out, ctx, &model);
}

bool dictionary_errors(struct buffer *out, struct ctx *ctx, const struct form *form, bool is_first)
{
    for (size_t i = 0; form->faults != NULL && i < form->faults->count; i++) {
        const struct field_fault *fault = &form->faults->items[i];
        buffer_add(out, is_first ? "{\"field\":" : ",{\"field\":");
        buffer_add_json(out, fault->field->name);
        buffer_add(out, ",\"code\":");
        buffer_add_json(out, fault->code);
        buffer_add(out, ",\"message\":");
        buffer_add_json(out, words_with(ctx, &fault->message));
        buffer_add_char(out, '}');
        is_first = false;
    }
    return is_first;
}
