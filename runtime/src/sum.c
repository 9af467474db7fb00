/* sum.c: sums of float arrays whose layout only the run knows, in the order in which NumPy adds.
 *
 * The axes are sorted by stride, as NumPy's iterator does, and merged where they join. Where the
 * innermost axis is kept, terms are added one after the other, down the outer axes. Where it is
 * reduced, NumPy's pairwise sum goes over each run of reduced axes; a run of axes that do not merge
 * is cut into groups of up to 8192 elements: the innermost whole axes that fit, times as many steps
 * of the next one, never past its end. Groups are added in order. Start at mnp_sum. */
#include "runtime.h"

#include <stdlib.h>
#include <string.h>

enum { AXES_MAX = 8, GROUP_MAX = 8192, LANES_MAX = 8, LANES_OF_BLOCK = 16 };

typedef struct {
    int64_t size, stride, out;       /* elements; steps in the source and in the result (0: reduced) */
    int64_t order;                   /* the stride that sorts it */
    int reduced;
} Axis;

typedef struct {
    const mnp_array *source, *out;
    Axis axes[AXES_MAX];
    int count, inner;                /* axes from `inner` on are the reduced innermost ones */
    int is_float32;
    int lanes;                       /* running sums of a block: 8, or 4 for either part of complex numbers */
    double *group;
} Sum;

/* Floats are added as doubles and rounded, which gives what adding floats gives. */
static double add(const Sum *sum, double a, double b) {
    return sum->is_float32 ? (double)(float)(a + b) : a + b;
}

static double load(const Sum *sum, int64_t offset) {
    return sum->is_float32 ? (double)((const float *)sum->source->data)[offset]
                           : ((const double *)sum->source->data)[offset];
}

static void accumulate(const Sum *sum, int64_t at, double value) {
    if (sum->is_float32)
        ((float *)sum->out->data)[at] = (float)add(sum, (double)((float *)sum->out->data)[at], value);
    else
        ((double *)sum->out->data)[at] += value;
}

typedef struct {
    const Sum *sum;
    const double *gathered;          /* or NULL: the source from `offset` on */
    int64_t offset, stride;
} Terms;

static double term(const Terms *terms, int64_t i) {
    return terms->gathered ? terms->gathered[i] : load(terms->sum, terms->offset + i * terms->stride);
}

static double add_block(const Terms *terms, int64_t from, int64_t count) {
    const Sum *sum = terms->sum;
    double r[LANES_MAX], result = -0.0;
    int64_t i = 0, lanes = sum->lanes;
    if (count >= lanes) {
        for (; i < lanes; i++)
            r[i] = term(terms, from + i);
        for (; i < count - count % lanes; i++)
            r[i % lanes] = add(sum, r[i % lanes], term(terms, from + i));
        for (int step = 1; step < lanes; step *= 2)
            for (int k = 0; k < lanes; k += 2 * step)
                r[k] = add(sum, r[k], r[k + step]);
        result = r[0];
    }
    for (; i < count; i++)
        result = add(sum, result, term(terms, from + i));
    return result;
}

static double add_pairwise(const Terms *terms, int64_t from, int64_t count) {
    int lanes = terms->sum->lanes;
    if (count <= LANES_OF_BLOCK * lanes)
        return add_block(terms, from, count);
    int64_t half = count / 2 - count / 2 % lanes;
    double left = add_pairwise(terms, from, half);
    return add(terms->sum, left, add_pairwise(terms, from + half, count - half));
}

/* Elements of the axes from k on, in order, behind those gathered so far. */
static int64_t gather(const Sum *sum, int k, int64_t offset, int64_t count) {
    if (k == sum->count) {
        sum->group[count] = load(sum, offset);
        return count + 1;
    }
    for (int64_t i = 0; i < sum->axes[k].size; i++)
        count = gather(sum, k + 1, offset + i * sum->axes[k].stride, count);
    return count;
}

/* Steps of axis k, each with all axes inside it, in groups. */
static void add_groups(const Sum *sum, int k, int64_t offset, int64_t inside, int64_t at) {
    const Axis *axis = &sum->axes[k];
    int64_t most = GROUP_MAX / inside;
    for (int64_t from = 0; from < axis->size; from += most) {
        int64_t count = 0, end = from + most < axis->size ? from + most : axis->size;
        for (int64_t i = from; i < end; i++)
            count = gather(sum, k + 1, offset + i * axis->stride, count);
        accumulate(sum, at, add_pairwise(&(Terms){sum, sum->group, 0, 0}, 0, count));
    }
}

/* The reduced innermost axes from k on; `whole`: those from there on fit a group together. */
static void add_inner(const Sum *sum, int k, int whole, int64_t inside, int64_t offset, int64_t at) {
    const Axis *axis = &sum->axes[k];
    if (k == sum->count - 1) {
        accumulate(sum, at, add_pairwise(&(Terms){sum, NULL, offset, axis->stride}, 0, axis->size));
        return;
    }
    if (k + 1 >= whole) {
        add_groups(sum, k, offset, inside, at);
        return;
    }
    for (int64_t i = 0; i < axis->size; i++)
        add_inner(sum, k + 1, whole, inside, offset + i * axis->stride, at);
}

static void add_axes(const Sum *sum, int k, int64_t offset, int64_t at) {
    if (k == sum->count) {
        accumulate(sum, at, load(sum, offset));
        return;
    }
    if (k == sum->inner) {
        int whole = sum->count;
        int64_t inside = 1;
        while (whole > k && inside * sum->axes[whole - 1].size <= GROUP_MAX)
            inside *= sum->axes[--whole].size;
        /* All fit: one group over the outermost. */
        if (whole == k)
            inside /= sum->axes[whole++].size;
        add_inner(sum, k, whole, inside, offset, at);
        return;
    }
    for (int64_t i = 0; i < sum->axes[k].size; i++)
        add_axes(sum, k + 1, offset + i * sum->axes[k].stride, at + i * sum->axes[k].out);
}

static int64_t magnitude(int64_t value) {
    return value < 0 ? -value : value;
}

/* Sorted by stride, larger ones out; axes of stride 0 keep their place. */
static void insert_axis(Sum *sum, Axis axis) {
    int at = sum->count++;
    while (at > 0 && axis.order && sum->axes[at - 1].order &&
           magnitude(sum->axes[at - 1].order) < magnitude(axis.order)) {
        sum->axes[at] = sum->axes[at - 1];
        at--;
    }
    sum->axes[at] = axis;
}

static void copy_elements(const Sum *sum, int k, int64_t offset, void **to) {
    int64_t bytes = sum->is_float32 ? 4 : 8;
    if (k == sum->count) {
        memcpy(*to, (const char *)sum->source->data + offset * bytes, (size_t)bytes);
        *to = (char *)*to + bytes;
        return;
    }
    for (int64_t i = 0; i < sum->axes[k].size; i++)
        copy_elements(sum, k + 1, offset + i * sum->axes[k].stride, to);
}

/* The temporary that NumPy would have: without gaps, in the sorted order. */
static int make_temporary(Sum *sum, mnp_array *temporary, int64_t total) {
    int64_t stride = 1;
    void *to = temporary->data = malloc((size_t)total * (sum->is_float32 ? 4 : 8));
    if (!to)
        return error_set("MemoryError", "out of memory");
    copy_elements(sum, 0, 0, &to);
    for (int k = sum->count - 1; k >= 0; k--) {
        sum->axes[k].order = sum->axes[k].stride = stride;
        stride *= sum->axes[k].size;
    }
    sum->source = temporary;
    return 0;
}

static int joins(const Axis *outer, const Axis *inner) {
    return outer->reduced == inner->reduced && outer->stride == inner->stride * inner->size &&
           (outer->reduced || outer->out == inner->out * inner->size);
}

static void merge_axes(Sum *sum) {
    int count = 0;
    for (int k = 0; k < sum->count; k++) {
        Axis axis = sum->axes[k];
        if (count && joins(&sum->axes[count - 1], &axis)) {
            axis.size *= sum->axes[count - 1].size;
            count--;
        }
        sum->axes[count++] = axis;
    }
    sum->count = count;
    sum->inner = count;
    while (sum->inner > 0 && sum->axes[sum->inner - 1].reduced)
        sum->inner--;
}

static int64_t total_of(const mnp_array *array) {
    int64_t total = 1;
    for (int axis = 0; axis < array->rank; axis++)
        total *= array->shape[axis];
    return total;
}

static int sum_real(mnp_array *source, mnp_array *out, const mnp_array *model, int same, int64_t mask, int lanes) {
    Sum sum = {.source = source, .out = out, .is_float32 = source->dtype == MNP_F32, .lanes = lanes};
    int64_t total = total_of(source);
    if (total == 0)
        return 0;
    int keeps = sum.out->rank == sum.source->rank;
    for (int axis = 0, kept = 0; axis < sum.source->rank; axis++) {
        int reduced = (int)(mask >> axis & 1);
        int64_t step = reduced ? 0 : sum.out->strides[keeps ? axis : kept];
        kept += !reduced;
        if (sum.source->shape[axis] != 1)
            insert_axis(&sum, (Axis){sum.source->shape[axis], sum.source->strides[axis], step,
                                     model->strides[axis], reduced});
    }
    mnp_array temporary = {.data = NULL};
    if (!same && make_temporary(&sum, &temporary, total))
        return 1;
    merge_axes(&sum);
    sum.group = sum.count - sum.inner > 1 ? malloc(GROUP_MAX * sizeof *sum.group) : NULL;
    int lost = sum.count - sum.inner > 1 && !sum.group;
    if (!lost)
        add_axes(&sum, 0, 0, 0);
    free(sum.group);
    free(temporary.data);
    return lost ? error_set("MemoryError", "out of memory") : 0;
}

/* One part of complex numbers, as an array of floats. */
static mnp_array part_of(const mnp_array *array, int part) {
    mnp_array real = *array;
    real.dtype = array->dtype == MNP_C64 ? MNP_F32 : MNP_F64;
    real.data = (char *)array->data + part * (real.dtype == MNP_F32 ? 4 : 8);
    for (int axis = 0; axis < array->rank; axis++)
        real.strides[axis] *= 2;
    return real;
}

/* Adds the sums of `source` over the axes in the bits of `mask` to what stands in `out`, which is in C order and
 * has the other axes, or all. `like` is the source, or the operand that tells the order of the
 * temporary which NumPy would have where the source is in C order. NumPy adds complex numbers as pairs of floats
 * side by side, which is four running sums for either part. */
int mnp_sum(void *source, void *like, int64_t mask, void *out) {
    mnp_array *array = source;
    const mnp_array *model = like;
    int same = model->data == array->data;
    if (array->dtype != MNP_C64 && array->dtype != MNP_C128)
        return sum_real(array, out, model, same, mask, LANES_MAX);
    int status = 0;
    for (int part = 0; part < 2 && !status; part++) {
        mnp_array from = part_of(array, part), to = part_of(out, part);
        status = sum_real(&from, &to, model, same, mask, LANES_MAX / 2);
    }
    return status;
}
