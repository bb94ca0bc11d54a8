/* Words that an assignment must choose from, and what is said of others. */
#ifndef GRADER_ASSIGNMENT_WORDS_H
#define GRADER_ASSIGNMENT_WORDS_H

/* The most similar word of the list, which NULL ends, or NULL; `distance` is 0 if it is equal. */
const char *assignment_nearest_word(const char *word, const char *const *words, unsigned *distance);

/* NULL if the list has the word, or the word is NULL. Otherwise a sentence that suggests the most
 * similar one, to be freed. */
char *assignment_refuse_word(const char *what, const char *word, const char *const *words);

#endif
