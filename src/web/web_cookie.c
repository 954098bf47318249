/* Cookies: the session, what a person prefers, and the note that is shown once after a redirect. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "web/web_room.h"

enum { SIGNATURE_BYTES = 32, SIGNATURE_HEX = 2 * SIGNATURE_BYTES, NOTE_BYTES_MAX = 1500 };

/* A keyed hash in hexadecimal; `purpose` keeps a token of one use from serving another. */
const char *web_sign(struct ctx *ctx, const struct web *web, const char *purpose, const char *text)
{
    unsigned char digest[SIGNATURE_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, (const unsigned char *)web->options.secret, SIGNATURE_BYTES,
                            sizeof digest);
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
    crypto_generichash_final(&state, digest, sizeof digest);
    char *hex = arena_alloc(ctx->arena, SIGNATURE_HEX + 1);
    return sodium_bin2hex(hex, SIGNATURE_HEX + 1, digest, sizeof digest);
}

const char *web_read_note(struct ctx *ctx, const struct web *web, const char *cookie)
{
    const char *text;
    if (cookie == NULL || strlen(cookie) <= SIGNATURE_HEX + 1 || cookie[SIGNATURE_HEX] != '.')
        return NULL;
    const char *packed = cookie + SIGNATURE_HEX + 1;
    bool is_ours = sodium_memcmp(web_sign(ctx, web, "note", packed), cookie, SIGNATURE_HEX) == 0;
    return is_ours && text_unescape(ctx, packed, strlen(packed), &text) ? text : NULL;
}

/* --- what a browser carries to another site and back: sealed, as it is nobody else's to read */

enum {
    NONCE_BYTES = crypto_secretbox_NONCEBYTES,
    BOX_BYTES = crypto_secretbox_MACBYTES,
    CARRIED_MINUTES = 10,
    CARRIED_BYTES_MAX = 2000,
    UNTIL_DIGITS = 16,
};

static void carrying_key(const struct web *web, unsigned char ret[crypto_secretbox_KEYBYTES])
{
    static const unsigned char purpose[] = "carried";
    crypto_generichash(ret, crypto_secretbox_KEYBYTES, purpose, sizeof purpose,
                       (const unsigned char *)web->options.secret, SIGNATURE_BYTES);
}

const char *web_read_carried(struct ctx *ctx, const struct web *web, const char *cookie)
{
    unsigned char key[crypto_secretbox_KEYBYTES];
    size_t most = cookie == NULL ? 0 : strlen(cookie), length = 0;
    unsigned char *sealed = arena_alloc(ctx->arena, most + 1);
    if (most == 0 || sodium_base642bin(sealed, most, cookie, most, NULL, &length, NULL,
                                       sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return NULL;
    if (length < NONCE_BYTES + BOX_BYTES + UNTIL_DIGITS)
        return NULL;
    char *text = arena_alloc(ctx->arena, length);
    carrying_key(web, key);
    bool is_ours = crypto_secretbox_open_easy((unsigned char *)text, sealed + NONCE_BYTES,
                                              length - NONCE_BYTES, sealed, key) == 0;
    sodium_memzero(key, sizeof key);
    int64_t until;
    const char *told = is_ours ? arena_text_n(ctx->arena, text, UNTIL_DIGITS) : "";
    return text_integer(told, &until) && clock_now().v < until ? text + UNTIL_DIGITS : NULL;
}

static const char *seal_carried(struct ctx *ctx, const struct web *web, const char *text)
{
    unsigned char key[crypto_secretbox_KEYBYTES];
    int64_t until = clock_now().v + CARRIED_MINUTES * 60 * 1000;
    const char *plain = arena_printf(ctx->arena, "%0*lld%s", UNTIL_DIGITS, (long long)until, text);
    size_t length = strlen(plain), whole = NONCE_BYTES + BOX_BYTES + length;
    assert(length <= CARRIED_BYTES_MAX);
    unsigned char *sealed = arena_alloc(ctx->arena, whole);
    randombytes_buf(sealed, NONCE_BYTES);
    carrying_key(web, key);
    crypto_secretbox_easy(sealed + NONCE_BYTES, (const unsigned char *)plain, length, sealed, key);
    sodium_memzero(key, sizeof key);
    size_t room = sodium_base64_encoded_len(whole, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return sodium_bin2base64(arena_alloc(ctx->arena, room), room, sealed, whole,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const char *carried_cookie_name(const struct web *web)
{
    return web->options.secure_cookies ? "__Host-carried" : "carried";
}

/* --- the session's, and all of them */

/* A cookie with this prefix was set over TLS by this host, by no other page or subdomain. */
const char *session_cookie_name(const struct web *web)
{
    return web->options.secure_cookies ? "__Host-session" : "session";
}

struct cookie {
    const char *name;
    const char *value;
    const char *age;
};

static void add(struct ctx *ctx, const struct request *request, struct response *ret,
                struct cookie cookie)
{
    assert(ret->cookie_count < WEB_COOKIES_MAX);
    ret->cookies[ret->cookie_count++] = arena_printf(
        ctx->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", cookie.name, cookie.value,
        cookie.age, request->web->options.secure_cookies ? "; Secure" : "");
}

void add_note(struct ctx *ctx, const struct request *request, const char *text,
              struct response *ret)
{
    struct buffer packed = buffer_new(ctx->arena, strlen(text) * 3);
    buffer_add_url(&packed, text);
    if (packed.length > NOTE_BYTES_MAX)
        return;
    const char *signature = web_sign(ctx, request->web, "note", packed.bytes);
    add(ctx, request, ret,
        (struct cookie){"note", arena_printf(ctx->arena, "%s.%s", signature, packed.bytes),
                        "; Max-Age=60"});
}

void add_cookies(struct ctx *ctx, const struct request *request, const struct reply *reply,
                 struct response *ret)
{
    static const char year[] = "; Max-Age=31536000", over[] = "; Max-Age=0";
    bool shows_note = request->note != NULL && !request->wants_json && ret->location == NULL;
    if (shows_note)
        add(ctx, request, ret, (struct cookie){"note", "", over});
    if (reply->session_token != NULL)
        add(ctx, request, ret,
            (struct cookie){session_cookie_name(request->web), reply->session_token,
                            *reply->session_token == '\0' ? over : ""});
    if (reply->carried != NULL)
        add(ctx, request, ret,
            (struct cookie){
                carried_cookie_name(request->web),
                *reply->carried == '\0' ? "" : seal_carried(ctx, request->web, reply->carried),
                *reply->carried == '\0' ? over : "; Max-Age=600"});
    if (request->sets_language)
        add(ctx, request, ret,
            (struct cookie){"lang", ctx->language == LANGUAGE_ZH ? "zh" : "en", year});
    if (request->sets_elder)
        add(ctx, request, ret,
            (struct cookie){"elder", request->elder == NULL ? "0" : request->elder, year});
}
