/*
 * Cookies from arbitrary bytes: a note that we did not sign is none, one that we did comes back as
 * it was, and with one byte changed it is none again.
 */
#include <assert.h>
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "web/web_room.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The value of "note=…; Path=/", as a browser keeps it. */
static char *value_of(struct ctx *ctx, const char *cookie)
{
    const char *start = strchr(cookie, '=') + 1;
    return (char *)(uintptr_t)arena_text_n(ctx->arena, start, strcspn(start, ";"));
}

static void check_own(struct ctx *ctx, const struct request *request, const char *text,
                      size_t changed)
{
    struct response response = {0};
    add_note(ctx, request, text, &response);
    if (response.cookie_count == 0)
        return; /* too long to be kept */
    assert(strpbrk(response.cookies[0], "\r\n") == NULL);
    char *value = value_of(ctx, response.cookies[0]);
    const char *read = web_read_note(ctx, request->web, value);
    assert(*text == '\0' ? read == NULL || *read == '\0' : strcmp(read, text) == 0);
    value[changed % strlen(value)] ^= 1;
    const char *forged = web_read_note(ctx, request->web, value);
    assert(forged == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (sodium_init() < 0 || length == 0)
        return 0;
    struct arena *arena = arena_new((size_t)16 * 1024 * 1024);
    struct ctx ctx = {.arena = arena};
    struct web web = {.options = {.secret = "0123456789abcdef0123456789abcdef"}};
    struct request request = {.web = &web};
    const char *text = arena_text_n(arena, (const char *)bytes + 1, length - 1);
    assert(web_read_note(&ctx, &web, text) == NULL);
    if (text_valid(text, strlen(text)))
        check_own(&ctx, &request, text, bytes[0]);
    arena_free(arena);
    return 0;
}
