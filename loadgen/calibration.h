/* Which engine is the cheaper one on this machine: tried out, not assumed. */
#ifndef LOADGEN_CALIBRATION_H
#define LOADGEN_CALIBRATION_H

#include "loadgen/load.h"

/* Loads an echo server of its own, in a process of its own, with each engine in turns for about
 * a tenth of a second, with the clients, the depth and the size of `plan`. The engine that takes
 * less processor time for a request; epoll if nothing can be tried. */
const struct engine *calibration_choose(const struct load_plan *plan);

#endif
