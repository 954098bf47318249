/* What of the file system a store goes on needing when it is open. */
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_engine.h"

enum { FILES_MOST = 24 };

/* SQLite makes and removes its log beside the file. A link leads to where the file lies. */
static const char *folder_of(const char *path, struct arena *arena)
{
    char *real = realpath(path, NULL);
    if (real == NULL)
        return NULL;
    arena_defer(arena, free, real);
    char *slash = strrchr(real, '/');
    *(slash == real ? slash + 1 : slash) = '\0';
    return real;
}

/* Certificates and passwords that the connection string or the environment name. */
static size_t add_named(const PQconninfoOption *option, struct arena *arena, const char **files)
{
    static const char *const options[] = {"passfile", "sslcert",   "sslkey", "sslrootcert",
                                          "sslcrl",   "sslcrldir", NULL};
    size_t count = 0;
    for (; option->keyword != NULL; option++)
        for (const char *const *name = options; *name != NULL; name++)
            if (strcmp(option->keyword, *name) == 0 && option->val != NULL)
                files[count++] = arena_text(arena, option->val);
    return count;
}

/* Each new connection finds PostgreSQL's host by its name, and shows what it shows there. */
static const char *const *files_to_connect(const struct store *store, struct arena *arena)
{
    static const char *const always[] = {"/etc/hosts",         "/etc/host.conf",
                                         "/etc/resolv.conf",   "/etc/gai.conf",
                                         "/etc/nsswitch.conf", "/run/systemd/resolve"};
    const char **files = arena_array(arena, FILES_MOST, const char *);
    size_t count = sizeof always / sizeof *always;
    memcpy(files, always, sizeof always);
    PQconninfoOption *sources[] = {PQconninfoParse(store->location, NULL), PQconndefaults()};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        if (sources[i] == NULL)
            continue;
        count += add_named(sources[i], arena, files + count);
        PQconninfoFree(sources[i]);
    }
    const char *home = getenv("HOME");
    if (home != NULL) {
        files[count++] = arena_printf(arena, "%s/.pgpass", home);
        files[count++] = arena_printf(arena, "%s/.postgresql", home);
    }
    return files;
}

struct store_files store_files(const struct store *store, struct arena *arena)
{
    if (store->kind == STORE_POSTGRES)
        return (struct store_files){.readable = files_to_connect(store, arena), .connects = true};
    const char **writable = arena_array(arena, 2, const char *);
    if (!store__in_memory(store))
        writable[0] = folder_of(store->location, arena);
    return (struct store_files){.writable = writable};
}
