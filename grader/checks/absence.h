/* Why a submission does not listen. */
#ifndef GRADER_CHECKS_ABSENCE_H
#define GRADER_CHECKS_ABSENCE_H

struct act;

/* The finding for the outcome that ended the wait for a listener, with its evidence. */
void absence_find(struct act *act, int outcome);

/* The finding if it listens over the other transport than it should, or with a UDP socket that
 * hears one client only. */
void absence_find_other(struct act *act);

#endif
