#include "team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

// Parts of one job at a time are taken by whoever comes: the thread that asks, and helpers that
// wait for work. A helper that the system keeps from running costs nothing, since its parts are
// done by the others; only a part that it has begun must be waited for.
//
// `ticket` holds the job's number, the number of its parts and the next part. A helper reads the
// ticket, then the job, and takes a part by replacing the ticket. That fails where the ticket has
// moved on; where it has not, a part was left, so that no other job can have been begun meanwhile.

enum {
    most_helpers = 63,
    part_bits = 8,
    part_mask = (1 << part_bits) - 1,
    job_bits = 2 * part_bits,
    /// Looks at the ticket before a helper goes to sleep: some tens of microseconds.
    patience = 2000,
};

static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t bed = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t alarm_clock = PTHREAD_COND_INITIALIZER;
static atomic_int helpers, sleepers, finished;
static _Atomic(cdnnl_body) job_body;
static _Atomic(void *) job_context;
static _Atomic uint64_t ticket;

static void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Does parts of the present job until none is left.
static void help(void) {
    for (;;) {
        uint64_t seen = atomic_load_explicit(&ticket, memory_order_acquire);
        cdnnl_body body = atomic_load_explicit(&job_body, memory_order_relaxed);
        void *context = atomic_load_explicit(&job_context, memory_order_relaxed);
        int parts = (int)(seen >> part_bits) & part_mask, part = (int)seen & part_mask;
        if (part >= parts) return;
        if (!atomic_compare_exchange_strong(&ticket, &seen, seen + 1)) continue;
        body(context, part, parts);
        atomic_fetch_add_explicit(&finished, 1, memory_order_release);
    }
}

static int is_over(uint64_t seen) { return atomic_load(&ticket) >> job_bits != seen >> job_bits; }

static void *serve(void *unused) {
    (void)unused;
    for (;;) {
        uint64_t seen = atomic_load(&ticket);
        help();
        int looks = 0;
        while (!is_over(seen) && looks < patience) {
            pause_briefly();
            looks++;
        }
        if (is_over(seen)) continue;
        pthread_mutex_lock(&bed);
        atomic_fetch_add(&sleepers, 1);
        while (!is_over(seen)) pthread_cond_wait(&alarm_clock, &bed);
        atomic_fetch_sub(&sleepers, 1);
        pthread_mutex_unlock(&bed);
    }
    return 0;
}

static void hire(int wanted) {
    if (wanted > most_helpers) wanted = most_helpers;
    while (atomic_load(&helpers) < wanted) {
        pthread_t thread;
        if (pthread_create(&thread, 0, serve, 0) != 0) return;  // Then there are fewer of them.
        pthread_detach(thread);
        atomic_fetch_add(&helpers, 1);
    }
}

static void wake(void) {
    if (atomic_load(&sleepers) == 0) return;
    pthread_mutex_lock(&bed);
    pthread_cond_broadcast(&alarm_clock);
    pthread_mutex_unlock(&bed);
}

void cdnnl_team_run(int parts, cdnnl_body body, void *context) {
    // Another thread's job is under way: do without help.
    if (parts > part_mask || pthread_mutex_trylock(&owner) != 0) {
        for (int part = 0; part < parts; part++) body(context, part, parts);
        return;
    }
    hire(parts - 1);
    atomic_store_explicit(&job_body, body, memory_order_relaxed);
    atomic_store_explicit(&job_context, context, memory_order_relaxed);
    atomic_store_explicit(&finished, 0, memory_order_relaxed);
    uint64_t number = (atomic_load(&ticket) >> job_bits) + 1;
    atomic_store(&ticket, number << job_bits | (uint64_t)parts << part_bits);
    wake();
    help();
    for (int looks = 0; atomic_load_explicit(&finished, memory_order_acquire) < parts; looks++) {
        if (looks < patience) {
            pause_briefly();
        } else {
            sched_yield();
        }
    }
    pthread_mutex_unlock(&owner);
}
