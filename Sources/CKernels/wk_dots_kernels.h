// The kernel of wk_dots.c for one set of instructions, included once for each.
#include "wk_panels.h"

static WK_TARGET void WK_NAME(add_dots)(const struct product *x) { WK_NAME(panels)(x); }

#undef WK_LEVEL
