/* What is unpacked and what is refused, with a witness beside it that nothing may happen to. */
#include "grader/intake/archive.h"
#include "base/memory.h"
#include "grader/intake/tree_empty.h"
#include "tests/support/archive_maker.h"

#include <archive.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/*** Right ones ***/

static char right_kinds[][8] = {"zip", "tar", "tar.gz", "tar.xz", "tar.zst", "tar.bz2"};

ParameterizedTestParameters(archive, takes_a_right_one_of_each_kind)
{
    return cr_make_param_array(char[8], right_kinds, LENGTH(right_kinds));
}

ParameterizedTest(char kind[8], archive, takes_a_right_one_of_each_kind)
{
    struct yard yard;
    char *trouble = NULL;
    umask(077);
    yard_open(&yard);
    chmod(yard.inside, 0755);
    char *witness = yard_path(&yard, "witness");
    chmod(witness, 0644);
    free(witness);
    struct archive *archive = yard_begin(&yard, kind);
    maker_add(archive, "source/", S_IFDIR | 0700, "");
    maker_add(archive, "source/server.py", S_IFREG | 0600, "print('here')\n");
    maker_add(archive, "source/run", S_IFREG | S_ISUID | S_ISGID | 0700, "#!/bin/sh\n");
    maker_add(archive, "./deep/er/quoted \"it's\"\nlines", S_IFREG | 0444, "text");
    maker_add(archive, "empty", S_IFREG | 0666, "");
    maker_close(archive);
    cr_expect_eq(yard_extract(&yard, &trouble), 0, "%s: %s", kind, trouble);
    yard_expect_file(&yard, "source/server.py", "print('here')\n", S_IFREG | 0644);
    yard_expect_file(&yard, "source/run", "#!/bin/sh\n", S_IFREG | 0755);
    yard_expect_file(&yard, "deep/er/quoted \"it's\"\nlines", "text", S_IFREG | 0644);
    yard_expect_file(&yard, "empty", "", S_IFREG | 0644);
    char *folder = text_of("%s/deep", yard.inside);
    struct stat status;
    cr_expect(stat(folder, &status) == 0 && status.st_mode == (S_IFDIR | 0755));
    free(folder);
    cr_expect_eq(count_names(yard.inside), 3);
    yard_check(&yard, false);
    yard_close(&yard);
}

Test(archive, takes_names_beyond_ascii)
{
    for (size_t i = 0; i < 2; i++) {
        struct yard yard;
        char *trouble = NULL;
        setlocale(LC_CTYPE, "C.UTF-8"); /* for the writer */
        yard_open(&yard);
        struct archive *archive = yard_begin(&yard, i == 0 ? "zip" : "tar");
        maker_add(archive, "zo\xC3\xA9.py", S_IFREG | 0644, "1");
        maker_close(archive);
        setlocale(LC_CTYPE, "C");
        cr_expect_eq(yard_extract(&yard, &trouble), 0, "%s", trouble);
        yard_expect_file(&yard, "zo\xC3\xA9.py", "1", S_IFREG | 0644);
        yard_close(&yard);
    }
}

Test(archive, takes_what_pythons_modules_write)
{
    static const char script[] =
        "import sys,zipfile,tarfile,io\n"
        "z=zipfile.ZipFile(sys.argv[1]+'1','w',zipfile.ZIP_DEFLATED)\n"
        "z.writestr('a/zo\\xe9.py','1');z.close()\n"
        "for n,f in enumerate((tarfile.PAX_FORMAT,tarfile.GNU_FORMAT,tarfile.USTAR_FORMAT)):\n"
        "  t=tarfile.open(sys.argv[1]+str(n+2),'w:gz',format=f)\n"
        "  i=tarfile.TarInfo('a/zo\\udce9'+'x'*90+'.py' if n<2 else 'a/b.py')\n"
        "  i.size=1;t.addfile(i,io.BytesIO(b'1'));t.close()\n";
    struct yard yard;
    yard_open(&yard);
    char *base = yard_path(&yard, "archive");
    yard_write(&yard, "archive.py", script, strlen(script));
    char *command = text_of("python3 %s.py %s", base, base);
    cr_assert_eq(system(command), 0); // NOLINT(cert-env33-c)
    for (int i = 1; i <= 4; i++) {
        char *trouble = NULL;
        char *path = text_of("%s%d", base, i);
        cr_expect_eq(maker_extract(path, yard.inside, &yard_limits, &trouble), 0, "%d: %s", i,
                     trouble);
        cr_expect_eq(count_names(yard.inside), 1);
        cr_expect_eq(tree_remove(yard.inside), 0);
        cr_expect_eq(mkdir(yard.inside, 0755), 0);
        free(trouble);
        free(path);
    }
    free(command);
    free(base);
    yard_close(&yard);
}

Test(archive, leaves_an_archive_within_packed)
{
    struct yard yard;
    char *trouble = NULL;
    yard_open(&yard);
    char *inner_path = yard_path(&yard, "archive-inner");
    struct archive *inner = maker_open(inner_path, "zip");
    maker_add_zeros(inner, "zeros", 10 * yard_limits.bytes);
    maker_close(inner);
    size_t count = 0;
    char *data = read_whole(inner_path, &count);
    char *path = yard_path(&yard, "archive");
    char *command = text_of("cd %s && python3 -c \"import zipfile; "
                            "zipfile.ZipFile('archive','w').write('archive-inner','inner.zip')\"",
                            yard.folder);
    cr_assert_eq(system(command), 0); // NOLINT(cert-env33-c)
    cr_expect_eq(yard_extract(&yard, &trouble), 0, "%s", trouble);
    cr_expect_eq(count_names(yard.inside), 1);
    free(command);
    free(path);
    free(data);
    free(inner_path);
    yard_close(&yard);
}

/*** Entries that are refused ***/

struct wrong_entry {
    char kind[8];
    char name[32];
    mode_t mode;
    char why[48];
};

static struct wrong_entry wrong_entries[] = {
    {"tar", "pipe", S_IFIFO | 0644, "'pipe' is a FIFO"},
    {"tar", "tty", S_IFCHR | 0644, "'tty' is a device"},
    {"tar", "disk", S_IFBLK | 0644, "'disk' is a device"},
    {"tar", "/absolute", S_IFREG | 0644, "'/absolute' is an absolute name"},
    {"zip", "/absolute", S_IFREG | 0644, "'/absolute' is an absolute name"},
    {"tar", "../escaped", S_IFREG | 0644, "'../escaped' leads out of the folder"},
    {"zip", "../escaped", S_IFREG | 0644, "'../escaped' leads out of the folder"},
    {"tar", "../witness", S_IFREG | 0644, "'../witness' leads out of the folder"},
    {"zip", "a/../../escaped", S_IFREG | 0644, "leads out of the folder"},
    {"tar", "a/..", S_IFDIR | 0755, "leads out of the folder"},
    {"tar", "..", S_IFDIR | 0755, "leads out of the folder"},
    {"tar.gz", "first", S_IFREG | 0644, "duplicate name 'first'"},
    {"zip", "first", S_IFREG | 0644, "duplicate name 'first'"},
    {"zip", "./first", S_IFREG | 0644, "duplicate name 'first'"},
    {"tar", "first/", S_IFDIR | 0755, "duplicate name 'first'"},
    {"tar", "first/below", S_IFREG | 0644, "'first' is both a file and a folder"},
    {"tar", "folder", S_IFREG | 0644, "duplicate name 'folder'"},
    {"zip", "folder/", S_IFDIR | 0755, "duplicate name 'folder'"},
    {"tar", "1/2/3/4/5", S_IFREG | 0644, "'1/2/3/4/5' is too deep"},
    {"tar", ".", S_IFREG | 0644, "'.' is not a file name"},
};

ParameterizedTestParameters(archive, refuses_a_wrong_entry)
{
    return cr_make_param_array(struct wrong_entry, wrong_entries, LENGTH(wrong_entries));
}

ParameterizedTest(struct wrong_entry *wrong, archive, refuses_a_wrong_entry)
{
    struct yard yard;
    yard_open(&yard);
    struct archive *archive = yard_begin(&yard, wrong->kind);
    maker_add(archive, "first", S_IFREG | 0644, "right");
    maker_add(archive, "folder/", S_IFDIR | 0755, "");
    maker_add(archive, wrong->name, wrong->mode, S_ISREG(wrong->mode) ? "wrong" : "");
    maker_add(archive, "last", S_IFREG | 0644, "right");
    maker_close(archive);
    yard_expect_refused(&yard, wrong->why);
    yard_close(&yard);
}

Test(archive, refuses_an_absolute_name_that_could_be_written)
{
    struct yard yard;
    yard_open(&yard);
    char *target = yard_path(&yard, "escaped");
    struct archive *archive = yard_begin(&yard, "tar");
    maker_add(archive, target, S_IFREG | 0644, "wrong");
    maker_close(archive);
    yard_expect_refused(&yard, "is an absolute name");
    free(target);
    yard_close(&yard);
}

Test(archive, refuses_links_and_what_would_go_through_them)
{
    for (int i = 0; i < 4; i++) {
        struct yard yard;
        yard_open(&yard);
        struct archive *archive = yard_begin(&yard, i == 3 ? "zip" : "tar");
        if (i == 0)
            maker_add(archive, "first", S_IFREG | 0644, "right");
        maker_add_link(archive, "link", i == 0 ? "first" : "../witness", i < 2);
        if (i >= 2)
            maker_add(archive, "link/escaped", S_IFREG | 0644, "wrong");
        maker_close(archive);
        yard_expect_refused(&yard, i < 2 ? "'link' is a hard link"
                                         : "'link/escaped' leads through a symbolic link");
        yard_close(&yard);
    }
}

/* As of a folder: a virtual environment is full of them. */
Test(archive, leaves_out_what_is_no_part_of_it)
{
    static const char *const kinds[] = {"tar.gz", "zip"};
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        struct yard yard;
        struct left_out left_out = {0};
        char *trouble = NULL;
        yard_open(&yard);
        struct archive *archive = yard_begin(&yard, kinds[i]);
        maker_add_link(archive, "bin/python", "/usr/bin/python3", false);
        maker_add(archive, "._server.py", S_IFREG | 0644, "attributes");
        maker_add(archive, "__MACOSX/in/any/depth/at/all", S_IFREG | 0644, "attributes");
        maker_add(archive, "in/node_modules/one.js", S_IFREG | 0644, "1");
        maker_add(archive, "in/node_modules/two.js", S_IFREG | 0644, "2");
        maker_add(archive, "in/__pycache__", S_IFREG | 0644, "a file may be called so");
        maker_close(archive);
        char *path = yard_path(&yard, "archive");
        struct archive_limits limits = yard_limits;
        limits.depth = 9;
        cr_expect_eq(archive_extract(path, yard.inside, &limits, &left_out, &trouble), 0, "%s",
                     trouble);
        cr_expect_eq(left_out_count(&left_out), 4);
        cr_expect(json_object_get(left_out.names[LEFT_OUT_TOOLS], "in/node_modules") != NULL);
        cr_expect(json_object_get(left_out.names[LEFT_OUT_SYSTEM], "__MACOSX") != NULL);
        cr_expect(json_object_get(left_out.names[LEFT_OUT_SPECIAL], "bin/python") != NULL);
        cr_expect_eq(count_names(yard.inside), 1);
        yard_expect_file(&yard, "in/__pycache__", "a file may be called so", S_IFREG | 0644);
        left_out_release(&left_out);
        free(path);
        yard_close(&yard);
    }
}

/* Windows and its zips know no such bit. */
Test(archive, lets_programs_be_executed)
{
    struct yard yard;
    char *trouble = NULL;
    yard_open(&yard);
    struct archive *archive = yard_begin(&yard, "zip");
    maker_add(archive, "start", S_IFREG | 0644, "#!/bin/sh\n");
    maker_add(archive, "server", S_IFREG | 0644, "\177ELF");
    maker_add(archive, "text", S_IFREG | 0644, "# !");
    maker_close(archive);
    cr_expect_eq(yard_extract(&yard, &trouble), 0, "%s", trouble);
    yard_expect_file(&yard, "start", "#!/bin/sh\n", S_IFREG | 0755);
    yard_expect_file(&yard, "server", "\177ELF", S_IFREG | 0755);
    yard_expect_file(&yard, "text", "# !", S_IFREG | 0644);
    yard_close(&yard);
}

Test(archive, refuses_a_socket)
{
    struct yard yard;
    yard_open(&yard);
    struct archive *archive = yard_begin(&yard, "zip");
    maker_add(archive, "talk", S_IFREG | 0644, "");
    maker_close(archive);
    char *path = yard_path(&yard, "archive");
    maker_patch(path, "\xA4\x81", "\xA4\xC1", 2); /* its mode: 0100644 becomes 0140644 */
    free(path);
    yard_expect_refused(&yard, "'talk' is a socket");
    yard_close(&yard);
}

Test(archive, refuses_a_part_of_more_than_255_bytes)
{
    for (size_t length = 255; length <= 256; length++) {
        struct yard yard;
        char name[300] = "folder/";
        memset(name + 7, 'x', length);
        yard_open(&yard);
        struct archive *archive = yard_begin(&yard, "tar");
        maker_add(archive, name, S_IFREG | 0644, "");
        maker_close(archive);
        char *trouble = NULL;
        if (length == 255)
            cr_expect_eq(yard_extract(&yard, &trouble), 0, "%s", trouble);
        else
            yard_expect_refused(&yard, "has a component longer than 255 bytes");
        yard_close(&yard);
    }
}

/* The library hands out what comes before the NUL, and that is all that the file is called. */
static void expect_cut(const struct yard *yard, const char *name)
{
    char *trouble = NULL;
    char *file = text_of("%s/%s", yard->inside, name);
    cr_expect_eq(yard_extract(yard, &trouble), 0, "%s", trouble);
    cr_expect_eq(access(file, F_OK), 0, "%s", file);
    cr_expect_eq(count_names(yard->inside), 2);
    yard_check(yard, false);
    free(trouble);
    free(file);
}

Test(archive, cuts_a_name_at_a_nul)
{
    struct yard yard;
    yard_open(&yard);
    struct archive *archive = yard_begin(&yard, "zip");
    maker_add(archive, "first", S_IFREG | 0644, "text");
    maker_add(archive, "server.py#", S_IFREG | 0644, "text");
    maker_close(archive);
    char *path = yard_path(&yard, "archive");
    maker_patch(path, "server.py#", "server.py\0", 10);
    free(path);
    expect_cut(&yard, "server.py");
    yard_close(&yard);
}

/* In either of the headers that a long name has in a tar. */
Test(archive, cuts_a_long_name_at_a_nul)
{
    static const char *const formats[] = {"PAX", "GNU"};
    for (size_t i = 0; i < LENGTH(formats); i++) {
        struct yard yard;
        char name[128] = "";
        yard_open(&yard);
        char *command =
            text_of("cd %s && python3 -c \"import tarfile\n"
                    "t = tarfile.open('archive', 'w', format=tarfile.%s_FORMAT)\n"
                    "for end in ('first', '#'): t.addfile(tarfile.TarInfo('x' * 120 + end))\n"
                    "t.close()\"",
                    yard.folder, formats[i]);
        cr_assert_eq(system(command), 0); // NOLINT(cert-env33-c)
        free(command);
        char *path = yard_path(&yard, "archive");
        maker_patch(path, "xxx#", "x\0xx", 4);
        free(path);
        memset(name, 'x', 118);
        expect_cut(&yard, name);
        yard_close(&yard);
    }
}

/* What a cut name leads to is looked at like any other. */
Test(archive, refuses_a_cut_name_like_any_other)
{
    static const struct {
        const char *cut;
        const char *why;
    } cases[] = {{"../escaped", "'../escaped' leads out of the folder"},
                 {"./../first", "'./../first' leads out of the folder"},
                 {"/tmp/first", "'/tmp/first' is an absolute name"},
                 {"././/first", "duplicate name 'first'"}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct yard yard;
        yard_open(&yard);
        struct archive *archive = yard_begin(&yard, "zip");
        maker_add(archive, "first", S_IFREG | 0644, "text");
        maker_add(archive, "in/my/home#.py", S_IFREG | 0644, "text");
        maker_close(archive);
        char *path = yard_path(&yard, "archive");
        maker_patch(path, "in/my/home#", cases[i].cut, 11); /* with its NUL */
        free(path);
        yard_expect_refused(&yard, cases[i].why);
        yard_close(&yard);
    }
}

Test(archive, refuses_an_empty_name)
{
    struct yard yard;
    yard_open(&yard);
    char *command =
        text_of("cd %s && python3 -c \"import tarfile; t = tarfile.open('archive', 'w'); "
                "t.addfile(tarfile.TarInfo('')); t.close()\"",
                yard.folder);
    cr_assert_eq(system(command), 0); // NOLINT(cert-env33-c)
    free(command);
    yard_expect_refused(&yard, "'' is an empty name");
    yard_close(&yard);
}
