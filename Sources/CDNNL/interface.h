#ifndef CDNNL_INTERFACE_H
#define CDNNL_INTERFACE_H

// What differs between the C interfaces of oneDNN 2.x and 3.x, and nothing else: version 2 has
// memory descriptors by value and an operation descriptor before each primitive descriptor,
// version 3 opaque memory descriptors and primitive descriptors made in one step.

#include <dnnl.h>

#if DNNL_VERSION_MAJOR == 2
typedef dnnl_memory_desc_t *cdnnl_layout;
typedef const dnnl_memory_desc_t *cdnnl_layout_view;
#elif DNNL_VERSION_MAJOR == 3
typedef dnnl_memory_desc_t cdnnl_layout;
typedef const_dnnl_memory_desc_t cdnnl_layout_view;
#else
#error "oneDNN 2.x or 3.x is needed"
#endif

#pragma GCC visibility push(hidden)

/// The memory layouts and steps of a convolution in oneDNN's order of dimensions.
struct cdnnl_convolution_description {
    cdnnl_layout source, weights, destination;
    dnnl_dims_t strides, pad_before, pad_after;
};

/// A float32 layout with the given strides; or, with NULL strides, one left to oneDNN.
dnnl_status_t cdnnl_layout_create(
    cdnnl_layout *layout, int rank, const dnnl_dims_t sizes, const int64_t *strides);

/// Frees a layout; NULL is allowed.
void cdnnl_layout_destroy(cdnnl_layout layout);

/// Appends that the result is added to what the destination holds.
dnnl_status_t cdnnl_append_sum(dnnl_post_ops_t operations);

dnnl_status_t cdnnl_describe_matmul(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine, cdnnl_layout a, cdnnl_layout b,
    cdnnl_layout c, const_dnnl_primitive_attr_t attributes);

dnnl_status_t cdnnl_describe_forward(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine,
    const struct cdnnl_convolution_description *description,
    const_dnnl_primitive_attr_t attributes);

dnnl_status_t cdnnl_describe_backward_data(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine,
    const struct cdnnl_convolution_description *description, const_dnnl_primitive_desc_t forward,
    const_dnnl_primitive_attr_t attributes);

dnnl_status_t cdnnl_describe_backward_weights(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine,
    const struct cdnnl_convolution_description *description, const_dnnl_primitive_desc_t forward,
    const_dnnl_primitive_attr_t attributes);

#pragma GCC visibility pop

#endif
