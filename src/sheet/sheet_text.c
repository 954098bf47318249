/* Delimited text in whatever encoding an office's program saved it, brought to UTF-8. */
#include <string.h>
#include <unicode/ucnv.h>

#include "base/arena.h"
#include "sheet/sheet_room.h"

/* Bytes that no text has but other files are full of. Tab to carriage return are text, and the
 * substitute character is how DOS ended a file. */
static bool has_binary(struct bytes text)
{
    const unsigned char *bytes = text.data;
    for (size_t i = 0; i < text.length; i++)
        if (bytes[i] < 0x20 && (bytes[i] < '\t' || bytes[i] > '\r') && bytes[i] != 0x1a)
            return true;
    return false;
}

static void close_converter(void *thing)
{
    UConverter **converter = thing;
    ucnv_close(*converter); /* accepts NULL */
}

/* A converter that stops at what it cannot read instead of putting a mark in its place. */
static UConverter **open_converter(struct arena *arena, const char *name)
{
    UConverter **converter = arena_one(arena, UConverter *);
    arena_defer(arena, close_converter, (void *)converter);
    UErrorCode status = U_ZERO_ERROR;
    *converter = ucnv_open(name, &status);
    ucnv_setToUCallBack(*converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    ucnv_setFromUCallBack(*converter, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    if (U_FAILURE(status))
        fault_raise(arena, FAULT_MEMORY);
    return converter;
}

static struct bytes converted(struct sheet *sheet, const char *encoding, struct bytes file)
{
    UConverter **from = open_converter(sheet->arena, encoding);
    UConverter **to = open_converter(sheet->arena, "UTF-8");
    /* In none of the encodings does a byte become more than one and a half. */
    size_t capacity = file.length + file.length / 2 + 4;
    char *text = arena_alloc(sheet->arena, capacity);
    char *end = text;
    const char *source = file.data;
    UChar pivot[4096];
    UChar *pivot_source = pivot, *pivot_target = pivot;
    UErrorCode status = U_ZERO_ERROR;
    ucnv_convertEx(*to, *from, &end, text + capacity, &source, source + file.length, pivot,
                   &pivot_source, &pivot_target, pivot + 4096, /* reset= */ true,
                   /* flush= */ true, &status);
    arena_close(sheet->arena, (void *)to);
    arena_close(sheet->arena, (void *)from);
    if (U_FAILURE(status)) {
        sheet->refusal = SHEET_REFUSAL_ENCODING;
        return (struct bytes){NULL, 0};
    }
    struct bytes result = {text, (size_t)(end - text)};
    if (has_binary(result)) {
        sheet->refusal = SHEET_REFUSAL_OTHER_FORMAT;
        return (struct bytes){NULL, 0};
    }
    return result;
}

static struct bytes without(struct bytes file, size_t count)
{
    return (struct bytes){(const char *)file.data + count, file.length - count};
}

/* Whether this is UTF-8 that was cut inside its last character: read as GB18030 it would be a
 * file full of nonsense. */
static bool is_cut_utf8(struct bytes file)
{
    const char *text = file.data;
    for (size_t lost = 1; lost <= 3 && lost < file.length; lost++) {
        unsigned char lead = (unsigned char)text[file.length - lost];
        if (lead < 0xc0)
            continue;
        size_t length = file.length - lost;
        size_t ascii = 0;
        while (ascii < length && (unsigned char)text[ascii] < 0x80)
            ascii++;
        return ascii < length && text_valid(text, length);
    }
    return false;
}

struct bytes sheet__text_of(struct sheet *sheet, struct bytes file)
{
    if (file.length >= 2 && memcmp(file.data, "\xff\xfe", 2) == 0)
        return converted(sheet, "UTF-16LE", without(file, 2));
    if (file.length >= 2 && memcmp(file.data, "\xfe\xff", 2) == 0)
        return converted(sheet, "UTF-16BE", without(file, 2));
    if (has_binary(file)) {
        sheet->refusal = SHEET_REFUSAL_OTHER_FORMAT;
        return (struct bytes){NULL, 0};
    }
    bool is_marked = file.length >= 3 && memcmp(file.data, "\xef\xbb\xbf", 3) == 0;
    struct bytes text = is_marked ? without(file, 3) : file;
    if (text_valid(text.data, text.length))
        return text;
    if (is_marked || is_cut_utf8(file)) {
        sheet->refusal = SHEET_REFUSAL_ENCODING;
        return (struct bytes){NULL, 0};
    }
    return converted(sheet, "GB18030", file);
}
