// The sum of arrays in a fixed tree, and arrays one after the other. Bound: bytes read over memory
// bandwidth.
#include "wk_tree.h"
#include "CDNNL.h"
#include "wk_shares.h"
#include <string.h>

enum {
    /// Numbers whose sums stay in the first cache.
    block = 256,
    /// More than there are sums of different sizes.
    most_levels = 32,
};

static void add(float *sum, const float *term, int64_t count) {
    for (int64_t i = 0; i < count; i++) sum[i] += term[i];
}

/// Sums of as many arrays wait for their neighbour: like the digits of a binary counter.
static void add_block(const wk_tree_sum_kernel *x, int64_t start, int64_t count) {
    float sums[most_levels][block];
    int32_t sizes[most_levels], top = 0;
    for (int32_t part = 0; part < x->count_of_parts; part++) {
        memcpy(sums[top], x->parts[part] + start, (size_t)count * sizeof(float));
        sizes[top++] = 1;
        for (; top > 1 && sizes[top - 1] == sizes[top - 2]; top--) {
            add(sums[top - 2], sums[top - 1], count);
            sizes[top - 2] *= 2;
        }
    }
    for (; top > 1; top--) add(sums[top - 2], sums[top - 1], count);
    memcpy(x->target + start, sums[0], (size_t)count * sizeof(float));
}

static void add_share(void *context, int thread, int threads) {
    const wk_tree_sum_kernel *x = context;
    int64_t blocks = (x->count + block - 1) / block;
    int64_t end = wk_share(blocks, thread + 1, threads);
    for (int64_t i = wk_share(blocks, thread, threads); i < end; i++) {
        int64_t left = x->count - i * block;
        add_block(x, i * block, left < block ? left : block);
    }
}

int wk_run_tree_sum(void *context) {
    const wk_tree_sum_kernel *x = context;
    cdnnl_parallel(x->threads, add_share, context);
    return 0;
}

int wk_run_gather(void *context) {
    const wk_gather_kernel *x = context;
    for (int32_t part = 0; part < x->count_of_parts; part++) {
        memcpy(x->target + part * x->count, x->parts[part], (size_t)x->count * sizeof(float));
    }
    return 0;
}
