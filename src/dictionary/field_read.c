/* One field's text from outside to its typed place: the single place where a field's rule is
 * applied. Clerks' spellings are taken as they are meant; what is refused says how to mend it. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "web/web.h"

enum {
    GIVEN_CHARACTERS = 40,
    SERIAL_DIGITS = 5,
    SERIAL_DAY_0 = -25569, /* 1899-12-30: where spreadsheets begin to count days */
};

/* --- faults --- */

static const char *shortened(struct ctx *ctx, const char *text)
{
    const char *end = text;
    for (int i = 0; i < GIVEN_CHARACTERS && *end != '\0'; i++)
        text_next(&end);
    if (*end == '\0')
        return text;
    return arena_printf(ctx->arena, "%.*s…", (int)(end - text), text);
}

struct field_fault *field__fault(struct ctx *ctx, const struct field *field, const char *code,
                                 const char *given)
{
    struct field_fault *fault = arena_one(ctx->arena, struct field_fault);
    *fault = (struct field_fault){
        .field = field,
        .code = code,
        .message = {arena_printf(ctx->arena, "field.%s", code),
                    {{"field", words(ctx, field->key)}}},
        .given = field->is_private ? field__masked(ctx, field, shortened(ctx, given))
                                   : shortened(ctx, given),
    };
    return fault;
}

/* A fault whose words name the bounds: `least` and `most` are "" where open. */
static const struct field_fault *range_fault(struct ctx *ctx, const struct field *field,
                                             const char *code, const char *given,
                                             const char *(*show)(struct ctx *, int64_t))
{
    struct field_fault *fault = field__fault(ctx, field, code, given);
    const char *least = field->least == INT64_MIN ? "" : show(ctx, field->least);
    const char *most = field->most == INT64_MAX ? "" : show(ctx, field->most);
    fault->message.arguments[1] = (struct argument){"least", least};
    fault->message.arguments[2] = (struct argument){"most", most};
    if (strcmp(code, "out-of-range") == 0 || strcmp(code, "money-range") == 0)
        fault->message.key = arena_printf(ctx->arena, "field.%s%s", code,
                                          *most == '\0'    ? "-least"
                                          : *least == '\0' ? "-most"
                                                           : "");
    return fault;
}

static const char *show_plain(struct ctx *ctx, int64_t value)
{
    return arena_printf(ctx->arena, "%" PRId64, value);
}

static const char *show_yuan(struct ctx *ctx, int64_t value)
{
    return fen_grouped(ctx->arena, (struct fen){value});
}

/* --- text and names --- */

/* The code that was meant: itself, or the one choice that is labelled so; NULL for neither. */
static const char *code_of(struct ctx *ctx, const struct code_list *list, const char *text)
{
    const char *code, *label, *found = NULL;
    if (list->has(ctx, text))
        return text;
    for (size_t i = 0; list->at != NULL && list->at(ctx, i, &code, &label); i++) {
        if (strcmp(label, text) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = code;
    }
    return found;
}

static const struct field_fault *read_text(struct ctx *ctx, const struct field *field,
                                           const char *text, const struct code_list *lists,
                                           void *ret)
{
    const char *clean = text_clean(ctx->arena, text);
    if (field->list != NULL) {
        const struct code_list *list = field__list(field, lists);
        assert(list != NULL);
        const char *code = code_of(ctx, list, clean);
        if (code == NULL)
            return field__fault(ctx, field, "not-in-list", clean);
        clean = code;
    }
    int64_t length = (int64_t)text_characters(clean);
    if (length < field->least)
        return range_fault(ctx, field, "too-short", clean, show_plain);
    if (length > field->most)
        return range_fault(ctx, field, "too-long", clean, show_plain);
    *(const char **)ret = clean;
    return NULL;
}

static const struct field_fault *read_name(struct ctx *ctx, const struct field *field,
                                           const char *text, void *ret)
{
    uint32_t character;
    const char *name, *clean = text_clean(ctx->arena, text);
    const char *code = name_check_code(name_read(ctx->arena, clean, &name, &character));
    if (code != NULL) {
        struct field_fault *fault = field__fault(ctx, field, code, clean);
        struct buffer shown = buffer_new(ctx->arena, 8);
        name__add_point(&shown, character);
        fault->message.arguments[1] = (struct argument){"character", shown.bytes};
        fault->message.arguments[2] =
            (struct argument){"point", arena_printf(ctx->arena, "U+%04" PRIX32, character)};
        return fault;
    }
    int64_t length = (int64_t)text_characters(name);
    if (length < field->least)
        return range_fault(ctx, field, "too-short", clean, show_plain);
    if (length > field->most)
        return range_fault(ctx, field, "too-long", clean, show_plain);
    *(const char **)ret = name;
    return NULL;
}

/* --- figures, amounts, days --- */

static bool in_range(const struct field *field, int64_t value)
{
    return value >= field->least && value <= field->most;
}

/* 40.00 is what a spreadsheet makes of 40. */
static const char *without_zero_fraction(struct ctx *ctx, const char *text)
{
    size_t whole = strcspn(text, ".");
    bool is_whole = whole > 0 && text[whole] == '.' && text[whole + 1] != '\0' &&
                    text[whole + 1 + strspn(text + whole + 1, "0")] == '\0';
    return is_whole ? arena_text_n(ctx->arena, text, whole) : text;
}

static const struct field_fault *read_integer(struct ctx *ctx, const struct field *field,
                                              const char *text, void *ret)
{
    int64_t value;
    const char *compact = text_compact(ctx->arena, text);
    if (!text_integer(without_zero_fraction(ctx, compact), &value) || value == INT64_MIN)
        return field__fault(ctx, field, "not-a-number", compact);
    if (!in_range(field, value))
        return range_fault(ctx, field, "out-of-range", compact, show_plain);
    *(int64_t *)ret = value;
    return NULL;
}

/* ¥1,200.00, 1200元, 人民币1200元整: the amount alone. */
static const char *bare_amount(struct ctx *ctx, const char *text)
{
    static const char *const before[] = {"人民币", "RMB", "rmb", "CNY", "￥", "¥"};
    static const char *const after[] = {"整", "元", "圆"};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
        if (text_starts(text, before[i]))
            text += strlen(before[i]);
    for (size_t i = 0; i < sizeof after / sizeof after[0]; i++) {
        size_t length = strlen(text), unit = strlen(after[i]);
        if (length > unit && strcmp(text + length - unit, after[i]) == 0)
            text = arena_text_n(ctx->arena, text, length - unit);
    }
    return text;
}

/* Why an amount cannot be read. */
static const char *amount_fault(const char *text)
{
    static const char *const units[] = {"万", "千", "百", "亿"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strstr(text, units[i]) != NULL)
            return "money-unit";
    size_t whole = strspn(text, "-" DIGITS ",");
    bool is_fraction = whole > 0 && text[whole] == '.' && strspn(text + whole + 1, DIGITS) > 2 &&
                       text[whole + 1 + strspn(text + whole + 1, DIGITS)] == '\0';
    return is_fraction ? "money-decimals" : "money-format";
}

static const struct field_fault *read_fen(struct ctx *ctx, const struct field *field,
                                          const char *text, void *ret)
{
    const char *compact = text_compact(ctx->arena, text);
    const char *bare = bare_amount(ctx, compact);
    struct fen amount;
    if (!fen_parse(bare, &amount))
        return field__fault(ctx, field, amount_fault(bare), compact);
    if (!in_range(field, amount.v)) /* raw: the .dict line gives its range in fen */
        return range_fault(ctx, field, "money-range", compact, show_yuan);
    *(struct fen *)ret = amount;
    return NULL;
}

/* 45901 or 45901.5: days since 1899-12-30, as files hold a date whose format was lost. */
static bool read_serial(const char *text, struct day *ret)
{
    int64_t serial = 0;
    size_t digits = strspn(text, DIGITS);
    if (digits != SERIAL_DIGITS || text[0] == '0' || (text[digits] != '\0' && text[digits] != '.'))
        return false;
    if (text[digits] == '.' && text[digits + 1 + strspn(text + digits + 1, DIGITS)] != '\0')
        return false;
    for (size_t i = 0; i < digits; i++)
        serial = serial * 10 + (text[i] - '0');
    *ret = day_plus((struct day){SERIAL_DAY_0}, (int32_t)serial);
    return true;
}

static const struct field_fault *read_day(struct ctx *ctx, const struct field *field,
                                          const char *text, void *ret)
{
    const char *compact = text_compact(ctx->arena, text);
    bool is_day = day_parse_office(compact, ret) || read_serial(compact, ret);
    return is_day ? NULL : field__fault(ctx, field, "not-a-date", compact);
}

/* --- choices --- */

static bool is_one_of(const char *text, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

static const struct field_fault *read_bool(struct ctx *ctx, const struct field *field,
                                           const char *text, void *ret)
{
    static const char *const yes[] = {"1",  "TRUE", "on", "true", "yes", "Yes", "YES", "Y",
                                      "是", "有",   "√",  "✓",    "✔",   "对",  NULL};
    static const char *const no[] = {"0",  "FALSE", "off",  "false", "no", "No",   "NO", "N",
                                     "否", "无",    "没有", "×",     "✗",  "不是", NULL};
    const char *compact = text_compact(ctx->arena, text);
    bool is_yes = is_one_of(compact, yes);
    if (!is_yes && !is_one_of(compact, no))
        return field__fault(ctx, field, "not-yes-or-no", compact);
    *(bool *)ret = is_yes;
    return NULL;
}

/* Whether the text is the words, or one of the parts that a slash or brackets set off in them:
 * 五级 and 初级工 for 五级 / 初级工. */
static bool names_words(struct ctx *ctx, const char *text, const char *in_words)
{
    const char *compact = text_compact(ctx->arena, in_words);
    if (strcmp(text, compact) == 0)
        return true;
    for (const char *at = compact; *at != '\0';) {
        size_t length = strcspn(at, "/()");
        if (length > 0 && strlen(text) == length && strncmp(at, text, length) == 0)
            return true;
        at += length + (at[length] != '\0');
    }
    return false;
}

/* By its code, or, as spreadsheets have it, by its words in either language. A part of the words
 * counts where it belongs to one value alone. */
static const struct field_fault *read_enum(struct ctx *ctx, const struct field *field,
                                           const char *text, void *ret)
{
    const char *compact = text_compact(ctx->arena, text);
    const struct enum_value *found = NULL;
    int count = 0;
    struct ctx zh = *ctx, en = *ctx;
    zh.language = LANGUAGE_ZH;
    en.language = LANGUAGE_EN;
    for (const struct enum_value *value = field->values; value->code != NULL; value++) {
        const char *key = arena_printf(ctx->arena, "%s.%s", field->enum_name, value->code);
        bool is_exact = strcmp(compact, value->code) == 0 ||
                        strcmp(compact, text_compact(ctx->arena, words(&zh, key))) == 0;
        if (is_exact || names_words(ctx, compact, words(&zh, key)) ||
            names_words(ctx, compact, words(&en, key))) {
            found = value;
            count = is_exact ? 1 : count + 1;
        }
        if (is_exact)
            break;
    }
    if (count != 1)
        return field__fault(ctx, field, "not-in-list", compact);
    *(int *)ret = found->value;
    return NULL;
}

/* --- numbers of people and organisations --- */

/* Keeps `value` where `code` tells no fault. */
static const struct field_fault *keep(struct ctx *ctx, const struct field *field, const char *code,
                                      const char *given, const char *value, void *ret)
{
    if (code != NULL)
        return field__fault(ctx, field, code, given);
    *(const char **)ret = arena_text(ctx->arena, value);
    return NULL;
}

static const struct field_fault *read_identity_no(struct ctx *ctx, const struct field *field,
                                                  const char *text, void *ret)
{
    struct identity identity;
    const char *compact = text_compact(ctx->arena, text);
    const char *code = identity_check_code(identity_read(compact, ctx->today, &identity));
    return keep(ctx, field, code, compact, identity.number, ret);
}

static const struct field_fault *read_credit_code(struct ctx *ctx, const struct field *field,
                                                  const char *text, void *ret)
{
    char value[19];
    const char *compact = text_compact(ctx->arena, text);
    enum credit_code_check check = credit_code_read(compact, value);
    const char *code = check == CREDIT_CODE_CHECKSUM ? NULL : credit_code_check_code(check);
    return keep(ctx, field, code, compact, value, ret);
}

static const struct field_fault *read_phone(struct ctx *ctx, const struct field *field,
                                            const char *text, void *ret)
{
    char value[24];
    const char *compact = text_compact(ctx->arena, text);
    return keep(ctx, field, phone_check_code(phone_read(compact, value)), compact, value, ret);
}

static const struct field_fault *read_bank_account(struct ctx *ctx, const struct field *field,
                                                   const char *text, void *ret)
{
    char value[31];
    const char *compact = text_compact(ctx->arena, text);
    enum bank_account_check check = bank_account_read(compact, value);
    const char *code = check == BANK_ACCOUNT_LUHN ? NULL : bank_account_check_code(check);
    return keep(ctx, field, code, compact, value, ret);
}

static const struct field_fault *read_id(struct ctx *ctx, const struct field *field,
                                         const char *text, void *ret)
{
    return id_parse(text_compact(ctx->arena, text), ret)
               ? NULL
               : field__fault(ctx, field, "not-an-id", text);
}

/* --- any field --- */

void field__forget(const struct field *field, void *ret_struct)
{
    void *ret = (char *)ret_struct + field->offset;
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
    case FIELD_PASSWORD:
    case FIELD_PERSON_NAME:
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
    void *ret = (char *)ret_struct + field->offset;
    field__forget(field, ret_struct);
    if (text == NULL || *text_compact(ctx->arena, text) == '\0')
        return field->is_required && field->type != FIELD_BOOL
                   ? field__fault(ctx, field, "required", "")
                   : NULL;
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_PASSWORD:
        return read_text(ctx, field, text, lists, ret);
    case FIELD_PERSON_NAME:
        return read_name(ctx, field, text, ret);
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

/* A value that stands, but that somebody should look at. */
const struct field_fault *field_doubt(struct ctx *ctx, const struct field *field,
                                      const void *a_struct)
{
    char code[31];
    struct identity identity;
    const char *value = field_plain(ctx, field, a_struct);
    if (*value == '\0')
        return NULL;
    if (field->type == FIELD_CREDIT_CODE && credit_code_read(value, code) == CREDIT_CODE_CHECKSUM)
        return field__fault(ctx, field, "credit-code-checksum", value);
    if (field->type == FIELD_BANK_ACCOUNT && bank_account_read(value, code) == BANK_ACCOUNT_LUHN)
        return field__fault(ctx, field, "bank-account-checksum", value);
    if (field->type == FIELD_IDENTITY_NO &&
        identity_read(value, ctx->today, &identity) == IDENTITY_OK &&
        identity.kind == DOCUMENT_KIND_RESIDENT_IDENTITY_15)
        return field__fault(ctx, field, "id-old", value);
    return NULL;
}
