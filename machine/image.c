/* The image is made in one pass with libarchive. Everything in it is root's and of the year 1970,
 * so that the same files give the same bytes, whoever writes them. Which libraries the program runs
 * with, the dynamic linker says (dl_iterate_phdr), by the very names it will look for again. */
#include "machine/image.h"

#include "base/file.h"
#include "base/memory.h"
#include "machine/guest.h"
#include "machine/modules.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <ftw.h>
#include <link.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define FILE_MAX ((size_t)256 << 20)

struct image {
    struct archive *archive;
    char *folders[64]; /* that are in it; owned */
    size_t folder_count;
    char *trouble;
};

/*** Entries ***/

static void add(struct image *image, const char *name, mode_t mode, const void *data, size_t count)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name + 1);
    archive_entry_set_mode(entry, mode);
    archive_entry_set_size(entry, (la_int64_t)count);
    archive_entry_set_nlink(entry, 1);
    if (S_ISCHR(mode))
        archive_entry_set_rdev(entry, makedev(5, 1)); /* /dev/console */
    if (archive_write_header(image->archive, entry) != ARCHIVE_OK ||
        (count > 0 && archive_write_data(image->archive, data, count) != (la_ssize_t)count)) {
        free(image->trouble);
        image->trouble =
            text_of("its image cannot be written: %s", archive_error_string(image->archive));
    }
    archive_entry_free(entry);
}

/* The folders above a name, each once. */
static void add_folders(struct image *image, const char *name)
{
    for (const char *end = strchr(name + 1, '/'); end != NULL; end = strchr(end + 1, '/')) {
        char *folder = text_of("%.*s", (int)(end - name), name);
        bool is_there = false;
        for (size_t i = 0; i < image->folder_count; i++)
            is_there = is_there || strcmp(image->folders[i], folder) == 0;
        if (is_there || image->folder_count == sizeof image->folders / sizeof image->folders[0]) {
            free(folder);
            continue;
        }
        image->folders[image->folder_count++] = folder;
        add(image, folder, S_IFDIR | 0755, NULL, 0);
    }
}

static void add_file(struct image *image, const char *name, const char *path)
{
    char *data = NULL;
    size_t count = 0;
    int error = file_read(path, FILE_MAX, &data, &count);
    if (error < 0) {
        free(image->trouble);
        image->trouble = text_of("%s cannot be read: %s", path, strerror(-error));
        return;
    }
    add_folders(image, name);
    add(image, name, S_IFREG | 0755, data, count);
    free(data);
}

/*** What goes in ***/

static int add_library(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    if (info->dlpi_name[0] == '/')
        add_file(context, info->dlpi_name, info->dlpi_name);
    return 0;
}

/* nftw() passes no context. */
static _Thread_local struct image *walked;

static int visit_module(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    size_t length = strlen(path + where->base);
    for (size_t i = 0; kind == FTW_F && machine_modules[i] != NULL; i++) {
        size_t name = strlen(machine_modules[i]);
        if (length != name + 3 || strncmp(path + where->base, machine_modules[i], name) != 0 ||
            strcmp(path + where->base + name, ".ko") != 0)
            continue;
        char *place = text_of(MACHINE_MODULES_FOLDER "/%s.ko", machine_modules[i]);
        add_file(walked, place, path);
        free(place);
    }
    return 0;
}

static void fill(struct image *image, const char *modules)
{
    static const char *const folders[] = {"/dev", "/proc", "/sys", "/host", "/layer", "/all"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        add(image, folders[i], S_IFDIR | 0755, NULL, 0);
    add(image, "/dev/console", S_IFCHR | 0600, NULL, 0);
    add(image, MACHINE_MARK_FILE, S_IFREG | 0444, "1\n", 2);
    add_file(image, "/init", "/proc/self/exe");
    dl_iterate_phdr(add_library, image);
    walked = image;
    nftw(modules, visit_module, 16, FTW_PHYS);
}

int machine_image_write(const char *path, const char *modules, char **trouble)
{
    struct image image = {.archive = archive_write_new()};
    archive_write_set_format_cpio_newc(image.archive);
    archive_write_set_bytes_in_last_block(image.archive, 512);
    if (archive_write_open_filename(image.archive, path) == ARCHIVE_OK)
        fill(&image, modules);
    else
        image.trouble =
            text_of("%s cannot be written: %s", path, archive_error_string(image.archive));
    if (archive_write_close(image.archive) != ARCHIVE_OK && image.trouble == NULL)
        image.trouble = text_of("%s cannot be written", path);
    archive_write_free(image.archive);
    for (size_t i = 0; i < image.folder_count; i++)
        free(image.folders[i]);
    *trouble = image.trouble;
    return image.trouble == NULL ? 0 : -EIO;
}
