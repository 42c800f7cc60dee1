// Tiles of matrix products for one set of instructions, and how operands are laid out for them:
// included once for each by the kernels of wk_gemm.c, wk_strassen.c and wk_dots.c, which set
// WK_LEVEL to a level as in wk_level.h. Without that these are only the types. Numbers are floats
// unless WK_DOUBLES is defined.
//
// Written once with vector types, because the best tile depends on the number of registers as much
// as on their length: WK_ROWS · 2 accumulators must fit into the registers beside three more.
#ifndef WK_TILES_H
#define WK_TILES_H

#include <stdint.h>

#ifdef WK_DOUBLES
#define WK_SIZE 8
typedef double scalar;
#else
#define WK_SIZE 4
typedef float scalar;
#endif

/// `out(i, j) = Σ_p left(i, p) · right(p, j)`, each array given by its strides in numbers.
struct product {
    const scalar *left, *right;
    scalar *out;
    int64_t left_row, left_depth, right_depth, right_column, out_row, out_column;
    int64_t rows, columns, depth;
    /// Whether the product is added to what is there.
    int32_t accumulates;
    /// A row that is added to each row of a thin product, which is then rectified; NULL for none.
    const scalar *bias;
};

/// How some rows of the left operand lie: within tiles of as many rows as a kernel has, and from
/// one such tile to the next.
struct left_block {
    const scalar *base;
    int64_t row, depth, tile;
    int64_t rows;
};

/// Four numbers, for what is left beside whole vectors.
typedef scalar quad __attribute__((vector_size(4 * WK_SIZE), aligned(WK_SIZE)));

enum {
    /// Depth of a packed panel: with 64 bytes of columns it is 16 KiB, half of a small first-level
    /// cache.
    panel_depth = 1024 / WK_SIZE,
    /// Rows of a packed block: at full depth 144 KiB, a part of a small second-level cache.
    packed_rows = 144,
    /// Rows and numbers of a block that is read where it lies.
    fewest_rows = 192,
    block_numbers = 1 << 16,
};

#endif

#ifdef WK_LEVEL

#include "wk_level_code.h"
#undef WK_LANES
#undef WK_ROWS
#undef VECTOR
#undef MASK
#undef WK_DEAL
#undef WK_LOW
#undef WK_HIGH
#undef WK_EVEN
#undef WK_ODD

// The numbers in a register, and the rows of a tile.
#define WK_LANES (WK_BYTES / WK_SIZE)
#if WK_LEVEL == 2
#define WK_ROWS 12
#else
#define WK_ROWS 6
#endif

typedef scalar WK_NAME(vector) __attribute__((vector_size(WK_BYTES), aligned(WK_SIZE)));
typedef int32_t WK_NAME(mask) __attribute__((vector_size(WK_BYTES), aligned(WK_SIZE)));
#define VECTOR WK_NAME(vector)
#define MASK WK_NAME(mask)

// The four ways to deal two vectors: interleaved, lower or upper halves; even or odd places.
#define WK_DEAL(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#if WK_LANES == 16
#define WK_LOW(a, b) WK_DEAL(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define WK_HIGH(a, b) WK_DEAL(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define WK_EVEN(a, b) WK_DEAL(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define WK_ODD(a, b) WK_DEAL(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#elif WK_LANES == 8
#define WK_LOW(a, b) WK_DEAL(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define WK_HIGH(a, b) WK_DEAL(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define WK_EVEN(a, b) WK_DEAL(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define WK_ODD(a, b) WK_DEAL(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#elif WK_LANES == 2
#define WK_LOW(a, b) WK_DEAL(a, b, 0, 2)
#define WK_HIGH(a, b) WK_DEAL(a, b, 1, 3)
#define WK_EVEN(a, b) WK_LOW(a, b)
#define WK_ODD(a, b) WK_HIGH(a, b)
#else
#define WK_LOW(a, b) WK_DEAL(a, b, 0, 4, 1, 5)
#define WK_HIGH(a, b) WK_DEAL(a, b, 2, 6, 3, 7)
#define WK_EVEN(a, b) WK_DEAL(a, b, 0, 2, 4, 6)
#define WK_ODD(a, b) WK_DEAL(a, b, 1, 3, 5, 7)
#endif

/// Turns a square of numbers around its diagonal: row r of `place` becomes column r of `from`, of
/// which rows from `valid` on are not read. Where the stride is smaller than a vector each row
/// written covers the end of the one before it, and the last one goes beyond its own end.
///
/// Each stage deals the vectors like two halves of a pack of cards.
WK_KERNEL void WK_NAME(turn)(
    const scalar *from, int64_t from_stride, int valid, scalar *place, int64_t stride) {
    VECTOR rows[WK_LANES], dealt[WK_LANES];
    for (int r = 0; r < WK_LANES; r++) {
        rows[r] = *(const VECTOR *)(from + (r < valid ? r : 0) * from_stride);
    }
    for (int stage = WK_LANES; stage > 1; stage /= 2) {
        for (int r = 0; r < WK_LANES / 2; r++) {
            VECTOR a = rows[r], b = rows[r + WK_LANES / 2];
            dealt[2 * r] = WK_LOW(a, b);
            dealt[2 * r + 1] = WK_HIGH(a, b);
        }
        for (int r = 0; r < WK_LANES; r++) rows[r] = dealt[r];
    }
    for (int r = 0; r < WK_LANES; r++) *(VECTOR *)(place + r * stride) = rows[r];
}

/// Copies `depth` rows of `valid` columns of the right operand side by side, widened with zeros.
WK_KERNEL void WK_NAME(pack)(
    const struct product *x, const scalar *right, int64_t depth, int64_t valid, int64_t width,
    scalar *panel) {
    int64_t done = 0;
    if (x->right_column == 1 && valid == width) {
        for (; done < depth; done++) {
            for (int64_t j = 0; j < width; j += WK_LANES) {
                *(VECTOR *)(panel + done * width + j) =
                    *(const VECTOR *)(right + done * x->right_depth + j);
            }
        }
    } else if (x->right_depth == 1 && valid == width) {
        for (; done + WK_LANES <= depth; done += WK_LANES) {
            for (int64_t j = 0; j < width; j += WK_LANES) {
                WK_NAME(turn)(right + j * x->right_column + done, x->right_column, WK_LANES,
                              panel + done * width + j, width);
            }
        }
    }
    for (int64_t p = done; p < depth; p++) {
        for (int64_t j = 0; j < width; j++) {
            panel[p * width + j] =
                j < valid ? right[p * x->right_depth + j * x->right_column] : 0;
        }
    }
}

/// Copies some rows of the left operand tile by tile, the rows of a tile side by side.
WK_KERNEL struct left_block WK_NAME(pack_left)(
    const struct product *x, const scalar *left, int64_t rows, int64_t depth, scalar *packed) {
    for (int64_t i = 0; i < rows; i += WK_ROWS) {
        scalar *place = packed + i * depth;
        const scalar *from = left + i * x->left_row;
        if (i + WK_ROWS > rows) {
            for (int64_t p = 0; p < depth; p++) {
                for (int64_t r = 0; r < rows - i; r++) {
                    place[p * WK_ROWS + r] = from[p * x->left_depth + r * x->left_row];
                }
            }
        } else if (x->left_row == 1) {
            for (int64_t p = 0; p < depth; p++) {
                for (int r = 0; r < WK_ROWS; r++) {
                    place[p * WK_ROWS + r] = from[p * x->left_depth + r];
                }
            }
        } else {
            int64_t p = 0;
            // The first rows last, since what is beyond the end of a part is theirs.
            for (; p + WK_LANES <= depth; p += WK_LANES) {
                for (int r = (WK_ROWS - 1) / WK_LANES * WK_LANES; r >= 0; r -= WK_LANES) {
                    int valid = WK_ROWS - r < WK_LANES ? WK_ROWS - r : WK_LANES;
                    WK_NAME(turn)(from + r * x->left_row + p, x->left_row, valid,
                                  place + p * WK_ROWS + r, WK_ROWS);
                }
            }
            for (; p < depth; p++) {
                for (int r = 0; r < WK_ROWS; r++) {
                    place[p * WK_ROWS + r] = from[p + r * x->left_row];
                }
            }
        }
    }
    return (struct left_block){packed, 1, WK_ROWS, WK_ROWS * depth, rows};
}

/// Writes one row of a tile or, from the second stretch of depth on, adds it.
WK_KERNEL void WK_NAME(put_row)(
    const struct product *x, scalar *out, const VECTOR *sums, int vectors, int64_t valid, int add) {
    scalar values[4 * WK_LANES];
    for (int v = 0; v < vectors; v++) *(VECTOR *)(values + v * WK_LANES) = sums[v];
    int64_t j = 0;
    for (; x->out_column == 1 && j + 4 <= valid; j += 4) {
        quad *place = (quad *)(out + j);
        *place = add ? *place + *(quad *)(values + j) : *(quad *)(values + j);
    }
    for (; j < valid; j++) {
        scalar *place = out + j * x->out_column;
        *place = add ? *place + values[j] : values[j];
    }
}

/// One tile of `rows` by `vectors` registers; both are constants where this is inlined.
WK_KERNEL void WK_NAME(tile)(
    const struct product *x, int rows, int vectors, const scalar *left, int64_t left_row,
    int64_t left_depth, const scalar *panel, int64_t stride, int64_t depth, scalar *out,
    int64_t valid, int add, const scalar *next) {
    VECTOR sums[WK_ROWS][4];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) sums[r][v] = (VECTOR){0};
    }
    for (int64_t p = 0; p < depth; p++) {
        VECTOR right[4];
        for (int v = 0; next && v < vectors * WK_LANES; v += 64 / WK_SIZE) {
            __builtin_prefetch(next + p * stride + v);
        }
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            right[v] = *(const VECTOR *)(panel + p * stride + v * WK_LANES);
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            scalar value = left[r * left_row + p * left_depth];
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) sums[r][v] += value * right[v];
        }
    }
    if (x->out_column != 1 || valid != vectors * WK_LANES) {
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            WK_NAME(put_row)(x, out + r * x->out_row, sums[r], vectors, valid, add);
        }
        return;
    }
    // Two loops, because a choice inside would keep the sums out of registers.
#pragma clang loop unroll(full)
    for (int r = 0; r < rows && add; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            sums[r][v] += *(VECTOR *)(out + r * x->out_row + v * WK_LANES);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            *(VECTOR *)(out + r * x->out_row + v * WK_LANES) = sums[r][v];
        }
    }
}

/// All rows of a block against one panel; the strides are constants where this is inlined.
/// Meanwhile the panel that comes next is asked for, unless that is NULL.
WK_KERNEL void WK_NAME(sweep)(
    const struct product *x, int vectors, struct left_block block, const scalar *panel,
    int64_t stride, int64_t depth, scalar *out, int64_t valid, int add, const scalar *next) {
    const scalar *left = block.base;
    int64_t rest = block.rows;
    if (next && rest >= WK_ROWS) {
        WK_NAME(tile)(x, WK_ROWS, vectors, left, block.row, block.depth, panel, stride, depth, out,
                      valid, add, next);
        left += block.tile;
        out += WK_ROWS * x->out_row;
        rest -= WK_ROWS;
    }
    for (; rest >= WK_ROWS; rest -= WK_ROWS) {
        WK_NAME(tile)(x, WK_ROWS, vectors, left, block.row, block.depth, panel, stride, depth, out,
                      valid, add, 0);
        left += block.tile;
        out += WK_ROWS * x->out_row;
    }
#pragma clang loop unroll(full)
    for (int rows = 8; rows > 0; rows /= 2) {
        if (rows >= WK_ROWS || !(rest & rows)) continue;
        WK_NAME(tile)(x, rows, vectors, left, block.row, block.depth, panel, stride, depth, out,
                      valid, add, 0);
        left += rows * block.row;
        out += rows * x->out_row;
    }
}

#endif
