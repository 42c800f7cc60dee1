// Dot products in double precision, of all rows of one matrix with all rows of another, and rows
// that are made orthonormal.
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

/// Makes rows orthonormal in place, with the same bits on every machine: one after the other loses
/// its parts along those before it and is divided by its length.
///
/// `rows` is `[count, length]` without gaps, `count` at most `length`. The rows have to be far from
/// dependent, as random ones are: one pass is made. Returns 0, or 1 where a row has nothing left.
int wk_orthonormalise(double *rows, int64_t count, int64_t length);

#endif
