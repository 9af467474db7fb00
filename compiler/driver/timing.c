/* timing.c: what --time-passes prints. */
#include "driver/driver.h"

#include <time.h>

double timing_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

void timing_report(const char *name, double milliseconds) {
    fprintf(stderr, "%-12s %8.3f ms\n", name, milliseconds);
}
