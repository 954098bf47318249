/* Public keys from JSON (RFC 7517, 7518, 8037): RSA of 2048 bits and more, P-256, Ed25519. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>
#include <string.h>

#include "openid/openid_room.h"

enum {
    P256_BYTES = 32,
    ED25519_BYTES = 32,
    RSA_BITS_LEAST = 2048,
    RSA_BYTES_MOST = 1024,
    EXPONENT_BYTES_MOST = 8,
    POINT_UNCOMPRESSED = 4,
};

struct bytes openid__base64(struct ctx *ctx, const char *text)
{
    size_t length = strlen(text), written = 0;
    unsigned char *bytes = arena_alloc(ctx->arena, length + 1);
    if (sodium_base642bin(bytes, length, text, length, NULL, &written, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return (struct bytes){0};
    return (struct bytes){bytes, written};
}

static struct bytes member_bytes(struct ctx *ctx, const struct json *jwk, const char *name)
{
    const char *text = openid__text(jwk, name);
    return text == NULL ? (struct bytes){0} : openid__base64(ctx, text);
}

static void drop_key(void *key)
{
    EVP_PKEY_free(key);
}

static EVP_PKEY *build(struct ctx *ctx, const char *kind, OSSL_PARAM *parameters)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *builder = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    bool is_built = builder != NULL && EVP_PKEY_fromdata_init(builder) == 1 &&
                    EVP_PKEY_fromdata(builder, &key, EVP_PKEY_PUBLIC_KEY, parameters) == 1;
    EVP_PKEY_CTX_free(builder);
    if (!is_built)
        return NULL;
    arena_defer(ctx->arena, drop_key, key);
    return key;
}

static EVP_PKEY *rsa_key(struct ctx *ctx, const struct json *jwk)
{
    struct bytes n = member_bytes(ctx, jwk, "n"), e = member_bytes(ctx, jwk, "e");
    if (n.length == 0 || n.length > RSA_BYTES_MOST || e.length == 0 ||
        e.length > EXPONENT_BYTES_MOST)
        return NULL;
    EVP_PKEY *key = NULL;
    BIGNUM *modulus = BN_bin2bn(n.data, (int)n.length, NULL);
    BIGNUM *exponent = BN_bin2bn(e.data, (int)e.length, NULL);
    OSSL_PARAM_BLD *list = OSSL_PARAM_BLD_new();
    bool is_sound = modulus != NULL && exponent != NULL && list != NULL &&
                    BN_num_bits(modulus) >= RSA_BITS_LEAST && BN_is_odd(modulus) &&
                    BN_is_odd(exponent) && !BN_is_one(exponent) &&
                    OSSL_PARAM_BLD_push_BN(list, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
                    OSSL_PARAM_BLD_push_BN(list, OSSL_PKEY_PARAM_RSA_E, exponent) == 1;
    OSSL_PARAM *parameters = is_sound ? OSSL_PARAM_BLD_to_param(list) : NULL;
    if (parameters != NULL)
        key = build(ctx, "RSA", parameters);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(list);
    BN_free(exponent);
    BN_free(modulus);
    return key;
}

static EVP_PKEY *p256_key(struct ctx *ctx, const struct json *jwk)
{
    unsigned char point[1 + 2 * P256_BYTES] = {POINT_UNCOMPRESSED};
    struct bytes x = member_bytes(ctx, jwk, "x"), y = member_bytes(ctx, jwk, "y");
    const char *curve = openid__text(jwk, "crv");
    if (x.length != P256_BYTES || y.length != P256_BYTES || !text_equal(curve, "P-256"))
        return NULL;
    memcpy(point + 1, x.data, P256_BYTES);
    memcpy(point + 1 + P256_BYTES, y.data, P256_BYTES);
    static char group[] = "prime256v1";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end(),
    };
    return build(ctx, "EC", parameters);
}

static EVP_PKEY *ed25519_key(struct ctx *ctx, const struct json *jwk)
{
    struct bytes x = member_bytes(ctx, jwk, "x");
    if (x.length != ED25519_BYTES || !text_equal(openid__text(jwk, "crv"), "Ed25519"))
        return NULL;
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x.data, x.length);
    if (key != NULL)
        arena_defer(ctx->arena, drop_key, key);
    return key;
}

EVP_PKEY *openid__key(struct ctx *ctx, const struct json *jwk)
{
    const char *kind = openid__text(jwk, "kty");
    if (text_equal(kind, "RSA"))
        return rsa_key(ctx, jwk);
    if (text_equal(kind, "EC"))
        return p256_key(ctx, jwk);
    return text_equal(kind, "OKP") ? ed25519_key(ctx, jwk) : NULL;
}
