// Element-wise chains: one pass over memory, a tile at a time, all intermediate values in L1.
//
// Bound: bytes of the loads and stores over memory bandwidth; inside a tile, one load or store of
// L1 for each operand of each operation.
#include "CDNNL.h"
#include "wk_kernels.h"
#include "wk_math.h"
#include "wk_targets.h"
#include <stddef.h>

// Several operations at once round like one after the other.
#pragma STDC FP_CONTRACT OFF

// A target may be one of the operands, never a shifted part of one, so that lanes are independent.
#define FOR_TILE \
    _Pragma("clang loop vectorize(assume_safety) interleave(assume_safety)") \
    for (int64_t i = 0; i < n; i++)

// Both values are read before one is taken: a choice between places would be a gather.
WK_INLINE float choose(float condition, float yes, float no) {
    uint32_t mask = condition != 0 ? 0xffffffffu : 0, first, second;
    memcpy(&first, &yes, sizeof first);
    memcpy(&second, &no, sizeof second);
    first = (first & mask) | (second & ~mask);
    memcpy(&yes, &first, sizeof yes);
    return yes;
}

WK_INLINE float larger(float a, float b) { return a > b || a != a ? a : b; }

WK_INLINE float smaller(float a, float b) { return a < b || a != a ? a : b; }

WK_INLINE float gate(float a, float value) { return choose(a <= 0 ? 1.0f : 0.0f, 0, value); }

// One operation over n elements.
WK_VECTOR(
    compute,
    (int opcode, float *target, const float *a, const float *b, const float *c, const float *d,
     int64_t n),
    (opcode, target, a, b, c, d, n)) {
    switch (opcode) {
    case WK_NEGATE: FOR_TILE target[i] = -a[i]; break;
    case WK_EXP: FOR_TILE target[i] = wk_exp(a[i]); break;
    case WK_LOG: FOR_TILE target[i] = wk_log(a[i]); break;
    case WK_SQRT: FOR_TILE target[i] = __builtin_elementwise_sqrt(a[i]); break;
    case WK_TANH: FOR_TILE target[i] = wk_tanh(a[i]); break;
    case WK_LOGISTIC: FOR_TILE target[i] = wk_logistic(a[i]); break;
    case WK_ABS: FOR_TILE target[i] = __builtin_elementwise_abs(a[i]); break;
    case WK_SIGN: FOR_TILE target[i] = a[i] > 0 ? 1.0f : a[i] < 0 ? -1.0f : a[i]; break;
    case WK_ADD: FOR_TILE target[i] = a[i] + b[i]; break;
    case WK_SUBTRACT: FOR_TILE target[i] = a[i] - b[i]; break;
    case WK_MULTIPLY: FOR_TILE target[i] = a[i] * b[i]; break;
    case WK_DIVIDE: FOR_TILE target[i] = a[i] / b[i]; break;
    case WK_MAXIMUM: FOR_TILE target[i] = larger(a[i], b[i]); break;
    case WK_MINIMUM: FOR_TILE target[i] = smaller(a[i], b[i]); break;
    case WK_GREATER: FOR_TILE target[i] = a[i] > b[i] ? 1.0f : 0.0f; break;
    case WK_GREATER_EQUAL: FOR_TILE target[i] = a[i] >= b[i] ? 1.0f : 0.0f; break;
    case WK_LESS: FOR_TILE target[i] = a[i] < b[i] ? 1.0f : 0.0f; break;
    case WK_LESS_EQUAL: FOR_TILE target[i] = a[i] <= b[i] ? 1.0f : 0.0f; break;
    case WK_EQUAL: FOR_TILE target[i] = a[i] == b[i] ? 1.0f : 0.0f; break;
    case WK_NOT_EQUAL: FOR_TILE target[i] = a[i] != b[i] ? 1.0f : 0.0f; break;
    case WK_SELECT: FOR_TILE target[i] = choose(a[i], b[i], c[i]); break;
    case WK_SELECT_GREATER:
        FOR_TILE target[i] = choose(a[i] > b[i] ? 1.0f : 0.0f, c[i], d[i]);
        break;
    case WK_SELECT_LESS_EQUAL:
        FOR_TILE target[i] = choose(a[i] <= b[i] ? 1.0f : 0.0f, c[i], d[i]);
        break;
    case WK_COPY: FOR_TILE target[i] = a[i]; break;
    case WK_GATE: FOR_TILE target[i] = gate(a[i], b[i]); break;
    case WK_ADD_RECTIFY: FOR_TILE target[i] = gate(a[i] + b[i], a[i] + b[i]); break;
    case WK_MULTIPLY_GATE: FOR_TILE target[i] = gate(a[i], b[i] * c[i]); break;
    case WK_AVERAGE_SQUARE: FOR_TILE target[i] = a[i] * b[i] + c[i] * (d[i] * d[i]); break;
    case WK_SCALED_ROOT: FOR_TILE target[i] = __builtin_elementwise_sqrt(a[i]) * b[i] + c[i]; break;
    case WK_DIVIDE_BY_ROOT:
        FOR_TILE target[i] = a[i] / (__builtin_elementwise_sqrt(b[i]) + c[i]);
        break;
    case WK_SUBTRACT_PRODUCT: FOR_TILE target[i] = a[i] - b[i] * c[i]; break;
    case WK_SUBTRACT_QUOTIENT: FOR_TILE target[i] = a[i] - b[i] * c[i] / d[i]; break;
    case WK_CLAMP: FOR_TILE target[i] = smaller(larger(a[i], b[i]), c[i]); break;
    }
}

// Adds n values to a sum.
WK_VECTOR(add_values, (double *total, const float *values, int64_t n), (total, values, n)) {
    // Sixteen running sums: independent additions, in an order that does not depend on the machine.
    float lanes[16] = {0};
    int64_t whole = n & ~(int64_t)15;
    for (int64_t i = 0; i < whole; i += 16)
        for (int lane = 0; lane < 16; lane++) lanes[lane] += values[i + lane];
    double sum = 0;
    for (int lane = 0; lane < 16; lane++) sum += lanes[lane];
    for (int64_t i = whole; i < n; i++) sum += values[i];
    *total += sum;
}

static double largest(double a, double b) { return a > b || a != a ? a : b; }

// Keeps the largest of a number and n values; a NaN stays.
WK_VECTOR(keep_largest, (double *place, const float *values, int64_t n), (place, values, n)) {
    float lanes[16];
    int64_t whole = n & ~(int64_t)15;
    double most = *place;
    if (whole > 0) {
        for (int lane = 0; lane < 16; lane++) lanes[lane] = values[lane];
        for (int64_t i = 16; i < whole; i += 16)
            for (int lane = 0; lane < 16; lane++) {
                float kept = lanes[lane], next = values[i + lane];
                lanes[lane] = kept > next || kept != kept ? kept : next;
            }
        for (int lane = 0; lane < 16; lane++) most = largest(most, lanes[lane]);
    }
    for (int64_t i = whole; i < n; i++) most = largest(most, values[i]);
    *place = most;
}

// The same for n numbers, each with a value of its own.
WK_VECTOR(
    keep_largest_each, (double *places, const float *values, int64_t n), (places, values, n)) {
    for (int64_t i = 0; i < n; i++) places[i] = largest(places[i], values[i]);
}

// Some columns of `add_rows`, a constant where this is inlined: enough sums to hide an addition's
// latency.
WK_INLINE void add_columns(
    double *sums, const float *values, int64_t n, int64_t rows, int columns) {
    double part[64] = {0};
    for (int64_t r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) part[c] += (double)values[r * n + c];
    for (int c = 0; c < columns; c++) sums[c] += part[c];
}

// Adds `rows` rows of n columns to the sums of the columns, in double precision throughout: a sum
// whose terms cancel must be zero.
WK_VECTOR(
    add_rows, (double *sums, const float *values, int64_t n, int64_t rows),
    (sums, values, n, rows)) {
    int64_t i = 0;
    for (; i + 64 <= n; i += 64) add_columns(sums + i, values + i, n, rows, 64);
    for (; i + 16 <= n; i += 16) add_columns(sums + i, values + i, n, rows, 16);
    for (; i + 4 <= n; i += 4) add_columns(sums + i, values + i, n, rows, 4);
    for (; i < n; i++) add_columns(sums + i, values + i, n, rows, 1);
}

// The position of an element along each extent.
typedef struct {
    int64_t index[WK_MAX_RANK];
} position;

static position position_of(const wk_fused_kernel *kernel, int64_t element) {
    position p;
    for (int axis = kernel->rank - 1; axis >= 0; axis--) {
        p.index[axis] = element % kernel->extents[axis];
        element /= kernel->extents[axis];
    }
    return p;
}

// Moves to the beginning of the next run along the last axis.
static void advance(const wk_fused_kernel *kernel, position *p) {
    p->index[kernel->rank - 1] = 0;
    for (int axis = kernel->rank - 2; axis >= 0; axis--) {
        if (++p->index[axis] < kernel->extents[axis]) return;
        p->index[axis] = 0;
    }
}

static int64_t offset_of(const wk_fused_kernel *kernel, const position *p, const int64_t *strides) {
    int64_t offset = 0;
    for (int axis = 0; axis < kernel->rank; axis++) offset += p->index[axis] * strides[axis];
    return offset;
}

// Writes n equal numbers. Runs are often a little longer than some vectors: the last one ends with
// the run and overlaps the one before it.
WK_INLINE void repeat(float value, float *place, int64_t n) {
    typedef float vector __attribute__((vector_size(64), aligned(4)));
    if (n < 16) {
        for (int64_t i = 0; i < n; i++) place[i] = value;
        return;
    }
    vector values = value - (vector){0};
    for (int64_t i = 0; i + 16 < n; i += 16) *(vector *)(place + i) = values;
    *(vector *)(place + n - 16) = values;
}

// Fills a tile from an array whose first element, were it there, is at `base`.
WK_VECTOR(
    fill,
    (const wk_fused_kernel *kernel, const wk_load *load, const float *base, int64_t start,
     int64_t n, float *target),
    (kernel, load, base, start, n, target)) {
    int last = kernel->rank - 1;
    int64_t stride = load->strides[last];
    position p = position_of(kernel, start);
    const float *source = base + offset_of(kernel, &p, load->strides);
    for (int64_t done = 0; done < n;) {
        int64_t run = kernel->extents[last] - p.index[last];
        if (run > n - done) run = n - done;
        float *place = target + done;
        if (stride == 1) memcpy(place, source, (size_t)run * sizeof(float));
        else if (stride == 0) repeat(*source, place, run);
        else for (int64_t i = 0; i < run; i++) place[i] = source[i * stride];
        done += run;
        if (last > 0 && p.index[last - 1] + 1 < kernel->extents[last - 1]) {
            // The next run of the same block, without going through all axes.
            source += load->strides[last - 1] - p.index[last] * stride;
            p.index[last] = 0;
            p.index[last - 1]++;
        } else {
            advance(kernel, &p);
            source = base + offset_of(kernel, &p, load->strides);
        }
    }
}

// How many runs from here on go to the same places, within n elements.
static int64_t runs_together(
    const wk_fused_kernel *kernel, const wk_reduction *reduction, const position *p, int64_t n
) {
    int last = kernel->rank - 1;
    int64_t run = kernel->extents[last];
    if (last == 0 || reduction->strides[last - 1] != 0 || p->index[last] != 0) return 1;
    int64_t runs = kernel->extents[last - 1] - p->index[last - 1];
    if (runs > n / run) runs = n / run;
    return runs < 1 ? 1 : runs;
}

static void accumulate(
    const wk_fused_kernel *kernel, const wk_reduction *reduction, double *sums, const float *values,
    int64_t start, int64_t n
) {
    int last = kernel->rank - 1;
    int64_t stride = reduction->strides[last];
    position p = position_of(kernel, start);
    for (int64_t done = 0; done < n;) {
        int64_t run = kernel->extents[last] - p.index[last];
        if (run > n - done) run = n - done;
        double *place = sums + offset_of(kernel, &p, reduction->strides);
        const float *source = values + done;
        if (reduction->kind == WK_MAX && stride == 0) {
            keep_largest(place, source, run);
        } else if (reduction->kind == WK_MAX && stride == 1) {
            keep_largest_each(place, source, run);
        } else if (reduction->kind == WK_MAX) {
            for (int64_t i = 0; i < run; i++)
                place[i * stride] = largest(place[i * stride], source[i]);
        } else if (stride == 0) {
            add_values(place, source, run);
        } else if (stride == 1) {
            int64_t runs = runs_together(kernel, reduction, &p, n - done);
            add_rows(place, source, run, runs);
            for (int64_t r = 1; r < runs; r++) advance(kernel, &p);
            done += (runs - 1) * run;
        } else {
            for (int64_t i = 0; i < run; i++) place[i * stride] += source[i];
        }
        done += run;
        advance(kernel, &p);
    }
}

// The elements of one thread: [begin, end).
static void bounds_of(
    const wk_fused_kernel *kernel, int thread, int threads, int64_t *begin, int64_t *end) {
    int64_t blocks = (kernel->count + kernel->alignment - 1) / kernel->alignment;
    *begin = blocks * thread / threads * kernel->alignment;
    *end = blocks * (thread + 1) / threads * kernel->alignment;
    if (*end > kernel->count) *end = kernel->count;
}

static float *registers_of(const wk_fused_kernel *kernel, int thread) {
    return (float *)wk_of_thread(kernel->scratch, thread, kernel->thread_stride);
}

// Where a thread adds up.
static double *sums_of(const wk_fused_kernel *kernel, const wk_reduction *reduction, int thread) {
    if (kernel->rows_apart) return reduction->accumulators;
    return (double *)wk_of_thread(reduction->accumulators, thread, kernel->thread_stride);
}

static void clear(const wk_fused_kernel *kernel, int thread) {
    for (int r = 0; r < kernel->reductions_count; r++) {
        const wk_reduction *reduction = &kernel->reductions[r];
        double neutral = reduction->kind == WK_MAX ? -__builtin_inf() : 0.0;
        double *sums = sums_of(kernel, reduction, thread);
        for (int64_t i = 0; i < reduction->count; i++) sums[i] = neutral;
    }
}

void wk_fused_begin(const wk_fused_kernel *kernel, int thread, int64_t begin, int64_t end) {
    if (!kernel->rows_apart) clear(kernel, thread);
    float *scratch = registers_of(kernel, thread);
    int64_t n = end - begin < kernel->tile ? end - begin : kernel->tile;
    for (int l = 0; l < kernel->loads_count; l++) {
        const wk_load *load = &kernel->loads[l];
        if (load->is_periodic)
            fill(
                kernel, load, load->base, begin, n,
                scratch + (int64_t)load->target * kernel->register_stride);
    }
}

// Where the first element of an array would be, of which a thread may have only the range from
// `begin` on.
static const float *base_of(
    const wk_fused_kernel *kernel, const wk_load *load, int thread, int64_t begin) {
    if (!load->is_local) return load->base;
    position p = position_of(kernel, begin);
    const float *own = wk_of_thread(load->base, thread, kernel->thread_stride);
    return own - offset_of(kernel, &p, load->strides);
}

// An element of a dense array, of which a thread may have only the range from `begin` on.
static float *element_of(
    const wk_fused_kernel *kernel, const float *base, int is_local, int thread, int64_t begin,
    int64_t element) {
    if (!is_local) return (float *)base + element;
    return (float *)wk_of_thread(base, thread, kernel->thread_stride) + element - begin;
}

void wk_fused_range(const wk_fused_kernel *kernel, int thread, int64_t begin, int64_t end) {
    float *registers[WK_MAX_REGISTERS];
    float *scratch = registers_of(kernel, thread);
    for (int r = 0; r < kernel->registers; r++)
        registers[r] = scratch + (int64_t)r * kernel->register_stride;
    for (int64_t start = begin; start < end; start += kernel->tile) {
        int64_t n = end - start < kernel->tile ? end - start : kernel->tile;
        for (int l = 0; l < kernel->loads_count; l++) {
            const wk_load *load = &kernel->loads[l];
            if (load->is_dense) {
                registers[load->target] =
                    element_of(kernel, load->base, load->is_local, thread, begin, start);
            } else if (!load->is_periodic) {
                const float *base = base_of(kernel, load, thread, begin);
                fill(kernel, load, base, start, n, registers[load->target]);
            }
        }
        for (int s = 0; s < kernel->stores_count; s++) {
            const wk_store *store = &kernel->stores[s];
            if (!store->is_deferred)
                registers[store->source] =
                    element_of(kernel, store->base, store->is_local, thread, begin, start);
        }
        for (int o = 0; o < kernel->operations_count; o++) {
            const wk_operation *op = &kernel->operations[o];
            compute(op->opcode, registers[op->target], registers[op->a], registers[op->b],
                    registers[op->c], registers[op->d], n);
        }
        for (int s = 0; s < kernel->stores_count; s++) {
            const wk_store *store = &kernel->stores[s];
            if (store->is_deferred)
                memcpy(element_of(kernel, store->base, store->is_local, thread, begin, start),
                       registers[store->source], (size_t)n * sizeof(float));
        }
        for (int r = 0; r < kernel->reductions_count; r++) {
            const wk_reduction *reduction = &kernel->reductions[r];
            double *sums = sums_of(kernel, reduction, thread);
            accumulate(kernel, reduction, sums, registers[reduction->source], start, n);
        }
    }
}

static void run_thread(void *context, int thread, int threads) {
    const wk_fused_kernel *kernel = context;
    int64_t begin, end;
    bounds_of(kernel, thread, threads, &begin, &end);
    wk_fused_begin(kernel, thread, begin, end);
    wk_fused_range(kernel, thread, begin, end);
}

void wk_fused_clear(const wk_fused_kernel *kernel) {
    if (kernel->rows_apart) clear(kernel, 0);
}

void wk_fused_finish(const wk_fused_kernel *kernel) {
    for (int r = 0; r < kernel->reductions_count; r++) {
        const wk_reduction *reduction = &kernel->reductions[r];
        int copies = kernel->rows_apart ? 1 : kernel->threads;
        for (int64_t i = 0; i < reduction->count; i++) {
            double value = reduction->accumulators[i];
            for (int copy = 1; copy < copies; copy++) {
                double other = sums_of(kernel, reduction, copy)[i];
                value = reduction->kind == WK_MAX ? largest(value, other) : value + other;
            }
            reduction->base[i] = (float)value;
        }
    }
}

int wk_run_fused(void *context) {
    const wk_fused_kernel *kernel = context;
    wk_fused_clear(kernel);
    cdnnl_parallel(kernel->threads, run_thread, context);
    wk_fused_finish(kernel);
    return 0;
}
