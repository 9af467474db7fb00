#include "nest/nest.h"
Snapshot *snapshot_take(const Module *m, int w){(void)m;(void)w;return 0;}
void snapshot_compare(const Snapshot *b, const Module *m, const char *w){(void)b;(void)m;(void)w;}
