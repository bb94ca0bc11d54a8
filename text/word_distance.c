#include "text/word_distance.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define LETTERS_MAX 64

static unsigned least(unsigned one, unsigned other)
{
    return one < other ? one : other;
}

/* Levenshtein's, with the swap of two neighbours, a row at a time: what a letter of `one` needs is
 * found from the row before, a swap from the one before that. */
unsigned word_distance(const char *one, const char *other, unsigned most)
{
    unsigned rows[3][LETTERS_MAX + 1];
    size_t length = strlen(other);
    if (length > LETTERS_MAX || strlen(one) > LETTERS_MAX)
        return most + 1;
    unsigned *row = rows[0];
    for (unsigned i = 0; i <= length; i++)
        row[i] = i;
    for (size_t at = 0; one[at] != '\0'; at++) {
        const unsigned *before = row;
        const unsigned *swapped = rows[(at + 2) % 3];
        row = rows[(at + 1) % 3];
        row[0] = before[0] + 1;
        for (size_t i = 0; i < length; i++) {
            row[i + 1] = least(least(before[i + 1], row[i]) + 1, before[i] + (one[at] != other[i]));
            if (at > 0 && i > 0 && one[at] == other[i - 1] && one[at - 1] == other[i])
                row[i + 1] = least(row[i + 1], swapped[i - 1] + 1);
        }
    }
    return row[length];
}

#define DISTANCE_MAX 3

void word_guess_consider(struct word_guess *guess, const char *candidate)
{
    unsigned distance = word_distance(guess->word, candidate, DISTANCE_MAX);
    bool is_nearer = guess->found == NULL ? distance <= DISTANCE_MAX : distance < guess->distance;
    /* Of a short word no more than a third may be wrong. */
    if (is_nearer && distance <= (strlen(candidate) + 2) / 3) {
        guess->distance = distance;
        guess->found = candidate;
    }
}
