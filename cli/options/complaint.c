#include "cli/options/complaint.h"

#include "base/memory.h"
#include "text/word_distance.h"

#include <stdlib.h>
#include <string.h>

char *complaint_guess_option(const struct command_line *line, const char *name)
{
    struct word_guess guess = {.word = name};
    const struct command_option *option = NULL;
    for (size_t i = 0; (option = option_at(line, i)) != NULL; i++)
        if (option_is_shown(option))
            word_guess_consider(&guess, option->name);
    word_guess_consider(&guess, "help");
    return guess.found != NULL ? text_of("; did you mean --%s?", guess.found) : text_of("%s", "");
}

/* The options that begin like this; the first in `found`, and as texts, each after a comma. */
static size_t find_like(const struct command_line *line, const char *name, size_t length,
                        const struct command_option **found, char **texts)
{
    const struct command_option *option = NULL;
    size_t count = 0;
    *texts = text_of("%s", "");
    for (size_t i = 0; (option = option_at(line, i)) != NULL; i++) {
        if (strncmp(option->name, name, length) != 0)
            continue;
        bool is_it = strlen(option->name) == length;
        if (count == 0 || is_it)
            *found = option;
        if (is_it)
            return 1;
        count++;
        char *longer = text_of("%s%s--%s", *texts, count > 1 ? ", " : "", option->name);
        free(*texts);
        *texts = longer;
    }
    return count;
}

static char *complain_of_value(const struct command_option *option, bool has_value, bool is_last)
{
    if (has_value && option->argument == NULL)
        return text_of("--%s takes no value", option->name);
    if (!has_value && option->argument != NULL && is_last)
        return text_of("--%s: missing %s", option->name, option->argument);
    return NULL;
}

static char *complain_of_name(const struct command_line *line, const char *name, bool is_last)
{
    const struct command_option *option = NULL;
    size_t length = strcspn(name, "=");
    char *texts = NULL;
    char *complaint = NULL;
    size_t count = find_like(line, name, length, &option, &texts);
    if (count == 1)
        complaint = complain_of_value(option, name[length] == '=', is_last);
    else if (count > 1)
        complaint = text_of("unclear option --%.*s: may be %s", (int)length, name, texts);
    else if (strncmp("help", name, length) != 0) {
        char *alone = text_of("%.*s", (int)length, name);
        char *guess = complaint_guess_option(line, alone);
        complaint = text_of("unknown option --%s%s", alone, guess);
        free(guess);
        free(alone);
    }
    free(texts);
    return complaint;
}

static const struct command_option *find_letter(const struct command_line *line, char letter)
{
    const struct command_option *option = NULL;
    for (size_t i = 0; (option = option_at(line, i)) != NULL && option->letter != letter; i++)
        continue;
    return option;
}

static char *complain_of_letters(const struct command_line *line, const char *letters, bool is_last)
{
    for (; *letters != '\0'; letters++) {
        const struct command_option *option = find_letter(line, *letters);
        if (option == NULL && *letters != '?')
            return text_of("unknown option -%c", *letters);
        if (option != NULL && option->argument != NULL)
            return complain_of_value(option, letters[1] != '\0', is_last);
    }
    return NULL;
}

char *complaint_of_word(const struct command_line *line, const char *word, bool is_last)
{
    if (word[0] != '-' || word[1] == '\0')
        return NULL;
    return word[1] == '-' ? complain_of_name(line, word + 2, is_last)
                          : complain_of_letters(line, word + 1, is_last);
}
