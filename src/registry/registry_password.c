/* Passwords: Argon2id, slow on purpose, and the few that anybody would try first. */
#include <sodium.h>
#include <string.h>

#include "base/text.h"
#include "registry/registry_room.h"

enum {
    HASH_PASSES = 2, /* with these 19 MiB, what OWASP names as the least */
    HASH_BYTES = 19 * 1024 * 1024,
    PASSWORD_LEAST = 10,
    LOGIN_TELLING = 4, /* a shorter login is found in passwords by chance */
    NEW_GROUPS = 4,
    NEW_GROUP_CHARACTERS = 4,
};

const char registry__nobodys_hash[] = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                                      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/* Long enough, and yet tried first by everyone who guesses; in lower case. */
static const char *const COMMON[] = {
    "1234567890",   "0123456789",  "0987654321",   "9876543210",    "12345678910",
    "123456789a",   "a123456789",  "123456789q",   "q123456789",    "1234567890a",
    "12345678900",  "1122334455",  "1234512345",   "1231231234",    "123123123123",
    "1qaz2wsx3edc", "1q2w3e4r5t",  "1q2w3e4r5t6y", "q1w2e3r4t5",    "qwertyuiop",
    "qwertyuiop1",  "qwerty12345", "qwerty123456", "asdfghjkl1",    "asdfghjkl123",
    "zxcvbnm123",   "abcd123456",  "abcdef123456", "abc123456789",  "aa123456789",
    "password12",   "password123", "password1234", "passw0rd123",   "p@ssw0rd123",
    "p@ssword123",  "admin12345",  "admin123456",  "administrator", "root123456",
    "welcome123",   "welcome1234", "iloveyou123",  "woaini1314",    "woaini5201314",
    "5201314520",   "1314520520",  "woaini123456", "wo123456789",   "qq123456789",
    "wang123456",   "zhang123456", "li123456789",  "yunnan123456",  "kunming123456",
    "dianji123456", "changeme123", "letmein1234",  "test123456",    "test1234567",
};

const char *registry_hash_password(struct ctx *ctx, const char *password)
{
    const char *meant = text_clean(ctx->arena, password); /* as a form's text arrives */
    char *hash = arena_alloc(ctx->arena, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str(hash, meant, strlen(meant), HASH_PASSES, HASH_BYTES) != 0)
        fault_raise(ctx->arena, FAULT_MEMORY);
    return hash;
}

bool registry__password_fits(struct ctx *ctx, const char *password_hash, const char *password)
{
    const char *meant = text_clean(ctx->arena, password);
    return crypto_pwhash_str_verify(password_hash, meant, strlen(meant)) == 0;
}

static bool is_common(const char *password)
{
    for (size_t i = 0; i < sizeof COMMON / sizeof COMMON[0]; i++)
        if (strcmp(password, COMMON[i]) == 0)
            return true;
    const char first[] = {password[0], '\0'};
    return strspn(password, first) == strlen(password); /* 8888888888 */
}

enum password_change registry_password_check(struct ctx *ctx, const char *password,
                                             const char *login)
{
    const char *meant = text_clean(ctx->arena, password);
    const char *lower = registry__login(ctx, meant);
    const char *plain = login == NULL ? "" : registry__login(ctx, login);
    if (text_characters(meant) < PASSWORD_LEAST)
        return PASSWORD_CHANGE_TOO_SHORT;
    if (is_common(lower))
        return PASSWORD_CHANGE_TOO_COMMON;
    if (strlen(plain) >= LOGIN_TELLING && strstr(lower, plain) != NULL)
        return PASSWORD_CHANGE_LIKE_LOGIN;
    return PASSWORD_CHANGE_DONE;
}

const char *registry_password_new(struct ctx *ctx)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    struct buffer password = buffer_new(ctx->arena, NEW_GROUPS * (NEW_GROUP_CHARACTERS + 1));
    for (int i = 0; i < NEW_GROUPS * NEW_GROUP_CHARACTERS; i++) {
        if (i > 0 && i % NEW_GROUP_CHARACTERS == 0)
            buffer_add_char(&password, '-');
        buffer_add_char(&password, letters[randombytes_uniform(sizeof letters - 1)]);
    }
    return password.bytes;
}
