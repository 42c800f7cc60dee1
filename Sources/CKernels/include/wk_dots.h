// Dot products in double precision, of all rows of one matrix with all rows of another, and rows
// that are made orthonormal.
#ifndef WK_DOTS_H
#define WK_DOTS_H

#include <stdint.h>

/// `count` vectors: `step` numbers from one to the next, and `number` from number to number.
typedef struct {
    const double *first;
    int64_t count, step, number;
} wk_vectors;

/// Adds the dot products of all vectors of `x` with all of `y`, of `depth` numbers, to `out`. A
/// product of two vectors has the same bits wherever they are.
///
/// `out` is `[count of x, count of y]` with `stride` numbers from row to row.
void wk_add_dots(wk_vectors x, wk_vectors y, int64_t depth, double *out, int64_t stride);

/// The same with the kernels of a level, at most `wk_best_level`: so that tests reach all.
void wk_add_dots_at_level(
    int32_t level, wk_vectors x, wk_vectors y, int64_t depth, double *out, int64_t stride);

/// Makes rows orthonormal in place, with the same bits on every machine: one after the other loses
/// its parts along those before it and is divided by its length.
///
/// `rows` is `[count, length]` without gaps, `count` at most `length`. The rows have to be far from
/// dependent, as random ones are: one pass is made. Returns 0, or 1 where a row has nothing left.
int wk_orthonormalise(double *rows, int64_t count, int64_t length);

#endif
