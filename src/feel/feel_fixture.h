/* What the room's tests share: expressions evaluated, and compared as the text of their values. */
#ifndef DIANJI_FEEL_FEEL_FIXTURE_H
#define DIANJI_FEEL_FEEL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "feel/feel.h"

/* An expression and its value as feel_print() writes it; "null" for null. */
struct feel_case {
    const char *expression;
    const char *value;
};

static inline struct arena *feel_fixture_arena(void)
{
    return arena_new((size_t)256 << 20);
}

static inline struct feel_run *feel_fixture_run(struct arena *arena)
{
    struct instant now;
    assert_true(instant_parse("2025-10-15T09:00:00+08:00", &now));
    return feel_run_new(arena, now, &feel_limits_usual);
}

static inline const char *feel_fixture_text(struct feel_run *run, struct feel_value value)
{
    struct feel_text text = feel_print(run, value);
    return arena_text_n(feel_run_arena(run), text.bytes, text.length);
}

/* Null where the text is no FEEL. */
static inline struct feel_value feel_fixture_value(struct feel_run *run, const char *expression)
{
    struct feel_source source = {.text = feel_text(expression)};
    struct feel_compiled compiled = feel_compile(feel_run_arena(run), &source);
    return compiled.program == NULL ? feel_null() : feel_evaluate(run, compiled.program, NULL);
}

static inline void feel_fixture_check(const struct feel_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena *arena = feel_fixture_arena();
        struct feel_run *run = feel_fixture_run(arena);
        struct feel_source source = {.text = feel_text(cases[i].expression)};
        struct feel_compiled compiled = feel_compile(arena, &source);
        if (compiled.program == NULL)
            fail_msg("%s: %s, %s", cases[i].expression,
                     feel_fault_info(compiled.reports[0].fault)->code, compiled.reports[0].about);
        struct feel_value value = feel_evaluate(run, compiled.program, NULL);
        const char *text = feel_fixture_text(run, value);
        if (strcmp(text, cases[i].value) != 0)
            fail_msg("%s is %s, not %s", cases[i].expression, text, cases[i].value);
        arena_free(arena);
    }
}

#endif
