/* The class as a page: checks times submissions, with links to the page of each. */
#ifndef GRADER_CLASS_CLASS_PAGE_H
#define GRADER_CLASS_CLASS_PAGE_H

#include "base/bytes.h"

#include <jansson.h>

/* Appends the page of a document of class_describe(). The pages of submissions lie beside their
 * documents, as "grades/alice.html". */
void class_page(const json_t *class, struct bytes *out);

#endif
