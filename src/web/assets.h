/* The files of web/, inside the program. */
#ifndef DIANJI_WEB_ASSETS_H
#define DIANJI_WEB_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct asset {
    const char *name; /* "style.css" */
    const char *path; /* "/assets/style.0123456789ab.css": changes with the content */
    const char *content_type;
    const char *bytes;
    size_t length;
    const char *packed; /* gzip */
    size_t packed_length;
    const char *tag; /* ETag, with its quotation marks */
    const char *packed_tag;
    bool is_hashed; /* its path names its content: may be kept for ever */
};
extern const struct asset assets[]; /* ends with a NULL name */

#endif
