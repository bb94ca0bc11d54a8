/* Files that are part of the program, taken in by the assembler when it is built. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration has none

/* Declares and defines `name`: what stands in the file at `path`, a string, and a NUL; where it
 * ends, before the NUL, is `name`_end. */
#define EMBED(name, path)                                                                          \
    extern const char name[];                                                                      \
    extern const char name##_end[];                                                                \
    __asm__(".pushsection .rodata\n"                                                               \
            ".type " #name ", %object\n" #name ":\n"                                               \
            ".incbin \"" path "\"\n" #name "_end: .byte 0\n"                                       \
            ".size " #name ", . - " #name "\n"                                                     \
            ".popsection\n")

// NOLINTEND(bugprone-macro-parentheses)

#endif
