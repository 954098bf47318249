/* Values as people and programs read them, and words with what is put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/show.h"
#include "web/words.h"

static int set_up(void **state)
{
    struct arena *arena = arena_new(1024 * 1024);
    struct ctx *ctx = arena_one(arena, struct ctx);
    ctx->arena = arena;
    *state = ctx;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct ctx *)*state)->arena);
    return 0;
}

static void numbers_are_grouped(void **state)
{
    static const struct {
        int64_t value;
        const char *shown;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1,000"},
                 {-1000, "-1,000"},
                 {-999, "-999"},
                 {1234567, "1,234,567"},
                 {INT64_MAX, "9,223,372,036,854,775,807"},
                 {INT64_MIN + 1, "-9,223,372,036,854,775,807"},
                 {INT64_MIN, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(show_integer(*state, cases[i].value), cases[i].shown);
    assert_string_equal(show_integer_plain(*state, -1234567), "-1234567");
    assert_string_equal(show_integer_plain(*state, INT64_MIN), "");
}

static void what_is_not_given_shows_as_nothing(void **state)
{
    struct ctx *ctx = *state;
    assert_string_equal(show_text(NULL), "");
    assert_string_equal(show_fen(ctx, (struct fen){INT64_MIN}), "");
    assert_string_equal(show_fen_plain(ctx, (struct fen){INT64_MIN}), "");
    assert_string_equal(show_day(ctx, DAY_NONE), "");
    assert_null(show_day_or_null(ctx, DAY_NONE));
    assert_string_equal(show_instant(ctx, INSTANT_NONE), "");
    assert_null(show_instant_or_null(ctx, INSTANT_NONE));
    assert_string_equal(show_id(ctx, 0), "");
    assert_string_equal(show_enum(ctx, "anything", NULL), "");
    assert_true(show_fen_is_none((struct fen){INT64_MIN}) && show_fen_is_none(FEN_ZERO));
}

static void instants_are_in_chinese_time(void **state)
{
    struct instant given;
    assert_true(instant_parse("2025-03-06T17:05:00Z", &given));
    assert_string_equal(show_instant(*state, given), "2025-03-07 01:05");
}

static void json_keeps_what_javascript_would_round(void **state)
{
    struct ctx *ctx = *state;
    struct buffer out = buffer_new(ctx->arena, 64);
    json_id(&out, 9007199254740993);
    buffer_add_char(&out, ' ');
    json_id(&out, 0);
    buffer_add_char(&out, ' ');
    json_integer(&out, INT64_MIN);
    buffer_add_char(&out, ' ');
    json_fen(&out, fen_of_yuan(12));
    buffer_add_char(&out, ' ');
    json_text(&out, NULL);
    json_text(&out, "</a>\"");
    int64_t id;
    assert_true(id_parse(arena_text_n(ctx->arena, out.bytes + 1, ID_TEXT_LENGTH), &id));
    assert_int_equal(id, 9007199254740993);
    assert_string_equal(out.bytes + ID_TEXT_LENGTH + 2, " null null 1200 null\"\\u003c/a>\\\"\"");
}

static void addresses_stay_where_they_belong(void **state)
{
    (void)state;
    static const char *const ours[] = {"/", "/a/b?c=d#e", "?lang=en", "#top"};
    static const char *const others[] = {
        NULL,  "",         "javascript:alert(1)", "//evil", "/\\evil", "https://evil", "a",
        " /a", "\t//evil", "data:text/html,"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        assert_string_equal(show_path(ours[i]), ours[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_string_equal(show_path(others[i]), "/");
    assert_string_equal(show_url("https://example.org/a"), "https://example.org/a");
    assert_string_equal(show_url("javascript:alert(1)"), "/");
    assert_string_equal(show_url(NULL), "/");
}

static void words_take_what_they_are_given(void **state)
{
    struct ctx *ctx = *state;
    struct message message = {"web.listen_failed", {{"why", "<b>"}, {"listen", "{why}"}}};
    assert_string_equal(words_with(ctx, &message), "不能在 {why} 上监听：<b>");
    ctx->language = LANGUAGE_EN;
    assert_non_null(strstr(words_with(ctx, &message), "<b>"));
    message.arguments[1].name = "other";
    assert_non_null(strstr(words_with(ctx, &message), "{listen}"));
    message.arguments[0].value = NULL;
    assert_null(strstr(words_with(ctx, &message), "{why}"));
}

static void every_word_is_found_by_its_key(void **state)
{
    struct ctx *ctx = *state;
    assert_true(words_count > 20);
    for (size_t i = 0; i < words_count; i++) {
        const struct word *word = words_table[i];
        for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
            struct buffer escaped = buffer_new(ctx->arena, 64), shown = buffer_new(ctx->arena, 64);
            ctx->language = (enum language)language;
            assert_string_equal(words(ctx, word->key), word->text[language]);
            buffer_add_html(&escaped, word->text[language]);
            show_word(&shown, ctx, word);
            assert_string_equal(shown.bytes, escaped.bytes);
        }
    }
    const char *unknown = "no.such.key";
    assert_ptr_equal(words(ctx, unknown), unknown);
    assert_string_equal(words(ctx, ""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers_are_grouped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_given_shows_as_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(instants_are_in_chinese_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_keeps_what_javascript_would_round, set_up, tear_down),
        cmocka_unit_test_setup_teardown(addresses_stay_where_they_belong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_take_what_they_are_given, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_word_is_found_by_its_key, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
