/*
 * The program: its commands, and the wiring of the rooms. Only this file and its neighbours
 * main_*.c know all rooms.
 *
 * The tour begins here: serve() in main_serve.c starts the web with the rooms' routes;
 * web/web_serve.c takes a request to a handler (training/training_pages.c), which calls one rule
 * (training/training.c) in one transaction (store/store.h) whose facts the ledger folds
 * (ledger/ledger_fold.c) before anyone is answered.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/confine.h"
#include "main.h"
#include "sheet/sheet.h"

static const struct command *find_command(const char *name)
{
    for (const struct command *command = COMMANDS; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static int usage(FILE *out)
{
    fputs("usage:\n", out);
    for (const struct command *command = COMMANDS; command->name != NULL; command++)
        fprintf(out, "  dianji %s %s\n", command->name, command->usage);
    return out == stdout ? 0 : 2;
}

int main(int argc, char **argv)
{
    /* The child that reads an upload, and who starts it: no option, no database, no secret
     * (sheet/sheet.h). */
    if (argc == 2 && strcmp(argv[1], "sheet-child") == 0)
        return sheet_child_main();
    if (argc == 2 && strcmp(argv[1], "sheet-nursery") == 0)
        return sheet_nursery_main();
    confine_secrets();
    struct tool tool = {0};
    if (sodium_init() < 0) {
        fputs("dianji: the cryptographic library does not start\n", stderr);
        return 1;
    }
    if (argc < 2)
        return usage(stderr);
    const struct command *command = find_command(argv[1]);
    if (command == NULL)
        return strcmp(argv[1], "--help") == 0 ? usage(stdout) : usage(stderr);
    if (!tool_read_options(&tool, argc - 2, argv + 2)) {
        fprintf(stderr, "usage: dianji %s %s\n", command->name, command->usage);
        return 2;
    }
    if (command->needs_db && tool.db == NULL) {
        fputs("dianji: --db is missing: sqlite:PATH, postgresql://…, or file:PATH or env:NAME that "
              "says it\n",
              stderr);
        return 2;
    }
    int status = command->run(&tool);
    tool_close(&tool);
    return status;
}
