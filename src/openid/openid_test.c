/*
 * Tokens: which are good, and which are refused for what. Keys are made here, as OpenSSL makes
 * them; tests/oidc asks a real provider for the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "openid/openid_room.h"

#define ISSUER "https://sso.example"
#define EVENT "\"http://schemas.openid.net/event/backchannel-logout\":{}"

enum { ARENA_BYTES = 8 << 20, NOW_SECONDS = 1800000000, SIGNATURE_MOST = 512 };

static const struct openid_settings SETTINGS = {
    .issuer = ISSUER, .client = "us", .algorithms = "RS256 EdDSA"};
static const struct instant NOW = {NOW_SECONDS * INT64_C(1000)};

static struct ctx begin(void)
{
    return (struct ctx){.arena = arena_new(ARENA_BYTES)};
}

static const char *base64(struct ctx *ctx, const void *bytes, size_t length)
{
    size_t room = sodium_base64_encoded_len(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return sodium_bin2base64(arena_alloc(ctx->arena, room), room, bytes, length,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void drop_key(void *key)
{
    EVP_PKEY_free(key);
}

static EVP_PKEY *make_key(struct ctx *ctx)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    assert_non_null(key);
    arena_defer(ctx->arena, drop_key, key);
    return key;
}

/* {"keys": […]} of one Ed25519 key. */
static struct bytes set_of(struct ctx *ctx, EVP_PKEY *key, const char *more)
{
    unsigned char x[32];
    size_t length = sizeof x;
    assert_int_equal(EVP_PKEY_get_raw_public_key(key, x, &length), 1);
    const char *text = arena_printf(
        ctx->arena, "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"%s}]}",
        base64(ctx, x, length), more);
    return (struct bytes){text, strlen(text)};
}

static const char *token_of(struct ctx *ctx, EVP_PKEY *key, const char *header, const char *claims)
{
    unsigned char signature[SIGNATURE_MOST];
    size_t length = sizeof signature;
    const char *text = arena_printf(ctx->arena, "%s.%s", base64(ctx, header, strlen(header)),
                                    base64(ctx, claims, strlen(claims)));
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(digest, NULL, NULL, NULL, key), 1);
    assert_int_equal(
        EVP_DigestSign(digest, signature, &length, (const unsigned char *)text, strlen(text)), 1);
    EVP_MD_CTX_free(digest);
    return arena_printf(ctx->arena, "%s.%s", text, base64(ctx, signature, length));
}

/* --- signatures */

struct sealed {
    const char *header, *key_more, *algorithms;
    enum jws_result wanted;
};

static void a_token_is_what_its_key_signed(void **state)
{
    static const struct sealed cases[] = {
        {"{\"alg\":\"EdDSA\"}", "", "EdDSA", JWS_GOOD},
        {"{\"alg\":\"EdDSA\",\"kid\":\"a\"}", ",\"kid\":\"a\"", "RS256 EdDSA", JWS_GOOD},
        {"{\"alg\":\"EdDSA\",\"kid\":\"b\"}", ",\"kid\":\"a\"", "EdDSA", JWS_KEY},
        {"{\"alg\":\"EdDSA\",\"kid\":\"a\"}", "", "EdDSA", JWS_KEY},
        {"{\"alg\":\"EdDSA\"}", ",\"use\":\"enc\"", "EdDSA", JWS_KEY},
        {"{\"alg\":\"EdDSA\"}", ",\"alg\":\"RS256\"", "EdDSA", JWS_KEY},
        {"{\"alg\":\"RS256\"}", "", "RS256 EdDSA", JWS_KEY},
        {"{\"alg\":\"EdDSA\"}", "", "RS256", JWS_ALGORITHM},
        {"{\"alg\":\"EdDSA\"}", "", "XEdDSA EdDSAX", JWS_ALGORITHM},
        {"{\"alg\":\"none\"}", "", "none EdDSA", JWS_ALGORITHM},
        {"{\"alg\":\"HS256\"}", "", "HS256 EdDSA", JWS_ALGORITHM},
        {"{\"alg\":\"\"}", "", "EdDSA", JWS_ALGORITHM},
        {"{}", "", "EdDSA", JWS_ALGORITHM},
        {"{\"alg\":[\"EdDSA\"]}", "", "EdDSA", JWS_ALGORITHM},
        {"{\"alg\":\"EdDSA\",\"crit\":[\"exp\"]}", "", "EdDSA", JWS_MALFORMED},
        {"{\"alg\":\"EdDSA\",\"b64\":false}", "", "EdDSA", JWS_MALFORMED},
        {"{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\"}", "", "EdDSA", JWS_MALFORMED},
        {"[]", "", "EdDSA", JWS_MALFORMED},
        {"", "", "EdDSA", JWS_MALFORMED},
    };
    struct ctx ctx = begin();
    EVP_PKEY *key = make_key(&ctx);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct json *claims;
        struct jws jws = {.token = token_of(&ctx, key, cases[i].header, "{\"sub\":\"x\"}"),
                          .algorithms = cases[i].algorithms,
                          .keys = set_of(&ctx, key, cases[i].key_more)};
        enum jws_result result = openid__jws_read(&ctx, &jws, &claims);
        if (result != cases[i].wanted)
            fail_msg("%s: %s", cases[i].header, openid__jws_result_name(result));
        assert_true((claims != NULL) == (result == JWS_GOOD));
    }
    arena_free(ctx.arena);
}

static void any_change_is_a_forgery(void **state)
{
    struct ctx ctx = begin();
    EVP_PKEY *key = make_key(&ctx);
    struct bytes keys = set_of(&ctx, key, "");
    const struct json *claims;
    (void)state;
    char *token = arena_text(ctx.arena,
                             token_of(&ctx, key, "{\"alg\":\"EdDSA\"}", "{\"sub\":\"x\",\"n\":1}"));
    for (size_t i = 0; token[i] != '\0'; i++) {
        char was = token[i];
        token[i] = was == 'A' ? 'B' : 'A';
        struct jws jws = {.token = token, .algorithms = "EdDSA", .keys = keys};
        assert_int_not_equal(openid__jws_read(&ctx, &jws, &claims), JWS_GOOD);
        assert_null(claims);
        token[i] = was;
    }
    struct jws others = {
        .token = token, .algorithms = "EdDSA", .keys = set_of(&ctx, make_key(&ctx), "")};
    assert_int_equal(openid__jws_read(&ctx, &others, &claims), JWS_FORGED);
    arena_free(ctx.arena);
}

static void what_is_no_token_is_none(void **state)
{
    static const char *const malformed[] = {
        "",        ".",        "..",           "a.b",          "a.b.c",
        "a.b.c.d", "e30.e30.", "e30=.e30.e30", "e30.e30.e3 0", "....."};
    struct ctx ctx = begin();
    const struct json *claims;
    struct bytes keys = set_of(&ctx, make_key(&ctx), "");
    (void)state;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        struct jws jws = {.token = malformed[i], .algorithms = "EdDSA", .keys = keys};
        assert_int_not_equal(openid__jws_read(&ctx, &jws, &claims), JWS_GOOD);
    }
    char *endless = arena_alloc(ctx.arena, OPENID_TOKEN_BYTES + 8);
    memset(endless, 'A', OPENID_TOKEN_BYTES + 4);
    struct jws jws = {.token = endless, .algorithms = "EdDSA", .keys = keys};
    assert_int_equal(openid__jws_read(&ctx, &jws, &claims), JWS_MALFORMED);
    arena_free(ctx.arena);
}

/* Where a token names none of two keys, neither is tried: and of twins, none is believed. */
static void keys_are_not_guessed_at(void **state)
{
    static const char *const sets[] = {
        "",
        "{}",
        "{\"keys\":{}}",
        "{\"keys\":[]}",
        "{\"keys\":[1,[],{}]}",
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}]}"};
    struct ctx ctx = begin();
    const struct json *claims;
    EVP_PKEY *key = make_key(&ctx);
    const char *token = token_of(&ctx, key, "{\"alg\":\"EdDSA\"}", "{}");
    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        struct jws jws = {
            .token = token, .algorithms = "EdDSA", .keys = {sets[i], strlen(sets[i])}};
        assert_int_equal(openid__jws_read(&ctx, &jws, &claims), JWS_KEY);
    }
    const char *one = set_of(&ctx, key, "").data;
    const char *object = arena_text_n(ctx.arena, one + 9, strlen(one) - 11);
    const char *twice = arena_printf(ctx.arena, "{\"keys\":[%s,%s]}", object, object);
    struct jws jws = {.token = token, .algorithms = "EdDSA", .keys = {twice, strlen(twice)}};
    assert_int_equal(openid__jws_read(&ctx, &jws, &claims), JWS_KEY);
    arena_free(ctx.arena);
}

/* --- claims */

static const struct json *claims_of(struct ctx *ctx, const char *text)
{
    const struct json *claims = json_read(ctx->arena, text, strlen(text));
    assert_non_null(claims);
    return claims;
}

#define IAT "\"iat\":1800000000"
#define EXP "\"exp\":1800000300"
#define NONCE "\"nonce\":\"n\""
#define SUB "\"sub\":\"s\",\"auth_time\":1799990000"
#define ISS "\"iss\":\"" ISSUER "\""
#define AUD "\"aud\":\"us\""

/* Where the person was to sign in anew, an older sign-in there is none. */
static void a_fresh_sign_in_is_proved(void **state)
{
    struct ctx ctx = begin();
    struct id_token_wanted wanted = {&SETTINGS, "n", NOW, {NOW.v - 30000}};
    static const char before[] = "{" ISS "," AUD "," EXP "," IAT "," NONCE "," SUB "}";
    static const char then[] =
        "{" ISS "," AUD "," EXP "," IAT "," NONCE ",\"sub\":\"s\",\"auth_time\":1799999990}";
    (void)state;
    assert_string_equal(openid__id_token_fault(claims_of(&ctx, before), &wanted), "auth_time");
    assert_null(openid__id_token_fault(claims_of(&ctx, then), &wanted));
    assert_int_equal(openid__age_ms(claims_of(&ctx, then), NOW), 10000);
    assert_int_equal(openid__age_ms(claims_of(&ctx, before), (struct instant){1}), 0);
    arena_free(ctx.arena);
}

static void an_id_token_says_all_that_it_must(void **state)
{
    static const struct {
        const char *claims, *fault;
    } cases[] = {
        {"{" ISS "," AUD "," EXP "," IAT "," NONCE "," SUB "}", NULL},
        {"{" ISS ",\"aud\":[\"us\"]," EXP "," IAT "," NONCE "," SUB "}", NULL},
        {"{" ISS ",\"aud\":[\"x\",\"us\"],\"azp\":\"us\"," EXP "," IAT "," NONCE "," SUB "}", NULL},
        {"{" ISS "," AUD ",\"exp\":1799999941," IAT "," NONCE "," SUB "}", NULL},
        {"{" AUD "," EXP "," IAT "," NONCE "," SUB "}", "iss"},
        {"{\"iss\":\"" ISSUER "/\"," AUD "," EXP "," IAT "," NONCE "," SUB "}", "iss"},
        {"{" ISS "," EXP "," IAT "," NONCE "," SUB "}", "aud"},
        {"{" ISS ",\"aud\":\"US\"," EXP "," IAT "," NONCE "," SUB "}", "aud"},
        {"{" ISS ",\"aud\":{\"us\":1}," EXP "," IAT "," NONCE "," SUB "}", "aud"},
        {"{" ISS ",\"aud\":[\"x\",\"us\"]," EXP "," IAT "," NONCE "," SUB "}", "azp"},
        {"{" ISS "," AUD ",\"azp\":\"x\"," EXP "," IAT "," NONCE "," SUB "}", "azp"},
        {"{" ISS "," AUD ",\"exp\":1799999940," IAT "," NONCE "," SUB "}", "exp"},
        {"{" ISS "," AUD ",\"exp\":\"1800000300\"," IAT "," NONCE "," SUB "}", "exp"},
        {"{" ISS "," AUD ",\"exp\":1e99," IAT "," NONCE "," SUB "}", "exp"},
        {"{" ISS "," AUD ",\"exp\":-9223372036854775808," IAT "," NONCE "," SUB "}", "exp"},
        {"{" ISS "," AUD "," EXP "," NONCE "," SUB "}", "iat"},
        {"{" ISS "," AUD "," EXP ",\"iat\":1800000061," NONCE "," SUB "}", "iat"},
        {"{" ISS "," AUD "," EXP ",\"iat\":1799999399," NONCE "," SUB "}", "iat"},
        {"{" ISS "," AUD "," EXP "," IAT ",\"nbf\":1800000061," NONCE "," SUB "}", "nbf"},
        {"{" ISS "," AUD "," EXP "," IAT "," SUB "}", "nonce"},
        {"{" ISS "," AUD "," EXP "," IAT ",\"nonce\":\"\"," SUB "}", "nonce"},
        {"{" ISS "," AUD "," EXP "," IAT ",\"nonce\":\"N\"," SUB "}", "nonce"},
        {"{" ISS "," AUD "," EXP "," IAT "," NONCE "}", "sub"},
        {"{" ISS "," AUD "," EXP "," IAT "," NONCE ",\"sub\":7}", "sub"},
        {"{" ISS "," AUD "," EXP "," IAT "," NONCE ",\"sub\":\"s\"}", "auth_time"},
        {"{" ISS "," AUD "," EXP "," IAT "," NONCE ",\"sub\":\"s\",\"auth_time\":1800000061}",
         "auth_time"},
        {"{" ISS "," AUD "," EXP "," IAT "," NONCE ",\"sub\":\"s\",\"auth_time\":1799956739}",
         "auth_time"},
    };
    struct ctx ctx = begin();
    struct id_token_wanted wanted = {&SETTINGS, "n", NOW, {0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *fault = openid__id_token_fault(claims_of(&ctx, cases[i].claims), &wanted);
        if (!text_equal(fault, cases[i].fault))
            fail_msg("%s: %s", cases[i].claims, fault == NULL ? "fine" : fault);
    }
    arena_free(ctx.arena);
}

static void a_notice_of_signing_out_is_nothing_else(void **state)
{
    static const struct {
        const char *more, *fault;
    } cases[] = {
        {"\"events\":{" EVENT "}," SUB, NULL},
        {"\"events\":{" EVENT "},\"sid\":\"x\"", NULL},
        {"\"events\":{" EVENT "}", "sub"},
        {"\"events\":{" EVENT "}," SUB "," NONCE, "nonce"},
        {"\"events\":{\"x\":{}}," SUB, "events"},
        {"\"events\":["
         "1"
         "]," SUB,
         "events"},
        {SUB, "events"},
    };
    struct ctx ctx = begin();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text =
            arena_printf(ctx.arena, "{" ISS "," AUD "," EXP "," IAT ",%s}", cases[i].more);
        const char *fault = openid__logout_fault(claims_of(&ctx, text), &SETTINGS, NOW);
        if (!text_equal(fault, cases[i].fault))
            fail_msg("%s: %s", text, fault == NULL ? "fine" : fault);
    }
    arena_free(ctx.arena);
}

static void a_factor_is_trusted_where_it_is_listed(void **state)
{
    struct ctx ctx = begin();
    struct openid_settings trusting = SETTINGS;
    const struct json *claims = claims_of(&ctx, "{\"acr\":\"level-3\",\"amr\":[\"pwd\",\"otp\"]}");
    (void)state;
    assert_false(openid__has_factor(claims, &trusting));
    trusting.factor_amr = "hwk otp";
    assert_true(openid__has_factor(claims, &trusting));
    trusting.factor_amr = "ot p pwdotp";
    assert_false(openid__has_factor(claims, &trusting));
    trusting.factor_acr = "level-3";
    assert_true(openid__has_factor(claims, &trusting));
    assert_false(openid__has_factor(claims_of(&ctx, "{\"amr\":\"otp\"}"), &trusting));
    arena_free(ctx.arena);
}

/* --- descriptions */

static void addresses_are_https_or_this_machine(void **state)
{
    static const char *const good[] = {"https://sso.example/a?b=c", "http://127.0.0.1:8080/a",
                                       "http://[::1]:80/"};
    static const char *const bad[] = {"",
                                      "https://",
                                      "http://sso.example/",
                                      "javascript:alert(1)",
                                      "http://127.0.0.1.example/",
                                      "http://127.0.0.1@x.example/",
                                      "//x.example",
                                      "https://x.example/#a",
                                      "https://x y/",
                                      "https://x\n/",
                                      "https://例.example/"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(openid__is_address(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(openid__is_address(bad[i]));
    assert_false(openid__is_address(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_what_its_key_signed),
        cmocka_unit_test(any_change_is_a_forgery),
        cmocka_unit_test(what_is_no_token_is_none),
        cmocka_unit_test(keys_are_not_guessed_at),
        cmocka_unit_test(an_id_token_says_all_that_it_must),
        cmocka_unit_test(a_fresh_sign_in_is_proved),
        cmocka_unit_test(a_notice_of_signing_out_is_nothing_else),
        cmocka_unit_test(a_factor_is_trusted_where_it_is_listed),
        cmocka_unit_test(addresses_are_https_or_this_machine),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
