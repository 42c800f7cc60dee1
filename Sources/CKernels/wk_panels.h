// Matrix products by the tiles of wk_tiles.h for one set of instructions: included once for each by
// the kernels of wk_gemm.c and wk_dots.c.
#include "wk_tiles.h"

/// A block of rows against all columns, some of the depth.
WK_KERNEL void WK_NAME(block)(
    const struct product *x, struct left_block block, const scalar *right, int64_t depth,
    scalar *out, int add, scalar *packed) {
    for (int64_t j = 0; j < x->columns;) {
        int64_t left_over = x->columns - j;
        int64_t width = left_over > WK_LANES ? 2 * WK_LANES : WK_LANES;
        // One or two rows alone would wait for each sum's last addition.
        if (x->rows <= 2 && x->right_column == 1 && left_over >= 4 * WK_LANES) width = 4 * WK_LANES;
        int64_t valid = left_over < width ? left_over : width;
        // Packing pays when many rows read the panel.
        int in_place = x->right_column == 1 && valid == width && x->rows < 32;
        const scalar *panel = right + j * x->right_column;
        if (!in_place) WK_NAME(pack)(x, panel, depth, valid, width, packed);
        if (!in_place) panel = packed;
        int64_t stride = in_place ? x->right_depth : width;
        scalar *place = out + j * x->out_column;
        if (width == WK_LANES) {
            WK_NAME(sweep)(x, 1, block, panel, stride, depth, place, valid, add, 0);
        } else if (width == 4 * WK_LANES) {
            WK_NAME(sweep)(x, 4, block, panel, stride, depth, place, valid, add, 0);
        } else {
            WK_NAME(sweep)(x, 2, block, panel, stride, depth, place, valid, add, 0);
        }
        j += valid;
    }
}

/// A product by blocks of rows and panels of columns, one stretch of the depth after the other.
WK_KERNEL void WK_NAME(panels)(const struct product *x) {
    _Alignas(64) scalar panel[panel_depth * 2 * WK_LANES];
    // The last row that is turned goes beyond its end.
    _Alignas(64) scalar block[panel_depth * packed_rows + WK_LANES];
    // Rows that lie side by side would be read across many pages, once for each panel.
    int packs = x->rows >= WK_ROWS && x->columns >= 4 * WK_LANES && x->depth > 8;
    for (int64_t p = 0; p < x->depth; p += panel_depth) {
        int64_t depth = x->depth - p < panel_depth ? x->depth - p : panel_depth;
        int64_t most = packs ? packed_rows : block_numbers / depth / WK_ROWS * WK_ROWS;
        if (!packs && most < fewest_rows) most = fewest_rows;
        const scalar *right = x->right + p * x->right_depth;
        int add = p > 0 || x->accumulates;
        for (int64_t i = 0; i < x->rows; i += most) {
            int64_t rows = x->rows - i < most ? x->rows - i : most;
            const scalar *left = x->left + i * x->left_row + p * x->left_depth;
            scalar *out = x->out + i * x->out_row;
            if (packs) {
                WK_NAME(block)(x, WK_NAME(pack_left)(x, left, rows, depth, block), right,
                               depth, out, add, panel);
            } else {
                struct left_block rows_in_place = {
                    left, x->left_row, x->left_depth, WK_ROWS * x->left_row, rows};
                WK_NAME(block)(x, rows_in_place, right, depth, out, add, panel);
            }
        }
    }
}
