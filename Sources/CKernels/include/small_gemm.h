#ifndef WK_SMALL_GEMM_H
#define WK_SMALL_GEMM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// `C[m, n] = A[m, k] · B[k, n]`, float32, dense and row-major.
///
/// With `transpose_a` A is stored as `[k, m]`, with `transpose_b` B as `[n, k]`; both flags are 0
/// or 1. Any sizes of at least 0 are right; those where `m · n · k` is small are fast.
typedef struct {
    int64_t m, n, k;
    int32_t transpose_a, transpose_b;
} wk_gemm_shape;

/// The whole product on the calling thread, without allocation.
///
/// C must not overlap A or B. The same machine gives the same bits every time; machines with other
/// vector instructions may round differently.
void wk_gemm(const wk_gemm_shape *shape, const float *a, const float *b, float *c);

/// Rows `first ..< first + count` of C, with the same bits that `wk_gemm` gives them: threads can
/// share a product by rows. All pointers are to the start of the whole arrays.
void wk_gemm_rows(
    const wk_gemm_shape *shape, int64_t first, int64_t count, const float *a, const float *b,
    float *c);

/// The best set of instructions that this machine has of those with kernels of their own: on
/// x86-64 2 for AVX-512, 1 for AVX2 with FMA, else 0 for what the architecture always has.
int32_t wk_gemm_best_level(void);

/// `wk_gemm_rows` with the kernels of a level, at most the best one: so that tests reach them all.
void wk_gemm_rows_at_level(
    int32_t level, const wk_gemm_shape *shape, int64_t first, int64_t count, const float *a,
    const float *b, float *c);

#ifdef __cplusplus
}
#endif

#endif
