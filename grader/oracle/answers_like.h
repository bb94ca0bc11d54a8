/* The check that plays random conversations on the reference and on the submission. */
#ifndef GRADER_ORACLE_ANSWERS_LIKE_H
#define GRADER_ORACLE_ANSWERS_LIKE_H

struct act;

#define CHECK_ANSWERS_LIKE "answers-like-the-reference"

void play_answers_like(struct act *act);

#endif
