/* Chained blocks with bump allocation; see arena.h for the contract. */
#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 * 1024, ALIGNMENT = _Alignof(max_align_t) };

struct block {
    struct block *previous;
    size_t size;
    size_t used;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct deferred {
    struct deferred *previous;
    void (*action)(void *);
    void *thing;
};

struct arena {
    struct block *last;
    struct deferred *deferred;
    struct guard *guard;
    size_t limit;
    size_t total; /* bytes handed out, with padding */
};

struct arena *arena_new(size_t limit_bytes)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL) {
        fputs("dianji: out of memory\n", stderr);
        abort();
    }
    arena->limit = limit_bytes;
    return arena;
}

static void run_deferred_until(struct arena *arena, const struct deferred *stop)
{
    while (arena->deferred != stop) {
        struct deferred *next = arena->deferred;
        arena->deferred = next->previous;
        next->action(next->thing);
    }
}

static void free_blocks_until(struct arena *arena, const struct block *stop)
{
    while (arena->last != stop) {
        struct block *block = arena->last;
        arena->last = block->previous;
        free(block);
    }
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    run_deferred_until(arena, NULL);
    free_blocks_until(arena, NULL);
    free(arena);
}

void arena_reset(struct arena *arena)
{
    run_deferred_until(arena, NULL);
    struct block *first = arena->last;
    while (first != NULL && first->previous != NULL)
        first = first->previous;
    if (first != NULL && first->size == BLOCK_BYTES) {
        free_blocks_until(arena, first);
        first->used = 0;
    } else {
        free_blocks_until(arena, NULL);
    }
    arena->total = 0;
    arena->guard = NULL;
}

static bool add_block(struct arena *arena, size_t size)
{
    size_t capacity = size > BLOCK_BYTES ? size : BLOCK_BYTES;
    struct block *block = malloc(sizeof *block + capacity);
    if (block == NULL)
        return false;
    block->previous = arena->last;
    block->size = capacity;
    block->used = 0;
    arena->last = block;
    return true;
}

static size_t padded(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        fault_raise(arena, FAULT_MEMORY);
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* NULL at the limit, for the one caller that has something to do before the fault. */
static void *take(struct arena *arena, size_t need)
{
    if (need > arena->limit - arena->total)
        return NULL;
    bool has_room = arena->last != NULL && need <= arena->last->size - arena->last->used;
    if (!has_room && !add_block(arena, need))
        return NULL;
    void *memory = arena->last->bytes + arena->last->used;
    arena->last->used += need;
    arena->total += need;
    return memset(memory, 0, need);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *memory = take(arena, padded(arena, size == 0 ? 1 : size));
    if (memory == NULL)
        fault_raise(arena, FAULT_MEMORY);
    return memory;
}

void *arena_array_bytes(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        fault_raise(arena, FAULT_MEMORY);
    return arena_alloc(arena, bytes);
}

void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size)
{
    assert(new_size >= old_size);
    struct block *last = arena->last;
    size_t old_need = padded(arena, old_size == 0 ? 1 : old_size);
    size_t extra = padded(arena, new_size) - (new_size == 0 ? 0 : old_need);
    bool is_last =
        old != NULL && last != NULL && (unsigned char *)old + old_need == last->bytes + last->used;
    if (is_last && extra <= last->size - last->used && extra <= arena->limit - arena->total) {
        memset(last->bytes + last->used, 0, extra);
        last->used += extra;
        arena->total += extra;
        return old;
    }
    void *moved = arena_alloc(arena, new_size);
    if (old != NULL)
        memcpy(moved, old, old_size);
    return moved;
}

char *arena_text_n(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return arena_text_n(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    char small[256]; /* most texts: written once, then copied */
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(small, sizeof small, format, arguments);
    assert(length >= 0);
    char *text;
    if ((size_t)length < sizeof small) {
        text = arena_text_n(arena, small, (size_t)length);
    } else {
        text = arena_alloc(arena, (size_t)length + 1);
        vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

void arena_set_limit(struct arena *arena, size_t limit_bytes)
{
    assert(limit_bytes >= arena->total);
    arena->limit = limit_bytes;
}

size_t arena_used(const struct arena *arena)
{
    return arena->total;
}

struct arena_mark arena_mark(struct arena *arena)
{
    return (struct arena_mark){.block = arena->last,
                               .used = arena->last == NULL ? 0 : arena->last->used,
                               .total = arena->total};
}

void arena_release(struct arena *arena, struct arena_mark mark)
{
    assert(mark.total <= arena->total);
    free_blocks_until(arena, mark.block);
    if (arena->last != NULL)
        arena->last->used = mark.used;
    arena->total = mark.total;
}

void arena_defer(struct arena *arena, void (*action)(void *), void *thing)
{
    struct deferred *deferred = take(arena, padded(arena, sizeof *deferred));
    if (deferred == NULL) {
        action(thing);
        fault_raise(arena, FAULT_MEMORY);
    }
    deferred->previous = arena->deferred;
    deferred->action = action;
    deferred->thing = thing;
    arena->deferred = deferred;
}

void arena_close(struct arena *arena, void *thing)
{
    for (struct deferred **at = &arena->deferred; *at != NULL; at = &(*at)->previous) {
        if ((*at)->thing == thing) {
            struct deferred *found = *at;
            *at = found->previous;
            found->action(found->thing);
            return;
        }
    }
    assert(!"arena_close: nothing was deferred for this thing");
}

void guard_enter(struct arena *arena, struct guard *guard)
{
    guard->outer = arena->guard;
    guard->deferred = arena->deferred;
    guard->fault = FAULT_NONE;
    arena->guard = guard;
}

void guard_leave(struct arena *arena, struct guard *guard)
{
    assert(arena->guard == guard);
    arena->guard = guard->outer;
}

_Noreturn void fault_raise(struct arena *arena, enum fault fault)
{
    struct guard *guard = arena->guard;
    if (guard == NULL) {
        fprintf(stderr, "dianji: stopped: %s\n",
                fault == FAULT_MEMORY ? "out of memory" : "the database failed");
        exit(1);
    }
    run_deferred_until(arena, guard->deferred);
    arena->guard = guard->outer;
    guard->fault = fault;
    longjmp(guard->environment, 1);
}
