/* PostgreSQL: to come. */
#include "store/store_engine.h"

static struct connection *postgres_connect(struct store *store, bool writer, struct why *ret_why)
{
    (void)store;
    (void)writer;
    store__why(ret_why, "PostgreSQL is not supported yet");
    return NULL;
}

const struct engine store__postgres = {.connect = postgres_connect};

enum store_result store__postgres_read(struct store *store, struct ctx *ctx, store_work *work,
                                       void *argument)
{
    (void)store, (void)ctx, (void)work, (void)argument;
    return STORE_FAILED;
}

enum store_result store__postgres_write(struct store *store, struct ctx *ctx, store_work *work,
                                        void *argument)
{
    (void)store, (void)ctx, (void)work, (void)argument;
    return STORE_FAILED;
}
