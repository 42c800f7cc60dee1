#ifndef CVIPS_RSVG_H
#define CVIPS_RSVG_H

#include <cairo.h>
#include <gio/gio.h>

// The few declarations of librsvg (stable since 2.46) that are used here. Its own header pulls in
// gdk-pixbuf's, whose compiler flags Swift's package manager rejects with a warning.

typedef struct _RsvgHandle RsvgHandle;

typedef struct {
    double x;
    double y;
    double width;
    double height;
} RsvgRectangle;

enum { RSVG_HANDLE_FLAG_UNLIMITED = 1 << 0 };

RsvgHandle *rsvg_handle_new_from_stream_sync(
    GInputStream *stream, GFile *base, int flags, GCancellable *cancellable, GError **error);

gboolean rsvg_handle_render_document(
    RsvgHandle *handle, cairo_t *context, const RsvgRectangle *viewport, GError **error);

#endif
