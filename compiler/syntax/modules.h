/* modules.h: a program with the modules that it imports, and the library in .mnp. */
#ifndef MNP_MODULES_H
#define MNP_MODULES_H

#include "syntax/ast.h"

/* A file of stdlib/np, part of the compiler. The list ends with a NULL path. */
typedef struct {
    const char *path, *text;   /* the text has a line end in front */
} StandardFile;

extern const StandardFile standard_files[];

/* Where modules are looked for, after the directory of the file that imports them. */
typedef struct {
    const char *const *directories;
    int count;
} ModulePlaces;

/* Parses a program and all that it imports: one tree, in which names of modules are `module.name`. Raises
 * diagnostics. */
Ast *parse_program(Arena *arena, uint32_t file, const ModulePlaces *places);
/* The library in .mnp defines NumPy's `name`. */
bool standard_has(const char *name);

#endif
