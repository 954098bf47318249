/* Where the master key comes from. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "vault/vault.h"

enum { HEX_LENGTH = MASTER_KEY_BYTES * 2, READ_MAX = 256, WORDS_MAX = 16 };

static bool refuse(struct message *ret_fault, const char *key, const char *source)
{
    *ret_fault = (struct message){.key = key, .arguments = {{"source", source}}};
    return false;
}

/* 64 digits and, at most, a line's end. */
static bool read_digits(const char *text, struct master_key *ret)
{
    size_t length = 0;
    const char *end = NULL;
    if (sodium_hex2bin(ret->bytes, sizeof ret->bytes, text, strnlen(text, HEX_LENGTH), NULL,
                       &length, &end) != 0)
        return false;
    return length == MASTER_KEY_BYTES && end[strspn(end, " \r\n")] == '\0';
}

static void read_stream(FILE *stream, char text[READ_MAX])
{
    size_t length = fread(text, 1, READ_MAX - 1, stream);
    text[length] = '\0';
}

static bool read_file(const char *path, char text[READ_MAX], struct message *ret_fault)
{
    struct stat about;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return refuse(ret_fault, "vault.master_missing", path);
    bool is_private =
        fstat(fileno(file), &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    if (is_private)
        read_stream(file, text);
    fclose(file);
    return is_private || refuse(ret_fault, "vault.master_open_to_others", path);
}

/* Starts the words of a command with its output in a pipe, of which *ret_output is the end to read.
 */
static bool start(char *words, pid_t *ret_child, FILE **ret_output)
{
    char *arguments[WORDS_MAX + 1] = {NULL}, *rest = NULL;
    int ends[2];
    posix_spawn_file_actions_t actions;
    char *word = strtok_r(words, " ", &rest);
    for (int i = 0; i < WORDS_MAX && word != NULL; i++, word = strtok_r(NULL, " ", &rest))
        arguments[i] = word;
    if (arguments[0] == NULL || pipe2(ends, O_CLOEXEC) != 0)
        return false;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    bool is_started =
        posix_spawnp(ret_child, arguments[0], &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    *ret_output = fdopen(ends[0], "re");
    return is_started && *ret_output != NULL;
}

static bool read_command(const char *command, char text[READ_MAX], struct message *ret_fault)
{
    char words[READ_MAX];
    pid_t child = 0;
    FILE *output = NULL;
    int status = -1;
    snprintf(words, sizeof words, "%s", command);
    if (start(words, &child, &output)) {
        read_stream(output, text);
        waitpid(child, &status, 0);
    }
    if (output != NULL)
        fclose(output);
    return status == 0 || refuse(ret_fault, "vault.master_missing", command);
}

static bool read_source(const char *source, char text[READ_MAX], struct message *ret_fault)
{
    if (text_starts(source, "file:"))
        return read_file(source + strlen("file:"), text, ret_fault);
    if (text_starts(source, "command:"))
        return read_command(source + strlen("command:"), text, ret_fault);
    const char *value = text_starts(source, "env:") ? getenv(source + strlen("env:")) : NULL;
    if (value == NULL)
        return refuse(ret_fault, "vault.master_missing", source);
    snprintf(text, READ_MAX, "%s", value);
    return true;
}

bool vault_master_read(const char *source, struct master_key *ret, struct message *ret_fault)
{
    char text[READ_MAX] = "";
    bool is_read = read_source(source, text, ret_fault);
    bool is_key = is_read && read_digits(text, ret);
    sodium_memzero(text, sizeof text);
    if (is_read && !is_key)
        return refuse(ret_fault, "vault.master_unreadable", source);
    return is_key;
}

static bool write_all(int file, const char *text, size_t length)
{
    return write(file, text, length) == (ssize_t)length && fsync(file) == 0;
}

bool vault_master_create(const char *path, struct message *ret_fault)
{
    unsigned char bytes[MASTER_KEY_BYTES];
    char text[HEX_LENGTH + 2];
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return refuse(ret_fault,
                      errno == EEXIST ? "vault.master_exists" : "vault.master_unwritable", path);
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, sizeof text, bytes, sizeof bytes);
    text[HEX_LENGTH] = '\n';
    bool is_written = write_all(file, text, HEX_LENGTH + 1);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(text, sizeof text);
    close(file);
    return is_written || refuse(ret_fault, "vault.master_unwritable", path);
}
