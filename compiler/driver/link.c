/* link.c: the linker, temporary files, and the runtime's library. */
#include "driver/driver.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* `lib/libmnprt.a` beside the directory of this executable. */
static const char *runtime_path(void) {
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

static void run_tool(char *const *arguments) {
    pid_t child;
    int status;
    if (posix_spawnp(&child, arguments[0], NULL, NULL, arguments, environ))
        fatal("cannot run %s: %s", arguments[0], strerror(errno));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (status)
        fatal("%s failed", arguments[0]);
}

int run_program(const char *path, char **arguments) {
    pid_t child;
    int status;
    if (posix_spawn(&child, path, NULL, NULL, arguments, environ))
        fatal("cannot run %s: %s", path, strerror(errno));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

char *temporary_name(const char *path, const char *suffix) {
    Text text = {0};
    text_printf(&text, "%s.%ld%s", path, (long)getpid(), suffix);
    return text.data;
}

void rename_output(const char *temporary, const char *path) {
    if (rename(temporary, path)) {
        int error = errno;
        remove(temporary);
        fatal("cannot write %s: %s", path, strerror(error));
    }
}

enum { ARGUMENTS_MAX = 24 };

/* A command line as it grows. */
typedef struct {
    char *words[ARGUMENTS_MAX + 1];
    int count;
} Command;

static void add_words(Command *command, char *const *words, int count) {
    if (command->count + count > ARGUMENTS_MAX)
        BUG("a command of too many words");
    for (int i = 0; i < count; i++)
        command->words[command->count++] = words[i];
}

void link_program(char *const *objects, int count, const char *output) {
    char *temporary = temporary_name(output, "~");
    /* A runtime that was built with a sanitizer wants the same flag here. */
    char *extra = getenv("MNP_LINK_FLAGS");
    char *first[] = {"cc", "-o", temporary};
    char *last[] = {(char *)runtime_path(), "-Wl,--gc-sections", "-Wl,-O1", "-lm", extra};
    Command command = {.count = 0};
    add_words(&command, first, 3);
    add_words(&command, objects, count);
    add_words(&command, last, extra && *extra ? 5 : 4);
    run_tool(command.words);
    rename_output(temporary, output);
    free(temporary);
}

void link_library(char *const *objects, int count, const char *output) {
    char *joined = temporary_name(output, ".r~"), *temporary = temporary_name(output, "~");
    char *first[] = {"ld", "-r", "--gc-sections", "--gc-keep-exported", "-u", "mnp_last_error", "-u", "mnp_set_error",
                     "-u", "mnp_array_free", "-o", joined};
    char *last[] = {(char *)runtime_path()};
    Command command = {.count = 0};
    add_words(&command, first, sizeof first / sizeof *first);
    add_words(&command, objects, count);
    add_words(&command, last, 1);
    run_tool(command.words);
    /* The runtime is hidden but for what mnp.h declares, and so is what parts share: it stays inside, so that two
     * objects link into one program. */
    char *hide[] = {"objcopy", "--localize-hidden", joined, temporary, NULL};
    run_tool(hide);
    remove(joined);
    rename_output(temporary, output);
    free(joined);
    free(temporary);
}
