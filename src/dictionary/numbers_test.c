/* Credit codes, bank accounts, phones and masks: what is taken, what is refused and why. */
#include "dictionary/numbers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* --- credit codes --- */

static enum credit_code_check check_code(const char *text)
{
    char code[19];
    return credit_code_read(text, code);
}

/* GB 32100 without its table of weights: each is the one before times 3, modulo 31. */
static char slow_credit_check(const char *body)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int weight = 1, sum = 0;
    for (int i = 0; i < 17; i++) {
        sum += (int)(strchr(alphabet, body[i]) - alphabet) * weight;
        weight = weight * 3 % 31;
    }
    return alphabet[(31 - sum % 31) % 31];
}

static void credit_codes_are_read(void **state)
{
    (void)state;
    char code[19];
    assert_int_equal(credit_code_read("91350100M000100Y43", code), CREDIT_CODE_OK);
    assert_int_equal(credit_code_read("91350100m000100y43", code), CREDIT_CODE_OK);
    assert_string_equal(code, "91350100M000100Y43");
    assert_int_equal(credit_code_read("'9135-0100-M000100Y43", code), CREDIT_CODE_OK);
    assert_string_equal(code, "91350100M000100Y43");
}

static void credit_codes_are_refused_with_reasons(void **state)
{
    (void)state;
    assert_int_equal(check_code("91350100M000100Y44"), CREDIT_CODE_CHECKSUM);
    assert_int_equal(check_code(""), CREDIT_CODE_LENGTH);
    assert_int_equal(check_code("91350100M000100Y4"), CREDIT_CODE_LENGTH);
    assert_int_equal(check_code("91350100M000100Y433"), CREDIT_CODE_LENGTH);
    assert_int_equal(check_code("530102100001234"), CREDIT_CODE_LENGTH); /* a licence's number */
    assert_int_equal(check_code("91350100O000100Y43"), CREDIT_CODE_CHARACTER);
    assert_int_equal(check_code("91350100I000100Y43"), CREDIT_CODE_CHARACTER);
    assert_int_equal(check_code("91350100M00010云43"), CREDIT_CODE_CHARACTER);
    assert_int_equal(check_code("91350100******0Y43"), CREDIT_CODE_MASKED);
    assert_int_equal(check_code("9.1350100123457E+17"), CREDIT_CODE_NUMBER);
    assert_int_equal(check_code("913501001234560000"), slow_credit_check("91350100123456000") == '0'
                                                           ? CREDIT_CODE_OK
                                                           : CREDIT_CODE_NUMBER);
}

static void credit_weights_are_powers_of_three(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    uint64_t seed = 32100;
    for (int i = 0; i < 20000; i++) {
        char body[18] = "";
        for (int k = 0; k < 17; k++)
            body[k] = alphabet[next_random(&seed) % 31];
        assert_int_equal(credit_code_check_character(body), slow_credit_check(body));
    }
}

static void the_older_code_inside_is_told(void **state)
{
    (void)state;
    assert_true(credit_code_organisation_fits("91350100M000100Y43"));
    assert_false(credit_code_organisation_fits("91350100M000101Y43"));
}

/* --- bank accounts --- */

static enum bank_account_check check_account(const char *text)
{
    char account[31];
    return bank_account_read(text, account);
}

static void accounts_are_read(void **state)
{
    (void)state;
    char account[31];
    assert_int_equal(bank_account_read("6222-0212-3456-7890-129", account), BANK_ACCOUNT_LUHN);
    assert_int_equal(bank_account_read("4539578763621486", account), BANK_ACCOUNT_OK);
    assert_int_equal(bank_account_read("'4539578763621486", account), BANK_ACCOUNT_OK);
    assert_string_equal(account, "4539578763621486");
    assert_int_equal(bank_account_read("53010200", account), BANK_ACCOUNT_OK);
    assert_int_equal(bank_account_read("530102001234567890123456789012", account), BANK_ACCOUNT_OK);
    assert_int_equal(strlen(account), 30);
}

static void accounts_are_refused_with_reasons(void **state)
{
    (void)state;
    assert_int_equal(check_account("4539578763621487"), BANK_ACCOUNT_LUHN);
    assert_int_equal(check_account("5301020"), BANK_ACCOUNT_LENGTH);
    assert_int_equal(check_account("5301020012345678901234567890123"), BANK_ACCOUNT_LENGTH);
    assert_int_equal(check_account("6222x21234567890"), BANK_ACCOUNT_CHARACTER);
    assert_int_equal(check_account("农行6222021234567890"), BANK_ACCOUNT_CHARACTER);
    assert_int_equal(check_account("6222****7890"), BANK_ACCOUNT_MASKED);
    assert_int_equal(check_account("6.22202E+18"), BANK_ACCOUNT_SCIENTIFIC);
    assert_int_equal(check_account("6222021234567810000"), BANK_ACCOUNT_TAIL_LOST);
    assert_int_equal(check_account("622202123456781000"), BANK_ACCOUNT_TAIL_LOST);
    assert_int_equal(check_account("62220212345678100"), BANK_ACCOUNT_LUHN); /* 17 digits */
    assert_int_equal(check_account("6222021234567810"), BANK_ACCOUNT_LUHN);  /* 16 digits */
    const char *const made_up[] = {"0",          "00000000", "11111111111",        "123456",
                                   "1234567890", "98765432", "0123456789012345678"};
    for (size_t i = 0; i < sizeof made_up / sizeof made_up[0]; i++)
        if (check_account(made_up[i]) != BANK_ACCOUNT_PLACEHOLDER)
            fail_msg("'%s' was taken", made_up[i]);
}

/* --- phones --- */

static enum phone_check check_phone(const char *text)
{
    char phone[24];
    return phone_read(text, phone);
}

static void phones_are_read(void **state)
{
    (void)state;
    const char *const cases[][2] = {
        {"13908712345", "13908712345"},
        {"139-0871-2345", "13908712345"},
        {"+8613908712345", "13908712345"},
        {"+86-13908712345", "13908712345"},
        {"008613908712345", "13908712345"},
        {"8613908712345", "13908712345"},
        {"(86)13908712345", "13908712345"},
        {"0871-63331234", "0871-63331234"},
        {"(0871)63331234", "0871-63331234"},
        {"087163331234", "0871-63331234"},
        {"010-65231234", "010-65231234"},
        {"0691-2123123", "0691-2123123"},
        {"0871-63331234-8001", "0871-63331234-8001"},
        {"+86-0871-63331234", "0871-63331234"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char phone[24] = "";
        if (phone_read(cases[i][0], phone) != PHONE_OK)
            fail_msg("'%s' was refused", cases[i][0]);
        assert_string_equal(phone, cases[i][1]);
        assert_int_equal(phone_read(phone, phone), PHONE_OK); /* what is stored reads the same */
        assert_string_equal(phone, cases[i][1]);
    }
}

static void phones_are_refused_with_reasons(void **state)
{
    (void)state;
    const char *const wrong[] = {"",
                                 "1398765432",
                                 "139087123450",
                                 "12987654321",
                                 "1398765432a",
                                 "无电话",
                                 "63331234",
                                 "0871-633312",
                                 "00871-63331234",
                                 "010-6523123",
                                 "0871-03331234",
                                 "1390871234513908712345139876",
                                 "13908712345/13912345670",
                                 "0871-63331234-800123"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (check_phone(wrong[i]) != PHONE_FORM)
            fail_msg("'%s' gave %d", wrong[i], check_phone(wrong[i]));
    const char *const made_up[] = {"11111111111", "00000000000", "123456",
                                   "12345678901", "13333333333", "13800000000",
                                   "13812345678", "13800138000", "0871-88888888"};
    for (size_t i = 0; i < sizeof made_up / sizeof made_up[0]; i++)
        if (check_phone(made_up[i]) != PHONE_PLACEHOLDER)
            fail_msg("'%s' gave %d", made_up[i], check_phone(made_up[i]));
    assert_int_equal(check_phone("139****2345"), PHONE_MASKED);
}

/* --- masks --- */

static void masks_keep_what_is_needed(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    const char *const names[][2] = {
        {"张三", "张*"},
        {"张三丰", "张**"},
        {"欧阳", "欧*"},
        {"欧阳锋", "欧阳*"},
        {"司马相如", "司马**"},
        {"阿依古丽·买买提", "阿***·***"},
        {"JOHN SMITH", "J*** S****"},
        {"𠮷野", "𠮷*"},
        {"张", "张*"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_string_equal(mask_name(arena, names[i][0]), names[i][1]);
    assert_string_equal(mask_name(arena, NULL), "");
    assert_string_equal(mask_identity_no(arena, "530102199003071234"), "53*************234");
    assert_string_equal(mask_identity_no(arena, "E12345678"), "E1****678");
    assert_string_equal(mask_identity_no(arena, "张三"), "**");
    assert_string_equal(mask_identity_no(arena, "张三李四王五赵六"), "张三****赵六");
    assert_string_equal(mask_phone(arena, "13908712345"), "139****2345");
    assert_string_equal(mask_phone(arena, "110"), "***");
    assert_string_equal(mask_bank_account(arena, "6222021234567890128"), "6222***********0128");
    assert_string_equal(mask_text(arena, "龙泉路1号"), "龙***");
    arena_free(arena);
}

/* No mask shows more than its head and tail, whatever it is given, and none is shorter. */
static void masks_hide_four_or_more(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    char number[31] = "";
    for (size_t length = 1; length < 30; length++) {
        memset(number, '7', length);
        const char *const masked[] = {mask_identity_no(arena, number), mask_phone(arena, number),
                                      mask_bank_account(arena, number)};
        for (size_t i = 0; i < 3; i++) {
            size_t stars = 0;
            for (const char *at = masked[i]; *at != '\0'; at++)
                stars += *at == '*';
            assert_int_equal(strlen(masked[i]), length);
            assert_true(stars >= (length < 4 ? length : 4));
        }
    }
    arena_free(arena);
}

static void every_reason_has_a_code(void **state)
{
    (void)state;
    assert_null(credit_code_check_code(CREDIT_CODE_OK));
    assert_null(bank_account_check_code(BANK_ACCOUNT_OK));
    assert_null(phone_check_code(PHONE_OK));
    for (int i = CREDIT_CODE_CHECKSUM; i <= CREDIT_CODE_NUMBER; i++)
        assert_non_null(credit_code_check_code((enum credit_code_check)i));
    for (int i = BANK_ACCOUNT_LUHN; i <= BANK_ACCOUNT_TAIL_LOST; i++)
        assert_non_null(bank_account_check_code((enum bank_account_check)i));
    for (int i = PHONE_FORM; i <= PHONE_PLACEHOLDER; i++)
        assert_non_null(phone_check_code((enum phone_check)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credit_codes_are_read),
        cmocka_unit_test(credit_codes_are_refused_with_reasons),
        cmocka_unit_test(credit_weights_are_powers_of_three),
        cmocka_unit_test(the_older_code_inside_is_told),
        cmocka_unit_test(accounts_are_read),
        cmocka_unit_test(accounts_are_refused_with_reasons),
        cmocka_unit_test(phones_are_read),
        cmocka_unit_test(phones_are_refused_with_reasons),
        cmocka_unit_test(masks_keep_what_is_needed),
        cmocka_unit_test(masks_hide_four_or_more),
        cmocka_unit_test(every_reason_has_a_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
