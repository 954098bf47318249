/* The reader of JSON: what RFC 8259 allows, nothing else, and nothing of it lost. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, FILE_MAX = 1024 * 1024 };

static const struct json *read_text(struct arena *arena, const char *text)
{
    return json_read(arena, text, strlen(text));
}

static void values_keep_what_was_written(void **state)
{
    struct arena *arena = *state;
    const struct json *value =
        read_text(arena, " {\"a\" : [1.50, -0, 12345678901234567890, 1E+2], \"b\":{\"c\":null},"
                         "\"\\u4f60\":\"\\ud83d\\ude00\\n\\/\"} ");
    assert_non_null(value);
    const struct json *numbers = json_member(value, "a");
    assert_int_equal(numbers->type, JSON_ARRAY);
    static const char *const wanted[] = {"1.50", "-0", "12345678901234567890", "1E+2"};
    const struct json *at = numbers->first;
    for (size_t i = 0; i < 4; i++, at = at->next)
        assert_string_equal(at->text, wanted[i]);
    assert_null(at);
    assert_int_equal(json_member(json_member(value, "b"), "c")->type, JSON_NULL);
    assert_string_equal(json_member(value, "你")->text, "😀\n/");
    assert_null(json_member(value, "d"));
    assert_null(json_member(numbers, "a")); /* no object: nothing in it has a name */
}

static void what_two_readers_could_read_differently_is_refused(void **state)
{
    static const char *const refused[] = {"{\"a\":1,\"a\":1}",
                                          "{\"a\":1,\"\\u0061\":1}",
                                          "\"\\u0000\"",
                                          "\"\\ud800\"",
                                          "\"\\udc00\"",
                                          "\"\\ud800\\ud800\"",
                                          "\xef\xbb\xbf{}",
                                          "1 2",
                                          ""};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_null(read_text(*state, refused[i]));
    assert_null(json_read(*state, "1\0", 2));
}

static void depth_is_bounded(void **state)
{
    struct arena *arena = *state;
    for (int depth = 60; depth < 70; depth++) {
        struct buffer text = buffer_new(arena, 256);
        for (int i = 0; i < depth; i++)
            buffer_add_char(&text, '[');
        for (int i = 0; i < depth; i++)
            buffer_add_char(&text, ']');
        assert_int_equal(json_read(arena, text.bytes, text.length) != NULL, depth <= 64);
    }
}

/* The folder of 318 texts, where it is there: DIANJI_SHARED, or beside the repository. */
static DIR *open_suite(struct arena *arena, const char **ret_path)
{
    const char *shared = getenv("DIANJI_SHARED");
    *ret_path = arena_printf(arena, "%s/suites/json/test_parsing",
                             shared == NULL ? DIANJI_SOURCE_DIR "/../shared" : shared);
    return opendir(*ret_path);
}

static size_t read_file(const char *path, char *bytes)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, FILE_MAX, file);
    fclose(file);
    return length;
}

/* y_ must be read, n_ must not, i_ may be either: it only must not crash. */
static void the_suite_of_texts_is_judged_right(void **state)
{
    struct arena *arena = *state;
    const char *folder;
    DIR *suite = open_suite(arena, &folder);
    size_t count = 0, wrong = 0;
    if (suite == NULL)
        skip();
    char *bytes = arena_alloc(arena, FILE_MAX);
    for (struct dirent *entry = readdir(suite); entry != NULL; entry = readdir(suite)) {
        if (entry->d_name[0] == '.')
            continue;
        struct arena_mark mark = arena_mark(arena);
        const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        bool is_read = json_read(arena, bytes, read_file(path, bytes)) != NULL;
        /* RFC 8259 leaves names that stand twice to the reader; ours refuses them. */
        bool is_double = text_starts(entry->d_name, "y_object_duplicated_key") ||
                         text_equal(entry->d_name, "y_object_escaped_null_in_key.json") ||
                         text_equal(entry->d_name, "y_string_null_escape.json");
        bool wanted = entry->d_name[0] == 'y' && !is_double;
        if (entry->d_name[0] != 'i' && is_read != wanted) {
            print_error("%s is %s\n", entry->d_name, is_read ? "read" : "refused");
            wrong++;
        }
        arena_release(arena, mark);
        count++;
    }
    closedir(suite);
    assert_true(count >= 318);
    assert_int_equal(wrong, 0);
}

static int set_up(void **state)
{
    *state = arena_new(ARENA_BYTES);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_keep_what_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_two_readers_could_read_differently_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(depth_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_suite_of_texts_is_judged_right, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
