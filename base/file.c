#include "base/file.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int stream_read(FILE *stream, size_t most_bytes, char **text, size_t *count)
{
    size_t room = 4096;
    *text = NULL;
    *count = 0;
    do {
        room *= 2;
        *text = reallocate(*text, room + 1, 1);
        *count += fread(*text + *count, 1, room - *count, stream);
    } while (*count == room && room <= most_bytes);
    int error = ferror(stream) ? -errno : *count > most_bytes ? -EFBIG : 0;
    (*text)[*count] = '\0';
    if (error < 0)
        free(*text);
    return error;
}

int file_read(const char *path, size_t most_bytes, char **text, size_t *count)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return -errno;
    int error = stream_read(file, most_bytes, text, count);
    fclose(file);
    return error;
}

int input_read(const char *path, size_t most_bytes, char **text, size_t *count)
{
    if (strcmp(path, "-") == 0)
        return stream_read(stdin, most_bytes, text, count);
    return file_read(path, most_bytes, text, count);
}
