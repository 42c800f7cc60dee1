// The kernels of wk_strassen.c for one set of instructions, included once for each.
#include "wk_tiles.h"

/// Columns of a panel.
#define WK_WIDTH (2 * WK_LANES)

static struct planes WK_NAME(planes)(const wk_strassen_shape *shape) {
    struct planes planes = {.width = WK_WIDTH, .panels = shape->n / 2 / WK_WIDTH};
    planes.panel = shape->k / 2 * WK_WIDTH + panel_padding;
    planes.plane = planes.panels * planes.panel + plane_padding;
    return planes;
}

/// Some depths of a panel of the right operand, as many as there are lanes.
WK_KERNEL void WK_NAME(lay)(const float *b, int64_t depth, int64_t column, float *place) {
    if (column != 1) {
        WK_NAME(turn)(b, column, WK_LANES, place, WK_WIDTH);
        WK_NAME(turn)(b + WK_LANES * column, column, WK_LANES, place + WK_LANES, WK_WIDTH);
        return;
    }
    for (int p = 0; p < WK_LANES; p++) {
        VECTOR *row = (VECTOR *)(place + p * WK_WIDTH);
        row[0] = *(const VECTOR *)(b + p * depth);
        row[1] = *(const VECTOR *)(b + p * depth + WK_LANES);
    }
}

/// The planes of some depths of one panel.
WK_KERNEL void WK_NAME(right_part)(
    const wk_strassen_right *x, const struct planes *planes, int64_t panel, int64_t p) {
    int64_t k = x->shape.k, n = x->shape.n;
    int64_t depth = x->shape.transpose_b ? 1 : n, column = x->shape.transpose_b ? k : 1;
    const float *b = x->b + p * depth + 2 * panel * WK_WIDTH * column;
    const float *lower = b + k / 2 * depth;
    _Alignas(64) float quarters[4][WK_LANES * WK_WIDTH];
    WK_NAME(lay)(b, depth, column, quarters[0]);
    WK_NAME(lay)(b + WK_WIDTH * column, depth, column, quarters[1]);
    WK_NAME(lay)(lower, depth, column, quarters[2]);
    WK_NAME(lay)(lower + WK_WIDTH * column, depth, column, quarters[3]);
    float *place = x->planes + panel * planes->panel + p * WK_WIDTH;
    for (int i = 0; i < WK_LANES * WK_WIDTH; i += WK_LANES) {
        VECTOR b11 = *(VECTOR *)(quarters[0] + i), b12 = *(VECTOR *)(quarters[1] + i);
        VECTOR b21 = *(VECTOR *)(quarters[2] + i), b22 = *(VECTOR *)(quarters[3] + i);
        VECTOR t1 = b12 - b11, t2 = b22 - t1;
        float *out = place + i;
        *(VECTOR *)(out + right_b11 * planes->plane) = b11;
        *(VECTOR *)(out + right_b21 * planes->plane) = b21;
        *(VECTOR *)(out + right_b22 * planes->plane) = b22;
        *(VECTOR *)(out + right_t1 * planes->plane) = t1;
        *(VECTOR *)(out + right_t2 * planes->plane) = t2;
        *(VECTOR *)(out + right_t3 * planes->plane) = b22 - b12;
        *(VECTOR *)(out + right_t4 * planes->plane) = b21 - t2;
    }
}

/// The planes of some panels. B is read along its rows as they are stored.
static WK_TARGET void WK_NAME(right)(
    const wk_strassen_right *x, const struct planes *planes, int64_t first, int64_t last) {
    int64_t depth = x->shape.k / 2;
    if (x->shape.transpose_b) {
        for (int64_t panel = first; panel < last; panel++)
            for (int64_t p = 0; p < depth; p += WK_LANES) WK_NAME(right_part)(x, planes, panel, p);
    } else {
        for (int64_t p = 0; p < depth; p += WK_LANES)
            for (int64_t panel = first; panel < last; panel++)
                WK_NAME(right_part)(x, planes, panel, p);
    }
}

/// The quarters of some rows of A and their sums, for tiles; `left` is row `first` of the upper
/// half.
WK_KERNEL void WK_NAME(left)(
    const wk_strassen_shape *shape, const float *left, int64_t rows, int64_t depth,
    float (*out)[left_numbers]) {
    struct product x = {.left_row = shape->k, .left_depth = 1};
    const float *lower = left + shape->m / 2 * shape->k;
    WK_NAME(pack_left)(&x, left, rows, depth, out[left_a11]);
    WK_NAME(pack_left)(&x, left + shape->k / 2, rows, depth, out[left_a12]);
    WK_NAME(pack_left)(&x, lower, rows, depth, out[left_s3]);
    WK_NAME(pack_left)(&x, lower + shape->k / 2, rows, depth, out[left_a22]);
    int64_t count = (rows + WK_ROWS - 1) / WK_ROWS * WK_ROWS * depth;
    for (int64_t i = 0; i < count; i += WK_LANES) {
        VECTOR a11 = *(VECTOR *)(out[left_a11] + i), a12 = *(VECTOR *)(out[left_a12] + i);
        VECTOR a21 = *(VECTOR *)(out[left_s3] + i), a22 = *(VECTOR *)(out[left_a22] + i);
        VECTOR s1 = a21 + a22, s2 = s1 - a11;
        *(VECTOR *)(out[left_s1] + i) = s1;
        *(VECTOR *)(out[left_s2] + i) = s2;
        *(VECTOR *)(out[left_s3] + i) = a11 - a21;
        *(VECTOR *)(out[left_s4] + i) = a12 - s2;
    }
}

/// One of the seven products, for some rows, panels and depths; `next` is read after it.
WK_KERNEL void WK_NAME(multiply)(
    const struct quarter_product *x, const struct planes *planes, int64_t rows, int64_t panels,
    int64_t depth, int add, const float *next) {
    struct product product = {.out_row = x->out_row, .out_column = 1};
    struct left_block block = {x->left, 1, WK_ROWS, WK_ROWS * depth, rows};
    const float *right = x->right;
    for (int64_t panel = 0; panel < panels; panel++, right += planes->panel) {
        const float *then = panel + 1 < panels ? right + planes->panel : next;
        WK_NAME(sweep)(&product, 2, block, right, WK_WIDTH, depth, x->out + panel * x->out_panel,
                       WK_WIDTH, add, then);
    }
}

/// What is left of the fifteen sums, when C's quarters hold A₁₂·B₂₁, S₂·T₂, S₃·T₃ and S₁·T₁.
WK_KERNEL void WK_NAME(combine)(
    const struct workspace *w, int64_t rows, int64_t columns, float *upper, float *lower,
    int64_t row) {
    for (int64_t i = 0; i < rows; i++, upper += row, lower += row) {
        for (int64_t j = 0; j < columns; j += WK_LANES) {
            int64_t at = i * columns + j, place = 2 * j - j % WK_WIDTH;
            VECTOR *c11 = (VECTOR *)(upper + place), *c12 = (VECTOR *)(upper + place + WK_WIDTH);
            VECTOR *c21 = (VECTOR *)(lower + place), *c22 = (VECTOR *)(lower + place + WK_WIDTH);
            VECTOR a11b11 = *(VECTOR *)(w->a11b11 + at), u = a11b11 + *c12;
            VECTOR s1t1 = *c22, both = u + *c21;
            *c11 += a11b11;
            *c12 = u + s1t1 + *(VECTOR *)(w->s4b22 + at);
            *c21 = both + *(VECTOR *)(w->a22t4 + at);
            *c22 = both + s1t1;
        }
    }
}

/// Rows first ..< first + rows of both halves of C, some panels of them.
WK_KERNEL void WK_NAME(strip)(
    const wk_strassen_product *x, const struct planes *planes, struct workspace *w, int64_t first,
    int64_t rows, int64_t panel, int64_t panels) {
    int64_t m = x->shape.m, n = x->shape.n, k = x->shape.k;
    int64_t columns = panels * WK_WIDTH;
    float *upper = x->c + first * n + 2 * panel * WK_WIDTH, *lower = upper + m / 2 * n;
    for (int64_t p = 0; p < k / 2; p += panel_depth) {
        int64_t depth = k / 2 - p < panel_depth ? k / 2 - p : panel_depth;
        const float *right = x->planes + panel * planes->panel + p * WK_WIDTH;
        WK_NAME(left)(&x->shape, x->a + first * k + p, rows, depth, w->left);
#define WK_LEFT(name) w->left[left_##name]
#define WK_RIGHT(name) right + right_##name * planes->plane
        const struct quarter_product products[] = {
            {WK_LEFT(a11), WK_RIGHT(b11), w->a11b11, columns, WK_WIDTH},
            {WK_LEFT(s4), WK_RIGHT(b22), w->s4b22, columns, WK_WIDTH},
            {WK_LEFT(a22), WK_RIGHT(t4), w->a22t4, columns, WK_WIDTH},
            {WK_LEFT(a12), WK_RIGHT(b21), upper, n, 2 * WK_WIDTH},
            {WK_LEFT(s2), WK_RIGHT(t2), upper + WK_WIDTH, n, 2 * WK_WIDTH},
            {WK_LEFT(s3), WK_RIGHT(t3), lower, n, 2 * WK_WIDTH},
            {WK_LEFT(s1), WK_RIGHT(t1), lower + WK_WIDTH, n, 2 * WK_WIDTH},
        };
#undef WK_LEFT
#undef WK_RIGHT
        // After the last come the same planes for other rows.
        for (int i = 0; i < 7; i++) {
            WK_NAME(multiply)(&products[i], planes, rows, panels, depth, p > 0,
                              products[(i + 1) % 7].right);
        }
    }
    WK_NAME(combine)(w, rows, columns, upper, lower, n);
}

/// A block of rows, panels first ..< last.
static WK_TARGET void WK_NAME(block)(
    const wk_strassen_product *x, const struct planes *planes, struct workspace *w, int64_t block,
    int64_t first, int64_t last) {
    int64_t row = block * block_tiles * WK_ROWS, rows = x->shape.m / 2 - row;
    if (rows > block_tiles * WK_ROWS) rows = block_tiles * WK_ROWS;
    for (int64_t panel = first; panel < last; panel += strip_columns / WK_WIDTH) {
        int64_t panels = last - panel;
        if (panels > strip_columns / WK_WIDTH) panels = strip_columns / WK_WIDTH;
        WK_NAME(strip)(x, planes, w, row, rows, panel, panels);
    }
}

#undef WK_WIDTH
#undef WK_LEVEL
