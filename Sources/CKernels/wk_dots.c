// Dot products for measures of feature sets: matrix products in double precision, by the tiles of
// wk_tiles.h. Bound: two operations for each lane of each multiplier in each cycle.
#define WK_DOUBLES
#include "wk_dots.h"
#include "wk_level.h"
#include "wk_tiles.h"

#if defined(__x86_64__)
#define WK_LEVEL 2
#include "wk_dots_kernels.h"
#define WK_LEVEL 1
#include "wk_dots_kernels.h"
#endif
#define WK_LEVEL 0
#include "wk_dots_kernels.h"

void wk_add_dots_at_level(
    int32_t level, wk_vectors x, wk_vectors y, int64_t depth, double *out, int64_t stride) {
    struct product product = {
        x.first, y.first, out, x.step, x.number, y.number, y.step, stride, 1, x.count, y.count,
        depth, 1, 0};
    switch (level) {
#if defined(__x86_64__)
    case 2: add_dots_avx512(&product); break;
    case 1: add_dots_avx2(&product); break;
#endif
    default: add_dots_base(&product);
    }
}

void wk_add_dots(wk_vectors x, wk_vectors y, int64_t depth, double *out, int64_t stride) {
    wk_add_dots_at_level(wk_level(), x, y, depth, out, stride);
}
