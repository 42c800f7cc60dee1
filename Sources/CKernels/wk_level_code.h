// What the kernels for one set of instructions are written with: included anew for each, with
// WK_LEVEL as in wk_level.h. WK_NAME makes names of their own, WK_KERNEL begins a function that
// becomes part of its caller, and WK_BYTES is the size of a register.
#undef WK_NAME
#undef WK_TARGET
#undef WK_KERNEL
#undef WK_BYTES

#if WK_LEVEL == 2
#define WK_NAME(name) name##_avx512
#define WK_TARGET __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))
#define WK_BYTES 64
#elif WK_LEVEL == 1
#define WK_NAME(name) name##_avx2
#define WK_TARGET __attribute__((target("avx2,fma")))
#define WK_BYTES 32
#else
#define WK_NAME(name) name##_base
#define WK_TARGET
#define WK_BYTES 16
#endif
#define WK_KERNEL static inline __attribute__((always_inline)) WK_TARGET
