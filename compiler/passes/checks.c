/* checks.c: removes checks that the facts prove, the counting from the end of indices that are not
 * negative, and from indices each min and max of which one argument always decides; tests of ints that
 * always give the same become constants. What is decided is noted for `mnp check --verdicts`. */
#include "analysis/analysis.h"
#include "passes/passes.h"

static const char *proof_words(Arena *arena, const Proof *proof) {
    const char *words = "";
    for (int i = 0; i < proof->count; i++) {
        words = arena_printf(arena, "%s%s%s", words, i ? ", " : "from ", proof->used[i]->why);
        if (proof->used[i]->span.file)
            words = arena_printf(arena, "%s (%s)", words, source_line(proof->used[i]->span));
    }
    return words;
}

/* What the prover can be asked of a check. */
static int check_goals(const Node *node, Goal *goals) {
    Size size = node->as.check.size, bound = node->as.check.bound;
    switch (node->as.check.kind) {
    case CHECK_GE: goals[0] = (Goal){FACT_GE, size}; return 1;
    case CHECK_EQ: goals[0] = (Goal){FACT_EQ, size}; return 1;
    case CHECK_NE: goals[0] = (Goal){FACT_NE, size}; return 1;
    case CHECK_INDEX:
        goals[0] = (Goal){FACT_GE, size_sub(size_sub(bound, size), size_const(1))};
        goals[1] = (Goal){FACT_GE, size_add(size, bound)};
        return 2;
    case CHECK_FITS: case CHECK_TRUE: return 0;
    }
    return 0;
}

static void note(Module *module, const Node *node, Facts *facts, bool proved, const char *words) {
    if (!node->as.check.what || node->as.check.kind == CHECK_FITS)
        return;
    CheckNote entry = {.span = node->span, .what = node->as.check.what, .proved = proved, .facts = words, .known = facts};
    if (!proved)
        entry.goal_count = check_goals(node, entry.goals);
    VEC_PUSH(module->arena, module->notes, entry);
}

static void join_proofs(Proof *all) {
    const Proof *last = prove_last();
    for (int i = 0; i < last->count; i++) {
        int j = 0;
        while (j < all->count && all->used[j] != last->used[i])
            j++;
        if (j == all->count && j < 16)
            all->used[all->count++] = last->used[i];
    }
}

/* size >= least, also by cases. */
static bool at_least(Facts *facts, const Node *node, Size size, Size least) {
    return proved_in_cases(node->region->function, facts, size, least) || prove_at_corners(facts, size_sub(size, least));
}

static bool proved(Facts *facts, const Node *node, Proof *proof) {
    Size zero = size_const(0), size = node->as.check.size;
    int64_t lo, hi;
    Range range;
    bool holds = false;
    switch (node->as.check.kind) {
    case CHECK_GE: holds = at_least(facts, node, size, zero); break;
    case CHECK_EQ: holds = prove_eq(facts, size, zero) == PROVED; break;
    case CHECK_NE: holds = prove_ne(facts, size, zero) == PROVED; break;
    case CHECK_INDEX:
        holds = at_least(facts, node, node->as.check.bound, size_add(size, size_const(1)));
        join_proofs(proof);
        holds = holds && (at_least(facts, node, size, zero) ||
                          at_least(facts, node, size, size_neg(node->as.check.bound)));
        break;
    case CHECK_FITS:
        if (size_range(size, &range) && range.least > -(INT64_C(1) << 62) && range.most < INT64_C(1) << 62)
            return true;
        prove_bounds(facts, size, &lo, &hi);
        return (lo > -(INT64_C(1) << 62) && hi < INT64_C(1) << 62) || corner_bounds(facts, size, &lo, &hi);
    case CHECK_TRUE: return always_holds(node->as.check.cond);
    }
    join_proofs(proof);
    return holds;
}

/* An index that is not negative needs no counting from the end. */
static void unwrap(Node *node, Facts *facts, CloneMap *renamed) {
    Value *index = node->as.let.operands[0];
    if (!at_least(facts, node, value_size(index), size_const(0)))
        return;
    clone_map_value(renamed, node->results.data[0], index);
    node_remove(node);
}

static bool compares_ints(const Value *test) {
    const Node *node = test->node;
    return node && node->kind == NODE_LET && !test->is_head && op_info(node->as.let.op)->rule == RULE_COMPARE &&
           node->as.let.operands[0]->dtype == DTYPE_I64;
}

/* A side that is never entered. */
static void decide(Node *branch, Facts *facts) {
    if (!compares_ints(branch->as.branch.test))
        return;
    bool never_then = facts_contradict(facts_inside(facts, branch, branch->as.branch.then), facts);
    if (!never_then && !facts_contradict(facts_inside(facts, branch, branch->as.branch.otherwise), facts))
        return;
    Builder b = {branch->region->function, branch->region, branch, branch->span};
    branch->as.branch.test = build_bool(&b, !never_then);
}

static Size deciding_argument(Atom *atom, void *facts) {
    return prove_extreme(facts, atom);
}

static void simplify_index(Size *index, int rank, Facts *facts) {
    for (int axis = 0; axis < rank; axis++)
        index[axis] = size_map(index[axis], deciding_argument, (void *)facts);
}

static void visit(Region *region, Facts *facts, bool noted, CloneMap *renamed) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        next = node->next;
        node_rename(renamed, node);
        if (node->kind == NODE_CHECK) {
            Proof proof = {.count = 0};
            bool holds = proved(facts, node, &proof);
            Module *module = region->function->module;
            if (noted)
                note(module, node, facts, holds, holds ? proof_words(module->arena, &proof) : "");
            if (holds) {
                node_remove(node);
                continue;
            }
        }
        if (node->kind == NODE_IF)
            decide(node, facts);
        if (node->kind == NODE_LOAD)
            simplify_index(node->as.load.index, node->as.load.array->rank, facts);
        if (node->kind == NODE_STORE)
            simplify_index(node->as.store.index, node->as.store.array->rank, facts);
        if (node->kind == NODE_LET && node->as.let.op == OP_WRAP) {
            unwrap(node, facts, renamed);
            continue;
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(regions[i], facts_inside(facts, node, regions[i]), noted, renamed);
        facts = facts_after(facts, node);
    }
    region_rename_end(renamed, region);
}

void checks_drop_proved(Region *region, Facts *facts) {
    CloneMap renamed = {.function = region->function};
    visit(region, facts, false, &renamed);
}

void pass_checks(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next) {
        CloneMap renamed = {.function = function};
        visit(function->body, function->facts, true, &renamed);
    }
}
