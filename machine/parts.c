#include "machine/parts.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"

#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KERNEL_MAX  ((size_t)256 << 20)
#define PATIENCE_NS (10 * NS_PER_S)
#define REMEDY      "scripts/setup --counted gets it"

#ifdef __x86_64__
#define QEMU "qemu-system-x86_64"
#else
#define QEMU NULL
#endif

static char *find_program(const char *name)
{
    const char *rest = getenv("PATH") != NULL ? getenv("PATH") : "/usr/bin:/bin";
    while (*rest != '\0') {
        size_t length = strcspn(rest, ":");
        char *path = text_of("%.*s/%s", (int)length, rest, name);
        if (access(path, X_OK) == 0)
            return path;
        free(path);
        rest += length + (rest[length] == ':' ? 1 : 0);
    }
    return NULL;
}

static char *version_of(const char *program)
{
    struct process process;
    char line[256] = "";
    if (process_start(&process,
                      (char *[]){(char *)(uintptr_t)program, (char[]){"--version"}, NULL}) < 0)
        return NULL;
    int error = process_read_line(&process, line, sizeof line, clock_now_ns() + PATIENCE_NS);
    process_end(&process, 0);
    return error == 0 ? text_of("%s", line) : NULL;
}

static char *cache_folder(void)
{
    const char *own = getenv("PROCTOR_MACHINE");
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    if (own != NULL && own[0] != '\0')
        return text_of("%s", own);
    if (cache != NULL && cache[0] == '/')
        return text_of("%s/proctor/machine", cache);
    return text_of("%s/.cache/proctor/machine", home != NULL ? home : "");
}

/* The kernel whose name comes last, of those that were unpacked. */
static char *find_kernel(const char *cache)
{
    char *pattern = text_of("%s/kernel/boot/vmlinuz-*", cache);
    glob_t found;
    char *kernel = NULL;
    if (glob(pattern, 0, NULL, &found) == 0) {
        kernel = text_of("%s", found.gl_pathv[found.gl_pathc - 1]);
        globfree(&found);
    }
    free(pattern);
    return kernel;
}

static int digest_kernel(struct machine_parts *parts)
{
    char *data = NULL;
    size_t count = 0;
    int error = file_read(parts->kernel, KERNEL_MAX, &data, &count);
    if (error < 0)
        return error;
    struct digest *digest = digest_new();
    digest_add(digest, data, count);
    digest_finish(digest, parts->kernel_digest);
    free(data);
    return 0;
}

static char *look_for_all(struct machine_parts *parts)
{
    const char *qemu = QEMU;
    if (qemu == NULL)
        return text_of(
            "the counted machine is an x86-64 one, and this host is not; compare without "
            "--counted");
    parts->qemu = find_program(qemu);
    if (parts->qemu == NULL)
        return text_of("the counted machine needs %s, which is not here; " REMEDY, qemu);
    parts->qemu_version = version_of(parts->qemu);
    if (parts->qemu_version == NULL)
        return text_of("%s cannot be run; install qemu-system-x86 anew", parts->qemu);
    parts->kernel = find_kernel(parts->cache);
    if (parts->kernel == NULL)
        return text_of("the counted machine needs a kernel, and %s/kernel holds none; " REMEDY,
                       parts->cache);
    parts->release = text_of("%s", strstr(parts->kernel, "/vmlinuz-") + strlen("/vmlinuz-"));
    parts->modules = text_of("%s/kernel/lib/modules/%s", parts->cache, parts->release);
    int error = digest_kernel(parts);
    if (error < 0)
        return text_of("%s cannot be read: %s; " REMEDY, parts->kernel, strerror(-error));
    return NULL;
}

int machine_parts_find(struct machine_parts *parts, char **trouble)
{
    *parts = (struct machine_parts){.cache = cache_folder()};
    *trouble = look_for_all(parts);
    return *trouble == NULL ? 0 : -ENOENT;
}

void machine_parts_release(struct machine_parts *parts)
{
    free(parts->qemu);
    free(parts->qemu_version);
    free(parts->kernel);
    free(parts->release);
    free(parts->modules);
    free(parts->cache);
    *parts = (struct machine_parts){0};
}
