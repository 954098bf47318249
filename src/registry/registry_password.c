/* Passwords: Argon2id, slow on purpose, and the few that anybody would try first. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry_common.h"
#include "registry/registry_room.h"

enum {
    HASH_PASSES = 2, /* with these 19 MiB, what OWASP names as the least */
    HASH_BYTES = 19 * 1024 * 1024,
    PASSWORD_LEAST = 12,
    PASSWORD_MOST = 128,
    UNIT_MOST = 4,     /* abcdabcdabcd is no longer a secret than abcd */
    LOGIN_TELLING = 4, /* a shorter login is found in passwords by chance */
    NEW_GROUPS = 4,
    NEW_GROUP_CHARACTERS = 4,
};

const char registry__nobodys_hash[] = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                                      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static const int64_t DAY_MS = 24LL * 60 * 60 * 1000;

/* What people here begin their passwords with, beside the words of the generated list. */
static const char *const LOCAL[] = {
    "administrator", "changeme", "chuxiong", "dali",         "dianji",   "jineng",
    "jinengyunnan",  "kunming",  "lijiang",  "mima",         "peixun",   "qujing",
    "renshe",        "shouji",   "woaini",   "woaizhongguo", "yunnan",   "yuxi",
    "zhaotong",      "zhongguo", "passw0rd", "p@ssw0rd",     "p@ssword", "guanliyuan",
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

/* --- what is guessed first */

static int compare_prefixes(const void *key, const void *item)
{
    uint64_t a = *(const uint64_t *)key, b = *(const uint64_t *)item;
    return (a > b) - (a < b);
}

static bool is_listed(const char *word, size_t length)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    uint64_t prefix = 0;
    crypto_hash_sha256(digest, (const unsigned char *)word, length);
    for (size_t i = 0; i < sizeof prefix; i++)
        prefix = prefix << 8 | digest[i];
    if (bsearch(&prefix, registry__common, registry__common_count, sizeof prefix,
                compare_prefixes) != NULL)
        return true;
    for (size_t i = 0; i < sizeof LOCAL / sizeof LOCAL[0]; i++)
        if (strlen(LOCAL[i]) == length && memcmp(word, LOCAL[i], length) == 0)
            return true;
    return false;
}

/* The same few bytes over and over; with a word of the list, however long it is. */
static bool is_repeated(const char *password, size_t length)
{
    for (size_t unit = 1; unit <= length / 2; unit++) {
        if (length % unit != 0 || memcmp(password, password + unit, length - unit) != 0)
            continue;
        if (unit <= UNIT_MOST || is_listed(password, unit))
            return true;
    }
    return false;
}

/* 123456789012, abcdefghijkl, 987654321098: each the next of the one before, round the corner. */
static bool is_row(const char *password, size_t length)
{
    for (int step = -1; step <= 1; step += 2) {
        size_t i = 1;
        while (i < length) {
            int next = password[i - 1] + step;
            if (next == '9' + 1)
                next = '0';
            if (next == '0' - 1)
                next = '9';
            if (password[i] != (char)next)
                break;
            i++;
        }
        if (i == length)
            return true;
    }
    return false;
}

static bool is_ornament(char c)
{
    return (c >= '0' && c <= '9') || (c > ' ' && c < 0x7F && strchr("!@#$%^&*()-_=+.,?~/|", c));
}

/* A listed word with digits and signs around it is as easily guessed as the word: Dragon2025!!!! */
static bool is_common(const char *password)
{
    size_t length = strlen(password), begin = 0, end = length;
    if (is_listed(password, length) || is_repeated(password, length) || is_row(password, length))
        return true;
    while (end > 0 && is_ornament(password[end - 1]))
        end--;
    while (begin < end && is_ornament(password[begin]))
        begin++;
    return end > begin && is_listed(password + begin, end - begin);
}

static const struct breached *breached_of(const struct ctx *ctx)
{
    return ctx->services == NULL ? NULL : ctx->services->breached;
}

enum password_change registry_password_check(struct ctx *ctx, const char *password,
                                             const char *login)
{
    const char *meant = text_clean(ctx->arena, password);
    const char *lower = registry__login(ctx, meant);
    const char *plain = login == NULL ? "" : registry__login(ctx, login);
    size_t length = text_characters(meant);
    if (length < PASSWORD_LEAST)
        return PASSWORD_CHANGE_TOO_SHORT;
    if (length > PASSWORD_MOST)
        return PASSWORD_CHANGE_TOO_LONG;
    if (is_common(lower) || registry__is_breached(breached_of(ctx), meant))
        return PASSWORD_CHANGE_TOO_COMMON;
    if (strlen(plain) >= LOGIN_TELLING && strstr(lower, plain) != NULL)
        return PASSWORD_CHANGE_LIKE_LOGIN;
    return PASSWORD_CHANGE_DONE;
}

bool registry__password_is_over(const struct ctx *ctx, const struct account *account)
{
    int64_t days = pack_parameter(ctx->pack, PARAMETER_INITIAL_PASSWORD_DAYS, ctx->today);
    return account->is_password_initial && ctx->now.v - account->password_since.v > days * DAY_MS;
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
