/*
 * What people and organisations are known by, from arbitrary text: whatever is taken is taken in
 * the same form again, masks never show a private value whole, and a title never breaks the header.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "dictionary/dictionary.h"
#include "dictionary/numbers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct day TODAY = {20349}; /* 2025-09-18 */

static void check_identity(const char *text)
{
    struct identity first, again;
    for (int kind = 0; kind < DOCUMENT_KIND_COUNT; kind++) {
        if (document_read((enum document_kind)kind, text, TODAY, &first) != IDENTITY_OK)
            continue;
        assert(first.kind != DOCUMENT_KIND_NONE);
        assert(document_read(first.kind, first.number, TODAY, &again) == IDENTITY_OK);
        assert(first.kind == again.kind && first.sex == again.sex);
        assert(strcmp(first.number, again.number) == 0 && strcmp(first.modern, again.modern) == 0);
        assert(day_compare(first.born_on, again.born_on) == 0);
        assert(strlen(first.number) >= 5 && strlen(first.modern) <= 18);
    }
}

static void check_codes(const char *text)
{
    char code[19], code_again[19], account[31], account_again[31], phone[24], phone_again[24];
    enum credit_code_check credit = credit_code_read(text, code);
    if (credit == CREDIT_CODE_OK || credit == CREDIT_CODE_CHECKSUM) {
        assert(credit_code_read(code, code_again) == credit && strcmp(code, code_again) == 0);
        assert(credit_code_organisation_fits(code) || strlen(code) == 18);
    }
    enum bank_account_check bank = bank_account_read(text, account);
    if (bank == BANK_ACCOUNT_OK || bank == BANK_ACCOUNT_LUHN) {
        assert(bank_account_read(account, account_again) == bank);
        assert(strcmp(account, account_again) == 0);
    }
    if (phone_read(text, phone) == PHONE_OK) {
        assert(phone_read(phone, phone_again) == PHONE_OK);
        assert(strcmp(phone, phone_again) == 0);
    }
}

static void check_name(struct arena *arena, const char *text)
{
    const char *name, *again;
    uint32_t character;
    if (name_read(arena, text_clean(arena, text), &name, &character) != NAME_OK)
        return;
    assert(*name != '\0' && text_valid(name, strlen(name)));
    assert(name_read(arena, name, &again, &character) == NAME_OK);
    assert(strcmp(name, again) == 0);
}

static void check_masks(struct arena *arena, const char *text)
{
    const char *const masked[] = {mask_name(arena, text), mask_identity_no(arena, text),
                                  mask_phone(arena, text), mask_bank_account(arena, text),
                                  mask_text(arena, text)};
    for (size_t i = 0; i < sizeof masked / sizeof masked[0]; i++)
        assert(text_valid(masked[i], strlen(masked[i])));
    size_t characters = text_characters(text);
    for (size_t i = 1; i < 4; i++) {
        size_t hidden = 0;
        for (const char *at = masked[i]; *at != '\0'; at++)
            hidden += *at == '*';
        assert(text_characters(masked[i]) == characters);
        assert(hidden >= (characters < 4 ? characters : 4));
    }
}

static const char *const NUMBER_TITLES[] = {"身份证号", NULL};
static const char *const NAME_TITLES[] = {"姓名", NULL};
static const struct field FIELDS[] = {{.name = "identity_no", .key = "a", .titles = NUMBER_TITLES},
                                      {.name = "name", .key = "b", .titles = NAME_TITLES}};
static const struct entity ENTITY = {.name = "sample", .fields = FIELDS, .field_count = 2};

static void check_header(struct arena *arena, const char *text)
{
    struct ctx ctx = {.arena = arena};
    const char *titles[] = {text, "姓名", text};
    size_t score = header_score(&ctx, &ENTITY, titles, 3);
    struct header_match match = header_match(&ctx, &ENTITY, titles, 3);
    assert(score <= 3 && match.column_count == 3);
    assert(match.columns[1].field == &FIELDS[1]);
    assert(match.columns[0].field == match.columns[2].field);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (!text_valid((const char *)bytes, length))
        return 0;
    struct arena *arena = arena_new((size_t)64 << 20);
    const char *text = arena_text_n(arena, (const char *)bytes, length);
    const char *compact = text_compact(arena, text);
    check_identity(compact);
    check_identity(text);
    check_codes(compact);
    check_codes(text);
    check_name(arena, text);
    check_masks(arena, text);
    check_header(arena, text);
    arena_free(arena);
    return 0;
}
