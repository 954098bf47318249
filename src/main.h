/* What the commands share: their options, the open database, the pack, a ctx. */
#ifndef DIANJI_MAIN_H
#define DIANJI_MAIN_H

#include "ledger/ledger.h"
#include "openid/openid.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "store/store.h"
#include "vault/vault.h"
#include "web/web.h"

struct tool {
    /* options; NULL or 0 where not given */
    const char *db;
    const char *db_shown; /* the same without a password */
    const char *pack_folder;
    const char *listen;
    const char *administrator; /* the login of a new installation's first account */
    const char *master_key;    /* where it is: file:PATH, env:NAME or command:COMMAND */
    const char *suite;         /* of new keys: intl or guomi */
    const char *clock;         /* an instant to pretend it is, for demonstrations */
    const char *words[32];     /* what stands without -- */
    int word_count;
    int64_t people, classes, seed;
    int64_t address_requests, account_requests; /* a minute; 0: any number */
    bool json;
    bool apply;                            /* what is listed is done */
    bool shows;                            /* of routes, those that show people */
    bool roles;                            /* who holds each permission, instead of the routes */
    const char *tls_certificate, *tls_key; /* PEM files: the server ends TLS itself */
    bool tls_proxy;       /* served through a proxy of ours that ends TLS and names the client */
    bool log_requests;    /* a line for each, not only for those that failed */
    const char *breached; /* the sorted SHA-1 list of breached passwords */
    const char *openid;   /* the file that configures single sign-on */
    bool calls; /* services of others (web/web_call.h): the server goes on opening connections */
    /* Whether offices and money sign in with a second factor; by itself: but for demonstrations. */
    enum { SECOND_FACTOR_BY_ITSELF, SECOND_FACTOR_ON, SECOND_FACTOR_OFF } second_factor;
    /* opened on demand */
    struct arena *arena;
    struct store *store;
    const struct pack *pack;
    struct ledger_metrics *metrics;
    struct id_source ids;
    struct ctx ctx;
    struct services services;
    struct openid_settings openid_settings;
};

struct command {
    const char *name;
    const char *usage;
    int (*run)(struct tool *tool); /* the exit status; says what failed on standard error */
    bool needs_db;                 /* --db must be there: without it the words are wrong */
};
extern const struct command COMMANDS[]; /* ends with a NULL name */

bool tool_read_options(struct tool *tool, int count, char **words);
void tool_close(struct tool *tool);
/* main_database.c: --db, with its password struck out of the argument itself; false, and said on
 * standard error, where it names a place that says nothing. */
bool tool_read_database(struct tool *tool, char *given);
/* Each says on standard error what failed. */
bool tool_open_store(struct tool *tool, bool create);
bool tool_open_pack(struct tool *tool); /* --pack, else the folder that the database remembers */
bool tool_open(struct tool *tool);      /* an initialised database with its pack and its keys */
/* A demonstration stands in another day than the machine; false where --clock is no instant. */
bool tool_set_clock(struct tool *tool, int64_t *ret_offset_ms);
bool tool_open_vault(struct tool *tool);
/* The first keys of a new database, and a master key where its file is not there yet. */
bool tool_create_vault(struct tool *tool);
/* The whole of a file that was named on the command line. */
bool tool_read_file(struct tool *tool, const char *path, struct bytes *ret);
int tool_fail(struct tool *tool, const struct message *message);
const char *tool_default_pack(struct tool *tool);

/* main_serve.c */
extern const struct route *const HOUSE_ROUTES[];
extern const size_t HOUSE_ROUTE_TABLES;
int command_serve(struct tool *tool);
int command_routes(struct tool *tool);

/* main_confine.c: what the server gives up; the first before it has threads, the second when it has
 * all that it will have open. What the kernel cannot do is logged. */
void tool_confine_files(struct tool *tool);
void tool_confine_calls(struct tool *tool);

/* main_decide.c */
int command_decide(struct tool *tool);
int command_dmn_test(struct tool *tool);

/* main_retention.c */
int command_retention(struct tool *tool);

/* main_selftest.c */
int command_selftest(struct tool *tool);

/* main_keys.c */
int command_keys(struct tool *tool);

#endif
