#include "results/measures/side.h"

#include "text/word_list.h"

#include <stddef.h>

const char *const side_names[] = {
    [SIDE_BASE] = "base", [SIDE_NEW] = "new", [SIDE_CONTROL] = "control", [SIDE_NONE] = NULL};

const char *side_name(enum side side)
{
    return side_names[side];
}

enum side side_find(const char *word)
{
    return (enum side)word_place(side_names, word);
}
