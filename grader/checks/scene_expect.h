/* What the steps of a scene expect, and the findings when it does not come. */
#ifndef GRADER_CHECKS_SCENE_EXPECT_H
#define GRADER_CHECKS_SCENE_EXPECT_H

#include "grader/checks/scene_finding.h"

struct step;

/* The state of an end that is no longer in the kernel's tables. */
#define SCENE_STATE_NONE "CLOSED"

/* Do both spell the same state? netstat(8) writes FIN_WAIT2, ss(8) FIN-WAIT-2: only letters and
 * digits count, and not their case. */
bool scene_is_state_called(const char *name, const char *called);

/* Waits for what the step expects; scene->player is set. */
void scene_expect(struct scene *scene, const struct step *step);

#endif
