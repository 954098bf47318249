/* Data keys: made, wrapped, opened; values sealed under them. */
#include "vault/vault.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/text.h"
#include "vault/vault_cipher.h"
#include "vault_sql.h"

enum {
    KEYS_MAX = 1024, /* one a month for eighty years */
    NUMBER_BYTES = 4,
    BESIDE_BYTES_MAX = 80,
    BLIND_BYTES = 16,
};

/* A key once met stays where it is, so readers take no lock. */
struct vault {
    struct master_key *master;
    struct cipher_key *_Atomic blind;
    struct cipher_key *_Atomic keys[KEYS_MAX + 1]; /* by number; the blind ones as well */
    _Atomic int64_t current;                       /* what seals */
    _Atomic int64_t last;                          /* the highest number that was taken in */
    pthread_mutex_t taking_in;
};

/* --- memory that is not swapped, not dumped, and wiped */

static void *secret_memory(struct arena *arena, size_t size)
{
    void *memory = sodium_init() < 0 ? NULL : sodium_malloc(size);
    if (memory == NULL)
        fault_raise(arena, FAULT_MEMORY);
    return memory;
}

static struct cipher_key *new_key(struct arena *arena, enum cipher_suite suite,
                                  const unsigned char secret[CIPHER_SECRET_BYTES])
{
    struct cipher_key *key = secret_memory(arena, sizeof *key);
    cipher_key_open(suite, secret, key);
    return key;
}

static void free_key(struct cipher_key *key)
{
    if (key != NULL)
        cipher_key_close(key);
    sodium_free(key);
}

static void close_vault(void *argument)
{
    struct vault *vault = argument;
    sodium_free(vault->master);
    for (size_t i = 0; i <= KEYS_MAX; i++)
        free_key(vault->keys[i]);
    pthread_mutex_destroy(&vault->taking_in);
}

/* --- data keys, wrapped */

/* What a wrapped key is bound to: nobody makes an old key the current one, or one of another use.
 */
static struct bytes wrapping_place(struct arena *arena, const struct data_key *key)
{
    const char *text = arena_printf(arena, "data key %lld %s %s", (long long)key->number,
                                    key_purpose_code(key->purpose), cipher_suite_code(key->suite));
    return (struct bytes){text, strlen(text)};
}

static void make_key(struct ctx *ctx, const struct master_key *master, enum key_purpose purpose,
                     enum cipher_suite suite)
{
    struct data_key key = {
        .number = sql_data_key_last(ctx) + 1, .purpose = purpose, .suite = suite};
    unsigned char secret[CIPHER_SECRET_BYTES];
    unsigned char *wrapped = arena_alloc(ctx->arena, sizeof secret + CIPHER_OVERHEAD_MAX);
    struct bytes place = wrapping_place(ctx->arena, &key);
    struct cipher_key *wrapping = new_key(ctx->arena, suite, master->bytes);
    randombytes_buf(secret, sizeof secret);
    size_t length = cipher_seal(wrapping, place, (struct bytes){secret, sizeof secret}, wrapped);
    sodium_memzero(secret, sizeof secret);
    free_key(wrapping);
    sql_data_key_insert(ctx, &(struct sql_data_key_insert){.number = key.number,
                                                           .purpose = purpose,
                                                           .suite = suite,
                                                           .wrapped = {wrapped, length},
                                                           .created_at = ctx->now});
}

bool vault_create(struct ctx *ctx, const struct master_key *master, enum cipher_suite suite)
{
    if (sql_data_key_last(ctx) > 0)
        return false;
    make_key(ctx, master, KEY_PURPOSE_BLIND, suite);
    make_key(ctx, master, KEY_PURPOSE_SEAL, suite);
    return true;
}

void vault_rotate(struct ctx *ctx)
{
    make_key(ctx, ctx->vault->master, KEY_PURPOSE_SEAL, vault_suite(ctx));
}

void vault_change_suite(struct ctx *ctx, enum cipher_suite suite)
{
    make_key(ctx, ctx->vault->master, KEY_PURPOSE_BLIND, suite);
    make_key(ctx, ctx->vault->master, KEY_PURPOSE_SEAL, suite);
    vault_refresh(ctx);
}

/* NULL where the master key is not the one that wrapped it. */
static struct cipher_key *unwrap(struct ctx *ctx, const struct master_key *master,
                                 const struct data_key *key)
{
    unsigned char secret[CIPHER_SECRET_BYTES + CIPHER_OVERHEAD_MAX];
    size_t length = 0;
    struct cipher_key *opened = NULL;
    struct bytes place = wrapping_place(ctx->arena, key);
    struct cipher_key *wrapping = new_key(ctx->arena, key->suite, master->bytes);
    if (key->wrapped.length <= sizeof secret &&
        cipher_open(wrapping, place, key->wrapped, secret, &length) &&
        length == CIPHER_SECRET_BYTES)
        opened = new_key(ctx->arena, key->suite, secret);
    sodium_memzero(secret, sizeof secret);
    free_key(wrapping);
    return opened;
}

/* False where one does not open. */
static bool take_in(struct ctx *ctx, struct vault *vault)
{
    struct data_key_list made = sql_data_keys(ctx, vault->last);
    for (size_t i = 0; i < made.count; i++) {
        const struct data_key *key = &made.items[i];
        struct cipher_key *opened =
            key->number <= KEYS_MAX ? unwrap(ctx, vault->master, key) : NULL;
        if (opened == NULL)
            return false;
        vault->keys[key->number] = opened;
        if (key->purpose == KEY_PURPOSE_BLIND)
            vault->blind = opened;
        else
            vault->current = key->number;
        vault->last = key->number;
    }
    return true;
}

/* The statement that raises under the lock would keep it for ever: so the guard. */
void vault_refresh(struct ctx *ctx)
{
    struct vault *vault = ctx->vault;
    struct guard guard;
    pthread_mutex_lock(&vault->taking_in);
    if (GUARDED(ctx->arena, &guard) != FAULT_NONE) {
        pthread_mutex_unlock(&vault->taking_in);
        fault_raise(ctx->arena, guard.fault);
    }
    if (!take_in(ctx, vault))
        log_line("vault: a new data key does not open under the master key");
    guard_leave(ctx->arena, &guard);
    pthread_mutex_unlock(&vault->taking_in);
}

struct vault *vault_load(struct ctx *ctx, const struct master_key *master, struct arena *arena,
                         struct message *ret_fault)
{
    struct vault *vault = arena_one(arena, struct vault);
    pthread_mutex_init(&vault->taking_in, NULL);
    arena_defer(arena, close_vault, vault);
    vault->master = secret_memory(arena, sizeof *master);
    *vault->master = *master;
    if (!take_in(ctx, vault)) {
        *ret_fault = (struct message){.key = "vault.master_differs"};
        return NULL;
    }
    if (vault->current == 0 || vault->blind == NULL) {
        *ret_fault = (struct message){.key = "vault.no_keys"};
        return NULL;
    }
    return vault;
}

enum cipher_suite vault_suite(const struct ctx *ctx)
{
    struct cipher_key *blind = ctx->vault->blind;
    return blind->suite;
}

int64_t vault_current_key(const struct ctx *ctx)
{
    return ctx->vault->current;
}

struct data_key_list vault_keys(struct ctx *ctx)
{
    return sql_data_keys(ctx, 0);
}

/* --- values: the key's number, then what the cipher wrote */

static void put_number(unsigned char *ret, size_t width, uint64_t number)
{
    for (size_t i = 0; i < width; i++)
        ret[i] = (unsigned char)(number >> (8 * (width - 1 - i)));
}

int64_t vault_key_of(struct bytes sealed)
{
    const unsigned char *at = sealed.data;
    int64_t number = 0;
    if (sealed.length < NUMBER_BYTES)
        return 0;
    for (size_t i = 0; i < NUMBER_BYTES; i++)
        number = number << 8 | at[i];
    return number;
}

/* The key's number, the row, the field's name. */
static struct bytes beside_of(struct sealed_place place, int64_t number,
                              unsigned char ret[BESIDE_BYTES_MAX])
{
    size_t length = strlen(place.field);
    assert(length <= BESIDE_BYTES_MAX - NUMBER_BYTES - sizeof place.row);
    put_number(ret, NUMBER_BYTES, (uint64_t)number);
    put_number(ret + NUMBER_BYTES, sizeof place.row, (uint64_t)place.row);
    memcpy(ret + NUMBER_BYTES + sizeof place.row, place.field, length);
    return (struct bytes){ret, NUMBER_BYTES + sizeof place.row + length};
}

struct bytes vault_seal(struct ctx *ctx, struct sealed_place place, struct bytes plain)
{
    if (plain.data == NULL)
        return (struct bytes){0};
    unsigned char beside[BESIDE_BYTES_MAX];
    int64_t number = ctx->vault->current;
    unsigned char *sealed =
        arena_alloc(ctx->arena, NUMBER_BYTES + plain.length + CIPHER_OVERHEAD_MAX);
    put_number(sealed, NUMBER_BYTES, (uint64_t)number);
    size_t length = cipher_seal(ctx->vault->keys[number], beside_of(place, number, beside), plain,
                                sealed + NUMBER_BYTES);
    return (struct bytes){sealed, NUMBER_BYTES + length};
}

/* Another process may have made the key since. */
static const struct cipher_key *key_numbered(struct ctx *ctx, int64_t number)
{
    if (number > ctx->vault->last)
        vault_refresh(ctx);
    return number > 0 && number <= KEYS_MAX ? ctx->vault->keys[number] : NULL;
}

struct bytes vault_open(struct ctx *ctx, struct sealed_place place, struct bytes sealed)
{
    if (sealed.data == NULL)
        return (struct bytes){0};
    unsigned char beside[BESIDE_BYTES_MAX];
    size_t length = 0;
    int64_t number = vault_key_of(sealed);
    const struct cipher_key *key = key_numbered(ctx, number);
    unsigned char *text = arena_alloc(ctx->arena, sealed.length + 1);
    if (key != NULL) {
        struct bytes body = {(const unsigned char *)sealed.data + NUMBER_BYTES,
                             sealed.length - NUMBER_BYTES};
        if (cipher_open(key, beside_of(place, number, beside), body, text, &length)) {
            text[length] = '\0';
            return (struct bytes){text, length};
        }
    }
    log_line("vault: %s of row %lld does not open under key %lld", place.field,
             (long long)place.row, (long long)number);
    fault_raise(ctx->arena, FAULT_STORE);
}

const char *vault_blind(struct ctx *ctx, const char *field, const char *text)
{
    if (text == NULL)
        return NULL;
    unsigned char mac[CIPHER_MAC_BYTES];
    const struct bytes parts[] = {{field, strlen(field)}, {text, strlen(text)}};
    struct cipher_key *key = ctx->vault->blind;
    cipher_mac(key, parts, 2, mac);
    char *hex = arena_alloc(ctx->arena, BLIND_BYTES * 2 + 1);
    return sodium_bin2hex(hex, BLIND_BYTES * 2 + 1, mac, BLIND_BYTES);
}

void vault_derive(const struct vault *vault, const char *purpose, unsigned char ret[32])
{
    const struct bytes parts[] = {{purpose, strlen(purpose)}};
    cipher_mac(vault->blind, parts, 1, ret);
}
