/* passes.h: the passes over the nest IR, one a file. driver/pipeline.c has their order. */
#ifndef MNP_PASSES_H
#define MNP_PASSES_H

#include "nest/nest.h"

/* What a pass may want to know of the target and the options. */
typedef struct {
    int vector_width;     /* f64 lanes of a register */
    bool has_fma;
} PassContext;

void pass_simplify(Module *module, const PassContext *context);
void pass_views(Module *module, const PassContext *context);
void pass_checks(Module *module, const PassContext *context);
void pass_raise(Module *module, const PassContext *context);
void pass_destination(Module *module, const PassContext *context);
void pass_schedule(Module *module, const PassContext *context);

#endif
