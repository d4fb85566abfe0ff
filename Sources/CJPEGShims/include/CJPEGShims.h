// JPEG for Swift. libjpeg reports errors by a call that must not return, which means longjmp, and that may not cross a
// Swift frame: every call into it is made here, under a setjmp of the same function, and comes back as a status and a
// message.
//
// The decoder is libjpeg-turbo's with the accurate integer transform (JDCT_ISLOW) and its smooth chroma upsampling. Its
// SIMD kernels for these, for every CPU, are integer code that gives the bits of its plain C, by its authors' design and
// tests: so a texture does not depend on the CPU. The quick transform (JDCT_IFAST) and the one in floating point
// (JDCT_FLOAT) make no such promise and are not used. Other libjpegs upsample chroma in other ways.
#ifndef DIORAMA_JPEG_SHIMS_H
#define DIORAMA_JPEG_SHIMS_H

#include <stddef.h>
#include <stdint.h>

// libjpeg's JMSG_LENGTH_MAX.
enum { DIORAMA_JPEG_MESSAGE = 200 };

// Status: all is well; the file breaks the rules or is cut short; it is whole, but of a kind that is not read.
enum { DIORAMA_JPEG_OK = 0, DIORAMA_JPEG_DAMAGED = 1, DIORAMA_JPEG_UNSUPPORTED = 2 };

typedef struct {
  uint32_t width;
  uint32_t height;
  // 1 grey, 3 RGB.
  uint32_t channels;
} diorama_jpeg_header;

// Reads all that stands before the first scan. CMYK, arithmetic coding and samples of other than 8 bits are
// unsupported.
int diorama_jpeg_read_header(
    const uint8_t *bytes, size_t count, diorama_jpeg_header *header, char message[DIORAMA_JPEG_MESSAGE]);

// Reads the pixels into `height` rows of `width * channels` samples.
//
// - memory: the most bytes that libjpeg may hold beside `pixels`; a progressive file needs its coefficients, six bytes a
//   pixel at most.
// - scans: the most passes over a progressive file; each costs as much as a whole image, and a few bytes can ask for one.
int diorama_jpeg_read_pixels(
    const uint8_t *bytes, size_t count, uint8_t *pixels, const diorama_jpeg_header *header, long memory, int scans,
    char message[DIORAMA_JPEG_MESSAGE]);

// JPEG artefacts: encodes `height` rows of `width` RGB pixels of 8 bits at `quality` (1 to 100), chroma at half the size
// both ways, and decodes the file into the same place; both ways with the accurate integer transform. `bytes` becomes the
// file's size. 0 where all is well, else 1; the picture is then in an undefined state.
int diorama_jpeg_round_trip(uint8_t *rgb, int width, int height, int quality, size_t *bytes);

// Encodes `height` rows of `width` RGB pixels of 8 bits at `quality` (1 to 100), chroma at full size, with the accurate
// integer transform: the same bytes on every CPU for one release of libjpeg-turbo. The file is in memory of malloc's, for the
// caller to free; NULL where libjpeg fails or memory is short.
uint8_t *diorama_jpeg_write(const uint8_t *rgb, int width, int height, int quality, size_t *bytes);

#endif
