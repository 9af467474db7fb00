/* explain.c: `mnp explain CODE`: the page of docs/errors that is part of the compiler. */
#include "driver/driver.h"

#include <strings.h>

extern const TextFile error_pages[];

static const TextFile *page_of(const char *code) {
    size_t length = strlen(code);
    for (const TextFile *page = error_pages; page->path; page++)
        if (!strncasecmp(page->path, code, length) && !strcmp(page->path + length, ".md"))
            return page;
    return NULL;
}

int driver_explain(const char *code) {
    const TextFile *page = page_of(code);
    if (page) {
        fputs(page->text + 1, stdout);
        return 0;
    }
    fprintf(stderr, "mnp: no error has the code '%s'; there is", code);
    for (page = error_pages; page->path; page++)
        fprintf(stderr, "%s %.*s", page == error_pages ? "" : ",", (int)strlen(page->path) - 3, page->path);
    fputc('\n', stderr);
    return 2;
}
