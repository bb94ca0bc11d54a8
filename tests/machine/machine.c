/* The counted machine, as far as it needs neither QEMU nor a kernel. */
#include "base/bytes.h"
#include "base/memory.h"
#include "machine/channel.h"
#include "machine/counter.h"
#include "machine/guest.h"
#include "machine/image.h"
#include "machine/order.h"
#include "machine/parts.h"
#include "machine/symbols.h"
#include "machine/work.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder_new(void)
{
    char *folder = text_of("%s/test-machine-XXXXXX", P_tmpdir);
    cr_assert_not_null(mkdtemp(folder));
    return folder;
}

/* The file of that name in the folder, with this in it. */
static char *file_new(const char *folder, const char *name, const char *content)
{
    char *path = text_of("%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    fputs(content, file);
    fclose(file);
    return path;
}

static void folder_free(char *folder)
{
    char *command = text_of("rm -rf '%s'", folder);
    cr_expect_eq(system(command), 0); // NOLINT(cert-env33-c)
    free(command);
    free(folder);
}

Test(machine, both_ends_of_the_channel_see_the_same)
{
    char *folder = folder_new();
    char *path = text_of("%s/channel", folder);
    struct channel host;
    struct channel guest;
    size_t count = 0;
    cr_assert_eq(channel_create(&host, path), 0);
    cr_assert_eq(channel_open(&guest, path), 0);
    cr_expect_null(channel_get(&guest, CHANNEL_ORDER, &count));
    cr_expect_eq(channel_put(&host, CHANNEL_ORDER, "go on", 5), 0);
    cr_expect_null(channel_get(&guest, CHANNEL_REPLY, &count));
    char *order = channel_get(&guest, CHANNEL_ORDER, &count);
    cr_expect_str_eq(order, "go on");
    cr_expect_eq(count, 5);
    free(order);
    cr_expect_eq(channel_put(&guest, CHANNEL_REPLY, "done", 4), 0);
    char *reply = channel_get(&host, CHANNEL_REPLY, &count);
    cr_expect_str_eq(reply, "done");
    free(reply);
    channel_close(&guest);
    channel_close(&host);
    free(path);
    folder_free(folder);
}

Test(machine, a_message_fills_the_channel_and_no_more)
{
    char *folder = folder_new();
    char *path = text_of("%s/channel", folder);
    struct channel channel;
    size_t count = 0;
    cr_assert_eq(channel_create(&channel, path), 0);
    char *message = allocate(channel_room_bytes() + 1, 1);
    memset(message, 'x', channel_room_bytes() + 1);
    cr_expect_eq(channel_put(&channel, CHANNEL_ORDER, message, channel_room_bytes() + 1),
                 -EMSGSIZE);
    cr_expect_eq(channel_put(&channel, CHANNEL_ORDER, message, channel_room_bytes()), 0);
    cr_expect_null(channel_get(&channel, CHANNEL_REPLY, &count));
    memset(channel.memory, 0xff, sizeof(uint64_t)); /* a length that nobody put */
    cr_expect_null(channel_get(&channel, CHANNEL_ORDER, &count));
    free(message);
    channel_close(&channel);
    free(path);
    folder_free(folder);
}

Test(machine, an_order_is_read_as_it_was_written)
{
    char *const words[] = {"/bin/sh", "-c", "echo \"ä\" 'b'\n", NULL};
    char *const environment[] = {"A=1", "EMPTY=", NULL};
    struct machine_order order = {words, environment, "/tmp", 12345678};
    char *text = machine_order_write(&order);
    struct machine_order *read = machine_order_read(text);
    cr_assert_not_null(read);
    cr_expect_str_eq(read->words[2], words[2]);
    cr_expect_null(read->words[3]);
    cr_expect_str_eq(read->environment[1], "EMPTY=");
    cr_expect_str_eq(read->folder, "/tmp");
    cr_expect_eq(read->stack_bytes, 12345678);
    machine_order_free(read);
    free(text);
    cr_expect_null(machine_order_read("{\"words\": [], \"folder\": \"/\"}"));
    cr_expect_null(machine_order_read("nonsense"));
    char *const latin[] = {"caf\xe9", NULL};
    cr_expect_null(machine_order_write(&(struct machine_order){latin, environment, "/", 1}));
}

Test(machine, a_reply_holds_what_was_said)
{
    struct machine_reply said = {256, "{\"a\": 1}\n", "caf\xe9"};
    struct machine_reply read;
    char *text = machine_reply_write(&said);
    cr_assert_eq(machine_reply_read(&read, text), 0);
    cr_expect_eq(read.status, 256);
    cr_expect_str_eq(read.output, said.output);
    cr_expect_str_eq(read.errors, "(4 bytes that are no UTF-8)");
    machine_reply_release(&read);
    free(text);
    cr_expect_eq(machine_reply_read(&read, "too long"), -EPROTO);
    machine_reply_release(&read);
}

Test(machine, blocks_of_one_address_are_one)
{
    char *folder = folder_new();
    char *path = file_new(folder, "counts", "7f10 5\nffffffff81000000 30\n400 1\n7f10 20\n");
    struct counted_code *codes = NULL;
    size_t count = 0;
    cr_assert_eq(counted_code_read(path, &codes, &count), 0);
    cr_assert_eq(count, 3);
    cr_expect_eq(codes[0].address, 0x400);
    cr_expect_eq(codes[1].count, 25);
    cr_expect(codes[2].address > MACHINE_KERNEL_ADDRESS);
    free(codes);
    free(path);
    cr_expect_eq(counted_code_read("/nonexistent/counts", &codes, &count), -ENOENT);
    folder_free(folder);
}

/* The names of all entries, a line each, as another reader finds them; how long "init" is. */
static char *list_image(const char *path, la_int64_t *init_bytes)
{
    struct bytes names = {0};
    struct archive_entry *entry = NULL;
    struct archive *archive = archive_read_new();
    archive_read_support_format_cpio(archive);
    cr_assert_eq(archive_read_open_filename(archive, path, 65536), ARCHIVE_OK);
    bytes_print(&names, "\n");
    while (archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        bytes_print(&names, "%s\n", archive_entry_pathname(entry));
        if (strcmp(archive_entry_pathname(entry), "init") == 0)
            *init_bytes = archive_entry_size(entry);
    }
    archive_read_free(archive);
    return bytes_take_text(&names);
}

Test(machine, the_image_holds_this_program_its_libraries_and_modules)
{
    char *folder = folder_new();
    char *modules = text_of("%s/drivers", folder);
    mkdir(modules, 0700);
    free(file_new(modules, "virtio_ring.ko", "a module"));
    free(file_new(modules, "unasked.ko", "another"));
    char *path = text_of("%s/image", folder);
    char *trouble = NULL;
    cr_assert_eq(machine_image_write(path, folder, &trouble), 0, "%s", trouble);
    la_int64_t init_bytes = 0;
    char *names = list_image(path, &init_bytes);
    struct stat self;
    stat("/proc/self/exe", &self);
    cr_expect_eq(init_bytes, self.st_size);
    cr_expect_not_null(strstr(names, "\nmodules/virtio_ring.ko\n"));
    cr_expect_null(strstr(names, "unasked"));
    cr_expect_not_null(strstr(names, "libc.so.6\n"));
    cr_expect_not_null(strstr(names, "/ld-linux"));
    cr_expect_not_null(strstr(names, "\nproctor.machine\n"));
    free(names);
    cr_expect_lt(machine_image_write("/nonexistent/image", folder, &trouble), 0);
    cr_expect_not_null(strstr(trouble, "/nonexistent/image"));
    free(trouble);
    free(path);
    free(modules);
    folder_free(folder);
}

#ifdef __x86_64__
Test(machine, a_missing_kernel_is_refused_with_its_remedy)
{
    char *folder = folder_new();
    free(file_new(folder, "qemu-system-x86_64", "#!/bin/sh\necho QEMU emulator version 0\n"));
    char *program = text_of("%s/qemu-system-x86_64", folder);
    char *trouble = NULL;
    struct machine_parts parts;
    setenv("PROCTOR_MACHINE", folder, 1);
    setenv("PATH", "/nonexistent", 1);
    cr_expect_eq(machine_parts_find(&parts, &trouble), -ENOENT);
    cr_expect_str_eq(trouble, "the counted machine needs qemu-system-x86_64, which is not here; "
                              "scripts/setup --counted gets it");
    free(trouble);
    machine_parts_release(&parts);

    chmod(program, 0700);
    char *path = text_of("%s:/usr/bin:/bin", folder);
    setenv("PATH", path, 1);
    free(path);
    cr_expect_eq(machine_parts_find(&parts, &trouble), -ENOENT);
    cr_expect_not_null(strstr(trouble, "needs a kernel"), "%s", trouble);
    cr_expect_not_null(strstr(trouble, "; scripts/setup --counted gets it"));
    cr_expect_str_eq(parts.qemu_version, "QEMU emulator version 0");
    free(trouble);
    machine_parts_release(&parts);
    free(program);
    folder_free(folder);
}
#endif

Test(machine, no_process_but_the_first_is_the_guest)
{
    cr_expect_not(machine_is_guest());
}

/*** Names of functions ***/

Test(symbols, the_kernels_are_read_from_what_it_says)
{
    struct symbols symbols;
    symbols_read_kernel(&symbols, "ffffffff81000100 t long_name_of_one\n"
                                  "ffffffff81000000 T first\n"
                                  "ffffffff81000100 T one\n"
                                  "ffffffff81000180 D data\n"
                                  "nonsense\n"
                                  "ffffffffc0000000 t of_module\t[module]");
    cr_expect_null(symbols_name(&symbols, UINT64_C(0xffffffff80ffffff)));
    cr_expect_str_eq(symbols_name(&symbols, UINT64_C(0xffffffff81000000)), "first");
    cr_expect_str_eq(symbols_name(&symbols, UINT64_C(0xffffffff810000ff)), "first");
    cr_expect_str_eq(symbols_name(&symbols, UINT64_C(0xffffffff81000190)), "one");
    cr_expect_str_eq(symbols_name(&symbols, UINT64_C(0xffffffffc0000010)), "of_module");
    symbols_release(&symbols);
    symbols_read_kernel(&symbols, "");
    cr_expect_null(symbols_name(&symbols, 1));
    symbols_release(&symbols);
}

/* Where the code of this very function lies, as the map says; the file in `path`. */
static uint64_t own_place(uintptr_t address, char path[4096])
{
    FILE *file = fopen("/proc/self/maps", "re");
    char line[4500];
    uint64_t place = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        uint64_t first = 0;
        uint64_t end = 0;
        uint64_t offset = 0;
        char found[4096] = "";
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %4095s", &first, &end,
                   &offset, found) == 4 &&
            address >= first && address < end) {
            place = address - first + offset;
            strcpy(path, found);
        }
    }
    fclose(file);
    return place;
}

Test(symbols, a_files_are_found_by_the_place_in_it)
{
    char path[4096] = "";
    struct symbols symbols;
    uint64_t place = own_place((uintptr_t)folder_free, path);
    cr_assert_eq(symbols_read_file(&symbols, path), 0);
    cr_expect_str_eq(symbols_name(&symbols, place + 1), "folder_free");
    cr_expect_null(symbols_name(&symbols, 0));
    symbols_release(&symbols);
    cr_expect_eq(symbols_read_file(&symbols, "/proc/self/maps"), -ENOEXEC);
    symbols_release(&symbols);
    cr_expect_eq(symbols_read_file(&symbols, "/nowhere/at/all"), -ENOENT);
    symbols_release(&symbols);
}

/*** Its folder ***/

Test(work_folder, what_a_dead_process_left_goes_and_what_is_in_use_stays)
{
    char *folder = folder_new();
    setenv("TMPDIR", folder, 1);
    struct work_folder used = {0};
    cr_assert_null(work_folder_make(&used));
    free(file_new(used.path, "image", "in use"));
    char *dead = text_of("%s/proctor-machine-abcdef", folder);
    char *other = text_of("%s/proctor-machine-fedcba", folder);
    cr_assert_eq(mkdir(dead, 0700), 0);
    cr_assert_eq(mkdir(other, 0700), 0);
    free(file_new(dead, "image", "left"));
    free(file_new(other, "thesis", "not ours"));
    struct work_folder next = {0};
    cr_assert_null(work_folder_make(&next));
    char *image = work_folder_path(&used, "image");
    cr_expect_eq(access(image, F_OK), 0);
    cr_expect_neq(access(dead, F_OK), 0);
    cr_expect_eq(access(other, F_OK), 0);
    cr_expect_str_neq(used.path, next.path);
    work_folder_remove(&used);
    cr_expect_neq(access(image, F_OK), 0);
    work_folder_remove(&next);
    work_folder_remove(&next);
    free(image);
    free(other);
    free(dead);
    folder_free(folder);
}
