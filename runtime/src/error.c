/* error.c: the last error of a thread.
 *
 * The error is one for all objects that mnp made in a program, so it and the functions that C sees are weak:
 * the linker takes the first of each. Their layout never changes; if it must, so does the 1 in the name. */
#include "runtime.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((weak, visibility("default"))) _Thread_local LastError mnp_error_1;

/* The calls that an error leaves, innermost first: their places are constants of the program. Of a deep recursion the
 * first and the last few are kept. */
enum { INNER_MAX = 8, OUTER_MAX = 8 };
static _Thread_local const char *inner_calls[INNER_MAX], *outer_calls[OUTER_MAX];
static _Thread_local long call_count;

static void calls_add(const char *where) {
    if (call_count < INNER_MAX)
        inner_calls[call_count] = where;
    else
        outer_calls[(call_count - INNER_MAX) % OUTER_MAX] = where;
    call_count++;
}

void error_print_calls(FILE *file) {
    long skipped = call_count - INNER_MAX - OUTER_MAX;
    for (long i = 0; i < call_count; i++) {
        if (i == INNER_MAX && skipped > 0) {
            fprintf(file, "  ... %ld calls more ...\n", skipped);
            i += skipped;
        }
        fprintf(file, "  called from %s\n", i < INNER_MAX ? inner_calls[i] : outer_calls[(i - INNER_MAX) % OUTER_MAX]);
    }
}

int error_set(const char *exception, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = snprintf(mnp_error_1.message, sizeof mnp_error_1.message, "%s", exception);
    char text[MESSAGE_MAX / 2];
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (*text)
        snprintf(mnp_error_1.message + length, sizeof mnp_error_1.message - (size_t)length, ": %s", text);
    mnp_error_1.place[0] = 0;
    call_count = 0;
    calls_forget();
    return 1;
}

void mnp_at(void *where) {
    if (mnp_error_1.place[0])
        calls_add(where);
    else
        snprintf(mnp_error_1.place, sizeof mnp_error_1.place, "%s", (const char *)where);
}

void mnp_fail(int64_t failure, int64_t a, int64_t b, int64_t c, void *where) {
    static const char *const rows[][2] = {
#define FAILURE(name, exception, text) {exception, text},
#include "../failures.def"
#undef FAILURE
    };
    char text[MESSAGE_MAX / 2];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, rows[failure][1], (long long)a, (long long)b, (long long)c);
#pragma GCC diagnostic pop
    error_set(rows[failure][0], "%s", text);
    mnp_at(where);
}

void mnp_raise(void *exception, void *text, int64_t length, void *where) {
    error_set(exception, "%.*s", (int)(length < 400 ? length : 400), text ? (const char *)text : "");
    mnp_at(where);
}

__attribute__((weak, visibility("default"))) const char *mnp_last_error(void) {
    LastError *last = &mnp_error_1;
    if (last->place[0])
        snprintf(last->full, sizeof last->full, "%.1023s (%.255s)", last->message, last->place);
    else
        snprintf(last->full, sizeof last->full, "%.1023s", last->message);
    return last->full;
}

__attribute__((weak, visibility("default"))) int mnp_set_error(const char *text) {
    snprintf(mnp_error_1.message, sizeof mnp_error_1.message, "%s", text);
    mnp_error_1.place[0] = 0;
    call_count = 0;
    calls_forget();
    return 1;
}

/* A function of C is called: what it does not say itself is said for it. */
void mnp_external_begin(void) {
    mnp_error_1.message[0] = mnp_error_1.place[0] = 0;
}

void mnp_external_failed(void *name, void *where) {
    if (!mnp_error_1.message[0])
        error_set("RuntimeError", "%s failed", (const char *)name);
    mnp_at(where);
}
