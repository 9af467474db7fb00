#include "passes/passes.h"
void pass_simplify(Module *m, const PassContext *c) {(void)m;(void)c;}
void pass_views(Module *m, const PassContext *c) {(void)m;(void)c;}
void pass_checks(Module *m, const PassContext *c) {(void)m;(void)c;}
void pass_raise(Module *m, const PassContext *c) {(void)m;(void)c;}
void pass_destination(Module *m, const PassContext *c) {(void)m;(void)c;}
void pass_schedule(Module *m, const PassContext *c) {(void)m;(void)c;}
Snapshot *snapshot_take(const Module *m, int w){(void)m;(void)w;return 0;}
void snapshot_compare(const Snapshot *b, const Module *m, const char *w){(void)b;(void)m;(void)w;}
