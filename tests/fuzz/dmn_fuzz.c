/*
 * Decision models from arbitrary XML: whatever loads, tolerant or strict, is decided within small
 * limits and told as JSON; what does not has said why. The bytes may hold the elements alone.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "dmn/dmn.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct feel_limits limits = {.depth = 200, .steps = 20000, .bytes = (size_t)4 << 20};

static void decide_all(struct arena *arena, const struct dmn_model *model)
{
    struct dmn_settings settings = {.now = INSTANT_NONE, .limits = &limits, .explains = true};
    struct dmn_run *run = dmn_run_new(arena, model, &settings);
    struct buffer out = buffer_new(arena, 256);
    for (size_t i = 0; i < dmn_element_count(model); i++) {
        const struct dmn_element *element = dmn_element(model, i);
        if (element->kind == DMN_KIND_INPUT_DATA)
            dmn_give(run, element, feel_integer(3));
    }
    for (size_t i = 0; i < dmn_element_count(model); i++) {
        const struct dmn_element *element = dmn_element(model, i);
        if (element->kind == DMN_KIND_DECISION || element->kind == DMN_KIND_SERVICE)
            dmn_decision_json(run, element, &out);
    }
    assert(text_valid(out.bytes, out.length));
}

static void load(struct bytes bytes, enum dmn_rigour rigour)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    const struct dmn_file file = {"m.dmn", bytes};
    struct dmn_source source = {.files = &file, .file_count = 1, .rigour = rigour};
    struct dmn_reports reports;
    const struct dmn_model *model = dmn_load(arena, &source, &reports);
    if (model != NULL)
        decide_all(arena, model);
    else
        assert(reports.count > 0);
    for (size_t i = 0; i < reports.count; i++)
        assert(reports.items[i].message.key != NULL && reports.items[i].element != NULL);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char head[] =
        "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' name='m'>";
    static const char tail[] = "</definitions>";
    struct arena *arena = arena_new((size_t)64 << 20);
    struct buffer whole = buffer_new(arena, length + 256);
    buffer_add(&whole, head);
    buffer_add_n(&whole, bytes, length);
    buffer_add(&whole, tail);
    load((struct bytes){bytes, length}, DMN_TOLERANT);
    load((struct bytes){whole.bytes, whole.length}, DMN_STRICT);
    arena_free(arena);
    return 0;
}
