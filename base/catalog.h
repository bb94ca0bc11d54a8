/* The texts of one language, as gettext's msgfmt has compiled them: a .mo file in memory. */
#ifndef BASE_CATALOG_H
#define BASE_CATALOG_H

/* What `text` is in that language, or NULL if the catalog has no such text. `form` is that of the
 * plural, 0 for one. Lives as long as the catalog. `catalog` needs no alignment.
 *
 * The format: https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html, in the order of
 * bytes that msgfmt writes on every machine, little-endian. */
const char *catalog_text(const char *catalog, const char *text, unsigned form);

#endif
