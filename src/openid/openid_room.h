/* What the room's own files share: the reading of what a provider sends. */
#ifndef DIANJI_OPENID_OPENID_ROOM_H
#define DIANJI_OPENID_OPENID_ROOM_H

#include "base/json.h"
#include "base/text.h"
#include "openid/openid.h"

enum { OPENID_TOKEN_BYTES = 16 * 1024, OPENID_DOCUMENT_BYTES = 64 * 1024 };

/* Whether a list of words with spaces between them has this one; NULL has none. */
bool openid__lists(const char *list, const char *word);
/* https, or http of this machine. */
bool openid__is_address(const char *url);
/* A member that is a text, not empty; or NULL. */
const char *openid__text(const struct json *object, const char *name);

/* --- openid_token.c: signatures (RFC 7515, 7517, 7518, 8037) */

enum jws_result {
    JWS_GOOD,
    JWS_MALFORMED,
    JWS_ALGORITHM, /* not one that is taken */
    JWS_KEY,       /* no such key, or not one to be trusted */
    JWS_FORGED,
};
struct jws {
    const char *token;
    const char *algorithms; /* that are taken: a list */
    struct bytes keys;      /* a JWK set */
};
/* The claims of a compact token, for JWS_GOOD alone: else NULL. */
enum jws_result openid__jws_read(struct ctx *ctx, const struct jws *jws, const struct json **ret);
const char *openid__jws_result_name(enum jws_result result);
bool openid__knows_algorithm(const char *name);

/* --- openid_key.c */

typedef struct evp_pkey_st EVP_PKEY;
/* A public key as OpenSSL has it, or NULL; goes with the arena. */
EVP_PKEY *openid__key(struct ctx *ctx, const struct json *jwk);
/* Base64 for addresses, without padding: NULL data where it is none. */
struct bytes openid__base64(struct ctx *ctx, const char *text);

/* --- openid_claims.c: what is wrong with claims whose signature is good; NULL: nothing */

struct id_token_wanted {
    const struct openid_settings *settings;
    const char *nonce;
    struct instant now;
    struct instant fresh_since; /* 0: within OPENID_AGE_HOURS */
};
const char *openid__id_token_fault(const struct json *claims, const struct id_token_wanted *wanted);
const char *openid__logout_fault(const struct json *claims, const struct openid_settings *settings,
                                 struct instant now);
/* Since auth_time, which openid__id_token_fault() has found sound. */
int64_t openid__age_ms(const struct json *claims, struct instant now);
bool openid__has_factor(const struct json *claims, const struct openid_settings *settings);

/* --- openid_discovery.c */

struct openid_places {
    const char *authorization, *token, *keys;
    const char *end_session; /* or NULL */
    bool names_itself;       /* in the address that browsers come back to (RFC 9207) */
};
/* False where it is no description of this issuer. */
bool openid__places_read(struct ctx *ctx, struct bytes document, const char *issuer,
                         struct openid_places *ret);

#endif
