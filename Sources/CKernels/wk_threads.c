#include "wk_kernels.h"

// libgomp's interface, declared by hand: clang can be installed without omp.h, and calling the
// runtime directly needs no compiler flag.
void GOMP_parallel(void (*function)(void *), void *data, unsigned thread_count, unsigned flags);
int omp_get_num_threads(void);
int omp_get_thread_num(void);

typedef struct {
    void (*body)(void *context, int thread, int threads);
    void *context;
} region;

static void run_member(void *data) {
    const region *r = data;
    r->body(r->context, omp_get_thread_num(), omp_get_num_threads());
}

void wk_parallel(int threads, void (*body)(void *context, int thread, int threads), void *context) {
    if (threads <= 1) {
        body(context, 0, 1);
        return;
    }
    region r = {body, context};
    GOMP_parallel(run_member, &r, (unsigned)threads, 0);
}
