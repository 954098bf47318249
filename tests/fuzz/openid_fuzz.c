/*
 * What a provider, or who poses as one, may send, from arbitrary bytes: a token, a set of keys, a
 * description. The first byte says which. Nothing is taken as signed by keys that came with it
 * unless it is; an address of a description is one that we would call.
 */
#include <assert.h>
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "openid/openid_room.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct openid_settings SETTINGS = {
    .issuer = "https://sso.example", .client = "us", .algorithms = "RS256 PS256 ES256 EdDSA"};
static const struct instant NOW = {INT64_C(1800000000000)};

/* The public half of a key whose private half nobody keeps: what fits it would be a forgery. */
static const char KEYS[] = "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\","
                           "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";

static void read_claims(const struct json *claims)
{
    openid__id_token_fault(claims, &(struct id_token_wanted){&SETTINGS, "n", NOW, {0}});
    openid__logout_fault(claims, &SETTINGS, NOW);
    openid__has_factor(claims, &SETTINGS);
}

static void read_token(struct ctx *ctx, const char *text)
{
    const struct json *claims;
    struct jws jws = {
        .token = text, .algorithms = SETTINGS.algorithms, .keys = {KEYS, sizeof KEYS - 1}};
    enum jws_result result = openid__jws_read(ctx, &jws, &claims);
    assert(result != JWS_GOOD && claims == NULL);
}

/* A token and the keys to check it with, apart by a line. */
static void read_keys(struct ctx *ctx, const char *text)
{
    const struct json *claims;
    const char *keys = strchr(text, '\n');
    if (keys == NULL)
        return;
    struct jws jws = {.token = arena_text_n(ctx->arena, text, (size_t)(keys - text)),
                      .algorithms = SETTINGS.algorithms,
                      .keys = {keys + 1, strlen(keys + 1)}};
    enum jws_result result = openid__jws_read(ctx, &jws, &claims);
    assert((result == JWS_GOOD) == (claims != NULL));
    if (claims != NULL)
        read_claims(claims);
}

static void read_description(struct ctx *ctx, struct bytes text)
{
    struct openid_places places;
    if (!openid__places_read(ctx, text, SETTINGS.issuer, &places))
        return;
    assert(openid__is_address(places.authorization) && openid__is_address(places.token) &&
           openid__is_address(places.keys));
    assert(places.end_session == NULL || openid__is_address(places.end_session));
    assert(strpbrk(places.authorization, "\r\n\"<> ") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (sodium_init() < 0 || length == 0)
        return 0;
    struct ctx ctx = {.arena = arena_new((size_t)16 * 1024 * 1024)};
    const char *text = arena_text_n(ctx.arena, (const char *)bytes + 1, length - 1);
    struct bytes raw = {bytes + 1, length - 1};
    const struct json *object;
    switch (bytes[0] % 4) {
    case 0:
        read_token(&ctx, text);
        break;
    case 1:
        read_keys(&ctx, text);
        break;
    case 2:
        read_description(&ctx, raw);
        break;
    case 3:
        object = json_read(ctx.arena, raw.data, raw.length);
        if (object != NULL)
            read_claims(object);
        break;
    }
    arena_free(ctx.arena);
    return 0;
}
