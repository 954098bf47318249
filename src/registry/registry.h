/*
 * People, organisations and accounts: who there is, and who may do what where.
 *
 * A person is found by the number of an identity document, which the database keeps once; birth
 * date and sex come from the number. An account acts through one of its posts: a role in an
 * organisation and a region's subtree. A route names the permission it needs, the pack of roles
 * that hold it stands in the rooms' .dict files, and the rules below ask for the scope.
 */
#ifndef DIANJI_REGISTRY_REGISTRY_H
#define DIANJI_REGISTRY_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "dictionary/dictionary.h"
#include "permissions.h"
#include "registry_dict.h"
#include "registry_rows.h" /* struct person, organisation, account, post, actor */
#include "web/web.h"

/* --- who acts
 * -----------------------------------------------------------------------------------------------------------
 */

/* For web_options.identify: fills ctx->actor from a session's token. */
bool registry_identify(struct ctx *ctx, const char *token);
/* For web_options.permits: whether the actor's role holds the permission at all. */
bool registry_permits(const struct ctx *ctx, enum permission permission);
/* Whether a region code (county, 6 digits) lies in the actor's subtree. */
bool registry_actor_covers_region(const struct ctx *ctx, const char *region);
/* The digits that all codes of the actor's subtree begin with: "53", "5301", "530102". */
const char *registry_actor_region_prefix(struct ctx *ctx);
bool registry_actor_is_of(const struct ctx *ctx, organisation_id organisation);
/* Who did what to a thing, with the actor's name as it is now; `action` has words "trace.<action>".
 */
void registry_trace(struct ctx *ctx, const char *subject_kind, int64_t subject_id,
                    const char *action, const char *note);

/* --- people
 * -------------------------------------------------------------------------------------------------------------
 */

struct person_args {
    const char *identity_no; /* checked: entity_read() or identity_read() */
    const char *name;
    const char *phone, *region, *bank_account, *bank_name; /* NULL: not told */
    const char *tags;                                      /* "|retired_fisher|"; NULL: none */
};
/*
 * Finds or registers. PERSON_REGISTER_KNOWN refreshes what is told anew; another name under a known
 * number is refused and changes nothing: a person decides which is right.
 */
enum person_register registry_person_register(struct ctx *ctx, const struct person_args *args,
                                              person_id *ret) __attribute__((warn_unused_result));
bool registry_person(struct ctx *ctx, person_id id, struct person *ret);
bool registry_person_by_number(struct ctx *ctx, const char *identity_no, struct person *ret);
/* Names are equal by code point, blind to spaces and to which middle dot was typed. */
bool registry_same_name(struct ctx *ctx, const char *a, const char *b);
/* How many others are paid into this account. */
int64_t registry_others_of_bank_account(struct ctx *ctx, const char *bank_account,
                                        person_id person);
/* A teacher by number and name, registered where unknown. False where the name is another's. */
bool registry_teacher(struct ctx *ctx, const char *identity_no, const char *name, person_id *ret);
/* "|a|b|" and "|b|c|" → "|a|b|c|". */
const char *registry_join_tags(struct ctx *ctx, const char *a, const char *b);

/* --- organisations
 * --------------------------------------------------------------------------------------------------------
 */

struct organisation_args {
    const char *credit_code; /* 18 characters; a wrong check character is recorded as a doubt */
    const char *name;
    enum organisation_kind kind;
    const char *region;
    const char *bank_account, *bank_name; /* NULL: not told */
};
/* False where the code is registered already or is no code. */
bool registry_organisation_add(struct ctx *ctx, const struct organisation_args *args,
                               organisation_id *ret) __attribute__((warn_unused_result));
bool registry_organisation(struct ctx *ctx, organisation_id id, struct organisation *ret);
bool registry_organisation_is_active(struct ctx *ctx, organisation_id id);
/* Opens no class from now on. False where it is suspended already. */
bool registry_organisation_suspend(struct ctx *ctx, organisation_id id, const char *reason);
void registry_organisation_allow(struct ctx *ctx, organisation_id id, const char *programme);
bool registry_organisation_may_teach(struct ctx *ctx, organisation_id id, const char *programme);

/* --- accounts
 * -------------------------------------------------------------------------------------------------------------
 */

struct account_args {
    const char *login;
    const char *password_hash; /* registry_hash_password() */
    const char *name;
    person_id person; /* 0: an office's account */
};
/* Argon2id; slow on purpose: never inside a transaction. */
const char *registry_hash_password(struct ctx *ctx, const char *password);
/* False where the login is taken. */
bool registry_account_add(struct ctx *ctx, const struct account_args *args, account_id *ret)
    __attribute__((warn_unused_result));
struct post_args {
    account_id account;
    enum role role;
    organisation_id organisation; /* 0: none */
    const char *region;
};
post_id registry_post_add(struct ctx *ctx, const struct post_args *args);
/* Makes ctx->actor the account's post without a session: for commands and the simulation. */
bool registry_act_as(struct ctx *ctx, const char *login);

/* The code lists that forms offer: "counties". */
extern const struct code_list registry_lists[];
extern const struct route registry_routes[];

#endif
