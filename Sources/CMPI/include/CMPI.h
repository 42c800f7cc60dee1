// What this project needs of MPI, as a table of functions of our own, and sums of vectors.
//
// The implementations of MPI have different binary interfaces. For each there is a library of its
// own, compiled from shim/shim.c by scripts/setup, which gives this table.
#ifndef CMPI_H
#define CMPI_H

#include <stdint.h>

/// The version of the table; a library with another one is refused.
#define CMPI_VERSION 1

/// Functions return 0, or an error of MPI's that `explain` puts in words. All but `library` are
/// called by the thread that called `start`.
typedef struct {
    /// `CMPI_VERSION`.
    int32_t version;
    /// Writes the name and version of the MPI library, in one line; may be called before `start`.
    void (*library)(char *text, int32_t capacity);
    /// Writes what an error means, in one line.
    void (*explain)(int32_t error, char *text, int32_t capacity);
    /// Begins MPI's work; errors are returned from then on.
    int32_t (*start)(int32_t *rank, int32_t *size);
    /// Begin to send and receive `count` bytes, which stay in place until `test` says done.
    int32_t (*send)(const void *bytes, int32_t count, int32_t rank, int32_t tag, int64_t *request);
    int32_t (*receive)(void *bytes, int32_t count, int32_t rank, int32_t tag, int64_t *request);
    /// Whether a request is done and, of a receiving one, the bytes that came.
    int32_t (*test)(int64_t *request, int32_t *done, int32_t *count);
    /// Whether a message with the tag has arrived, from whom, and its bytes.
    int32_t (*probe)(int32_t tag, int32_t *found, int32_t *rank, int32_t *count);
    /// Ends MPI's work; all processes call it.
    int32_t (*finish)(void);
    /// Ends all processes, this one too.
    int32_t (*abort)(int32_t code);
} cmpi_table;

/// The table of a library, or NULL with a reason that `free` takes.
///
/// The library stays open. The reason is empty where the library is none of this project's.
const cmpi_table *cmpi_open(const char *path, char **reason);

/// One addition of a tree: `target = left + right`.
///
/// Operands from 0 on are sources, and −1, −2 … places of the scratch memory, as targets are.
typedef struct {
    int32_t left, right, target;
} cmpi_addition;

/// Floats of each place of the scratch memory.
#define CMPI_BLOCK 2048

/// Carries out the additions for `count` floats of each source; the last one's target is `result`.
/// Without any, the first source is copied. The result must not overlap the sources.
void cmpi_sum(
    const cmpi_addition *additions, int32_t addition_count, const float *const *sources,
    float *scratch, float *result, int64_t count
);

#endif
