// Counts heap allocations of the calling thread between a start and a stop, for tests.
//
// Linking this target replaces malloc, calloc, realloc and the aligned forms of the whole test
// process by wrappers that pass on to the C library; freeing is untouched. Calls of oneDNN's
// `dnnl_primitive_execute` are passed on too, so that what happens inside can be told apart.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

typedef struct {
    /// Allocations inside oneDNN's execution of a primitive.
    int64_t in_library;
    /// All others.
    int64_t own;
} allocation_count;

/// 1 where the counter works: on Linux with glibc, without a sanitiser, which has its own malloc.
int allocation_counter_works(void);

/// Begins to count on the calling thread, from zero.
void allocation_counter_start(void);

/// Ends counting on the calling thread.
allocation_count allocation_counter_stop(void);

#endif
