#include "CJPEGShims.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf escape;
} failing;

static void fail(j_common_ptr info) { longjmp(((failing *)info->err)->escape, 1); }

static void say_nothing(j_common_ptr info) { (void)info; }

static struct jpeg_error_mgr *prepare(failing *f) {
  struct jpeg_error_mgr *base = jpeg_std_error(&f->base);
  base->error_exit = fail;
  base->output_message = say_nothing;
  return base;
}

static int encode(
    const uint8_t *rgb, int width, int height, int quality, int full_chroma, unsigned char **file, unsigned long *size) {
  struct jpeg_compress_struct c;
  failing error;
  c.err = prepare(&error);
  if (setjmp(error.escape)) {
    jpeg_destroy_compress(&c);
    return 1;
  }
  jpeg_create_compress(&c);
  jpeg_mem_dest(&c, file, size);
  c.image_width = (JDIMENSION)width;
  c.image_height = (JDIMENSION)height;
  c.input_components = 3;
  c.in_color_space = JCS_RGB;
  jpeg_set_defaults(&c);
  jpeg_set_quality(&c, quality, TRUE);
  c.dct_method = JDCT_ISLOW;
  if (full_chroma) c.comp_info[0].h_samp_factor = c.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(&c, TRUE);
  while (c.next_scanline < c.image_height) {
    JSAMPROW row = (JSAMPROW)(rgb + (size_t)c.next_scanline * (size_t)width * 3);
    jpeg_write_scanlines(&c, &row, 1);
  }
  jpeg_finish_compress(&c);
  jpeg_destroy_compress(&c);
  return 0;
}

static int decode(uint8_t *rgb, int width, int height, const unsigned char *file, unsigned long size) {
  struct jpeg_decompress_struct d;
  failing error;
  d.err = prepare(&error);
  if (setjmp(error.escape)) {
    jpeg_destroy_decompress(&d);
    return 1;
  }
  jpeg_create_decompress(&d);
  jpeg_mem_src(&d, file, size);
  jpeg_read_header(&d, TRUE);
  d.out_color_space = JCS_RGB;
  d.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&d);
  if ((int)d.output_width != width || (int)d.output_height != height) longjmp(error.escape, 1);
  while (d.output_scanline < d.output_height) {
    JSAMPROW row = rgb + (size_t)d.output_scanline * (size_t)width * 3;
    jpeg_read_scanlines(&d, &row, 1);
  }
  jpeg_finish_decompress(&d);
  jpeg_destroy_decompress(&d);
  return 0;
}

int diorama_jpeg_round_trip(uint8_t *rgb, int width, int height, int quality, size_t *bytes) {
  unsigned char *file = NULL;
  unsigned long size = 0;
  int status = encode(rgb, width, height, quality, 0, &file, &size);
  if (status == 0) status = decode(rgb, width, height, file, size);
  free(file);
  *bytes = size;
  return status;
}

uint8_t *diorama_jpeg_write(const uint8_t *rgb, int width, int height, int quality, size_t *bytes) {
  unsigned char *file = NULL;
  unsigned long size = 0;
  if (encode(rgb, width, height, quality, 1, &file, &size) != 0) {
    free(file);
    return NULL;
  }
  *bytes = size;
  return file;
}
