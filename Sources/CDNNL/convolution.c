#include <dnnl_debug.h>

#include "primitive.h"

static const struct cdnnl_roles roles_by_direction[] = {
    [CDNNL_FORWARD] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
    [CDNNL_BACKWARD_DATA] = {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST},
    [CDNNL_BACKWARD_WEIGHTS] = {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST},
};

static int is_valid(const cdnnl_convolution_shape *s) {
    return s->batch > 0 && s->height > 0 && s->width > 0 && s->channels > 0 && s->outputs > 0
        && s->groups > 0 && s->channels % s->groups == 0 && s->outputs % s->groups == 0
        && s->kernel_height > 0 && s->kernel_width > 0 && s->stride_height > 0
        && s->stride_width > 0 && s->pad_top >= 0 && s->pad_left >= 0 && s->pad_bottom >= 0
        && s->pad_right >= 0 && s->height + s->pad_top + s->pad_bottom >= s->kernel_height
        && s->width + s->pad_left + s->pad_right >= s->kernel_width;
}

/// Channels-last memory under oneDNN's order of dimensions: batch, channels, height, width.
static dnnl_status_t activations(
    cdnnl_layout *layout, int64_t batch, int64_t height, int64_t width, int64_t channels) {
    dnnl_dims_t sizes = {batch, channels, height, width};
    dnnl_dims_t strides = {height * width * channels, 1, width * channels, channels};
    return cdnnl_layout_create(layout, 4, sizes, strides);
}

/// Weights in oneDNN's order of dimensions: groups, where there are several, outputs and channels
/// of a group, height, width.
static dnnl_status_t weights_layout(
    cdnnl_layout *layout, const cdnnl_convolution_shape *s, cdnnl_weights_layout kind) {
    int64_t outputs = s->outputs / s->groups, channels = s->channels / s->groups;
    int64_t area = s->kernel_height * s->kernel_width;
    dnnl_dims_t sizes = {s->groups, outputs, channels, s->kernel_height, s->kernel_width};
    dnnl_dims_t strides = {
        outputs * channels * area, channels * area, area, s->kernel_width, 1};
    int first = s->groups == 1;
    return cdnnl_layout_create(
        layout, 5 - first, sizes + first, kind == CDNNL_WEIGHTS_PLAIN ? strides + first : NULL);
}

static dnnl_status_t describe_layouts(
    struct cdnnl_convolution_description *d, const cdnnl_convolution_shape *s,
    cdnnl_weights_layout weights) {
    *d = (struct cdnnl_convolution_description){
        .strides = {s->stride_height, s->stride_width},
        .pad_before = {s->pad_top, s->pad_left},
        .pad_after = {s->pad_bottom, s->pad_right},
    };
    int64_t height =
        (s->height + s->pad_top + s->pad_bottom - s->kernel_height) / s->stride_height + 1;
    int64_t width =
        (s->width + s->pad_left + s->pad_right - s->kernel_width) / s->stride_width + 1;
    dnnl_status_t status = activations(&d->source, s->batch, s->height, s->width, s->channels);
    if (status == dnnl_success) {
        status = activations(&d->destination, s->batch, height, width, s->outputs);
    }
    if (status != dnnl_success) return status;
    return weights_layout(&d->weights, s, weights);
}

/// Gradients of strided 1×1 kernels of one group are for plain weights only: for preferred ones
/// oneDNN 2.6 takes its jit_1x1:avx2 kernel, which reads scratch memory that nothing has written.
static cdnnl_weights_layout reliable(
    cdnnl_weights_layout wanted, const cdnnl_convolution_shape *s, cdnnl_direction direction) {
    int is_strided_point = s->groups == 1 && s->kernel_height == 1 && s->kernel_width == 1
        && (s->stride_height > 1 || s->stride_width > 1);
    return direction == CDNNL_BACKWARD_WEIGHTS && is_strided_point ? CDNNL_WEIGHTS_PLAIN : wanted;
}

/// The gradients are described after a forward convolution, which oneDNN takes as a hint.
static dnnl_status_t describe(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine,
    const struct cdnnl_convolution_description *d, cdnnl_direction direction) {
    dnnl_primitive_attr_t attributes = cdnnl_attributes();
    dnnl_primitive_desc_t forward = NULL;
    dnnl_status_t status = cdnnl_describe_forward(&forward, engine, d, attributes);
    if (status != dnnl_success) return status;
    if (direction == CDNNL_FORWARD) {
        *result = forward;
        return status;
    }
    status = direction == CDNNL_BACKWARD_DATA
        ? cdnnl_describe_backward_data(result, engine, d, forward, attributes)
        : cdnnl_describe_backward_weights(result, engine, d, forward, attributes);
    dnnl_primitive_desc_destroy(forward);
    return status;
}

cdnnl_primitive *cdnnl_convolution(
    const cdnnl_convolution_shape *shape, cdnnl_direction direction, cdnnl_weights_layout layout) {
    if (!is_valid(shape)) {
        cdnnl_note_error("a convolution needs sizes and strides of at least 1, padding of at "
                         "least 0, groups that divide the channels and a kernel no larger than "
                         "the padded source");
        return NULL;
    }
    dnnl_engine_t engine = cdnnl_engine();
    if (!engine) return NULL;
    struct cdnnl_convolution_description d;
    cdnnl_layout plain = NULL;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = describe_layouts(&d, shape, reliable(layout, shape, direction));
    if (status == dnnl_success) status = weights_layout(&plain, shape, CDNNL_WEIGHTS_PLAIN);
    if (status == dnnl_success) status = describe(&description, engine, &d, direction);
    cdnnl_layout_destroy(d.source);
    cdnnl_layout_destroy(d.weights);
    cdnnl_layout_destroy(d.destination);
    if (status != dnnl_success) {
        cdnnl_layout_destroy(plain);
        cdnnl_note_error("oneDNN refuses this convolution: %s", dnnl_status2str(status));
        return NULL;
    }
    return cdnnl_primitive_create(description, plain, roles_by_direction[direction]);
}
