/* The shortest conversation that still shows a difference. */
#ifndef GRADER_ORACLE_SHRINK_H
#define GRADER_ORACLE_SHRINK_H

#include "grader/oracle/conversation.h"

/* Does it show in this one? False, too, when enough was tried. */
typedef bool shrink_try(void *context, const struct conversation *conversation);

/* With fewer messages, clients, cuts and packets of several, in a simpler order and with smaller
 * numbers, as long as `still` holds. */
void conversation_shrink(struct conversation *conversation, shrink_try *still, void *context);

#endif
