#include "CVips.h"
#include "internal.h"
#include "rsvg.h"

#include <cairo-pdf.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static GOnce fonts = G_ONCE_INIT;

static char *take_message(GError *error) {
    char *message = g_strdup(error != NULL ? error->message : "no reason given");
    g_clear_error(&error);
    return message;
}

// The documents are our own, so the parser's limits on their length are lifted.
static char *open_svg(const uint8_t *svg, size_t length, RsvgHandle **handle) {
    GError *error = NULL;
    GInputStream *stream = g_memory_input_stream_new_from_data(svg, (gssize)length, NULL);
    *handle = rsvg_handle_new_from_stream_sync(
        stream, NULL, RSVG_HANDLE_FLAG_UNLIMITED, NULL, &error);
    g_object_unref(stream);
    return *handle == NULL ? take_message(error) : NULL;
}

static char *draw(RsvgHandle *handle, cairo_surface_t *surface, double width, double height) {
    cairo_t *context = cairo_create(surface);
    RsvgRectangle page = {0, 0, width, height};
    GError *error = NULL;
    char *failure = NULL;
    cairo_set_source_rgb(context, 1, 1, 1);
    cairo_paint(context);
    if (!rsvg_handle_render_document(handle, context, &page, &error)) {
        failure = take_message(error);
    } else if (cairo_status(context) != CAIRO_STATUS_SUCCESS) {
        failure = g_strdup(cairo_status_to_string(cairo_status(context)));
    }
    cairo_destroy(context);
    return failure;
}

// Draws the first letter of the process, with standard error closed to it: fontconfig writes what
// it finds wrong with its files straight there, when it looks for a font for the first time.
static gpointer load_fonts(gpointer unused) {
    static const char page[] =
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text y='9'>a</text></svg>";
    (void)unused;
    cvips_drop_logs();
    int original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (original >= 0 && nowhere >= 0) {
        dup2(nowhere, STDERR_FILENO);
    }
    RsvgHandle *handle = NULL;
    char *failure = open_svg((const uint8_t *)page, sizeof page - 1, &handle);
    if (failure == NULL) {
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 9, 9);
        failure = draw(handle, surface, 9, 9);
        cairo_surface_destroy(surface);
        g_object_unref(handle);
    }
    g_free(failure);
    if (original >= 0) {
        dup2(original, STDERR_FILENO);
        close(original);
    }
    if (nowhere >= 0) {
        close(nowhere);
    }
    return NULL;
}

// Cairo's pixels are 32-bit words 0x00RRGGBB with padded rows.
static uint8_t *rgb_pixels(cairo_surface_t *surface, int width, int height) {
    cairo_surface_flush(surface);
    const uint8_t *rows = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    uint8_t *pixels = g_malloc((size_t)width * (size_t)height * 3);
    uint8_t *next = pixels;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint32_t word;
            memcpy(&word, rows + (size_t)y * stride + (size_t)x * 4, 4);
            *next++ = (uint8_t)(word >> 16);
            *next++ = (uint8_t)(word >> 8);
            *next++ = (uint8_t)word;
        }
    }
    return pixels;
}

char *cvips_svg_render(
    const uint8_t *svg, size_t length, int width, int height, uint8_t **pixels) {
    g_once(&fonts, load_fonts, NULL);
    RsvgHandle *handle = NULL;
    *pixels = NULL;
    char *failure = open_svg(svg, length, &handle);
    if (failure != NULL) {
        return failure;
    }
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        failure = g_strdup(cairo_status_to_string(cairo_surface_status(surface)));
    } else if ((failure = draw(handle, surface, width, height)) == NULL) {
        *pixels = rgb_pixels(surface, width, height);
    }
    cairo_surface_destroy(surface);
    g_object_unref(handle);
    return failure;
}

static cairo_status_t append(void *bytes, const unsigned char *data, unsigned int length) {
    g_byte_array_append(bytes, data, length);
    return CAIRO_STATUS_SUCCESS;
}

char *cvips_svg_to_pdf(
    const uint8_t *svg, size_t length, double width, double height,
    uint8_t **pdf, size_t *pdf_length) {
    g_once(&fonts, load_fonts, NULL);
    RsvgHandle *handle = NULL;
    *pdf = NULL;
    char *failure = open_svg(svg, length, &handle);
    if (failure != NULL) {
        return failure;
    }
    GByteArray *bytes = g_byte_array_new();
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, bytes, width, height);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
    failure = draw(handle, surface, width, height);
    cairo_surface_finish(surface);
    if (failure == NULL && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        failure = g_strdup(cairo_status_to_string(cairo_surface_status(surface)));
    }
    cairo_surface_destroy(surface);
    g_object_unref(handle);
    *pdf_length = bytes->len;
    *pdf = g_byte_array_free(bytes, failure != NULL);
    return failure;
}
