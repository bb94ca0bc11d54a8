/* Who is answered first. */
#ifndef GRADER_CHECKS_SCENE_ORDER_H
#define GRADER_CHECKS_SCENE_ORDER_H

#include "grader/assignment/assignment.h"
#include "grader/checks/scene_finding.h"

/* The next thing that the client is to get after this step, or NULL. */
const struct step *scene_next_expectation(const struct assigned_check *scene,
                                          const struct step *step, const char *client);

/* Can it be seen without taking it whether that has come? */
bool scene_expectation_is_ordered(const struct step *step);

/* The step of scene->player was met. Was it, if that is asked, before what another client is to get
 * next? Decides that it was not; or that nobody can say, where both came between two looks. */
void scene_judge_order(struct scene *scene, const struct step *step);

#endif
