/* The catalogue of words, generated from all rooms' words files, sorted by key. */
#ifndef DIANJI_WEB_WORDS_H
#define DIANJI_WEB_WORDS_H

#include <stddef.h>

struct word {
    const char *key;
    const char *text[2]; /* by enum language */
    const char *html[2]; /* the same, escaped: what compiled pages copy */
    size_t html_length[2];
};
extern const struct word *const words_table[];
extern const size_t words_count;

#endif
