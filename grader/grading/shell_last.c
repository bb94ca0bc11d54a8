/* Theory of operation: one pass over the text knows quotes, substitutions, brackets and comments,
 * and remembers where, outside of them, the last command began. What it does not know - here
 * documents, functions, backquotes - makes it give up: then the shell stays, which costs a process
 * and an exit status, and is right all the same. See the POSIX shell command language.
 */
#include "grader/grading/shell_last.h"

#include <ctype.h>
#include <string.h>

struct scan {
    const char *text;
    size_t at;
    size_t begin;       /* of the last command */
    size_t end;         /* of what is no blank and no comment */
    unsigned depth;     /* of brackets */
    bool is_word_begin; /* blanks or an operator are before this place */
    bool is_between;    /* the next command has not begun */
    bool has_pipe;      /* the last command is one of several, or goes into the background */
    bool is_closed;     /* by a semicolon */
    bool gives_up;
};

static void skip_quoted(struct scan *scan, char quote)
{
    scan->at++;
    while (scan->text[scan->at] != '\0' && scan->text[scan->at] != quote) {
        bool is_escape = quote == '"' && scan->text[scan->at] == '\\';
        scan->gives_up |= quote == '"' && (scan->text[scan->at] == '`' ||
                                           strncmp(scan->text + scan->at, "$(", 2) == 0);
        scan->at += is_escape && scan->text[scan->at + 1] != '\0' ? 2 : 1;
    }
    scan->at += scan->text[scan->at] != '\0';
}

/* An operator of one or two characters; "&" in "2>&1" is none. */
static void take_operator(struct scan *scan)
{
    const char *here = scan->text + scan->at;
    bool is_redirection = here[0] == '&' && scan->at > 0 && strchr("<>", here[-1]) != NULL;
    bool is_double = strncmp(here, "&&", 2) == 0 || strncmp(here, "||", 2) == 0;
    bool is_single = here[0] == ';' || here[0] == '\n';
    if (scan->depth == 0 && (is_double || is_single))
        scan->is_between = true;
    else if (scan->depth == 0 && !is_redirection)
        scan->has_pipe = true;
    scan->is_closed |= scan->depth == 0 && here[0] == ';';
    scan->at += is_double ? 2 : 1;
}

static void begin_command(struct scan *scan)
{
    scan->begin = scan->at;
    scan->is_between = scan->has_pipe = scan->is_closed = false;
}

static void take_bracket(struct scan *scan)
{
    bool opens = scan->text[scan->at] == '(' || scan->text[scan->at] == '{';
    scan->gives_up |= strncmp(scan->text + scan->at, "()", 2) == 0 || (!opens && scan->depth == 0);
    scan->depth += opens ? 1U : scan->depth > 0 ? -1U : 0;
    scan->at++;
}

static void step(struct scan *scan)
{
    const char *here = scan->text + scan->at;
    bool begins_word = scan->is_word_begin;
    scan->is_word_begin = strchr(" \t\n;&|()", here[0]) != NULL;
    if (here[0] == '#' && begins_word) {
        scan->at += strcspn(here, "\n");
        return;
    }
    if (scan->is_between && strchr(" \t\r\n;&|", here[0]) == NULL)
        begin_command(scan);
    if (here[0] == '\\' && here[1] != '\0')
        scan->at += 2;
    else if (here[0] == '\'' || here[0] == '"')
        skip_quoted(scan, here[0]);
    else if (strchr("(){}", here[0]) != NULL)
        take_bracket(scan);
    else if (strchr(";&|\n", here[0]) != NULL)
        take_operator(scan);
    else
        scan->at++;
    scan->gives_up |= here[0] == '`' || strncmp(here, "<<", 2) == 0;
    if (strchr(" \t\r\n", here[0]) == NULL)
        scan->end = scan->at;
}

/*** What it is ***/

/* Words that are no programs: of the language, and those that a shell does itself and would look
 * for in vain. */
static const char *const own_words[] = {
    "!",       ".",     ":",      "alias", "bg",    "break", "case",    "cd",       "continue",
    "do",      "done",  "elif",   "else",  "esac",  "eval",  "exec",    "exit",     "export",
    "fi",      "fg",    "for",    "if",    "jobs",  "local", "read",    "readonly", "return",
    "set",     "shift", "source", "then",  "times", "trap",  "type",    "ulimit",   "umask",
    "unalias", "unset", "until",  "wait",  "while", "hash",  "command", "getopts",  "function",
};

static bool is_own_word(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof own_words / sizeof own_words[0]; i++)
        if (strlen(own_words[i]) == length && strncmp(word, own_words[i], length) == 0)
            return true;
    return false;
}

static size_t name_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return isdigit((unsigned char)text[0]) ? 0 : length;
}

/* The length of the word, quotes and substitutions included, as far as the scan has understood it.
 */
static size_t word_length(const char *text)
{
    struct scan word = {.text = text};
    while (text[word.at] != '\0' && (word.depth > 0 || strchr(" \t\n;&|", text[word.at]) == NULL))
        step(&word);
    return word.at;
}

bool shell_find_last(const char *text, size_t *begin, size_t *end)
{
    struct scan scan = {.text = text, .is_word_begin = true, .is_between = true};
    while (text[scan.at] != '\0')
        step(&scan);
    while (scan.gives_up && scan.at > 0 && isspace((unsigned char)text[scan.at - 1]))
        scan.at--;
    *end = scan.gives_up ? scan.at : scan.end; /* what looks like a comment may be none */
    *begin = scan.begin;
    for (size_t name; (name = name_length(text + *begin)) > 0 && text[*begin + name] == '=';) {
        *begin += word_length(text + *begin);
        *begin += strspn(text + *begin, " \t");
    }
    bool is_simple = !scan.gives_up && !scan.has_pipe && !scan.is_closed && scan.depth == 0 &&
                     *begin < *end && strncmp(text + *begin, "{ ", 2) != 0 && text[*begin] != '(';
    return is_simple && !is_own_word(text + *begin, word_length(text + *begin));
}
