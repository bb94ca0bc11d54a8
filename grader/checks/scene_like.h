/* The steps of a scene that ask the reference: what did it answer there? */
#ifndef GRADER_CHECKS_SCENE_LIKE_H
#define GRADER_CHECKS_SCENE_LIKE_H

#include "grader/assignment/assignment.h"
#include "grader/oracle/likeness.h"

struct scene;

/* What the reference's clients got, in the order of the steps and of their clients. */
struct scene_recording {
    struct got *all;
    size_t count;
    size_t next;    /* that a step takes */
    bool is_unlike; /* one of them was not answered alike */
};

void scene_recording_release(struct scene_recording *recording);

/* Is there such a step? */
bool scene_asks_reference(const struct assigned_check *scene);

/* Is the step played on the reference? What programs print and write, and who accepts, is the
 * submission's alone. */
bool scene_step_is_for_reference(const struct step *step);

/* For scene->player: notes what it got, on the reference; waits for the same, on the submission. */
void scene_expect_like(struct scene *scene, const struct step *step);

/* Are two recordings of the scene alike? If not, the number of the step in `*step`, from 1. */
bool scene_recording_is_same(const struct assigned_check *scene, const struct scene_recording *one,
                             const struct scene_recording *other, unsigned *step);

#endif
