/* The users of a server and their passwords.
 *
 * A file of lines `user:password`; the password is everything after the first colon, and may
 * contain more of them. One that begins with `$` is a crypt(3) hash, as mkpasswd(1) prints it.
 * Empty lines, and lines that begin with `#`, are passed over.
 */
#ifndef SERVERS_PROTOCOLS_USERS_H
#define SERVERS_PROTOCOLS_USERS_H

#include <stdbool.h>
#include <stddef.h>

struct users;

/* Reads the file. NULL, with a sentence in `*complaint` that names file and line; the caller frees
 * that. Free the users with users_free(). */
struct users *users_read(const char *path, char **complaint);

/* The same of a text from malloc(), which has room for a byte behind its end and is the users' from
 * now on; `path` is what the sentence calls it. */
struct users *users_parse(char *text, size_t text_bytes, const char *path, char **complaint);

void users_free(struct users *users);

/* May this user come in with this password? Neither has a NUL after it. Takes equally long whether
 * the user exists or not, and however much of the password is right. */
bool users_admit(const struct users *users, const char *name, size_t name_length,
                 const char *password, size_t password_length);

#endif
