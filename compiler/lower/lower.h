/* lower.h: from the typed tree to the nest IR.
 *
 * Every function is lowered as written: one statement after the other, each array statement a
 * loop nest into its target (through a fresh temporary where the target might be read), each
 * index with its CHECK. Element-wise expressions become one nest a statement. FMAs are formed
 * here, within one source expression (language.md, section 6), unless `strict`.
 */
#ifndef MNP_LOWER_H
#define MNP_LOWER_H

#include "check/typed.h"
#include "nest/nest.h"

typedef struct {
    bool contract;     /* --fp=contract: form FMAs */
    bool library;
} LowerOptions;

/* An exported function `f` becomes two: `f` (contiguous and apart) and `f.general` (strided, may
 * overlap), linked by Function.general. */
Module *lower_program(const TProgram *program, const char *source_path,
                      const LowerOptions *options);

#endif
