/* Scenes: checks that an assignment writes down in steps.
 *
 * A step does one thing or expects one. What is expected is waited for until it is there or will
 * not come; nothing waits for a time to pass. In texts, {token} is a random word, the same
 * throughout the scene, {token:NAME} another one, {port:CLIENT} that client's port, {who} the name
 * by which the client calls itself, {who:CLIENT} that of another, and {hex:80ff} bytes that are no
 * text.
 */
#ifndef GRADER_CHECKS_SCENE_H
#define GRADER_CHECKS_SCENE_H

#include "grader/assignment/assignment.h"
#include "grader/checks/scene_cast.h"

/* How many different clients the steps name. */
size_t scene_count_clients(const struct step *steps, size_t count);

struct act;

/* Plays act->assigned. */
void scene_play(struct act *act);

/* The first placeholder of the text that is not known, to be freed; or NULL. `has_actor`: the text
 * is that of a client. */
char *scene_text_unknown(const char *text, const struct assignment *assignment,
                         const struct scene_cast *cast, bool has_actor);

#endif
