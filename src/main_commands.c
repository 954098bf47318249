/* The commands that answer and end; serve is in main_serve.c. */
#include <microhttpd.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "main.h"
#include "plan/plan.h"
#include "registry/registry.h"
#include "roster/roster.h"
#include "simulate/simulate.h"

static int command_version(struct tool *tool)
{
    (void)tool;
    printf("dianji %s (SQLite %s, libmicrohttpd %s, libsodium %s)\n", DIANJI_VERSION,
           sqlite3_libversion(), MHD_get_version(), sodium_version_string());
    return 0;
}

static bool remember(struct ctx *ctx, void *argument)
{
    const struct tool *tool = argument;
    plan_remember_pack(ctx, tool->pack, tool->pack_folder);
    return true;
}

/* --- the first account, from which all others come */

static const char PASSWORD_VARIABLE[] = "DIANJI_ADMINISTRATOR_PASSWORD";

struct first_account {
    struct first_administrator_args args;
    enum first_administrator answer;
};

static bool add_first(struct ctx *ctx, void *argument)
{
    struct first_account *first = argument;
    first->answer = registry_create_first_administrator(ctx, &first->args);
    return first->answer == FIRST_ADMINISTRATOR_DONE;
}

/* The password of the environment, or a new one, which is printed once and then known to nobody. */
static bool add_administrator(struct tool *tool)
{
    struct ctx *ctx = &tool->ctx;
    const char *given = getenv(PASSWORD_VARIABLE);
    const char *password = text_empty(given) ? registry_password_new(ctx) : given;
    enum password_change check = registry_password_check(ctx, password, tool->administrator);
    if (check != PASSWORD_CHANGE_DONE) {
        fprintf(stderr, "dianji: %s: %s\n", PASSWORD_VARIABLE,
                words(ctx, password_change_info(check)->code));
        return false;
    }
    struct first_account first = {.args = {.login = tool->administrator,
                                           .password_hash = registry_hash_password(ctx, password),
                                           .is_password_initial = text_empty(given),
                                           .name = words(ctx, "role.administrator")}};
    enum store_result result = store_write(tool->store, ctx, add_first, &first);
    if (result != STORE_DONE) {
        const struct outcome_info *info = first_administrator_info(first.answer);
        fprintf(stderr, "dianji: %s\n",
                info->code == NULL ? "the database cannot be written" : words(ctx, info->code));
        return false;
    }
    if (text_empty(given))
        printf("%s %s\n", tool->administrator, password);
    return true;
}

static int command_init(struct tool *tool)
{
    struct message fault = {0};
    if (!tool_open_store(tool, /* create= */ true))
        return 1;
    if (!store_migrate(tool->store, tool->arena, &fault))
        return tool_fail(tool, &fault);
    if (tool->pack_folder != NULL) {
        char *real = realpath(tool->pack_folder, NULL);
        if (real == NULL) {
            fprintf(stderr, "dianji: there is no folder %s\n", tool->pack_folder);
            return 1;
        }
        arena_defer(tool->arena, free, real);
        tool->pack_folder = real;
    }
    if (!tool_open_pack(tool) || !tool_create_vault(tool))
        return 1;
    if (store_write(tool->store, &tool->ctx, remember, tool) != STORE_DONE) {
        fputs("dianji: the database cannot be written\n", stderr);
        return 1;
    }
    if (tool->administrator != NULL && !add_administrator(tool))
        return 1;
    fprintf(stderr, "dianji: %s is ready with %s\n", tool->db_shown, tool->pack->id);
    return 0;
}

static const char *say(const void *context, const struct message *message)
{
    struct ctx *ctx = (struct ctx *)(uintptr_t)context;
    return words_with(ctx, (struct message *)(uintptr_t)message);
}

static int command_pack(struct tool *tool)
{
    if (tool->word_count != 2 || strcmp(tool->words[0], "check") != 0) {
        fputs("usage: dianji pack check DIR [--json]\n", stderr);
        return 2;
    }
    struct buffer out = buffer_new(tool->arena, 4096);
    struct pack_check_args args = {
        .arena = tool->arena, .dir = tool->words[1], .phrase = say, .context = &tool->ctx};
    bool is_whole = tool->json ? policy_check(&args, &out) : policy_check_text(&args, &out);
    fputs(out.bytes, stdout);
    if (!is_whole)
        fprintf(stderr, "dianji: %s is no whole pack\n", tool->words[1]);
    return is_whole ? 0 : 1;
}

static bool write_plan(struct ctx *ctx, void *argument)
{
    plan_json(ctx, argument);
    return true;
}

static int command_plan(struct tool *tool)
{
    if (!tool_open(tool))
        return 1;
    struct buffer out = buffer_new(tool->arena, 64 * 1024);
    if (store_read(tool->store, &tool->ctx, write_plan, &out) != STORE_DONE) {
        fputs("dianji: the database cannot be read\n", stderr);
        return 1;
    }
    fputs(out.bytes, stdout);
    return 0;
}

struct recounting {
    const struct ledger_metrics *metrics;
    struct recount_report report;
};

static bool fold_rest(struct ctx *ctx, void *argument)
{
    const struct tool *tool = argument;
    return ledger_fold(ctx, tool->metrics);
}

static bool recount(struct ctx *ctx, void *argument)
{
    struct recounting *recounting = argument;
    recounting->report = ledger_recount(ctx, recounting->metrics);
    return true;
}

static int print_report(const struct recount_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct recount_difference *difference = &report->items[i];
        fprintf(stderr, "dianji: %s %s %lld: the counter says %lld, the facts %lld\n",
                difference->metric, difference->region, (long long)difference->month,
                (long long)difference->counter.n, (long long)difference->recount.n);
    }
    printf("%zu counters compared, %zu differ\n", report->counters, report->count);
    return report->count == 0 ? 0 : 1;
}

static int command_ledger(struct tool *tool)
{
    if (tool->word_count != 1 || strcmp(tool->words[0], "recount") != 0) {
        fputs("usage: dianji ledger recount --db URL\n", stderr);
        return 2;
    }
    if (!tool_open(tool))
        return 1;
    struct recounting recounting = {.metrics = tool->metrics};
    /* What a crash left unfolded is folded first; where a server holds the database it has done so.
     */
    if (store_read(tool->store, &tool->ctx, recount, &recounting) != STORE_DONE)
        return 1;
    if (recounting.report.count > 0 &&
        store_write(tool->store, &tool->ctx, fold_rest, tool) == STORE_DONE &&
        store_read(tool->store, &tool->ctx, recount, &recounting) != STORE_DONE)
        return 1;
    return print_report(&recounting.report);
}

/* The whole file, in memory that the roster's own limit bounds. */
struct checking {
    struct bytes file;
    struct roster_reading reading;
};

static bool check_roster(struct ctx *ctx, void *argument)
{
    struct checking *checking = argument;
    roster_read(ctx, checking->file, (struct roster_options){.asks_registry = true},
                &checking->reading);
    return true;
}

static int command_roster(struct tool *tool)
{
    struct bytes file;
    if (tool->word_count != 2 || strcmp(tool->words[0], "check") != 0) {
        fputs("usage: dianji roster check FILE [--db URL] --json\n", stderr);
        return 2;
    }
    if (!tool_read_file(tool, tool->words[1], &file))
        return 1;
    struct checking checking = {.file = file};
    if (tool->db == NULL)
        roster_read(&tool->ctx, file, (struct roster_options){0}, &checking.reading);
    else if (!tool_open(tool) ||
             store_read(tool->store, &tool->ctx, check_roster, &checking) != STORE_DONE)
        return 1;
    struct buffer out = buffer_new(tool->arena, 4096);
    roster_json(&checking.reading, &tool->ctx, &out);
    fwrite(out.bytes, 1, out.length, stdout);
    return 0;
}

static int command_simulate(struct tool *tool)
{
    const char *refusal = NULL;
    if (!tool_open(tool))
        return 1;
    ledger_start(tool->store, tool->metrics);
    tool->ids.node = 0;
    struct simulation simulation = {
        .people = tool->people, .classes = tool->classes, .seed = tool->seed};
    if (!simulate_province(tool->store, &tool->ctx, &simulation, &refusal)) {
        fprintf(stderr, "dianji: the simulation stopped: %s\n", refusal);
        return 1;
    }
    struct buffer out = buffer_new(tool->arena, 1024);
    simulate_describe(&out);
    buffer_add(&out, "the province's clock stands at " SIMULATE_ENDS "\n");
    fputs(out.bytes, stderr);
    return 0;
}

const struct command COMMANDS[] = {
    {"--version", "", command_version, false},
    {"init",
     "--db URL [--pack DIR] [--administrator LOGIN] [--master-key SOURCE] [--suite intl|guomi]",
     command_init, true},
    {"selftest", "--db URL", command_selftest, true},
    {"keys", "list|rotate|reseal|convert --db URL [--suite intl|guomi]", command_keys, true},
    {"serve",
     "--db URL --listen ADDR:PORT [--master-key SOURCE] [--tls-proxy] [--log-requests] "
     "[--second-factor on|off] [--oidc FILE] [--breached-passwords FILE] [--address-requests N] "
     "[--account-requests N] "
     "[--clock INSTANT]",
     command_serve, true},
    {"plan", "--db URL --json", command_plan, true},
    {"pack", "check DIR [--json]", command_pack, false},
    {"ledger", "recount --db URL", command_ledger, true},
    {"roster", "check FILE [--db URL] --json", command_roster, false},
    {"decide", "DECISION key=value… --json [--pack DIR]", command_decide, false},
    {"dmn-test", "DIR --json", command_dmn_test, false},
    {"simulate", "--db URL --people N --classes N --seed S", command_simulate, true},
    {"retention", "--db URL [--apply] [--clock INSTANT]", command_retention, true},
    {"routes", "[--roles|--shows]", command_routes, false},
    {0},
};
