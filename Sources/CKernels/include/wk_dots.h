// Dot products in double precision, of all rows of one matrix with all rows of another.
#ifndef WK_DOTS_H
#define WK_DOTS_H

#include <stdint.h>

/// Adds `x · yᵀ` to `out`. A product of two rows has the same bits wherever they are.
///
/// `x` is `[rows, depth]` and `y` is `[columns, depth]`, both without gaps; `out` is
/// `[rows, columns]` with `stride` numbers from row to row.
void wk_add_dots(
    const double *x, int64_t rows, const double *y, int64_t columns, int64_t depth, double *out,
    int64_t stride);

/// The same with the kernels of a level, at most `wk_best_level`: so that tests reach all.
void wk_add_dots_at_level(
    int32_t level, const double *x, int64_t rows, const double *y, int64_t columns, int64_t depth,
    double *out, int64_t stride);

#endif
