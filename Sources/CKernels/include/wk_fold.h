// The scatter that ends a transposed convolution done as one matrix product.
#ifndef WK_FOLD_H
#define WK_FOLD_H

#include <stdint.h>

/// Adds up what each pixel of a small image gives to a kernel's extent of a larger one.
typedef struct {
    /// `[batch · rows · columns, channels · kernel_height · kernel_width]`.
    const float *products;
    /// `[batch, height, width, channels]`.
    float *image;
    int64_t batch, height, width, channels;
    int64_t rows, columns;
    int64_t kernel_height, kernel_width;
    int64_t stride_height, stride_width;
    int64_t pad_top, pad_left;
    int32_t threads;
} wk_fold_kernel;

int wk_run_fold(void *context);

#endif
