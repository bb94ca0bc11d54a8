#include "grader/grading/assignment_check_states.h"

#include "grader/assignment/words.h"
#include "grader/checks/scene_expect.h"
#include "observe/tcp.h"

#include <ctype.h>

/* The name as the kernel spells it, to find the one that was meant. */
static void write_as_state(const char *name, char state[32])
{
    size_t length = 0;
    for (; *name != '\0' && length < 31; name++)
        state[length++] = *name == '-' ? '_' : (char)toupper((unsigned char)*name);
    state[length] = '\0';
}

char *assignment_check_states(const struct step *step, struct place *place)
{
    const char *names[STATE_CLOSING + 2] = {[0] = SCENE_STATE_NONE};
    for (enum tcp_state state = STATE_ESTABLISHED; state <= STATE_CLOSING; state++)
        names[state] = tcp_state_name(state);
    place->key = "expect-states";
    for (unsigned i = 0; i < step->expect_states_count; i++) {
        char state[32];
        bool is_known = false;
        for (size_t n = 0; names[n] != NULL; n++)
            is_known |= scene_is_state_called(names[n], step->expect_states[i]);
        write_as_state(step->expect_states[i], state);
        if (!is_known)
            return assignment_refuse_word("TCP state", state, names);
    }
    return NULL;
}
