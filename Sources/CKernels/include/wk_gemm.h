#ifndef WK_GEMM_H
#define WK_GEMM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// `C[m, n] = A[m, k] · B[k, n]`, float32, dense and row-major.
///
/// With `transpose_a` A is stored as `[k, m]`, with `transpose_b` B as `[n, k]`; with `accumulates`
/// the product is added to C. The flags are 0 or 1. Any sizes of at least 0 are right.
typedef struct {
    int64_t m, n, k;
    int32_t transpose_a, transpose_b;
    int32_t accumulates;
} wk_gemm_shape;

/// A rectangle of C.
typedef struct {
    int64_t first_row, rows, first_column, columns;
} wk_gemm_part;

/// The whole product on the calling thread, without allocation.
///
/// C must not overlap A or B. The same machine gives the same bits every time; machines with other
/// vector instructions may round differently.
void wk_gemm(const wk_gemm_shape *shape, const float *a, const float *b, float *c);

/// A part of C, with the same bits that `wk_gemm` gives it. All pointers are to the start of the
/// whole arrays.
void wk_gemm_in_part(
    const wk_gemm_shape *shape, wk_gemm_part part, const float *a, const float *b, float *c);

/// As `wk_gemm_in_part`, then adds a row of n numbers to each row of C and replaces sums that are
/// not above zero by zero: a dense layer with its rectifier. The shape must not accumulate.
void wk_gemm_rectified(
    const wk_gemm_shape *shape, wk_gemm_part part, const float *a, const float *b,
    const float *bias, float *c);

/// How many roundings one after the other a number of C goes through at most, for bounds of its
/// error: Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 3.1.
int64_t wk_gemm_roundings(const wk_gemm_shape *shape);

/// Whether parts of C may be columns; those of some thin products may only be rows.
int32_t wk_gemm_splits_columns(const wk_gemm_shape *shape);

/// `wk_gemm_in_part` with the kernels of a level, at most `wk_best_level`: so that tests reach all.
void wk_gemm_at_level(
    int32_t level, const wk_gemm_shape *shape, wk_gemm_part part, const float *a, const float *b,
    float *c);

/// As many products as `batch`, their matrices one after the other, shared by threads.
typedef struct {
    wk_gemm_shape shape;
    int64_t batch;
    const float *a, *b;
    float *c;
    /// Not 0 where B is A transposed: rows of the blocks of the symmetric result, of which only
    /// those on and below the diagonal are computed; m is a multiple of it, and the batch 1.
    int64_t mirrored_side;
    int32_t threads;
} wk_product_kernel;

/// Runs a `wk_product_kernel`, with bits that do not depend on its threads.
int wk_run_product(void *kernel);

struct cdnnl_binding;

/// A product in blocks by oneDNN, each of which is done by the next thread that is free.
typedef struct {
    /// Of each thread for each block.
    struct cdnnl_binding *const *bindings;
    int32_t count;
    int32_t threads;
    /// While it runs, the next block and the last error.
    int32_t next, error;
} wk_blocks_kernel;

/// Runs a `wk_blocks_kernel`: 0, or oneDNN's error code.
int wk_run_blocks(void *kernel);

#ifdef __cplusplus
}
#endif

#endif
