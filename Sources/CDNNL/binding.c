#include <stdlib.h>

#include <dnnl_debug.h>

#include "primitive.h"

enum { most_arguments = 4 };

struct cdnnl_binding {
    const cdnnl_primitive *primitive;
    dnnl_stream_t stream;
    int count;
    dnnl_exec_arg_t arguments[most_arguments];
};

static dnnl_status_t add_argument(
    cdnnl_binding *binding, const cdnnl_primitive *primitive, int argument, void *address) {
    dnnl_memory_t memory = NULL;
    dnnl_status_t status = dnnl_memory_create(
        &memory, cdnnl_argument_layout(primitive, argument), cdnnl_engine(), address);
    if (status == dnnl_success) {
        binding->arguments[binding->count++] = (dnnl_exec_arg_t){argument, memory};
    }
    return status;
}

static dnnl_status_t fill(
    cdnnl_binding *binding, const cdnnl_primitive *primitive, void *const addresses[4]) {
    const int arguments[4] = {
        primitive->roles.source, primitive->roles.weights, primitive->roles.destination,
        cdnnl_scratch_size(primitive) > 0 ? DNNL_ARG_SCRATCHPAD : 0,
    };
    dnnl_status_t status =
        dnnl_stream_create(&binding->stream, cdnnl_engine(), dnnl_stream_default_flags);
    for (int i = 0; i < most_arguments && status == dnnl_success; i++) {
        if (arguments[i]) status = add_argument(binding, primitive, arguments[i], addresses[i]);
    }
    return status;
}

cdnnl_binding *cdnnl_bind(
    const cdnnl_primitive *primitive, void *source, void *weights, void *destination,
    void *scratch) {
    if (!source || !destination || !weights != !primitive->roles.weights
        || (!scratch && cdnnl_scratch_size(primitive) > 0)) {
        cdnnl_note_error("a binding needs an address for each array of its primitive");
        return NULL;
    }
    cdnnl_binding *binding = calloc(1, sizeof *binding);
    if (!binding) {
        cdnnl_note_error("no memory for a binding");
        return NULL;
    }
    binding->primitive = primitive;
    dnnl_status_t status =
        fill(binding, primitive, (void *const[]){source, weights, destination, scratch});
    if (status != dnnl_success) {
        cdnnl_note_error("oneDNN could not bind memory: %s", dnnl_status2str(status));
        cdnnl_binding_destroy(binding);
        return NULL;
    }
    return binding;
}

void cdnnl_binding_destroy(cdnnl_binding *binding) {
    if (!binding) return;
    for (int i = 0; i < binding->count; i++) dnnl_memory_destroy(binding->arguments[i].memory);
    if (binding->stream) dnnl_stream_destroy(binding->stream);
    free(binding);
}

int cdnnl_run(const cdnnl_binding *binding) {
    // OpenMP's thread count belongs to the calling thread, which need not be the one that
    // created the primitive; a kernel planned for another count could give other bits.
    int threads = binding->primitive->threads;
    if (cdnnl_threads() != threads) cdnnl_set_threads(threads);
    dnnl_status_t status = dnnl_primitive_execute(
        binding->primitive->primitive, binding->stream, binding->count, binding->arguments);
    if (status == dnnl_success) status = dnnl_stream_wait(binding->stream);
    return (int)status;
}
