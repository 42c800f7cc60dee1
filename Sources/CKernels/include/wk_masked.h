// Matrix products whose left operand is a mask times an outer product: every number of A is either
// zero or s · r(i) · d(p), a factor of all, one of its row and one of its depth.
//
//     C(i, j) = s · r(i) · Σ of d(p) · B(p, j) over the p for which A(i, p) is not zero
//
// So comes the slope of a network with one output to the layer before the last: each hidden unit
// has one weight, each sample one slope, and the rectifier is the mask. Of four rows of d(p) · B
// there are sixteen sums, and each row of C takes one of them: a quarter of the additions, and no
// multiplications. Source: Arlazarov, Dinic, Kronrod and Faradzhev 1970, "On economical
// construction of the transitive closure of a directed graph", for products of truth values.
//
// A zero of A leaves its row of B out even where that is not finite. Sums are no less exact than
// those of the direct product.
//
// Bound: a load and an addition for each four products, from tables that stay in the first cache.
#ifndef WK_MASKED_H
#define WK_MASKED_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Extents of `C[m, n] = A[m, k] · B[k, n]`, float32, dense and row-major; with `transpose_a` A is
/// stored as `[k, m]`. m must be a multiple of 8, n of 32 and k of 64.
typedef struct {
    int64_t m, n, k;
    int32_t transpose_a;
} wk_masked_shape;

/// Numbers that stand a stride apart; 0 repeats the first.
typedef struct {
    const float *base;
    int64_t stride;
} wk_factors;

/// Bytes that say which numbers of A are zero.
int64_t wk_masked_digits_bytes(const wk_masked_shape *shape);

/// Numbers of B's rows times their factors.
int64_t wk_masked_right_count(const wk_masked_shape *shape);

/// Bytes of working memory that each thread needs.
int64_t wk_masked_scratch_bytes(void);

/// The product, with bits that do not depend on the threads.
typedef struct {
    wk_masked_shape shape;
    /// Only read for its zeros.
    const float *a;
    const float *b;
    float *c;
    /// s, r and d.
    float scale;
    wk_factors rows, depths;
    /// Memory for `wk_masked_digits_bytes` and for `wk_masked_right_count` numbers.
    uint8_t *digits;
    float *right;
    /// The first thread's working memory, and bytes from one thread's to the next.
    void *scratch;
    int64_t thread_stride;
    int32_t threads;
    /// While it runs, what each thread has done: memory for as many as `threads`.
    int32_t *next;
} wk_masked_product;

/// Computes a `wk_masked_product`; 0.
int wk_run_masked_product(void *product);

/// The same with the kernels of a level, at most `wk_best_level`: so that tests reach all.
int wk_run_masked_product_at_level(int32_t level, wk_masked_product *product);

#ifdef __cplusplus
}
#endif

#endif
