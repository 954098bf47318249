/* Options and what most commands open. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "main.h"
#include "plan/plan.h"

enum {
    TOOL_ARENA_BYTES = 1 << 30,
    FAULTS_SHOWN = 10,
    /* A minute. A whole office may sit behind one address; nobody clicks twenty times a second. */
    ADDRESS_REQUESTS = 12000,
    ACCOUNT_REQUESTS = 1200,
    RATE_MOST = 1000 * 1000,
};

static bool read_number(const char *text, int64_t *ret)
{
    return text != NULL && text_integer(text, ret) && *ret >= 0;
}

static bool read_rate(const char *text, int64_t *ret)
{
    return read_number(text, ret) && *ret <= RATE_MOST;
}

static bool read_second_factor(struct tool *tool, const char *value)
{
    bool is_on = strcmp(value, "on") == 0;
    tool->second_factor = is_on ? SECOND_FACTOR_ON : SECOND_FACTOR_OFF;
    return is_on || strcmp(value, "off") == 0;
}

/* One option with its value; false where it is unknown or its value unreadable. */
static bool read_option(struct tool *tool, const char *name, char *value)
{
    if (value == NULL)
        return false;
    if (strcmp(name, "--db") == 0)
        return tool_read_database(tool, value);
    if (strcmp(name, "--pack") == 0)
        tool->pack_folder = value;
    else if (strcmp(name, "--listen") == 0)
        tool->listen = value;
    else if (strcmp(name, "--administrator") == 0)
        tool->administrator = value;
    else if (strcmp(name, "--tls-certificate") == 0)
        tool->tls_certificate = value;
    else if (strcmp(name, "--tls-key") == 0)
        tool->tls_key = value;
    else if (strcmp(name, "--clock") == 0)
        tool->clock = value;
    else if (strcmp(name, "--breached-passwords") == 0)
        tool->breached = value;
    else if (strcmp(name, "--oidc") == 0)
        tool->openid = value;
    else if (strcmp(name, "--master-key") == 0)
        tool->master_key = value;
    else if (strcmp(name, "--suite") == 0)
        tool->suite = value;
    else if (strcmp(name, "--second-factor") == 0)
        return read_second_factor(tool, value);
    else if (strcmp(name, "--people") == 0)
        return read_number(value, &tool->people);
    else if (strcmp(name, "--classes") == 0)
        return read_number(value, &tool->classes);
    else if (strcmp(name, "--seed") == 0)
        return read_number(value, &tool->seed);
    else if (strcmp(name, "--address-requests") == 0)
        return read_rate(value, &tool->address_requests);
    else if (strcmp(name, "--account-requests") == 0)
        return read_rate(value, &tool->account_requests);
    else
        return false;
    return true;
}

/* An option that is its own value. */
static bool read_switch(struct tool *tool, const char *name)
{
    bool *place = strcmp(name, "--json") == 0           ? &tool->json
                  : strcmp(name, "--roles") == 0        ? &tool->roles
                  : strcmp(name, "--apply") == 0        ? &tool->apply
                  : strcmp(name, "--shows") == 0        ? &tool->shows
                  : strcmp(name, "--tls-proxy") == 0    ? &tool->tls_proxy
                  : strcmp(name, "--log-requests") == 0 ? &tool->log_requests
                                                        : NULL;
    if (place == NULL)
        return false;
    *place = true;
    return true;
}

bool tool_read_options(struct tool *tool, int count, char **words)
{
    tool->arena = arena_new(TOOL_ARENA_BYTES);
    tool->address_requests = ADDRESS_REQUESTS;
    tool->account_requests = ACCOUNT_REQUESTS;
    for (int i = 0; i < count; i++) {
        if (read_switch(tool, words[i])) {
            continue;
        } else if (text_starts(words[i], "--")) {
            if (!read_option(tool, words[i], i + 1 < count ? words[i + 1] : NULL))
                return false;
            i++;
        } else if (tool->word_count == (int)(sizeof tool->words / sizeof tool->words[0])) {
            return false;
        } else {
            tool->words[tool->word_count++] = words[i];
        }
    }
    struct instant now = clock_now();
    unsigned char node;
    randombytes_buf(&node, 1);
    tool->ids.node = node;
    tool->ctx = (struct ctx){
        .arena = tool->arena, .now = now, .today = instant_day(now), .ids = &tool->ids};
    const char *language = getenv("LANG");
    tool->ctx.language =
        language != NULL && text_starts(language, "en") ? LANGUAGE_EN : LANGUAGE_ZH;
    return true;
}

void tool_close(struct tool *tool)
{
    store_close(tool->store);
    arena_free(tool->arena);
}

int tool_fail(struct tool *tool, const struct message *message)
{
    fprintf(stderr, "dianji: %s\n", words_with(&tool->ctx, (struct message *)(uintptr_t)message));
    return 1;
}

bool tool_open_store(struct tool *tool, bool create)
{
    struct message fault = {0};
    tool->store =
        store_open(&(struct store_options){.url = tool->db, .create = create}, tool->arena, &fault);
    if (tool->store == NULL)
        tool_fail(tool, &fault);
    return tool->store != NULL;
}

/* Beside the program (a build) or below the share folder (an installation). */
const char *tool_default_pack(struct tool *tool)
{
    static const char *const places[] = {"policies", "../policies", "../share/dianji/policies"};
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length < 0 ? 0 : length] = '\0';
    char *slash = strrchr(program, '/');
    if (slash != NULL)
        *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *folder = arena_printf(tool->arena, "%s/%s/yunnan-2021-28", program, places[i]);
        char *real = realpath(folder, NULL);
        if (real != NULL) {
            arena_defer(tool->arena, free, real);
            return real;
        }
    }
    return NULL;
}

static bool load_pack(struct tool *tool, const char *folder)
{
    struct pack_faults faults = {0};
    if (pack_load(tool->arena, folder, &tool->pack, &faults)) {
        tool->ctx.pack = tool->pack;
        tool->metrics = plan_metrics(tool->pack, tool->arena);
        return true;
    }
    for (size_t i = 0; i < faults.count && i < FAULTS_SHOWN; i++)
        fprintf(stderr, "dianji: %s:%d:%d: %s\n", faults.items[i].file, faults.items[i].line,
                faults.items[i].column, words_with(&tool->ctx, &faults.items[i].message));
    return false;
}

static bool find_folder(struct ctx *ctx, void *argument)
{
    const char **folder = argument;
    *folder = plan_pack_folder(ctx);
    return true;
}

bool tool_open_pack(struct tool *tool)
{
    const char *folder = tool->pack_folder;
    if (folder == NULL && tool->store != NULL)
        store_read(tool->store, &tool->ctx, find_folder, &folder);
    if (folder == NULL)
        folder = tool_default_pack(tool);
    if (folder == NULL) {
        fputs("dianji: no policy pack was found; name its folder with --pack\n", stderr);
        return false;
    }
    tool->pack_folder = folder;
    return load_pack(tool, folder);
}

static bool is_current(struct tool *tool)
{
    switch (store_schema(tool->store)) {
    case STORE_SCHEMA_CURRENT:
        return true;
    case STORE_SCHEMA_EMPTY:
        fprintf(stderr, "dianji: the database is empty; run: dianji init --db %s\n",
                tool->db_shown);
        return false;
    case STORE_SCHEMA_OLDER:
        fprintf(stderr,
                "dianji: the database is older than the program; run: dianji init --db %s\n",
                tool->db_shown);
        return false;
    case STORE_SCHEMA_NEWER:
        fputs("dianji: the database is newer than the program; use the newer program\n", stderr);
        return false;
    case STORE_SCHEMA_UNREADABLE:
        fputs("dianji: the database cannot be read\n", stderr);
        return false;
    case STORE_SCHEMA_ALTERED:
        fputs("dianji: the database's recorded schema differs from the program's\n", stderr);
        return false;
    }
    return false;
}

bool tool_open(struct tool *tool)
{
    return tool_open_store(tool, /* create= */ false) && is_current(tool) && tool_open_pack(tool) &&
           tool_open_vault(tool);
}

bool tool_read_file(struct tool *tool, const char *path, struct bytes *ret)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    struct buffer content = buffer_new(tool->arena, 64 * 1024);
    size_t got;
    do {
        got = fread(buffer_reserve(&content, 64 * 1024), 1, 64 * 1024, file);
        content.length += got;
    } while (got > 0);
    fclose(file);
    *ret = (struct bytes){content.bytes, content.length};
    return true;
}
