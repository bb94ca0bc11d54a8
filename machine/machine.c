/* QEMU is started once to boot a machine that is saved, and then for each run, with the same words
 * and "-incoming".
 *
 * A machine that is gone on from stands still until "cont"; before that the order is put into the
 * channel, but not earlier than the saved memory is all there, as the channel is part of it. */
#include "machine/machine.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "machine/guest.h"
#include "machine/image.h"
#include "machine/running.h"
#include "text/output_file.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define IMAGE_MAX   ((size_t)1 << 30)
#define BOOT_NS     (600 * NS_PER_S) /* it takes 20 s on a quiet host */
#define CONNECT_NS  (60 * NS_PER_S)
#define SYMBOLS_NS  (120 * NS_PER_S)
#define SYMBOLS_MAX ((size_t)64 << 20)
#define PAUSE_NS    (5 * NS_PER_MS)
#define LINE_BYTES  4096
#define KEPT_S      (7L * 24 * 3600)

EMBED(machine_plugin, PROCTOR_MACHINE_PLUGIN);

static int start(struct running *running, const struct machine *machine, bool is_saved,
                 const char *counts)
{
    struct running_place place = {machine->parts.qemu, machine->parts.kernel, machine->work.path};
    return running_start(running, &place, is_saved, counts);
}

/*** Booting and saving ***/

/* The last line that the guest said when it ended or the time was over; NULL: it is ready. */
static char *await_ready(struct running *running)
{
    char line[LINE_BYTES];
    char last[LINE_BYTES] = "";
    int error;
    int64_t deadline_ns = clock_now_ns() + BOOT_NS;
    while ((error = process_read_line(&running->process, line, sizeof line, deadline_ns)) == 0) {
        line[strcspn(line, "\r")] = '\0';
        if (strcmp(line, MACHINE_READY) == 0)
            return NULL;
        if (line[0] != '\0')
            memcpy(last, line, sizeof last);
    }
    return text_of("the counted machine did not boot: %s%s%s", strerror(-error),
                   last[0] != '\0' ? "; its last words: " : "", last);
}

static void pause_a_little(void)
{
    struct timespec pause = {.tv_nsec = PAUSE_NS};
    nanosleep(&pause, NULL);
}

static char *save(struct running *running, const char *path)
{
    setenv(RUNNING_SAVED, path, 1);
    json_decref(monitor_execute(&running->monitor, "stop", NULL));
    json_t *uri = json_pack("{s:s}", "uri", "exec:cat > \"$" RUNNING_SAVED "\"");
    json_t *returned = monitor_execute(&running->monitor, "migrate", uri);
    if (returned == NULL)
        return text_of("the counted machine could not be saved: QEMU refused to");
    json_decref(returned);
    int64_t deadline_ns = clock_now_ns() + BOOT_NS;
    while (!running_has_status(running, "query-migrate", "completed")) {
        if (running_has_status(running, "query-migrate", "failed") ||
            clock_now_ns() > deadline_ns || process_wait_until(&running->process, 0))
            return text_of("the counted machine could not be saved to %s", path);
        pause_a_little();
    }
    return NULL;
}

/* Machines of other builds, and their symbols: kept for a week, as two builds may take turns. */
static void remove_old(const struct machine *machine)
{
    char *pattern = text_of("%s/*.s[ay]*", machine->parts.cache);
    glob_t found;
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            struct stat status;
            if (stat(found.gl_pathv[i], &status) == 0 && time(NULL) - status.st_mtime > KEPT_S)
                unlink(found.gl_pathv[i]);
        }
        globfree(&found);
    }
    free(pattern);
}

/* QEMU inherits the file's name by its environment, set before it is started. */
static char *boot_and_save(struct machine *machine)
{
    struct running running;
    char *half = text_of("%s.%d", machine->saved, (int)getpid());
    setenv(RUNNING_SAVED, half, 1);
    int error = start(&running, machine, false, NULL);
    char *trouble = error < 0 ? text_of("QEMU cannot be started: %s", strerror(-error)) : NULL;
    if (trouble == NULL)
        trouble = await_ready(&running);
    if (trouble == NULL)
        trouble = save(&running, half);
    running_stop(&running);
    if (trouble == NULL && rename(half, machine->saved) < 0)
        trouble = text_of("%s cannot be written: %s", machine->saved, strerror(errno));
    if (trouble != NULL)
        unlink(half);
    free(half);
    machine->was_booted = trouble == NULL;
    remove_old(machine);
    return trouble;
}

/*** Opening ***/

static char *digest_all(const struct machine *machine)
{
    char *path = work_folder_path(&machine->work, "image");
    char *image = NULL;
    size_t count = 0;
    int error = file_read(path, IMAGE_MAX, &image, &count);
    free(path);
    if (error < 0)
        return NULL;
    struct digest *digest = digest_new();
    digest_add_text(digest, machine->parts.qemu_version);
    digest_add_text(digest, machine->parts.kernel_digest);
    for (size_t i = 0; running_words[i] != NULL; i++)
        digest_add_text(digest, running_words[i]);
    digest_add(digest, image, count);
    free(image);
    char *text = allocate(DIGEST_TEXT_BYTES, 1);
    digest_finish(digest, text);
    return text;
}

static char *write_plugin(const struct machine *machine)
{
    char *path = work_folder_path(&machine->work, "plugin.so");
    struct bytes bytes = {0};
    bytes_append(&bytes, machine_plugin, (size_t)(machine_plugin_end - machine_plugin));
    int error = output_file_write_bytes(path, &bytes);
    bytes_release(&bytes);
    char *trouble = error < 0 ? text_of("%s cannot be written: %s", path, strerror(-error)) : NULL;
    free(path);
    return trouble;
}

static char *make_machine(struct machine *machine)
{
    char *trouble = work_folder_make(&machine->work);
    if (trouble != NULL)
        return trouble;
    char *image = work_folder_path(&machine->work, "image");
    machine_image_write(image, machine->parts.modules, &trouble);
    free(image);
    if (trouble == NULL)
        trouble = write_plugin(machine);
    if (trouble != NULL)
        return trouble;
    machine->key = digest_all(machine);
    machine->saved = text_of("%s/%.16s.saved", machine->parts.cache, machine->key);
    return access(machine->saved, R_OK) == 0 ? NULL : boot_and_save(machine);
}

int machine_open(struct machine *machine, char **trouble)
{
    *machine = (struct machine){.is_stopped = machine->is_stopped};
    int error = machine_parts_find(&machine->parts, trouble);
    if (error < 0)
        return error;
    *trouble = make_machine(machine);
    return *trouble == NULL ? 0 : -EIO;
}

void machine_close(struct machine *machine)
{
    work_folder_remove(&machine->work);
    machine_parts_release(&machine->parts);
    free(machine->saved);
    free(machine->key);
    *machine = (struct machine){0};
}

/*** Running ***/

/* Lets it go on with the order, once all of it is there. */
static char *go_on(struct running *running, const char *order)
{
    int64_t deadline_ns = clock_now_ns() + CONNECT_NS;
    while (running_has_status(running, "query-status", "inmigrate")) {
        if (clock_now_ns() > deadline_ns || process_wait_until(&running->process, 0))
            return text_of("the saved machine could not be gone on from; remove it from the cache");
        pause_a_little();
    }
    if (channel_put(&running->channel, CHANNEL_ORDER, order, strlen(order)) < 0)
        return text_of("command and environment are too long for the counted machine");
    json_t *returned = monitor_execute(&running->monitor, "cont", NULL);
    json_decref(returned);
    return returned != NULL ? NULL : text_of("the saved machine did not go on");
}

static char *await_reply(const struct machine *machine, struct running *running, int64_t timeout_ns,
                         struct machine_reply *reply)
{
    int64_t deadline_ns = clock_now_ns() + timeout_ns;
    bool has_ended = false;
    while (!has_ended && clock_now_ns() < deadline_ns &&
           (machine->is_stopped == NULL || !*machine->is_stopped))
        has_ended = process_wait_until(&running->process, clock_now_ns() + 100 * NS_PER_MS);
    if (!has_ended)
        return text_of("the counted machine did not finish in %lld s",
                       (long long)(timeout_ns / NS_PER_S));
    size_t count = 0;
    char *text = channel_get(&running->channel, CHANNEL_REPLY, &count);
    bool is_reply = text != NULL && machine_reply_read(reply, text) == 0;
    free(text);
    return is_reply ? NULL : text_of("the counted machine switched off without a reply");
}

int machine_run(struct machine *machine, const struct machine_order *order, const char *counts,
                int64_t timeout_ns, struct machine_reply *reply, char **trouble)
{
    *reply = (struct machine_reply){.status = -1};
    char *text = machine_order_write(order);
    *trouble =
        text == NULL ? text_of("a word of the command or of the environment is no UTF-8") : NULL;
    if (text == NULL)
        return -EILSEQ;
    struct running running;
    setenv(RUNNING_SAVED, machine->saved, 1);
    int error = start(&running, machine, true, counts);
    if (error < 0)
        *trouble = text_of("QEMU cannot go on from %s: %s", machine->saved, strerror(-error));
    if (*trouble == NULL)
        *trouble = go_on(&running, text);
    if (*trouble == NULL)
        *trouble = await_reply(machine, &running, timeout_ns, reply);
    running_stop(&running);
    free(text);
    return *trouble == NULL ? 0 : -EIO;
}

/*** The kernel's symbols ***/

/* Of code only, and without what is the same in all lines, as a reply has little room. */
static char *ask_for_symbols(struct machine *machine, char **trouble)
{
    char *words[] = {"/bin/sed", "-n",
                     "s/^ffffffff\\([0-9a-f]*\\) \\([tTwW] [^\\t]*\\).*/\\1 \\2/p",
                     "/proc/kallsyms", NULL};
    char *none[] = {NULL};
    struct machine_order order = {words, none, "/", UINT64_C(8) << 20};
    struct machine_reply reply;
    struct bytes text = {0};
    if (machine_run(machine, &order, NULL, SYMBOLS_NS, &reply, trouble) == 0 &&
        (reply.output == NULL || reply.output[0] == '\0'))
        *trouble = text_of("the counted machine's kernel does not name its functions");
    char *rest = *trouble == NULL ? reply.output : NULL;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
        if (line[0] != '\0')
            bytes_print(&text, "ffffffff%s\n", line);
    machine_reply_release(&reply);
    if (*trouble != NULL)
        return NULL;
    return bytes_take_text(&text);
}

char *machine_kernel_symbols(struct machine *machine, char **trouble)
{
    *trouble = NULL;
    char *path = text_of("%s/%.16s.symbols", machine->parts.cache, machine->key);
    char *text = NULL;
    size_t count = 0;
    if (file_read(path, SYMBOLS_MAX, &text, &count) < 0) {
        text = ask_for_symbols(machine, trouble);
        struct bytes bytes = {0};
        if (text != NULL)
            bytes_append(&bytes, text, strlen(text));
        if (bytes.length > 0) /* if it cannot be kept, it will be asked for again */
            output_file_write_bytes(path, &bytes);
        bytes_release(&bytes);
    }
    free(path);
    return text;
}

json_t *machine_parts_describe(const struct machine *machine)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "qemu", machine->parts.qemu_version, "kernel",
                     machine->parts.release, "kernel_sha256", machine->parts.kernel_digest,
                     "saved_machine", machine->key);
}
