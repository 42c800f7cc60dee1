// Philox 4×32-10 (Salmon et al. 2011), many blocks at a time; element i is word i % 4 of block i /
// 4. Bound: ten rounds of two multiplications for four numbers, and a logarithm, a root and a sine
// pair for two normal ones.
#include "wk_kernels.h"
#include "wk_math.h"

enum { BLOCKS = 64, LANES = 16 };

typedef struct {
    uint32_t words[4][BLOCKS];
} blocks;

WK_VECTOR(
    generate, (blocks *b, int count, uint32_t first, uint32_t stream, const wk_clock *clock),
    (b, count, first, stream, clock)) {
    uint32_t key0 = (uint32_t)clock->seed, key1 = (uint32_t)(clock->seed >> 32);
    for (int i = 0; i < count; i++) {
        b->words[0][i] = first + (uint32_t)i;
        b->words[1][i] = stream;
        b->words[2][i] = (uint32_t)clock->step;
        b->words[3][i] = (uint32_t)(clock->step >> 32);
    }
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < count; i++) {
            uint64_t x = (uint64_t)b->words[0][i] * 0xD2511F53u;
            uint64_t y = (uint64_t)b->words[2][i] * 0xCD9E8D57u;
            b->words[0][i] = (uint32_t)(y >> 32) ^ b->words[1][i] ^ key0;
            b->words[1][i] = (uint32_t)y;
            b->words[2][i] = (uint32_t)(x >> 32) ^ b->words[3][i] ^ key1;
            b->words[3][i] = (uint32_t)x;
        }
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

// Turns words into numbers, in place: word 2k and 2k+1 of a block make two normal numbers.
WK_VECTOR(
    transform, (const blocks *b, int count, int kind, float values[4][BLOCKS]),
    (b, count, kind, values)) {
    const float unit = 0x1p-24f;
    for (int word = 0; word < 4; word++)
        for (int i = 0; i < count; i++)
            values[word][i] = (float)(int32_t)(b->words[word][i] >> 8) * unit;
    if (kind == WK_UNIFORM) return;
    for (int word = 0; word < 4; word += 2) {
        for (int i = 0; i < count; i++) {
            float radius = __builtin_elementwise_sqrt(-2.0f * wk_log(1.0f - values[word][i]));
            float sine, cosine;
            wk_sincos_turns(values[word + 1][i], &sine, &cosine);
            values[word][i] = radius * cosine;
            values[word + 1][i] = radius * sine;
        }
    }
}

int wk_run_random(void *context) {
    const wk_random_kernel *kernel = context;
    blocks b;
    float values[4][BLOCKS];
    // Elements of the first block that are not asked for.
    int64_t skipped = kernel->first % 4, end = skipped + kernel->count;
    for (int64_t start = 0; start < end; start += 4 * BLOCKS) {
        int64_t n = end - start < 4 * BLOCKS ? end - start : 4 * BLOCKS;
        // Whole vectors of blocks, beyond the numbers that are asked for.
        int count = (int)(n + 4 * LANES - 1) / (4 * LANES) * LANES;
        uint32_t first = (uint32_t)((kernel->first + start) / 4);
        generate(&b, count, first, kernel->stream, kernel->clock);
        transform(&b, count, kernel->kind, values);
        for (int64_t i = start ? 0 : skipped; i < n; i++) {
            kernel->target[start + i - skipped] = values[i % 4][i / 4];
        }
    }
    return 0;
}
