/* Inputs on pages: the right kind of input, its label, hint and fault, and nothing unescaped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dictionary/dictionary.h"
#include "web/web.h"

struct sample {
    const char *title, *story, *secret, *new_secret, *occupation, *place, *proof, *phone;
    int64_t hours;
    struct fen fee_fen;
    struct day starts_on;
    bool agrees;
    enum document_kind kind;
};

static const struct enum_value KINDS[] = {{"passport", DOCUMENT_KIND_PASSPORT},
                                          {"taiwan_permit", DOCUMENT_KIND_TAIWAN_PERMIT},
                                          {NULL, 0}};
static const char *const NONE[] = {NULL};

#define FIELD(NAME, TYPE, ...)                                                                     \
    {                                                                                              \
        .name = #NAME, .key = "sample." #NAME, .type = TYPE,                                       \
        .offset = offsetof(struct sample, NAME), .titles = NONE, .least = INT64_MIN, __VA_ARGS__   \
    }

static const struct field FIELDS[] = {
    FIELD(title, FIELD_TEXT, .most = 60, .is_required = true),
    FIELD(story, FIELD_TEXT, .most = 1000),
    FIELD(secret, FIELD_PASSWORD, .most = 200, .is_private = true),
    FIELD(new_secret, FIELD_PASSWORD, .most = 200, .is_private = true),
    FIELD(occupation, FIELD_TEXT, .most = 60, .list = "many"),
    FIELD(place, FIELD_TEXT, .most = 60, .list = "few"),
    FIELD(proof, FIELD_FILE, .most = INT64_MAX),
    FIELD(phone, FIELD_PHONE, .most = INT64_MAX),
    FIELD(hours, FIELD_INTEGER, .most = 200),
    FIELD(fee_fen, FIELD_FEN, .most = INT64_MAX),
    FIELD(starts_on, FIELD_DAY, .most = INT64_MAX),
    FIELD(agrees, FIELD_BOOL, .most = INT64_MAX),
    FIELD(kind, FIELD_ENUM, .most = INT64_MAX, .values = KINDS, .enum_name = "document_kind"),
};
static const struct entity SAMPLE = {.name = "sample",
                                     .size = sizeof(struct sample),
                                     .fields = FIELDS,
                                     .field_count = sizeof FIELDS / sizeof FIELDS[0]};

static bool has_any(const struct ctx *in, const char *code)
{
    (void)in;
    return *code != '\0';
}

static bool at_of(struct ctx *in, size_t i, size_t count, const char **ret_code,
                  const char **ret_label)
{
    if (i >= count)
        return false;
    *ret_code = arena_printf(in->arena, "c%zu", i);
    *ret_label = arena_printf(in->arena, "<%zu>", i);
    return true;
}

static bool few_at(struct ctx *in, size_t i, const char **ret_code, const char **ret_label)
{
    return at_of(in, i, 30, ret_code, ret_label);
}

static bool many_at(struct ctx *in, size_t i, const char **ret_code, const char **ret_label)
{
    return at_of(in, i, 31, ret_code, ret_label);
}

static const struct code_list LISTS[] = {{"few", has_any, few_at}, {"many", has_any, many_at}, {0}};

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

static const char *drawn(const struct form *form, const char *name)
{
    struct buffer out = buffer_new(ctx.arena, 1024);
    dictionary_input(&out, &ctx, form, name);
    return out.bytes;
}

static void assert_has(const char *html, const char *part)
{
    if (strstr(html, part) == NULL)
        fail_msg("no '%s' in:\n%s", part, html);
}

static void assert_lacks(const char *html, const char *part)
{
    if (strstr(html, part) != NULL)
        fail_msg("'%s' in:\n%s", part, html);
}

static void each_type_has_its_input(void **state)
{
    (void)state;
    struct form form = {.entity = &SAMPLE, .lists = LISTS};
    const char *const expected[][2] = {
        {"title", "inputmode=\"text\""},
        {"story", "<textarea id=\"story\""},
        {"secret", "type=\"password\""},
        {"secret", "autocomplete=\"current-password\""},
        {"secret", "data-show=\"显示密码\""},
        {"new_secret", "autocomplete=\"new-password\""},
        {"new_secret", "data-meter=\"new_secret\" data-words=\"还太短|"},
        {"place", "<select id=\"place\""},
        {"occupation", "<datalist id=\"occupation-choices\">"},
        {"occupation", "list=\"occupation-choices\""},
        {"proof", "type=\"file\""},
        {"phone", "inputmode=\"tel\""},
        {"hours", "inputmode=\"numeric\""},
        {"fee_fen", "inputmode=\"decimal\""},
        {"fee_fen", "元</p>"},
        {"starts_on", "type=\"date\""},
        {"agrees", "type=\"checkbox\""},
        {"kind", "<option value=\"passport\">护照</option>"},
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_has(drawn(&form, expected[i][0]), expected[i][1]);
}

static void every_input_has_its_label(void **state)
{
    (void)state;
    struct form form = {.entity = &SAMPLE, .lists = LISTS};
    for (size_t i = 0; i < SAMPLE.field_count; i++) {
        const char *name = FIELDS[i].name, *html = drawn(&form, name);
        assert_has(html, arena_printf(ctx.arena, " id=\"%s\" name=\"%s\"", name, name));
        assert_has(html, FIELDS[i].type == FIELD_BOOL
                             ? "<label class=\"choice\">"
                             : arena_printf(ctx.arena, "<label for=\"%s\">", name));
        assert_lacks(html, "aria-invalid");
        assert_lacks(html, "aria-describedby");
    }
}

static void what_is_optional_is_marked(void **state)
{
    (void)state;
    struct form form = {.entity = &SAMPLE};
    assert_has(drawn(&form, "title"), " required");
    assert_lacks(drawn(&form, "title"), words(&ctx, "field.optional"));
    assert_lacks(drawn(&form, "hours"), " required");
    assert_has(drawn(&form, "hours"), words(&ctx, "field.optional"));
}

static void values_stand_in_the_inputs(void **state)
{
    (void)state;
    struct sample sample = {.title = "\"><script>",
                            .story = "</textarea>",
                            .secret = "hush",
                            .occupation = "c7",
                            .place = "c3",
                            .hours = 40,
                            .fee_fen = {120050},
                            .starts_on = {20000},
                            .agrees = true,
                            .kind = DOCUMENT_KIND_TAIWAN_PERMIT};
    struct form form = {.entity = &SAMPLE, .values = &sample, .lists = LISTS};
    assert_has(drawn(&form, "title"), "value=\"&quot;&gt;&lt;script&gt;\"");
    assert_has(drawn(&form, "story"), "&lt;/textarea&gt;</textarea>");
    assert_lacks(drawn(&form, "secret"), "hush");
    assert_has(drawn(&form, "occupation"), "value=\"&lt;7&gt;\""); /* its label, not its code */
    assert_has(drawn(&form, "place"), "<option value=\"c3\" selected>");
    assert_has(drawn(&form, "hours"), "value=\"40\"");
    assert_has(drawn(&form, "fee_fen"), "value=\"1200.50\"");
    assert_has(drawn(&form, "starts_on"), "value=\"2024-10-04\"");
    assert_has(drawn(&form, "agrees"), " checked");
    assert_has(drawn(&form, "kind"), "<option value=\"taiwan_permit\" selected>");
}

static void faults_stand_at_their_inputs_and_above(void **state)
{
    (void)state;
    struct sample sample;
    struct field_faults faults = {0};
    const char *const wrong[][2] = {{"title", ""}, {"hours", "999"}, {"kind", "x"}};
    for (size_t i = 0; i < 3; i++) {
        const struct field *field = entity_field(&SAMPLE, wrong[i][0]);
        faults.items[faults.count++] = *field_read(&ctx, field, wrong[i][1], LISTS, &sample);
    }
    struct form form = {.entity = &SAMPLE, .faults = &faults, .lists = LISTS};
    const char *html = drawn(&form, "hours");
    assert_has(html, "class=\"field wrong\"");
    assert_has(html, "aria-describedby=\"hours-error\"");
    assert_has(html, "aria-invalid=\"true\"");
    assert_has(html, "<p class=\"error\" id=\"hours-error\">不能大于200。</p>");
    assert_lacks(drawn(&form, "fee_fen"), "wrong");
    struct buffer out = buffer_new(ctx.arena, 1024);
    dictionary_fault_summary(&out, &ctx, &form);
    assert_has(out.bytes, "role=\"alert\"");
    assert_has(out.bytes, "有3处要改");
    assert_has(out.bytes, "<a href=\"#hours\">");
    out = buffer_new(ctx.arena, 1024);
    form.faults = NULL;
    dictionary_fault_summary(&out, &ctx, &form);
    assert_int_equal(out.length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_has_its_input),
        cmocka_unit_test(every_input_has_its_label),
        cmocka_unit_test(what_is_optional_is_marked),
        cmocka_unit_test(values_stand_in_the_inputs),
        cmocka_unit_test(faults_stand_at_their_inputs_and_above),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
