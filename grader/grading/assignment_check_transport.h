/* What cannot be said over UDP, and where clients listen. */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_TRANSPORT_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_TRANSPORT_H

#include "grader/assignment/assignment.h"
#include "grader/assignment/place.h"

/* Of the assignment as a whole: a sentence that says what is wrong, to be freed, with its `place`;
 * or NULL. */
char *assignment_check_transport(const struct assignment *assignment, struct place *place);

/* The same of a step, whose place it is. */
char *assignment_check_step_transport(const struct assignment *assignment,
                                      const struct assigned_check *scene, unsigned number,
                                      struct place *place);

/* The same of where clients listen, beside the submission, over either. */
char *assignment_check_port(const struct assignment *assignment, const struct assigned_check *scene,
                            const struct step *step, struct place *place);

/* Are all who do or expect the step on UDP? */
bool assignment_step_is_udp(const struct assignment *assignment, const struct assigned_check *scene,
                            const struct step *step);

/* Has the client a UDP socket at which it hears the submission, by now? */
bool assignment_listens_over_udp(const struct assignment *assignment,
                                 const struct assigned_check *scene, unsigned before,
                                 const char *client);

#endif
