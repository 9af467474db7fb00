/* views.c: accesses through affine views become accesses of the roots, axis by axis:
 *   v = view a start (s) axes (0*t);  v[i]   ->   a[s + t * i]
 */
#include "passes/passes.h"

static void compose(Value **array, Size *index) {
    while ((*array)->node && (*array)->node->kind == NODE_VIEW &&
           (*array)->node->as.view.kind == VIEW_AFFINE && !(*array)->is_head) {
        const Node *view = (*array)->node;
        Value *base = view->as.view.base;
        Size outer[RANK_MAX];
        for (int axis = 0; axis < base->rank; axis++)
            outer[axis] = view->as.view.start[axis];
        for (int j = 0; j < (*array)->rank; j++) {
            int axis = view->as.view.axis[j];
            if (axis >= 0)
                outer[axis] = size_add(outer[axis], size_mul(view->as.view.step[j], index[j]));
        }
        for (int axis = 0; axis < base->rank; axis++)
            index[axis] = outer[axis];
        *array = base;
    }
}

static void rewrite(Region *region) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_LOAD)
            compose(&node->as.load.array, node->as.load.index);
        if (node->kind == NODE_STORE)
            compose(&node->as.store.array, node->as.store.index);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            rewrite(regions[i]);
    }
}

void pass_views(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next)
        rewrite(function->body);
}
