/* error.c: the last error of a thread.
 *
 * The error is one for all objects that mnp made in a program, so it and the functions that C sees are weak:
 * the linker takes the first of each. Their layout never changes; if it must, so does the 1 in the name. */
#include "runtime.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((weak, visibility("default"))) _Thread_local LastError mnp_error_1;

/* Where an error is and the calls that it leaves, innermost first: lines "path:line:column\tfunction\n" of constants of
 * the program. Of a deep recursion the first and the last few are kept. */
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

/* A line as CPython writes it; the path may have colons. */
static void print_call(FILE *file, const char *where) {
    int end = (int)strcspn(where, "\t"), path = end, parts = 0, line;
    while (path > 0 && parts < 2)
        parts += where[--path] == ':';
    line = path + 1;
    fprintf(file, "  File \"%.*s\", line %.*s, in %.*s\n", path, where, (int)strcspn(where + line, ":"), where + line,
            (int)strcspn(where + end + 1, "\n"), where + end + 1);
}

void error_print_calls(FILE *file) {
    long skipped = call_count - INNER_MAX - OUTER_MAX;
    if (call_count > 1)
        fprintf(file, "Traceback (most recent call last):\n");
    for (long i = call_count - 1; i >= 0 && call_count > 1; i--) {
        if (i == INNER_MAX + skipped - 1 && skipped > 0) {
            fprintf(file, "  ... %ld calls more ...\n", skipped);
            i -= skipped;
        }
        print_call(file, i < INNER_MAX ? inner_calls[i] : outer_calls[(i - INNER_MAX) % OUTER_MAX]);
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
    const char *line = where;
    if (!mnp_error_1.place[0])
        snprintf(mnp_error_1.place, sizeof mnp_error_1.place, "%.*s", (int)strcspn(line, "\t"), line);
    for (; *line; line += strcspn(line, "\n") + 1)
        calls_add(line);
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
