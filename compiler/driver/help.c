/* help.c: what the commands and their options are, in one table: `mnp --help`, `mnp COMMAND --help`. */
#include "driver/driver.h"

static const struct {
    const char *name, *arguments, *text;
} commands[] = {
    {"build", "[options] FILE.mnp [FILE.o FILE.a -lNAME -LDIR]", "an executable, or with -c an object and a header"},
    {"run", "[options] FILE.mnp [ARGS...]", "compiles and runs, in one process"},
    {"check", "[options] FILE.mnp", "only checks"},
    {"port", "[options] FILE.py", "what a program of NumPy's needs to become one of mnp's, all in one run"},
    {"explain", "CODE", "the story of an error, with an example"},
    {"ops", "", "lists the functions, how exact each is, and what it gives"},
};

/* `commands`: the first letters of those that take the option. */
static const struct {
    const char *spelling, *commands, *text;
} options[] = {
    {"-o FILE", "b", "output; - is standard output, for --emit"},
    {"-c", "bc", "an object with a C header, and no main; check: as that would be"},
    {"--emit=llvm|asm|header", "b", "another output"},
    {"-I DIR", "bcpr", "modules are looked for here, too"},
    {"-O0, -O2", "bcr", "without or with the schedule (default -O2)"},
    {"--cpu=NAME", "bcr", "processor: native (default), x86-64-v3, x86-64-v4, znver4, ..."},
    {"--fp=contract|strict", "bcr", "FMAs within an expression, or every operation rounded (default contract)"},
    {"--dump=ast|nest|nest-after-PASS|llvm", "b", "prints a stage's result"},
    {"--explain", "b", "what was done with each nest, and why; its steps can be given to --plan"},
    {"--plan=FILE", "br", "the steps of FILE for the functions that it names"},
    {"--without=PASS,...", "bcr", "leaves passes of --list-passes out"},
    {"--validate", "b", "runs every function before and after each pass"},
    {"--time-passes", "br", "the time of each stage"},
    {"--list-passes", "b", "the passes in their order"},
    {"--verdicts", "c", "lists each check and how it was decided"},
    {"--strict-shapes", "c", "what is not proved is an error"},
    {"--diagnostics=full|short|json", "bcpr", "errors with source lines, a line each, or as JSON"},
    {"--help", "bceopr", "this text, or that of a command"},
    {"--version", "", "the version of mnp"},
};

static void put_option(FILE *file, const char *spelling, const char *text) {
    if (strlen(spelling) < 22)
        fprintf(file, "  %-22s %s\n", spelling, text);
    else
        fprintf(file, "  %s\n  %-22s %s\n", spelling, "", text);
}

void help_all(FILE *file) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(file, "%s mnp %s %s\n%22s%s\n", i ? "      " : "usage:", commands[i].name, commands[i].arguments, "",
                commands[i].text);
    fputc('\n', file);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        put_option(file, options[i].spelling, options[i].text);
}

bool help_command(FILE *file, const char *name) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, name))
            continue;
        fprintf(file, "usage: mnp %s %s\n%s\n\n", name, commands[i].arguments, commands[i].text);
        for (size_t k = 0; k < sizeof options / sizeof *options; k++)
            if (strchr(options[k].commands, name[0]))
                put_option(file, options[k].spelling, options[k].text);
        return true;
    }
    return false;
}

/* ---- what is wrong with an argument ----------------------------------------------------------- */

enum { NAME_MAX_LENGTH = 40 };

/* The next name of a spelling, as in "-O0, -O2" or "--emit=llvm|asm|header"; NULL behind the last. */
static const char *next_name(const char **at, char *name) {
    const char *start = *at + strspn(*at, ", ");
    size_t length = strcspn(start, ",= ");
    if (!length || start[0] != '-' || length >= NAME_MAX_LENGTH)
        return NULL;
    memcpy(name, start, length);
    name[length] = '\0';
    *at = start + length + strcspn(start + length, ",");
    return name;
}

/* The row of an option's name, -1: there is none. */
static int row_of(const char *argument) {
    char name[NAME_MAX_LENGTH];
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        for (const char *at = options[i].spelling; next_name(&at, name);)
            if (strcspn(argument, "=") == strlen(name) && !strncmp(argument, name, strlen(name)))
                return (int)i;
    return !strncmp(argument, "-I", 2) ? row_of("-I") : -1;
}

bool help_takes(const char *command, const char *argument) {
    int row = row_of(argument);
    return row < 0 || strchr(options[row].commands, command[0]);
}

static void near_option(FILE *file, const char *argument) {
    static char names[sizeof options / sizeof *options * 2][NAME_MAX_LENGTH];
    const char *list[sizeof options / sizeof *options * 2];
    int count = 0;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        for (const char *at = options[i].spelling; next_name(&at, names[count]); count++)
            list[count] = names[count];
    const char *nearest = name_nearest(argument, list, count);
    if (nearest)
        fprintf(file, "; did you mean %s?", nearest);
}

void help_bad_option(FILE *file, const char *command, const char *argument) {
    int row = row_of(argument);
    const char *between = ": it is for";
    if (row >= 0 && strchr(options[row].commands, command[0])) {
        fprintf(file, "mnp: there is no %s, but %s\n", argument, options[row].spelling);
        return;
    }
    fprintf(file, "mnp: %s has no option %s", command, argument);
    for (size_t i = 0; row >= 0 && i < sizeof commands / sizeof *commands; i++)
        if (strchr(options[row].commands, commands[i].name[0])) {
            fprintf(file, "%s mnp %s", between, commands[i].name);
            between = ",";
        }
    if (row < 0)
        near_option(file, argument);
    fprintf(file, " (mnp %s --help)\n", command);
}

void help_bad_command(FILE *file, const char *name) {
    const char *names[sizeof commands / sizeof *commands];
    int count = 0;
    for (; count < (int)(sizeof commands / sizeof *commands); count++)
        names[count] = commands[count].name;
    const char *nearest = name_nearest(name, names, count);
    fprintf(file, "mnp: there is no command %s", name);
    if (nearest)
        fprintf(file, "; did you mean %s?", nearest);
    fprintf(file, " (mnp --help)\n");
}

bool help_wants(FILE *file, const char *name) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, name))
            continue;
        fprintf(file, "mnp: what is wanted is: mnp %s%s%s\n", name, *commands[i].arguments ? " " : "", commands[i].arguments);
        return true;
    }
    return false;
}
