#include "grader/grading/assignment_check_times.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/quantity.h"

#include <string.h>

#define TIME_MAX_S 3600

static bool expects(const struct step *step)
{
    return step->expect != NULL || step->expect_patterns != NULL ||
           step->expect_line_patterns != NULL || step->expect_http != NULL ||
           step->expect_event != EVENT_NONE || step->expect_output != NULL ||
           step->expect_output_patterns != NULL || step->expect_states != NULL ||
           step->expect_file != NULL || step->expect_no_output != NULL ||
           step->expect_exit != NULL || step->expect_like != LIKE_NOBODY;
}

/* With its unit, as a number alone could be anything. */
static char *check_time(const char *key, const char *time, struct place *place)
{
    int64_t time_ns = 0;
    place->key = key;
    if (time == NULL)
        return NULL;
    if (strspn(time, "0123456789.") == strlen(time))
        return text_of("'%s: %s' has no unit; write %ss or %sms", key, time, time, time);
    if (quantity_parse_duration_ns(time, &time_ns) < 0 || time_ns <= 0 ||
        time_ns > TIME_MAX_S * NS_PER_S)
        return text_of("'%s' is a time, such as 300ms or 5s, up to %d s; not '%s'", key, TIME_MAX_S,
                       time);
    return NULL;
}

/* Something that comes, not what must not. */
static bool expects_to_come(const struct step *step)
{
    return expects(step) && step->expect_event != EVENT_NOTHING && step->expect_no_output == NULL;
}

static bool expects_bytes(const struct step *step)
{
    return step->expect != NULL || step->expect_patterns != NULL ||
           step->expect_line_patterns != NULL || step->expect_http != NULL ||
           step->expect_like != LIKE_NOBODY || step->expect_event == EVENT_END;
}

static char *check_rate(const struct step *step, struct place *place)
{
    const struct step_rate *rate = step->rate;
    place->key = "rate";
    if (rate == NULL)
        return NULL;
    if (!expects_bytes(step))
        return text_of("'rate' belongs to a step that expects what a client gets");
    return rate->least < 0 || rate->most < 0 || (rate->most > 0 && rate->most < rate->least)
               ? text_of("'rate' is in bytes per second, 'least' not more than 'most'")
               : NULL;
}

char *assignment_check_times(const struct step *step, struct place *place)
{
    char *trouble = check_time("for", step->wait_time, place);
    if (trouble == NULL && (step->wait_time != NULL) != (step->deed == DEED_WAIT))
        return step->wait_time != NULL
                   ? text_of("'for' belongs to 'do: wait'")
                   : text_of("'for' is missing: how long to wait, such as 300ms");
    if (trouble == NULL)
        trouble = check_time("within", step->within, place);
    if (trouble == NULL && step->within != NULL && !expects(step))
        return text_of("'within' belongs to a step that expects something");
    if (trouble == NULL)
        trouble = check_time("not-before", step->not_before, place);
    if (trouble == NULL && step->not_before != NULL && !expects_to_come(step))
        return text_of("'not-before' belongs to a step that expects something to come");
    if (trouble == NULL && step->not_before != NULL && step->within != NULL &&
        step_time_ns(step->not_before) >= step_time_ns(step->within))
        return text_of("'not-before' is not less than 'within'");
    return trouble == NULL ? check_rate(step, place) : trouble;
}
