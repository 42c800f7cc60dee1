// Which vector instructions kernels use.
//
// Levels, each of which contains those before it: 0 for what the architecture always has; on x86-64
// 1 for AVX2 with FMA (x86-64-v3) and 2 for AVX-512 (x86-64-v4).
//
// The level is chosen once, before `main`: the best one of the machine, or a lower one that the
// environment's WGAN_VECTORS names, which holds for oneDNN too. The kernels of wk_dots.h,
// wk_gemm.h, wk_masked.h and wk_strassen.h can also be given a level.
#ifndef WK_LEVEL_H
#define WK_LEVEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The level that kernels use, unless they are given one.
int32_t wk_level(void);

/// The best level that this machine has.
int32_t wk_best_level(void);

/// What WGAN_VECTORS calls a level: "baseline", "avx2" or "avx512".
const char *wk_level_name(int32_t level);

/// The level with a name, −1 for other names.
int32_t wk_level_named(const char *name);

#ifdef __cplusplus
}
#endif

#endif
