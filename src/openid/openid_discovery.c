/* What a provider says of itself (Discovery 1.0 section 3), as far as we need it. */
#include <string.h>

#include "openid/openid_room.h"

bool openid__lists(const char *list, const char *word)
{
    size_t length = word == NULL ? 0 : strlen(word);
    for (const char *at = list; length > 0 && at != NULL && *at != '\0'; at += *at == ' ') {
        size_t here = strcspn(at, " ");
        if (here == length && memcmp(at, word, length) == 0)
            return true;
        at += here;
    }
    return false;
}

const char *openid__text(const struct json *object, const char *name)
{
    const struct json *member = object->type == JSON_OBJECT ? json_member(object, name) : NULL;
    return member == NULL || member->type != JSON_TEXT || *member->text == '\0' ? NULL
                                                                                : member->text;
}

bool openid__is_address(const char *url)
{
    static const char *const begins[] = {"https://", "http://127.0.0.1:", "http://127.0.0.1/",
                                         "http://[::1]:", "http://[::1]/"};
    bool is_begun = false;
    for (size_t i = 0; i < sizeof begins / sizeof begins[0] && url != NULL; i++)
        is_begun = is_begun || (text_starts(url, begins[i]) && url[strlen(begins[i])] != '\0');
    for (const char *at = url; is_begun && *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c <= ' ' || c >= 0x7F || strchr("\"<>\\^`{|}#", *at) != NULL)
            return false;
    }
    return is_begun;
}

static bool read_place(const struct json *document, const char *name, const char **ret)
{
    *ret = openid__text(document, name);
    return openid__is_address(*ret);
}

static bool has_s256(const struct json *document)
{
    const struct json *methods = json_member(document, "code_challenge_methods_supported");
    bool is_listed = methods == NULL; /* many know it without saying so */
    for (const struct json *one = methods == NULL ? NULL : methods->first; one != NULL;
         one = one->next)
        is_listed = is_listed || (one->type == JSON_TEXT && strcmp(one->text, "S256") == 0);
    return is_listed;
}

bool openid__places_read(struct ctx *ctx, struct bytes document, const char *issuer,
                         struct openid_places *ret)
{
    const struct json *said = json_read(ctx->arena, document.data, document.length);
    *ret = (struct openid_places){0};
    if (said == NULL || said->type != JSON_OBJECT ||
        !text_equal(openid__text(said, "issuer"), issuer) ||
        !read_place(said, "authorization_endpoint", &ret->authorization) ||
        !read_place(said, "token_endpoint", &ret->token) ||
        !read_place(said, "jwks_uri", &ret->keys) || !has_s256(said))
        return false;
    if (!read_place(said, "end_session_endpoint", &ret->end_session))
        ret->end_session = NULL;
    const struct json *names = json_member(said, "authorization_response_iss_parameter_supported");
    ret->names_itself = names != NULL && names->type == JSON_TRUE;
    return true;
}
