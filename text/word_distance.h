/* How different two words are, to guess what a mistyped one was meant to be. */
#ifndef TEXT_WORD_DISTANCE_H
#define TEXT_WORD_DISTANCE_H

/* How many letters must be changed, added or removed, or swapped with their neighbour. Words that
 * are too long to compare are further apart than `most`. */
unsigned word_distance(const char *one, const char *other, unsigned most);

/* Of many words the one that `word` was most likely meant to be: begins as {.word = ...}, is shown
 * all of them, and has it in `found`, or NULL if none is like it. */
struct word_guess {
    const char *word;
    const char *found;
    unsigned distance;
};

void word_guess_consider(struct word_guess *guess, const char *candidate);

#endif
