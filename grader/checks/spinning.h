/* The check that a server sleeps when there is nothing to do. */
#ifndef GRADER_CHECKS_SPINNING_H
#define GRADER_CHECKS_SPINNING_H

#include "grader/play/check.h"

#define SPINNING_PLAYERS ((size_t)4)

check_play play_spinning;

#endif
