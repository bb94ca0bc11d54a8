#include "servers/protocols/users.h"

#include "base/file.h"
#include "base/memory.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

/* Far more than any class has. */
#define FILE_BYTES_MAX (16 << 20)

struct user {
    const char *name;
    const char *password; /* or its hash */
};

struct users {
    char *text; /* of the file, in which the names and passwords lie */
    struct user *users;
    size_t count;
    const char *any_hash; /* checked for users who do not exist or have none; or NULL */
};

static bool is_hash(const char *password)
{
    return password[0] == '$';
}

/* NULL, or what is wrong with the line. */
static const char *read_line(struct users *users, char *line)
{
    line[strcspn(line, "\r")] = '\0';
    if (line[0] == '\0' || line[0] == '#')
        return NULL;
    char *colon = strchr(line, ':');
    if (colon == NULL || colon == line)
        return "is not user:password";
    *colon = '\0';
    const char *password = colon + 1;
    if (password[0] == '\0')
        return "has no password";
    if (is_hash(password) && crypt_checksalt(password) != CRYPT_SALT_OK)
        return "has a password that begins with $ but is not a crypt(3) hash";
    if (is_hash(password))
        users->any_hash = password;
    users->users = reallocate(users->users, users->count + 1, sizeof *users->users);
    users->users[users->count++] = (struct user){.name = line, .password = password};
    return NULL;
}

struct users *users_parse(char *text, size_t text_bytes, const char *path, char **complaint)
{
    struct users *users = allocate(1, sizeof *users);
    users->text = text;
    const char *wrong = NULL;
    unsigned number = 0;
    char *end = users->text + text_bytes;
    *end = '\n'; /* the last line may have none */
    for (char *line = users->text, *line_end; wrong == NULL && line < end; line = line_end + 1) {
        line_end = rawmemchr(line, '\n');
        *line_end = '\0';
        number++;
        wrong = read_line(users, line);
    }
    if (wrong == NULL && users->count == 0)
        wrong = "is the last, and the file names no user";
    if (wrong == NULL)
        return users;
    *complaint = text_of("%s: line %u %s", path, number, wrong);
    users_free(users);
    return NULL;
}

struct users *users_read(const char *path, char **complaint)
{
    char *text = NULL;
    size_t text_bytes = 0;
    int error = file_read(path, FILE_BYTES_MAX, &text, &text_bytes);
    if (error == 0)
        return users_parse(text, text_bytes, path, complaint);
    *complaint = text_of("%s: %s", path, strerror(-error));
    return NULL;
}

void users_free(struct users *users)
{
    if (users == NULL)
        return;
    free(users->users);
    free(users->text);
    free(users);
}

/* Takes a time that depends only on what was given, not on what is right. */
static bool is_same(const char *given, size_t given_length, const char *right)
{
    size_t right_bytes = strlen(right) + 1; /* with its NUL, so never 0 */
    size_t difference = given_length ^ (right_bytes - 1);
    for (size_t i = 0; i < given_length; i++)
        difference |= (size_t)(unsigned char)(given[i] ^ right[i % right_bytes]);
    return difference == 0;
}

static bool hashes_to(const char *password, size_t length, const char *hash)
{
    char *text = text_of("%.*s", (int)length, password);
    struct crypt_data *data = allocate(1, sizeof *data);
    const char *hashed = strlen(text) == length ? crypt_r(text, hash, data) : NULL;
    bool same = hashed != NULL && hashed[0] != '*' && is_same(hashed, strlen(hashed), hash);
    free(data);
    free(text);
    return same;
}

bool users_admit(const struct users *users, const char *name, size_t name_length,
                 const char *password, size_t password_length)
{
    const struct user *user = NULL;
    for (size_t i = 0; i < users->count; i++)
        if (is_same(name, name_length, users->users[i].name))
            user = &users->users[i];
    const char *right = user != NULL ? user->password : "";
    const char *hash = is_hash(right) ? right : users->any_hash;
    bool hash_fits = hash != NULL && hashes_to(password, password_length, hash);
    bool text_fits = is_same(password, password_length, right);
    return user != NULL && (is_hash(right) ? hash_fits : text_fits);
}
