#include "grader/grading/assignment_check_order.h"

#include "base/memory.h"
#include "grader/checks/scene_order.h"

#include <string.h>

/* By one step: it is held in memory until it is sent. */
#define SENT_MAX_BYTES (64 << 20)

/* Has it stopped reading, and not gone on? */
static bool reads_nothing(const struct assigned_check *scene, unsigned before, const char *client)
{
    bool is_stopped = false;
    for (unsigned i = 0; i < before; i++) {
        enum step_deed deed = scene->steps[i].deed;
        if (step_is_of(&scene->steps[i], client) &&
            (deed == DEED_STOP_READING || deed == DEED_RESUME_READING))
            is_stopped = deed == DEED_STOP_READING;
    }
    return is_stopped;
}

/* What nobody reads does not come. */
char *assignment_check_reading(const struct assigned_check *scene, unsigned number,
                               const char *client)
{
    const struct step *step = &scene->steps[number];
    bool is_stopped = reads_nothing(scene, number, client);
    if (step->deed == DEED_RESUME_READING && !is_stopped)
        return text_of("the client '%s' has not stopped reading", client);
    bool gets = scene_expectation_is_ordered(step) || step->expect_http != NULL ||
                step->expect_like != LIKE_NOBODY || step->expect_event == EVENT_RESET ||
                step->expect_event == EVENT_NOTHING;
    return gets && is_stopped
               ? text_of("the client '%s' reads nothing; 'do: resume-reading' first", client)
               : NULL;
}

static char *check_said(const struct step *step, struct place *place)
{
    const struct step_said *said = step->send;
    place->key = "send";
    if (said == NULL)
        return NULL;
    if ((said->text != NULL) == (said->repeat != NULL))
        return text_of("'send' is a text, or has 'repeat' and 'times'");
    if ((said->repeat != NULL) != (said->times != 0) || said->times < 0)
        return text_of("'repeat' and 'times' belong together: {repeat: TEXT, times: 1000}");
    bool is_too_much =
        said->repeat != NULL && said->times > SENT_MAX_BYTES / (int64_t)(strlen(said->repeat) + 1);
    return is_too_much ? text_of("at most %d MB are sent in one step", SENT_MAX_BYTES >> 20) : NULL;
}

static char *check_unread(const struct step *step, struct place *place)
{
    bool is_end = step->expect_event == EVENT_END || step->expect_event == EVENT_RESET;
    place->key = "unread";
    return step->unread == UNREAD_ALLOWED && !is_end
               ? text_of("'unread' belongs to 'expect-event: end' or 'reset'")
               : NULL;
}

/* What comes first is seen of what both get. */
char *assignment_check_order(const struct assigned_check *scene, const struct step *step,
                             struct place *place)
{
    const char *other = step->ahead_of;
    char *trouble = check_said(step, place);
    if (trouble == NULL)
        trouble = check_unread(step, place);
    if (trouble != NULL || other == NULL)
        return trouble;
    place->key = "ahead-of";
    if (!scene_expectation_is_ordered(step))
        return text_of("'ahead-of' belongs to a step in which a client gets something");
    if (step_is_of(step, other))
        return text_of("'%s' cannot be ahead of itself", other);
    const struct step *next = scene_next_expectation(scene, step, other);
    return next == NULL ? text_of("no step below says what '%s' must get later", other)
           : !scene_expectation_is_ordered(next)
               ? text_of("what '%s' must get next is a response of HTTP, whose order is not seen; "
                         "expect a line or a text",
                         other)
               : NULL;
}
