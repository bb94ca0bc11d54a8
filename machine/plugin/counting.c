/* A plugin of QEMU's: counts the instructions of every piece of code between two marks.
 *
 * QEMU translates code in blocks without a jump in them; each gets a number of its own, to which
 * its length is added whenever it runs: code that QEMU generates, no call. A block that is left
 * half way, by a page fault, counts whole. Where the guest executes a mark (machine/counter.h), the
 * numbers are kept (begin), or what they have grown by is written to a file (end), one line a block
 * as "ADDRESS COUNT" in hexadecimal digits and a decimal number.
 *
 * The machine has one processor, so nothing is locked. Plugins of this version see no registers:
 * whose an address is must be told by the address, which is why the guest places the generator
 * where no server is.
 */
#include "machine/plugin/qemu_plugin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK_BYTES    7
#define MARK_BEGIN    1
#define MARK_END      2
#define TABLE_LEAST   (1U << 16)
#define PATH_ARGUMENT "out="

struct block {
    uint64_t address;
    uint64_t length;
    uint64_t count; /* of instructions so far */
    uint64_t begin; /* what that was at the mark */
    struct block *next;
};

static struct block *table[TABLE_LEAST];
static char path[4096];
int qemu_plugin_version = 1;

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv);

static struct block *find_block(uint64_t address, uint64_t length)
{
    size_t place = (size_t)((address * UINT64_C(0x9e3779b97f4a7c15)) >> 48);
    for (struct block *block = table[place]; block != NULL; block = block->next)
        if (block->address == address && block->length == length)
            return block;
    struct block *block = calloc(1, sizeof *block);
    if (block == NULL)
        abort();
    *block = (struct block){.address = address, .length = length, .next = table[place]};
    return table[place] = block;
}

static void keep_counts(void)
{
    for (size_t i = 0; i < TABLE_LEAST; i++)
        for (struct block *block = table[i]; block != NULL; block = block->next)
            block->begin = block->count;
}

static void write_counts(void)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return;
    for (size_t i = 0; i < TABLE_LEAST; i++)
        for (struct block *block = table[i]; block != NULL; block = block->next)
            if (block->count != block->begin)
                fprintf(file, "%" PRIx64 " %" PRIu64 "\n", block->address,
                        block->count - block->begin);
    fclose(file);
}

static void meet_mark(unsigned vcpu, void *context)
{
    (void)vcpu;
    if ((uintptr_t)context == MARK_BEGIN)
        keep_counts();
    else
        write_counts();
}

/* The number of a mark, 0 if it is none: nopl with "MAR" and the number for its distance. */
static unsigned mark_of(const struct qemu_plugin_insn *insn)
{
    static const unsigned char mark[MARK_BYTES - 1] = {0x0f, 0x1f, 0x80, 'M', 'A', 'R'};
    const unsigned char *bytes = qemu_plugin_insn_data(insn);
    if (qemu_plugin_insn_size(insn) != MARK_BYTES || memcmp(bytes, mark, sizeof mark) != 0)
        return 0;
    unsigned number = bytes[MARK_BYTES - 1];
    return number == MARK_BEGIN || number == MARK_END ? number : 0;
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    (void)id;
    size_t length = qemu_plugin_tb_n_insns(tb);
    struct block *block = find_block(qemu_plugin_tb_vaddr(tb), length);
    qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &block->count, length);
    for (size_t i = 0; i < length; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uintptr_t mark = mark_of(insn);
        if (mark != 0)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, meet_mark, QEMU_PLUGIN_CB_NO_REGS,
                                                   (void *)mark);
    }
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++)
        if (strncmp(argv[i], PATH_ARGUMENT, strlen(PATH_ARGUMENT)) == 0)
            snprintf(path, sizeof path, "%s", argv[i] + strlen(PATH_ARGUMENT));
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    return path[0] != '\0' ? 0 : -1;
}
