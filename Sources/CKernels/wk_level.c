#include "wk_level.h"
#include "CDNNL.h"
#include "wk_targets.h"
#include <stdlib.h>
#include <string.h>

enum { levels = 3 };

static const char *const names[levels] = {"baseline", "avx2", "avx512"};
static int32_t best_level;
int32_t wk_level_in_use;

int32_t wk_level(void) { return wk_level_in_use; }

int32_t wk_best_level(void) { return best_level; }

const char *wk_level_name(int32_t level) { return names[level]; }

int32_t wk_level_named(const char *name) {
    for (int32_t level = 0; level < levels; level++)
        if (!strcmp(name, names[level])) return level;
    return -1;
}

// A name that is not known or not to be had leaves the best level: who computes refuses it.
__attribute__((constructor)) static void choose_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v3")) best_level = 1;
    if (__builtin_cpu_supports("x86-64-v4")) best_level = 2;
#endif
    wk_level_in_use = best_level;
    const char *name = getenv("WGAN_VECTORS");
    int32_t wanted = name ? wk_level_named(name) : -1;
    if (wanted < 0 || wanted >= best_level) return;
    wk_level_in_use = wanted;
    cdnnl_limit_instructions(wanted == 1 ? CDNNL_AVX2 : CDNNL_SSE41);
}
