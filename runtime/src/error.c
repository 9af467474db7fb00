/* error.c: the last error of a thread, and how a program ends. */
#include "runtime.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_MAX = 1024, PLACE_MAX = 256 };

static _Thread_local char message[MESSAGE_MAX];
static _Thread_local char place[PLACE_MAX];

int error_set(const char *exception, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = snprintf(message, sizeof message, "%s", exception);
    char text[MESSAGE_MAX / 2];
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (*text)
        snprintf(message + length, sizeof message - (size_t)length, ": %s", text);
    place[0] = 0;
    return 1;
}

void mnp_at(void *where) {
    if (!place[0])
        snprintf(place, sizeof place, "%s", (const char *)where);
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

const char *mnp_last_error(void) {
    static _Thread_local char full[MESSAGE_MAX + PLACE_MAX + 8];
    if (place[0])
        snprintf(full, sizeof full, "%s (%s)", message, place);
    else
        snprintf(full, sizeof full, "%s", message);
    return full;
}

int mnp_finish(int status) {
    int lost = fflush(stdout) != 0 || ferror(stdout);
    if (status)
        fprintf(stderr, "%s%s%s\n", place, place[0] ? ": " : "", message);
    else if (lost)
        fprintf(stderr, "OSError: standard output could not be written\n");
    return status || lost;
}
