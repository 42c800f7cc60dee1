#include "CVips.h"
#include "internal.h"

#include <string.h>
#include <vips/vips.h>

// What a picture takes once decoded. A progressive JPEG is held twice: its coefficients, which are
// two bytes each, are complete only at the end of the file.
static uint64_t decoded_bytes(VipsImage *header, const char *loader) {
    uint64_t samples = (uint64_t)vips_image_get_width(header)
        * (uint64_t)vips_image_get_height(header) * (uint64_t)vips_image_get_bands(header);
    uint64_t bytes = samples * VIPS_IMAGE_SIZEOF_ELEMENT(header);
    gboolean progressive = vips_image_get_typeof(header, "interlaced") != 0
        && strstr(loader, "Jpeg") != NULL;
    return progressive ? 3 * bytes : bytes;
}

// libvips' own words are dropped: it has one store of them for the process, in which those about
// files that other threads decode would be mixed up.
static char *refusal(const char *reason) {
    vips_error_clear();
    return g_strdup(reason);
}

// Several loaders are not safe with files from strangers, and have been shut off.
static gboolean is_trusted(const char *loader) {
    GType type = loader == NULL ? 0 : g_type_from_name(loader);
    if (type == 0) {
        return FALSE;
    }
    VipsOperationClass *operation = g_type_class_ref(type);
    gboolean trusted = (operation->flags & VIPS_OPERATION_BLOCKED) == 0;
    g_type_class_unref(operation);
    return trusted;
}

// The header alone: nothing is decoded yet, and the file must outlive the image.
static char *open_picture(
    const uint8_t *file, size_t length, size_t limit, VipsImage **picture) {
    const char *loader = vips_foreign_find_load_buffer(file, length);
    if (!is_trusted(loader)) {
        return refusal("it is not an image in a format that is supported");
    }
    *picture = vips_image_new_from_buffer(
        file, length, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, NULL);
    if (*picture == NULL) {
        return refusal("its header is damaged");
    }
    VipsBandFormat format = vips_image_get_format(*picture);
    if (format != VIPS_FORMAT_UCHAR && format != VIPS_FORMAT_USHORT) {
        return g_strdup("its samples have neither 8 nor 16 bits, so what is white is not known");
    }
    if (decoded_bytes(*picture, loader) > limit) {
        return g_strdup_printf(
            "its %d x %d pixels would take more than %zu MiB",
            vips_image_get_width(*picture), vips_image_get_height(*picture), limit >> 20);
    }
    return NULL;
}

int cvips_eight_bits(VipsImage *picture, VipsImage **bytes) {
    if (vips_image_get_format(picture) != VIPS_FORMAT_USHORT) {
        return vips_copy(picture, bytes, NULL);
    }
    VipsInterpretation interpretation = vips_image_get_interpretation(picture);
    if (interpretation == VIPS_INTERPRETATION_GREY16) {
        interpretation = VIPS_INTERPRETATION_B_W;
    } else if (interpretation == VIPS_INTERPRETATION_RGB16) {
        interpretation = VIPS_INTERPRETATION_sRGB;
    }
    VipsImage *steps[2] = {NULL};
    // No quotient is so near to a half that single precision could round it to the wrong side.
    int status = vips_linear1(picture, &steps[0], 1.0 / 257, 0.5, NULL);
    status = status || vips_cast_uchar(steps[0], &steps[1], NULL);
    status = status || vips_copy(steps[1], bytes, "interpretation", interpretation, NULL);
    for (int i = 0; i < 2; i++) {
        g_clear_object(&steps[i]);
    }
    return status;
}

// A letterbox has room for the whole picture; a crop leaves no border and is cut to its centre.
static VipsInteresting cut(const cvips_shape *shape) {
    return shape->letterbox ? VIPS_INTERESTING_NONE : VIPS_INTERESTING_CENTRE;
}

// Inks multiply: without a profile nothing more is known of them.
static int mix_inks(VipsImage *picture, VipsImage **rgb) {
    VipsImage *steps[6] = {NULL};
    int status = vips_invert(picture, &steps[0], NULL);
    status = status || vips_extract_band(steps[0], &steps[1], 0, "n", 3, NULL);
    status = status || vips_extract_band(steps[0], &steps[2], 3, NULL);
    status = status || vips_multiply(steps[1], steps[2], &steps[3], NULL);
    status = status || vips_linear1(steps[3], &steps[4], 1.0 / 255, 0.5, NULL);
    status = status || vips_cast_uchar(steps[4], &steps[5], NULL);
    status = status
        || vips_copy(steps[5], rgb, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
    for (int i = 0; i < 6; i++) {
        g_clear_object(&steps[i]);
    }
    return status;
}

// Whether a picture is of inks without a profile, which would say how they mix.
static gboolean is_inks(VipsImage *picture) {
    return vips_image_get_typeof(picture, VIPS_META_ICC_NAME) == 0
        && vips_image_get_interpretation(picture) == VIPS_INTERPRETATION_CMYK
        && vips_image_get_bands(picture) == 4;
}

// Pictures that libvips would convert by other rules than ours: of inks or of 16 bits.
static int shrink_converted(VipsImage *picture, const cvips_shape *shape, VipsImage **small) {
    VipsImage *bytes = NULL;
    VipsImage *colours = NULL;
    gboolean profiled = vips_image_get_typeof(picture, VIPS_META_ICC_NAME) != 0;
    int status = cvips_eight_bits(picture, &bytes);
    status = status
        || (is_inks(picture) ? mix_inks(bytes, &colours) : vips_copy(bytes, &colours, NULL));
    status = status
        || (profiled
            ? vips_thumbnail_image(
                colours, small, shape->width, "height", shape->height, "crop", cut(shape), "size",
                VIPS_SIZE_BOTH, "export_profile", "srgb", NULL)
            : vips_thumbnail_image(
                colours, small, shape->width, "height", shape->height, "crop", cut(shape), "size",
                VIPS_SIZE_BOTH, NULL));
    g_clear_object(&colours);
    g_clear_object(&bytes);
    return status;
}

// JPEG and WebP files are decoded at a smaller size where that suffices.
static int shrink(
    const uint8_t *file, size_t length, VipsImage *picture, const cvips_shape *shape,
    VipsImage **small) {
    gboolean profiled = vips_image_get_typeof(picture, VIPS_META_ICC_NAME) != 0;
    if (is_inks(picture) || vips_image_get_format(picture) == VIPS_FORMAT_USHORT) {
        return shrink_converted(picture, shape, small);
    }
    // An option of libvips 8.14 of this name is not passed on: the string is.
    const char *strict = "[fail_on=error]";
    int status = profiled
        ? vips_thumbnail_buffer(
            (void *)file, length, small, shape->width, "height", shape->height, "crop",
            cut(shape), "size", VIPS_SIZE_BOTH, "option_string", strict, "export_profile", "srgb",
            NULL)
        : vips_thumbnail_buffer(
            (void *)file, length, small, shape->width, "height", shape->height, "crop",
            cut(shape), "size", VIPS_SIZE_BOTH, "option_string", strict, NULL);
    return status;
}

// Red, green and blue on the background, in place of whatever the file had.
static int flatten(VipsImage *small, const cvips_shape *shape, VipsImage **opaque) {
    VipsImage *colour = NULL;
    VipsImage *flat = NULL;
    double rgb[3] = {shape->background[0], shape->background[1], shape->background[2]};
    VipsArrayDouble *background = vips_array_double_new(rgb, 3);
    int status = vips_colourspace(small, &colour, VIPS_INTERPRETATION_sRGB, NULL);
    if (status == 0 && vips_image_hasalpha(colour)) {
        status = vips_flatten(colour, &flat, "background", background, NULL);
    } else if (status == 0) {
        status = vips_copy(colour, &flat, NULL);
    }
    if (status == 0) {
        status = vips_gravity(
            flat, opaque, VIPS_COMPASS_DIRECTION_CENTRE, shape->width, shape->height,
            "extend", VIPS_EXTEND_BACKGROUND, "background", background, NULL);
    }
    vips_area_unref(VIPS_AREA(background));
    g_clear_object(&flat);
    g_clear_object(&colour);
    return status;
}

// Brightness as in ITU-R BT.601, in units of 2^-16, rounded; the weights add up to one.
static uint8_t brightness(const uint8_t *rgb) {
    return (uint8_t)((19595u * rgb[0] + 38470u * rgb[1] + 7471u * rgb[2] + 0x8000u) >> 16);
}

// Reads strips from top to bottom, in this thread alone: libvips' own would only get in each
// other's way, since whoever has many pictures decodes several at a time.
static char *copy_rows(VipsImage *opaque, const cvips_shape *shape, uint8_t *pixels) {
    VipsRegion *region = vips_region_new(opaque);
    int status = 0;
    for (int top = 0; top < shape->height && status == 0; top += 8) {
        VipsRect strip = {0, top, shape->width, MIN(8, shape->height - top)};
        status = vips_region_prepare(region, &strip);
        if (status != 0) {
            break;
        }
        for (int y = 0; y < strip.height; y++) {
            const uint8_t *rgb = VIPS_REGION_ADDR(region, 0, top + y);
            for (int x = 0; x < shape->width; x++, rgb += 3) {
                if (shape->channels == 1) {
                    *pixels++ = brightness(rgb);
                } else {
                    memcpy(pixels, rgb, 3);
                    pixels += 3;
                }
            }
        }
    }
    g_object_unref(region);
    return status == 0 ? NULL : refusal("it is damaged or cut short");
}

static char *copy_pixels(VipsImage *opaque, const cvips_shape *shape, uint8_t *pixels) {
    if (vips_image_get_bands(opaque) != 3
        || vips_image_get_format(opaque) != VIPS_FORMAT_UCHAR
        || vips_image_get_width(opaque) != shape->width
        || vips_image_get_height(opaque) != shape->height) {
        return g_strdup("its colours are of a kind that cannot be converted");
    }
    return copy_rows(opaque, shape, pixels);
}

char *cvips_picture_decode(
    const uint8_t *file, size_t length, const cvips_shape *shape, size_t limit, uint8_t *pixels) {
    char *failure = cvips_start();
    VipsImage *picture = NULL;
    VipsImage *small = NULL;
    VipsImage *opaque = NULL;
    if (failure == NULL) {
        failure = open_picture(file, length, limit, &picture);
    }
    if (failure == NULL
        && (shrink(file, length, picture, shape, &small) != 0
            || flatten(small, shape, &opaque) != 0)) {
        failure = refusal("it is damaged or cannot be converted");
    }
    if (failure == NULL) {
        failure = copy_pixels(opaque, shape, pixels);
    }
    g_clear_object(&opaque);
    g_clear_object(&small);
    g_clear_object(&picture);
    vips_thread_shutdown();
    return failure;
}

char *cvips_picture_describe(
    const uint8_t *file, size_t length, size_t limit, int *width, int *height, int *channels) {
    char *failure = cvips_start();
    VipsImage *picture = NULL;
    if (failure == NULL) {
        failure = open_picture(file, length, limit, &picture);
    }
    if (failure == NULL) {
        gboolean swap = vips_image_get_orientation_swap(picture);
        int across = vips_image_get_width(picture);
        int down = vips_image_get_height(picture);
        int bands = vips_image_get_bands(picture) - (vips_image_hasalpha(picture) ? 1 : 0);
        *width = swap ? down : across;
        *height = swap ? across : down;
        *channels = bands < 3 ? 1 : 3;
    }
    g_clear_object(&picture);
    vips_thread_shutdown();
    return failure;
}

const char *cvips_version(void) { return vips_version_string(); }
