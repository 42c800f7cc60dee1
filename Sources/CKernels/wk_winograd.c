#include "wk_winograd.h"
#include "CDNNL.h"
#include "wk_shares.h"
#include "wk_targets.h"
#include <string.h>

#define LANES 16
typedef float vector __attribute__((vector_size(4 * LANES), aligned(4)));
typedef float line __attribute__((vector_size(4 * LANES)));

#define WK_M 2
#include "wk_winograd_scheme.h"
#undef WK_M

#define WK_M 4
#include "wk_winograd_scheme.h"
#undef WK_M

// Each thread has images of its own, so that overlapping tiles need no order between threads.
#define WK_IMAGE_STEP(name)                                                                        \
    static void name##_thread(void *context, int thread, int threads) {                            \
        const wk_winograd_images *x = context;                                                     \
        int64_t begin = wk_share(x->images, thread, threads);                                      \
        int64_t end = wk_share(x->images, thread + 1, threads);                                    \
        for (int64_t n = begin; n < end; n++) x->size == 2 ? name##_2(x, n) : name##_4(x, n);      \
    }                                                                                              \
    int wk_winograd_##name(void *images) {                                                         \
        cdnnl_parallel(((wk_winograd_images *)images)->threads, name##_thread, images);            \
        return 0;                                                                                  \
    }

WK_IMAGE_STEP(input)
WK_IMAGE_STEP(input_adjoint)
WK_IMAGE_STEP(output)
WK_IMAGE_STEP(output_adjoint)

// Each thread has inputs of its own, of which it does a few at a time: kernels are contiguous along
// inputs and planes along outputs, and neither should be visited a line here and a line there.
enum { WK_BLOCK = 8 };
#define WK_KERNEL_STEP(name)                                                                       \
    static void name##_thread(void *context, int thread, int threads) {                            \
        const wk_winograd_kernels *w = context;                                                    \
        int64_t begin = wk_share(w->inputs, thread, threads);                                      \
        int64_t end = wk_share(w->inputs, thread + 1, threads);                                    \
        for (int64_t first = begin; first < end; first += WK_BLOCK) {                              \
            int64_t last = first + WK_BLOCK < end ? first + WK_BLOCK : end;                        \
            for (int64_t k = 0; k < w->outputs; k += LANES)                                     \
                for (int64_t c = first; c < last; c++)                                             \
                    w->size == 2 ? name##_2(w, k, c) : name##_4(w, k, c);                          \
        }                                                                                          \
        /* Lines that went past the cache are in memory before the threads meet. */                \
        __atomic_thread_fence(__ATOMIC_SEQ_CST);                                                   \
    }                                                                                              \
    int wk_winograd_##name(void *kernels) {                                                        \
        cdnnl_parallel(((wk_winograd_kernels *)kernels)->threads, name##_thread, kernels);         \
        return 0;                                                                                  \
    }

WK_KERNEL_STEP(kernel)
WK_KERNEL_STEP(kernel_adjoint)
