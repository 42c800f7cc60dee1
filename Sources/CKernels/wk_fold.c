// Every line of the image gathers the rows of products that fall on it.
//
// Bound: bytes of the products. For few channels, where oneDNN's kernels have no full vectors, the
// product before it runs at the speed of matrix products.
#include "wk_fold.h"
#include "CDNNL.h"
#include <string.h>

// What one row of products gives to one line of the image.
static void add_row(const wk_fold_kernel *f, const float *products, float *line) {
    int64_t area = f->kernel_height * f->kernel_width;
    for (int64_t b = 0; b < f->kernel_width; b++) {
        for (int64_t j = 0; j < f->columns; j++) {
            int64_t x = j * f->stride_width + b - f->pad_left;
            if (x < 0 || x >= f->width) continue;
            for (int64_t c = 0; c < f->channels; c++)
                line[x * f->channels + c] += products[(j * f->channels + c) * area + b];
        }
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
