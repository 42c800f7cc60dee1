#ifndef CVIPS_INTERNAL_H
#define CVIPS_INTERNAL_H

#include <stdint.h>
#include <vips/vips.h>

// libvips' pending message, taken out of its buffer, without the final line break.
char *cvips_take_error(void);

// Frames, stacked below each other, as an image that says so and plays for ever; NULL where that
// fails. The pixels must outlive it.
VipsImage *cvips_animation(
    const uint8_t *pixels, int width, int height, int channels, int frames, int delay);

#endif
