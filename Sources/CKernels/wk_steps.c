#include "wk_kernels.h"
#include <time.h>

int64_t wk_run_steps(const wk_step *steps, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        if (steps[i].run(steps[i].context)) return i;
    return -1;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t wk_profile_steps(const wk_step *steps, int64_t count, int64_t *times) {
    for (int64_t i = 0; i < count; i++) {
        int64_t start = now();
        if (steps[i].run(steps[i].context)) return i;
        times[i] += now() - start;
    }
    return -1;
}
