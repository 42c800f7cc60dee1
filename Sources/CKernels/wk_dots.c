// Dot products for measures of feature sets. Bound: two operations for each lane of each multiplier
// in each cycle; both operands are read along their rows, so that nothing has to be packed.
#include "wk_dots.h"
#include "wk_level.h"

enum {
    /// Rows of y that stay in the second-level cache, and how much of each: at most 192 KiB.
    tile_columns = 48,
    tile_depth = 512,
};

#if defined(__x86_64__)
#define WK_LEVEL 2
#include "wk_dots_kernels.h"
#define WK_LEVEL 1
#include "wk_dots_kernels.h"
#endif
#define WK_LEVEL 0
#include "wk_dots_kernels.h"

void wk_add_dots_at_level(
    int32_t level, const double *x, int64_t rows, const double *y, int64_t columns, int64_t depth,
    double *out, int64_t stride) {
    switch (level) {
#if defined(__x86_64__)
    case 2: add_dots_avx512(x, rows, y, columns, depth, out, stride); break;
    case 1: add_dots_avx2(x, rows, y, columns, depth, out, stride); break;
#endif
    default: add_dots_base(x, rows, y, columns, depth, out, stride);
    }
}

void wk_add_dots(
    const double *x, int64_t rows, const double *y, int64_t columns, int64_t depth, double *out,
    int64_t stride) {
    wk_add_dots_at_level(wk_level(), x, rows, y, columns, depth, out, stride);
}
