// The transforms of F(m×m, 2×2), included once for each m, which is WK_M.

#define WK_JOIN_(a, b) a##_##b
#define WK_JOIN(a, b) WK_JOIN_(a, b)
#define NAME(name) WK_JOIN(name, WK_M)
// Products in one direction.
#define POINTS (WK_M + 1)

// The one-dimensional maps. Each reads all of its operands before it writes.
#if WK_M == 2
WK_INLINE void NAME(apply_b_transposed)(const vector *d, vector *t) {
    t[0] = d[0] - d[1];
    t[1] = d[1];
    t[2] = d[2] - d[1];
}
WK_INLINE void NAME(apply_b)(const vector *t, vector *d) {
    d[0] = t[0];
    d[1] = t[1] - t[0] - t[2];
    d[2] = t[2];
}
WK_INLINE void NAME(apply_a_transposed)(const vector *m, vector *y) {
    y[0] = m[0] + m[1];
    y[1] = m[1] + m[2];
}
WK_INLINE void NAME(apply_a)(const vector *y, vector *m) {
    m[0] = y[0];
    m[1] = y[0] + y[1];
    m[2] = y[1];
}
WK_INLINE void NAME(apply_g)(const vector *w, vector *g) {
    g[0] = w[0];
    g[1] = w[0] + w[1];
    g[2] = w[1];
}
WK_INLINE void NAME(apply_g_transposed)(const vector *g, vector *w) {
    w[0] = g[0] + g[1];
    w[1] = g[1] + g[2];
}
#else
WK_INLINE void NAME(apply_b_transposed)(const vector *d, vector *t) {
    vector outer = d[3] - d[1];
    t[0] = 2 * (d[0] - d[2]) + outer;
    t[1] = d[3] - d[2] - 2 * d[1];
    t[2] = d[3] - 3 * d[2] + 2 * d[1];
    t[3] = outer;
    t[4] = d[4] - d[2] - 2 * outer;
}
WK_INLINE void NAME(apply_b)(const vector *t, vector *d) {
    d[0] = 2 * t[0];
    d[1] = 2 * (t[2] - t[1] + t[4]) - t[0] - t[3];
    d[2] = -2 * t[0] - t[1] - 3 * t[2] - t[4];
    d[3] = t[0] + t[1] + t[2] + t[3] - 2 * t[4];
    d[4] = t[4];
}
WK_INLINE void NAME(apply_a_transposed)(const vector *m, vector *y) {
    vector sum = m[1] + m[2], difference = m[1] - m[2];
    y[0] = m[0] + sum + m[3];
    y[1] = difference + 2 * m[3];
    y[2] = sum + 4 * m[3];
    y[3] = difference + 8 * m[3] + m[4];
}
WK_INLINE void NAME(apply_a)(const vector *y, vector *m) {
    vector even = y[0] + y[2], odd = y[1] + y[3];
    m[0] = y[0];
    m[1] = even + odd;
    m[2] = even - odd;
    m[3] = y[0] + 2 * y[1] + 4 * y[2] + 8 * y[3];
    m[4] = y[3];
}
WK_INLINE void NAME(apply_g)(const vector *w, vector *g) {
    const float half = 1.0f / 2, sixth = 1.0f / 6;
    g[0] = half * w[0];
    g[1] = -half * (w[0] + w[1]);
    g[2] = sixth * (w[1] - w[0]);
    g[3] = sixth * (w[0] + 2 * w[1]);
    g[4] = w[1];
}
WK_INLINE void NAME(apply_g_transposed)(const vector *g, vector *w) {
    const float half = 1.0f / 2, sixth = 1.0f / 6;
    w[0] = half * (g[0] - g[1]) + sixth * (g[3] - g[2]);
    w[1] = sixth * (g[2] + 2 * g[3]) - half * g[1] + g[4];
}
#endif

// The same maps in both directions: `from` rows by `from` columns to `to` by `to`.
#define WK_BOTH_WAYS(name, from, to)                                                               \
    WK_INLINE void NAME(name##_square)(vector in[from][from], vector out[to][to]) {                \
        vector half[from][to];                                                                     \
        for (int r = 0; r < from; r++) NAME(name)(in[r], half[r]);                                 \
        for (int s = 0; s < to; s++) {                                                             \
            vector column[from], result[to];                                                       \
            for (int r = 0; r < from; r++) column[r] = half[r][s];                                 \
            NAME(name)(column, result);                                                            \
            for (int r = 0; r < to; r++) out[r][s] = result[r];                                    \
        }                                                                                          \
    }
WK_BOTH_WAYS(apply_b_transposed, POINTS, POINTS)
WK_BOTH_WAYS(apply_b, POINTS, POINTS)
WK_BOTH_WAYS(apply_a_transposed, POINTS, WK_M)
WK_BOTH_WAYS(apply_a, WK_M, POINTS)
WK_BOTH_WAYS(apply_g, 2, POINTS)
WK_BOTH_WAYS(apply_g_transposed, POINTS, 2)
#undef WK_BOTH_WAYS

// Where a tile's pixels of one phase lie; null where that is in the padding.
WK_INLINE void NAME(phase_pixels)(
    const wk_winograd_images *x, int64_t n, int64_t tile_row, int64_t tile_column, int phase,
    float *pixels[POINTS][POINTS]) {
    for (int r = 0; r < POINTS; r++) {
        int64_t row = 2 * (tile_row * WK_M + r) + phase / 2 - x->pad_top;
        for (int s = 0; s < POINTS; s++) {
            int64_t column = 2 * (tile_column * WK_M + s) + phase % 2 - x->pad_left;
            int inside = row >= 0 && row < x->height && column >= 0 && column < x->width;
            pixels[r][s] =
                inside ? x->image + ((n * x->height + row) * x->width + column) * x->channels : 0;
        }
    }
}

WK_VECTOR(NAME(input), (const wk_winograd_images *x, int64_t n), (x, n)) {
    for (int64_t tile = 0; tile < x->tile_rows * x->tile_columns; tile++) {
        int64_t number = n * x->tile_rows * x->tile_columns + tile;
        for (int phase = 0; phase < 4; phase++) {
            float *pixels[POINTS][POINTS];
            NAME(phase_pixels)(
                x, n, tile / x->tile_columns, tile % x->tile_columns, phase, pixels);
            float *place = x->planes + (number * 4 + phase) * x->channels;
            for (int64_t c = 0; c < x->channels; c += LANES) {
                vector in[POINTS][POINTS], out[POINTS][POINTS];
                for (int r = 0; r < POINTS; r++)
                    for (int s = 0; s < POINTS; s++)
                        in[r][s] = pixels[r][s] ? *(const vector *)(pixels[r][s] + c) : (vector){0};
                NAME(apply_b_transposed_square)(in, out);
                for (int p = 0; p < POINTS * POINTS; p++)
                    *(vector *)(place + p * x->plane + c) = out[p / POINTS][p % POINTS];
            }
        }
    }
}

WK_VECTOR(NAME(input_adjoint), (const wk_winograd_images *x, int64_t n), (x, n)) {
    for (int64_t tile = 0; tile < x->tile_rows * x->tile_columns; tile++) {
        int64_t number = n * x->tile_rows * x->tile_columns + tile;
        int64_t row = tile / x->tile_columns, column = tile % x->tile_columns;
        for (int phase = 0; phase < 4; phase++) {
            float *pixels[POINTS][POINTS];
            NAME(phase_pixels)(x, n, row, column, phase, pixels);
            const float *place = x->planes + (number * 4 + phase) * x->channels;
            for (int64_t c = 0; c < x->channels; c += LANES) {
                vector in[POINTS][POINTS], out[POINTS][POINTS];
                for (int p = 0; p < POINTS * POINTS; p++)
                    in[p / POINTS][p % POINTS] = *(const vector *)(place + p * x->plane + c);
                NAME(apply_b_square)(in, out);
                for (int r = 0; r < POINTS; r++) {
                    for (int s = 0; s < POINTS; s++) {
                        if (!pixels[r][s]) continue;
                        vector *pixel = (vector *)(pixels[r][s] + c);
                        // An earlier tile has been here.
                        int shared = (r == 0 && row > 0) || (s == 0 && column > 0);
                        *pixel = shared ? *pixel + out[r][s] : out[r][s];
                    }
                }
            }
        }
    }
}

WK_VECTOR(NAME(output), (const wk_winograd_images *y, int64_t n), (y, n)) {
    for (int64_t tile = 0; tile < y->tile_rows * y->tile_columns; tile++) {
        int64_t number = n * y->tile_rows * y->tile_columns + tile;
        int64_t row = tile / y->tile_columns * WK_M, column = tile % y->tile_columns * WK_M;
        const float *place = y->planes + number * y->channels;
        for (int64_t c = 0; c < y->channels; c += LANES) {
            vector in[POINTS][POINTS], out[WK_M][WK_M];
            for (int p = 0; p < POINTS * POINTS; p++)
                in[p / POINTS][p % POINTS] = *(const vector *)(place + p * y->plane + c);
            NAME(apply_a_transposed_square)(in, out);
            for (int r = 0; r < WK_M && row + r < y->height; r++)
                for (int s = 0; s < WK_M && column + s < y->width; s++) {
                    int64_t pixel = (n * y->height + row + r) * y->width + column + s;
                    *(vector *)(y->image + pixel * y->channels + c) = out[r][s];
                }
        }
    }
}

WK_VECTOR(NAME(output_adjoint), (const wk_winograd_images *y, int64_t n), (y, n)) {
    for (int64_t tile = 0; tile < y->tile_rows * y->tile_columns; tile++) {
        int64_t number = n * y->tile_rows * y->tile_columns + tile;
        int64_t row = tile / y->tile_columns * WK_M, column = tile % y->tile_columns * WK_M;
        float *place = y->planes + number * y->channels;
        for (int64_t c = 0; c < y->channels; c += LANES) {
            vector in[WK_M][WK_M], out[POINTS][POINTS];
            for (int r = 0; r < WK_M; r++)
                for (int s = 0; s < WK_M; s++) {
                    int64_t pixel = (n * y->height + row + r) * y->width + column + s;
                    int inside = row + r < y->height && column + s < y->width;
                    in[r][s] = inside ? *(const vector *)(y->image + pixel * y->channels + c)
                                      : (vector){0};
                }
            NAME(apply_a_square)(in, out);
            for (int p = 0; p < POINTS * POINTS; p++)
                *(vector *)(place + p * y->plane + c) = out[p / POINTS][p % POINTS];
        }
    }
}

// Sixteen outputs, whose kernels for one input are turned so that a vector holds one tap of all.
// The planes are a power of two apart as a rule and would fight for the same lines of the cache:
// their lines, each written whole and once, go past it.
WK_VECTOR(NAME(kernel), (const wk_winograd_kernels *w, int64_t k, int64_t c), (w, k, c)) {
    float taps[16][LANES];
    for (int lane = 0; lane < LANES; lane++) {
        const float *kernel = w->kernels + ((k + lane) * w->inputs + c) * 16;
        for (int tap = 0; tap < 16; tap++) taps[tap][lane] = kernel[tap];
    }
    for (int phase = 0; phase < 4; phase++) {
        vector in[2][2], out[POINTS][POINTS];
        for (int a = 0; a < 2; a++)
            for (int b = 0; b < 2; b++)
                in[a][b] = *(const vector *)taps[(2 * a + phase / 2) * 4 + 2 * b + phase % 2];
        NAME(apply_g_square)(in, out);
        float *place = w->planes + (phase * w->inputs + c) * w->outputs + k;
        for (int p = 0; p < POINTS * POINTS; p++)
            __builtin_nontemporal_store(
                out[p / POINTS][p % POINTS], (line *)(place + p * w->plane));
    }
}

WK_VECTOR(NAME(kernel_adjoint), (const wk_winograd_kernels *w, int64_t k, int64_t c), (w, k, c)) {
    float taps[16][LANES];
    for (int phase = 0; phase < 4; phase++) {
        vector in[POINTS][POINTS], out[2][2];
        const float *place = w->planes + (phase * w->inputs + c) * w->outputs + k;
        for (int p = 0; p < POINTS * POINTS; p++)
            in[p / POINTS][p % POINTS] = *(const vector *)(place + p * w->plane);
        NAME(apply_g_transposed_square)(in, out);
        for (int a = 0; a < 2; a++)
            for (int b = 0; b < 2; b++)
                *(vector *)taps[(2 * a + phase / 2) * 4 + 2 * b + phase % 2] = out[a][b];
    }
    for (int lane = 0; lane < LANES; lane++) {
        float *kernel = w->kernels + ((k + lane) * w->inputs + c) * 16;
        for (int tap = 0; tap < 16; tap++) kernel[tap] = taps[tap][lane];
    }
}

#undef POINTS
#undef NAME
#undef WK_JOIN
#undef WK_JOIN_
