#include <isa-l/igzip_lib.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "CPNGShims.h"

// libpng asks for its two structures anew for every image: some 2 kB, served from here so that a warm writer does not
// allocate.
enum { ARENA_BYTES = 16384, ARENA_ALIGNMENT = 16 };

// As many bytes as ISA-L's fast loop leaves to its loop for the last ones.
enum { FLUSHED_START = 16 };

// The chunk length field holds 31 bits.
static const size_t largest_chunk = (size_t)1 << 30;

typedef struct {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
} byte_buffer;

struct diorama_png_writer {
  struct isal_zstream stream;
  uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
  byte_buffer deflated;
  byte_buffer file;
  size_t arena_used;
  _Alignas(ARENA_ALIGNMENT) uint8_t arena[ARENA_BYTES];
  char message[DIORAMA_PNG_MESSAGE];
};

static int reserve(byte_buffer *b, size_t more) {
  if (b->capacity - b->count >= more) return 1;
  size_t capacity = b->capacity * 2 > b->count + more ? b->capacity * 2 : b->count + more;
  uint8_t *bytes = realloc(b->bytes, capacity);
  if (!bytes) return 0;
  b->bytes = bytes;
  b->capacity = capacity;
  return 1;
}

static int fail(diorama_png_writer *w, const char *message) {
  strncpy(w->message, message, DIORAMA_PNG_MESSAGE - 1);
  return 1;
}

diorama_png_writer *diorama_png_writer_create(void) { return calloc(1, sizeof(diorama_png_writer)); }

void diorama_png_writer_destroy(diorama_png_writer *w) {
  if (!w) return;
  free(w->deflated.bytes);
  free(w->file.bytes);
  free(w);
}

const char *diorama_png_writer_message(const diorama_png_writer *w) { return w->message; }

const uint8_t *diorama_png_writer_file(const diorama_png_writer *w, size_t *count) {
  *count = w->file.count;
  return w->file.bytes;
}

// Deflates one piece after those before it.
static int deflate_piece(diorama_png_writer *w, const uint8_t *bytes, size_t count, uint16_t flush, int last) {
  struct isal_zstream *s = &w->stream;
  s->next_in = (uint8_t *)bytes;
  s->avail_in = (uint32_t)count;
  s->end_of_stream = last ? 1 : 0;
  s->flush = flush;
  for (;;) {
    // Room for incompressible data at once, so that the bytes do not depend on how large the buffer has grown.
    size_t room = (size_t)s->avail_in + s->avail_in / 8 + 65536 + sizeof w->level_buffer;
    if (room > UINT32_MAX) room = UINT32_MAX;
    if (!reserve(&w->deflated, room)) return fail(w, "out of memory");
    s->next_out = w->deflated.bytes + w->deflated.count;
    s->avail_out = (uint32_t)room;
    if (isal_deflate(s) != COMP_OK) return fail(w, "ISA-L refused to deflate");
    w->deflated.count += room - s->avail_out;
    if (s->avail_in == 0 && (last ? s->internal_state.state == ZSTATE_END : s->avail_out > 0)) return 0;
  }
}

int diorama_png_writer_deflate(diorama_png_writer *w, const uint8_t *bytes, size_t count, int first, int last) {
  struct isal_zstream *s = &w->stream;
  if (first) {
    isal_deflate_init(s);
    s->level = 1;
    s->level_buf = w->level_buffer;
    s->level_buf_size = sizeof w->level_buffer;
    s->gzip_flag = IGZIP_ZLIB;
    w->deflated.count = 0;
  }
  if (count > UINT32_MAX) return fail(w, "a piece of more than 4 GB");
  // ISA-L 2.30's fast loop takes the third hash of a stream from a register that holds the stream's address, so that a match
  // near the start is found or missed by where the stream lies. Its loop for the last bytes before a flush has no such fault:
  // it gets the first ones, at the price of some ten bytes a file.
  if (first && count > FLUSHED_START) {
    if (deflate_piece(w, bytes, FLUSHED_START, SYNC_FLUSH, 0) != 0) return 1;
    bytes += FLUSHED_START;
    count -= FLUSHED_START;
  }
  return deflate_piece(w, bytes, count, NO_FLUSH, last);
}

static png_voidp arena_malloc(png_structp png, png_alloc_size_t size) {
  diorama_png_writer *w = png_get_mem_ptr(png);
  size_t rounded = (size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
  if (rounded < size || rounded > ARENA_BYTES - w->arena_used) return malloc(size);
  void *p = w->arena + w->arena_used;
  w->arena_used += rounded;
  return p;
}

static void arena_free(png_structp png, png_voidp p) {
  diorama_png_writer *w = png_get_mem_ptr(png);
  if ((uint8_t *)p < w->arena || (uint8_t *)p >= w->arena + ARENA_BYTES) free(p);
}

static void on_error(png_structp png, png_const_charp message) {
  fail(png_get_error_ptr(png), message);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void on_write(png_structp png, png_bytep bytes, size_t count) {
  diorama_png_writer *w = png_get_io_ptr(png);
  if (!reserve(&w->file, count)) png_error(png, "out of memory");
  memcpy(w->file.bytes + w->file.count, bytes, count);
  w->file.count += count;
}

static void on_flush(png_structp png) { (void)png; }

// Makes the two structures; on failure both are gone and 0 is returned.
static int open_png(diorama_png_writer *w, png_structp *png, png_infop *info) {
  w->arena_used = 0;
  w->file.count = 0;
  w->message[0] = 0;
  *png = png_create_write_struct_2(
      PNG_LIBPNG_VER_STRING, w, on_error, on_warning, w, arena_malloc, arena_free);
  if (!*png) return 0;
  *info = png_create_info_struct(*png);
  if (*info) return 1;
  png_destroy_write_struct(png, NULL);
  return 0;
}

static void write_front(png_structp png, png_infop info, const diorama_png_header *h) {
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_IHDR(
      png, info, h->width, h->height, h->bit_depth, h->color_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
      PNG_FILTER_TYPE_DEFAULT);
  if (h->color_type == DIORAMA_PNG_PALETTE) {
    png_color entries[256];
    for (int i = 0; i < h->palette_count; i++) {
      entries[i] = (png_color){h->palette[i][0], h->palette[i][1], h->palette[i][2]};
    }
    png_set_PLTE(png, info, entries, h->palette_count);
  }
  if (h->srgb) png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
  png_write_info(png, info);
}

int diorama_png_writer_pack(diorama_png_writer *w, const diorama_png_header *header) {
  png_structp png;
  png_infop info;
  if (!open_png(w, &png, &info)) return fail(w, "libpng has no memory");
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return 1;
  }
  png_set_write_fn(png, w, on_write, on_flush);
  write_front(png, info, header);
  static const png_byte idat[5] = "IDAT", iend[5] = "IEND";
  for (size_t at = 0; at < w->deflated.count; at += largest_chunk) {
    size_t left = w->deflated.count - at;
    png_write_chunk(png, idat, w->deflated.bytes + at, left < largest_chunk ? left : largest_chunk);
  }
  png_write_chunk(png, iend, NULL, 0);
  png_destroy_write_struct(&png, &info);
  return 0;
}

int diorama_png_writer_write_small(
    diorama_png_writer *w, const diorama_png_header *header, const uint8_t *pixels, size_t row_bytes) {
  png_structp png;
  png_infop info;
  if (!open_png(w, &png, &info)) return fail(w, "libpng has no memory");
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return 1;
  }
  png_set_write_fn(png, w, on_write, on_flush);
  png_set_compression_level(png, 6);
  write_front(png, info, header);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (header->bit_depth == 16) png_set_swap(png);
#endif
  for (uint32_t y = 0; y < header->height; y++) png_write_row(png, pixels + y * row_bytes);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  return 0;
}
