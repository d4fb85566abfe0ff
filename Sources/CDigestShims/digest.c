#define XXH_INLINE_ALL
#include <xxhash.h>

#include "CDigestShims.h"

diorama_digest128 diorama_xxh3_128(const void *bytes, size_t length, uint64_t seed) {
  XXH128_hash_t h = XXH3_128bits_withSeed(bytes, length, seed);
  diorama_digest128 d = {h.low64, h.high64};
  return d;
}

uint64_t diorama_xxh3_64(const void *bytes, size_t length, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, length, seed);
}
