/* cname.c: names that C programs can use: those that C, C++ or the standard library have already get an
 * underscore. */
#include "emit/emitter.h"

/* Keywords of C99 to C23 and C++17, and macros of common headers. */
static const char *const words[] = {
    "alignas", "alignof", "and", "and_eq", "asm", "assert", "auto", "bitand", "bitor", "bool", "break", "case", "catch",
    "char", "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "complex",
    "concept", "const", "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype", "default",
    "delete", "do", "double", "dynamic_cast", "else", "enum", "errno", "explicit", "export", "extern", "false", "float",
    "for", "friend", "goto", "if", "imaginary", "inline", "int", "linux", "long", "main", "mutable", "namespace", "new",
    "noexcept", "noreturn", "not", "not_eq", "nullptr", "offsetof", "operator", "or", "or_eq", "private", "protected",
    "public", "register", "reinterpret_cast", "requires", "restrict", "return", "setjmp", "short", "signed", "sizeof",
    "static", "static_assert", "static_cast", "stderr", "stdin", "stdout", "struct", "switch", "template", "this",
    "thread_local", "throw", "true", "try", "typedef", "typeid", "typename", "typeof", "typeof_unqual", "union", "unix",
    "unsigned", "using", "va_arg", "va_copy", "va_end", "va_start", "virtual", "void", "volatile", "wchar_t", "while",
    "xor", "xor_eq", "I", "EOF", "NULL", "NAN", "INFINITY", "M_PI", "BUFSIZ", "RAND_MAX"};

/* Functions of the C library: an object that defined one would take its place in the whole program. */
static const char *const functions[] = {
    "abort", "abs", "access", "acos", "acosh", "alarm", "aligned_alloc", "alloca", "asin", "asinh", "asprintf",
    "atan", "atan2", "atanh", "atexit", "atof", "atoi", "atol", "atoll", "bcmp", "bcopy", "bind", "bsearch", "bzero",
    "cabs", "cacos", "calloc", "carg", "casin", "catan", "cbrt", "ccos", "ceil", "cexp", "cimag", "clearerr", "clock",
    "clock_gettime", "clog", "close", "conj", "connect", "copysign", "cos", "cosh", "cpow", "cproj", "creal", "creat",
    "csin", "csqrt", "ctan", "ctime", "difftime", "div", "drand48", "drem", "dup", "dup2", "environ", "erf", "erfc",
    "exec", "execv", "execve", "exit", "exp", "exp10", "exp2", "expm1", "fabs", "fclose", "fcntl", "fdim", "fdopen",
    "feof", "ferror", "fflush", "ffs", "fgetc", "fgetpos", "fgets", "fileno", "finite", "floor", "fma", "fmax", "fmin",
    "fmod", "fopen", "fork", "fpclassify", "fprintf", "fputc", "fputs", "fread", "free", "freopen", "frexp", "fscanf",
    "fseek", "fsetpos", "fstat", "fsync", "ftell", "ftruncate", "fwrite", "gamma", "getc", "getchar", "getcwd",
    "getenv", "getline", "getopt", "getpid", "gets", "gmtime", "hypot", "ilogb", "index", "ioctl", "isalnum",
    "isalpha", "isatty", "isblank", "iscntrl", "isdigit", "isfinite", "isgraph", "isinf", "islower", "isnan",
    "isnormal", "isprint", "ispunct", "isspace", "isupper", "isxdigit", "j0", "j1", "jn", "kill", "labs", "ldexp",
    "ldiv", "lgamma", "link", "listen", "llabs", "lldiv", "llrint", "llround", "localeconv", "localtime", "log",
    "log10", "log1p", "log2", "logb", "longjmp", "lrand48", "lrint", "lround", "lseek", "lstat", "malloc", "mblen",
    "mbstowcs", "mbtowc", "memchr", "memcmp", "memcpy", "memmove", "mempcpy", "memset", "mkdir", "mktime", "mmap",
    "modf", "mprotect", "munmap", "nan", "nanosleep", "nearbyint", "nextafter", "nexttoward", "nice", "open", "pause",
    "perror", "pipe", "poll", "popen", "posix_memalign", "pow", "pow10", "pread", "printf", "putc", "putchar",
    "putenv", "puts", "pwrite", "qsort", "raise", "rand", "random", "read", "realloc", "recv", "regcomp", "remainder",
    "remove", "remquo", "rename", "rewind", "rindex", "rint", "round", "sbrk", "scalb", "scalbln", "scalbn", "scanf",
    "select", "send", "setbuf", "setenv", "setlocale", "setvbuf", "sigaction", "signal", "signbit", "significand",
    "sin", "sincos", "sinh", "sleep", "snprintf", "socket", "sprintf", "sqrt", "srand", "srand48", "srandom",
    "sscanf", "stat", "stpcpy", "strcasecmp", "strcat", "strchr", "strcmp", "strcoll", "strcpy", "strcspn", "strdup",
    "strerror", "strftime", "strlen", "strncat", "strncmp", "strncpy", "strndup", "strpbrk", "strrchr", "strspn",
    "strstr", "strtod", "strtof", "strtok", "strtol", "strtold", "strtoll", "strtoul", "strtoull", "strxfrm", "swab",
    "sync", "syscall", "system", "tan", "tanh", "tgamma", "time", "times", "tmpfile", "tmpnam", "toascii", "tolower",
    "toupper", "trunc", "truncate", "umask", "ungetc", "unlink", "unsetenv", "usleep", "utime", "vfork", "vfprintf",
    "vprintf", "vsnprintf", "vsprintf", "wait", "wcslen", "write", "y0", "y1", "yn", "acosf", "asinf", "atanf",
    "atan2f", "cosf", "sinf", "tanf", "expf", "logf", "powf", "sqrtf", "fabsf", "floorf", "ceilf", "roundf", "fmodf",
    "hypotf", "fmaf", "nanf"};

static bool is_in(const char *const *list, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (!strcmp(list[i], name))
            return true;
    return false;
}

bool c_name_is_taken(const char *name, bool function) {
    size_t length = strlen(name);
    bool type = length > 2 && !strcmp(name + length - 2, "_t") && strpbrk(name, "0123456789");
    bool ours = !strncmp(name, "mnp_", 4) && name[length - 1] != '_';
    return type || ours || is_in(words, sizeof words / sizeof *words, name) ||
           (function && is_in(functions, sizeof functions / sizeof *functions, name));
}

static bool is_other_function(const Module *module, const char *name, const char *own) {
    for (const Function *function = module->functions; function; function = function->next)
        if ((function->exported || function->external) && function->c_name != own && !strcmp(function->c_name, name))
            return true;
    return false;
}

const char *c_name(Arena *arena, const Module *module, const char *name, const char *suffix) {
    const char *full = arena_printf(arena, "%s%s", name, suffix);
    while (c_name_is_taken(full, true) || is_other_function(module, full, name))
        full = arena_printf(arena, "%s_", full);
    return full;
}
