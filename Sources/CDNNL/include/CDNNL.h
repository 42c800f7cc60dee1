#ifndef CDNNL_H
#define CDNNL_H

// Matrix products and convolutions of oneDNN 2.x or 3.x behind one small interface.
//
// Life of a call: create a primitive once, bind it once to fixed addresses, run the binding many
// times. All numbers are float32. Activations are plain channels-last [N, H, W, C].
//
// Results have the same bits on every run with the same thread count on the same machine.
//
// Threads: a primitive is planned for the thread count in force when it was created
// (`cdnnl_set_threads`) and is run with that count. OpenMP keeps one team per calling thread, so
// run a plan's bindings from one thread of the operating system; distinct bindings with distinct
// scratch may run on several.

#include <stddef.h>
#include <stdint.h>

#ifdef __clang__
#define CDNNL_CLOSED_ENUM __attribute__((enum_extensibility(closed)))
#else
#define CDNNL_CLOSED_ENUM
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// A planned computation with fixed shapes and no addresses.
typedef struct cdnnl_primitive cdnnl_primitive;

/// A primitive tied to addresses, ready to run.
typedef struct cdnnl_binding cdnnl_binding;

/// `C[batch, m, n] = A[batch, m, k] · B[batch, k, n]`, all dense and row-major.
///
/// With `transpose_a` A is stored as `[batch, k, m]`, with `transpose_b` B as `[batch, n, k]`;
/// with `accumulates` the product is added to C. The flags are 0 or 1.
typedef struct {
    int64_t batch, m, n, k;
    int32_t transpose_a, transpose_b;
    int32_t accumulates;
} cdnnl_matmul_shape;

/// The geometry of a convolution and of its two gradients.
///
/// Source `[batch, height, width, channels]`, weights
/// `[outputs, channels / groups, kernel_height, kernel_width]`, destination
/// `[batch, (height + pad_top + pad_bottom - kernel_height) / stride_height + 1, …, outputs]`.
typedef struct {
    int64_t batch, height, width, channels;
    int64_t outputs, kernel_height, kernel_width;
    int64_t stride_height, stride_width;
    int64_t pad_top, pad_left, pad_bottom, pad_right;
    /// Each output reads the channels of its own group alone; a divisor of both numbers.
    int64_t groups;
} cdnnl_convolution_shape;

/// What a convolution primitive computes, and which of its three arrays it writes.
typedef enum CDNNL_CLOSED_ENUM {
    /// Destination from source and weights.
    CDNNL_FORWARD = 0,
    /// Gradient of the source from weights and gradient of the destination: the transposed
    /// convolution.
    CDNNL_BACKWARD_DATA = 1,
    /// Gradient of the weights from source and gradient of the destination.
    CDNNL_BACKWARD_WEIGHTS = 2,
} cdnnl_direction;

/// How a convolution's weights lie in memory.
typedef enum CDNNL_CLOSED_ENUM {
    /// As oneDNN likes them best, or plain where its kernel for that cannot be relied on; see
    /// `cdnnl_weights_size` and `cdnnl_reorder`.
    CDNNL_WEIGHTS_PREFERRED = 0,
    /// Row-major `[outputs, channels / groups, kernel_height, kernel_width]`.
    CDNNL_WEIGHTS_PLAIN = 1,
} cdnnl_weights_layout;

/// Sets of vector instructions on x86-64.
typedef enum CDNNL_CLOSED_ENUM {
    CDNNL_SSE41,
    CDNNL_AVX2,
} cdnnl_instructions;

/// Keeps oneDNN to a set of instructions, the least of which is what oneDNN always needs. Without
/// effect after the first primitive was planned.
void cdnnl_limit_instructions(cdnnl_instructions most);

/// Plans a matrix product. NULL on failure, with the reason in `cdnnl_last_error`.
cdnnl_primitive *cdnnl_matmul(const cdnnl_matmul_shape *shape);

/// The same for a block of a larger `C[whole_m, whole_n]`, to be bound to addresses inside the
/// whole arrays. The batch must be 1 where the block is not the whole.
cdnnl_primitive *cdnnl_matmul_block(
    const cdnnl_matmul_shape *shape, int64_t whole_m, int64_t whole_n);

/// Plans a convolution or one of its gradients. NULL on failure, with the reason in
/// `cdnnl_last_error`.
cdnnl_primitive *cdnnl_convolution(
    const cdnnl_convolution_shape *shape, cdnnl_direction direction, cdnnl_weights_layout layout);

/// Plans a copy of weights from the layout of `from` to the layout of `to`, where NULL stands for
/// plain `[outputs, channels / groups, kernel_height, kernel_width]`; one of the two must not be
/// NULL.
///
/// The two primitives, which are only read here, must have weights of the same shape. NULL on
/// failure, with the reason in `cdnnl_last_error`.
cdnnl_primitive *cdnnl_reorder(const cdnnl_primitive *from, const cdnnl_primitive *to);

/// Frees a primitive, after all its bindings; NULL is allowed.
void cdnnl_primitive_destroy(cdnnl_primitive *primitive);

/// Bytes of scratch memory that a binding of the primitive needs; 0 where it needs none.
size_t cdnnl_scratch_size(const cdnnl_primitive *primitive);

/// Bytes of the weights (of B, for a matrix product) in the primitive's layout; 0 for a reorder.
///
/// Preferred layouts may hold padding: it is written as zeros and must stay zero.
size_t cdnnl_weights_size(const cdnnl_primitive *primitive);

/// 1 where the primitive's weights lie plain, so that no reorder is needed, else 0.
int cdnnl_weights_are_plain(const cdnnl_primitive *primitive);

/// 1 where both primitives read or write weights in one and the same layout, else 0.
int cdnnl_same_weights_layout(const cdnnl_primitive *a, const cdnnl_primitive *b);

/// The kernel that oneDNN chose, such as "brgconv:avx512_core". Lives as long as the primitive.
const char *cdnnl_implementation(const cdnnl_primitive *primitive);

/// Ties a primitive to addresses, best aligned to 64 bytes, which must stay valid.
///
/// The parameters are roles, whichever of them the primitive writes. Matrix product: A, B, C.
/// Convolution: source, weights, destination, or the gradients of those. Reorder: from in
/// `source`, to in `destination`, and NULL for `weights`. `scratch` holds `cdnnl_scratch_size`
/// bytes, is overwritten, may be shared by bindings that do not run at the same time, and may be
/// NULL where that size is 0. NULL on failure, with the reason in `cdnnl_last_error`.
cdnnl_binding *cdnnl_bind(
    const cdnnl_primitive *primitive, void *source, void *weights, void *destination,
    void *scratch);

/// Frees a binding, not the memory that it is bound to; NULL is allowed.
void cdnnl_binding_destroy(cdnnl_binding *binding);

/// Computes; returns after the result is written. 0, or a code for `cdnnl_status_text`.
int cdnnl_run(const cdnnl_binding *binding);

/// The name of a code that `cdnnl_run` returned. Never freed.
const char *cdnnl_status_text(int status);

/// Why the last call on this thread that returned NULL did so. Valid until the next such call.
const char *cdnnl_last_error(void);

/// The version of the oneDNN library in use, such as "2.6.3". Never freed.
const char *cdnnl_version(void);

/// Sets how many threads primitives created from now on by the calling thread use, at least 1.
void cdnnl_set_threads(int threads);

/// The thread count for primitives that the calling thread creates now; at first the number of
/// cores, or the environment's OMP_NUM_THREADS.
int cdnnl_threads(void);

/// Whether `cdnnl_parallel` on this thread of the operating system uses helpers instead of the
/// OpenMP team: for programs that do not call oneDNN. Helpers begin sooner, and a helper that other
/// processes keep from running is not waited for; but beside an OpenMP team, which spins for
/// milliseconds after its last work, they would be too many.
void cdnnl_use_helpers(int use);

/// Calls `body` once for each number of a thread and returns when all have returned: on the members
/// of the OpenMP team that oneDNN uses, or on this thread and helpers as they come.
///
/// `thread` counts from 0; `threads` is the size of the team that was granted, at most the number
/// asked for, by which the work must be split. With 1 thread `body` is called directly.
void cdnnl_parallel(
    int threads, void (*body)(void *context, int thread, int threads), void *context);

#ifdef __cplusplus
}
#endif

#endif
