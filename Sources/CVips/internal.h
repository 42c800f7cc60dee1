#ifndef CVIPS_INTERNAL_H
#define CVIPS_INTERNAL_H

#include <stdint.h>
#include <vips/vips.h>

// Keeps what libraries log off standard error, from the first call on.
void cvips_drop_logs(void);

// libvips' pending message, taken out of its buffer, without the final line break.
char *cvips_take_error(void);

// The picture with samples of 8 bits: those of 16 become v / 257, rounded, whatever their colours.
int cvips_eight_bits(VipsImage *picture, VipsImage **bytes);

// Frames, stacked below each other, as an image that says so and plays for ever; NULL where that
// fails. The pixels must outlive it.
VipsImage *cvips_animation(
    const uint8_t *pixels, int width, int height, int channels, int frames, int delay);

#endif
