#include "CVips.h"

#include <cgif.h>
#include <glib.h>
#include <string.h>

enum { AS_BEFORE = 255 };

struct cvips_gif {
    CGIF *encoder;
    GByteArray *bytes;
    uint8_t *previous;
    uint8_t *changes;
    size_t pixels;
    uint16_t delay;
    bool started;
    uint8_t palette[AS_BEFORE * 3];
};

static int append(void *gif, const uint8_t *data, const size_t length) {
    g_byte_array_append(((cvips_gif *)gif)->bytes, data, (guint)length);
    return 0;
}

char *cvips_gif_open(
    int width, int height, const uint8_t *palette, int colours, int delay, cvips_gif **gif) {
    cvips_gif *writer = g_new0(cvips_gif, 1);
    writer->bytes = g_byte_array_new();
    writer->pixels = (size_t)width * (size_t)height;
    writer->previous = g_malloc(writer->pixels);
    writer->changes = g_malloc(writer->pixels);
    writer->delay = (uint16_t)delay;
    // A full-sized palette gives index 255 a code even where fewer colours are used.
    memcpy(writer->palette, palette, (size_t)colours * 3);
    CGIF_Config config = {
        .pGlobalPalette = writer->palette,
        .attrFlags = CGIF_ATTR_IS_ANIMATED,
        .width = (uint16_t)width,
        .height = (uint16_t)height,
        .numGlobalPaletteEntries = AS_BEFORE,
        .numLoops = CGIF_INFINITE_LOOP,
        .pWriteFn = append,
        .pContext = writer,
    };
    writer->encoder = cgif_newgif(&config);
    if (writer->encoder == NULL) {
        cvips_gif_free(writer);
        *gif = NULL;
        return g_strdup("libcgif refused the size or the palette");
    }
    *gif = writer;
    return NULL;
}

// Marking the unchanged pixels here takes half the time of libcgif's own search for them.
static void mark_changes(cvips_gif *gif, const uint8_t *indices) {
    for (size_t i = 0; i < gif->pixels; i++) {
        gif->changes[i] = indices[i] == gif->previous[i] ? AS_BEFORE : indices[i];
    }
}

char *cvips_gif_add(cvips_gif *gif, const uint8_t *indices) {
    CGIF_FrameConfig frame = {.pImageData = (uint8_t *)indices, .delay = gif->delay};
#ifdef CGIF_FRAME_GEN_KEEP_IDENT_FRAMES
    frame.genFlags = CGIF_FRAME_GEN_KEEP_IDENT_FRAMES;
#endif
    if (gif->encoder == NULL) {
        return g_strdup("the animation has ended");
    }
    if (gif->started) {
        mark_changes(gif, indices);
        frame.pImageData = gif->changes;
        frame.attrFlags = CGIF_FRAME_ATTR_HAS_SET_TRANS;
        frame.transIndex = AS_BEFORE;
    }
    memcpy(gif->previous, indices, gif->pixels);
    gif->started = true;
    int status = cgif_addframe(gif->encoder, &frame);
    return status == CGIF_OK ? NULL : g_strdup_printf("libcgif failed with code %d", status);
}

char *cvips_gif_finish(cvips_gif *gif) {
    if (gif->encoder == NULL) {
        return g_strdup("the animation has ended");
    }
    int status = cgif_close(gif->encoder);
    gif->encoder = NULL;
    return status == CGIF_OK ? NULL : g_strdup_printf("libcgif failed with code %d", status);
}

void cvips_gif_take(cvips_gif *gif, uint8_t **bytes, size_t *length) {
    *length = gif->bytes->len;
    *bytes = g_byte_array_free(gif->bytes, FALSE);
    gif->bytes = g_byte_array_new();
}

void cvips_gif_free(cvips_gif *gif) {
    if (gif == NULL) {
        return;
    }
    if (gif->encoder != NULL) {
        cgif_close(gif->encoder);
    }
    g_byte_array_free(gif->bytes, TRUE);
    g_free(gif->previous);
    g_free(gif->changes);
    g_free(gif);
}
