/*
 * How often somebody may ask. A bucket is one number: the time at which it would be full again if
 * nothing more were taken (the cell rate algorithm of ATM networks), so there is nothing to refill
 * and nothing to sweep.
 *
 * The table has a fixed size. Subjects are spread over sets by a keyed hash; where a set is full,
 * the one whose bucket is fullest makes room, which is the one who has asked least of late. A crowd
 * of addresses can push out each other, but not make the table grow.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "web/web_room.h"

enum {
    SETS = 1 << 13,
    SET_PLACES = 8, /* a cache line's worth of keys */
    LOCKS = 64,
    MINUTE_US = 60 * 1000 * 1000,
};

struct bucket {
    uint64_t subject; /* 0: free */
    int64_t full_us;  /* when it is full again, of the monotonic clock */
};

struct rates {
    unsigned char key[crypto_shorthash_KEYBYTES];
    pthread_mutex_t locks[LOCKS];
    struct bucket buckets[SETS][SET_PLACES];
};

struct rates *rates_new(struct arena *arena)
{
    struct rates *rates = arena_one(arena, struct rates);
    crypto_shorthash_keygen(rates->key);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&rates->locks[i], NULL);
    return rates;
}

/* The subject's own place, or the one that it takes from whoever needs it least. */
static struct bucket *find(struct bucket *set, uint64_t subject)
{
    struct bucket *least = set;
    for (size_t i = 0; i < SET_PLACES; i++) {
        if (set[i].subject == subject)
            return &set[i];
        if (set[i].full_us < least->full_us)
            least = &set[i];
    }
    *least = (struct bucket){.subject = subject};
    return least;
}

int rates_take(struct rates *rates, struct rate_subject subject, int64_t now_us)
{
    uint64_t hash;
    if (subject.a_minute == 0)
        return 0;
    crypto_shorthash((unsigned char *)&hash, subject.bytes, subject.length, rates->key);
    size_t set = hash % SETS;
    int64_t each_us = MINUTE_US / subject.a_minute;
    pthread_mutex_lock(&rates->locks[set % LOCKS]);
    struct bucket *bucket = find(rates->buckets[set], hash | 1);
    int64_t full_us = (bucket->full_us > now_us ? bucket->full_us : now_us) + each_us;
    int64_t late_us = full_us - now_us - MINUTE_US;
    if (late_us <= 0)
        bucket->full_us = full_us;
    pthread_mutex_unlock(&rates->locks[set % LOCKS]);
    return late_us <= 0 ? 0 : (int)(late_us / (1000 * 1000)) + 1;
}

/* Whoever has one IPv6 address has 2^64 of them. */
int rates_take_address(struct rates *rates, const char *address, int a_minute, int64_t now_us)
{
    static const char prefix[] = "address";
    unsigned char bytes[sizeof prefix + sizeof(struct in6_addr)];
    struct in6_addr six;
    struct in_addr four;
    size_t length = sizeof prefix;
    memcpy(bytes, prefix, sizeof prefix);
    bool is_six = inet_pton(AF_INET6, address, &six) == 1;
    if (is_six && !IN6_IS_ADDR_V4MAPPED(&six)) {
        memcpy(bytes + length, &six, sizeof six / 2);
        length += sizeof six / 2;
    } else if (is_six || inet_pton(AF_INET, address, &four) == 1) {
        memcpy(bytes + length, is_six ? six.s6_addr + 12 : (const uint8_t *)&four, sizeof four);
        length += sizeof four;
    }
    return rates_take(rates, (struct rate_subject){bytes, length, a_minute}, now_us);
}

int rates_take_account(struct rates *rates, int64_t account, int a_minute, int64_t now_us)
{
    unsigned char bytes[1 + sizeof account] = {'#'};
    memcpy(bytes + 1, &account, sizeof account);
    return rates_take(rates, (struct rate_subject){bytes, sizeof bytes, a_minute}, now_us);
}
