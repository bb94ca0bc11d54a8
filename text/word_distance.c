#include "text/word_distance.h"

#include <stddef.h>
#include <string.h>

#define LETTERS_MAX 64

static unsigned least(unsigned one, unsigned other)
{
    return one < other ? one : other;
}

/* Levenshtein's, a row at a time. */
unsigned word_distance(const char *one, const char *other, unsigned most)
{
    unsigned row[LETTERS_MAX + 1];
    size_t length = strlen(other);
    if (length > LETTERS_MAX || strlen(one) > LETTERS_MAX)
        return most + 1;
    for (unsigned i = 0; i <= length; i++)
        row[i] = i;
    for (; *one != '\0'; one++) {
        unsigned diagonal = row[0]++;
        for (size_t i = 0; i < length; i++) {
            unsigned above = row[i + 1];
            row[i + 1] = least(least(above, row[i]) + 1, diagonal + (*one != other[i]));
            diagonal = above;
        }
    }
    return row[length];
}
