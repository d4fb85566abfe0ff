// PNG for Swift. libpng reports errors by longjmp, which may not cross a Swift frame: every call into it is made here,
// under a setjmp of the same function, and comes back as a status and a message. Deflate is ISA-L's, which is four to
// ten times as fast as zlib at level 1; libpng writes the chunks and their checksums.
//
// ISA-L chooses its kernels by CPU. At level 1 all of its x86-64 kernels (SSE4.2 to AVX-512) give the same bytes; at
// level 3 they do not, and the portable kernels of older or other CPUs give others again. Nothing may depend on the
// bytes of a PNG: digests are of pixels.
#ifndef DIORAMA_PNG_SHIMS_H
#define DIORAMA_PNG_SHIMS_H

#include <stddef.h>
#include <stdint.h>

enum { DIORAMA_PNG_MESSAGE = 160 };

// PNG's colour types.
enum {
  DIORAMA_PNG_GREY = 0,
  DIORAMA_PNG_RGB = 2,
  DIORAMA_PNG_PALETTE = 3,
  DIORAMA_PNG_GREY_ALPHA = 4,
  DIORAMA_PNG_RGBA = 6
};

typedef struct {
  uint32_t width;
  uint32_t height;
  // Of a sample as the file holds it: 1, 2, 4, 8 or 16.
  uint8_t bit_depth;
  uint8_t color_type;
  // Written: whether to add an sRGB chunk.
  uint8_t srgb;
  // Read: whether a tRNS chunk adds an alpha channel.
  uint8_t has_trns;
  // The palette as RGBA; entries from `palette_count` on are zero. Written: where the colour type is a palette, alpha unused.
  uint16_t palette_count;
  uint8_t palette[256][4];
} diorama_png_header;

// What one thread needs to write PNGs; its buffers grow to the largest image and stay.
typedef struct diorama_png_writer diorama_png_writer;

// NULL where memory is short.
diorama_png_writer *diorama_png_writer_create(void);
void diorama_png_writer_destroy(diorama_png_writer *writer);

// Status 0: all is well. Else `diorama_png_writer_message` says what went wrong.
const char *diorama_png_writer_message(const diorama_png_writer *writer);

// Deflates a piece of the filtered rows (each row led by its filter byte). `first` begins a new image, `last` ends it.
int diorama_png_writer_deflate(diorama_png_writer *writer, const uint8_t *bytes, size_t count, int first, int last);

// Packs what was deflated into a PNG file.
int diorama_png_writer_pack(diorama_png_writer *writer, const diorama_png_header *header);

// Writes a whole image the slow and small way: libpng's own filter choice and zlib level 6. Samples of 16 bits are in
// the machine's byte order.
int diorama_png_writer_write_small(
    diorama_png_writer *writer, const diorama_png_header *header, const uint8_t *pixels, size_t row_bytes);

// The file that was packed last; valid until the next call on `writer`.
const uint8_t *diorama_png_writer_file(const diorama_png_writer *writer, size_t *count);

// Reads all that stands before the pixels. Sides of 2^31 or more are an error; other limits are the caller's.
int diorama_png_read_header(
    const uint8_t *bytes, size_t count, diorama_png_header *header, char message[DIORAMA_PNG_MESSAGE]);

// Reads the pixels into `height` rows of `row_bytes` each. Grey of 1, 2 and 4 bits is scaled to 8, transparency becomes
// an alpha channel, 16-bit samples come in the machine's byte order; a palette image gives its indices, 8 bits each.
// Fails where the rows need another size than `row_bytes`, where a checksum of any chunk is wrong, and where the file
// ends before its IEND.
int diorama_png_read_pixels(
    const uint8_t *bytes, size_t count, uint8_t *pixels, size_t row_bytes, uint32_t height,
    char message[DIORAMA_PNG_MESSAGE]);

#endif
