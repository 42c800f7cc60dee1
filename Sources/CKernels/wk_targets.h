// Vector code for several generations of processors from one source, chosen when the program starts.
#ifndef WK_TARGETS_H
#define WK_TARGETS_H

#if defined(__x86_64__) && defined(__linux__)
#define WK_VECTOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WK_VECTOR
#endif

#define WK_INLINE static inline __attribute__((always_inline))

#endif
