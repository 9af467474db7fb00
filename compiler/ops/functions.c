/* functions.c: the table of functions; ufuncs come from ops.def. */
#include "ops/ops.h"

static const FunctionInfo infos[] = {
#define FUNCTION(module, name, kind, op, parameters, exactness, doc)                               \
    {module, name, FUNCTION_##kind, op, parameters, exactness, doc},
#include "ops/functions.def"
#undef FUNCTION
};

enum { ROW_COUNT = sizeof infos / sizeof *infos };

static FunctionInfo ufuncs[OP_COUNT];

static const FunctionInfo *ufunc_info(const char *name) {
    static const char *const parameters[] = {"", "x, out=None, where=True, dtype=None", "x1, x2, out=None, where=True, dtype=None"};
    Op op;
    if (!op_by_numpy(name, &op))
        return NULL;
    const OpInfo *row = op_info(op);
    ufuncs[op] = (FunctionInfo){"np",  row->numpy,     FUNCTION_UFUNC, (int)op, parameters[row->arity],
                                row->exactness, row->doc};
    return &ufuncs[op];
}

const FunctionInfo *function_find(const char *module, const char *name) {
    for (int i = 0; i < ROW_COUNT; i++)
        if (!strcmp(infos[i].module, module) && !strcmp(infos[i].name, name))
            return &infos[i];
    return strcmp(module, "np") ? NULL : ufunc_info(name);
}

int function_count(void) {
    return ROW_COUNT + OP_COUNT;
}

const FunctionInfo *function_at(int index) {
    if (index < ROW_COUNT)
        return &infos[index];
    const char *name = op_info((Op)(index - ROW_COUNT))->numpy;
    return name ? ufunc_info(name) : NULL;
}
