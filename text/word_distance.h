/* How different two words are, to guess what a mistyped one was meant to be. */
#ifndef TEXT_WORD_DISTANCE_H
#define TEXT_WORD_DISTANCE_H

/* How many letters must be changed, added or removed. Words that are too long to compare are
 * further apart than `most`. */
unsigned word_distance(const char *one, const char *other, unsigned most);

#endif
