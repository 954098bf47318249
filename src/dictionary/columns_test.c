/* Header rows as offices write them: which column holds which field, and which rows are no header.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dictionary/dictionary.h"

/* --- a roster's entity --- */

static const char *const NUMBER_TITLES[] = {"身份证号", "公民身份号码", "证件号码", NULL};
static const char *const NAME_TITLES[] = {"姓名", "学员姓名", NULL};
static const char *const PHONE_TITLES[] = {"手机号", "联系电话", "电话", NULL};
static const char *const BANK_TITLES[] = {"开户行", "开户银行", NULL};
static const char *const LEVEL_TITLES[] = {"等级", "申报等级", NULL};

static const struct field FIELDS[] = {
    {.name = "identity_no",
     .key = "sample.identity_no",
     .type = FIELD_IDENTITY_NO,
     .is_required = true,
     .titles = NUMBER_TITLES},
    {.name = "name",
     .key = "sample.name",
     .type = FIELD_PERSON_NAME,
     .is_required = true,
     .titles = NAME_TITLES},
    {.name = "phone", .key = "sample.phone", .type = FIELD_PHONE, .titles = PHONE_TITLES},
    {.name = "bank_name", .key = "sample.bank_name", .type = FIELD_TEXT, .titles = BANK_TITLES},
    {.name = "level", .key = "sample.level", .type = FIELD_TEXT, .titles = LEVEL_TITLES},
};
static const struct entity ROSTER = {
    .name = "sample", .fields = FIELDS, .field_count = sizeof FIELDS / sizeof FIELDS[0]};

static struct ctx ctx; /* allowed: of this test program */

static int set_up(void **state)
{
    (void)state;
    ctx = (struct ctx){.arena = arena_new((size_t)4 << 20), .language = LANGUAGE_ZH};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(ctx.arena);
    return 0;
}

/* The name of the field that a column with this title alone holds; "" for none. */
static const char *field_of(const char *title)
{
    struct header_match match = header_match(&ctx, &ROSTER, &title, 1);
    return match.columns[0].field == NULL ? "" : match.columns[0].field->name;
}

static void titles_are_found_as_they_are_written(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"身份证号", "identity_no"},
        {"身份证号码", "identity_no"},
        {"身 份 证 号（必填）*", "identity_no"},
        {"*身份证号", "identity_no"},
        {"★公民身份号码：", "identity_no"},
        {"身份证号码(18位)", "identity_no"},
        {"证件号码（身份证号）", "identity_no"},
        {"有效证件（身份证号）", "identity_no"},
        {"身份\n证号", "identity_no"},
        {"IDENTITY_NO", "identity_no"},
        {"Identity No.", "identity_no"},
        {"姓名", "name"},
        {"姓　名", "name"},
        {"*姓名", "name"},
        {"＊姓名", "name"},
        {"1.姓名", "name"},
        {"（2）姓名", "name"},
        {"学员姓名/Name", "name"},
        {"学员\n姓名", "name"},
        {"姓名\nName", "name"},
        {"Name", "name"},
        {"参训人员姓名", "name"},
        {"本人手机号码", "phone"},
        {"劳动者姓名（与身份证一致）", "name"},
        {"手机号码／联系电话", "phone"},
        {"联系电话【手机】", "phone"},
        {"开户行（具体到支行）", "bank_name"},
        {"【开户银行】", "bank_name"},
        {"申报等级/技能等级", "level"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (strcmp(field_of(cases[i][0]), cases[i][1]) != 0)
            fail_msg("'%s' is taken for '%s'", cases[i][0], field_of(cases[i][0]));
}

static void titles_that_mean_something_else_are_left_alone(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "序号",
        "*",
        "（必填）",
        "性别",
        "联系人姓名",
        "教师姓名",
        "开户名",
        "开户人姓名",
        "紧急联系人电话",
        "学员",
        "本人",
        "备注",
        "姓名电话",
        "姓名/联系电话",
        "证件类型",
        "身份证号是否有误",
        "张三",
        "13908712345",
        "2025年9月",
        "110105194912310021",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (*field_of(others[i]) != '\0')
            fail_msg("'%s' is taken for '%s'", others[i], field_of(others[i]));
    assert_string_equal(field_of(NULL), "");
}

static void the_header_scores_above_what_surrounds_it(void **state)
{
    (void)state;
    static const char *const rows[][5] = {
        {"2025年第3期养老护理员培训班学员花名册", NULL, NULL, NULL, NULL},
        {"培训机构：示例县职业培训学校", NULL, NULL, "联系电话：", "0871-63331234"},
        {"序号", "姓名*", "身份证号码", "性别", "手机号"},
        {"1", "张三", "11010519491231002X", "女", "13908712345"},
    };
    size_t scores[4];
    for (size_t i = 0; i < 4; i++)
        scores[i] = header_score(&ctx, &ROSTER, rows[i], 5);
    assert_int_equal(scores[0], 0);
    assert_int_equal(scores[1], 1);
    assert_int_equal(scores[2], 3);
    assert_int_equal(scores[3], 0);
}

static void columns_in_any_order_are_matched(void **state)
{
    (void)state;
    static const char *const titles[] = {"电话", "序号", "证件号码", "姓名", NULL};
    struct header_match match = header_match(&ctx, &ROSTER, titles, 5);
    assert_int_equal(match.column_count, 5);
    assert_string_equal(match.columns[0].field->name, "phone");
    assert_null(match.columns[1].field);
    assert_string_equal(match.columns[2].field->name, "identity_no");
    assert_string_equal(match.columns[3].field->name, "name");
    assert_null(match.columns[4].field);
    assert_int_equal(match.required_missing, 0);
    assert_null(match.twice);
}

static void missing_columns_are_named(void **state)
{
    (void)state;
    static const char *const titles[] = {"电话", "开户行"};
    struct header_match match = header_match(&ctx, &ROSTER, titles, 2);
    assert_int_equal(match.required_missing, 2);
    assert_string_equal(match.missing[0]->name, "identity_no");
    assert_string_equal(match.missing[1]->name, "name");
}

static void the_surest_title_wins(void **state)
{
    (void)state;
    static const char *const titles[] = {"学员名单（姓名）", "姓名", "本人身份证号", "身份证号"};
    struct header_match match = header_match(&ctx, &ROSTER, titles, 4);
    assert_null(match.columns[0].field);
    assert_string_equal(match.columns[1].field->name, "name");
    assert_null(match.columns[2].field);
    assert_string_equal(match.columns[3].field->name, "identity_no");
    assert_null(match.twice);
}

static void two_columns_of_one_field_are_told(void **state)
{
    (void)state;
    static const char *const titles[] = {"姓名", "身份证号", "电话", "证件号码"};
    struct header_match match = header_match(&ctx, &ROSTER, titles, 4);
    assert_non_null(match.twice);
    assert_string_equal(match.twice->name, "identity_no");
    assert_int_equal(match.required_missing, 0);
}

/* Thousands of header-like rows cost no memory: scores are taken in scratch space. */
static void scoring_leaves_nothing_behind(void **state)
{
    (void)state;
    static const char *const titles[] = {"姓名", "身份证号（必填）", "a/b/c/d/e/f/g/h/i/j/k"};
    size_t before = arena_used(ctx.arena);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(header_score(&ctx, &ROSTER, titles, 3), 2);
    assert_true(arena_used(ctx.arena) == before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_are_found_as_they_are_written),
        cmocka_unit_test(titles_that_mean_something_else_are_left_alone),
        cmocka_unit_test(the_header_scores_above_what_surrounds_it),
        cmocka_unit_test(columns_in_any_order_are_matched),
        cmocka_unit_test(missing_columns_are_named),
        cmocka_unit_test(the_surest_title_wins),
        cmocka_unit_test(two_columns_of_one_field_are_told),
        cmocka_unit_test(scoring_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
