/*
 * The package of a workbook. libzip reads it; what is checked here is that neither the number of
 * parts nor what they unpack to can be used against the machine. Sizes that the package states
 * are not believed: bytes are counted as they come.
 */
#include <string.h>
#include <zip.h>

#include "base/arena.h"
#include "sheet/sheet_room.h"

enum {
    END_RECORD_BYTES = 22,
    COMMENT_BYTES_MOST = 65535,
    DIRECTORY_BYTES_MOST = 1 << 20, /* some 10,000 parts; a workbook has tens */
    FREE_BYTES = 8 << 20,           /* a part may unpack to this at any ratio */
};

struct sheet__zip {
    struct sheet *sheet;
    zip_t *archive;
};

struct sheet__part {
    struct sheet *sheet;
    zip_file_t *file;
    uint64_t packed;
    uint64_t unpacked;
};

static uint32_t little_endian_32(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Whether every record that may end the package (its directory's size stands in it) is of a
 * workbook's measure; libzip would read a directory of any size into memory. */
static bool has_small_directory(struct bytes file)
{
    if (file.length < END_RECORD_BYTES)
        return true;
    size_t tail = END_RECORD_BYTES + COMMENT_BYTES_MOST;
    const unsigned char *start = file.data;
    const unsigned char *last = start + file.length - END_RECORD_BYTES;
    const unsigned char *at = file.length > tail ? start + file.length - tail : start;
    for (; at <= last; at++)
        if (memcmp(at, "PK\5\6", 4) == 0 && little_endian_32(at + 12) > DIRECTORY_BYTES_MOST)
            return false;
    return true;
}

static void close_archive(void *thing)
{
    struct sheet__zip *zip = thing;
    if (zip->archive != NULL)
        zip_discard(zip->archive);
}

struct sheet__zip *sheet__zip_open(struct sheet *sheet, struct bytes file)
{
    if (!has_small_directory(file)) {
        sheet__refuse(sheet, SHEET_REFUSAL_BOMB);
        return NULL;
    }
    struct sheet__zip *zip = arena_one(sheet->arena, struct sheet__zip);
    zip->sheet = sheet;
    arena_defer(sheet->arena, close_archive, zip);
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(file.data, file.length, /* freep= */ 0, &error);
    if (source == NULL)
        fault_raise(sheet->arena, FAULT_MEMORY);
    zip->archive = zip_open_from_source(source, ZIP_RDONLY, &error);
    int code = zip_error_code_zip(&error);
    zip_error_fini(&error);
    if (zip->archive == NULL) {
        zip_source_free(source);
        if (code == ZIP_ER_MEMORY)
            fault_raise(sheet->arena, FAULT_MEMORY);
        sheet__refuse(sheet, SHEET_REFUSAL_DAMAGED);
        return NULL;
    }
    return zip;
}

static void close_part(void *thing)
{
    struct sheet__part *part = thing;
    if (part->file != NULL)
        zip_fclose(part->file);
}

struct sheet__part *sheet__part_open(struct sheet__zip *zip, const char *name)
{
    struct sheet *sheet = zip->sheet;
    zip_stat_t stat;
    if (zip_stat(zip->archive, name, ZIP_FL_NOCASE, &stat) != 0)
        return NULL;
    if (stat.encryption_method != ZIP_EM_NONE) {
        sheet__refuse(sheet, SHEET_REFUSAL_ENCRYPTED);
        return NULL;
    }
    struct sheet__part *part = arena_one(sheet->arena, struct sheet__part);
    *part = (struct sheet__part){.sheet = sheet, .packed = stat.comp_size};
    arena_defer(sheet->arena, close_part, part);
    part->file = zip_fopen_index(zip->archive, stat.index, 0);
    if (part->file == NULL) {
        sheet__refuse(sheet, SHEET_REFUSAL_DAMAGED);
        return NULL;
    }
    return part;
}

static bool is_within_limits(const struct sheet__part *part)
{
    const struct sheet_limits *limits = &part->sheet->limits;
    if (part->unpacked > limits->unpacked_bytes)
        return false;
    return part->unpacked <= FREE_BYTES ||
           part->unpacked / (uint64_t)limits->unpack_ratio <= part->packed;
}

int sheet__part_read(struct sheet__part *part, void *bytes, int capacity)
{
    zip_int64_t count = zip_fread(part->file, bytes, (zip_uint64_t)capacity);
    if (count < 0) {
        sheet__refuse(part->sheet, SHEET_REFUSAL_DAMAGED);
        return -1;
    }
    part->unpacked += (uint64_t)count;
    if (!is_within_limits(part)) {
        sheet__refuse(part->sheet, SHEET_REFUSAL_BOMB);
        return -1;
    }
    return (int)count;
}

void sheet__part_close(struct sheet__part *part)
{
    arena_close(part->sheet->arena, part);
}
