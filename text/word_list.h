/* Lists of words that end with NULL. */
#ifndef TEXT_WORD_LIST_H
#define TEXT_WORD_LIST_H

#include <stddef.h>

/* The place of a word in the list; that of the NULL if it is not there. `word` may be NULL. */
size_t word_place(const char *const words[], const char *word);

#endif
