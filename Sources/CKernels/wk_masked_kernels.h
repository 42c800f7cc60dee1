// The kernels of wk_masked.c for one set of instructions, included once for each.
#include "wk_tiles.h"

/// Columns at a time: the numbers in a row of a table.
#define WK_WIDTH (row_vectors * WK_LANES)
/// Digits whose tables are there at a time.
#define WK_DIGITS (table_numbers / sums / WK_WIDTH < 16 ? table_numbers / sums / WK_WIDTH : 16)

/// B's rows times their factors in some strips of columns: of each strip one row after the other.
static WK_TARGET void WK_NAME(right)(const wk_masked_product *x, int64_t first, int64_t last) {
    for (int64_t p = 0; p < x->shape.k; p++) {
        const float *b = x->b + p * x->shape.n;
        float factor = x->depths.base[p * x->depths.stride];
        for (int64_t strip = first; strip < last; strip++) {
            const VECTOR *from = (const VECTOR *)(b + strip * WK_WIDTH);
            VECTOR *to = (VECTOR *)(x->right + strip * strip_numbers(x, WK_WIDTH) + p * WK_WIDTH);
            for (int v = 0; v < row_vectors; v++) to[v] = from[v] * factor;
        }
    }
}

/// The sixteen sums of four rows of a strip.
WK_KERNEL void WK_NAME(table)(const float *right, float *table) {
    int64_t row = digits_in_block * WK_WIDTH;
    for (int v = 0; v < row_vectors; v++, right += WK_LANES, table += WK_LANES) {
        VECTOR b0 = *(const VECTOR *)right, b1 = *(const VECTOR *)(right + row);
        VECTOR b2 = *(const VECTOR *)(right + 2 * row), b3 = *(const VECTOR *)(right + 3 * row);
        VECTOR low[4] = {{0}, b0, b1, b0 + b1}, high[4] = {{0}, b2, b3, b2 + b3};
#pragma clang loop unroll(full)
        for (int i = 0; i < sums; i++)
            *(VECTOR *)(table + i * WK_WIDTH) = low[i % 4] + high[i / 4];
    }
}

/// Adds to a few rows' sums what their digits choose.
WK_KERNEL void WK_NAME(look_up)(
    const float *tables, const uint8_t *digits, int64_t block, VECTOR (*sum)[row_vectors]) {
#pragma clang loop unroll(full)
    for (int part = 0; part < WK_DIGITS / digits_in_block; part++, digits += block) {
        uint64_t words[rows_at_once];
        __builtin_memcpy(words, digits, sizeof(words));
#pragma clang loop unroll(full)
        for (int g = 0; g < digits_in_block; g++) {
            const float *table = tables + (part * digits_in_block + g) * sums * WK_WIDTH;
#pragma clang loop unroll(full)
            for (int i = 0; i < rows_at_once; i++) {
                const float *row = table + (words[i] >> 8 * g & 15) * WK_WIDTH;
                for (int v = 0; v < row_vectors; v++)
                    sum[i][v] += *(const VECTOR *)(row + v * WK_LANES);
            }
        }
    }
}

/// Some rows of a strip of C, for the depths that tables are of.
WK_KERNEL void WK_NAME(pass)(
    const wk_masked_product *x, struct workspace *w, int64_t strip, int64_t first, int64_t rows,
    int64_t p, int is_first, int is_last) {
    int64_t m = x->shape.m, n = x->shape.n;
    const uint8_t *digits = x->digits + (p / block_depth * m + first) * digits_in_block;
    for (int64_t i = 0; i < rows; i += rows_at_once, digits += rows_at_once * digits_in_block) {
        VECTOR sum[rows_at_once][row_vectors] = {{{0}}};
        VECTOR *kept = (VECTOR *)(w->sums + i * WK_WIDTH);
        if (!is_first) __builtin_memcpy(sum, kept, sizeof(sum));
        WK_NAME(look_up)(w->tables, digits, m * digits_in_block, sum);
        if (!is_last) {
            __builtin_memcpy(kept, sum, sizeof(sum));
            continue;
        }
        for (int r = 0; r < rows_at_once; r++) {
            float *c = x->c + (first + i + r) * n + strip * WK_WIDTH;
            float factor = x->scale * x->rows.base[(first + i + r) * x->rows.stride];
            for (int v = 0; v < row_vectors; v++) {
                *(VECTOR *)(c + v * WK_LANES) = sum[r][v] * factor;
            }
        }
    }
}

/// A strip of C.
static WK_TARGET void WK_NAME(strip)(
    const wk_masked_product *x, struct workspace *w, int64_t strip) {
    int64_t m = x->shape.m, k = x->shape.k;
    int64_t depth = WK_DIGITS * block_depth / digits_in_block;
    for (int64_t first = 0; first < m; first += most_rows) {
        int64_t rows = m - first < most_rows ? m - first : most_rows;
        for (int64_t p = 0; p < k; p += depth) {
            const float *right = x->right + strip * strip_numbers(x, WK_WIDTH) + p * WK_WIDTH;
            for (int g = 0; g < WK_DIGITS; g++) {
                int64_t at = g / digits_in_block * block_depth + g % digits_in_block;
                WK_NAME(table)(right + at * WK_WIDTH, w->tables + g * sums * WK_WIDTH);
            }
            WK_NAME(pass)(x, w, strip, first, rows, p, p == 0, p + depth >= k);
        }
    }
}

#undef WK_WIDTH
#undef WK_DIGITS
#undef WK_LEVEL
