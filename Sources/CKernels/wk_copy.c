// Moves elements between layouts. Bound: bytes read and written over memory bandwidth.
#include "CDNNL.h"
#include "wk_kernels.h"
#include <string.h>

static void copy_run(
    float *target, int64_t target_stride, const float *source, int64_t source_stride, int64_t n) {
    if (!source) {
        if (target_stride == 1) memset(target, 0, (size_t)n * sizeof(float));
        else for (int64_t i = 0; i < n; i++) target[i * target_stride] = 0;
    } else if (target_stride == 1 && source_stride == 1) {
        memcpy(target, source, (size_t)n * sizeof(float));
    } else if (target_stride == 1) {
        for (int64_t i = 0; i < n; i++) target[i] = source[i * source_stride];
    } else {
        for (int64_t i = 0; i < n; i++) target[i * target_stride] = source[i * source_stride];
    }
}

static void copy_thread(void *context, int thread, int threads) {
    const wk_copy_kernel *kernel = context;
    int last = kernel->rank - 1;
    int64_t runs = 1;
    for (int axis = 0; axis < last; axis++) runs *= kernel->extents[axis];
    int64_t begin = runs * thread / threads, end = runs * (thread + 1) / threads;
    for (int64_t run = begin; run < end; run++) {
        int64_t rest = run, target = 0, source = 0;
        for (int axis = last - 1; axis >= 0; axis--) {
            int64_t index = rest % kernel->extents[axis];
            rest /= kernel->extents[axis];
            target += index * kernel->target_strides[axis];
            source += index * kernel->source_strides[axis];
        }
        copy_run(
            kernel->target + target, kernel->target_strides[last],
            kernel->source ? kernel->source + source : 0, kernel->source_strides[last],
            kernel->extents[last]);
    }
}

int wk_run_copy(void *context) {
    const wk_copy_kernel *kernel = context;
    cdnnl_parallel(kernel->threads, copy_thread, context);
    return 0;
}
