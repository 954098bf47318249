/* An entity as a JSON Schema (2020-12), for programs that send it. */
#include <inttypes.h>

#include "dictionary/dictionary_room.h"
#include "web/show.h"

static const char *json_type(const struct field *field)
{
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_FEN:
        return "integer";
    case FIELD_BOOL:
        return "boolean";
    case FIELD_TEXT:
    case FIELD_PASSWORD:
    case FIELD_PERSON_NAME:
    case FIELD_DAY:
    case FIELD_ENUM:
    case FIELD_ID:
    case FIELD_IDENTITY_NO:
    case FIELD_CREDIT_CODE:
    case FIELD_PHONE:
    case FIELD_BANK_ACCOUNT:
    case FIELD_FILE:
        break;
    }
    return "string";
}

static void add_bound(struct buffer *out, const char *name, int64_t bound)
{
    if (bound != INT64_MIN && bound != INT64_MAX)
        buffer_printf(out, ",\"%s\":%" PRId64, name, bound);
}

static void add_text(struct buffer *out, const char *name, const char *text)
{
    buffer_printf(out, ",\"%s\":", name);
    json_text(out, text);
}

static void add_codes(struct buffer *out, const struct field *field)
{
    char before = '[';
    buffer_add(out, ",\"enum\":");
    for (const struct enum_value *value = field->values; value->code != NULL; value++) {
        buffer_add_char(out, before);
        json_text(out, value->code);
        before = ',';
    }
    buffer_add(out, field->is_required ? "]" : ",null]");
}

/* What the type demands of the value, in the form in which entity_json() writes it. */
static void add_rule(struct buffer *out, const struct field *field)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_PERSON_NAME:
    case FIELD_PASSWORD:
        add_bound(out, "minLength", field->least);
        add_bound(out, "maxLength", field->most);
        if (field->type == FIELD_PASSWORD)
            buffer_add(out, ",\"format\":\"password\",\"writeOnly\":true");
        break;
    case FIELD_INTEGER:
    case FIELD_FEN:
        add_bound(out, "minimum", field->least);
        add_bound(out, "maximum", field->most);
        break;
    case FIELD_DAY:
        add_text(out, "format", "date");
        break;
    case FIELD_ENUM:
        add_codes(out, field);
        break;
    case FIELD_ID:
        add_text(out, "pattern", "^[0-9a-hjkmnp-tv-z]{13}$");
        break;
    case FIELD_IDENTITY_NO:
        add_text(out, "pattern", "^[0-9A-Z]{8,18}$");
        break;
    case FIELD_CREDIT_CODE:
        add_text(out, "pattern", "^[0-9A-HJ-NP-RTUWXY]{18}$");
        break;
    case FIELD_BANK_ACCOUNT:
        add_text(out, "pattern", "^[0-9]{8,30}$");
        break;
    case FIELD_PHONE:
        add_text(out, "pattern", "^(1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8}(-[0-9]{1,5})?)$");
        break;
    case FIELD_BOOL:
    case FIELD_FILE:
        break;
    }
}

static void add_field(struct buffer *out, struct ctx *ctx, const struct field *field)
{
    const char *hint = field__hint(ctx, field);
    json_text(out, field->name);
    if (field->is_required || field->type == FIELD_BOOL)
        buffer_printf(out, ":{\"type\":\"%s\"", json_type(field));
    else
        buffer_printf(out, ":{\"type\":[\"%s\",\"null\"]", json_type(field));
    add_text(out, "title", words(ctx, field->key));
    if (hint != NULL)
        add_text(out, "description", hint);
    if (field->list != NULL)
        add_text(out, "x-list", field->list);
    if (field->is_private)
        buffer_add(out, ",\"x-private\":true");
    add_rule(out, field);
    buffer_add_char(out, '}');
}

void entity_schema(struct buffer *out, struct ctx *ctx, const struct entity *entity)
{
    const char *before = "";
    buffer_add(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"");
    add_text(out, "$id", arena_printf(ctx->arena, "/schema/%s", entity->name));
    buffer_add(out, ",\"type\":\"object\",\"properties\":{");
    for (size_t i = 0; i < entity->field_count; i++) {
        buffer_add(out, before);
        add_field(out, ctx, &entity->fields[i]);
        before = ",";
    }
    buffer_add(out, "},\"required\":[");
    before = "";
    for (size_t i = 0; i < entity->field_count; i++) {
        if (!entity->fields[i].is_required || entity->fields[i].type == FIELD_BOOL)
            continue;
        buffer_add(out, before);
        json_text(out, entity->fields[i].name);
        before = ",";
    }
    buffer_add(out, "]}");
}
