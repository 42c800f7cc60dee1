#include "interface.h"

#if DNNL_VERSION_MAJOR == 2

#include <stdlib.h>

dnnl_status_t cdnnl_layout_create(
    cdnnl_layout *layout, int rank, const dnnl_dims_t sizes, const int64_t *strides) {
    *layout = malloc(sizeof **layout);
    if (!*layout) return dnnl_out_of_memory;
    dnnl_status_t status =
        strides
            ? dnnl_memory_desc_init_by_strides(*layout, rank, sizes, dnnl_f32, strides)
            : dnnl_memory_desc_init_by_tag(*layout, rank, sizes, dnnl_f32, dnnl_format_tag_any);
    if (status != dnnl_success) {
        free(*layout);
        *layout = NULL;
    }
    return status;
}

void cdnnl_layout_destroy(cdnnl_layout layout) { free(layout); }

dnnl_status_t cdnnl_append_sum(dnnl_post_ops_t operations) {
    return dnnl_post_ops_append_sum(operations, 1);
}

dnnl_status_t cdnnl_describe_matmul(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine, cdnnl_layout a, cdnnl_layout b,
    cdnnl_layout c, const_dnnl_primitive_attr_t attributes) {
    dnnl_matmul_desc_t operation;
    dnnl_status_t status = dnnl_matmul_desc_init(&operation, a, b, NULL, c);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(result, &operation, attributes, engine, NULL);
}

dnnl_status_t cdnnl_describe_forward(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine,
    const struct cdnnl_convolution_description *description,
    const_dnnl_primitive_attr_t attributes) {
    dnnl_convolution_desc_t operation;
    dnnl_status_t status = dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_training, dnnl_convolution_direct, description->source,
        description->weights, NULL, description->destination, description->strides,
        description->pad_before, description->pad_after);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(result, &operation, attributes, engine, NULL);
}

dnnl_status_t cdnnl_describe_backward_data(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine,
    const struct cdnnl_convolution_description *description, const_dnnl_primitive_desc_t forward,
    const_dnnl_primitive_attr_t attributes) {
    dnnl_convolution_desc_t operation;
    dnnl_status_t status = dnnl_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_direct, description->source, description->weights,
        description->destination, description->strides, description->pad_before,
        description->pad_after);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(result, &operation, attributes, engine, forward);
}

dnnl_status_t cdnnl_describe_backward_weights(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine,
    const struct cdnnl_convolution_description *description, const_dnnl_primitive_desc_t forward,
    const_dnnl_primitive_attr_t attributes) {
    dnnl_convolution_desc_t operation;
    dnnl_status_t status = dnnl_convolution_backward_weights_desc_init(
        &operation, dnnl_convolution_direct, description->source, description->weights, NULL,
        description->destination, description->strides, description->pad_before,
        description->pad_after);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(result, &operation, attributes, engine, forward);
}

#endif
