#include "grader/assignment/words.h"

#include "base/memory.h"
#include "text/word_distance.h"

const char *assignment_nearest_word(const char *word, const char *const *words, unsigned *distance)
{
    const char *nearest = NULL;
    *distance = 4;
    for (; *words != NULL; words++) {
        unsigned from = word_distance(word, *words, *distance);
        if (from >= *distance)
            continue;
        nearest = *words;
        *distance = from;
    }
    return nearest;
}

char *assignment_refuse_word(const char *what, const char *word, const char *const *words)
{
    unsigned distance = 0;
    const char *nearest = word != NULL ? assignment_nearest_word(word, words, &distance) : NULL;
    if (word == NULL || distance == 0)
        return NULL;
    return nearest == NULL ? text_of("unknown %s '%s'", what, word)
                           : text_of("unknown %s '%s'; did you mean '%s'?", what, word, nearest);
}
