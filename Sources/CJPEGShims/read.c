#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "CJPEGShims.h"

typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf place;
  char *message;
  int status;
} failure;

typedef struct {
  struct jpeg_progress_mgr manager;
  int scans;
} passes;

_Static_assert(DIORAMA_JPEG_MESSAGE >= JMSG_LENGTH_MAX, "a message of libjpeg's fits");

static void on_error(j_common_ptr jpeg) {
  failure *f = (failure *)jpeg->err;
  jpeg->err->format_message(jpeg, f->message);
  longjmp(f->place, 1);
}

// Warnings are about damage that the decoder would paint over: an error here. Harmless are bytes between markers, an
// unknown JFIF version and an Adobe marker with an unknown transform code.
static void on_message(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  int code = jpeg->err->msg_code;
  if (code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM) return;
  on_error(jpeg);
}

static void on_progress(j_common_ptr jpeg) {
  passes *p = (passes *)jpeg->progress;
  if (((j_decompress_ptr)jpeg)->input_scan_number <= p->scans) return;
  failure *f = (failure *)jpeg->err;
  snprintf(f->message, DIORAMA_JPEG_MESSAGE, "more than %d scans", p->scans);
  longjmp(f->place, 1);
}

static void refuse(j_decompress_ptr jpeg, const char *reason) {
  failure *f = (failure *)jpeg->err;
  f->status = DIORAMA_JPEG_UNSUPPORTED;
  strncpy(f->message, reason, DIORAMA_JPEG_MESSAGE - 1);
  f->message[DIORAMA_JPEG_MESSAGE - 1] = 0;
  longjmp(f->place, 1);
}

static void prepare(struct jpeg_decompress_struct *jpeg, failure *f, char *message) {
  memset(jpeg, 0, sizeof *jpeg);
  message[0] = 0;
  f->message = message;
  f->status = DIORAMA_JPEG_DAMAGED;
  jpeg->err = jpeg_std_error(&f->manager);
  f->manager.error_exit = on_error;
  f->manager.emit_message = on_message;
}

static void read_front(j_decompress_ptr jpeg, const uint8_t *bytes, size_t count) {
  jpeg_create_decompress(jpeg);
  jpeg_mem_src(jpeg, bytes, (unsigned long)count);
  jpeg_read_header(jpeg, TRUE);
  if (jpeg->arith_code) refuse(jpeg, "arithmetic coding");
  if (jpeg->data_precision != 8) refuse(jpeg, "samples of other than 8 bits");
  switch (jpeg->jpeg_color_space) {
    case JCS_GRAYSCALE: jpeg->out_color_space = JCS_GRAYSCALE; break;
    case JCS_RGB:
    case JCS_YCbCr: jpeg->out_color_space = JCS_RGB; break;
    case JCS_CMYK:
    case JCS_YCCK: refuse(jpeg, "CMYK colour"); break;
    default: refuse(jpeg, "an unknown colour space");
  }
}

int diorama_jpeg_read_header(
    const uint8_t *bytes, size_t count, diorama_jpeg_header *header, char message[DIORAMA_JPEG_MESSAGE]) {
  struct jpeg_decompress_struct jpeg;
  failure f;
  prepare(&jpeg, &f, message);
  if (setjmp(f.place)) {
    jpeg_destroy_decompress(&jpeg);
    return f.status;
  }
  read_front(&jpeg, bytes, count);
  header->width = jpeg.image_width;
  header->height = jpeg.image_height;
  header->channels = jpeg.out_color_space == JCS_GRAYSCALE ? 1 : 3;
  jpeg_destroy_decompress(&jpeg);
  return DIORAMA_JPEG_OK;
}

int diorama_jpeg_read_pixels(
    const uint8_t *bytes, size_t count, uint8_t *pixels, const diorama_jpeg_header *header, long memory, int scans,
    char message[DIORAMA_JPEG_MESSAGE]) {
  struct jpeg_decompress_struct jpeg;
  failure f;
  passes p = {.scans = scans};
  p.manager.progress_monitor = on_progress;
  prepare(&jpeg, &f, message);
  if (setjmp(f.place)) {
    jpeg_destroy_decompress(&jpeg);
    return f.status;
  }
  read_front(&jpeg, bytes, count);
  jpeg.mem->max_memory_to_use = memory;
  jpeg.progress = &p.manager;
  jpeg.dct_method = JDCT_ISLOW;
  jpeg.do_fancy_upsampling = TRUE;
  jpeg.do_block_smoothing = FALSE;
  jpeg_start_decompress(&jpeg);
  if (jpeg.output_width != header->width || jpeg.output_height != header->height ||
      (uint32_t)jpeg.output_components != header->channels)
    refuse(&jpeg, "rows of another size than the header promised");
  size_t row_bytes = (size_t)header->width * header->channels;
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = pixels + jpeg.output_scanline * row_bytes;
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
  return DIORAMA_JPEG_OK;
}
