/* The catalogue of words, generated from all rooms' words files, sorted by key. */
#ifndef DIANJI_WEB_WORDS_H
#define DIANJI_WEB_WORDS_H

struct word {
    const char *key;
    const char *text[2]; /* by enum language */
};
extern const struct word words_table[];
extern const int words_count;

#endif
