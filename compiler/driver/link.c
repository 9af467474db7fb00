/* link.c: executables, and objects for C programs, from what LLVM wrote and the runtime's library. */
#include "driver/driver.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* `lib/libmnprt.a` beside the directory of this executable. */
static char *runtime_path(void) {
    static char path[4096];
    char self[4000];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0)
        fatal("cannot find the compiler's own path: %s", strerror(errno));
    self[length] = 0;
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(self, '/');
        if (slash)
            *slash = 0;
    }
    snprintf(path, sizeof path, "%s/lib/libmnprt.a", self);
    if (access(path, R_OK))
        fatal("cannot find the runtime %s: %s", path, strerror(errno));
    return path;
}

enum { WORDS_MAX = 32 + INPUTS_MAX };

/* A command line as it grows. */
typedef struct {
    char *words[WORDS_MAX + 1];
    int count;
} Command;

static void add_words(Command *command, char *const *words, int count) {
    if (command->count + count > WORDS_MAX)
        BUG("a command of too many words");
    for (int i = 0; i < count; i++)
        command->words[command->count++] = words[i];
}

#define ADD_WORDS(command, ...)                                                                                        \
    add_words(command, (char *[]){__VA_ARGS__}, (int)(sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)))

/* ---- executables --------------------------------------------------------------------------- */

/* Where the C library's start files are, or NULL. */
static const char *start_files(void) {
    static const char *const places[] = {"/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char path[64];
        bool all = true;
        for (int k = 0; k < 3; k++) {
            static const char *const names[] = {"Scrt1.o", "crti.o", "crtn.o"};
            snprintf(path, sizeof path, "%s/%s", places[i], names[k]);
            all = all && !access(path, R_OK);
        }
        if (all)
            return places[i];
    }
    return NULL;
}

/* What cc would tell the linker, without cc: half of the time. False where a file is not where most systems have it,
 * or where anything at all goes wrong. */
static bool link_directly(char *linker, char *const *objects, int count, char *output) {
    static char loader[] = "/lib64/ld-linux-x86-64.so.2";
    const char *place = start_files();
    if (!place || access(loader, X_OK))
        return false;
    char start[64], prologue[64], epilogue[64], library[64];
    snprintf(start, sizeof start, "%s/Scrt1.o", place);
    snprintf(prologue, sizeof prologue, "%s/crti.o", place);
    snprintf(epilogue, sizeof epilogue, "%s/crtn.o", place);
    snprintf(library, sizeof library, "-L%s", place);
    Command command = {.count = 0};
    ADD_WORDS(&command, linker, "-pie", "-m", "elf_x86_64", "--hash-style=gnu", "--eh-frame-hdr", "-z", "relro",
              "-z", "now", "--gc-sections", "-O1", "-dynamic-linker", loader, "-o", output, library, start, prologue);
    add_words(&command, objects, count);
    ADD_WORDS(&command, runtime_path(), "--as-needed", "-lm", "-lc", epilogue);
    return try_tool(command.words);
}

static void link_by_cc(char *const *objects, int count, char *const *extras, int extra_count, char *output) {
    /* A runtime that was built with a sanitizer wants the same flag here. */
    char *flags = getenv("MNP_LINK_FLAGS");
    Command command = {.count = 0};
    ADD_WORDS(&command, "cc", "-o", output);
    add_words(&command, objects, count);
    add_words(&command, extras, extra_count);
    ADD_WORDS(&command, runtime_path(), "-Wl,--gc-sections", "-Wl,-O1", "-Wl,--as-needed", "-lm");
    add_words(&command, &flags, flags && *flags);
    run_tool(command.words);
}

void link_program(char *const *objects, int count, const DriverOptions *options, const char *output) {
    char *temporary = temporary_name(output, "~"), *flags = getenv("MNP_LINK_FLAGS");
    bool plain = !options->extra_count && !(flags && *flags);
    if (!plain || !(link_directly("ld.gold", objects, count, temporary) ||
                    link_directly("ld", objects, count, temporary)))
        link_by_cc(objects, count, options->extras, options->extra_count, temporary);
    rename_output(temporary, output);
}

/* ---- objects ------------------------------------------------------------------------------- */

void link_library(char *const *objects, int count, const char *output) {
    char *joined = temporary_name(output, ".r~"), *temporary = temporary_name(output, "~");
    Command command = {.count = 0};
    ADD_WORDS(&command, "ld", "-r", "--gc-sections", "--gc-keep-exported", "-u", "mnp_last_error", "-u",
              "mnp_set_error", "-u", "mnp_array_free", "-o", joined);
    add_words(&command, objects, count);
    ADD_WORDS(&command, runtime_path());
    run_tool(command.words);
    /* The runtime is hidden but for what mnp.h declares, and so is what parts share: it stays inside, so that two
     * objects link into one program. */
    char *hide[] = {"objcopy", "--localize-hidden", joined, temporary, NULL};
    run_tool(hide);
    rename_output(temporary, output);
}
