/* Text from outside to a typed struct, field by field: the single place where a field's rule is
 * applied. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "dictionary/dictionary.h"
#include "web/web.h"

static void *place(const struct field *field, void *a_struct)
{
    return (char *)a_struct + field->offset;
}

static const void *place_const(const struct field *field, const void *a_struct)
{
    return (const char *)a_struct + field->offset;
}

static const struct field_fault *new_fault(struct ctx *ctx, const struct field *field,
                                           const char *code, const char *given)
{
    struct field_fault *fault = arena_one(ctx->arena, struct field_fault);
    *fault = (struct field_fault){
        .field = field,
        .code = code,
        .message = {arena_printf(ctx->arena, "field.%s", code),
                    {{"field", words(ctx, field->key)}}},
        .given = field->is_private ? mask_identity_no(ctx->arena, given) : given,
    };
    return fault;
}

static const struct field_fault *out_of_range(struct ctx *ctx, const struct field *field,
                                              const char *code, const char *given)
{
    struct field_fault *fault = (struct field_fault *)(uintptr_t)new_fault(ctx, field, code, given);
    const char *least =
        field->least == INT64_MIN ? "" : arena_printf(ctx->arena, "%" PRId64, field->least);
    const char *most =
        field->most == INT64_MAX ? "" : arena_printf(ctx->arena, "%" PRId64, field->most);
    fault->message.arguments[1] = (struct argument){"least", least};
    fault->message.arguments[2] = (struct argument){"most", most};
    return fault;
}

static bool in_range(const struct field *field, int64_t value)
{
    return value >= field->least && value <= field->most;
}

static const struct code_list *find_list(const struct code_list *lists, const char *name)
{
    for (; lists != NULL && lists->name != NULL; lists++)
        if (strcmp(lists->name, name) == 0)
            return lists;
    return NULL;
}

static const struct field_fault *read_text(struct ctx *ctx, const struct field *field,
                                           const char *text, const struct code_list *lists,
                                           void *ret)
{
    const char *clean = text_clean(ctx->arena, text);
    int64_t length = (int64_t)text_characters(clean);
    if (length < field->least)
        return out_of_range(ctx, field, "too-short", clean);
    if (length > field->most)
        return out_of_range(ctx, field, "too-long", clean);
    if (field->list != NULL) {
        const struct code_list *list = find_list(lists, field->list);
        assert(list != NULL);
        if (!list->has(ctx, clean))
            return new_fault(ctx, field, "not-in-list", clean);
    }
    *(const char **)ret = clean;
    return NULL;
}

static const struct field_fault *read_integer(struct ctx *ctx, const struct field *field,
                                              const char *text, void *ret)
{
    int64_t value;
    const char *compact = text_compact(ctx->arena, text);
    if (!text_integer(compact, &value))
        return new_fault(ctx, field, "not-a-number", compact);
    if (!in_range(field, value))
        return out_of_range(ctx, field, "out-of-range", compact);
    *(int64_t *)ret = value;
    return NULL;
}

static const struct field_fault *read_fen(struct ctx *ctx, const struct field *field,
                                          const char *text, void *ret)
{
    const char *compact = text_compact(ctx->arena, text);
    struct fen amount;
    if (!fen_parse(compact, &amount))
        return new_fault(ctx, field, "not-money", compact);
    if (!in_range(field, amount.v)) /* raw: the .dict line gives its range in fen */
        return new_fault(ctx, field, "money-range", compact);
    *(struct fen *)ret = amount;
    return NULL;
}

static const struct field_fault *read_day(struct ctx *ctx, const struct field *field,
                                          const char *text, void *ret)
{
    const char *compact = text_compact(ctx->arena, text);
    return day_parse_office(compact, ret) ? NULL : new_fault(ctx, field, "not-a-date", compact);
}

static const struct field_fault *read_bool(struct ctx *ctx, const struct field *field,
                                           const char *text, void *ret)
{
    static const char *const yes[] = {"1", "on", "true", "yes", "是", "有", "√", NULL};
    static const char *const no[] = {"0", "off", "false", "no", "否", "无", "×", NULL};
    const char *compact = text_compact(ctx->arena, text);
    for (int i = 0; yes[i] != NULL; i++)
        if (strcmp(yes[i], compact) == 0) {
            *(bool *)ret = true;
            return NULL;
        }
    for (int i = 0; no[i] != NULL; i++)
        if (strcmp(no[i], compact) == 0) {
            *(bool *)ret = false;
            return NULL;
        }
    return new_fault(ctx, field, "not-yes-or-no", compact);
}

/* By its code, or, as spreadsheets have it, by its words in either language. */
static const struct field_fault *read_enum(struct ctx *ctx, const struct field *field,
                                           const char *text, void *ret)
{
    const char *clean = text_clean(ctx->arena, text);
    struct ctx other = *ctx;
    other.language = ctx->language == LANGUAGE_ZH ? LANGUAGE_EN : LANGUAGE_ZH;
    for (const struct enum_value *value = field->values; value->code != NULL; value++) {
        const char *key = arena_printf(ctx->arena, "%s.%s", field->enum_name, value->code);
        if (text_equal(clean, value->code) || text_equal(clean, words(ctx, key)) ||
            text_equal(clean, words(&other, key))) {
            *(int *)ret = value->value;
            return NULL;
        }
    }
    return new_fault(ctx, field, "not-in-list", clean);
}

static const struct field_fault *read_id(struct ctx *ctx, const struct field *field,
                                         const char *text, void *ret)
{
    return id_parse(text_compact(ctx->arena, text), ret) ? NULL
                                                         : new_fault(ctx, field, "not-an-id", text);
}

static const struct field_fault *read_identity_no(struct ctx *ctx, const struct field *field,
                                                  const char *text, void *ret)
{
    struct identity identity;
    const char *compact = text_compact(ctx->arena, text);
    if (strpbrk(compact, "Ee+.") != NULL && strspn(compact, "0123456789.Ee+") == strlen(compact))
        return new_fault(ctx, field, "id-scientific", compact);
    enum identity_check check = identity_read(compact, ctx->today, &identity);
    const char *code = identity_check_code(check);
    if (code != NULL)
        return new_fault(ctx, field, code, compact);
    *(const char **)ret = arena_text(ctx->arena, identity.number);
    return NULL;
}

static const struct field_fault *read_credit_code(struct ctx *ctx, const struct field *field,
                                                  const char *text, void *ret)
{
    char code[19];
    const char *compact = text_compact(ctx->arena, text);
    switch (credit_code_read(compact, code)) {
    case CREDIT_CODE_LENGTH:
        return new_fault(ctx, field, "credit-code-length", compact);
    case CREDIT_CODE_CHARACTER:
        return new_fault(ctx, field, "credit-code-character", compact);
    case CREDIT_CODE_OK:
    case CREDIT_CODE_CHECKSUM: /* a doubt, not a refusal */
        break;
    }
    *(const char **)ret = arena_text(ctx->arena, code);
    return NULL;
}

/* Mobile numbers of 11 digits, or a landline with its area code. */
static const struct field_fault *read_phone(struct ctx *ctx, const struct field *field,
                                            const char *text, void *ret)
{
    const char *compact = text_compact(ctx->arena, text);
    size_t length = strlen(compact);
    bool is_digits = strspn(compact, "0123456789") == length;
    bool is_mobile = is_digits && length == 11 && compact[0] == '1' && compact[1] >= '3';
    bool is_landline = compact[0] == '0' && strspn(compact, "0123456789-") == length &&
                       length >= 10 && length <= 13;
    bool is_one_digit = length > 0 && strspn(compact + 1, (char[]){compact[1], '\0'}) == length - 1;
    if ((!is_mobile && !is_landline) || is_one_digit)
        return new_fault(ctx, field, "phone", compact);
    *(const char **)ret = compact;
    return NULL;
}

static const struct field_fault *read_bank_account(struct ctx *ctx, const struct field *field,
                                                   const char *text, void *ret)
{
    char account[31];
    const char *compact = text_compact(ctx->arena, text);
    switch (bank_account_read(compact, account)) {
    case BANK_ACCOUNT_LENGTH:
        return new_fault(ctx, field, "bank-account-length", compact);
    case BANK_ACCOUNT_CHARACTER:
        return new_fault(ctx, field, "bank-account-character", compact);
    case BANK_ACCOUNT_PLACEHOLDER:
        return new_fault(ctx, field, "bank-account-placeholder", compact);
    case BANK_ACCOUNT_TAIL_LOST:
        return new_fault(ctx, field, "bank-account-tail-lost", compact);
    case BANK_ACCOUNT_LUHN: /* some banks' cards have no check digit: a doubt, not a refusal */
    case BANK_ACCOUNT_OK:
        break;
    }
    *(const char **)ret = arena_text(ctx->arena, account);
    return NULL;
}

/* What a field holds that was not given. */
static void set_absent(const struct field *field, void *ret)
{
    switch (field->type) {
    case FIELD_INTEGER:
        *(int64_t *)ret = INT64_MIN;
        break;
    case FIELD_FEN:
        *(struct fen *)ret = (struct fen){INT64_MIN};
        break;
    case FIELD_DAY:
        *(struct day *)ret = DAY_NONE;
        break;
    case FIELD_BOOL:
        *(bool *)ret = false;
        break;
    case FIELD_ENUM:
        *(int *)ret = 0;
        break;
    case FIELD_ID:
        *(int64_t *)ret = 0;
        break;
    case FIELD_TEXT:
    case FIELD_IDENTITY_NO:
    case FIELD_CREDIT_CODE:
    case FIELD_PHONE:
    case FIELD_BANK_ACCOUNT:
    case FIELD_FILE:
        *(const char **)ret = NULL;
        break;
    }
}

const struct field_fault *field_read(struct ctx *ctx, const struct field *field, const char *text,
                                     const struct code_list *lists, void *ret_struct)
{
    void *ret = place(field, ret_struct);
    set_absent(field, ret);
    if (text == NULL || *text_compact(ctx->arena, text) == '\0')
        return field->is_required && field->type != FIELD_BOOL
                   ? new_fault(ctx, field, "required", "")
                   : NULL;
    switch (field->type) {
    case FIELD_TEXT:
        return read_text(ctx, field, text, lists, ret);
    case FIELD_INTEGER:
        return read_integer(ctx, field, text, ret);
    case FIELD_FEN:
        return read_fen(ctx, field, text, ret);
    case FIELD_DAY:
        return read_day(ctx, field, text, ret);
    case FIELD_BOOL:
        return read_bool(ctx, field, text, ret);
    case FIELD_ENUM:
        return read_enum(ctx, field, text, ret);
    case FIELD_ID:
        return read_id(ctx, field, text, ret);
    case FIELD_IDENTITY_NO:
        return read_identity_no(ctx, field, text, ret);
    case FIELD_CREDIT_CODE:
        return read_credit_code(ctx, field, text, ret);
    case FIELD_PHONE:
        return read_phone(ctx, field, text, ret);
    case FIELD_BANK_ACCOUNT:
        return read_bank_account(ctx, field, text, ret);
    case FIELD_FILE:
        *(const char **)ret = text;
        return NULL;
    }
    return NULL;
}

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

const char *form_source(struct ctx *ctx, const struct field *field, void *argument)
{
    (void)argument;
    return request_form(ctx, field->name);
}

const struct field *entity_field(const struct entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->field_count; i++)
        if (strcmp(entity->fields[i].name, name) == 0)
            return &entity->fields[i];
    return NULL;
}

static const char *enum_code(const struct field *field, int value)
{
    for (const struct enum_value *known = field->values; known->code != NULL; known++)
        if (known->value == value)
            return known->code;
    return "";
}

const char *field_plain(struct ctx *ctx, const struct field *field, const void *a_struct)
{
    const void *value = place_const(field, a_struct);
    int64_t number;
    switch (field->type) {
    case FIELD_INTEGER:
        number = *(const int64_t *)value;
        return number == INT64_MIN ? "" : arena_printf(ctx->arena, "%" PRId64, number);
    case FIELD_FEN:
        number = ((const struct fen *)value)->v; /* raw: only tells whether it is absent */
        return number == INT64_MIN ? "" : fen_plain(ctx->arena, *(const struct fen *)value);
    case FIELD_DAY:
        return day_text(ctx->arena, *(const struct day *)value);
    case FIELD_BOOL:
        return *(const bool *)value ? "1" : "0";
    case FIELD_ENUM:
        return enum_code(field, *(const int *)value);
    case FIELD_ID: {
        char *text = arena_alloc(ctx->arena, ID_TEXT_LENGTH + 1);
        id_format(*(const int64_t *)value, text);
        return *(const int64_t *)value == 0 ? "" : text;
    }
    case FIELD_TEXT:
    case FIELD_IDENTITY_NO:
    case FIELD_CREDIT_CODE:
    case FIELD_PHONE:
    case FIELD_BANK_ACCOUNT:
    case FIELD_FILE:
        break;
    }
    const char *text = *(const char *const *)value;
    return text == NULL ? "" : text;
}

const char *field_show(struct ctx *ctx, const struct field *field, const void *a_struct,
                       bool reveal)
{
    const char *plain = field_plain(ctx, field, a_struct);
    if (field->is_private && !reveal)
        return field->type == FIELD_PHONE          ? mask_phone(ctx->arena, plain)
               : field->type == FIELD_BANK_ACCOUNT ? mask_bank_account(ctx->arena, plain)
               : field->type == FIELD_TEXT         ? mask_name(ctx->arena, plain)
                                                   : mask_identity_no(ctx->arena, plain);
    if (field->type == FIELD_FEN && *plain != '\0')
        return fen_grouped(ctx->arena, *(const struct fen *)place_const(field, a_struct));
    if (field->type == FIELD_ENUM && *plain != '\0')
        return words(ctx, arena_printf(ctx->arena, "%s.%s", field->enum_name, plain));
    return plain;
}
