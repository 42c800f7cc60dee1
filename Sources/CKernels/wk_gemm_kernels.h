// The kernels of wk_gemm.c for one set of instructions, included once for each.
#include "wk_panels.h"

/// The vector where it is above zero or no number, else zero.
WK_KERNEL VECTOR WK_NAME(rectified)(VECTOR x) { return (VECTOR)((MASK)x & ~(MASK)(x <= 0)); }

/// Adds a row to each row of a part of a result and rectifies it.
WK_KERNEL void WK_NAME(rectify)(
    const wk_gemm_shape *shape, wk_gemm_part part, const float *bias, float *c) {
    for (int64_t i = 0; i < part.rows; i++, c += shape->n) {
        int64_t j = 0;
        for (; j + WK_LANES <= part.columns; j += WK_LANES) {
            VECTOR *place = (VECTOR *)(c + j);
            *place = WK_NAME(rectified)(*place + *(const VECTOR *)(bias + j));
        }
        for (; j < part.columns; j++) c[j] = c[j] + bias[j] <= 0 ? 0 : c[j] + bias[j];
    }
}

/// Some vectors of columns of all rows, from a depth of at most four: the right operand stays in
/// registers. Depth and vectors are constants where this is inlined.
WK_KERNEL void WK_NAME(shallow)(
    const struct product *x, int depth, int vectors, int64_t last, int64_t first) {
    const float *right = x->right + first * x->right_column;
    float *out = x->out + first;
    VECTOR panel[4][8];
    for (int p = 0; p < depth; p++) {
        for (int v = 0; v < vectors; v++) {
            const float *from = right + p * x->right_depth
                + (v < vectors - 1 ? v * WK_LANES : last) * x->right_column;
            if (depth == 2 && x->right_column == 2 && x->right_depth == 1) {
                // A vector of pairs, of which this depth's numbers are every second one.
                const float *pairs = from - p;
                VECTOR a = *(const VECTOR *)pairs, b = *(const VECTOR *)(pairs + WK_LANES);
                panel[p][v] = p == 0 ? WK_EVEN(a, b) : WK_ODD(a, b);
                continue;
            }
            float values[WK_LANES];
            for (int lane = 0; lane < WK_LANES; lane++) values[lane] = from[lane * x->right_column];
            panel[p][v] = x->right_column == 1 ? *(const VECTOR *)from : *(const VECTOR *)values;
        }
    }
    VECTOR bias[8];
    for (int v = 0; v < vectors && x->bias; v++) {
        bias[v] = *(const VECTOR *)(x->bias + first + (v < vectors - 1 ? v * WK_LANES : last));
    }
    int is_rectified = x->bias != 0;
    // Stores might change what is read through a pointer, as far as the compiler knows.
    int64_t rows = x->rows, left_row = x->left_row, left_depth = x->left_depth;
    int64_t out_row = x->out_row;
    const float *left = x->left;
    for (int64_t i = 0; i < rows; i++, left += left_row, out += out_row) {
        VECTOR sums[8];
        for (int v = 0; v < vectors; v++) sums[v] = left[0] * panel[0][v];
        for (int p = 1; p < depth; p++) {
            float value = left[p * left_depth];
            for (int v = 0; v < vectors; v++) sums[v] += value * panel[p][v];
        }
        for (int v = 0; v < vectors && is_rectified; v++) {
            sums[v] = WK_NAME(rectified)(sums[v] + bias[v]);
        }
        for (int v = 0; v < vectors; v++) {
            *(VECTOR *)(out + (v < vectors - 1 ? v * WK_LANES : last)) = sums[v];
        }
    }
}

/// All of the depth for some vectors of columns of one or two rows, whose sums stay in registers.
WK_KERNEL void WK_NAME(flat)(
    const struct product *x, int rows, int vectors, int64_t last, int64_t first) {
    const float *right = x->right + first;
    float *out = x->out + first;
    VECTOR sums[2][8];
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) sums[r][v] = (VECTOR){0};
    }
    int64_t depth = x->depth, left_row = x->left_row, left_depth = x->left_depth;
    int64_t right_depth = x->right_depth;
    const float *left = x->left;
    for (int64_t p = 0; p < depth; p++, left += left_depth, right += right_depth) {
        for (int v = 0; v < vectors; v++) {
            VECTOR values = *(const VECTOR *)(right + (v < vectors - 1 ? v * WK_LANES : last));
            for (int r = 0; r < rows; r++) sums[r][v] += left[r * left_row] * values;
        }
    }
    for (int r = 0; r < rows; r++) {
        float *row = out + r * x->out_row;
        // All that is added to is read before the last two vectors, which may overlap, are written.
        for (int v = 0; v < vectors && x->accumulates; v++) {
            sums[r][v] += *(VECTOR *)(row + (v < vectors - 1 ? v * WK_LANES : last));
        }
        for (int v = 0; v < vectors && x->bias; v++) {
            const float *bias = x->bias + first + (v < vectors - 1 ? v * WK_LANES : last);
            sums[r][v] = WK_NAME(rectified)(sums[r][v] + *(const VECTOR *)bias);
        }
        for (int v = 0; v < vectors; v++) {
            *(VECTOR *)(row + (v < vectors - 1 ? v * WK_LANES : last)) = sums[r][v];
        }
    }
}

#define WK_CASE(kernel, size, vectors) \
    case 16 * size + vectors: WK_NAME(kernel)(x, size, vectors, last, j); break;
#define WK_FOUR(kernel, size) \
    WK_CASE(kernel, size, 1) WK_CASE(kernel, size, 2) WK_CASE(kernel, size, 3) \
    WK_CASE(kernel, size, 4)
// Eight vectors of two rows fit into 32 registers, not into 16.
#if WK_LANES == 16
#define WK_EIGHT(kernel, size) \
    WK_FOUR(kernel, size) WK_CASE(kernel, size, 5) WK_CASE(kernel, size, 6) \
    WK_CASE(kernel, size, 7) WK_CASE(kernel, size, 8)
#define WK_WIDEST 8
#else
#define WK_EIGHT(kernel, size) WK_FOUR(kernel, size)
#define WK_WIDEST 4
#endif

/// Products of a small depth or of one or two rows, for at least a vector of columns.
///
/// The last vector ends with the last column, and computes again what it has in common with the one
/// before it; the bits are those of the tiles.
WK_KERNEL void WK_NAME(thin)(const struct product *x, int is_flat) {
    int widest = is_flat || x->depth <= 2 ? WK_WIDEST : 4;
    int64_t width;
    for (int64_t j = 0; j < x->columns; j += width) {
        width = x->columns - j;
        // What follows has at least a vector, so that only vectors of one group overlap.
        if (width > widest * WK_LANES) {
            width = (width < (widest + 1) * WK_LANES ? widest - 1 : widest) * WK_LANES;
        }
        int64_t vectors = (width + WK_LANES - 1) / WK_LANES, last = width - WK_LANES;
        if (is_flat) {
            switch (16 * x->rows + vectors) { WK_EIGHT(flat, 1) WK_EIGHT(flat, 2) }
        } else {
            switch (16 * x->depth + vectors) {
                WK_EIGHT(shallow, 1) WK_EIGHT(shallow, 2) WK_FOUR(shallow, 3) WK_FOUR(shallow, 4)
            }
        }
    }
}

#undef WK_CASE
#undef WK_FOUR
#undef WK_EIGHT
#undef WK_WIDEST

/// Vectors along the columns: rows of the right operand times single numbers of the left one.
/// Rectifies, where there is a bias, only thin products; tells whether this was one.
static WK_TARGET int WK_NAME(outer)(const struct product *x) {
    int is_flat = x->rows <= 2 && x->right_column == 1 && x->depth <= panel_depth;
    if ((is_flat || (x->depth <= 4 && !x->accumulates)) && x->columns >= WK_LANES
        && x->out_column == 1 && x->rows > 0) {
        WK_NAME(thin)(x, is_flat);
        return 1;
    }
    WK_NAME(panels)(x);
    return 0;
}

/// Sums of neighbours: those of `a` in the lower half, those of `b` in the upper.
WK_KERNEL VECTOR WK_NAME(fold)(VECTOR a, VECTOR b) { return WK_EVEN(a, b) + WK_ODD(a, b); }

/// Eight dot products, `rows` by `columns`, along contiguous operands of at least a vector's
/// length; rows beyond the last repeat it.
WK_KERNEL void WK_NAME(dot)(
    int rows, int columns, int64_t last_row, const float *a, const float *b, int64_t k,
    float *sums) {
    VECTOR totals[8] = {0};
    int64_t whole = k - k % WK_LANES;
    for (int64_t p = 0; p < whole; p += WK_LANES) {
        for (int r = 0; r < rows; r++) {
            VECTOR left = *(const VECTOR *)(a + (r < last_row ? r : last_row) * k + p);
            for (int s = 0; s < columns; s++) {
                totals[r * columns + s] += left * *(const VECTOR *)(b + s * k + p);
            }
        }
    }
    if (whole < k) {
        // The last vector ends with the row; its lanes that were already counted become zero.
        MASK fresh;
        int64_t start = k - WK_LANES;
        for (int lane = 0; lane < WK_LANES; lane++) fresh[lane] = start + lane >= whole ? -1 : 0;
        for (int r = 0; r < rows; r++) {
            MASK kept = *(const MASK *)(a + (r < last_row ? r : last_row) * k + start) & fresh;
            for (int s = 0; s < columns; s++) {
                MASK right = *(const MASK *)(b + s * k + start) & fresh;
                totals[r * columns + s] += (VECTOR)kept * (VECTOR)right;
            }
        }
    }
    int count = 8;
    for (int span = WK_LANES; span > 1; span /= 2) {
        int next = count > 1 ? count / 2 : 1;
        for (int i = 0; i < next; i++) {
            totals[i] = WK_NAME(fold)(totals[2 * i], totals[count > 1 ? 2 * i + 1 : 0]);
        }
        count = next;
    }
    float values[8 * WK_LANES];
    for (int i = 0; i < count; i++) *(VECTOR *)(values + i * WK_LANES) = totals[i];
    for (int i = 0; i < 8; i++) sums[i] = values[i];
}

/// Vectors along the depth, for few columns: A is `[rows, k]`, B is `[n, k]`.
static WK_TARGET void WK_NAME(inner)(
    int64_t rows, int64_t n, int64_t k, int add, const float *a, const float *b, float *c) {
    float sums[8];
    for (int64_t j = 0; j < n;) {
        int columns = n - j >= 2 ? 2 : 1;
        int64_t height = 8 / columns;
        for (int64_t i = 0; i < rows; i += height) {
            int64_t count = rows - i < height ? rows - i : height;
            if (columns == 2) {
                WK_NAME(dot)(4, 2, count - 1, a + i * k, b + j * k, k, sums);
            } else {
                WK_NAME(dot)(8, 1, count - 1, a + i * k, b + j * k, k, sums);
            }
            for (int64_t r = 0; r < count; r++) {
                for (int64_t s = 0; s < columns; s++) {
                    float *place = c + (i + r) * n + j + s;
                    *place = add ? *place + sums[r * columns + s] : sums[r * columns + s];
                }
            }
        }
        j += columns;
    }
}

/// Chooses by the shape alone, never by the part, so that all splits agree to the bit.
static WK_TARGET void WK_NAME(multiply)(
    const wk_gemm_shape *shape, wk_gemm_part part, const float *a, const float *b,
    const float *bias, float *c) {
    int64_t m = shape->m, n = shape->n, k = shape->k;
    int64_t a_row = shape->transpose_a ? 1 : k, a_depth = shape->transpose_a ? m : 1;
    int64_t b_depth = shape->transpose_b ? 1 : n, b_column = shape->transpose_b ? k : 1;
    a += part.first_row * a_row;
    b += part.first_column * b_column;
    c += part.first_row * n + part.first_column;
    if (bias) bias += part.first_column;
    int few_columns = n <= WK_LANES / 2, add = shape->accumulates, is_rectified = 0;
    if (few_columns && !shape->transpose_a && k >= WK_LANES
        && (shape->transpose_b || n == 1 || n * k <= transposed_limit)) {
        float transposed[transposed_limit];
        if (!shape->transpose_b && n > 1) {
            for (int64_t j = 0; j < n; j++) {
                for (int64_t p = 0; p < k; p++) transposed[j * k + p] = b[p * n + j];
            }
            b = transposed;
        }
        WK_NAME(inner)(part.rows, n, k, add, a, b, c);
    } else if (few_columns && shape->transpose_a) {
        struct product x = {
            b, a, c, b_column, b_depth, a_depth, a_row, 1, n, n, part.rows, k, add, 0};
        WK_NAME(outer)(&x);
    } else {
        struct product x = {
            a, b, c, a_row, a_depth, b_depth, b_column, n, 1, part.rows, part.columns, k, add,
            bias};
        is_rectified = WK_NAME(outer)(&x);
    }
    if (bias && !is_rectified) WK_NAME(rectify)(shape, part, bias, c);
}

#undef WK_LEVEL
