/* stack.c: how deep calls of recursive functions are. */
#include "runtime.h"

#include <sys/resource.h>

/* Calls of recursive functions under way, and where the stack was at the first of them. */
enum { CALLS_MAX = 10000, STACK_MARGIN = 1 << 18 };
static _Thread_local int calls;
static _Thread_local char *stack;

static size_t stack_size(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur == RLIM_INFINITY)
        return (size_t)8 << 20;
    return (size_t)limit.rlim_cur;
}

/* An error leaves all calls. */
void calls_forget(void) {
    calls = 0;
}

int mnp_enter(void) {
    char here;
    if (calls++ == 0)
        stack = &here;
    size_t used = (size_t)(stack > &here ? stack - &here : &here - stack);
    if (calls > CALLS_MAX || used + STACK_MARGIN > stack_size())
        return error_set("RecursionError", "maximum recursion depth exceeded");
    return 0;
}

void mnp_leave(void) {
    calls--;
}
