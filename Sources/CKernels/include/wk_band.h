#ifndef WK_BAND_H
#define WK_BAND_H

#include "wk_gemm.h"
#include "wk_kernels.h"

// Chains and thin matrix products over the rows of one batch, done for a few rows at a time: what
// one of them writes the next finds in the first cache, and threads meet once for all of them.

typedef enum {
    WK_BAND_CHAIN,
    WK_BAND_PRODUCT,  // rows of C from rows of A
    WK_BAND_SUM       // C is a sum over rows of A and rows of B
} wk_band_kind;

typedef struct {
    int32_t kind;
    const wk_fused_kernel *chain;
    int64_t width;        // elements of the chain in a row
    wk_gemm_shape shape;  // of the product; of a sum, its depth for the rows of a block
    const float *a, *b;
    float *c;
    int32_t a_is_local, b_is_local, c_is_local;  // memory of the thread's own, for one block
    const float *bias;    // of a product that is rectified; NULL for none
    float *partials;      // of a sum, of the first thread
    int32_t is_swapped;   // partials are transposed, so that vectors run along the longer side
} wk_band_member;

typedef struct {
    int64_t rows;
    int64_t block;  // rows that are done at a time
    int64_t thread_stride;  // bytes from memory of one thread to the same of the next
    int32_t threads;
    int32_t count;
    const wk_band_member *members;
} wk_band_kernel;

int wk_run_band(void *kernel);

#endif
