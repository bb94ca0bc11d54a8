/* How a submission is built and run where its assignment does not say: by the name of its entry. */
#ifndef GRADER_GRADING_BUILD_RULE_H
#define GRADER_GRADING_BUILD_RULE_H

/* Lines for a shell, with {entry} and {out} (shell_line.h). */
struct build_rule {
    const char *suffix;
    const char *build; /* NULL: there is nothing to build */
    const char *run;   /* arguments may follow */
};

/* The rule for the entry, a path or NULL; one that suits every other file if there is none. */
const struct build_rule *build_rule_of(const char *entry);

#endif
