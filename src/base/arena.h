/*
 * Memory of one piece of work (a request, a command, a file being read), and the one way out of it.
 *
 * Everything that a piece of work allocates comes from its arena and goes with it: rooms never call
 * malloc or free. An allocation never returns NULL. When the arena's limit is reached, the machine
 * is out of memory, or the database fails, the work cannot go on; fault_raise() then unwinds to the
 * nearest guard, as PostgreSQL's ereport does, and only the guard's owner (the request runner, the
 * transaction runner, a command) decides what to answer. A rule therefore has only refusals to
 * think about, never faults.
 *
 * What is not memory (a file, a statement, a child process) is tied to the arena with
 * arena_defer(), so that unwinding closes it.
 *
 * An arena belongs to one thread at a time.
 */
#ifndef DIANJI_BASE_ARENA_H
#define DIANJI_BASE_ARENA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

struct arena;

/* Why work ended without an answer. Refusals are not faults: they are outcomes of rules. */
enum fault {
    FAULT_NONE,
    FAULT_MEMORY, /* the arena's limit or the machine's memory is used up */
    FAULT_STORE,  /* the database failed; the store has logged where */
    FAULT_RETRY,  /* the database asks to run the transaction again */
};

struct arena *arena_new(size_t limit_bytes);
void arena_free(struct arena *arena);  /* accepts NULL; runs what was deferred, last first */
void arena_reset(struct arena *arena); /* as free, but ready for the next piece of work */

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));
void *arena_array_bytes(struct arena *arena, size_t count, size_t size)
    __attribute__((malloc, returns_nonnull));
#define arena_one(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, count, type) ((type *)arena_array_bytes((arena), (count), sizeof(type)))
/* Moves `old` (old_size bytes, may be NULL) to a block of new_size bytes; in place where it is
 * last. */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size)
    __attribute__((returns_nonnull));

char *arena_text(struct arena *arena, const char *text) __attribute__((returns_nonnull));
char *arena_text_n(struct arena *arena, const char *text, size_t length)
    __attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0), returns_nonnull));

/* Moves the limit: an upload may need more than other requests. */
void arena_set_limit(struct arena *arena, size_t limit_bytes);
/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);

/*
 * Scratch space for loops: everything allocated after the mark is given back. Nothing deferred
 * since the mark may be outstanding (asserted).
 */
struct arena_mark {
    void *block;
    size_t used;
    size_t total;
};
struct arena_mark arena_mark(struct arena *arena);
void arena_release(struct arena *arena, struct arena_mark mark);

/*
 * Runs action(thing) when the arena is freed or reset, or when a fault unwinds past this point.
 * Where no memory is left to remember that, it runs at once, and the fault follows.
 */
void arena_defer(struct arena *arena, void (*action)(void *), void *thing);
/* Runs, now, the most recent deferred action for `thing` and forgets it. */
void arena_close(struct arena *arena, void *thing);

/*
 * A boundary that faults stop at:
 *
 *     struct guard guard;
 *     if (GUARDED(arena, &guard) == FAULT_NONE) {
 *         … work that may raise …
 *         guard_leave(arena, &guard);
 *     } else {
 *         … answer for guard.fault; the guard has been left, deferred actions since it have run …
 *     }
 *
 * Locals that change between GUARDED and the else branch must be volatile (C17 7.13.2.1).
 */
struct guard {
    jmp_buf environment;
    struct guard *outer;
    void *deferred;
    enum fault fault;
};
void guard_enter(struct arena *arena, struct guard *guard);
void guard_leave(struct arena *arena, struct guard *guard);
#define GUARDED(arena, guard)                                                                      \
    (guard_enter((arena), (guard)), setjmp((guard)->environment) == 0 ? FAULT_NONE : (guard)->fault)

/* Ends the current work. Without a guard the program stops: start-up has nowhere to go back to. */
_Noreturn void fault_raise(struct arena *arena, enum fault fault);

#endif
