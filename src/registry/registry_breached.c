/*
 * The list of passwords that breaches have made known, as Have I Been Pwned gives it: lines of
 * SHA-1 in hexadecimal, ":" and how often, sorted. Tens of GB: it is searched where it lies, by
 * halves, with some forty reads of a few bytes and no memory of its own.
 */
#include <fcntl.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "registry/registry_room.h"

enum {
    DIGEST_BYTES = 20,
    DIGEST_DIGITS = 2 * DIGEST_BYTES,
    LINE_MOST = 64, /* 40 digits, ":", a count and the line's end */
    HALVES_MOST = 128,
};

struct breached {
    int file;
    int64_t size;
};

/* The line that begins at `from` or first behind it: its place, or the file's end. */
struct line {
    int64_t begin, end; /* of the line behind it */
    char digits[DIGEST_DIGITS + 1];
};

static void close_list(void *thing)
{
    close(((struct breached *)thing)->file);
}

/* False where the file cannot be read, or is no such list. */
static bool read_line(const struct breached *list, int64_t from, struct line *ret)
{
    char bytes[2 * LINE_MOST];
    int64_t first = from == 0 ? 0 : from - 1; /* `from` begins a line where the last one ends */
    ssize_t count = pread(list->file, bytes, sizeof bytes, first);
    if (count <= 0)
        return false;
    const char *begin = bytes, *end = bytes + count;
    if (from > 0) {
        begin = memchr(bytes, '\n', (size_t)count);
        begin = begin == NULL ? end : begin + 1;
    }
    *ret = (struct line){.begin = first + (begin - bytes), .end = list->size};
    if (ret->begin >= list->size)
        return true;
    const char *stop = memchr(begin, '\n', (size_t)(end - begin));
    if (end - begin < DIGEST_DIGITS || (stop == NULL && first + count < list->size))
        return false;
    ret->end = stop == NULL ? list->size : first + (stop + 1 - bytes);
    memcpy(ret->digits, begin, DIGEST_DIGITS);
    ret->digits[DIGEST_DIGITS] = '\0';
    return strspn(ret->digits, "0123456789ABCDEFabcdef") == DIGEST_DIGITS;
}

struct breached *registry_breached_open(struct arena *arena, const char *path,
                                        struct message *ret_fault)
{
    struct stat about;
    struct line line;
    struct breached *list = arena_one(arena, struct breached);
    *ret_fault = (struct message){"registry.breached_unreadable", {{"path", path}}};
    list->file = open(path, O_RDONLY | O_CLOEXEC);
    if (list->file < 0)
        return NULL;
    arena_defer(arena, close_list, list);
    if (fstat(list->file, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0)
        return NULL;
    list->size = about.st_size;
    return read_line(list, 0, &line) ? list : NULL;
}

static bool holds(const struct breached *list, const char *digits)
{
    int64_t low = 0, high = list->size;
    for (int i = 0; i < HALVES_MOST && low < high; i++) {
        struct line line;
        int64_t middle = low + (high - low) / 2;
        if (!read_line(list, middle, &line)) {
            log_line("registry: the list of breached passwords cannot be read");
            return false;
        }
        if (line.begin >= high) {
            high = middle;
            continue;
        }
        int order = strcasecmp(line.digits, digits);
        if (order == 0)
            return true;
        if (order < 0)
            low = line.end;
        else
            high = middle;
    }
    return false;
}

bool registry__is_breached(const struct breached *list, const char *password)
{
    unsigned char digest[DIGEST_BYTES];
    char digits[DIGEST_DIGITS + 1];
    size_t length = sizeof digest;
    if (list == NULL ||
        EVP_Q_digest(NULL, "SHA1", NULL, password, strlen(password), digest, &length) != 1)
        return false;
    sodium_bin2hex(digits, sizeof digits, digest, sizeof digest);
    return holds(list, digits);
}
