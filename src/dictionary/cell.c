/* A field out of a spreadsheet's cell: what such programs do to long numbers, days and amounts. */
#include <string.h>

#include "dictionary/dictionary_room.h"
#include "sheet/sheet.h"

enum {
    DIGITS_KEPT = 15, /* of a number in a spreadsheet */
    DIGITS_OF_DATE = 8,
    DIGITS_OF_SERIAL = 5,
};

/* What becomes of a long number that a spreadsheet kept as a number, whatever its digits now say;
 * NULL where nothing was lost. */
static const char *spoilt_code(const struct field *field, const struct sheet_cell *cell,
                               const char *plain)
{
    bool is_scientific = number__is_scientific(cell->text);
    if (strlen(plain) <= DIGITS_KEPT)
        return NULL;
    switch (field->type) {
    case FIELD_IDENTITY_NO:
        return is_scientific ? "id-scientific" : "id-tail-lost";
    case FIELD_BANK_ACCOUNT:
        return is_scientific ? "bank-account-scientific" : "bank-account-tail-lost";
    case FIELD_CREDIT_CODE:
        return "credit-code-number";
    case FIELD_TEXT:
    case FIELD_PASSWORD:
    case FIELD_PERSON_NAME:
    case FIELD_INTEGER:
    case FIELD_FEN:
    case FIELD_DAY:
    case FIELD_BOOL:
    case FIELD_ENUM:
    case FIELD_ID:
    case FIELD_PHONE:
    case FIELD_FILE:
        break;
    }
    return NULL;
}

/* 1200.0999999999999 is how a computed 1200.1 stands in a file: as many digits as are exact. */
static const char *exact(struct ctx *ctx, const char *plain)
{
    size_t whole = strspn(plain, "-" DIGITS), sign = *plain == '-';
    if (plain[whole] != '.' || strlen(plain) <= DIGITS_KEPT + 1 + sign || whole >= DIGITS_KEPT)
        return plain;
    char *cut = arena_text_n(ctx->arena, plain, DIGITS_KEPT + 1 + sign);
    bool rounds_up = plain[DIGITS_KEPT + 1 + sign] >= '5';
    for (size_t i = DIGITS_KEPT + 1 + sign; rounds_up && i-- > sign;) {
        if (cut[i] == '.')
            continue;
        rounds_up = cut[i] == '9';
        cut[i] = rounds_up ? '0' : (char)(cut[i] + 1);
    }
    if (rounds_up)
        return plain; /* 999…9.9: left to be refused */
    size_t end = strlen(cut);
    while (cut[end - 1] == '0')
        end--;
    cut[cut[end - 1] == '.' ? end - 1 : end] = '\0';
    return cut;
}

/* A number that is meant as a day: 20250307, or a count of days, if it is shown as one or looks so.
 */
static const struct field_fault *read_day(struct ctx *ctx, const struct field *field,
                                          const struct field_cell *from, const char *plain,
                                          void *ret_struct)
{
    size_t digits = strcspn(plain, ".");
    struct day day;
    if (!from->cell->is_date && digits == DIGITS_OF_DATE)
        return field_read(ctx, field, plain, NULL, ret_struct);
    if ((!from->cell->is_date && digits != DIGITS_OF_SERIAL) ||
        !sheet_serial_day(from->cell->text, from->is_1904, &day))
        return field__fault(ctx, field, "not-a-date", plain);
    return field_read(ctx, field, day_text(ctx->arena, day), NULL, ret_struct);
}

const struct field_fault *field_read_cell(struct ctx *ctx, const struct field *field,
                                          const struct field_cell *from,
                                          const struct code_list *lists, void *ret_struct)
{
    const struct sheet_cell *cell = from->cell;
    const char *plain = NULL, *code = NULL;
    if (cell == NULL)
        return field_read(ctx, field, NULL, lists, ret_struct);
    if (cell->kind == SHEET_CELL_NUMBER)
        plain = sheet_number_plain(ctx->arena, cell->text);
    if (cell->kind == SHEET_CELL_ERROR)
        code = "cell-error";
    else if (cell->is_merged_copy && field->is_required)
        code = "cell-merged";
    else if (plain != NULL)
        code = spoilt_code(field, cell, plain);
    field__forget(field, ret_struct);
    if (code != NULL)
        return field__fault(ctx, field, code, cell->text);
    if (plain == NULL)
        return field_read(ctx, field, cell->text, lists, ret_struct);
    if (field->type == FIELD_DAY)
        return read_day(ctx, field, from, plain, ret_struct);
    if (field->type == FIELD_FEN)
        plain = exact(ctx, plain);
    return field_read(ctx, field, plain, lists, ret_struct);
}
