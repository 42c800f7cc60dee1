// Runs CDNNL's primitives on a few shapes and compares them with plain loops.
//
// Usage: check MAJOR [sse41], the major version that the oneDNN library must have, and the
// instructions to which it is kept.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CDNNL.h>

static int failures;

static void *memory(size_t bytes) {
    void *result = aligned_alloc(64, (bytes + 64) / 64 * 64);
    if (!result) exit(2);
    return result;
}

/// Repeatable numbers in -1…1.
static float *numbers(int64_t count) {
    static uint64_t state = 1;
    float *values = memory((size_t)count * sizeof *values);
    for (int64_t i = 0; i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        values[i] = (float)(state >> 40) / 8388608.0f - 1.0f;
    }
    return values;
}

static double *zeros(int64_t count) {
    double *values = memory((size_t)count * sizeof *values);
    memset(values, 0, (size_t)count * sizeof *values);
    return values;
}

static void compare(const char *what, const float *found, const double *expected, int64_t count) {
    double worst = 0, scale = 1;
    for (int64_t i = 0; i < count; i++) {
        double error = fabs((double)found[i] - expected[i]);
        if (!(error <= worst)) worst = error;
        scale = fmax(scale, fabs(expected[i]));
    }
    int passed = worst <= 2e-6 * scale;
    printf("%-60s error %.1e %s\n", what, worst / scale, passed ? "passed" : "FAILED");
    if (!passed) failures++;
}

static void fail(const char *what) {
    printf("%s: %s\n", what, cdnnl_last_error());
    failures++;
}

static void run(const cdnnl_primitive *primitive, void *source, void *weights, void *destination) {
    void *scratch = memory(cdnnl_scratch_size(primitive));
    cdnnl_binding *binding = cdnnl_bind(primitive, source, weights, destination, scratch);
    if (!binding) {
        fail("bind");
        free(scratch);
        return;
    }
    int status = cdnnl_run(binding);
    if (status != 0) {
        printf("run: %s\n", cdnnl_status_text(status));
        failures++;
    }
    cdnnl_binding_destroy(binding);
    free(scratch);
}

static void check_matmul(cdnnl_matmul_shape s) {
    char name[96];
    snprintf(name, sizeof name, "matmul %lldx(%lldx%lldx%lld) transposes %d%d sum %d",
             (long long)s.batch, (long long)s.m, (long long)s.n, (long long)s.k, s.transpose_a,
             s.transpose_b, s.accumulates);
    cdnnl_primitive *primitive = cdnnl_matmul(&s);
    if (!primitive) {
        fail(name);
        return;
    }
    float *a = numbers(s.batch * s.m * s.k), *b = numbers(s.batch * s.k * s.n);
    float *c = numbers(s.batch * s.m * s.n);
    double *expected = zeros(s.batch * s.m * s.n);
    for (int64_t i = 0; s.accumulates && i < s.batch * s.m * s.n; i++) expected[i] = (double)c[i];
    for (int64_t t = 0; t < s.batch; t++) {
        for (int64_t i = 0; i < s.m; i++) {
            for (int64_t j = 0; j < s.n; j++) {
                for (int64_t p = 0; p < s.k; p++) {
                    float left = a[t * s.m * s.k + (s.transpose_a ? p * s.m + i : i * s.k + p)];
                    float right = b[t * s.k * s.n + (s.transpose_b ? j * s.k + p : p * s.n + j)];
                    expected[(t * s.m + i) * s.n + j] += (double)left * (double)right;
                }
            }
        }
    }
    run(primitive, a, b, c);
    compare(name, c, expected, s.batch * s.m * s.n);
    free(a), free(b), free(c), free(expected);
    cdnnl_primitive_destroy(primitive);
}

/// The three arrays of a convolution, and what a direction must write into one of them.
struct arrays {
    float *source, *weights, *destination;
    int64_t height, width;
};

/// Adds up the definition: every product of one source, one weight and one destination.
static double *convolve(
    const cdnnl_convolution_shape *s, cdnnl_direction direction, const struct arrays *x,
    int64_t count) {
    double *sums = zeros(count);
    int64_t sites = s->batch * x->height * x->width * s->outputs;
    int64_t group = s->channels / s->groups, outputs = s->outputs / s->groups;
    int64_t taps = group * s->kernel_height * s->kernel_width;
    for (int64_t d = 0; d < sites; d++) {
        int64_t o = d % s->outputs, column = d / s->outputs % x->width;
        int64_t row = d / s->outputs / x->width % x->height;
        int64_t n = d / s->outputs / x->width / x->height;
        for (int64_t t = 0; t < taps; t++) {
            int64_t kx = t % s->kernel_width, ky = t / s->kernel_width % s->kernel_height;
            int64_t c = t / s->kernel_width / s->kernel_height, w = o * taps + t;
            int64_t i = row * s->stride_height + ky - s->pad_top;
            int64_t j = column * s->stride_width + kx - s->pad_left;
            if (i < 0 || i >= s->height || j < 0 || j >= s->width) continue;
            int64_t pixel = (n * s->height + i) * s->width + j;
            int64_t q = pixel * s->channels + o / outputs * group + c;
            double source = (double)x->source[q], weight = (double)x->weights[w];
            double destination = (double)x->destination[d];
            if (direction == CDNNL_FORWARD) sums[d] += source * weight;
            if (direction == CDNNL_BACKWARD_DATA) sums[q] += weight * destination;
            if (direction == CDNNL_BACKWARD_WEIGHTS) sums[w] += source * destination;
        }
    }
    return sums;
}

static void run_convolution(
    const cdnnl_primitive *primitive, cdnnl_direction direction, const struct arrays *x) {
    float *own = memory(cdnnl_weights_size(primitive));
    int written = direction == CDNNL_BACKWARD_WEIGHTS;
    cdnnl_primitive *reorder =
        written ? cdnnl_reorder(primitive, NULL) : cdnnl_reorder(NULL, primitive);
    if (reorder) {
        if (!written) run(reorder, x->weights, NULL, own);
        run(primitive, x->source, own, x->destination);
        if (written) run(reorder, own, NULL, x->weights);
        cdnnl_primitive_destroy(reorder);
    } else {
        fail("reorder");
    }
    free(own);
}

static void check_direction(
    const cdnnl_convolution_shape *s, cdnnl_direction direction, cdnnl_weights_layout layout) {
    static const char *const names[] = {"forward", "backward data", "backward weights"};
    char name[96];
    snprintf(name, sizeof name, "%s %lld-%lld/%lld %lldx%lld/%lld, %s weights", names[direction],
             (long long)s->channels, (long long)s->outputs, (long long)s->groups,
             (long long)s->kernel_height, (long long)s->kernel_width, (long long)s->stride_height,
             layout ? "plain" : "preferred");
    cdnnl_primitive *primitive = cdnnl_convolution(s, direction, layout);
    if (!primitive) {
        fail(name);
        return;
    }
    struct arrays x = {
        .height =
            (s->height + s->pad_top + s->pad_bottom - s->kernel_height) / s->stride_height + 1,
        .width = (s->width + s->pad_left + s->pad_right - s->kernel_width) / s->stride_width + 1,
    };
    const int64_t counts[] = {
        s->batch * x.height * x.width * s->outputs,
        s->batch * s->height * s->width * s->channels,
        s->outputs * s->channels / s->groups * s->kernel_height * s->kernel_width,
    };
    x.destination = numbers(counts[CDNNL_FORWARD]);
    x.source = numbers(counts[CDNNL_BACKWARD_DATA]);
    x.weights = numbers(counts[CDNNL_BACKWARD_WEIGHTS]);
    float *const results[] = {x.destination, x.source, x.weights};
    double *expected = convolve(s, direction, &x, counts[direction]);
    run_convolution(primitive, direction, &x);
    compare(name, results[direction], expected, counts[direction]);
    free(x.source), free(x.weights), free(x.destination), free(expected);
    cdnnl_primitive_destroy(primitive);
}

static void check_convolution(cdnnl_convolution_shape shape) {
    for (int direction = 0; direction < 3; direction++) {
        check_direction(&shape, (cdnnl_direction)direction, CDNNL_WEIGHTS_PREFERRED);
        check_direction(&shape, (cdnnl_direction)direction, CDNNL_WEIGHTS_PLAIN);
    }
}

/// Whether oneDNN's kernels are beyond SSE4.1, by the name of one.
static void check_instructions(void) {
    cdnnl_convolution_shape shape = {4, 16, 16, 64, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1};
    cdnnl_primitive *primitive =
        cdnnl_convolution(&shape, CDNNL_FORWARD, CDNNL_WEIGHTS_PREFERRED);
    if (!primitive) {
        fail("a convolution with few instructions");
        return;
    }
    const char *name = cdnnl_implementation(primitive);
    int passed = !strstr(name, "avx");
    printf("%-60s %s\n", name, passed ? "passed" : "FAILED: more than SSE4.1");
    if (!passed) failures++;
    cdnnl_primitive_destroy(primitive);
}

int main(int count, char **arguments) {
    if (count < 2 || count > 3 || (count == 3 && strcmp(arguments[2], "sse41"))) {
        fprintf(stderr, "usage: %s MAJOR [sse41]\n", arguments[0]);
        return 2;
    }
    if (count == 3) cdnnl_limit_instructions(CDNNL_SSE41);
    printf("oneDNN %s, %d threads\n", cdnnl_version(), cdnnl_threads());
    if (atoi(cdnnl_version()) != atoi(arguments[1])) {
        printf("expected oneDNN %s.x\n", arguments[1]);
        return 1;
    }
    if (count == 3) check_instructions();
    for (int flags = 0; flags < 4; flags++) {
        for (int accumulates = 0; accumulates < 2; accumulates++) {
            check_matmul(
                (cdnnl_matmul_shape){1, 33, 17, 40, flags & 1, flags >> 1, accumulates});
            check_matmul(
                (cdnnl_matmul_shape){3, 8, 100, 2, flags & 1, flags >> 1, accumulates});
        }
    }
    check_convolution((cdnnl_convolution_shape){2, 9, 8, 3, 16, 4, 4, 2, 2, 1, 1, 1, 1, 1});
    check_convolution((cdnnl_convolution_shape){3, 7, 10, 1, 33, 5, 3, 1, 2, 0, 1, 2, 0, 1});
    check_convolution((cdnnl_convolution_shape){2, 12, 12, 32, 48, 3, 3, 3, 3, 0, 0, 1, 1, 1});
    check_convolution((cdnnl_convolution_shape){2, 8, 9, 32, 48, 3, 3, 1, 1, 1, 1, 1, 1, 4});
    check_convolution((cdnnl_convolution_shape){2, 8, 8, 12, 12, 4, 4, 2, 2, 1, 1, 1, 1, 12});
    check_convolution((cdnnl_convolution_shape){2, 4, 4, 64, 1, 4, 4, 1, 1, 0, 0, 0, 0, 1});
    printf("%d failed\n", failures);
    return failures > 0;
}
