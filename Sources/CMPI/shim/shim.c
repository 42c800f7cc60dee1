// The table of CMPI.h over one implementation of MPI. SwiftPM does not compile this file:
// scripts/mpi-shims does, with the implementation's own compiler command.
#include "../include/CMPI.h"

#include <mpi.h>
#include <string.h>
#include <unistd.h>

_Static_assert(sizeof(MPI_Request) <= sizeof(int64_t), "a request has room in 64 bits");

// The first line of a text, cut to the room that there is.
static void put_line(const char *line, char *text, int32_t capacity) {
    size_t length = strcspn(line, "\r\n");
    if (length >= (size_t)capacity) length = (size_t)capacity - 1;
    memcpy(text, line, length);
    text[length] = 0;
}

static void library(char *text, int32_t capacity) {
    char line[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length;
    MPI_Get_library_version(line, &length);
    put_line(line, text, capacity);
    for (char *c = text; *c; c++)
        if (*c == '\t') *c = ' ';
}

static void explain(int32_t error, char *text, int32_t capacity) {
    char line[MPI_MAX_ERROR_STRING] = "";
    int length;
    if (MPI_Error_string(error, line, &length) != MPI_SUCCESS) strcpy(line, "an unknown error");
    put_line(line, text, capacity);
}

static int32_t start(int32_t *rank, int32_t *size) {
    int provided, number;
    // One thread makes all calls, the one that makes this one: no locks within MPI are needed.
    int error = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    if (!error) error = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    if (!error) error = MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    if (!error && provided < MPI_THREAD_FUNNELED) error = MPI_ERR_OTHER;
    if (!error) error = MPI_Comm_rank(MPI_COMM_WORLD, &number);
    if (error) return error;
    *rank = number;
    error = MPI_Comm_size(MPI_COMM_WORLD, &number);
    *size = number;
    return error;
}

static int32_t send(
    const void *bytes, int32_t count, int32_t rank, int32_t tag, int64_t *request
) {
    MPI_Request own;
    int error = MPI_Isend(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &own);
    memcpy(request, &own, sizeof own);
    return error;
}

static int32_t receive(void *bytes, int32_t count, int32_t rank, int32_t tag, int64_t *request) {
    MPI_Request own;
    int error = MPI_Irecv(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &own);
    memcpy(request, &own, sizeof own);
    return error;
}

static int32_t test(int64_t *request, int32_t *done, int32_t *count) {
    MPI_Request own;
    MPI_Status status;
    int flag = 0, bytes = 0;
    memcpy(&own, request, sizeof own);
    int error = MPI_Test(&own, &flag, &status);
    if (!error && flag) error = MPI_Get_count(&status, MPI_BYTE, &bytes);
    memcpy(request, &own, sizeof own);
    *done = flag;
    *count = bytes;
    return error;
}

static int32_t probe(int32_t tag, int32_t *found, int32_t *rank, int32_t *count) {
    MPI_Status status;
    int flag = 0, bytes = 0;
    int error = MPI_Iprobe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &flag, &status);
    if (!error && flag) error = MPI_Get_count(&status, MPI_BYTE, &bytes);
    *found = flag;
    *rank = flag ? status.MPI_SOURCE : 0;
    *count = bytes;
    return error;
}

static int32_t finish(void) {
    // MPICH 4.0 over UCX and TCP closes each connection with the other's help, and then helps no
    // more: who comes late waits for ever. So all pause, and answer nobody, before any of them
    // begins.
    MPI_Barrier(MPI_COMM_WORLD);
    usleep(50000);
    return MPI_Finalize();
}

static int32_t end_all(int32_t code) { return MPI_Abort(MPI_COMM_WORLD, code); }

__attribute__((visibility("default"))) const cmpi_table *swift_wgan_mpi(void) {
    static const cmpi_table table = {
        CMPI_VERSION, library, explain, start, send, receive, test, probe, finish, end_all,
    };
    return &table;
}
