#include <OpenEXR/openexr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CEXRShims.h"

enum { MOST_CHANNELS = 4 };

// A file in memory, and what the library said of it last.
typedef struct {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
  char *message;
} memory_file;

static void note(exr_const_context_t context, exr_result_t code, const char *message) {
  void *user = NULL;
  (void)code;
  if (exr_get_user_data(context, &user) == EXR_ERR_SUCCESS && user)
    snprintf(((memory_file *)user)->message, DIORAMA_EXR_MESSAGE, "%s", message);
}

static int64_t write_at(
    exr_const_context_t context, void *user, const void *buffer, uint64_t size, uint64_t offset,
    exr_stream_error_func_ptr_t fail) {
  memory_file *f = user;
  if (offset + size > f->capacity) {
    size_t capacity = f->capacity * 2 > offset + size ? f->capacity * 2 : offset + size;
    uint8_t *bytes = realloc(f->bytes, capacity);
    if (!bytes) {
      fail(context, EXR_ERR_OUT_OF_MEMORY, "out of memory");
      return -1;
    }
    f->bytes = bytes;
    f->capacity = capacity;
  }
  if (offset > f->count) memset(f->bytes + f->count, 0, offset - f->count);
  memcpy(f->bytes + offset, buffer, size);
  if (offset + size > f->count) f->count = offset + size;
  return (int64_t)size;
}

static int64_t read_at(
    exr_const_context_t context, void *user, void *buffer, uint64_t size, uint64_t offset,
    exr_stream_error_func_ptr_t fail) {
  memory_file *f = user;
  (void)context;
  (void)fail;
  if (offset >= f->count) return 0;
  uint64_t left = f->count - offset;
  if (size > left) size = left;
  memcpy(buffer, f->bytes + offset, size);
  return (int64_t)size;
}

static int64_t size_of(exr_const_context_t context, void *user) {
  (void)context;
  return (int64_t)((memory_file *)user)->count;
}

void diorama_exr_free(void *memory) { free(memory); }

// The place of a channel among the interleaved ones; -1 where it is not one of ours.
static int place(const char *names, const char *name) {
  if (strlen(name) != 1) return -1;
  const char *found = strchr(names, name[0]);
  return found ? (int)(found - names) : -1;
}

int diorama_exr_write(
    const float *samples, int32_t width, int32_t height, int32_t channels, const char *names, diorama_exr_file *out) {
  memory_file file = {NULL, 0, 0, out->message};
  exr_context_initializer_t settings = EXR_DEFAULT_CONTEXT_INITIALIZER;
  settings.user_data = &file;
  settings.write_fn = write_at;
  settings.error_handler_fn = note;
  memset(out, 0, sizeof *out);
  snprintf(out->message, sizeof out->message, "OpenEXR refused");
  exr_context_t context = NULL;
  exr_encode_pipeline_t encoder = EXR_ENCODE_PIPELINE_INITIALIZER;
  int part = 0, begun = 0;
  int32_t lines = 1;
  exr_result_t r = exr_start_write(&context, "labels.exr", EXR_WRITE_FILE_DIRECTLY, &settings);
  if (r == EXR_ERR_SUCCESS) r = exr_add_part(context, "labels", EXR_STORAGE_SCANLINE, &part);
  if (r == EXR_ERR_SUCCESS)
    r = exr_initialize_required_attr_simple(context, part, width, height, EXR_COMPRESSION_ZIP);
  for (int c = 0; r == EXR_ERR_SUCCESS && c < channels; c++) {
    const char name[2] = {names[c], 0};
    r = exr_add_channel(context, part, name, EXR_PIXEL_FLOAT, EXR_PERCEPTUALLY_LINEAR, 1, 1);
  }
  if (r == EXR_ERR_SUCCESS) r = exr_write_header(context);
  if (r == EXR_ERR_SUCCESS) r = exr_get_scanlines_per_chunk(context, part, &lines);
  for (int32_t y = 0; r == EXR_ERR_SUCCESS && y < height; y += lines) {
    exr_chunk_info_t chunk;
    r = exr_write_scanline_chunk_info(context, part, y, &chunk);
    if (r != EXR_ERR_SUCCESS) break;
    r = begun ? exr_encoding_update(context, part, &chunk, &encoder)
              : exr_encoding_initialize(context, part, &chunk, &encoder);
    if (r != EXR_ERR_SUCCESS) break;
    for (int c = 0; c < encoder.channel_count; c++) {
      const int at = place(names, encoder.channels[c].channel_name);
      encoder.channels[c].user_pixel_stride = (int32_t)(channels * sizeof(float));
      encoder.channels[c].user_line_stride = (int32_t)(width * channels * sizeof(float));
      encoder.channels[c].encode_from_ptr = (const uint8_t *)(samples + (size_t)y * width * channels + at);
    }
    if (!begun) {
      begun = 1;
      r = exr_encoding_choose_default_routines(context, part, &encoder);
    }
    if (r == EXR_ERR_SUCCESS) r = exr_encoding_run(context, part, &encoder);
  }
  if (begun) exr_encoding_destroy(context, &encoder);
  if (context) {
    const exr_result_t finished = exr_finish(&context);
    if (r == EXR_ERR_SUCCESS) r = finished;
  }
  if (r != EXR_ERR_SUCCESS) {
    free(file.bytes);
    return 1;
  }
  out->bytes = file.bytes;
  out->count = file.count;
  return 0;
}

int diorama_exr_read(
    const uint8_t *bytes, size_t count, const char *names, int32_t most_side, int64_t most_pixels,
    diorama_exr_image *out) {
  memory_file file = {(uint8_t *)bytes, count, count, out->message};
  exr_context_initializer_t settings = EXR_DEFAULT_CONTEXT_INITIALIZER;
  settings.user_data = &file;
  settings.read_fn = read_at;
  settings.size_fn = size_of;
  settings.error_handler_fn = note;
  settings.max_image_width = most_side;
  settings.max_image_height = most_side;
  memset(out, 0, sizeof *out);
  snprintf(out->message, sizeof out->message, "OpenEXR cannot read it");
  const int channels = (int)strlen(names);
  exr_context_t context = NULL;
  exr_decode_pipeline_t decoder = EXR_DECODE_PIPELINE_INITIALIZER;
  exr_attr_box2i_t window;
  const exr_attr_chlist_t *list = NULL;
  exr_storage_t storage;
  int32_t lines = 1;
  int begun = 0, is_ours = 0;
  exr_result_t r = exr_start_read(&context, "labels.exr", &settings);
  if (r == EXR_ERR_SUCCESS) r = exr_get_storage(context, 0, &storage);
  if (r == EXR_ERR_SUCCESS) r = exr_get_data_window(context, 0, &window);
  if (r == EXR_ERR_SUCCESS) r = exr_get_channels(context, 0, &list);
  if (r == EXR_ERR_SUCCESS) {
    is_ours = storage == EXR_STORAGE_SCANLINE && list->num_channels == channels && window.min.x == 0 &&
              window.min.y == 0;
    for (int c = 0; is_ours && c < list->num_channels; c++)
      is_ours = list->entries[c].pixel_type == EXR_PIXEL_FLOAT && list->entries[c].x_sampling == 1 &&
                list->entries[c].y_sampling == 1 && place(names, list->entries[c].name.str) >= 0;
    const int64_t w = (int64_t)window.max.x + 1, h = (int64_t)window.max.y + 1;
    if (is_ours && (w < 1 || h < 1 || w > most_side || h > most_side || w * h > most_pixels)) is_ours = 0;
    if (!is_ours) {
      snprintf(out->message, sizeof out->message, "other channels or another size than expected");
    } else {
      out->width = (int32_t)w;
      out->height = (int32_t)h;
      out->channels = channels;
      out->samples = malloc((size_t)(w * h) * channels * sizeof(float));
      if (!out->samples) snprintf(out->message, sizeof out->message, "out of memory");
    }
  }
  if (r == EXR_ERR_SUCCESS && out->samples) r = exr_get_scanlines_per_chunk(context, 0, &lines);
  for (int32_t y = 0; r == EXR_ERR_SUCCESS && out->samples && y < out->height; y += lines) {
    exr_chunk_info_t chunk;
    r = exr_read_scanline_chunk_info(context, 0, y, &chunk);
    if (r != EXR_ERR_SUCCESS) break;
    r = begun ? exr_decoding_update(context, 0, &chunk, &decoder)
              : exr_decoding_initialize(context, 0, &chunk, &decoder);
    if (r != EXR_ERR_SUCCESS) break;
    for (int c = 0; c < decoder.channel_count; c++) {
      const int at = place(names, decoder.channels[c].channel_name);
      decoder.channels[c].user_pixel_stride = (int32_t)(channels * sizeof(float));
      decoder.channels[c].user_line_stride = (int32_t)(out->width * channels * sizeof(float));
      decoder.channels[c].decode_to_ptr = (uint8_t *)(out->samples + (size_t)y * out->width * channels + at);
    }
    if (!begun) {
      begun = 1;
      r = exr_decoding_choose_default_routines(context, 0, &decoder);
    }
    if (r == EXR_ERR_SUCCESS) r = exr_decoding_run(context, 0, &decoder);
  }
  if (begun) exr_decoding_destroy(context, &decoder);
  if (context) exr_finish(&context);
  if (r != EXR_ERR_SUCCESS || !out->samples) {
    free(out->samples);
    out->samples = NULL;
    return 1;
  }
  return 0;
}
