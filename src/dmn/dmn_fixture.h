/* What the room's tests share: models from a few lines of XML, decisions as text. */
#ifndef DIANJI_DMN_DMN_FIXTURE_H
#define DIANJI_DMN_DMN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "dmn/dmn.h"

#define DMN_FIXTURE_HEAD                                                                           \
    "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' name='m' "                  \
    "namespace='urn:m'>\n"

static inline struct arena *dmn_fixture_arena(void)
{
    return arena_new((size_t)512 << 20);
}

/* The elements stand from line 2 on. */
static inline const struct dmn_model *dmn_fixture_load(struct arena *arena, const char *elements,
                                                       enum dmn_rigour rigour,
                                                       struct dmn_reports *ret_reports)
{
    const char *text = arena_printf(arena, DMN_FIXTURE_HEAD "%s</definitions>", elements);
    const struct dmn_file file = {"m.dmn", {text, strlen(text)}};
    struct dmn_source source = {.files = &file, .file_count = 1, .rigour = rigour};
    return dmn_load(arena, &source, ret_reports);
}

static inline const struct dmn_model *dmn_fixture_model(struct arena *arena, const char *elements)
{
    struct dmn_reports reports;
    const struct dmn_model *model = dmn_fixture_load(arena, elements, DMN_TOLERANT, &reports);
    if (model == NULL)
        fail_msg("%s:%d: %s: %s", reports.items[0].file, reports.items[0].place.line,
                 reports.items[0].message.key, reports.items[0].message.arguments[0].value);
    return model;
}

static inline struct dmn_run *dmn_fixture_run(struct arena *arena, const struct dmn_model *model)
{
    struct instant now;
    assert_true(instant_parse("2025-10-15T09:00:00+08:00", &now));
    return dmn_run_new(arena, model, &(struct dmn_settings){.now = now, .explains = true});
}

static inline void dmn_fixture_give(struct dmn_run *run, const struct dmn_model *model,
                                    const char *name, struct feel_value value)
{
    const struct dmn_element *element = dmn_find(model, NULL, name);
    assert_non_null(element);
    dmn_give(run, element, value);
}

static inline const char *dmn_fixture_decide(struct dmn_run *run, const struct dmn_model *model,
                                             const char *name)
{
    const struct dmn_element *element = dmn_find(model, NULL, name);
    assert_non_null(element);
    struct feel_run *feel = dmn_run_feel(run);
    struct feel_value value = dmn_decide(run, element);
    if (value.kind == FEEL_NULL)
        return "null"; /* a run that was ended prints nothing */
    struct feel_text text = feel_print(feel, value);
    return arena_text_n(feel_run_arena(feel), text.bytes, text.length);
}

static inline bool dmn_fixture_remarks(const struct dmn_run *run, const char *key)
{
    for (const struct dmn_step *step = dmn_explain(run); step != NULL; step = step->next)
        for (const struct dmn_remark *at = step->remarks; at != NULL; at = at->next)
            if (strcmp(at->message.key, key) == 0)
                return true;
    return false;
}

#endif
