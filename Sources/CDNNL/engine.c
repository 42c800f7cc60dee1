#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include <dnnl_debug.h>

#include "primitive.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;
static dnnl_primitive_attr_t attributes, adding_attributes;
static dnnl_status_t engine_status;
static char version[32];
static _Thread_local char last_error[256];
/// The instructions that may be used; 0, which names no set, for all.
static dnnl_cpu_isa_t most_instructions;

static dnnl_status_t create_attributes(dnnl_primitive_attr_t *result, int adds) {
    dnnl_status_t status = dnnl_primitive_attr_create(result);
    if (status == dnnl_success) {
        status = dnnl_primitive_attr_set_scratchpad_mode(*result, dnnl_scratchpad_mode_user);
    }
    if (status != dnnl_success || !adds) return status;
    dnnl_post_ops_t operations = NULL;
    status = dnnl_post_ops_create(&operations);
    if (status == dnnl_success) status = cdnnl_append_sum(operations);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*result, operations);
    dnnl_post_ops_destroy(operations);
    return status;
}

static void initialise(void) {
    const dnnl_version_t *found = dnnl_version();
    snprintf(version, sizeof version, "%d.%d.%d", found->major, found->minor, found->patch);
    engine_status = most_instructions ? dnnl_set_max_cpu_isa(most_instructions) : dnnl_success;
    if (engine_status == dnnl_success) engine_status = dnnl_engine_create(&engine, dnnl_cpu, 0);
    if (engine_status == dnnl_success) engine_status = create_attributes(&attributes, 0);
    if (engine_status == dnnl_success) engine_status = create_attributes(&adding_attributes, 1);
}

void cdnnl_limit_instructions(cdnnl_instructions most) {
    most_instructions = most == CDNNL_AVX2 ? dnnl_cpu_isa_avx2 : dnnl_cpu_isa_sse41;
}

dnnl_engine_t cdnnl_engine(void) {
    pthread_once(&once, initialise);
    if (engine_status == dnnl_success) return engine;
    cdnnl_note_error("oneDNN has no CPU engine here%s: %s",
                     most_instructions ? " with limited instructions" : "",
                     dnnl_status2str(engine_status));
    return NULL;
}

dnnl_primitive_attr_t cdnnl_attributes(void) { return attributes; }

dnnl_primitive_attr_t cdnnl_adding_attributes(void) { return adding_attributes; }

const char *cdnnl_version(void) {
    pthread_once(&once, initialise);
    return version;
}

const char *cdnnl_status_text(int status) { return dnnl_status2str((dnnl_status_t)status); }

const char *cdnnl_last_error(void) { return last_error; }

void cdnnl_note_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last_error, sizeof last_error, format, arguments);
    va_end(arguments);
}
