/* What a file is, by its content. */
#ifndef GRADER_INTAKE_ARCHIVE_KIND_H
#define GRADER_INTAKE_ARCHIVE_KIND_H

enum archive_kind { ARCHIVE_NONE, ARCHIVE_ZIP, ARCHIVE_TAR };

/* An archive_kind (a packed tar is a tar, a packed anything else is none), or -errno. */
int archive_kind(const char *path);

#endif
