// Strassen's scheme for large matrix products: see wk_strassen.h.
#include "wk_strassen.h"
#include "CDNNL.h"
#include "wk_gemm.h"
#include "wk_kernels.h"
#include "wk_level.h"
#include "wk_shares.h"
#include "wk_tiles.h"

/// B's planes, in the order in which they lie.
enum { right_b11, right_b21, right_b22, right_t1, right_t2, right_t3, right_t4, rights };

/// A's.
enum { left_a11, left_a12, left_a22, left_s1, left_s2, left_s3, left_s4, lefts };

enum {
    /// Rows of a block in tiles: so few that one of A's planes stays in the first cache beside a
    /// panel of B.
    block_tiles = 2,
    most_rows = block_tiles * 12,
    /// Columns done at a time in each half of C.
    strip_columns = 256,
    /// Numbers between panels and between planes, since lines a power of two apart would share
    /// their places in caches.
    panel_padding = 16,
    plane_padding = 208,
    /// Numbers in one of A's planes; a row that is turned goes beyond its end.
    left_numbers = most_rows * panel_depth + plane_padding,
};

/// How B's planes lie: panels of `width` columns, one depth after the other.
struct planes {
    int64_t width, panels;
    /// Numbers from one panel or plane to the next.
    int64_t panel, plane;
};

/// One of the seven products for some rows: the operands as they are laid out for tiles, and where
/// the result goes, with the numbers from one row and from one panel of it to the next.
struct quarter_product {
    const float *left, *right;
    float *out;
    int64_t out_row, out_panel;
};

/// Working memory of one thread.
struct workspace {
    float left[lefts][left_numbers];
    /// Products that are not made in C.
    float a11b11[most_rows * strip_columns + panel_padding];
    float s4b22[most_rows * strip_columns + panel_padding];
    float a22t4[most_rows * strip_columns + panel_padding];
};

#if defined(__x86_64__)
#define WK_LEVEL 2
#include "wk_strassen_kernels.h"
#define WK_LEVEL 1
#include "wk_strassen_kernels.h"
#endif
#define WK_LEVEL 0
#include "wk_strassen_kernels.h"

/// The kernels of a level.
struct kernels {
    struct planes (*planes)(const wk_strassen_shape *);
    void (*right)(const wk_strassen_right *, const struct planes *, int64_t, int64_t);
    void (*block)(
        const wk_strassen_product *, const struct planes *, struct workspace *, int64_t, int64_t,
        int64_t);
    int64_t block_rows;
};

static struct kernels kernels(int32_t level) {
    switch (level) {
#if defined(__x86_64__)
    case 2: return (struct kernels){planes_avx512, right_avx512, block_avx512, block_tiles * 12};
    case 1: return (struct kernels){planes_avx2, right_avx2, block_avx2, block_tiles * 6};
#endif
    default: return (struct kernels){planes_base, right_base, block_base, block_tiles * 6};
    }
}

int64_t wk_strassen_planes_count(int32_t level, const wk_strassen_shape *shape) {
    return rights * kernels(level).planes(shape).plane;
}

int64_t wk_strassen_scratch_bytes(void) { return sizeof(struct workspace); }

/// What threads need beside the operands.
struct team {
    void *context;
    struct kernels kernels;
    struct planes planes;
};

static void right_thread(void *context, int thread, int threads) {
    const struct team *team = context;
    int64_t panels = team->planes.panels;
    team->kernels.right(team->context, &team->planes, wk_share(panels, thread, threads),
                        wk_share(panels, thread + 1, threads));
}

int wk_run_strassen_right_at_level(int32_t level, wk_strassen_right *right) {
    struct team team = {right, kernels(level), {0}};
    team.planes = team.kernels.planes(&right->shape);
    cdnnl_parallel(right->threads, right_thread, &team);
    return 0;
}

int wk_run_strassen_right(void *right) {
    return wk_run_strassen_right_at_level(wk_level(), right);
}

static void product_thread(void *context, int thread, int threads) {
    const struct team *team = context;
    const wk_strassen_product *x = team->context;
    struct workspace *w = (struct workspace *)wk_of_thread(x->scratch, thread, x->thread_stride);
    int64_t rows = team->kernels.block_rows, blocks = (x->shape.m / 2 + rows - 1) / rows;
    for (int turn = 0; turn < threads; turn++) {
        int owner = (thread + turn) % threads;
        int64_t first = wk_share(team->planes.panels, owner, threads);
        int64_t last = wk_share(team->planes.panels, owner + 1, threads), block;
        while ((block = wk_take(&x->next[owner], blocks, turn)) >= 0)
            team->kernels.block(x, &team->planes, w, block, first, last);
    }
}

int wk_run_strassen_product_at_level(int32_t level, wk_strassen_product *product) {
    struct team team = {product, kernels(level), {0}};
    team.planes = team.kernels.planes(&product->shape);
    for (int32_t i = 0; i < product->threads; i++) product->next[i] = 0;
    cdnnl_parallel(product->threads, product_thread, &team);
    return 0;
}

int wk_run_strassen_product(void *product) {
    return wk_run_strassen_product_at_level(wk_level(), product);
}
