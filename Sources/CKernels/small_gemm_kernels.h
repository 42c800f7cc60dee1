// The kernels of small_gemm.c for one instruction set, included once for each.
//
// WK_NAME(name) gives names of their own, WK_TARGET is the function attribute, WK_LANES the
// floats in a register and WK_ROWS the rows of a tile: WK_ROWS · 2 accumulators must fit into the
// registers beside three more.

#define WK_INLINE static inline __attribute__((always_inline)) WK_TARGET

typedef float WK_NAME(vector) __attribute__((vector_size(4 * WK_LANES), aligned(4)));
typedef int32_t WK_NAME(mask) __attribute__((vector_size(4 * WK_LANES), aligned(4)));
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
#else
#define WK_LOW(a, b) WK_DEAL(a, b, 0, 4, 1, 5)
#define WK_HIGH(a, b) WK_DEAL(a, b, 2, 6, 3, 7)
#define WK_EVEN(a, b) WK_DEAL(a, b, 0, 2, 4, 6)
#define WK_ODD(a, b) WK_DEAL(a, b, 1, 3, 5, 7)
#endif

/// Turns a square of numbers around its diagonal: row r of `place` becomes column r of `from`.
///
/// Each stage deals the vectors like two halves of a pack of cards.
WK_INLINE void WK_NAME(transpose)(
    const float *from, int64_t from_stride, float *place, int64_t stride) {
    VECTOR rows[WK_LANES], dealt[WK_LANES];
    for (int r = 0; r < WK_LANES; r++) rows[r] = *(const VECTOR *)(from + r * from_stride);
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
WK_INLINE void WK_NAME(pack)(
    const struct product *x, const float *right, int64_t depth, int64_t valid, int64_t width,
    float *panel) {
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
                WK_NAME(transpose)(right + j * x->right_column + done, x->right_column,
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

/// Writes one row of a tile or, from the second stretch of depth on, adds it.
WK_INLINE void WK_NAME(put_row)(
    const struct product *x, float *out, const VECTOR *sums, int vectors, int64_t valid, int add) {
    float values[2 * WK_LANES];
    for (int v = 0; v < vectors; v++) *(VECTOR *)(values + v * WK_LANES) = sums[v];
    for (int64_t j = 0; j < valid; j++) {
        float *place = out + j * x->out_column;
        *place = add ? *place + values[j] : values[j];
    }
}

/// One tile of `rows` by `vectors` registers; both are constants where this is inlined.
WK_INLINE void WK_NAME(tile)(
    const struct product *x, int rows, int vectors, const float *left, const float *panel,
    int64_t stride, int64_t depth, float *out, int64_t valid, int add) {
    VECTOR sums[WK_ROWS][2] = {0};
    for (int64_t p = 0; p < depth; p++) {
        VECTOR right[2];
        for (int v = 0; v < vectors; v++) {
            right[v] = *(const VECTOR *)(panel + p * stride + v * WK_LANES);
        }
        for (int r = 0; r < rows; r++) {
            float value = left[r * x->left_row + p * x->left_depth];
            for (int v = 0; v < vectors; v++) sums[r][v] += value * right[v];
        }
    }
    if (x->out_column != 1 || valid != vectors * WK_LANES) {
        for (int r = 0; r < rows; r++) {
            WK_NAME(put_row)(x, out + r * x->out_row, sums[r], vectors, valid, add);
        }
        return;
    }
    // Two loops, because a choice inside would keep the sums out of registers.
    for (int r = 0; r < rows && add; r++) {
        for (int v = 0; v < vectors; v++) {
            sums[r][v] += *(VECTOR *)(out + r * x->out_row + v * WK_LANES);
        }
    }
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
            *(VECTOR *)(out + r * x->out_row + v * WK_LANES) = sums[r][v];
        }
    }
}

/// All rows against one panel.
WK_INLINE void WK_NAME(sweep)(
    const struct product *x, int vectors, const float *left, const float *panel, int64_t stride,
    int64_t depth, float *out, int64_t valid, int add) {
    int64_t i = 0;
    for (; i + WK_ROWS <= x->rows; i += WK_ROWS) {
        WK_NAME(tile)(x, WK_ROWS, vectors, left + i * x->left_row, panel, stride, depth,
                      out + i * x->out_row, valid, add);
    }
    for (; i + 2 <= x->rows; i += 2) {
        WK_NAME(tile)(x, 2, vectors, left + i * x->left_row, panel, stride, depth,
                      out + i * x->out_row, valid, add);
    }
    if (i < x->rows) {
        WK_NAME(tile)(x, 1, vectors, left + i * x->left_row, panel, stride, depth,
                      out + i * x->out_row, valid, add);
    }
}

/// Vectors along the columns: rows of the right operand times single numbers of the left one.
static WK_TARGET void WK_NAME(outer)(const struct product *x) {
    _Alignas(64) float packed[panel_depth * 2 * WK_LANES];
    for (int64_t j = 0; j < x->columns;) {
        int64_t left_over = x->columns - j;
        int64_t width =
            left_over > WK_LANES && x->columns >= 2 * WK_LANES ? 2 * WK_LANES : WK_LANES;
        int64_t valid = x->columns < width ? x->columns : width;
        // The last panel overlaps its neighbour, which computes some columns twice, to the same
        // bits, but keeps its vectors whole.
        if (left_over < valid) j = x->columns - valid;
        // Packing pays when many rows read the panel.
        int in_place = x->right_column == 1 && valid == width && x->rows < 32;
        for (int64_t p = 0; p < x->depth; p += panel_depth) {
            int64_t depth = x->depth - p < panel_depth ? x->depth - p : panel_depth;
            const float *right = x->right + p * x->right_depth + j * x->right_column;
            if (!in_place) WK_NAME(pack)(x, right, depth, valid, width, packed);
            const float *panel = in_place ? right : packed;
            int64_t stride = in_place ? x->right_depth : width;
            const float *left = x->left + p * x->left_depth;
            float *out = x->out + j * x->out_column;
            if (width == WK_LANES) {
                WK_NAME(sweep)(x, 1, left, panel, stride, depth, out, valid, p > 0);
            } else {
                WK_NAME(sweep)(x, 2, left, panel, stride, depth, out, valid, p > 0);
            }
        }
        j += valid;
    }
}

/// Sums of neighbours: those of `a` in the lower half, those of `b` in the upper.
WK_INLINE VECTOR WK_NAME(fold)(VECTOR a, VECTOR b) { return WK_EVEN(a, b) + WK_ODD(a, b); }

/// Eight dot products, `rows` by `columns`, along contiguous operands of at least a vector's
/// length; rows beyond the last repeat it.
WK_INLINE void WK_NAME(dot)(
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
    int64_t rows, int64_t n, int64_t k, const float *a, const float *b, float *c) {
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
                    c[(i + r) * n + j + s] = sums[r * columns + s];
                }
            }
        }
        j += columns;
    }
}

/// Chooses by the shape alone, never by the range of rows, so that all splits agree to the bit.
static WK_TARGET void WK_NAME(multiply)(
    const wk_gemm_shape *shape, int64_t first, int64_t count, const float *a, const float *b,
    float *c) {
    int64_t m = shape->m, n = shape->n, k = shape->k;
    int64_t a_row = shape->transpose_a ? 1 : k, a_depth = shape->transpose_a ? m : 1;
    int64_t b_depth = shape->transpose_b ? 1 : n, b_column = shape->transpose_b ? k : 1;
    a += first * a_row;
    c += first * n;
    int few_columns = n <= WK_LANES / 2;
    if (few_columns && !shape->transpose_a && k >= WK_LANES
        && (shape->transpose_b || n == 1 || n * k <= transposed_limit)) {
        float transposed[transposed_limit];
        if (!shape->transpose_b && n > 1) {
            for (int64_t j = 0; j < n; j++) {
                for (int64_t p = 0; p < k; p++) transposed[j * k + p] = b[p * n + j];
            }
            b = transposed;
        }
        WK_NAME(inner)(count, n, k, a, b, c);
    } else if (few_columns && shape->transpose_a) {
        struct product x = {b, a, c, b_column, b_depth, a_depth, a_row, 1, n, n, count, k};
        WK_NAME(outer)(&x);
    } else {
        struct product x = {a, b, c, a_row, a_depth, b_depth, b_column, n, 1, count, n, k};
        WK_NAME(outer)(&x);
    }
}

#undef WK_DEAL
#undef WK_LOW
#undef WK_HIGH
#undef WK_EVEN
#undef WK_ODD
#undef VECTOR
#undef MASK
#undef WK_INLINE
#undef WK_NAME
#undef WK_TARGET
#undef WK_LANES
#undef WK_ROWS
