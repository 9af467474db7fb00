/* program.c: how a program ends. */
#include "runtime.h"

#include <stdio.h>

int mnp_finish(int status) {
    int lost = fflush(stdout) != 0 || ferror(stdout);
    if (status) {
        error_print_calls(stderr);
        fprintf(stderr, "%s%s%s\n", mnp_error_1.place, mnp_error_1.place[0] ? ": " : "", mnp_error_1.message);
    } else if (lost) {
        fprintf(stderr, "OSError: standard output could not be written\n");
    }
    return status || lost;
}
