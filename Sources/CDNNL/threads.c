#include "CDNNL.h"
#include "team.h"

// libgomp's interface, declared by hand: clang can be installed without omp.h, and calling the
// runtime directly needs no compiler flag.
void GOMP_parallel(
    void (*function)(void *), void *data, unsigned thread_count, unsigned flags);
void omp_set_num_threads(int threads);
int omp_get_max_threads(void);
int omp_get_num_threads(void);
int omp_get_thread_num(void);

struct region {
    void (*body)(void *context, int thread, int threads);
    void *context;
};

static void run_member(void *data) {
    const struct region *region = data;
    region->body(region->context, omp_get_thread_num(), omp_get_num_threads());
}

static _Thread_local int uses_helpers;

void cdnnl_use_helpers(int use) { uses_helpers = use; }

void cdnnl_set_threads(int threads) { omp_set_num_threads(threads < 1 ? 1 : threads); }

int cdnnl_threads(void) { return omp_get_max_threads(); }

void cdnnl_parallel(
    int threads, void (*body)(void *context, int thread, int threads), void *context) {
    if (threads <= 1) {
        body(context, 0, 1);
        return;
    }
    if (uses_helpers) {
        cdnnl_team_run(threads, body, context);
        return;
    }
    struct region region = {body, context};
    GOMP_parallel(run_member, &region, (unsigned)threads, 0);
}
