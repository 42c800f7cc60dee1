// The kernel of wk_dots.c for one set of instructions, included once for each: WK_LEVEL says which,
// as wk_level.h counts. The sums of a tile stay in registers beside the vectors loaded.
#include "wk_level_code.h"
#undef WK_LANES
#undef WK_ROWS
#undef WK_COLUMNS
#undef VECTOR

#define WK_LANES (WK_BYTES / 8)
#if WK_LEVEL == 2
#define WK_ROWS 6
#define WK_COLUMNS 4
#elif WK_LEVEL == 1
#define WK_ROWS 4
#define WK_COLUMNS 3
#else
#define WK_ROWS 4
#define WK_COLUMNS 2
#endif

typedef double WK_NAME(doubles) __attribute__((vector_size(8 * WK_LANES), aligned(8)));
#define VECTOR WK_NAME(doubles)

/// A tile; rows and columns beyond the edge repeat the last one and are not stored.
WK_KERNEL void WK_NAME(tile)(
    const double *x, int64_t rows, int64_t depth, const double *y, int64_t columns, int64_t length,
    double *out, int64_t stride) {
    const double *left[WK_ROWS], *right[WK_COLUMNS];
    VECTOR sums[WK_ROWS][WK_COLUMNS];
    for (int i = 0; i < WK_ROWS; i++) left[i] = x + (i < rows ? i : rows - 1) * depth;
    for (int j = 0; j < WK_COLUMNS; j++) right[j] = y + (j < columns ? j : columns - 1) * depth;
    for (int i = 0; i < WK_ROWS; i++)
        for (int j = 0; j < WK_COLUMNS; j++) sums[i][j] = (VECTOR){0};
    int64_t k = 0;
    for (; k + WK_LANES <= length; k += WK_LANES) {
        VECTOR b[WK_COLUMNS];
        for (int j = 0; j < WK_COLUMNS; j++) b[j] = *(const VECTOR *)(right[j] + k);
        for (int i = 0; i < WK_ROWS; i++) {
            VECTOR a = *(const VECTOR *)(left[i] + k);
            for (int j = 0; j < WK_COLUMNS; j++) sums[i][j] += a * b[j];
        }
    }
    for (int i = 0; i < rows && i < WK_ROWS; i++) {
        for (int j = 0; j < columns && j < WK_COLUMNS; j++) {
            double sum = 0;
            for (int lane = 0; lane < WK_LANES; lane++) sum += sums[i][j][lane];
            for (int64_t p = k; p < length; p++) sum += left[i][p] * right[j][p];
            out[i * stride + j] += sum;
        }
    }
}

static WK_TARGET void WK_NAME(add_dots)(
    const double *x, int64_t rows, const double *y, int64_t columns, int64_t depth, double *out,
    int64_t stride) {
    for (int64_t first = 0; first < columns; first += tile_columns) {
        int64_t end = first + tile_columns < columns ? first + tile_columns : columns;
        for (int64_t start = 0; start < depth; start += tile_depth) {
            int64_t length = depth - start < tile_depth ? depth - start : tile_depth;
            for (int64_t i = 0; i < rows; i += WK_ROWS) {
                for (int64_t j = first; j < end; j += WK_COLUMNS) {
                    WK_NAME(tile)(
                        x + i * depth + start, rows - i, depth, y + j * depth + start,
                        end - j, length, out + i * stride + j, stride);
                }
            }
        }
    }
}

#undef WK_LEVEL
