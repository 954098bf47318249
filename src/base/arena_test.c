/* Arenas: memory that is zeroed, bounded and given back; faults that unwind and close what was
 * open. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LIMIT = 1 << 20 };

struct closed {
    int count;
    int order[4];
};
struct thing {
    struct closed *closed;
    int number;
};

static void close_thing(void *pointer)
{
    struct thing *thing = pointer;
    thing->closed->order[thing->closed->count++] = thing->number;
}

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena *arena = arena_new(LIMIT);
    for (size_t size = 1; size < 5000; size += 37) {
        unsigned char *bytes = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xff, size);
    }
    arena_free(arena);
}

static void the_limit_raises(void **state)
{
    (void)state;
    struct arena *arena = arena_new(LIMIT);
    struct guard guard;
    if (GUARDED(arena, &guard) == FAULT_NONE) {
        for (;;)
            arena_alloc(arena, 1000);
    }
    assert_int_equal(guard.fault, FAULT_MEMORY);
    assert_true(arena_used(arena) <= LIMIT);
    arena_free(arena);
}

static void an_impossible_array_raises(void **state)
{
    (void)state;
    struct arena *arena = arena_new(SIZE_MAX);
    struct guard guard;
    if (GUARDED(arena, &guard) == FAULT_NONE) {
        arena_array_bytes(arena, SIZE_MAX / 2, 16);
        fail();
    }
    assert_int_equal(guard.fault, FAULT_MEMORY);
    arena_free(arena);
}

static void growing_keeps_what_was_there(void **state)
{
    (void)state;
    struct arena *arena = arena_new(LIMIT);
    char *text = arena_grow(arena, NULL, 0, 4);
    memcpy(text, "abc", 4);
    text = arena_grow(arena, text, 4, 100); /* in place */
    assert_string_equal(text, "abc");
    arena_alloc(arena, 8);
    char *moved = arena_grow(arena, text, 100, 100000); /* elsewhere */
    assert_ptr_not_equal(moved, text);
    assert_string_equal(moved, "abc");
    assert_int_equal(moved[99999], 0);
    arena_free(arena);
}

static void a_mark_gives_back(void **state)
{
    (void)state;
    struct arena *arena = arena_new(LIMIT);
    arena_alloc(arena, 100);
    size_t before = arena_used(arena);
    for (int i = 0; i < 10000; i++) {
        struct arena_mark mark = arena_mark(arena);
        unsigned char *bytes = arena_alloc(arena, 20000);
        assert_int_equal(bytes[0], 0);
        bytes[0] = 1;
        arena_release(arena, mark);
    }
    assert_int_equal(arena_used(arena), before);
    arena_free(arena);
}

static void deferred_actions_run_last_first(void **state)
{
    (void)state;
    struct closed closed = {0};
    struct thing things[] = {{&closed, 1}, {&closed, 2}, {&closed, 3}};
    struct arena *arena = arena_new(LIMIT);
    for (int i = 0; i < 3; i++)
        arena_defer(arena, close_thing, &things[i]);
    arena_close(arena, &things[1]);
    assert_int_equal(closed.count, 1);
    arena_free(arena);
    assert_int_equal(closed.count, 3);
    assert_int_equal(closed.order[0], 2);
    assert_int_equal(closed.order[1], 3);
    assert_int_equal(closed.order[2], 1);
}

static void a_fault_closes_only_what_the_guard_encloses(void **state)
{
    (void)state;
    struct closed closed = {0};
    struct thing outer = {&closed, 1}, inner = {&closed, 2};
    struct arena *arena = arena_new(LIMIT);
    arena_defer(arena, close_thing, &outer);
    struct guard guard;
    if (GUARDED(arena, &guard) == FAULT_NONE) {
        arena_defer(arena, close_thing, &inner);
        fault_raise(arena, FAULT_STORE);
    }
    assert_int_equal(guard.fault, FAULT_STORE);
    assert_int_equal(closed.count, 1);
    assert_int_equal(closed.order[0], 2);
    arena_free(arena);
    assert_int_equal(closed.count, 2);
}

/* What cannot be remembered any more is closed before the fault: nothing leaks at the limit. */
static void at_the_limit_a_deferred_thing_is_closed_at_once(void **state)
{
    (void)state;
    struct closed closed = {0};
    struct thing thing = {&closed, 1};
    struct arena *arena = arena_new(64);
    arena_alloc(arena, 64);
    struct guard guard;
    if (GUARDED(arena, &guard) == FAULT_NONE) {
        arena_defer(arena, close_thing, &thing);
        fail();
    }
    assert_int_equal(guard.fault, FAULT_MEMORY);
    assert_int_equal(closed.count, 1);
    arena_free(arena);
    assert_int_equal(closed.count, 1);
}

static void guards_nest(void **state)
{
    (void)state;
    struct arena *arena = arena_new(LIMIT);
    struct guard outer, inner;
    volatile int reached = 0;
    if (GUARDED(arena, &outer) == FAULT_NONE) {
        if (GUARDED(arena, &inner) == FAULT_NONE)
            fault_raise(arena, FAULT_RETRY);
        assert_int_equal(inner.fault, FAULT_RETRY);
        reached = 1;
        fault_raise(arena, FAULT_MEMORY);
    }
    assert_int_equal(outer.fault, FAULT_MEMORY);
    assert_int_equal(reached, 1);
    arena_free(arena);
}

static void reset_is_ready_for_the_next_work(void **state)
{
    (void)state;
    struct closed closed = {0};
    struct thing thing = {&closed, 1};
    struct arena *arena = arena_new(LIMIT);
    for (int i = 1; i <= 3; i++) {
        arena_defer(arena, close_thing, &thing);
        for (int block = 0; block < 40; block++)
            memset(arena_alloc(arena, 20000), 0xff, 20000);
        arena_reset(arena);
        assert_int_equal(closed.count, i);
        assert_int_equal(arena_used(arena), 0);
        assert_int_equal(*(unsigned char *)arena_alloc(arena, 1), 0);
    }
    arena_free(arena);
}

static void text_is_copied_and_printed(void **state)
{
    (void)state;
    struct arena *arena = arena_new(LIMIT);
    assert_string_equal(arena_text(arena, "滇技"), "滇技");
    assert_string_equal(arena_text_n(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_printf(arena, "%d %s", 28, "项"), "28 项");
    arena_free(NULL);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(the_limit_raises),
        cmocka_unit_test(an_impossible_array_raises),
        cmocka_unit_test(growing_keeps_what_was_there),
        cmocka_unit_test(a_mark_gives_back),
        cmocka_unit_test(deferred_actions_run_last_first),
        cmocka_unit_test(a_fault_closes_only_what_the_guard_encloses),
        cmocka_unit_test(at_the_limit_a_deferred_thing_is_closed_at_once),
        cmocka_unit_test(guards_nest),
        cmocka_unit_test(reset_is_ready_for_the_next_work),
        cmocka_unit_test(text_is_copied_and_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
