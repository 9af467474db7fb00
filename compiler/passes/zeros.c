/* zeros.c: a zeroed buffer needs no zeros where every element is stored before any is read:
 *   r = alloc zeroed;  r[0] = a;  for i in [1, n): r[i] = b   ->   r = alloc;  r[0] = a;  ...
 * What is stored whatever the run brings is a union of boxes, each from the loops around one store. */
#include "analysis/analysis.h"
#include "passes/passes.h"

/* ---- who reads ----------------------------------------------------------------------------- */

/* The node may read the array: it loads from it, or hands it or a view of it to somebody. */
static bool reads(Node *node, const Value *array);

static bool region_reads(const Region *region, const Value *array) {
    for (Node *node = region->first; node; node = node->next)
        if (reads(node, array))
            return true;
    return values_have_array(&region->yields, array);
}

static bool reads(Node *node, const Value *array) {
    Region *regions[2];
    if (node->kind != NODE_STORE && node->kind != NODE_VIEW && node_has_array(node, array))
        return true;
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        if (region_reads(regions[i], array))
            return true;
    return false;
}

/* Arithmetic, and checks: what fails is not read any more. */
static bool is_plain_or_fails(const Region *body) {
    for (const Node *node = body->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_CHECK)
            continue;
        if (node->kind != NODE_IF && node->kind != NODE_FOR && node->kind != NODE_STORE && !node_is_pure(node))
            return false;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!is_plain_or_fails(regions[i]))
                return false;
    }
    return true;
}

/* ---- boxes --------------------------------------------------------------------------------- */

enum { BOXES_MAX = 16, STEP_MAX = 8, LOOPS_MAX = 8 };

/* Along an axis the elements step * i + phase for i in [lo, hi); the phase is 0 where the step is 1. */
typedef struct {
    Size lo, hi;
    int64_t step, phase;
} Extent;

typedef struct {
    Extent axes[RANK_MAX];
} Box;

typedef struct {
    const Value *array;
    const Node *top;                 /* what the boxes of are collected */
    const Node *loops[LOOPS_MAX];    /* around the place, outermost first */
    int loop_count;
    Box boxes[BOXES_MAX];
    int count;
} Boxes;

static bool extent_of(const Boxes *boxes, Size index, bool *used, Extent *extent) {
    for (int i = 0; i < boxes->loop_count; i++) {
        const Node *loop = boxes->loops[i];
        int64_t step, offset;
        Size rest;
        if (!size_linear_in(index, size_as_atom(value_size(loop->as.loop.iv)), &step, &rest) || step == 0)
            continue;
        if (used[i] || step < 1 || step > STEP_MAX || !size_is_known_before(rest, boxes->top) || loop->as.loop.step != 1 ||
            !size_is_known_before(loop->as.loop.lo, boxes->top) || !size_is_known_before(loop->as.loop.hi, boxes->top))
            return false;
        used[i] = true;
        if (step == 1) {
            *extent = (Extent){size_add(loop->as.loop.lo, rest), size_add(loop->as.loop.hi, rest), 1, 0};
            return true;
        }
        if (!size_is_const(rest, &offset) || offset < 0)
            return false;
        Size whole = size_const(offset / step);
        *extent = (Extent){size_add(loop->as.loop.lo, whole), size_add(loop->as.loop.hi, whole), step, offset % step};
        return true;
    }
    *extent = (Extent){index, size_add(index, size_const(1)), 1, 0};
    return size_is_known_before(index, boxes->top);
}

static void add_store(Boxes *boxes, const Node *store) {
    bool used[LOOPS_MAX] = {false};
    Box box;
    if (store->as.store.array != boxes->array || boxes->count == BOXES_MAX)
        return;
    for (int axis = 0; axis < boxes->array->rank; axis++)
        if (!extent_of(boxes, store->as.store.index[axis], used, &box.axes[axis]))
            return;
    Facts *facts = facts_at(boxes->top);
    for (int i = 0; i < boxes->loop_count; i++) {   /* a loop that only repeats has a round */
        Size rounds = size_sub(boxes->loops[i]->as.loop.hi, boxes->loops[i]->as.loop.lo);
        if (!used[i] && (!size_is_known_before(rounds, boxes->top) || prove_ge(facts, rounds, size_const(1)) != PROVED))
            return;
    }
    boxes->boxes[boxes->count++] = box;
}

static bool stores_too(const Region *region, const Node *store) {
    for (const Node *node = region->first; node; node = node->next)
        if (node->kind == NODE_STORE && node->as.store.array == store->as.store.array &&
            same_index(node->as.store.index, store->as.store.index, store->as.store.array->rank))
            return true;
    return false;
}

static void collect_boxes(Boxes *boxes, const Node *node) {
    if (node->kind == NODE_STORE)
        add_store(boxes, node);
    if (node->kind == NODE_IF)
        for (const Node *inner = node->as.branch.then->first; inner; inner = inner->next)
            if (inner->kind == NODE_STORE && stores_too(node->as.branch.otherwise, inner))
                add_store(boxes, inner);
    if (node->kind != NODE_FOR || boxes->loop_count == LOOPS_MAX)
        return;
    boxes->loops[boxes->loop_count++] = node;
    for (const Node *inner = node->as.loop.body->first; inner; inner = inner->next)
        collect_boxes(boxes, inner);
    boxes->loop_count--;
}

/* ---- their union --------------------------------------------------------------------------- */

static bool is_whole(Facts *facts, const Extent *extent, Size size) {
    return extent->step == 1 && prove_ge(facts, size_const(0), extent->lo) == PROVED &&
           prove_ge(facts, extent->hi, size) == PROVED;
}

/* The axis that alone is not whole; -1: none, -2: there are several. */
static int open_axis(const Boxes *boxes, Facts *facts, const Box *box) {
    int open = -1;
    for (int axis = 0; axis < boxes->array->rank; axis++)
        if (!is_whole(facts, &box->axes[axis], boxes->array->shape[axis]))
            open = open == -1 ? axis : -2;
    return open;
}

/* Boxes that follow each other along the axis, from its start to its end. */
static bool chain_covers(Facts *facts, const Extent *const *extents, int count, Size size) {
    bool used[BOXES_MAX] = {false};
    Size reach = size_const(0);
    for (int round = 0; round < count; round++)
        for (int i = 0; i < count; i++) {
            if (used[i] || extents[i]->step != 1 || prove_ge(facts, reach, extents[i]->lo) != PROVED)
                continue;
            used[i] = true;
            reach = extents[i]->hi;
            if (prove_ge(facts, reach, size) == PROVED)
                return true;
        }
    return false;
}

/* All remainders of a step: r[2 * i] and r[2 * i + 1]. */
static bool remainders_cover(Facts *facts, const Extent *const *extents, int count, Size size) {
    unsigned found[STEP_MAX + 1] = {0};
    for (int i = 0; i < count; i++) {
        const Extent *extent = extents[i];
        Size behind = size_add(size_scale(extent->hi, extent->step), size_const(extent->phase));
        if (extent->step > 1 && prove_ge(facts, size_const(0), extent->lo) == PROVED && prove_ge(facts, behind, size) == PROVED)
            found[extent->step] |= 1u << extent->phase;
    }
    for (int step = 2; step <= STEP_MAX; step++)
        if (found[step] == (1u << step) - 1)
            return true;
    return false;
}

static bool covers(const Boxes *boxes, Facts *facts) {
    int open[BOXES_MAX];
    for (int i = 0; i < boxes->count; i++)
        if ((open[i] = open_axis(boxes, facts, &boxes->boxes[i])) == -1)
            return true;
    for (int axis = 0; axis < boxes->array->rank; axis++) {
        const Extent *extents[BOXES_MAX];
        int count = 0;
        for (int i = 0; i < boxes->count; i++)
            if (open[i] == axis)
                extents[count++] = &boxes->boxes[i].axes[axis];
        Size size = boxes->array->shape[axis];
        if (chain_covers(facts, extents, count, size) || remainders_cover(facts, extents, count, size))
            return true;
    }
    return false;
}

/* ---- the pass ------------------------------------------------------------------------------ */

static bool overwritten(const Value *array, Node *first);

/* Each side of a version stores everything on its own. */
static bool version_overwrites(const Node *version, const Value *array) {
    return overwritten(array, version->as.version.fast->first) && overwritten(array, version->as.version.plain->first);
}

/* What stands from `first` on stores every element before it reads one. */
static bool overwritten(const Value *array, Node *first) {
    Boxes boxes = {.array = array};
    for (Node *node = first; node && node->kind != NODE_EXIT && !reads(node, array); node = node->next) {
        int before = boxes.count;
        boxes.top = node;
        if (node->kind == NODE_VERSION && version_overwrites(node, array))
            return true;
        if (node->kind == NODE_STORE || (node->kind == NODE_FOR && is_plain_or_fails(node->as.loop.body)))
            collect_boxes(&boxes, node);
        if (boxes.count > before && covers(&boxes, facts_at(node)))
            return true;
    }
    return false;
}

void drop_zeroing(Region *region) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            drop_zeroing(regions[i]);
        if (node->kind != NODE_ALLOC || !node->as.alloc.zeroed || !overwritten(node->results.data[0], node->next))
            continue;
        node->as.alloc.zeroed = false;
        function_log(region->function, "zeros that are overwritten before they are read are not stored");
    }
}
