/* Words of which an assignment must take one, and what is said of another. */
#ifndef GRADER_ASSIGNMENT_WORDS_H
#define GRADER_ASSIGNMENT_WORDS_H

/* The word of the list, which NULL ends, that is most like this one, or NULL; `distance` is 0 if it
 * is the same. */
const char *assignment_nearest_word(const char *word, const char *const *words, unsigned *distance);

/* The sentence that there is no such word in the list, with the one most like it, to be freed; or
 * NULL: there is, or `word` is NULL. */
char *assignment_refuse_word(const char *what, const char *word, const char *const *words);

#endif
