#include "CPJRT.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(offsetof(pjrt_api, major) == 32, "the table's version");
_Static_assert(offsetof(pjrt_client_create, client) == 64, "Client_Create");
_Static_assert(offsetof(pjrt_setting, value) == 40, "NamedValue");
_Static_assert(sizeof(pjrt_setting) == 56, "NamedValue");
_Static_assert(offsetof(pjrt_memory, has_peak) == 40, "Device_MemoryStats");
_Static_assert(sizeof(pjrt_memory) >= 185, "Device_MemoryStats");
_Static_assert(offsetof(pjrt_compile, loaded) == 48, "Client_Compile");
_Static_assert(offsetof(pjrt_serialize, release) == 48, "Executable_Serialize");
_Static_assert(offsetof(pjrt_deserialize, loaded) == 40, "Executable_DeserializeAndLoad");
_Static_assert(sizeof(pjrt_program) == 48, "Program");
_Static_assert(offsetof(pjrt_from_host, semantics) == 72, "BufferFromHostBuffer");
_Static_assert(offsetof(pjrt_from_host, device) == 80, "BufferFromHostBuffer");
_Static_assert(offsetof(pjrt_from_host, buffer) == 112, "BufferFromHostBuffer");
_Static_assert(offsetof(pjrt_execute_options, kept) == 56, "ExecuteOptions");
_Static_assert(sizeof(pjrt_execute_options) == 112, "ExecuteOptions");
_Static_assert(offsetof(pjrt_execute, device) == 72, "Execute");
_Static_assert(offsetof(pjrt_to_host, event) == 48, "ToHostBuffer");
_Static_assert(offsetof(pjrt_layout, kind) == 72, "BufferMemoryLayout");
_Static_assert(sizeof(pjrt_layout) == 80, "BufferMemoryLayout");

const pjrt_api *cpjrt_open(const char *path, char **reason) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = strdup(dlerror());
        return NULL;
    }
    const pjrt_api *(*get)(void) = (const pjrt_api *(*)(void))dlsym(library, "GetPjrtApi");
    const pjrt_api *api = get ? get() : NULL;
    if (!api) *reason = strdup(get ? "GetPjrtApi gives no table" : "it has no GetPjrtApi");
    return api;
}

static const void *functions(const pjrt_api *api) { return (const char *)api + 40; }

void *cpjrt_call(const pjrt_api *api, pjrt_function number, void *block) {
    return ((void *(*const *)(void *))functions(api))[number](block);
}

void cpjrt_call_void(const pjrt_api *api, pjrt_function number, void *block) {
    ((void (*const *)(void *))functions(api))[number](block);
}
