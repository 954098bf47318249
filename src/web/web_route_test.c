/* Which route a path belongs to, and which tables do not start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/web_room.h"

static struct reply nothing(struct ctx *ctx)
{
    return reply_not_found(ctx);
}

static const struct route classes[] = {
    {GET, "/", PERMISSION_PUBLIC, .handle = nothing},
    {GET, "/class/:id", PERMISSION_PUBLIC, .handle = nothing},
    {GET, "/class/new", PERMISSION_PUBLIC, .handle = nothing},
    {POST, "/class/new", PERMISSION_PUBLIC, .handle = nothing},
    {POST, "/class/:id/submit", PERMISSION_PUBLIC, .handle = nothing},
    {GET, "/:room/new/:what", PERMISSION_PUBLIC, .handle = nothing},
    {0},
};

struct desk {
    struct arena *arena;
    struct ctx ctx;
    struct router *router;
};

static int set_up(void **state)
{
    static const struct route *const tables[] = {classes};
    struct arena *arena = arena_new(1024 * 1024);
    struct desk *desk = arena_one(arena, struct desk);
    struct message fault = {0};
    desk->arena = arena;
    desk->ctx.arena = arena;
    desk->router = router_new(arena, tables, 1, &fault);
    assert_non_null(desk->router);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct desk *)*state)->arena);
    return 0;
}

static struct request find(struct desk *desk, enum method method, const char *path,
                           enum route_match wanted)
{
    struct request request = {.method = method};
    const char *allow = NULL;
    assert_int_equal(router_find(desk->router, &desk->ctx, &request, path, &allow), wanted);
    return request;
}

static void a_word_comes_before_a_name(void **state)
{
    assert_string_equal(find(*state, GET, "/class/new", ROUTE_FOUND).route->path, "/class/new");
    assert_string_equal(find(*state, GET, "/class/news", ROUTE_FOUND).route->path, "/class/:id");
    assert_string_equal(find(*state, GET, "/class/ne", ROUTE_FOUND).route->path, "/class/:id");
    assert_string_equal(find(*state, GET, "/", ROUTE_FOUND).route->path, "/");
}

static void a_wrong_turn_is_taken_back(void **state)
{
    struct request request = find(*state, GET, "/class/new/x", ROUTE_FOUND);
    assert_string_equal(request.route->path, "/:room/new/:what");
    assert_string_equal(request.parts[0].name, "room");
    assert_string_equal(request.parts[0].value, "class");
    assert_string_equal(request.parts[1].value, "x");
}

static void parts_are_decoded_and_cleaned(void **state)
{
    const char *given = "/class/%E4%BD%A0%2f%20+";
    assert_string_equal(find(*state, GET, given, ROUTE_FOUND).parts[0].value, "你/ +");
    find(*state, GET, "/class/%E4%BD", ROUTE_UNKNOWN);
    find(*state, GET, "/class/%00", ROUTE_UNKNOWN);
    find(*state, GET, "/class/%4", ROUTE_UNKNOWN);
    find(*state, GET, "/class/%zz", ROUTE_UNKNOWN);
}

static void unknown_paths_and_methods_are_told_apart(void **state)
{
    static const char *const unknown[] = {"/class",    "/class/", "/class/1/submit/",
                                          "/class/1/", "//",      "/clas/new",
                                          "class/new", "",        "/class/1/submitt"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        find(*state, GET, unknown[i], ROUTE_UNKNOWN);
    find(*state, GET, "/class/1/submit", ROUTE_METHOD);
    find(*state, POST, "/class/1", ROUTE_METHOD);
    find(*state, 0, "/class/new", ROUTE_METHOD);
}

static const char *start(struct desk *desk, struct route route)
{
    const struct route table[] = {route, {0}};
    const struct route *const tables[] = {classes, table};
    struct message fault = {0};
    return router_new(desk->arena, tables, 2, &fault) == NULL ? fault.key : NULL;
}

static void unsound_tables_do_not_start(void **state)
{
    struct desk *desk = *state;
    assert_null(start(desk, (struct route){GET, "/a", PERMISSION_PUBLIC, .handle = nothing}));
    assert_string_equal(start(desk, (struct route){GET, "/a", .handle = nothing}),
                        "web.route_unsound");
    assert_string_equal(start(desk, (struct route){GET, "/a", PERMISSION_PUBLIC, .handle = NULL}),
                        "web.route_unsound");
    assert_string_equal(start(desk, (struct route){GET, "a", PERMISSION_PUBLIC, .handle = nothing}),
                        "web.route_unsound");
    assert_string_equal(
        start(desk, (struct route){GET, "/:a/:b/:c/:d/:e", PERMISSION_PUBLIC, .handle = nothing}),
        "web.route_unsound");
    assert_string_equal(
        start(desk, (struct route){GET, "/class/:other", PERMISSION_PUBLIC, .handle = nothing}),
        "web.route_twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_word_comes_before_a_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wrong_turn_is_taken_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_are_decoded_and_cleaned, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_paths_and_methods_are_told_apart, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(unsound_tables_do_not_start, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
