/* What a running server keeps of what the machine would let it do (base/confine.h). */
#include <stdio.h>
#include <string.h>

#include "base/confine.h"
#include "base/log.h"
#include "main.h"
#include "web/web_call.h"

/* Where a new certificate will lie: what replaces a file is another file. */
static const char *folder_of(struct tool *tool, const char *path)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    if (slash == NULL)
        return path == NULL ? NULL : ".";
    return arena_text_n(tool->arena, path, (size_t)(slash - path) + (slash == path));
}

static size_t count_of(const char *const *files)
{
    size_t count = 0;
    while (files != NULL && files[count] != NULL)
        count++;
    return count;
}

static const char *const *with_certificate(struct tool *tool, const char *const *files)
{
    size_t count = count_of(files);
    const char **all = arena_array(tool->arena, count + 3, const char *);
    for (size_t i = 0; i < count; i++)
        all[i] = files[i];
    all[count] = folder_of(tool, tool->tls_certificate);
    if (all[count] != NULL)
        all[count + 1] = folder_of(tool, tool->tls_key);
    return all;
}

/* Names of hosts and whom to trust, where services of others are called. */
static const char *const *with_calls(struct tool *tool, const char *const *files)
{
    size_t count = count_of(files), more = count_of(web_call_files);
    const char **all = arena_array(tool->arena, count + more + 2, const char *);
    for (size_t i = 0; i < count; i++)
        all[i] = files[i];
    for (size_t i = 0; i < more && tool->calls; i++)
        all[count + i] = web_call_files[i];
    if (tool->calls)
        all[count + more] = tool->openid_settings.authorities;
    return all;
}

/* Large workbooks are put together in tmpfile(), which has no name and is gone with its process. */
static const char *const *with_scratch(struct tool *tool, const char *const *files)
{
    size_t count = count_of(files);
    const char **all = arena_array(tool->arena, count + 2, const char *);
    for (size_t i = 0; i < count; i++)
        all[i] = files[i];
    all[count] = P_tmpdir;
    return all;
}

void tool_confine_files(struct tool *tool)
{
    struct store_files files = store_files(tool->store, tool->arena);
    const char *const *readable = with_calls(tool, with_certificate(tool, files.readable));
    if (!confine_files(&(struct confine_files){.readable = readable,
                                               .writable = with_scratch(tool, files.writable)}))
        log_line("serve: this kernel has no Landlock, or this is a build for tests: the server "
                 "reads and writes what its user may");
}

void tool_confine_calls(struct tool *tool)
{
    bool connects = tool->calls || store_files(tool->store, tool->arena).connects;
    if (!confine_calls(&(struct confine_calls){.connects = connects}))
        log_line("serve: this kernel has no seccomp, or this is a build for tests: the server "
                 "could start programs");
}
