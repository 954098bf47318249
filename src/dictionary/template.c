/* A file for people to fill in, that no spreadsheet program can spoil. */
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "sheet/sheet.h"
#include "web/show.h"

enum {
    WIDTH_NUMBER = 24,
    WIDTH_NAME = 14,
    WIDTH_TEXT = 20,
    CHOICES_MOST = 2000,
};

/* What to write, with an example: the field's own hint, else that of its type. */
static const char *hint_of(struct ctx *ctx, const struct field *field)
{
    const char *hint = field__hint(ctx, field);
    if (hint != NULL)
        return hint;
    switch (field->type) {
    case FIELD_PERSON_NAME:
        return words(ctx, "template.person_name");
    case FIELD_IDENTITY_NO:
        return words(ctx, "template.identity_no");
    case FIELD_CREDIT_CODE:
        return words(ctx, "template.credit_code");
    case FIELD_PHONE:
        return words(ctx, "template.phone");
    case FIELD_BANK_ACCOUNT:
        return words(ctx, "template.bank_account");
    case FIELD_DAY:
        return words(ctx, "template.day");
    case FIELD_FEN:
        return words(ctx, "template.amount");
    case FIELD_INTEGER:
        return words(ctx, "template.integer");
    case FIELD_ENUM:
    case FIELD_BOOL:
        return words(ctx, "template.choice");
    case FIELD_TEXT:
        return field->list == NULL ? NULL : words(ctx, "template.choice");
    case FIELD_PASSWORD:
    case FIELD_ID:
    case FIELD_FILE:
        break;
    }
    return NULL;
}

static int width_of(const struct field *field)
{
    switch (field->type) {
    case FIELD_IDENTITY_NO:
    case FIELD_CREDIT_CODE:
    case FIELD_BANK_ACCOUNT:
        return WIDTH_NUMBER;
    case FIELD_PERSON_NAME:
    case FIELD_PHONE:
    case FIELD_DAY:
        return WIDTH_NAME;
    case FIELD_TEXT:
    case FIELD_ENUM:
        return WIDTH_TEXT;
    case FIELD_PASSWORD:
    case FIELD_INTEGER:
    case FIELD_FEN:
    case FIELD_BOOL:
    case FIELD_ID:
    case FIELD_FILE:
        break;
    }
    return 0;
}

enum sheet_column_kind field__column_kind(const struct field *field)
{
    return field->type == FIELD_INTEGER ? SHEET_COLUMN_NUMBER
           : field->type == FIELD_FEN   ? SHEET_COLUMN_AMOUNT
                                        : SHEET_COLUMN_TEXT;
}

static const char *const *choices_of(struct ctx *ctx, const struct field *field,
                                     const struct code_list *lists)
{
    const struct code_list *list = field__list(field, lists);
    const char **choices = arena_array(ctx->arena, CHOICES_MOST + 1, const char *), *code;
    size_t count = 0;
    if (field->type == FIELD_BOOL) {
        choices[count++] = show_bool(ctx, /* value= */ true);
        choices[count++] = show_bool(ctx, /* value= */ false);
    } else if (field->type == FIELD_ENUM) {
        for (const struct enum_value *value = field->values; value->code != NULL; value++)
            choices[count++] = show_enum(ctx, field->enum_name, value->code);
    } else if (list != NULL && list->at != NULL) {
        while (count < CHOICES_MOST && list->at(ctx, count, &code, &choices[count]))
            count++;
        if (count == CHOICES_MOST)
            return NULL; /* half a list would refuse the other half */
        choices[count] = NULL;
    }
    return count == 0 ? NULL : choices;
}

/* Fields that a file of texts can hold. */
static bool is_filled_in(const struct field *field)
{
    return field->type != FIELD_PASSWORD && field->type != FIELD_FILE && field->type != FIELD_ID;
}

struct bytes entity_template(struct ctx *ctx, const struct entity_template *of)
{
    const struct entity *entity = of->entity;
    struct sheet_column *columns =
        arena_array(ctx->arena, entity->field_count, struct sheet_column);
    struct sheet_table table = {.format = SHEET_XLSX, .name = of->name, .columns = columns};
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        if (!is_filled_in(field))
            continue;
        columns[table.column_count++] = (struct sheet_column){
            .title = arena_printf(ctx->arena, "%s%s", words(ctx, field->key),
                                  field->is_required ? "*" : ""),
            .kind = field__column_kind(field),
            .width = width_of(field),
            .choices = choices_of(ctx, field, of->lists),
            .hint = hint_of(ctx, field),
        };
    }
    struct sheet_value notes = {of->notes == NULL ? words(ctx, "template.notes") : of->notes, NULL};
    struct sheet_writer *writer = sheet_writer_new(ctx->arena, &table);
    sheet_write_row(writer, &notes, 1);
    sheet_write_titles(writer);
    return sheet_writer_finish(writer);
}
