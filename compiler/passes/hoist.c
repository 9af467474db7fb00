/* hoist.c: checks that cannot be proved leave their nest by selection, never by raising early:
 *
 *   for i in [0, k): check index idx + i of n; s += x[wrap(idx + i)]
 *   ->  version idx >= 0 and n - idx - k >= 0:  for i in [0, k): s += x[idx + i]
 *       else: the nest as written
 *
 * A check's condition is asked for the whole range of the loops' variables: those are replaced by the ends of their
 * ranges, from the innermost loop outwards (project_condition). An int that must fit 64 bits fits where what it is
 * made of is small. Conditions are computed in 64 bits: what is not known to be small is asked to be.
 * What is loaded in each round for a check, and is the same in all of them, is loaded before the loop. Needs views and
 * checks; after it the nest is found twice. */
#include "analysis/analysis.h"
#include "passes/passes.h"

enum { HIDDEN_MAX = 32, GOALS_MAX = 24, CHECKS_MAX = 64, NODES_MAX = 400 };

static const int64_t SMALL = INT64_C(1) << 50;

typedef struct {
    Function *function;
    Node *nest;
    Facts *facts;                       /* before the nest */
    Atom *hidden[HIDDEN_MAX];           /* values inside of the nest, outermost first */
    int hidden_count;
    Goal goals[GOALS_MAX];
    int goal_count;
    Node *hoisted[CHECKS_MAX];
    int hoisted_count, kept_count;      /* of its checks */
} Hoist;

/* ---- goals --------------------------------------------------------------------------------- */

static bool add_goal(Hoist *h, FactKind kind, Size size) {
    int64_t value;
    if (size_is_const(size, &value))
        return kind == FACT_GE ? value >= 0 : (kind == FACT_EQ) == (value == 0);
    for (int i = 0; i < h->goal_count; i++)
        if (h->goals[i].kind == kind && h->goals[i].size == size)
            return true;
    if (h->goal_count == GOALS_MAX)
        return false;
    h->goals[h->goal_count++] = (Goal){kind, size};
    return true;
}

typedef struct {
    Hoist *hoist;
    Facts *facts;
    int64_t limit;
    bool possible;
} Guard;

/* A variable is asked to be small, unless it is known to be. The sums below may wrap: they do so to the side where
 * the goal fails. */
static void guard_variable(Atom *atom, void *user) {
    Guard *guard = user;
    int64_t lo, hi;
    Size size = size_atom(atom);
    const Value *value = atom_value(atom);
    for (int i = 0; i < guard->hoist->hidden_count; i++)
        if (guard->hoist->hidden[i] == atom)
            return;
    if (!value || (value->node && region_contains(guard->hoist->nest->as.loop.body, value->node->region))) {
        guard->possible = false;
        return;
    }
    prove_bounds(guard->facts, size, &lo, &hi);
    if (lo >= -guard->limit && hi <= guard->limit)
        return;
    Size ends[] = {size_add(size, size_const(guard->limit)), size_sub(size_const(guard->limit), size)};
    Arena *arena = guard->hoist->function->module->arena;
    for (int i = 0; i < 2; i++) {
        guard->possible &= add_goal(guard->hoist, FACT_GE, ends[i]);
        guard->facts = facts_add(arena, guard->facts, FACT_GE, ends[i], "the version's condition", (Span){0, 0, 0});
    }
}

/* Small factors, no products of variables: over small variables nothing inside leaves 64 bits. */
static bool is_tame(Size size) {
    const SizeTerm *terms;
    int count = size_terms(size, &terms);
    if (count > 32)
        return false;
    for (int i = 0; i < count; i++) {
        int64_t factor = terms[i].coefficient, limit = terms[i].atom_count ? 64 : SMALL;
        if (factor > limit || factor < -limit || terms[i].atom_count > 1)
            return false;
        for (int k = 0; terms[i].atom_count && k < terms[i].atoms[0]->arg_count; k++)
            if (terms[i].atoms[0]->kind == ATOM_RAW || !is_tame(terms[i].atoms[0]->args[k]))
                return false;
    }
    return true;
}

/* A goal that can be computed once its variables are small. */
static bool add_safe_goal(Hoist *h, FactKind kind, Size size) {
    Guard guard = {h, h->facts, SMALL, true};
    if (!is_tame(size))
        return false;
    size_variables(size, guard_variable, &guard);
    return guard.possible && add_goal(h, kind, size);
}

/* size >= 0 in every round. */
static bool hoist_ge(Hoist *h, Facts *facts, Size size) {
    Atom *inside_out[HIDDEN_MAX];
    Size *conditions;
    int count;
    for (int i = 0; i < h->hidden_count; i++)
        inside_out[i] = h->hidden[h->hidden_count - 1 - i];
    if (prove_ge(facts, size, size_const(0)) == PROVED)
        return true;
    if (!project_condition(h->function->module->arena, facts, size, inside_out, h->hidden_count, &conditions, &count))
        return false;
    for (int i = 0; i < count; i++)
        if (!add_safe_goal(h, FACT_GE, conditions[i]))
            return false;
    return true;
}

static bool mentions_hidden(const Hoist *h, Size size) {
    for (int i = 0; i < h->hidden_count; i++)
        if (size_mentions(size, h->hidden[i]))
            return true;
    return false;
}

static int degree_of(Size size) {
    const SizeTerm *terms;
    int degree = 1, count = size_terms(size, &terms);
    for (int i = 0; i < count; i++)
        degree = terms[i].atom_count > degree ? terms[i].atom_count : degree;
    return degree;
}

/* The ends of the loops around, of which the variables are made. */
static void guard_ranges(const Hoist *h, const Node *check, Guard *guard) {
    for (const Node *outer = check->region->parent; outer && guard->possible; outer = outer->region->parent) {
        if (outer->kind == NODE_FOR) {
            size_variables(outer->as.loop.lo, guard_variable, guard);
            size_variables(outer->as.loop.hi, guard_variable, guard);
            for (int i = 0; i < outer->as.loop.init.count; i++)
                if (outer->as.loop.init.data[i]->dtype == DTYPE_I64)
                    size_variables(value_size(outer->as.loop.init.data[i]), guard_variable, guard);
        }
        if (outer == h->nest)
            return;
    }
}

/* An int of `degree` factors fits where each of them has few enough bits. */
static bool hoist_fits(Hoist *h, Facts *facts, const Node *check) {
    int64_t lo, hi;
    int degree = degree_of(check->as.check.size);
    Guard guard = {h, facts, INT64_C(1) << 56 / degree, true};
    guard_ranges(h, check, &guard);
    if (guard.possible)
        size_variables(check->as.check.size, guard_variable, &guard);
    if (!guard.possible)
        return false;
    prove_bounds(guard.facts, check->as.check.size, &lo, &hi);
    return lo > -(INT64_C(1) << 62) && hi < INT64_C(1) << 62;
}

static bool hoist_check(Hoist *h, Facts *facts, const Node *check) {
    Size size = check->as.check.size;
    switch (check->as.check.kind) {
    case CHECK_GE: return hoist_ge(h, facts, size);
    case CHECK_EQ: return !mentions_hidden(h, size) && add_safe_goal(h, FACT_EQ, size);
    case CHECK_NE: return mentions_hidden(h, size) ? hoist_ge(h, facts, size_sub(size, size_const(1)))
                                                   : add_safe_goal(h, FACT_NE, size);
    case CHECK_INDEX:
        return hoist_ge(h, facts, size) &&
               hoist_ge(h, facts, size_sub(size_sub(check->as.check.bound, size), size_const(1)));
    case CHECK_FITS: return hoist_fits(h, facts, check);
    case CHECK_TRUE: return false;
    }
    return false;
}

/* ---- the nest ------------------------------------------------------------------------------ */

static bool is_hoistable(const Region *region, int *nodes, int *checks) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        *checks += node->kind == NODE_CHECK;
        if (++*nodes > NODES_MAX)
            return false;
        switch (node->kind) {
        case NODE_CONST: case NODE_STRING: case NODE_SIZE: case NODE_LET: case NODE_LOAD: case NODE_STORE:
        case NODE_FOR: case NODE_IF: case NODE_REDUCE: case NODE_CHECK: case NODE_VIEW: case NODE_EXIT:
            break;
        case NODE_WHILE: case NODE_VERSION: case NODE_ALLOC: case NODE_RETAIN: case NODE_RELEASE: case NODE_CALL:
        case NODE_RUNTIME: case NODE_CELL_GET: case NODE_CELL_SET:
            return false;
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!is_hoistable(regions[i], nodes, checks))
                return false;
    }
    return true;
}

static bool hide(Hoist *h, Value *value) {
    if (value->kind != VALUE_SCALAR || value->dtype != DTYPE_I64)
        return true;
    if (h->hidden_count == HIDDEN_MAX)
        return false;
    if (!size_as_atom(value_size(value)))
        return true;
    h->hidden[h->hidden_count++] = size_as_atom(value_size(value));
    return true;
}

/* Goes through the checks with the facts of the loops alone. */
static bool ask(Hoist *h, Region *region, Facts *facts) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        int outer = h->hidden_count, goals = h->goal_count;
        if (node->kind == NODE_CHECK && h->hoisted_count < CHECKS_MAX && hoist_check(h, facts, node)) {
            h->hoisted[h->hoisted_count++] = node;
        } else if (node->kind == NODE_CHECK) {
            h->goal_count = goals;
            h->kept_count++;
        }
        bool possible = true;
        if (node->kind == NODE_FOR) {
            possible = hide(h, node->as.loop.iv);
            for (int i = 0; i < node->as.loop.heads.count; i++)
                possible &= hide(h, node->as.loop.heads.data[i]);
        }
        if (node->kind == NODE_REDUCE)
            possible = hide(h, node->as.reduce.iv);
        for (int i = 0, count = node_regions(node, regions); i < count && possible; i++)
            possible = ask(h, regions[i], facts_inside(facts, node, regions[i]));
        h->hidden_count = outer;
        if (!possible)
            return false;
    }
    return true;
}

static bool is_hoisted(const Hoist *h, const Node *check) {
    for (int i = 0; i < h->hoisted_count; i++)
        if (h->hoisted[i] == check)
            return true;
    return false;
}

/* Checks of the copy, in the order of the original's: those that were hoisted go. */
static void drop_checks(const Hoist *h, const Region *original, Region *copy) {
    Node *b = copy->first;
    for (const Node *a = original->first; a; a = a->next) {
        Region *regions[2], *copies[2];
        Node *next = b->next;
        int count = node_regions(a, regions);
        node_regions(b, copies);
        for (int i = 0; i < count; i++)
            drop_checks(h, regions[i], copies[i]);
        if (a->kind == NODE_CHECK && is_hoisted(h, a))
            node_remove(b);
        b = next;
    }
}

static void note_hoisted(Hoist *h) {
    Module *module = h->function->module;
    for (int i = 0; i < h->hoisted_count; i++)
        for (int j = 0; j < module->notes.count; j++) {
            CheckNote *note = &module->notes.data[j];
            if (note->span.start == h->hoisted[i]->span.start && note->span.file == h->hoisted[i]->span.file &&
                !note->proved && h->hoisted[i]->as.check.what && !strcmp(note->what, h->hoisted[i]->as.check.what))
                note->before_loop = true;
        }
}

static void select_version(Hoist *h) {
    Node *nest = h->nest;
    Builder b = {h->function, nest->region, nest, nest->span};
    Node *version = build_version(&b, h->goals, h->goal_count, &nest->results, "checks of all rounds hold");
    Region *body = nest->region->function->body;
    Region *fast = version->as.version.fast, *plain = version->as.version.plain;
    for (int i = 0; i < nest->results.count; i++)
        region_replace(body, nest->results.data[i], version->results.data[i]);
    CloneMap map = {.function = h->function, .relabel = true};
    Node *copy = clone_node(&map, nest, fast, NULL);
    drop_checks(h, nest->as.loop.body, copy->as.loop.body);
    node_move(nest, plain, NULL);
    build_yield(fast, &copy->results);
    build_yield(plain, &nest->results);
    checks_drop_proved(fast, facts_inside(h->facts, version, fast));
    function_log(h->function, "loop %s: its %d checks are asked for all rounds before it, in %d conditions",
                 nest->as.loop.label, h->hoisted_count, h->goal_count);
}

/* They hold whatever the run brings. */
static void drop_hoisted(Hoist *h) {
    for (int i = 0; i < h->hoisted_count; i++)
        node_remove(h->hoisted[i]);
}

/* All of its checks, or none: what keeps one is not scheduled anyway. */
static bool try_nest(Node *nest, Facts *facts) {
    Hoist h = {.function = nest->region->function, .nest = nest, .facts = facts};
    int nodes = 0, checks = 0;
    if (!is_hoistable(nest->as.loop.body, &nodes, &checks) || !checks || !hide(&h, nest->as.loop.iv))
        return false;
    for (int i = 0; i < nest->as.loop.heads.count; i++)
        if (nest->as.loop.heads.data[i]->kind != VALUE_SCALAR || !hide(&h, nest->as.loop.heads.data[i]))
            return false;
    if (!ask(&h, nest->as.loop.body, facts_inside(facts, nest, nest->as.loop.body)) || h.kept_count)
        return false;
    note_hoisted(&h);
    if (h.goal_count)
        select_version(&h);
    else
        drop_hoisted(&h);
    return true;
}

/* ---- indices that are the same in all rounds ------------------------------------------------ */

/* What the check is about is computed from data by this load, in the loop's body itself. */
static bool is_checked(const Node *loop, Value *value) {
    const Atom *atom = size_as_atom(value_size(value));
    for (const Node *node = loop->as.loop.body->first; node && atom; node = node->next)
        if (node->kind == NODE_CHECK && node->as.check.size && size_mentions(node->as.check.size, atom))
            return true;
    return false;
}

/* The same element in all rounds, there also where no round is. */
static bool can_be_lifted(const Node *load, Node *loop, Facts *facts) {
    Value *array = load->as.load.array;
    if (sizes_change_in(loop, load->as.load.index, array->rank) || node_may_write(loop, value_root(array)) ||
        (array->node && region_contains(loop->as.loop.body, array->node->region)))
        return false;
    return load_is_inside(load, facts);
}

/* for j: k = p[i]; check index k of n; ... a[k, j]   ->   k = p[i];  for j: check index k of n; ...: the check then is one
 * of values that are known before the loop. */
static void lift_indices(Node *loop, Facts *facts) {
    for (Node *node = loop->as.loop.body->first, *next; node; node = next) {
        next = node->next;
        if (node->kind == NODE_LOAD && node->results.data[0]->dtype == DTYPE_I64 &&
            is_checked(loop, node->results.data[0]) && can_be_lifted(node, loop, facts))
            node_move(node, loop->region, loop);
    }
}

static void visit(Region *region, Facts *facts) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        if (node->kind == NODE_FOR)
            lift_indices(node, facts);
        bool moved = node->kind == NODE_FOR && try_nest(node, facts);
        for (int i = 0, count = node_regions(node, regions); i < count && !moved; i++)
            visit(regions[i], facts_inside(facts, node, regions[i]));
        if (node->region == region)
            facts = facts_after(facts, node);
    }
}

void pass_hoist(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next)
        if (!strstr(function->name, ".general"))
            visit(function->body, function->facts);
}
