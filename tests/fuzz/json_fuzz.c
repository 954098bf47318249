/* JSON from arbitrary bytes: what is read is valid text all through, and has no name twice. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check(const struct json *value)
{
    if (value->text != NULL)
        assert(text_valid(value->text, strlen(value->text)));
    for (const struct json *child = value->first; child != NULL; child = child->next) {
        if (value->type == JSON_OBJECT)
            assert(json_member(value, child->name) == child);
        check(child);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
    const struct json *value = json_read(arena, (const char *)bytes, length);
    if (value != NULL)
        check(value);
    arena_free(arena);
    return 0;
}
