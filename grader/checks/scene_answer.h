/* The steps that take a line, or a response of HTTP. */
#ifndef GRADER_CHECKS_SCENE_ANSWER_H
#define GRADER_CHECKS_SCENE_ANSWER_H

#include "grader/checks/scene_finding.h"

/* What is around the messages of HTTP of the step under way. */
struct http_setting scene_http_setting(struct scene *scene);

/* Waits for it; scene->player is set. */
void scene_expect_line(struct scene *scene, const struct step *step);
void scene_expect_http(struct scene *scene, const struct step *step);

#endif
