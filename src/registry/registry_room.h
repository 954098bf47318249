/* What the registry's own files share. */
#ifndef DIANJI_REGISTRY_REGISTRY_ROOM_H
#define DIANJI_REGISTRY_REGISTRY_ROOM_H

#include "openid/openid.h"
#include "registry/registry.h"

/* --- registry_person.c */

/* What a person is found by, from what was read of the document: see the schema. */
const char *registry__identity_key(struct ctx *ctx, const struct identity *identity);

/* The form of a name that is stored; NULL for what is no name. */
const char *registry__stored_name(struct ctx *ctx, const char *name);

/* --- registry_correction.c */

bool registry__actor_may_decide(const struct ctx *ctx, const struct name_correction *correction);
bool registry__correction_is_overdue(const struct ctx *ctx,
                                     const struct name_correction *correction);

/* --- registry_actor.c */

/* How many of a region's digits its subtree shares. */
size_t registry__prefix_length(const char *region);
/* A region of the pack with 6 digits, or NULL. */
const struct pack_region *registry__region(const struct ctx *ctx, const char *code);
const char *registry__region_name(struct ctx *ctx, const char *code); /* with its prefecture; "" */

/* --- registry_account.c */

/* A login as it is stored: without spaces, letters in lower case. */
const char *registry__login(struct ctx *ctx, const char *text);
/* By login, else by the identity number of the person that the account belongs to. */
bool registry__account_find(struct ctx *ctx, const char *login, struct account *ret);

/* --- registry_password.c */

/* Argon2id of a password that nobody has, with the costs of registry_hash_password(). */
extern const char registry__nobodys_hash[];
bool registry__password_fits(struct ctx *ctx, const char *password_hash, const char *password);

/* --- registry_sign_in.c: each attempt goes look → weigh → decide */

enum {
    REGISTRY_FRESH_MINUTES = 10, /* to give the second factor, or to set up one's first */
    REGISTRY_LOGIN_FAILURES_MAX = 5,
    REGISTRY_ADDRESS_FAILURES_MAX = 50,
    REGISTRY_LOCKED_MINUTES = 15,
};

struct sign_in_attempt {
    const char *login, *password, *address;
    const char *old_token; /* of the session that the browser had; ends with success. Or NULL */
    bool (*identify)(struct ctx *ctx, const char *token); /* decides what else is asked for */
    /* filled on the way */
    const char *subject; /* what failures are counted under */
    struct account account;
    bool is_known, is_locked, is_right;
};
void registry__sign_in_look(struct ctx *ctx, struct sign_in_attempt *attempt);  /* a transaction */
void registry__sign_in_weigh(struct ctx *ctx, struct sign_in_attempt *attempt); /* none */
/* In a write transaction, which is to be committed whatever the answer: failures are counted.
 * Sets ctx->actor for SIGN_IN_DONE. */
enum sign_in registry__sign_in(struct ctx *ctx, const struct sign_in_attempt *attempt,
                               const char **ret_token);

/* A session at the single sign-on, where one here begins. */
struct provider_entry {
    const char *name, *id_token;
    int64_t age_ms; /* since the person proved there who they are */
};
/* Who has proved who they are comes in, as far as the account may. */
struct entry {
    const char *subject, *address, *old_token;
    bool (*identify)(struct ctx *ctx, const char *token);
    bool is_factor_given;
    const struct provider_entry *provider;
};
enum sign_in registry__let_in(struct ctx *ctx, const struct account *account,
                              const struct entry *entry, const char **ret_token);

/* The same for a change of the own password, which is no easier to guess. */
struct password_attempt {
    const char *old, *new, *address;
    const char *subject;
    struct account account;
    bool is_locked, is_right;
    enum password_change fault; /* of the new one; DONE: none */
    const char *new_hash;
};
void registry__password_look(struct ctx *ctx, struct password_attempt *attempt);
void registry__password_weigh(struct ctx *ctx, struct password_attempt *attempt);
/* Ends the account's other sessions. */
enum password_change registry__password_change(struct ctx *ctx,
                                               const struct password_attempt *attempt);

/* SHA-256 in hexadecimal. */
const char *registry__digest(struct ctx *ctx, const char *text);
/* What failures are counted under: the account, or where it is 0, the login. */
const char *registry__subject(struct ctx *ctx, account_id account, const char *login);
bool registry__is_locked(struct ctx *ctx, const char *subject, const char *address);
/* An initial password whose days are over. */
bool registry__password_is_over(const struct ctx *ctx, const struct account *account);
void registry__count_failure(struct ctx *ctx, const char *subject, const char *address);

struct session_args {
    account_id account;
    post_id post;
    const char *address;
    bool is_factor_given;
    const struct provider_entry *provider; /* NULL: did not begin at the single sign-on */
};
const char *registry__session_begin(struct ctx *ctx, const struct session_args *args);
/* Whether the actor proved who they are a moment ago, here or at the single sign-on. */
bool registry__is_fresh(const struct ctx *ctx, const struct actor *actor);
/* Whose session the token would be, once the second factor is given; false where none awaits it. */
bool registry__awaiting(struct ctx *ctx, const char *token, struct actor *ret);
/* Notes that the session is in use, so that it does not end as idle. */
bool registry__session_seen(struct ctx *ctx, void *token);
void registry__session_end_by_token(struct ctx *ctx, const char *token);
enum post_switch registry__post_switch(struct ctx *ctx, post_id post);
enum session_end registry__session_end(struct ctx *ctx, sign_in_id session);
void registry__sessions_end_others(struct ctx *ctx);

/* --- registry_single.c: the province's single sign-on, by a write transaction. An account is found
 * by its link, or by the verified number of its person, and never made. */

struct single_attempt {
    const struct openid_settings *provider;
    struct openid_identity identity;
    const char *address, *old_token;
    bool (*identify)(struct ctx *ctx, const char *token);
};
/* Sets ctx->actor for SIGN_IN_DONE; *ret_account is 0 where nobody was found. */
enum sign_in registry__single_sign_in(struct ctx *ctx, const struct single_attempt *attempt,
                                      account_id *ret_account, const char **ret_token);
/* Of the own account, in a session that has just begun; the identity was proved. */
enum account_link registry__link_own(struct ctx *ctx, const char *issuer, const char *subject);
/* By the administrator. */
enum account_link registry__link(struct ctx *ctx, account_id id, const char *issuer,
                                 const char *subject);
enum account_unlink registry__unlink_own(struct ctx *ctx);
enum account_unlink registry__unlink(struct ctx *ctx, account_id id); /* and ends its sessions */
/* Ends the sessions that began at the provider and are over there. */
int64_t registry__provider_logout(struct ctx *ctx, const char *issuer,
                                  const struct openid_logout *logout);
/* Where the session of a token began at the provider: its token there; or NULL. */
const char *registry__provider_token(struct ctx *ctx, const char *token);

/* --- registry_single_pages.c */

/* The provider's name for people, or NULL where there is none. */
const char *registry__single_name(const struct ctx *ctx);
struct reply registry__show_single(struct ctx *ctx);
void registry__prepare_single(struct ctx *ctx);
struct reply registry__show_single_return(struct ctx *ctx);
void registry__prepare_single_return(struct ctx *ctx);
struct reply registry__post_provider_logout(struct ctx *ctx);
void registry__prepare_provider_logout(struct ctx *ctx);
struct reply registry__post_single_link(struct ctx *ctx);
struct reply registry__post_single_unlink(struct ctx *ctx);
struct reply registry__post_sign_out(struct ctx *ctx);
void registry__prepare_sign_out(struct ctx *ctx);
struct reply registry__post_account_link(struct ctx *ctx);
struct reply registry__post_account_unlink(struct ctx *ctx);

/* --- registry_breached.c */

/* Of no list (NULL) none is. Bounded: some forty small reads. */
bool registry__is_breached(const struct breached *list, const char *password);

/* --- registry_totp.c: RFC 6238 with SHA-1, six digits, 30 seconds */

enum { TOTP_SECRET_BYTES = 20, TOTP_SECONDS = 30, TOTP_DIGITS = 6 };

/* The code of a step, with its NUL. */
void registry__totp_code(struct bytes secret, int64_t step, char ret[TOTP_DIGITS + 1]);
/*
 * The step, of this one and its two neighbours, whose code it is; steps up to `used` do not count.
 * 0: none.
 */
int64_t registry__totp_step(struct bytes secret, const char *code, struct instant now,
                            int64_t used);
const char *registry__base32(struct ctx *ctx, struct bytes bytes); /* RFC 4648, without = */

/* --- registry_factor.c: the second factor. All in a write transaction, committed whatever the
 * answer, as wrong codes are counted beside wrong passwords. */

enum { RECOVERY_CODES = 10 };

struct code_given {
    const char *code; /* six digits or a recovery code, as it was typed; NULL: none */
    const char *address;
};
struct factor_given {
    const char *token; /* of the session that follows; NULL: it stays */
    /* New recovery codes, shown once; NULL: none were made. */
    const char *recovery_codes[RECOVERY_CODES];
    int64_t recovery_left;
};
/* What a new session is to give; offers a secret where there is none yet. */
enum sign_in registry__factor_ask(struct ctx *ctx, const char *token);
/* At the door. `awaiting` lives in the arena: with success it becomes ctx->actor. */
enum factor_give registry__factor_give(struct ctx *ctx, const struct actor *awaiting,
                                       const struct code_given *given, struct factor_given *ret);
/* A new secret for the own account; with a code of the present one, where there is one. */
enum factor_change registry__factor_offer(struct ctx *ctx, const struct code_given *given);
/* Takes it up with a code of it; ends the account's other sessions. */
enum factor_change registry__factor_confirm(struct ctx *ctx, const struct code_given *given,
                                            struct factor_given *ret);
enum factor_change registry__recovery_renew(struct ctx *ctx, const struct code_given *given,
                                            struct factor_given *ret);
/* Where none of the account's posts needs it. */
enum factor_change registry__factor_remove(struct ctx *ctx, const struct code_given *given);
/* Whether a secret is offered to this session and not taken up yet. */
bool registry__is_offered(const struct second_factor *factor, const struct actor *actor);
bool registry__factor(struct ctx *ctx, account_id account, struct second_factor *ret);
int64_t registry__recovery_left(struct ctx *ctx, account_id account);
/* Forgets factor and recovery codes; false where there was none. */
bool registry__factor_forget(struct ctx *ctx, account_id account);

/* --- registry_notify.c: what the holder of an account is told --- */

enum { REGISTRY_NOTICES_SHOWN = 20 };
void registry__notify(struct ctx *ctx, account_id account, enum account_notice_kind kind);
/* Those that are kept, the newest first. */
struct account_notice_list registry__notices(struct ctx *ctx, account_id account);
struct instant registry__notices_since(const struct ctx *ctx);
bool registry__has_notices(struct ctx *ctx, account_id account); /* that nobody has seen */
void registry__notices_see(struct ctx *ctx);

/* --- registry_invitation.c: accounts whose holders set the first password themselves --- */

/* A code for the account, shown once; the one before ends. */
const char *registry__invite(struct ctx *ctx, account_id account);
/* Whether the actor heads the organisation and looks after such posts there. */
bool registry__heads(const struct ctx *ctx, enum role role, organisation_id organisation);

struct activation {
    const char *code, *password, *address;
    /* Found by looking. */
    bool is_locked, is_known;
    struct account account;
    const char *subject, *hash;
    enum password_change fault;
    /* Found by weighing; NULL: the password will not do. */
    const char *password_hash;
};
void registry__activation_look(struct ctx *ctx, struct activation *activation);
void registry__activation_weigh(struct ctx *ctx, struct activation *activation);
/* In a write transaction, committed whatever the answer. PASSWORD: `fault` says what is wrong. */
enum invitation_accept registry__activate(struct ctx *ctx, const struct activation *activation);

/* --- pages, by noun; the routes are in registry_pages.c */

/* The door, with what is to be said above it. */
struct reply registry__door(struct ctx *ctx, const char *next, const char *problem, int status);
/* To the second factor, with where one wished to go. */
const char *registry__code_path(struct ctx *ctx, const char *wish);
/* Whether all that the account may act as lies in the actor's subtree; whether it is the actor's.
 */
bool registry__covers_account(struct ctx *ctx, account_id id);
bool registry__is_own(const struct ctx *ctx, account_id id);
/* The office account that the path names, where the actor may look after it. */
bool registry__account_asked(struct ctx *ctx, struct account *ret);
struct reply registry__account_with_link(struct ctx *ctx, const struct account *account,
                                         const struct field_faults *faults);
const char *registry__account_path(struct ctx *ctx, account_id id);
/* A path of this site that was wished for, or "". */
const char *registry__next_path(const char *wish);
const char *registry__home_of(enum role role);
/* Where one goes after the door: to a password of one's own first, then to what there is to know.
 */
const char *registry__way_on(struct ctx *ctx, const struct actor *actor, const char *wish);

struct reply registry__show_code(struct ctx *ctx);
struct reply registry__post_code(struct ctx *ctx);
struct reply registry__show_factor(struct ctx *ctx);
struct reply registry__post_factor_offer(struct ctx *ctx);
struct reply registry__post_factor_confirm(struct ctx *ctx);
struct reply registry__post_factor_codes(struct ctx *ctx);
struct reply registry__post_factor_remove(struct ctx *ctx);

struct invited {
    const char *name;
    const char *login; /* NULL: with the identity number */
    const char *code, *back_path;
};
struct reply registry__invited(struct ctx *ctx, const struct outcome_info *info,
                               const struct invited *invited);
struct reply registry__show_activation(struct ctx *ctx);
void registry__prepare_activation(struct ctx *ctx);
struct reply registry__post_activation(struct ctx *ctx);
struct reply registry__show_staff(struct ctx *ctx);
struct reply registry__post_staff(struct ctx *ctx);
struct reply registry__post_staff_end(struct ctx *ctx);

struct reply registry__show_organisations(struct ctx *ctx);
struct reply registry__show_organisation(struct ctx *ctx);
struct reply registry__show_organisation_new(struct ctx *ctx);
struct reply registry__post_organisation_new(struct ctx *ctx);
struct reply registry__show_organisation_edit(struct ctx *ctx);
struct reply registry__post_organisation_edit(struct ctx *ctx);
struct reply registry__post_organisation_state(struct ctx *ctx);
struct reply registry__post_organisation_programmes(struct ctx *ctx);

struct reply registry__show_accounts(struct ctx *ctx);
struct reply registry__show_account(struct ctx *ctx);
struct reply registry__show_account_new(struct ctx *ctx);
struct reply registry__post_account_new(struct ctx *ctx);
struct reply registry__post_account_password(struct ctx *ctx);
struct reply registry__post_account_factor_reset(struct ctx *ctx);
struct reply registry__post_worker_account(struct ctx *ctx);
struct reply registry__post_account_state(struct ctx *ctx);
struct reply registry__post_account_post(struct ctx *ctx);
struct reply registry__post_account_post_end(struct ctx *ctx);

struct reply registry__show_posts(struct ctx *ctx);
struct reply registry__show_post(struct ctx *ctx);
struct reply registry__post_post_confirm(struct ctx *ctx);
struct reply registry__post_post_end(struct ctx *ctx);

struct reply registry__show_people(struct ctx *ctx);
struct reply registry__post_people(struct ctx *ctx);
struct reply registry__show_person_new(struct ctx *ctx);
struct reply registry__post_person_new(struct ctx *ctx);
struct reply registry__show_person(struct ctx *ctx);
struct reply registry__show_person_edit(struct ctx *ctx);
struct reply registry__post_person_edit(struct ctx *ctx);

/* The other spellings of a name in one text: 张珊 (曾用名), …; NULL: none. */
const char *registry__other_names(struct ctx *ctx, person_id person);

struct reply registry__show_corrections(struct ctx *ctx);
struct reply registry__show_correction(struct ctx *ctx);
struct reply registry__post_correction(struct ctx *ctx);
struct reply registry__show_own_corrections(struct ctx *ctx);
struct reply registry__post_own_correction(struct ctx *ctx);
struct reply registry__post_correction_withdraw(struct ctx *ctx);

#endif
