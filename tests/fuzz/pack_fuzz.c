/*
 * A pack of which one file is arbitrary bytes: the first byte says which, the rest replaces it in
 * the small pack of tests/pack/minimal. Whatever the bytes, the load ends, with faults that have a
 * place and a key, or with a pack that answers.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy_loader.h"

#define MINIMAL DIANJI_SOURCE_DIR "/tests/pack/minimal"

enum { ARENA_BYTES = 64 * 1024 * 1024, LENGTH_MAX = 16 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The small pack's files as pack_load() reads them; read once. */
static const struct policy_content *minimal_contents(void)
{
    static struct policy_content contents[FILE_COUNT]; /* allowed: of this test program */
    static struct arena *arena;                        /* allowed: of this test program */
    if (arena == NULL) {
        struct policy_loader loader;
        struct pack_faults faults;
        arena = arena_new(ARENA_BYTES);
        policy__begin(&loader, arena, &faults);
        loader.dir = MINIMAL;
        policy__read_files(&loader);
        assert(faults.count == 0);
        memcpy(contents, loader.contents, sizeof contents);
    }
    return contents;
}

static void check_faults(const struct pack_faults *faults)
{
    assert(faults->count > 0 && faults->count <= PACK_FAULTS_MAX);
    for (size_t i = 0; i < faults->count; i++) {
        assert(faults->items[i].line >= 1 && faults->items[i].column >= 1);
        assert(text_starts(faults->items[i].message.key, "pack."));
        assert(faults->items[i].file != NULL);
    }
}

static void check_pack(struct arena *arena, const struct pack *pack)
{
    struct day day, found;
    bool is_day = day_parse("2021-06-01", &day);
    assert(is_day && strlen(pack->version) == 64);
    for (size_t i = 0; i < pack->programmes.count; i++) {
        const struct pack_programme *programme = &pack->programmes.items[i];
        struct pack_subsidy_answer answer;
        assert(pack_programme(pack, programme->code) == programme);
        enum pack_subsidy outcome = pack_subsidy(
            arena, pack,
            &(struct pack_subsidy_args){
                .programme = programme, .level = "junior", .tags = "|fisher|", .on = day},
            &answer);
        assert(outcome != PACK_SUBSIDY_FOUND || answer.rule != NULL);
        assert(answer.explanation.key != NULL);
    }
    for (size_t i = 0; i < pack->regions.count; i++)
        assert(pack_region(pack, pack->regions.items[i].code) == &pack->regions.items[i]);
    if (pack_workday_add(pack, day, 5, &found) == WORKDAY_ADD_DONE)
        assert(day_compare(found, day) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0 || length > LENGTH_MAX || bytes[0] >= FILE_COUNT ||
        !text_valid((const char *)bytes + 1, length - 1))
        return 0;
    const struct policy_content *contents = minimal_contents();
    struct arena *arena = arena_new(ARENA_BYTES);
    struct policy_loader loader;
    struct pack_faults faults;
    const struct pack *pack = NULL;
    policy__begin(&loader, arena, &faults);
    memcpy(loader.contents, contents, sizeof loader.contents);
    loader.contents[bytes[0]].bytes = (struct bytes){bytes + 1, length - 1};
    if (policy__understand(&loader, &pack))
        check_pack(arena, pack);
    else
        check_faults(&faults);
    arena_free(arena);
    return 0;
}
