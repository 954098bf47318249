/*
 * Regular expressions of XPath, which FEEL refers to (F&O 5.6.1, XML Schema F), carried out by
 * PCRE2: the pattern is translated, everything that PCRE2 alone knows is refused, and its memory
 * and steps are those of the run.
 */
#ifndef DIANJI_FEEL_FEEL_REGEX_H
#define DIANJI_FEEL_FEEL_REGEX_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/text.h"
#include "feel/feel_run.h"

struct feel__flags {
    bool ignores_case;      /* i */
    bool has_many_lines;    /* m */
    bool dot_takes_newline; /* s */
    bool drops_space;       /* x */
    bool is_plain;          /* q */
};

/* False where a flag is none. */
bool feel__regex_flags(struct feel_text text, struct feel__flags *ret);
/* False where the pattern is none of XPath's. */
bool feel__regex_translate(struct feel_text pattern, const struct feel__flags *flags,
                           struct buffer *ret);

struct feel__regex {
    struct feel__regex *next;
    struct feel_text pattern;
    struct feel_text flags;
    pcre2_code *code;
    pcre2_match_context *context;
    pcre2_match_data *data;
    uint32_t group_count;
    bool matches_nothing; /* the empty string */
};

/* NULL, with a report, where it is none. Compiled once a run. */
struct feel__regex *feel__regex(struct feel_run *run, struct feel_value pattern,
                                struct feel_value flags);

enum feel__match { FEEL__MATCH, FEEL__NO_MATCH, FEEL__MATCH_FAILED };
/* From that offset on; the groups' places are then in the regex's data. */
enum feel__match feel__regex_match(struct feel_run *run, struct feel__regex *regex,
                                   struct feel_text text, size_t from);

#endif
