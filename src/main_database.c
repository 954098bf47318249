/*
 * Where the database is. Its address may hold a password, which belongs neither in the list of
 * processes nor in a log: it may stand in a file or the environment, and where it is among the
 * arguments all the same, it is struck out there as soon as it is read.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "main.h"

enum { ADDRESS_BYTES_MAX = 4096 };

static void strike(char *from, const char *to)
{
    for (; from < to; from++)
        *from = '*';
}

/* Of "postgresql://user:password@host/name?password=…", in place. */
static void strike_passwords(char *address)
{
    static const char named[] = "password=";
    char *start = strstr(address, "://");
    if (start == NULL || text_starts(address, "sqlite:"))
        return;
    start += strlen("://");
    char *at = strrchr(start, '@');
    char *colon = strchr(start, ':');
    if (at != NULL && colon != NULL && colon < at)
        strike(colon + 1, at);
    for (char *found = strstr(start, named); found != NULL; found = strstr(found, named)) {
        found += strlen(named);
        strike(found, found + strcspn(found, "&"));
    }
}

/* The first line of a file that is its owner's alone. */
static const char *read_file(struct tool *tool, const char *path)
{
    char text[ADDRESS_BYTES_MAX];
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        fprintf(stderr, "dianji: --db: %s cannot be read\n", path);
        return NULL;
    }
    bool is_private = fstat(file, &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    ssize_t length = is_private ? read(file, text, sizeof text - 1) : -1;
    close(file);
    if (!is_private) {
        fprintf(stderr, "dianji: --db: %s is open to others; chmod 0400\n", path);
        return NULL;
    }
    text[length < 0 ? 0 : length] = '\0';
    return arena_text_n(tool->arena, text, strcspn(text, "\r\n"));
}

bool tool_read_database(struct tool *tool, char *given)
{
    tool->db_shown = given;
    if (text_starts(given, "file:")) {
        tool->db = read_file(tool, given + strlen("file:"));
        return tool->db != NULL;
    }
    if (text_starts(given, "env:")) {
        tool->db = getenv(given + strlen("env:"));
        if (tool->db == NULL)
            fprintf(stderr, "dianji: --db: the environment has no %s\n", given + strlen("env:"));
        return tool->db != NULL;
    }
    tool->db = arena_text(tool->arena, given);
    strike_passwords(given);
    return true;
}
