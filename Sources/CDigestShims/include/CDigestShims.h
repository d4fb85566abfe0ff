// XXH3 is a header of macros and inline functions; Swift needs plain functions. Over Debian's libxxhash-dev.
#ifndef DIORAMA_DIGEST_SHIMS_H
#define DIORAMA_DIGEST_SHIMS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint64_t low;
  uint64_t high;
} diorama_digest128;

/// The 128-bit XXH3 hash of `length` bytes, continuing from `seed`. The same on every CPU and byte order.
diorama_digest128 diorama_xxh3_128(const void *bytes, size_t length, uint64_t seed);

/// The 64-bit XXH3 hash of `length` bytes.
uint64_t diorama_xxh3_64(const void *bytes, size_t length, uint64_t seed);

#endif
