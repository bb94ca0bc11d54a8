/* Times that an assignment asks for: since a client's last deed, and of what came since. */
#ifndef GRADER_CHECKS_SCENE_TIME_H
#define GRADER_CHECKS_SCENE_TIME_H

#include "grader/checks/scene_finding.h"

/* Does the step, and notes when, if it does anything that an answer could follow. */
void scene_time_deed(struct scene *scene, const struct step *step,
                     void (*deed)(struct scene *scene, const struct step *step));

/* Before and behind an expectation of scene->player, or of nobody: how long is waited; and whether
 * what was met has come at its time. */
void scene_time_begin(struct scene *scene, const struct step *step);
void scene_time_end(struct scene *scene, const struct step *step);

#endif
