// Matrix products shared by threads: each does some columns of all rows, so that no panel of B is
// packed twice, or some rows where there are few columns; or whoever is free does the next block.
#include "CDNNL.h"
#include "wk_gemm.h"

enum {
    /// Columns that a thread takes together: the widest panel of a kernel.
    column_unit = 32,
    /// Rows that a thread takes together: a common multiple of the kernels' tiles.
    row_unit = 12,
    /// Units for each thread below which their number is too uneven.
    fewest_units = 4,
};

/// Units first ..< last of the batch's units, of which each matrix has `count`.
static void run_units(
    const wk_product_kernel *kernel, int64_t first, int64_t last, int64_t count, int by_columns) {
    const wk_gemm_shape *s = &kernel->shape;
    int64_t unit = by_columns ? column_unit : row_unit, extent = by_columns ? s->n : s->m;
    while (first < last) {
        int64_t matrix = first / count, begin = first % count, end = begin + last - first;
        if (end > count) end = count;
        int64_t from = begin * unit, to = end * unit < extent ? end * unit : extent;
        wk_gemm_part part = by_columns ? (wk_gemm_part){0, s->m, from, to - from}
                                       : (wk_gemm_part){from, to - from, 0, s->n};
        wk_gemm_in_part(s, part, kernel->a + matrix * s->m * s->k, kernel->b + matrix * s->k * s->n,
                        kernel->c + matrix * s->m * s->n);
        first += end - begin;
    }
}

/// Every so manieth row of blocks up to the diagonal, from the longest on.
static void run_mirrored(const wk_product_kernel *kernel, int thread, int threads) {
    int64_t side = kernel->mirrored_side;
    for (int64_t row = kernel->shape.m - (thread + 1) * side; row >= 0; row -= threads * side)
        wk_gemm_in_part(&kernel->shape, (wk_gemm_part){row, side, 0, row + side}, kernel->a,
                        kernel->b, kernel->c);
}

static void run_thread(void *context, int thread, int threads) {
    const wk_product_kernel *kernel = context;
    const wk_gemm_shape *s = &kernel->shape;
    if (kernel->mirrored_side > 0) return run_mirrored(kernel, thread, threads);
    int64_t columns = (s->n + column_unit - 1) / column_unit;
    int64_t rows = (s->m + row_unit - 1) / row_unit;
    int by_columns = wk_gemm_splits_columns(s)
        && (kernel->batch * columns >= fewest_units * threads || columns >= rows);
    int64_t count = by_columns ? columns : rows, units = kernel->batch * count;
    run_units(kernel, units * thread / threads, units * (thread + 1) / threads, count, by_columns);
}

int wk_run_product(void *context) {
    const wk_product_kernel *kernel = context;
    if (kernel->shape.m > 0 && kernel->shape.n > 0)
        cdnnl_parallel(kernel->threads, run_thread, context);
    return 0;
}

static void run_blocks(void *context, int thread, int threads) {
    (void)threads;
    wk_blocks_kernel *kernel = context;
    struct cdnnl_binding *const *bindings = kernel->bindings + (int64_t)thread * kernel->count;
    for (;;) {
        int32_t block = __atomic_fetch_add(&kernel->next, 1, __ATOMIC_RELAXED);
        if (block >= kernel->count) return;
        int error = cdnnl_run(bindings[block]);
        if (error) __atomic_store_n(&kernel->error, error, __ATOMIC_RELAXED);
    }
}

int wk_run_blocks(void *context) {
    wk_blocks_kernel *kernel = context;
    kernel->next = kernel->error = 0;
    cdnnl_parallel(kernel->threads, run_blocks, kernel);
    return kernel->error;
}
