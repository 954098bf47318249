/* Keys for tests; the contract is in vault.h. */
#include <assert.h>

#include "vault/vault.h"

void vault_fixture(struct ctx *ctx, struct arena *arena, enum cipher_suite suite)
{
    const struct master_key master = {{1, 2, 3}};
    struct message fault;
    vault_create(ctx, &master, suite);
    ctx->vault = vault_load(ctx, &master, arena, &fault);
    assert(ctx->vault != NULL);
}
