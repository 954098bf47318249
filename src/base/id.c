/* Time-ordered ids and their text form; the layout is in id.h. */
#include "base/id.h"

#include <stdatomic.h>
#include <string.h>

enum { NODE_BITS = 8, SEQUENCE_BITS = 13, TIME_SHIFT = NODE_BITS + SEQUENCE_BITS };
static const int64_t EPOCH_MS = 1577836800000; /* 2020-01-01T00:00:00Z */
static const char ALPHABET[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* `last` holds time and sequence without the node, so that one compare-and-swap moves both. */
int64_t id_next(struct id_source *source, struct instant now)
{
    uint64_t time = now.v > EPOCH_MS ? (uint64_t)(now.v - EPOCH_MS) : 0;
    uint64_t wanted = time << SEQUENCE_BITS;
    uint64_t last = atomic_load_explicit(&source->last, memory_order_relaxed);
    uint64_t next;
    do {
        next = wanted > last ? wanted : last + 1;
    } while (!atomic_compare_exchange_weak(&source->last, &last, next));
    uint64_t sequence = next & ((1u << SEQUENCE_BITS) - 1);
    return (int64_t)(next >> SEQUENCE_BITS << TIME_SHIFT | (uint64_t)source->node << SEQUENCE_BITS |
                     sequence);
}

void id_format(int64_t id, char ret[ID_TEXT_LENGTH + 1])
{
    uint64_t rest = (uint64_t)id;
    ret[ID_TEXT_LENGTH] = '\0';
    for (int i = ID_TEXT_LENGTH - 1; i >= 0; i--) {
        ret[i] = ALPHABET[rest & 31];
        rest >>= 5;
    }
}

bool id_parse(const char *text, int64_t *ret)
{
    uint64_t value = 0;
    if (strlen(text) != ID_TEXT_LENGTH)
        return false;
    for (int i = 0; i < ID_TEXT_LENGTH; i++) {
        const char *digit = strchr(ALPHABET, text[i]);
        if (digit == NULL || (i == 0 && digit - ALPHABET > 7))
            return false;
        value = value << 5 | (uint64_t)(digit - ALPHABET);
    }
    *ret = (int64_t)value;
    return true;
}
