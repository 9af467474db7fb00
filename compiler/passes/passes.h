/* passes.h: the passes over the nest IR, one a file. driver/pipeline.c has their order. */
#ifndef MNP_PASSES_H
#define MNP_PASSES_H

#include "analysis/analysis.h"

void pass_simplify(Module *module, const PassContext *context);
void pass_inline(Module *module, const PassContext *context);
void pass_apart(Module *module, const PassContext *context);
void pass_common(Module *module, const PassContext *context);
void pass_views(Module *module, const PassContext *context);
void pass_checks(Module *module, const PassContext *context);
void pass_branches(Module *module, const PassContext *context);
void pass_buffers(Module *module, const PassContext *context);
void pass_siblings(Module *module, const PassContext *context);
void pass_narrow(Module *module, const PassContext *context);
void pass_expand(Module *module, const PassContext *context);
void pass_sums(Module *module, const PassContext *context);
void pass_fuse(Module *module, const PassContext *context);
void pass_hoist(Module *module, const PassContext *context);
void pass_report(Module *module, const PassContext *context);
void pass_raise(Module *module, const PassContext *context);
void pass_destination(Module *module, const PassContext *context);
void pass_place(Module *module, const PassContext *context);
void pass_distribute(Module *module, const PassContext *context);
void pass_signs(Module *module, const PassContext *context);
void pass_lives(Module *module, const PassContext *context);
void pass_peak(Module *module, const PassContext *context);

/* checks.c, for other passes: the region's checks and wraps that now are proved go, silently. */
void checks_drop_proved(Region *region, Facts *facts);
/* Zeroed buffers of the region of which every element is stored before one is read are not zeroed (zeros.c). */
void drop_zeroing(Region *region);

#endif
