// Every line of the image gathers the rows of products that fall on it.
//
// Bound: bytes of the products. For few channels, where oneDNN's kernels have no full vectors, the
// product before it runs at the speed of matrix products.
#include "wk_fold.h"
#include "CDNNL.h"
#include "wk_targets.h"
#include <string.h>

// What one row of products gives to one line of the image; `channels` is a constant where this is
// inlined.
WK_INLINE void add_products(
    const wk_fold_kernel *f, const float *products, float *line, int64_t channels
) {
    int64_t stride = f->stride_width, area = f->kernel_height * f->kernel_width;
    for (int64_t b = 0; b < f->kernel_width; b++) {
        // Column j falls on pixel j · stride + shift, if that is one.
        int64_t shift = b - f->pad_left;
        int64_t first = shift < 0 ? (stride - 1 - shift) / stride : 0;
        int64_t end = shift < f->width ? (f->width - 1 - shift) / stride + 1 : 0;
        if (end > f->columns) end = f->columns;
        for (int64_t j = first; j < end; j++) {
            const float *source = products + j * channels * area + b;
            float *place = line + (j * stride + shift) * channels;
            // So few rounds that vectors cost more than they bring.
#pragma clang loop vectorize(disable)
            for (int64_t c = 0; c < channels; c++) place[c] += source[c * area];
        }
    }
}

static void add_row(const wk_fold_kernel *f, const float *products, float *line) {
    switch (f->channels) {
    case 1: add_products(f, products, line, 1); break;
    case 3: add_products(f, products, line, 3); break;
    default: add_products(f, products, line, f->channels);
    }
}

static void fold_thread(void *context, int thread, int threads) {
    const wk_fold_kernel *f = context;
    int64_t lines = f->batch * f->height;
    for (int64_t line = lines * thread / threads; line < lines * (thread + 1) / threads; line++) {
        float *place = f->image + line * f->width * f->channels;
        memset(place, 0, (size_t)(f->width * f->channels) * sizeof(float));
        int64_t n = line / f->height, padded = line % f->height + f->pad_top;
        for (int64_t a = padded % f->stride_height; a < f->kernel_height; a += f->stride_height) {
            int64_t i = (padded - a) / f->stride_height;
            if (padded < a || i >= f->rows) continue;
            int64_t pixel = (n * f->rows + i) * f->columns;
            add_row(
                f,
                f->products + pixel * f->channels * f->kernel_height * f->kernel_width
                    + a * f->kernel_width,
                place);
        }
    }
}

int wk_run_fold(void *context) {
    cdnnl_parallel(((wk_fold_kernel *)context)->threads, fold_thread, context);
    return 0;
}
