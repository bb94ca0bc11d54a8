/* The file system as an arena's keeper leaves it to the submission. */
#ifndef GRADER_ARENA_KEEPER_FILES_H
#define GRADER_ARENA_KEEPER_FILES_H

/* A /proc that shows the arena's processes by their own numbers, and hides the keeper from a
 * submission in a sandbox. Where the kernel refuses it (a container that masks parts of /proc), the
 * old one stays, which is just as safe. */
void keeper_renew_proc(void);

/* Without a sandbox. Undoing it takes capabilities that the submission does not have. */
void keeper_make_files_read_only(char *const *but);

#endif
