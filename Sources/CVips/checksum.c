#include "CVips.h"

#include <glib.h>

struct cvips_sha256 {
    GChecksum *sum;
};

cvips_sha256 *cvips_sha256_new(void) {
    cvips_sha256 *sha = g_new0(cvips_sha256, 1);
    sha->sum = g_checksum_new(G_CHECKSUM_SHA256);
    return sha;
}

void cvips_sha256_add(cvips_sha256 *sha, const void *bytes, size_t length) {
    // GLib counts in signed words.
    const guchar *next = bytes;
    while (length > 0) {
        size_t piece = MIN(length, (size_t)1 << 30);
        g_checksum_update(sha->sum, next, (gssize)piece);
        next += piece;
        length -= piece;
    }
}

void cvips_sha256_finish(cvips_sha256 *sha, uint8_t digest[32]) {
    gsize length = 32;
    g_checksum_get_digest(sha->sum, digest, &length);
}

void cvips_sha256_free(cvips_sha256 *sha) {
    if (sha != NULL) {
        g_checksum_free(sha->sum);
        g_free(sha);
    }
}
