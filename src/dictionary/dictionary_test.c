/* Fields from text to typed places and back, doubts, JSON and its schema: each type, each code. */
#include "dictionary/dictionary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "web/web.h"

/* --- an entity as the generator would write it --- */

struct sample {
    const char *note, *secret, *name, *county;
    int64_t hours;
    struct fen fee_fen;
    struct day starts_on;
    bool is_remote;
    enum document_kind kind;
    int64_t person;
    const char *identity_no, *credit_code, *phone, *bank_account, *proof;
};

static const struct enum_value KINDS[] = {
    {"resident_identity", DOCUMENT_KIND_RESIDENT_IDENTITY},
    {"resident_identity_15", DOCUMENT_KIND_RESIDENT_IDENTITY_15},
    {"passport", DOCUMENT_KIND_PASSPORT},
    {NULL, 0}};
static const char *const NONE[] = {NULL};

#define FIELD(NAME, TYPE, ...)                                                                     \
    {                                                                                              \
        .name = #NAME, .key = "sample." #NAME, .type = TYPE,                                       \
        .offset = offsetof(struct sample, NAME), .titles = NONE, __VA_ARGS__                       \
    }
#define OPEN .least = INT64_MIN, .most = INT64_MAX

static const struct field FIELDS[] = {
    FIELD(note, FIELD_TEXT, .least = 2, .most = 5),
    FIELD(secret, FIELD_PASSWORD, .least = 1, .most = 200, .is_private = true),
    FIELD(name, FIELD_PERSON_NAME, .least = 1, .most = 50, .is_required = true),
    FIELD(county, FIELD_TEXT, OPEN, .list = "counties"),
    FIELD(hours, FIELD_INTEGER, .least = 1, .most = 200),
    FIELD(fee_fen, FIELD_FEN, .least = 0, .most = 500000),
    FIELD(starts_on, FIELD_DAY, OPEN),
    FIELD(is_remote, FIELD_BOOL, OPEN),
    FIELD(kind, FIELD_ENUM, OPEN, .values = KINDS, .enum_name = "document_kind"),
    FIELD(person, FIELD_ID, OPEN),
    FIELD(identity_no, FIELD_IDENTITY_NO, OPEN, .is_private = true, .is_required = true),
    FIELD(credit_code, FIELD_CREDIT_CODE, OPEN),
    FIELD(phone, FIELD_PHONE, OPEN, .is_private = true),
    FIELD(bank_account, FIELD_BANK_ACCOUNT, OPEN, .is_private = true),
    FIELD(proof, FIELD_FILE, OPEN),
};
static const struct entity SAMPLE = {.name = "sample",
                                     .size = sizeof(struct sample),
                                     .fields = FIELDS,
                                     .field_count = sizeof FIELDS / sizeof FIELDS[0]};

static bool has_county(const struct ctx *ctx, const char *code)
{
    (void)ctx;
    return strcmp(code, "530102") == 0 || strcmp(code, "530103") == 0 ||
           strcmp(code, "530199") == 0;
}

static bool county_at(struct ctx *ctx, size_t i, const char **ret_code, const char **ret_label)
{
    (void)ctx;
    static const char *const counties[][2] = {
        {"530102", "五华区"}, {"530103", "盘龙区"}, {"530199", "盘龙区"}};
    if (i >= 3)
        return false;
    *ret_code = counties[i][0];
    *ret_label = counties[i][1];
    return true;
}

static const struct code_list LISTS[] = {{"counties", has_county, county_at}, {0}};

/* --- the test's environment --- */

static struct ctx ctx; /* allowed: of this test program */

static int set_up(void **state)
{
    (void)state;
    ctx = (struct ctx){.arena = arena_new((size_t)4 << 20), .language = LANGUAGE_ZH};
    return !day_of_civil((struct civil){2025, 9, 18}, &ctx.today);
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(ctx.arena);
    return 0;
}

/* The code of what is wrong with the text, "" where nothing is. */
static const char *fault_of(const char *name, const char *text)
{
    struct sample sample = {0};
    const struct field *field = entity_field(&SAMPLE, name);
    const struct field_fault *fault = field_read(&ctx, field, text, LISTS, &sample);
    if (fault == NULL)
        return "";
    assert_ptr_equal(fault->field, field);
    /* The words are there, and every placeholder is filled. */
    const char *said = words_with(&ctx, &fault->message);
    assert_string_not_equal(said, fault->message.key);
    assert_null(strchr(said, '{'));
    return fault->code;
}

/* What the text becomes, for files; fails where it is refused. */
static const char *plain_of(const char *name, const char *text)
{
    struct sample sample = {0};
    const struct field *field = entity_field(&SAMPLE, name);
    const struct field_fault *fault = field_read(&ctx, field, text, LISTS, &sample);
    if (fault != NULL)
        fail_msg("%s '%s': %s", name, text, fault->code);
    return field_plain(&ctx, field, &sample);
}

struct reading {
    const char *name, *text, *plain;
};

static void check_readings(const struct reading *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(plain_of(cases[i].name, cases[i].text), cases[i].plain);
        /* What is written to a file is read back the same. */
        if (*cases[i].plain != '\0')
            assert_string_equal(plain_of(cases[i].name, cases[i].plain), cases[i].plain);
    }
}

struct refusal {
    const char *name, *text, *code;
};

static void check_refusals(const struct refusal *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fault_of(cases[i].name, cases[i].text), cases[i].code) != 0)
            fail_msg("%s '%s': '%s' instead of '%s'", cases[i].name, cases[i].text,
                     fault_of(cases[i].name, cases[i].text), cases[i].code);
}

#define READINGS(cases) check_readings(cases, sizeof(cases) / sizeof(cases)[0])
#define REFUSALS(cases) check_refusals(cases, sizeof(cases) / sizeof(cases)[0])

/* --- one field --- */

static void text_is_cleaned_and_measured(void **state)
{
    (void)state;
    static const struct reading good[] = {
        {"note", "　ＡＢ  c ", "AB c"},
        {"note", "滇技", "滇技"},
        {"note", "", ""},
        {"note", "  ", ""},
        {"note", NULL, ""},
        {"county", "530102", "530102"},
        {"county", "五华区", "530102"},
        {"proof", "a.pdf", "a.pdf"},
    };
    static const struct refusal bad[] = {
        {"note", "滇", "too-short"},
        {"note", "一二三四五六", "too-long"},
        {"county", "530104", "not-in-list"},
        {"county", "官渡区", "not-in-list"},
        {"county", "盘龙区", "not-in-list"}, /* two have that label */
        {"name", "", "required"},
        {"name", NULL, "required"},
        {"name", "　", "required"},
        {"name", "张三1", "name-digit"},
        {"name", "暂无", "name-placeholder"},
        {"name", "张*", "masked"},
        {"name", "张\xee\x80\x80", "name-private-use"},
        {"name", "张三a", "name-mixed"},
        {"name", "张三(大)", "name-character"},
    };
    READINGS(good);
    REFUSALS(bad);
}

static void figures_are_whole_and_in_range(void **state)
{
    (void)state;
    static const struct reading good[] = {
        {"hours", "40", "40"},    {"hours", "４０", "40"}, {"hours", " 4 0 ", "40"},
        {"hours", "40.00", "40"}, {"hours", "1", "1"},     {"hours", "200", "200"},
        {"hours", NULL, ""},
    };
    static const struct refusal bad[] = {
        {"hours", "0", "out-of-range"},
        {"hours", "201", "out-of-range"},
        {"hours", "-1", "out-of-range"},
        {"hours", "40.5", "not-a-number"},
        {"hours", "40学时", "not-a-number"},
        {"hours", "四十", "not-a-number"},
        {"hours", "1e2", "not-a-number"},
        {"hours", "40.", "not-a-number"},
        {"hours", ".0", "not-a-number"},
        {"hours", "-9223372036854775808", "not-a-number"},
        {"hours", "9223372036854775808", "not-a-number"},
    };
    READINGS(good);
    REFUSALS(bad);
}

static void amounts_are_yuan_with_two_decimals(void **state)
{
    (void)state;
    static const struct reading good[] = {
        {"fee_fen", "1200", "1200.00"},     {"fee_fen", "1,200.5", "1200.50"},
        {"fee_fen", "¥1200.00", "1200.00"}, {"fee_fen", "￥1200", "1200.00"},
        {"fee_fen", "1200元", "1200.00"},   {"fee_fen", "人民币1200元整", "1200.00"},
        {"fee_fen", "0", "0.00"},           {"fee_fen", "5000", "5000.00"},
    };
    static const struct refusal bad[] = {
        {"fee_fen", "1200.555", "money-decimals"}, {"fee_fen", "0.5万元", "money-unit"},
        {"fee_fen", "5千", "money-unit"},          {"fee_fen", "一百", "money-unit"},
        {"fee_fen", "免费", "money-format"},       {"fee_fen", "1.2.3", "money-format"},
        {"fee_fen", "1.2E+3", "money-format"},     {"fee_fen", "元", "money-format"},
        {"fee_fen", "5000.01", "money-range"},     {"fee_fen", "-1", "money-range"},
    };
    READINGS(good);
    REFUSALS(bad);
}

static void days_are_read_as_offices_write_them(void **state)
{
    (void)state;
    static const struct reading good[] = {
        {"starts_on", "2025-03-07", "2025-03-07"},   {"starts_on", "2025/3/7", "2025-03-07"},
        {"starts_on", "2025年3月7日", "2025-03-07"}, {"starts_on", "20250307", "2025-03-07"},
        {"starts_on", "45723", "2025-03-07"},        {"starts_on", "45723.5", "2025-03-07"},
        {"starts_on", "10000", "1927-05-18"},        {"starts_on", NULL, ""},
    };
    static const struct refusal bad[] = {
        {"starts_on", "2025-02-29", "not-a-date"}, {"starts_on", "2025年3月", "not-a-date"},
        {"starts_on", "457230", "not-a-date"},     {"starts_on", "04572", "not-a-date"},
        {"starts_on", "45723.x", "not-a-date"},    {"starts_on", "明天", "not-a-date"},
    };
    READINGS(good);
    REFUSALS(bad);
}

static void choices_are_read_by_code_and_words(void **state)
{
    (void)state;
    static const struct reading good[] = {
        {"kind", "passport", "passport"},
        {"kind", "护照", "passport"},
        {"kind", "Passport", "passport"},
        {"kind", "居民 身份证", "resident_identity"}, /* exact, though another begins so */
        {"kind", "15位旧号", "resident_identity_15"},
        {"is_remote", "是", "1"},
        {"is_remote", "Y", "1"},
        {"is_remote", "√", "1"},
        {"is_remote", "on", "1"},
        {"is_remote", "否", "0"},
        {"is_remote", NULL, "0"},
    };
    static const struct refusal bad[] = {
        {"kind", "身份证", "not-in-list"}, {"kind", "none", "not-in-list"},
        {"kind", "驾驶证", "not-in-list"}, {"is_remote", "也许", "not-yes-or-no"},
        {"person", "1", "not-an-id"},
    };
    READINGS(good);
    REFUSALS(bad);
}

static void numbers_are_kept_in_their_one_form(void **state)
{
    (void)state;
    static const struct reading good[] = {
        {"identity_no", " １１０１０５ 19491231 002x", "11010519491231002X"},
        {"identity_no", "110105491231002", "110105491231002"},
        {"identity_no", "E12345678", "E12345678"},
        {"credit_code", "91350100m000100y43", "91350100M000100Y43"},
        {"credit_code", "91350100M000100Y44", "91350100M000100Y44"}, /* a doubt only */
        {"phone", "139 0871 2345", "13908712345"},
        {"bank_account", "4539 5787 6362 1486", "4539578763621486"},
        {"bank_account", "4539578763621487", "4539578763621487"}, /* a doubt only */
    };
    static const struct refusal bad[] = {
        {"identity_no", "1101051949", "id-length"},
        {"identity_no", "11010519491231002Y", "id-character"},
        {"identity_no", "5.33001E+17", "id-scientific"},
        {"identity_no", "110105194912310000", "id-tail-lost"},
        {"identity_no", "100105194912310021", "id-region"},
        {"identity_no", "11010519491331002X", "id-birth-date"},
        {"identity_no", "110105194912310021", "id-checksum"},
        {"identity_no", "110105********002X", "masked"},
        {"credit_code", "91350100", "credit-code-length"},
        {"credit_code", "91350100O000100Y43", "credit-code-character"},
        {"credit_code", "9.135E+17", "credit-code-number"},
        {"phone", "123", "phone"},
        {"phone", "11111111111", "phone-placeholder"},
        {"bank_account", "123", "bank-account-placeholder"},
        {"bank_account", "1357", "bank-account-length"},
        {"bank_account", "农行1357", "bank-account-character"},
        {"bank_account", "6.22E+18", "bank-account-scientific"},
        {"bank_account", "6222021234567810000", "bank-account-tail-lost"},
    };
    READINGS(good);
    REFUSALS(bad);
}

static void doubts_are_told_apart(void **state)
{
    (void)state;
    static const struct refusal doubts[] = {
        {"credit_code", "91350100M000100Y44", "credit-code-checksum"},
        {"credit_code", "91350100M000100Y43", NULL},
        {"bank_account", "4539578763621487", "bank-account-checksum"},
        {"bank_account", "4539578763621486", NULL},
        {"identity_no", "110105491231002", "id-old"},
        {"identity_no", "11010519491231002X", NULL},
        {"phone", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof doubts / sizeof doubts[0]; i++) {
        struct sample sample = {0};
        const struct field *field = entity_field(&SAMPLE, doubts[i].name);
        assert_true(doubts[i].text == NULL ||
                    field_read(&ctx, field, doubts[i].text, LISTS, &sample) == NULL);
        const struct field_fault *doubt = field_doubt(&ctx, field, &sample);
        if (doubts[i].code == NULL)
            assert_null(doubt);
        else
            assert_string_equal(doubt->code, doubts[i].code);
    }
}

/* A fault never repeats a private value, nor a long one. */
static void faults_show_what_they_may(void **state)
{
    (void)state;
    struct sample sample;
    const struct field_fault *fault = field_read(&ctx, entity_field(&SAMPLE, "identity_no"),
                                                 "110105194912310021", LISTS, &sample);
    assert_string_equal(fault->given, "11*************021");
    assert_string_equal(words_with(&ctx, &fault->message), words(&ctx, "field.id-checksum"));
    const char *many =
        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
        "一二三四五六七八九十";
    fault = field_read(&ctx, entity_field(&SAMPLE, "note"), many, LISTS, &sample);
    assert_int_equal(text_characters(fault->given), 41);
    fault = field_read(&ctx, entity_field(&SAMPLE, "hours"), "999", LISTS, &sample);
    assert_string_equal(fault->given, "999");
    assert_string_equal(words_with(&ctx, &fault->message), "要在1到200之间。");
}

/* --- showing --- */

static void people_see_words_and_masks(void **state)
{
    (void)state;
    struct sample sample = {.note = "滇技",
                            .secret = "hush",
                            .name = "张三",
                            .hours = 1200,
                            .fee_fen = {123456},
                            .starts_on = DAY_NONE,
                            .is_remote = true,
                            .kind = DOCUMENT_KIND_PASSPORT,
                            .identity_no = "11010519491231002X",
                            .phone = "13908712345",
                            .bank_account = "4539578763621486"};
    const struct {
        const char *name, *masked, *revealed;
    } cases[] = {
        {"note", "滇技", "滇技"},
        {"secret", "", ""},
        {"name", "张三", "张三"},
        {"hours", "1,200", "1,200"},
        {"fee_fen", "1,234.56", "1,234.56"},
        {"starts_on", "", ""},
        {"is_remote", "是", "是"},
        {"kind", "护照", "护照"},
        {"person", "", ""},
        {"identity_no", "11*************02X", "11010519491231002X"},
        {"phone", "139****2345", "13908712345"},
        {"bank_account", "4539********1486", "4539578763621486"},
        {"credit_code", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct field *field = entity_field(&SAMPLE, cases[i].name);
        assert_string_equal(field_show(&ctx, field, &sample, /* reveal= */ false), cases[i].masked);
        assert_string_equal(field_show(&ctx, field, &sample, /* reveal= */ true),
                            cases[i].revealed);
    }
}

/* --- the whole --- */

static const char *source_of_pairs(struct ctx *in, const struct field *field, void *pairs)
{
    (void)in;
    for (const char *const *pair = pairs; *pair != NULL; pair += 2)
        if (strcmp(*pair, field->name) == 0)
            return pair[1];
    return NULL;
}

static void all_faults_of_all_fields_are_collected(void **state)
{
    (void)state;
    struct sample sample;
    struct field_faults faults;
    const char *pairs[] = {"note", "一", "hours", "x", "phone", "1", NULL};
    assert_false(entity_read(&ctx, &SAMPLE, source_of_pairs, pairs, LISTS, &sample, &faults));
    static const char *const codes[] = {"too-short", "required", "not-a-number", "required",
                                        "phone"};
    assert_int_equal(faults.count, 5);
    for (size_t i = 0; i < faults.count; i++)
        assert_string_equal(faults.items[i].code, codes[i]);
    assert_null(sample.note);
    assert_true(sample.hours == INT64_MIN);
    assert_true(day_is_none(sample.starts_on));
    const char *good[] = {"name", "张三", "identity_no", "11010519491231002X", NULL};
    assert_true(entity_read(&ctx, &SAMPLE, source_of_pairs, good, LISTS, &sample, &faults));
    assert_string_equal(sample.name, "张三");
}

static void json_says_what_there_is(void **state)
{
    (void)state;
    struct sample sample;
    struct field_faults faults;
    const char *pairs[] = {"name",      "张三",         "identity_no", "11010519491231002X",
                           "secret",    "hush",         "fee_fen",     "1200",
                           "kind",      "护照",         "is_remote",   "是",
                           "starts_on", "2025年3月7日", NULL};
    assert_true(entity_read(&ctx, &SAMPLE, source_of_pairs, pairs, LISTS, &sample, &faults));
    struct buffer out = buffer_new(ctx.arena, 512);
    entity_json(&out, &ctx, &SAMPLE, &sample, /* reveal= */ false);
    const struct json *object = json_read(ctx.arena, out.bytes, out.length);
    assert_non_null(object);
    assert_string_equal(json_member(object, "name")->text, "张三");
    assert_string_equal(json_member(object, "identity_no")->text, "11*************02X");
    assert_string_equal(json_member(object, "fee_fen")->text, "120000");
    assert_int_equal(json_member(object, "fee_fen")->type, JSON_NUMBER);
    assert_int_equal(json_member(object, "is_remote")->type, JSON_TRUE);
    assert_string_equal(json_member(object, "kind")->text, "passport");
    assert_string_equal(json_member(object, "starts_on")->text, "2025-03-07");
    assert_int_equal(json_member(object, "hours")->type, JSON_NULL);
    assert_null(json_member(object, "secret"));
    out = buffer_new(ctx.arena, 512);
    entity_json(&out, &ctx, &SAMPLE, &sample, /* reveal= */ true);
    object = json_read(ctx.arena, out.bytes, out.length);
    assert_string_equal(json_member(object, "identity_no")->text, "11010519491231002X");
}

static void the_schema_is_json_and_says_the_rules(void **state)
{
    (void)state;
    struct buffer out = buffer_new(ctx.arena, 4096);
    entity_schema(&out, &ctx, &SAMPLE);
    const struct json *schema = json_read(ctx.arena, out.bytes, out.length);
    assert_non_null(schema);
    const struct json *properties = json_member(schema, "properties");
    size_t count = 0;
    for (const struct json *member = properties->first; member != NULL; member = member->next)
        count++;
    assert_int_equal(count, SAMPLE.field_count);
    const struct json *hours = json_member(properties, "hours");
    assert_string_equal(json_member(hours, "maximum")->text, "200");
    assert_int_equal(json_member(hours, "type")->type, JSON_ARRAY); /* may be null */
    const struct json *name = json_member(properties, "name");
    assert_string_equal(json_member(name, "type")->text, "string");
    assert_string_equal(json_member(name, "maxLength")->text, "50");
    const struct json *kind = json_member(properties, "kind");
    assert_string_equal(json_member(kind, "enum")->first->text, "resident_identity");
    const struct json *required = json_member(schema, "required");
    assert_string_equal(required->first->text, "name");
    assert_string_equal(required->first->next->text, "identity_no");
    assert_null(required->first->next->next);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_cleaned_and_measured),
        cmocka_unit_test(figures_are_whole_and_in_range),
        cmocka_unit_test(amounts_are_yuan_with_two_decimals),
        cmocka_unit_test(days_are_read_as_offices_write_them),
        cmocka_unit_test(choices_are_read_by_code_and_words),
        cmocka_unit_test(numbers_are_kept_in_their_one_form),
        cmocka_unit_test(doubts_are_told_apart),
        cmocka_unit_test(faults_show_what_they_may),
        cmocka_unit_test(people_see_words_and_masks),
        cmocka_unit_test(all_faults_of_all_fields_are_collected),
        cmocka_unit_test(json_says_what_there_is),
        cmocka_unit_test(the_schema_is_json_and_says_the_rules),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
