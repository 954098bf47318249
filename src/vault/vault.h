/*
 * Keys, and what lies sealed under them: identity numbers, phones and bank accounts are never plain
 * in the database, its backups or its log.
 *
 * Three levels. The master key comes from outside the database (a file, the environment, a command
 * that asks a key service). It wraps the data keys, which lie in the database. A data key seals
 * values. A new data key takes over while the old ones still open what they sealed, so keys are
 * changed while the program serves.
 *
 * A sealed value is bound to its field and its row: moved to another row, it does not open, so that
 * who writes to the database cannot direct one person's money to another's account. It is found by
 * its blind index: a keyed hash, equal for equal values, telling nothing without the key.
 *
 * Rooms do not call this: a column that its .sql declares `sealed` or `blind` (tools/README.md) is
 * sealed on its way in and opened on its way out.
 *
 * Suites: intl is AES-256-GCM with HMAC-SHA-256; guomi is SM4-CTR with HMAC-SM3, encrypt-then-MAC
 * (GM/T 0002, GM/T 0004; GB/T 39786-2021 asks for them). The suite is chosen when the keys are
 * made.
 */
#ifndef DIANJI_VAULT_VAULT_H
#define DIANJI_VAULT_VAULT_H

#include "base/ctx.h"
#include "base/message.h"
#include "store/store.h"
#include "vault_dict.h"
#include "vault_rows.h" /* struct data_key */

struct vault;

/* --- the master key --- */

enum { MASTER_KEY_BYTES = 32 };
struct master_key {
    unsigned char bytes[MASTER_KEY_BYTES];
};

/*
 * From "file:PATH" (readable by its owner alone), "env:NAME" or "command:WORDS", a program with its
 * arguments; each holds or prints 64 hexadecimal digits. False with what to do about it.
 */
bool vault_master_read(const char *source, struct master_key *ret, struct message *ret_fault);
/* A new one into a new file; false where there is a file already, or none can be made. */
bool vault_master_create(const char *path, struct message *ret_fault);

/* --- the data keys --- */

/* Makes the first keys of a database; false where it has some. In a write transaction. */
bool vault_create(struct ctx *ctx, const struct master_key *master, enum cipher_suite suite);
/*
 * The keys of the ctx's database, opened; they live until the arena is freed, in memory that is
 * never swapped or dumped. NULL where there are none, or the master key is another's.
 */
struct vault *vault_load(struct ctx *ctx, const struct master_key *master, struct arena *arena,
                         struct message *ret_fault);
/* A new key for sealing, in a write transaction: in use from when vault_refresh() meets it. */
void vault_rotate(struct ctx *ctx);
/*
 * New keys of both purposes in the suite, in use at once, in a write transaction in which
 * vault_reseal() then goes through everything: with two blind keys in use nobody is found. No
 * other process may serve meanwhile.
 */
void vault_change_suite(struct ctx *ctx, enum cipher_suite suite);
/* Takes in keys that were made since; also happens by itself when a value asks for one. */
void vault_refresh(struct ctx *ctx);
enum cipher_suite vault_suite(const struct ctx *ctx);
int64_t vault_current_key(const struct ctx *ctx);
struct data_key_list vault_keys(struct ctx *ctx);

/* --- values; ctx->vault must be set --- */

struct sealed_place {
    const char *field;
    int64_t row; /* the id of the row that it stands in */
};

/* None stays none. The bytes live in the ctx's arena. */
struct bytes vault_seal(struct ctx *ctx, struct sealed_place place, struct bytes plain);
/* Followed by a NUL, so that a text is one again. What does not open (altered, moved, another's
 * key) is a fault of the database: logged, raised. */
struct bytes vault_open(struct ctx *ctx, struct sealed_place place, struct bytes sealed);
/* 32 hexadecimal digits; NULL stays NULL. */
const char *vault_blind(struct ctx *ctx, const char *field, const char *text);
/* 32 bytes for another purpose, always the same for this database: no two purposes learn of each
 * other's. */
void vault_derive(const struct vault *vault, const char *purpose, unsigned char ret[32]);
/* The key that sealed the value; 0 for none. */
int64_t vault_key_of(struct bytes sealed);

/* --- sealing anew what older keys sealed, while the program serves */

/* What lies sealed, table by table. */
struct sealed_column {
    const char *name;
    const char
        *index_of; /* the sealed column that this is the blind index of; NULL: it is sealed */
};
struct sealed_table {
    const char *name;
    const struct sealed_column *columns;
    size_t count;
    const struct statement *read;  /* (after, most): the id and the columns, by id */
    const struct statement *write; /* (id, the columns) */
};
extern const struct sealed_table vault_sealed_tables[]; /* generated; ends with a NULL name */

/*
 * One step of a walk through all of it, in a write transaction of its own: some hundred rows from
 * where *progress stands, which it moves on. False when the walk has reached its end. Rows that the
 * current keys sealed are left alone, so a walk that was broken off begins again cheaply.
 */
struct resealing {
    size_t table;
    int64_t after;
    int64_t sealed; /* values so far */
};
bool vault_reseal(struct ctx *ctx, struct resealing *progress);

/* --- for tests only --- */

/* Fresh keys in the ctx's database, opened; in a write transaction. */
void vault_fixture(struct ctx *ctx, struct arena *arena, enum cipher_suite suite);

#endif
