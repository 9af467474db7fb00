/* runner.c: runs one test. Its expectations stand in the .mnp file's comments:
 *
 *   # expect: LINE      the next line of standard output
 *   # error: TEXT       the compiler refuses with status 1 and says TEXT
 *   # unsupported: TEXT  it refuses with status 3 and says TEXT
 *   # fails: TEXT       the program ends with status 1 and says TEXT on standard error
 *   # verdict: TEXT     `mnp check --verdicts` has TEXT on one line
 *   # explain: TEXT     `mnp build --explain` has TEXT on one line
 *   # options: ...      for mnp build (default --fp=strict)
 *   # args: ...         for the program
 *
 * Programs are built and run at -O2 and at -O0, and run by `mnp run`. usage: runner MNP FILE WORK-DIRECTORY
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { TEXT_MAX = 1 << 18, LINES_MAX = 64 };

typedef struct {
    char expected[TEXT_MAX], options[256], arguments[256];
    char *fragments[LINES_MAX];
    int fragment_count, verdict_count, explained_count;
    char *verdicts[LINES_MAX], *explained[LINES_MAX];
    const char *kind;      /* "expect", "error", "unsupported", "fails" */
} Expectation;

static char source[TEXT_MAX];

static void die(const char *message, const char *detail) {
    fprintf(stderr, "%s: %s\n", message, detail);
    exit(1);
}

static void read_file(const char *path, char *text) {
    FILE *file = fopen(path, "rb");
    if (!file)
        die("cannot read", path);
    size_t length = fread(text, 1, TEXT_MAX - 1, file);
    text[length] = 0;
    fclose(file);
}

static void take_line(Expectation *e, char *line) {
    char *colon = strchr(line, ':');
    if (line[0] != '#' || line[1] != ' ' || !colon)
        return;
    char *value = colon[1] == ' ' ? colon + 2 : colon + 1;
    *colon = 0;
    const char *key = line + 2;
    if (!strcmp(key, "expect")) {
        strcat(strcat(e->expected, value), "\n");
        e->kind = e->kind ? e->kind : "expect";
    } else if (!strcmp(key, "error") || !strcmp(key, "unsupported") || !strcmp(key, "fails")) {
        e->kind = key;
        e->fragments[e->fragment_count++] = value;
    } else if (!strcmp(key, "verdict")) {
        e->verdicts[e->verdict_count++] = value;
    } else if (!strcmp(key, "explain")) {
        e->explained[e->explained_count++] = value;
    } else if (!strcmp(key, "options")) {
        snprintf(e->options, sizeof e->options, "%s", value);
    } else if (!strcmp(key, "args")) {
        snprintf(e->arguments, sizeof e->arguments, "%s", value);
    }
}

static int run(const char *command) {
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void must_contain(const char *path, char *const *fragments, int count) {
    static char text[TEXT_MAX];
    read_file(path, text);
    for (int i = 0; i < count; i++)
        if (!strstr(text, fragments[i])) {
            fprintf(stderr, "expected to read \"%s\" in:\n%s\n", fragments[i], text);
            exit(1);
        }
}

/* Runs a shell command in the work directory: output and status are what the expectation says. */
static void must_print(const Expectation *e, const char *program, const char *work, const char *level) {
    char command[4096], output[1024];
    static char actual[TEXT_MAX];
    snprintf(command, sizeof command, "cd %s && %s %s > out 2> err", work, program, e->arguments);
    int status = run(command), wanted = !strcmp(e->kind, "fails");
    snprintf(output, sizeof output, "%s/out", work);
    read_file(output, actual);
    if (strcmp(actual, e->expected)) {
        fprintf(stderr, "at %s expected:\n%s\ngot:\n%s\n", level, e->expected, actual);
        exit(1);
    }
    snprintf(output, sizeof output, "%s/err", work);
    if (status != wanted) {
        read_file(output, actual);
        fprintf(stderr, "at %s: status %d, not %d\n%s\n", level, status, wanted, actual);
        exit(1);
    }
    if (wanted)
        must_contain(output, e->fragments, e->fragment_count);
}

static void run_program(const Expectation *e, const char *mnp, const char *file, const char *work,
                        const char *level) {
    char command[4096], output[1024];
    static char actual[TEXT_MAX];
    snprintf(command, sizeof command, "%s build %s %s %s -o %s/program > %s/log 2>&1", mnp, level, e->options, file,
             work, work);
    if (run(command)) {
        snprintf(output, sizeof output, "%s/log", work);
        read_file(output, actual);
        die("the build fails", actual);
    }
    must_print(e, "ASAN_OPTIONS=detect_leaks=1 ./program", work, level);
}

/* The same in the compiler's process. */
static void run_in_process(const Expectation *e, const char *mnp, const char *file, const char *work) {
    char command[2048];
    snprintf(command, sizeof command, "%s run %s %s", mnp, e->options, file);
    must_print(e, command, work, "mnp run");
}

static void run_refused(const Expectation *e, const char *mnp, const char *file, const char *work) {
    char command[4096], output[1024];
    snprintf(command, sizeof command, "%s check %s %s > %s/log 2>&1", mnp, e->options, file, work);
    int status = run(command), wanted = !strcmp(e->kind, "error") ? 1 : 3;
    snprintf(output, sizeof output, "%s/log", work);
    must_contain(output, e->fragments, e->fragment_count);
    if (status != wanted) {
        fprintf(stderr, "status %d, not %d\n", status, wanted);
        exit(1);
    }
}

int main(int count, char **arguments) {
    static Expectation e;
    char command[4096], output[1024];
    if (count != 4)
        die("usage", "runner MNP FILE WORK-DIRECTORY");
    const char *mnp = arguments[1], *file = arguments[2], *work = arguments[3];
    snprintf(command, sizeof command, "mkdir -p %s", work);
    run(command);
    strcpy(e.options, "--fp=strict");
    read_file(file, source);
    for (char *line = strtok(source, "\n"); line; line = strtok(NULL, "\n"))
        take_line(&e, line);
    if (e.verdict_count) {
        snprintf(command, sizeof command, "%s check -c --verdicts %s > %s/verdicts 2>&1", mnp, file, work);
        run(command);
        snprintf(output, sizeof output, "%s/verdicts", work);
        must_contain(output, e.verdicts, e.verdict_count);
        if (!e.kind)
            return 0;
    }
    if (e.explained_count) {
        snprintf(command, sizeof command, "%s build --explain --dump=none %s %s > %s/explained 2>&1", mnp, e.options, file,
                 work);
        run(command);
        snprintf(output, sizeof output, "%s/explained", work);
        must_contain(output, e.explained, e.explained_count);
    }
    if (!e.kind)
        die("no expectation in", file);
    if (!strcmp(e.kind, "expect") || !strcmp(e.kind, "fails")) {
        run_program(&e, mnp, file, work, "-O2");
        run_program(&e, mnp, file, work, "-O0");
        run_in_process(&e, mnp, file, work);
    } else {
        run_refused(&e, mnp, file, work);
    }
    return 0;
}
