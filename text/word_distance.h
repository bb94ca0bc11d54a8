/* How unlike two words are, to find what somebody meant who has mistyped one. */
#ifndef TEXT_WORD_DISTANCE_H
#define TEXT_WORD_DISTANCE_H

/* How many letters have to be changed, put in or left out; more than `most`: much. */
unsigned word_distance(const char *one, const char *other, unsigned most);

#endif
