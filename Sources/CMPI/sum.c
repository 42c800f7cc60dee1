// Additions in a fixed order, block by block, so that partial sums stay near the processor.
//
// Bound: bytes of the sources and of the result.
#include "CMPI.h"

#include <string.h>

static void add(const float *left, const float *right, float *target, int64_t count) {
    for (int64_t i = 0; i < count; i++) target[i] = left[i] + right[i];
}

void cmpi_sum(
    const cmpi_addition *additions, int32_t addition_count, const float *const *sources,
    float *scratch, float *result, int64_t count
) {
    if (addition_count == 0) memcpy(result, sources[0], (size_t)count * sizeof(float));
    for (int64_t from = 0; from < count && addition_count > 0; from += CMPI_BLOCK) {
        int64_t length = count - from < CMPI_BLOCK ? count - from : CMPI_BLOCK;
        for (int32_t i = 0; i < addition_count; i++) {
            cmpi_addition a = additions[i];
            const float *left = a.left >= 0 ? sources[a.left] + from
                                            : scratch + (int64_t)(-1 - a.left) * CMPI_BLOCK;
            const float *right = a.right >= 0 ? sources[a.right] + from
                                              : scratch + (int64_t)(-1 - a.right) * CMPI_BLOCK;
            float *target = i + 1 == addition_count
                                ? result + from
                                : scratch + (int64_t)(-1 - a.target) * CMPI_BLOCK;
            add(left, right, target, length);
        }
    }
}
