// Matrix products of all sizes that networks have. Bound: two operations for each lane of each of
// the processor's multipliers in each cycle. To come near it a tile of C stays in registers, a
// panel of B in the first cache, and a block of A in the second.
#include "wk_gemm.h"
#include "wk_level.h"
#include "wk_tiles.h"

enum {
    /// Numbers of B that the dot-product path may transpose on the stack.
    transposed_limit = 4096,
};

#if defined(__x86_64__)
#define WK_LEVEL 2
#include "wk_gemm_kernels.h"
#define WK_LEVEL 1
#include "wk_gemm_kernels.h"
#endif
#define WK_LEVEL 0
#include "wk_gemm_kernels.h"

// Products with fewer columns have kernels of their own, which only rows can be taken from.
int32_t wk_gemm_splits_columns(const wk_gemm_shape *shape) { return shape->n >= 16; }

int64_t wk_gemm_roundings(const wk_gemm_shape *shape) {
    int64_t k = shape->k, stretches = k / panel_depth + 1;
    // Dot products have at least four sums side by side, which are added in the end.
    int64_t most = wk_gemm_splits_columns(shape) ? panel_depth + stretches : panel_depth + k / 4;
    return k + 1 < most ? k + 1 : most;
}

static void clear_part(const wk_gemm_shape *shape, wk_gemm_part part, float *c) {
    for (int64_t i = part.first_row; i < part.first_row + part.rows; i++)
        for (int64_t j = 0; j < part.columns; j++) c[i * shape->n + part.first_column + j] = 0;
}

/// The product with the kernels of a level, rectified where there is a bias.
static void multiply(
    int32_t level, const wk_gemm_shape *shape, wk_gemm_part part, const float *a, const float *b,
    const float *bias, float *c) {
    if (shape->k <= 0) {
        if (!shape->accumulates) clear_part(shape, part, c);
        if (!bias) return;
        level = 0;
    }
    switch (level) {
#if defined(__x86_64__)
    case 2: multiply_avx512(shape, part, a, b, bias, c); break;
    case 1: multiply_avx2(shape, part, a, b, bias, c); break;
#endif
    default: multiply_base(shape, part, a, b, bias, c);
    }
}

void wk_gemm_at_level(
    int32_t level, const wk_gemm_shape *shape, wk_gemm_part part, const float *a, const float *b,
    float *c) {
    multiply(level, shape, part, a, b, 0, c);
}

void wk_gemm_rectified(
    const wk_gemm_shape *shape, wk_gemm_part part, const float *a, const float *b,
    const float *bias, float *c) {
    multiply(wk_level(), shape, part, a, b, bias, c);
}

void wk_gemm_in_part(
    const wk_gemm_shape *shape, wk_gemm_part part, const float *a, const float *b, float *c) {
    wk_gemm_at_level(wk_level(), shape, part, a, b, c);
}

void wk_gemm(const wk_gemm_shape *shape, const float *a, const float *b, float *c) {
    wk_gemm_in_part(shape, (wk_gemm_part){0, shape->m, 0, shape->n}, a, b, c);
}
