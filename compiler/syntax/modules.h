/* modules.h: a program with the modules that it imports, and the library in .mnp. */
#ifndef MNP_MODULES_H
#define MNP_MODULES_H

#include "syntax/ast.h"

/* The files of stdlib/np/. */
extern const TextFile standard_files[];

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
