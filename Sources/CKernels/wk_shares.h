// How threads share work that consists of equal items in a row.
#ifndef WK_SHARES_H
#define WK_SHARES_H

#include "wk_targets.h"
#include <stdint.h>

/// The first item of a thread's share; it ends where that of the next thread begins.
WK_INLINE int64_t wk_share(int64_t items, int thread, int threads) {
    return items * thread / threads;
}

/// The next of an owner's `count` items for a thread in its turn; −1 if it should take none.
///
/// In turn 0 a thread takes its own items, in later ones it helps others. Help makes memory lie in
/// two cores' caches, which costs more than one item: it ends before the last.
WK_INLINE int64_t wk_take(int32_t *next, int64_t count, int turn) {
    if (turn > 0 && __atomic_load_n(next, __ATOMIC_RELAXED) + 1 >= count) return -1;
    int64_t item = __atomic_fetch_add(next, 1, __ATOMIC_RELAXED);
    return item < count ? item : -1;
}

#endif
