/*
 * A province's single sign-on 统一身份认证: the house as relying party of one OpenID provider
 * (OpenID Connect Core 1.0, Discovery 1.0, RP-Initiated and Back-Channel Logout 1.0; RFC 7636,
 * 9207, 9700). It tells who the provider says that somebody is; whose account that is, and whether
 * they may, is asked elsewhere (registry).
 *
 * The code flow only, always with PKCE, state and nonce. Tokens are taken under the algorithms that
 * the operator listed, all of them with public keys: "none" and shared secrets are no algorithms
 * here. The provider's description and keys are kept for an hour; an unknown key has them fetched
 * again, not oftener than every OPENID_RETRY_SECONDS.
 *
 * What calls the provider waits for it: never inside a transaction (web/web_call.h). Times are
 * those of the world (clock_now), also where the house demonstrates another day.
 */
#ifndef DIANJI_OPENID_OPENID_H
#define DIANJI_OPENID_OPENID_H

#include <stdbool.h>

#include "base/ctx.h"
#include "base/message.h"

enum {
    OPENID_RETRY_SECONDS = 10,
    OPENID_TRIP_MINUTES = 10,
    OPENID_SUBJECT_MAX = 255,
    OPENID_AGE_HOURS = 12, /* who signed in there longer ago does so again, as an office here */
};

/* As the operator wrote them; docs/running.md says what each is for. Lists hold a space between
 * their words; NULL: not set. */
struct openid_settings {
    const char *issuer, *client, *secret;
    const char *address;           /* of this house: "https://dianji.example" */
    const char *name_zh, *name_en; /* of the provider, on the button */
    const char *scopes, *algorithms;
    const char *identity_claim;          /* holds the verified number of an identity document */
    const char *required_acr;            /* one of them, or nobody comes in */
    const char *factor_acr, *factor_amr; /* one of them, and our second factor is not asked */
    const char *authorities;             /* PEM file of those that its certificate is to be from */
};
/* `path` has lines "key = value"; false, with what is wrong, where it is no whole configuration. */
bool openid_settings_read(struct arena *arena, const char *path, struct openid_settings *ret,
                          struct message *ret_fault);

struct openid;
struct openid *openid_new(const struct openid_settings *settings, struct arena *arena);
const struct openid_settings *openid_settings_of(const struct openid *openid);
/*
 * Where forms of this house may lead: " https://sso.example https://login.example", the issuer, and
 * where people sign in and out by the last description that came. Fetches nothing.
 */
void openid_origins(struct openid *openid, char *ret, size_t size);
/* Fetches the description, where it can be had, so that the first page knows those. */
void openid_learn(struct ctx *ctx, struct openid *openid);

enum openid_result {
    OPENID_DONE,
    OPENID_DOWN,    /* it cannot be reached, or answers nothing that makes sense */
    OPENID_REFUSED, /* what was brought is not good; the log says which check failed */
    OPENID_DENIED,  /* the provider, or the person there, said no */
};

/* What one browser carries to the provider and back. */
struct openid_trip {
    const char *state, *nonce, *verifier;
    struct instant fresh_since; /* the person is to sign in there after that; 0: may have before */
};
struct openid_trip openid_trip_new(struct ctx *ctx, bool is_fresh);
/* Where the browser is to go; the way back is `return_path` of this house. */
enum openid_result openid_begin(struct ctx *ctx, struct openid *openid,
                                const struct openid_trip *trip, const char *return_path,
                                const char **ret_url);

/* What the browser brought back; NULL where absent. */
struct openid_return {
    const char *code, *state, *error, *issuer;
    const char *path; /* the same return_path */
};
struct openid_identity {
    const char *subject;     /* never changes and is nobody else's, at this provider */
    const char *session;     /* there, or NULL */
    const char *identity_no; /* as the claim has it, or NULL */
    const char *id_token;
    int64_t age_ms;  /* since the person proved there who they are */
    bool has_factor; /* the provider asked for a second one, as the operator trusts it to */
};
enum openid_result openid_finish(struct ctx *ctx, struct openid *openid,
                                 const struct openid_trip *trip,
                                 const struct openid_return *brought, struct openid_identity *ret);

/* Where the browser ends its session at the provider, too; NULL where that has no such place, or is
 * down. */
const char *openid_farewell(struct ctx *ctx, struct openid *openid, const char *id_token);

/* Whom the provider signed out: one of both may be NULL. */
struct openid_logout {
    const char *subject, *session;
};
enum openid_result openid_logout_read(struct ctx *ctx, struct openid *openid, const char *token,
                                      struct openid_logout *ret);

#endif
