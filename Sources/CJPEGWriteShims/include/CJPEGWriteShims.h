// JPEG artefacts for Swift: a picture goes through a JPEG file in memory and comes back. libjpeg reports errors by a call
// that must not return, which means longjmp, and that may not cross a Swift frame: it is all done here, in one function.
//
// Both ways use the accurate integer transform (JDCT_ISLOW) and smooth chroma upsampling, whose SIMD kernels give the bits
// of libjpeg-turbo's plain C on every CPU.
#ifndef DIORAMA_JPEG_WRITE_SHIMS_H
#define DIORAMA_JPEG_WRITE_SHIMS_H

#include <stddef.h>
#include <stdint.h>

// Encodes `height` rows of `width` RGB pixels of 8 bits at `quality` (1 to 100), chroma at half the size both ways, and
// decodes the file into the same place. `bytes` becomes the file's size. 0 where all is well, else 1; the picture is then
// in an undefined state.
int diorama_jpeg_round_trip(uint8_t *rgb, int width, int height, int quality, size_t *bytes);

#endif
