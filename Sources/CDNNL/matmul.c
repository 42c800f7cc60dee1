#include <dnnl_debug.h>

#include "primitive.h"

/// A row-major `[batch, rows, columns]`, or its transpose seen as such, whose lines as they are
/// stored are `stride` numbers apart. Only dense ones come in batches.
static dnnl_status_t matrices(
    cdnnl_layout *layout, int64_t batch, int64_t rows, int64_t columns, int transposed,
    int64_t stride) {
    dnnl_dims_t sizes = {batch, rows, columns};
    dnnl_dims_t strides = {rows * columns, transposed ? 1 : stride, transposed ? stride : 1};
    // Without the batch axis oneDNN has more kernels to choose from.
    int skipped = batch == 1 ? 1 : 0;
    return cdnnl_layout_create(layout, 3 - skipped, sizes + skipped, strides + skipped);
}

cdnnl_primitive *cdnnl_matmul(const cdnnl_matmul_shape *shape) {
    return cdnnl_matmul_block(shape, shape->m, shape->n);
}

cdnnl_primitive *cdnnl_matmul_block(
    const cdnnl_matmul_shape *shape, int64_t whole_m, int64_t whole_n) {
    if (shape->batch < 1 || shape->m < 1 || shape->n < 1 || shape->k < 1) {
        cdnnl_note_error("a matrix product needs sizes of at least 1");
        return NULL;
    }
    dnnl_engine_t engine = cdnnl_engine();
    if (!engine) return NULL;
    cdnnl_layout a = NULL, b = NULL, c = NULL;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = matrices(
        &a, shape->batch, shape->m, shape->k, shape->transpose_a,
        shape->transpose_a ? whole_m : shape->k);
    if (status == dnnl_success) {
        status = matrices(
            &b, shape->batch, shape->k, shape->n, shape->transpose_b,
            shape->transpose_b ? shape->k : whole_n);
    }
    if (status == dnnl_success) {
        status = matrices(&c, shape->batch, shape->m, shape->n, 0, whole_n);
    }
    if (status == dnnl_success) {
        status = cdnnl_describe_matmul(
            &description, engine, a, b, c,
            shape->accumulates ? cdnnl_adding_attributes() : cdnnl_attributes());
    }
    cdnnl_layout_destroy(a);
    cdnnl_layout_destroy(c);
    if (status != dnnl_success) {
        cdnnl_layout_destroy(b);
        cdnnl_note_error("oneDNN refuses this matrix product: %s", dnnl_status2str(status));
        return NULL;
    }
    return cdnnl_primitive_create(
        description, b, (struct cdnnl_roles){DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST});
}
