/* failing_malloc.c: preloaded into a process, makes one of its allocations fail, and counts them.
 *
 *   FAIL_AT=N         the N-th allocation is the one that fails, from 1 on; 0: none
 *   FAIL_SCOPE=all    all count; else only those that the executable's own code asks for, not its libraries
 *   FAIL_REPORT=FILE  at the end: how many there were, how many of the executable's own were not given back,
 *                     and the most bytes that it had of its own at a time
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

enum { TABLE = 1 << 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *live[TABLE];                    /* blocks of the executable's own, by open addressing */
static void *const gone = (void *)1;
static size_t sizes[TABLE], own_bytes, most_bytes;
static long made, at, own_live;
static int all, is_ready;
static uintptr_t low, high;                  /* where the executable is */

static int find_executable(struct dl_phdr_info *info, size_t size, void *user) {
    (void)size;
    (void)user;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, end = start + info->dlpi_phdr[i].p_memsz;
        if (info->dlpi_phdr[i].p_type != PT_LOAD)
            continue;
        low = low && low < start ? low : start;
        high = high > end ? high : end;
    }
    return 1;
}

__attribute__((constructor)) static void start(void) {
    const char *number = getenv("FAIL_AT"), *scope = getenv("FAIL_SCOPE");
    at = number ? atol(number) : 0;
    all = scope && !strcmp(scope, "all");
    dl_iterate_phdr(find_executable, NULL);
    is_ready = 1;
    /* What is started from here is spared. */
    unsetenv("LD_PRELOAD");
}

static int is_own(const void *caller) {
    return (uintptr_t)caller >= low && (uintptr_t)caller < high;
}

static size_t slot_of(const void *memory) {
    return ((uintptr_t)memory >> 4) * 0x9e3779b97f4a7c15u >> 44 & (TABLE - 1);
}

static void note(void *memory, size_t size, const void *caller) {
    if (!memory || !is_own(caller))
        return;
    size_t slot = slot_of(memory);
    while (live[slot] && live[slot] != gone)
        slot = (slot + 1) & (TABLE - 1);
    live[slot] = memory;
    sizes[slot] = size;
    own_live++;
    own_bytes += size;
    most_bytes = own_bytes > most_bytes ? own_bytes : most_bytes;
}

static void forget(const void *memory) {
    if (!memory)
        return;
    for (size_t slot = slot_of(memory), tries = 0; live[slot] && tries < TABLE; slot = (slot + 1) & (TABLE - 1), tries++)
        if (live[slot] == memory) {
            live[slot] = gone;
            own_live--;
            own_bytes -= sizes[slot];
            return;
        }
}

/* Is this the one? */
static int fails(const void *caller) {
    if (!is_ready || !(all || is_own(caller)) || ++made != at)
        return 0;
    errno = ENOMEM;
    return 1;
}

#define CALLER __builtin_return_address(0)
#define ALLOCATE(size, expression)                                                                                     \
    pthread_mutex_lock(&lock);                                                                                         \
    void *given = fails(CALLER) ? NULL : (expression);                                                                 \
    note(given, size, CALLER);                                                                                         \
    pthread_mutex_unlock(&lock);                                                                                       \
    return given

void *malloc(size_t size) {
    ALLOCATE(size, __libc_malloc(size));
}

void *calloc(size_t count, size_t size) {
    ALLOCATE(count * size, __libc_calloc(count, size));
}

void *memalign(size_t alignment, size_t size) {
    ALLOCATE(size, __libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) {
    ALLOCATE(size, __libc_memalign(alignment, size));
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    pthread_mutex_lock(&lock);
    void *given = fails(CALLER) ? NULL : __libc_memalign(alignment, size);
    note(given, size, CALLER);
    pthread_mutex_unlock(&lock);
    *out = given;
    return given ? 0 : ENOMEM;
}

void *realloc(void *memory, size_t size) {
    pthread_mutex_lock(&lock);
    void *given = NULL;
    if (!fails(CALLER)) {
        forget(memory);
        given = __libc_realloc(memory, size);
        note(given, size, CALLER);
    }
    pthread_mutex_unlock(&lock);
    return given;
}

void free(void *memory) {
    pthread_mutex_lock(&lock);
    forget(memory);
    pthread_mutex_unlock(&lock);
    __libc_free(memory);
}

__attribute__((destructor)) static void report(void) {
    const char *path = getenv("FAIL_REPORT");
    char text[64];
    int file = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (file < 0)
        return;
    int length = snprintf(text, sizeof text, "%ld %ld %zu\n", made, own_live, most_bytes);
    if (write(file, text, (size_t)length) != length)
        _exit(99);
    close(file);
}
