/* What a step expects of a file that the submission has written. */
#ifndef GRADER_CHECKS_SCENE_FILE_H
#define GRADER_CHECKS_SCENE_FILE_H

struct scene;
struct file_expectation;

/* Waits until the file is as expected; scene->text or scene->patterns is what is
 * expected of it. */
void scene_expect_file(struct scene *scene, const struct file_expectation *expected);

#endif
