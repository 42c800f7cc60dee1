#include "small_gemm.h"

/// `out(i, j) = Σ_p left(i, p) · right(p, j)`, each array given by its strides in numbers.
struct product {
    const float *left, *right;
    float *out;
    int64_t left_row, left_depth, right_depth, right_column, out_row, out_column;
    int64_t rows, columns, depth;
};

enum {
    /// Depth of a packed panel: with 32 columns it is 16 KiB, half of a small first-level cache.
    panel_depth = 128,
    /// Numbers of B that the dot-product path may transpose on the stack.
    transposed_limit = 4096,
};

// The kernels are written once with vector types and compiled for each instruction set, because
// the best tile depends on the number of registers as much as on their length.
#if defined(__x86_64__)
#define WK_NAME(name) name##_avx512
#define WK_TARGET __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))
#define WK_LANES 16
#define WK_ROWS 8
#include "small_gemm_kernels.h"

#define WK_NAME(name) name##_avx2
#define WK_TARGET __attribute__((target("avx2,fma")))
#define WK_LANES 8
#define WK_ROWS 4
#include "small_gemm_kernels.h"
#endif

#define WK_NAME(name) name##_base
#define WK_TARGET
#define WK_LANES 4
#define WK_ROWS 4
#include "small_gemm_kernels.h"

int32_t wk_gemm_best_level(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")) {
        return 2;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
    return 0;
}

void wk_gemm_rows_at_level(
    int32_t level, const wk_gemm_shape *shape, int64_t first, int64_t count, const float *a,
    const float *b, float *c) {
    if (shape->k <= 0) {
        for (int64_t i = first * shape->n; i < (first + count) * shape->n; i++) c[i] = 0;
        return;
    }
#if defined(__x86_64__)
    if (level == 2) {
        multiply_avx512(shape, first, count, a, b, c);
        return;
    }
    if (level == 1) {
        multiply_avx2(shape, first, count, a, b, c);
        return;
    }
#endif
    (void)level;
    multiply_base(shape, first, count, a, b, c);
}

void wk_gemm_rows(
    const wk_gemm_shape *shape, int64_t first, int64_t count, const float *a, const float *b,
    float *c) {
    wk_gemm_rows_at_level(wk_gemm_best_level(), shape, first, count, a, b, c);
}

void wk_gemm(const wk_gemm_shape *shape, const float *a, const float *b, float *c) {
    wk_gemm_rows(shape, 0, shape->m, a, b, c);
}
