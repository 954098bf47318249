/* See log.h. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

/* What others said, as a database, must not look like a line of ours. */
static void flatten(char *line)
{
    for (; *line != '\0'; line++)
        if ((unsigned char)*line < ' ' || *line == 0x7f)
            *line = '?';
}

void log_line(const char *format, ...)
{
    char line[1024];
    struct timespec now;
    struct tm civil;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &civil);
    size_t used = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%SZ ", &civil);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + used, sizeof line - used, format, arguments);
    va_end(arguments);
    flatten(line);
    fprintf(stderr, "%s\n", line);
}
