#include "CVips.h"
#include "internal.h"

#include <vips/vips.h>

// Exported by libvips, but not in its headers before 8.15.
void vips_vector_set_enabled(gboolean enabled);

static GOnce once = G_ONCE_INIT;
static GOnce silence = G_ONCE_INIT;

// What a library warns about is in the error it returns too; a command's standard error stays
// clean.
static void drop(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain;
    (void)level;
    (void)message;
    (void)data;
}

static gpointer drop_logs(gpointer unused) {
    static const char *const domains[] = {
        "VIPS", "librsvg", "Rsvg", "Pango", "Cairo", "GLib", "GLib-GObject", "GLib-GIO"};
    (void)unused;
    for (size_t place = 0; place < sizeof domains / sizeof *domains; place++) {
        g_log_set_handler(
            domains[place], G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE,
            drop, NULL);
    }
    return NULL;
}

void cvips_drop_logs(void) { g_once(&silence, drop_logs, NULL); }

static gpointer start(gpointer unused) {
    (void)unused;
    cvips_drop_logs();
    if (vips_init("wgan") != 0) {
        return cvips_take_error();
    }
    vips_block_untrusted_set(TRUE);
    // Results are used once; a cache of operations would only hold on to their memory.
    vips_cache_set_max(0);
    // Whoever has many pictures works on several at a time. Besides, where libvips 8.14 has several
    // threads for one picture it can forget the error of the last.
    vips_concurrency_set(1);
    // In liborc 0.4.33 two threads that free compiled vector code at once crash.
    vips_vector_set_enabled(FALSE);
    return NULL;
}

char *cvips_start(void) {
    const char *message = g_once(&once, start, NULL);
    return g_strdup(message);
}

void cvips_free(void *memory) { g_free(memory); }

char *cvips_take_error(void) {
    char *message = g_strstrip(vips_error_buffer_copy());
    if (message[0] == '\0') {
        g_free(message);
        return g_strdup("no reason given");
    }
    return message;
}
