#include "CMPI.h"

#include <dlfcn.h>
#include <string.h>

const cmpi_table *cmpi_open(const char *path, char **reason) {
    // Local: two implementations have the same names of functions, and Open MPI's plugins have
    // been linked with what they need since version 3.
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = strdup(dlerror());
        return NULL;
    }
    const cmpi_table *(*get)(void) = (const cmpi_table *(*)(void))dlsym(library, "swift_wgan_mpi");
    const cmpi_table *table = get ? get() : NULL;
    if (!table) *reason = strdup("");
    return table;
}
