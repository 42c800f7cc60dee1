// A batch a few rows at a time. Bound: the arithmetic of its members and one load or store of the
// first cache for each of their operands; no array is read back from farther away.
#include "wk_band.h"
#include "CDNNL.h"
#include <string.h>

/// Some rows that a thread does at a time.
struct rows {
    const wk_band_kernel *kernel;
    int thread;
    int64_t first, count;
};

// The first of the rows, in a whole array or in the thread's own memory.
static float *place_of(const struct rows *rows, const float *base, int is_local, int64_t width) {
    if (is_local) return (float *)wk_of_thread(base, rows->thread, rows->kernel->thread_stride);
    return (float *)base + rows->first * width;
}

static void run_product(const wk_band_member *member, const struct rows *rows) {
    const wk_gemm_shape *shape = &member->shape;
    wk_gemm_part part = {0, rows->count, 0, shape->n};
    const float *a = place_of(rows, member->a, member->a_is_local, shape->k);
    float *c = place_of(rows, member->c, member->c_is_local, shape->n);
    if (member->bias) wk_gemm_rectified(shape, part, a, member->b, member->bias, c);
    else wk_gemm_in_part(shape, part, a, member->b, c);
}

static float *partial_of(const wk_band_kernel *kernel, const wk_band_member *member, int thread) {
    return (float *)wk_of_thread(member->partials, thread, kernel->thread_stride);
}

static void run_sum(const wk_band_member *member, const struct rows *rows) {
    wk_gemm_shape shape = member->shape;
    shape.k = rows->count;
    float *partial = partial_of(rows->kernel, member, rows->thread);
    const float *a = place_of(rows, member->a, member->a_is_local, shape.m);
    const float *b = place_of(rows, member->b, member->b_is_local, shape.n);
    if (member->is_swapped) {
        shape.m = member->shape.n;
        shape.n = member->shape.m;
        wk_gemm(&shape, b, a, partial);
    } else {
        wk_gemm(&shape, a, b, partial);
    }
}

static void run_block(const struct rows *rows) {
    for (int i = 0; i < rows->kernel->count; i++) {
        const wk_band_member *member = &rows->kernel->members[i];
        switch (member->kind) {
        case WK_BAND_CHAIN:
            wk_fused_range(
                member->chain, rows->thread, rows->first * member->width,
                (rows->first + rows->count) * member->width);
            break;
        case WK_BAND_PRODUCT: run_product(member, rows); break;
        case WK_BAND_SUM: run_sum(member, rows); break;
        }
    }
}

static void begin_thread(const wk_band_kernel *kernel, int thread, int64_t first, int64_t last) {
    for (int i = 0; i < kernel->count; i++) {
        const wk_band_member *member = &kernel->members[i];
        if (member->kind == WK_BAND_CHAIN)
            wk_fused_begin(member->chain, thread, first * member->width, last * member->width);
        if (member->kind == WK_BAND_SUM) {
            int64_t count = member->shape.m * member->shape.n;
            memset(partial_of(kernel, member, thread), 0, (size_t)count * sizeof(float));
        }
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
        run_block(&(struct rows){kernel, thread, from, to - from});
    }
}

// Adds the threads' partial sums, always in the same order.
static void finish_sum(const wk_band_kernel *kernel, const wk_band_member *member) {
    int64_t m = member->shape.m, n = member->shape.n;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            int64_t place = member->is_swapped ? j * m + i : i * n + j;
            float sum = member->partials[place];
            for (int thread = 1; thread < kernel->threads; thread++)
                sum += partial_of(kernel, member, thread)[place];
            member->c[i * n + j] = sum;
        }
    }
}

int wk_run_band(void *context) {
    const wk_band_kernel *kernel = context;
    for (int i = 0; i < kernel->count; i++) {
        const wk_band_member *member = &kernel->members[i];
        if (member->kind == WK_BAND_CHAIN) wk_fused_clear(member->chain);
    }
    cdnnl_parallel(kernel->threads, run_thread, context);
    for (int i = 0; i < kernel->count; i++) {
        const wk_band_member *member = &kernel->members[i];
        if (member->kind == WK_BAND_CHAIN) wk_fused_finish(member->chain);
        if (member->kind == WK_BAND_SUM) finish_sum(kernel, member);
    }
    return 0;
}
