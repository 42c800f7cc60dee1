// The CPU executor's own loops. No function here allocates; every buffer comes from the caller.
#ifndef WK_KERNELS_H
#define WK_KERNELS_H

#include <stdint.h>

// Registers: 96 operations in a chain, each with three loads and a result.
enum { WK_MAX_RANK = 8, WK_MAX_REGISTERS = 384, WK_MAX_TILE = 1024 };

// --- steps -------------------------------------------------------------------------------------

typedef struct {
    int (*run)(void *context);  // 0, or an error code
    void *context;
} wk_step;

// Runs the steps in order; the number of the failed step, or -1.
int64_t wk_run_steps(const wk_step *steps, int64_t count);

// Does so, and adds each step's time in nanoseconds to times[step].
int64_t wk_profile_steps(const wk_step *steps, int64_t count, int64_t *times);

// Memory of a thread, whose first thread's is at `base` and each other one's some bytes behind that
// of the one before it.
static inline const void *wk_of_thread(const void *base, int thread, int64_t thread_stride) {
    return (const char *)base + thread * thread_stride;
}

// --- element-wise chains with their closing reductions -------------------------------------------

typedef enum {
    WK_NEGATE, WK_EXP, WK_LOG, WK_SQRT, WK_TANH, WK_LOGISTIC, WK_ABS, WK_SIGN,
    WK_ADD, WK_SUBTRACT, WK_MULTIPLY, WK_DIVIDE, WK_MAXIMUM, WK_MINIMUM,
    WK_GREATER, WK_GREATER_EQUAL, WK_LESS, WK_LESS_EQUAL, WK_EQUAL, WK_NOT_EQUAL,
    WK_SELECT, WK_SELECT_GREATER, WK_SELECT_LESS_EQUAL, WK_COPY,
    WK_GATE, WK_ADD_RECTIFY, WK_MULTIPLY_GATE,
    WK_AVERAGE_SQUARE, WK_SCALED_ROOT, WK_DIVIDE_BY_ROOT, WK_SUBTRACT_PRODUCT, WK_SUBTRACT_QUOTIENT,
    WK_CLAMP
} wk_opcode;

// registers[target] = opcode(registers[a], … registers[d]) over one tile; a select after a
// comparison takes c where a and b compare, else d. Those from WK_GATE on are what rectifiers and
// their derivatives consist of, with fewer operands to read: a > 0 ? b : 0, the same of a + b by
// itself, and a > 0 ? b * c : 0; where a is no number they take the value. Those from
// WK_AVERAGE_SQUARE on are what optimisers consist of: a * b + c * d * d, √a * b + c, a / (√b + c),
// a - b * c, a - b * c / d, and the smaller of c and the larger of a and b.
typedef struct {
    int32_t opcode, target, a, b, c, d;
} wk_operation;

// Fills a register from memory; strides are in elements along the kernel's extents, 0 repeats.
typedef struct {
    const float *base;
    int64_t strides[WK_MAX_RANK];
    int32_t target;
    int32_t is_dense;     // elements stand in iteration order: the register points into memory
    int32_t is_periodic;  // every tile sees the same numbers: filled once for each thread
    int32_t is_local;     // memory of the thread's own, which holds one range of a band at a time
} wk_load;

// Writes a register to memory in iteration order.
typedef struct {
    float *base;
    int32_t source;
    int32_t is_deferred;  // written after the whole tile is computed, since a load reads the place
    int32_t is_local;     // as of a load
} wk_store;

typedef enum { WK_SUM, WK_MAX } wk_reduction_kind;

// Combines a register over the extents whose stride is 0.
typedef struct {
    float *base;           // the result, dense
    double *accumulators;  // count of them, for each thread unless threads have rows of their own
    int64_t strides[WK_MAX_RANK];
    int64_t count;
    int32_t source;
    int32_t kind;
} wk_reduction;

typedef struct {
    int64_t extents[WK_MAX_RANK];
    int64_t count;
    int32_t rank;
    int32_t threads;
    int32_t tile;        // elements that are computed at a time, a multiple of the period
    int32_t register_stride;  // floats from one register to the next
    int32_t registers;
    int64_t alignment;   // threads begin at multiples of this many elements
    int32_t loads_count, operations_count, stores_count, reductions_count;
    const wk_load *loads;
    const wk_operation *operations;
    const wk_store *stores;
    const wk_reduction *reductions;
    int32_t rows_apart;  // reductions of different threads touch different results
    float *scratch;         // of the first thread: registers × register_stride
    int64_t thread_stride;  // bytes from memory of one thread to the same of the next
} wk_fused_kernel;

int wk_run_fused(void *kernel);

// The same in parts, for who runs it beside other work: clear what threads share; on each thread
// begin and then ranges of elements, whose starts are whole periods after the first one; finish.
void wk_fused_clear(const wk_fused_kernel *kernel);
void wk_fused_begin(const wk_fused_kernel *kernel, int thread, int64_t begin, int64_t end);
void wk_fused_range(const wk_fused_kernel *kernel, int thread, int64_t begin, int64_t end);
void wk_fused_finish(const wk_fused_kernel *kernel);

// --- copies --------------------------------------------------------------------------------------

typedef struct {
    float *target;
    const float *source;  // null fills with zeros
    int64_t target_strides[WK_MAX_RANK];
    int64_t source_strides[WK_MAX_RANK];
    int64_t extents[WK_MAX_RANK];
    int32_t rank;
    int32_t threads;
} wk_copy_kernel;

int wk_run_copy(void *kernel);

// --- random numbers
// --------------------------------------------------------------------------------

typedef struct {
    uint64_t seed, step;
} wk_clock;

typedef enum { WK_UNIFORM, WK_NORMAL } wk_random_kind;

typedef struct {
    float *target;
    const wk_clock *clock;
    int64_t first;  // the number of the first element in the stream
    int64_t count;
    uint32_t stream;
    int32_t kind;
} wk_random_kernel;

int wk_run_random(void *kernel);

#endif
