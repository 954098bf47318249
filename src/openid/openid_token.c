/*
 * Signed tokens in their compact form (RFC 7515). The algorithm that a token names is looked up in
 * a table of those that we know, must be on the operator's list, and must fit the kind of the key:
 * nothing in a token decides how it is checked.
 */
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#include "openid/openid_room.h"

enum { PARTS = 3, P256_HALF = 32, DER_MOST = 80 };

static const struct algorithm {
    const char *name, *key_kind;
    bool is_ecdsa, is_pss;
    bool has_digest;
} ALGORITHMS[] = {
    {"RS256", "RSA", .has_digest = true},
    {"PS256", "RSA", .is_pss = true, .has_digest = true},
    {"ES256", "EC", .is_ecdsa = true, .has_digest = true},
    {"EdDSA", "OKP", .has_digest = false},
};

const char *openid__jws_result_name(enum jws_result result)
{
    switch (result) {
    case JWS_GOOD:
        return "good";
    case JWS_MALFORMED:
        return "malformed";
    case JWS_ALGORITHM:
        return "algorithm";
    case JWS_KEY:
        return "key";
    case JWS_FORGED:
        return "signature";
    }
    return "";
}

static const struct algorithm *find_algorithm(const char *name)
{
    for (size_t i = 0; i < sizeof ALGORITHMS / sizeof ALGORITHMS[0]; i++)
        if (text_equal(name, ALGORITHMS[i].name))
            return &ALGORITHMS[i];
    return NULL;
}

bool openid__knows_algorithm(const char *name)
{
    return find_algorithm(name) != NULL;
}

/* --- the key */

static bool fits(const struct json *jwk, const struct algorithm *algorithm, const char *name)
{
    const char *use = openid__text(jwk, "use"), *only = openid__text(jwk, "alg");
    return jwk->type == JSON_OBJECT && text_equal(openid__text(jwk, "kty"), algorithm->key_kind) &&
           (use == NULL || strcmp(use, "sig") == 0) &&
           (only == NULL || strcmp(only, algorithm->name) == 0) &&
           (name == NULL || text_equal(openid__text(jwk, "kid"), name));
}

/* The only one that fits; a token that names none of several is not guessed at. */
static const struct json *find_key(const struct json *set, const struct algorithm *algorithm,
                                   const char *name)
{
    const struct json *keys = set == NULL ? NULL : json_member(set, "keys"), *found = NULL;
    if (keys == NULL || keys->type != JSON_ARRAY)
        return NULL;
    for (const struct json *jwk = keys->first; jwk != NULL; jwk = jwk->next) {
        if (!fits(jwk, algorithm, name))
            continue;
        if (found != NULL)
            return NULL;
        found = jwk;
    }
    return found;
}

/* --- the signature */

static void drop_digest(void *digest)
{
    EVP_MD_CTX_free(digest);
}

/* From the two numbers side by side (RFC 7518 3.4) to what OpenSSL reads. */
static struct bytes ecdsa_der(struct ctx *ctx, struct bytes raw)
{
    const unsigned char *halves = raw.data;
    unsigned char *der = arena_alloc(ctx->arena, DER_MOST), *end = der;
    if (raw.length != 2 * P256_HALF)
        return (struct bytes){0};
    ECDSA_SIG *both = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(halves, P256_HALF, NULL);
    BIGNUM *s = BN_bin2bn(halves + P256_HALF, P256_HALF, NULL);
    if (both == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(both, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(both);
        return (struct bytes){0};
    }
    int length = i2d_ECDSA_SIG(both, &end);
    ECDSA_SIG_free(both);
    return (struct bytes){der, length < 0 ? 0 : (size_t)length};
}

static bool is_signed(struct ctx *ctx, const struct algorithm *algorithm, EVP_PKEY *key,
                      struct bytes text, struct bytes signature)
{
    EVP_PKEY_CTX *manner = NULL;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (digest == NULL)
        return false;
    arena_defer(ctx->arena, drop_digest, digest);
    const EVP_MD *hash = algorithm->has_digest ? EVP_sha256() : NULL;
    if (algorithm->is_ecdsa)
        signature = ecdsa_der(ctx, signature);
    bool is_good =
        signature.length > 0 && EVP_DigestVerifyInit(digest, &manner, hash, NULL, key) == 1 &&
        (!algorithm->is_pss ||
         (EVP_PKEY_CTX_set_rsa_padding(manner, RSA_PKCS1_PSS_PADDING) == 1 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(manner, RSA_PSS_SALTLEN_DIGEST) == 1 &&
          EVP_PKEY_CTX_set_rsa_mgf1_md(manner, hash) == 1)) &&
        EVP_DigestVerify(digest, signature.data, signature.length, text.data, text.length) == 1;
    ERR_clear_error();
    return is_good;
}

/* --- the token */

static bool split(struct ctx *ctx, const char *token, const char *ret_parts[PARTS])
{
    if (token == NULL || strlen(token) > OPENID_TOKEN_BYTES)
        return false;
    for (size_t i = 0; i < PARTS; i++) {
        size_t length = strcspn(token, ".");
        bool is_last = i == PARTS - 1;
        if ((token[length] == '\0') != is_last)
            return false;
        ret_parts[i] = arena_text_n(ctx->arena, token, length);
        token += length + 1;
    }
    return true;
}

static const struct json *read_part(struct ctx *ctx, const char *part)
{
    struct bytes text = openid__base64(ctx, part);
    const struct json *object =
        text.data == NULL ? NULL : json_read(ctx->arena, text.data, text.length);
    return object != NULL && object->type == JSON_OBJECT ? object : NULL;
}

enum jws_result openid__jws_read(struct ctx *ctx, const struct jws *jws, const struct json **ret)
{
    const char *parts[PARTS];
    *ret = NULL;
    if (!split(ctx, jws->token, parts))
        return JWS_MALFORMED;
    const struct json *header = read_part(ctx, parts[0]);
    const struct json *claims = read_part(ctx, parts[1]);
    struct bytes signature = openid__base64(ctx, parts[2]);
    if (header == NULL || json_member(header, "crit") != NULL || json_member(header, "b64") != NULL)
        return JWS_MALFORMED;
    const char *name = openid__text(header, "alg");
    const struct algorithm *algorithm = find_algorithm(name);
    if (algorithm == NULL || !openid__lists(jws->algorithms, name))
        return JWS_ALGORITHM;
    if (claims == NULL || signature.data == NULL)
        return JWS_MALFORMED;
    const struct json *set = json_read(ctx->arena, jws->keys.data, jws->keys.length);
    const struct json *jwk = find_key(set, algorithm, openid__text(header, "kid"));
    EVP_PKEY *key = jwk == NULL ? NULL : openid__key(ctx, jwk);
    ERR_clear_error();
    if (key == NULL)
        return JWS_KEY;
    struct bytes text = {jws->token, strlen(parts[0]) + 1 + strlen(parts[1])};
    if (!is_signed(ctx, algorithm, key, text, signature))
        return JWS_FORGED;
    *ret = claims;
    return JWS_GOOD;
}
