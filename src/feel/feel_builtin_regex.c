/* matches, replace, split: regular expressions at work, within the bounds of the run. */
#include "feel/feel_builtin.h"
#include "feel/feel_regex.h"

/* What one match may do, and what it costs of a run's steps beside the length of its text. */
enum { MATCH_LIMIT = 100000, MATCH_HEAP_KIB = 4096, MATCH_STEPS = 100, REGEXES_KEPT = 16 };

static void *take_memory(size_t size, void *run)
{
    struct feel_run *of = run;
    return feel__has_room(of, size) ? arena_alloc(of->arena, size) : NULL;
}

static void leave_memory(void *memory, void *run)
{
    (void)memory; /* goes with the arena */
    (void)run;
}

static uint32_t options_of(const struct feel__flags *flags)
{
    uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY;
    if (flags->is_plain)
        options = PCRE2_UTF | PCRE2_LITERAL;
    else if (flags->dot_takes_newline)
        options |= PCRE2_DOTALL;
    if (flags->ignores_case)
        options |= PCRE2_CASELESS;
    if (flags->has_many_lines && !flags->is_plain)
        options |= PCRE2_MULTILINE;
    return options;
}

static bool compile(struct feel_run *run, struct feel__regex *regex)
{
    struct feel__flags flags;
    struct buffer pattern = buffer_new(run->arena, regex->pattern.length * 2);
    if (!feel__regex_flags(regex->flags, &flags) ||
        !feel__regex_translate(regex->pattern, &flags, &pattern))
        return false;
    int error;
    size_t offset;
    pcre2_general_context *memory = pcre2_general_context_create(take_memory, leave_memory, run);
    pcre2_compile_context *how = memory == NULL ? NULL : pcre2_compile_context_create(memory);
    if (how == NULL)
        return false;
    pcre2_set_newline(how, PCRE2_NEWLINE_LF);
    regex->code = pcre2_compile((PCRE2_SPTR)pattern.bytes, pattern.length, options_of(&flags),
                                &error, &offset, how);
    if (regex->code == NULL)
        return false;
    regex->context = pcre2_match_context_create(memory);
    regex->data = pcre2_match_data_create_from_pattern(regex->code, memory);
    if (regex->context == NULL || regex->data == NULL)
        return false;
    pcre2_set_match_limit(regex->context, MATCH_LIMIT);
    pcre2_set_heap_limit(regex->context, MATCH_HEAP_KIB);
    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &regex->group_count);
    regex->matches_nothing = feel__regex_match(run, regex, feel_text(""), 0) == FEEL__MATCH;
    return true;
}

struct feel__regex *feel__regex(struct feel_run *run, struct feel_value pattern,
                                struct feel_value flags)
{
    struct feel_text flag_text = flags.kind == FEEL_STRING ? flags.text : feel_text("");
    size_t known = 0;
    for (struct feel__regex *regex = run->regexes; regex != NULL; regex = regex->next, known++)
        if (feel_text_equal(regex->pattern, pattern.text) &&
            feel_text_equal(regex->flags, flag_text))
            return regex;
    struct feel__regex *regex = arena_one(run->arena, struct feel__regex);
    regex->pattern = pattern.text;
    regex->flags = flag_text;
    if (!compile(run, regex)) {
        feel__fault(run, FEEL_FAULT_BAD_PATTERN,
                    arena_text_n(run->arena, pattern.text.bytes, pattern.text.length));
        return NULL;
    }
    if (known < REGEXES_KEPT) {
        regex->next = run->regexes;
        run->regexes = regex;
    }
    return regex;
}

enum feel__match feel__regex_match(struct feel_run *run, struct feel__regex *regex,
                                   struct feel_text text, size_t from)
{
    uint64_t cost = MATCH_STEPS + text.length;
    if (run->has_ended)
        return FEEL__MATCH_FAILED;
    run->steps_left = cost > run->steps_left ? 0 : run->steps_left - cost;
    int found = pcre2_match(regex->code, (PCRE2_SPTR)text.bytes, text.length, from,
                            PCRE2_NO_UTF_CHECK, regex->data, regex->context);
    if (found >= 0)
        return FEEL__MATCH;
    if (found == PCRE2_ERROR_NOMATCH)
        return FEEL__NO_MATCH;
    feel__fault(run, FEEL_FAULT_TOO_MANY_STEPS,
                arena_text_n(run->arena, regex->pattern.bytes, regex->pattern.length));
    return FEEL__MATCH_FAILED;
}

struct feel_value feel__matches(struct feel_run *run, const struct feel_value *values)
{
    struct feel__regex *regex = feel__regex(run, values[1], values[2]);
    if (regex == NULL)
        return feel_null();
    enum feel__match match = feel__regex_match(run, regex, values[0].text, 0);
    return match == FEEL__MATCH_FAILED ? feel_null() : feel_boolean(match == FEEL__MATCH);
}

/* --- replace --- */

/* $1: as many digits as make a group that there is; what of it was matched, if it was. */
static size_t add_group(struct feel_run *run, struct buffer *out, const struct feel__regex *regex,
                        struct feel_text input, const char *digits, const char *end)
{
    const size_t *places = pcre2_get_ovector_pointer(regex->data);
    uint32_t group = (uint32_t)(digits[0] - '0');
    size_t length = 1;
    while (digits + length < end && digits[length] >= '0' && digits[length] <= '9' &&
           group * 10 + (uint32_t)(digits[length] - '0') <= regex->group_count)
        group = group * 10 + (uint32_t)(digits[length++] - '0');
    const size_t *place = places + 2 * (size_t)group;
    bool has_matched = group <= regex->group_count && place[0] != PCRE2_UNSET;
    if (has_matched && feel__has_room(run, out->length + (place[1] - place[0])))
        buffer_add_n(out, input.bytes + place[0], place[1] - place[0]);
    return length;
}

/* A dollar stands before a digit, a backslash before a dollar or a backslash; else it is wrong. */
static bool add_replacement(struct feel_run *run, struct buffer *out,
                            const struct feel__regex *regex, struct feel_text input,
                            struct feel_text replacement)
{
    const char *at = replacement.bytes, *end = at + replacement.length;
    while (at < end) {
        if (*at == '$' && at + 1 < end && at[1] >= '0' && at[1] <= '9') {
            at += 1 + add_group(run, out, regex, input, at + 1, end);
        } else if (*at == '\\' && at + 1 < end && (at[1] == '\\' || at[1] == '$')) {
            buffer_add_char(out, at[1]);
            at += 2;
        } else if (*at == '$' || *at == '\\') {
            return false;
        } else {
            buffer_add_char(out, *at++);
        }
    }
    return true;
}

struct feel_value feel__replace(struct feel_run *run, const struct feel_value *values)
{
    struct feel_text input = values[0].text;
    struct feel__regex *regex = feel__regex(run, values[1], values[3]);
    if (regex == NULL)
        return feel_null();
    if (regex->matches_nothing)
        return feel__bad_value(run, values[1]); /* it would be between all characters */
    struct buffer out = buffer_new(run->arena, input.length + 1);
    size_t at = 0;
    enum feel__match match;
    while ((match = feel__regex_match(run, regex, input, at)) == FEEL__MATCH) {
        const size_t *places = pcre2_get_ovector_pointer(regex->data);
        buffer_add_n(&out, input.bytes + at, places[0] - at);
        if (!add_replacement(run, &out, regex, input, values[2].text))
            return feel__bad_value(run, values[2]);
        if (places[1] <= at || !feel_enter(run))
            return feel__bad_value(run, values[1]);
        feel_leave(run);
        at = places[1];
    }
    if (match == FEEL__MATCH_FAILED)
        return feel_null();
    buffer_add_n(&out, input.bytes + at, input.length - at);
    return feel_string((struct feel_text){out.bytes, out.length});
}

struct feel_value feel__split(struct feel_run *run, const struct feel_value *values)
{
    struct feel_text input = values[0].text;
    struct feel__regex *regex = feel__regex(run, values[1], feel_null());
    if (regex == NULL)
        return feel_null();
    if (regex->matches_nothing)
        return feel__bad_value(run, values[1]);
    struct feel__items parts = feel__items_new(run, 4);
    size_t at = 0;
    enum feel__match match;
    while ((match = feel__regex_match(run, regex, input, at)) == FEEL__MATCH) {
        const size_t *places = pcre2_get_ovector_pointer(regex->data);
        if (places[1] <= at || !feel_enter(run))
            return feel__bad_value(run, values[1]);
        feel_leave(run);
        struct feel_text part = {input.bytes + at, places[0] - at};
        feel__items_add(&parts, feel_string(part));
        at = places[1];
    }
    if (match == FEEL__MATCH_FAILED)
        return feel_null();
    feel__items_add(&parts, feel_string((struct feel_text){input.bytes + at, input.length - at}));
    return feel__items_list(&parts);
}
