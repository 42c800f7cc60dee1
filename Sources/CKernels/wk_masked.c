// Products of masks: see wk_masked.h.
#include "wk_masked.h"
#include "CDNNL.h"
#include "wk_gemm.h"
#include "wk_kernels.h"
#include "wk_level.h"
#include "wk_shares.h"
#include "wk_tiles.h"

enum {
    /// Depths whose zeros are eight digits of four bits: digit g has depths g, g + 8, g + 16 and g
    /// + 24.
    block_depth = 32,
    digits_in_block = 8,
    sums = 16,
    /// Vectors in a row of a table, and rows of C at a time: as many sums stay in registers as an
    /// addition takes cycles, twice.
    row_vectors = 2,
    rows_at_once = 4,
    /// Rows for which sums are kept until all depths are through: half of a first-level cache with
    /// AVX2.
    most_rows = 512,
    /// Numbers of all tables together: half of a small first-level cache.
    table_numbers = 4096,
    /// Numbers between strips, since lines a power of two apart would share their places in caches.
    strip_padding = 16,
};

/// Numbers from one strip of B to the next, which each have `width` columns.
WK_INLINE int64_t strip_numbers(const wk_masked_product *x, int64_t width) {
    return x->shape.k * width + strip_padding;
}

/// Working memory of one thread.
struct workspace {
    float tables[table_numbers];
    float sums[most_rows * row_vectors * 16];
};

typedef int32_t eight __attribute__((vector_size(32), aligned(4)));
typedef float eight_floats __attribute__((vector_size(32), aligned(4)));
typedef uint8_t eight_bytes __attribute__((vector_size(8), aligned(1)));

/// Sets a bit where A is not zero.
WK_INLINE void set_bits(eight *word, const float *a, int bit) {
    *word |= (eight)(*(const eight_floats *)a != 0) & (1 << bit);
}

/// The digits of some rows, `[block, row, digit]`.
WK_VECTOR(
    digits_of_rows, (const wk_masked_product *x, int64_t first, int64_t last), (x, first, last)) {
    int64_t m = x->shape.m, k = x->shape.k;
    for (int64_t i = first; i < last; i++) {
        for (int64_t block = 0; block < k / block_depth; block++) {
            const float *a = x->a + i * k + block * block_depth;
            eight digits = {0};
            for (int bit = 0; bit < 4; bit++) set_bits(&digits, a + bit * digits_in_block, bit);
            eight_bytes *place = (eight_bytes *)(x->digits + (block * m + i) * digits_in_block);
            *place = __builtin_convertvector(digits, eight_bytes);
        }
    }
}

/// The digits of some blocks where A is transposed: eight rows at once, each with two words of four
/// digits.
WK_VECTOR(
    digits_of_blocks, (const wk_masked_product *x, int64_t first, int64_t last), (x, first, last)) {
    int64_t m = x->shape.m;
    for (int64_t block = first; block < last; block++) {
        for (int64_t i = 0; i < m; i += 8) {
            eight words[2] = {{0}};
            for (int j = 0; j < block_depth; j++) {
                const float *a = x->a + (block * block_depth + j) * m + i;
                int digit = j % digits_in_block;
                set_bits(&words[digit / 4], a, j / digits_in_block + digit % 4 * 8);
            }
            eight *place = (eight *)(x->digits + (block * m + i) * digits_in_block);
            place[0] = __builtin_shufflevector(words[0], words[1], 0, 8, 1, 9, 2, 10, 3, 11);
            place[1] = __builtin_shufflevector(words[0], words[1], 4, 12, 5, 13, 6, 14, 7, 15);
        }
    }
}

#if defined(__x86_64__)
#define WK_LEVEL 2
#include "wk_masked_kernels.h"
#define WK_LEVEL 1
#include "wk_masked_kernels.h"
#endif
#define WK_LEVEL 0
#include "wk_masked_kernels.h"

/// The kernels of a level.
struct kernels {
    void (*right)(const wk_masked_product *, int64_t, int64_t);
    void (*strip)(const wk_masked_product *, struct workspace *, int64_t);
    /// Columns of a strip.
    int64_t width;
};

static struct kernels kernels(int32_t level) {
    switch (level) {
#if defined(__x86_64__)
    case 2: return (struct kernels){right_avx512, strip_avx512, row_vectors * 16};
    case 1: return (struct kernels){right_avx2, strip_avx2, row_vectors * 8};
#endif
    default: return (struct kernels){right_base, strip_base, row_vectors * 4};
    }
}

int64_t wk_masked_digits_bytes(const wk_masked_shape *shape) { return shape->m * shape->k / 4; }

int64_t wk_masked_right_count(const wk_masked_shape *shape) {
    return shape->n * shape->k + shape->n / kernels(0).width * strip_padding;
}

int64_t wk_masked_scratch_bytes(void) { return sizeof(struct workspace); }

/// What threads need beside the operands.
struct team {
    const wk_masked_product *product;
    struct kernels kernels;
    int64_t strips;
};

/// Each thread looks at rows of A as they are stored, which it mostly has written itself, and lays
/// out the strips of B that it will use.
static void prepare_thread(void *context, int thread, int threads) {
    const struct team *team = context;
    const wk_masked_product *x = team->product;
    int64_t items = x->shape.transpose_a ? x->shape.k / block_depth : x->shape.m;
    int64_t first = wk_share(items, thread, threads), last = wk_share(items, thread + 1, threads);
    x->shape.transpose_a ? digits_of_blocks(x, first, last) : digits_of_rows(x, first, last);
    team->kernels.right(x, wk_share(team->strips, thread, threads),
                        wk_share(team->strips, thread + 1, threads));
}

static void product_thread(void *context, int thread, int threads) {
    const struct team *team = context;
    const wk_masked_product *x = team->product;
    struct workspace *w = (struct workspace *)wk_of_thread(x->scratch, thread, x->thread_stride);
    for (int turn = 0; turn < threads; turn++) {
        int owner = (thread + turn) % threads;
        int64_t first = wk_share(team->strips, owner, threads);
        int64_t count = wk_share(team->strips, owner + 1, threads) - first, item;
        while ((item = wk_take(&x->next[owner], count, turn)) >= 0)
            team->kernels.strip(x, w, first + item);
    }
}

int wk_run_masked_product_at_level(int32_t level, wk_masked_product *product) {
    struct team team = {product, kernels(level), 0};
    team.strips = product->shape.n / team.kernels.width;
    for (int32_t i = 0; i < product->threads; i++) product->next[i] = 0;
    cdnnl_parallel(product->threads, prepare_thread, &team);
    cdnnl_parallel(product->threads, product_thread, &team);
    return 0;
}

int wk_run_masked_product(void *product) {
    return wk_run_masked_product_at_level(wk_level(), product);
}
