#include "primitive.h"

#include <stdlib.h>

#include <dnnl_debug.h>

cdnnl_primitive *cdnnl_primitive_create(
    dnnl_primitive_desc_t description, cdnnl_layout plain_weights, struct cdnnl_roles roles) {
    dnnl_primitive_t planned = NULL;
    dnnl_status_t status = dnnl_primitive_create(&planned, description);
    cdnnl_primitive *result = status == dnnl_success ? malloc(sizeof *result) : NULL;
    if (!result) {
        if (status == dnnl_success) status = dnnl_out_of_memory;
        cdnnl_note_error("oneDNN could not build a kernel: %s", dnnl_status2str(status));
        if (planned) dnnl_primitive_destroy(planned);
        dnnl_primitive_desc_destroy(description);
        cdnnl_layout_destroy(plain_weights);
        return NULL;
    }
    *result = (cdnnl_primitive){planned, description, plain_weights, roles, cdnnl_threads()};
    return result;
}

void cdnnl_primitive_destroy(cdnnl_primitive *primitive) {
    if (!primitive) return;
    dnnl_primitive_destroy(primitive->primitive);
    dnnl_primitive_desc_destroy(primitive->description);
    cdnnl_layout_destroy(primitive->plain_weights);
    free(primitive);
}

cdnnl_layout_view cdnnl_argument_layout(const cdnnl_primitive *primitive, int argument) {
    return dnnl_primitive_desc_query_md(
        primitive->description, dnnl_query_exec_arg_md, argument);
}

static size_t argument_size(const cdnnl_primitive *primitive, int argument) {
    cdnnl_layout_view layout = cdnnl_argument_layout(primitive, argument);
    return layout ? dnnl_memory_desc_get_size(layout) : 0;
}

size_t cdnnl_scratch_size(const cdnnl_primitive *primitive) {
    return argument_size(primitive, DNNL_ARG_SCRATCHPAD);
}

size_t cdnnl_weights_size(const cdnnl_primitive *primitive) {
    return primitive->roles.weights ? argument_size(primitive, primitive->roles.weights) : 0;
}

int cdnnl_weights_are_plain(const cdnnl_primitive *primitive) {
    if (!primitive->roles.weights) return 0;
    return dnnl_memory_desc_equal(
        cdnnl_argument_layout(primitive, primitive->roles.weights), primitive->plain_weights);
}

int cdnnl_same_weights_layout(const cdnnl_primitive *a, const cdnnl_primitive *b) {
    if (!a->roles.weights || !b->roles.weights) return 0;
    return dnnl_memory_desc_equal(
        cdnnl_argument_layout(a, a->roles.weights), cdnnl_argument_layout(b, b->roles.weights));
}

const char *cdnnl_implementation(const cdnnl_primitive *primitive) {
    const char *name = NULL;
    dnnl_status_t status = dnnl_primitive_desc_query(
        primitive->description, dnnl_query_impl_info_str, 0, &name);
    return status == dnnl_success && name ? name : "unknown";
}

cdnnl_primitive *cdnnl_reorder(const cdnnl_primitive *from, const cdnnl_primitive *to) {
    const cdnnl_primitive *known = from ? from : to;
    if (!known || !known->roles.weights || (to && !to->roles.weights)) {
        cdnnl_note_error("a reorder of weights needs a primitive that has weights");
        return NULL;
    }
    dnnl_engine_t engine = cdnnl_engine();
    if (!engine) return NULL;
    cdnnl_layout_view source =
        from ? cdnnl_argument_layout(from, from->roles.weights) : known->plain_weights;
    cdnnl_layout_view destination =
        to ? cdnnl_argument_layout(to, to->roles.weights) : known->plain_weights;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status = dnnl_reorder_primitive_desc_create(
        &description, source, engine, destination, engine, cdnnl_attributes());
    if (status != dnnl_success) {
        cdnnl_note_error("oneDNN refuses this reorder: %s", dnnl_status2str(status));
        return NULL;
    }
    return cdnnl_primitive_create(
        description, NULL, (struct cdnnl_roles){DNNL_ARG_FROM, 0, DNNL_ARG_TO});
}
