// A batch a few rows at a time. Bound: the arithmetic of its members and one load or store of the
// first cache for each of their operands; no array is read back from farther away.
#include "wk_band.h"
#include "CDNNL.h"
#include <string.h>

static void run_product(const wk_band_member *member, int64_t first, int64_t rows) {
    wk_gemm_part part = {first, rows, 0, member->shape.n};
    if (member->bias) {
        wk_gemm_rectified(&member->shape, part, member->a, member->b, member->bias, member->c);
    } else {
        wk_gemm_in_part(&member->shape, part, member->a, member->b, member->c);
    }
}

static void run_sum(const wk_band_member *member, int thread, int64_t first, int64_t rows) {
    wk_gemm_shape shape = member->shape;
    shape.k = rows;
    float *partial = member->partials + thread * shape.m * shape.n;
    const float *a = member->a + first * shape.m, *b = member->b + first * shape.n;
    if (member->is_swapped) {
        shape.m = member->shape.n;
        shape.n = member->shape.m;
        wk_gemm(&shape, b, a, partial);
    } else {
        wk_gemm(&shape, a, b, partial);
    }
}

static void run_block(const wk_band_kernel *kernel, int thread, int64_t first, int64_t rows) {
    for (int i = 0; i < kernel->count; i++) {
        const wk_band_member *member = &kernel->members[i];
        switch (member->kind) {
        case WK_BAND_CHAIN:
            wk_fused_range(
                member->chain, thread, first * member->width, (first + rows) * member->width);
            break;
        case WK_BAND_PRODUCT: run_product(member, first, rows); break;
        case WK_BAND_SUM: run_sum(member, thread, first, rows); break;
        }
    }
}

static void begin_thread(const wk_band_kernel *kernel, int thread, int64_t first, int64_t last) {
    for (int i = 0; i < kernel->count; i++) {
        const wk_band_member *member = &kernel->members[i];
        if (member->kind == WK_BAND_CHAIN)
            wk_fused_begin(member->chain, thread, first * member->width, last * member->width);
    }
}

static void run_thread(void *context, int thread, int threads) {
    const wk_band_kernel *kernel = context;
    int64_t first = kernel->rows * thread / threads, last = kernel->rows * (thread + 1) / threads;
    begin_thread(kernel, thread, first, last);
    // Blocks of nearly equal size.
    int64_t blocks = (last - first + kernel->block - 1) / kernel->block;
    for (int64_t i = 0; i < blocks; i++) {
        int64_t from = first + (last - first) * i / blocks;
        int64_t to = first + (last - first) * (i + 1) / blocks;
        run_block(kernel, thread, from, to - from);
    }
}

// Adds the threads' partial sums, always in the same order.
static void finish_sum(const wk_band_member *member, int threads) {
    int64_t m = member->shape.m, n = member->shape.n;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            const float *from = member->partials + (member->is_swapped ? j * m + i : i * n + j);
            float sum = *from;
            for (int thread = 1; thread < threads; thread++) sum += from[thread * m * n];
            member->c[i * n + j] = sum;
        }
    }
}

static void clear(const wk_band_member *member, int threads) {
    if (member->kind == WK_BAND_CHAIN) wk_fused_clear(member->chain);
    if (member->kind == WK_BAND_SUM) {
        int64_t count = threads * member->shape.m * member->shape.n;
        memset(member->partials, 0, (size_t)count * sizeof(float));
    }
}

int wk_run_band(void *context) {
    const wk_band_kernel *kernel = context;
    for (int i = 0; i < kernel->count; i++) clear(&kernel->members[i], kernel->threads);
    cdnnl_parallel(kernel->threads, run_thread, context);
    for (int i = 0; i < kernel->count; i++) {
        const wk_band_member *member = &kernel->members[i];
        if (member->kind == WK_BAND_CHAIN) wk_fused_finish(member->chain);
        if (member->kind == WK_BAND_SUM) finish_sum(member, kernel->threads);
    }
    return 0;
}
