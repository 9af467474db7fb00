/* ops.c: `mnp ops`: every function of the tables, a line each, for readers and for tests. */
#include "driver/driver.h"

void driver_ops(FILE *file) {
    for (int i = 0; i < function_count(); i++) {
        const FunctionInfo *info = function_at(i);
        if (info)
            fprintf(file, "%s.%s(%s)\t%s\t%s\n", info->module, info->name, info->parameters, info->exactness, info->doc);
    }
}
