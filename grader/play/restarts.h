/* The submission itself is stopped, killed, and started again. */
#ifndef GRADER_PLAY_RESTARTS_H
#define GRADER_PLAY_RESTARTS_H

#include "grader/play/act.h"

/* Its first process gets SIGTERM; or all that it has started are killed. From then on it may
 * end. */
void act_stop(struct act *act);
void act_kill(struct act *act);

/* It is started once more, after it was killed if it has not ended. */
void act_restart(struct act *act);

/* Decides, by the outcome of waiting for its listener, that it does not listen again. */
void act_find_no_restart(struct act *act, int outcome);

#endif
