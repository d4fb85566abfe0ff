// OpenEXR for Swift, over OpenEXRCore, the C library beneath OpenEXR: single-part scanline files of 32-bit float channels
// in memory, ZIP compressed. Its context is configured by callbacks with variadic arguments, which Swift cannot write.
#ifndef DIORAMA_EXR_SHIMS_H
#define DIORAMA_EXR_SHIMS_H

#include <stddef.h>
#include <stdint.h>

enum { DIORAMA_EXR_MESSAGE = 160 };

typedef struct {
  // Owned by whoever asked for it: free with `diorama_exr_free`. NULL after an error.
  uint8_t *bytes;
  size_t count;
  char message[DIORAMA_EXR_MESSAGE];
} diorama_exr_file;

typedef struct {
  // Interleaved samples, channels in the order of `names`; free with `diorama_exr_free`. NULL after an error.
  float *samples;
  int32_t width;
  int32_t height;
  int32_t channels;
  char message[DIORAMA_EXR_MESSAGE];
} diorama_exr_image;

// Writes `width` x `height` pixels of `channels` interleaved floats. `names` holds one letter for each channel, in the
// order of the samples. 0 where all is well.
int diorama_exr_write(
    const float *samples, int32_t width, int32_t height, int32_t channels, const char *names, diorama_exr_file *out);

// Reads a file with exactly the channels of `names`. Neither side may be longer than `most_side`, nor may there be more
// than `most_pixels`. 0 where all is well.
int diorama_exr_read(
    const uint8_t *bytes, size_t count, const char *names, int32_t most_side, int64_t most_pixels,
    diorama_exr_image *out);

void diorama_exr_free(void *memory);

#endif
