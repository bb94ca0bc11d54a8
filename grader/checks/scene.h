/* Scenes: checks that an assignment writes down in steps.
 *
 * A step does one thing or expects one. What is expected is waited for until it is there or will
 * not come; nothing waits for a time to pass. In texts, {token} is a random word, the same
 * throughout the scene, {token:NAME} another one, {port:CLIENT} that client's port, {who} the name
 * by which the client calls itself, {who:CLIENT} that of another, and {hex:80ff} bytes that are no
 * text. Values (value.h) are drawn once for the scene.
 */
#ifndef GRADER_CHECKS_SCENE_H
#define GRADER_CHECKS_SCENE_H

#include "grader/assignment/assignment.h"

/* How many different clients the steps name. */
size_t scene_count_clients(const struct step *steps, size_t count);

struct act;

/* Plays act->assigned. */
void scene_play(struct act *act);

#endif
