/* AES-256-GCM and SM4-CTR with HMAC-SM3. OpenSSL 3.0 has no SM4-GCM, hence encrypt-then-MAC. */
#include "vault/vault_cipher.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { GCM_NONCE = 12, GCM_TAG = 16, CTR_NONCE = 16 };

/* Where the library itself fails, nothing could be answered safely. */
static void must(int is_done)
{
    if (is_done != 1)
        abort();
}

/* --- keys */

static EVP_MAC_CTX *mac_open(enum cipher_suite suite, const unsigned char *secret)
{
    bool is_intl = suite == CIPHER_SUITE_INTL;
    char digest[] = "SHA256", chinese_digest[] = "SM3";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, is_intl ? digest : chinese_digest,
                                         0),
        OSSL_PARAM_construct_end()};
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    must(hmac != NULL);
    EVP_MAC_CTX *mac = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    must(mac != NULL);
    must(EVP_MAC_init(mac, secret, CIPHER_SECRET_BYTES, parameters));
    return mac;
}

static void mac_over(const EVP_MAC_CTX *keyed, const struct bytes *parts, size_t count,
                     unsigned char ret[CIPHER_MAC_BYTES])
{
    size_t length = 0;
    EVP_MAC_CTX *mac = EVP_MAC_CTX_dup(keyed);
    must(mac != NULL);
    for (size_t i = 0; i < count; i++) {
        uint64_t ahead = htobe64(parts[i].length);
        must(EVP_MAC_update(mac, (const unsigned char *)&ahead, sizeof ahead));
        must(EVP_MAC_update(mac, parts[i].data, parts[i].length));
    }
    must(EVP_MAC_final(mac, ret, &length, CIPHER_MAC_BYTES));
    assert(length == CIPHER_MAC_BYTES);
    EVP_MAC_CTX_free(mac);
}

static void derive(const EVP_MAC_CTX *root, const char *purpose,
                   unsigned char ret[CIPHER_SECRET_BYTES])
{
    mac_over(root, &(struct bytes){purpose, strlen(purpose)}, 1, ret);
}

void cipher_key_open(enum cipher_suite suite, const unsigned char secret[CIPHER_SECRET_BYTES],
                     struct cipher_key *ret)
{
    unsigned char authentication[CIPHER_SECRET_BYTES];
    EVP_MAC_CTX *root = mac_open(suite, secret);
    derive(root, "dianji: encryption", ret->encryption);
    derive(root, "dianji: authentication", authentication);
    EVP_MAC_CTX_free(root);
    ret->suite = suite;
    ret->cipher =
        EVP_CIPHER_fetch(NULL, suite == CIPHER_SUITE_INTL ? "AES-256-GCM" : "SM4-CTR", NULL);
    must(ret->cipher != NULL);
    ret->mac = mac_open(suite, authentication);
    sodium_memzero(authentication, sizeof authentication);
}

void cipher_key_close(struct cipher_key *key)
{
    EVP_CIPHER_free(key->cipher);
    EVP_MAC_CTX_free(key->mac);
    sodium_memzero(key, sizeof *key);
}

void cipher_mac(const struct cipher_key *key, const struct bytes *parts, size_t count,
                unsigned char ret[CIPHER_MAC_BYTES])
{
    mac_over(key->mac, parts, count, ret);
}

/* --- AES-256-GCM */

static size_t gcm_seal(const struct cipher_key *key, struct bytes beside, struct bytes plain,
                       unsigned char *ret)
{
    unsigned char *text = ret + GCM_NONCE;
    int length = 0, rest = 0;
    randombytes_buf(ret, GCM_NONCE);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    must(cipher != NULL);
    must(EVP_EncryptInit_ex2(cipher, key->cipher, key->encryption, ret, NULL));
    must(EVP_EncryptUpdate(cipher, NULL, &length, beside.data, (int)beside.length));
    must(EVP_EncryptUpdate(cipher, text, &length, plain.data, (int)plain.length));
    must(EVP_EncryptFinal_ex(cipher, text + length, &rest));
    must(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, GCM_TAG, text + length));
    EVP_CIPHER_CTX_free(cipher);
    return GCM_NONCE + (size_t)length + GCM_TAG;
}

static bool gcm_open(const struct cipher_key *key, struct bytes beside, struct bytes sealed,
                     unsigned char *ret, size_t *ret_length)
{
    const unsigned char *nonce = sealed.data;
    unsigned char tag[GCM_TAG];
    int length = 0, rest = 0;
    if (sealed.length < GCM_NONCE + GCM_TAG)
        return false;
    *ret_length = sealed.length - GCM_NONCE - GCM_TAG;
    memcpy(tag, nonce + GCM_NONCE + *ret_length, GCM_TAG);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    must(cipher != NULL);
    must(EVP_DecryptInit_ex2(cipher, key->cipher, key->encryption, nonce, NULL));
    must(EVP_DecryptUpdate(cipher, NULL, &length, beside.data, (int)beside.length));
    must(EVP_DecryptUpdate(cipher, ret, &length, nonce + GCM_NONCE, (int)*ret_length));
    must(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, GCM_TAG, tag));
    bool is_whole = EVP_DecryptFinal_ex(cipher, ret + length, &rest) == 1;
    EVP_CIPHER_CTX_free(cipher);
    return is_whole;
}

/* --- SM4-CTR, HMAC-SM3 */

/* The same both ways. */
static void ctr_turn(const struct cipher_key *key, const unsigned char *nonce, struct bytes text,
                     unsigned char *ret)
{
    int length = 0;
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    must(cipher != NULL);
    must(EVP_EncryptInit_ex2(cipher, key->cipher, key->encryption, nonce, NULL));
    must(EVP_EncryptUpdate(cipher, ret, &length, text.data, (int)text.length));
    EVP_CIPHER_CTX_free(cipher);
}

static void ctr_mac(const struct cipher_key *key, struct bytes beside, struct bytes sealed,
                    unsigned char ret[CIPHER_MAC_BYTES])
{
    mac_over(key->mac, (const struct bytes[]){beside, sealed}, 2, ret);
}

static size_t ctr_seal(const struct cipher_key *key, struct bytes beside, struct bytes plain,
                       unsigned char *ret)
{
    size_t length = CTR_NONCE + plain.length;
    randombytes_buf(ret, CTR_NONCE);
    ctr_turn(key, ret, plain, ret + CTR_NONCE);
    ctr_mac(key, beside, (struct bytes){ret, length}, ret + length);
    return length + CIPHER_MAC_BYTES;
}

static bool ctr_open(const struct cipher_key *key, struct bytes beside, struct bytes sealed,
                     unsigned char *ret, size_t *ret_length)
{
    const unsigned char *nonce = sealed.data;
    unsigned char mac[CIPHER_MAC_BYTES];
    if (sealed.length < CTR_NONCE + CIPHER_MAC_BYTES)
        return false;
    size_t length = sealed.length - CIPHER_MAC_BYTES;
    ctr_mac(key, beside, (struct bytes){nonce, length}, mac);
    if (sodium_memcmp(mac, nonce + length, sizeof mac) != 0)
        return false;
    *ret_length = length - CTR_NONCE;
    ctr_turn(key, nonce, (struct bytes){nonce + CTR_NONCE, *ret_length}, ret);
    return true;
}

/* --- either */

size_t cipher_seal(const struct cipher_key *key, struct bytes beside, struct bytes plain,
                   unsigned char *ret)
{
    return key->suite == CIPHER_SUITE_INTL ? gcm_seal(key, beside, plain, ret)
                                           : ctr_seal(key, beside, plain, ret);
}

bool cipher_open(const struct cipher_key *key, struct bytes beside, struct bytes sealed,
                 unsigned char *ret, size_t *ret_length)
{
    return key->suite == CIPHER_SUITE_INTL ? gcm_open(key, beside, sealed, ret, ret_length)
                                           : ctr_open(key, beside, sealed, ret, ret_length);
}
