#include "counting.h"

static _Thread_local struct allocation_state state;

struct allocation_state *allocation_counter_state(void) { return &state; }

void allocation_counter_start(void) {
    state.count = (allocation_count){0, 0};
    state.is_counting = 1;
}

allocation_count allocation_counter_stop(void) {
    state.is_counting = 0;
    return state.count;
}

int allocation_counter_works(void) { return ALLOCATION_COUNTER_WORKS; }
