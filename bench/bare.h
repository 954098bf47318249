/* What the bare libraries need for the bytes of a table: the limit beside which benchmarks stand.
 */
#ifndef DIANJI_BENCH_BARE_H
#define DIANJI_BENCH_BARE_H

#include <expat.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zip.h>

#include "base/text.h"

static inline int64_t bare_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline _Noreturn void bare_stop(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* The lines of delimited text: a look for their ends. */
static inline int64_t bare_lines(struct bytes file)
{
    const char *at = file.data, *end = at + file.length;
    int64_t count = 0;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        count++;
        at++;
    }
    return count;
}

static inline void bare__count_row(void *argument, const XML_Char *name,
                                   const XML_Char **attributes)
{
    (void)attributes;
    int64_t *count = argument;
    *count += strcmp(name, "row") == 0;
}

static inline void bare__ignore_end(void *argument, const XML_Char *name)
{
    (void)argument;
    (void)name;
}

static inline void bare__ignore_text(void *argument, const XML_Char *text, int length)
{
    (void)argument;
    (void)text;
    (void)length;
}

/* The rows of a workbook's part: libzip, and expat with empty handlers. */
static inline int64_t bare_workbook(struct bytes file, const char *part_name)
{
    int64_t count = 0;
    zip_source_t *source = zip_source_buffer_create(file.data, file.length, 0, NULL);
    zip_t *archive = zip_open_from_source(source, ZIP_RDONLY, NULL);
    zip_file_t *part = zip_fopen(archive, part_name, 0);
    XML_Parser parser = XML_ParserCreate(NULL);
    if (part == NULL || parser == NULL)
        bare_stop("the workbook cannot be read");
    XML_SetUserData(parser, &count);
    XML_SetElementHandler(parser, bare__count_row, bare__ignore_end);
    XML_SetCharacterDataHandler(parser, bare__ignore_text);
    for (int length = 1; length > 0;) {
        void *bytes = XML_GetBuffer(parser, 65536);
        length = (int)zip_fread(part, bytes, 65536);
        if (length < 0 || XML_ParseBuffer(parser, length, length == 0) != XML_STATUS_OK)
            bare_stop("the workbook is damaged");
    }
    XML_ParserFree(parser);
    zip_fclose(part);
    zip_discard(archive);
    return count;
}

#endif
