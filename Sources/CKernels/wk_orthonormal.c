// Modified Gram–Schmidt. Sums have a fixed order and products are rounded, never fused with sums:
// then addition, multiplication, division and the square root of IEEE 754 leave no choice of bits.
#include "wk_dots.h"
#include <math.h>

#pragma STDC FP_CONTRACT OFF

enum { lanes = 8 };

static double dot(const double *x, const double *y, int64_t length) {
    double sums[lanes] = {0};
    int64_t place = 0;
    for (; place + lanes <= length; place += lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            sums[lane] += x[place + lane] * y[place + lane];
        }
    }
    for (; place < length; place++) {
        sums[0] += x[place] * y[place];
    }
    double low = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    double high = (sums[4] + sums[5]) + (sums[6] + sums[7]);
    return low + high;
}

int wk_orthonormalise(double *rows, int64_t count, int64_t length) {
    for (int64_t index = 0; index < count; index++) {
        double *row = rows + index * length;
        double before = dot(row, row, length);
        for (int64_t other = 0; other < index; other++) {
            const double *unit = rows + other * length;
            double share = dot(row, unit, length);
            for (int64_t place = 0; place < length; place++) {
                row[place] -= share * unit[place];
            }
        }
        double left = dot(row, row, length);
        if (!(left > 1e-12 * before)) {
            return 1;
        }
        double norm = sqrt(left);
        for (int64_t place = 0; place < length; place++) {
            row[place] /= norm;
        }
    }
    return 0;
}
