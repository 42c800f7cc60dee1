#include "CVips.h"
#include "internal.h"

#include <vips/vips.h>

VipsImage *cvips_animation(
    const uint8_t *pixels, int width, int height, int channels, int frames, int delay) {
    size_t size = (size_t)width * (size_t)height * (size_t)channels * (size_t)frames;
    VipsImage *raw = vips_image_new_from_memory(
        pixels, size, width, height * frames, channels, VIPS_FORMAT_UCHAR);
    VipsImage *image = NULL;
    if (raw == NULL
        || vips_copy(raw, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) != 0) {
        g_clear_object(&raw);
        return NULL;
    }
    int *delays = g_new(int, frames);
    for (int i = 0; i < frames; i++) {
        delays[i] = delay;
    }
    vips_image_set_int(image, VIPS_META_PAGE_HEIGHT, height);
    vips_image_set_int(image, "loop", 0);
    vips_image_set_array_int(image, "delay", delays, frames);
    g_free(delays);
    g_object_unref(raw);
    return image;
}

static char *copy_delays(VipsImage *image, int frames, int **delays) {
    int *values = NULL;
    int count = 0;
    if (vips_image_get_array_int(image, "delay", &values, &count) != 0) {
        return cvips_take_error();
    }
    *delays = g_new0(int, frames);
    for (int i = 0; i < frames && i < count; i++) {
        (*delays)[i] = values[i];
    }
    return NULL;
}

char *cvips_gif_describe(
    const uint8_t *gif, size_t length, int *frames, int *width, int *height, int **delays) {
    char *failure = cvips_start();
    if (failure != NULL) {
        return failure;
    }
    VipsImage *image = NULL;
    *delays = NULL;
    if (vips_gifload_buffer((void *)gif, length, &image, NULL) != 0) {
        return cvips_take_error();
    }
    *frames = vips_image_get_n_pages(image);
    *width = vips_image_get_width(image);
    *height = vips_image_get_height(image);
    failure = copy_delays(image, *frames, delays);
    g_object_unref(image);
    return failure;
}

char *cvips_gif_frame(
    const uint8_t *gif, size_t length, int frame,
    uint8_t **pixels, int *width, int *height, int *channels) {
    char *failure = cvips_start();
    if (failure != NULL) {
        return failure;
    }
    VipsImage *image = NULL;
    size_t size = 0;
    *pixels = NULL;
    if (vips_gifload_buffer((void *)gif, length, &image, "page", frame, NULL) != 0
        || (*pixels = vips_image_write_to_memory(image, &size)) == NULL) {
        failure = cvips_take_error();
    } else {
        *width = vips_image_get_width(image);
        *height = vips_image_get_height(image);
        *channels = vips_image_get_bands(image);
    }
    g_clear_object(&image);
    return failure;
}
