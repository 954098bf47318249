/* A typed field to text again: for people, for files and programs, and for those whom it does not
 * concern. */
#include <inttypes.h>
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "web/show.h"

static const void *place(const struct field *field, const void *a_struct)
{
    return (const char *)a_struct + field->offset;
}

static const char *enum_code(const struct field *field, int value)
{
    for (const struct enum_value *known = field->values; known->code != NULL; known++)
        if (known->value == value)
            return known->code;
    return "";
}

static const char *id_text(struct ctx *ctx, int64_t id)
{
    char *text = arena_alloc(ctx->arena, ID_TEXT_LENGTH + 1);
    if (id != 0)
        id_format(id, text);
    return text;
}

const char *field_plain(struct ctx *ctx, const struct field *field, const void *a_struct)
{
    const void *value = place(field, a_struct);
    switch (field->type) {
    case FIELD_INTEGER:
        return show_integer_plain(ctx, *(const int64_t *)value);
    case FIELD_FEN:
        return show_fen_plain(ctx, *(const struct fen *)value);
    case FIELD_DAY:
        return day_text(ctx->arena, *(const struct day *)value);
    case FIELD_BOOL:
        return *(const bool *)value ? "1" : "0";
    case FIELD_ENUM:
        return enum_code(field, *(const int *)value);
    case FIELD_ID:
        return id_text(ctx, *(const int64_t *)value);
    case FIELD_PASSWORD:
        return "";
    case FIELD_TEXT:
    case FIELD_PERSON_NAME:
    case FIELD_IDENTITY_NO:
    case FIELD_CREDIT_CODE:
    case FIELD_PHONE:
    case FIELD_BANK_ACCOUNT:
    case FIELD_FILE:
        break;
    }
    return show_text(*(const char *const *)value);
}

const char *field__masked(struct ctx *ctx, const struct field *field, const char *text)
{
    switch (field->type) {
    case FIELD_PERSON_NAME:
        return mask_name(ctx->arena, text);
    case FIELD_IDENTITY_NO:
        return mask_identity_no(ctx->arena, text);
    case FIELD_PHONE:
        return mask_phone(ctx->arena, text);
    case FIELD_BANK_ACCOUNT:
        return mask_bank_account(ctx->arena, text);
    case FIELD_PASSWORD:
        return "";
    case FIELD_TEXT:
    case FIELD_INTEGER:
    case FIELD_FEN:
    case FIELD_DAY:
    case FIELD_BOOL:
    case FIELD_ENUM:
    case FIELD_ID:
    case FIELD_CREDIT_CODE:
    case FIELD_FILE:
        break;
    }
    return mask_text(ctx->arena, text);
}

const char *field_show(struct ctx *ctx, const struct field *field, const void *a_struct,
                       bool reveal)
{
    const void *value = place(field, a_struct);
    const char *plain = field_plain(ctx, field, a_struct);
    if (*plain == '\0')
        return "";
    if (field->is_private && !reveal)
        return field__masked(ctx, field, plain);
    if (field->type == FIELD_FEN)
        return show_fen(ctx, *(const struct fen *)value);
    if (field->type == FIELD_INTEGER)
        return show_integer(ctx, *(const int64_t *)value);
    if (field->type == FIELD_BOOL)
        return show_bool(ctx, *(const bool *)value);
    if (field->type == FIELD_ENUM)
        return show_enum(ctx, field->enum_name, plain);
    return plain;
}

const char *field__hint(struct ctx *ctx, const struct field *field)
{
    const char *key = arena_printf(ctx->arena, "%s.hint", field->key);
    const char *text = words(ctx, key);
    return text == key ? NULL : text;
}

const struct code_list *field__list(const struct field *field, const struct code_list *lists)
{
    for (; field->list != NULL && lists != NULL && lists->name != NULL; lists++)
        if (strcmp(lists->name, field->list) == 0)
            return lists;
    return NULL;
}

const char *field__shown(struct ctx *ctx, const struct field *field, const void *a_struct,
                         const struct code_list *lists, bool reveals)
{
    const char *code, *label, *text = field_show(ctx, field, a_struct, reveals);
    const struct code_list *list = field__list(field, lists);
    for (size_t i = 0; list != NULL && list->at != NULL && list->at(ctx, i, &code, &label); i++)
        if (strcmp(code, text) == 0)
            return label;
    return text;
}

static void add_json_value(struct buffer *out, struct ctx *ctx, const struct field *field,
                           const void *a_struct, bool reveal)
{
    const void *value = place(field, a_struct);
    const char *plain = field_plain(ctx, field, a_struct);
    if (*plain == '\0')
        buffer_add(out, "null");
    else if (field->is_private && !reveal)
        json_text(out, field__masked(ctx, field, plain));
    else if (field->type == FIELD_INTEGER)
        json_integer(out, *(const int64_t *)value);
    else if (field->type == FIELD_FEN)
        json_fen(out, *(const struct fen *)value);
    else if (field->type == FIELD_BOOL)
        buffer_add(out, *(const bool *)value ? "true" : "false");
    else
        json_text(out, plain);
}

void entity_json(struct buffer *out, struct ctx *ctx, const struct entity *entity,
                 const void *a_struct, bool reveal)
{
    char before = '{';
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        if (field->type == FIELD_PASSWORD)
            continue;
        buffer_printf(out, "%c\"%s\":", before, field->name);
        add_json_value(out, ctx, field, a_struct, reveal);
        before = ',';
    }
    buffer_add(out, before == '{' ? "{}" : "}");
}
