/* What steps do with the programs of a submission, and expect of them: terminals and ends. */
#ifndef GRADER_CHECKS_SCENE_PROGRAM_H
#define GRADER_CHECKS_SCENE_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

struct bytes;
struct scene;
struct step;

/* The name under which the step's program was started, or is; NULL: the submission, without one. */
const char *step_program_name(const struct step *step);

/* Sets scene->run to that of the step. */
void scene_choose_run(struct scene *scene, const struct step *step);

/* Starts the step's program. */
void scene_start(struct scene *scene, const struct step *step);

/* Types on the terminal of scene->run, when the program waits for it or will not. */
void scene_type(struct scene *scene, const struct bytes *text);

/* scene->text or scene->patterns is printed by scene->run, and used up; or is not printed. */
void scene_expect_output(struct scene *scene);
void scene_expect_no_output(struct scene *scene);

/* scene->run ends with this exit code. */
void scene_expect_exit(struct scene *scene, int code);

#endif
