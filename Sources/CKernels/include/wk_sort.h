// Numbers ordered by keys within groups of neighbours.
#ifndef WK_SORT_H
#define WK_SORT_H

#include <stdint.h>

/// The most neighbours in a group.
enum { wk_largest_group = 4096 };

/// Moves numbers as sorting their keys from the largest down, stably, moves these; or back.
/// Keys that are not numbers come last.
typedef struct {
    /// `[groups, group]`.
    const float *keys, *numbers;
    float *target;
    int64_t groups;
    /// 1 to `wk_largest_group`.
    int64_t group;
    /// Whether the numbers go back to the places of the keys.
    int32_t is_inverse;
    int32_t threads;
} wk_sort_kernel;

int wk_run_sort(void *context);

#endif
