/* The server: every room's routes on one database, until SIGTERM. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "audit/audit.h"
#include "base/log.h"
#include "desk/desk.h"
#include "evaluation/evaluation.h"
#include "main.h"
#include "notice/notice.h"
#include "plan/plan.h"
#include "registry/registry.h"
#include "roster/roster.h"
#include "rules/rules.h"
#include "sheet/sheet.h"
#include "simulate/simulate.h"
#include "subsidy/subsidy.h"
#include "training/training.h"
#include "web/web_call.h"

enum { SECRET_BYTES = 32 };

const struct route *const HOUSE_ROUTES[] = {
    desk_routes,   registry_routes, plan_routes,    training_routes,        evaluation_routes,
    notice_routes, roster_routes,   subsidy_routes, subsidy_payment_routes, audit_routes,
    rules_routes};
const size_t HOUSE_ROUTE_TABLES = sizeof HOUSE_ROUTES / sizeof HOUSE_ROUTES[0];

/* A line for each permission: who holds it. */
static void print_roles(struct buffer *out)
{
    for (int permission = PERMISSION_SIGNED_IN + 1; permission < PERMISSION_COUNT; permission++) {
        uint64_t roles = permission_roles((enum permission)permission);
        buffer_add(out, permission_name((enum permission)permission));
        for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++)
            if ((roles >> role & 1) != 0)
                buffer_printf(out, " %s", role_code((enum role)role));
        buffer_add(out, "\n");
    }
}

int command_routes(struct tool *tool)
{
    struct buffer out = buffer_new(tool->arena, 8192);
    if (tool->roles)
        print_roles(&out);
    else if (tool->shows)
        web_print_shown(HOUSE_ROUTES, HOUSE_ROUTE_TABLES, &out);
    else
        web_print_routes(HOUSE_ROUTES, HOUSE_ROUTE_TABLES, &out);
    fputs(out.bytes, stdout);
    return 0;
}

static bool fold(struct ctx *ctx, void *argument)
{
    return ledger_fold(ctx, argument);
}

bool tool_set_clock(struct tool *tool, int64_t *ret_offset_ms)
{
    struct instant wanted;
    if (tool->clock == NULL)
        return true;
    if (!instant_parse(tool->clock, &wanted))
        return false;
    *ret_offset_ms = wanted.v - tool->ctx.now.v;
    tool->ctx.now = wanted;
    tool->ctx.today = instant_day(wanted);
    return true;
}

static int64_t account_of(const struct ctx *ctx)
{
    return ctx->actor->account.v;
}

/* Those that end the server wait until it asks for them; threads inherit this. */
static void hold_signals(sigset_t *ret_ends)
{
    sigemptyset(ret_ends);
    sigaddset(ret_ends, SIGTERM);
    sigaddset(ret_ends, SIGINT);
    sigaddset(ret_ends, SIGHUP); /* does not end it: web_reload() */
    pthread_sigmask(SIG_BLOCK, ret_ends, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static int say_no_thread(void)
{
    fputs("dianji: no thread can be had\n", stderr);
    return 1;
}

static struct audit *start_audit(struct tool *tool, int64_t offset_ms)
{
    struct audit_options options = {
        .store = tool->store, .ids = &tool->ids, .clock_offset_ms = offset_ms};
    return audit_start(&options, tool->arena);
}

static struct roster_desk *start_roster_desk(struct tool *tool, int64_t offset_ms)
{
    struct roster_desk_options options = {.store = tool->store,
                                          .pack = tool->pack,
                                          .vault = tool->ctx.vault,
                                          .ids = &tool->ids,
                                          .clock_offset_ms = offset_ms};
    return roster_desk_start(&options, tool->arena);
}

static bool see_demonstration(struct ctx *ctx, void *ret_is_one)
{
    *(bool *)ret_is_one = simulate_is_demonstration(ctx);
    return true;
}

/* Who serves without the second factor is told so at each start. */
static bool (*identify_of(struct tool *tool))(struct ctx *ctx, const char *token)
{
    bool is_demonstration = false;
    if (tool->second_factor == SECOND_FACTOR_BY_ITSELF)
        store_read(tool->store, &tool->ctx, see_demonstration, &is_demonstration);
    if (!is_demonstration && tool->second_factor != SECOND_FACTOR_OFF)
        return registry_identify;
    fprintf(stderr, "dianji: %s: a password alone opens every account\n",
            is_demonstration ? "a simulated province" : "--second-factor off");
    return registry_identify_by_password;
}

static void wait_for_end(struct tool *tool, struct web *web, const sigset_t *ends)
{
    int received;
    while (sigwait(ends, &received) == 0 && received == SIGHUP) {
        struct message fault = {0};
        bool is_read = web_reload(web, &fault);
        log_line("serve: %s",
                 is_read ? "the certificate was read anew" : words_with(&tool->ctx, &fault));
    }
}

/* What can be said of the options before anything is opened; 0, or the exit status. */
static int check_options(struct tool *tool, int64_t *ret_offset_ms)
{
    const char *wrong = NULL;
    if (tool->listen == NULL)
        wrong = "--listen is missing: ADDRESS:PORT, as 127.0.0.1:8080";
    else if (!tool_set_clock(tool, ret_offset_ms))
        wrong = "--clock is no instant; write it as 2025-10-15T09:00:00+08:00";
    else if ((tool->tls_certificate == NULL) != (tool->tls_key == NULL))
        wrong = "--tls-certificate and --tls-key go together";
    else if (tool->tls_certificate != NULL && tool->tls_proxy)
        wrong = "either a proxy ends TLS, or the server: --tls-proxy, or --tls-certificate";
    if (wrong != NULL)
        fprintf(stderr, "dianji: %s\n", wrong);
    return wrong == NULL ? 0 : 2;
}

static void form_targets(const struct services *services, char *ret, size_t size)
{
    openid_origins(services->openid, ret, size);
}

/* With what is the same for the whole house, and what the operator chose. */
static struct web *start_web(struct tool *tool, const struct web_options *own,
                             struct message *ret_fault)
{
    struct web_options options = *own;
    options.listen = tool->listen;
    options.store = tool->store;
    options.pack = tool->pack;
    options.vault = tool->ctx.vault;
    options.ids = &tool->ids;
    options.routes = HOUSE_ROUTES;
    options.route_tables = HOUSE_ROUTE_TABLES;
    options.identify = identify_of(tool);
    options.permits = registry_permits;
    options.owed = registry_owed;
    options.frame = desk_frame;
    options.account = account_of;
    options.address_requests = (int)tool->address_requests;
    options.account_requests = (int)tool->account_requests;
    options.tls_certificate = tool->tls_certificate;
    options.tls_key = tool->tls_key;
    options.services = &tool->services;
    if (tool->services.openid != NULL)
        options.form_targets = form_targets;
    options.secure_cookies = tool->tls_proxy || tool->tls_certificate != NULL;
    options.behind_proxy = tool->tls_proxy;
    options.log_requests = tool->log_requests;
    return web_start(&options, tool->arena, ret_fault);
}

/* What of others the operator wants: false, and said, where that is not configured well. */
static bool start_services(struct tool *tool)
{
    struct message fault = {0};
    if (tool->breached != NULL) {
        tool->services.breached = registry_breached_open(tool->arena, tool->breached, &fault);
        if (tool->services.breached == NULL)
            return tool_fail(tool, &fault), false;
    }
    tool->calls = tool->openid != NULL;
    if (!tool->calls)
        return true;
    if (!web_call_start()) {
        fputs("dianji: the library for calls does not start\n", stderr);
        return false;
    }
    if (!openid_settings_read(tool->arena, tool->openid, &tool->openid_settings, &fault)) {
        tool_fail(tool, &fault);
        return false;
    }
    tool->services.openid = openid_new(&tool->openid_settings, tool->arena);
    return true;
}

int command_serve(struct tool *tool)
{
    unsigned char secret[SECRET_BYTES];
    struct message fault = {0};
    sigset_t ends;
    int64_t offset_ms = 0;
    if (check_options(tool, &offset_ms) != 0)
        return 2;
    if (!sheet_nursery_start()) {
        perror("dianji: no process to read uploads in");
        return 1;
    }
    if (!start_services(tool) || !tool_open(tool))
        return 1;
    /* Forms that are open outlive a restart, and go to any process behind one address. */
    vault_derive(tool->ctx.vault, "web: the forms' tokens", secret);
    if (!store_claim_writer(tool->store, tool->arena, &fault))
        return tool_fail(tool, &fault);
    hold_signals(&ends);
    /* What a crash left between a fact and its counters. */
    if (store_write(tool->store, &tool->ctx, fold, tool->metrics) != STORE_DONE)
        return 1;
    ledger_start(tool->store, tool->metrics);
    tool_confine_files(tool);
    struct audit *audit = start_audit(tool, offset_ms);
    if (audit == NULL)
        return say_no_thread();
    struct web *web = start_web(tool,
                                &(struct web_options){.witness = audit_witness,
                                                      .witness_argument = audit,
                                                      .secret = (const char *)secret,
                                                      .clock_offset_ms = offset_ms},
                                &fault);
    if (web == NULL) {
        audit_stop(audit);
        return tool_fail(tool, &fault);
    }
    struct roster_desk *desk = start_roster_desk(tool, offset_ms);
    if (desk == NULL) {
        web_stop(web);
        audit_stop(audit);
        return say_no_thread();
    }
    tool_confine_calls(tool);
    if (tool->services.openid != NULL)
        openid_learn(&tool->ctx, tool->services.openid);
    fprintf(stderr, "dianji: serving %s://%s\n", tool->tls_certificate == NULL ? "http" : "https",
            tool->listen);
    wait_for_end(tool, web, &ends);
    web_stop(web);
    audit_stop(audit);
    roster_desk_stop(desk);
    return 0;
}
