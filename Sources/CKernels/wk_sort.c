// Sorting within small groups of neighbours, or moving numbers as that moves their keys.
//
// Bound: bytes for pairs, which is MaxMin; comparisons for larger groups, of which many are sorted
// at a time by a network of exchanges.
#include "wk_sort.h"
#include <string.h>
#include "CDNNL.h"
#include "wk_shares.h"
#include "wk_targets.h"

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

// Groups that are sorted at a time, as lanes of vectors: fewer of large ones, for the stack's sake.
enum { lanes = 16, few_lanes = 4, most_of_lanes = wk_largest_group * few_lanes / lanes };

// A number whose order among integers is that of the key among floats, with NaN below all.
WK_INLINE int32_t ordered(float key) {
    // The sum makes +0 of −0, which are equal.
    float sum = key + 0.0f;
    int32_t bits;
    memcpy(&bits, &sum, sizeof bits);
    return key == key ? bits ^ ((bits >> 31) & INT32_MAX) : INT32_MIN;
}

// Brings two keys of each lane, and their places, into order. Of equal keys the left one is first.
WK_INLINE void exchange(
    int32_t *restrict first, int32_t *restrict second, int32_t *restrict first_place,
    int32_t *restrict second_place, int count) {
    for (int lane = 0; lane < count; lane++) {
        int32_t a = first[lane], b = second[lane];
        int32_t p = first_place[lane], q = second_place[lane];
        int32_t swaps = -(int32_t)((b > a) | ((b == a) & (q < p)));
        int32_t keys = (a ^ b) & swaps, places = (p ^ q) & swaps;
        first[lane] = a ^ keys;
        second[lane] = b ^ keys;
        first_place[lane] = p ^ places;
        second_place[lane] = q ^ places;
    }
}

// Batcher's merge exchange, which compares the same pairs whatever the keys are: Knuth, The Art of
// Computer Programming, volume 3, algorithm 5.2.2M. Keys and places are `[n, count]`.
WK_INLINE void sort_lanes(int32_t *keys, int32_t *places, int64_t n, int count) {
    int64_t top = 1;
    while (2 * top < n) top *= 2;
    for (int64_t p = top; p > 0; p /= 2) {
        int64_t q = top, r = 0, d = p;
        for (;;) {
            for (int64_t i = 0; i < n - d; i++)
                if ((i & p) == r)
                    exchange(
                        keys + i * count, keys + (i + d) * count, places + i * count,
                        places + (i + d) * count, count);
            if (q == p) break;
            d = q - p;
            q /= 2;
            r = p;
        }
    }
}

// Sorts `used` groups from the first on, at most `count`.
WK_INLINE void sort_groups(
    const wk_sort_kernel *s, int64_t first, int64_t used, int32_t *keys, int32_t *places,
    int count) {
    int64_t n = s->group;
    for (int64_t i = 0; i < n; i++)
        for (int lane = 0; lane < count; lane++) {
            keys[i * count + lane] = lane < used ? ordered(s->keys[(first + lane) * n + i]) : 0;
            places[i * count + lane] = (int32_t)i;
        }
    sort_lanes(keys, places, n, count);
    for (int64_t lane = 0; lane < used; lane++) {
        const float *numbers = s->numbers + (first + lane) * n;
        float *target = s->target + (first + lane) * n;
        if (s->is_inverse)
            for (int64_t i = 0; i < n; i++) target[places[i * count + lane]] = numbers[i];
        else
            for (int64_t i = 0; i < n; i++) target[i] = numbers[places[i * count + lane]];
    }
}

WK_VECTOR(
    sort_many, (const wk_sort_kernel *s, int64_t first, int64_t end), (s, first, end)) {
    int32_t keys[most_of_lanes * lanes], places[most_of_lanes * lanes];
    int64_t count = s->group <= most_of_lanes ? lanes : few_lanes;
    for (int64_t start = first; start < end; start += count) {
        int64_t used = end - start < count ? end - start : count;
        if (count == lanes)
            sort_groups(s, start, used, keys, places, lanes);
        else
            sort_groups(s, start, used, keys, places, few_lanes);
    }
}

static void sort_thread(void *context, int thread, int threads) {
    const wk_sort_kernel *s = context;
    int64_t first = wk_share(s->groups, thread, threads);
    int64_t end = wk_share(s->groups, thread + 1, threads);
    if (s->group == 2)
        sort_pairs(s->keys + 2 * first, s->numbers + 2 * first, s->target + 2 * first, end - first);
    else
        sort_many(s, first, end);
}

int wk_run_sort(void *context) {
    cdnnl_parallel(((wk_sort_kernel *)context)->threads, sort_thread, context);
    return 0;
}
