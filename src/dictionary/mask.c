/* What others may see of a name or a number: enough to recognise one's own, too little to find
 * another. */
#include <string.h>

#include "base/arena.h"
#include "dictionary/dictionary.h"

/* Family names of two characters that are common enough to be kept whole. */
static const char *const COMPOUND_NAMES[] = {"欧阳", "上官", "司马", "诸葛", "东方",
                                             "皇甫", "尉迟", "公孙", "慕容", "令狐",
                                             "司徒", "夏侯", "轩辕", "端木", "南宫"};

static size_t kept_bytes(const char *name)
{
    const char *at = name;
    for (size_t i = 0; i < sizeof COMPOUND_NAMES / sizeof COMPOUND_NAMES[0]; i++) {
        size_t length = strlen(COMPOUND_NAMES[i]);
        if (text_starts(name, COMPOUND_NAMES[i]) && name[length] != '\0')
            return length;
    }
    text_next(&at);
    return (size_t)(at - name);
}

const char *mask_name(struct arena *arena, const char *name)
{
    if (text_empty(name))
        return "";
    size_t kept = kept_bytes(name);
    size_t hidden = text_characters(name + kept);
    struct buffer masked = buffer_new(arena, kept + hidden);
    buffer_add_n(&masked, name, kept);
    for (size_t i = 0; i < hidden || i == 0; i++)
        buffer_add_char(&masked, '*');
    return masked.bytes;
}

/* Keeps `head` and `tail` characters of an ASCII number; one too short for that is hidden whole. */
static const char *mask_number(struct arena *arena, const char *number, size_t head, size_t tail)
{
    if (text_empty(number))
        return "";
    size_t length = strlen(number);
    char *masked = arena_text(arena, number);
    bool is_short = length < head + tail + 2;
    for (size_t i = is_short ? 0 : head; i < length - (is_short ? 0 : tail); i++)
        masked[i] = '*';
    return masked;
}

const char *mask_identity_no(struct arena *arena, const char *identity_no)
{
    return mask_number(arena, identity_no, 2, 3);
}

const char *mask_phone(struct arena *arena, const char *phone)
{
    return mask_number(arena, phone, 3, 4);
}

const char *mask_bank_account(struct arena *arena, const char *account)
{
    return mask_number(arena, account, 4, 4);
}
