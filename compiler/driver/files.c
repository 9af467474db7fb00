/* files.c: outputs are written beside their name and renamed when all is well; what is left after a failure goes
 * with the process. Tools run as child processes. */
#include "driver/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { TEMPORARIES_MAX = 16 };

static char *temporaries[TEMPORARIES_MAX];
static int temporary_count;

static void remove_temporaries(void) {
    for (int i = 0; i < temporary_count; i++)
        remove(temporaries[i]);
}

char *temporary_name(const char *path, const char *suffix) {
    Text text = {0};
    text_printf(&text, "%s.%07ld%s", path, (long)getpid(), suffix);
    if (!temporary_count && (atexit(remove_temporaries) || at_quick_exit(remove_temporaries)))
        out_of_memory();
    if (temporary_count == TEMPORARIES_MAX)
        BUG("too many temporary files");
    temporaries[temporary_count++] = text.data;
    return text.data;
}

void rename_output(const char *temporary, const char *path) {
    if (rename(temporary, path))
        fatal("cannot write %s: %s", path, strerror(errno));
}

void require_writable(const char *path) {
    struct stat status;
    if (!stat(path, &status) && S_ISDIR(status.st_mode))
        fatal("cannot write %s: %s", path, strerror(EISDIR));
    const char *temporary = temporary_name(path, "~");
    int file = open(temporary, O_WRONLY | O_CREAT, 0600);
    if (file < 0)
        fatal("cannot write %s: %s", path, strerror(errno));
    close(file);
    remove(temporary);
}

static int wait_for(pid_t child) {
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool try_tool(char *const *arguments) {
    pid_t child;
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    int error = posix_spawnp(&child, arguments[0], &quiet, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&quiet);
    return !error && wait_for(child) == 0;
}

void run_tool(char *const *arguments) {
    pid_t child;
    fflush(NULL);
    int error = posix_spawnp(&child, arguments[0], NULL, NULL, arguments, environ);
    if (error)
        fatal("cannot run %s: %s", arguments[0], strerror(error));
    int status = wait_for(child);
    if (status)
        fatal("%s failed with status %d", arguments[0], status);
}

int run_program(const char *path, char **arguments) {
    pid_t child;
    int error = posix_spawn(&child, path, NULL, NULL, arguments, environ);
    if (error)
        fatal("cannot run %s: %s", path, strerror(error));
    return wait_for(child);
}
