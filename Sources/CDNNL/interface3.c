#include "interface.h"

#if DNNL_VERSION_MAJOR == 3

static const dnnl_dims_t no_dilation = {0};

dnnl_status_t cdnnl_layout_create(
    cdnnl_layout *layout, int rank, const dnnl_dims_t sizes, const int64_t *strides) {
    return strides
        ? dnnl_memory_desc_create_with_strides(layout, rank, sizes, dnnl_f32, strides)
        : dnnl_memory_desc_create_with_tag(layout, rank, sizes, dnnl_f32, dnnl_format_tag_any);
}

void cdnnl_layout_destroy(cdnnl_layout layout) {
    if (layout) dnnl_memory_desc_destroy(layout);
}

dnnl_status_t cdnnl_append_sum(dnnl_post_ops_t operations) {
    return dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
}

dnnl_status_t cdnnl_describe_matmul(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine, cdnnl_layout a, cdnnl_layout b,
    cdnnl_layout c, const_dnnl_primitive_attr_t attributes) {
    return dnnl_matmul_primitive_desc_create(result, engine, a, b, NULL, c, attributes);
}

dnnl_status_t cdnnl_describe_forward(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine,
    const struct cdnnl_convolution_description *description,
    const_dnnl_primitive_attr_t attributes) {
    return dnnl_convolution_forward_primitive_desc_create(
        result, engine, dnnl_forward_training, dnnl_convolution_direct, description->source,
        description->weights, NULL, description->destination, description->strides, no_dilation,
        description->pad_before, description->pad_after, attributes);
}

dnnl_status_t cdnnl_describe_backward_data(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine,
    const struct cdnnl_convolution_description *description, const_dnnl_primitive_desc_t forward,
    const_dnnl_primitive_attr_t attributes) {
    return dnnl_convolution_backward_data_primitive_desc_create(
        result, engine, dnnl_convolution_direct, description->source, description->weights,
        description->destination, description->strides, no_dilation, description->pad_before,
        description->pad_after, forward, attributes);
}

dnnl_status_t cdnnl_describe_backward_weights(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine,
    const struct cdnnl_convolution_description *description, const_dnnl_primitive_desc_t forward,
    const_dnnl_primitive_attr_t attributes) {
    return dnnl_convolution_backward_weights_primitive_desc_create(
        result, engine, dnnl_convolution_direct, description->source, description->weights, NULL,
        description->destination, description->strides, no_dilation, description->pad_before,
        description->pad_after, forward, attributes);
}

#endif
