/* The list of breached passwords: every line is found, whatever its place and its length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <unistd.h>

#include "registry/registry_fixture.h"

enum { ARENA_BYTES = 1 << 20, PASSWORDS = 300 };

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *password_of(struct arena *arena, int i)
{
    return arena_printf(arena, "known password %d", i);
}

static const char *digits_of(struct arena *arena, const char *password)
{
    unsigned char digest[20];
    size_t length = sizeof digest;
    char *digits = arena_alloc(arena, 2 * sizeof digest + 1);
    EVP_Q_digest(NULL, "SHA1", NULL, password, strlen(password), digest, &length);
    sodium_bin2hex(digits, 2 * sizeof digest + 1, digest, sizeof digest);
    for (char *at = digits; *at != '\0'; at++)
        if (*at >= 'a')
            *at = (char)(*at - 'a' + 'A');
    return digits;
}

/* A list of `count` lines with counts of many lengths; its path. */
static const char *make_list(struct arena *arena, int count, const char *line_end)
{
    const char **lines = arena_array(arena, (size_t)count, const char *);
    char *path = arena_text(arena, "/tmp/breached-XXXXXX");
    FILE *file = fdopen(mkstemp(path), "w");
    for (int i = 0, seen = 1; i<count; i++, seen = seen> 40000000 ? 1 : seen * 3)
        lines[i] = arena_printf(arena, "%s:%d", digits_of(arena, password_of(arena, i)), seen);
    qsort(lines, (size_t)count, sizeof *lines, compare_lines);
    for (int i = 0; i < count; i++)
        fprintf(file, "%s%s", lines[i], line_end);
    fclose(file);
    return path;
}

static void every_line_is_found(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r\n"};
    static const int counts[] = {1, 2, 3, PASSWORDS};
    for (size_t i = 0; i < 8; i++) {
        struct arena *arena = arena_new(ARENA_BYTES);
        struct message fault;
        int count = counts[i / 2];
        const char *path = make_list(arena, count, ends[i % 2]);
        struct breached *list = registry_breached_open(arena, path, &fault);
        unlink(path); /* what is open stays open */
        assert_non_null(list);
        for (int at = 0; at < count; at++)
            assert_true(registry__is_breached(list, password_of(arena, at)));
        for (int at = count; at < count + PASSWORDS; at++)
            assert_false(registry__is_breached(list, password_of(arena, at)));
        arena_free(arena);
    }
}

static void what_is_listed_is_refused(void **state)
{
    (void)state;
    struct ctx ctx = {.arena = arena_new(ARENA_BYTES)};
    struct message fault;
    const char *path = make_list(ctx.arena, 3, "\n");
    struct services services = {.breached = registry_breached_open(ctx.arena, path, &fault)};
    unlink(path);
    assert_int_equal(registry_password_check(&ctx, "known password 2", NULL), PASSWORD_CHANGE_DONE);
    ctx.services = &services;
    assert_int_equal(registry_password_check(&ctx, "known password 2", NULL),
                     PASSWORD_CHANGE_TOO_COMMON);
    assert_int_equal(registry_password_check(&ctx, "known password 9", NULL), PASSWORD_CHANGE_DONE);
    arena_free(ctx.arena);
}

static void another_file_is_no_list(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct message fault = {0};
    char path[] = "/tmp/breached-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    assert_null(registry_breached_open(arena, path, &fault)); /* empty */
    assert_string_equal(fault.key, "registry.breached_unreadable");
    fputs("a list of something else, and that on one long line, with no digest in it at all\n",
          file);
    fclose(file);
    assert_null(registry_breached_open(arena, path, &fault));
    unlink(path);
    assert_null(registry_breached_open(arena, path, &fault));
    assert_null(registry_breached_open(arena, "/tmp", &fault));
    assert_false(registry__is_breached(NULL, "password"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_found),
        cmocka_unit_test(what_is_listed_is_refused),
        cmocka_unit_test(another_file_is_no_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
