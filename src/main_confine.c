/* What a running server keeps of what the machine would let it do (base/confine.h). */
#include <stdio.h>

#include "base/confine.h"
#include "base/log.h"
#include "main.h"

/* Large workbooks are put together in tmpfile(), which has no name and is gone with its process. */
static const char *const *with_scratch(struct tool *tool, const char *const *files)
{
    size_t count = 0;
    while (files != NULL && files[count] != NULL)
        count++;
    const char **all = arena_array(tool->arena, count + 2, const char *);
    for (size_t i = 0; i < count; i++)
        all[i] = files[i];
    all[count] = P_tmpdir;
    return all;
}

void tool_confine_files(struct tool *tool)
{
    struct store_files files = store_files(tool->store, tool->arena);
    if (!confine_files(&(struct confine_files){.readable = files.readable,
                                               .writable = with_scratch(tool, files.writable)}))
        log_line("serve: this kernel has no Landlock, or this is a build for tests: the server "
                 "reads and writes what its user may");
}

void tool_confine_calls(struct tool *tool)
{
    bool connects = store_files(tool->store, tool->arena).connects;
    if (!confine_calls(&(struct confine_calls){.connects = connects}))
        log_line("serve: this kernel has no seccomp, or this is a build for tests: the server "
                 "could start programs");
}
