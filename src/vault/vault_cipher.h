/* The two suites, on bytes. Private to the room. */
#ifndef DIANJI_VAULT_VAULT_CIPHER_H
#define DIANJI_VAULT_VAULT_CIPHER_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "vault_dict.h"

enum {
    CIPHER_SECRET_BYTES = 32,
    CIPHER_MAC_BYTES = 32,
    CIPHER_OVERHEAD_MAX = 16 + 32, /* what a sealed text is longer than the plain one */
};

/* Made of one secret; the parts are never used for two things. Read by many threads. */
struct cipher_key {
    enum cipher_suite suite;
    EVP_CIPHER *cipher;
    EVP_MAC_CTX *mac; /* keyed; copied for each use */
    unsigned char encryption[CIPHER_SECRET_BYTES];
};
void cipher_key_open(enum cipher_suite suite, const unsigned char secret[CIPHER_SECRET_BYTES],
                     struct cipher_key *ret);
void cipher_key_close(struct cipher_key *key);

/* HMAC with the suite's hash over the parts, each behind its length. */
void cipher_mac(const struct cipher_key *key, const struct bytes *parts, size_t count,
                unsigned char ret[CIPHER_MAC_BYTES]);

/* nonce, ciphertext, tag; `beside` is authenticated with it. Returns the length written, at most
 * plain.length + CIPHER_OVERHEAD_MAX. */
size_t cipher_seal(const struct cipher_key *key, struct bytes beside, struct bytes plain,
                   unsigned char *ret);
/* False where anything was altered. *ret_length is at most sealed.length. */
bool cipher_open(const struct cipher_key *key, struct bytes beside, struct bytes sealed,
                 unsigned char *ret, size_t *ret_length);

#endif
