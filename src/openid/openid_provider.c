/*
 * Talking with the provider: its description and its keys, kept a while; the way there and back;
 * and who signs out. Of many requests that need the same document at once, one fetches it.
 */
#include "openid/openid.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "openid/openid_room.h"
#include "web/web_call.h"

enum { RANDOM_BYTES = 32, KEPT_MINUTES = 60, STALE_HOURS = 24 };

static const int64_t SECOND_MS = 1000;
static const int64_t MINUTE_MS = 60 * 1000;

/* A document of the provider, as it came. */
struct kept {
    struct instant fetched, tried; /* 0: never */
    bool is_fetching;
    size_t length;
    char text[OPENID_DOCUMENT_BYTES];
};

struct origins {
    char text[512];
};

struct openid {
    const struct openid_settings *settings;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct kept description, keys;
    struct origins origins;
};

static void drop(void *thing)
{
    struct openid *openid = thing;
    pthread_mutex_destroy(&openid->lock);
    pthread_cond_destroy(&openid->changed);
}

/* --- where forms may lead */

/* Whether the last word of a list stands before itself, too. */
static bool is_again(const char *list, const char *last)
{
    size_t length = strlen(last);
    for (const char *at = list; at < last; at++)
        if (strncmp(at, last, length) == 0 && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* " https://host:1" of an address, where it stands not in the list yet and has room there. What
 * goes into a policy has no sign that ends one. */
static void add_origin(struct origins *origins, const char *url)
{
    static const char SIGNS[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
    if (url == NULL)
        return;
    size_t scheme = (size_t)(strstr(url, "://") + 3 - url);
    size_t length = scheme + strspn(url + scheme, SIGNS), used = strlen(origins->text);
    bool ends = strchr("/?", url[length]) != NULL; /* also at the end of the text */
    if (!ends || used + length + 2 > sizeof origins->text)
        return;
    char *at = origins->text + used;
    at[0] = ' ';
    memcpy(at + 1, url, length);
    at[length + 1] = '\0';
    if (is_again(origins->text, at))
        at[0] = '\0';
}

static void note_origins(struct openid *openid, const struct openid_places *at)
{
    struct origins origins = {""};
    add_origin(&origins, openid->settings->issuer);
    if (at != NULL) {
        add_origin(&origins, at->authorization);
        add_origin(&origins, at->end_session);
    }
    pthread_mutex_lock(&openid->lock);
    openid->origins = origins;
    pthread_mutex_unlock(&openid->lock);
}

void openid_origins(struct openid *openid, char *ret, size_t size)
{
    pthread_mutex_lock(&openid->lock);
    snprintf(ret, size, "%s", openid->origins.text);
    pthread_mutex_unlock(&openid->lock);
}

/* --- one provider */

struct openid *openid_new(const struct openid_settings *settings, struct arena *arena)
{
    struct openid *openid = arena_one(arena, struct openid);
    openid->settings = settings;
    pthread_mutex_init(&openid->lock, NULL);
    pthread_cond_init(&openid->changed, NULL);
    arena_defer(arena, drop, openid);
    note_origins(openid, NULL);
    return openid;
}

const struct openid_settings *openid_settings_of(const struct openid *openid)
{
    return openid->settings;
}

/* --- documents that are kept */

struct fetching {
    struct openid *openid;
    struct kept *kept;
};

static void stop_fetching(void *thing)
{
    struct fetching *fetching = thing;
    pthread_mutex_lock(&fetching->openid->lock);
    fetching->kept->is_fetching = false;
    pthread_cond_broadcast(&fetching->openid->changed);
    pthread_mutex_unlock(&fetching->openid->lock);
}

static void fetch(struct ctx *ctx, struct openid *openid, struct kept *kept, const char *url)
{
    struct fetching *fetching = arena_one(ctx->arena, struct fetching);
    *fetching = (struct fetching){openid, kept};
    arena_defer(ctx->arena, stop_fetching, fetching);
    struct call_answer answer =
        web_call(ctx, &(struct call){.method = GET,
                                     .url = url,
                                     .headers = {"Accept: application/json"},
                                     .authorities = openid->settings->authorities,
                                     .answer_max = sizeof kept->text});
    bool is_good = answer.result == CALL_ANSWERED && answer.status == 200;
    if (is_good) {
        pthread_mutex_lock(&openid->lock);
        memcpy(kept->text, answer.body.data, answer.body.length);
        kept->length = answer.body.length;
        kept->fetched = clock_now();
        pthread_mutex_unlock(&openid->lock);
    } else {
        log_line("openid: %s: %s, status %d", url, call_result_name(answer.result), answer.status);
    }
    arena_close(ctx->arena, fetching);
}

static bool is_younger(struct instant then, int64_t ms)
{
    return then.v != 0 && clock_now().v - then.v < ms;
}

/*
 * A document as it is kept, fetched where it is old, or older than `unlike`, which did not do.
 * Where the provider is silent, what it said within a day still holds.
 */
static struct bytes document(struct ctx *ctx, struct openid *openid, struct kept *kept,
                             const char *url, struct instant unlike)
{
    char *copy = arena_alloc(ctx->arena, sizeof kept->text);
    pthread_mutex_lock(&openid->lock);
    while (kept->is_fetching)
        pthread_cond_wait(&openid->changed, &openid->lock);
    bool is_due = !is_younger(kept->fetched, KEPT_MINUTES * MINUTE_MS) ||
                  (unlike.v != 0 && kept->fetched.v <= unlike.v);
    bool may_try = !is_younger(kept->tried, OPENID_RETRY_SECONDS * SECOND_MS);
    if (is_due && may_try) {
        kept->is_fetching = true;
        kept->tried = clock_now();
        pthread_mutex_unlock(&openid->lock);
        fetch(ctx, openid, kept, url);
        pthread_mutex_lock(&openid->lock);
    }
    size_t length = is_younger(kept->fetched, STALE_HOURS * 60 * MINUTE_MS) ? kept->length : 0;
    memcpy(copy, kept->text, length);
    pthread_mutex_unlock(&openid->lock);
    return length == 0 ? (struct bytes){0} : (struct bytes){copy, length};
}

static const struct instant ANY = {0};

static bool places(struct ctx *ctx, struct openid *openid, struct openid_places *ret)
{
    const char *issuer = openid->settings->issuer;
    size_t length = strlen(issuer);
    const char *url = arena_printf(ctx->arena, "%.*s/.well-known/openid-configuration",
                                   (int)(length - (issuer[length - 1] == '/')), issuer);
    struct bytes text = document(ctx, openid, &openid->description, url, ANY);
    if (text.data != NULL && openid__places_read(ctx, text, issuer, ret)) {
        note_origins(openid, ret);
        return true;
    }
    if (text.data != NULL)
        log_line("openid: %s describes no provider that we could use", url);
    return false;
}

void openid_learn(struct ctx *ctx, struct openid *openid)
{
    struct openid_places at;
    places(ctx, openid, &at); /* where it cannot be had, the first who sets out asks again */
}

/* The claims of a token that it signed; a key that is not known may be new. */
static const struct json *signed_claims(struct ctx *ctx, struct openid *openid,
                                        const struct openid_places *at, const char *token)
{
    const struct json *claims;
    struct jws jws = {.token = token, .algorithms = openid->settings->algorithms};
    jws.keys = document(ctx, openid, &openid->keys, at->keys, ANY);
    pthread_mutex_lock(&openid->lock);
    struct instant known = openid->keys.fetched;
    pthread_mutex_unlock(&openid->lock);
    enum jws_result result = openid__jws_read(ctx, &jws, &claims);
    if (result == JWS_KEY) {
        jws.keys = document(ctx, openid, &openid->keys, at->keys, known);
        result = openid__jws_read(ctx, &jws, &claims);
    }
    if (result != JWS_GOOD)
        log_line("openid: a token was refused: %s", openid__jws_result_name(result));
    return claims;
}

/* --- there */

static const char *random_text(struct ctx *ctx)
{
    unsigned char bytes[RANDOM_BYTES];
    const size_t length =
        sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(ctx->arena, length);
    randombytes_buf(bytes, sizeof bytes);
    return sodium_bin2base64(text, length, bytes, sizeof bytes,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

struct openid_trip openid_trip_new(struct ctx *ctx, bool is_fresh)
{
    return (struct openid_trip){.state = random_text(ctx),
                                .nonce = random_text(ctx),
                                .verifier = random_text(ctx),
                                .fresh_since = {is_fresh ? clock_now().v : 0}};
}

/* S256 of RFC 7636. */
static const char *challenge_of(struct ctx *ctx, const char *verifier)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    const size_t length =
        sodium_base64_ENCODED_LEN(sizeof digest, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(ctx->arena, length);
    crypto_hash_sha256(digest, (const unsigned char *)verifier, strlen(verifier));
    return sodium_bin2base64(text, length, digest, sizeof digest,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void add_field(struct buffer *fields, const char *name, const char *value)
{
    if (value == NULL)
        return;
    if (fields->length > 0 && strchr("?&", fields->bytes[fields->length - 1]) == NULL)
        buffer_add(fields, "&");
    buffer_add(fields, name);
    buffer_add(fields, "=");
    buffer_add_url(fields, value);
}

static struct buffer url_with_query(struct ctx *ctx, const char *place)
{
    struct buffer url = buffer_new(ctx->arena, 1024);
    buffer_add(&url, place);
    if (strchr(place, '?') == NULL)
        buffer_add(&url, "?");
    return url;
}

static const char *our(struct ctx *ctx, const struct openid *openid, const char *path)
{
    return arena_printf(ctx->arena, "%s%s", openid->settings->address, path);
}

enum openid_result openid_begin(struct ctx *ctx, struct openid *openid,
                                const struct openid_trip *trip, const char *return_path,
                                const char **ret_url)
{
    const struct openid_settings *settings = openid->settings;
    struct openid_places at;
    *ret_url = NULL;
    if (!places(ctx, openid, &at))
        return OPENID_DOWN;
    struct buffer url = url_with_query(ctx, at.authorization);
    add_field(&url, "response_type", "code");
    add_field(&url, "client_id", settings->client);
    add_field(&url, "redirect_uri", our(ctx, openid, return_path));
    add_field(&url, "scope", settings->scopes);
    add_field(&url, "state", trip->state);
    add_field(&url, "nonce", trip->nonce);
    add_field(&url, "code_challenge", challenge_of(ctx, trip->verifier));
    add_field(&url, "code_challenge_method", "S256");
    add_field(&url, "max_age", arena_printf(ctx->arena, "%d", OPENID_AGE_HOURS * 60 * 60));
    add_field(&url, "prompt", trip->fresh_since.v == 0 ? NULL : "login");
    add_field(&url, "acr_values",
              settings->required_acr != NULL ? settings->required_acr : settings->factor_acr);
    add_field(&url, "ui_locales", ctx->language == LANGUAGE_ZH ? "zh-CN zh" : "en");
    *ret_url = url.bytes;
    return OPENID_DONE;
}

/* --- and back */

/* The token for the code; NULL, with why, where none came. */
static const char *take_token(struct ctx *ctx, const struct openid *openid,
                              const struct openid_places *at, const struct openid_trip *trip,
                              const struct openid_return *brought, enum openid_result *ret_why)
{
    struct buffer body = buffer_new(ctx->arena, 512), user = buffer_new(ctx->arena, 64),
                  password = buffer_new(ctx->arena, 64);
    add_field(&body, "grant_type", "authorization_code");
    add_field(&body, "code", brought->code);
    add_field(&body, "redirect_uri", our(ctx, openid, brought->path));
    add_field(&body, "code_verifier", trip->verifier);
    buffer_add_url(&user, openid->settings->client); /* RFC 6749 2.3.1: encoded before Basic */
    buffer_add_url(&password, openid->settings->secret);
    struct call_answer answer =
        web_call(ctx, &(struct call){.method = POST,
                                     .url = at->token,
                                     .headers = {"Accept: application/json",
                                                 "Content-Type: application/x-www-form-urlencoded"},
                                     .user = user.bytes,
                                     .password = password.bytes,
                                     .body = {body.bytes, body.length},
                                     .authorities = openid->settings->authorities,
                                     .answer_max = OPENID_DOCUMENT_BYTES});
    bool is_answered = answer.result == CALL_ANSWERED && answer.status < 500;
    const struct json *said =
        is_answered ? json_read(ctx->arena, answer.body.data, answer.body.length) : NULL;
    *ret_why = is_answered ? OPENID_REFUSED : OPENID_DOWN;
    const char *token =
        said == NULL || answer.status != 200 ? NULL : openid__text(said, "id_token");
    if (token == NULL)
        log_line("openid: no token for a code: %s, status %d", call_result_name(answer.result),
                 answer.status);
    return token;
}

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strlen(a) == strlen(b) && sodium_memcmp(a, b, strlen(a)) == 0;
}

static enum openid_result refuse(const char *why)
{
    log_line("openid: a return was refused: %s", why);
    return OPENID_REFUSED;
}

static enum openid_result check_return(const struct openid *openid, const struct openid_places *at,
                                       const struct openid_trip *trip,
                                       const struct openid_return *brought)
{
    if (!is_same(brought->state, trip->state))
        return refuse("state");
    if ((brought->issuer != NULL || at->names_itself) &&
        !text_equal(brought->issuer, openid->settings->issuer))
        return refuse("issuer");
    if (brought->error != NULL)
        return OPENID_DENIED;
    return text_empty(brought->code) ? refuse("code") : OPENID_DONE;
}

enum openid_result openid_finish(struct ctx *ctx, struct openid *openid,
                                 const struct openid_trip *trip,
                                 const struct openid_return *brought, struct openid_identity *ret)
{
    const struct openid_settings *settings = openid->settings;
    struct openid_places at;
    *ret = (struct openid_identity){0};
    if (!places(ctx, openid, &at))
        return OPENID_DOWN;
    enum openid_result result = check_return(openid, &at, trip, brought);
    if (result != OPENID_DONE)
        return result;
    const char *token = take_token(ctx, openid, &at, trip, brought, &result);
    const struct json *claims = token == NULL ? NULL : signed_claims(ctx, openid, &at, token);
    if (claims == NULL)
        return token == NULL ? result : OPENID_REFUSED;
    const char *fault = openid__id_token_fault(
        claims, &(struct id_token_wanted){settings, trip->nonce, clock_now(), trip->fresh_since});
    if (fault != NULL)
        return refuse(fault);
    *ret = (struct openid_identity){
        .subject = openid__text(claims, "sub"),
        .session = openid__text(claims, "sid"),
        .identity_no = settings->identity_claim == NULL
                           ? NULL
                           : openid__text(claims, settings->identity_claim),
        .id_token = token,
        .age_ms = openid__age_ms(claims, clock_now()),
        .has_factor = openid__has_factor(claims, settings),
    };
    return OPENID_DONE;
}

/* --- the end */

const char *openid_farewell(struct ctx *ctx, struct openid *openid, const char *id_token)
{
    struct openid_places at;
    if (!places(ctx, openid, &at) || at.end_session == NULL)
        return NULL;
    struct buffer url = url_with_query(ctx, at.end_session);
    add_field(&url, "id_token_hint", id_token);
    add_field(&url, "client_id", openid->settings->client);
    add_field(&url, "post_logout_redirect_uri", our(ctx, openid, "/"));
    return url.bytes;
}

enum openid_result openid_logout_read(struct ctx *ctx, struct openid *openid, const char *token,
                                      struct openid_logout *ret)
{
    struct openid_places at;
    *ret = (struct openid_logout){0};
    if (!places(ctx, openid, &at))
        return OPENID_DOWN;
    const struct json *claims = signed_claims(ctx, openid, &at, token);
    if (claims == NULL)
        return OPENID_REFUSED;
    const char *fault = openid__logout_fault(claims, openid->settings, clock_now());
    if (fault != NULL)
        return refuse(fault);
    *ret = (struct openid_logout){openid__text(claims, "sub"), openid__text(claims, "sid")};
    return OPENID_DONE;
}
