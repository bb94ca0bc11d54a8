/* QEMU is started twice in the life of a saved machine: once to boot it, with the program and the
 * kernel, and then for each run with the same words and "-incoming". Its serial port is our pipe,
 * through which the guest says only that it is ready, or why it is not; order and reply go through
 * the channel, which is a file in our folder.
 *
 * A machine that is gone on from stands still until "cont"; before that the order is put into the
 * channel, but not earlier than the saved memory is all there, as the channel is part of it.
 */
#include "machine/machine.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "machine/channel.h"
#include "machine/guest.h"
#include "machine/image.h"
#include "machine/monitor.h"
#include "text/json_field.h"
#include "text/output_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define IMAGE_MAX  ((size_t)1 << 30)
#define BOOT_NS    (600 * NS_PER_S) /* it takes 20 s on a quiet host */
#define CONNECT_NS (60 * NS_PER_S)
#define PAUSE_NS   (5 * NS_PER_MS)
#define LINE_BYTES 4096
#define SAVED_IN   "PROCTOR_MACHINE_SAVED" /* the file, for the shell that QEMU starts */

EMBED(machine_plugin, PROCTOR_MACHINE_PLUGIN);

/*** Words for QEMU ***/

/* What must be the same when it is saved and when it is gone on from. */
static const char *const machine_words[] = {
    "-M",
    "pc",
    "-accel",
    "tcg,thread=single",
    "-icount",
    "shift=0,sleep=off",
    "-rtc",
    "base=2026-01-01T00:00:00,clock=vm",
    "-seed",
    "1",
    "-smp",
    "1",
    "-m",
    "1024",
    "-cpu",
    "max",
    "-display",
    "none",
    "-no-reboot",
    "-nodefaults",
    "-no-user-config",
    "-serial",
    "stdio",
    "-device",
    "ivshmem-plain,memdev=channel,master=on",
    "-fsdev",
    "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap",
    "-device",
    "virtio-9p-pci,fsdev=host,mount_tag=" MACHINE_HOST_TAG,
    "-append",
    "console=ttyS0 quiet panic=-1 nokaslr norandmaps mitigations=off tsc=reliable no_timer_check "
    "random.trust_cpu=on nowatchdog"};

struct words {
    char *all[128];
    size_t count;
};

static void add_word(struct words *words, char *word)
{
    words->all[words->count++] = word;
    words->all[words->count] = NULL;
}

static void release_words(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->all[i]);
}

static void fill_words(struct words *words, const struct machine *machine)
{
    add_word(words, text_of("%s", machine->parts.qemu));
    for (size_t i = 0; i < sizeof machine_words / sizeof machine_words[0]; i++)
        add_word(words, text_of("%s", machine_words[i]));
    add_word(words, text_of("-object"));
    add_word(words, text_of("memory-backend-file,id=channel,size=%u,share=on,mem-path=%s/channel",
                            CHANNEL_BYTES, machine->work));
    add_word(words, text_of("-qmp"));
    add_word(words, text_of("unix:%s/monitor", machine->work));
    add_word(words, text_of("-kernel"));
    add_word(words, text_of("%s", machine->parts.kernel));
    add_word(words, text_of("-initrd"));
    add_word(words, text_of("%s/image", machine->work));
}

/*** A machine under way ***/

struct running {
    struct process process;
    struct monitor monitor;
    struct channel channel;
    bool has_started;
};

static char *path_in(const struct machine *machine, const char *name)
{
    return text_of("%s/%s", machine->work, name);
}

static void remove_files(const struct machine *machine)
{
    static const char *const names[] = {"channel", "monitor", "image", "plugin.so"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = path_in(machine, names[i]);
        unlink(path);
        free(path);
    }
}

static int start(struct running *running, const struct machine *machine, const char *saved,
                 const char *counts)
{
    *running = (struct running){.monitor.listener = -1};
    char *channel = path_in(machine, "channel");
    char *monitor = path_in(machine, "monitor");
    unlink(channel);
    unlink(monitor);
    int error = channel_create(&running->channel, channel);
    if (error == 0)
        error = monitor_listen(&running->monitor, monitor);
    free(channel);
    free(monitor);
    if (error < 0)
        return error;
    struct words words = {0};
    fill_words(&words, machine);
    if (saved != NULL) {
        add_word(&words, text_of("-incoming"));
        add_word(&words, text_of("exec:cat \"$" SAVED_IN "\""));
    }
    if (counts != NULL) {
        add_word(&words, text_of("-plugin"));
        add_word(&words, text_of("file=%s/plugin.so,out=%s", machine->work, counts));
    }
    error = process_start(&running->process, words.all);
    release_words(&words);
    running->has_started = error == 0;
    return error < 0 ? error
                     : monitor_accept(&running->monitor, running->process.pidfd,
                                      clock_now_ns() + CONNECT_NS);
}

/* By its own command: of a signal it would say that it got one. */
static void stop(struct running *running)
{
    if (running->monitor.stream != NULL && !process_wait_until(&running->process, 0)) {
        json_decref(monitor_execute(&running->monitor, "quit", NULL));
        process_wait_until(&running->process, clock_now_ns() + CONNECT_NS);
    }
    monitor_close(&running->monitor);
    channel_close(&running->channel);
    if (running->has_started)
        process_end(&running->process, 0);
}

/* Does the command report this status? */
static bool has_status(struct running *running, const char *command, const char *status)
{
    json_t *returned = monitor_execute(&running->monitor, command, NULL);
    bool has = field_is_word(returned, "status", status);
    json_decref(returned);
    return has;
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
    setenv(SAVED_IN, path, 1);
    json_decref(monitor_execute(&running->monitor, "stop", NULL));
    json_t *uri = json_pack("{s:s}", "uri", "exec:cat > \"$" SAVED_IN "\"");
    json_t *returned = monitor_execute(&running->monitor, "migrate", uri);
    if (returned == NULL)
        return text_of("the counted machine could not be saved: QEMU refused to");
    json_decref(returned);
    int64_t deadline_ns = clock_now_ns() + BOOT_NS;
    while (!has_status(running, "query-migrate", "completed")) {
        if (has_status(running, "query-migrate", "failed") || clock_now_ns() > deadline_ns ||
            process_wait_until(&running->process, 0))
            return text_of("the counted machine could not be saved to %s", path);
        pause_a_little();
    }
    return NULL;
}

/* QEMU inherits the file's name by its environment, set before it is started. */
static char *boot_and_save(struct machine *machine)
{
    struct running running;
    char *half = text_of("%s.%d", machine->saved, (int)getpid());
    setenv(SAVED_IN, half, 1);
    int error = start(&running, machine, NULL, NULL);
    char *trouble = error < 0 ? text_of("QEMU cannot be started: %s", strerror(-error)) : NULL;
    if (trouble == NULL)
        trouble = await_ready(&running);
    if (trouble == NULL)
        trouble = save(&running, half);
    stop(&running);
    if (trouble == NULL && rename(half, machine->saved) < 0)
        trouble = text_of("%s cannot be written: %s", machine->saved, strerror(errno));
    if (trouble != NULL)
        unlink(half);
    free(half);
    machine->was_booted = trouble == NULL;
    return trouble;
}

/*** Opening ***/

static char *digest_all(const struct machine *machine)
{
    char *path = path_in(machine, "image");
    char *image = NULL;
    size_t count = 0;
    int error = file_read(path, IMAGE_MAX, &image, &count);
    free(path);
    if (error < 0)
        return NULL;
    struct digest *digest = digest_new();
    digest_add_text(digest, machine->parts.qemu_version);
    digest_add_text(digest, machine->parts.kernel_digest);
    for (size_t i = 0; i < sizeof machine_words / sizeof machine_words[0]; i++)
        digest_add_text(digest, machine_words[i]);
    digest_add(digest, image, count);
    free(image);
    char *text = allocate(DIGEST_TEXT_BYTES, 1);
    digest_finish(digest, text);
    return text;
}

static char *make_work_folder(struct machine *machine)
{
    const char *place = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    machine->work = text_of("%s/proctor-machine-XXXXXX", place);
    if (mkdtemp(machine->work) != NULL)
        return NULL;
    char *trouble = text_of("%s: no folder can be made there: %s", place, strerror(errno));
    free(machine->work);
    machine->work = NULL;
    return trouble;
}

static char *write_plugin(const struct machine *machine)
{
    char *path = path_in(machine, "plugin.so");
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
    char *trouble = make_work_folder(machine);
    if (trouble != NULL)
        return trouble;
    char *image = path_in(machine, "image");
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
    if (machine->work != NULL) {
        remove_files(machine);
        rmdir(machine->work);
    }
    machine_parts_release(&machine->parts);
    free(machine->work);
    free(machine->saved);
    free(machine->key);
    *machine = (struct machine){0};
}

/*** Running ***/

/* Lets it go on with the order, once all of it is there. */
static char *go_on(struct running *running, const char *order)
{
    int64_t deadline_ns = clock_now_ns() + CONNECT_NS;
    while (has_status(running, "query-status", "inmigrate")) {
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
    setenv(SAVED_IN, machine->saved, 1);
    int error = start(&running, machine, machine->saved, counts);
    if (error < 0)
        *trouble = text_of("QEMU cannot go on from %s: %s", machine->saved, strerror(-error));
    if (*trouble == NULL)
        *trouble = go_on(&running, text);
    if (*trouble == NULL)
        *trouble = await_reply(machine, &running, timeout_ns, reply);
    stop(&running);
    free(text);
    return *trouble == NULL ? 0 : -EIO;
}

json_t *machine_parts_describe(const struct machine *machine)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "qemu", machine->parts.qemu_version, "kernel",
                     machine->parts.release, "kernel_sha256", machine->parts.kernel_digest,
                     "saved_machine", machine->key);
}
