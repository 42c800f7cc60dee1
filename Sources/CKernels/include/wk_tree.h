#ifndef WK_TREE_H
#define WK_TREE_H

#include <stdint.h>

/// The sum of arrays of `count` numbers in a fixed tree: neighbours in pairs, then the sums of
/// pairs in pairs, and so on, where an odd last one goes up as it is. The bits do not depend on the
/// threads.
typedef struct {
    const float *const *parts;
    int32_t count_of_parts;
    int64_t count;
    float *target;
    int32_t threads;
} wk_tree_sum_kernel;

/// Runs a `wk_tree_sum_kernel`; the target may be one of the parts.
int wk_run_tree_sum(void *kernel);

/// Arrays of `count` numbers one after the other.
typedef struct {
    const float *const *parts;
    int32_t count_of_parts;
    int64_t count;
    float *target;
} wk_gather_kernel;

/// Runs a `wk_gather_kernel`.
int wk_run_gather(void *kernel);

#endif
