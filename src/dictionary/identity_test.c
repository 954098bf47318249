/* Identity numbers: what is taken, what is refused with which reason, and a slow model beside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/day.h"
#include "dictionary/numbers.h"

static struct day on(int year, int month, int day)
{
    struct day ret;
    assert_true(day_of_civil((struct civil){year, month, day}, &ret));
    return ret;
}

static struct day today(void)
{
    return on(2025, 9, 18);
}

static enum identity_check check(const char *text)
{
    struct identity identity;
    return identity_read(text, today(), &identity);
}

/* ISO 7064 MOD 11-2 as the standard states it, digit by digit: the reference for the weights. */
static char slow_check_character(const char *digits)
{
    int rest = 0;
    for (int i = 0; i < 17; i++)
        rest = (rest + digits[i] - '0') * 2 % 11;
    int check = (12 - rest) % 11;
    return check == 10 ? 'X' : (char)('0' + check);
}

/* A number built from its parts, with the right check character. */
static const char *number_of(const char *region, const char *birth, const char *order)
{
    static char number[19]; /* allowed: of this test program */
    snprintf(number, sizeof number, "%s%s%s", region, birth, order);
    number[17] = slow_check_character(number);
    number[18] = '\0';
    return number;
}

/* --- residents --- */

static void residents_numbers_tell_birth_and_sex(void **state)
{
    (void)state;
    struct identity identity;
    const char *number = number_of("530102", "19900307", "123");
    assert_int_equal(identity_read(number, today(), &identity), IDENTITY_OK);
    assert_int_equal(identity.kind, DOCUMENT_KIND_RESIDENT_IDENTITY);
    assert_string_equal(identity.number, number);
    assert_string_equal(identity.modern, number);
    assert_string_equal(identity.region_code, "530102");
    assert_int_equal(day_compare(identity.born_on, on(1990, 3, 7)), 0);
    assert_int_equal(identity.sex, SEX_MALE);
    assert_int_equal(identity_read(number_of("530102", "19900307", "124"), today(), &identity),
                     IDENTITY_OK);
    assert_int_equal(identity.sex, SEX_FEMALE);
}

static void the_standards_own_example_fits(void **state)
{
    (void)state;
    assert_int_equal(check("11010519491231002X"), IDENTITY_OK);
    assert_int_equal(check("440524188001010014"), IDENTITY_OK);
}

static void what_clerks_type_is_taken(void **state)
{
    (void)state;
    struct identity identity;
    const char *const spellings[] = {
        "11010519491231002x", "'11010519491231002X", "‘11010519491231002X", "110105-19491231-002X",
        "11010519491231002×", "11010519491231002Х",  "11010519491231002Ⅹ"};
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        if (identity_read(spellings[i], today(), &identity) != IDENTITY_OK)
            fail_msg("'%s' was refused", spellings[i]);
        assert_string_equal(identity.number, "11010519491231002X");
    }
}

static void each_fault_has_its_reason(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum identity_check reason;
    } cases[] = {
        {"", IDENTITY_LENGTH},
        {"1", IDENTITY_LENGTH},
        {"1101051949123100", IDENTITY_LENGTH},
        {"1101051949123100X", IDENTITY_LENGTH},
        {"110105194912310022X", IDENTITY_LENGTH},
        {"1101051949123100211", IDENTITY_LENGTH},
        {"11010519491231X021", IDENTITY_CHARACTER},
        {"1101O519491231002X", IDENTITY_CHARACTER},
        {"11010519491231002Y", IDENTITY_CHARACTER},
        {"张三", IDENTITY_CHARACTER},
        {"1101051949123100２Ｘ", IDENTITY_CHARACTER}, /* text_compact() comes first */
        {"110105********002X", IDENTITY_MASKED},
        {"5.33001E+17", IDENTITY_SCIENTIFIC},
        {"5.33001199001011E17", IDENTITY_SCIENTIFIC},
        {"5e+17", IDENTITY_SCIENTIFIC},
        {"110105194912310000", IDENTITY_TAIL_LOST},
        {"530102199003070000", IDENTITY_TAIL_LOST},
        {"100105194912310021", IDENTITY_REGION},
        {"000000000000000000", IDENTITY_REGION},
        {"11010519491301002X", IDENTITY_BIRTH_DATE},
        {"11010519490229002X", IDENTITY_BIRTH_DATE},
        {"11010520990101002X", IDENTITY_BIRTH_DATE}, /* in the future */
        {"11010517991231002X", IDENTITY_BIRTH_DATE}, /* before 1880 */
        {"110105194912310021", IDENTITY_CHECKSUM},
        {"110105194912310012", IDENTITY_CHECKSUM},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (check(cases[i].text) != cases[i].reason)
            fail_msg("'%s' gave %d instead of %d", cases[i].text, check(cases[i].text),
                     cases[i].reason);
}

/* Order 100 and check 0 end in 000 rightly. */
static void a_genuine_000_is_taken(void **state)
{
    (void)state;
    char digits[32] = "530102199001011000"; /* room for whatever an int could print */
    for (int day = 1; day <= 28; day++) {
        snprintf(digits, sizeof digits, "530102199001%02d1000", day);
        enum identity_check expected =
            slow_check_character(digits) == '0' ? IDENTITY_OK : IDENTITY_TAIL_LOST;
        assert_int_equal(check(digits), expected);
    }
}

static void a_birth_today_is_the_last_possible(void **state)
{
    (void)state;
    assert_int_equal(check(number_of("530102", "20250918", "001")), IDENTITY_OK);
    assert_int_equal(check(number_of("530102", "20250919", "001")), IDENTITY_BIRTH_DATE);
    assert_int_equal(check(number_of("530102", "20000229", "001")), IDENTITY_OK);
    assert_int_equal(check(number_of("530102", "19000229", "001")), IDENTITY_BIRTH_DATE);
}

/* --- other documents --- */

static void old_numbers_are_a_kind_and_know_their_successor(void **state)
{
    (void)state;
    struct identity identity;
    assert_int_equal(identity_read("110105491231002", today(), &identity), IDENTITY_OK);
    assert_int_equal(identity.kind, DOCUMENT_KIND_RESIDENT_IDENTITY_15);
    assert_string_equal(identity.number, "110105491231002");
    assert_string_equal(identity.modern, "11010519491231002X");
    assert_int_equal(day_compare(identity.born_on, on(1949, 12, 31)), 0);
    assert_int_equal(identity.sex, SEX_FEMALE);
    assert_int_equal(identity_read("440524800101999", today(), &identity), IDENTITY_OK);
    assert_int_equal(day_compare(identity.born_on, on(1880, 1, 1)), 0);
    assert_int_equal(check("110105491331002"), IDENTITY_BIRTH_DATE);
    assert_int_equal(check("990105491231002"), IDENTITY_REGION);
    assert_int_equal(check("11010549123100X"), IDENTITY_LENGTH);
}

static void residence_permits_are_kinds(void **state)
{
    (void)state;
    struct identity identity;
    assert_int_equal(identity_read(number_of("810000", "19850611", "003"), today(), &identity),
                     IDENTITY_OK);
    assert_int_equal(identity.kind, DOCUMENT_KIND_HONG_KONG_MACAO_RESIDENCE);
    assert_int_equal(identity_read(number_of("820000", "19850611", "003"), today(), &identity),
                     IDENTITY_OK);
    assert_int_equal(identity.kind, DOCUMENT_KIND_HONG_KONG_MACAO_RESIDENCE);
    assert_int_equal(identity_read(number_of("830000", "19850611", "003"), today(), &identity),
                     IDENTITY_OK);
    assert_int_equal(identity.kind, DOCUMENT_KIND_TAIWAN_RESIDENCE);
    assert_int_equal(check(number_of("840000", "19850611", "003")), IDENTITY_REGION);
    assert_int_equal(check(number_of("810001", "19850611", "003")), IDENTITY_REGION);
}

static void foreigners_cards_are_a_kind(void **state)
{
    (void)state;
    struct identity identity;
    assert_int_equal(identity_read("911124198108030024", today(), &identity), IDENTITY_OK);
    assert_int_equal(identity.kind, DOCUMENT_KIND_FOREIGN_PERMIT);
    assert_string_equal(identity.region_code, "");
    assert_int_equal(day_compare(identity.born_on, on(1981, 8, 3)), 0);
    assert_int_equal(identity.sex, SEX_FEMALE);
    assert_int_equal(check("911124198108030025"), IDENTITY_CHECKSUM);
    assert_int_equal(check("999124198108030024"), IDENTITY_REGION);
    assert_int_equal(identity_read("CAN110081080310", today(), &identity), IDENTITY_OK);
    assert_int_equal(identity.kind, DOCUMENT_KIND_FOREIGN_PERMIT);
    assert_true(day_is_none(identity.born_on));
    assert_int_equal(check("CAN110081133110"), IDENTITY_BIRTH_DATE);
    assert_int_equal(check("CAN990081080310"), IDENTITY_REGION);
    assert_int_equal(check("CA1110081080310"), IDENTITY_CHARACTER);
}

static void travel_documents_are_kinds(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum document_kind stated, kind;
    } good[] = {
        {"H12345678", DOCUMENT_KIND_NONE, DOCUMENT_KIND_HONG_KONG_MACAO_PERMIT},
        {"m1234567890", DOCUMENT_KIND_NONE, DOCUMENT_KIND_HONG_KONG_MACAO_PERMIT},
        {"E12345678", DOCUMENT_KIND_NONE, DOCUMENT_KIND_PASSPORT},
        {"EA1234567", DOCUMENT_KIND_NONE, DOCUMENT_KIND_PASSPORT},
        {"H12345678", DOCUMENT_KIND_PASSPORT, DOCUMENT_KIND_PASSPORT},
        {"512345678", DOCUMENT_KIND_PASSPORT, DOCUMENT_KIND_PASSPORT},
        {"12345678", DOCUMENT_KIND_TAIWAN_PERMIT, DOCUMENT_KIND_TAIWAN_PERMIT},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct identity identity;
        if (document_read(good[i].stated, good[i].text, today(), &identity) != IDENTITY_OK)
            fail_msg("'%s' was refused", good[i].text);
        assert_int_equal(identity.kind, good[i].kind);
        assert_true(day_is_none(identity.born_on));
        assert_int_equal(identity.sex, SEX_UNKNOWN);
    }
    assert_int_equal(check("12345678"), IDENTITY_LENGTH); /* not without being told */
    assert_int_equal(check("H1234567"), IDENTITY_OK);     /* a passport */
    assert_int_equal(check("H123456789"), IDENTITY_CHARACTER);
}

static void a_stated_kind_must_be_it(void **state)
{
    (void)state;
    struct identity identity;
    const struct {
        enum document_kind stated;
        const char *text;
    } wrong[] = {
        {DOCUMENT_KIND_RESIDENT_IDENTITY, "911124198108030024"},
        {DOCUMENT_KIND_RESIDENT_IDENTITY, "110105491231002"},
        {DOCUMENT_KIND_FOREIGN_PERMIT, "11010519491231002X"},
        {DOCUMENT_KIND_TAIWAN_PERMIT, "1234567"},
        {DOCUMENT_KIND_TAIWAN_PERMIT, "H12345678"},
        {DOCUMENT_KIND_HONG_KONG_MACAO_PERMIT, "E12345678"},
        {DOCUMENT_KIND_PASSPORT, "ABCDEF"},
        {DOCUMENT_KIND_PASSPORT, "1234"},
        {DOCUMENT_KIND_PASSPORT, "1234567890123"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (document_read(wrong[i].stated, wrong[i].text, today(), &identity) != IDENTITY_DOCUMENT)
            fail_msg("'%s' was taken for another kind", wrong[i].text);
    assert_int_equal(
        document_read(DOCUMENT_KIND_RESIDENT_IDENTITY, "110105194912310021", today(), &identity),
        IDENTITY_CHECKSUM);
}

/* --- properties --- */

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static void the_weights_are_the_standards_procedure(void **state)
{
    (void)state;
    uint64_t seed = 2021;
    for (int i = 0; i < 20000; i++) {
        char digits[18] = "";
        for (int k = 0; k < 17; k++)
            digits[k] = (char)('0' + next_random(&seed) % 10);
        assert_int_equal(identity_check_character(digits), slow_check_character(digits));
    }
}

/* The check finds every single wrong digit and every swap of neighbours. */
static void no_slip_of_one_digit_goes_unseen(void **state)
{
    (void)state;
    uint64_t seed = 28;
    for (int i = 0; i < 500; i++) {
        char birth[16], order[4], slip[19];
        snprintf(birth, sizeof birth, "19%02d%02d%02d", (int)(next_random(&seed) % 100),
                 (int)(next_random(&seed) % 12) + 1, (int)(next_random(&seed) % 28) + 1);
        snprintf(order, sizeof order, "%03d", (int)(next_random(&seed) % 1000));
        const char *number = number_of("532801", birth, order);
        assert_int_equal(check(number), IDENTITY_OK);
        for (size_t at = 0; at < 17; at++) {
            memcpy(slip, number, sizeof slip);
            slip[at] = (char)('0' + (slip[at] - '0' + 1 + (int)(next_random(&seed) % 9)) % 10);
            assert_int_not_equal(check(slip), IDENTITY_OK);
        }
        for (size_t at = 0; at < 16; at++) {
            memcpy(slip, number, sizeof slip);
            slip[at] = number[at + 1];
            slip[at + 1] = number[at];
            if (slip[at] != slip[at + 1])
                assert_int_not_equal(check(slip), IDENTITY_OK);
        }
    }
}

static void every_check_but_ok_has_a_code(void **state)
{
    (void)state;
    assert_null(identity_check_code(IDENTITY_OK));
    for (int value = IDENTITY_LENGTH; value <= IDENTITY_DOCUMENT; value++)
        assert_non_null(identity_check_code((enum identity_check)value));
    assert_string_equal(identity_check_code(IDENTITY_TAIL_LOST), "id-tail-lost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(residents_numbers_tell_birth_and_sex),
        cmocka_unit_test(the_standards_own_example_fits),
        cmocka_unit_test(what_clerks_type_is_taken),
        cmocka_unit_test(each_fault_has_its_reason),
        cmocka_unit_test(a_genuine_000_is_taken),
        cmocka_unit_test(a_birth_today_is_the_last_possible),
        cmocka_unit_test(old_numbers_are_a_kind_and_know_their_successor),
        cmocka_unit_test(residence_permits_are_kinds),
        cmocka_unit_test(foreigners_cards_are_a_kind),
        cmocka_unit_test(travel_documents_are_kinds),
        cmocka_unit_test(a_stated_kind_must_be_it),
        cmocka_unit_test(the_weights_are_the_standards_procedure),
        cmocka_unit_test(no_slip_of_one_digit_goes_unseen),
        cmocka_unit_test(every_check_but_ok_has_a_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
