#ifndef CDNNL_TEAM_H
#define CDNNL_TEAM_H

#include <stdint.h>

typedef void (*cdnnl_body)(void *context, int thread, int threads);

/// Calls `body` once for each of `parts` parts, on this thread and on helpers that happen to run.
void cdnnl_team_run(int parts, cdnnl_body body, void *context);

#endif
