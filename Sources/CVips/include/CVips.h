#ifndef CVIPS_H
#define CVIPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A plain C face for the few calls of libvips, librsvg, cairo, libcgif and GLib that the package
// needs.
//
// Every function that returns `char *` returns NULL when it worked and otherwise a message.
// Messages and all memory handed out are freed with cvips_free. All functions may be called from
// any thread; a cvips_gif belongs to one caller at a time. Pixels are 8 bits per channel, rows from
// top to bottom, channels interleaved, without padding.

/// Starts libvips once per process and shuts off its loaders that are not fit for untrusted files.
/// The other functions call it themselves.
char *cvips_start(void);

/// Frees a message or memory that one of these functions handed out; NULL is allowed.
void cvips_free(void *memory);

/// Writes pixels (1 to 4 channels) as PNG.
char *cvips_png_encode(
    const uint8_t *pixels, int width, int height, int channels, uint8_t **png, size_t *length);

/// Reads a PNG as 8-bit pixels of 1 to 4 channels, palettes expanded, 16 bits rounded to 8.
/// Refuses an image of more than `limit` bytes before it allocates memory for it.
char *cvips_png_decode(
    const uint8_t *png, size_t length, size_t limit,
    uint8_t **pixels, int *width, int *height, int *channels);

/// What a decoded picture is to look like.
typedef struct cvips_shape {
    /// In pixels, 1 or more.
    int width, height;
    /// 3 for red, green and blue; 1 for brightness.
    int channels;
    /// Whether the whole picture is kept, with borders; else it covers all and its centre is kept.
    bool letterbox;
    /// Red, green and blue of borders and of what is behind transparent pixels.
    uint8_t background[3];
} cvips_shape;

/// Decodes a file of any format that libvips trusts itself with, upright, in sRGB, resized and cut
/// to width by height; of an animation the first frame. `pixels` has room for
/// width * height * channels bytes. Refuses a picture that would take more than `limit` bytes,
/// before it is decoded, and one that is damaged; the message is a clause such as "it is empty".
char *cvips_picture_decode(
    const uint8_t *file, size_t length, const cvips_shape *shape, size_t limit, uint8_t *pixels);

/// The size of a picture once upright, and 1 channel for grey or 3 for colour, whatever is
/// transparent. Nothing is decoded; refuses what cvips_picture_decode would refuse by its header.
char *cvips_picture_describe(
    const uint8_t *file, size_t length, size_t limit, int *width, int *height, int *channels);

/// libvips' version; it must not be freed.
const char *cvips_version(void);

/// A SHA-256 checksum being computed.
typedef struct cvips_sha256 cvips_sha256;

/// Begins a checksum.
cvips_sha256 *cvips_sha256_new(void);

/// Adds bytes.
void cvips_sha256_add(cvips_sha256 *sha, const void *bytes, size_t length);

/// Hands out the checksum; nothing can be added afterwards.
void cvips_sha256_finish(cvips_sha256 *sha, uint8_t digest[32]);

/// Frees a checksum, finished or not; NULL is allowed.
void cvips_sha256_free(cvips_sha256 *sha);

/// Draws an SVG document on white: RGB pixels, the document stretched to width by height.
char *cvips_svg_render(
    const uint8_t *svg, size_t length, int width, int height, uint8_t **pixels);

/// Draws an SVG document on one vector page of a PDF; the page's size is in points (1/72 inch).
char *cvips_svg_to_pdf(
    const uint8_t *svg, size_t length, double width, double height,
    uint8_t **pdf, size_t *pdf_length);

/// Encodes frames, stacked below each other in `pixels` (3 or 4 channels), as an animated WebP that
/// plays for ever: with the pixels as they are, or at quality 90 of 100. The delay is in
/// milliseconds.
char *cvips_webp_encode(
    const uint8_t *pixels, int width, int height, int channels, int frames, int delay,
    bool lossless, uint8_t **webp, size_t *webp_length);

/// Reads the number of frames of a GIF, the size of a frame, and every frame's delay in
/// milliseconds (an array of `frames` values).
char *cvips_gif_describe(
    const uint8_t *gif, size_t length, int *frames, int *width, int *height, int **delays);

/// Composes one frame of a GIF as it appears when played: pixels of 3 or 4 channels.
char *cvips_gif_frame(
    const uint8_t *gif, size_t length, int frame,
    uint8_t **pixels, int *width, int *height, int *channels);

/// An animated GIF being written, frame by frame, with one palette.
typedef struct cvips_gif cvips_gif;

/// Opens a GIF with a palette of up to 255 RGB colours. Index 255 stays free: it means "as in the
/// previous frame". `delay` is in hundredths of a second.
char *cvips_gif_open(
    int width, int height, const uint8_t *palette, int colours, int delay, cvips_gif **gif);

/// Adds a frame of width * height palette indices.
char *cvips_gif_add(cvips_gif *gif, const uint8_t *indices);

/// Ends the GIF, whose last bytes can then be taken. The GIF must still be freed.
char *cvips_gif_finish(cvips_gif *gif);

/// Hands out the bytes that were encoded since the last call; NULL where there are none.
void cvips_gif_take(cvips_gif *gif, uint8_t **bytes, size_t *length);

/// Frees a GIF, finished or not; NULL is allowed.
void cvips_gif_free(cvips_gif *gif);

#endif
