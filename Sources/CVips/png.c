#include "CVips.h"
#include "internal.h"

#include <vips/vips.h>

static VipsInterpretation interpretation(int channels) {
    return channels < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
}

char *cvips_png_encode(
    const uint8_t *pixels, int width, int height, int channels, uint8_t **png, size_t *length) {
    char *failure = cvips_start();
    if (failure != NULL) {
        return failure;
    }
    size_t size = (size_t)width * (size_t)height * (size_t)channels;
    VipsImage *raw =
        vips_image_new_from_memory(pixels, size, width, height, channels, VIPS_FORMAT_UCHAR);
    VipsImage *typed = NULL;
    void *bytes = NULL;
    if (raw == NULL
        || vips_copy(raw, &typed, "interpretation", interpretation(channels), NULL) != 0
        || vips_pngsave_buffer(typed, &bytes, length, "strip", TRUE, NULL) != 0) {
        failure = cvips_take_error();
    }
    g_clear_object(&typed);
    g_clear_object(&raw);
    *png = bytes;
    return failure;
}

char *cvips_png_decode(
    const uint8_t *png, size_t length, size_t limit,
    uint8_t **pixels, int *width, int *height, int *channels) {
    char *failure = cvips_start();
    if (failure != NULL) {
        return failure;
    }
    VipsImage *image = NULL;
    VipsImage *bytes = NULL;
    *pixels = NULL;
    if (vips_pngload_buffer((void *)png, length, &image, "fail_on", VIPS_FAIL_ON_ERROR, NULL)
        != 0) {
        return cvips_take_error();
    }
    *width = vips_image_get_width(image);
    *height = vips_image_get_height(image);
    *channels = vips_image_get_bands(image);
    size_t size = 0;
    if ((uint64_t)*width * (uint64_t)*height * (uint64_t)*channels > limit) {
        failure = g_strdup_printf("its %d x %d pixels are too many", *width, *height);
    } else if (
        cvips_eight_bits(image, &bytes) != 0
        || (*pixels = vips_image_write_to_memory(bytes, &size)) == NULL) {
        failure = cvips_take_error();
    }
    g_clear_object(&bytes);
    g_clear_object(&image);
    return failure;
}
