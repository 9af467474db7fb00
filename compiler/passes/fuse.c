/* fuse.c: a temporary array that is read element by element is computed where it is read, and its buffer is gone:
 *
 *   t = alloc; for i: t[i] = a[i] * b[i]      ->   (gone)
 *   for j: c[j] = t[j + 1] - 1.0              ->   for j: c[j] = a[j + 1] * b[j + 1] - 1.0
 *
 * The producer is a nest over the whole of a fresh array with plain arithmetic; nobody but loads reads the array.
 * Legal where what the producer reads is the same at the load: nothing in between may write to it, and where the
 * consumer itself does, each element is read before it is written (rounds_stay_ordered; so does an assignment to an
 * overlapping view lose its copy). Worth it where no element is computed twice, but for cheap ones.
 *
 * No multiplication meets an addition to become one operation: lower decides that. Needs views; breaks nothing. */
#include "analysis/analysis.h"
#include "passes/passes.h"

enum { SITES_MAX = 16, NODES_MAX = 160, EXPENSIVE = 2, MORE_MEMORY = 4, READS_MAX = 8 };

typedef struct {
    int reads;                       /* uses that do not give the array back */
    VEC(Node *) releases;            /* those that do */
} Users;

typedef struct {
    Arena *arena;
    VEC(Users) users;                /* by the id of the value */
} Fuser;

typedef struct {
    Fuser *fuser;
    Node *alloc, *nest, *store;
    Node *loops[RANK_MAX];
    Value *array;
    Value *flat;                     /* the array as one axis, or NULL: then only that is read */
    Node *sites[SITES_MAX];          /* loads of the array */
    int site_count, repeated;        /* how many loads stand in loops */
    int nodes, cost, loads;          /* of the body */
    int whole;                       /* of the loads: those that move with every loop */
    bool sums;                       /* there are loops in the body */
    const char *why;                 /* not fused */
    bool backwards;                  /* the reader was turned round for it */
} Producer;

/* ---- the producer -------------------------------------------------------------------------- */

static int op_cost(Op op) {
    const OpInfo *info = op_info(op);
    return info->emission != NATIVE ? 20 : op == OP_DIV || op == OP_SQRT ? 4 : op == OP_CAST ? 0 : 1;
}

/* What the load reads has as many elements as the temporary, or more. */
static bool moves_with_all(const Producer *p, const Node *load) {
    for (int axis = 0; axis < p->array->rank; axis++) {
        bool moves = false;
        for (int i = 0; i < load->as.load.array->rank; i++)
            moves |= size_mentions(load->as.load.index[i], p->loops[axis]->as.loop.iv->atom);
        if (!moves)
            return false;
    }
    return true;
}

/* Arithmetic, and sums; counts it. */
static bool measure_body(Producer *p, const Region *region, const Node *inner) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node == inner || node == p->store)
            continue;
        bool sum = node->kind == NODE_FOR || node->kind == NODE_REDUCE;
        if (node->kind == NODE_VIEW || (!sum && !node_is_pure(node)))
            return false;
        p->nodes++;
        p->sums |= sum;
        p->loads += node->kind == NODE_LOAD;
        p->whole += node->kind == NODE_LOAD && moves_with_all(p, node);
        p->cost += node->kind == NODE_LET ? op_cost(node->as.let.op) : node->kind == NODE_IF;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!measure_body(p, regions[i], NULL))
                return false;
    }
    return true;
}

static bool covers(const Node *loop, Size size) {
    return loop->as.loop.step == 1 && loop->as.loop.width == 1 && !loop->as.loop.heads.count &&
           loop->as.loop.lo == size_const(0) &&
           sizes_agree(loop, loop->as.loop.hi, size);
}

static Node *only_loop(const Region *region) {
    Node *found = NULL;
    for (Node *node = region->first; node; node = node->next) {
        if (node->kind != NODE_FOR)
            continue;
        if (found || node->next)
            return NULL;
        found = node;
    }
    return found;
}

/* The nest stores each element of the array once, and does nothing else. */
static bool is_producer(Producer *p, Node *nest) {
    Node *loop = nest;
    p->nest = nest;
    for (int axis = 0; axis < p->array->rank; axis++) {
        if (!loop || loop->kind != NODE_FOR || !covers(loop, p->array->shape[axis]))
            return false;
        p->loops[axis] = loop;
        value_size(loop->as.loop.iv);
        if (axis + 1 < p->array->rank)
            loop = only_loop(loop->as.loop.body);
    }
    p->store = p->array->rank ? loop->as.loop.body->last : NULL;
    if (!p->store || p->store->kind != NODE_STORE || p->store->as.store.array != p->array)
        return false;
    for (int axis = 0; axis < p->array->rank; axis++)
        if (p->store->as.store.index[axis] != value_size(p->loops[axis]->as.loop.iv))
            return false;
    for (int axis = 0; axis < p->array->rank; axis++)
        if (!measure_body(p, p->loops[axis]->as.loop.body, axis + 1 < p->array->rank ? p->loops[axis + 1] : NULL))
            return false;
    return true;
}

/* ---- the readers --------------------------------------------------------------------------- */

static Users *users_of(Fuser *fuser, const Value *value) {
    while (value->id >= (uint32_t)fuser->users.count)
        VEC_PUSH(fuser->arena, fuser->users, (Users){0});
    return &fuser->users.data[value->id];
}

static void note_read(Value **value, void *fuser) {
    users_of(fuser, *value)->reads++;
}

static void note_users(Fuser *fuser, Region *region) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_RELEASE) {
            Users *users = users_of(fuser, node->as.count.array);
            VEC_PUSH(fuser->arena, users->releases, node);
        } else
            node_uses(node, note_read, NULL, fuser);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            note_users(fuser, regions[i]);
    }
    for (int i = 0; i < region->yields.count; i++)
        note_read(&region->yields.data[i], fuser);
}

/* The whole of the temporary as one axis, before anything else reads it. */
static bool is_flat_view(const Producer *p, const Node *node) {
    const Value *view = node->kind == NODE_VIEW ? node->results.data[0] : NULL;
    return view && node->as.view.base == p->array && node->as.view.kind == VIEW_RESHAPE && view->rank == 1 &&
           value_is_contiguous(view) && node->region == p->nest->region && !p->flat && !p->site_count;
}

typedef struct {
    const Producer *producer;
    int count;
    bool varies;
} Uses;

static void count_use(Value **value, void *user) {
    Uses *uses = user;
    uses->count += *value == uses->producer->array || (uses->producer->flat && *value == uses->producer->flat);
}

static int uses_in(const Producer *p, Node *node) {
    Uses uses = {p, 0, false};
    node_uses(node, count_use, NULL, &uses);
    return uses.count;
}

/* Collects the loads of the array from a node on, until all that read it are found; false where one is no load. */
static bool collect_sites(Producer *p, Node *first, int *left) {
    for (Node *node = first; node && *left && p->site_count <= SITES_MAX; node = node->next) {
        Region *regions[2];
        int uses = node->kind == NODE_RELEASE ? 0 : uses_in(p, node);
        *left -= uses;
        if (is_flat_view(p, node)) {
            p->flat = node->results.data[0];
            *left += users_of(p->fuser, p->flat)->reads;
        } else if (node->kind == NODE_LOAD && node->as.load.array == (p->flat ? p->flat : p->array)) {
            if (p->site_count < SITES_MAX)
                p->sites[p->site_count] = node;
            p->site_count++;
        } else if (uses)
            return false;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!collect_sites(p, regions[i]->first, left))
                return false;
    }
    return true;
}

/* ---- read as one axis ---------------------------------------------------------------------- */

static void note_value(Value **value, void *user) {
    Uses *uses = user;
    for (int axis = 0; axis < uses->producer->array->rank; axis++)
        uses->varies |= *value == uses->producer->loops[axis]->as.loop.iv;
}

static void note_size(Size *size, void *user) {
    Uses *uses = user;
    for (int axis = 0; axis < uses->producer->array->rank; axis++)
        uses->varies |= size_mentions(*size, uses->producer->loops[axis]->as.loop.iv->atom);
}

static bool varies(const Producer *p, Node *node) {
    Uses uses = {p, 0, false};
    node_uses(node, note_value, note_size, &uses);
    return uses.varies;
}

/* A load of the element that is stored, of an array with the same elements in a row. */
static bool is_alike(const Producer *p, const Node *load) {
    const Value *other = load->as.load.array;
    if (other->rank != p->array->rank || !value_is_contiguous(other))
        return false;
    for (int axis = 0; axis < other->rank; axis++)
        if (other->shape[axis] != p->array->shape[axis] ||
            load->as.load.index[axis] != value_size(p->loops[axis]->as.loop.iv))
            return false;
    return true;
}

/* Where all arrays have the same elements in a row, one index serves as well as one an axis. */
static bool may_flatten(const Producer *p) {
    for (int axis = 0; axis < p->array->rank; axis++)
        for (Node *node = p->loops[axis]->as.loop.body->first; node; node = node->next) {
            if (node == p->store || (axis + 1 < p->array->rank && node == p->loops[axis + 1]))
                continue;
            if (node->kind == NODE_IF || (varies(p, node) && (node->kind != NODE_LOAD || !is_alike(p, node))))
                return false;
        }
    return true;
}

/* The load of an alike array by the one index. */
static void flat_load(const Producer *p, CloneMap *map, Node *load, Node *site) {
    Function *function = site->region->function;
    Node *before = site;
    while (before->region != p->nest->region)
        before = before->region->parent;
    Builder outside = {function, p->nest->region, before, load->span}, inside = {function, site->region, site, load->span};
    Value *row = build_reshape(&outside, load->as.load.array, 1, p->flat->shape);
    clone_map_value(map, load->results.data[0], build_load(&inside, row, site->as.load.index));
}

static Value *loop_variable(const Node *node) {
    return node->kind == NODE_FOR ? node->as.loop.iv : node->kind == NODE_REDUCE ? node->as.reduce.iv : NULL;
}

/* The ancestor of a node in the region. */
static Node *child_of(const Region *region, Node *node) {
    while (node->region != region)
        node = node->region->parent;
    return node;
}

/* How many axes of the index move with a loop, and whether another of the loops moves that axis too. */
static bool moves_one_axis(const Producer *p, const Node *site, const Value *variable) {
    bool found = false;
    for (int axis = 0; axis < site->as.load.array->rank; axis++) {
        int64_t factor;
        Size rest, index = site->as.load.index[axis];
        if (!variable->atom || !size_mentions(index, variable->atom))
            continue;
        if (found || !size_linear_in(index, variable->atom, &factor, &rest) || !factor)
            return false;
        for (const Node *outer = site->region->parent; outer && outer->region != p->nest->region;
             outer = outer->region->parent) {
            const Value *other = loop_variable(outer);
            if (other && other != variable && other->atom && size_mentions(index, other->atom))
                return false;
        }
        found = true;
    }
    return found;
}

/* True if the rounds of the loops around the load read different elements; counts loads in loops. */
static bool reads_once(Producer *p, const Node *site) {
    bool inside = false;
    for (const Node *outer = site; outer->region != p->nest->region;) {
        outer = outer->region->parent;
        if (outer->kind == NODE_IF || outer->kind == NODE_VERSION)
            continue;
        const Value *variable = loop_variable(outer);
        if (!variable || !moves_one_axis(p, site, variable))
            return false;
        inside = true;
    }
    p->repeated += inside;
    return true;
}

/* Elementary functions are computed in lanes, which a sum beside them would prevent. */
static bool suits_lanes_better(const Region *reader) {
    for (const Node *node = reader->first; node; node = node->next)
        if (node->kind == NODE_LET && op_info(node->as.let.op)->emission != NATIVE)
            return true;
    return false;
}

/* Worth it where every element is computed once, or as cheap as it is read: also where what it is made of is smaller
 * than the temporary, as for x[:, None] - x[None, :]. */
static bool is_worth_it(Producer *p) {
    if (p->flat && (p->sums || !may_flatten(p))) {
        p->why = "it is read in another shape";
        return false;
    }
    for (int i = 0; i < p->site_count; i++)
        if (!reads_once(p, p->sites[i])) {
            p->why = "its elements are read more than once";
            return false;
        }
    if (p->sums && (p->site_count > 1 || suits_lanes_better(p->sites[0]->region))) {
        p->why = "it is made of sums";
        return false;
    }
    bool cheap = (p->cost < EXPENSIVE && p->loads < 2) || (p->cost <= MORE_MEMORY && !p->whole);
    if (p->repeated > (cheap ? READS_MAX : 1) || p->site_count - p->repeated > 2) {
        p->why = "it is read at several places";
        return false;
    }
    return true;
}

/* ---- what the producer reads must still be there ------------------------------------------- */

/* Loops that are around both nodes, below a region, outermost first; -1 where one is no counted loop. */
static int common_loops(const Region *below, const Node *a, const Node *b, Node **loops) {
    int count = 0;
    for (Region *region = a->region; region != below; region = region->parent->region) {
        Node *parent = region->parent;
        if (parent->kind == NODE_IF || parent->kind == NODE_VERSION || !region_contains(region, b->region))
            continue;
        if (parent->kind != NODE_FOR || count == RANK_MAX)
            return -1;
        loops[count++] = parent;
    }
    for (int i = 0; i < count / 2; i++) {
        Node *swap = loops[i];
        loops[i] = loops[count - 1 - i];
        loops[count - 1 - i] = swap;
    }
    return count;
}

/* `a` comes before `b` in a round of the loops around both. */
static bool stands_before(const Node *a, const Node *b) {
    while (!region_contains(a->region, b->region))
        a = a->region->parent;
    while (b->region != a->region)
        b = b->region->parent;
    for (; a; a = a->next)
        if (a == b)
            return true;
    return false;
}

/* The consumer's store may come where a round of it has read, not before. */
static bool store_spares(Producer *p, const Node *site, const Node *load, Node *store) {
    Node *loops[RANK_MAX];
    const Value *array = load->as.load.array;
    if (roots_apart(site->region->function, value_root((Value *)array), value_root(store->as.store.array)))
        return true;
    int count = common_loops(p->nest->region, site, store, loops);
    if (p->flat || count < 0 || !stands_before(site, store))
        return false;
    CloneMap map = {.function = site->region->function};
    for (int axis = 0; axis < p->array->rank; axis++)
        clone_map_atom(&map, p->loops[axis]->as.loop.iv->atom, site->as.load.index[axis]);
    Size index[RANK_MAX];
    for (int axis = 0; axis < array->rank; axis++)
        index[axis] = clone_size(&map, load->as.load.index[axis]);
    Place read = {array, index}, written = {store->as.store.array, store->as.store.index};
    return rounds_stay_ordered(facts_at(store), loops, count, read, written);
}

static bool node_spares(Producer *p, const Node *site, const Node *load, Node *node) {
    Region *regions[2];
    if (node->kind == NODE_STORE)
        return store_spares(p, site, load, node);
    int count = node_regions(node, regions);
    if (!count)
        return !node_may_write(node, value_root(load->as.load.array));
    for (int i = 0; i < count; i++)
        for (Node *inner = regions[i]->first; inner; inner = inner->next)
            if (!node_spares(p, site, load, inner))
                return false;
    return true;
}

/* Nothing from the producer to the load changes what `load` gives. */
static bool load_keeps(Producer *p, Node *site, const Node *load) {
    const Node *end = child_of(p->nest->region, site);
    for (const Node *node = p->nest->next; node != end; node = node->next)
        if (node_may_write(node, value_root(load->as.load.array)))
            return false;
    return node_spares(p, site, load, (Node *)end);
}

static bool loads_keep(Producer *p, Node *site, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_LOAD && !load_keeps(p, site, node))
            return false;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!loads_keep(p, site, regions[i]))
                return false;
    }
    return true;
}

static bool is_legal(Producer *p) {
    for (int i = 0; i < p->site_count; i++)
        if (!loads_keep(p, p->sites[i], p->nest->as.loop.body)) {
            p->why = "what it is made of may be written to before it is read";
            return false;
        }
    return true;
}

/* The copy that lower puts between an assignment's value and a target that may overlap. */
static bool is_copy(const Producer *p) {
    return p->array->name && !strcmp(p->array->name, "copy");
}

/* ---- a safe order --------------------------------------------------------------------------- */

/* The loops of a nest that has nothing but one load of the copy and the store of what it gives; 0 if it is another. */
static int plain_assignment(const Producer *p, Node *loops[RANK_MAX]) {
    const Node *load = p->sites[0], *store = load->next;
    Node *nest = child_of(p->nest->region, p->sites[0]);
    int count = 0;
    for (Node *node = nest; node != load; node = node->as.loop.body->first) {
        bool counted = node && node->kind == NODE_FOR && node->as.loop.step == 1 && node->as.loop.width == 1;
        if (!counted || count == RANK_MAX || node->results.count)
            return 0;
        if (count && (node->previous || node->next))
            return 0;
        loops[count++] = node;
    }
    if (load->previous || !store || store->next || store->kind != NODE_STORE)
        return 0;
    return store->as.store.value == load->results.data[0] ? count : 0;
}

/* for i in [lo, hi): x[i] => for i in [lo, hi): x[lo + hi - 1 - i]; done twice it is as before. */
static void walk_backwards(const Node *loop) {
    Size iv = value_size(loop->as.loop.iv);
    Size last = size_sub(size_add(loop->as.loop.lo, loop->as.loop.hi), size_const(1));
    region_substitute(loop->as.loop.body, loop->as.loop.iv->atom, size_sub(last, iv));
}

/* An assignment whose target moves ahead of what it reads needs no copy where it walks backwards along the axis that
 * decides: the first that makes every element read before it is written. */
static bool is_legal_backwards(Producer *p) {
    Node *loops[RANK_MAX];
    int count = is_copy(p) && p->site_count == 1 && !p->flat ? plain_assignment(p, loops) : 0;
    for (int i = 0; i < count; i++) {
        walk_backwards(loops[i]);
        if (is_legal(p)) {
            p->why = NULL;
            p->backwards = true;
            return true;
        }
        walk_backwards(loops[i]);
    }
    return false;
}

/* ---- the change ---------------------------------------------------------------------------- */

/* The element that a load reads is computed before it. */
static void compute_at(Producer *p, Node *site) {
    Function *function = site->region->function;
    CloneMap map = {.function = function, .relabel = true};
    Builder b = {function, site->region, site, site->span};
    for (int axis = 0; axis < p->array->rank && !p->flat; axis++) {
        Value *iv = p->loops[axis]->as.loop.iv;
        clone_map_value(&map, iv, build_size(&b, site->as.load.index[axis]));
        clone_map_atom(&map, iv->atom, site->as.load.index[axis]);
    }
    for (int axis = 0; axis < p->array->rank; axis++)
        for (Node *node = p->loops[axis]->as.loop.body->first; node; node = node->next) {
            if (node == p->store || (axis + 1 < p->array->rank && node == p->loops[axis + 1]))
                continue;
            if (p->flat && varies(p, node))
                flat_load(p, &map, node, site);
            else
                clone_node(&map, node, site->region, site);
        }
    region_replace(site->region, site->results.data[0], clone_value(&map, p->store->as.store.value));
    node_remove(site);
}

static void note_more_reads(Value **value, void *producer) {
    const Producer *p = producer;
    users_of(p->fuser, *value)->reads += p->site_count - 1;
}

static Name label_around(const Producer *p, const Node *site) {
    const Node *loop = child_of(p->nest->region, (Node *)site);
    return loop->kind == NODE_FOR      ? loop->as.loop.label
           : loop->kind == NODE_REDUCE ? loop->as.reduce.label
                                       : NULL;
}

static void log_fused(const Producer *p) {
    Name into = label_around(p, p->sites[p->site_count - 1]);
    Function *function = p->nest->region->function;
    const char *line = source_line(p->nest->span);
    if (is_copy(p))
        function_log(function, "loop %s (%s): no copy, %seach element is read before it is written", into, line,
                     p->backwards ? "walked backwards, " : "");
    else
        function_log(function, "loop %s (%s) is fused into %s%s, %s needs no memory", p->nest->as.loop.label, line,
                     into ? "loop " : "what reads it", into ? into : "", p->array->name ? p->array->name : "a temporary");
}

static void fuse(Producer *p) {
    log_fused(p);
    for (int i = 0; i < p->site_count; i++)
        compute_at(p, p->sites[i]);
    Users *users = users_of(p->fuser, p->array);
    for (int i = 0; i < users->releases.count; i++)
        node_remove(users->releases.data[i]);
    node_uses_deep(p->nest, note_more_reads, NULL, p);
    if (p->flat)
        node_remove(p->flat->node);
    node_remove(p->nest);
    node_remove(p->alloc);
}

static void log_kept(const Producer *p) {
    Function *function = p->nest->region->function;
    const char *line = source_line(p->nest->span);
    if (is_copy(p))
        function_log(function, "loop %s (%s): through a copy, the target may overlap what is read",
                     p->nest->as.loop.label, line);
    else
        function_log(function, "loop %s (%s) stands alone, %s is allocated: %s", p->nest->as.loop.label, line,
                     p->array->name ? p->array->name : "a temporary", p->why);
}

static Node *first_user(Node *alloc) {
    Node *node = alloc->next;
    while (node && !node_has_array_deep(node, alloc->results.data[0]))
        node = node->next;
    return node;
}

static void try_fuse(Fuser *fuser, Node *alloc) {
    Producer p = {.fuser = fuser, .alloc = alloc, .array = alloc->results.data[0]};
    Node *nest = users_of(fuser, p.array)->reads ? first_user(alloc) : NULL;
    if (!nest || nest->kind != NODE_FOR || !is_producer(&p, nest))
        return;
    int left = users_of(fuser, p.array)->reads - 1;
    if (!collect_sites(&p, nest->next, &left) || !p.site_count || (left && p.site_count <= SITES_MAX))
        return;
    if (p.site_count > SITES_MAX || p.nodes > NODES_MAX)
        p.why = "it is too large to be copied";
    else if (is_worth_it(&p) && (is_legal(&p) || is_legal_backwards(&p)))
        fuse(&p);
    if (p.why)
        log_kept(&p);
}

/* Producers come before their readers: what is fused into a producer moves on with it. */
static void visit(Fuser *fuser, Region *region) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        Node *previous = node->previous;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(fuser, regions[i]);
        if (node->kind == NODE_ALLOC)
            try_fuse(fuser, node);
        next = node->region ? node->next : previous ? previous->next : region->first;
    }
}

void pass_fuse(Module *module, const PassContext *context) {
    (void)context;
    Fuser fuser = {.arena = arena_new()};
    for (Function *function = module->functions; function; function = function->next) {
        note_users(&fuser, function->body);
        visit(&fuser, function->body);
    }
    arena_free(fuser.arena);
}
