/* Time-based one-time passwords: RFC 6238 over RFC 4226, as every authenticator computes them. */
#include <assert.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <string.h>

#include "registry/registry_room.h"

enum {
    SHA1_BYTES = 20,
    COUNTER_BYTES = 8,
    STEPS_BESIDE = 1, /* a clock that is half a minute off, a code typed as it ended */
    BASE32_BITS = 5,
};

/* RFC 4226 5.3: the last four bits say which four bytes of the hash are the number. */
static uint32_t number_of(const unsigned char hash[SHA1_BYTES])
{
    const unsigned char *at = hash + (hash[SHA1_BYTES - 1] & 0x0F);
    return (uint32_t)(at[0] & 0x7F) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

void registry__totp_code(struct bytes secret, int64_t step, char ret[TOTP_DIGITS + 1])
{
    unsigned char counter[COUNTER_BYTES], hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    for (int i = 0; i < COUNTER_BYTES; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (8 * (COUNTER_BYTES - 1 - i)));
    const unsigned char *made =
        HMAC(EVP_sha1(), secret.data, (int)secret.length, counter, sizeof counter, hash, &length);
    assert(made != NULL && length == SHA1_BYTES);
    uint32_t number = number_of(hash);
    for (int i = TOTP_DIGITS; i-- > 0; number /= 10)
        ret[i] = (char)('0' + number % 10);
    ret[TOTP_DIGITS] = '\0';
}

int64_t registry__totp_step(struct bytes secret, const char *code, struct instant now, int64_t used)
{
    int64_t current = now.v / 1000 / TOTP_SECONDS, found = 0;
    char expected[TOTP_DIGITS + 1];
    if (strlen(code) != TOTP_DIGITS)
        return 0;
    for (int64_t step = current - STEPS_BESIDE; step <= current + STEPS_BESIDE; step++) {
        registry__totp_code(secret, step, expected);
        bool is_it = sodium_memcmp(expected, code, TOTP_DIGITS) == 0;
        if (is_it && step > used)
            found = step;
    }
    return found;
}

const char *registry__base32(struct ctx *ctx, struct bytes bytes)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const unsigned char *data = bytes.data;
    size_t bits = bytes.length * 8;
    struct buffer text = buffer_new(ctx->arena, bits / BASE32_BITS + 2);
    for (size_t at = 0; at < bits; at += BASE32_BITS) {
        unsigned digit = 0;
        for (size_t bit = at; bit < at + BASE32_BITS; bit++)
            digit = digit << 1 | (bit < bits ? data[bit / 8] >> (7 - bit % 8) & 1U : 0);
        buffer_add_char(&text, alphabet[digit]);
    }
    return text.bytes;
}
