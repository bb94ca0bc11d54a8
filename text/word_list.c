#include "text/word_list.h"

#include <string.h>

size_t word_place(const char *const words[], const char *word)
{
    size_t i = 0;
    while (words[i] != NULL && (word == NULL || strcmp(words[i], word) != 0))
        i++;
    return i;
}
