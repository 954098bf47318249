/*
 * FEEL from arbitrary text, as an expression and as a cell: whatever compiles is evaluated within
 * small limits, and what it gives, where no limit ended it, is written as text.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "feel/feel.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct feel_limits limits = {.depth = 300, .steps = 50000, .bytes = (size_t)4 << 20};

static void evaluate(struct feel_text text, enum feel_form form)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    const struct feel_name names[] = {{feel_text("?"), NULL},
                                      {feel_text("n"), feel_type_of_kind(FEEL_TYPE_NUMBER)},
                                      {feel_text("学员"), NULL}};
    struct feel_entry entries[] = {{feel_text("年龄"), feel_integer(30)},
                                   {feel_text("skill level"), feel_integer(3)}};
    struct feel_value people[] = {feel_context(entries, 2), feel_context(entries, 1)};
    struct feel_value slots[] = {feel_integer(5), feel_integer(-1), feel_list(people, 2)};
    struct feel_source source = {.text = text, .form = form, .names = names, .name_count = 3};
    struct feel_compiled compiled = feel_compile(arena, &source);
    if (compiled.program == NULL) {
        assert(compiled.report_count == 1);
    } else {
        struct feel_run *run = feel_run_new(arena, INSTANT_NONE, &limits);
        struct feel_value value = feel_evaluate(run, compiled.program, slots);
        struct feel_text printed = feel_print(run, value);
        enum feel_fault end;
        assert(feel_run_ended(run, &end) || text_valid(printed.bytes, printed.length));
        assert(feel_type_text(arena, feel_program_type(compiled.program)) != NULL);
    }
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct feel_text text = {(const char *)bytes, length};
    evaluate(text, FEEL_EXPRESSION);
    evaluate(text, FEEL_UNARY_TESTS);
    return 0;
}
