/*
 * People, organisations and accounts: who there is, and who may do what where.
 *
 * A person is found by the number of an identity document, which the database keeps once; birth
 * date and sex come from the number. An account acts through one of its posts: a role in an
 * organisation and a region's subtree. A route names the permission it needs, the roles that hold
 * it stand in the rooms' .dict files, and the rules ask for the scope with the questions below.
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

/* What of others the operator configured, for ctx->services; NULL where it is not. */
struct breached;
struct openid;
struct services {
    struct openid *openid;     /* a province's single sign-on 统一身份认证 */
    struct breached *breached; /* passwords that are known from breaches; NULL: no list */
};

/* --- who acts --- */

/*
 * For web_options.identify: fills ctx->actor from a session's token; false where the session is
 * unknown, over, or idle for too long. While the account's second factor is still to be given, the
 * session is known but nobody acts: ctx->actor stays NULL.
 */
bool registry_identify(struct ctx *ctx, const char *token);
/* The same where a password alone opens every account: for demonstrations and tests. */
bool registry_identify_by_password(struct ctx *ctx, const char *token);
/* For web_options.owed: a password of one's own, where somebody else has set it. */
const char *registry_owed(const struct ctx *ctx);
/* For web_options.permits: whether the actor's role holds the permission at all. Nobody (NULL)
 * holds but PUBLIC. */
bool registry_permits(const struct ctx *ctx, enum permission permission);
/*
 * Whether a region (county of 6 digits, town of 9 or 12) lies in the subtree of the actor's post.
 * False for roles that act in an organisation or for themselves only, whatever their region.
 */
bool registry_actor_covers_region(const struct ctx *ctx, const char *region);
/* The digits that all codes of the actor's subtree begin with: "53", "5301", "530102". */
const char *registry_actor_region_prefix(struct ctx *ctx);
/* The prefix of a list's region filter (NULL: all), within the actor's subtree; of nothing where it
 * lies outside. */
const char *registry_filter_prefix(struct ctx *ctx, const char *region);
/* The same for what everybody may see. */
const char *registry_public_prefix(struct ctx *ctx, const char *region);
bool registry_actor_is_of(const struct ctx *ctx, organisation_id organisation);
/* Who did what to a thing, with the actor's name as it is now; `action` has words
 * "trace.<action>". */
void registry_trace(struct ctx *ctx, const char *subject_kind, int64_t subject_id,
                    const char *action, const char *note);

/* --- people --- */

struct person_args {
    enum document_kind document_kind; /* NONE: whichever the number's form tells */
    const char *identity_no;
    const char *name;
    /* What was told beside the number, to be checked against it; kept where it does not tell. */
    enum sex sex;              /* SEX_UNKNOWN: not told */
    const struct day *born_on; /* NULL: not told */
    /* NULL: not told. Codes of the pack; phone and accounts as entity_read() leaves them. */
    const char *ethnic_group, *education;
    const char *phone, *region, *bank_account, *bank_name;
    const char *tags; /* "|retired_fisher|"; NULL: none */
};
/*
 * Finds or registers. PERSON_REGISTER_KNOWN refreshes what is told anew, and leaves a trace where
 * that moves a bank account; another name under a known number is refused and changes nothing: a
 * person decides which is right. *ret is set for DONE, KNOWN and NAME_DIFFERS.
 */
enum person_register registry_person_register(struct ctx *ctx, const struct person_args *args,
                                              person_id *ret) __attribute__((warn_unused_result));
bool registry_person(struct ctx *ctx, person_id id, struct person *ret);
/* In any spelling; a resident's old number of 15 digits finds who is registered under 18. */
bool registry_person_by_number(struct ctx *ctx, const char *identity_no, struct person *ret);
/* Names are equal by code point, in the form of name_read(): blind to spaces, letter case,
 * variation selectors and which middle dot was typed. */
bool registry_same_name(struct ctx *ctx, const char *a, const char *b);

/* Whether a name is the person's: the registered one, or another spelling that was declared. */
bool registry_is_name_of(struct ctx *ctx, const struct person *person, const char *name);
/* The other spellings: former names, variants, and how the bank writes it. */
struct person_other_name_list registry_names_of(struct ctx *ctx, person_id person);

/* Many at once, for rosters. */
struct person_asked {
    const char *identity_no;
    const char *name; /* NULL: any */
};
struct person_found {
    person_id id;      /* 0: not registered, or no number */
    const char *name;  /* as registered; NULL where not */
    bool name_differs; /* from the registered one and all declared spellings */
    struct day born_on;
    bool is_woman;
    const char *tags;
};
/* Any count: a round trip for some dozens. The texts lie in the ctx's arena: who streams marks
 * and releases it (arena_mark) around each call. */
void registry_people_find(struct ctx *ctx, const struct person_asked *asked, size_t count,
                          struct person_found *ret);

struct person_amendment {
    person_id person;
    int64_t version; /* as it was read: a change in between is STALE */
    /* NULL: stays as it is */
    const char *ethnic_group, *education;
    const char *phone, *region, *bank_account, *bank_name;
};
/* By the person, or an officer of their region of residence. */
enum person_amend registry_person_amend(struct ctx *ctx, const struct person_amendment *amendment)
    __attribute__((warn_unused_result));
/* Whether the actor may look at the person's record: the person, and officers of the region of
 * residence, or of any where that is not known. */
bool registry_actor_covers_person(const struct ctx *ctx, const struct person *person);

/*
 * A person's right to have data erased (Personal Information Protection Law, article 47); whether
 * it is lawful is asked before, by who knows what must be kept. Contact is what was told of one's
 * own accord: phone, bank account, ethnic group, education. The whole leaves a row that is nobody,
 * and closes the account.
 */
void registry_person_erase_contact(struct ctx *ctx, person_id person);
void registry_person_erase(struct ctx *ctx, person_id person);

/* How many others are paid into this account. */
int64_t registry_others_of_bank_account(struct ctx *ctx, const char *bank_account,
                                        person_id person);
/* A teacher by number and name, registered where unknown. False where the name is another's. */
bool registry_teacher(struct ctx *ctx, const char *identity_no, const char *name, person_id *ret);
/* "|a|b|" and "|b|c|" → "|a|b|c|". */
const char *registry_join_tags(struct ctx *ctx, const char *a, const char *b);

/* --- corrections 更正申请 ---
 *
 * A known number under another name opens a case instead of going lost: it belongs to the county
 * where the person lives, which decides within the pack's working days. States: open → new_name
 * (the old one stays as a former name) | variant | bank_alias | refused | withdrawn.
 */

struct correction_opening {
    person_id person;
    const char *told_name;
    enum correction_origin origin; /* WORKER: of the own record */
    const char *reason;            /* or where it came up: the class, the file and its row */
    const char *region; /* where it came up: decides while nobody knows where the person lives */
};
/*
 * *ret is set for DONE and ALREADY: a person and a told name have one open correction. What the
 * county has refused comes back by the person's own hand only. The caller's route has seen to the
 * right; a worker opens one at a time, of the own record.
 */
enum correction_open registry_correction_open(struct ctx *ctx,
                                              const struct correction_opening *opening,
                                              name_correction_id *ret)
    __attribute__((warn_unused_result));
bool registry_correction(struct ctx *ctx, name_correction_id id, struct name_correction *ret);
/* The latest about a person under this name. */
bool registry_correction_of(struct ctx *ctx, person_id person, const char *told_name,
                            struct name_correction *ret);

struct correction_decision {
    name_correction_id id;
    int64_t person_version; /* as the decider saw the person: a change in between is STALE */
    enum correction_verdict verdict;
    const char *answer; /* needed to refuse */
};
/* By the county where the person lives; nobody decides an own case, or one that they opened. */
enum correction_decide registry_correction_decide(struct ctx *ctx,
                                                  const struct correction_decision *decision)
    __attribute__((warn_unused_result));
/* By the worker who opened it. */
enum correction_withdraw registry_correction_withdraw(struct ctx *ctx, name_correction_id id)
    __attribute__((warn_unused_result));
/* Those that the actor can decide. */
/* The person's, the newest first. */
struct name_correction_list registry_corrections_of_person(struct ctx *ctx, person_id person,
                                                           int64_t most);
int64_t registry_corrections_waiting(struct ctx *ctx);
/* Those about the person that nobody has decided yet. */
int64_t registry_corrections_open(struct ctx *ctx, person_id person);

/* --- organisations --- */

struct organisation_args {
    const char *credit_code; /* 18 characters; a wrong check character is recorded as a doubt */
    const char *name;
    enum organisation_kind kind;
    const char *region;                   /* 6 digits, of the pack, in the actor's subtree */
    const char *bank_account, *bank_name; /* NULL: not told */
    /* Four digits, which begin the numbers of its certificates; an evaluation organisation has one,
     * schools and enterprises where they are filed as such. NULL: none. */
    const char *evaluator_code;
};
/* *ret is set for DONE and KNOWN. */
enum organisation_add registry_organisation_add(struct ctx *ctx,
                                                const struct organisation_args *args,
                                                organisation_id *ret)
    __attribute__((warn_unused_result));
bool registry_organisation(struct ctx *ctx, organisation_id id, struct organisation *ret);
bool registry_organisation_by_code(struct ctx *ctx, const char *credit_code,
                                   struct organisation *ret);
bool registry_organisation_is_active(struct ctx *ctx, organisation_id id);
enum organisation_amend registry_organisation_amend(struct ctx *ctx, organisation_id id,
                                                    int64_t version,
                                                    const struct organisation_amendment *form)
    __attribute__((warn_unused_result));
/* Suspends or resumes; `note` says why. */
enum organisation_state_change registry_organisation_turn(struct ctx *ctx, organisation_id id,
                                                          enum organisation_state next,
                                                          const char *note)
    __attribute__((warn_unused_result));
/* The catalogue of institutions 机构目录: what each may teach, and evaluate where it is filed. */
enum organisation_scope_change registry_organisation_allow(struct ctx *ctx, organisation_id id,
                                                           const char *programme)
    __attribute__((warn_unused_result));
enum organisation_scope_change registry_organisation_forbid(struct ctx *ctx, organisation_id id,
                                                            const char *programme)
    __attribute__((warn_unused_result));
bool registry_organisation_may_teach(struct ctx *ctx, organisation_id id, const char *programme);

/* --- accounts --- */

/* Argon2id; takes tenths of a second and 19 MiB on purpose: never inside a transaction. */
const char *registry_hash_password(struct ctx *ctx, const char *password);

/* Whether a new password will do: PASSWORD_CHANGE_DONE, or what is wrong with it. */
enum password_change registry_password_check(struct ctx *ctx, const char *password,
                                             const char *login);
/* One that people can read out and type: 4 groups of 4 letters and digits that no eye confuses. */
/* Keeps the sorted SHA-1 list of Have I Been Pwned open while the arena lives; NULL where it is
 * none. No later change of the file is seen before it is opened anew. */
struct breached *registry_breached_open(struct arena *arena, const char *path,
                                        struct message *ret_fault);
const char *registry_password_new(struct ctx *ctx);

struct account_args {
    const char *login; /* 3–40 of a–z 0–9 . _ - @ and Chinese; NULL: signs in with the number */
    const char *password_hash; /* registry_hash_password() */
    bool is_password_initial;  /* chosen by somebody else: to be changed */
    const char *name;
    person_id person; /* 0: an office's account */
};
enum account_add registry_account_add(struct ctx *ctx, const struct account_args *args,
                                      account_id *ret) __attribute__((warn_unused_result));

/*
 * A worker's account gets a login, and can then have posts in organisations: its owner signs in
 * with either, and the password stays. PERSON_HAS_ACCOUNT: it has a login already.
 */
enum account_add registry_account_join(struct ctx *ctx, person_id person, const char *login,
                                       account_id *ret) __attribute__((warn_unused_result));

struct post_args {
    account_id account;
    enum role role;
    organisation_id organisation; /* 0: none, for workers and administrators */
    const char *region;           /* NULL: the organisation's */
};
/*
 * Each role has the kinds of organisation and the level of region that it can act in. Nobody gives
 * a post to the own account, or outside the own subtree, and an administrator has no other post:
 * who gives rights reads no personal data and moves no money.
 */
enum post_add registry_post_add(struct ctx *ctx, const struct post_args *args, post_id *ret)
    __attribute__((warn_unused_result));
/* Also ends the sessions that act through it. */
enum post_end registry_post_end(struct ctx *ctx, account_id account, post_id id)
    __attribute__((warn_unused_result));
/* The yearly review: the post is still needed. By who covers its region; nobody confirms an own
 * one. */
enum post_confirm registry_post_confirm(struct ctx *ctx, post_id id)
    __attribute__((warn_unused_result));
/* Suspends, which ends all sessions at once, or resumes. */
enum account_state_change registry_account_turn(struct ctx *ctx, account_id id,
                                                enum account_state next, const char *note)
    __attribute__((warn_unused_result));
/* Takes the password away and ends all sessions; with the code the holder sets another (/activate),
 * which nobody else ever sees. */
enum password_reset registry_password_reset(struct ctx *ctx, account_id id, const char **ret_code)
    __attribute__((warn_unused_result));

/* Takes the second factor of an account whose owner has lost it; ends all sessions. The next
 * signing in sets up another where a post needs one. */
enum factor_reset registry_factor_reset(struct ctx *ctx, account_id id)
    __attribute__((warn_unused_result));

/*
 * A worker's account, opened by an officer who has the person and the card in front of them: it
 * signs in with the identity number, once the person has set a password with the code. Where there
 * is one, its password is taken away, and a second factor; an account that acts for an organisation
 * is not touched.
 */
enum worker_account_open registry_worker_account_open(struct ctx *ctx, person_id id,
                                                      const char **ret_code)
    __attribute__((warn_unused_result));

/* The account of a new installation, from which all others come; only while there is none. */
struct first_administrator_args {
    const char *login;
    const char *password_hash;
    bool is_password_initial;
    const char *name;
};
enum first_administrator
registry_create_first_administrator(struct ctx *ctx, const struct first_administrator_args *args)
    __attribute__((warn_unused_result));
/* Makes ctx->actor the account's oldest post without a session: for commands and the simulation.
 * `login` as it is typed at sign-in: a name or an identity number. */
bool registry_act_as(struct ctx *ctx, const char *login);

/* Sessions and counted failures whose time is over: they also go with the next sign-in. */
int64_t registry_sign_ins_past(struct ctx *ctx);
void registry_erase_sign_ins_past(struct ctx *ctx);

/* The code lists that forms offer, ending in {NULL}: "counties", "regions", "ethnic_groups",
 * "education", "sexes", "office_roles". */
extern const struct code_list registry_lists[];
extern const struct route registry_routes[];

#endif
