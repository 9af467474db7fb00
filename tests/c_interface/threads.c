/* threads.c: two objects in one program, called by many threads at the same time. */
#include "first.h"
#include "second.h"

#include "expect.h"

#include <pthread.h>

/* Called by first.o, which it calls. */
int ask(int64_t depth, int64_t *out) {
    *out = 0;
    return depth == 0 ? 0 : deepen(depth - 1 - (depth > 100 ? depth : 0), out);
}

static void *work(void *argument) {
    double a[16], x;
    int64_t me = *(int64_t *)argument;
    char words[80];
    for (int64_t i = 0; i < 16; i++)
        a[i] = (double)(100 * me + i);
    for (int64_t round = 0; round < 300; round++) {
        int64_t n = 1 + (me + round) % 12;
        EXPECT(first(n, a, n - 1, &x) == 0 && x == (double)(100 * me + n - 1));
        snprintf(words, sizeof words, "RuntimeError: thirteen of %d", (int)n);
        REFUSES(first(n, a, 13, &x), words);
        snprintf(words, sizeof words, "IndexError: index 77 is out of bounds for axis 0 with size %d", (int)n);
        REFUSES(second(n, a, 77, &x), words);
        EXPECT(strstr(mnp_last_error(), "second.mnp:6:") != NULL);
        mnp_array out;
        EXPECT(prefix(n, a, n, &out) == 0 && out.shape[0] == n && ((double *)out.data)[n - 1] == 2 * a[n - 1]);
        mnp_array_free(&out);
        snprintf(words, sizeof words, "ValueError: 99 of %d", (int)n);
        REFUSES(prefix(n, a, 99, &out), words);
        EXPECT(out.data == NULL);
    }
    return NULL;
}

int main(void) {
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    int64_t numbers[THREADS], depth;
    double x;
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, work, &numbers[i]);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    EXPECT(halve(3.0, &x) == 0 && x == 1.5);
    EXPECT(deepen(20, &depth) == 0 && depth == 21);
    REFUSES(deepen(101, &depth), "ValueError: too deep at -1");
    return failures != 0;
}
