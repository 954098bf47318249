/* The passwords that are guessed first: the first 8 bytes of their SHA-256, sorted. Generated. */
#ifndef DIANJI_REGISTRY_REGISTRY_COMMON_H
#define DIANJI_REGISTRY_REGISTRY_COMMON_H

#include <stddef.h>
#include <stdint.h>

extern const size_t registry__common_count;
extern const uint64_t registry__common[];

#endif
