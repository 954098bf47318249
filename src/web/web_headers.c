/*
 * What a client prefers (RFC 9110, 12.5): lists of names with a weight, "text/html,
 * application/json;q=0.8". Preferences are never refused: what cannot be read is as if it were not
 * there.
 */
#include <string.h>
#include <strings.h>

#include "web/web_room.h"

enum { WEIGHT_MOST = 1000 };

/* One entry of a list: its name, and its weight in thousandths. */
struct entry {
    const char *name;
    size_t length;
    int weight;
};

/* ";q=0.8" among an entry's parameters. */
static int read_weight(const char *at, const char *end)
{
    while (at < end && (at = memchr(at, ';', (size_t)(end - at))) != NULL) {
        at++;
        at += strspn(at, " \t");
        if (end - at < 3 || (*at | 0x20) != 'q' || at[1] != '=')
            continue;
        at += 2;
        int weight = *at == '1' ? WEIGHT_MOST : 0, place = WEIGHT_MOST / 10;
        if (*at != '0' || end - at < 2 || at[1] != '.')
            return weight;
        for (at += 2; at < end && *at >= '0' && *at <= '9' && place > 0; at++, place /= 10)
            weight += (*at - '0') * place;
        return weight;
    }
    return WEIGHT_MOST;
}

/* The next entry of *list, or false at its end. */
static bool next_entry(const char **list, struct entry *ret)
{
    const char *at = *list + strspn(*list, ", \t");
    if (*at == '\0')
        return false;
    const char *end = at + strcspn(at, ",");
    *ret = (struct entry){at, strcspn(at, ",; \t"), read_weight(at, end)};
    *list = end;
    return true;
}

static bool is_named(const struct entry *entry, const char *name)
{
    return strlen(name) == entry->length && strncasecmp(entry->name, name, entry->length) == 0;
}

/* "text/..." given "text/html". */
static bool is_family(const struct entry *entry, const char *type)
{
    return entry->length > 2 && entry->name[entry->length - 1] == '*' &&
           strncasecmp(entry->name, type, entry->length - 1) == 0;
}

int accept_quality(const char *header, const char *type)
{
    struct entry entry;
    int best = 0, precision = 0;
    if (text_empty(header))
        return WEIGHT_MOST;
    while (next_entry(&header, &entry)) {
        int fits = is_named(&entry, type) ? 3 : is_named(&entry, "*/*") ? 1 : 0;
        fits = fits == 0 && is_family(&entry, type) ? 2 : fits;
        if (fits > precision) {
            best = entry.weight;
            precision = fits;
        }
    }
    return best;
}

bool accepts_gzip(const char *header)
{
    struct entry entry;
    while (header != NULL && next_entry(&header, &entry))
        if (is_named(&entry, "gzip"))
            return entry.weight > 0;
    return false;
}

/* Chinese unless English is wanted more. */
enum language accept_language(const char *header)
{
    struct entry entry;
    int chinese = 0, english = 0;
    while (header != NULL && next_entry(&header, &entry)) {
        bool has_region = entry.length > 2 && entry.name[2] == '-';
        entry.length = has_region ? 2 : entry.length;
        if (is_named(&entry, "zh") && entry.weight > chinese)
            chinese = entry.weight;
        if (is_named(&entry, "en") && entry.weight > english)
            english = entry.weight;
    }
    return english > chinese ? LANGUAGE_EN : LANGUAGE_ZH;
}
