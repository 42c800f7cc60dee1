#include "CVips.h"
#include "internal.h"

#include <vips/vips.h>

char *cvips_webp_encode(
    const uint8_t *pixels, int width, int height, int channels, int frames, int delay,
    bool lossless, uint8_t **webp, size_t *webp_length) {
    char *failure = cvips_start();
    if (failure != NULL) {
        return failure;
    }
    void *bytes = NULL;
    VipsImage *image = cvips_animation(pixels, width, height, channels, frames, delay);
    if (image == NULL
        || vips_webpsave_buffer(
               image, &bytes, webp_length, "lossless", lossless, "Q", 90, NULL) != 0) {
        failure = cvips_take_error();
    }
    g_clear_object(&image);
    *webp = bytes;
    return failure;
}
