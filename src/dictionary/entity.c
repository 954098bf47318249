/* An entity read field by field, from a form, a program's JSON or a row of a file. */
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "web/web.h"

bool entity_read(struct ctx *ctx, const struct entity *entity, field_source *source, void *argument,
                 const struct code_list *lists, void *ret, struct field_faults *ret_faults)
{
    ret_faults->count = 0;
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        const struct field_fault *fault =
            field_read(ctx, field, source(ctx, field, argument), lists, ret);
        if (fault != NULL && ret_faults->count < FIELD_FAULTS_MAX)
            ret_faults->items[ret_faults->count++] = *fault;
    }
    return ret_faults->count == 0;
}

const struct field *entity_field(const struct entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->field_count; i++)
        if (strcmp(entity->fields[i].name, name) == 0)
            return &entity->fields[i];
    return NULL;
}

const char *form_source(struct ctx *ctx, const struct field *field, void *argument)
{
    (void)argument;
    const char *text = request_form(ctx, field->name);
    int64_t fen;
    /* Programs send what they get: whole fen. Anything else is left to be refused. */
    if (text == NULL || field->type != FIELD_FEN || !request_is_json(ctx))
        return text;
    return text_integer(text, &fen) ? fen_plain(ctx->arena, (struct fen){fen})
                                    : arena_printf(ctx->arena, "%s fen", text);
}
