/* Theory of operation: libarchive reads the headers and the data entry by entry, and each entry is
 * checked and then made below the folder. The first one that is refused ends it, and all that was
 * made is removed again.
 *
 * A zip is read by the directory at its end, so a truncated one is refused. A tar is fed from a
 * packed_stream, which is read on to its end after the last entry: only then is it known that the
 * checksums are right and that only zeros follow the entries. A tar without those zeros is
 * truncated.
 */
#include "grader/intake/archive.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/intake/archive_kind.h"
#include "grader/intake/packed_stream.h"
#include "grader/intake/tree_empty.h"
#include "text/printable.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)65536)

/* What a tar may hold besides the data of its files: per entry, and in all. */
#define HEADER_BYTES  4096
#define PADDING_BYTES (16 << 20)

struct extraction {
    struct new_tree tree;
    struct archive *archive;
    struct packed_stream stream; /* a tar's */
    char *block;                 /* its last bytes */
    uint64_t stream_bytes;       /* read so far */
    uint64_t stream_bytes_max;   /* a longer one cannot be within the limits */
    uint64_t zeros;              /* at the end of what was read */
    int stream_error;            /* why the stream could not be read on */
    void *names;                 /* of entries, a tree of tsearch(3) */
    void *links;                 /* those of them that were links, the same strings */
    struct left_out *left_out;
    char *last; /* the entry that was read last */
    char **trouble;
};

/*** Refusing ***/

/* The sentence leaves room for the name. */
static int refuse(struct extraction *extraction, const char *name, const char *sentence)
{
    *extraction->trouble = name_in_sentence(sentence, name);
    return 1;
}

/* A reason of ours has a translation and is safe to print; others are shown as a name is. */
static char *show_reason(const char *reason)
{
    const char *translated = _(reason);
    return translated != reason ? text_of("%s", translated) : name_shown(reason);
}

/* What libarchive could not read; -errno if the file itself could not be read. */
static int refuse_broken(struct extraction *extraction)
{
    int error = extraction->stream_error;
    if ((error < 0 && error != -EBADMSG) || archive_errno(extraction->archive) == EIO)
        return error < 0 ? error : -EIO;
    const char *reason = archive_error_string(extraction->archive);
    char *shown = show_reason(reason != NULL ? reason : N_("it cannot be read"));
    char *last = name_shown(extraction->last != NULL ? extraction->last : "");
    *extraction->trouble =
        extraction->last != NULL
            ? text_of(_("the archive is broken at or after '%s': %s"), last, shown)
            : text_of(_("the archive is broken: %s"), shown);
    free(last);
    free(shown);
    return 1;
}

/*** The stream of a tar ***/

static void count_stream(struct extraction *extraction, size_t count)
{
    size_t zeros = 0;
    const char *end = extraction->block + count;
    while (zeros < count && end[-1 - (ptrdiff_t)zeros] == '\0')
        zeros++;
    extraction->zeros = zeros < count ? zeros : extraction->zeros + count;
    extraction->stream_bytes += count;
}

/* Reads the next block into extraction->block. */
static ssize_t read_stream(struct extraction *extraction)
{
    if (extraction->stream_bytes > extraction->stream_bytes_max)
        return extraction->stream_error = -EBADMSG;
    ssize_t count = packed_stream_read(&extraction->stream, extraction->block, BLOCK_BYTES);
    if (count < 0)
        return extraction->stream_error = (int)count;
    count_stream(extraction, (size_t)count);
    return count;
}

static la_ssize_t on_read(struct archive *archive, void *context, const void **block)
{
    struct extraction *extraction = context;
    ssize_t count = read_stream(extraction);
    *block = extraction->block;
    if (count >= 0)
        return count;
    bool is_too_long = extraction->stream_bytes > extraction->stream_bytes_max;
    archive_set_error(archive, EILSEQ, "%s",
                      is_too_long ? N_("it unpacks to more than allowed")
                                  : N_("its compressed data is broken or cut short"));
    return ARCHIVE_FATAL;
}

/* Reads what follows the last entry: zeros, at least a block of them, to the end. */
static int finish_stream(struct extraction *extraction)
{
    uint64_t entries_end = (uint64_t)archive_read_header_position(extraction->archive);
    ssize_t count = 0;
    while ((count = read_stream(extraction)) > 0)
        continue;
    if (count < 0 && count != -EBADMSG)
        return (int)count;
    uint64_t rest = extraction->stream_bytes - entries_end;
    const char *fault = count < 0                  ? N_("its end is broken, cut short or too long")
                        : rest < 512               ? N_("it is cut short")
                        : extraction->zeros < rest ? N_("something follows its end")
                                                   : NULL;
    if (fault == NULL)
        return 0;
    archive_set_error(extraction->archive, EILSEQ, "%s", fault);
    return refuse_broken(extraction);
}

/*** Entries ***/

/* Why it is refused, whatever its name; NULL: it is not. */
static const char *fault_of_entry(struct archive_entry *entry)
{
    if (archive_entry_is_encrypted(entry))
        return _("'%s' is encrypted");
    if (archive_entry_hardlink(entry) != NULL || archive_entry_hardlink_utf8(entry) != NULL)
        return _("'%s' is a hard link");
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
    case AE_IFDIR:
    case AE_IFLNK: /* left out */
        return NULL;
    case AE_IFCHR:
    case AE_IFBLK:
        return _("'%s' is a device");
    case AE_IFIFO:
        return _("'%s' is a FIFO");
    case AE_IFSOCK:
        return _("'%s' is a socket");
    default:
        return _("'%s' is neither a file nor a folder");
    }
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* Takes over `path`, which must not have come before. */
static int remember(struct extraction *extraction, char *path)
{
    char **found = tsearch(path, &extraction->names, compare_names);
    if (found == NULL)
        abort(); /* no memory */
    if (*found == path)
        return 0;
    int error = refuse(extraction, path, _("duplicate name '%s'"));
    free(path);
    return error;
}

/* Reads the data of the entry into `file`; of a folder (NULL) there must be none. */
static int take_data(struct extraction *extraction, struct new_file *file, const char *path)
{
    for (;;) {
        const void *data = NULL;
        size_t count = 0;
        la_int64_t offset = 0;
        int status = archive_read_data_block(extraction->archive, &data, &count, &offset);
        if (status == ARCHIVE_EOF)
            return 0;
        if (status != ARCHIVE_OK)
            return refuse_broken(extraction);
        if (file == NULL && count > 0)
            return refuse(extraction, path, _("'%s' is a folder with content"));
        if (file == NULL)
            continue;
        int error = new_tree_write(&extraction->tree, file, data, count, (uint64_t)offset,
                                   extraction->trouble);
        if (error != 0)
            return error;
    }
}

static int take_file(struct extraction *extraction, struct archive_entry *entry, const char *path)
{
    struct new_file file;
    bool is_executable = (archive_entry_perm(entry) & S_IXUSR) != 0;
    int error = new_tree_file(&extraction->tree, path, is_executable, &file, extraction->trouble);
    if (error != 0)
        return error;
    error = take_data(extraction, &file, path);
    la_int64_t promised = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;
    uint64_t bytes = promised > 0 ? (uint64_t)promised : 0; /* it may end with a hole */
    return new_tree_finish(&extraction->tree, &file, bytes, error, extraction->trouble);
}

static int take_folder(struct extraction *extraction, const char *path)
{
    int error = new_tree_folder(&extraction->tree, path, extraction->trouble);
    return error != 0 ? error : take_data(extraction, NULL, path);
}

/* A link is not made, and what would lie behind it has no place. */
static int leave_out_link(struct extraction *extraction, const char *path)
{
    if (tsearch(path, &extraction->links, compare_names) == NULL)
        abort(); /* no memory */
    left_out_note(extraction->left_out, LEFT_OUT_SPECIAL, path, strlen(path));
    return 0;
}

static bool leads_through_link(const struct extraction *extraction, const char *path)
{
    bool is_led = false;
    char *above = text_of("%s", path);
    for (char *slash = strrchr(above, '/'); slash != NULL && !is_led && extraction->links != NULL;
         slash = strrchr(above, '/')) {
        *slash = '\0';
        is_led = tfind(above, &extraction->links, compare_names) != NULL;
    }
    free(above);
    return is_led;
}

/* `path` is remembered, and stays. */
static int take_kind(struct extraction *extraction, struct archive_entry *entry, const char *path)
{
    bool is_folder = archive_entry_filetype(entry) == AE_IFDIR;
    const char *fault = fault_of_entry(entry);
    if (fault != NULL)
        return refuse(extraction, extraction->last, fault);
    if (path[0] == '\0' && !is_folder)
        return refuse(extraction, extraction->last, _("'%s' is not a file name"));
    if (leads_through_link(extraction, path))
        return refuse(extraction, extraction->last, _("'%s' leads through a symbolic link"));
    if (archive_entry_filetype(entry) == AE_IFLNK)
        return leave_out_link(extraction, path);
    return is_folder ? take_folder(extraction, path) : take_file(extraction, entry, path);
}

static int take_entry(struct extraction *extraction, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    free(extraction->last);
    extraction->last = text_of("%s", name != NULL ? name : "");
    bool is_folder = archive_entry_filetype(entry) == AE_IFDIR;
    enum left_out_kind kind = LEFT_OUT_TOOLS;
    char *path = NULL;
    int error = new_tree_path(&extraction->tree, extraction->last, &path, extraction->trouble);
    if (error != 0)
        return error;
    size_t length = left_out_find(path, is_folder, &kind);
    if (length > 0) {
        left_out_note(extraction->left_out, kind, path, length);
        free(path);
        return 0;
    }
    error = remember(extraction, path);
    return error != 0 ? error : take_kind(extraction, entry, path);
}

/*** The whole ***/

static int take_all(struct extraction *extraction)
{
    for (;;) {
        struct archive_entry *entry = NULL;
        int status = archive_read_next_header(extraction->archive, &entry);
        if (status == ARCHIVE_EOF)
            return 0;
        if (status != ARCHIVE_OK)
            return refuse_broken(extraction);
        int error = take_entry(extraction, entry);
        if (error != 0)
            return error;
    }
}

static int take_zip(struct extraction *extraction, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    archive_read_support_format_zip_seekable(extraction->archive);
    int error = archive_read_open_fd(extraction->archive, fd, BLOCK_BYTES) != ARCHIVE_OK
                    ? refuse_broken(extraction)
                    : take_all(extraction);
    archive_read_close(extraction->archive);
    close(fd);
    return error;
}

static int take_tar(struct extraction *extraction, const char *path)
{
    const struct archive_limits *limits = extraction->tree.limits;
    extraction->stream_bytes_max = limits->bytes + limits->entries * HEADER_BYTES + PADDING_BYTES;
    extraction->stream_error = packed_stream_open(&extraction->stream, path);
    if (extraction->stream_error < 0)
        return refuse_broken(extraction);
    archive_read_support_format_tar(extraction->archive);
    int error =
        archive_read_open(extraction->archive, extraction, NULL, on_read, NULL) != ARCHIVE_OK
            ? refuse_broken(extraction)
            : take_all(extraction);
    if (error == 0)
        error = finish_stream(extraction);
    packed_stream_close(&extraction->stream);
    return error;
}

static int take(struct extraction *extraction, const char *path)
{
    int kind = archive_kind(path);
    switch (kind) {
    case ARCHIVE_ZIP:
        return take_zip(extraction, path);
    case ARCHIVE_TAR:
        return take_tar(extraction, path);
    case ARCHIVE_NONE:
        *extraction->trouble = text_of(_("it is not a zip or tar archive, or a broken one"));
        return 1;
    default:
        return kind;
    }
}

static void keep_name(void *name)
{
    (void)name; /* it is freed with those of all entries */
}

int archive_extract(const char *path, const char *folder, const struct archive_limits *limits,
                    struct left_out *left_out, char **trouble)
{
    struct extraction extraction = {.left_out = left_out, .trouble = trouble};
    *trouble = NULL;
    int error = new_tree_open(&extraction.tree, folder, limits);
    if (error < 0)
        return error;
    /* libarchive converts names to UTF-8 only in a locale that uses it. The rest of the locale
     * stays the caller's. */
    locale_t copy = duplocale(uselocale((locale_t)0));
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", copy);
    locale_t callers = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;
    extraction.archive = archive_read_new();
    extraction.block = allocate(BLOCK_BYTES, 1);
    error = extraction.archive == NULL ? -ENOMEM : take(&extraction, path);
    int empty_error = error != 0 ? tree_empty(extraction.tree.root) : 0;
    archive_read_free(extraction.archive);
    if (utf8 != (locale_t)0)
        uselocale(callers);
    freelocale(utf8 != (locale_t)0 ? utf8 : copy);
    tdestroy(extraction.links, keep_name);
    tdestroy(extraction.names, free);
    free(extraction.last);
    free(extraction.block);
    new_tree_close(&extraction.tree);
    return empty_error < 0 ? empty_error : error;
}
