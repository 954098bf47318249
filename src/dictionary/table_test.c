/* Lists: what is asked of them, the rows that answer beside a slow model, and what a page shows. */
#include "dictionary/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

struct sample {
    const char *name, *place, *identity_no;
    int64_t hours;
    struct fen fee_fen;
    enum document_kind kind;
    bool is_open;
};

static const struct enum_value KINDS[] = {{"passport", DOCUMENT_KIND_PASSPORT},
                                          {"taiwan_permit", DOCUMENT_KIND_TAIWAN_PERMIT},
                                          {NULL, 0}};
static const char *const NONE[] = {NULL};

#define FIELD(NAME, TYPE, ...)                                                                     \
    {                                                                                              \
        .name = #NAME, .key = "sample." #NAME, .type = TYPE,                                       \
        .offset = offsetof(struct sample, NAME), .titles = NONE, .least = INT64_MIN,               \
        .most = INT64_MAX, __VA_ARGS__                                                             \
    }

static const struct field FIELDS[] = {
    FIELD(name, FIELD_PERSON_NAME),
    FIELD(place, FIELD_TEXT, .list = "places"),
    FIELD(identity_no, FIELD_IDENTITY_NO, .is_private = true),
    FIELD(hours, FIELD_INTEGER),
    FIELD(fee_fen, FIELD_FEN),
    FIELD(kind, FIELD_ENUM, .values = KINDS, .enum_name = "document_kind"),
    FIELD(is_open, FIELD_BOOL),
};
static const struct entity SAMPLE = {.name = "sample",
                                     .size = sizeof(struct sample),
                                     .fields = FIELDS,
                                     .field_count = sizeof FIELDS / sizeof FIELDS[0]};
static const struct table_column COLUMNS[] = {{"name", .leads = true, .may_sort = true},
                                              {"place", .may_filter = true},
                                              {.field = "identity_no"},
                                              {"hours", .may_sort = true},
                                              {"kind", .may_filter = true, .may_sort = true},
                                              {"is_open", .may_filter = true},
                                              {0}};

static bool has_place(const struct ctx *in, const char *code)
{
    (void)in;
    return strcmp(code, "a") == 0 || strcmp(code, "b") == 0;
}

static bool place_at(struct ctx *in, size_t i, const char **ret_code, const char **ret_label)
{
    (void)in;
    *ret_code = i == 0 ? "a" : "b";
    *ret_label = i == 0 ? "五华区" : "盘龙区";
    return i < 2;
}

static const struct code_list LISTS[] = {{"places", has_place, place_at}, {0}};

static struct ctx ctx;                    /* allowed: of this test program */
static const char *const *the_parameters; /* allowed: of this test program */

static int set_up(void **state)
{
    (void)state;
    ctx = (struct ctx){.arena = arena_new((size_t)64 << 20), .language = LANGUAGE_ZH};
    return !day_of_civil((struct civil){2025, 9, 18}, &ctx.today);
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(ctx.arena);
    return 0;
}

static const char *parameter(const struct ctx *in, const char *name)
{
    (void)in;
    for (const char *const *pair = the_parameters; *pair != NULL; pair += 2)
        if (strcmp(*pair, name) == 0)
            return pair[1];
    return NULL;
}

static const char *path_of(struct ctx *in, const void *row)
{
    return arena_printf(in->arena, "/sample/%lld", (long long)((const struct sample *)row)->hours);
}

/* The list of these rows as the address asks for it: pairs of name and value, ending in NULL. */
static struct table_view view_of(const struct sample *rows, size_t count,
                                 const char *const *parameters)
{
    struct table table = {.entity = &SAMPLE,
                          .path = "/samples",
                          .columns = COLUMNS,
                          .may_search = true,
                          .lists = LISTS};
    table.source = table_of_rows(&ctx, &table, rows, count, path_of);
    the_parameters = parameters;
    struct table_query query = table_query_of(&ctx, &table, parameter);
    return table_view_of(&ctx, &table, &query);
}

static const struct sample *row_of(const struct table_view *view, size_t i)
{
    return (const struct sample *)(const void *)(view->rows + i * sizeof(struct sample));
}

static const struct sample PEOPLE[] = {
    {"张三", "a", "11010519491231002X", 40, {100}, DOCUMENT_KIND_PASSPORT, true},
    {"李四", "b", "440524188001010014", 80, {300}, DOCUMENT_KIND_TAIWAN_PERMIT, false},
    {"阿依", "a", NULL, 120, {200}, DOCUMENT_KIND_PASSPORT, false},
};

static void assert_names(const struct table_view *view, const char *names)
{
    struct buffer all = buffer_new(ctx.arena, 64);
    for (size_t i = 0; i < view->count; i++)
        buffer_add(&all, row_of(view, i)->name);
    assert_string_equal(all.bytes, names);
}

static void a_list_answers_what_it_offers(void **state)
{
    (void)state;
    const struct {
        const char *parameters[7], *names;
    } cases[] = {
        {{NULL}, "张三李四阿依"},
        {{"sort", "name", NULL}, "阿依李四张三"}, /* a, l, z */
        {{"sort", "name", "order", "desc", NULL}, "张三李四阿依"},
        {{"sort", "hours", "order", "desc", NULL}, "阿依李四张三"},
        {{"sort", "kind", NULL}, "李四张三阿依"}, /* equal ones stay as they came */
        {{"sort", "kind", "order", "desc", NULL}, "张三阿依李四"},
        {{"sort", "place", "order", "desc", NULL}, "张三李四阿依"}, /* is not offered */
        {{"sort", "nothing", NULL}, "张三李四阿依"},
        {{"kind", "passport", NULL}, "张三阿依"},
        {{"place", "b", NULL}, "李四"},
        {{"place", "盘龙区", NULL}, "李四"},
        {{"place", "nowhere", NULL}, "张三李四阿依"},
        {{"hours", "40", NULL}, "张三李四阿依"}, /* is not offered */
        {{"is_open", "0", NULL}, "李四阿依"},
        {{"is_open", "1", "kind", "passport", NULL}, "张三"},
        {{"q", "李", NULL}, "李四"},
        {{"q", "护照", NULL}, "张三阿依"},
        {{"q", "nobody", NULL}, ""},
        {{"page", "2", NULL}, "张三李四阿依"}, /* there is none: the last */
        {{"page", "-1", NULL}, "张三李四阿依"},
        {{"page", "x", NULL}, "张三李四阿依"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct table_view view = view_of(PEOPLE, 3, cases[i].parameters);
        assert_names(&view, cases[i].names);
    }
}

/* A private value is found by the whole of it, and by no part. */
static void nobody_feels_their_way_to_a_private_value(void **state)
{
    (void)state;
    const char *whole[] = {"q", "11010519491231002x", NULL}, *part[] = {"q", "110105", NULL};
    struct table_view view = view_of(PEOPLE, 3, whole);
    assert_names(&view, "张三");
    view = view_of(PEOPLE, 3, part);
    assert_names(&view, "");
}

/* A list of people looks for names: a number in its address is none. */
static void a_list_that_seeks_names_hears_no_number(void **state)
{
    (void)state;
    struct table table = {.entity = &SAMPLE,
                          .path = "/samples",
                          .columns = COLUMNS,
                          .may_search = true,
                          .seeks_names = true};
    const struct {
        const char *parameters[3], *q;
    } cases[] = {{{"q", "李", NULL}, "李"},
                 {{"q", "11010519491231002X", NULL}, NULL},
                 {{"q", "李１", NULL}, NULL},
                 {{"q", "", NULL}, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        the_parameters = cases[i].parameters;
        const char *q = table_query_of(&ctx, &table, parameter).q;
        assert_int_equal(q == NULL, cases[i].q == NULL);
        if (q != NULL)
            assert_string_equal(q, cases[i].q);
    }
}

/* --- a list without end: each page begins behind the last row of the one before --- */

struct numbered {
    int64_t id;
};

static const struct field NUMBERED_FIELDS[] = {
    {.name = "id", .key = "sample.hours", .type = FIELD_ID, .titles = NONE}};
static const struct entity NUMBERED = {.name = "numbered",
                                       .size = sizeof(struct numbered),
                                       .fields = NUMBERED_FIELDS,
                                       .field_count = 1};
static const struct table_column NUMBERED_COLUMNS[] = {{"id", .leads = true}, {0}};

struct falling {
    int64_t next, rest;
};

static void *open_falling(struct ctx *in, const struct table_query *query, void *argument)
{
    struct falling *rows = arena_one(in->arena, struct falling);
    int64_t newest = *(const int64_t *)argument;
    *rows = (struct falling){query->after == 0 ? newest : query->after - 1, query->most};
    return rows;
}

static bool next_falling(struct ctx *in, void *argument, void *ret)
{
    (void)in;
    struct falling *rows = argument;
    if (rows->next < 1 || rows->rest == 0)
        return false;
    rows->rest--;
    ((struct numbered *)ret)->id = rows->next--;
    return true;
}

static int64_t count_falling(struct ctx *in, const struct table_query *query, int64_t most,
                             void *argument)
{
    (void)in;
    (void)query;
    int64_t all = *(const int64_t *)argument;
    return all < most ? all : most;
}

static void a_list_with_a_key_shows_each_row_once(void **state)
{
    (void)state;
    for (int64_t all = 0; all <= 3 * TABLE_PAGE_ROWS + 1; all++) {
        struct table table = {.entity = &NUMBERED,
                              .path = "/numbered",
                              .keyed_by = "id",
                              .columns = NUMBERED_COLUMNS,
                              .source = {&all, open_falling, next_falling, count_falling, NULL}};
        const char *none[] = {"page", "7", NULL}; /* without `after` it begins anew */
        the_parameters = none;
        int64_t expected = all;
        for (;;) {
            struct table_query query = table_query_of(&ctx, &table, parameter);
            struct table_view view = table_view_of(&ctx, &table, &query);
            const struct numbered *rows = (const struct numbered *)(const void *)view.rows;
            for (size_t i = 0; i < view.count; i++)
                assert_int_equal(rows[i].id, expected--);
            assert_int_equal(view.has_more, expected > 0);
            assert_int_equal(view.total, all);
            if (!view.has_more)
                break;
            struct buffer json = buffer_new(ctx.arena, 64);
            table_json(&json, &ctx, &view);
            const char *after = strstr(json.bytes, "\"next_after\":\"");
            assert_non_null(after);
            const char **asked = arena_array(ctx.arena, 5, const char *);
            asked[0] = "after";
            asked[1] = arena_text_n(ctx.arena, after + strlen("\"next_after\":\""),
                                    strcspn(after + strlen("\"next_after\":\""), "\""));
            asked[2] = "page";
            asked[3] = "2";
            the_parameters = asked;
        }
        assert_int_equal(expected, 0);
    }
}

/* --- beside a slow model --- */

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static bool fits(const struct sample *row, const char *kind, const char *is_open)
{
    const char *own = row->kind == DOCUMENT_KIND_PASSPORT ? "passport" : "taiwan_permit";
    return (kind == NULL || strcmp(kind, own) == 0) &&
           (is_open == NULL || (*is_open == '1') == row->is_open);
}

/* Fills `ret` with the rows that the model would show, and returns how many fit in all. */
static size_t slow_answer(const struct sample *rows, size_t count, const char *const *asked,
                          const struct sample *ret[TABLE_PAGE_ROWS], size_t *ret_count)
{
    static const struct sample *fitting[512]; /* allowed: of this test program */
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        if (!fits(&rows[i], asked[0], asked[1]))
            continue;
        size_t at = total++;
        bool is_descending = asked[3] != NULL;
        while (asked[2] != NULL && at > 0 &&
               (is_descending ? fitting[at - 1]->hours < rows[i].hours
                              : fitting[at - 1]->hours > rows[i].hours)) {
            fitting[at] = fitting[at - 1];
            at--;
        }
        fitting[at] = &rows[i];
    }
    size_t page = (size_t)(asked[4][0] - '0');
    size_t last = total == 0 ? 1 : (total + TABLE_PAGE_ROWS - 1) / TABLE_PAGE_ROWS;
    size_t first = ((page > last ? last : page) - 1) * TABLE_PAGE_ROWS;
    *ret_count = 0;
    while (first + *ret_count < total && *ret_count < TABLE_PAGE_ROWS) {
        ret[*ret_count] = fitting[first + *ret_count];
        ++*ret_count;
    }
    return total;
}

static void pages_are_those_of_a_slow_model(void **state)
{
    (void)state;
    uint64_t seed = 2021;
    static struct sample rows[512]; /* allowed: of this test program */
    for (int round = 0; round < 300; round++) {
        struct arena_mark mark = arena_mark(ctx.arena);
        size_t count = next_random(&seed) % 200, shown;
        for (size_t i = 0; i < count; i++)
            rows[i] =
                (struct sample){.name = arena_printf(ctx.arena, "%zu", i),
                                .hours = (int64_t)(next_random(&seed) % 30),
                                .kind = next_random(&seed) % 2 == 0 ? DOCUMENT_KIND_PASSPORT
                                                                    : DOCUMENT_KIND_TAIWAN_PERMIT,
                                .is_open = next_random(&seed) % 2 == 0};
        static const char *const kinds[] = {NULL, "passport", "taiwan_permit"};
        static const char *const opens[] = {NULL, "0", "1"};
        static const char *const pages[] = {"1", "2", "3", "9"};
        const char *asked[] = {kinds[next_random(&seed) % 3], opens[next_random(&seed) % 3],
                               next_random(&seed) % 2 == 0 ? "hours" : NULL,
                               next_random(&seed) % 2 == 0 ? "desc" : NULL,
                               pages[next_random(&seed) % 4]};
        const char *parameters[] = {"kind",  asked[0], "is_open", asked[1], "sort", asked[2],
                                    "order", asked[3], "page",    asked[4], NULL};
        const struct sample *expected[TABLE_PAGE_ROWS];
        size_t total = slow_answer(rows, count, asked, expected, &shown);
        struct table table = {.entity = &SAMPLE, .path = "/samples", .columns = COLUMNS};
        table.source = table_of_rows(&ctx, &table, rows, count, NULL);
        the_parameters = parameters;
        struct table_query query = table_query_of(&ctx, &table, parameter);
        struct arena *outer = ctx.arena;
        ctx.arena = arena_new((size_t)4 << 20); /* its collator goes with it */
        struct table_view view = table_view_of(&ctx, &table, &query);
        assert_int_equal(view.total, total);
        assert_int_equal(view.count, shown);
        for (size_t i = 0; i < shown; i++)
            assert_string_equal(row_of(&view, i)->name, expected[i]->name);
        arena_free(ctx.arena);
        ctx.arena = outer;
        arena_release(ctx.arena, mark);
    }
}

/* --- what is shown --- */

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

static void a_page_shows_rows_masked_and_linked(void **state)
{
    (void)state;
    const char *parameters[] = {"kind", "passport", "sort", "hours", "q", "张", NULL};
    struct table_view view = view_of(PEOPLE, 3, parameters);
    struct buffer out = buffer_new(ctx.arena, 4096);
    dictionary_table(&out, &ctx, &view);
    assert_has(out.bytes, "<th scope=\"row\"><a href=\"/sample/40\">张三</a></th>");
    assert_has(out.bytes, "11*************02X");
    assert_lacks(out.bytes, "11010519491231002X");
    assert_has(out.bytes, "五华区"); /* the label of the code */
    assert_has(out.bytes, "<option value=\"passport\" selected>");
    assert_has(out.bytes, "aria-sort=\"ascending\"");
    assert_has(out.bytes, "/samples?q=%E5%BC%A0&amp;kind=passport&amp;sort=hours&amp;order=desc\"");
    assert_has(out.bytes, "共1条，第1—1条");
    assert_lacks(out.bytes, "class=\"exports\""); /* nobody answers ?as= here */
}

static void an_empty_list_says_why(void **state)
{
    (void)state;
    const char *nobody[] = {"q", "<nobody>", NULL}, *nothing[] = {NULL};
    struct table_view view = view_of(PEOPLE, 3, nobody);
    struct buffer out = buffer_new(ctx.arena, 4096);
    dictionary_table(&out, &ctx, &view);
    assert_has(out.bytes, "没有符合条件的记录");
    assert_has(out.bytes, "value=\"&lt;nobody&gt;\"");
    assert_lacks(out.bytes, "<table");
    view = view_of(PEOPLE, 0, nothing);
    out = buffer_new(ctx.arena, 4096);
    dictionary_table(&out, &ctx, &view);
    assert_has(out.bytes, "还没有记录");
}

static void long_lists_have_pages(void **state)
{
    (void)state;
    static struct sample rows[400]; /* allowed: of this test program */
    for (size_t i = 0; i < 400; i++)
        rows[i] = (struct sample){.name = "王"};
    const char *parameters[] = {"page", "10", NULL};
    struct table_view view = view_of(rows, 400, parameters);
    struct buffer out = buffer_new(ctx.arena, 4096);
    dictionary_table(&out, &ctx, &view);
    assert_has(out.bytes, "<a href=\"/samples?page=10\" aria-current=\"page\">10</a>");
    assert_has(out.bytes, "<a href=\"/samples?page=9\" rel=\"prev\">");
    assert_has(out.bytes, "<a href=\"/samples?page=11\" rel=\"next\">");
    assert_has(out.bytes, "<a href=\"/samples?page=20\">20</a>");
    assert_has(out.bytes, "<a href=\"/samples\">1</a>");
    assert_has(out.bytes, "<span>…</span>");
    assert_lacks(out.bytes, "page=5\"");
    assert_has(out.bytes, "共400条，第181—200条");
}

/* --- a source of its own: more rows than anybody counts --- */

static void *open_many(struct ctx *in, const struct table_query *query, void *argument)
{
    (void)argument;
    int64_t *at = arena_one(in->arena, int64_t);
    *at = query->first;
    return at;
}

static bool next_of_many(struct ctx *in, void *rows, void *ret_row)
{
    *(struct sample *)ret_row =
        (struct sample){.name = arena_printf(in->arena, "%lld", (long long)(*(int64_t *)rows)++)};
    return true;
}

static int64_t count_many(struct ctx *in, const struct table_query *query, int64_t most,
                          void *argument)
{
    (void)in, (void)query, (void)argument;
    return most;
}

static void totals_are_capped(void **state)
{
    (void)state;
    struct table table = {.entity = &SAMPLE,
                          .path = "/samples",
                          .columns = COLUMNS,
                          .source = {.open = open_many, .next = next_of_many, .count = count_many}};
    const char *parameters[] = {"page", "500", NULL};
    the_parameters = parameters;
    struct table_query query = table_query_of(&ctx, &table, parameter);
    struct table_view view = table_view_of(&ctx, &table, &query);
    assert_int_equal(view.total, TABLE_COUNT_MOST);
    assert_true(view.is_total_capped);
    assert_int_equal(view.count, TABLE_PAGE_ROWS);
    assert_string_equal(row_of(&view, 0)->name, "9980");
    struct buffer out = buffer_new(ctx.arena, 4096);
    dictionary_table(&out, &ctx, &view);
    assert_has(out.bytes, "多于10,000条");
}

static void programs_get_the_same_rows(void **state)
{
    (void)state;
    const char *parameters[] = {"kind", "passport", NULL};
    struct table_view view = view_of(PEOPLE, 3, parameters);
    struct buffer out = buffer_new(ctx.arena, 1024);
    table_json(&out, &ctx, &view);
    const struct json *json = json_read(ctx.arena, out.bytes, out.length);
    assert_non_null(json);
    assert_string_equal(json_member(json, "total")->text, "2");
    const struct json *first = json_member(json, "rows")->first;
    assert_string_equal(json_member(first, "name")->text, "张三");
    assert_string_equal(json_member(first, "fee_fen")->text, "100");
    assert_string_equal(json_member(first, "path")->text, "/sample/40");
    assert_string_equal(json_member(first, "identity_no")->text, "11*************02X");
    assert_null(first->next->next);
}

/* --- one thing --- */

static void a_detail_leaves_out_what_was_not_given(void **state)
{
    (void)state;
    const char *const fields[] = {"name", "place", "identity_no", "hours", NULL};
    struct sample sample = PEOPLE[2];
    struct detail detail = {.entity = &SAMPLE, .values = &sample, .fields = fields, .lists = LISTS};
    struct buffer out = buffer_new(ctx.arena, 1024);
    dictionary_detail(&out, &ctx, &detail);
    assert_has(out.bytes, "<dd>阿依</dd>");
    assert_has(out.bytes, "<dd>五华区</dd>");
    assert_lacks(out.bytes, "identity_no");
    assert_lacks(out.bytes, "fee_fen");
    sample = PEOPLE[0];
    out = buffer_new(ctx.arena, 1024);
    dictionary_detail(&out, &ctx, &detail);
    assert_has(out.bytes, "<span class=\"masked\">11*************02X</span>");
    detail.reveals = true;
    out = buffer_new(ctx.arena, 1024);
    dictionary_detail(&out, &ctx, &detail);
    assert_has(out.bytes, "<dd>11010519491231002X</dd>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_answers_what_it_offers),
        cmocka_unit_test(nobody_feels_their_way_to_a_private_value),
        cmocka_unit_test(a_list_that_seeks_names_hears_no_number),
        cmocka_unit_test(a_list_with_a_key_shows_each_row_once),
        cmocka_unit_test(pages_are_those_of_a_slow_model),
        cmocka_unit_test(a_page_shows_rows_masked_and_linked),
        cmocka_unit_test(an_empty_list_says_why),
        cmocka_unit_test(long_lists_have_pages),
        cmocka_unit_test(totals_are_capped),
        cmocka_unit_test(programs_get_the_same_rows),
        cmocka_unit_test(a_detail_leaves_out_what_was_not_given),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
