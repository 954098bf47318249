/* The operator's file: lines "key = value", with # before remarks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "openid/openid_room.h"

enum { SETTINGS_BYTES_MAX = 16 * 1024, SECRET_BYTES_MAX = 512 };

static const struct key {
    const char *name;
    size_t place; /* in struct openid_settings */
    bool is_needed;
} KEYS[] = {
    {"issuer", offsetof(struct openid_settings, issuer), true},
    {"client_id", offsetof(struct openid_settings, client), true},
    {"client_secret", offsetof(struct openid_settings, secret), true},
    {"address", offsetof(struct openid_settings, address), true},
    {"name_zh", offsetof(struct openid_settings, name_zh), true},
    {"name_en", offsetof(struct openid_settings, name_en), true},
    {"scopes", offsetof(struct openid_settings, scopes), false},
    {"algorithms", offsetof(struct openid_settings, algorithms), false},
    {"identity_claim", offsetof(struct openid_settings, identity_claim), false},
    {"required_acr", offsetof(struct openid_settings, required_acr), false},
    {"factor_acr", offsetof(struct openid_settings, factor_acr), false},
    {"factor_amr", offsetof(struct openid_settings, factor_amr), false},
    {"authorities", offsetof(struct openid_settings, authorities), false},
};

static const char DEFAULT_SCOPES[] = "openid";
static const char DEFAULT_ALGORITHMS[] = "RS256 PS256 ES256 EdDSA";

static const char **place_of(struct openid_settings *settings, const struct key *key)
{
    return (const char **)(void *)((char *)settings + key->place);
}

/* The whole of a small file as text; NULL where there is none, or it is no text. */
static char *read_file(struct arena *arena, const char *path, size_t most)
{
    char *text = arena_alloc(arena, most + 1);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    size_t length = fread(text, 1, most + 1, file);
    fclose(file);
    if (length > most || !text_valid(text, length))
        return NULL;
    text[length] = '\0';
    return text;
}

static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL)
        length--;
    text[length] = '\0';
    return text;
}

static const struct key *find_key(const char *name)
{
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        if (strcmp(name, KEYS[i].name) == 0)
            return &KEYS[i];
    return NULL;
}

/* NULL, or the line that is wrong. */
static const char *read_lines(char *text, struct openid_settings *ret)
{
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *name = trim(line), *sign = strchr(name, '=');
        if (*name == '\0' || *name == '#')
            continue;
        if (sign == NULL)
            return name;
        *sign = '\0';
        const struct key *key = find_key(trim(name));
        const char *value = trim(sign + 1);
        if (key == NULL || *value == '\0' || *place_of(ret, key) != NULL)
            return trim(name);
        *place_of(ret, key) = value;
    }
    return NULL;
}

/* A file of a secret that more than its owner may read. */
static const char *open_file_of(const char *source)
{
    struct stat about;
    if (source == NULL || !text_starts(source, "file:"))
        return NULL;
    const char *path = source + strlen("file:");
    return stat(path, &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0 ? path : NULL;
}

/* "file:PATH" or "env:NAME"; the environment is cleared of it. */
static const char *read_secret(struct arena *arena, const char *source)
{
    const char *secret = NULL;
    if (text_starts(source, "file:")) {
        const char *path = source + strlen("file:");
        char *text = read_file(arena, path, SECRET_BYTES_MAX);
        if (text != NULL)
            text[strcspn(text, "\r\n")] = '\0';
        secret = text;
    } else if (text_starts(source, "env:")) {
        const char *name = source + strlen("env:");
        const char *value = getenv(name);
        secret = value == NULL ? NULL : arena_text(arena, value);
        unsetenv(name);
    }
    return text_empty(secret) ? NULL : secret;
}

static bool are_algorithms(struct arena *arena, const char *list)
{
    char *rest = NULL, *words = arena_text(arena, list);
    bool are_known = true;
    for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        are_known = are_known && openid__knows_algorithm(word);
    return are_known;
}

static const char *without_last_slash(struct arena *arena, const char *address)
{
    size_t length = strlen(address);
    return arena_text_n(arena, address, length - (length > 0 && address[length - 1] == '/'));
}

/* The first key that is missing or has a value that will not do; NULL: none. */
static const char *find_fault(struct arena *arena, struct openid_settings *settings)
{
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        if (KEYS[i].is_needed && *place_of(settings, &KEYS[i]) == NULL)
            return KEYS[i].name;
    if (!openid__is_address(settings->issuer) || strchr(settings->issuer, '?') != NULL)
        return "issuer";
    if (!openid__is_address(settings->address) || strchr(settings->address, '?') != NULL)
        return "address";
    if (settings->scopes == NULL)
        settings->scopes = DEFAULT_SCOPES;
    if (!openid__lists(settings->scopes, "openid"))
        return "scopes";
    if (settings->algorithms == NULL)
        settings->algorithms = DEFAULT_ALGORITHMS;
    if (!are_algorithms(arena, settings->algorithms))
        return "algorithms";
    settings->secret = read_secret(arena, settings->secret);
    if (settings->secret == NULL)
        return "client_secret";
    settings->address = without_last_slash(arena, settings->address);
    return NULL;
}

bool openid_settings_read(struct arena *arena, const char *path, struct openid_settings *ret,
                          struct message *ret_fault)
{
    *ret = (struct openid_settings){0};
    *ret_fault = (struct message){0};
    char *text = read_file(arena, path, SETTINGS_BYTES_MAX);
    if (text == NULL) {
        *ret_fault = (struct message){"openid.settings_unreadable", {{"path", path}}};
        return false;
    }
    const char *wrong = read_lines(text, ret);
    const char *open = open_file_of(ret->secret);
    if (wrong == NULL && open == NULL)
        wrong = find_fault(arena, ret);
    if (wrong != NULL)
        *ret_fault = (struct message){"openid.settings_wrong", {{"path", path}, {"key", wrong}}};
    else if (open != NULL)
        *ret_fault = (struct message){"openid.secret_open", {{"path", open}}};
    else if (ret->identity_claim != NULL && ret->required_acr == NULL)
        *ret_fault = (struct message){"openid.claim_without_level", {{"path", path}}};
    return ret_fault->key == NULL;
}
