/* The database's keys: where the master key is, and what an operator does with the data keys. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "main.h"

/*
 * Where nothing is said: the environment, else a file beside the embedded database, else one in the
 * user's configuration, named after the server's database.
 */
static const char *master_source(struct tool *tool)
{
    const char *told = tool->master_key != NULL ? tool->master_key : getenv("DIANJI_MASTER_KEY");
    if (!text_empty(told))
        return told;
    if (text_starts(tool->db, "sqlite:"))
        return arena_printf(tool->arena, "file:%s.key", tool->db + strlen("sqlite:"));
    const char *home = getenv("HOME");
    const char *name = strrchr(tool->db, '/');
    name = name == NULL ? "postgresql" : name + 1;
    return arena_printf(tool->arena, "file:%s/.dianji-%.*s.key", text_empty(home) ? "." : home,
                        (int)strcspn(name, "?"), name);
}

static bool is_missing_file(const char *source)
{
    return text_starts(source, "file:") && access(source + strlen("file:"), F_OK) != 0;
}

static bool read_master(struct tool *tool, struct master_key *ret)
{
    struct message fault = {0};
    if (vault_master_read(master_source(tool), ret, &fault))
        return true;
    tool_fail(tool, &fault);
    return false;
}

/* --- opening */

struct opening {
    struct tool *tool;
    struct master_key master;
    enum cipher_suite suite;
    struct vault *vault;
    struct message fault;
};

static bool load(struct ctx *ctx, void *argument)
{
    struct opening *opening = argument;
    opening->vault = vault_load(ctx, &opening->master, opening->tool->arena, &opening->fault);
    return true;
}

bool tool_open_vault(struct tool *tool)
{
    struct opening opening = {.tool = tool};
    if (!read_master(tool, &opening.master))
        return false;
    bool is_read = store_read(tool->store, &tool->ctx, load, &opening) == STORE_DONE;
    sodium_memzero(&opening.master, sizeof opening.master);
    tool->ctx.vault = opening.vault;
    if (is_read && opening.vault == NULL)
        tool_fail(tool, &opening.fault);
    return is_read && opening.vault != NULL;
}

static bool create(struct ctx *ctx, void *argument)
{
    const struct opening *opening = argument;
    vault_create(ctx, &opening->master, opening->suite); /* false: it has keys already */
    return true;
}

static bool read_suite(const struct tool *tool, enum cipher_suite *ret)
{
    *ret = CIPHER_SUITE_INTL;
    if (tool->suite == NULL || cipher_suite_parse(tool->suite, ret))
        return true;
    fputs("dianji: --suite is intl or guomi\n", stderr);
    return false;
}

bool tool_create_vault(struct tool *tool)
{
    struct opening opening = {.tool = tool};
    struct message fault = {0};
    const char *source = master_source(tool);
    if (!read_suite(tool, &opening.suite))
        return false;
    if (is_missing_file(source)) {
        if (!vault_master_create(source + strlen("file:"), &fault))
            return tool_fail(tool, &fault) == 0;
        fprintf(stderr, "dianji: the master key is in %s: keep a copy of it elsewhere\n",
                source + strlen("file:"));
    }
    if (!read_master(tool, &opening.master))
        return false;
    bool is_done = store_write(tool->store, &tool->ctx, create, &opening) == STORE_DONE;
    sodium_memzero(&opening.master, sizeof opening.master);
    return is_done && tool_open_vault(tool);
}

/* --- the command */

static bool list(struct ctx *ctx, void *argument)
{
    struct buffer *out = argument;
    struct data_key_list keys = vault_keys(ctx);
    for (size_t i = 0; i < keys.count; i++) {
        const struct data_key *key = &keys.items[i];
        buffer_printf(out, "%lld %s %s %s%s\n", (long long)key->number,
                      key_purpose_code(key->purpose), cipher_suite_code(key->suite),
                      instant_text(ctx->arena, key->created_at),
                      key->number == vault_current_key(ctx) ? " current" : "");
    }
    return true;
}

/* Commands may be run again from their start: a step never moves what it starts from. */
struct walk {
    struct resealing from, next;
    bool goes_on;
};

static bool step(struct ctx *ctx, void *argument)
{
    struct walk *walk = argument;
    walk->next = walk->from;
    walk->goes_on = vault_reseal(ctx, &walk->next);
    return true;
}

static int reseal(struct tool *tool)
{
    struct walk walk = {.goes_on = true};
    while (walk.goes_on) {
        struct arena_mark mark = arena_mark(tool->arena);
        if (store_write(tool->store, &tool->ctx, step, &walk) != STORE_DONE)
            return 1;
        arena_release(tool->arena, mark);
        walk.from = walk.next;
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "\r%lld values sealed anew", (long long)walk.from.sealed);
    }
    fprintf(stderr, "%sdianji: %lld values sealed anew\n", isatty(STDERR_FILENO) ? "\r" : "",
            (long long)walk.from.sealed);
    return 0;
}

static bool rotate(struct ctx *ctx, void *argument)
{
    (void)argument;
    vault_rotate(ctx);
    return true;
}

/* All of it or nothing: with two blind keys in use, a person could not be found. */
static bool convert(struct ctx *ctx, void *argument)
{
    const enum cipher_suite *suite = argument;
    struct resealing progress = {0};
    bool goes_on = true;
    vault_change_suite(ctx, *suite);
    while (goes_on) {
        struct arena_mark mark = arena_mark(ctx->arena);
        goes_on = vault_reseal(ctx, &progress);
        arena_release(ctx->arena, mark);
    }
    return true;
}

static bool says(const struct tool *tool, const char *word)
{
    return strcmp(tool->words[0], word) == 0;
}

/* What was made is seen by a server that is running as soon as it meets it. */
static int change(struct tool *tool)
{
    enum cipher_suite suite;
    struct message fault = {0};
    if (!store_claim_writer(tool->store, tool->arena, &fault))
        return tool_fail(tool, &fault);
    if (says(tool, "reseal"))
        return reseal(tool);
    if (says(tool, "convert") && (tool->suite == NULL || !read_suite(tool, &suite)))
        return 2;
    store_work *work = says(tool, "convert") ? convert : rotate;
    return store_write(tool->store, &tool->ctx, work, &suite) == STORE_DONE ? 0 : 1;
}

int command_keys(struct tool *tool)
{
    bool is_known = tool->word_count == 1 && (says(tool, "list") || says(tool, "rotate") ||
                                              says(tool, "reseal") || says(tool, "convert"));
    if (!is_known) {
        fputs("usage: dianji keys list|rotate|reseal|convert --db URL [--suite intl|guomi]\n",
              stderr);
        return 2;
    }
    if (!tool_open(tool))
        return 1;
    if (!says(tool, "list"))
        return change(tool);
    struct buffer out = buffer_new(tool->arena, 1024);
    if (store_read(tool->store, &tool->ctx, list, &out) != STORE_DONE)
        return 1;
    fputs(out.bytes, stdout);
    return 0;
}
