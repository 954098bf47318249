/*
 * gzip of what is sent. zlib's state is a quarter of a megabyte, so it is not made anew for each
 * page: idle ones wait in a pool.
 */
#include <pthread.h>
#include <string.h>
#include <zlib.h>

#include "web/web_room.h"

enum {
    FROM_BYTES = 1024, /* smaller answers fit a packet anyway */
    LEVEL = 4,         /* measured: 6 saves 2% more at half the speed */
    GZIP = 15 + 16,    /* the window, with gzip's head and tail */
    GZIP_BYTES = 32,   /* of both */
    MEMORY = 8,
    IDLE_MAX = 64,
};

struct packers {
    pthread_mutex_t lock;
    size_t count;
    z_stream *items[IDLE_MAX];
    z_stream store[IDLE_MAX];
    size_t made;
};

struct packers *packers_new(struct arena *arena)
{
    struct packers *packers = arena_one(arena, struct packers);
    pthread_mutex_init(&packers->lock, NULL);
    return packers;
}

void packers_end(struct packers *packers)
{
    for (size_t i = 0; i < packers->made; i++)
        deflateEnd(&packers->store[i]);
}

/* NULL where all are busy or memory is short: the answer then goes unpacked. */
static z_stream *take(struct packers *packers)
{
    z_stream *stream = NULL;
    pthread_mutex_lock(&packers->lock);
    if (packers->count > 0) {
        stream = packers->items[--packers->count];
    } else if (packers->made < IDLE_MAX) {
        z_stream *made = &packers->store[packers->made];
        if (deflateInit2(made, LEVEL, Z_DEFLATED, GZIP, MEMORY, Z_DEFAULT_STRATEGY) == Z_OK) {
            packers->made++;
            stream = made;
        }
    }
    pthread_mutex_unlock(&packers->lock);
    return stream;
}

static void give(struct packers *packers, z_stream *stream)
{
    deflateReset(stream);
    pthread_mutex_lock(&packers->lock);
    packers->items[packers->count++] = stream;
    pthread_mutex_unlock(&packers->lock);
}

static bool is_packable(const char *content_type)
{
    return text_starts(content_type, "text/") || strstr(content_type, "json") != NULL;
}

void response_pack(struct ctx *ctx, const struct request *request, struct response *ret)
{
    if (!request->accepts_gzip || ret->is_packed || ret->length < FROM_BYTES ||
        !is_packable(ret->content_type))
        return;
    size_t most = deflateBound(NULL, ret->length) + GZIP_BYTES;
    unsigned char *packed = arena_alloc(ctx->arena, most); /* may raise: nothing is held yet */
    z_stream *stream = take(request->web->packers);
    if (stream == NULL)
        return;
    stream->next_in = (unsigned char *)(uintptr_t)ret->body;
    stream->avail_in = (unsigned)ret->length;
    stream->next_out = packed;
    stream->avail_out = (unsigned)most;
    if (deflate(stream, Z_FINISH) == Z_STREAM_END) {
        ret->body = packed;
        ret->length = stream->total_out;
        ret->is_packed = true;
    }
    give(request->web->packers, stream);
}
