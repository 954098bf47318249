/*
 * Uploads from arbitrary bytes: the body is read or refused, files lie inside it, and names and
 * values are text.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "web/web_room.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static bool lies_in(const struct upload *upload, const uint8_t *bytes, size_t length)
{
    const uint8_t *start = upload->bytes;
    return start >= bytes && start + upload->length <= bytes + length;
}

static void check_read(const struct request *request, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < request->form.count; i++) {
        const struct pair *pair = &request->form.items[i];
        assert(text_valid(pair->name, strlen(pair->name)));
        assert(text_valid(pair->value, strlen(pair->value)));
    }
    assert(request->upload_count <= WEB_UPLOADS_MAX);
    for (size_t i = 0; i < request->upload_count; i++) {
        const char *name = request->uploads[i].upload.file_name;
        assert(text_valid(name, strlen(name)));
        assert(strpbrk(name, "/\\") == NULL);
        assert(lies_in(&request->uploads[i].upload, bytes, length));
    }
}

/* The first byte chooses the kind of body. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const types[] = {"multipart/form-data; boundary=XX",
                                        "multipart/form-data; boundary=\"X\"",
                                        "application/x-www-form-urlencoded", "application/json"};
    struct refusal refusal = {0};
    if (length == 0)
        return 0;
    struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
    struct request request = {.content_type = types[bytes[0] % 4]};
    struct ctx ctx = {.arena = arena, .request = &request};
    const uint8_t *body = (const uint8_t *)arena_text_n(arena, (const char *)bytes + 1, length - 1);
    if (body_read(&ctx, &request, (const char *)body, length - 1, &refusal))
        check_read(&request, body, length - 1);
    else
        assert(refusal.status == 400);
    arena_free(arena);
    return 0;
}
