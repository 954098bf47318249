/* What others may see of a name or a number: enough to recognise one's own, too little to find
 * another's. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "dictionary/numbers.h"

enum { HIDDEN_LEAST = 4 };

/* Family names of two characters that are common enough to be kept whole. */
static const char *const COMPOUND_NAMES[] = {
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒",
    "夏侯", "轩辕", "端木", "南宫", "司空", "闻人", "澹台", "濮阳", "淳于", "单于", "太叔",
    "申屠", "公冶", "宗政", "钟离", "长孙", "鲜于", "闾丘", "亓官", "独孤", "拓跋", "宇文",
    "呼延", "百里", "东郭", "西门", "左丘", "第五", "完颜", "赫连", "纳兰", "万俟", "巫马"};

/* Bytes of a name that stay; names of two characters keep one, whatever they are. */
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
    struct buffer masked = buffer_new(arena, strlen(name) + 1);
    const char *at = name + kept_bytes(name);
    bool is_latin = (unsigned char)*name < 0x80, starts_word = false;
    buffer_add_n(&masked, name, (size_t)(at - name));
    if (*at == '\0')
        buffer_add_char(&masked, '*');
    while (*at != '\0') {
        const char *start = at;
        uint32_t point = text_next(&at);
        bool is_gap = point == 0xb7 || point == ' ';
        bool is_kept = is_gap || (is_latin && starts_word);
        buffer_add_n(&masked, is_kept ? start : "*", is_kept ? (size_t)(at - start) : 1);
        starts_word = is_gap;
    }
    return masked.bytes;
}

const char *mask_text(struct arena *arena, const char *text)
{
    if (text_empty(text))
        return "";
    const char *rest = text;
    text_next(&rest);
    return arena_printf(arena, "%.*s***", (int)(rest - text), text);
}

/* Keeps `head` and `tail` characters, and of short ones fewer: four or more are hidden. */
static const char *mask_number(struct arena *arena, const char *number, size_t head, size_t tail)
{
    if (text_empty(number))
        return "";
    size_t length = text_characters(number);
    while (head + tail > 0 && head + tail + HIDDEN_LEAST > length) {
        if (head >= tail)
            head--;
        else
            tail--;
    }
    struct buffer masked = buffer_new(arena, strlen(number));
    const char *at = number;
    for (size_t i = 0; i < length; i++) {
        const char *start = at;
        bool is_kept = i < head || i >= length - tail;
        text_next(&at);
        buffer_add_n(&masked, is_kept ? start : "*", is_kept ? (size_t)(at - start) : 1);
    }
    return masked.bytes;
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
