// Large matrix products with seven eighths of the arithmetic.
//
// Strassen's scheme makes the four quarters of a product from seven products of quarters instead of
// eight; in Winograd's form it takes fifteen sums of quarters beside them:
//
//     S₁ = A₂₁ + A₂₂   S₂ = S₁ − A₁₁   S₃ = A₁₁ − A₂₁   S₄ = A₁₂ − S₂
//     T₁ = B₁₂ − B₁₁   T₂ = B₂₂ − T₁   T₃ = B₂₂ − B₁₂   T₄ = B₂₁ − T₂
//     C₁₁ = A₁₁·B₁₁ + A₁₂·B₂₁                           U = A₁₁·B₁₁ + S₂·T₂
//     C₁₂ = U + S₁·T₁ + S₄·B₂₂                          C₂₁ = U + S₃·T₃ + A₂₂·T₄
//     C₂₂ = U + S₃·T₃ + S₁·T₁
//
// Any halves of rows, columns and depths will do. Those of columns are panels in turns, so that a
// thread's columns lie side by side; the others are upper and lower halves.
//
// Sources: Strassen 1969, "Gaussian elimination is not optimal"; Winograd 1971, "On multiplication
// of 2 × 2 matrices". The errors of a number are those of the largest in its quarters and not its
// own: about 10⁻⁶ of the product's size. For that reason it is not used where small results count
// as much as large ones: an optimiser divides a weight's gradient by its size.
//
// Bound: arithmetic. B's quarters and sums, its "planes", are laid out once for all products that
// read them; those of A are made for a few rows at a time and stay in cache.
#ifndef WK_STRASSEN_H
#define WK_STRASSEN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Extents of `C[m, n] = A[m, k] · B[k, n]`, float32, dense and row-major; with `transpose_b` B is
/// stored as `[n, k]`. m must be even, n and k multiples of 64.
typedef struct {
    int64_t m, n, k;
    int32_t transpose_b;
} wk_strassen_shape;

/// The numbers in B's planes for the kernels of a level, whatever m is.
int64_t wk_strassen_planes_count(int32_t level, const wk_strassen_shape *shape);

/// Bytes of working memory that each thread needs.
int64_t wk_strassen_scratch_bytes(void);

/// B's planes, written by threads that each have columns of their own.
typedef struct {
    wk_strassen_shape shape;
    const float *b;
    float *planes;
    int32_t threads;
} wk_strassen_right;

/// Lays out a `wk_strassen_right`; 0.
int wk_run_strassen_right(void *right);

/// The product, from planes that as many threads have written.
///
/// The bits do not depend on the threads. A thread begins with the columns whose planes it has
/// written, since they lie in its own caches, and then helps where others are far behind.
typedef struct {
    wk_strassen_shape shape;
    const float *a;
    const float *planes;
    float *c;
    /// The first thread's working memory, and bytes from one thread's to the next.
    void *scratch;
    int64_t thread_stride;
    int32_t threads;
    /// While it runs, of each thread's columns the next rows: memory for as many as `threads`.
    int32_t *next;
} wk_strassen_product;

/// Computes a `wk_strassen_product`; 0.
int wk_run_strassen_product(void *product);

/// Either of these with the kernels of a level, at most `wk_best_level`: so that tests reach all.
int wk_run_strassen_right_at_level(int32_t level, wk_strassen_right *right);
int wk_run_strassen_product_at_level(int32_t level, wk_strassen_product *product);

#ifdef __cplusplus
}
#endif

#endif
