// Sorting within small groups of neighbours, or moving numbers as that moves their keys.
//
// Bound: bytes for pairs, which is MaxMin; comparisons for larger groups, whose places are sorted
// by runs of insertion and merging.
#include "wk_sort.h"
#include "CDNNL.h"
#include "wk_shares.h"
#include "wk_targets.h"

enum { run_length = 8 };

// Whether a key comes before one that stands left of it.
WK_INLINE int comes_before(float key, float left) {
    return key > left || (left != left && key == key);
}

// Two neighbours change places where the second key is larger; that is its own inverse.
WK_VECTOR(
    sort_pairs, (const float *keys, const float *numbers, float *target, int64_t pairs),
    (keys, numbers, target, pairs)) {
    for (int64_t i = 0; i < pairs; i++) {
        float a = numbers[2 * i], b = numbers[2 * i + 1];
        int swaps = comes_before(keys[2 * i + 1], keys[2 * i]);
        target[2 * i] = swaps ? b : a;
        target[2 * i + 1] = swaps ? a : b;
    }
}

// Places of the keys from the largest down; returns that of the two arrays which holds them.
static const int16_t *order(const float *keys, int64_t n, int16_t *places, int16_t *spare) {
    for (int64_t start = 0; start < n; start += run_length) {
        int64_t end = start + run_length < n ? start + run_length : n;
        for (int64_t i = start; i < end; i++) {
            int64_t j = i;
            for (; j > start && comes_before(keys[i], keys[places[j - 1]]); j--)
                places[j] = places[j - 1];
            places[j] = (int16_t)i;
        }
    }
    for (int64_t length = run_length; length < n; length *= 2) {
        for (int64_t start = 0; start < n; start += 2 * length) {
            int64_t middle = start + length < n ? start + length : n;
            int64_t end = middle + length < n ? middle + length : n;
            int64_t left = start, right = middle;
            for (int64_t i = start; i < end; i++) {
                // Of equal keys the left one comes first.
                int takes_right = left == middle;
                if (!takes_right && right < end)
                    takes_right = comes_before(keys[places[right]], keys[places[left]]);
                spare[i] = places[takes_right ? right++ : left++];
            }
        }
        int16_t *swap = places;
        places = spare;
        spare = swap;
    }
    return places;
}

static void sort_thread(void *context, int thread, int threads) {
    const wk_sort_kernel *s = context;
    int64_t first = wk_share(s->groups, thread, threads) * s->group;
    int64_t end = wk_share(s->groups, thread + 1, threads) * s->group;
    if (s->group == 2) {
        sort_pairs(s->keys + first, s->numbers + first, s->target + first, (end - first) / 2);
        return;
    }
    int16_t places[wk_largest_group], spare[wk_largest_group];
    for (int64_t start = first; start < end; start += s->group) {
        const int16_t *sorted = order(s->keys + start, s->group, places, spare);
        const float *numbers = s->numbers + start;
        float *target = s->target + start;
        if (s->is_inverse)
            for (int64_t i = 0; i < s->group; i++) target[sorted[i]] = numbers[i];
        else
            for (int64_t i = 0; i < s->group; i++) target[i] = numbers[sorted[i]];
    }
}

int wk_run_sort(void *context) {
    cdnnl_parallel(((wk_sort_kernel *)context)->threads, sort_thread, context);
    return 0;
}
