#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "CPNGShims.h"

typedef struct {
  const uint8_t *next;
  size_t left;
  char *message;
} source;

static void on_error(png_structp png, png_const_charp message) {
  source *s = png_get_error_ptr(png);
  strncpy(s->message, message, DIORAMA_PNG_MESSAGE - 1);
  s->message[DIORAMA_PNG_MESSAGE - 1] = 0;
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void on_read(png_structp png, png_bytep bytes, size_t count) {
  source *s = png_get_io_ptr(png);
  if (count > s->left) png_error(png, "the file ends early");
  memcpy(bytes, s->next, count);
  s->next += count;
  s->left -= count;
}

static int open_png(source *s, png_structp *png, png_infop *info) {
  s->message[0] = 0;
  *png = png_create_read_struct(PNG_LIBPNG_VER_STRING, s, on_error, on_warning);
  if (*png) {
    *info = png_create_info_struct(*png);
    if (*info) return 1;
    png_destroy_read_struct(png, NULL, NULL);
  }
  strcpy(s->message, "libpng has no memory");
  return 0;
}

// Reads up to the first IDAT. Text, profiles, times and the like are skipped unread; their checksums are looked at all
// the same, for a chunk with a wrong one is the mark of a damaged file.
static void read_front(png_structp png, png_infop info, source *s) {
  png_set_read_fn(png, s, on_read);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, info);
}

static void copy_header(png_structp png, png_infop info, diorama_png_header *h) {
  memset(h, 0, sizeof *h);
  h->width = png_get_image_width(png, info);
  h->height = png_get_image_height(png, info);
  h->bit_depth = png_get_bit_depth(png, info);
  h->color_type = png_get_color_type(png, info);
  h->has_trns = png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  png_colorp colors = NULL;
  int count = 0;
  if (h->color_type != PNG_COLOR_TYPE_PALETTE || !png_get_PLTE(png, info, &colors, &count)) return;
  png_bytep alpha = NULL;
  int alpha_count = 0;
  if (h->has_trns) png_get_tRNS(png, info, &alpha, &alpha_count, NULL);
  h->palette_count = (uint16_t)(count < 256 ? count : 256);
  for (int i = 0; i < h->palette_count; i++) {
    h->palette[i][0] = colors[i].red;
    h->palette[i][1] = colors[i].green;
    h->palette[i][2] = colors[i].blue;
    h->palette[i][3] = alpha && i < alpha_count ? alpha[i] : 255;
  }
}

int diorama_png_read_header(
    const uint8_t *bytes, size_t count, diorama_png_header *header, char message[DIORAMA_PNG_MESSAGE]) {
  source s = {bytes, count, message};
  png_structp png;
  png_infop info;
  if (!open_png(&s, &png, &info)) return 1;
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return 1;
  }
  read_front(png, info, &s);
  copy_header(png, info, header);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}

int diorama_png_read_pixels(
    const uint8_t *bytes, size_t count, uint8_t *pixels, size_t row_bytes, uint32_t height,
    char message[DIORAMA_PNG_MESSAGE]) {
  source s = {bytes, count, message};
  png_structp png;
  png_infop info;
  if (!open_png(&s, &png, &info)) return 1;
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return 1;
  }
  read_front(png, info, &s);
  if (png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE) {
    png_set_packing(png);
  } else {
    png_set_expand(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (png_get_bit_depth(png, info) == 16) png_set_swap(png);
#endif
  }
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != row_bytes || png_get_image_height(png, info) != height)
    png_error(png, "rows of another size than the header promised");
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t y = 0; y < height; y++) png_read_row(png, pixels + y * row_bytes, NULL);
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}
