#ifndef ALLOCATION_COUNTING_H
#define ALLOCATION_COUNTING_H

#include "AllocationCounter.h"
#include <stdlib.h>

#ifndef __has_feature
#define __has_feature(name) 0
#endif

#if defined(__linux__) && defined(__GLIBC__) && !__has_feature(address_sanitizer) \
    && !__has_feature(thread_sanitizer) && !__has_feature(memory_sanitizer)
#define ALLOCATION_COUNTER_WORKS 1
#else
#define ALLOCATION_COUNTER_WORKS 0
#endif

struct allocation_state {
    allocation_count count;
    int is_counting;
    int library_depth;
};

/// The calling thread's state.
struct allocation_state *allocation_counter_state(void);

#endif
