/*
 * Headers from arbitrary bytes: what a client prefers is weighed within its bounds, whatever it
 * wrote, and a page is only "as before" for who named its tag.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "web/web_room.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_tags(const char *header)
{
    static const char tag[] = "\"0123456789abcdef\"";
    struct response response = {.status = 200, .body = "page", .length = 4, .tag = tag};
    response_if_new(header, &response);
    bool is_known = strstr(header, tag) != NULL;
    assert(response.status == (is_known ? 304 : 200));
    assert(response.length == (is_known ? 0 : 4));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const types[] = {"text/html", "application/json"};
    struct arena *arena = arena_new((size_t)16 * 1024 * 1024);
    const char *header = arena_text_n(arena, (const char *)bytes, length);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        int quality = accept_quality(header, types[i]);
        assert(quality >= 0 && quality <= 1000);
    }
    assert(!accepts_gzip(header) || strcasestr(header, "gzip") != NULL);
    enum language language = accept_language(header);
    assert(language == LANGUAGE_ZH || (language == LANGUAGE_EN && strcasestr(header, "en")));
    check_tags(header);
    arena_free(arena);
    return 0;
}
