// Vector code for several generations of processors from one source, chosen when it is called.
#ifndef WK_TARGETS_H
#define WK_TARGETS_H

#include <stdint.h>

#define WK_INLINE static inline __attribute__((always_inline))

/// `wk_level`, without a call.
extern int32_t wk_level_in_use __attribute__((visibility("hidden")));

/// The instructions of x86-64-v3 and of x86-64-v4. Named one by one, since with `arch=` vectors of
/// AVX-512 would be no longer than those of AVX2.
#define WK_V3 "avx2,fma,bmi,bmi2,f16c,lzcnt,movbe"
#define WK_V4 WK_V3 ",avx512f,avx512bw,avx512cd,avx512dq,avx512vl"

/// Begins a function, whose body follows: there is a copy for each level, and a call takes that of
/// the level in use. The arguments are the parameters' names; nothing is returned.
#if defined(__x86_64__)
#define WK_VECTOR(name, parameters, arguments) WK_COPIES(name, parameters, arguments)
#define WK_COPIES(name, parameters, arguments)                                                     \
    WK_INLINE void name##_code parameters;                                                         \
    static __attribute__((target(WK_V4))) void name##_avx512 parameters {                          \
        name##_code arguments;                                                                     \
    }                                                                                              \
    static __attribute__((target(WK_V3))) void name##_avx2 parameters {                            \
        name##_code arguments;                                                                     \
    }                                                                                              \
    static __attribute__((noinline)) void name##_base parameters { name##_code arguments; }        \
    static void name parameters {                                                                  \
        switch (wk_level_in_use) {                                                                 \
        case 2: name##_avx512 arguments; break;                                                    \
        case 1: name##_avx2 arguments; break;                                                      \
        default: name##_base arguments;                                                            \
        }                                                                                          \
    }                                                                                              \
    WK_INLINE void name##_code parameters
#else
#define WK_VECTOR(name, parameters, arguments) static void name parameters
#endif

#endif
