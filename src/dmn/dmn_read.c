/* Values as people type them. */
#include <string.h>

#include "dmn/dmn.h"

/* A constant of FEEL: "12", "[1, 2]", "true". */
static bool read_constant(struct arena *arena, const char *text, struct feel_value *ret)
{
    struct feel_source source = {.text = feel_text(text)};
    struct feel_compiled compiled = feel_compile(arena, &source);
    const struct feel_value *constant = compiled.program == NULL || compiled.report_count > 0
                                            ? NULL
                                            : feel_program_constant(compiled.program);
    if (constant != NULL)
        *ret = *constant;
    return constant != NULL;
}

bool dmn_read(struct arena *arena, const struct dmn_element *input, const char *text,
              struct feel_value *ret)
{
    static const enum feel_kind kinds[] = {
        [FEEL_TYPE_BOOLEAN] = FEEL_BOOLEAN, [FEEL_TYPE_NUMBER] = FEEL_NUMBER,
        [FEEL_TYPE_STRING] = FEEL_STRING,   [FEEL_TYPE_DATE] = FEEL_DATE,
        [FEEL_TYPE_TIME] = FEEL_TIME,       [FEEL_TYPE_DATE_TIME] = FEEL_DATE_TIME,
        [FEEL_TYPE_MONTHS] = FEEL_MONTHS,   [FEEL_TYPE_SPAN] = FEEL_SPAN,
    };
    enum feel_type_kind type = input->type == NULL ? FEEL_TYPE_ANY : input->type->kind;
    bool is_simple = type < sizeof kinds / sizeof *kinds && kinds[type] != FEEL_NULL;
    if (strcmp(text, "null") == 0 && type != FEEL_TYPE_STRING) {
        *ret = feel_null();
        return true;
    }
    if (is_simple)
        return feel_read(arena, kinds[type], feel_text(text), ret);
    if (read_constant(arena, text, ret))
        return true;
    *ret = feel_string(feel_text(text));
    return type == FEEL_TYPE_ANY;
}
